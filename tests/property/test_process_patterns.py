"""Whole patterns of processes, against every pattern there is."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comarca.freight.building import freight_problem
from comarca.freight.master import Master
from comarca.freight.patterns.knapsack import (
    Knapsack,
    most_at_each_premises,
    most_before_and_after,
    pattern_at,
    patterns_within,
)
from comarca.freight.patterns.programme import Pattern, patterns_of
from comarca.freight.routing_bound import routing_bounds
from comarca.freight.trips.around import trips_around
from comarca.freight.trips.generation import Generation
from freight_problems import problems
from freight_world import FACILITIES, best_by_brute_force, world


@st.composite
def knapsacks(draw):
    """Up to three premises with up to two options each."""
    counts = draw(st.lists(st.integers(1, 2), min_size=1, max_size=3))
    n, limit = sum(counts), draw(st.integers(0, 6))
    least = np.array(draw(st.lists(st.integers(1, 4), min_size=n, max_size=n)))
    more = np.array(draw(st.lists(st.integers(0, 3), min_size=n, max_size=n)))
    worth = st.lists(st.integers(-8, 8).map(float), min_size=n, max_size=n)
    return Knapsack(
        first=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        least=least.astype(np.int64),
        most=np.minimum(least + more, limit).astype(np.int64),
        fixed=np.array(draw(worth)),
        each=np.array(draw(worth)),
        limit=limit,
    )


@settings(max_examples=200)
@given(knapsacks())
def test_the_best_pattern_is_the_best_of_all(knapsack):
    every = _every(knapsack)
    before, after = most_before_and_after(knapsack)
    best = max(_worth(knapsack, each) for each in every)

    assert before[-1, -1] == pytest.approx(best)
    assert after[0, -1] == pytest.approx(best)


@settings(max_examples=200)
@given(knapsacks())
def test_the_best_pattern_with_each_premises_is_the_best_of_those_with_it(knapsack):
    before, after = most_before_and_after(knapsack)
    value, option, workers, room = most_at_each_premises(knapsack, before, after)
    for i, most in enumerate(value):
        mine = range(knapsack.first[i], knapsack.first[i + 1])
        with_it = [each for each in _every(knapsack) if any(at in mine for at, _ in each)]
        if not with_it:
            assert most == -np.inf
            continue
        chosen, numbers = pattern_at(knapsack, i, option[i], workers[i], room[i], before, after)
        told = tuple(zip(chosen.tolist(), numbers.tolist(), strict=True))

        assert most == pytest.approx(max(_worth(knapsack, each) for each in with_it))
        assert told in with_it
        assert _worth(knapsack, told) == pytest.approx(most)


@settings(max_examples=200)
@given(knapsacks(), st.integers(-10, 20))
def test_patterns_within_a_loss_are_all_and_no_others(knapsack, worth):
    before, _ = most_before_and_after(knapsack)
    wanted = {each for each in _every(knapsack) if _worth(knapsack, each) >= worth}
    found = patterns_within(knapsack, before, worth, len(wanted))

    assert found is not None
    assert len(found) == len(wanted)
    assert set(found) == wanted
    if wanted:
        assert patterns_within(knapsack, before, worth, len(wanted) - 1) is None


@settings(max_examples=15)
@given(problems())
def test_whole_patterns_never_raise_the_relaxation(problem):
    if not len(problem.options):
        return
    master = Master(problem, routing_bounds(problem))
    told = [
        Generation(master, has_patterns=has_patterns)
        .run(most_searches=200, is_out_of_time=lambda: False)
        .answer.objective
        for has_patterns in (False, True)
    ]

    assert told[1] <= told[0] + 1e-4 * abs(told[0]) + 1e-6


@pytest.mark.parametrize("facilities", [FACILITIES, FACILITIES[:2]])
def test_the_relaxation_over_patterns_stays_above_the_best_plan(facilities):
    region = world(facilities=facilities)
    problem = freight_problem(*region.inputs)
    generation = Generation(Master(problem, routing_bounds(problem)), has_patterns=True)
    found = generation.run(most_searches=200, is_out_of_time=lambda: False)

    assert found.answer.objective >= best_by_brute_force(region) * (1 - 1e-6)


def test_where_a_plan_is_worth_little_no_pattern_is_left_out():
    problem = freight_problem(*world().inputs)
    smallest = {0: int(problem.options.least[0])}
    around = trips_around(
        problem,
        routing_bounds(problem),
        {(0, 0): 1.0},
        -1e9,
        most_searches=50,
        most_trips=100,
        most_patterns=10_000,
        is_out_of_time=lambda: False,
        threads=1,
    )

    assert patterns_of(problem, smallest) == [
        Pattern(int(problem.options.process[0]), tuple(smallest.items()))
    ]
    assert set(patterns_of(problem, smallest)) <= set(around.patterns)


def _every(knapsack):
    """All patterns, options in order."""
    premises = []
    for begin, end in zip(knapsack.first, knapsack.first[1:], strict=False):
        options = [
            (at, n)
            for at in range(begin, end)
            for n in range(knapsack.least[at], knapsack.most[at] + 1)
        ]
        premises.append([None, *options])
    chosen = (tuple(each for each in row if each is not None) for row in product(*premises))
    return [each for each in chosen if sum(n for _, n in each) <= knapsack.limit]


def _worth(knapsack, pattern):
    return sum(knapsack.fixed[at] + knapsack.each[at] * n for at, n in pattern)
