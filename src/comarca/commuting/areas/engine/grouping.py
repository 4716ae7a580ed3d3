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

from typing import Any, NamedTuple, cast

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from comarca.commuting.areas.engine.tournament import bracket, play_all, replay
from comarca.commuting.areas.engine.validity import Rule, link_strength, validity
from comarca.compiled import compiled

EXACT_PERSONS = 2.0**-20
# A number of NumPy's: a plain one would have every loop that is given it compiled once more.
NOBODY = cast(int, np.int64(-1))
_AWAY, _IN = np.float64(-1), np.float64(1)

Floats = NDArray[np.float64]
Places = NDArray[np.int64]


TOWN = np.dtype(
    [
        ("residents", np.float64),
        ("jobs", np.float64),
        ("inside", np.float64),
        ("from_own_group", np.float64),
        ("group", np.int64),
        ("next_town", np.int64),
        ("previous_town", np.int64),
        ("region", np.int64),
        ("is_fixed", np.bool_),
    ],
    align=True,
)
GROUP = np.dtype(
    [
        ("first_town", np.int64),
        ("size", np.int64),
        ("residents", np.float64),
        ("jobs", np.float64),
        ("inside", np.float64),
        ("validity", np.float64),
    ],
    align=True,
)
FLOW = np.dtype(
    [("to_group", np.float64), ("from_group", np.float64), ("touched", np.int64)], align=True
)


class Lines(NamedTuple):
    """
    Rows, or columns, of a sparse matrix of flows.

    Parameters
    ----------
    start
        Where the line of each town begins and ends, shape ``(n_towns + 1,)``.
    town, persons
        Towns at the other end, and how many persons.
    """

    start: Places
    town: Places
    persons: Floats


class Ties(NamedTuple):
    """
    Whom a town may join, beside those it is linked with.

    Parameters
    ----------
    adjacent
        Neighbours, shape ``(n_towns, n_towns)``, symmetric; ``None`` where any town may be joined.
    region
        Label of each town, shape ``(n_towns,)``; groups keep within one.
    is_fixed
        Whether a town is the centre of a group that is never dissolved, shape ``(n_towns,)``.
    min_flow
        Persons, both ways together, without whom a town joins nobody; 0 for any.
    """

    adjacent: sparse.csr_array | None
    region: Places
    is_fixed: NDArray[np.bool_]
    min_flow: float


class Grouping(NamedTuple):
    """
    Which town is in which group, with each group's sums and validity; arrays that change in place.

    Parameters
    ----------
    rule
        What counts as an area.
    leaving, arriving
        Flows from each town and to each town, persons; every one holds something.
    near_start, near_town
        Neighbours of each town, as the rows of a CSR matrix; of no length where any may be joined.
    min_flow
        As in :class:`Ties`.
    towns
        Records of :data:`TOWN`: sums of a town's row and column and its diagonal, persons; persons
        who come to work in it from its own group, itself included; its group, and the towns after
        and before it in that group's chain, which has no order; its label, and whether it is fixed.
    groups
        Records of :data:`GROUP`: where the chain begins, number of towns, sums over them, validity
        (``inf`` of an empty group).
    score
        Validity of groups that may be dissolved, ``inf`` of the others.
    bracket
        Tournament over ``score``.
    scratch
        Records of :data:`FLOW` that :func:`gather` fills and :func:`clear` sets back to zero; the
        groups touched stand at its beginning.
    """

    rule: Rule
    leaving: Lines
    arriving: Lines
    near_start: Places
    near_town: Places
    min_flow: float
    towns: Any
    groups: Any
    score: Floats
    bracket: Places
    scratch: Any


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
    n_towns = rows.shape[0]
    none = np.empty(0, dtype=np.int64)
    grouping = Grouping(
        rule=rule,
        leaving=_lines(rows),
        arriving=_lines(rows.tocsc()),
        near_start=none if ties.adjacent is None else ties.adjacent.indptr.astype(np.int64),
        near_town=none if ties.adjacent is None else ties.adjacent.indices.astype(np.int64),
        min_flow=float(ties.min_flow),
        towns=_lone_towns(rows, ties),
        groups=np.zeros(n_towns, dtype=GROUP),
        score=np.full(n_towns, np.inf),
        bracket=bracket(n_towns),
        scratch=np.zeros(2 * n_towns + 1, dtype=FLOW),
    )
    for name in ("residents", "jobs", "inside"):
        grouping.groups[name] = grouping.towns[name]
    grouping.groups["first_town"] = np.arange(n_towns)
    grouping.groups["size"] = 1
    judge_all(grouping)
    return grouping


