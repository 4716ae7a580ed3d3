"""
The published main loop with a reserve list: one town of the worst group moves at a time.

While some group is no area, the worst of them gives up its most outward-looking town. That town
joins the group it is most strongly linked with, unless that group would suffer; then, or when it is
linked with none, it goes to the reserve. When all groups are areas, the reserve is emptied by link
alone. Nothing is drawn by lot. There is no proof that the loop ends, so a state seen before, or too
many steps, ends it and is reported.

References
----------
.. [1] Coombes, M., Casado-Díaz, J. M., Martínez-Bernabeu, L. and Carausu, F. (2012). Study on
       comparable Labour Market Areas. Eurostat.
.. [2] Istat (2015). La nuova geografia dei sistemi locali.
"""

from __future__ import annotations

import numpy as np

from comarca.commuting.areas.engine.grouping import (
    NOBODY,
    Grouping,
    Places,
    best_destination,
    clear,
    gather,
    link_with,
    may_join,
    members_of,
    most_outward,
    move,
    validity_with,
    worst_group,
)
from comarca.commuting.areas.engine.remainder import unsummed_validity
from comarca.commuting.areas.engine.returning import has_returned, watch
from comarca.commuting.areas.engine.steps import JOINED, A, B, C, D, E, F, Steps, note
from comarca.commuting.areas.engine.tournament import replay
from comarca.commuting.areas.engine.validity import validity
from comarca.compiled import compiled

CONVERGED, CYCLED, ITERATION_LIMIT = range(3)


@compiled
def dissolve_worst(grouping: Grouping, steps: Steps, limit: int, slips: bool) -> tuple[int, int]:
    """
    Take steps until every group is an area, a state returns, or the limit is reached.

    Parameters
    ----------
    grouping
        Changed in place.
    steps
        Noted here; needs room for ``limit`` and three for each town.
    limit
        Most iterations.
    slips
        Whether to replay the slip of the R package, as
        :mod:`comarca.commuting.areas.engine.remainder` tells it.

    Returns
    -------
    tuple[int, int]
        ``CONVERGED``, ``CYCLED`` or ``ITERATION_LIMIT``; and the iterations taken.
    """
    seen = watch(grouping)
    iteration, torn = 0, NOBODY
    while len(grouping.groups):
        torn_low = torn_high = 0.0
        if torn != NOBODY:
            torn_low, torn_high = unsummed_validity(grouping, torn)
            _score(grouping, torn, torn_low)
        worst = worst_group(grouping)
        low = grouping.score[worst]
        if torn != NOBODY:
            _score(grouping, torn, grouping.groups[torn].validity)
        if low >= 1:
            return CONVERGED, iteration
        if iteration >= limit:
            return ITERATION_LIMIT, iteration
        iteration += 1
        lost_one = _improve(grouping, steps, iteration, worst, low, torn, torn_high, slips)
        torn = worst if slips and lost_one else NOBODY
        if has_returned(seen, grouping, steps, torn):
            return CYCLED, iteration
    return CONVERGED, iteration


@compiled
def _score(grouping: Grouping, group: int, value: float) -> None:
    """Let a group count as this valid in the search for the worst."""
    grouping.score[group] = np.inf if grouping.towns[group].is_fixed else value
    replay(grouping.bracket, grouping.score, group)


@compiled
def _improve(
    grouping: Grouping,
    steps: Steps,
    iteration: int,
    worst: int,
    low: float,
    torn: int,
    torn_high: float,
    slips: bool,
) -> bool:
    """Move one town out of the worst group; tell whether several are left of one that lost one."""
    members = members_of(grouping, worst)
    alone = len(members) == 1
    town = members[0] if alone else most_outward(grouping, members)
    n_touched = gather(grouping, town)
    destination, link = best_destination(grouping, town, n_touched)
    accepted = False
    if destination != NOBODY:
        before = torn_high if destination == torn else grouping.groups[destination].validity
        accepted = validity_with(grouping, town, destination) >= before
    clear(grouping, n_touched)
    reserve = len(grouping.groups)
    if accepted:
        note(steps, JOINED, iteration, town, worst, low, destination, link)
        move(grouping, town, destination)
    elif destination != NOBODY:
        note(steps, A if alone else C, iteration, town, worst, low, reserve, link)
        move(grouping, town, reserve)
    elif alone:
        note(steps, B, iteration, town, worst, low, reserve, np.nan)
        move(grouping, town, reserve)
    else:
        _break_up(grouping, steps, iteration, members, low, slips)
        return False
    return len(members) > 2


