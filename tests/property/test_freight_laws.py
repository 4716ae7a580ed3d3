"""Laws of freight plans over drawn worlds: budgets, premises, names, loads, and nothing at all."""

from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comarca.freight import design_freight, evaluate_plan
from comarca.model.labour import LabourPools
from comarca.model.matrices import TravelMatrix
from comarca.model.region import typed_frame
from freight_draws import PARAMS, TOWNS, worlds
from freight_world import FACILITIES, World


def asking(small, **changes):
    """The same world, another goal."""
    return replace(small, params=type(PARAMS)(**(small.params.model_dump() | changes)))


def with_facilities(small, rows):
    tables = dict(small.region.tables)
    tables["facilities"] = rows
    return replace(small, region=replace(small.region, tables=tables))


@settings(max_examples=6)
@given(worlds(), st.floats(1_000, 20_000), st.floats(1, 4), st.sampled_from(["benefit", "jobs"]))
def test_more_budget_never_lowers_the_bound(small, budget, more, objective):
    less, richer = (
        design_freight(*asking(small, objective=objective, budget_per_year=amount).inputs)
        for amount in (budget, budget * more)
    )

    assert richer.bound >= less.bound - PARAMS.mip_gap * abs(less.bound) - 1e-6
    for plan, amount in ((less, budget), (richer, budget * more)):
        assert plan.cost_per_year <= amount * (1 + 1e-6)
        assert plan.reached <= plan.bound + 1e-6 * abs(plan.bound)


@settings(max_examples=5)
@given(worlds(), st.integers(0, 3), st.integers(1, 3))
def test_more_jobs_never_cost_less(small, jobs, more):
    """A jump from what can be had to what cannot is an endless cost."""
    goals = (jobs + 1, jobs + 1 + more)
    few, many = (
        design_freight(*asking(small, objective="cost", jobs_required=n).inputs) for n in goals
    )

    if few.status == "infeasible":
        assert many.status == "infeasible"
    elif many.workshops:
        assert many.cost_per_year >= few.bound - 0.01
        assert many.workers >= goals[1]


@settings(max_examples=6)
@given(worlds(), st.sampled_from(TOWNS[1:3]), st.floats(10, 80))
def test_extra_optional_premises_never_worsen_the_proven_optimum(small, town, floor_m2):
    here = small.region.tables["facilities"]
    extra = FACILITIES[0] | {"facility_id": "extra", "town_id": town, "floor_m2": floor_m2}
    rows = [*here.to_dict("records"), here.iloc[0].to_dict() | extra]
    richer = with_facilities(small, typed_frame("facilities", pd.DataFrame(rows)))
    before, after = design_freight(*small.inputs), design_freight(*richer.inputs)

    slack = PARAMS.mip_gap * abs(before.value) + 0.01
    assert after.bound >= before.value - slack
    if after.status == "optimal":
        assert after.value >= before.value - slack


@settings(max_examples=6)
@given(worlds(), st.permutations(["zeta", "alpha", "Ångström", "007"]))
def test_renaming_towns_renames_the_plan(small, names):
    new = dict(zip(TOWNS, names, strict=True))
    other = renamed(small, new)
    here, there = design_freight(*small.inputs), design_freight(*other.inputs)

    expected = tuple(replace(shop, town_id=new[shop.town_id]) for shop in here.workshops)
    assert there.workshops == expected
    assert there.routes == here.routes
    assert dict(there.partition.area_of) == {
        new[town]: area for town, area in here.partition.area_of.items()
    }
    assert (there.value, there.bound) == pytest.approx((here.value, here.bound))


def renamed(small: World, new: dict[str, str]) -> World:
    """Towns called otherwise, in the same order."""
    towns = small.region.towns.rename(index=new)
    tables = {
        name: rows.assign(town_id=rows["town_id"].map(new)) if "town_id" in rows else rows
        for name, rows in small.region.tables.items()
    }
    pools = small.pools.frame.assign(town_id=small.pools.frame["town_id"].map(new))
    travel = small.travel
    return replace(
        small,
        region=replace(small.region, towns=towns, tables=tables),
        pools=LabourPools(pools),
        travel=TravelMatrix(
            tuple(new[town] for town in travel.town_ids),
            "truck",
            travel.time_min,
            travel.distance_km,
            "table",
        ),
    )


@settings(max_examples=10)
@given(worlds())
def test_load_never_exceeds_the_truck_at_any_point_of_a_round(small):
    plan = design_freight(*small.inputs)
    trucks = small.region.tables["vehicles"].set_index("vehicle_id")
    works = small.region.tables["processes"].set_index("process_id")
    work_of = {shop.facility_id: works.loc[shop.process_id] for shop in plan.workshops}

    for route in plan.routes:
        truck = trucks.loc[route.vehicle_id]
        for trip in route.trips:
            dense = [work_of[stop.facility_id]["density_t_per_m3"] for stop in trip.stops]
            tonnes = sum(stop.delivered_t for stop in trip.stops)
            volume = sum(s.delivered_t / d for s, d in zip(trip.stops, dense, strict=True))
            for stop, density in zip((None, *trip.stops), (1.0, *dense), strict=True):
                if stop is not None:
                    tonnes += stop.collected_t - stop.delivered_t
                    volume += (stop.collected_t - stop.delivered_t) / density
                assert tonnes <= truck["payload_t"] * (1 + 1e-6)
                assert volume <= truck["volume_m3"] * (1 + 1e-6)


@settings(max_examples=5)
@given(worlds(), st.sampled_from(["benefit", "jobs"]))
def test_closing_every_workshop_gives_the_empty_plan_at_no_cost(small, objective):
    none_left = with_facilities(small, small.region.tables["facilities"].iloc[:0])
    goal = {"budget_per_year": 1_000.0} if objective == "jobs" else {}
    inputs = asking(none_left, objective=objective, **goal).inputs
    plan = design_freight(*inputs)

    assert (plan.workshops, plan.routes, plan.bases) == ((), (), ())
    assert (plan.status, plan.value, plan.bound, plan.cost_per_year) == ("empty", 0.0, 0.0, 0.0)
    assert dict(plan.terms) == {}
    assert evaluate_plan(*inputs, plan).value == 0.0
    assert evaluate_plan(*inputs, plan).violations == ()
