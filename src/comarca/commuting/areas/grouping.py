"""
Towns in groups while areas are being drawn: sums kept up to date as one town moves at a time.

All sums are exact, so their order does not matter and ties are ties: counts are whole, and
estimated flows are first rounded to 2⁻²⁰ persons, which doubles add up without error as long as
fewer than 8 thousand million people commute.

Towns and groups are numbers here; ids stay outside. Groups ``0 … n_towns - 1`` are seeded by the
towns in order; group ``n_towns`` is the reserve of those set aside; from ``n_towns + 1`` on are the
places where the towns of a dissolved group wait, each by itself. Sums are kept of the first kind
only.
"""

from __future__ import annotations

from typing import NamedTuple, cast

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from comarca.commuting.areas.tournament import bracket, play_all, replay
from comarca.commuting.areas.validity import Rule, link_strength, validity
from comarca.compiled import compiled

EXACT_PERSONS = 2.0**-20
# A number of NumPy's: a plain one would have every loop that is given it compiled once more.
NOBODY = cast(int, np.int64(-1))
_AWAY, _IN = np.float64(-1), np.float64(1)

Floats = NDArray[np.float64]
Places = NDArray[np.int64]


class Ties(NamedTuple):
    """
    Whom a town may join, beside those it is linked with.

    Parameters
    ----------
    near_start, near_town
        Neighbours of each town, as the rows of a CSR matrix; of no length where any may be joined.
    region
        Label of each town, shape ``(n_towns,)``; groups keep within one.
    is_fixed
        Whether a town is the centre of a group that is never dissolved, shape ``(n_towns,)``.
    min_flow
        Persons, both ways together, without whom a town joins nobody; 0 for any.
    """

    near_start: Places
    near_town: Places
    region: Places
    is_fixed: NDArray[np.bool_]
    min_flow: float


class Grouping(NamedTuple):
    """
    Which town is in which group, with each group's sums and validity; arrays that change in place.

    Parameters
    ----------
    out_start, out_town, out_persons, in_start, in_town, in_persons
        Flows from each town and to each town, persons, as the rows and columns of a CSR and a CSC
        matrix; every one holds something.
    town_residents, town_jobs, town_inside
        Sums of a town's row and column, and its diagonal; persons, shape ``(n_towns,)``.
    from_own_group
        Persons who come to work in a town from its own group, itself included.
    group
        Group of each town.
    next_town, previous_town
        The other towns of its group, as a chain in no order.
    first_town, size, residents, jobs, inside, validity
        Of each group, shape ``(n_towns,)``; an empty one has validity ``inf``.
    score
        Validity where a group may be dissolved, else ``inf``.
    bracket
        Tournament over ``score``.
    to_group, from_group, touched
        Working place of :func:`gather`; all zero between its calls.
    """

    out_start: Places
    out_town: Places
    out_persons: Floats
    in_start: Places
    in_town: Places
    in_persons: Floats
    town_residents: Floats
    town_jobs: Floats
    town_inside: Floats
    from_own_group: Floats
    group: Places
    next_town: Places
    previous_town: Places
    first_town: Places
    size: Places
    residents: Floats
    jobs: Floats
    inside: Floats
    validity: Floats
    score: Floats
    bracket: Places
    to_group: Floats
    from_group: Floats
    touched: Places


def towns_apart(persons: sparse.csr_array, rule: Rule, ties: Ties) -> Grouping:
    """
    Put every town into a group by itself.

    Parameters
    ----------
    persons
        Flows, persons, shape ``(n_towns, n_towns)``; every row and column holds something.
    rule
        What counts as an area.
    ties
        Whom a town may join.
    """
    rows: sparse.csr_array = persons.astype(np.float64)
    columns = rows.tocsc()
    n_towns = rows.shape[0]
    residents = np.asarray(rows.sum(axis=1), dtype=np.float64).ravel()
    jobs = np.asarray(rows.sum(axis=0), dtype=np.float64).ravel()
    inside = np.asarray(rows.diagonal(), dtype=np.float64)
    nobody = np.full(n_towns, NOBODY, dtype=np.int64)
    towns = np.arange(n_towns, dtype=np.int64)
    grouping = Grouping(
        out_start=rows.indptr.astype(np.int64),
        out_town=rows.indices.astype(np.int64),
        out_persons=rows.data,
        in_start=columns.indptr.astype(np.int64),
        in_town=columns.indices.astype(np.int64),
        in_persons=columns.data,
        town_residents=residents,
        town_jobs=jobs,
        town_inside=inside,
        from_own_group=inside.copy(),
        group=towns.copy(),
        next_town=nobody.copy(),
        previous_town=nobody.copy(),
        first_town=towns.copy(),
        size=np.ones(n_towns, dtype=np.int64),
        residents=residents.copy(),
        jobs=jobs.copy(),
        inside=inside.copy(),
        validity=np.full(n_towns, np.inf),
        score=np.full(n_towns, np.inf),
        bracket=bracket(n_towns),
        to_group=np.zeros(2 * n_towns + 1),
        from_group=np.zeros(2 * n_towns + 1),
        touched=np.zeros(2 * n_towns + 1, dtype=np.int64),
    )
    _judge_all(grouping, rule, ties)
    return grouping