@compiled
def _break_up(
    grouping: Grouping,
    steps: Steps,
    iteration: int,
    members: Places,
    low: float,
    slips: bool,
) -> None:
    """
    Break up a group whose most outward town knows no other group; treat each by itself.

    The R package names, in what it reports, the towns in the order of their outwardness and not in
    that in which they are treated; its slips include that.
    """
    n_towns = len(grouping.groups)
    order = _by_outwardness(grouping, members)
    note(steps, D, iteration, order[0], grouping.towns[order[0]].group, low, n_towns, np.nan)
    waiting = members[members != order[0]]
    for rank in range(len(members)):
        waits = members[rank] != order[0]
        move(grouping, members[rank], n_towns + waits * (1 + rank))
    n_treated = 0
    while len(waiting):
        n_treated += 1
        worst = worst_group(grouping)
        weakest, lone_low = _weakest(grouping, waiting)
        first_step = steps.n_noted[0]
        if lone_low <= grouping.score[worst]:
            _settle(grouping, steps, iteration, weakest, lone_low)
            waiting = waiting[waiting != weakest]
        else:
            waiting = _serve(grouping, steps, iteration, worst, waiting)
        if slips and n_treated < len(order):
            steps.rows[first_step].town = order[n_treated]


@compiled
def _by_outwardness(grouping: Grouping, members: Places) -> Places:
    """Members, those with most ties to elsewhere first, in order among equals."""
    order, rest = members.copy(), members
    for place in range(len(order)):
        order[place] = most_outward(grouping, rest)
        rest = rest[rest != order[place]]
    return order


@compiled
def _weakest(grouping: Grouping, waiting: Places) -> tuple[int, float]:
    """Waiting town that is the least valid group by itself, the last among equals."""
    weakest, lowest = NOBODY, np.inf
    for town in waiting:
        low = validity(
            grouping.towns[town].inside,
            grouping.towns[town].residents,
            grouping.towns[town].jobs,
            grouping.rule,
        )
        if low <= lowest:
            weakest, lowest = town, low
    return weakest, lowest


@compiled
def _settle(
    grouping: Grouping,
    steps: Steps,
    iteration: int,
    town: int,
    low: float,
) -> None:
    """Find a place for a town of a dissolved group."""
    reserve = len(grouping.groups)
    group = grouping.towns[town].group
    n_touched = gather(grouping, town)
    destination, link = best_destination(grouping, town, n_touched)
    accepted = (
        destination != NOBODY
        and validity_with(grouping, town, destination) >= grouping.groups[destination].validity
    )
    clear(grouping, n_touched)
    if accepted:
        note(steps, JOINED, iteration, town, group, low, destination, link)
        move(grouping, town, destination)
        return
    kind = F if destination == NOBODY else E
    note(steps, kind, iteration, town, group, low, reserve, np.nan if kind == F else link)
    move(grouping, town, reserve)


@compiled
def _serve(
    grouping: Grouping,
    steps: Steps,
    iteration: int,
    group: int,
    waiting: Places,
) -> Places:
    """
    Join the waiting town most linked with a group worse off than all of them, if any is.

    Otherwise the whole group is set aside. Returns the towns that still wait.
    """
    best, strongest = NOBODY, 0.0
    low = grouping.groups[group].validity
    for town in waiting:
        n_touched = gather(grouping, town)
        linked = grouping.scratch[group].to_group + grouping.scratch[group].from_group > 0
        if linked and may_join(grouping, town, group):
            link = link_with(grouping, town, group)
            if link >= strongest:
                best, strongest = town, link
        clear(grouping, n_touched)
    if best != NOBODY:
        note(steps, JOINED, iteration, best, grouping.towns[best].group, low, group, strongest)
        move(grouping, best, group)
        left: Places = waiting[waiting != best]
        return left
    reserve = len(grouping.groups)
    for town in members_of(grouping, group):
        note(steps, F, iteration, town, group, low, reserve, np.nan)
        move(grouping, town, reserve)
    return waiting
