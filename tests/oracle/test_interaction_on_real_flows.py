"""
Spatial interaction on real commuters: the French Grand Est as counted, Oaxaca from margins alone.

What must hold of any data is asserted as a law; figures that the documentation shows are asserted
to the digits it shows.
"""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from scipy import sparse
from scipy.stats import spearmanr

from comarca.commuting.interaction import (
    BoxCox,
    CommutingMargins,
    Deterrence,
    Exponential,
    FlowFit,
    InteractionParams,
    Power,
    Tanner,
    calibrate_deterrence,
    calibrate_on_margins,
    estimate_flows,
    judge_flows,
)
from comarca.model.matrices import FlowMatrix, TravelMatrix
from comarca.travel import travel_by_circle

SHAPES = [Exponential(), Power(), Tanner(), BoxCox()]

# What docs/explanation/commuting.md shows: common part of commuters over all trips and between
# towns, with both margins held, without a limit of time.
GRAND_EST = {
    "exponential": (0.923, 0.685),
    "power": (0.920, 0.551),
    "tanner": (0.931, 0.660),
    "box-cox": (0.931, 0.665),
}


@pytest.fixture(scope="module")
def grand_est(shared_dir: Path) -> tuple[FlowMatrix, TravelMatrix]:
    """Commuters of 159 urban areas in 2011 (INSEE), by car over the great circle."""
    folder = shared_dir / "data" / "commuting"
    drawn = gpd.read_file(folder / "fr_grandest_urban_areas.gpkg", layer="urban_area")
    middle = drawn.to_crs(2154).geometry.centroid.to_crs(4326)
    ids = drawn["id"].astype(int).astype(str)
    towns = pd.DataFrame({"lat": middle.y.to_numpy(), "lon": middle.x.to_numpy()}, index=ids)
    towns.index.name = "town_id"
    counted = pd.read_csv(folder / "fr_grandest_urban_areas_commuters_2011.csv")
    places = pd.Index(ids)
    pairs = tuple(places.get_indexer(counted[end].astype(str)) for end in ("i", "j"))
    persons = sparse.csr_array((counted["fij"], pairs), shape=(len(ids),) * 2)
    return FlowMatrix(tuple(ids), persons), travel_by_circle(towns, "car")


def fitted(
    data: tuple[FlowMatrix, TravelMatrix], deterrence: Deterrence, **settings: object
) -> FlowFit:
    observed, travel = data
    params = InteractionParams(deterrence=deterrence, daily_limit_min=np.inf, **settings)
    fit = calibrate_deterrence(observed, travel, params)
    assert fit.status == "matched"
    assert fit.converged
    agreement = judge_flows(observed, fit.flows, travel, params)
    assert agreement.all_trips.deviance == pytest.approx(fit.deviance, rel=1e-4)
    return agreement


@pytest.mark.parametrize("deterrence", SHAPES, ids=lambda shape: shape.kind)
def test_the_common_part_of_commuters_is_as_documented(grand_est, deterrence: Deterrence):
    agreement = fitted(grand_est, deterrence)
    found = agreement.all_trips.cpc, agreement.between_towns.cpc
    assert found == pytest.approx(GRAND_EST[deterrence.kind], abs=6e-4)


@pytest.mark.parametrize("constraint", ["doubly", "production", "attraction"])
def test_a_function_that_contains_another_is_never_less_likely(grand_est, constraint: str):
    deviance = {
        shape.kind: fitted(grand_est, shape, constraint=constraint).all_trips.deviance
        for shape in SHAPES
    }
    assert max(deviance["tanner"], deviance["box-cox"]) <= 1.001 * min(
        deviance["exponential"], deviance["power"]
    )


def test_holding_both_margins_is_likelier_than_one(grand_est):
    both = fitted(grand_est, Tanner()).all_trips
    one = fitted(grand_est, Tanner(), constraint="production").all_trips
    assert both.deviance < one.deviance
    assert both.cpc > one.cpc


def test_a_preference_for_the_own_town_keeps_as_many_there_as_were_counted(grand_est):
    without, preferred = (
        fitted(grand_est, Exponential(), own_town_preference=preference)
        for preference in (0.0, None)
    )
    assert preferred.staying[1] == pytest.approx(preferred.staying[0], abs=1e-5)
    assert abs(without.staying[1] - without.staying[0]) > 0.01


def test_the_mean_trip_is_met_where_the_exponential_is_likeliest(grand_est):
    agreement = fitted(grand_est, Exponential()).all_trips
    assert agreement.estimated_mean_time_min == pytest.approx(agreement.mean_time_min, rel=1e-5)


# Oaxaca


