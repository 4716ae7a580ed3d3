"""
What stays the same when areas are drawn again and again: the towns in order, and what binds them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from comarca.commuting.areas.engine.grouping import Places
from comarca.commuting.areas.preparation import exact, in_id_order
from comarca.model.contiguity import Contiguity
from comarca.model.matrices import FlowMatrix


class Frame(NamedTuple):
    """
    Towns in the order in which the rule takes them, and what binds them.

    Parameters
    ----------
    order
        Position of each in the flows it was made for, shape ``(n_towns,)``.
    contiguity
        Neighbours within one region, ``None`` where they do not count.
    region
        Label of each town as a number, shape ``(n_towns,)``; areas keep within one.
    is_fixed
        Whether a town is a centre whose area is kept, shape ``(n_towns,)``.
    """

    order: NDArray[np.intp]
    contiguity: Contiguity | None
    region: Places
    is_fixed: NDArray[np.bool_]


def frame_of(
    flows: FlowMatrix,
    *,
    contiguity: Contiguity | None = None,
    centres: Collection[str] = (),
    borders: Mapping[str, str] | None = None,
) -> Frame:
    """
    Look up what stays the same; takes and raises what :func:`comarca.delineate_areas` does.

    Parameters
    ----------
    flows
        Whose towns are taken.
    contiguity, centres, borders
        Neighbours, kept towns and labels, by town.
    """
    order = in_id_order(flows.town_ids)
    region = _labels(flows, borders or {})[order]
    near = None
    if contiguity is not None:
        near = _within(region, contiguity.subset([flows.town_ids[place] for place in order]))
    return Frame(
        order=order,
        contiguity=near,
        region=region,
        is_fixed=_marked(flows, centres)[order],
    )


def _within(region: Places, contiguity: Contiguity) -> Contiguity:
    """Only those neighbours that may share an area, so that nobody joins across a border."""
    homes, others = contiguity.adjacent.tocoo().coords
    is_inside = region[homes] == region[others]
    if is_inside.all():
        return contiguity
    adjacent = sparse.csr_array(
        (np.ones(int(is_inside.sum()), dtype=bool), (homes[is_inside], others[is_inside])),
        shape=contiguity.adjacent.shape,
    )
    border_km = contiguity.border_km
    return replace(
        contiguity,
        adjacent=adjacent,
        border_km=None if border_km is None else border_km.multiply(adjacent).tocsr(),
    )


def persons_in(frame: Frame, flows: FlowMatrix) -> sparse.csr_array:
    """Flows of all towns in the order of the frame, their sums exact; float64."""
    persons = flows.persons
    if not (frame.order == np.arange(len(frame.order))).all():
        persons = persons[frame.order, :][:, frame.order]
    return exact(persons)


def _labels(flows: FlowMatrix, borders: Mapping[str, str]) -> Places:
    """Labels as numbers; 0 for towns without one."""
    flows.positions(borders)
    number = {label: place for place, label in enumerate(sorted(set(borders.values())), start=1)}
    return np.array(
        [number[borders[town]] if town in borders else 0 for town in flows.town_ids], dtype=np.int64
    )


def _marked(flows: FlowMatrix, town_ids: Collection[str]) -> NDArray[np.bool_]:
    is_marked = np.zeros(len(flows.town_ids), dtype=np.bool_)
    is_marked[flows.positions(town_ids)] = True
    return is_marked
