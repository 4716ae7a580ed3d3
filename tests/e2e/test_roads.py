"""From a file of roads to a plan, as a planner types it, and over real regions."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner, Result

import comarca
from comarca.cli import app
from comarca.io import read_road_lines
from comarca.io.roads_file import OSM_FILE, ROADS_FILE
from comarca.travel import travel_by_circle
from comarca.travel.roads import RoadParams, build_network, road_graph, travel_by_roads

PLACES = {
    "Balzers": (47.0669, 9.5025, 4_600),
    "Triesen": (47.1075, 9.5285, 5_300),
    "Vaduz": (47.1410, 9.5215, 5_700),
    "Schaan": (47.1650, 9.5087, 6_000),
    "Eschen": (47.2108, 9.5222, 4_500),
    "Malbun": (47.1008, 9.6104, 60),
}


def run(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


def refused(*words: object) -> str:
    result = run(*words)
    assert result.exit_code == 2, result.output
    assert "Traceback" not in result.output
    return result.output


@pytest.fixture
def region(tmp_path: Path) -> Path:
    folder = tmp_path / "region"
    folder.mkdir()
    (folder / "region.toml").write_text(
        'name = "Liechtenstein"\ncountry = "LI"\ncurrency = "CHF"\nusd_exchange_rate = 0.88\n'
    )
    rows = [
        f"0{n},{name},{lat},{lon},{people}"
        for n, (name, (lat, lon, people)) in enumerate(PLACES.items())
    ]
    (folder / "towns.csv").write_text("town_id,name,lat,lon,population\n" + "\n".join(rows) + "\n")
    return folder


@pytest.fixture
def extract(shared_dir: Path) -> Path:
    return shared_dir / "data" / "roads" / "liechtenstein_2021.osm.pbf"


def test_a_region_uses_its_roads_from_then_on(region, extract, tmp_path):
    circle = comarca.travel_matrix(comarca.read_region(region), "truck")
    table = tmp_path / "travel.csv"
    told = run("roads", region, "--osm", extract, "--mode", "truck", "-o", table)
    assert told.exit_code == 0, told.output

    found = comarca.read_region(region)
    travel = comarca.travel_matrix(found, "truck")

    assert (circle.source, travel.source) == ("circle", "roads")
    assert "OpenStreetMap contributors" in found.sources[-1]
    ways = pd.read_csv(table, dtype={"origin": str, "destination": str})
    assert list(ways.columns) == ["origin", "destination", "mode", "time_min", "distance_km"]
    assert len(ways) == len(PLACES) * (len(PLACES) - 1)
    assert set(ways["origin"]) == set(found.town_ids)
    first = ways.iloc[0]
    one, other = travel.positions([first["origin"], first["destination"]])
    assert first["time_min"] == pytest.approx(float(travel.time_min[one, other]), abs=1e-3)


def test_the_plan_of_a_region_with_roads_says_so_and_draws_its_trucks_along_them(
    region, extract, tmp_path
):
    assert run("roads", region, "--osm", extract).exit_code == 0
    done = run("plan", region, "-o", tmp_path / "out")
    assert done.exit_code == 0, done.output

    plan = comarca.read_plan(tmp_path / "out")
    assert plan.region.roads is None
    assert ROADS_FILE in plan.manifest.inputs
    assert any("OpenStreetMap" in source for source in plan.region.sources)
    assert any(used.setting.startswith("RoadParams") for used in plan.assumed)


def test_without_roads_no_assumption_about_roads_is_listed():
    plan = comarca.make_plan(comarca.examples.four_towns())

    assert not any(used.setting.startswith("RoadParams") for used in plan.assumed)


def test_trucks_are_drawn_along_the_roads(extract):
    from dataclasses import replace

    from comarca.io import read_osm_roads
    from comarca.report.road_legs import legs_along_roads

    plan = comarca.make_plan(comarca.examples.four_towns())
    towns = plan.region.towns.copy()
    places = list(PLACES.values())[: len(towns)]
    towns["lat"], towns["lon"] = [p[0] for p in places], [p[1] for p in places]
    tables = {name: table for name, table in plan.region.tables.items() if name != "travel"}
    moved = replace(
        plan.completion.region,
        towns=towns,
        tables=tables,
        roads=build_network(read_osm_roads(extract)),
    )
    there = replace(plan, completion=replace(plan.completion, region=moved))

    one, other = moved.town_ids[:2]
    lines = legs_along_roads(there, [(one, other), (one, one), (one, "nobody")])

    assert list(lines) == [(one, other)]
    assert len(lines[one, other].lat) > 10
    assert lines[one, other].roads


def test_the_limit_and_the_mode_hold_for_what_is_told(region, extract, tmp_path):
    table = tmp_path / "near.csv"
    told = run(
        "roads", region, "--osm", extract, "--mode", "bus", "--limit-min", 40, "-o", table, "--json"
    )

    assert json.loads(told.stdout)["limit_min"] == 40
    ways = pd.read_csv(table)
    assert ways["time_min"].max() <= 40
    assert set(ways["mode"]) == {"bus"}
    # The study sets the limit of the plan, not what is written for a look.
    assert np.isfinite(comarca.travel_matrix(comarca.read_region(region), "bus").time_min).all()


def test_an_extract_in_the_folder_is_told_of_and_then_read_in(region, extract):
    (region / OSM_FILE).write_bytes(extract.read_bytes())

    warned = run("check", region)
    assert warned.exit_code == 0
    assert "not read in yet" in warned.output
    assert run("roads", region).exit_code == 0
    assert (region / ROADS_FILE).is_file()
    assert "not read in yet" not in run("check", region).output


def test_a_second_look_needs_no_file(region, extract, tmp_path):
    assert run("roads", region, "--osm", extract).exit_code == 0
    written = (region / ROADS_FILE).stat().st_mtime_ns

    assert run("roads", region, "-o", tmp_path / "t.csv").exit_code == 0
    assert (region / ROADS_FILE).stat().st_mtime_ns == written


def test_closing_a_way_in_the_study_takes_longer_and_never_less(region, extract):
    assert run("roads", region, "--osm", extract).exit_code == 0
    found = comarca.read_region(region)
    before = comarca.travel_matrix(found, "car").time_min
    main = found.roads.ways.way_id[found.roads.ways.road_class <= 4]
    closed = comarca.study_for(found, {"roads": {"closed": main[:20].tolist()}})

    after = comarca.travel_matrix(found, "car", closed.travel, closed.roads).time_min

    assert (after >= before - 1e-3).all()
    assert (after > before + 0.1).any()


def test_a_road_that_the_study_adds_is_driven_by_the_command_and_the_plan(
    region, extract, tmp_path
):
    """A straight fast road from Balzers to Schaan; without it the way leads through Vaduz."""
    assert run("roads", region, "--osm", extract, "-o", tmp_path / "before.csv").exit_code == 0
    (region / "study.toml").write_text(
        "[[roads.added]]\nname = 'Bypass'\nroad_class = 'trunk'\nlimit_km_per_h = 100\n"
        "points = [[47.0669, 9.5025], [47.12, 9.51], [47.1650, 9.5087]]\n"
    )
    assert run("roads", region, "-o", tmp_path / "after.csv").exit_code == 0

    before, after = (
        pd.read_csv(tmp_path / f"{name}.csv", dtype={"origin": str, "destination": str})
        for name in ("before", "after")
    )
    assert (after["time_min"] <= before["time_min"] + 1e-3).all()
    trip = (after["origin"] == "00") & (after["destination"] == "03")
    assert after["time_min"][trip].item() < 0.8 * before["time_min"][trip].item()


def test_roads_of_a_study_that_make_no_sense_are_told_together(region, extract):
    assert run("roads", region, "--osm", extract).exit_code == 0
    (region / "study.toml").write_text(
        "[[roads.added]]\npoints = [[47.1, 9.5]]\nroad_class = 'path'\n"
        "[[roads.added]]\npoints = [[47.1, 9.5], [99.0, 9.5]]\n"
    )

    told = refused("roads", region)

    assert "added.0.points is 1 of them; expected two places or more" in told
    assert "added.0.road_class is path" in told
    assert "added.1.points is 99.0, 9.5" in told


def test_a_road_of_a_study_far_from_all_others_is_refused(region, extract):
    assert run("roads", region, "--osm", extract).exit_code == 0
    (region / "study.toml").write_text("[[roads.added]]\npoints = [[46.1, 9.5], [46.2, 9.5]]\n")

    assert "No road to join within 0.5 km of 46.10000, 9.50000" in refused("roads", region)


def test_the_map_shows_where_the_circle_misleads(region, extract, tmp_path):
    picture = tmp_path / "difference.svg"
    assert run("roads", region, "--osm", extract, "--map", picture).exit_code == 0

    text = picture.read_text()
    assert "Times by car: roads against circle" in text
    assert all(name in text for name in PLACES)


def test_refusals_leave_the_region_as_it_was(region, extract, tmp_path):
    before = sorted(path.name for path in region.iterdir())
    (tmp_path / "broken.osm.pbf").write_bytes(b"nothing of the kind")

    assert "not readable" in refused("roads", region, "--osm", tmp_path / "broken.osm.pbf")
    assert "holds no roads" in refused("roads", region)
    assert "exclude each other" in refused("roads", region, "--osm", extract, "--lines", extract)
    assert "not a folder" in refused("roads", tmp_path / "nowhere", "--osm", extract)
    assert sorted(path.name for path in region.iterdir()) == before


def test_roads_of_another_country_are_refused(region, extract):
    towns = region / "towns.csv"
    towns.write_text(towns.read_text().replace(",47.", ",17.").replace(",9.", ",-96."))
    toml = region / "region.toml"
    toml.write_text(toml.read_text().replace('"LI"', '"MX"'))

    assert "No road lies within 50 km" in refused("roads", region, "--osm", extract)


def test_a_damaged_network_is_a_fault_of_the_region(region):
    (region / ROADS_FILE).write_bytes(b"something else")

    assert "comarca roads writes it anew" in refused("check", region)


OAXACA_CLASSES = {
    "Carretera Federal Cuota (pav.) 2 carriles": "trunk",
    "Carretera Federal Cuota (pav.) 4 carriles": "motorway",
    "Carretera Federal Libre (pav.) 2 carriles": "primary",
    "Carretera Federal Libre (pav.) 4 carriles": "trunk",
    "Carretera Estatal Libre (pav.) 2 carriles": "secondary",
    "Carretera Estatal Libre (pav.) 4 carriles": "primary",
    "Caminos Rurales (pav.) 2 carriles": "tertiary",
}


def test_half_of_oaxacas_seats_have_no_paved_road_and_each_is_named(shared_dir):
    data = shared_dir / "data" / "oaxaca"
    seats = gpd.read_file(data / "oaxaca_municipal_seats_2000.geojson")
    towns = pd.DataFrame(
        {"name": seats["NOMMUN"].to_numpy(), "lat": seats.geometry.y, "lon": seats.geometry.x}
    )
    towns.index = pd.Index("20" + seats["MUN"], name="town_id")
    lines = read_road_lines(data / "oaxaca_paved_roads.geojson.gz", classes=OAXACA_CLASSES)
    params = RoadParams(snap_km=5.0, least_piece_km=0.0)
    graph = road_graph(build_network(lines), "truck", params)
    found = travel_by_roads(towns, graph)
    lost = found.unreachable

    assert len(np.unique(graph.piece_of)) == 13
    assert 0.45 < (lost["reason"] == "no road").mean() * len(lost) / len(towns) < 0.55
    assert all(name in found.summary() for name in lost["name"])
    at = found.matrix.positions(lost.loc[lost["reason"] == "no road", "town_id"])
    others = np.setdiff1d(np.arange(len(towns)), at)
    assert np.isinf(found.matrix.time_min[np.ix_(at, others)]).all()
    circle = travel_by_circle(towns, "truck")
    near = np.isfinite(found.matrix.time_min) & (circle.time_min < 120) & (circle.time_min > 0)
    assert np.median(found.matrix.time_min[near] / circle.time_min[near]) > 1.3


def test_tyumens_settlements_reach_each_other_but_those_named(shared_dir):
    data = shared_dir / "data" / "russia"
    counts = pd.read_csv(data / "tyumen_settlements_population_1981_2010.csv", dtype={"id": str})
    counts = counts[(counts["Year"] == 2010) & counts["Lat"].notna()].drop_duplicates("id")
    towns = pd.DataFrame(
        {"name": counts["ShortName"], "lat": counts["Lat"], "lon": counts["Lon"]}
    ).set_index(pd.Index(counts["id"], name="town_id"))
    lines = read_road_lines(data / "tyumen_osm_roads_2018.geojson")
    found = travel_by_roads(towns, road_graph(build_network(lines), "car"))
    lost = found.unreachable

    assert len(towns) > 1_300
    assert set(lost["reason"]) == {"no road"}
    assert len(lost) < 50
    kept = np.setdiff1d(np.arange(len(towns)), found.matrix.positions(lost["town_id"]))
    assert np.isfinite(found.matrix.time_min[np.ix_(kept, kept)]).all()
