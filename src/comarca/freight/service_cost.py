"""
What serving one more workshop, or one fewer, would change in the rounds.

Estimates that steer the search; nothing is proven from them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from comarca.freight.problem import FreightProblem, Vehicle
from comarca.freight.rounds import Rounds, TruckDay, Visit, limits
from comarca.freight.routing_bound import RoutingBound
from comarca.units import MIN_PER_H

Floats = NDArray[np.float64]


def service_costs(
    problem: FreightProblem,
    bounds: Sequence[RoutingBound | None],
    rounds: Sequence[Rounds],
    workers: Mapping[int, int],
) -> Floats:
    """
    Cost of serving each option, currency a day, shape ``(n_options,)``.

    A workshop that is served costs what its visits add to their trips. One that is not costs its
    cheapest insertion into a trip with room, or a trip of its own, and no less than its share of a
    full truck.
    """
    options = problem.options
    cost = np.zeros(len(options))
    base_of = problem.base_of_process[options.process]
    town_of = problem.town_of_facility[options.facility]
    by_base = {each.base: each for each in rounds}
    for base, bound in enumerate(bounds):
        if bound is None:
            continue
        mine = np.flatnonzero(base_of == base)
        days = by_base[base].days if base in by_base else ()
        least = np.array([problem.processes[p].loads for p in options.process[mine]])
        share = (bound.spread.radial[town_of[mine]] * least).max(axis=1) * options.most[mine]
        new = _insertions(problem, base, days)[town_of[mine]]
        cost[mine] = np.maximum(new, share + bound.spread.stop)
        saved = _savings(problem, base, days)
        served = {int(options.facility[at]) for at in workers if base_of[at] == base}
        for at in mine:
            facility = int(options.facility[at])
            if facility in served and facility in saved:
                cost[at] = saved[facility]
    return cost


def _savings(problem: FreightProblem, base: int, days: Sequence[TruckDay]) -> dict[int, float]:
    """What leaving out each facility would save."""
    saved: dict[int, float] = {}
    home = problem.bases[base].town
    for day in days:
        served = {visit.facility for trip in day.trips for visit in trip}
        for trip in day.trips:
            places = [home, *(_town(problem, visit) for visit in trip), home]
            for number, visit in enumerate(trip, start=1):
                before, here, after = places[number - 1 : number + 2]
                change = _leg(problem, day.vehicle, before, here)
                change += _leg(problem, day.vehicle, here, after)
                change += problem.stop_min * day.vehicle.cost_per_h / MIN_PER_H
                if len(trip) == 1:
                    change += problem.loading_min * day.vehicle.cost_per_h / MIN_PER_H
                else:
                    change -= _leg(problem, day.vehicle, before, after)
                if len(served) == 1:
                    change += day.vehicle.fixed_per_day / len(day.trips)
                saved[visit.facility] = saved.get(visit.facility, 0.0) + max(float(change), 0.0)
    return saved


def _insertions(problem: FreightProblem, base: int, days: Sequence[TruckDay]) -> Floats:
    """Cheapest way to add one stop in each town, shape ``(n_towns,)``; with a truck if need be."""
    home = problem.bases[base].town
    towns = np.arange(len(problem.towns))
    best = np.full(len(towns), np.inf)
    for truck in problem.fleet(base):
        rate = truck.cost_per_h / MIN_PER_H + truck.fixed_per_day / truck.shift_min
        minutes = problem.time_min[home] + problem.time_min[:, home]
        km = problem.distance_km[home] + problem.distance_km[:, home]
        spent = minutes + problem.loading_min + problem.stop_min
        alone = np.where(spent <= truck.shift_min, rate * spent + km * truck.cost_per_km, np.inf)
        best = np.minimum(best, alone)
    for day, slack_min in ((day, _slack_min(problem, base, day)) for day in days):
        for before, after in _legs_with_room(problem, home, day):
            extra = problem.time_min[before] + problem.time_min[:, after]
            extra = extra - problem.time_min[before, after] + problem.stop_min
            cost = _leg(problem, day.vehicle, before, towns) + _leg(
                problem, day.vehicle, towns, after
            )
            cost = cost - _leg(problem, day.vehicle, before, after)
            cost = cost + problem.stop_min * day.vehicle.cost_per_h / MIN_PER_H
            best = np.minimum(best, np.where(extra <= slack_min, np.maximum(cost, 0.0), np.inf))
    return best


def _legs_with_room(problem: FreightProblem, home: int, day: TruckDay) -> Iterator[tuple[int, int]]:
    """Legs of the trips that are not full."""
    for trip in day.trips:
        loads = np.array([visit.loads for visit in trip])
        if (loads.sum(axis=0) + loads.min(axis=0) <= limits(day.vehicle)).all():
            places = [home, *(_town(problem, visit) for visit in trip), home]
            yield from pairwise(places)


def _slack_min(problem: FreightProblem, base: int, day: TruckDay) -> float:
    """Minutes of the shift that are left."""
    home = problem.bases[base].town
    used = 0.0
    for trip in day.trips:
        places = [home, *(_town(problem, visit) for visit in trip), home]
        drive = sum(problem.time_min[leg] for leg in pairwise(places))
        used += problem.loading_min + float(drive) + len(trip) * problem.stop_min
    return day.vehicle.shift_min - used


def _town(problem: FreightProblem, visit: Visit) -> int:
    return problem.facilities[visit.facility].town


def _leg(
    problem: FreightProblem,
    truck: Vehicle,
    origin: int | NDArray[np.intp],
    destination: int | NDArray[np.intp],
) -> Floats:
    minutes = problem.time_min[origin, destination]
    km = problem.distance_km[origin, destination]
    return np.asarray(minutes * truck.cost_per_h / MIN_PER_H + km * truck.cost_per_km)
