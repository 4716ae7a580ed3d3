"""``comarca flows`` as a planner types it: what it writes, what it tells, what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner, Result

import comarca
from comarca.cli import app
from comarca.commuting import InteractionParams, estimate_flows
from comarca.travel import travel_by_circle
from interaction_world import drawn

PLACES = {
    "001": (50.00, 60.00),
    "002": (50.05, 60.30),
    "003": (50.30, 60.10),
    "010": (50.25, 60.50),
    "011": (50.55, 60.35),
    "020": (49.80, 60.25),
}
WORKERS = [9000, 2500, 1800, 3000, 900, 1400]
JOBS = [10500, 2000, 1500, 3100, 700, 800]


def run(*words: object) -> Result:
    return CliRunner().invoke(app, ["flows", *(str(word) for word in words)])


def refused(*words: object) -> str:
    result = run(*words)
    assert result.exit_code == 2, result.output
    assert "Traceback" not in result.output
    return result.output


def true_flows() -> pd.DataFrame:
    """Flows of a known deterrence, in whole persons."""
    towns = pd.DataFrame(PLACES.values(), columns=["lat", "lon"], index=list(PLACES))
    towns.index.name = "town_id"
    law = InteractionParams(beta_per_min=0.08, own_town_preference=1.0)
    flows = drawn(estimate_flows(WORKERS, JOBS, travel_by_circle(towns, "car"), law).flows, 1)
    trips = flows.persons.tocoo()
    ids = list(PLACES)
    return pd.DataFrame(
        {
            "origin": [ids[row] for row in trips.row],
            "destination": [ids[column] for column in trips.col],
            "persons": trips.data,
        }
    )


@pytest.fixture
def region(tmp_path: Path) -> Path:
    """Six towns with workers and jobs, by car."""
    folder = tmp_path / "region"
    folder.mkdir()
    (folder / "region.toml").write_text('name = "Six"\ncountry = "KZ"\ncurrency = "USD"\n')
    (folder / "study.toml").write_text('[study]\ncommuter_mode = "car"\n')
    rows = [
        f"{town},Town {town},{lat},{lon},{3 * workers},{workers},0,{jobs}"
        for (town, (lat, lon)), workers, jobs in zip(PLACES.items(), WORKERS, JOBS, strict=True)
    ]
    header = "town_id,name,lat,lon,population,labour_force,unemployed,jobs"
    (folder / "towns.csv").write_text("\n".join([header, *rows]) + "\n")
    return folder


@pytest.fixture
def counted(region: Path) -> Path:
    true_flows().to_csv(region / "flows.csv", index=False)
    return region


@pytest.fixture
def withheld(region: Path) -> Path:
    """The same region where the office tells margins alone."""
    flows = true_flows()
    is_own = flows["origin"] == flows["destination"]
    rows = [
        {
            "town_id": town,
            "staying": flows.loc[is_own & (flows["origin"] == town), "persons"].sum(),
            "leaving": flows.loc[~is_own & (flows["origin"] == town), "persons"].sum(),
            "coming": flows.loc[~is_own & (flows["destination"] == town), "persons"].sum(),
        }
        for town in PLACES
    ]
    pd.DataFrame(rows).to_csv(region / "margins.csv", index=False)
    return region


def test_counted_flows_tell_the_deterrence_and_the_fit(counted: Path, tmp_path: Path):
    out = tmp_path / "out"
    result = run(
        counted, "-o", out / "flows.csv", "--own-town", "--fit", out / "fit.csv",
        "--chart", out / "fit.svg", "--json",
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert told["basis"] == "flows"
    found = {parameter["name"]: parameter for parameter in told["parameters"]}
    beta = found["beta_per_min"]
    assert abs(beta["value"] - 0.08) < 4 * beta["standard_error"]
    assert 0.97 < told["fit"]["all_trips"]["cpc"] <= 1
    bands = pd.read_csv(out / "fit.csv")
    assert bands["observed"].sum() == told["fit"]["between_towns"]["observed"]
    assert (out / "fit.svg").read_text(encoding="utf-8").startswith("<svg")
    assert sorted(path.name for path in out.iterdir()) == ["fit.csv", "fit.svg", "flows.csv"]


def test_what_it_writes_is_a_flows_table_of_a_region(counted: Path, tmp_path: Path):
    assert run(counted, "-o", tmp_path / "made.csv").exit_code == 0
    made = pd.read_csv(tmp_path / "made.csv", dtype={"origin": str})
    assert set(made["origin"]) == set(PLACES)  # leading zeros and all
    assert set(made["x_basis"]) == {"estimated from flows"}
    (counted / "flows.csv").write_bytes((tmp_path / "made.csv").read_bytes())
    region = comarca.read_region(counted)
    assert region.tables["flows"]["persons"].sum() == pytest.approx(sum(WORKERS), rel=0.01)


def test_margins_hold_in_what_is_estimated_from_them(withheld: Path, tmp_path: Path):
    result = run(withheld, "-o", tmp_path / "made.csv", "--fit", tmp_path / "fit.csv")
    assert result.exit_code == 0, result.output
    assert "from margins of" in result.stdout
    assert "own_town_preference" in result.stdout
    made = pd.read_csv(tmp_path / "made.csv", dtype={"origin": str, "destination": str})
    margins = pd.read_csv(withheld / "margins.csv", dtype={"town_id": str}).set_index("town_id")
    own = made[made["origin"] == made["destination"]].set_index("origin")["persons"]
    assert own.sort_index().tolist() == margins["staying"].sort_index().tolist()
    leave = made[made["origin"] != made["destination"]].groupby("origin")["persons"].sum()
    assert leave.to_dict() == pytest.approx(margins["leaving"].to_dict(), abs=0.01)
    come = made[made["origin"] != made["destination"]].groupby("destination")["persons"].sum()
    assert come.to_dict() == pytest.approx(margins["coming"].to_dict(), abs=0.01)
    fit = pd.read_csv(tmp_path / "fit.csv", dtype={"town_id": str})
    assert fit["staying"].sum() == margins["staying"].sum()


def test_nothing_counted_leaves_a_mean_trip(region: Path, tmp_path: Path):
    result = run(
        region, "-o", tmp_path / "made.csv", "--mean-time-min", 18, "--deterrence", "power"
    )
    assert result.exit_code == 0, result.output
    assert "mean trip 18.0 min" in result.stdout
    assert "t^-" in result.stdout
    made = pd.read_csv(tmp_path / "made.csv")
    assert made["persons"].sum() == pytest.approx(sum(WORKERS), abs=0.1)


def test_whole_persons(region: Path, tmp_path: Path):
    assert run(region, "-o", tmp_path / "made.csv", "--whole", "-q").output == ""
    persons = pd.read_csv(tmp_path / "made.csv")["persons"]
    assert (persons == persons.round()).all()
    assert persons.sum() == sum(WORKERS)


def test_those_who_stay_may_be_left_out_of_a_table(counted: Path, tmp_path: Path):
    flows = true_flows()
    flows[flows["origin"] != flows["destination"]].to_csv(counted / "flows.csv", index=False)
    result = run(counted, "-o", tmp_path / "made.csv", "--stays-unknown", "--json")
    (beta,) = json.loads(result.stdout)["parameters"]
    assert abs(beta["value"] - 0.08) < 4 * beta["standard_error"]


def test_skills_and_weeks(region: Path, tmp_path: Path):
    result = run(
        region, "-o", tmp_path / "made.csv", "--by-skill", "--weekly", "--limit-min", 40,
        "--mean-time-min", 11,
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    made = pd.read_csv(tmp_path / "made.csv")
    assert set(made["skill"]) == {"basic", "secondary", "higher"}
    assert "basic, weekly" in result.stdout
    assert made["persons"].sum() == pytest.approx(sum(WORKERS), abs=0.1)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--weekly"], "no weekly flows"),
        (["--by-skill"], "no daily flows of skill basic"),
        (["--calibrate-on", "margins"], "no table margins"),
        (["--calibrate-on", "mean-time", "--fit", "fit.csv"], "neither --fit nor --chart"),
        (["--calibrate-on", "mean-time", "--deterrence", "tanner"], "power, beta_per_min are open"),
        (["--calibrate-on", "mean-time", "--stays-unknown"], "nothing is counted"),
        (["--limit-min", "-5"], "daily_limit_min is -5"),
        (["--limit-min", "0.5"], "nobody is observed"),
    ],
)
def test_what_the_region_cannot_tell_is_refused_and_nothing_written(
    counted: Path, tmp_path: Path, words: list[str], told: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    assert told in refused(counted, "-o", tmp_path / "made.csv", *words)
    assert [path.name for path in tmp_path.iterdir()] == ["region"]


def test_margins_tell_no_distances_no_skills(withheld: Path, tmp_path: Path):
    out = tmp_path / "made.csv"
    assert "no --chart" in refused(withheld, "-o", out, "--chart", tmp_path / "fit.svg")
    assert "neither skills" in refused(withheld, "-o", out, "--by-skill")
    assert "expected doubly" in refused(withheld, "-o", out, "--constraint", "production")


def test_results_stay_out_of_the_region(counted: Path, tmp_path: Path):
    told = refused(counted, "-o", counted / "estimated.csv")
    assert "folder of a region" in told
    assert "folder of a region" in refused(
        counted, "-o", tmp_path / "made.csv", "--fit", counted / "fit.csv"
    )


def test_exchanged_margins_are_told(withheld: Path, tmp_path: Path):
    margins = pd.read_csv(withheld / "margins.csv", dtype={"town_id": str})
    margins["employed"] = margins["staying"] + margins["leaving"]
    margins = margins.rename(columns={"leaving": "coming", "coming": "leaving"})
    margins.to_csv(withheld / "margins.csv", index=False)
    assert "exchanged, leaving and coming would fit" in refused(withheld, "-o", tmp_path / "m.csv")
