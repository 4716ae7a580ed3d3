"""
When a group of towns is a labour market area, and how strongly a town is linked to one.

The letters are those of the literature: ``S`` persons who live and work inside, ``L`` working
residents, ``K`` filled jobs, all in persons. The order of operations is part of the definition:
areas tie, and the last bit of a double decides.

References
----------
.. [1] Coombes, M. and Bond, S. (2008). Travel-to-Work Areas: the 2007 review. Office for National
       Statistics.
.. [2] Coombes, M., Casado-Díaz, J. M., Martínez-Bernabeu, L. and Carausu, F. (2012). Study on
       comparable Labour Market Areas. Eurostat.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from comarca.commuting.areas.params import AreaParams


def validity(inside: float, residents: float, jobs: float, params: AreaParams) -> float:
    """
    How far a group fulfils the rule: 1 or more is an area.

    Parameters
    ----------
    inside, residents, jobs
        ``S``, ``L``, ``K``; persons, ``L`` and ``K`` above 0.
    params
        The two sizes and the two shares.

    Returns
    -------
    float
        At most ``target_self_containment / min_self_containment``. A closed group has 1 whatever
        its size.
    """
    self_containment = min(inside / residents, inside / jobs)
    if self_containment == 1:
        return 1.0
    share = min(self_containment / params.target_self_containment, 1.0)
    need = params.min_self_containment / params.target_self_containment
    relief = 1 - ((1 - need) * _smallness(residents, params))
    return share * relief * (params.target_self_containment / params.min_self_containment)


def _smallness(residents: float, params: AreaParams) -> float:
    """0 at the target size or above, 1 at the least size, more below it."""
    span = params.target_workers - params.min_workers
    if span > 0:
        return max((params.target_workers - residents) / span, 0.0)
    # One size for both: a step, made steeper than any span so that below it nothing is valid.
    if residents >= params.target_workers:
        return 0.0
    return 1.0 + (params.target_workers - residents) / params.target_workers


def link_strength(
    to_area: NDArray[np.float64],
    from_area: NDArray[np.float64],
    town: tuple[float, float],
    area_residents: NDArray[np.float64],
    area_jobs: NDArray[np.float64],
) -> NDArray[Any]:
    """
    Smart's index of a town with several areas: the four shares their flows have in each other.

    Parameters
    ----------
    to_area, from_area
        Persons from the town to each area and back, shape ``(n_areas,)``.
    town
        Working residents and jobs of the town, persons, above 0.
    area_residents, area_jobs
        ``L`` and ``K`` of each area, shape ``(n_areas,)``, above 0.

    Returns
    -------
    ndarray
        Dimensionless, shape ``(n_areas,)``, in [0, 2].

    References
    ----------
    .. [1] Smart, M. W. (1974). Labour market areas: uses and definition. Progress in Planning 2.
    """
    residents, jobs = town
    inward = ((from_area / area_residents) * from_area) / jobs
    outward = ((to_area / residents) * to_area) / area_jobs
    return inward + outward
