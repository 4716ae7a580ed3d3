"""A routing problem refuses what cannot be meant, all faults at once."""

from math import nan

import numpy as np
import pytest

from comarca.errors import ParameterError
from comarca.freight.routing import RoutingStop
from routing_worlds import problem, truck

PLACES = [(0, 0), (1, 0), (2, 0)]


def test_wrong_shapes_are_told_together():
    with pytest.raises(ParameterError) as refused:
        problem(PLACES, 1, delivery=np.ones((3, 1)), opening_cost=np.ones(2))

    assert "delivery has the shape (3, 1); expected (2, 1)" in str(refused.value)
    assert "opening_cost has the shape (2,); expected (1,)" in str(refused.value)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"delivery": np.array([[1.0], [-1.0]])}, "delivery[1, 0] is -1.0"),
        ({"pickup": np.array([[nan], [0.0]])}, "pickup[0, 0] is nan"),
        ({"alternatives": (("c1", "c9"),)}, "'c9'"),
        ({"alternatives": (("c1",), ("c1", "c2"))}, "'c1' twice"),
        ({"customer_ids": ("c1", "c1")}, "'c1' twice"),
        ({"vehicles": ()}, "one type of truck or more"),
        ({"vehicles": (truck(shift=-1),)}, "shift of vehicle 'truck' is -1"),
        ({"vehicles": (truck(max_trips=0),)}, "max_trips of vehicle 'truck' is 0"),
        ({"vehicles": (truck(depots=("x",)),)}, "name 'x'"),
        ({"prize": np.array([[np.inf], [0.0]])}, "prize"),
    ],
)
def test_values_out_of_range_are_refused(given, words):
    with pytest.raises(ParameterError) as refused:
        problem(PLACES, 1, **given)

    assert words in str(refused.value)


def test_a_stop_needs_a_limit_and_limits_above_zero():
    with pytest.raises(ParameterError, match="neither seconds nor iterations"):
        RoutingStop()
    with pytest.raises(ParameterError, match="gap is -1"):
        RoutingStop(seconds=1, gap=-1)
