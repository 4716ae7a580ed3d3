"""
The rule of the older travel-to-work areas: the worst group is broken up whole.

Its towns go, each by itself, to the group they are most strongly linked with as it stood when the
group was broken up; no group is asked whether it gains. Every step leaves one group fewer, so the
rule ends. A town linked with no group is set aside until the end.

References
----------
.. [1] Coombes, M. and Bond, S. (2008). Travel-to-Work Areas: the 2007 review. Office for National
       Statistics.
"""

from __future__ import annotations

import numpy as np

from comarca.commuting.areas.engine.dissolution import CONVERGED
from comarca.commuting.areas.engine.grouping import (
    NOBODY,
    Grouping,
    best_destination,
    clear,
    gather,
    members_of,
    move,
    worst_group,
)
from comarca.commuting.areas.engine.steps import JOINED, B, D, Steps, note
from comarca.compiled import compiled


@compiled
def break_up_worst(grouping: Grouping, steps: Steps) -> tuple[int, int]:
    """
    Break up the worst group until every group is an area; parameters and result as in the main
    loop of :mod:`comarca.commuting.areas.engine.dissolution`.
    """
    iteration = 0
    while len(grouping.groups):
        worst = worst_group(grouping)
        low = grouping.score[worst]
        if low >= 1:
            break
        iteration += 1
        _break_up(grouping, steps, iteration, worst, low)
    return CONVERGED, iteration


@compiled
def _break_up(
    grouping: Grouping,
    steps: Steps,
    iteration: int,
    worst: int,
    low: float,
) -> None:
    n_towns = len(grouping.groups)
    members = members_of(grouping, worst)
    for town in members:
        move(grouping, town, n_towns + 1 + town)
    destinations = np.empty(len(members), dtype=np.int64)
    for place in range(len(members)):
        town = members[place]
        n_touched = gather(grouping, town)
        destination, link = best_destination(grouping, town, n_touched)
        clear(grouping, n_touched)
        if destination != NOBODY:
            destinations[place] = destination
            note(steps, JOINED, iteration, town, worst, low, destination, link)
        else:
            destinations[place] = n_towns
            kind = B if len(members) == 1 else D
            note(steps, kind, iteration, town, worst, low, n_towns, np.nan)
    for place in range(len(members)):
        move(grouping, members[place], destinations[place])
