"""
The end of the rule: towns set aside join by link alone, and areas that this spoils may be repaired.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from comarca.commuting.areas.engine.grouping import (
    NOBODY,
    Grouping,
    best_destination,
    clear,
    gather,
    link_with,
    may_join,
    members_of,
    move,
    validity_with,
)
from comarca.commuting.areas.engine.steps import ASSIGNED, REPAIRED, Steps, note
from comarca.compiled import compiled


@compiled
def empty_reserve(grouping: Grouping, steps: Steps) -> None:
    """
    Let each town set aside join the group it is most strongly linked with, the last town first.

    Sums are brought up to date at once, so that later towns see earlier ones; passes are repeated
    until one finds no place for anybody. Needs room for a step a town.
    """
    reserve = len(grouping.groups)
    waiting = np.flatnonzero(grouping.towns.group == reserve)[::-1]
    found = True
    while found:
        found = False
        for town in waiting:
            if grouping.towns[town].group != reserve:
                continue
            n_touched = gather(grouping, town)
            destination, link = best_destination(grouping, town, n_touched)
            clear(grouping, n_touched)
            if destination != NOBODY:
                note(steps, ASSIGNED, 0, town, reserve, np.nan, destination, link)
                move(grouping, town, destination)
                found = True


@compiled
def repair_areas(grouping: Grouping, steps: Steps, was_aside: NDArray[np.bool_]) -> None:
    """
    Mend groups that are no areas, with the help of groups that stay areas.

    The worst first: towns that came out of the reserve go on to another area, the one last in order
    first; if that does not help, all towns of the group are shared out, or none. Every move takes a
    town from a group that is no area to one that is and stays one, so this ends; passes are
    repeated until one changes nothing. Needs room for a step a town and pass that changed any.

    Parameters
    ----------
    grouping, steps
        As in the main loop.
    was_aside
        Which towns came out of the reserve, shape ``(n_towns,)``.
    """
    changed = True
    while changed:
        changed = False
        tried = np.zeros(len(grouping.groups), dtype=np.bool_)
        group = _weakest(grouping, tried)
        while group != NOBODY:
            tried[group] = True
            changed |= _pass_on(grouping, steps, group, was_aside)
            if grouping.groups[group].size and grouping.groups[group].validity < 1:
                changed |= _share_out(grouping, steps, group)
            group = _weakest(grouping, tried)


@compiled
def _weakest(grouping: Grouping, tried: NDArray[np.bool_]) -> int:
    """Worst group that is no area, may be changed and has not been tried; ``NOBODY`` for none."""
    weakest, lowest = NOBODY, 1.0
    for group in range(len(tried)):
        may_change = not (tried[group] or grouping.towns[group].is_fixed)
        if may_change and grouping.groups[group].validity < lowest:
            weakest, lowest = group, grouping.groups[group].validity
    return weakest


@compiled
def _pass_on(
    grouping: Grouping,
    steps: Steps,
    group: int,
    was_aside: NDArray[np.bool_],
) -> bool:
    """Pass towns of the reserve on until the group is an area; tell whether any went."""
    changed = False
    for town in members_of(grouping, group)[::-1]:
        low = grouping.groups[group].validity
        if low >= 1:
            break
        if was_aside[town]:
            destination, link = _sound_destination(grouping, town)
            if destination != NOBODY:
                note(steps, REPAIRED, 0, town, group, low, destination, link)
                move(grouping, town, destination)
                changed = True
    return changed


@compiled
def _share_out(grouping: Grouping, steps: Steps, group: int) -> bool:
    """Share out all towns of the group, or leave it as it is; tell whether it was shared out."""
    first_step = steps.n_noted[0]
    members = members_of(grouping, group)
    for place in range(len(members)):
        town = members[place]
        destination, link = _sound_destination(grouping, town)
        if destination == NOBODY:
            for back in members[:place]:
                move(grouping, back, group)
            steps.n_noted[0] = first_step
            return False
        note(steps, REPAIRED, 0, town, group, grouping.groups[group].validity, destination, link)
        move(grouping, town, destination)
    return True


@compiled
def _sound_destination(grouping: Grouping, town: int) -> tuple[int, float]:
    """Area with the strongest link that stays an area with the town added."""
    best, strongest = NOBODY, 0.0
    n_touched = gather(grouping, town)
    for place in range(n_touched):
        group = grouping.scratch[place].touched
        if not may_join(grouping, town, group):
            continue
        link = link_with(grouping, town, group)
        is_better = best == NOBODY or link > strongest or (link == strongest and group > best)
        if (
            is_better
            and grouping.groups[group].validity >= 1
            and validity_with(grouping, town, group) >= 1
        ):
            best, strongest = group, link
    clear(grouping, n_touched)
    return best, strongest
