"""``comarca project``: what it writes, tells and refuses."""

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

from comarca.cli import app
from comarca.report.projection_writing import FILES

FOUR_TOWNS = Path(__file__).parents[2] / "src" / "comarca" / "examples" / "four_towns"


@pytest.fixture
def region(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FOUR_TOWNS, tmp_path / "region"))


def run(*words: object):
    return CliRunner().invoke(app, ["project", *(str(word) for word in words)])


def test_every_file_is_written_and_they_agree(region: Path, tmp_path: Path):
    told = run(region, "-o", tmp_path / "out", "--draws", 50)

    assert told.exit_code == 0, told.output
    assert "68,000 people in 2020" in told.output
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(FILES)
    towns = pd.read_csv(tmp_path / "out" / "projection.csv")
    ages = pd.read_csv(tmp_path / "out" / "ages.csv")
    by_town = ages.groupby(["town_id", "year"])["persons"].sum()
    for row in towns.to_dict("records"):
        assert by_town[row["town_id"], row["year"]] == pytest.approx(row["persons"], abs=1e-3)
    book = load_workbook(tmp_path / "out" / "projection.xlsx")
    sheets = {"towns", "emptying", "by_year", "region", "changes", "inputs", "assumed"}
    assert set(book.sheetnames) == sheets


def test_the_page_marks_what_is_assumed_and_fetches_nothing(region: Path, tmp_path: Path):
    run(region, "-o", tmp_path / "out", "--draws", 50)

    page = (tmp_path / "out" / "projection.html").read_text(encoding="utf-8")
    assert "births are assumed, 1.9 children a woman" in page
    assert 'src="http' not in page
    assert "Cedar" in page
    assert page.count("<svg") == 3


def test_settings_of_the_study_hold_and_the_command_line_wins(region: Path, tmp_path: Path):
    (region / "study.toml").write_text("[projection]\nyears = 10\ntotal_fertility = 3.0\n")

    by_study = json.loads(run(region, "-o", tmp_path / "a", "--json").stdout)
    by_words = json.loads(run(region, "-o", tmp_path / "b", "--years", 20, "--json").stdout)

    assert (by_study["end_year"], by_words["end_year"]) == (2030, 2040)
    assert by_study["notes"][0].endswith("3 children a woman")
    assert by_words["notes"][0].endswith("3 children a woman")


def test_a_total_of_the_region_is_met(region: Path, tmp_path: Path):
    told = run(region, "-o", tmp_path / "out", "--region-total", "2050=70000", "--json")

    assert json.loads(told.stdout)["persons_at_end"] == pytest.approx(70_000)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--years", 7], "a multiple of age_width (5)"),
        (["--age-width", 3], "age_width"),
        (["--region-total", "2050"], "expected YEAR=PERSONS"),
        (["--region-total", "2090=5"], "years after 2020, up to 2050"),
        (["--base-year", 1950], "expected a year with a count"),
        (["--region-total", "2050=5", "--region-total", "2050=6"], "2050 twice"),
        (["--migration", "some"], "migration"),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_written(region, tmp_path, words, told):
    refused = run(region, "-o", tmp_path / "out", *words)

    assert refused.exit_code == 2
    assert told in refused.output
    assert not (tmp_path / "out").exists()


def test_results_do_not_go_among_the_inputs(region: Path):
    assert run(region, "-o", region).exit_code == 2
