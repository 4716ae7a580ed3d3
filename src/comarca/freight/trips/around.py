"""
Trips that a better plan with the same bases and trucks may need.

Once it is settled which bases are open and how many trucks each has, the relaxation over trips
(``programme.py``) pays no part of a base or of a truck, so it comes much closer to a plan. A trip
that loses more, by its prices, than it exceeds the plan has no part in a better plan with these
bases and trucks; those that lose less are listed, and so are whole patterns of the processes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from comarca.freight.master import Master
from comarca.freight.patterns.programme import Pattern
from comarca.freight.problem import FreightProblem
from comarca.freight.rounds import Rounds
from comarca.freight.routing_bound import RoutingBound
from comarca.freight.trips.generation import Generation
from comarca.freight.trips.pricing import PricedTrip

Trucks = Mapping[tuple[int, int], float]


@dataclass(frozen=True, kw_only=True, eq=False)
class Around:
    """
    What a better plan with the same bases and trucks may need.

    Parameters
    ----------
    trips, gains
        And what each would gain, currency a year, 0 or less, shape ``(n_trips,)``.
    patterns
        Of the processes; ``None`` = any.
    """

    trips: tuple[PricedTrip, ...]
    gains: NDArray[np.float64]
    patterns: tuple[Pattern, ...] | None


def trucks_of(problem: FreightProblem, rounds: Sequence[Rounds]) -> Trucks:
    """Trucks on a day by base and type, mean over days."""
    trucks: dict[tuple[int, int], float] = defaultdict(float)
    for each in rounds:
        kinds = [truck.vehicle_id for truck in problem.fleet(each.base)]
        for day in each.days:
            trucks[each.base, kinds.index(day.vehicle.vehicle_id)] += 1 / day.every_days
    return dict(trucks)


def trips_around(
    problem: FreightProblem,
    bounds: Sequence[RoutingBound | None],
    trucks: Trucks,
    value: float,
    *,
    most_searches: int,
    most_trips: int,
    most_patterns: int | None,
    is_out_of_time: Callable[[], bool],
    threads: int,
) -> Around:
    """
    Find trips for the bases and trucks of a plan.

    Parameters
    ----------
    problem, bounds
        What is planned for, and the bounds on the rounds of each base.
    trucks
        Of :func:`trucks_of`; bases without any stay closed.
    value
        Of the plan, currency a year.
    most_searches, most_trips, is_out_of_time
        When finding trips ends, and how many of each type of truck are listed at the end.
    most_patterns
        How many of each process are listed; ``None`` = any may be had.
    threads
        Cores that search for trips.

    Returns
    -------
    Around
        Those that lose least.
    """
    master = Master(problem, bounds)
    master.bases_are(sorted({base for base, _ in trucks}))
    has_patterns = most_patterns is not None
    generation = Generation(master, trucks=trucks, threads=threads, has_patterns=has_patterns)
    generation.run(most_searches=most_searches, is_out_of_time=is_out_of_time)
    found = generation.near(value, most_trips=most_trips, is_out_of_time=is_out_of_time)
    of_processes, patterns = generation.programme.patterns, None
    if of_processes is not None and most_patterns is not None:
        loss = max(found.answer.objective - value, 0.0) / generation.programme.money
        patterns = of_processes.near(loss, most_patterns)
    return Around(trips=found.trips, gains=found.answer.gains, patterns=patterns)
