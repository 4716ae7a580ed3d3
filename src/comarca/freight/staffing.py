"""Who works in which workshop of a town."""

from __future__ import annotations

from collections.abc import Mapping

from comarca.freight.problem import FreightProblem

Staff = dict[int, dict[int, int]]
"""By option: by group: workers."""


def staff_workshops(problem: FreightProblem, workers: Mapping[int, int]) -> Staff:
    """
    Send to every workshop the workers who give up least.

    Skills are nested, so the workshops that need most skill choose first among those who have it;
    by exchange no other choice costs less.

    Parameters
    ----------
    problem
        Groups of every town.
    workers
        By option; labour suffices.
    """
    options = problem.options
    free = {at: group.workers for at, group in enumerate(problem.groups)}
    by_need = sorted(
        workers, key=lambda at: (-problem.processes[options.process[at]].skill_rank, at)
    )
    return {at: _hire(problem, at, workers[at], free) for at in by_need}


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
        count = min(free[at], needed)
        if count:
            hired[at] = count
            free[at] -= count
            needed -= count
    return hired
