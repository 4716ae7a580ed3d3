"""What a planner is told when little or nothing can be done, and what stops the search."""

from dataclasses import replace

import numpy as np
import pytest

from comarca.errors import ParameterError
from comarca.freight import FreightParams, design_freight, evaluate_plan
from comarca.freight.building import freight_problem
from comarca.model.prices import Prices, net, worker_year, workshop_year
from freight_world import (
    ENTERPRISES,
    FACILITIES,
    LABOUR,
    PARAMS,
    PROCESSES,
    ROAD,
    VEHICLES,
    change,
    world,
)

NO_WAY = np.where(np.eye(len(ROAD), dtype=bool), 0.0, np.inf)

REFUSED = {
    "no way for a truck": {"km": NO_WAY, "minutes": NO_WAY},
    "is the base's own town": {
        "facilities": [{"facility_id": "hall", "town_id": "ash", "floor_m2": 90.0}],
        "enterprises": ENTERPRISES[:1],
        "processes": PROCESSES[:1],
    },
    "no truck stands at the base": {"vehicles": change(VEHICLES, "van", number=0)},
    "the longest shift is 30 min": {"vehicles": change(VEHICLES, "van", shift_h=0.5)},
    "workers with the skill; the smallest workshop of": {"labour": LABOUR[:0]},
    "floor for 0 workers": {
        "facilities": [row | {"floor_m2": 5.0} for row in FACILITIES],
    },
    "the base has goods for 0 workers": {
        "processes": [row | {"input_t_per_day": 0.05} for row in PROCESSES],
    },
}


@pytest.mark.parametrize(
    ("swapped", "told"),
    [
        ({"pools": "travel", "travel": "pools"}, "pools is of the class TravelMatrix; expected"),
        ({"pools": None}, "pools is None; expected a value of the class LabourPools"),
        ({"params": {"rounds": 1}}, "params is of the class dict; expected a value of the class F"),
        ({"start": "plan.json"}, "start is 'plan.json'; expected a value of the class FreightPlan"),
    ],
)
def test_arguments_of_another_kind_are_named(swapped, told):
    names = ("region", "pools", "travel", "prices", "params")
    given = dict(zip(names, world().inputs, strict=True))
    other = {
        name: given[value] if isinstance(value, str) and value in given else value
        for name, value in swapped.items()
    }

    with pytest.raises(ParameterError) as refused:
        design_freight(**(given | other))

    assert told in str(refused.value)
    assert len(refused.value.faults) == len(swapped)


@pytest.mark.parametrize("reason", REFUSED)
def test_a_region_where_no_workshop_can_stand_is_told_why(reason):
    """Doing nothing is always a plan: it is worth 0, and the judge agrees."""
    given = world(**REFUSED[reason])
    plan = design_freight(*given.inputs)

    assert plan.status == "empty"
    assert (plan.value, plan.bound, plan.workshops) == (0.0, 0.0, ())
    assert evaluate_plan(*given.inputs, plan).is_sound
    assert plan.notes[0].startswith("no workshop can be set up")
    assert any(reason in note for note in plan.notes)


def test_workshops_that_do_not_pay_are_left_alone():
    given = world(vehicles=change(VEHICLES, "van", fixed_per_day=900.0))
    plan = design_freight(*given.inputs)

    assert (plan.status, plan.value, plan.bound) == ("empty", 0.0, 0.0)
    assert plan.notes[0] == "no workshop pays for its freight, premises and workers"


def test_a_clock_that_runs_out_leaves_a_sound_plan_and_a_bound():
    given = world()
    hurried = given.params.model_copy(update={"time_limit_s": 1e-9})
    best = design_freight(*given.inputs)
    plan = design_freight(*given.inputs[:-1], hurried)

    assert evaluate_plan(*given.inputs[:-1], hurried, plan).is_sound
    assert 0 <= plan.value <= best.value + 0.01
    assert plan.bound >= best.value - 0.01
    assert plan.status in {"out of time", "feasible", "optimal"}
    assert plan.workers or plan.status == "out of time"


def test_a_clock_that_ran_out_before_trips_were_found_is_told_with_a_bound():
    """Where premises are too many to try each, nothing bounds a plan before trips are found."""
    given = world()
    hurried = given.params.model_copy(update={"time_limit_s": 1e-9, "exact_premises": 0})
    best = design_freight(*given.inputs)
    plan = design_freight(*given.inputs[:-1], hurried)

    assert evaluate_plan(*given.inputs[:-1], hurried, plan).is_sound
    assert (plan.status, plan.value, plan.workshops) == ("out of time", 0.0, ())
    assert best.value - 0.01 <= plan.bound < np.inf
    assert "1e-09 s set for the search ran out before any plan was found" in plan.notes[0]
    assert f"worth more than {plan.bound:,.0f}" in plan.notes[0]


@pytest.mark.parametrize("number", [1, 2])
def test_no_more_trucks_drive_than_a_base_has(number):
    """Vans that carry one workshop's goods, and time for one round."""
    vehicles = change(VEHICLES, "van", payload_t=0.3, shift_h=1.0, number=number)
    plan = design_freight(*world(vehicles=vehicles).inputs)

    assert plan.workers
    assert max(sum(r.base_id == base for r in plan.routes) for base in plan.bases) <= number


def test_goods_of_more_than_a_truck_come_in_equal_visits():
    """Three at sewing take 0.3 t; a van of 0.25 t comes twice with 0.15 t."""
    plan = design_freight(*world(vehicles=change(VEHICLES, "van", payload_t=0.25)).inputs)
    stops = [
        stop.delivered_t
        for route in plan.routes
        for trip in route.trips
        for stop in trip.stops
        if stop.facility_id == "mill"
    ]

    assert stops == pytest.approx([0.15, 0.15])


@pytest.mark.parametrize("seed", range(20))
def test_net_benefit_of_a_worker_is_a_part_of_the_process_and_a_part_of_the_worker(seed):
    """The solver adds the two parts; the ledgers price both at once: they must not drift apart."""
    random = np.random.default_rng(seed)
    prices = Prices(
        margin_on_wage=random.uniform(0, 1),
        value_of_time_share=random.uniform(0, 1),
        own_time_share=random.uniform(0, 1),
        refilled_share=random.uniform(0, 1),
        commute_cost_per_km=random.uniform(0, 1),
        income_tax_rate=random.uniform(0, 0.6),
        tax_rule=("residence", "workplace")[seed % 2],
        supervision_share=random.uniform(0, 0.5),
    )
    given = replace(world(), prices=prices)
    problem = freight_problem(*given.inputs)

    for process in problem.processes:
        for group in problem.groups:
            worker = worker_year(
                prices,
                kind=group.kind,
                wage_per_h=process.wage_per_h,
                value_added_per_h=process.value_added_per_h,
                present_wage_per_h=group.present_wage_per_h,
                saved_km_per_day=group.saved_km_per_day,
                saved_min_per_day=group.saved_min_per_day,
            )
            supervised = workshop_year(
                prices,
                wages_per_year=prices.hours_per_year * process.wage_per_h,
                renovation_cost=0.0,
                annual_rent=0.0,
            )
            assert process.worth + group.worth == pytest.approx(net(worker) + net(supervised))


def test_more_premises_than_are_tried_exactly_still_give_a_sound_plan():
    given = world()
    params = FreightParams(
        **(PARAMS.model_dump() | {"exact_premises": 0, "exact_options": 3, "promising_options": 3})
    )
    plan = design_freight(*given.inputs[:-1], params)

    assert plan.workers
    assert evaluate_plan(*given.inputs[:-1], params, plan).is_sound
