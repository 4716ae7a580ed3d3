"""Times over roads drawn by hand, computed on paper."""

import numpy as np
import pytest

from comarca.errors import ParameterError
from comarca.travel.roads import RoadParams, road_graph, travel_by_roads
from road_world import PLAIN, network, towns

SIXTY = {"maxspeed": "60"}


def measured(roads, places, *, mode="car", params=PLAIN):
    return travel_by_roads(towns(places), road_graph(roads, mode, params))


def minutes(roads, places, origin, destination, **given):
    travel = measured(roads, places, **given).matrix
    return float(travel.time_min[travel.positions([origin])[0], travel.positions([destination])[0]])


def kilometres(roads, places, origin, destination, **given):
    travel = measured(roads, places, **given).matrix
    one, other = travel.positions([origin, destination])
    return float(travel.distance_km[one, other])


SQUARE = {"a": (0, 0), "b": (10, 0), "c": (10, 10), "d": (0, 10)}


def test_the_fastest_way_round_a_square_and_kilometres_along_it():
    """Ten kilometres at 60 take ten minutes; the other way round is shorter and slower."""
    roads = network(
        SQUARE,
        [
            ("a b c", {"maxspeed": "120"}),
            ("a c", {"maxspeed": "20"}),
            ("a d c", {"maxspeed": "60"}),
        ],
    )

    assert minutes(roads, SQUARE, "a", "c") == pytest.approx(10.0, rel=1e-4)
    assert kilometres(roads, SQUARE, "a", "c") == pytest.approx(20.0, rel=1e-4)


def test_a_town_halfway_along_a_road_leaves_in_both_directions():
    roads = network(SQUARE, [("a b", SIXTY)])
    places = {"west": (0, 0), "middle": (4, 0), "east": (10, 0)}

    assert minutes(roads, places, "middle", "west") == pytest.approx(4.0, rel=1e-4)
    assert minutes(roads, places, "middle", "east") == pytest.approx(6.0, rel=1e-4)
    assert minutes(roads, places, "west", "east") == pytest.approx(10.0, rel=1e-4)


def test_two_towns_on_one_road_go_along_it_and_never_round():
    roads = network(SQUARE, [("a b c d a", SIXTY)])
    places = {"one": (2, 0), "two": (7, 0)}

    assert minutes(roads, places, "one", "two") == pytest.approx(5.0, rel=1e-4)
    assert kilometres(roads, places, "two", "one") == pytest.approx(5.0, rel=1e-4)


def test_both_directions_of_a_one_way_differ_as_they_should():
    """There along the one-way, back round the three other sides."""
    roads = network(SQUARE, [("a b", {**SIXTY, "oneway": "yes"}), ("b c d a", SIXTY)])

    assert minutes(roads, SQUARE, "a", "b") == pytest.approx(10.0, rel=1e-4)
    assert minutes(roads, SQUARE, "b", "a") == pytest.approx(30.0, rel=1e-4)


def test_two_towns_on_a_one_way_road_go_round_to_get_back():
    roads = network(SQUARE, [("a b", {**SIXTY, "oneway": "yes"}), ("b c d a", SIXTY)])
    places = {"one": (2, 0), "two": (7, 0)}

    assert minutes(roads, places, "one", "two") == pytest.approx(5.0, rel=1e-4)
    assert minutes(roads, places, "two", "one") == pytest.approx(3 + 30 + 2, rel=1e-4)


def test_a_road_drawn_against_its_direction():
    roads = network(SQUARE, [("a b", {**SIXTY, "oneway": "-1"}), ("b c d a", SIXTY)])

    assert minutes(roads, SQUARE, "b", "a") == pytest.approx(10.0, rel=1e-4)
    assert minutes(roads, SQUARE, "a", "b") == pytest.approx(30.0, rel=1e-4)


def test_limits_by_direction():
    roads = network(SQUARE, [("a b", {"maxspeed:forward": "60", "maxspeed:backward": "30"})])

    assert minutes(roads, SQUARE, "a", "b") == pytest.approx(10.0, rel=1e-4)
    assert minutes(roads, SQUARE, "b", "a") == pytest.approx(20.0, rel=1e-4)


def test_the_rough_track_to_the_road_counts_at_both_ends():
    """A kilometre at 10 km/h is six minutes, two kilometres are twelve."""
    roads = network(SQUARE, [("a b", SIXTY)])
    places = {"near": (0, 1), "far": (10, 2)}

    assert minutes(roads, places, "near", "far") == pytest.approx(6 + 10 + 12, rel=1e-3)
    assert kilometres(roads, places, "near", "far") == pytest.approx(1 + 10 + 2, rel=1e-3)


