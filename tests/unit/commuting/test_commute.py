"""The whole stage on regions with and without counted flows."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from comarca.commuting import CommutingParams, commute, observed_flows
from comarca.errors import ParameterError, UnknownTownError
from comarca.model.matrices import TravelMatrix
from comarca.model.region import Region, typed_frame

TOWNS = {
    "town_id": ["007", "012", "100"],
    "name": ["Ash", "Birch", "City"],
    "lat": [17.0, 17.05, 17.1],
    "lon": [-96.0, -96.05, -96.1],
    "population": [2_000.0, 3_000.0, 40_000.0],
}
FLOWS = [
    ("007", "007", "basic", None, 300),
    ("007", "100", "basic", "daily", 200),
    ("007", "100", "higher", "daily", 50),
    ("007", "012", "basic", "weekly", 999),
    ("012", "012", None, None, 700),
    ("012", "100", "basic", None, 60),
    ("012", "100", None, None, 100),
    ("100", "100", None, "daily", 9_000),
    ("100", "007", None, "daily", 5),
]


def region_of(flows: list[tuple[object, ...]] | None = None, **columns: object) -> Region:
    towns = typed_frame("towns", pd.DataFrame({**TOWNS, **columns}))
    tables = {}
    if flows is not None:
        names = ["origin", "destination", "skill", "period", "persons"]
        tables["flows"] = typed_frame("flows", pd.DataFrame(flows, columns=names))
    return Region(name="Three towns", towns=towns, tables=tables)


def test_counted_flows_are_taken_as_they_are():
    """Skills add up, a total is never added to its parts, weekly commuters are left out."""
    flows = observed_flows(region_of(FLOWS))
    assert flows is not None
    assert flows.persons.toarray().tolist() == [[300, 0, 250], [0, 700, 100], [5, 0, 9_000]]
    assert flows.is_observed
    assert flows.period == "daily"


def test_counted_flows_make_areas_named_after_their_heads():
    made = commute(region_of(FLOWS))
    assert made.estimate is None
    assert made.areas.partition.area("100").name == "City"
    assert "counted" in made.summary()


def test_weekly_flows_alone_are_no_daily_flows():
    assert observed_flows(region_of([("007", "100", None, "weekly", 10)])) is None
    assert observed_flows(region_of()) is None


def test_a_flow_to_an_unknown_town_is_refused():
    with pytest.raises(UnknownTownError, match="13"):
        observed_flows(region_of([("007", "13", None, None, 10)]))


def test_flows_that_forget_those_who_stay_are_told():
    made = commute(region_of([("007", "100", None, None, 10), ("100", "007", None, None, 10)]))
    assert "nobody is counted as working in the own town" in made.summary()
    assert "no workers are counted in 1 town" in made.summary()


def test_flows_are_estimated_where_none_are_counted():
    """Given workers and jobs are used as they are, whatever order the times come in."""
    given = {
        "labour_force": [1_000.0, 1_500.0, 20_000.0],
        "unemployed": [100.0, 100.0, 1_000.0],
        "jobs": [300.0, 600.0, 20_400.0],
    }
    times = np.array([[4, 25, 12], [25, 10, 15], [12, 15, 5.0]])
    travel = TravelMatrix(("100", "007", "012"), "bus", times, times, "table")
    made = commute(region_of(**given), travel)
    assert made.flows.town_ids == ("007", "012", "100")
    assert made.flows.workers == pytest.approx([900, 1_400, 19_000])
    assert made.flows.jobs == pytest.approx([300, 600, 20_400], rel=1e-4)
    assert not made.flows.is_observed
    assert "illustrations" in made.summary()


def test_towns_alone_are_enough():
    made = commute(region_of())
    assert made.estimate is not None
    assert made.flows.workers.sum() > 0
    assert set(made.areas.partition.area_of) == {"007", "012", "100"}


def test_a_currency_of_unknown_rate_does_not_matter():
    known, unknown = region_of(), replace(region_of(), currency="XTS", usd_exchange_rate=None)
    assert commute(unknown).flows.workers == pytest.approx(commute(known).flows.workers)


def test_every_default_of_the_stage_is_listed():
    params = CommutingParams.for_region(region_of(), daily_limit_min=45)
    names = {used.assumption.name for used in params.defaults_used()}
    assert "commuting.daily_limit_min" not in names
    assert {"commuting.mean_time_min", "commuting.internal_share"} <= names
    assert {"commuting.areas.min_workers", "commuting.areas.target_self_containment"} <= names


def test_internal_bounds_in_the_wrong_order_are_refused():
    with pytest.raises(ParameterError, match="internal_least_min"):
        CommutingParams(internal_least_min=9, internal_most_min=5)
