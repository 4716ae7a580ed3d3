"""Whether the trips of a plan can be driven as they were priced, and packed into shifts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise, permutations

import numpy as np

from comarca.freight.problem import ROUNDING, Vehicle
from whole_problem.choices import Choices
from whole_problem.programme import Found
from whole_problem.tours import MIN_PER_H, Tours

Driven = tuple[float, float, tuple[int, ...]]
"""Cost, minutes and options in order."""


@dataclass(frozen=True, kw_only=True)
class Day:
    """A truck's day: its type, and the options served on each trip in order."""

    base: int
    truck: Vehicle
    trips: tuple[tuple[int, ...], ...]


def driven(
    choices: Choices, tours: Sequence[Tours], found: Found
) -> tuple[float, tuple[Day, ...]] | None:
    """
    Drive the trips of a plan in real orders, on as many trucks as it has.

    Returns
    -------
    tuple[float, tuple[Day, ...]] or None
        What the plan is worth so, currency a year, and its days; ``None`` when a trip or the
        shifts cannot be kept.
    """
    value, days = found.value, []
    for at, each in enumerate(tours):
        made = []
        for kind, options in found.trips:
            if kind != at:
                continue
            trip = cheapest_order(choices, each, options, found.workers)
            if trip is None:
                return None
            value += (_priced(each, options) - trip[0]) * choices.days
            made.append(trip)
        packed = pack([trip[1] for trip in made], found.trucks[at], each.truck.shift_min)
        if packed is None:
            return None
        days += [
            Day(base=each.base, truck=each.truck, trips=tuple(made[one][2] for one in day))
            for day in packed
            if day
        ]
    return value, tuple(days)


def cheapest_order(
    choices: Choices, tours: Tours, options: Sequence[int], workers: dict[int, int]
) -> Driven | None:
    """The cheapest order of stops in which what is on board fits all the way."""
    problem, truck, best = choices.problem, tours.truck, None
    home = problem.bases[tours.base].town
    for order in permutations(options):
        loads = np.array([choices.loads[o] * workers[o] for o in order])
        on_board = loads[:, [0, 2]].sum(axis=0) + np.cumsum(
            loads[:, [1, 3]] - loads[:, [0, 2]], axis=0
        )
        if (on_board > truck.limits[[0, 2]] * (1 + ROUNDING)).any():
            continue
        places = [home, *(int(choices.town[o]) for o in order), home]
        minutes = problem.loading_min + len(order) * problem.stop_min
        minutes += sum(float(problem.time_min[way]) for way in pairwise(places))
        km = sum(float(problem.distance_km[way]) for way in pairwise(places))
        cost = minutes * truck.cost_per_h / MIN_PER_H + km * truck.cost_per_km
        if minutes <= truck.shift_min + ROUNDING and (best is None or cost < best[0]):
            best = (cost, minutes, order)
    return best


def _priced(tours: Tours, options: Sequence[int]) -> float:
    """What the trip was taken to cost."""
    stops = {int(tours.choices.options.facility[o]) for o in options}
    is_in = np.array([float(at in stops) for at in tours.facilities])
    (row,) = np.flatnonzero((tours.members == is_in).all(axis=1))
    return float(tours.cost[row])


def pack(minutes: Sequence[float], n_trucks: int, shift_min: float) -> list[list[int]] | None:
    """Share trips of these minutes out among so many trucks; ``None`` when they do not fit."""
    longest_first = sorted(range(len(minutes)), key=lambda trip: -minutes[trip])
    days: list[list[int]] = [[] for _ in range(n_trucks)]

    def place(number: int) -> bool:
        if number == len(longest_first):
            return True
        trip, tried = longest_first[number], set()
        for day in days:
            used = sum(minutes[other] for other in day)
            if used in tried or used + minutes[trip] > shift_min + ROUNDING:
                continue
            tried.add(used)
            day.append(trip)
            if place(number + 1):
                return True
            day.pop()
        return False

    return days if place(0) else None
