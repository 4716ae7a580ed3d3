"""
From groups of numbers to areas of towns: heads, names, statuses and quality figures.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from comarca.commuting.areas.drawing import Drawing, place_towns
from comarca.commuting.areas.engine.grouping import NOBODY, Places
from comarca.commuting.areas.engine.steps import ASSIGNED
from comarca.commuting.areas.engine.validity import Rule, validities
from comarca.commuting.areas.frame import Frame
from comarca.commuting.areas.quality import area_quality
from comarca.commuting.partitions import numbered_partition
from comarca.model.matrices import FlowMatrix
from comarca.model.partition import Partition


def partition_of(
    flows: FlowMatrix,
    persons: sparse.csr_array,
    frame: Frame,
    drawing: Drawing,
    rule: Rule,
    names: Mapping[str, str],
) -> Partition:
    """
    Areas of all towns.

    Parameters
    ----------
    flows
        Commuters of all towns.
    persons, frame, drawing
        The same in the order of the frame, exact; and what was drawn from it.
    rule
        For the validity of areas.
    names
        Names of towns.
    """
    placing = place_towns(drawing, frame, persons, flows.jobs[frame.order])
    status = np.full(persons.shape[0], "no-flow", dtype=object)
    status[drawing.kept] = np.where(drawing.group == NOBODY, "unassigned", "member")
    steps = drawing.steps.noted()
    status[drawing.kept[steps["town"][steps["kind"] == ASSIGNED]]] = "reserve-assigned"
    status[placing.heads] = "core"
    status[placing.taken_in] = "neighbour-assigned"
    counts = placing.area != NOBODY
    counts[drawing.kept] = True
    figures = _figures(persons, placing.area, counts, rule)
    town_ids = [flows.town_ids[place] for place in frame.order]
    return numbered_partition(
        town_ids,
        placing.area,
        placing.heads,
        status.tolist(),
        figures,
        names=names,
        order=flows.town_ids,
    )


def _figures(
    persons: sparse.csr_array, area: Places, counts: NDArray[np.bool_], rule: Rule
) -> dict[str, NDArray[np.float64]]:
    """Quality of the areas by the flows of the towns that took part or were taken in."""
    if not counts.all():
        places = np.flatnonzero(counts)
        persons, area = persons[places, :][:, places], area[places]
    quality = area_quality(persons, area)
    inside, residents, jobs = (quality[name] for name in ("inside", "residents", "jobs"))
    quality["validity"] = validities(inside, residents, jobs, rule)
    return quality
