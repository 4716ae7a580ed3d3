"""
Choosing anew, where premises are few, for the bases and trucks of the best plan so far.

All trips that a better plan with them may need (``trips/around.py``) and those chosen among before
go into one programme over all premises, so the next plan may still have other trucks.

Trips are first taken as they were found, for so many workers at each stop, then with all that still
fits on them. Which of the two ends better differs; the second begins where the first ended. Where
options are very few the second chooses among whole patterns of processes (``patterns/``): the
relaxation is then so tight that the programme is mostly solved to the end.
"""

from __future__ import annotations

from collections.abc import Callable

from comarca.freight.selecting import Selecting
from comarca.freight.serving import Candidate, Serving
from comarca.freight.trips.around import Trucks, trips_around, trucks_of

HARDLY = 1e-5  # share of a plan's value by which the next is hardly better


def chosen_anew(
    selecting: Selecting,
    serving: Serving,
    best: Candidate,
    bound: float,
    tell: Callable[[Candidate], None],
) -> Candidate:
    """
    Choose anew until hardly any more is gained or the trucks stay, as often as parameters say.

    Parameters
    ----------
    selecting, serving
        Choose workshops with their trips, and make plans of them.
    best, bound
        The plan to start from, and what no plan exceeds, currency a year.
    tell
        Told the best plan after each choice.

    Returns
    -------
    Candidate
        Never worse; the same where it has no workshop.
    """
    for is_filled in (False, True):
        best = _chosen(selecting, serving, best, bound, tell, is_filled=is_filled)
    return best


def _chosen(
    selecting: Selecting,
    serving: Serving,
    best: Candidate,
    bound: float,
    tell: Callable[[Candidate], None],
    *,
    is_filled: bool,
) -> Candidate:
    """With trips as they were found, or with all that fits on them, and patterns."""
    params, stopping = selecting.params, selecting.stopping
    n_options = len(selecting.problem.options)
    has_patterns = is_filled and n_options <= params.pattern_options
    tried: list[Trucks] = []
    for number in range(params.anew):
        is_near = stopping.is_near_enough(best.value, bound)
        if not best.workers or is_near or stopping.is_out_of_time():
            break
        trucks = trucks_of(selecting.problem, best.rounds)
        if trucks in tried:
            break
        tried.append(trucks)
        around = trips_around(
            selecting.problem,
            serving.bounds,
            trucks,
            best.value,
            most_searches=params.trip_searches,
            most_trips=selecting.most,
            most_patterns=params.patterns if has_patterns else None,
            is_out_of_time=stopping.is_out_of_time,
            threads=params.threads,
        )
        seed = params.seed + number
        found = selecting.choose_among(around, seed, best.workers, best.rounds, is_filled=is_filled)
        if found is None:
            break
        candidate = serving.candidate(*found, number)
        is_better = candidate.value > best.value * (1 + HARDLY)
        best = max(best, candidate, key=lambda each: each.value)
        tell(best)
        if not is_better:
            break
    return best
