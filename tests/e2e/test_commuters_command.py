"""``comarca commuters`` as a planner types it."""

import json

import pandas as pd
import pytest
from typer.testing import CliRunner

from comarca.cli import app


def run(*words):
    return CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture(scope="module")
def region(tmp_path_factory):
    place = tmp_path_factory.mktemp("commuters") / "region"
    assert run("examples", "four_towns", place).exit_code == 0
    return place


def test_it_prints_every_kind_of_answer(region):
    result = run("commuters", region)

    assert result.exit_code == 0, result.output
    assert "Birch: the largest group" in result.output
    assert "occupation craft, 260 persons (26%): daily in Ash (230) and Dale (30)." in result.output
    assert "Ash: nobody can say" in result.output


def test_it_writes_both_tables(region, tmp_path):
    table, places = tmp_path / "new" / "groups.csv", tmp_path / "new" / "places.csv"
    result = run("commuters", region, "-o", table, "--destinations", places)

    assert result.exit_code == 0, result.output
    assert f"Written: {table}" in result.output
    assert pd.read_csv(table).set_index("town_id").loc["birch", "persons"] == 260
    assert pd.read_csv(places)["persons"].sum() == 500 + 250 + 180
    assert sorted(path.name for path in table.parent.iterdir()) == ["groups.csv", "places.csv"]


def test_json_tells_a_program_what_is_unknown_as_null(region):
    told = json.loads(run("commuters", region, "--json").stdout)

    towns = {town["town_id"]: town for town in told["towns"]}
    assert towns["ash"]["groups"] == []
    assert towns["ash"]["unknown"] == 1_000
    assert towns["birch"]["groups"][0]["destinations"][0] == {
        "town_id": "ash",
        "town": "Ash",
        "period": "daily",
        "persons": 230,
    }


def test_a_region_without_flows_is_answered_too(region, tmp_path):
    place = tmp_path / "no-flows"
    run("examples", "four_towns", place)
    (place / "flows.csv").unlink()

    result = run("commuters", place, "--json")

    assert result.exit_code == 0, result.output
    town = json.loads(result.stdout)["towns"][0]
    assert (town["status"], town["out_commuters"]) == ("not counted", None)


def test_a_result_is_replaced_and_never_lands_among_the_inputs(region, tmp_path):
    out = tmp_path / "groups.csv"
    out.write_text("old", encoding="utf-8")

    assert run("commuters", region, "-q", "-o", out).output == ""
    assert out.read_text(encoding="utf-8").startswith("town_id,")
    for wrong, told in ((region / "groups.csv", "folder of a region"), (tmp_path, "is a folder")):
        result = run("commuters", region, "-o", wrong)
        assert result.exit_code == 2
        assert told in result.output
    assert not (region / "groups.csv").exists()


def test_two_tables_do_not_fit_in_one_file(region, tmp_path):
    result = run(
        "commuters", region, "-o", tmp_path / "t.csv", "--destinations", tmp_path / "t.csv"
    )

    assert result.exit_code == 2
    assert "a file for each" in result.output
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_skill_is_refused(region):
    result = run("commuters", region, "--least-skill", "phd")

    assert result.exit_code == 2
    assert "expected one of basic, secondary, higher" in result.output
