"""
Sets of sites in order of what they are worth at the prices of a relaxation.

The set that a relaxation opens is often too tight for whole customers, and among the next hundred,
worth a thousandth more, are some that are not. They are read off the table of the knapsack that
opens sites. It tells exactly how little the rest of a partly chosen set adds, so that with the
cheapest taken first, sets are finished in the order of their sums.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from typing import Any

import numpy as np

from comarca.freight.routing.siting.knapsacks import CLOSED, OPEN, Location, cover_table


def list_sets(location: Location, fixed: Any, worth: Any) -> Iterator[tuple[float, Any]]:
    """
    All sets that hold the need together, least sum of worths first.

    Parameters
    ----------
    location
        The problem.
    fixed
        What is decided of each site.
    worth
        Of each site if it opens; less is better.

    Yields
    ------
    float
        Sum of the worths.
    numpy.ndarray
        Whether each site is open.
    """
    table = cover_table(location, fixed, worth)
    n_sites, pushed = len(worth), 0
    # Least sum of the finished set, a number that tells equals apart, sites not yet decided, what
    # these must hold, sum of the others, and the others that are open.
    heap: list[Any] = [(table[n_sites, location.need], 0, n_sites, location.need, 0.0, ())]
    while heap and np.isfinite(heap[0][0]):
        _, _, left, held, total, chosen = heapq.heappop(heap)
        if left == 0:
            is_open = np.zeros(n_sites, dtype=bool)
            is_open[list(chosen)] = True
            yield float(total), is_open
            continue
        site, before = left - 1, table[left - 1]
        if fixed[site] != OPEN:
            pushed += 1
            heapq.heappush(heap, (total + before[held], pushed, site, held, total, chosen))
        if fixed[site] != CLOSED:
            rest, more, pushed = max(0, held - location.room[site]), total + worth[site], pushed + 1
            heapq.heappush(heap, (more + before[rest], pushed, site, rest, more, (*chosen, site)))
