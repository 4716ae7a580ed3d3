"""The exact formulation of the whole problem against every plan there is."""

import sys
from pathlib import Path

import numpy as np
import pytest

from comarca.freight import design_freight
from comarca.freight.building import freight_problem
from freight_world import (
    ENTERPRISES,
    FACILITIES,
    LABOUR,
    PROCESSES,
    VEHICLES,
    best_by_brute_force,
    change,
    world,
)

sys.path.append(str(Path(__file__).resolve().parents[2] / "benchmarks"))
from agglomeration_inputs import inputs
from whole_problem.branching import Limits
from whole_problem.checking import pack
from whole_problem.choices import NotCoveredError
from whole_problem.proof import Case, Search
from whole_problem.tours import least_of_tours

WORLDS = {
    "as it is": {},
    "one town may choose between two bases": {"facilities": FACILITIES[:1]},
    "a dear truck leaves little worth serving": {
        "vehicles": change(VEHICLES, "van", cost_per_km=1.0, cost_per_h=20.0, fixed_per_day=30.0)
    },
    "nothing pays": {"vehicles": change(VEHICLES, "van", fixed_per_day=900.0)},
    "a small truck beside the van": {
        "vehicles": [
            *VEHICLES,
            VEHICLES[0] | {"vehicle_id": "car", "payload_t": 0.25, "fixed_per_day": 3.0},
        ]
    },
    "the base lets out little": {"processes": change(PROCESSES, "sewing", input_t_per_day=0.4)},
    "a base to be opened": {"enterprises": change(ENTERPRISES, "A", opening_cost=30_000.0)},
    "a workshop of two visits": {
        "vehicles": change(VEHICLES, "van", payload_t=0.25),
        "facilities": [*FACILITIES[:1], FACILITIES[2]],
    },
    "few trucks": {
        "vehicles": change(VEHICLES, "van", payload_t=0.25, shift_h=1.2, number=1),
        "facilities": [*FACILITIES[:1], FACILITIES[2]],
    },
    "few hands": {"labour": [(town, skill, kind, 2) for town, skill, kind, _ in LABOUR]},
    "sewing by the skilled only": {"processes": change(PROCESSES, "sewing", skill="secondary")},
}


@pytest.mark.parametrize("name", WORLDS)
def test_proven_best_is_the_best_there_is(name):
    given = world(**WORLDS[name])
    proof = Search(freight_problem(*given.inputs)).done()
    best = max(best_by_brute_force(given), 0.0)

    assert proof.is_optimal
    assert proof.value == pytest.approx(best, abs=0.01)
    assert proof.bound == pytest.approx(best, rel=2e-6, abs=0.01)


def test_search_from_the_best_plan_proves_it_without_another():
    given = world()
    plan = design_freight(*given.inputs)
    proof = Search(freight_problem(*given.inputs), known=plan.value).done()

    assert proof.is_optimal
    assert proof.value == pytest.approx(plan.value)


def test_bound_lowered_before_leaves_out_nothing_of_the_best_plan():
    """A programme stopped early may bound a case more closely than its relaxation does."""
    problem = freight_problem(*inputs(8, 3))
    best = Search(problem).done().value
    again = Search(problem, known=best - 100.0)
    trucks = tuple((0.0, each.truck.number) for each in again.tours[1])
    again.cases = [Case(best + 50.0, (1,), Limits(trucks=trucks))]

    assert again.done().value == pytest.approx(best, abs=0.01)


def test_what_is_left_out_is_refused():
    given = world(processes=[row | {"visit_every_days": 3} for row in PROCESSES])

    with pytest.raises(NotCoveredError, match="daily"):
        Search(freight_problem(*given.inputs))


def test_least_of_tours_is_that_of_every_order():
    ways = np.array(
        [
            [np.inf, 3.0, 9.0, 4.0],
            [2.0, np.inf, 1.0, 7.0],
            [5.0, 8.0, np.inf, 2.0],
            [6.0, 1.0, 3.0, np.inf],
        ]
    )
    # home, 3rd, 1st, 2nd, home: 4 + 1 + 1 + 5, which is less than 3 + 1 + 2 + 6
    assert least_of_tours(ways)[0b111] == 11.0
    assert least_of_tours(ways)[0b011] == 3.0 + 1.0 + 5.0


def test_shifts_that_only_one_packing_keeps():
    packed = pack([5.0, 4.0, 4.0, 3.0, 2.0, 2.0], 2, 10.0)

    assert sorted(trip for day in packed for trip in day) == [0, 1, 2, 3, 4, 5]
    assert pack([6.0, 6.0, 6.0], 2, 10.0) is None
