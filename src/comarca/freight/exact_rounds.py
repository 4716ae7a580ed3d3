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

from comarca.freight.problem import ROUNDING, Demand, FreightProblem, Vehicle
from comarca.freight.rounds import Rounds, TruckDay, Visit, on_working_days
from comarca.freight.working_days import WorkingDays
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
    problem: FreightProblem, base: int, demands: Mapping[int, Demand]
) -> tuple[float, Rounds]:
    """
    Find the cheapest rounds of a base that serve some workshops.

    Workshops visited every *k* days have rounds of their own for each *k*. Those are found apart;
    with few trucks they are the cheapest together if the working days can be shared out so that the
    trucks suffice.

    Parameters
    ----------
    problem, base
        Where trucks start.
    demands
        By facility: goods of a visit, and how many visits how often.

    Returns
    -------
    tuple[float, Rounds]
        Cost, currency a working day, mean over days, infinite when the fleet cannot do it; and the
        rounds.

    Raises
    ------
    TooManyVisits
        When there are too many to try, workshops close before a truck's shift may end, or rounds
        of several *k* compete for few trucks.
    """
    if problem.may_find_closed(base):
        raise TooManyVisits
    waits = sorted({demand.every_days for demand in demands.values()})
    calendar = WorkingDays(waits)
    cost = 0.0
    days: list[TruckDay] = []
    for wait in waits:
        mine = {at: demand for at, demand in demands.items() if demand.every_days == wait}
        each, made = _Exact(problem, base, mine).done()
        cost += each / wait
        for day in made.days:
            if not calendar.places(day.vehicle.vehicle_id, day.vehicle.number, wait):
                raise TooManyVisits
            days += on_working_days([day], wait, calendar)
    return cost, Rounds(base, tuple(days), frozenset())


class _Exact:
    """The rounds of the days on which some workshops are visited, all as often as each other."""

    def __init__(self, problem: FreightProblem, base: int, demands: Mapping[int, Demand]) -> None:
        self.problem, self.base = problem, base
        self.facilities = sorted(demands)
        self.towns = [problem.facilities[at].town for at in self.facilities]
        self.visits = tuple(demands[at].visits for at in self.facilities)
        self.every_days = demands[self.facilities[0]].every_days
        n_states = prod(count + 1 for count in self.visits)
        if len(self.visits) > MOST_WORKSHOPS or n_states > MOST_STATES:
            raise TooManyVisits
        self.loads = [np.array(demands[at].loads) for at in self.facilities]
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
        number = truck.number * self.every_days  # one on each first day
        if number >= sum(self.visits):
            # Fewer visits come first, so every state may be built on trucks of the same type.
            self._with_one_truck(covered, covered, days, truck)
            return
        for _ in range(int(number)):
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
        delivered, collected, delivered_m3, collected_m3 = self.loads[at].tolist()
        return Visit(self.facilities[at], (delivered, collected, delivered_m3, collected_m3))

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
