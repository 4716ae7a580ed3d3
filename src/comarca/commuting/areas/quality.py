"""
How good a labour market area is: the figures statistical offices publish with their areas.
"""

from __future__ import annotations

import numpy as np

from comarca.commuting.areas.grouping import Grouping

CENTRAL_TOWN_JOBS = 100  # part of the definition of a central town, not a number from the world


def area_quality(grouping: Grouping, group: int) -> dict[str, float]:
    """
    Quality figures of one area.

    Parameters
    ----------
    grouping
        Towns in areas.
    group
        The area, with at least one town.

    Returns
    -------
    dict[str, float]
        ``residents`` (L), ``jobs`` (K) and ``inside`` (S), persons; ``self_containment_supply``
        S/L and ``self_containment_demand`` S/K, in [0, 1]; ``validity``, 1 or more for an area;
        ``commuter_ratio`` ((L-S)+(K-S))/2S; ``home_work_ratio`` ((L-S)-(K-S))/S, above 0 where more
        leave than come; ``link_cohesion``, share of ordered pairs of its towns with a flow, and
        ``flow_cohesion``, share of S between different towns, both in [0, 1];
        ``n_central_towns``, towns with more than 100 jobs that draw more than they send. A figure
        without a value (a link in an area of one town) is absent.

    References
    ----------
    .. [1] Istat (2015). La nuova geografia dei sistemi locali, methodological note.
    """
    residents = float(grouping.residents[group])
    jobs = float(grouping.jobs[group])
    inside = float(grouping.inside[group])
    figures = {
        "residents": residents,
        "jobs": jobs,
        "inside": inside,
        "self_containment_supply": inside / residents,
        "self_containment_demand": inside / jobs,
        "validity": float(grouping.validity[group]),
        "n_central_towns": float(_n_central_towns(grouping, group)),
    }
    if inside:
        figures["commuter_ratio"] = ((residents - inside) + (jobs - inside)) / (2 * inside)
        figures["home_work_ratio"] = ((residents - inside) - (jobs - inside)) / inside
    return figures | _cohesion(grouping, group)


def _n_central_towns(grouping: Grouping, group: int) -> int:
    members = grouping.members(group)
    drawn = grouping.town_jobs[members] - grouping.town_inside[members]
    sent = grouping.town_residents[members] - grouping.town_inside[members]
    return int(((drawn > sent) & (grouping.town_jobs[members] > CENTRAL_TOWN_JOBS)).sum())


def _cohesion(grouping: Grouping, group: int) -> dict[str, float]:
    members = grouping.members(group)
    block = grouping.persons[members, :][:, members]
    between = float(grouping.inside[group]) - float(grouping.town_inside[members].sum())
    if len(members) < 2 or not between:
        return {}
    n_links = block.nnz - np.count_nonzero(block.diagonal())
    return {
        "link_cohesion": n_links / (len(members) * (len(members) - 1)),
        "flow_cohesion": between / float(grouping.inside[group]),
    }
