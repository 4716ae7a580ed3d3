"""Two delineations set side by side as a planner types it."""

import json
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner, Result

from comarca.cli import app
from comarca.commuting import delineate_areas, delineate_commuting_zones
from flow_worlds import reference_flows

OURS = "town_id,area_id,status\n001,001,core\n002,001,member\n003,003,core\n004,,unassigned\n"
THEIRS = "code;zone\n001;A\n002;B\n003;B\n004;B\n"
TOWNS = "id,name,lat,lon,population\n" + "".join(
    f"00{n},Town {n},47.{n},20.{n},{n}000\n" for n in range(1, 5)
)


def run(*words: object) -> Result:
    return CliRunner().invoke(app, ["compare-areas", *map(str, words)])


def refused(*words: object) -> str:
    """What the command says on refusing: exit code 2, no traceback."""
    result = run(*words)
    assert result.exit_code == 2, result.output
    assert "Traceback" not in result.output
    return result.output


@pytest.fixture
def files(tmp_path: Path) -> Path:
    for name, content in (("ours", OURS), ("theirs", THEIRS), ("list", TOWNS)):
        (tmp_path / f"{name}.csv").write_text(content, encoding="utf-8")
    return tmp_path


def test_two_tables_and_a_list_of_towns_give_tables_a_page_and_maps(files: Path):
    result = run(
        files / "ours.csv", files / "theirs.csv", "--towns", files / "list.csv", "-o", files / "out"
    )

    assert result.exit_code == 0, result.output
    assert "2 areas against 2; 3 towns of 4 compared" in result.output
    assert "by persons" in result.output
    assert sorted(path.name for path in (files / "out").iterdir()) == [
        "areas.csv",
        "comparison.html",
        "differences.gpkg",
        "differences.svg",
        "overlap.csv",
        "towns.csv",
    ]
    towns = pd.read_csv(files / "out" / "towns.csv", dtype=str, keep_default_na=False)
    assert towns.set_index("town_id")["difference"].to_dict() == {
        "001": "stays",
        "002": "moves",
        "003": "stays",
        "004": "gains",
    }
    page = (files / "out" / "comparison.html").read_text(encoding="utf-8")
    assert "<h1>ours and theirs</h1>" in page


def test_a_program_gets_json_and_nothing_else(files: Path):
    result = run(
        files / "ours.csv",
        files / "theirs.csv",
        "-o",
        files / "out",
        "--json",
        "--unassigned-alone",
    )

    told = json.loads(result.stdout)
    assert (told["a"], told["b"]) == ("ours", "theirs")
    assert told["towns_compared"] == 4
    assert told["by_person"] is None
    assert told["towns_by_difference"] == {"stays": 2, "moves": 1, "gains": 1}
    assert all(Path(path).is_file() for path in told["files"])


def test_figures_that_do_not_exist_are_null_for_a_program(files: Path):
    (files / "none.csv").write_text("town_id,area_id\n001,\n002,\n003,\n004,\n")

    result = run(files / "ours.csv", files / "none.csv", "-o", files / "out", "--json")

    assert json.loads(result.stdout)["by_town"]["adjusted_rand"] is None


def test_everything_wrong_with_either_table_is_told_and_nothing_is_written(files: Path):
    (files / "bad.csv").write_text("town_id,area_id\n001,0\n001,x\n,y\n")
    (files / "worse.csv").write_text("nothing\n")

    told = refused(files / "bad.csv", files / "worse.csv", "-o", files / "out")

    assert "4 faults" in told
    assert "bad.csv line 3: 001 is in the table already, at line 2" in told
    assert "bad.csv line 4: town_id is missing" in told
    assert "area_id is 0 for 1 town; expected the option zero-is-none, or zero-is-area" in told
    assert "worse.csv" in told
    assert not (files / "out").exists()


def test_a_zero_is_read_as_the_user_says(files: Path):
    (files / "r.csv").write_text("community,cluster\n001,1\n002,0\n003,0\n004,2\n")

    def compared(option: str) -> int:
        result = run(files / "ours.csv", files / "r.csv", "-o", files / "out", "--json", option)
        return json.loads(result.stdout)["areas_b"]

    assert compared("--zero-is-none") == 2
    assert compared("--zero-is-area") == 3


def test_towns_of_one_table_alone_are_refused_or_in_no_area(files: Path):
    (files / "few.csv").write_text("town_id,area_id\n001,x\n009,x\n")

    told = refused(files / "ours.csv", files / "few.csv", "-o", files / "out")
    result = run(files / "ours.csv", files / "few.csv", "-o", files / "out", "--absent-is-none")

    assert "few.csv: the table is without 3 towns, such as 002" in told
    assert "ours.csv: the table is without 1 town, such as 009" in told
    assert "--absent-is-none" in told
    assert result.exit_code == 0
    assert "1 town of 5 compared" in result.output


