"""One planted violation of each rule, and exactly that one is caught."""

import re
from dataclasses import replace

import numpy as np
import pytest

from comarca.freight import design_freight, evaluate_plan, evaluator
from comarca.model.freight_plan import FreightPlan, Goal
from freight_world import (
    COURSE,
    ENTERPRISES,
    FACILITIES,
    LABOUR,
    PARAMS,
    PROCESSES,
    VEHICLES,
    change,
    world,
)


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
    "goal": lambda plan: replace(plan, goal=Goal(budget_per_year=1e9)),
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


def with_both(one: FreightPlan, other: FreightPlan) -> FreightPlan:
    """Two plans of one region at once, each term and tie as both say."""
    ties = {
        town: area or other.partition.area_of[town] for town, area in one.partition.area_of.items()
    }
    names = set(one.terms) | set(other.terms)
    return replace(
        one,
        partition=replace(
            one.partition,
            area_of=ties,
            status_of={town: "none" if area is None else "tied" for town, area in ties.items()},
            areas=(*one.partition.areas, *other.partition.areas),
        ),
        bases=(*one.bases, *other.bases),
        workshops=(*one.workshops, *other.workshops),
        routes=(*one.routes, *other.routes),
        terms={name: one.terms.get(name, 0.0) + other.terms.get(name, 0.0) for name in names},
        value=one.value + other.value,
        bound=one.bound + other.bound,
    )


def test_two_workshops_in_one_facility_are_found():
    """Five at sewing, served as one; said to be two workshops of two and three."""
    place = FACILITIES[0] | {"renovation_cost": 0.0, "annual_rent": 0.0, "floor_m2": 55.0}
    given = world(facilities=[place])
    plan = design_freight(*given.inputs)
    (whole,) = plan.workshops
    assert whole.workers == 5
    first, *others = whole.groups
    two = (replace(first, workers=2),)
    three = tuple(
        group for group in (replace(first, workers=first.workers - 2), *others) if group.workers
    )
    halves = tuple(
        replace(
            whole,
            groups=groups,
            input_t_per_day=whole.input_t_per_day * workers / 5,
            output_t_per_day=whole.output_t_per_day * workers / 5,
        )
        for groups, workers in ((two, 2), (three, 3))
    )

    assert rules(given, replace(plan, workshops=halves)) == {"one workshop a facility"}


def test_town_tied_to_two_bases_is_found():
    """Ash serves the mill of Birch, Dale its school: two sound plans, but one town."""
    mill, school = FACILITIES[:2]
    sewing = design_freight(*world(facilities=[mill], processes=PROCESSES[:1]).inputs)
    joinery = design_freight(*world(facilities=[school], processes=PROCESSES[1:]).inputs)
    assert sewing.workers
    assert joinery.workers

    found = rules(world(facilities=[mill, school]), with_both(sewing, joinery))
    assert found == {"one base a town"}


def test_workshop_in_the_town_of_an_open_base_is_found():
    """Ash Works sends sewing to Birch while Dale Joinery sends work to Ash."""
    mill = FACILITIES[0]
    hall = {"facility_id": "hall", "town_id": "ash", "floor_m2": 40.0}
    labour = [*LABOUR, ("ash", "secondary", "unemployed", 3)]
    sewing = design_freight(*world(facilities=[mill], processes=PROCESSES[:1]).inputs)
    joinery = design_freight(
        *world(facilities=[hall], processes=PROCESSES[1:], labour=labour).inputs
    )
    assert sewing.workers
    assert joinery.workers
    plan = with_both(sewing, joinery)
    ties = replace(plan.partition, area_of=dict(plan.partition.area_of) | {"ash": "A"})

    found = rules(world(facilities=[mill, hall], labour=labour), replace(plan, partition=ties))
    assert found == {"base's own town"}


