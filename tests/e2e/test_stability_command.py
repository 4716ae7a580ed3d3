"""``comarca stability`` as a planner types it."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner, Result

from comarca.cli import app
from stability_world import BETWEEN, random_flows


def run(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


def write_flows(path: Path, flows) -> Path:
    persons, ids = flows.persons.tocoo(), flows.town_ids
    origins, destinations = persons.coords
    pd.DataFrame(
        {
            "origin": [ids[place] for place in origins],
            "destination": [ids[place] for place in destinations],
            "persons": persons.data,
        }
    ).to_csv(path, index=False)
    return path


@pytest.fixture
def between(tmp_path: Path) -> Path:
    return write_flows(tmp_path / "flows.csv", BETWEEN)


SIZES = ("--min-workers", 90, "--target-workers", 1000, "--min-self-containment", 0.6)
RANGES = (
    "min_workers=50:150,target_workers=1000:1000,"
    "min_self_containment=0.6:0.6,target_self_containment=0.75:0.75"
)


def test_it_tells_and_writes(between, tmp_path):
    result = run(
        "stability",
        between,
        "-o",
        tmp_path / "out",
        *SIZES,
        "--vary",
        "parameters",
        "--ranges",
        RANGES,
        "--draws",
        10,
    )
    assert result.exit_code == 0, result.output
    assert "2 labour market areas of 3 towns; 10 redrawings, parameters varied" in result.output
    assert "4 parameter sets: 1 to 2 areas; as given 2" in result.output
    assert f"Page: {tmp_path / 'out' / 'stability.html'}" in result.output
    towns = pd.read_csv(tmp_path / "out" / "towns.csv", dtype={"town_id": str})
    assert towns["certainty"].to_list() == [0.5, 0.5, 1.0]
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        "towns.csv",
        "areas.csv",
        "redrawings.csv",
        "sweep.csv",
        "stability.html",
    }


def test_a_program_gets_json(between, tmp_path):
    result = run("stability", between, "-o", tmp_path / "out", *SIZES, "--draws", 20, "--json")
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert told["variant"] == "euro"
    assert told["settings"] == {
        "draws": 20,
        "seed": 1,
        "vary": ["flows"],
        "counted_share": 1.0,
    }
    assert told["stability"]["areas"] == 2
    assert told["sweep"]["sets"] == 240
    assert set(told["sweep"]["share_of_variance"]) == set(told["sweep"]["grid"])
    assert [Path(path).name for path in told["files"]][-1] == "stability.html"


def test_figures_that_do_not_exist_are_null(tmp_path):
    """Nobody leaves their town, so there is no area."""
    (tmp_path / "flows.csv").write_text("origin,destination,persons\n01,01,5\n02,02,7\n")
    result = run("stability", tmp_path / "flows.csv", "-o", tmp_path / "out", "--json")
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert told["stability"]["areas"] == 0
    assert told["stability"]["self_containment"] is None
    assert told["sweep"]["self_containment_most"] is None


def test_places_make_a_map_and_names(between, tmp_path):
    towns = tmp_path / "towns.csv"
    towns.write_text(
        "town_id,name,lat,lon\nash,Ash,47,20\nbirch,Birch,47.1,20\ncity,City,47,20.2\n"
    )
    result = run(
        "stability",
        between,
        "-o",
        tmp_path / "out",
        *SIZES,
        "--towns",
        towns,
        "--draws",
        5,
        "--sweep-levels",
        0,
        "--pairs",
        0.5,
        "--estimated",
    )
    assert result.exit_code == 0, result.output
    assert "parameter set" not in result.output
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert {"certainty.svg", "certainty.gpkg", "co_membership.csv"} <= names
    assert "sweep.csv" not in names
    assert 'class="illustration"' in (tmp_path / "out" / "stability.html").read_text("utf-8")
    told = pd.read_csv(tmp_path / "out" / "towns.csv")
    assert told["name"].to_list() == ["Ash", "Birch", "City"]


def test_the_same_seed_writes_the_same_files_with_one_thread_or_two(tmp_path):
    flows = write_flows(tmp_path / "flows.csv", random_flows(3))
    for threads in (1, 2):
        done = run(
            *("stability", flows, "-o", tmp_path / str(threads), "-q", "--draws", 20),
            *("--min-workers", 300, "--target-workers", 2000, "--threads", threads),
        )
        assert done.exit_code == 0, done.output
        assert done.output == ""
    for one in (tmp_path / "1").iterdir():
        assert one.read_bytes() == (tmp_path / "2" / one.name).read_bytes()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--vary", "towns"), "'towns'; expected 'flows' or 'parameters'"),
        (("--vary", ","), "vary is empty; expected flows, parameters or both"),
        (("--draws", 0), "draws is 0"),
        (("--threads", 0), "threads is 0; expected 1 or more"),
        (("--sweep-levels", 1), "levels is 1; expected 2 or more"),
        (("--pairs", 0), "--pairs is 0; expected a share above 0"),
        (("--ranges", "min_workers=5"), 'has "min_workers=5"; expected NAME=LOW:HIGH'),
        (("--ranges", "least=1:2"), "least is not a setting of AreaRanges"),
        (("--ranges", RANGES, "--sweep-levels", 0), "--ranges is not used"),
        (("--vary", "parameters", "--counted-share", 0.5), "counted_share is 0.5; expected flows"),
        (("--vary", "parameters"), "min_workers is 90; expected a value in the range"),
        (("--contiguous",), "--contiguous needs to know who lies beside whom"),
        (("--centres", "asch"), '"asch" is not known; near names: ash'),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_written(words, told, between, tmp_path):
    result = run("stability", between, "-o", tmp_path / "out", *SIZES, *words)
    assert result.exit_code == 2, result.output
    assert told in result.output
    assert "Traceback" not in result.output
    assert not (tmp_path / "out").exists()


def test_inputs_are_not_overwritten(tmp_path):
    flows = write_flows(tmp_path / "towns.csv", BETWEEN)
    before = flows.read_bytes()
    result = run("stability", flows, "-o", tmp_path)
    assert result.exit_code == 2
    assert "towns.csv would overwrite what is read" in result.output
    assert flows.read_bytes() == before


def test_a_file_is_no_folder_for_results(between, tmp_path):
    (tmp_path / "out").write_text("mine")
    result = run("stability", between, "-o", tmp_path / "out")
    assert result.exit_code == 2
    assert "out is a file; expected a folder for the results" in result.output
    assert (tmp_path / "out").read_text() == "mine"


def test_sardinia_has_doubtful_towns_in_its_middle(shared_dir, tmp_path):
    """Goni, Silius and their neighbours are the towns that the R package's slip moved as well."""
    flows = shared_dir / "reference" / "labour_market_areas" / "flows"
    result = run(
        *("stability", flows / "sardinia.csv", "-o", tmp_path / "out", "--draws", 100, "-q"),
        *("--zones", flows / "sardinia_municipalities.geojson"),
        *("--zone-columns", "PRO_COM,NOME_COM"),
    )
    assert result.exit_code == 0, result.output
    towns = pd.read_csv(tmp_path / "out" / "towns.csv", dtype={"town_id": str}).set_index("name")
    assert (towns.loc[["GONI", "SILIUS", "ARMUNGIA", "VILLASALTO"], "certainty"] < 0.5).all()
    assert (towns.loc[["CAGLIARI", "SASSARI", "OLBIA", "NUORO"], "certainty"] > 0.95).all()
    assert (tmp_path / "out" / "certainty.gpkg").exists()
