"""Roads in from files of many kinds, and one clear refusal for each that cannot be used."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
from shapely import LineString

from comarca.errors import ParameterError, RoadFileError
from comarca.io import read_osm_roads, read_road_lines, read_roads, write_roads
from comarca.io.osm_tags import duration_min, height_m, speed_km_per_h, way_of, weight_t
from comarca.model.roads import EVERY_VEHICLE, VEHICLES
from comarca.travel.roads import build_network, near_towns, road_graph, travel_by_roads
from road_world import PLAIN, degrees, network, towns


def osm(path: Path, ways: str, nodes: str = "") -> Path:
    """An extract of a square of one tenth of a degree, as XML."""
    corners = {1: (0.0, 0.0), 2: (0.0, 0.1), 3: (0.1, 0.1), 4: (0.1, 0.0)}
    points = "".join(
        f'<node id="{n}" version="1" lat="{lat}" lon="{lon}"/>'
        for n, (lat, lon) in corners.items()
        if f'<node id="{n}"' not in nodes
    )
    path.write_text(f'<osm version="0.6">{points}{nodes}{ways}</osm>', encoding="utf-8")
    return path


def way(number: int, refs: str, **tags: str) -> str:
    told = "".join(
        f'<tag k="{key.replace("__", ":")}" v="{value}"/>' for key, value in tags.items()
    )
    nodes = "".join(f'<nd ref="{ref}"/>' for ref in refs.split())
    return f'<way id="{number}" version="1">{nodes}{told}</way>'


@pytest.mark.parametrize(
    ("text", "speed"),
    [
        ("50", 50),
        ("30 mph", 48.28),
        ("30mph", 48.28),
        ("none", np.inf),
        ("walk", 7),
        ("DE:zone:30", 30),
        ("DE:zone30", 30),
        ("100|80", 100),
        ("50;70", 50),
        ("10 knots", 18.52),
        ("RU:urban", np.nan),
        ("signals", np.nan),
        ("fast", np.nan),
        ("0", np.nan),
        ("-5", np.nan),
        ("", np.nan),
    ],
)
def test_speed_limits_in_all_their_forms(text, speed):
    assert speed_km_per_h(text) == pytest.approx(speed, abs=0.01, nan_ok=True)


def test_weights_heights_and_durations_in_their_forms():
    assert weight_t("7.5") == weight_t("7500 kg") == weight_t("7,5 t") == 7.5
    assert weight_t("10000 lbs") == pytest.approx(4.536, abs=1e-3)
    assert height_m("3.5 m") == height_m("350 cm") == 3.5
    assert height_m("12'6\"") == pytest.approx(3.81)
    assert np.isnan(height_m("default"))
    assert duration_min("00:35") == duration_min("PT35M") == duration_min("35") == 35
    assert np.isnan(duration_min("soon"))


@pytest.mark.parametrize(
    ("tags", "vehicles"),
    [
        ({}, "car goods hgv bus"),
        ({"motor_vehicle": "no"}, ""),
        ({"motor_vehicle": "no", "bus": "yes"}, "bus"),
        ({"access": "private"}, ""),
        ({"access": "no", "motorcar": "yes"}, "car"),
        ({"access": "destination"}, "car goods hgv bus"),
        ({"hgv": "no"}, "car goods bus"),
        ({"vehicle": "forestry"}, ""),
        ({"access": "rumour has it"}, "car goods hgv bus"),
        ({"highway": "busway"}, "bus"),
        ({"highway": "footway"}, ""),
        ({"highway": "residential", "area": "yes"}, ""),
    ],
)
def test_access_is_what_the_most_particular_key_says(tags, vehicles):
    read = way_of({"highway": "residential", **tags})
    allowed = 0 if read is None else read.may_forward

    assert {v for n, v in enumerate(VEHICLES) if allowed & 1 << n} == set(vehicles.split())


@pytest.mark.parametrize(
    ("tags", "forward", "backward"),
    [
        ({}, True, True),
        ({"oneway": "yes"}, True, False),
        ({"oneway": "-1"}, False, True),
        ({"junction": "roundabout"}, True, False),
        ({"junction": "roundabout", "oneway": "no"}, True, True),
        ({"highway": "motorway"}, True, False),
        ({"highway": "motorway", "oneway": "no"}, True, True),
    ],
)
def test_one_way_roads_and_those_that_are_so_without_saying_it(tags, forward, backward):
    read = way_of({"highway": "primary", **tags})

    assert read is not None
    assert (read.may_forward > 0, read.may_backward > 0) == (forward, backward)


def test_a_bus_may_go_against_a_one_way_road_that_says_so():
    read = way_of({"highway": "primary", "oneway": "yes", "oneway:bus": "no"})

    assert read is not None
    assert read.may_forward == EVERY_VEHICLE
    assert read.may_backward == 1 << VEHICLES.index("bus")


def test_a_road_whose_direction_depends_on_the_hour_is_passed_over():
    assert way_of({"highway": "primary", "oneway": "reversible"}) is None


def test_an_extract_gives_ways_signs_and_names(tmp_path):
    gate = '<node id="2" version="1" lat="0" lon="0.1"><tag k="barrier" v="gate"/></node>'
    file = osm(
        tmp_path / "small.osm",
        way(7, "1 2", highway="primary", name="High Street") + way(8, "2 3", highway="footway"),
        gate,
    )
    roads = read_osm_roads(file)

    assert list(roads.ways.way_id) == [7]
    assert roads.names[roads.ways.name[0]] == "High Street"
    assert roads.stop.tolist().count(2) == 1
    assert "OpenStreetMap contributors" in roads.source


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("missing.osm.pbf", None, "expected an OpenStreetMap extract"),
        ("broken.osm.pbf", b"\x00\x00\x00\x0dnot a pbf at all, whatever it says", "not readable"),
        ("empty.osm.pbf", b"", "not readable|without a road"),
        ("towns.csv", b"a,b\n1,2\n", "of another kind"),
        ("cut.osm", b'<osm version="0.6"><node id="1" lat="0" lon="0"', "not readable"),
    ],
)
def test_a_file_that_is_no_extract_is_refused_by_name(tmp_path, name, content, told):
    file = tmp_path / name
    if content is not None:
        file.write_bytes(content)

    with pytest.raises(RoadFileError, match=f"(?s){name}.*({told})"):
        read_osm_roads(file)


def test_an_extract_without_roads_is_refused(tmp_path):
    file = osm(tmp_path / "paths.osm", way(1, "1 2", highway="footway"))

    with pytest.raises(RoadFileError, match="without a road a vehicle may drive"):
        read_osm_roads(file)


def test_an_extract_cut_off_in_the_middle_is_refused(tmp_path, shared_dir):
    whole = (shared_dir / "data" / "roads" / "liechtenstein_2021.osm.pbf").read_bytes()
    (tmp_path / "half.osm.pbf").write_bytes(whole[: len(whole) // 2])

    with pytest.raises(RoadFileError, match="not readable"):
        read_osm_roads(tmp_path / "half.osm.pbf")


def test_towns_outside_the_extract_are_refused_with_both_places(tmp_path):
    roads = read_osm_roads(osm(tmp_path / "small.osm", way(1, "1 2", highway="primary")))

    with pytest.raises(ParameterError, match=r"No road lies within 50 km.*3\.00"):
        near_towns(roads, towns({"far": (0, 333.6), "farther": (0, 340)}), 50)


def test_roads_far_from_the_towns_are_left_out(tmp_path):
    distant = (
        '<node id="9" version="1" lat="5" lon="5"/><node id="10" version="1" lat="5" lon="5.1"/>'
    )
    ways = way(1, "1 2", highway="primary") + way(2, "9 10", highway="primary")
    roads = read_osm_roads(osm(tmp_path / "two.osm", ways, distant))

    kept = near_towns(roads, towns({"near": (0, 0), "by": (10, 0)}), 20)

    assert list(kept.ways.way_id) == [1]
    assert len(kept.lat) == 2


def lines_file(path: Path, shapes: list[LineString], crs: str | None = "EPSG:4326", **columns):
    gpd.GeoDataFrame(columns, geometry=shapes, crs=crs).to_file(path, driver="GPKG")
    return path


def km(*places: tuple[float, float]) -> LineString:
    return LineString([degrees(*place)[::-1] for place in places])


def test_lines_take_class_speed_and_surface_from_their_columns(tmp_path):
    file = lines_file(
        tmp_path / "roads.gpkg",
        [km((0, 0), (10, 0)), km((10, 0), (20, 0)), km((20, 0), (20, 10), (10, 0))],
        fclass=["primary", "track_grade4", "primary"],
        maxspeed=[60, 0, 60],
        oneway=["B", "F", "F"],
    )
    roads = read_road_lines(file)
    travel = travel_by_roads(
        towns({"a": (0, 0), "b": (10, 0), "c": (20, 0)}),
        road_graph(build_network(roads), "car", PLAIN),
    ).matrix

    assert travel.time_min[0, 1] == pytest.approx(10, rel=1e-3)
    assert travel.time_min[1, 2] == pytest.approx(600 / PLAIN.speed_km_per_h["track"], rel=1e-3)
    assert travel.time_min[2, 1] == pytest.approx(10 + 200**0.5, rel=1e-3)


def test_a_line_that_ends_on_another_joins_it_and_one_that_crosses_does_not(tmp_path):
    file = lines_file(
        tmp_path / "roads.gpkg",
        [km((0, 0), (10, 0)), km((5, 0.0002), (5, 5)), km((8, -5), (8, 5))],
        highway=["primary"] * 3,
    )
    found = travel_by_roads(
        towns({"west": (0, 0), "north": (5, 5), "bridge": (8, 5)}),
        road_graph(build_network(read_road_lines(file)), "car", PLAIN),
    )

    assert np.isfinite(found.matrix.time_min[0, 1])
    assert list(found.unreachable["town_id"]) == ["bridge"]


def test_lines_that_share_no_point_leave_every_town_named_but_one(tmp_path):
    file = lines_file(
        tmp_path / "roads.gpkg",
        [km((0, 0), (10, 0)), km((10.5, 0), (20, 0)), km((20.5, 0), (30, 0))],
        highway=["primary"] * 3,
    )
    found = travel_by_roads(
        towns({"a": (1, 0), "b": (15, 0), "c": (25, 0)}),
        road_graph(build_network(read_road_lines(file)), "car", PLAIN),
    )

    assert len(found.unreachable) == 2
    assert set(found.unreachable["reason"]) == {"apart"}


def test_lines_in_another_reference_system_are_brought_to_degrees(tmp_path):
    shapes = [km((0, 0), (10, 0))]
    frame = gpd.GeoDataFrame({"class": ["primary"]}, geometry=shapes, crs="EPSG:4326")
    frame.to_crs("EPSG:3857").to_file(tmp_path / "metres.gpkg", driver="GPKG")

    roads = read_road_lines(tmp_path / "metres.gpkg")

    assert roads.lon.max() == pytest.approx(degrees(10, 0)[1] * 1e7, abs=2)


@pytest.mark.parametrize(
    ("columns", "crs", "told"),
    [
        ({"class": ["primary"]}, None, "without a coordinate reference system"),
        ({"name": ["Main"]}, "EPSG:4326", "tell no class"),
        ({"class": ["Carretera"]}, "EPSG:4326", 'unknown classes: "Carretera"'),
        ({"class": ["footway"]}, "EPSG:4326", "without a road a vehicle may drive"),
    ],
)
def test_lines_that_cannot_be_used_are_refused(tmp_path, columns, crs, told):
    file = lines_file(tmp_path / "roads.gpkg", [km((0, 0), (10, 0))], crs=crs, **columns)

    with pytest.raises(RoadFileError, match=told):
        read_road_lines(file)


def test_metres_that_claim_to_be_degrees_are_refused(tmp_path):
    file = lines_file(
        tmp_path / "roads.gpkg", [LineString([(500_000, 4e6), (501_000, 4e6)])], highway=["primary"]
    )

    with pytest.raises(RoadFileError, match="degrees"):
        read_road_lines(file)


def test_words_of_ones_own_for_classes(tmp_path):
    file = lines_file(
        tmp_path / "roads.gpkg",
        [km((0, 0), (10, 0)), km((10, 0), (20, 0))],
        **{"class": ["Carretera federal", "Camino"]},
    )
    roads = read_road_lines(file, classes={"carretera FEDERAL": "primary"}, default_class="track")

    assert [int(c) for c in roads.ways.road_class] == [4, 16]
    with pytest.raises(ParameterError, match="primary, the nearest"):
        read_road_lines(file, default_class="primery")


def test_a_network_read_again_is_the_network_written(tmp_path):
    points = {"a": (0, 0), "m": (4, 1), "b": (10, 0)}
    made = network(points, [("a m b", {"name": "Calle Ñandú", "maxspeed": "60"})])
    again = read_roads(write_roads(made, tmp_path / "roads.network"))

    assert again.names == made.names
    assert again.source == made.source
    for name in ("point_lat", "point_way", "edge_first", "node_lat"):
        np.testing.assert_array_equal(getattr(again, name), getattr(made, name))
        assert not getattr(again, name).flags.writeable
    np.testing.assert_array_equal(again.ways.limit_forward, made.ways.limit_forward)


def test_damaged_networks_are_refused(tmp_path):
    points = {"a": (0, 0), "b": (10, 0)}
    file = write_roads(network(points, [("a b", {})]), tmp_path / "roads.network")
    whole = file.read_bytes()
    header = json.loads(whole.splitlines()[0])

    for content, told in (
        (whole[:-1], "cut off"),
        (b"nothing of the kind", "damaged"),
        (whole.replace(b'"version": 1', b'"version": 9'), "another version"),
    ):
        file.write_bytes(content)
        with pytest.raises(RoadFileError, match=told):
            read_roads(file)
    assert header["format"] == "comarca-roads"


def test_a_table_without_shapes_is_refused(tmp_path):
    file = tmp_path / "towns.csv"
    file.write_text("town_id,name\n1,Ash\n")

    with pytest.raises(RoadFileError, match="a table without shapes; expected a layer of lines"):
        read_road_lines(file)
