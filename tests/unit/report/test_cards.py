"""What workshops, trucks and bases are told of themselves."""

import math
import re
from dataclasses import replace

import pandas as pd
import pytest

from comarca.model.freight_plan import Goal, WorkerGroup
from comarca.model.region import typed_frame
from comarca.report import words
from comarca.report.contents import Contents
from comarca.report.front import Front
from comarca.report.tables import Assumed
from comarca.report.workbook import summary_table
from unit.report.sample_plans import empty_plan, small_plan

COURSE = {
    "programme_id": "course",
    "name": "Sewing course",
    "skill": "secondary",
    "hours": 120.0,
    "cost_per_learner": 150.0,
    "capacity": 6,
    "is_distance": True,
}


def with_freight(plan, **changes):
    return replace(plan, freight=replace(plan.freight, **changes))


@pytest.fixture(scope="module")
def rare():
    """Trucks every second day from 06:50, and learners in the first workshop."""
    plan = small_plan()
    first, *others = plan.freight.workshops
    learners = WorkerGroup(skill="basic", kind="unemployed", workers=4, programme_id="course")
    shops = (replace(first, groups=(*first.groups, learners), visit_every_days=2), *others)
    routes = tuple(
        replace(route, starts_min=410.0, every_days=2, first_day=2) for route in plan.freight.routes
    )
    region = plan.completion.region
    tables = dict(region.tables) | {"programmes": typed_frame("programmes", pd.DataFrame([COURSE]))}
    completion = replace(plan.completion, region=replace(region, tables=tables))
    return Contents(
        with_freight(replace(plan, completion=completion), workshops=shops, routes=routes)
    )


def told(table):
    return {row[0]: getattr(row[1], "value", row[1]) for row in table.rows}


def test_card_of_a_workshop_tells_who_learns_what_and_when_the_truck_is_there(rare):
    shop = rare.plan.freight.workshops[0]
    card = next(c for c in rare.workshop_cards if c.title.startswith(rare.names.town(shop.town_id)))
    visit = rare.visits_of(shop.facility_id)[0]
    comes, leaves = (410 + visit.stop.arrive_min, 410 + visit.stop.leave_min)

    facts = told(card)
    assert facts["Workers"].startswith(f"{shop.workers}:")
    assert facts["Training"] == (
        "4 workers of basic skill learn at Sewing course (120 h, to secondary skill) before the "
        "workshop opens"
    )
    assert f"comes at {comes // 60:02.0f}:{round(comes) % 60:02d}" in facts["Truck"]
    assert f"leaves at {leaves // 60:02.0f}:{round(leaves) % 60:02d}" in facts["Truck"]
    assert "on working day 2 of every 2" in facts["Truck"]
    assert "2 days’ goods wait between visits" in facts["Goods"]


def test_two_visits_of_one_truck_are_visits_not_trucks():
    plan = small_plan()
    route, *others = plan.freight.routes
    (trip, *_) = route.trips
    twice = Contents(with_freight(plan, routes=(replace(route, trips=(trip, trip)), *others)))
    facility = trip.stops[0].facility_id
    shop = next(s for s in plan.freight.workshops if s.facility_id == facility)
    card = next(
        c for c in twice.workshop_cards if c.title.startswith(twice.names.town(shop.town_id))
    )

    assert {"Visit 1", "Visit 2"} <= told(card).keys()
    assert "Truck" not in told(card)


def test_every_number_of_premises_bears_its_own_mark(rare):
    """As in the table of workshops, whose cells are marked one by one."""
    premises = rare.workshops.select(["Premises", "Floor", "Renovation", "Rent"])
    marked = {row[0]: [isinstance(cell, Assumed) for cell in row[1:]] for row in premises.rows}
    for card in rare.workshop_cards:
        facts = dict(card.rows)
        facility = told(card)["Premises"].split(",")[0]
        found = [isinstance(facts[name], Assumed) for name in ("Premises", "Renovation", "Rent")]
        assert found == marked[facility]


def test_every_workshop_truck_and_base_has_its_own(rare):
    freight = rare.plan.freight

    assert len(rare.workshop_cards) == len(freight.workshops)
    assert len(rare.truck_days) == len(freight.routes)
    assert len(rare.base_cards) == len(freight.bases)


def test_day_of_a_truck_runs_from_the_first_loading_to_the_last_return(rare):
    route, day = rare.plan.freight.routes[0], rare.truck_days[0]
    moments = [at for row in day.rows for at in row[1:3] if at is not None]

    assert moments == sorted(moments)
    assert moments[0] == 410.0
    assert moments[-1] == 410.0 + route.trips[-1].end_min
    assert len(day.rows) == 1 + sum(len(trip.stops) + 2 for trip in route.trips)


