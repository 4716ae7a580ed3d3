"""Why so many jobs cannot be had, in planning words."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf

import numpy as np

from comarca.freight.problem import WHOLE, FreightProblem
from comarca.model.region import Region


def why_too_few(
    problem: FreightProblem, region: Region, required: int, most: int, budget: float
) -> tuple[str, ...]:
    """
    Sentences that say what keeps a plan from having the jobs required.

    Parameters
    ----------
    problem, region
        What was planned for.
    required, most
        Jobs asked for, and the most that any plan within the budget has.
    budget
        Currency a year; infinite where none is set.
    """
    spent = "" if budget == inf else f" for {budget:,.0f} {region.currency} a year"
    head = f"{required:,} jobs are required; no plan has more than {most:,}{spent}"
    causes = [f"{what} {jobs:,} jobs" for what, jobs in _limits(problem) if jobs < required]
    if not causes and budget == inf:
        causes = [
            "labour, premises, goods and trucks together allow no more, though each alone would"
        ]
    elif not causes:
        causes = [
            "labour, premises and goods would each allow as many; together, or for this budget, "
            f"they do not: the least cost of {required:,} jobs without a budget shows which"
        ]
    return (head, *causes)


def _limits(problem: FreightProblem) -> Iterator[tuple[str, int]]:
    """Jobs that each kind of thing allows, however plentiful the others are."""
    options = problem.options
    if not len(options):
        yield "no premises allow a workshop:", 0
        return
    yield "the towns that trucks reach have workers for", _hands(problem)
    yield "the enterprises give away goods for", _goods(problem)
    yield (
        "the premises that trucks reach have room, goods and workers for",
        sum(
            int(options.most[options.facility == place].max())
            for place in np.unique(options.facility)
        ),
    )


def _hands(problem: FreightProblem) -> int:
    towns = set(problem.town_of_facility[problem.options.facility].tolist())
    return sum(g.workers for g in problem.groups if g.town in towns and g.source is None)


def _goods(problem: FreightProblem) -> int:
    served = sorted(set(problem.options.process.tolist()))
    jobs = 0
    for at, base in enumerate(problem.bases):
        mine = [problem.processes[p] for p in served if problem.processes[p].base == at]
        if mine:
            by_process = sum(process.max_workers for process in mine)
            by_base = base.capacity_t_per_day / min(process.input_t for process in mine)
            jobs += int(min(by_process, by_base + WHOLE))
    return jobs
