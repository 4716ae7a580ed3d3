"""What holds of every freight plan."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comarca.freight import design_freight, evaluate_plan
from comarca.freight.steps import stepped_weights
from comarca.model.prices import Prices
from freight_draws import PARAMS, TOWNS, worlds
from freight_world import (
    ENTERPRISES,
    FACILITIES,
    PROCESSES,
    VEHICLES,
    best_by_brute_force,
    world,
)


@settings(max_examples=30)
@given(worlds())
def test_plan_keeps_every_rule_and_is_the_best_plan(small):
    """Also in tables without a triangle inequality and with few trucks."""
    plan = design_freight(*small.inputs)
    best = max(best_by_brute_force(small), 0.0)

    assert evaluate_plan(*small.inputs, plan).violations == ()
    assert plan.value == pytest.approx(best, abs=0.01, rel=PARAMS.mip_gap)
    assert plan.bound >= best - 0.01


@settings(max_examples=15)
@given(worlds())
def test_search_without_exact_rounds_keeps_every_rule_and_its_bound_holds(small):
    """As where premises are many."""
    params = PARAMS.model_copy(
        update={"exact_premises": 0, "exact_options": 2, "promising_options": 2}
    )
    inputs = (*small.inputs[:-1], params)
    plan = design_freight(*inputs)
    best = design_freight(*small.inputs).value

    assert evaluate_plan(*inputs, plan).violations == ()
    assert 0 <= plan.value <= best + 0.01 + PARAMS.mip_gap * best
    assert plan.bound >= best - 0.01


@settings(max_examples=8)
@given(st.integers(5, 14), st.integers(0, 10**6), st.integers(1, 3))
def test_larger_worlds_with_few_trucks_keep_every_rule(n_towns, seed, number):
    random = np.random.default_rng(seed)
    towns = ["ash", "dale", *(f"town{at}" for at in range(n_towns))]
    place = random.uniform(0, 50, (len(towns), 2))
    larger = world(
        towns=towns,
        km=np.hypot(*(place[:, None] - place[None]).transpose(2, 0, 1)),
        facilities=[
            {"facility_id": f"hall{at}", "town_id": town, "floor_m2": random.uniform(20, 80)}
            for at, town in enumerate(towns[2:])
        ],
        labour=[(town, "secondary", "unemployed", 6) for town in towns[2:]],
        processes=[row | {"input_t_per_day": 4.0} for row in PROCESSES],
        vehicles=[VEHICLES[0] | {"number": number}],
        params=PARAMS.model_copy(update={"closing_steps": 5}),
    )
    plan = design_freight(*larger.inputs)

    assert evaluate_plan(*larger.inputs, plan).violations == ()
    assert 0 <= plan.value <= plan.bound
    assert plan.status in {"optimal", "feasible", "empty"}


@settings(max_examples=100)
@given(st.lists(st.floats(0.001, 1), min_size=1, max_size=8), st.floats(1, 100))
def test_visits_of_one_trip_take_up_one_trip_at_most(shares, cost):
    """Whatever the steps: visits that fit together claim no more than the way of their trip."""
    loads = np.array(shares) / max(sum(shares), 1.0)
    least = np.repeat(loads[:, None], 4, axis=1)
    nothing = np.zeros_like(least)
    claimed = stepped_weights(least, nothing, np.ones((1, 4)), np.full((1, len(loads)), cost))

    for first, _ in claimed:
        assert first.sum() <= cost * (1 + 1e-4)


@settings(max_examples=6)
@given(worlds(), st.floats(0, 60))
def test_extra_optional_base_never_lowers_the_bound(small, far):
    """Another base may stay closed, so what can be proven possible does not shrink."""
    tables = {name: rows.to_dict("records") for name, rows in small.region.tables.items()}
    towns = [*TOWNS, "elm"]
    km = np.full((5, 5), far)
    km[:4, :4] = small.travel.distance_km
    np.fill_diagonal(km, 0.0)
    extra = ENTERPRISES[0] | {"enterprise_id": "E", "town_id": "elm", "opening_cost": 5_000.0}
    work = PROCESSES[0] | {"process_id": "extra", "enterprise_id": "E"}
    richer = world(
        towns=towns,
        km=km,
        facilities=tables["facilities"],
        labour=list(small.pools.frame.iloc[:, :4].itertuples(index=False, name=None)),
        enterprises=[*tables["enterprises"], extra],
        processes=[*tables["processes"], work],
        vehicles=tables["vehicles"],
        programmes=tables["programmes"],
        params=PARAMS,
    )

    before, after = design_freight(*small.inputs).bound, design_freight(*richer.inputs).bound
    # Search stops within its gap, so the bounds may differ by as much.
    assert after >= before - PARAMS.mip_gap * abs(before) - 1e-6


@settings(max_examples=6)
@given(worlds(), st.floats(0.01, 1_000))
def test_scaling_of_money_scales_the_value(small, rate):
    """The same world in another currency gives the same plan, its amounts times the rate."""
    prices = Prices(
        wage_basic_per_h=small.prices.wage_basic_per_h * rate,
        wage_secondary_per_h=small.prices.wage_secondary_per_h * rate,
        wage_higher_per_h=small.prices.wage_higher_per_h * rate,
        commute_cost_per_km=small.prices.commute_cost_per_km * rate,
    )
    money = {
        "enterprises": ["opening_cost"],
        "processes": ["wage_per_h"],
        "vehicles": ["cost_per_km", "cost_per_h", "fixed_per_day"],
        "facilities": ["renovation_cost", "annual_rent"],
        "programmes": ["cost_per_learner"],
    }
    tables = {name: rows.copy() for name, rows in small.region.tables.items()}
    for name, columns in money.items():
        for column in columns:
            tables[name][column] = tables[name][column] * rate
    pools = small.pools.frame.assign(
        present_wage_per_h=small.pools.frame["present_wage_per_h"] * rate
    )
    other = replace(
        small,
        region=replace(small.region, tables=tables),
        pools=type(small.pools)(pools),
        prices=prices,
    )

    here, there = design_freight(*small.inputs), design_freight(*other.inputs)
    assert there.bound == pytest.approx(here.bound * rate, rel=1e-4, abs=1e-3 * rate)
    assert there.value == pytest.approx(here.value * rate, rel=1e-3, abs=1e-3 * rate)


def test_same_inputs_give_the_same_plan():
    given_world = world(facilities=FACILITIES)

    assert design_freight(*given_world.inputs) == design_freight(*given_world.inputs)
