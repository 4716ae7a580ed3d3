"""
The slip of the R package LabourMarketAreas 3.4, replayed: a remainder not summed for one step.

When a group of several has given up a town, the package judges what is left of it, for the one step
that follows, not by its sums but by every pair of a single flow within it and a single town of it:
as the worst of these when it looks for the worst group, as the best of these when the group is to
receive a town. So a group that has lost a town is mostly taken again at once, to its last town.
Known from watching the package; its code was not used.
"""

from __future__ import annotations

import numpy as np

from comarca.commuting.areas.engine.grouping import Floats, Grouping, Places, members_of
from comarca.commuting.areas.engine.validity import validity
from comarca.compiled import compiled


@compiled
def unsummed_validity(grouping: Grouping, group: int) -> tuple[float, float]:
    """Least and greatest validity over single flows and single towns of a group of several."""
    members = members_of(grouping, group)
    flows = _flows_within(grouping, members, group)
    least, greatest = np.inf, -np.inf
    for town in members:
        low, high = _over_flows(grouping, flows, town)
        least, greatest = min(least, low), max(greatest, high)
    return least, greatest


@compiled
def _flows_within(grouping: Grouping, members: Places, group: int) -> Floats:
    """Flows between towns of the group, rising; a single zero when there is none."""
    n_flows = 0
    for town in members:
        n_flows += grouping.leaving.start[town + 1] - grouping.leaving.start[town]
    flows = np.zeros(n_flows + 1)
    n_flows = 0
    for town in members:
        for place in range(grouping.leaving.start[town], grouping.leaving.start[town + 1]):
            if grouping.towns[grouping.leaving.town[place]].group == group:
                flows[n_flows] = grouping.leaving.persons[place]
                n_flows += 1
    within = flows[: max(n_flows, 1)]
    within.sort()
    return within


@compiled
def _over_flows(grouping: Grouping, flows: Floats, town: int) -> tuple[float, float]:
    """
    Least and greatest validity of one town's margins with each of the flows.

    Validity rises with the flow all the way (or falls all the way, for the smallest towns), except
    that a flow as large as the larger margin counts as a closed group, which has exactly 1. So the
    ends on either side of that flow decide, and 1 beside them.
    """
    residents, jobs = grouping.towns[town].residents, grouping.towns[town].jobs
    closed = max(residents, jobs)
    first = np.searchsorted(flows, closed, side="left")
    after = np.searchsorted(flows, closed, side="right")
    least, greatest = np.inf, -np.inf
    if after > first:
        least = greatest = 1.0
    for start, stop in ((0, first), (after, len(flows))):
        if stop > start:
            low = validity(flows[start], residents, jobs, grouping.rule)
            high = validity(flows[stop - 1], residents, jobs, grouping.rule)
            least, greatest = min(least, low, high), max(greatest, low, high)
    return least, greatest
