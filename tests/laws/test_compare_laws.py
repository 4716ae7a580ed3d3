"""Laws of the comparison, over random worlds of three towns."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comarca.errors import ParameterError
from comarca.model.labour import LabourPools
from comarca.model.matrices import FlowMatrix, TravelMatrix
from comarca.model.partition import Partition
from comarca.model.region import Region
from compare_world import (
    KM,
    PARAMS,
    PRICES,
    TOWNS,
    areas,
    compare,
    empty_plan,
    flows,
    freight_plan,
    pools,
    region,
    route,
    stop,
    travel,
    workshop,
)

SOME = settings(max_examples=12)
PEOPLE = st.integers(1, 200)
MONEY = st.floats(0, 10_000)


@st.composite
def any_plan(draw):
    """Workers of any kind, trucks of any cost, and stops in any order."""
    ash = [("commuter", draw(PEOPLE)), ("unemployed", draw(PEOPLE))]
    workshops = [workshop("barn", "ash", ash)]
    if draw(st.booleans()):
        workshops.append(workshop("school", "birch", [("inactive", draw(PEOPLE))]))
    visited = [shop.facility_id for shop in workshops]
    tonnes = st.floats(0, 2)
    routes = [
        route(
            *(
                stop(draw(st.sampled_from(visited)), draw(tonnes))
                for _ in range(draw(PEOPLE) % 4 + 1)
            ),
            cost_per_day=draw(MONEY),
            route_id=str(number),
        )
        for number in range(draw(st.integers(0, 3)))
    ]
    return freight_plan(workshops=tuple(workshops), routes=tuple(routes), value=0)


@st.composite
def any_prices(draw):
    """Prices that move every term."""
    share = st.floats(0, 0.9)
    return PRICES.model_copy(
        update={
            "margin_on_wage": draw(share),
            "own_time_share": draw(share),
            "value_of_time_share": draw(share),
            "income_tax_rate": draw(share),
            "supervision_share": draw(share),
            "commute_cost_per_km": draw(st.floats(0, 5)),
            "tax_rule": draw(st.sampled_from(["workplace", "residence"])),
        }
    )


def worth(plan, prices):
    """
    The objective, added up without the ledgers: a plain loop over people, premises and trucks.
    """
    hours = 1_600
    total = 0.0
    for shop in plan.workshops:
        for group in shop.groups:
            gain = 3 * (1 + prices.margin_on_wage) * hours
            if group.kind == "commuter":
                gain -= 2 * (1 + prices.margin_on_wage) * hours
                gain += 200 * (40 * prices.commute_cost_per_km + prices.value_of_time_share * 2)
            else:
                gain -= 2 * prices.own_time_share * hours
            total += group.workers * gain
        total -= prices.supervision_share * shop.workers * hours * 3
        total -= 1.1 * {"barn": 1_000, "school": 2_000}[shop.facility_id]
    return total - 1.1 * 1_500 - 200 * sum(truck.cost_per_day for truck in plan.routes)


@SOME
@given(plan=any_plan(), prices=any_prices())
def test_freight_ledgers_sum_to_the_value_of_any_plan(plan, prices):
    """To the cent; and the trucks' cost is shared out whole."""
    plan = replace(plan, value=worth(plan, prices))

    comparison = compare(freight=plan, prices=prices)

    freight = comparison.ledgers[comparison.ledgers["regime"] == "freight"]
    assert freight["amount_per_year"].sum() == pytest.approx(plan.value, abs=0.005)
    assert comparison.headline["freight_cost_per_year"] == pytest.approx(
        200 * sum(truck.cost_per_day for truck in plan.routes), abs=0.005
    )


def test_a_plan_worth_a_euro_more_than_its_ledgers_is_refused():
    with pytest.raises(ParameterError, match="designed with"):
        compare(freight=freight_plan(value=19_851))


@SOME
@given(plan=any_plan(), rule=st.sampled_from(["workplace", "residence"]), tax=st.floats(0, 0.9))
def test_taxes_are_transfers_under_both_regimes(plan, rule, tax):
    """Another tax, or another town that receives it, moves money and makes none."""
    plan = replace(plan, value=worth(plan, PRICES))
    taxed = PRICES.model_copy(update={"tax_rule": rule, "income_tax_rate": tax})

    before, after = compare(freight=plan), compare(freight=plan, prices=taxed)

    for regime in ("freight", "commuting"):
        sums = [
            one.ledgers.loc[one.ledgers["regime"] == regime, "amount_per_year"].sum()
            for one in (before, after)
        ]
        assert sums[1] == pytest.approx(sums[0], abs=0.01)


