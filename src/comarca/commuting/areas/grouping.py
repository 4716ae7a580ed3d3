"""
Towns in groups while areas are being drawn: sums kept up to date as one town moves at a time.

All sums are exact, so their order does not matter and ties are ties: counts are whole, and
estimated flows are first rounded to 2⁻²⁰ persons, which doubles add up without error as long as
fewer than 8 thousand million people commute.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from comarca.commuting.areas.params import AreaParams
from comarca.commuting.areas.validity import link_strength, validity

EXACT_PERSONS = 2.0**-20


class Grouping:
    """
    Which town is in which group, with each group's residents, jobs, inner flow and validity.

    Groups ``0 … n_towns - 1`` are seeded by the towns in order; ``reserve`` is the group of those
    set aside; ``lone(town)`` is the group a town of a dissolved group waits in.

    Parameters
    ----------
    persons
        Flows, persons, shape ``(n_towns, n_towns)``; every row and column holds something.
    params
        What counts as an area.
    """

    def __init__(self, persons: sparse.csr_array, params: AreaParams) -> None:
        self.params = params
        self.n_towns = persons.shape[0]
        self.reserve = self.n_towns
        self.persons: sparse.csr_array = persons.astype(np.float64)
        self._columns: sparse.csc_array = self.persons.tocsc()
        self.town_residents = np.asarray(self.persons.sum(axis=1), dtype=np.float64).ravel()
        self.town_jobs = np.asarray(self.persons.sum(axis=0), dtype=np.float64).ravel()
        self.town_inside = np.asarray(self.persons.diagonal(), dtype=np.float64)
        self.group = np.arange(self.n_towns)
        # Groups, then the reserve, then one waiting place for each town.
        self._n_groups = 2 * self.n_towns + 1
        blank = np.zeros(self._n_groups - self.n_towns)
        self.residents = np.concatenate([self.town_residents, blank])
        self.jobs = np.concatenate([self.town_jobs, blank])
        self.inside = np.concatenate([self.town_inside, blank])
        self.size = np.concatenate([np.ones(self.n_towns), blank]).astype(np.int64)
        self.validity = np.full(self._n_groups, np.inf)
        self._from_own_group = self.town_inside.copy()
        for group in range(self.n_towns):
            self._judge(group)

    def lone(self, town: int) -> int:
        """Group in which a town of a dissolved group waits."""
        return self.n_towns + 1 + town

    def members(self, group: int) -> NDArray[np.intp]:
        """Towns of a group, in order."""
        return np.flatnonzero(self.group == group)

    def worst(self, *, with_waiting: bool = False) -> int:
        """Group of least validity; among equals a waiting town, the last first, else the first."""
        if with_waiting:
            waiting = self.validity[self.n_towns + 1 :]
            last = self.n_towns - 1 - int(np.argmin(waiting[::-1]))
            first = int(np.argmin(self.validity[: self.n_towns]))
            return self.lone(last) if waiting[last] <= self.validity[first] else first
        return int(np.argmin(self.validity[: self.n_towns]))

    def most_outward(self, members: NDArray[np.intp]) -> int:
        """Member with the most flows out of the group, the first among equals."""
        inflow = self.town_jobs[members] - self._from_own_group[members]
        ties = inflow + self.town_residents[members] - self.town_inside[members]
        return int(members[np.argmax(ties)])

    def flows_with(self, town: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Persons from a town to every group and back, its own inner flow included."""
        to_town, to_persons = _line(self.persons, town)
        from_town, from_persons = _line(self._columns, town)
        return (
            _sums(self.group[to_town], to_persons, self._n_groups),
            _sums(self.group[from_town], from_persons, self._n_groups),
        )

    def best_destination(self, town: int) -> int | None:
        """Group (not the town's own, not the reserve) with the strongest link, or ``None``."""
        to_group, from_group = self.flows_with(town)
        linked = to_group[: self.n_towns] + from_group[: self.n_towns] > 0
        if self.group[town] < self.n_towns:
            linked[self.group[town]] = False
        candidates = np.flatnonzero(linked)
        if not candidates.size:
            return None
        strength = link_strength(
            to_group[candidates],
            from_group[candidates],
            (self.town_residents[town], self.town_jobs[town]),
            self.residents[candidates],
            self.jobs[candidates],
        )
        best = candidates[strength == strength.max()]
        without_inflow = best[from_group[best] == 0]
        return int((without_inflow if without_inflow.size else best)[-1])

    def validity_with(self, group: int, town: int) -> float:
        """Validity the group would have with this town added."""
        to_group, from_group = self.flows_with(town)
        return validity(
            self.inside[group] + to_group[group] + from_group[group] + self.town_inside[town],
            self.residents[group] + self.town_residents[town],
            self.jobs[group] + self.town_jobs[town],
            self.params,
        )

    def link(self, town: int, group: int) -> float:
        """Strength of a town's link with one group; 0 where nobody travels between them."""
        to_group, from_group = self.flows_with(town)
        return float(
            link_strength(
                to_group[[group]],
                from_group[[group]],
                (self.town_residents[town], self.town_jobs[town]),
                self.residents[[group]],
                self.jobs[[group]],
            )[0]
        )

    def move(self, town: int, group: int) -> None:
        """Put a town into another group."""
        self._shift(town, int(self.group[town]), -1)
        self.group[town] = group
        self._shift(town, group, +1)

    def _shift(self, town: int, group: int, sign: int) -> None:
        """Add a town's share to the sums of a group, or take it away."""
        if group == self.reserve:
            return
        to_town, to_persons = _line(self.persons, town)
        from_town, from_persons = _line(self._columns, town)
        to_mate = (self.group[to_town] == group) & (to_town != town)
        from_mate = (self.group[from_town] == group) & (from_town != town)
        outward = to_persons[to_mate].sum()
        inward = from_persons[from_mate].sum()
        self._from_own_group[to_town[to_mate]] += sign * to_persons[to_mate]
        self._from_own_group[town] = self.town_inside[town] + (inward if sign > 0 else 0.0)
        self.inside[group] += sign * (outward + inward + self.town_inside[town])
        self.residents[group] += sign * self.town_residents[town]
        self.jobs[group] += sign * self.town_jobs[town]
        self.size[group] += sign
        self._judge(group)

    def _judge(self, group: int) -> None:
        self.validity[group] = (
            validity(
                float(self.inside[group]),
                float(self.residents[group]),
                float(self.jobs[group]),
                self.params,
            )
            if self.size[group]
            else np.inf
        )


def _line(
    matrix: sparse.csr_array | sparse.csc_array, town: int
) -> tuple[NDArray[Any], NDArray[np.float64]]:
    start, stop = matrix.indptr[town], matrix.indptr[town + 1]
    return matrix.indices[start:stop], matrix.data[start:stop]


def _sums(
    groups: NDArray[np.intp], persons: NDArray[np.float64], n_groups: int
) -> NDArray[np.float64]:
    return np.asarray(np.bincount(groups, persons, n_groups), dtype=np.float64)
