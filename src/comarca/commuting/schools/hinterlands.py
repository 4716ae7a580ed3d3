"""
Steps of functional urban areas: cores that become one, towns that join them, and their neighbours.

Towns are positions here. A town's core, or area, is a number from 0; below 0 it has none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from comarca.commuting.schools.drawing import NONE, Numbers, largest_workplaces
from comarca.model.matrices import FlowMatrix


@dataclass(frozen=True, kw_only=True)
class CoreLink:
    """
    Why two cores became one.

    Parameters
    ----------
    round
        Round of joining, from 1.
    core, towards
        Names of the two. Cores joined in an earlier round bear the name of the city that holds
        their largest workplace.
    share
        Share of the employed residents of ``core`` who work in ``towards``, in [0, 1].
    """

    round: int
    core: str
    towards: str
    share: float


def joined_cores(
    cities: Mapping[str, Numbers], flows: FlowMatrix, threshold: float
) -> tuple[Numbers, tuple[CoreLink, ...]]:
    """
    Join cores until none sends another the threshold share of its employed residents.

    Parameters
    ----------
    cities
        Positions of each city's towns by its name; no town in two.
    flows
        Commuters, persons.
    threshold
        Least share.

    Returns
    -------
    core_of, links
        Core of each town, numbered in the order of their heads; and every pair that joined.
    """
    city_of = np.full(len(flows.town_ids), NONE)
    for number, members in enumerate(cities.values()):
        city_of[members] = number
    names = list(cities)
    core_of, round_number = city_of.copy(), 0
    links: list[CoreLink] = []
    while True:
        heads = largest_workplaces(flows, core_of)
        share = _shares_between(core_of, flows)
        linked = sparse.csr_array(np.where(share >= threshold, share, 0.0))
        if not linked.nnz:
            return _numbered_by_head(core_of, heads), tuple(links)
        round_number += 1
        called = [names[city_of[head]] for head in heads]
        pairs = linked.tocoo()
        links += [
            CoreLink(round=round_number, core=called[i], towards=called[j], share=float(value))
            for i, j, value in zip(pairs.row, pairs.col, pairs.data, strict=True)
        ]
        _, joint = connected_components(linked, directed=False)
        core_of = np.where(core_of == NONE, NONE, joint[core_of])


def _shares_between(core_of: Numbers, flows: FlowMatrix) -> NDArray[np.float64]:
    """Share of each core's employed residents who work in each other core; 0 on the diagonal."""
    inside = _indicator(core_of)
    persons = (inside.T @ flows.persons @ inside).toarray().astype(np.float64)
    residents = inside.T @ flows.workers
    share = np.divide(
        persons, residents[:, None], out=np.zeros_like(persons), where=residents[:, None] > 0
    )
    np.fill_diagonal(share, 0.0)
    return np.asarray(share, dtype=np.float64)


def _indicator(core_of: Numbers) -> sparse.csr_array:
    """Towns by cores, 1 where a town is in a core."""
    towns = np.flatnonzero(core_of != NONE)
    shape = (len(core_of), int(core_of.max(initial=NONE)) + 1)
    return sparse.csr_array((np.ones(len(towns)), (towns, core_of[towns])), shape=shape)


def _numbered_by_head(core_of: Numbers, heads: Numbers) -> Numbers:
    """Number cores in the order of their head towns."""
    rank = np.empty(len(heads), dtype=np.int64)
    rank[np.argsort(heads)] = np.arange(len(heads))
    return np.where(core_of == NONE, NONE, rank[core_of])


def commuting_zones(core_of: Numbers, flows: FlowMatrix, threshold: float) -> Numbers:
    """
    Give each town outside a core the core that most of its employed residents work in.

    Parameters
    ----------
    core_of
        Core of each town.
    flows
        Commuters, persons.
    threshold
        Least share of the employed residents.

    Returns
    -------
    ndarray of int
        Area of each town, numbered as its core; the first number among equals.
    """
    sent = sparse.coo_array(flows.persons @ _indicator(core_of))
    share = sent.data / flows.workers[sent.row]
    strong = np.flatnonzero((share >= threshold) & (core_of[sent.row] == NONE))
    # The last of a town's candidates stays: the largest share, and the lowest number among equals.
    strong = strong[np.lexsort((-sent.col[strong], share[strong]))]
    area_of = core_of.copy()
    area_of[sent.row[strong]] = sent.col[strong]
    return area_of


def without_exclaves(area_of: Numbers, core_of: Numbers, adjacent: sparse.csr_array) -> Numbers:
    """Areas without the towns that do not hang together with any town of their core."""
    pairs = adjacent.tocoo()
    same = (area_of[pairs.row] == area_of[pairs.col]) & (area_of[pairs.row] != NONE)
    within = sparse.csr_array(
        (np.ones(int(same.sum())), (pairs.row[same], pairs.col[same])), shape=adjacent.shape
    )
    _, piece = connected_components(within, directed=False)
    has_core = np.zeros(piece.max(initial=NONE) + 1, dtype=np.bool_)
    has_core[piece[core_of != NONE]] = True
    return np.where(has_core[piece], area_of, NONE)


def with_enclaves(area_of: Numbers, adjacent: sparse.csr_array) -> Numbers:
    """Areas with the towns in none whose neighbours, one at least, are all in the same area."""
    pairs = adjacent.tocoo()
    n_towns = len(area_of)
    least, most = np.full(n_towns, n_towns), np.full(n_towns, NONE - 1)
    np.minimum.at(least, pairs.row, area_of[pairs.col])
    np.maximum.at(most, pairs.row, area_of[pairs.col])
    is_enclave = (area_of == NONE) & (least == most) & (least != NONE)
    return np.where(is_enclave, least, area_of)
