"""Small freight problems of every kind, drawn at random."""

import numpy as np
from hypothesis import strategies as st

from comarca.freight.building import freight_problem
from freight_world import FACILITIES, PROCESSES, VEHICLES, world


@st.composite
def problems(draw):
    """Three premises anywhere, also in tables without a triangle inequality, and mixed trucks."""
    number = st.floats(1, 50)
    if draw(st.booleans()):
        points = np.array(draw(st.lists(st.tuples(number, number), min_size=4, max_size=4)))
        km = np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1))
    else:
        km = np.array(draw(st.lists(number, min_size=16, max_size=16))).reshape(4, 4)
        np.fill_diagonal(km, 0.0)
    van = VEHICLES[0] | {
        "payload_t": draw(st.floats(0.3, 1.5)),
        "fixed_per_day": draw(st.floats(0, 60)),
        "cost_per_km": draw(st.floats(0, 1)),
        "shift_h": draw(st.floats(2, 8)),
    }
    if draw(st.booleans()):
        van["number"] = draw(st.integers(1, 3))
    car = van | {"vehicle_id": "car", "payload_t": 0.25, "fixed_per_day": draw(st.floats(0, 20))}
    waits = st.sampled_from([None, 2])
    small = world(
        km=km,
        facilities=FACILITIES,
        vehicles=[van, car][: draw(st.integers(1, 2))],
        labour=[(town, "secondary", "unemployed", 6) for town in ("birch", "cedar")],
        processes=[
            row | {"output_share": draw(st.floats(0.2, 1.5)), "visit_every_days": draw(waits)}
            for row in PROCESSES
        ],
    )
    return freight_problem(*small.inputs)
