"""Starting from a plan made before, stopping, and telling how far the search has come."""

import sys

import pytest

from comarca.errors import ParameterError, SolverMissingError
from comarca.freight import FreightParams, design_freight, evaluate_plan
from comarca.freight.telling import told
from freight_world import FACILITIES, LABOUR, PARAMS, VEHICLES, change, world


def asking(**changes):
    return FreightParams(**(PARAMS.model_dump() | changes))


QUICK = {"exact_premises": 0, "rounds": 1, "routing_iterations": 1, "coarse_gap": 0.9}


@pytest.fixture(scope="module")
def best():
    given = world()
    return design_freight(*given.inputs)


def test_a_hasty_search_that_starts_from_the_best_plan_is_never_worse(best):
    given = world(params=asking(**QUICK))
    again = design_freight(*given.inputs, start=best)

    assert evaluate_plan(*given.inputs, again).violations == ()
    assert again.value >= best.value - 0.01
    assert "the search began with the previous plan and its 3 workshops" in again.notes


def test_a_start_for_another_goal_keeps_what_the_goal_asks(best):
    params = asking(**QUICK, objective="jobs", budget_per_year=best.cost_per_year)
    given = world(params=params)
    again = design_freight(*given.inputs, start=best)

    assert evaluate_plan(*given.inputs, again).violations == ()
    assert again.workers >= best.workers


def test_a_start_that_costs_too_much_is_made_cheaper(best):
    params = asking(**QUICK, budget_per_year=best.cost_per_year * 0.7)
    given = world(params=params)
    again = design_freight(*given.inputs, start=best)

    assert evaluate_plan(*given.inputs, again).violations == ()
    assert 0 < again.cost_per_year <= best.cost_per_year * 0.7


def test_workshops_without_workers_are_left_behind(best):
    """Two workers of each kind instead of more: the old workshops cannot stand as they were."""
    given = world(labour=[(t, s, k, 2) for t, s, k, _ in LABOUR])
    fresh = design_freight(*given.inputs)
    again = design_freight(*given.inputs, start=best)

    assert evaluate_plan(*given.inputs, again).violations == ()
    assert again.value == pytest.approx(fresh.value)
    assert any("previous plan" in note for note in again.notes)


def test_premises_and_trucks_that_are_gone_are_left_behind(best):
    for changes in (
        {"facilities": FACILITIES[2:]},
        {"vehicles": [VEHICLES[0] | {"vehicle_id": "lorry"}]},
        {"vehicles": change(VEHICLES, "van", payload_t=0.3)},
    ):
        given = world(**changes)
        again = design_freight(*given.inputs, start=best)

        assert evaluate_plan(*given.inputs, again).violations == ()
        assert any("previous plan" in note for note in again.notes)


def test_search_stops_once_the_gap_is_small_enough(best):
    """The plan to start from is near enough, and no rounds are searched after it."""
    said = []
    given = world(params=asking(exact_premises=0, stop_gap=0.99))
    design_freight(*given.inputs, start=best, progress=_into(said))

    assert not any(line.startswith("Making rounds") for line in said)


def test_progress_tells_plan_bound_and_gap():
    said = []
    plan = design_freight(*world(params=asking(exact_premises=0)).inputs, progress=_into(said))

    assert f"Made rounds: worth {plan.value:,.0f} a year, at most {plan.bound:,.0f}" in said[-1]
    assert "gap 0.0%" in said[-1]


def test_progress_of_each_objective_is_told_in_its_unit():
    assert told("At it", 90.0, 100.0) == "At it: worth 90 a year, at most 100 possible (gap 10.0%)"
    assert told("At it", 9.0, 12.0, "jobs") == "At it: 9 jobs, at most 12 possible (gap 25.0%)"
    assert told("At it", 110.0, 100.0, "cost") == (
        "At it: 110 a year, no plan costs less than 100 (gap 10.0%)"
    )
    assert told("At it", None, 100.0, "cost") == "At it: no plan yet, no plan costs less than 100"


def _into(said):
    return lambda stage, share: said.append(stage)


def test_objectives_without_their_limit_are_refused():
    with pytest.raises(ParameterError, match="jobs_required is 0; expected 1 or more"):
        asking(objective="cost")
    with pytest.raises(ParameterError, match="budget_per_year is not set; expected an amount"):
        asking(objective="jobs")


def test_missing_solver_is_named_with_the_way_to_install_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "pyvrp", None)

    with pytest.raises(SolverMissingError, match="pip install pyvrp"):
        design_freight(*world().inputs)


def test_two_cores_make_the_same_plan():
    one, two = (
        design_freight(*world(params=asking(exact_premises=0, threads=threads)).inputs)
        for threads in (1, 2)
    )

    assert one.workshops
    assert (one.workshops, one.routes, one.bound) == (two.workshops, two.routes, two.bound)
