"""``comarca diagnose`` as a planner types it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from comarca.cli import app


def run(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture
def region(tmp_path: Path) -> Path:
    run("examples", "four_towns", tmp_path / "region")
    return tmp_path / "region"


RULES = """\
[[rule_set]]
id = "MINE"
country = "*"
valid_from = 2020-01-01

[[rule_set.criterion]]
id = "few"
measure = "population"
below = 10000

[[rule_set.admission]]
criteria = ["few"]
"""


def test_it_tells_and_writes(region, tmp_path):
    result = run("diagnose", region, "-o", tmp_path / "out")

    assert result.exit_code == 0, result.output
    assert "2 grew, 2 shrank" in result.output
    assert f"Report: {tmp_path / 'out' / 'diagnosis.html'}" in result.output
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert {"diagnosis.html", "towns.html", "diagnosis.xlsx", "towns.csv", "kinds.svg"} <= names


def test_programs_read_rows_with_null_for_what_is_missing(region):
    told = json.loads(run("diagnose", region, "--json").stdout)

    assert [town["town_id"] for town in told["towns"]][:1] == ["cedar"]
    assert told["towns"][0]["stage"] is None
    assert told["growth"][0]["growth_multiple"] > 0
    assert told["rule_set"] == "LQ"
    assert {one["outcome"] for one in told["criteria"]} == {"not decidable"}
    assert told["agglomeration"][0]["refusal"]


def test_own_rules_are_taken(region, tmp_path):
    (tmp_path / "rules.toml").write_text(RULES)

    told = json.loads(run("diagnose", region, "--rules", tmp_path / "rules.toml", "--json").stdout)

    assert told["rule_set"] == "MINE"
    verdicts = {one["town_id"]: one["verdict"] for one in told["verdicts"]}
    assert verdicts["birch"] == "single-industry"
    assert verdicts["ash"] == "not single-industry"


def test_every_fault_of_own_rules_is_told_and_nothing_written(region, tmp_path):
    faulty = RULES.replace("below", "at_most_of").replace('"*"', '"everywhere"')
    (tmp_path / "rules.toml").write_text(faulty)

    result = run("diagnose", region, "-o", tmp_path / "out", "--rules", tmp_path / "rules.toml")

    assert result.exit_code == 2
    assert "rules.toml line 3: rule_set 1 country" in result.output
    assert "rules.toml line 9" in result.output
    assert not (tmp_path / "out").exists()


def test_rules_of_an_earlier_date(region):
    settings = region / "region.toml"
    settings.write_text(settings.read_text() + 'country = "RU"\n')

    told = json.loads(run("diagnose", region, "--on", "2015-01-01", "--json").stdout)

    assert told["rule_set"] == "RU-2014"


def test_settings_come_from_the_study(region):
    (region / "study.toml").write_text(
        "[readiness]\nremote_internet = 1\nremote_age = 0\nremote_skill = 0\n"
        '[status]\nrule_set = "RU-2009"\n'
    )

    told = json.loads(run("diagnose", region, "--json").stdout)

    assert told["rule_set"] == "RU-2009"
    ready = {one["town_id"]: one for one in told["readiness"]}
    known = [one for one in ready.values() if one["internet"] is not None]
    assert known
    assert all(one["remote_work"] == one["internet"] for one in known)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("--on", "soon"), "expected a date"),
        (("--ranked-by", "luck"), "expected one of growth"),
        (("--rules", "nowhere.toml"), "not readable"),
    ],
)
def test_what_cannot_be_is_refused(region, words, expected):
    result = run("diagnose", region, *words)

    assert result.exit_code == 2
    assert expected in result.output


def test_faults_of_the_study_are_told_together(region):
    (region / "study.toml").write_text(
        "[industry]\nsmoothing_years = 0\n[readiness]\nremote_internet = -1\n"
        '[status]\non = "soon"\nnational_unemployment_rate = 7\n'
    )

    result = run("diagnose", region)

    assert result.exit_code == 2
    for line in (2, 4, 6, 7):
        assert f"study.toml line {line}" in result.output


def test_results_among_the_inputs_are_refused(region):
    result = run("diagnose", region, "-o", region)

    assert result.exit_code == 2
    assert "is the folder of a region" in result.output


def test_the_people_are_projected_where_asked(region):
    (region / "study.toml").write_text("[projection]\ndraws = 40\nyears = 5\n")

    told = json.loads(run("diagnose", region, "--project", "--json").stdout)

    assert {row["year"] for row in told["projection"]} == {2020, 2025}
    assert "projection" not in json.loads(run("diagnose", region, "--json").stdout)