def test_card_of_a_base_names_all_its_towns(rare):
    base = rare.plan.freight.bases[0]
    towns = {rare.names.town(s.town_id) for s in rare.plan.freight.workshops if s.base_id == base}

    facts = told(rare.base_cards[0])
    assert facts["Towns"] == f"{len(towns)}: {', '.join(sorted(towns, key=str.casefold))}"


def test_jobs_are_told_with_those_who_take_them():
    (jobs, *_) = Front(Contents(small_plan())).figures()

    assert re.fullmatch(
        r"in \d+ towns?: \d+ (people|person) now [a-z ]+(, \d+ now [a-z ]+)*", jobs.note
    )


def test_training_stands_in_a_table_of_its_own(rare):
    (row,) = rare.training.rows

    assert row[0] == "Sewing course"
    assert row[3] == 4
    assert row[4:6] == ("basic", "secondary")


def test_a_plan_without_courses_has_no_table_of_them():
    assert Contents(small_plan()).training.rows == ()


@pytest.mark.parametrize(
    ("goal", "bound", "said"),
    [
        (Goal(objective="cost", jobs_required=5), 1_000.0, "costs less than USD\u00a01,000"),
        (Goal(objective="jobs", budget_per_year=1e6), 400.0, "has more jobs than 400"),
        (Goal(budget_per_year=1e6), 3e6, "is worth more than USD\u00a03.00 million"),
    ],
)
def test_answer_tells_what_was_sought_and_what_is_proven(goal, bound, said):
    terms = {"enterprise: supervision": -5_000.0}
    plan = with_freight(small_plan(), goal=goal, bound=bound, terms=terms)
    answer = " ".join(Front(Contents(plan)).sentences())

    in_words = goal.told(lambda amount: words.money(amount, plan.region.currency))
    assert in_words in answer
    assert said in answer.replace(plan.region.currency, "USD")


def test_jobs_that_cannot_be_had_are_told_with_the_most_there_can_be():
    plan = empty_plan("infeasible", ("900 jobs are required; no plan has more than 40",))
    goal = Goal(objective="cost", jobs_required=900)
    front = Front(Contents(with_freight(plan, goal=goal, most_jobs=40)))

    assert "It is proven that no plan has more than 40 jobs." in front.sentences()
    assert "No plan meets every requirement" in front.sentences()[1]


@pytest.mark.parametrize(
    ("budget", "label"),
    [
        (None, "No plan has more jobs than"),
        (1e5, "No plan within the budget has more jobs than"),
    ],
)
def test_a_budget_is_named_only_where_there_is_one(budget, label):
    goal = Goal(jobs_required=900, budget_per_year=budget)
    plan = with_freight(empty_plan("infeasible"), goal=goal, most_jobs=40)
    sheet = {row[1]: row[2] for row in summary_table(Contents(plan)).rows if row[0] == "Value"}

    assert sheet[label] == 40
    assert sheet["Gap"] is None


def test_a_bound_just_below_zero_is_told_as_zero():
    plan = with_freight(empty_plan("empty"), bound=-0.2)

    assert "at most 0 possible" in plan.freight.summary()


@pytest.mark.parametrize("objective", ["benefit", "cost", "jobs"])
def test_nothing_is_claimed_before_anything_is_proven(objective):
    """An infinite bound is no bound: no gap, no amount, and nothing called the best."""
    bound = -math.inf if objective == "cost" else math.inf
    goal = Goal(objective=objective, budget_per_year=1e6)
    for made in (empty_plan("out of time"), small_plan()):
        plan = with_freight(made, goal=goal, bound=bound, status="out of time")
        front = Front(Contents(plan))
        told = " ".join((*front.sentences(), *(f"{f.text} {f.note}" for f in front.worth())))
        sheet = {row[1]: row[2] for row in summary_table(Contents(plan)).rows if row[0] == "Value"}

        assert plan.freight.gap == math.inf
        assert "no bound proven; out of time" in plan.freight.summary()
        assert "the search ended before it had a bound" in told
        assert "no limit" not in told
        assert "proven the best" not in told
        assert sheet["Gap"] is None


def test_a_search_that_ended_too_early_claims_its_bound_and_no_gap():
    plan = empty_plan("out of time")
    goal = Goal(objective="cost", jobs_required=9)
    front = Front(Contents(with_freight(plan, goal=goal, bound=5_000.0)))

    assert [figure.label for figure in front.worth()] == ["Cost a year", "No plan costs less than"]
    assert any("costs less than" in sentence for sentence in front.sentences())