def test_a_town_beyond_the_snap_distance_has_no_way_and_is_named():
    roads = network(SQUARE, [("a b", SIXTY)])
    found = measured(roads, {"near": (0, 0), "there": (10, 0), "lost": (5, 8)})

    assert np.isinf(found.matrix.time_min[2, :2]).all()
    assert found.matrix.time_min[2, 2] == 0
    row = found.unreachable.set_index("town_id").loc["lost"]
    assert (row["reason"], row["name"]) == ("no road", "Lost")
    assert row["straight_km"] == pytest.approx(8.0, rel=1e-2)
    assert "Lost" in found.summary()


def test_a_town_on_roads_of_its_own_is_apart_and_named():
    points = {"a": (0, 0), "b": (10, 0), "c": (0, 20), "d": (10, 20)}
    roads = network(points, [("a b", SIXTY), ("c d", SIXTY)])
    found = measured(roads, {"one": (0, 0), "two": (10, 0), "apart": (5, 20)})

    assert list(found.unreachable["town_id"]) == ["apart"]
    assert list(found.unreachable["reason"]) == ["apart"]
    assert np.isinf(found.matrix.time_min[0, 2])


def test_a_gap_is_bridged_by_rough_track_where_the_study_asks():
    """Four kilometres between two roads' ends, at 10 km/h: 24 minutes."""
    from comarca.travel.roads.bridges import bridge_gaps

    points = {"a": (0, 0), "b": (10, 0), "c": (14, 0), "d": (24, 0)}
    roads = network(points, [("a b", SIXTY), ("c d", SIXTY)])
    params = PLAIN.model_copy(update={"bridges_gaps": True, "bridge_km": 5.0})
    places = towns({"one": (0, 0), "two": (24, 0)})

    graph = bridge_gaps(road_graph(roads, "truck", params), places)
    truck_min = 60 / (60 * params.truck_speed_factor)
    assert travel_by_roads(places, graph).matrix.time_min[0, 1] == pytest.approx(
        20 * truck_min + 24, rel=1e-3
    )


def test_lights_and_gates_hold_up_whoever_arrives():
    points = {"a": (0, 0), "m": (5, 0), "b": (10, 0)}
    lit = network(points, [("a m b", SIXTY)], {"m": {"highway": "traffic_signals"}})
    gated = network(points, [("a m b", SIXTY)], {"m": {"barrier": "gate"}})

    assert minutes(lit, points, "a", "b") == pytest.approx(10 + 1, rel=1e-4)
    assert minutes(gated, points, "a", "b") == pytest.approx(10 + 2, rel=1e-4)


def test_a_bollard_ends_the_road_for_everybody():
    points = {"a": (0, 0), "m": (5, 0), "b": (10, 0)}
    roads = network(points, [("a m b", SIXTY)], {"m": {"barrier": "bollard"}})

    assert np.isinf(minutes(roads, {"a": (0, 0), "b": (10, 0)}, "a", "b"))


def test_a_side_road_gives_way_where_it_meets_a_main_road_and_the_main_road_does_not():
    points = {"w": (0, 0), "m": (5, 0), "e": (10, 0), "n": (5, 5)}
    roads = network(
        points,
        [("w m e", {**SIXTY, "highway": "primary"}), ("n m", {**SIXTY, "highway": "tertiary"})],
    )
    params = PLAIN.model_copy(update={"give_way_min": 0.5})

    assert minutes(roads, points, "n", "e", params=params) == pytest.approx(10.5, rel=1e-4)
    assert minutes(roads, points, "e", "n", params=params) == pytest.approx(10.0, rel=1e-4)
    assert minutes(roads, points, "w", "e", params=params) == pytest.approx(10.0, rel=1e-4)


def test_a_ferry_is_waited_for_once_and_takes_its_own_time():
    """Two pieces of one crossing of half an hour: wait 15, cross 30, drive 10 and 10."""
    points = {"a": (0, 0), "b": (10, 0), "s": (15, 0), "c": (20, 0), "d": (30, 0)}
    ferry = {"route": "ferry", "duration": "00:30"}
    roads = network(points, [("a b", SIXTY), ("b s c", ferry), ("c d", SIXTY)])

    assert minutes(roads, points, "a", "d") == pytest.approx(10 + 15 + 30 + 10, rel=1e-4)


def test_a_low_bridge_stops_the_truck_and_a_weak_one_the_bus():
    low = network(SQUARE, [("a b", {**SIXTY, "maxheight": "2.5"}), ("a d c b", SIXTY)])
    weak = network(SQUARE, [("a b", {**SIXTY, "maxweight": "7.5"}), ("a d c b", SIXTY)])

    for roads, ways_round in ((low, {"truck", "bus"}), (weak, {"bus"})):
        for mode in ("car", "truck", "bus"):
            km = kilometres(roads, SQUARE, "a", "b", mode=mode)
            assert km == pytest.approx(30 if mode in ways_round else 10, rel=1e-4), mode