def _lines(matrix: sparse.csr_array | sparse.csc_array) -> Lines:
    return Lines(matrix.indptr.astype(np.int64), matrix.indices.astype(np.int64), matrix.data)


def _lone_towns(persons: sparse.csr_array, ties: Ties) -> Any:
    towns = np.zeros(persons.shape[0], dtype=TOWN)
    towns["residents"] = np.asarray(persons.sum(axis=1)).ravel()
    towns["jobs"] = np.asarray(persons.sum(axis=0)).ravel()
    towns["inside"] = towns["from_own_group"] = persons.diagonal()
    towns["group"] = np.arange(len(towns))
    towns["next_town"] = towns["previous_town"] = NOBODY
    towns["region"], towns["is_fixed"] = ties.region, ties.is_fixed
    return towns


@compiled
def judge_all(grouping: Grouping) -> None:
    """Judge every group, and play the whole tournament."""
    for group in range(len(grouping.groups)):
        _judge(grouping, group)
    play_all(grouping.bracket, grouping.score)


@compiled
def _judge(grouping: Grouping, group: int) -> None:
    sums = grouping.groups[group]
    sums.validity = np.inf
    if sums.size:
        sums.validity = validity(sums.inside, sums.residents, sums.jobs, grouping.rule)
    grouping.score[group] = np.inf if grouping.towns[group].is_fixed else sums.validity


@compiled
def worst_group(grouping: Grouping) -> int:
    """Group of least validity that may be dissolved, the first among equals."""
    champion: int = grouping.bracket[1]
    return champion


@compiled
def members_of(grouping: Grouping, group: int) -> Places:
    """Towns of a group, in order."""
    towns = np.empty(grouping.groups[group].size, dtype=np.int64)
    town = grouping.groups[group].first_town
    for place in range(len(towns)):
        towns[place] = town
        town = grouping.towns[town].next_town
    towns.sort()
    return towns


@compiled
def outwardness(grouping: Grouping, town: int) -> float:
    """Persons who tie a town to elsewhere: in from other groups, and out to any other town."""
    inflow = grouping.towns[town].jobs - grouping.towns[town].from_own_group
    total: float = inflow + grouping.towns[town].residents - grouping.towns[town].inside
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
    for place in range(grouping.leaving.start[town], grouping.leaving.start[town + 1]):
        group = grouping.towns[grouping.leaving.town[place]].group
        if grouping.scratch[group].to_group == 0:
            grouping.scratch[n_touched].touched = group
            n_touched += 1
        grouping.scratch[group].to_group += grouping.leaving.persons[place]
    for place in range(grouping.arriving.start[town], grouping.arriving.start[town + 1]):
        group = grouping.towns[grouping.arriving.town[place]].group
        if grouping.scratch[group].to_group == 0 and grouping.scratch[group].from_group == 0:
            grouping.scratch[n_touched].touched = group
            n_touched += 1
        grouping.scratch[group].from_group += grouping.arriving.persons[place]
    return n_touched


@compiled
def clear(grouping: Grouping, n_touched: int) -> None:
    """Put the working place of :func:`gather` back to zero."""
    for place in range(n_touched):
        group = grouping.scratch[place].touched
        grouping.scratch[group].to_group = 0.0
        grouping.scratch[group].from_group = 0.0


@compiled
def link_with(grouping: Grouping, town: int, group: int) -> float:
    """Strength of the link with one group; between :func:`gather` and :func:`clear`."""
    return link_strength(
        grouping.scratch[group].to_group,
        grouping.scratch[group].from_group,
        grouping.towns[town].residents,
        grouping.towns[town].jobs,
        grouping.groups[group].residents,
        grouping.groups[group].jobs,
    )


@compiled
def validity_with(grouping: Grouping, town: int, group: int) -> float:
    """Validity of a group with the town added; between :func:`gather` and :func:`clear`."""
    return validity(
        grouping.groups[group].inside
        + grouping.scratch[group].to_group
        + grouping.scratch[group].from_group
        + grouping.towns[town].inside,
        grouping.groups[group].residents + grouping.towns[town].residents,
        grouping.groups[group].jobs + grouping.towns[town].jobs,
        grouping.rule,
    )


