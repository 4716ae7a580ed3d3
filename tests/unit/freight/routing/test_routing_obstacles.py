"""Why nothing can serve all who must be served, in the reader's own numbers."""

import numpy as np
import pytest

from comarca.freight.routing.obstacles import obstacles
from comarca.model.routing import RoutingProblem, RoutingVehicle


def world(**changes):
    """One depot; customers 3 and 4 away with loads of 4 and 5 out, 2 and 6 back."""
    vehicle = {"capacity": (10.0,), "shift": 20.0, "number": 2} | changes.pop("vehicle", {})
    distance = np.array([[0, 3, 4], [3, 0, 5], [4, 5, 0]], dtype=float)
    given = {
        "depot_ids": ("1",),
        "customer_ids": ("1", "2"),
        "opening_cost": np.zeros(1),
        "depot_capacity": np.array([[9.0]]),
        "delivery": np.array([[4.0], [5.0]]),
        "pickup": np.array([[2.0], [6.0]]),
        "distance": distance,
        "time": distance,
    }
    return RoutingProblem(
        **(given | changes), vehicles=(RoutingVehicle(vehicle_id="truck", **vehicle),)
    )


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {"vehicle": {"capacity": (5.0,)}},
            "Customer 2 has a load of 6; the largest truck holds 5.",
        ),
        (
            {"depot_capacity": np.array([[4.5]])},
            "Customer 2 gets 5; the largest depot delivers 4.5.",
        ),
        (
            {"vehicle": {"shift": 7.0}},
            "No truck can go to customer 2 and back: there is no way, or more than 7 long with the "
            "stop.",
        ),
        (
            {"vehicle": {"number": 1, "capacity": (6.0,)}},
            "All trucks together hold 6; those who must be served get 9.",
        ),
        (
            {"depot_capacity": np.array([[8.0]])},
            "All depots together deliver 8; those who must be served need 9.",
        ),
    ],
)
def test_the_cause_names_what_is_short_and_by_how_much(changes, sentence):
    assert sentence in obstacles(world(**changes))


def test_nothing_is_said_where_all_fits():
    assert obstacles(world()) == []


def test_trucks_as_many_as_wanted_or_with_several_trips_are_enough():
    assert obstacles(world(vehicle={"number": None, "capacity": (6.0,)})) == []
    assert obstacles(world(vehicle={"number": 1, "max_trips": 2, "capacity": (6.0,)})) == []
