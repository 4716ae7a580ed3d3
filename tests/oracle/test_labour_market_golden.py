"""Areas against the answers of the R package LabourMarketAreas 3.4 on published matrices."""

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from comarca.commuting import AreaParams, LabourMarketAreas, delineate_areas
from comarca.model.matrices import FlowMatrix

RUNS = {
    "sardinia_vig": ("sardinia", 1000, 10000),
    "sardinia_ttwa2011": ("sardinia", 3500, 25000),
    "synth_200": ("flows_200", 1000, 10000),
    "synth_500": ("flows_500", 1000, 10000),
    "synth_1000": ("flows_1000", 1000, 10000),
    "belgium2011_ttwa": ("belgium2011_flows", 3500, 25000),
}
QUALITY = {
    "EMP_live": "residents",
    "EMP_work": "jobs",
    "EMP_live_work": "inside",
    "validity": "validity",
    "SC_supply_side": "self_containment_supply",
    "SC_demand_side": "self_containment_demand",
    "lma_commuter_percent": "commuter_ratio",
    "Home_Work_Ratio": "home_work_ratio",
    "InternalCohesionLink": "link_cohesion",
    "NbCentralComm": "n_central_towns",
    "N_com": "n_towns",
}


def flow_matrix(rows: pd.DataFrame) -> FlowMatrix:
    ids = np.union1d(rows["community_live"], rows["community_work"])
    places = [np.searchsorted(ids, rows[end]) for end in ("community_live", "community_work")]
    persons = sparse.csr_array((rows["amount"], places), shape=(len(ids),) * 2)
    return FlowMatrix(tuple(ids.astype(str)), persons)


@pytest.fixture(scope="module")
def reference(shared_dir: Path) -> Path:
    return shared_dir / "reference" / "labour_market_areas"


@cache
def drawn(reference: Path, run: str) -> LabourMarketAreas:
    flows, least, target = RUNS[run]
    params = AreaParams(
        variant="euro-r34",
        min_workers=least,
        target_workers=target,
        min_self_containment=0.6667,
        target_self_containment=0.75,
    )
    return delineate_areas(flow_matrix(pd.read_csv(reference / "flows" / f"{flows}.csv")), params)


def answer(reference: Path, run: str, table: str) -> dict[str, int]:
    rows = pd.read_csv(reference / "golden" / f"{run}_{table}.csv")
    return dict(zip(rows["community"].astype(str), rows.iloc[:, 1].astype(int), strict=True))


def set_aside(areas: LabourMarketAreas) -> pd.DataFrame:
    trace = areas.trace()
    return trace[trace["type"].isin(list("ABCDEF"))].reset_index(drop=True)


def assert_same_reserve(areas: LabourMarketAreas, golden: pd.DataFrame) -> None:
    """The same towns for the same reasons out of the same clusters at the same steps."""
    ours, golden = set_aside(areas), golden.reset_index(drop=True)
    assert list(ours["type"]) == list(golden["type"])
    assert list(ours["iteration"]) == list(golden["iter"])
    assert list(ours["area"]) == list(golden["cluster"])
    assert list(ours["town_id"]) == list(golden["community"].astype(str))
    np.testing.assert_allclose(ours["validity"], golden["validity"], rtol=1e-12, atol=0)


@pytest.mark.parametrize("run", RUNS)
def test_final_clusters(run: str, reference: Path):
    assert drawn(reference, run).cluster_numbers() == answer(reference, run, "clusterList")


@pytest.mark.parametrize("run", RUNS)
def test_clusters_before_the_reserve_is_emptied(run: str, reference: Path):
    golden = answer(reference, run, "before0_clusterList")
    assert drawn(reference, run).cluster_numbers(before_reserve=True) == golden


@pytest.mark.parametrize("run", RUNS)
def test_towns_set_aside_and_why(run: str, reference: Path):
    golden = pd.read_csv(reference / "golden" / f"{run}_reserve_list.csv")
    assert_same_reserve(drawn(reference, run), golden)


@pytest.mark.parametrize("run", RUNS)
def test_moves_of_each_town(run: str, reference: Path):
    golden = answer(reference, run, "moves")
    moves = drawn(reference, run).moves
    assert moves == {town: golden[town] for town in moves}


@pytest.mark.parametrize("run", RUNS)
def test_quality_figures(run: str, reference: Path):
    golden = pd.read_csv(reference / "golden" / f"{run}_stat_marginals.csv").dropna(subset="LMA")
    golden = golden.sort_values("EMP_live")
    ours = drawn(reference, run).quality().sort_values("residents")
    between = golden["InternalCohesionFlows"].to_numpy(dtype=float) / 100
    np.testing.assert_allclose(ours["flow_cohesion"].to_numpy(dtype=float), between, rtol=1e-12)
    for theirs, name in QUALITY.items():
        alone = (golden["N_com"] == 1).to_numpy() if name == "link_cohesion" else False
        expected = np.where(alone, np.nan, golden[theirs].to_numpy(dtype=float))
        np.testing.assert_allclose(ours[name].to_numpy(dtype=float), expected, rtol=1e-12)


def test_small_random_cases(reference: Path):
    """Where the package answered, its answer is ours; where it crashed, no area exists."""
    folder = reference / "fuzz"
    flows, answers = pd.read_csv(folder / "f1_flows.csv"), pd.read_csv(folder / "f1_res.csv")
    settings, status = pd.read_csv(folder / "f1_params.csv"), pd.read_csv(folder / "f1_status.csv")
    reserves = pd.read_csv(folder / "f1_reserve.csv")
    for case, row in settings.set_index("case").iterrows():
        params = AreaParams(
            variant="euro-r34",
            min_workers=row["minSZ"],
            target_workers=row["tarSZ"],
            min_self_containment=row["minSC"],
            target_self_containment=row["tarSC"],
        )
        areas = delineate_areas(flow_matrix(flows[flows["case"] == case]), params)
        if status.set_index("case").loc[case, "status"] != "ok":
            assert not areas.partition.areas
            continue
        golden = answers[answers["case"] == case]
        towns = golden["community"].astype(str)
        assert areas.cluster_numbers() == dict(zip(towns, golden["cluster"], strict=True))
        before = areas.cluster_numbers(before_reserve=True)
        assert before == dict(zip(towns, golden["before0"], strict=True))
        assert dict(areas.moves) == dict(zip(towns, golden["moves"], strict=True))
        assert_same_reserve(areas, reserves[reserves["case"] == case])


@pytest.mark.parametrize("run", ["synth_200", "synth_500", "synth_1000", "belgium2011_ttwa"])
def test_the_published_rule_agrees_where_the_packages_slip_changes_nothing(
    run: str, reference: Path
):
    slipped = drawn(reference, run)
    flows, _, _ = RUNS[run]
    matrix = flow_matrix(pd.read_csv(reference / "flows" / f"{flows}.csv"))
    published = delineate_areas(matrix, slipped.params.model_copy(update={"variant": "euro"}))
    assert published.cluster_numbers() == slipped.cluster_numbers()
    assert [(entry.kind, entry.town_id) for entry in published.reserve] == [
        (entry.kind, entry.town_id) for entry in slipped.reserve
    ]
