"""Every way to share out a few customers among a few sites, against location without rounds."""

from itertools import product
from math import inf

import numpy as np
import pytest

from comarca.errors import ParameterError
from comarca.freight.routing import (
    RoutingStop,
    RoutingVehicle,
    check_routing,
    location_tree,
    solve_routing,
)
from comarca.freight.routing.location import location_problem
from routing_worlds import best_cost, problem

STOP = RoutingStop(iterations=200)


def least_cost(opening, capacity, demand, cost):
    """Of every way to give each customer a site."""
    best = inf
    for chosen in product(range(len(opening)), repeat=len(demand)):
        sites = np.array(chosen)
        held = np.bincount(sites, demand, len(opening))
        if (held <= capacity).all():
            rides = cost[sites, np.arange(len(demand))].sum()
            best = min(best, rides + opening[np.unique(sites)].sum())
    return best


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("parts", [1, 1 / 3])
def test_sites_and_towns_cost_what_the_best_of_all_ways_costs(seed, parts):
    """Tight capacities, forbidden rides, and demands whole or not."""
    random = np.random.default_rng(seed)
    demand = random.integers(1, 12, 6) * parts
    capacity = demand.sum() * random.uniform(0.3, 0.6, 4)
    cost = random.uniform(0, 20, (4, 6))
    cost[random.random(cost.shape) < 0.1] = inf
    opening = random.uniform(0, 30, 4)

    result = solve_routing(location_problem(opening, capacity, demand, cost), STOP, seed=seed)

    best = least_cost(opening, capacity, demand, cost)
    assert result.cost == pytest.approx(best)
    assert result.bound == pytest.approx(best, rel=1e-5)
    assert result.status == ("optimal" if best < inf else "infeasible")


@pytest.mark.parametrize(
    ("capacity", "demand"),
    [([4.5] * 3, [0.0] * 5), ([0.0] * 3, [0.0] * 5), ([1.5, 2.7, 3.1], [0.0, 1.1, 0.0, 1.3, 2.6])],
)
def test_towns_that_want_nothing_are_served_all_the_same(capacity, demand):
    random = np.random.default_rng(3)
    cost, opening = random.uniform(0, 20, (3, 5)), random.uniform(0, 30, 3)

    result = solve_routing(location_problem(opening, capacity, demand, cost), STOP)

    best = least_cost(opening, np.array(capacity), np.array(demand), cost)
    assert result.cost == pytest.approx(best)
    assert result.bound == pytest.approx(best, rel=1e-5)


def test_what_is_no_array_of_the_right_shape_is_told_at_once():
    with pytest.raises(ParameterError) as refused:
        location_problem(["a", "b"], [[1.0]], [1.0], [1.0, 2.0])
    for name in ("opening_cost is ['a', 'b']", "capacity is [[1.0]]", "serving_cost is [1.0, 2.0]"):
        assert name in str(refused.value)

    with pytest.raises(ParameterError, match="demand has 3 numbers; expected the 2 of"):
        location_problem([1.0], [1.0], [1.0, 1.0, 1.0], [[1.0, 2.0]])
    assert location_problem([1], [9], [1, 2], [[3, 4]]).distance[0, 2] == 4


def test_sets_of_sites_that_compete_from_the_start_change_no_proof(monkeypatch):
    """The contest is held in the first part, and the winners are annealed in each that follows."""
    monkeypatch.setattr(location_tree, "NODES_BEFORE_CONTEST", 1)
    monkeypatch.setattr(location_tree, "AGAIN", 1)
    monkeypatch.setattr(location_tree, "ROUNDS", ((20, 20), (3, 50)))
    monkeypatch.setattr(location_tree, "RIDES_A_CUSTOMER", 0)
    for seed in range(6):
        random = np.random.default_rng(seed)
        demand = random.integers(1, 12, 6).astype(float)
        capacity = demand.sum() * random.uniform(0.3, 0.6, 4)
        cost, opening = random.uniform(0, 20, (4, 6)), random.uniform(0, 30, 4)

        result = solve_routing(location_problem(opening, capacity, demand, cost), STOP, seed=seed)

        best = least_cost(opening, capacity, demand, cost)
        assert result.cost == pytest.approx(best)
        assert result.bound == pytest.approx(best, rel=1e-5)


@pytest.mark.parametrize("seed", range(4))
def test_with_prizes_alternatives_measures_and_trucks_the_best_is_found(seed):
    """Two measures, two types of truck, prizes by depot, and two customers of whom one counts."""
    random = np.random.default_rng(seed)
    delivery = random.integers(0, 5, (5, 2)).astype(float)
    world = problem(
        random.uniform(0, 10, (7, 2)),
        2,
        delivery=delivery,
        pickup=np.zeros((5, 2)),
        opening_cost=random.uniform(0, 12, 2),
        depot_capacity=np.ceil(delivery.sum(axis=0) * random.uniform(0.4, 0.9, (2, 1))),
        prize=random.uniform(0, 25, (5, 2)),
        required=np.array([True, False, False, random.random() < 0.5, False]),
        alternatives=(("c1", "c2"),),
        vehicles=(
            RoutingVehicle(vehicle_id="van", capacity=(3.0, 4.0), max_stops=1, fixed_cost=1),
            RoutingVehicle(
                vehicle_id="lorry", capacity=(9.0, 9.0), max_stops=1, cost_per_distance=1.3
            ),
        ),
    )

    result = solve_routing(world, STOP, seed=seed)

    best = best_cost(world)
    assert result.cost == pytest.approx(best)
    assert result.bound <= best + 1e-6
    assert result.status == "optimal"


def test_customers_who_fit_together_but_not_whole_are_told_to_be_infeasible():
    """Three of two tons in two sites of three."""
    world = location_problem(
        np.ones(2), np.full(2, 3.0), np.full(3, 2.0), np.arange(6.0).reshape(2, 3)
    )

    result = solve_routing(world, STOP)

    assert (result.status, result.plan) == ("infeasible", None)
    assert "whole" in result.cause


def test_a_plan_that_is_known_is_not_made_worse_and_seeds_repeat_themselves():
    random = np.random.default_rng(9)
    demand = random.integers(1, 20, 30).astype(float)
    world = location_problem(
        random.uniform(20, 60, 8),
        demand.sum() * random.uniform(0.15, 0.4, 8),
        demand,
        random.uniform(1, 40, (8, 30)),
    )

    first, again = (solve_routing(world, STOP, seed=4) for _ in range(2))
    continued = solve_routing(world, STOP, seed=5, start=first.plan)

    assert (first.plan, first.bound) == (again.plan, again.bound)
    assert continued.cost <= first.cost
    assert check_routing(world, first.plan).violations == ()
