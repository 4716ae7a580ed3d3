"""Plans for each aim, in small worlds, against every plan there is."""

from functools import cache

import numpy as np
import pytest

from comarca.freight import FreightParams, aimed, design_freight, evaluate_plan
from comarca.freight.search import Choice
from freight_world import (
    COURSE,
    ENTERPRISES,
    FACILITIES,
    PARAMS,
    PROCESSES,
    VEHICLES,
    best_for_the_goal,
    change,
    plans_by_brute_force,
    world,
)

WORLDS = {
    "as it is": {},
    "a dear truck": {
        "vehicles": change(VEHICLES, "van", cost_per_km=1.0, cost_per_h=20.0, fixed_per_day=30.0)
    },
    "bases to be opened": {
        "enterprises": [row | {"opening_cost": 30_000.0} for row in ENTERPRISES],
        "facilities": [*FACILITIES[:1], FACILITIES[2]],
    },
    "visits every few days": {
        "processes": [row | {"visit_every_days": 2} for row in PROCESSES],
        "facilities": [*FACILITIES[:1], FACILITIES[2]],
        "vehicles": change(VEHICLES, "van", payload_t=2.5, volume_m3=16.0),
    },
}
GOALS = {
    "least cost of a few jobs": {"objective": "cost", "jobs_required": 3},
    "least cost of many jobs": {"objective": "cost", "jobs_required": 7},
    "least cost of more jobs than there are": {"objective": "cost", "jobs_required": 30},
    "most jobs for little": {"objective": "jobs", "budget_per_year": 9_000.0},
    "most jobs for much": {"objective": "jobs", "budget_per_year": 60_000.0},
    "most jobs for next to nothing": {"objective": "jobs", "budget_per_year": 50.0},
    "greatest benefit for little": {"budget_per_year": 9_000.0},
    "greatest benefit of many jobs": {"jobs_required": 6},
    "many jobs for little": {"jobs_required": 6, "budget_per_year": 12_000.0},
}


def asking(**changes: object) -> FreightParams:
    return FreightParams(**(PARAMS.model_dump() | changes))


@cache
def every_plan(name: str) -> list[tuple[float, float, int]]:
    return plans_by_brute_force(world(**WORLDS[name]))


@pytest.mark.parametrize("goal", GOALS)
@pytest.mark.parametrize("name", WORLDS)
def test_plan_is_the_best_there_is_for_the_goal(name, goal):
    given = world(**WORLDS[name], params=asking(**GOALS[goal]))
    plan = design_freight(*given.inputs)
    best = best_for_the_goal(every_plan(name), given.params)

    assert evaluate_plan(*given.inputs, plan).violations == ()
    if best is None:
        assert plan.status == "infeasible"
        assert plan.most_jobs is not None
        assert plan.most_jobs < given.params.jobs_required
    else:
        assert plan.status in {"optimal", "empty"}
        assert plan.reached == pytest.approx(best, rel=1e-5, abs=0.01)
        assert plan.bound == pytest.approx(best, rel=1e-5, abs=0.01)


@pytest.mark.parametrize("goal", GOALS)
def test_search_without_exact_rounds_keeps_the_goal_and_its_bound_holds(goal):
    """As where premises are many."""
    params = asking(**GOALS[goal], exact_premises=0, exact_options=2, promising_options=2)
    given = world(**WORLDS["a dear truck"], params=params)
    plan = design_freight(*given.inputs)
    best = best_for_the_goal(every_plan("a dear truck"), params)

    assert evaluate_plan(*given.inputs, plan).violations == ()
    if best is not None:
        better = -1 if params.objective == "cost" else 1
        assert better * (plan.bound - best) >= -0.01
    if plan.workshops:
        assert best is not None


def test_those_who_need_no_course_are_preferred_where_cost_counts():
    """Ten may learn for nothing but their time; hiring those who know costs the enterprise less."""
    given = world(
        processes=change(PROCESSES, "sewing", skill="secondary"),
        programmes=[COURSE],
        params=asking(objective="cost", jobs_required=2),
    )
    plan = design_freight(*given.inputs)

    assert evaluate_plan(*given.inputs, plan).violations == ()
    assert plan.status == "optimal"
    assert "enterprise: training, yearly share" not in plan.terms


def test_out_of_time_without_the_jobs_required_is_a_result_with_its_bound(monkeypatch):
    """The clock stops the choice before it has found anything; what it has proven stays told."""

    def nothing_found(master, limits, start=None):
        return Choice(workers=None, rounds=np.zeros(2), objective=-np.inf, bound=-4_321.0)

    monkeypatch.setattr(aimed, "solve_master", nothing_found)
    given = world(params=asking(objective="cost", jobs_required=7, time_limit_s=0.001))
    plan = design_freight(*given.inputs)

    assert plan.status == "out of time"
    assert plan.workshops == ()
    assert plan.bound == 4_321.0
    assert plan.gap == np.inf
    assert "out of time, no plan costs less than 4,321" in plan.summary()
    assert "7 jobs" in plan.notes[0]
    assert "not proven" in plan.notes[0]
    assert evaluate_plan(*given.inputs, plan).violations == ()


def test_cause_is_told_in_planning_words():
    given = world(params=asking(objective="cost", jobs_required=500))
    plan = design_freight(*given.inputs)

    assert plan.status == "infeasible"
    assert plan.notes[0] == f"500 jobs are required; no plan has more than {plan.most_jobs}"
    assert "the towns that trucks reach have workers for 11 jobs" in plan.notes


def test_a_budget_too_small_is_told_with_the_way_to_a_larger_one():
    given = world(params=asking(jobs_required=5, budget_per_year=1.0))
    plan = design_freight(*given.inputs)

    assert plan.status == "infeasible"
    assert "for 1 USD a year" in plan.notes[0]
    assert "the least cost of 5 jobs without a budget shows which" in plan.notes[1]