@compiled
def _judge_all(grouping: Grouping, rule: Rule, ties: Ties) -> None:
    for group in range(len(grouping.size)):
        grouping.validity[group] = validity(
            grouping.inside[group], grouping.residents[group], grouping.jobs[group], rule
        )
        grouping.score[group] = np.inf if ties.is_fixed[group] else grouping.validity[group]
    play_all(grouping.bracket, grouping.score)


@compiled
def judge(grouping: Grouping, rule: Rule, ties: Ties, group: int) -> None:
    """Bring the validity of a group, and its place in the tournament, up to date."""
    if grouping.size[group] == 0:
        grouping.validity[group] = np.inf
    else:
        grouping.validity[group] = validity(
            grouping.inside[group], grouping.residents[group], grouping.jobs[group], rule
        )
    grouping.score[group] = np.inf if ties.is_fixed[group] else grouping.validity[group]
    replay(grouping.bracket, grouping.score, group)


@compiled
def worst_group(grouping: Grouping) -> int:
    """Group of least validity that may be dissolved, the first among equals."""
    champion: int = grouping.bracket[1]
    return champion


@compiled
def members_of(grouping: Grouping, group: int) -> Places:
    """Towns of a group, in order."""
    towns = np.empty(grouping.size[group], dtype=np.int64)
    town = grouping.first_town[group]
    for place in range(len(towns)):
        towns[place] = town
        town = grouping.next_town[town]
    towns.sort()
    return towns


@compiled
def outwardness(grouping: Grouping, town: int) -> float:
    """Persons who tie a town to elsewhere: in from other groups, and out to any other town."""
    inflow = grouping.town_jobs[town] - grouping.from_own_group[town]
    total: float = inflow + grouping.town_residents[town] - grouping.town_inside[town]
    return total


@compiled
def most_outward(grouping: Grouping, members: Places) -> int:
    """Member with most ties to elsewhere, the first among equals."""
    best: int = members[0]
    for town in members[1:]:
        if outwardness(grouping, town) > outwardness(grouping, best):
            best = town
    return best


@compiled
def gather(grouping: Grouping, town: int) -> int:
    """
    Add up the flows of a town by group, into ``to_group`` and ``from_group``.

    Returns how many groups were ``touched``; call :func:`clear` with it when done.
    """
    n_touched = 0
    for place in range(grouping.out_start[town], grouping.out_start[town + 1]):
        group = grouping.group[grouping.out_town[place]]
        if grouping.to_group[group] == 0:
            grouping.touched[n_touched] = group
            n_touched += 1
        grouping.to_group[group] += grouping.out_persons[place]
    for place in range(grouping.in_start[town], grouping.in_start[town + 1]):
        group = grouping.group[grouping.in_town[place]]
        if grouping.to_group[group] == 0 and grouping.from_group[group] == 0:
            grouping.touched[n_touched] = group
            n_touched += 1
        grouping.from_group[group] += grouping.in_persons[place]
    return n_touched


@compiled
def clear(grouping: Grouping, n_touched: int) -> None:
    """Put the working place of :func:`gather` back to zero."""
    for place in range(n_touched):
        group = grouping.touched[place]
        grouping.to_group[group] = 0.0
        grouping.from_group[group] = 0.0


@compiled
def link_with(grouping: Grouping, town: int, group: int) -> float:
    """Strength of the link with one group; between :func:`gather` and :func:`clear`."""
    return link_strength(
        grouping.to_group[group],
        grouping.from_group[group],
        grouping.town_residents[town],
        grouping.town_jobs[town],
        grouping.residents[group],
        grouping.jobs[group],
    )


