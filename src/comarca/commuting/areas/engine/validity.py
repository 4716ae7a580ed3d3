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

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from comarca.compiled import compiled


class Rule(NamedTuple):
    """
    Two sizes, persons, and two shares, in (0, 1]; see :class:`comarca.commuting.AreaParams`.
    """

    min_workers: float
    target_workers: float
    min_self_containment: float
    target_self_containment: float


@compiled
def validity(inside: float, residents: float, jobs: float, rule: Rule) -> float:
    """
    How far a group fulfils the rule: 1 or more is an area.

    Parameters
    ----------
    inside, residents, jobs
        ``S``, ``L``, ``K``; persons, ``L`` and ``K`` above 0.
    rule
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
    share = min(self_containment / rule.target_self_containment, 1.0)
    need = rule.min_self_containment / rule.target_self_containment
    relief = 1 - ((1 - need) * smallness(residents, rule))
    return share * relief * (rule.target_self_containment / rule.min_self_containment)


@compiled
def validities(
    inside: NDArray[np.float64],
    residents: NDArray[np.float64],
    jobs: NDArray[np.float64],
    rule: Rule,
) -> NDArray[np.float64]:
    """Validity of many groups, shape ``(n_groups,)`` like the sums."""
    found = np.empty(len(inside))
    for group in range(len(inside)):
        found[group] = validity(inside[group], residents[group], jobs[group], rule)
    return found


@compiled
def smallness(residents: float, rule: Rule) -> float:
    """0 at the target size or above, 1 at the least size, more below it."""
    span = rule.target_workers - rule.min_workers
    if span > 0:
        return max((rule.target_workers - residents) / span, 0.0)
    # One size for both: a step, made steeper than any span so that below it nothing is valid.
    if residents >= rule.target_workers:
        return 0.0
    return 1.0 + (rule.target_workers - residents) / rule.target_workers


@compiled
def link_strength(
    to_area: float,
    from_area: float,
    town_residents: float,
    town_jobs: float,
    area_residents: float,
    area_jobs: float,
) -> float:
    """
    Smart's index of a town with an area: the four shares their flows have in each other.

    Parameters
    ----------
    to_area, from_area
        Persons from the town to the area and back.
    town_residents, town_jobs, area_residents, area_jobs
        Working residents and jobs of both, persons, above 0.

    Returns
    -------
    float
        Dimensionless, in [0, 2].

    References
    ----------
    .. [1] Smart, M. W. (1974). Labour market areas: uses and definition. Progress in Planning 2.
    """
    inward = ((from_area / area_residents) * from_area) / town_jobs
    outward = ((to_area / town_residents) * to_area) / area_jobs
    return inward + outward
