"""
The cheapest rounds of a few workshops, by dynamic programming.

Trips first: for every set of workshops and every type of truck the orders in which the loads fit,
by Held and Karp's recursion over the set already visited (what is on board depends on that set
alone). Then days: which trips one truck makes within its shift. Then the fleet: which trucks
together make all visits. Of trips and days every one is kept that is cheaper or quicker than the
others, since a dearer one may be what fits the shift. A trip never visits a workshop twice: one
that needs several visits has more than ``(m - 1) / m`` of the best truck in each.

References
----------
.. [1] Held, M. and Karp, R. M. (1962). A dynamic programming approach to sequencing problems.
       Journal of the Society for Industrial and Applied Mathematics 10(1), 196-210.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import inf, prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from comarca.freight.problem import ROUNDING, FreightProblem, Vehicle, visits_needed
from comarca.freight.rounds import Rounds, TruckDay, Visit
from comarca.units import MIN_PER_H

MOST_WORKSHOPS, MOST_STATES = 6, 200
HAIR = 1e-9
State = tuple[int, ...]
"""Visits already made, by workshop."""
Trip = tuple[int, ...]
"""Workshops in the order of a trip."""


@dataclass(frozen=True)
class _Label:
    """A way to do something: what it costs, how long it takes, and what it consists of."""

    cost: float
    minutes: float
    trips: tuple[Trip, ...]


Covered = dict[State, tuple[float, tuple[TruckDay, ...]]]


class TooManyVisits(Exception):  # noqa: N818 # not a fault: the caller goes another way
    """More workshops or visits than can be tried one by one."""


def exact_rounds(
    problem: FreightProblem, base: int, loads: Mapping[int, NDArray[np.float64]]
) -> tuple[float, Rounds]:
    """
    Find the cheapest rounds of a base that serve some workshops.

    Parameters
    ----------
    problem, base
        Where trucks start.
    loads
        By facility: delivered t, collected t, delivered m3, collected m3 a day.

    Returns
    -------
    tuple[float, Rounds]
        Cost, currency a day, infinite when the fleet cannot do it; and the rounds.

    Raises
    ------
    TooManyVisits
        When there are too many to try.
    """
    return _Exact(problem, base, loads).done()


class _Exact:
    """The work of :func:`exact_rounds`."""

    def __init__(
        self, problem: FreightProblem, base: int, loads: Mapping[int, NDArray[np.float64]]
    ) -> None:
        self.problem, self.base = problem, base
        self.facilities = sorted(loads)
        self.towns = [problem.facilities[at].town for at in self.facilities]
        shares = [
            problem.share_of_a_truck(base, town, loads[at])
            for at, town in zip(self.facilities, self.towns, strict=True)
        ]
        self.visits = tuple(visits_needed(share) for share in shares)
        n_states = prod(count + 1 for count in self.visits)
        if len(self.visits) > MOST_WORKSHOPS or n_states > MOST_STATES:
            raise TooManyVisits
        self.loads = [
            loads[at] / count for at, count in zip(self.facilities, self.visits, strict=True)
        ]
        # In lexicographic order: fewer visits of the same workshops come first.
        self.states = list(product(*(range(count + 1) for count in self.visits)))

    def done(self) -> tuple[float, Rounds]:
        nothing = tuple(0 for _ in self.visits)
        covered: Covered = {nothing: (0.0, ())}
        for truck in self.problem.fleet(self.base):
            self._with_trucks(covered, truck)
        cost, days = covered.get(self.visits, (inf, ()))
        return cost, Rounds(self.base, days, frozenset())

    def _with_trucks(self, covered: Covered, truck: Vehicle) -> None:
        """Let trucks of a type, as many as there are, do more or do it cheaper."""
        days = {
            state: min(labels, key=lambda label: label.cost)
            for state, labels in self._days(truck).items()
            if any(state)
        }
        if truck.number >= sum(self.visits):
            # Fewer visits come first, so every state may be built on trucks of the same type.
            self._with_one_truck(covered, covered, days, truck)
            return
        for _ in range(int(truck.number)):
            self._with_one_truck(dict(covered), covered, days, truck)

    def _with_one_truck(
        self, before: Covered, covered: Covered, days: Mapping[State, _Label], truck: Vehicle
    ) -> None:
        for state in self.states:
            for more, day in days.items():
                rest = _less(state, more)
                if rest is None or rest not in before:
                    continue
                cost, trucks = before[rest]
                total = cost + truck.fixed_per_day + day.cost
                if total < covered.get(state, (inf,))[0] - HAIR:
                    covered[state] = (total, (*trucks, self._truck_day(truck, day)))

    def _truck_day(self, truck: Vehicle, day: _Label) -> TruckDay:
        trips = tuple(tuple(self._visit(at) for at in trip) for trip in day.trips)
        return TruckDay(truck, trips)

    def _visit(self, at: int) -> Visit:
        load = self.loads[at]
        return Visit(
            self.facilities[at], (float(load[0]), float(load[1]), float(load[2]), float(load[3]))
        )

    def _days(self, truck: Vehicle) -> dict[State, list[_Label]]:
        """What one truck can do in its shift, by the visits it makes."""
        trips = self._trips(truck)
        days: dict[State, list[_Label]] = {tuple(0 for _ in self.visits): [_Label(0.0, 0.0, ())]}
        for state in self.states:
            for trip, ways in trips.items():
                rest = _less(state, trip)
                for day in days.get(rest, ()) if rest is not None else ():
                    for way in ways:
                        _keep(days, state, _joined(day, way), truck.shift_min)
        return days

    def _trips(self, truck: Vehicle) -> dict[State, list[_Label]]:
        """Trips of a truck, by the visits they make."""
        trips: dict[State, list[_Label]] = {}
        for state in product((0, 1), repeat=len(self.visits)):
            members = [at for at, is_in in enumerate(state) if is_in]
            if members and self._fits(truck, members, []):
                for way in self._orders(truck, members):
                    _keep(trips, state, way, truck.shift_min)
        return trips

    def _fits(self, truck: Vehicle, members: Sequence[int], visited: Sequence[int]) -> bool:
        """Whether what is on board after some visits of a trip, and at its ends, fits."""
        loads = np.array([self.loads[at] for at in members])
        is_done = np.isin(members, visited)[:, None]
        delivered = np.where(is_done, 0.0, loads[:, [0, 2]]).sum(axis=0)
        collected = np.where(is_done, loads[:, [1, 3]], 0.0).sum(axis=0)
        allowed = truck.limits * (1 + ROUNDING)
        ends = loads.sum(axis=0)
        return bool((delivered + collected <= allowed[[0, 2]]).all() and (ends <= allowed).all())

    def _orders(self, truck: Vehicle, members: Sequence[int]) -> list[_Label]:
        """Ways to make one trip to all members, the cheapest and the quickest."""
        home = self.problem.bases[self.base].town
        loading = self._handled(truck, self.problem.loading_min)
        reached: dict[tuple[frozenset[int], int], list[_Label]] = {}
        for at in members:
            if self._fits(truck, members, [at]):
                way = _joined(loading, self._leg(truck, home, self.towns[at]), (at,))
                reached[frozenset([at]), at] = [way]
        for _ in range(len(members) - 1):
            further: dict[tuple[frozenset[int], int], list[_Label]] = {}
            for (visited, last), ways in reached.items():
                for at in sorted(set(members) - visited):
                    if self._fits(truck, members, [*visited, at]):
                        leg = self._leg(truck, self.towns[last], self.towns[at])
                        for way in ways:
                            grown = _joined(way, leg, (at,))
                            _keep(further, (visited | {at}, at), grown, truck.shift_min)
            reached = further
        stops = self._handled(truck, len(members) * self.problem.stop_min)
        return [
            _joined(_joined(way, self._leg(truck, self.towns[last], home)), stops)
            for (_, last), ways in reached.items()
            for way in ways
        ]

    def _leg(self, truck: Vehicle, origin: int, destination: int) -> _Label:
        drive = self._handled(truck, float(self.problem.time_min[origin, destination]))
        km = float(self.problem.distance_km[origin, destination])
        return _Label(drive.cost + km * truck.cost_per_km, drive.minutes, ())

    def _handled(self, truck: Vehicle, minutes: float) -> _Label:
        return _Label(minutes * truck.cost_per_h / MIN_PER_H, minutes, ())


def _joined(first: _Label, second: _Label, at: Trip = ()) -> _Label:
    """One after the other; ``at`` lengthens the last trip."""
    trips = (*first.trips, *second.trips)
    if at:
        trips = (*trips[:-1], (*trips[-1], *at)) if trips else (at,)
    return _Label(first.cost + second.cost, first.minutes + second.minutes, trips)


def _keep(labels: dict[Any, list[_Label]], key: Any, new: _Label, shift_min: float) -> None:
    """Keep a label that fits the shift unless another is as cheap and as quick."""
    if new.minutes > shift_min + HAIR:
        return
    kept = labels.setdefault(key, [])
    if any(old.cost <= new.cost + HAIR and old.minutes <= new.minutes + HAIR for old in kept):
        return
    kept[:] = [old for old in kept if old.cost < new.cost or old.minutes < new.minutes]
    kept.append(new)


def _less(state: State, other: State) -> State | None:
    """What is left of a state without another; ``None`` where that has more."""
    rest = tuple(a - b for a, b in zip(state, other, strict=True))
    return rest if min(rest) >= 0 else None
