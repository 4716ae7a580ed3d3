"""One planted violation of each rule, and exactly that one is caught."""

from dataclasses import replace

import pytest

from comarca.freight import design_freight, evaluate_plan
from comarca.model.freight_plan import FreightPlan, WorkerGroup
from freight_world import ENTERPRISES, FACILITIES, LABOUR, PROCESSES, VEHICLES, change, world


@pytest.fixture(scope="module")
def made():
    """A world and its plan: three workshops of both bases."""
    given = world()
    plan = design_freight(*given.inputs)
    assert {workshop.base_id for workshop in plan.workshops} == {"A", "D"}
    return given, plan


def rules(given, plan):
    return {violation.rule for violation in evaluate_plan(*given.inputs, plan).violations}


def test_sound_plan_breaks_nothing_and_its_money_is_recomputed(made):
    given, plan = made
    evaluation = evaluate_plan(*given.inputs, plan)

    assert evaluation.is_sound
    assert evaluation.value == pytest.approx(plan.value)
    assert evaluation.terms == pytest.approx(dict(plan.terms))


# Rules tightened after the plan was made: the plan then breaks exactly that one.
TIGHTENED = {
    "permitted base": {"enterprises": change(ENTERPRISES, "A", candidate_base=False)},
    "workers available": {"labour": [(t, s, k, 1) for t, s, k, _ in LABOUR]},
    "fewest workers": {"processes": change(PROCESSES, "sewing", min_workers=9)},
    "floor": {"facilities": change(FACILITIES, "mill", floor_m2=5.0)},
    "tonnes of a process": {"processes": change(PROCESSES, "sewing", input_t_per_day=0.1)},
    "base capacity": {"enterprises": change(ENTERPRISES, "A", capacity_t_per_day=0.1)},
    "payload": {"vehicles": change(VEHICLES, "van", payload_t=0.15)},
    "volume": {"vehicles": change(VEHICLES, "van", volume_m3=1.0)},
    "workers' skill": {"processes": change(PROCESSES, "sewing", skill="higher")},
    "fleet": {"vehicles": change(VEHICLES, "van", number=0)},
}


@pytest.mark.parametrize("rule", TIGHTENED)
def test_a_rule_made_stricter_is_found_broken(made, rule):
    _, plan = made

    assert rules(world(**TIGHTENED[rule]), plan) == {rule}


def with_workshop(plan: FreightPlan, **values) -> FreightPlan:
    return replace(plan, workshops=(replace(plan.workshops[0], **values), *plan.workshops[1:]))


def with_route(plan: FreightPlan, **values) -> FreightPlan:
    return replace(plan, routes=(replace(plan.routes[0], **values), *plan.routes[1:]))


def with_trip(plan: FreightPlan, **values) -> FreightPlan:
    trips = plan.routes[0].trips
    return with_route(plan, trips=(replace(trips[0], **values), *trips[1:]))


def with_stop(plan: FreightPlan, **values) -> FreightPlan:
    stops = plan.routes[0].trips[0].stops
    return with_trip(plan, stops=(replace(stops[0], **values), *stops[1:]))


def some_group(plan: FreightPlan) -> WorkerGroup:
    return plan.workshops[0].groups[0]


PLANTED = {
    "known objects": lambda plan: with_workshop(plan, facility_id="castle"),
    "tonnes of a workshop": lambda plan: with_workshop(plan, input_t_per_day=9.0),
    "distance": lambda plan: with_trip(plan, distance_km=1.0),
    "cost of a route": lambda plan: with_route(plan, cost_per_day=1.0),
    "times": lambda plan: with_stop(plan, leave_min=plan.routes[0].trips[0].stops[0].leave_min + 5),
    "loads as stated": lambda plan: with_stop(plan, load_t=9.0),
    "bases named": lambda plan: replace(plan, bases=plan.bases[:1]),
    "terms": lambda plan: replace(
        plan,
        terms=dict(plan.terms) | {"enterprise: supervision": 0.0},
        value=plan.value - plan.terms["enterprise: supervision"],
        bound=2 * plan.bound,
    ),
    "value": lambda plan: replace(plan, value=plan.value - 1000.0),
    "bound": lambda plan: replace(plan, bound=plan.value - 1000.0),
}


@pytest.mark.parametrize("rule", PLANTED)
def test_a_plan_tampered_with_is_found_out(made, rule):
    given, plan = made

    assert rules(given, PLANTED[rule](plan)) == {rule}


def test_a_shift_too_short_is_found(made):
    """The truck's day is longer than one visit there and back, so reach is still kept."""
    _, plan = made
    longest = max(route.duty_h for route in plan.routes)
    shorter = world(vehicles=change(VEHICLES, "van", shift_h=longest - 0.01))

    assert rules(shorter, plan) == {"shift"}


def test_a_town_out_of_reach_is_found(made):
    """A shift too short for one visit is too short for the day."""
    _, plan = made

    assert rules(world(vehicles=change(VEHICLES, "van", shift_h=0.5)), plan) == {"reach", "shift"}


def test_goods_not_collected_are_found(made):
    """The load that stays behind is the only fault: what is on board is stated as it then is."""
    given, plan = made
    trip = plan.routes[0].trips[0]
    stop = trip.stops[-1]
    process = next(w.process_id for w in plan.workshops if w.facility_id == stop.facility_id)
    density = next(row for row in PROCESSES if row["process_id"] == process)["density_t_per_m3"]
    left = 0.05
    stops = (
        *trip.stops[:-1],
        replace(
            stop,
            collected_t=stop.collected_t - left,
            load_t=stop.load_t - left,
            load_m3=stop.load_m3 - left / density,
        ),
    )

    assert rules(given, with_trip(plan, stops=stops)) == {"full load"}


def test_two_workshops_in_one_facility_are_found(made):
    """Both stand where one fits; each is served and staffed as stated."""
    given, plan = made
    twin = replace(plan.workshops[0], groups=(replace(some_group(plan), workers=0),))
    found = rules(given, replace(plan, workshops=(*plan.workshops, twin)))

    assert "one workshop a facility" in found


def test_town_tied_to_two_bases_is_found(made):
    given, plan = made
    moved = replace(plan.workshops[0], base_id="D")
    found = rules(given, replace(plan, workshops=(moved, *plan.workshops[1:])))

    assert {"process of its base", "served by its base"} <= found


def test_town_left_untied_is_found(made):
    given, plan = made
    town = plan.workshops[0].town_id
    ties = replace(plan.partition, area_of=dict(plan.partition.area_of) | {town: None})

    assert rules(given, replace(plan, partition=ties)) == {"ties"}
