"""Trips of one base put together to trucks' days, the longest first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from comarca.freight.problem import ROUNDING, FreightProblem, Vehicle
from comarca.freight.rounds import Rounds, TruckDay, Visit, on_working_days
from comarca.freight.trips.fitting import fitted
from comarca.freight.trips.pricing import PricedTrip
from comarca.freight.working_days import WorkingDays


def packed(
    problem: FreightProblem, base: int, trips: Sequence[PricedTrip], workers: Mapping[int, int]
) -> Rounds | None:
    """
    Give trips to trucks: each to the fullest day that has room, else to a new truck.

    Where that takes more trucks than there are, other ways are tried.

    Parameters
    ----------
    problem, base
        Where trucks start.
    trips
        Each as often as it is driven; the stops of one have the same days between visits.
    workers
        By option: whose goods are carried.

    Returns
    -------
    Rounds or None
        ``None`` where the trucks do not suffice, or a workshop would be closed.
    """
    fleet = problem.fleet(base)
    waits = sorted({_wait(problem, trip) for trip in trips})
    calendar = WorkingDays(waits)
    days: list[TruckDay] = []
    for wait in waits:
        for kind, truck in enumerate(fleet):
            mine = [t for t in trips if t.kind == kind and _wait(problem, t) == wait]
            shared = _shared_out(truck, mine)
            most = calendar.places(truck.vehicle_id, truck.number, wait)
            if len(shared) > most:
                at_most = fitted([trip.minutes for trip in mine], int(most), truck.shift_min)
                if at_most is None:
                    return None
                shared = [[mine[at] for at in day] for day in at_most]
            made = [_day(problem, truck, day, workers) for day in shared]
            days += on_working_days(made, wait, calendar)
    if any(_comes_too_late(problem, base, day) for day in days):
        return None
    return Rounds(base, tuple(days), frozenset())


def _wait(problem: FreightProblem, trip: PricedTrip) -> int:
    return int(problem.options.every_days[trip.options[0]])


def _shared_out(truck: Vehicle, trips: Sequence[PricedTrip]) -> list[list[PricedTrip]]:
    """By truck, none longer than the shift."""
    days: list[list[PricedTrip]] = []
    left: list[float] = []
    for trip in sorted(trips, key=lambda trip: -trip.minutes):
        able = [at for at, room in enumerate(left) if room >= trip.minutes]
        if able:
            at = min(able, key=lambda at: left[at])
            days[at].append(trip)
            left[at] -= trip.minutes
        else:
            days.append([trip])
            left.append(truck.shift_min - trip.minutes)
    return days


def _day(
    problem: FreightProblem,
    truck: Vehicle,
    trips: Sequence[PricedTrip],
    workers: Mapping[int, int],
) -> TruckDay:
    return TruckDay(
        truck,
        tuple(
            tuple(
                Visit(
                    int(problem.options.facility[option]),
                    problem.demand(option, workers[option]).loads,
                )
                for option in trip.options
            )
            for trip in trips
        ),
    )


def _comes_too_late(problem: FreightProblem, base: int, day: TruckDay) -> bool:
    """Whether a truck would still stand at a workshop that closes."""
    if not problem.may_find_closed(base):
        return False
    home = problem.bases[base].town
    first = problem.facilities[day.trips[0][0].facility].town
    clock = problem.starts_at(base, first)
    for trip in day.trips:
        here, clock = home, clock + problem.loading_min
        for visit in trip:
            town = problem.facilities[visit.facility].town
            clock += float(problem.time_min[here, town]) + problem.stop_min
            if clock > problem.close_min:
                return True
            here = town
        clock += float(problem.time_min[here, home])
    return False


def does_fit(rounds: Sequence[Rounds]) -> bool:
    """Whether no truck is overloaded at any point of its trips, by weight or by volume."""
    return all(
        _is_light_enough(day.vehicle, trip)
        for each in rounds
        for day in each.days
        for trip in day.trips
    )


def _is_light_enough(truck: Vehicle, trip: Sequence[Visit]) -> bool:
    loads = np.array([visit.loads for visit in trip])
    is_done = np.arange(len(trip)) < np.arange(len(trip) + 1)[:, None]
    on_board = np.where(is_done[:, :, None], loads[:, [1, 3]], loads[:, [0, 2]]).sum(axis=1)
    return bool((on_board <= truck.limits[[0, 2]] * (1 + ROUNDING)).all())
