"""The bound by spanning trees, against answers on paper and every plan of small worlds."""

import numpy as np
import pytest

from comarca.freight.routing.engine.data import routing_data
from comarca.freight.routing.spanning_bound import spanning_bound
from routing_worlds import best_cost, problem, truck

OPERATIONS = 1e7


def bound_of(world, upper=np.inf):
    return spanning_bound(routing_data(world), upper, OPERATIONS)


def test_customers_on_a_line_cost_the_way_to_the_last_and_back():
    world = problem(
        [(0, 0), (1, 0), (2, 0), (5, 0)], 1, vehicles=(truck(capacity=3, fixed_cost=4),)
    )

    assert bound_of(world) == pytest.approx(2 * 5 + 4, rel=1e-6)


def test_trucks_that_must_be_two_are_paid_for():
    """Two on either side of the depot, two to a truck: 2 x 2 + 2 x 2 and two trucks."""
    world = problem(
        [(0, 0), (1, 0), (2, 0), (-1, 0), (-2, 0)], 1, vehicles=(truck(capacity=2, fixed_cost=9),)
    )

    assert bound_of(world) == pytest.approx(8 + 18, rel=1e-4)


def test_the_dear_depot_is_not_taken_where_the_cheap_one_will_do():
    """From the near depot 2 + 2 x 1; from the far one 0 + 2 x 9: the bound is the lesser."""
    places = [(0, 0), (10, 0), (1, 0)]
    world = problem(places, 2, opening_cost=np.array([2.0, 1.0]))

    assert bound_of(world) == pytest.approx(4, rel=1e-4)


@pytest.mark.parametrize("seed", range(8))
def test_no_plan_costs_less(seed):
    random = np.random.default_rng(seed)
    n, depots = 4, int(random.integers(1, 4))
    world = problem(
        random.uniform(0, 10, (depots + n, 2)),
        depots,
        delivery=random.integers(0, 4, (n, 1)).astype(float),
        pickup=random.integers(0, 4, (n, 1)).astype(float),
        opening_cost=random.uniform(0, 8, depots),
        distance=random.uniform(0, 10, (depots + n, depots + n)),  # one-way streets, no triangles
        vehicles=(
            truck("small", 4, fixed_cost=1, max_trips=2),
            truck("large", 7, cost_per_distance=1.5, fixed_cost=2),
        ),
    )
    best = best_cost(world)

    for upper in (np.inf, best):
        assert bound_of(world, upper) <= best + 1e-6


def test_customers_who_need_not_be_served_are_left_to_other_bounds():
    world = problem(
        [(0, 0), (1, 0), (2, 0)], 1, required=np.array([True, False]), prize=np.zeros((2, 1))
    )

    assert bound_of(world) == -np.inf
