"""Plans of small worlds against every plan there is."""

import pytest

from comarca.freight import design_freight, evaluate_plan
from freight_world import (
    FACILITIES,
    LABOUR,
    PROCESSES,
    VEHICLES,
    best_by_brute_force,
    change,
    world,
)

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
def test_plan_is_the_best_there_is(name):
    given = world(**WORLDS[name])
    plan = design_freight(*given.inputs)
    best = max(best_by_brute_force(given), 0.0)

    assert evaluate_plan(*given.inputs, plan).violations == ()
    assert plan.value == pytest.approx(best, abs=0.01)
    assert plan.bound == pytest.approx(best, abs=0.01)
