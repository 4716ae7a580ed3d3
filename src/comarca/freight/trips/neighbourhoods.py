"""
Better choices of workshops and trips, one neighbourhood after another.

Around one facility after another, what is near it and what shares its trips may change: workshops
are added, dropped, moved to another process or base, and their trips drawn anew; all else stays.
Each is a small programme (``selection.py``) that is never worse than what it starts from.

References
----------
.. [1] Shaw, P. (1998). Using constraint programming and local search methods to solve vehicle
       routing problems. Lecture Notes in Computer Science 1520, 417-431.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from comarca.freight.problem import FreightProblem
from comarca.freight.search import Limits
from comarca.freight.trips.selection import Selected, Selection

Ints = NDArray[np.int64]


def improved(
    selection: Selection,
    start: Selected,
    limits: Limits,
    *,
    size: int,
    passes: int,
    is_out_of_time: Callable[[], bool],
) -> Selected:
    """
    Go through all neighbourhoods a number of times, or until a pass gains nothing.

    Parameters
    ----------
    selection, start
        The programme, and the choice to start from.
    limits
        Of each small programme.
    size
        Facilities of a neighbourhood, besides those that share their trips.
    passes
        How often all facilities are gone through.
    is_out_of_time
        Asked before each.
    """
    best = start
    near = _Near(selection)
    for number in range(passes):
        before = best.objective
        for centre in near.centres(size, limits.seed + number):
            if is_out_of_time():
                return best
            free = near.around(centre, size, best)
            found = selection.solve(limits, best, free)
            if found is not None and found.objective > best.objective:
                best = found
        if best.objective <= before:
            break
    return best


class _Near:
    """Which facilities are near each other."""

    def __init__(self, selection: Selection) -> None:
        self.problem: FreightProblem = selection.master.problem
        self.facilities = np.unique(self.problem.options.facility[selection.options])
        towns = self.problem.town_of_facility[self.facilities]
        time = self.problem.time_min[np.ix_(towns, towns)]
        self.order = np.argsort(np.minimum(time, time.T), axis=1, kind="stable")

    def centres(self, size: int, seed: int) -> Iterator[int]:
        """Facilities, by position, until each has been within half a neighbourhood of one."""
        is_covered = np.zeros(len(self.facilities), dtype=bool)
        for at in np.random.default_rng(seed).permutation(len(self.facilities)).tolist():
            if not is_covered[at]:
                is_covered[self.order[at, : max(size // 2, 1)]] = True
                yield at

    def around(self, centre: int, size: int, current: Selected) -> set[int]:
        """Those nearest to a facility, all premises of their towns, and what shares their trips."""
        nearest = self.facilities[self.order[centre, :size]]
        towns = set(self.problem.town_of_facility[nearest].tolist())
        free = set(np.flatnonzero(np.isin(self.problem.town_of_facility, list(towns))).tolist())
        shared = set(free)
        for trip in current.trips:
            stops = set(self.problem.options.facility[list(trip.options)].tolist())
            if stops & free:
                shared |= stops
        return shared
