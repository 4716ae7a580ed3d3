"""``comarca ranks`` as a planner types it."""

import json
import shutil

import pandas as pd
import pytest
from typer.testing import CliRunner

from comarca.cli import app
from comarca.commuting import RankParams
from comarca.io import write_region
from rank_world import around_a_city, logarithmic, zipf


def run(*words):
    return CliRunner().invoke(app, [str(word) for word in words])


def refused(*words):
    result = run(*words)
    assert result.exit_code == 2, result.output
    assert "Traceback" not in result.output
    return result.output


@pytest.fixture(scope="module")
def region(tmp_path_factory):
    """A city with twenty satellites that share one pool, and a hundred towns elsewhere."""
    made = around_a_city(logarithmic(20, 40_000).round(), zipf(100, 200_000).round())
    return write_region(made, tmp_path_factory.mktemp("ranks") / "region")


@pytest.fixture(scope="module")
def with_flows(tmp_path_factory):
    """The same, where everybody near the city works in it, and the others in their largest."""
    made = around_a_city(logarithmic(20, 40_000).round(), zipf(100, 200_000).round())
    head_of = {town: "o1" if town.startswith("o") else "city" for town in made.town_ids}
    people = made.towns["population"]
    flows = [(town, town, 0.5 * people[town]) for town in made.town_ids]
    flows += [(town, head, 0.4 * people[town]) for town, head in head_of.items() if town != head]
    place = tmp_path_factory.mktemp("flows") / "region"
    write_region(made, place)
    table = pd.DataFrame(flows, columns=["origin", "destination", "persons"])
    table.to_csv(place / "flows.csv", index=False)
    return place


def test_it_prints_each_circle_with_and_without_the_centre(region):
    result = run("ranks", region, "--centre", "city", "--radii", "20,12", "--draws", "199")

    assert result.exit_code == 0, result.output
    assert "City, itself left out; log population; 199 draws from 120 towns" in result.output
    assert result.output.count("12 km: ") == 2
    assert result.output.index("12 km") < result.output.index("20 km")
    assert "no proof of an agglomeration" in result.output


def test_it_writes_page_chart_and_tables(region, tmp_path):
    result = run("ranks", region, "--centre", "city", "--draws", "99", "-o", tmp_path / "out")

    assert result.exit_code == 0, result.output
    assert f"Written: {tmp_path / 'out' / 'ranks.html'}" in result.output
    table = pd.read_csv(tmp_path / "out" / "rank_profile.csv")
    assert set(table["radius_km"]) == {25, 50, 75, 100, 125, 150}


def test_json_tells_a_program_everything_and_nothing_else(region):
    words = ("--centre", "city", "--radii", "5,20", "--space", "linear", "--draws", "99")
    result = run("ranks", region, *words, "--json")

    told = json.loads(result.stdout)["profiles"]
    assert [profile["core"] for profile in told] == ["without", "with"]
    assert told[0]["space"] == "linear"
    few, enough = told[0]["circles"]
    assert few["p"] is None
    assert "too few" in few["note"]
    assert 0 < enough["p"] <= told[0]["circles"][1]["p_adjusted"]
    assert told[0]["p_overall"] == enough["p_adjusted"]


def test_what_nobody_sets_is_what_python_takes(region):
    told = json.loads(run("ranks", region, "--centre", "city", "--json").stdout)["profiles"][0]
    params = RankParams()

    assert (told["space"], told["draws"], told["seed"]) == (params.space, params.draws, params.seed)
    assert [circle["radius"] for circle in told["circles"]] == list(params.radii_km)


def test_the_same_seed_gives_the_same_files(region, tmp_path):
    for out in ("one", "two"):
        words = ("--centre", "city", "--draws", "99", "--seed", "7", "-q", "-o", tmp_path / out)
        assert run("ranks", region, *words).output == ""

    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()


def test_by_time_minutes_count(region):
    result = run("ranks", region, "--centre", "city", "--by", "time", "--draws", "99", "--json")

    profile = json.loads(result.stdout)["profiles"][0]
    assert profile["way"] == "bus (circle)"
    assert [circle["radius"] for circle in profile["circles"]] == [30, 45, 60, 75, 90, 120]


def test_a_currency_of_unknown_rate_does_not_matter(region, tmp_path):
    copy = shutil.copytree(region, tmp_path / "region")
    with (copy / "region.toml").open("a", encoding="utf-8") as file:
        file.write('\ncountry = "XK"\n')
    text = (copy / "region.toml").read_text(encoding="utf-8")
    text = text.replace('currency = "USD"', 'currency = "ALL"').replace(
        "usd_exchange_rate", "# rate"
    )
    (copy / "region.toml").write_text(text, encoding="utf-8")

    result = run("ranks", copy, "--centre", "city", "--draws", "99", "-q")

    assert result.exit_code == 0, result.output


def test_areas_are_those_of_the_counted_flows(with_flows, tmp_path):
    result = run("ranks", with_flows, "--areas", "--draws", "199", "-o", tmp_path / "out")

    assert result.exit_code == 0, result.output
    table = pd.read_csv(tmp_path / "out" / "rank_areas.csv")
    without = table[table["core"] == "without"].set_index("area_id")
    assert without.loc["city", "n_towns"] == 20
    assert without.loc["city", "p"] < 0.05
    assert "illustrations" not in result.output


def test_areas_of_estimated_flows_are_called_illustrations(region):
    result = run("ranks", region, "--areas", "--draws", "99")

    assert result.exit_code == 0, result.output
    assert "Commuter flows are estimated, so the areas are illustrations." in result.output


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((), "expected --centre TOWN_ID"),
        (("--centre", "City"), "expected a code from towns: city"),
        (("--centre", "ciyt"), "near names: city"),
        (("--centre", "city", "--radii", "5;6"), "numbers with commas between"),
        (("--centre", "city", "--radii", "-5"), "above 0"),
        (("--centre", "city", "--radii", "inf"), "radii_km"),
        (("--centre", "city", "--by", "foot"), "expected distance or time"),
        (("--centre", "city", "--space", "cubic"), "'linear' or 'log'"),
        (("--centre", "city", "--draws", "5"), "draws is 5"),
        (("--centre", "city", "--seed", "-1"), "seed is -1"),
    ],
)
def test_what_cannot_be_answered_is_refused(region, words, told):
    assert told in refused("ranks", region, *words)


def test_results_never_go_among_the_inputs(region):
    before = sorted(region.iterdir())

    assert "folder of a region" in refused("ranks", region, "--centre", "city", "-o", region)
    assert sorted(region.iterdir()) == before
