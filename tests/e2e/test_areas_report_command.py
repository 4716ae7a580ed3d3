"""``comarca areas --report`` as a statistician types it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pyogrio
import pytest
from typer.testing import CliRunner, Result

from comarca.cli import app
from comarca.report import AREA_FILES

FLOWS = """\
origin,destination,persons
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
TOWNS = (
    "town_id,name,lat,lon\n001,Ash,45,10\n002,Birch,45,10.3\n100,Cedar,45,10.1\n200,Dale,45,10.2\n"
)
RULE = ("--min-workers", 100, "--target-workers", 1000, "--min-self-containment", 0.6)


def run(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "flows.csv").write_text(FLOWS, encoding="utf-8")
    (tmp_path / "towns.csv").write_text(TOWNS, encoding="utf-8")
    return tmp_path


def published(place: Path, *words: object) -> Result:
    return run(
        *("areas", place / "flows.csv", "-o", place / "areas.csv", *RULE),
        *("--towns", place / "towns.csv", "--report", place / "out", *words),
    )


def files_of(place: Path) -> list[str]:
    return sorted(path.name for path in place.rglob("*"))


def test_the_report_stands_beside_the_table(place):
    result = published(place, "--title", "Areas of Nowhere")

    assert result.exit_code == 0, result.output
    assert f"Report: {place / 'out' / 'areas.html'}" in result.output
    assert sorted(path.name for path in (place / "out").iterdir()) == sorted(AREA_FILES)
    page = (place / "out" / "areas.html").read_text(encoding="utf-8")
    assert "<h1>Areas of Nowhere</h1>" in page
    assert re.search(r"Commuters: flows\.csv, SHA-256 [0-9a-f]{64}\.", page)
    assert "List of towns: towns.csv" in page
    assert not list(place.rglob(".*"))


def test_a_date_is_told_where_it_is_set(place, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    assert published(place).exit_code == 0

    assert "14 November 2023" in (place / "out" / "areas.html").read_text(encoding="utf-8")


def test_a_program_is_told_where_the_report_is(place):
    told = json.loads(published(place, "--json").stdout)

    assert told["files"]["report"] == str(place / "out")


def test_official_areas_stand_beside(place):
    (place / "official.csv").write_text("town,area\n001,A\n002,B\n100,A\n200,A\nfar,B\n", "utf-8")
    result = published(place, "--official", place / "official.csv")

    assert result.exit_code == 0, result.output
    page = (place / "out" / "areas.html").read_text(encoding="utf-8")
    assert "This report and the official areas side by side" in page
    assert "Official areas: official.csv" in page


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("-o", "out/areas.html"), "would overwrite"),
        (("--stats", "out/areas.xlsx"), "would overwrite"),
        (("--report", "flows.csv"), "is a file"),
        (("--official", "nowhere.csv"), "nowhere.csv"),
    ],
)
def test_what_cannot_be_published_is_refused_and_nothing_written(place, words, told, monkeypatch):
    monkeypatch.chdir(place)
    before = files_of(place)
    result = published(place, *words)

    assert result.exit_code == 2, result.output
    assert told in " ".join(result.output.split())
    assert files_of(place) == before


def test_how_sure_areas_are_is_told_when_asked_for(place):
    assert published(place, "--draws", 20).exit_code == 0

    page = (place / "out" / "areas.html").read_text(encoding="utf-8")
    assert "How sure the areas are" in page
    assert 'id="map-certainty-title"' in page


@pytest.mark.parametrize("words", [("--official", "official.csv"), ("--draws", 20)])
def test_what_only_a_report_shows_needs_one(words, place):
    result = run("areas", place / "flows.csv", "-o", place / "areas.csv", *words, *RULE)

    assert result.exit_code == 2
    assert f"{words[0]}: for the report; expected --report DIR" in result.output
    assert not (place / "areas.csv").exists()


def test_inputs_are_never_replaced_by_a_report(place):
    """A census table may well be called areas.xlsx, and lie where the report is to go."""
    (place / "out").mkdir()
    (place / "out" / "areas.xlsx").write_bytes(b"a census")
    result = run(
        *("areas", place / "out" / "areas.xlsx", "-o", place / "a.csv"),
        *("--report", place / "out"),
    )
    assert result.exit_code == 2
    assert (place / "out" / "areas.xlsx").read_bytes() == b"a census"


@pytest.mark.slow
def test_sardinia_is_published_with_its_map(shared_dir, tmp_path):
    """37 areas of 377 municipalities, two of which the last towns of the reserve spoilt."""
    flows = shared_dir / "reference" / "labour_market_areas" / "flows"
    result = run(
        *("areas", flows / "sardinia.csv", "-o", tmp_path / "areas.csv"),
        *("--zones", flows / "sardinia_municipalities.geojson"),
        *("--zone-columns", "PRO_COM,NOME_COM", "--towns", flows / "sardinia_names.csv"),
        *("--report", tmp_path / "out", "--title", "Labour market areas of Sardinia, 2001"),
    )
    assert result.exit_code == 0, result.output
    page = (tmp_path / "out" / "areas.html").read_text(encoding="utf-8")
    assert "37 labour market areas of 377 towns." in page
    assert "2 areas do not meet the rule any more: Silius (92079) and Sarroch (92066)" in page
    assert len(page.encode()) < 1_000_000
    areas = pyogrio.read_dataframe(tmp_path / "out" / "areas.gpkg", layer="areas")
    assert len(areas) == 37
    assert areas["residents"].sum() == 391_395
    assert areas["colour"].nunique() <= 6
