"""
The cheapest and the quickest tour of every set of premises, by Held and Karp's recursion.

Both are tabulated apart, and what is on board is taken at the start and at the end of the trip
alone: a trip here is never dearer, longer or fuller than a real one of the same stops. So what is
proven with these trips holds; ``checking.py`` looks whether those of a plan can be driven.

References
----------
.. [1] Held, M. and Karp, R. M. (1962). A dynamic programming approach to sequencing problems.
       Journal of the Society for Industrial and Applied Mathematics 10(1), 196-210.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from comarca.compiled import compiled
from comarca.freight.problem import ROUNDING, Vehicle
from whole_problem.choices import Choices

Floats = NDArray[np.float64]
MIN_PER_H = 60.0


@compiled
def least_of_tours(ways: Floats) -> Floats:
    """
    Least sum of the ways of a tour through every set of places and home.

    Parameters
    ----------
    ways
        Shape ``(n + 1, n + 1)``, home first; ``inf`` = no way.

    Returns
    -------
    ndarray
        By set as a bit pattern, shape ``(2 ** n,)``; 0 for the empty set.
    """
    n = len(ways) - 1
    ends = np.full((1 << n, n), np.inf)
    least = np.full(1 << n, np.inf)
    least[0] = 0.0
    for at in range(n):
        ends[1 << at, at] = ways[0, at + 1]
    for visited in range(1, 1 << n):
        for last in range(n):
            so_far = ends[visited, last]
            if so_far == np.inf:
                continue
            least[visited] = min(least[visited], so_far + ways[last + 1, 0])
            for at in range(n):
                if not (visited >> at) & 1:
                    further = so_far + ways[last + 1, at + 1]
                    if further < ends[visited | (1 << at), at]:
                        ends[visited | (1 << at), at] = further
    return least


class Tours:
    """
    Sets of premises that a type of truck can visit in one trip.

    Parameters
    ----------
    choices
        Of the problem.
    base, kind
        Position of the base, and of the type of truck in its fleet.

    Attributes
    ----------
    facilities
        Of the base, sorted; bits of sets stand for their positions here.
    sets, members
        Each set as a bit pattern, and shape ``(n_sets, n_facilities)``, 0 or 1.
    cost, minutes
        Of each set, currency and minutes.
    """

    def __init__(self, choices: Choices, base: int, kind: int) -> None:
        problem = choices.problem
        self.choices, self.base, self.kind = choices, base, kind
        self.truck: Vehicle = problem.fleet(base)[kind]
        fits = {
            at: choices.most_in(at, self.truck)
            for at in np.flatnonzero(choices.base == base).tolist()
        }
        self.most = {at: n for at, n in fits.items() if n >= choices.options.least[at]}
        """By option: workers whose goods of a visit fit; those of which none do are absent."""
        self.facilities = sorted({int(choices.options.facility[at]) for at in self.most})
        minutes, cost = self._ways()
        self._keep(least_of_tours(minutes), least_of_tours(cost))

    def _ways(self) -> tuple[Floats, Floats]:
        """Minutes and currency from place to place, loading before the first and each stop in."""
        problem = self.choices.problem
        towns = [problem.facilities[at].town for at in self.facilities]
        places = np.array([problem.bases[self.base].town, *towns])
        block = np.ix_(places, places)
        minutes = problem.time_min[block].copy()
        minutes[0, 1:] += problem.loading_min
        minutes[:, 1:] += problem.stop_min
        km = problem.distance_km[block]
        minutes[~np.isfinite(km)] = np.inf
        cost = np.full_like(minutes, np.inf)
        is_way = np.isfinite(minutes)
        per_min = self.truck.cost_per_h / MIN_PER_H
        cost[is_way] = minutes[is_way] * per_min + km[is_way] * self.truck.cost_per_km
        return minutes, cost

    def _keep(self, minutes: Floats, cost: Floats) -> None:
        """Sets that fit the shift, and the truck with the fewest workers each may have."""
        n = len(self.facilities)
        sets = np.flatnonzero(minutes <= self.truck.shift_min + ROUNDING)
        sets = sets[sets > 0]
        members = ((sets[:, None] >> np.arange(n)) & 1).astype(np.float64)
        fewest = np.full((n, 4), np.inf)
        for at in self.most:
            place = self.facilities.index(int(self.choices.options.facility[at]))
            light = self.choices.loads[at] * self.choices.options.least[at]
            fewest[place] = np.minimum(fewest[place], light)
        fits = (members @ fewest <= self.truck.limits * (1 + ROUNDING)).all(axis=1)
        self.sets, self.members = sets[fits], members[fits]
        self.cost, self.minutes = cost[sets[fits]], minutes[sets[fits]]
