"""``comarca areas-by`` draws areas by other schools, from the same files."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from comarca.cli import app

FLOWS = """\
origin,destination,persons
01,01,40
01,10,60
02,02,30
02,20,20
10,10,900
10,20,30
10,01,10
20,20,700
20,10,40
"""


def run(*words: object) -> Result:
    return CliRunner().invoke(app, ["areas-by", *map(str, words)])


def area_of(path: Path) -> dict[str, str]:
    with path.open(encoding="utf-8", newline="") as file:
        return {row["town_id"]: row["area_id"] for row in csv.DictReader(file)}


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "flows.csv").write_text(FLOWS, encoding="utf-8")
    (tmp_path / "towns.csv").write_text(
        "town_id,population\n01,200\n02,100\n10,60000\n20,50000\n", encoding="utf-8"
    )
    return tmp_path


EXPECTED = {"01": "10", "02": "20", "10": "10", "20": "20"}


@pytest.mark.parametrize(
    "words",
    [
        ("functional-urban", "--cores", "10,20"),
        ("functional-urban", "--towns", "TOWNS"),
        ("intramax", "--n-areas", "2"),
        ("commuting-zones", "--cut-height", "0.8"),
    ],
)
def test_each_town_is_put_to_the_city_it_commutes_to(place, words):
    school, *options = (str(place / "towns.csv") if word == "TOWNS" else word for word in words)
    result = run(school, place / "flows.csv", "-o", place / "areas.csv", *options)
    assert result.exit_code == 0, result.output
    assert area_of(place / "areas.csv") == EXPECTED


def test_a_higher_threshold_leaves_a_town_out(place):
    """Of the fifty workers of 02 twenty commute to 20."""
    words = ("--cores", "10,20", "--min-commuting-share", "0.41", "--json")
    result = run("functional-urban", place / "flows.csv", "-o", place / "areas.csv", *words)
    assert json.loads(result.stdout)["towns"] == {"core": 2, "member": 1, "outside": 1}
    assert area_of(place / "areas.csv")["02"] == ""


def test_the_sequence_of_fusions_is_written(place):
    words = ("--fusions", place / "fusions.csv", "--stats", place / "stats.csv")
    assert run("intramax", place / "flows.csv", "-o", place / "a.csv", *words).exit_code == 0
    with (place / "fusions.csv").open(encoding="utf-8", newline="") as file:
        assert [row["n_areas"] for row in csv.DictReader(file)] == ["3", "2", "1"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("functional-urban",), "expected --cores, or --towns with a column population"),
        (("functional-urban", "--cores", "11"), '"11" is not known'),
        (
            ("functional-urban", "--towns", "TOWNS", "--min-core-population", "70000"),
            "no town has 70,000 inhabitants",
        ),
        (("functional-urban", "--cores", "10", "--min-commuting-share", "15"), "less than"),
        (("intramax", "--n-areas", "2", "--intrazonal-share", "0.5"), "nothing beside n_areas"),
        (("intramax", "--contiguous"), "expected --zones"),
        (("commuting-zones", "--cut-height", "1"), "cut_height"),
    ],
)
def test_what_cannot_be_drawn_is_refused_and_nothing_is_written(place, words, told):
    school, *options = (str(place / "towns.csv") if word == "TOWNS" else word for word in words)
    before = sorted(place.iterdir())
    result = run(school, place / "flows.csv", "-o", place / "areas.csv", *options)
    assert result.exit_code == 2, result.output
    assert told in " ".join(result.output.split())
    assert sorted(place.iterdir()) == before