@compiled
def validity_with(grouping: Grouping, rule: Rule, town: int, group: int) -> float:
    """Validity of a group with the town added; between :func:`gather` and :func:`clear`."""
    return validity(
        grouping.inside[group]
        + grouping.to_group[group]
        + grouping.from_group[group]
        + grouping.town_inside[town],
        grouping.residents[group] + grouping.town_residents[town],
        grouping.jobs[group] + grouping.town_jobs[town],
        rule,
    )


@compiled
def may_join(grouping: Grouping, ties: Ties, town: int, group: int) -> bool:
    """Whether border, neighbourhood and least flow allow it; after :func:`gather`."""
    n_towns = len(grouping.size)
    if group >= n_towns or group == grouping.group[town]:
        return False
    if ties.region[group] != ties.region[town]:
        return False
    if grouping.to_group[group] + grouping.from_group[group] < ties.min_flow:
        return False
    return touches(grouping, ties, town, group)


@compiled
def touches(grouping: Grouping, ties: Ties, town: int, group: int) -> bool:
    """Whether a town has a neighbour in a group, where neighbours count at all."""
    if len(ties.near_start) == 0:
        return True
    for place in range(ties.near_start[town], ties.near_start[town + 1]):
        if grouping.group[ties.near_town[place]] == group:
            return True
    return False


@compiled
def best_destination(
    grouping: Grouping, ties: Ties, town: int, n_touched: int
) -> tuple[int, float]:
    """
    Group with the strongest link that a town may join, and the link; ``NOBODY`` when there is none.

    Among equal links, groups that send the town nobody beat the others; then the last group wins.
    """
    best, strongest, sends_nobody = NOBODY, 0.0, False
    for place in range(n_touched):
        group = grouping.touched[place]
        if not may_join(grouping, ties, town, group):
            continue
        link = link_with(grouping, town, group)
        silent = grouping.from_group[group] == 0
        if (
            best == NOBODY
            or link > strongest
            or (link == strongest and silent and not sends_nobody)
            or (link == strongest and silent == sends_nobody and group > best)
        ):
            best, strongest, sends_nobody = group, link, silent
    return best, strongest


@compiled
def move(grouping: Grouping, rule: Rule, ties: Ties, town: int, group: int) -> None:
    """Put a town into another group."""
    _leave(grouping, town)
    _count(grouping, rule, ties, town, _AWAY)
    grouping.group[town] = group
    _enter(grouping, town)
    _count(grouping, rule, ties, town, _IN)


@compiled
def _leave(grouping: Grouping, town: int) -> None:
    """Take a town out of its group's chain."""
    group = grouping.group[town]
    if group >= len(grouping.size):
        return
    before, after = grouping.previous_town[town], grouping.next_town[town]
    if before == NOBODY:
        grouping.first_town[group] = after
    else:
        grouping.next_town[before] = after
    if after != NOBODY:
        grouping.previous_town[after] = before


@compiled
def _enter(grouping: Grouping, town: int) -> None:
    """Put a town at the head of its group's chain."""
    group = grouping.group[town]
    if group >= len(grouping.size):
        return
    first = grouping.first_town[group] if grouping.size[group] else NOBODY
    grouping.previous_town[town] = NOBODY
    grouping.next_town[town] = first
    if first != NOBODY:
        grouping.previous_town[first] = town
    grouping.first_town[group] = town


@compiled
def _count(grouping: Grouping, rule: Rule, ties: Ties, town: int, sign: float) -> None:
    """Add a town's share to the sums of its group, or take it away."""
    group = grouping.group[town]
    if group >= len(grouping.size):
        grouping.from_own_group[town] = grouping.town_inside[town]
        return
    outward = inward = 0.0
    for place in range(grouping.out_start[town], grouping.out_start[town + 1]):
        mate = grouping.out_town[place]
        if grouping.group[mate] == group and mate != town:
            outward += grouping.out_persons[place]
            grouping.from_own_group[mate] += sign * grouping.out_persons[place]
    for place in range(grouping.in_start[town], grouping.in_start[town + 1]):
        mate = grouping.in_town[place]
        if grouping.group[mate] == group and mate != town:
            inward += grouping.in_persons[place]
    own = grouping.town_inside[town]
    grouping.from_own_group[town] = own + inward if sign > 0 else own
    grouping.inside[group] += sign * (outward + inward + own)
    grouping.residents[group] += sign * grouping.town_residents[town]
    grouping.jobs[group] += sign * grouping.town_jobs[town]
    grouping.size[group] += np.int64(sign)
    judge(grouping, rule, ties, group)
