"""
Trips that a better plan with the same bases and trucks may need.

Once it is settled which bases are open and how many trucks each has, the relaxation over trips
(``programme.py``) pays no part of a base or of a truck, so it comes much closer to a plan. A trip
that loses more, by its prices, than it exceeds the plan has no part in a better plan with these
bases and trucks; those that lose less are listed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from comarca.freight.master import Master
from comarca.freight.problem import FreightProblem
from comarca.freight.rounds import Rounds
from comarca.freight.routing_bound import RoutingBound
from comarca.freight.trips.generation import Generation
from comarca.freight.trips.pricing import PricedTrip

Trucks = Mapping[tuple[int, int], float]


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
    is_out_of_time: Callable[[], bool],
    threads: int,
) -> tuple[tuple[PricedTrip, ...], NDArray[np.float64]]:
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
    threads
        Cores that search for trips.

    Returns
    -------
    tuple
        The trips, and what each would gain, currency a year, 0 or less, shape ``(n_trips,)``.
    """
    master = Master(problem, bounds)
    master.bases_are(sorted({base for base, _ in trucks}))
    generation = Generation(master, trucks=trucks, threads=threads)
    generation.run(most_searches=most_searches, is_out_of_time=is_out_of_time)
    found = generation.near(value, most_trips=most_trips, is_out_of_time=is_out_of_time)
    return found.trips, found.answer.gains