def test_a_busway_is_for_buses():
    roads = network(SQUARE, [("a b", {**SIXTY, "highway": "busway"}), ("a d c b", SIXTY)])

    assert kilometres(roads, SQUARE, "a", "b", mode="bus") == pytest.approx(10, rel=1e-4)
    assert kilometres(roads, SQUARE, "a", "b", mode="car") == pytest.approx(30, rel=1e-4)


def test_a_truck_above_three_and_a_half_tonnes_obeys_the_rules_of_heavy_vehicles():
    roads = network(SQUARE, [("a b", {**SIXTY, "hgv": "no"}), ("a d c b", SIXTY)])
    heavy = PLAIN.model_copy(update={"truck_weight_t": 7.5})

    assert kilometres(roads, SQUARE, "a", "b", mode="truck") == pytest.approx(10, rel=1e-4)
    assert kilometres(roads, SQUARE, "a", "b", mode="truck", params=heavy) == pytest.approx(
        30, rel=1e-4
    )


def test_the_limit_cuts_trips_and_changes_none_within_it():
    roads = network(SQUARE, [("a b c d", SIXTY)])
    whole = measured(roads, SQUARE).matrix
    cut = measured(roads, SQUARE, params=PLAIN.model_copy(update={"limit_min": 20.5})).matrix

    within = whole.time_min <= 20.5
    assert not within.all()
    np.testing.assert_array_equal(cut.time_min[within], whole.time_min[within])
    assert np.isinf(cut.time_min[~within]).all()


def test_the_peak_takes_longer_on_roads_and_not_at_sea():
    points = {"a": (0, 0), "b": (10, 0), "c": (20, 0), "d": (30, 0)}
    roads = network(
        points, [("a b", SIXTY), ("b c", {"route": "ferry", "duration": "30"}), ("c d", SIXTY)]
    )
    peak = PLAIN.model_copy(update={"peak_factor": 1.5})

    assert minutes(roads, points, "a", "d", params=peak) == pytest.approx(15 * 2 + 45, rel=1e-4)


def test_surface_smoothness_and_class_cap_the_speed():
    sand = {"maxspeed": "60", "surface": "sand"}
    horrible = {"maxspeed": "60", "smoothness": "horrible"}
    track = {"highway": "track", "maxspeed": "60"}

    for tags, speed in ((sand, 12), (horrible, 10), (track, PLAIN.speed_km_per_h["track"])):
        roads = network(SQUARE, [("a b", tags)])
        assert minutes(roads, SQUARE, "a", "b") == pytest.approx(600 / speed, rel=1e-4)


def test_a_class_of_speed_zero_is_not_driven():
    roads = network(SQUARE, [("a b", {"highway": "track"}), ("a d c b", SIXTY)])
    without = RoadParams(speed_km_per_h={"track": 0})

    assert kilometres(roads, SQUARE, "a", "b", params=without) == pytest.approx(30, rel=1e-4)


def test_zones_take_the_limit_of_their_country():
    roads = network(SQUARE, [("a b", {"maxspeed": "RU:urban"}), ("b c", {"maxspeed": "urban"})])

    assert minutes(roads, SQUARE, "a", "b") == pytest.approx(600 / 60, rel=1e-4)
    assert minutes(roads, SQUARE, "b", "c") == pytest.approx(600 / 50, rel=1e-4)


def test_a_table_given_in_part_keeps_the_rest_of_the_countrys():
    from comarca.examples import four_towns
    from comarca.model.parameters import assumptions

    region = four_towns()
    own = assumptions(region.country)["roads.limit_km_per_h"].value
    made = RoadParams.for_region(region, limit_km_per_h={"urban": 31})

    assert made.limit_km_per_h == {**own, "urban": 31}
    assert made.speed_km_per_h["primary"] > 0


def test_words_and_speeds_that_make_no_sense_are_refused_together():
    with pytest.raises(ParameterError) as refusal:
        RoadParams(speed_km_per_h={"trak": 8}, surface_km_per_h={"sand": -1}, snap_km=0)

    for told in ("trak", "surface_km_per_h.sand", "snap_km"):
        assert told in str(refusal.value)


def test_a_closed_way_that_the_network_does_not_hold_is_refused():
    roads = network(SQUARE, [("a b", SIXTY)])

    with pytest.raises(ParameterError, match="no way of the network has the number 7"):
        measured(roads, SQUARE, params=PLAIN.model_copy(update={"closed": (1, 7)}))


def test_where_no_town_has_a_road_each_is_named():
    """Nobody turns off from a motorway, and it is the only road there is."""
    roads = network({"a": (0, 0), "b": (9, 0)}, [("a b", {"highway": "motorway"})])

    found = travel_by_roads(towns({"Ash": (1, 0.1), "Birch": (5, 0.1)}), road_graph(roads, "car"))

    assert list(found.unreachable["reason"]) == ["no road", "no road"]
    assert "2 towns without a road in reach: Ash, Birch" in found.summary()
