"""The way itself, the land within so many minutes, and what a trip costs."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from comarca.errors import ParameterError, UnknownTownError
from comarca.model.matrices import TravelMatrix
from comarca.travel import trip_costs, vehicle_costs
from comarca.travel.roads import Routes, isochrones, road_graph, travel_by_roads
from road_world import KM_PER_DEGREE, PLAIN, network, towns

POINTS = {"a": (0, 0), "b": (10, 0), "c": (10, 10), "d": (0, 10)}
ROADS = network(
    POINTS,
    [
        ("a b", {"maxspeed": "60", "name": "South Road"}),
        ("b c", {"maxspeed": "60", "ref": "E 7"}),
        ("a d c", {"maxspeed": "30"}),
    ],
)
GRAPH = road_graph(ROADS, "car", PLAIN)
PLACES = towns({"one": (2, 0), "two": (10, 5), "three": (7, 0), "lost": (50, 50)})


def length_km(route) -> float:
    return float(np.hypot(np.diff(route.lat), np.diff(route.lon)).sum() * KM_PER_DEGREE)


def test_a_route_is_as_long_and_as_slow_as_the_matrix_says():
    route = Routes(GRAPH, PLACES).route("one", "two")
    travel = travel_by_roads(PLACES, GRAPH).matrix

    assert route.time_min == pytest.approx(float(travel.time_min[0, 1]))
    assert route.distance_km == pytest.approx(13, rel=1e-3)
    assert length_km(route) == pytest.approx(13, rel=1e-3)
    assert route.roads == ("South Road", "E 7")


def test_a_route_begins_and_ends_at_the_towns():
    route = Routes(GRAPH, PLACES).route("two", "one")

    assert (route.lat[0], route.lon[0]) == pytest.approx(tuple(PLACES.loc["two", ["lat", "lon"]]))
    assert (route.lat[-1], route.lon[-1]) == pytest.approx(tuple(PLACES.loc["one", ["lat", "lon"]]))


def test_a_route_along_one_road_never_leaves_it():
    routes = Routes(GRAPH, PLACES)

    for pair in (("one", "three"), ("three", "one")):
        route = routes.route(*pair)
        assert length_km(route) == pytest.approx(5, rel=1e-3)
        assert route.roads == ("South Road",)


def test_no_way_is_no_line():
    route = Routes(GRAPH, PLACES).route("one", "lost")

    assert np.isinf(route.time_min)
    assert len(route.lat) == 0
    assert "no way" in route.summary()


def test_a_town_nobody_knows_is_refused_with_the_nearest_name():
    with pytest.raises(UnknownTownError, match="three"):
        Routes(GRAPH, PLACES).route("one", "thre")


def _point(x, y):
    from shapely import Point

    return Point(x / KM_PER_DEGREE, y / KM_PER_DEGREE)


def test_isochrones_grow_with_the_limit_and_hold_what_they_should():
    land = isochrones(PLACES, GRAPH, "one", [9.0, 30.0], strip_km=0.2).set_index("limit_min")

    assert land.loc[9.0, "geometry"].contains(_point(9.9, 0.05))
    assert not land.loc[9.0, "geometry"].contains(_point(10, 2))
    assert land.loc[30.0, "geometry"].covers(_point(10, 9))
    assert land.loc[9.0, "road_km"] == pytest.approx(9 + 2 + 3.5, rel=1e-3)
    assert land.loc[30.0, "road_km"] == pytest.approx(40, rel=1e-3)


def test_a_town_without_a_road_has_no_land():
    land = isochrones(PLACES, GRAPH, "lost", [30.0])

    assert land.geometry.iloc[0].is_empty
    with pytest.raises(ParameterError):
        isochrones(PLACES, GRAPH, "one", [])


def test_costs_by_the_kilometre_and_by_the_hour():
    travel = TravelMatrix(
        ("a", "b"),
        "truck",
        np.array([[0, 30], [np.inf, 0]]),
        np.array([[0, 20], [np.inf, 0]]),
        "table",
    )
    cost = trip_costs(travel, cost_per_km=0.5, cost_per_h=12)

    assert cost[0, 1] == pytest.approx(10 + 6)
    assert np.isinf(cost[1, 0])
    vehicles = pd.DataFrame({"vehicle_id": ["van"], "cost_per_km": [0.5], "cost_per_h": [12.0]})
    np.testing.assert_array_equal(vehicle_costs(travel, vehicles)["van"], cost)
    with pytest.raises(ParameterError, match="cost_per_km is -1"):
        trip_costs(travel, cost_per_km=-1, cost_per_h=1)
    with pytest.raises(ParameterError, match="cost_per_h is nan"):
        trip_costs(travel, cost_per_km=1, cost_per_h=float("nan"))
