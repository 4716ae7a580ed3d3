"""
Sums over the towns of each area, in one pass through the flows.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from comarca.commuting.areas.engine.grouping import Floats, Places
from comarca.compiled import compiled


@compiled
def area_sums(
    start: NDArray[np.int32],
    town: NDArray[np.int32],
    persons: Floats,
    area: Places,
    counts: NDArray[np.bool_],
    n_areas: int,
) -> tuple[Floats, Floats, Floats]:
    """
    Persons who live and work inside each area, its working residents and its jobs.

    Parameters
    ----------
    start, town, persons
        Rows of a CSR matrix of flows.
    area
        Area of each town as a number from 0, -1 for none.
    counts
        Whether a town counts; flows from and to others are left out.
    n_areas
        How many areas there are.

    Returns
    -------
    tuple[ndarray, ndarray, ndarray]
        Persons, each of shape ``(n_areas,)``.
    """
    inside, residents, jobs = np.zeros(n_areas), np.zeros(n_areas), np.zeros(n_areas)
    for home in range(len(area)):
        if not counts[home]:
            continue
        for place in range(start[home], start[home + 1]):
            work = town[place]
            if not counts[work]:
                continue
            if area[home] >= 0:
                residents[area[home]] += persons[place]
            if area[work] >= 0:
                jobs[area[work]] += persons[place]
                if area[home] == area[work]:
                    inside[area[home]] += persons[place]
    return inside, residents, jobs
