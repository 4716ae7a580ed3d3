"""Areas against the answers of the R package LabourMarketAreas 3.4 on published matrices."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from comarca.commuting import AreaParams, LabourMarketAreas, delineate_areas
from comarca.model.matrices import FlowMatrix

RUNS = {
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
        min_workers=least,
        target_workers=target,
        min_self_containment=0.6667,
        target_self_containment=0.75,
    )
    return delineate_areas(flow_matrix(pd.read_csv(reference / "flows" / f"{flows}.csv")), params)


def groups(membership: Mapping[str, object], none: object = None) -> set[frozenset[str]]:
    by_area: dict[object, set[str]] = {}
    for town, area in membership.items():
        if area != none:
            by_area.setdefault(area, set()).add(town)
    return {frozenset(towns) for towns in by_area.values()}


def answer(reference: Path, run: str, table: str) -> dict[str, int]:
    rows = pd.read_csv(reference / "golden" / f"{run}_{table}.csv")
    return dict(zip(rows["community"].astype(str), rows.iloc[:, 1].astype(int), strict=True))


@pytest.mark.parametrize("run", RUNS)
def test_final_membership(run: str, reference: Path):
    golden = answer(reference, run, "clusterList")
    ours = drawn(reference, run).partition
    assert groups(ours.area_of) == groups(golden, none=0)
    assert {t for t, status in ours.status_of.items() if status != "no-flow"} == set(golden)


@pytest.mark.parametrize("run", RUNS)
def test_membership_before_the_reserve_is_emptied(run: str, reference: Path):
    golden = answer(reference, run, "before0_clusterList")
    assert groups(drawn(reference, run).membership_before_reserve) == groups(golden, none=0)


@pytest.mark.parametrize("run", RUNS)
def test_towns_set_aside_and_why(run: str, reference: Path):
    golden = pd.read_csv(reference / "golden" / f"{run}_reserve_list.csv")
    assert [(entry.kind, entry.town_id) for entry in drawn(reference, run).reserve] == list(
        zip(golden["type"], golden["community"].astype(str), strict=True)
    )


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
    """Where the package answered, its groups are ours; where it crashed, no area exists."""
    folder = reference / "fuzz"
    flows, answers = pd.read_csv(folder / "f1_flows.csv"), pd.read_csv(folder / "f1_res.csv")
    settings, status = pd.read_csv(folder / "f1_params.csv"), pd.read_csv(folder / "f1_status.csv")
    for case, row in settings.set_index("case").iterrows():
        params = AreaParams(
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
        for column, ours in (
            ("cluster", areas.partition.area_of),
            ("before0", areas.membership_before_reserve),
        ):
            theirs = dict(zip(towns, golden[column], strict=True))
            assert groups(ours) == groups(theirs, none=0), (case, column)
