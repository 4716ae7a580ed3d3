"""Regions of the world run without a special case; each from the gazetteer alone."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import comarca
from comarca.errors import TooFewTownsError
from comarca.model.matrices import FlowMatrix
from comarca.model.plan import Plan
from comarca.model.region import typed_frame

QUICK = {"freight": {"rounds": 1, "routing_iterations": 50, "coarse_gap": 0.05}}
"""Search little: these tests ask whether a plan holds, not how good it is."""


def planned(region: comarca.Region) -> Plan:
    study = comarca.study_for(region, QUICK)
    plan = comarca.make_plan(region, study)
    travel = comarca.travel_matrix(plan.region, "truck", study.travel)
    checked = comarca.evaluate_plan(
        plan.region, plan.pools, travel, study.prices, study.freight, plan.freight
    )
    assert checked.violations == ()
    assert plan.freight.bound >= plan.freight.value >= 0
    assert set(plan.areas.town_ids) == set(plan.freight.partition.town_ids) == set(region.town_ids)
    return plan


@pytest.mark.slow
@pytest.mark.parametrize(
    ("country", "division", "least_towns"),
    [
        ("MX", "Oaxaca", 1_200),
        ("RU", "Sverdlovsk", 120),
        ("IT", "Sardegna", 350),
        ("JP", "Shimane", 15),
        ("FJ", None, 10),
    ],
)
def test_a_division_of_the_world_is_planned(country, division, least_towns):
    plan = planned(comarca.gazetteer_region(country, division))

    assert plan.region.n_towns >= least_towns
    assert plan.freight.workers > 0
    assert len(plan.areas.areas) > 1


def test_no_truck_drives_over_the_sea():
    fiji = comarca.gazetteer_region("FJ")
    by_name = {str(name): str(town) for town, name in fiji.towns["name"].items()}
    truck = comarca.travel_matrix(fiji, "truck")
    time_min = pd.DataFrame(truck.time_min, truck.town_ids, truck.town_ids)

    assert np.isfinite(time_min.loc[by_name["Suva"], by_name["Nadi"]])
    assert np.isinf(time_min.loc[by_name["Suva"], by_name["Labasa"]])
    assert np.isinf(time_min.loc[by_name["Suva"], by_name["Levuka"]])


def test_one_town_is_too_few():
    with pytest.raises(TooFewTownsError, match="at least two"):
        comarca.gazetteer_region("VA")


def across(lon_west: float) -> comarca.Region:
    """A base and three towns on a line eastward, 10 km apart, far in the north."""
    names = ("Base", "One", "Two", "Three")
    lons = [(lon_west + step * 0.25 + 180) % 360 - 180 for step in range(4)]
    rows = pd.DataFrame(
        {
            "town_id": [name.lower() for name in names],
            "name": names,
            "lat": 68.0,
            "lon": lons,
            "population": [60_000, 4_000, 3_000, 2_000],
        }
    )
    return comarca.Region(name="Line", towns=typed_frame("towns", rows))


def test_a_region_across_the_date_line_is_planned_as_any_other():
    """In Chukotka, where the 180th meridian runs over land, and the same line in Lapland."""
    here, there = across(179.6), across(23.0)

    crossing = comarca.travel_matrix(here, "truck").distance_km
    inland = comarca.travel_matrix(there, "truck").distance_km

    assert np.isfinite(crossing).all()
    np.testing.assert_allclose(crossing, inland, rtol=1e-5)
    plan = planned(here)
    assert plan.freight.workers == planned(there).freight.workers > 0


def test_counted_flows_are_taken_as_they_are():
    region = comarca.examples.four_towns()

    plan = planned(region)

    assert plan.flows.is_observed
    assert isinstance(plan.flows, FlowMatrix)
    assert plan.flows.persons.sum() == 27_000
