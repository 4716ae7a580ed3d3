"""The commands as a planner types them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from comarca.cli import app


def run(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


def refused(*words: object) -> str:
    """What the command says on refusing; it must end with exit code 2 and no traceback."""
    result = run(*words)
    assert result.exit_code == 2, result.output
    assert "Traceback" not in result.output
    return result.output


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result]:
    """The small example, planned."""
    place = tmp_path_factory.mktemp("four")
    assert run("examples", "four_towns", place / "region").exit_code == 0
    result = run("plan", place / "region", "-o", place / "out", "--json")
    assert result.exit_code == 0, result.output
    return place / "out", result


def test_plan_writes_every_result_and_nothing_else(planned):
    out, _ = planned

    assert sorted(path.name for path in out.iterdir()) == [
        "areas.csv",
        "manifest.json",
        "plan.gpkg",
        "plan.json",
        "plan.xlsx",
        "report.html",
        "report.pdf",
        "routes.csv",
        "ties.csv",
        "workshops.csv",
    ]
    assert [path.name for path in out.parent.iterdir() if path.name.startswith(".")] == []


def test_plan_tells_a_program_the_money_the_bound_and_the_gap(planned):
    _, result = planned

    told = json.loads(result.stdout)

    assert told["towns"] == 4
    assert told["bound_per_year"] >= told["value_per_year"] > 0
    gap = (told["bound_per_year"] - told["value_per_year"]) / told["bound_per_year"]
    assert told["gap"] == pytest.approx(gap)
    assert told["workers"] == told["headline"]["jobs_brought_home"]


def test_the_manifest_names_inputs_parameters_seed_and_versions(planned):
    out, _ = planned

    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))

    assert len(manifest["inputs"]["towns.csv"]) == 64
    assert manifest["seed"] == 1
    assert manifest["versions"]["comarca"]
    assert manifest["parameters"]["travel"]["car_circuity"] >= 1


def test_the_same_study_gives_the_same_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    run("examples", "four_towns", tmp_path / "region")
    for out in ("one", "two"):
        assert run("plan", tmp_path / "region", "-o", tmp_path / out, "-q").exit_code == 0

    for name in ("plan.json", "report.html", "routes.csv", "manifest.json", "plan.xlsx"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_quiet_says_nothing(tmp_path: Path):
    run("examples", "four_towns", tmp_path / "region")

    assert run("plan", tmp_path / "region", "-o", tmp_path / "out", "--quiet").output == ""


def test_an_interrupted_plan_leaves_the_old_results_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    run("examples", "four_towns", tmp_path / "region")
    out = tmp_path / "out"
    out.mkdir()
    (out / "plan.json").write_text("old")

    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("comarca.report.write_report", interrupted)
    result = run("plan", tmp_path / "region", "-o", out)

    assert result.exit_code == 130
    assert [path.name for path in out.iterdir()] == ["plan.json"]
    assert (out / "plan.json").read_text() == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "region"]


def test_a_study_with_an_unknown_setting_is_refused_and_nothing_written(tmp_path: Path):
    run("examples", "four_towns", tmp_path / "region")
    (tmp_path / "region" / "study.toml").write_text(
        "[travel]\ncar_circuitry = 1.2\n[prices]\nhours_per_day = 25\n[frieght]\n"
    )

    told = refused("plan", tmp_path / "region", "-o", tmp_path / "out")

    assert "car_circuitry is not a setting of TravelParams" in told
    assert "hours_per_day is 25" in told
    assert "line 5: [frieght] is not a section" in told
    assert "line 2: [travel] car_circuitry" in told
    assert not (tmp_path / "out").exists()
    assert "car_circuitry" in refused("check", tmp_path / "region")


def test_a_base_in_an_unknown_town_is_refused_with_the_nearest_name(tmp_path: Path):
    run("examples", "four_towns", tmp_path / "region")
    for table in ("enterprises", "processes", "vehicles"):
        (tmp_path / "region" / f"{table}.csv").unlink()
    (tmp_path / "region" / "study.toml").write_text('[completion]\nbase_towns = ["birhc"]\n')

    assert "birch" in refused("plan", tmp_path / "region", "-o", tmp_path / "out")


def test_init_makes_a_region_that_checks_clean(tmp_path: Path):
    made = run("init", tmp_path / "fiji", "--country", "FJ")

    assert made.exit_code == 0, made.output
    assert "GeoNames" in made.output
    assert run("check", tmp_path / "fiji").exit_code == 0


def test_init_refuses_one_town_and_unknown_or_ambiguous_names(tmp_path: Path):
    assert "at least two" in refused("init", tmp_path / "a", "--country", "VA")
    assert "Oaxaca" in refused("init", tmp_path / "b", "--country", "MX", "--division", "Oaxca")
    assert "Mexico" in refused("init", tmp_path / "c", "--country", "Mexixo")
    assert list(tmp_path.iterdir()) == []


def test_init_never_writes_over_a_folder_in_use(tmp_path: Path):
    (tmp_path / "towns.csv").write_text("mine")

    assert "exists already" in refused("init", tmp_path, "--country", "FJ")
    assert (tmp_path / "towns.csv").read_text() == "mine"


@pytest.mark.parametrize("kind", [[], ["--xlsx"]])
def test_template_gives_tables_that_say_what_is_missing(tmp_path: Path, kind: list[str]):
    assert run("template", tmp_path / "new", *kind).exit_code == 0

    refused("check", tmp_path / "new")


def test_examples_lists_and_refuses_what_it_does_not_have(tmp_path: Path):
    listed = run("examples")

    assert "four_towns" in listed.output
    assert "oaxaca" in listed.output
    assert "four_towns" in refused("examples", "five_towns", tmp_path / "x")
    assert "say where to" in refused("examples", "oaxaca")


def test_the_misprint_of_the_source_paper_is_told_and_left_as_it_is(tmp_path: Path):
    run("examples", "oaxaca", tmp_path / "region")

    checked = run("check", tmp_path / "region")

    assert checked.exit_code == 0
    assert "5808" in checked.output.replace(",", "").replace(" ", "")


def test_a_region_that_is_not_there_is_refused(tmp_path: Path):
    assert "nowhere" in refused("plan", tmp_path / "nowhere", "-o", tmp_path / "out")
    assert "nowhere" in refused("check", tmp_path / "nowhere")


def test_diagnose_tells_growth(tmp_path: Path):
    run("examples", "four_towns", tmp_path / "region")

    assert "grow" in run("diagnose", tmp_path / "region").output
    assert json.loads(run("diagnose", tmp_path / "region", "--json").stdout)["growth"]


def test_every_fault_of_a_study_is_told_with_its_line_and_once(tmp_path: Path):
    run("examples", "four_towns", tmp_path / "region")
    (tmp_path / "region" / "study.toml").write_text(
        "[study]\nseed = -1\n[commuting]\ndaily_limit_min = -5\n"
        '[completion]\nbase_towns = ["asch", "brich"]\n'
    )

    told = refused("check", tmp_path / "region", "--json")

    faults = {(one["place"], one["value"]) for one in json.loads(told)["faults"]}
    assert faults == {
        ("study.toml line 2", "-1"),
        ("study.toml line 4", "-5"),  # the comparison shares it, and does not tell it again
        ("study.toml line 6", '"asch"'),
        ("study.toml line 6", '"brich"'),
    }


def test_check_tells_a_base_town_without_an_enterprise(tmp_path: Path):
    run("examples", "four_towns", tmp_path / "region")
    (tmp_path / "region" / "study.toml").write_text('[completion]\nbase_towns = ["birch"]\n')

    assert "base_towns is birch" in refused("check", tmp_path / "region")
    assert "base_towns is birch" in refused("plan", tmp_path / "region", "-o", tmp_path / "out")


def test_a_study_that_is_not_there_is_refused(tmp_path: Path):
    run("examples", "four_towns", tmp_path / "region")
    (tmp_path / "other").mkdir()

    for study in ("none.toml", "other"):
        words = ("plan", tmp_path / "region", "-o", tmp_path / "out", "--study", tmp_path / study)
        assert study in refused(*words)
    assert not (tmp_path / "out").exists()


def test_results_never_go_among_the_inputs(tmp_path: Path):
    """Next time plan.xlsx and plan.gpkg would be read as tables of the region."""
    run("examples", "four_towns", tmp_path / "region")
    before = sorted((tmp_path / "region").iterdir())

    told = refused("plan", tmp_path / "region", "-o", tmp_path / "region")

    assert "folder of its own" in told
    assert sorted((tmp_path / "region").iterdir()) == before


def test_letters_the_stream_does_not_know_are_escaped_and_stop_nothing(tmp_path: Path):
    import os
    import subprocess
    import sys

    region = tmp_path / "日本"
    run("examples", "four_towns", region)
    environment = os.environ | {"PYTHONIOENCODING": "cp1252"}
    command = [sys.executable, "-c", "from comarca.cli import app; app()", "check", str(region)]

    text = subprocess.run(command, env=environment, capture_output=True, check=True)
    plain = subprocess.run([*command, "--json"], env=environment, capture_output=True, check=True)

    assert b"0 faults" in text.stdout
    assert json.loads(plain.stdout)["place"] == str(region)


def test_a_figure_that_does_not_exist_is_null_for_a_program(planned):
    """No commuter changes work in this plan, so no commuter's family saves."""
    _, result = planned

    assert json.loads(result.stdout)["headline"]["family_saving_per_year"] is None


