"""Who works in which workshop of a town."""

from __future__ import annotations

from collections.abc import Mapping
from math import inf, isfinite

import numpy as np

from comarca.freight.problem import ROUNDING, SKILL_RANK, FreightProblem

Staff = dict[int, dict[int, int]]
"""By option: by group: workers."""


def staff_workshops(
    problem: FreightProblem, workers: Mapping[int, int], training_budget: float = inf
) -> Staff:
    """
    Send to every workshop the workers who give up least.

    Skills are nested, so the workshops that need most skill choose first among those who have it;
    by exchange no other choice costs less. Where people may be trained, how many of each group are
    wanted is found by a small programme first, since courses have so many places.

    Parameters
    ----------
    problem
        Groups of every town.
    workers
        By option; labour suffices.
    training_budget
        Most that the enterprise may pay for courses, currency a year.

    Raises
    ------
    NobodyLeft
        When labour, or the budget for training it, does not suffice.
    """
    options = problem.options
    free = {at: group.workers for at, group in enumerate(problem.groups) if group.source is None}
    if len(free) < len(problem.groups):
        free = _wanted(problem, workers, training_budget)
    by_need = sorted(
        workers, key=lambda at: (-problem.processes[options.process[at]].skill_rank, at)
    )
    return {at: _hire(problem, at, workers[at], free) for at in by_need}


def least_training(problem: FreightProblem, workers: Mapping[int, int]) -> float:
    """
    Least that the enterprise must pay for courses, currency a year.

    Raises
    ------
    NobodyLeft
        When labour does not suffice.
    """
    if all(group.source is None for group in problem.groups):
        return 0.0
    wanted = _wanted(problem, workers, inf, is_cheapest=True)
    return sum(problem.groups[at].outlay * count for at, count in wanted.items())


def training_outlay(problem: FreightProblem, staff: Staff) -> float:
    """What the enterprise pays for courses of these workers, currency a year."""
    return sum(
        problem.groups[at].outlay * count for hired in staff.values() for at, count in hired.items()
    )


def staff_worth(problem: FreightProblem, staff: Mapping[int, int]) -> float:
    """What these workers give up, currency a year; 0 or less, unless commuting cost them more."""
    return sum(problem.groups[at].worth * count for at, count in staff.items())


def _hire(
    problem: FreightProblem, option: int, needed: int, free: dict[int, int]
) -> dict[int, int]:
    process = problem.processes[problem.options.process[option]]
    town = problem.facilities[problem.options.facility[option]].town
    able = [
        at
        for at in problem.groups_of_town.get(town, [])
        if problem.groups[at].skill_rank >= process.skill_rank
    ]
    hired: dict[int, int] = {}
    for at in sorted(able, key=lambda at: -problem.groups[at].worth):
        count = min(free.get(at, 0), needed)
        if count:
            hired[at] = count
            free[at] -= count
            needed -= count
    return hired


class NobodyLeft(Exception):  # noqa: N818 # not a fault: the caller chooses fewer workers
    """Labour does not suffice."""


def _wanted(
    problem: FreightProblem,
    workers: Mapping[int, int],
    training_budget: float,
    *,
    is_cheapest: bool = False,
) -> dict[int, int]:
    """
    How many of each group work, learners apart, so that they give up least or train for least.

    For every town and skill, as many as are needed with it or more, exactly so over all skills;
    nobody works twice; a course has so many places.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp

    towns = sorted({_town(problem, option) for option in workers})
    known = [at for town in towns for at in problem.groups_of_town.get(town, [])]
    if not known:
        return _nobody(workers)
    groups = [problem.groups[at] for at in known]
    rows: list[list[float]] = []
    lower: list[float] = []
    upper: list[float] = []
    for town in towns:
        for rank in SKILL_RANK.values():
            needed = _needed(problem, workers, town, rank)
            rows.append([float(g.town == town and g.skill_rank >= rank) for g in groups])
            lower.append(needed)
            upper.append(needed if rank == 0 else np.inf)
    for source in sorted({g.source for g in groups if g.source is not None}):
        rows.append(
            [float(at == source or g.source == source) for at, g in zip(known, groups, strict=True)]
        )
        lower.append(0.0)
        upper.append(problem.groups[source].workers)
    for number in sorted({g.programme for g in groups if g.programme is not None}):
        rows.append([float(g.programme == number) for g in groups])
        lower.append(0.0)
        upper.append(problem.programmes[number].capacity)
    if isfinite(training_budget):
        rows.append([g.outlay / max(training_budget, 1.0) for g in groups])
        lower.append(0.0)
        upper.append((training_budget + ROUNDING) / max(training_budget, 1.0))
    worth = np.array([-g.outlay if is_cheapest else g.worth for g in groups])
    result = milp(
        -worth / max(float(np.abs(worth).max()), 1.0),
        integrality=np.ones(len(known), dtype=np.int64),
        bounds=Bounds(0, np.array([g.workers for g in groups])),
        constraints=LinearConstraint(np.array(rows), lower, upper),
        options={"mip_rel_gap": 1e-9},
    )
    if result.x is None:
        raise NobodyLeft
    return dict(zip(known, np.rint(result.x).astype(int).tolist(), strict=True))


def _nobody(workers: Mapping[int, int]) -> dict[int, int]:
    if workers:
        raise NobodyLeft
    return {}


def _town(problem: FreightProblem, option: int) -> int:
    town: int = problem.facilities[problem.options.facility[option]].town
    return town


def _needed(problem: FreightProblem, workers: Mapping[int, int], town: int, rank: int) -> int:
    """Workers that workshops of a town need with a skill or more."""
    return sum(
        count
        for option, count in workers.items()
        if _town(problem, option) == town
        and problem.processes[problem.options.process[option]].skill_rank >= rank
    )
