"""Plans of small worlds against every plan there is."""

import pytest

from comarca.freight import design_freight, evaluate_plan
from freight_world import (
    COURSE,
    ENTERPRISES,
    FACILITIES,
    LABOUR,
    PROCESSES,
    VEHICLES,
    best_by_brute_force,
    change,
    world,
)

LARGER = change(VEHICLES, "van", payload_t=2.5, volume_m3=16.0)
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
    "visits every few days": {
        "processes": [row | {"visit_every_days": 3} for row in PROCESSES],
        "facilities": [*FACILITIES[:1], FACILITIES[2]],
        "vehicles": LARGER,
    },
    "visits every few days and floor for the stock": {
        "processes": [row | {"visit_every_days": 2, "storage_m2_per_t": 12.0} for row in PROCESSES],
        "facilities": [*FACILITIES[:1], FACILITIES[2]],
        "vehicles": LARGER,
    },
    "some every second day and some every day": {
        "enterprises": ENTERPRISES[:1],
        "processes": [
            PROCESSES[0] | {"visit_every_days": 2, "storage_m2_per_t": 1.0},
            PROCESSES[1] | {"enterprise_id": "A", "input_t_per_day": 0.4, "min_workers": 2},
        ],
        "facilities": [*FACILITIES[:1], FACILITIES[2]],
        "vehicles": change(LARGER, "van", payload_t=0.8, fixed_per_day=1.0),
    },
    "one truck, driven every second day": {
        "enterprises": ENTERPRISES[:1],
        "processes": [PROCESSES[0] | {"visit_every_days": 2, "storage_m2_per_t": 1.0}],
        "facilities": [FACILITIES[0]],
        "vehicles": [LARGER[0] | {"number": 1, "payload_t": 0.65, "shift_h": 1.4}],
    },
    "a course for a few": {
        "processes": change(PROCESSES, "sewing", skill="secondary"),
        "programmes": [COURSE],
    },
    "a course that costs too much": {
        "processes": change(PROCESSES, "sewing", skill="secondary"),
        "programmes": [COURSE | {"cost_per_learner": 50_000.0}],
    },
    "a course and visits every few days": {
        "processes": [row | {"skill": "secondary", "visit_every_days": 2} for row in PROCESSES],
        "facilities": [*FACILITIES[:1], FACILITIES[2]],
        "programmes": [COURSE | {"capacity": 5, "cost_per_learner": 2_000.0}],
        "vehicles": LARGER,
    },
}


@pytest.mark.parametrize("name", WORLDS)
def test_plan_is_the_best_there_is(name):
    given = world(**WORLDS[name])
    plan = design_freight(*given.inputs)
    best = max(best_by_brute_force(given), 0.0)

    assert evaluate_plan(*given.inputs, plan).violations == ()
    assert plan.value == pytest.approx(best, abs=0.01)
    assert plan.bound == pytest.approx(best, abs=0.01)
