"""
Filling trucks that drive anyway.

With workshops and trips fixed, freight costs the same however full the trucks are. The programme
then chooses workers once more: what is on board of every trip must fit at every point, and no
workshop may change its number of visits. The workers it had are one of its choices, so the plan is
never worth less.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from comarca.freight.master import Master
from comarca.freight.problem import FreightProblem
from comarca.freight.rounds import Rounds, Visit
from comarca.freight.routing_bound import RoutingBound
from comarca.freight.search import Choice


def fill_trucks(
    problem: FreightProblem,
    bounds: Sequence[RoutingBound | None],
    workers: Mapping[int, int],
    rounds: Sequence[Rounds],
    solve: Callable[[Master], Choice],
) -> tuple[dict[int, int], tuple[Rounds, ...]]:
    """
    Choose the workers that are worth most on given trips.

    Parameters
    ----------
    problem, bounds
        As for the choice of workshops.
    workers, rounds
        By option, and the rounds that serve them.
    solve
        Solves the programme.

    Returns
    -------
    tuple
        Workers by option, and the same trips with their goods; unchanged when nothing better was
        found.
    """
    option_at = {int(problem.options.facility[at]): at for at in workers}
    master = Master(problem, bounds, markup=np.zeros(len(problem.bases)))
    master.is_closed[:] = True
    master.is_closed[list(workers)] = False
    master.workshops_stand(sorted(workers))
    for each in rounds:
        for day in each.days:
            for trip in day.trips:
                options = [option_at[visit.facility] for visit in trip]
                master.trip_holds_its_goods(options, day.vehicle)
    more = solve(master).workers
    if more is None or set(more) != set(workers):
        return dict(workers), tuple(rounds)
    return more, tuple(_with_goods(problem, each, option_at, more) for each in rounds)


def _with_goods(
    problem: FreightProblem,
    rounds: Rounds,
    option_at: Mapping[int, int],
    workers: Mapping[int, int],
) -> Rounds:
    """The same trips with the goods of these workers."""
    visits = {
        facility: Visit(facility, problem.demand(at, workers[at]).loads)
        for facility, at in option_at.items()
    }
    days = tuple(
        replace(
            day, trips=tuple(tuple(visits[visit.facility] for visit in trip) for trip in day.trips)
        )
        for day in rounds.days
    )
    return Rounds(rounds.base, days, rounds.left_out)
