"""Trips that grow: at first leaving customers out is cheap."""

from math import inf

import numpy as np
import pytest

from comarca.freight.routing import RoutingStop, check_routing
from comarca.freight.routing.annealing import COLD, Allowance, Annealer
from comarca.freight.routing.engine.data import routing_data
from comarca.freight.routing.engine.state import MISSING, TOTAL
from comarca.freight.routing.solving import plan_of_state
from comarca.freight.routing.stopping import Clock
from routing_worlds import problem, truck

CLOCK = Clock(RoutingStop(iterations=1_000_000), 1)


def grown(world, steps, seed=1):
    annealer = Annealer.of(routing_data(world), seed, 0)
    annealer.ceiling = inf
    arm = annealer.arm([True])
    annealer.run(arm, 10.0, COLD, Allowance(steps=steps), CLOCK, grows=True)
    return annealer, arm


@pytest.fixture
def clusters():
    """Three clusters of five towns, and trucks just large enough for one each."""
    centre = np.repeat([(20.0, 0.0), (0.0, 20.0), (-20.0, 0.0)], 5, axis=0)
    near = np.tile([(0, 0), (1, 0), (0, 1), (1, 1), (2, 1)], (3, 1))
    place = np.vstack([[(0.0, 0.0)], centre + near])
    return problem(place, 1, vehicles=(truck(capacity=5, number=3),))


def test_grown_trips_serve_all_and_each_truck_gets_a_cluster(clusters):
    _, arm = grown(clusters, 4_000)

    plan = plan_of_state(clusters, routing_data(clusters), arm.best)
    check = check_routing(clusters, plan)
    assert arm.is_feasible
    assert check.violations == ()
    assert check.cost == pytest.approx(arm.cost)
    parts = {frozenset(trip) for day in plan.days for trip in day.trips}
    assert parts == {frozenset(f"c{at}" for at in range(at, at + 5)) for at in (1, 6, 11)}


@pytest.mark.parametrize("steps", [1, 3, 45])
def test_those_still_left_out_count_in_full_when_growing_ends(clusters, steps):
    annealer, arm = grown(clusters, steps)

    ways = arm.now.trip["cost"][arm.now.trip["size"] > 0].sum()
    left_out = arm.now.totals[MISSING] * annealer.penalty
    assert arm.now.totals[TOTAL] == pytest.approx(ways + left_out)
    assert arm.best.totals[MISSING] == 0 or not arm.is_feasible
