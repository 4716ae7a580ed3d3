"""
What of the areas as counted is found again in redrawings, and what comes in its place.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from comarca.commuting.stability.membership import Floats, Heads, area_shares

CORE_JOBS_SHARE = 0.75  # part of the definition of an area's core, not a number from the world


def other_area(
    head: Heads, counted: NDArray[np.int64], jobs: Floats
) -> tuple[NDArray[np.int64], Floats]:
    """
    The other area that each town is most often in.

    Parameters
    ----------
    head
        Head of each town's area in each draw, -1 for none, shape ``(draws, n_towns)``.
    counted
        The same as counted, shape ``(n_towns,)``.
    jobs
        Of the towns; of areas as frequent the one whose head has most is taken.

    Returns
    -------
    other
        Its head, -1 where a town is in no other area; shape ``(n_towns,)``.
    share
        Share of the draws in which the town is in it, in [0, 1), 0 without one.
    """
    shares = area_shares(head).tocoo()
    town, there = shares.coords
    is_other = there != counted[town]
    town, there, share = town[is_other], there[is_other], shares.data[is_other]
    order = np.lexsort((there, -jobs[there], -share, town))
    towns, first = np.unique(town[order], return_index=True)
    other, how_often = np.full(len(counted), -1), np.zeros(len(counted))
    other[towns], how_often[towns] = there[order][first], share[order][first]
    return other, how_often


def core_of(towns: NDArray[np.intp], jobs: Floats) -> NDArray[np.intp]:
    """The fewest of some towns, largest workplaces first, that hold three quarters of the jobs."""
    by_size = towns[np.lexsort((towns, -jobs[towns]))]
    held = np.cumsum(jobs[by_size])
    return by_size[: int(np.searchsorted(held, CORE_JOBS_SHARE * held[-1])) + 1]


def share_together(head: Heads, towns: NDArray[np.intp]) -> float:
    """Share of the draws in which all of some towns are in one area."""
    heads = head[:, towns]
    return float(((heads == heads[:, :1]).all(axis=1) & (heads[:, 0] >= 0)).mean())


def best_match_and_mates(
    head: Heads, area: NDArray[np.int64], weight: Floats
) -> tuple[Floats, Floats]:
    """
    How far areas came back, and how far towns kept those they were with.

    Parameters
    ----------
    head
        Shape ``(draws, n_towns)``.
    area
        Area of each town as a number from 0, -1 for none, as they are compared with; shape
        ``(n_towns,)``.
    weight
        Of the towns, 0 or more, same shape.

    Returns
    -------
    best_match
        Mean over the draws, for each area, of the greatest Jaccard index (towns in common among
        towns of either) with an area drawn; shape ``(n_areas,)``, in (0, 1].
    mates
        Mean over the draws, for each town, of the weight of the other towns of its area that were
        with it, among all of them; shape ``(n_towns,)``, in [0, 1]; NaN where they weigh nothing.

    References
    ----------
    .. [1] Hennig, C. (2007). Cluster-wise assessment of cluster stability. Computational Statistics
           and Data Analysis 52.
    """
    n_areas, n_towns = int(area.max(initial=-1)) + 1, len(area)
    towns = np.flatnonzero(area >= 0)
    own = area[towns]
    n_members = np.bincount(own, minlength=n_areas)
    best, with_it = np.zeros(n_areas), np.zeros(len(towns))
    for heads in head:
        n_drawn = np.bincount(heads[heads >= 0], minlength=n_towns)
        placed = np.flatnonzero(heads[towns] >= 0)
        pair, which = np.unique(own[placed] * n_towns + heads[towns[placed]], return_inverse=True)
        in_common = np.bincount(which, minlength=len(pair))
        either = n_members[pair // n_towns] + n_drawn[pair % n_towns] - in_common
        greatest = np.zeros(n_areas)
        np.maximum.at(greatest, pair // n_towns, in_common / either)
        best += greatest
        weighs = weight[towns[placed]]
        with_it[placed] += np.bincount(which, weighs, len(pair))[which] - weighs
    others = np.bincount(own, weight[towns], n_areas)[own] - weight[towns]
    mates = np.full(n_towns, np.nan)
    mates[towns] = np.divide(
        with_it / len(head), others, out=np.full(len(towns), np.nan), where=others > 0
    )
    return best / len(head), mates
