"""Whether the trips of a plan can be driven as they were priced, and packed into shifts."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise, permutations

import numpy as np

from comarca.freight.problem import ROUNDING
from whole_problem.choices import Choices
from whole_problem.programme import Found
from whole_problem.tours import MIN_PER_H, Tours

Driven = tuple[float, float, tuple[int, ...]]
"""Cost, minutes and options in order."""


def true_value(choices: Choices, tours: Sequence[Tours], found: Found) -> float:
    """
    What a plan is worth when its trips are driven in real orders, on as many trucks as it has.

    Returns
    -------
    float
        Currency a year; minus infinity when a trip or the shifts cannot be kept.
    """
    value = found.value
    for at, each in enumerate(tours):
        minutes = []
        for kind, options in found.trips:
            if kind != at:
                continue
            made = cheapest_order(choices, each, options, found.workers)
            if made is None:
                return -np.inf
            value += (_priced(each, options) - made[0]) * choices.days
            minutes.append(made[1])
        if not fit_shifts(minutes, found.trucks[at], each.truck.shift_min):
            return -np.inf
    return value


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


def fit_shifts(minutes: Sequence[float], n_trucks: int, shift_min: float) -> bool:
    """Whether so many trucks can drive trips of these minutes."""
    longest_first = sorted(minutes, reverse=True)

    def place(at: int, left: tuple[float, ...]) -> bool:
        if at == len(longest_first):
            return True
        for room in sorted(set(left)):
            if room + ROUNDING >= longest_first[at]:
                rest = list(left)
                rest.remove(room)
                if place(at + 1, tuple(sorted([*rest, room - longest_first[at]]))):
                    return True
        return False

    return place(0, (shift_min,) * n_trucks)
