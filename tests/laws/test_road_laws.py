"""What closing and building roads can and cannot do to a trip, whatever the network."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comarca.errors import ParameterError
from comarca.model.roads import RoadNetwork
from comarca.travel.roads import (
    AddRoad,
    CloseRoad,
    RoadTravel,
    build_network,
    change_roads,
    road_graph,
    travel_after,
    travel_by_roads,
)
from road_world import PLAIN, degrees, lines, network, towns

SIDE = 4
GRID = {f"p{x}{y}": (x * 5.0, y * 5.0) for x in range(SIDE) for y in range(SIDE)}
LINKS = [(f"p{x}{y}", f"p{x + 1}{y}") for x in range(SIDE - 1) for y in range(SIDE)] + [
    (f"p{x}{y}", f"p{x}{y + 1}") for x in range(SIDE) for y in range(SIDE - 1)
]
PLACES = towns({f"t{n}": (n * 2.3 % 15, n * 3.7 % 15) for n in range(9)})
GIVING_WAY = PLAIN.model_copy(update={"give_way_min": 0.3, "rough_km_per_h": 5.0})


@st.composite
def road_worlds(draw) -> RoadNetwork:
    kept = draw(st.lists(st.sampled_from(LINKS), min_size=12, unique=True))
    roads = []
    for start, end in kept:
        tags = {
            "highway": draw(st.sampled_from(["primary", "tertiary", "track"])),
            "oneway": draw(st.sampled_from(["no", "no", "yes"])),
            "maxspeed": draw(st.sampled_from(["30", "60", "90"])),
        }
        roads.append((f"{start} {end}", tags))
    return network(GRID, roads)


def measured(roads: RoadNetwork, mode="car") -> RoadTravel:
    return travel_by_roads(PLACES, road_graph(roads, mode, GIVING_WAY), workers=1)


closings = st.lists(st.integers(1, 12), min_size=1, max_size=3).map(
    lambda numbers: [CloseRoad(way=number) for number in numbers]
)
places = st.tuples(st.sampled_from(sorted(GRID)), st.sampled_from(sorted(GRID))).filter(
    lambda pair: pair[0] != pair[1]
)
buildings = places.map(
    lambda pair: [
        AddRoad(
            points=(degrees(*GRID[pair[0]]), degrees(*GRID[pair[1]])),
            road_class="primary",
            limit_km_per_h=100,
            join_km=8,
        )
    ]
)


@settings(max_examples=15)
@given(road_worlds(), closings)
def test_closing_a_road_never_shortens_a_trip(roads, changes):
    before, after = measured(roads).matrix, measured(change_roads(roads, changes)).matrix

    assert (after.time_min >= before.time_min - 1e-3).all()


@settings(max_examples=15)
@given(road_worlds(), buildings)
def test_a_new_road_never_lengthens_a_trip(roads, changes):
    before, after = measured(roads).matrix, measured(change_roads(roads, changes)).matrix

    assert (after.time_min <= before.time_min + 1e-3).all()


@settings(max_examples=15)
@given(road_worlds(), closings, buildings)
def test_what_changes_is_what_measuring_all_again_would_tell(roads, closed, added):
    changed = change_roads(roads, [*closed, *added])
    graph = road_graph(changed, "car", GIVING_WAY)

    found = travel_after(measured(roads), graph, PLACES).travel.matrix
    whole = travel_by_roads(PLACES, graph, workers=1).matrix

    np.testing.assert_allclose(found.time_min, whole.time_min, rtol=1e-4, atol=2e-3)


@settings(max_examples=15)
@given(road_worlds())
def test_no_change_changes_nothing(roads):
    before, after = measured(roads).matrix, measured(change_roads(roads, [])).matrix

    np.testing.assert_array_equal(before.time_min, after.time_min)


@settings(max_examples=15)
@given(road_worlds())
def test_going_through_a_third_town_is_never_faster(roads):
    """But for the rough track to it and back, which only a detour has to take."""
    time_min = measured(roads).matrix.time_min.astype(float)
    through = (time_min[:, :, None] + time_min[None, :, :]).min(axis=1)

    assert (time_min <= through + 1e-3).all()


@settings(max_examples=15)
@given(road_worlds(), st.randoms(use_true_random=False))
def test_the_order_of_towns_changes_no_time(roads, random):
    order = list(range(len(PLACES)))
    random.shuffle(order)
    graph = road_graph(roads, "car", GIVING_WAY)
    straight = travel_by_roads(PLACES, graph).matrix
    shuffled = travel_by_roads(PLACES.iloc[order], graph).matrix

    np.testing.assert_allclose(
        shuffled.subset(straight.town_ids).time_min, straight.time_min, rtol=1e-5
    )


def test_an_edited_network_leaves_the_given_one_alone():
    roads = network(GRID, [("p00 p10 p20", {}), ("p00 p01", {})])
    n_edges, state = roads.n_edges, roads.edge_state.copy()

    change_roads(
        roads,
        [
            CloseRoad(way=2),
            AddRoad(points=(degrees(7, 0), degrees(0, 5)), road_class="tertiary"),
        ],
    )

    assert roads.n_edges == n_edges
    np.testing.assert_array_equal(roads.edge_state, state)


def test_a_new_road_from_the_middle_of_one_to_the_middle_of_another():
    """Two parallel roads, 20 km long, 5 km apart, and a cut across at their middles."""
    points = {"a": (0, 0), "b": (20, 0), "c": (0, 5), "d": (20, 5), "e": (-30, 0), "f": (-30, 5)}
    sixty = {"maxspeed": "60"}
    roads = network(points, [("e a b", sixty), ("f c d", sixty), ("e f", sixty)])
    there = towns({"one": (10, 0), "two": (10, 5)})
    cut = AddRoad(points=(degrees(10, 0), degrees(10, 5)), limit_km_per_h=60)

    before = travel_by_roads(there, road_graph(roads, "car", PLAIN)).matrix
    after = travel_by_roads(there, road_graph(change_roads(roads, [cut]), "car", PLAIN)).matrix

    assert before.time_min[0, 1] == pytest.approx(40 + 5 + 40, rel=1e-4)
    assert after.time_min[0, 1] == pytest.approx(5, rel=1e-3)
    assert after.distance_km[0, 1] == pytest.approx(5, rel=1e-3)


def test_a_new_road_to_a_village_without_any_lets_it_take_part():
    roads = network(GRID, [("p00 p10", {"maxspeed": "60"})])
    there = towns({"one": (5, 0), "village": (5, 10)})
    road = AddRoad(points=(degrees(5, 0), degrees(5, 10)), limit_km_per_h=60)
    before = travel_by_roads(there, road_graph(roads, "car", PLAIN))
    graph = road_graph(change_roads(roads, [road]), "car", PLAIN)

    assert list(before.unreachable["name"]) == ["Village"]
    for after in (travel_by_roads(there, graph), travel_after(before, graph, there).travel):
        assert after.matrix.time_min[1, 0] == pytest.approx(10, rel=1e-3)
        assert after.unreachable.empty


def test_closing_by_a_place_closes_the_road_there():
    roads = network(GRID, [("p00 p10", {}), ("p00 p01 p11 p10", {})])
    lat, lon = degrees(2.5, 0.1)
    closed = change_roads(roads, [CloseRoad(lat=lat, lon=lon)])
    ends = towns({"a": (0, 4.9), "b": (5, 4.9)})

    travel = travel_by_roads(ends, road_graph(closed, "car", PLAIN)).matrix

    assert travel.distance_km[0, 1] == pytest.approx(5.2, rel=1e-3)


def test_roads_that_are_not_there_cannot_be_closed_or_joined():
    roads = network(GRID, [("p00 p10", {})])

    with pytest.raises(ParameterError, match="Way 99 is not in the network"):
        change_roads(roads, [CloseRoad(way=99)])
    with pytest.raises(ParameterError, match=r"No road to join within 0\.5 km"):
        change_roads(roads, [AddRoad(points=(degrees(0, 9), degrees(0, 15)))])
    with pytest.raises(ParameterError, match="not both"):
        CloseRoad(way=1, lat=0, lon=0)


def test_contraction_keeps_every_kilometre():
    drawn = lines(GRID, [(f"{a} {b}", {}) for a, b in LINKS])
    total = road_graph(build_network(drawn), "car", PLAIN).edge_km.sum()

    assert total == pytest.approx(5.0 * len(LINKS), rel=1e-4)
