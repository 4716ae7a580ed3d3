"""The evaluator of routing plans: each cost term and each rule, on worlds made by hand."""

from math import inf

import numpy as np
import pytest

from comarca.freight.routing import check_routing
from routing_worlds import plan, problem, truck

LINE = [(0, 0), (10, 0), (3, 0), (3, 4), (7, 0)]  # two depots, three customers


def test_each_term_of_the_cost():
    """0 → 3 → (3, 4) → 0 is 3 + 4 + 5 long; 10 → 7 → 10 is 6; hours are those plus the stops."""
    world = problem(
        LINE,
        2,
        opening_cost=np.array([50.0, 70.0]),
        time=np.hypot(*(np.array(LINE)[:, None] - np.array(LINE)[None]).transpose(2, 0, 1)),
        service_time=np.full(3, 2.0),
        loading_time=np.array([5.0, 1.0]),
        prize=np.array([[1.0, 0.0], [2.0, 0.0], [0.0, 4.0]]),
        required=np.zeros(3, dtype=bool),
        vehicles=(truck(fixed_cost=11, cost_per_distance=2, cost_per_time=3),),
    )

    check = check_routing(world, plan(("d1", "truck", "c1 c2"), ("d2", "truck", "c3")))

    assert check.violations == ()
    assert check.terms == pytest.approx(
        {
            "openings": 120,
            "trucks": 22,
            "distance": 2 * (12 + 6),
            "time": 3 * (12 + 2 * 2 + 5 + 6 + 2 + 1),
            "prizes": -7,
        }
    )


@pytest.mark.parametrize(
    ("given", "days", "words"),
    [
        ({}, [("d1", "truck", "c1 c2 c3")], "carries 3; its truck holds 2"),
        ({}, [("d1", "truck", "c1 c2")], "Customer c3 is not served"),
        ({}, [("d1", "truck", "c1 c2"), ("d2", "truck", "c3"), ("d1", "truck", "c1")], "2 times"),
        ({}, [("d1", "truck", "c1 c2"), ("d9", "truck", "c3")], "Depot d9 is not known"),
        ({}, [("d1", "lorry", "c1 c2"), ("d2", "truck", "c3")], "Vehicle lorry is not known"),
        (
            {"depot_capacity": np.array([[1.0], [inf]])},
            [("d1", "truck", "c1 c2"), ("d2", "truck", "c3")],
            "Depot d1 delivers 2; its capacity is 1",
        ),
        (
            {"vehicles": (truck(number=1),)},
            [("d1", "truck", "c1 c2"), ("d2", "truck", "c3")],
            "2 trucks are used; there are 1",
        ),
        (
            {"vehicles": (truck(depots=("d2",)),)},
            [("d1", "truck", "c1 c2"), ("d2", "truck", "c3")],
            "is not stationed there",
        ),
        (
            {"vehicles": (truck(max_stops=1),)},
            [("d1", "truck", "c1 c2"), ("d2", "truck", "c3")],
            "has 2 stops; at most 1",
        ),
        ({}, [("d1", "truck", "c1 c2", "c3")], "makes 2 trips; at most 1"),
        (
            {"service_time": np.full(3, 2.0), "vehicles": (truck(shift=3),)},
            [("d1", "truck", "c1 c2"), ("d2", "truck", "c3")],
            "is out for 4; its shift is 3",
        ),
        (
            {"alternatives": (("c1", "c2"),)},
            [("d1", "truck", "c1 c2"), ("d2", "truck", "c3")],
            "Of the alternatives c1, c2 2 are served",
        ),
        (
            {"alternatives": (("c1", "c2"),)},
            [("d2", "truck", "c3")],
            "Of the alternatives c1, c2 none is served",
        ),
        (
            {"prize": np.array([[-inf, 0.0], [0.0, 0.0], [0.0, 0.0]])},
            [("d1", "truck", "c1 c2"), ("d2", "truck", "c3")],
            "Customer c1 may not be served from depot d1",
        ),
    ],
)
def test_each_rule_that_breaks_is_named(given, days, words):
    check = check_routing(problem(LINE, 2, **given), plan(*days))

    assert any(words in violation for violation in check.violations), check.violations


def test_loads_count_at_every_point_of_a_round():
    """Setting down 2 and taking up 2 fits a truck of 2 in one order of stops, not in the other."""
    world = problem(
        [(0, 0), (1, 0), (2, 0)],
        1,
        delivery=np.array([[2.0], [0.0]]),
        pickup=np.array([[0.0], [2.0]]),
    )

    assert not check_routing(world, plan(("d1", "truck", "c1 c2"))).violations
    assert "carries 4" in check_routing(world, plan(("d1", "truck", "c2 c1"))).violations[0]
