"""
From groups of numbers to areas of towns: heads, names, statuses and quality figures.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from comarca.commuting.areas.contiguous import take_in_neighbours
from comarca.commuting.areas.engine.grouping import NOBODY, Places
from comarca.commuting.areas.engine.steps import ASSIGNED
from comarca.commuting.areas.engine.validity import Rule, validity
from comarca.commuting.areas.preparation import exact
from comarca.commuting.areas.quality import area_quality, figures_of
from comarca.model.contiguity import Contiguity
from comarca.model.matrices import FlowMatrix
from comarca.model.partition import Area, Partition


def numbered(group: Places, n_towns: int) -> Places:
    """Groups of towns as they are numbered outside the loops: -1 for the reserve; a copy."""
    return np.where(group < n_towns, group, NOBODY)


def partition_of(
    flows: FlowMatrix,
    kept: NDArray[np.intp],
    group: Places,
    steps: Any,
    rule: Rule,
    *,
    names: Mapping[str, str] | None,
    contiguity: Contiguity | None,
) -> Partition:
    """
    Areas of all towns.

    Parameters
    ----------
    flows
        Commuters of all towns.
    kept, group
        Positions of the towns that took part, and the group of each, -1 for none.
    steps
        Records of what was done, for the statuses.
    rule
        For the validity of areas.
    names
        Names of towns.
    contiguity
        Neighbours of all towns, when towns without flows are to join them.
    """
    n_towns = len(flows.town_ids)
    groups, place = np.unique(group, return_inverse=True)
    if groups.size and groups[0] == NOBODY:
        place -= 1
    area = np.full(n_towns, NOBODY, dtype=np.int64)
    area[kept] = place
    status = np.full(n_towns, "no-flow", dtype=object)
    status[kept] = np.where(place == NOBODY, "unassigned", "member")
    status[kept[steps["town"][steps["kind"] == ASSIGNED]]] = "reserve-assigned"
    heads = _heads(flows, kept, place)
    status[heads] = "core"
    if contiguity is not None:
        near = contiguity.subset(flows.town_ids)
        status[take_in_neighbours(area, flows, near)] = "neighbour-assigned"
    return _partition(flows, area, status, heads, _figures(flows, kept, area, rule), names or {})


def _heads(flows: FlowMatrix, kept: NDArray[np.intp], place: Places) -> NDArray[np.intp]:
    """Position of the town with most jobs in each area, the first among equals."""
    by_size = np.lexsort((np.arange(len(kept)), -flows.jobs[kept]))
    by_size = by_size[place[by_size] != NOBODY]
    _, first = np.unique(place[by_size], return_index=True)
    heads: NDArray[np.intp] = kept[by_size[first]]
    return heads


def _figures(
    flows: FlowMatrix, kept: NDArray[np.intp], area: Places, rule: Rule
) -> dict[str, NDArray[np.float64]]:
    """Quality of the areas by the flows of the towns that took part or were taken in."""
    counts = area != NOBODY
    counts[kept] = True
    persons = exact(flows.persons)
    if not counts.all():
        places = np.flatnonzero(counts)
        persons, area = persons[places, :][:, places], area[places]
    quality = area_quality(persons, area)
    inside, residents, jobs = (quality[name] for name in ("inside", "residents", "jobs"))
    quality["validity"] = np.array(
        [validity(s, r, j, rule) for s, r, j in zip(inside, residents, jobs, strict=True)]
    )
    return quality


def _partition(
    flows: FlowMatrix,
    area: Places,
    status: NDArray[np.object_],
    heads: NDArray[np.intp],
    figures: Mapping[str, NDArray[np.float64]],
    names: Mapping[str, str],
) -> Partition:
    ids = flows.town_ids
    head_ids = [ids[head] for head in heads]
    return Partition(
        origin="commuting",
        area_of={
            town: None if number == NOBODY else head_ids[number]
            for town, number in zip(ids, area.tolist(), strict=True)
        },
        status_of=dict(zip(ids, status.tolist(), strict=True)),
        areas=tuple(
            Area(
                area_id=head,
                name=names.get(head, head),
                head_town_id=head,
                quality=figures_of(figures, number),
            )
            for number, head in enumerate(head_ids)
        ),
    )