@compiled
def may_join(grouping: Grouping, town: int, group: int) -> bool:
    """Whether border, neighbourhood and least flow allow it; after :func:`gather`."""
    n_towns = len(grouping.groups)
    if group >= n_towns or group == grouping.towns[town].group:
        return False
    if grouping.towns[group].region != grouping.towns[town].region:
        return False
    if grouping.scratch[group].to_group + grouping.scratch[group].from_group < grouping.min_flow:
        return False
    return touches(grouping, town, group)


@compiled
def touches(grouping: Grouping, town: int, group: int) -> bool:
    """Whether a town has a neighbour in a group, where neighbours count at all."""
    if len(grouping.near_start) == 0:
        return True
    for place in range(grouping.near_start[town], grouping.near_start[town + 1]):
        if grouping.towns[grouping.near_town[place]].group == group:
            return True
    return False


@compiled
def best_destination(grouping: Grouping, town: int, n_touched: int) -> tuple[int, float]:
    """
    Group with the strongest link that a town may join, and the link; ``NOBODY`` when there is none.

    Among equal links, groups that send the town nobody beat the others; then the last group wins.
    """
    best, strongest, sends_nobody = NOBODY, 0.0, False
    for place in range(n_touched):
        group = grouping.scratch[place].touched
        if not may_join(grouping, town, group):
            continue
        link = link_with(grouping, town, group)
        silent = grouping.scratch[group].from_group == 0
        if (
            best == NOBODY
            or link > strongest
            or (link == strongest and silent and not sends_nobody)
            or (link == strongest and silent == sends_nobody and group > best)
        ):
            best, strongest, sends_nobody = group, link, silent
    return best, strongest


@compiled
def move(grouping: Grouping, town: int, group: int) -> None:
    """Put a town into another group."""
    _leave(grouping, town)
    _count(grouping, town, _AWAY)
    grouping.towns[town].group = group
    _enter(grouping, town)
    _count(grouping, town, _IN)


@compiled
def _leave(grouping: Grouping, town: int) -> None:
    """Take a town out of its group's chain."""
    group = grouping.towns[town].group
    if group >= len(grouping.groups):
        return
    before, after = grouping.towns[town].previous_town, grouping.towns[town].next_town
    if before == NOBODY:
        grouping.groups[group].first_town = after
    else:
        grouping.towns[before].next_town = after
    if after != NOBODY:
        grouping.towns[after].previous_town = before


@compiled
def _enter(grouping: Grouping, town: int) -> None:
    """Put a town at the head of its group's chain."""
    group = grouping.towns[town].group
    if group >= len(grouping.groups):
        return
    first = grouping.groups[group].first_town if grouping.groups[group].size else NOBODY
    grouping.towns[town].previous_town = NOBODY
    grouping.towns[town].next_town = first
    if first != NOBODY:
        grouping.towns[first].previous_town = town
    grouping.groups[group].first_town = town


@compiled
def _count(grouping: Grouping, town: int, sign: float) -> None:
    """Add a town's share to the sums of its group, or take it away."""
    group = grouping.towns[town].group
    if group >= len(grouping.groups):
        grouping.towns[town].from_own_group = grouping.towns[town].inside
        return
    outward = inward = 0.0
    for place in range(grouping.leaving.start[town], grouping.leaving.start[town + 1]):
        mate = grouping.leaving.town[place]
        if grouping.towns[mate].group == group and mate != town:
            outward += grouping.leaving.persons[place]
            grouping.towns[mate].from_own_group += sign * grouping.leaving.persons[place]
    for place in range(grouping.arriving.start[town], grouping.arriving.start[town + 1]):
        mate = grouping.arriving.town[place]
        if grouping.towns[mate].group == group and mate != town:
            inward += grouping.arriving.persons[place]
    own = grouping.towns[town].inside
    grouping.towns[town].from_own_group = own + inward if sign > 0 else own
    grouping.groups[group].inside += sign * (outward + inward + own)
    grouping.groups[group].residents += sign * grouping.towns[town].residents
    grouping.groups[group].jobs += sign * grouping.towns[town].jobs
    grouping.groups[group].size += np.int64(sign)
    _judge(grouping, group)
    replay(grouping.bracket, grouping.score, group)
