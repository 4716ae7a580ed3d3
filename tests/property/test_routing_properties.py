"""Laws of routing over generated worlds."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comarca.freight.routing import RoutingStop, check_routing, solve_routing
from routing_worlds import problem, truck

FEW = RoutingStop(iterations=400)


@st.composite
def worlds(draw, most_customers=12):
    """Depots with and without limits, two types of truck, loads both ways, prizes, trips."""
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n_depots = draw(st.integers(1, 3))
    n = draw(st.integers(1, most_customers))
    delivery = random.integers(0, 5, (n, 2)).astype(float)
    ways = np.ceil(random.uniform(1, 30, (n_depots + n, n_depots + n)))
    np.fill_diagonal(ways, 0)
    return problem(
        np.zeros((n_depots + n, 2)),
        n_depots,
        delivery=delivery,
        pickup=random.integers(0, 5, (n, 2)).astype(float),
        distance=ways,
        time=ways / 2,
        service_time=np.full(n, 1.0),
        loading_time=np.full(n_depots, 2.0),
        opening_cost=random.integers(0, 40, n_depots).astype(float),
        depot_capacity=delivery.sum(axis=0) * random.uniform(0.6, 2.0, (n_depots, 1)),
        prize=random.uniform(0, 60, (n, n_depots)),
        required=random.random(n) < draw(st.sampled_from([0.0, 0.3])),
        vehicles=(
            replace(truck("van", fixed_cost=4, shift=60, max_trips=3), capacity=(5.0, 9.0)),
            replace(truck("lorry", fixed_cost=9, shift=90), capacity=(9.0, 12.0)),
        ),
    )


@given(worlds())
@settings(max_examples=25)
def test_what_is_found_keeps_every_rule_and_costs_no_less_than_the_bound(world):
    result = solve_routing(world, FEW)

    if result.plan is None:
        assert result.cause
    else:
        check = check_routing(world, result.plan)
        assert check.violations == ()
        assert result.cost == pytest.approx(check.cost)
        assert result.bound <= result.cost + 1e-6


@given(worlds(most_customers=8))
@settings(max_examples=10)
def test_the_same_seed_and_steps_give_the_same_plan(world):
    first, second = (solve_routing(world, FEW, seed=3) for _ in range(2))

    assert (first.plan, first.cost, first.bound) == (second.plan, second.cost, second.bound)


@given(worlds(most_customers=8))
@settings(max_examples=10)
def test_renaming_renames_the_plan(world):
    renamed = replace(
        world,
        customer_ids=tuple(f"town {name}" for name in world.customer_ids),
        depot_ids=tuple(f"base {name}" for name in world.depot_ids),
    )

    plain, other = (solve_routing(each, FEW) for each in (world, renamed))

    assert (plain.plan is None) == (other.plan is None)
    if plain.plan is not None:
        assert [f"town {name}" for name in plain.plan.served()] == list(other.plan.served())
        assert plain.cost == other.cost


@given(worlds(most_customers=8))
@settings(max_examples=10)
def test_a_start_is_never_made_worse(world):
    start = solve_routing(world, RoutingStop(iterations=50), with_bound=False)
    if start.plan is not None:
        again = solve_routing(world, RoutingStop(iterations=20), start=start.plan)
        assert again.cost <= start.cost + 1e-9


def test_with_nobody_worth_serving_nothing_opens():
    world = problem(
        [(0, 0), (5, 0), (6, 0)],
        1,
        opening_cost=np.array([7.0]),
        prize=np.ones((2, 1)),
        required=np.zeros(2, dtype=bool),
    )

    result = solve_routing(world, FEW)

    assert (result.cost, result.bound, result.status) == (0, 0, "optimal")
    assert result.plan.days == ()


def test_why_there_is_no_plan_is_told_in_words():
    too_heavy = problem([(0, 0), (1, 0)], 1, delivery=np.array([[5.0]]))
    too_much = problem([(0, 0), (1, 0), (2, 0)], 1, depot_capacity=np.array([[1.0]]))

    heavy, much = (solve_routing(world, FEW) for world in (too_heavy, too_much))

    assert (heavy.status, much.status) == ("infeasible", "infeasible")
    assert "Customer c1 has a load of" in heavy.cause
    assert "All depots together deliver 1; those who must be served need 2" in much.cause


def test_two_threads_search_too_and_repeat_themselves():
    random = np.random.default_rng(5)
    world = problem(
        random.uniform(0, 10, (23, 2)),
        3,
        opening_cost=np.full(3, 5.0),
        vehicles=(truck(capacity=4),),
    )

    first, second = (
        solve_routing(world, RoutingStop(iterations=3_000), threads=2) for _ in range(2)
    )

    assert first.plan == second.plan
    assert not check_routing(world, first.plan).violations
