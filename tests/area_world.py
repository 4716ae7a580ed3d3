"""Small delineations for reports: two towns with satellites, one that sends nobody anywhere."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely

from comarca.commuting import AreaParams, delineate_areas
from comarca.model.matrices import FlowMatrix
from comarca.model.zones import Zones
from comarca.report import AreaResults, Source

TOWNS = ("001", "002", "100", "200", "lone")
PERSONS = np.array(
    [
        [40, 0, 60, 0, 0],
        [0, 30, 0, 20, 0],
        [10, 0, 900, 30, 0],
        [0, 0, 40, 700, 0],
        [0, 0, 0, 0, 25],
    ]
)
NAMES = {"001": "Ash", "002": "Birch", "100": "<Cedar>", "200": "Dale"}
RULE = {
    "min_workers": 100,
    "target_workers": 1000,
    "min_self_containment": 0.6,
    "target_self_containment": 0.75,
}


def flows(persons=PERSONS, **given):
    return FlowMatrix(TOWNS, persons, **given)


def drawn(persons=PERSONS, is_observed=True, options=None, **rule):
    """Areas of 100 with 001 and of 200 with 002, unless told otherwise; lone is in none."""
    matrix = flows(persons, is_observed=is_observed)
    areas = delineate_areas(matrix, AreaParams(**{**RULE, **rule}), names=NAMES, **(options or {}))
    return matrix, areas


def towns(**columns):
    """A list of the towns, in a row along a parallel."""
    table = pd.DataFrame(
        {
            "name": [NAMES.get(town) for town in TOWNS],
            "lat": 45.0,
            "lon": 10 + 0.1 * np.arange(len(TOWNS)),
        },
        index=pd.Index(TOWNS, name="town_id"),
    )
    return table.assign(**columns)


def squares(town_ids=TOWNS):
    """Shapes of towns side by side, in the order 001, 100, 200, 002, lone."""
    order = [TOWNS.index(town) for town in ("001", "100", "200", "002", "lone")]
    place = {TOWNS[town]: at for at, town in enumerate(order)}
    shapes = [shapely.box(10 + 0.1 * place[t], 45, 10.1 + 0.1 * place[t], 45.1) for t in town_ids]
    return Zones(town_ids=tuple(town_ids), shapes=np.array(shapes, dtype=object), crs="EPSG:4326")


def results(*, persons=PERSONS, is_observed=True, options=None, rule=None, **given):
    """All that a report needs; by default with a list of towns."""
    matrix, areas = drawn(persons, is_observed, options, **(rule or {}))
    told = {
        "towns": towns(),
        "title": "Areas of a small world",
        "sources": [Source(role="Commuters", name="flows.csv", sha256="ab" * 32)],
    }
    return AreaResults(areas=areas, flows=matrix, **{**told, **given})
