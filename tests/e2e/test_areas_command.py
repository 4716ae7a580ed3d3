"""``comarca areas`` as somebody with a table of a census types it."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from comarca.cli import app

FLOWS = """\
home,job,people
001,001,40
001,100,60
002,002,30
002,200,20
100,100,900
100,200,30
100,001,10
200,200,700
200,100,40
"""
SIZES = ("--min-workers", 100, "--target-workers", 1000)
SHARES = ("--min-self-containment", 0.6, "--target-self-containment", 0.75)
RULE = (*SIZES, *SHARES)
NAMED = ("--columns", "home,job,people")


def run(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "flows.csv").write_text(FLOWS, encoding="utf-8")
    return tmp_path


def refused(place: Path, *words: object) -> str:
    """What the command says; exit code 2, no traceback, and not one file more or less."""
    before = sorted(path.name for path in place.iterdir())
    result = run("areas", place / "flows.csv", "-o", place / "areas.csv", *words)
    assert result.exit_code == 2, result.output
    assert "Traceback" not in result.output
    assert sorted(path.name for path in place.iterdir()) == before
    return result.output


def test_every_town_has_an_area_and_a_status_and_keeps_its_leading_zeros(place):
    result = run("areas", place / "flows.csv", "-o", place / "areas.csv", *NAMED, *RULE)

    assert result.exit_code == 0, result.output
    assert "2 labour market areas of 4 towns" in result.output
    assert rows(place / "areas.csv") == [
        {"town_id": "001", "area_id": "100", "status": "member"},
        {"town_id": "002", "area_id": "200", "status": "member"},
        {"town_id": "100", "area_id": "100", "status": "core"},
        {"town_id": "200", "area_id": "200", "status": "core"},
    ]


def test_the_r_packages_numbers_stand_under_its_variant(place):
    """100 is the third town with flows and 200 the fourth; lone has none and is blank."""
    (place / "towns.csv").write_text("town_id\n001\n002\n100\n200\nlone\n", encoding="utf-8")
    words = ("--variant", "euro-r34", "--towns", place / "towns.csv", *NAMED, *RULE)
    assert run("areas", place / "flows.csv", "-o", place / "a.csv", *words).exit_code == 0
    assert [(r["town_id"], r["area_id"], r["status"]) for r in rows(place / "a.csv")] == [
        ("001", "3", "member"),
        ("002", "4", "member"),
        ("100", "3", "core"),
        ("200", "4", "core"),
        ("lone", "", "no-flow"),
    ]


def test_trace_and_quality_figures_are_written_when_asked_for(place):
    words = ("--trace", place / "trace.csv", "--stats", place / "stats.csv", *NAMED, *RULE)
    assert run("areas", place / "flows.csv", "-o", place / "a.csv", *words).exit_code == 0
    trace, stats = rows(place / "trace.csv"), rows(place / "stats.csv")
    assert [(r["town_id"], r["type"]) for r in trace] == [("001", "joined"), ("002", "joined")]
    assert {r["area_id"]: r["inside"] for r in stats} == {"100": "1010.0", "200": "750.0"}
    assert not list(place.glob(".*"))


def test_a_program_reads_the_figures(place):
    result = run("areas", place / "flows.csv", "-o", place / "a.csv", "--json", *NAMED, *RULE)
    told = json.loads(result.stdout)
    assert told["areas"] == 2
    assert told["towns"] == {"core": 2, "member": 2}
    assert told["self_containment_supply"] == pytest.approx(1760 / 1830)
    assert told["parameters"]["min_workers"] == 100


def in_a_row(*town_ids: str) -> str:
    """GeoJSON of squares side by side."""
    features = [
        {
            "type": "Feature",
            "properties": {"town_id": town},
            "geometry": {
                "type": "Polygon",
                "coordinates": [[[x, 0], [x + 1, 0], [x + 1, 1], [x, 1], [x, 0]]],
            },
        }
        for x, town in enumerate(town_ids)
    ]
    return json.dumps({"type": "FeatureCollection", "features": features})


def test_areas_hang_together_by_the_shapes_of_towns(place):
    """001 lies beyond 200, so it cannot belong to 100 across it."""
    (place / "map.geojson").write_text(in_a_row("100", "200", "001", "002"), encoding="utf-8")
    words = ("--zones", place / "map.geojson", "--contiguous", *NAMED, *RULE)
    assert run("areas", place / "flows.csv", "-o", place / "a.csv", *words).exit_code == 0
    area = {r["town_id"]: r["area_id"] for r in rows(place / "a.csv")}
    assert area["001"] != "100"
    apart = run("areas", place / "flows.csv", "-o", place / "a.csv", *NAMED, *RULE)
    assert apart.exit_code == 0
    assert {r["town_id"]: r["area_id"] for r in rows(place / "a.csv")}["001"] == "100"


def test_areas_keep_within_divisions(place):
    (place / "towns.csv").write_text(
        "town_id,admin_code\n001,N\n002,S\n100,N\n200,N\n", encoding="utf-8"
    )
    words = ("--towns", place / "towns.csv", "--within-divisions", *NAMED, *RULE)
    assert run("areas", place / "flows.csv", "-o", place / "a.csv", *words).exit_code == 0
    assert {r["town_id"]: r["area_id"] for r in rows(place / "a.csv")}["002"] == ""


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((), '"home", "job", "people"'),
        (("--columns", "home,job"), "expected the headers, in this order"),
        ((*NAMED, "--min-workers", "0"), "min_workers"),
        ((*NAMED, "--min-workers", "20000"), "target_workers (10000) at most"),
        ((*NAMED, "--min-self-containment", "0.8"), "less than target_self_containment"),
        ((*NAMED, "--contiguous"), "expected --zones"),
        ((*NAMED, "--within-divisions"), "expected --towns"),
        ((*NAMED, "--centres", "101"), '"101" is not known; near names'),
        ((*NAMED, "--variant", "ttwa"), "ttwa"),
        ((*NAMED, "--towns", "nowhere.csv"), "nowhere.csv"),
    ],
)
def test_a_wrong_option_is_told_and_nothing_is_written(place, words, told):
    assert told in " ".join(refused(place, *words).split())


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("origin,destination,persons\n1,2,-5\n2,1,x\n", "2 faults"),
        ("origin,destination,persons\n1,2,5\n1,2,5\n", "1"),
        ("origin,destination,persons\n1,2,0\n2,1,0\n", "0"),
        ("origin,destination,persons\n", "at least one flow"),
        ("", "empty"),
    ],
)
def test_a_faulty_table_is_refused(place, text, told):
    (place / "flows.csv").write_text(text, encoding="utf-8")
    assert told in refused(place)


@pytest.mark.parametrize("option", ["--trace", "--stats", "-o"])
def test_results_never_overwrite_what_was_read_or_each_other(place, option):
    before = (place / "flows.csv").read_text(encoding="utf-8")
    assert "would overwrite" in refused(place, *NAMED, *RULE, option, place / "flows.csv")
    assert (place / "flows.csv").read_text(encoding="utf-8") == before
    if option != "-o":
        assert "would overwrite" in refused(place, *NAMED, *RULE, option, place / "areas.csv")


def test_old_results_stay_whole_when_a_new_run_fails(place):
    (place / "areas.csv").write_text("old", encoding="utf-8")
    (place / "stats").mkdir()
    refused(place, *NAMED, *RULE, "--stats", place / "stats")
    assert (place / "areas.csv").read_text(encoding="utf-8") == "old"


def test_nobody_travels_between_towns_is_an_answer(place):
    (place / "flows.csv").write_text("origin,destination,persons\n1,1,5\n2,2,7\n", "utf-8")
    result = run("areas", place / "flows.csv", "-o", place / "areas.csv")
    assert result.exit_code == 0
    assert "0 labour market areas" in result.output
    assert [r["status"] for r in rows(place / "areas.csv")] == ["no-flow", "no-flow"]
