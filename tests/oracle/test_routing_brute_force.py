"""Every way to serve a few customers, tried one by one, against the search and its bound."""

from math import inf

import numpy as np
import pytest

from comarca.freight.routing import RoutingStop, solve_routing
from routing_worlds import best_cost, problem, truck

STOP = RoutingStop(iterations=1_500)


def random_world(seed, n_depots=2, n_customers=5):
    """Mixed trucks, both-way loads, prizes, and depots that hold a part of the demand."""
    random = np.random.default_rng(seed)
    delivery = random.integers(0, 4, (n_customers, 1)).astype(float)
    pickup = random.integers(0, 4, (n_customers, 1)).astype(float)
    place = random.uniform(0, 10, (n_depots + n_customers, 2))
    prize = random.uniform(0, 15, (n_customers, n_depots))
    prize[random.random(prize.shape) < 0.1] = -inf
    prize[:, 0] = np.maximum(prize[:, 0], 0.0)
    ways = np.hypot(*(place[:, None] - place[None]).transpose(2, 0, 1))
    return problem(
        place,
        n_depots,
        delivery=delivery,
        pickup=pickup,
        opening_cost=random.uniform(0, 8, n_depots),
        depot_capacity=np.array([[delivery.sum()], [delivery.sum() / 2]])[:n_depots],
        prize=prize,
        required=random.random(n_customers) < 0.5,
        time=ways,
        service_time=random.uniform(0, 1, n_customers),
        loading_time=np.full(n_depots, 0.5),
        vehicles=(
            truck("small", 4, cost_per_distance=1, fixed_cost=1, shift=30, number=2),
            truck("large", 7, cost_per_distance=1.5, fixed_cost=2, cost_per_time=0.1, shift=35),
        ),
    )


@pytest.mark.parametrize("seed", range(5))
def test_the_search_finds_the_best_and_the_bound_stays_below(seed):
    world = random_world(seed)

    result = solve_routing(world, STOP, seed=seed)

    best = best_cost(world)
    assert result.cost == pytest.approx(best, abs=1e-6)
    assert result.bound <= best + 1e-6


@pytest.mark.parametrize("seed", range(2))
def test_of_alternatives_the_best_is_chosen(seed):
    random = np.random.default_rng(100 + seed)
    world = problem(
        random.uniform(0, 10, (7, 2)),
        1,
        delivery=random.integers(1, 4, (6, 1)).astype(float),
        vehicles=(truck("t", 6, fixed_cost=3),),
        alternatives=(("c1", "c2", "c3"), ("c4", "c5")),
    )

    result = solve_routing(world, STOP, seed=seed)

    best = best_cost(world)
    assert result.cost == pytest.approx(best)
    assert result.bound <= best + 1e-6


def test_two_trips_of_one_truck_cost_less_than_two_trucks():
    """Two trips of 2 · 3 fit a shift of 14 with an hour of loading each; not one of 13."""
    places = [(0, 0), (3, 0), (-3, 0)]
    ways = np.abs(np.subtract.outer([0, 3, -3], [0, 3, -3])).astype(float)

    def cost(shift):
        world = problem(
            places,
            1,
            distance=ways,
            time=ways,
            loading_time=np.ones(1),
            vehicles=(truck(capacity=1, fixed_cost=10, max_trips=2, shift=shift),),
        )
        return solve_routing(world, STOP).cost

    assert cost(14) == 10 + 12
    assert cost(13) == 20 + 12
