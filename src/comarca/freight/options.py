"""Which workshops labour, floor, tonnes, trucks and reach allow, one facility at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import floor, isinf

import numpy as np
from numpy.typing import NDArray

from comarca.freight.problem import (
    ROUNDING,
    SKILL_RANK,
    WHOLE,
    Facility,
    FreightProblem,
    Options,
    Process,
    visits_needed,
)
from comarca.freight.refusals import Refusals
from comarca.model.region import Region


def no_options() -> Options:
    """Nothing to choose from."""
    return _options([])


def with_options(problem: FreightProblem, region: Region) -> FreightProblem:
    """Find the workshops each facility allows, and say why the others are left out."""
    found: list[_Option] = []
    refusals = Refusals(problem, region)
    workers_by_rank = _workers_by_rank(problem)
    for at, facility in enumerate(problem.facilities):
        for number, process in enumerate(problem.processes):
            if not problem.is_within_reach(process.base, facility.town):
                refusals.out_of_reach(at, number)
                continue
            hands = workers_by_rank[facility.town][process.skill_rank]
            by_floor = floor(facility.floor_m2 / process.floor_m2(1) + WHOLE)
            by_tonnes = _by_tonnes(problem, process)
            most = min(hands, by_floor, by_tonnes)
            if most >= process.min_workers:
                share = problem.share_of_a_truck(process.base, facility.town, process.loads)
                daily = _levels(share, process.min_workers, most)
                rarer = _rarer(process, facility, share, min(hands, by_tonnes))
                found += [(at, number, *level) for level in (*daily, *rarer)]
            else:
                refusals.too_small(at, number, hands, by_floor, by_tonnes)
    options = _options(found)
    return replace(problem, options=options, notes=refusals.notes(options))


_Option = tuple[int, int, int, int, int, int]
_Level = tuple[int, int, int, int]


def _options(found: Sequence[_Option]) -> Options:
    table = np.array(found, dtype=np.int64).reshape(-1, 6)
    facility, process, least, most, visits, every_days = table.T
    return Options(
        facility=facility,
        process=process,
        least=least,
        most=most,
        visits=visits,
        every_days=every_days,
    )


def _levels(share: float, least: int, most: int) -> Iterator[_Level]:
    """
    Workers from the least to the most where trucks come every day, by visits.

    Yields fewest workers, most workers, visits, and days between.
    """
    first = least
    while first <= most:
        visits = visits_needed(first * share)
        last = min(max(floor((visits + ROUNDING) / share), first), most)
        yield first, last, visits, 1
        first = last + 1


def _rarer(process: Process, facility: Facility, share: float, most: int) -> Iterator[_Level]:
    """Visits every few days: the goods of all of them come in one truck and find floor."""
    for every_days in range(2, process.longest_wait + 1):
        by_floor = floor(facility.floor_m2 / process.floor_m2(every_days) + WHOLE)
        by_truck = floor((1 + ROUNDING) / (every_days * share))
        last = min(most, by_floor, by_truck)
        if last >= process.min_workers:
            yield process.min_workers, last, 1, every_days


def _by_tonnes(problem: FreightProblem, process: Process) -> int:
    """Most workers one workshop can have under the tonnes of its process and its base."""
    capacity = problem.bases[process.base].capacity_t_per_day / process.input_t
    return (
        process.max_workers
        if isinf(capacity)
        else min(process.max_workers, floor(capacity + WHOLE))
    )


def _workers_by_rank(problem: FreightProblem) -> NDArray[np.int64]:
    """Workers of each town with at least each skill, after training, shape ``(n_towns, 3)``."""
    hands = np.zeros((len(problem.towns), len(SKILL_RANK)), dtype=np.int64)
    below = np.zeros_like(hands)
    places = np.zeros_like(hands)
    seen: set[tuple[int, int]] = set()
    for group in problem.groups:
        if group.programme is None:
            hands[group.town, : group.skill_rank + 1] += group.workers
            if group.skill_rank + 1 < len(SKILL_RANK):
                below[group.town, group.skill_rank + 1] += group.workers
        elif (group.town, group.programme) not in seen:
            seen.add((group.town, group.programme))
            places[group.town, group.skill_rank] += problem.programmes[group.programme].capacity
    return hands + np.minimum(below, places)