def test_work_of_another_base_is_found(made):
    """Sewing now belongs to Dale, yet Ash sends it out."""
    _, plan = made

    found = rules(world(processes=change(PROCESSES, "sewing", enterprise_id="D")), plan)
    assert found == {"process of its base"}


def test_workshop_served_by_a_truck_of_another_base_is_found(made):
    """The other base stands in the same town, so the rounds are the same."""
    _, plan = made
    twin = ENTERPRISES[0] | {"enterprise_id": "B", "name": "Other Ash Works"}
    routes = tuple(
        replace(route, base_id="B") if route.base_id == "A" else route for route in plan.routes
    )

    found = rules(world(enterprises=[*ENTERPRISES, twin]), replace(plan, routes=routes))
    assert found == {"served by its base"}


def test_more_visits_than_trucks_need_are_found():
    """Two visits were the fewest of a small van; a larger one needs one."""
    small = world(vehicles=change(VEHICLES, "van", payload_t=0.25))
    plan = design_freight(*small.inputs)
    assert any(len(trip.stops) for route in plan.routes for trip in route.trips[1:])

    assert rules(world(), plan) == {"fewest visits"}


def test_a_town_out_of_reach_on_the_way_through_another_is_found():
    """The truck reaches Cedar by Birch and drives back; the straight way out would take a day."""
    tables = {
        "facilities": [FACILITIES[0], FACILITIES[2]],
        "processes": PROCESSES[:1],
        "vehicles": change(VEHICLES, "van", payload_t=2.0, volume_m3=20.0),
    }
    km = np.abs(np.subtract.outer(range(0, 40, 10), range(0, 40, 10))).astype(float)
    plan = design_freight(*world(**tables).inputs)
    ((route,),) = [plan.routes]
    ((first, last),) = [[stop.facility_id for stop in trip.stops] for trip in route.trips]
    out, back = (0, 2) if (first, last) == ("mill", "depot") else (2, 0)
    km_minutes = km.copy()
    km_minutes[out, back] = 1_000.0

    assert rules(world(**tables, minutes=km_minutes, km=km), plan) == {"reach"}


# Visits every second day, and a course without which nobody could sew.
RARE = {
    "processes": [
        row | {"visit_every_days": 2, "skill": "secondary", "storage_m2_per_t": 1.0}
        for row in PROCESSES
    ],
    "vehicles": change(VEHICLES, "van", payload_t=2.0, volume_m3=16.0),
    "programmes": [COURSE],
}
COLLEGE = {"institution_id": "college", "town_id": "dale", "kind": "college", "opened_year": 1990}
RARE_RULES = {
    "days between visits": {"processes": change(RARE["processes"], "joinery", visit_every_days=1)},
    "driver's start": {"params": PARAMS.model_copy(update={"drivers_start_h": 7.5})},
    "opening hours": {"params": PARAMS.model_copy(update={"workshops_open_h": 9.0})},
    "places on a course": {"programmes": [COURSE | {"capacity": 1}]},
    "training": {
        "programmes": [COURSE | {"is_distance": False, "institution_id": "college"}],
        "institutions": [COLLEGE],
        "params": PARAMS.model_copy(update={"training_reach_min": 5.0}),
    },
}


@pytest.fixture(scope="module")
def rare():
    """Trucks every second day, and workers who were trained."""
    plan = design_freight(*world(**RARE).inputs)
    assert {route.every_days for route in plan.routes} == {2}
    assert sum(workshop.learners for workshop in plan.workshops) == 2
    assert evaluate_plan(*world(**RARE).inputs, plan).is_sound
    return plan


@pytest.mark.parametrize("rule", RARE_RULES)
def test_a_rule_of_days_hours_and_courses_made_stricter_is_found_broken(rare, rule):
    assert rules(world(**(RARE | RARE_RULES[rule])), rare) == {rule}


