"""What prices of trips prove of rounds, against the cheapest rounds there are."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comarca.freight.exact_rounds import TooManyVisits, exact_rounds
from comarca.freight.master import Master
from comarca.freight.routing_bound import routing_bounds
from comarca.freight.search import relax
from comarca.freight.trips.generation import Generation
from comarca.freight.trips.shifts import best_pattern
from freight_problems import problems


@settings(max_examples=40)
@given(problems(), st.integers(0, 6), st.integers(0, 2**31))
def test_no_rounds_cost_less_than_the_prices_of_trips_say(problem, searches, seed):
    """Whatever is chosen, and however early the search for trips ends."""
    if not len(problem.options):
        return
    generation = Generation(Master(problem, routing_bounds(problem)))
    found = generation.run(most_searches=searches, is_out_of_time=lambda: False)
    random = np.random.default_rng(seed)
    for _ in range(12):
        chosen = _choice(problem, random)
        for bound in found.bounds:
            mine = [(at, n) for at, n in chosen if _base(problem, at) == bound.base]
            demands = {int(problem.options.facility[at]): problem.demand(at, n) for at, n in mine}
            try:
                cost, _ = exact_rounds(problem, bound.base, demands)
            except TooManyVisits:
                continue
            claimed = sum(bound.visit[at] + bound.worker[at] * n for at, n in mine)

            assert claimed - bound.constant <= cost + 1e-6 * (1 + abs(claimed))


@settings(max_examples=15)
@given(problems())
def test_prices_of_all_trips_tell_as_much_as_the_trips(problem):
    """By duality the choice with the prices is worth what it is with the trips."""
    if not len(problem.options):
        return
    bounds = routing_bounds(problem)
    found = Generation(Master(problem, bounds)).run(most_searches=200, is_out_of_time=lambda: False)
    told = relax(Master(problem, bounds, trip_bounds=found.bounds)).bound

    assert told >= found.answer.objective - 1e-6 * abs(told) - 1e-6
    if len(found.bounds) == len(problem.bases):
        assert told == pytest.approx(found.answer.objective, rel=1e-3, abs=1)


@settings(max_examples=50)
@given(st.lists(st.floats(0, 10), min_size=2, max_size=12))
def test_best_pattern_is_the_best_of_all(steps):
    """Against every way to fill a shift."""
    prices = np.concatenate([[0.0], np.cumsum(steps)])
    pattern, worth = best_pattern(prices)

    assert sum(taken * count for taken, count in pattern.items()) <= len(steps)
    assert worth == pytest.approx(sum(prices[taken] * n for taken, n in pattern.items()))
    assert worth == pytest.approx(_best_filling(prices, len(steps)))


def _best_filling(prices, room):
    longest = min(room, len(prices) - 1)
    ways = (
        prices[taken] + _best_filling(prices[: taken + 1], room - taken)
        for taken in range(1, longest + 1)
    )
    return max(ways, default=0.0)


def _choice(problem, random):
    """At each premises nothing, or one option with some workers."""
    chosen = []
    for place in np.unique(problem.options.facility):
        at = random.choice(np.flatnonzero(problem.options.facility == place))
        if random.random() < 0.75:
            most = int(problem.options.most[at])
            least = int(problem.options.least[at])
            chosen.append((int(at), int(random.integers(least, most, endpoint=True))))
    return chosen


def _base(problem, option):
    return int(problem.base_of_process[problem.options.process[option]])
