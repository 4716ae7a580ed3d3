"""
Areas that hang together: pieces cut off are given to neighbours, and towns without flows taken in.

Assumes that neighbours already counted while the areas were drawn, so that pieces are few: they
come about where a group loses the town that joined its halves.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from comarca.commuting.areas.engine.grouping import NOBODY, Grouping, Places, move
from comarca.commuting.areas.engine.steps import REPAIRED, Steps, note
from comarca.commuting.areas.engine.validity import link_strength, validity
from comarca.model.contiguity import Contiguity

_POINT_KM = 1e-6  # neighbours that touch in a point count, after every border that has a length


def reconnect(grouping: Grouping, steps: Steps, adjacent: sparse.csr_array) -> Places:
    """
    Give pieces that are cut off to neighbouring groups, until nothing more can be given.

    A piece that is an area by itself becomes one. Any other goes to the bordering group it is most
    strongly linked with among those that accept it: neither they nor the group it leaves may stop
    being an area, or be less of one than before. Each change leaves fewer pieces, so this ends.

    Parameters
    ----------
    grouping, steps
        As in the main loop; changed in place.
    adjacent
        Neighbours, shape ``(n_towns, n_towns)``, symmetric.

    Returns
    -------
    ndarray
        Towns still cut off from the rest of their group.
    """
    mender = _Mender(grouping, steps, adjacent)
    while any(mender.mend(piece) for piece in mender.pieces()):
        pass
    return np.concatenate([np.empty(0, dtype=np.int64), *(p.towns for p in mender.pieces())])


class _Piece(NamedTuple):
    towns: Places
    group: int


class _Sums(NamedTuple):
    inside: float
    residents: float
    jobs: float


class _Mender:
    def __init__(self, grouping: Grouping, steps: Steps, adjacent: sparse.csr_array) -> None:
        self.grouping, self.steps = grouping, steps
        self.near = adjacent.tocoo()
        self.adjacent = adjacent
        n_towns = len(grouping.groups)
        self.persons = sparse.csr_array(
            (grouping.leaving.persons, grouping.leaving.town, grouping.leaving.start),
            shape=(n_towns, n_towns),
        )
        self.arrivals = self.persons.T.tocsr()

    def pieces(self) -> list[_Piece]:
        """Parts of groups without their head (or fixed centre), the least first."""
        group, n_towns = self.grouping.towns["group"], len(self.grouping.groups)
        homes, others = self.near.coords
        inside = (group[homes] == group[others]) & (group[homes] < n_towns)
        ones = np.ones(int(inside.sum()), dtype=np.int8)
        graph = sparse.csr_array((ones, (homes[inside], others[inside])), shape=(n_towns,) * 2)
        _, part = connected_components(graph, directed=False)
        cut_off = (group < n_towns) & (part != self._part_of_head(part)[group])
        found = [
            _Piece(np.flatnonzero(part == number), int(group[np.argmax(part == number)]))
            for number in np.unique(part[cut_off])
        ]
        return sorted(found, key=lambda piece: self._sums(piece.towns).residents)

    def _part_of_head(self, part: NDArray[Any]) -> NDArray[Any]:
        """For each group and the reserve, the part its largest workplace or fixed centre is in."""
        group, n_towns = self.grouping.towns["group"], len(self.grouping.groups)
        is_centre = self.grouping.towns["is_fixed"] & (group == np.arange(n_towns))
        by_size = np.lexsort((np.arange(n_towns), -self.grouping.towns["jobs"], ~is_centre))
        groups, first = np.unique(group[by_size], return_index=True)
        part_of_head = np.full(n_towns + 1, NOBODY, dtype=np.int64)
        part_of_head[groups] = part[by_size[first]]
        return part_of_head

    def mend(self, piece: _Piece) -> bool:
        """Make the piece an area, or give it to one; tell whether that was possible."""
        whole, alone = self._of_group(piece.group), self._sums(piece.towns)
        to_rest, from_rest = self._between(piece.towns, piece.group)
        rest = _Sums(
            whole.inside - alone.inside - to_rest - from_rest,
            whole.residents - alone.residents,
            whole.jobs - alone.jobs,
        )
        if self._validity(rest) < min(1.0, self._validity(whole)):
            return False
        if self._validity(alone) >= 1:
            self._move(piece, self._free_group(piece), np.nan)
            return True
        for link, group in sorted(self._bordering(piece, alone), reverse=True):
            after = self._joined(alone, group, piece.towns)
            if self._validity(after) >= min(1.0, self._validity(self._of_group(group))):
                self._move(piece, group, link)
                return True
        return False

    def _bordering(self, piece: _Piece, alone: _Sums) -> list[tuple[float, int]]:
        """Groups next to the piece that it may join, with their links."""
        group, region = self.grouping.towns["group"], self.grouping.towns["region"]
        near = np.unique(group[self.adjacent[piece.towns, :].indices])
        own = region[piece.towns[0]]
        found = []
        for other in near[near < len(self.grouping.groups)]:
            if other == piece.group or region[other] != own:
                continue
            theirs = self._of_group(other)
            to_group, from_group = self._between(piece.towns, other)
            if to_group + from_group >= self.grouping.min_flow:
                link = link_strength(
                    to_group, from_group, alone.residents, alone.jobs, theirs.residents, theirs.jobs
                )
                found.append((float(link), int(other)))
        return found

    def _joined(self, alone: _Sums, group: int, towns: Places) -> _Sums:
        theirs = self._of_group(group)
        to_group, from_group = self._between(towns, group)
        return _Sums(
            theirs.inside + alone.inside + to_group + from_group,
            theirs.residents + alone.residents,
            theirs.jobs + alone.jobs,
        )

    def _sums(self, towns: Places) -> _Sums:
        return _Sums(
            float(self.persons[towns, :][:, towns].sum()),
            float(self.grouping.towns["residents"][towns].sum()),
            float(self.grouping.towns["jobs"][towns].sum()),
        )

    def _of_group(self, group: int) -> _Sums:
        sums = self.grouping.groups[group]
        return _Sums(sums["inside"], sums["residents"], sums["jobs"])

    def _between(self, towns: Places, group: int) -> tuple[float, float]:
        """Persons from the towns to the other towns of a group, and back."""
        others = self.grouping.towns["group"] == group
        others[towns] = False
        mates = np.flatnonzero(others)
        return (
            float(self.persons[towns, :][:, mates].sum()),
            float(self.arrivals[towns, :][:, mates].sum()),
        )

    def _validity(self, sums: _Sums) -> float:
        return validity(sums.inside, sums.residents, sums.jobs, self.grouping.rule)

    def _free_group(self, piece: _Piece) -> int:
        """An empty group of the piece's own region; its own towns' first."""
        region = self.grouping.towns["region"]
        is_free = (self.grouping.groups["size"] == 0) & (region == region[piece.towns[0]])
        own = piece.towns[is_free[piece.towns]]
        return int(own[0] if own.size else np.argmax(is_free))

    def _move(self, piece: _Piece, group: int, link: float) -> None:
        low = self.grouping.groups["validity"][piece.group]
        for town in piece.towns:
            note(self.steps, REPAIRED, 0, town, piece.group, low, group, link)
            move(self.grouping, town, group)


def take_in_neighbours(area: Places, persons: sparse.csr_array, contiguity: Contiguity) -> Places:
    """
    Let towns without an area join the one they border on.

    Where there are several, the one with which most persons travel, both ways together; else the
    one with the longest border, or most of the town's neighbours where lengths are unknown; else
    the first. All towns of one ring decide at once, then those behind them.

    Parameters
    ----------
    area
        Area of each town from 0, -1 for none; changed in place.
    persons
        Commuters of all towns, persons, shape ``(n_towns, n_towns)``.
    contiguity
        Neighbours of all towns, in the same order.

    Returns
    -------
    ndarray
        Positions of the towns taken in.
    """
    arrivals = persons.T.tocsr()
    near = contiguity.adjacent.astype(np.float64)
    if contiguity.border_km is not None:
        near = contiguity.border_km + _POINT_KM * near
    waiting = np.flatnonzero(area == NOBODY)
    taken: list[int] = []
    while True:
        choice = {
            int(town): found
            for town in waiting
            if (found := _bordering_area(int(town), area, persons, arrivals, near)) >= 0
        }
        if not choice:
            return np.array(taken, dtype=np.int64)
        for town, found in choice.items():
            area[town] = found
        taken += choice
        waiting = np.flatnonzero(area == NOBODY)


def _bordering_area(
    town: int,
    area: Places,
    persons: sparse.csr_array,
    arrivals: sparse.csr_array,
    near: sparse.csr_array,
) -> int:
    neighbours, length = _row(near, town)
    is_placed = area[neighbours] >= 0
    if not is_placed.any():
        return NOBODY
    border = np.bincount(area[neighbours[is_placed]], length[is_placed])
    travellers = np.zeros(len(border))
    for matrix in (persons, arrivals):
        others, count = _row(matrix, town)
        known = (area[others] >= 0) & (area[others] < len(travellers))
        np.add.at(travellers, area[others[known]], count[known])
    candidates = np.flatnonzero(border)
    order = np.lexsort((candidates, -border[candidates], -travellers[candidates]))
    return int(candidates[order[0]])


def _row(matrix: sparse.csr_array, row: int) -> tuple[NDArray[Any], NDArray[Any]]:
    start, stop = matrix.indptr[row], matrix.indptr[row + 1]
    return matrix.indices[start:stop], matrix.data[start:stop]