def test_workshops_that_close_early_are_found(rare):
    """The last stop ends after they close, the first before."""
    route = max(rare.routes, key=lambda each: each.trips[-1].stops[-1].leave_min)
    last = route.starts_min + route.trips[-1].stops[-1].leave_min
    early = PARAMS.model_copy(update={"workshops_close_h": (last - 1) / 60})

    assert rules(world(**RARE, params=early), rare) == {"opening hours"}


def test_a_course_of_two_steps_is_found(rare):
    """From basic to higher at once."""
    given = world(**(RARE | {"programmes": [COURSE | {"skill": "higher"}]}))

    assert rules(given, rare) == {"training"}


def test_a_course_nobody_knows_is_found(rare):
    given = world(**(RARE | {"programmes": [COURSE | {"programme_id": "welding"}]}))

    assert rules(given, rare) == {"known objects"}


def test_a_first_day_after_the_second_is_found(rare):
    """Of a truck driven every second day."""
    assert rules(world(**RARE), with_route(rare, first_day=3)) == {"days of a route"}


def test_trucks_that_meet_on_one_day_are_counted(rare):
    """
    One truck can make two rounds on alternating days, not both on the same.

    The round stands here twice, which breaks other rules as well.
    """
    given = world(**(RARE | {"vehicles": [RARE["vehicles"][0] | {"number": 1}]}))
    (route,) = rare.routes
    apart, together = (
        replace(rare, routes=(route, replace(route, route_id="other", first_day=day)))
        for day in (3 - route.first_day, route.first_day)
    )

    assert "fleet" not in rules(given, apart)
    assert "fleet" in rules(given, together)


# A plan made for one goal and judged by a stricter one, which it is said to have been made for.
GOALS = {
    "jobs required": {"jobs_required": 100},
    "budget": {"budget_per_year": 1_000.0},
}


@pytest.mark.parametrize("rule", GOALS)
def test_a_plan_that_misses_its_goal_is_found(made, rule):
    given, plan = made
    stricter = replace(given, params=given.params.model_copy(update=GOALS[rule]))

    assert rules(stricter, replace(plan, goal=Goal(**GOALS[rule]))) == {rule}


@pytest.mark.parametrize(
    ("asked", "bound", "is_right"),
    [
        ({"objective": "cost", "jobs_required": 1}, 1.0, True),
        ({"objective": "cost", "jobs_required": 1}, 1e9, False),
        ({"objective": "jobs", "budget_per_year": 1e9}, 1e9, True),
        ({"objective": "jobs", "budget_per_year": 1e9}, 1.0, False),
    ],
)
def test_bound_of_each_objective_is_judged_in_its_direction(made, asked, bound, is_right):
    given, plan = made
    other = replace(given, params=given.params.model_copy(update=asked))

    found = rules(other, replace(plan, goal=Goal(**asked), bound=bound))
    assert found == (set() if is_right else {"bound"})


def test_workshops_of_a_plan_said_to_be_infeasible_are_judged_all_the_same(made):
    given, plan = made
    stricter = replace(given, params=given.params.model_copy(update=GOALS["budget"]))
    said = replace(plan, goal=Goal(**GOALS["budget"]), status="infeasible")

    assert rules(stricter, said) == {"budget"}


def test_town_left_untied_is_found(made):
    given, plan = made
    town = plan.workshops[0].town_id
    ties = replace(plan.partition, area_of=dict(plan.partition.area_of) | {town: None})

    assert rules(given, replace(plan, partition=ties)) == {"ties"}


def test_every_rule_of_the_judge_has_a_plan_that_breaks_it():
    """A rule added to the judge must be planted here."""
    text = evaluator.__doc__.split("Rules, by the name a violation bears")[1]
    alone = {
        "days of a route",
        "shift",
        "reach",
        "full load",
        "fewest visits",
        "one workshop a facility",
        "one base a town",
        "base's own town",
        "process of its base",
        "served by its base",
        "ties",
    }

    assert (
        set(re.findall(r"``([^`]+)``", text))
        == set(TIGHTENED) | set(PLANTED) | set(RARE_RULES) | set(GOALS) | alone
    )
