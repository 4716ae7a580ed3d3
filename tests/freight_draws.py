"""Small freight worlds drawn at random."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from comarca.freight import FreightParams
from freight_world import COURSE, ENTERPRISES, FACILITIES, PROCESSES, VEHICLES, world

PARAMS = FreightParams(loading_min=10, stop_min=10, routing_iterations=40, rounds=2)
TOWNS = ["ash", "birch", "cedar", "dale"]


@st.composite
def worlds(draw):
    """Four towns anywhere on a map or in a table without any triangle inequality."""
    number = st.floats(1, 60)
    if draw(st.booleans()):
        points = np.array(draw(st.lists(st.tuples(number, number), min_size=4, max_size=4)))
        km = np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1))
    else:
        km = np.array(draw(st.lists(number, min_size=16, max_size=16))).reshape(4, 4)
        np.fill_diagonal(km, 0.0)
    vehicles = [
        VEHICLES[0]
        | {
            "payload_t": 0.7,  # two visits a workshop at most: brute force stays quick
            "volume_m3": 6.0,
            "fixed_per_day": draw(st.floats(0, 40)),
            "cost_per_km": draw(st.floats(0, 1)),
            "shift_h": draw(st.floats(1.5, 8)),
        }
    ]
    if draw(st.booleans()):
        vehicles[0]["number"] = draw(st.integers(1, 2))
    if draw(st.booleans()):
        vehicles.append(vehicles[0] | {"vehicle_id": "car", "payload_t": 0.2, "fixed_per_day": 2.0})
    labour = [
        (town, skill, kind, draw(st.integers(1, 4)))
        for town, skill, kind in (
            ("birch", "basic", "unemployed"),
            ("birch", "secondary", "commuter"),
            ("cedar", "secondary", "inactive"),
            ("cedar", "basic", "unemployed"),
        )
    ]
    # With few trucks, brute force knows rounds of one kind of day only.
    waits = st.just(None) if "number" in vehicles[0] else st.sampled_from([None, 2])
    processes = [
        row | {"output_share": draw(st.floats(0.2, 1.5)), "visit_every_days": draw(waits)}
        for row in PROCESSES
    ]
    courses = draw(st.lists(st.floats(0, 3_000), max_size=1))
    enterprises = [
        row | {"opening_cost": draw(st.sampled_from([None, 20_000.0]))} for row in ENTERPRISES
    ]
    return world(
        km=km,
        facilities=[FACILITIES[0] | {"floor_m2": 30.0}, FACILITIES[2]],
        vehicles=vehicles,
        labour=labour,
        processes=processes,
        enterprises=enterprises,
        params=PARAMS,
        programmes=[COURSE | {"cost_per_learner": cost} for cost in courses],
    )