def test_results_never_replace_what_they_are_made_from(files: Path):
    (files / "towns.csv").write_text(TOWNS)

    told = refused(
        files / "ours.csv", files / "theirs.csv", "--towns", files / "towns.csv", "-o", files
    )

    assert "would overwrite what is read" in told
    assert (files / "towns.csv").read_text() == TOWNS


def test_headers_of_each_table_and_what_the_two_are_called_may_be_named(files: Path):
    (files / "zm.csv").write_bytes("CVE,ZM,NOM\n001,20.01,Oaxaca de Juárez\n".encode("cp1252"))
    words = (files / "ours.csv", files / "zm.csv", "--columns", "town_id,area_id,status")

    told = refused(*words, "--columns-b", "CVE,ZM", "-o", files / "out")
    result = run(
        *words,
        *("--columns-b", "CVE, ZM", "--encoding", "cp1252", "--absent-is-none"),
        *("--labels", "Ours,Official zones", "-o", files / "out", "-q"),
    )

    assert "not UTF-8" in told
    assert result.exit_code == 0, result.output
    assert result.output == ""
    page = (files / "out" / "comparison.html").read_text(encoding="utf-8")
    assert "<h1>Ours and Official zones</h1>" in page


def test_tables_of_one_name_are_told_apart_by_their_folders(files: Path):
    for year in ("2011", "2021"):
        (files / year).mkdir()
        (files / year / "areas.csv").write_text(OURS if year == "2011" else OURS + "001,x,\n")

    told = refused(files / "2011" / "areas.csv", files / "2021" / "areas.csv", "-o", files / "out")
    (files / "2021" / "areas.csv").write_text(OURS)
    result = run(
        files / "2011" / "areas.csv", files / "2021" / "areas.csv", "-o", files / "out", "--json"
    )

    assert f"{Path('2021') / 'areas.csv'} line 6: 001 is in the table already" in told
    assert json.loads(result.stdout)["a"] == "2011/areas"


def test_figures_by_people_need_everybody(files: Path):
    (files / "gaps.csv").write_text(TOWNS.replace("4000", ""))

    result = run(
        files / "ours.csv", files / "theirs.csv", "--towns", files / "gaps.csv", "-o", files / "out"
    )

    assert "warning: gaps.csv: population of 1 town is missing" in result.stderr
    assert "by persons" not in result.output
    page = (files / "out" / "comparison.html").read_text(encoding="utf-8")
    assert "population of 1 town is missing" in page


@pytest.mark.parametrize("labels", ["One", "One,One", "One,", "One,Two,Three"])
def test_labels_are_two_that_differ(files: Path, labels: str):
    told = refused(
        files / "ours.csv", files / "theirs.csv", "-o", files / "out", "--labels", labels
    )

    assert "expected two that differ" in told


def test_a_plan_can_be_set_beside_another(tmp_path: Path):
    """The areas a plan writes are read as they are."""
    assert CliRunner().invoke(app, ["examples", "four_towns", f"{tmp_path}/region"]).exit_code == 0
    plan = ["plan", f"{tmp_path}/region", "-o", f"{tmp_path}/out", "-q"]
    assert CliRunner().invoke(app, plan).exit_code == 0

    areas = tmp_path / "out" / "areas.csv"
    result = run(
        areas, areas, "--towns", tmp_path / "region" / "towns.csv", "-o", tmp_path / "both"
    )

    assert result.exit_code == 0, result.output
    assert "adjusted Rand 1.000" in result.output


def test_sardinia_drawn_twice_with_the_shapes_of_its_communes(shared_dir: Path, tmp_path: Path):
    """Labour market areas beside commuting zones: alike for people, less so for small towns."""
    flows = reference_flows(shared_dir, "sardinia")
    for name, draw in (("lma", delineate_areas), ("zones", delineate_commuting_zones)):
        table = draw(flows).partition.to_frame()
        table[["town_id", "area_id", "status"]].to_csv(tmp_path / f"{name}.csv", index=False)
    folder = shared_dir / "reference" / "labour_market_areas" / "flows"
    towns = pd.DataFrame({"id": flows.town_ids, "population": flows.workers})
    towns.to_csv(tmp_path / "people.csv", index=False)

    result = run(
        tmp_path / "lma.csv",
        tmp_path / "zones.csv",
        *("--towns", tmp_path / "people.csv"),
        *("--zones", folder / "sardinia_municipalities.geojson"),
        *("--zone-columns", "PRO_COM,NOME_COM"),
        *("-o", tmp_path / "out", "--json"),
    )

    told = json.loads(result.stdout)
    assert told["towns_compared"] == 377
    assert told["by_town"]["adjusted_rand"] == pytest.approx(0.50, abs=0.01)
    assert told["by_person"]["adjusted_rand"] == pytest.approx(0.80, abs=0.01)
    assert "CAGLIARI" in (tmp_path / "out" / "differences.svg").read_text(encoding="utf-8")