@SOME
@given(stretch=st.floats(0.1, 2))
def test_flat_break_even_does_not_depend_on_distance(stretch):
    """At constant speed all distances stretched alike leave it where it was."""
    stretched = {mode: travel(mode, KM * stretch) for mode in ("bus", "truck")}

    near, far = compare(), compare(travel=stretched)

    assert far.break_even["break_even_flat_h_per_t"].to_numpy() == pytest.approx(
        near.break_even["break_even_flat_h_per_t"].to_numpy(), rel=1e-5
    )
    assert near.break_even["break_even_flat_h_per_t"].round(9).nunique() == 1  # noqa: PD101


@SOME
@given(labour=st.floats(1, 5_000), stretch=st.floats(0.1, 2), price=st.floats(0.01, 2))
def test_freight_is_cheaper_just_when_work_is_more_intensive_than_break_even(
    labour, stretch, price
):
    world = region()
    world.tables["processes"]["labour_h_per_t"] = labour
    world.tables["processes"]["input_t_per_day"] = 10_000.0
    found = compare(
        region=world,
        freight=empty_plan(),
        prices=PRICES.model_copy(update={"commute_cost_per_km": price}),
        travel={mode: travel(mode, KM * stretch) for mode in ("bus", "truck")},
    ).break_even

    assert len(found) == 2
    assert (
        found["is_freight_cheaper"] == (found["labour_h_per_t"] > found["break_even_h_per_t"])
    ).all()


@SOME
@given(limit=st.floats(1, 200), more=st.floats(0, 200), shift=st.floats(1, 23))
def test_reach_never_shrinks_when_a_limit_grows(limit, more, shift):
    def reach(daily_limit_min, shift_h):
        world = region()
        world.tables["vehicles"]["shift_h"] = shift_h
        params = PARAMS.model_copy(update={"daily_limit_min": daily_limit_min})
        return compare(region=world, params=params, freight=empty_plan()).reach

    small, large = reach(limit, shift), reach(limit + more, shift + 1)

    for column in ("towns", "people", "area_km2"):
        assert (large[column] >= small[column]).all()


def renamed(world: Region, new: dict[str, str]) -> Region:
    """The same region with other town ids."""
    towns = world.towns.rename(index=new)
    tables = {}
    for name, frame in world.tables.items():
        other = frame.copy()
        if "town_id" in other:
            other["town_id"] = other["town_id"].map(new).astype("string")
        tables[name] = other
    return Region(name=world.name, towns=towns, tables=tables)


@SOME
@given(
    ids=st.lists(st.text("0123abc", min_size=1, max_size=5), min_size=3, max_size=3, unique=True)
)
def test_renaming_towns_renames_the_answer(ids):
    new = dict(zip(TOWNS, ids, strict=True))
    order = tuple(ids)
    plan = freight_plan()
    plan = replace(
        plan,
        workshops=tuple(replace(shop, town_id=new[shop.town_id]) for shop in plan.workshops),
    )
    people = pools().frame.assign(town_id=lambda frame: frame["town_id"].map(new))
    drawn = areas()

    other = compare(
        region=renamed(region(), new),
        flows=FlowMatrix(order, flows().persons),
        pools=LabourPools(people),
        travel={
            mode: TravelMatrix(order, mode, KM, KM, "table") for mode in ("bus", "car", "truck")
        },
        areas=Partition(
            origin="commuting",
            area_of={new[town]: area for town, area in drawn.area_of.items()},
            status_of={new[town]: word for town, word in drawn.status_of.items()},
            areas=(replace(drawn.areas[0], head_town_id=new["city"]),),
        ),
        freight=plan,
    )
    ours = compare()

    assert other.headline == pytest.approx(ours.headline, nan_ok=True)
    for name in ("ledgers", "cost_to_serve", "break_even"):
        expected = getattr(ours, name).assign(
            town_id=lambda frame: frame["town_id"].map(new).astype(frame["town_id"].dtype)
        )
        pd.testing.assert_frame_equal(getattr(other, name), expected)


def test_nothing_given_is_changed():
    world, people, plan = region(), pools(), freight_plan()
    tables = {name: frame.copy() for name, frame in world.tables.items()}
    before = people.frame.copy()

    compare(region=world, pools=people, freight=plan)

    for name, frame in tables.items():
        pd.testing.assert_frame_equal(world.tables[name], frame)
    pd.testing.assert_frame_equal(people.frame, before)
    assert plan == freight_plan()


def test_the_date_line_leaves_the_area_as_it_is():
    world = region()
    moved = world.towns.assign(lon=(world.towns["lon"] + 179.5 + 180) % 360 - 180)
    shifted = Region(name="date line", towns=moved, tables=world.tables)

    assert compare(region=shifted).reach["area_km2"].to_numpy() == pytest.approx(
        compare().reach["area_km2"].to_numpy()
    )
    assert np.sign(moved["lon"].astype(float)).nunique() == 2