def test_a_cache_that_cannot_be_kept_is_told_as_a_sentence(tmp_path: Path):
    import os
    import subprocess
    import sys

    (tmp_path / "file").write_text("no folder")
    environment = os.environ | {"XDG_CACHE_HOME": str(tmp_path / "file")}
    command = [sys.executable, "-c", "from comarca.cli import app; app()", "init"]
    words = [str(tmp_path / "fiji"), "--country", "FJ"]

    told = subprocess.run(
        [*command, *words], env=environment, capture_output=True, text=True, check=True
    ).stderr

    (line,) = (line for line in told.splitlines() if "XDG_CACHE_HOME" in line)
    assert line.startswith("warning: The gazetteer could not be kept")
    assert ".py" not in told


def test_a_plan_withheld_is_no_fault_of_the_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    from comarca.errors import FaultyPlanError

    run("examples", "four_towns", tmp_path / "region")

    def withheld(*_: object, **__: object) -> None:
        raise FaultyPlanError(["truck 1: overloaded"])

    monkeypatch.setattr("comarca.study.make_plan", withheld)
    result = run("plan", tmp_path / "region", "-o", tmp_path / "out")

    assert result.exit_code == 1
    assert "truck 1: overloaded" in result.output
    assert "Traceback" not in result.output
    assert not (tmp_path / "out").exists()


def test_check_tells_a_year_of_diagnosis_without_a_count(tmp_path: Path):
    run("examples", "four_towns", tmp_path / "region")
    (tmp_path / "region" / "study.toml").write_text("[diagnosis]\nyear_from = 1990\n")

    assert "year_from is 1990" in refused("check", tmp_path / "region")
