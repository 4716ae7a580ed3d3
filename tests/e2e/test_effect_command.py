"""``comarca effect`` as a planner types it."""

import json
import shutil

import pandas as pd
import pytest
from typer.testing import CliRunner

from comarca.cli import app
from comarca.io import write_region
from effect_worlds import region_with_university


def run(*words):
    return CliRunner().invoke(app, ["effect", *(str(word) for word in words)])


@pytest.fixture(scope="module")
def region(tmp_path_factory):
    place = tmp_path_factory.mktemp("effect") / "ways"
    write_region(region_with_university(), place)
    return place


def test_an_effect_is_told_and_written(region, tmp_path):
    out = tmp_path / "out"
    result = run(region, "--town", "t00", "-o", out)

    assert result.exit_code == 0, result.output
    assert "Town 0, university 2000: estimated" in result.output
    assert "more people on average" in result.output
    names = {path.name for path in out.iterdir()}
    assert names >= {
        "effect.html",
        "effect.json",
        "effect.csv",
        "donors.csv",
        "placebos.csv",
        "placebos_in_time.csv",
        "without_one_donor.csv",
        "ranks.csv",
        "comparable_towns.csv",
        "six_ways.csv",
        "paths.svg",
        "gaps.svg",
        "growth.svg",
    }
    donors = pd.read_csv(out / "donors.csv").set_index("unit")["weight"]
    assert donors[["t01", "t02"]].tolist() == pytest.approx([0.5, 0.5], abs=0.1)
    page = (out / "effect.html").read_text(encoding="utf-8")
    assert "Town 0: university opened in 2000" in page
    assert "http" not in page.replace("http://www.w3.org", "")  # it fetches nothing
    assert not list(tmp_path.glob(".*unfinished*"))


def test_json_tells_the_same_and_knows_no_endless_number(region, tmp_path):
    out = tmp_path / "out"
    result = run(region, "--town", "t00", "-o", out, "--json")

    told = json.loads(result.output, parse_constant=lambda name: pytest.fail(name))
    twin = json.loads((out / "effect.json").read_text(encoding="utf-8"))
    assert {key: told[key] for key in twin} == twin
    assert told["status"] == "estimated"
    assert told["effect"]["p"] == pytest.approx(1 / 30)
    assert told["effect"]["mean_effect"] == pytest.approx(0.25, abs=0.03)
    assert told["tables"]["placebos"][0]["unit"] == "t00"
    assert "demography.effects.size_ratio" in told["assumed"]


@pytest.mark.parametrize("method", ["covariates", "augmented"])
def test_other_methods_find_it_too(region, method):
    result = run(region, "--town", "t00", "--method", method, "--json")

    assert result.exit_code == 0, result.output
    told = json.loads(result.output)
    assert told["effect"]["mean_effect"] == pytest.approx(0.25, abs=0.06)
    assert (told["effect"]["penalty"] is not None) == (method == "augmented")
    assert bool(told["effect"]["predictors"]) == (method == "covariates")


def test_numbers_are_told_as_numbers(region, tmp_path):
    """A quarter more than some 23,000 people."""
    out = tmp_path / "out"
    result = run(region, "--town", "t00", "--scale", "level", "--json", "-o", out)

    told = json.loads(result.output)["effect"]
    assert told["mean_effect"] == told["mean_gap"] == pytest.approx(5_800, rel=0.15)
    assert "They are compared by numbers." in (out / "effect.html").read_text(encoding="utf-8")


def test_jobs_after_a_closing(region):
    """Told for another town, to which nothing happened: no effect beyond chance."""
    result = run(
        region,
        "--town",
        "t09",
        "--year",
        1990,
        "--event",
        "closing",
        "--kind",
        "paper mill",
        "--outcome",
        "employment",
        "--without",
        "t00",
        "--json",
    )

    assert result.exit_code == 0, result.output
    told = json.loads(result.output)
    assert (told["event"], told["kind"], told["outcome"]) == ("closing", "paper mill", "jobs")
    assert told["effect"]["p"] > 0.05
    assert told["not_donors"] == {"with such an event of their own": 1}
    assert "six_ways" not in told["tables"]


def test_a_refusal_is_a_result(region, tmp_path):
    """Too few counts before: no effect is told, the rank is, and the exit code is 0."""
    out = tmp_path / "out"
    result = run(region, "--town", "t00", "--year", 1962, "-o", out)

    assert result.exit_code == 0, result.output
    assert "refused" in result.output
    assert "only once before 1962 was Town 0 counted (the series begins in 1960)" in result.output
    assert "rank" in result.output
    told = json.loads((out / "effect.json").read_text(encoding="utf-8"))
    assert (told["status"], told["effect"]) == ("refused", None)
    assert not (out / "paths.svg").exists()
    assert (out / "growth.svg").exists()


def test_an_event_without_a_name_is_called_nothing_else(region, tmp_path):
    """Nothing tells what closed, or where else something did, and the page claims neither."""
    told = ["--town", "t09", "--year", 1962, "--event", "closing", "-o", tmp_path / "out"]
    named = run(region, *told, "--without", "t00")
    alone = run(region, *told)

    blind = "no table tells of closings, and no town was named: donors may have had such an event"
    assert blind in alone.output
    assert blind not in named.output
    page = (tmp_path / "out" / "effect.html").read_text(encoding="utf-8")
    assert "Town 9: closing of 1962" in page
    assert "plant" not in page


def test_few_comparable_towns_are_refused(region):
    result = run(region, "--town", "t00", "--size-ratio", 1.001)

    assert result.exit_code == 0, result.output
    assert "comparable town" in result.output
    assert "5 are needed" in result.output


def test_few_counts_are_weak(region):
    result = run(region, "--town", "t00", "--year", 1964, "--until", 1990, "--json")

    told = json.loads(result.output)
    assert told["status"] == "weak"
    assert told["years"][-1] == 1990
    assert "it rests on 2 counts before 1964" in told["reasons"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--town", "t99"), '"t99" is not known'),
        (("--town", "t05"), "no year is given for Town 5 (t05); expected the year of the opening"),
        (("--town", "t00", "--event", "closing"), "expected the year of the closing"),
        (("--town", "t00", "--until", "1950"), "no count lies in 1950 or before"),
        (("--town", "t00", "--without", "t01,nowhere"), '"nowhere" is not known'),
        (("--town", "t00", "--isic", "C"), 'an industry ("C") is named'),
        (
            ("--town", "t00", "--outcome", "employment", "--isic", "P"),
            'no jobs are told of industry "P"; expected one of C',
        ),
        (("--town", "t00", "--size-ratio", "0.5"), "size_ratio"),
        (("--town", "t00", "--min-donors", "40"), "weak_donors is 18"),
    ],
)
def test_faults_end_with_2_and_write_nothing(region, tmp_path, words, told):
    out = tmp_path / "out"
    result = run(region, *words, "-o", out)

    assert result.exit_code == 2, result.output
    assert told in result.output
    assert "Traceback" not in result.output
    assert not out.exists()


def test_a_region_without_counts_is_refused(region, tmp_path):
    bare = tmp_path / "bare"
    shutil.copytree(region, bare)
    (bare / "population.csv").unlink()

    result = run(bare, "--town", "t00")

    assert result.exit_code == 2
    assert "the region has no table population" in result.output


def test_results_never_go_among_the_inputs(region):
    result = run(region, "--town", "t00", "-o", region)

    assert result.exit_code == 2
    assert "folder of a region" in result.output