@pytest.fixture(scope="module")
def oaxaca(shared_dir: Path) -> tuple[CommutingMargins, TravelMatrix]:
    """
    Who stays, leaves and comes in 566 municipalities in 2015 (INEGI), by car over the great circle.

    The file's *Inmigrantes* are residents who work elsewhere and its *Emigrantes* those who come:
    only so do residents at work not exceed the employed, and the official shares agree.
    """
    folder = shared_dir / "data" / "oaxaca"
    margins = pd.read_csv(folder / "mx_labour_mobility_margins_2015.csv", dtype={"CVE_MUN": str})
    places = pd.read_csv(folder / "mx_municipio_coords_2020.csv", dtype={"cve_mun": str})
    places = places.set_index("cve_mun")
    numbers = ["Residentes", "Inmigrantes", "Emigrantes"]
    known = margins[margins["CVE_MUN"].str.startswith("20") & margins["CVE_MUN"].isin(places.index)]
    known = known.dropna(subset=numbers)
    towns = places.loc[known["CVE_MUN"], ["lat", "lon"]]
    towns.index.name = "town_id"
    staying, leaving, coming = (known[name].to_numpy(dtype=float) for name in numbers)
    return (
        CommutingMargins(
            town_ids=tuple(known["CVE_MUN"]), staying=staying, leaving=leaving, coming=coming
        ),
        travel_by_circle(towns, "car"),
    )


@pytest.fixture(scope="module")
def zones(shared_dir: Path) -> pd.DataFrame:
    """The 29 municipalities of Oaxaca in official metropolitan zones, with their shares in 2015."""
    path = shared_dir / "data" / "oaxaca" / "mx_zonas_metropolitanas_2015_commuting_shares.csv"
    table = pd.read_csv(path, dtype=str, encoding="latin1").rename(columns=str.strip)
    table = table[table["CVE_ENT"] == "20"].copy()
    numbers = ["MC", "TRAB_MUN", "TRAB_MC", "RES_MC"]
    table[numbers] = table[numbers].astype(float)
    return table.set_index("CVE_MUN")


def shares_to_centre(flows: FlowMatrix, zones: pd.DataFrame) -> pd.DataFrame:
    """Per cent of workers who go to the centre of their zone, and of jobs held from there."""
    persons = flows.persons.toarray()
    place = {town: at for at, town in enumerate(flows.town_ids)}
    rows = {}
    for zone in zones["CVE_ZM"].unique():
        members = zones[zones["CVE_ZM"] == zone]
        centre = [place[town] for town in members.index[members["MC"] == 1]]
        for town in members.index:
            others = [at for at in centre if at != place[town]]
            row, column = persons[place[town]], persons[:, place[town]]
            rows[town] = (
                100 * row[others].sum() / row.sum(),
                100 * column[others].sum() / column.sum(),
            )
    return pd.DataFrame.from_dict(rows, orient="index", columns=["out", "back"]).loc[zones.index]


def test_the_files_columns_are_the_other_way_round(oaxaca, zones):
    """Residents who work in their own municipality, as the official zones tell them."""
    margins, _ = oaxaca
    own = pd.Series(100 * margins.staying / margins.workers, margins.town_ids)[zones.index]
    assert np.abs(own - zones["TRAB_MUN"]).max() < 2
    exchanged = 100 * margins.staying / (margins.staying + margins.coming)
    exchanged = pd.Series(exchanged, margins.town_ids)[zones.index]
    assert np.abs(exchanged - zones["TRAB_MUN"]).max() > 30


def test_margins_alone_place_oaxacas_commuters_as_the_official_zones_do(oaxaca, zones):
    """
    Deterrence and preference from who stays; flows that hold stays, leavers and comers.

    Nothing of the zones goes in. Who leaves is known, so what is tested is where they go.
    """
    margins, travel = oaxaca
    params = InteractionParams(own_town_preference=None, daily_limit_min=np.inf)
    fit = calibrate_on_margins(margins, travel, params)
    assert fit.status == "matched"
    assert fit.converged
    made = estimate_flows(
        margins.workers, margins.jobs, travel, fit.params, staying=margins.staying
    )
    found = shares_to_centre(made.flows, zones)
    capital = zones["CVE_ZM"] == "20.01"
    assert spearmanr(zones["TRAB_MC"], found["out"]).statistic > 0.97
    assert spearmanr(zones["RES_MC"][capital], found["back"][capital]).statistic > 0.95
    assert np.abs(zones["TRAB_MC"] - found["out"])[capital].mean() < 5
    official = zones["TRAB_MC"] >= 15
    assert ((found["out"] >= 15) == official)[capital].all()
    assert ((found["out"] >= 15) == official).sum() >= 28


def test_without_known_stays_the_model_alone_ranks_them_well(oaxaca, zones):
    """The fitted model's own stays: less exact, and the preference for the own town is needed."""
    margins, travel = oaxaca
    errors = []
    for preference in (None, 0.0):
        params = InteractionParams(own_town_preference=preference, daily_limit_min=np.inf)
        fit = calibrate_on_margins(margins, travel, params)
        found = shares_to_centre(fit.flows, zones)
        errors.append(np.abs(zones["TRAB_MC"] - found["out"]).mean())
        if preference is None:
            assert spearmanr(zones["TRAB_MC"], found["out"]).statistic > 0.8
    assert errors[0] < 0.5 * errors[1]
