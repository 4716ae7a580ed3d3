"""
Cheapest rounds by load (q-routes without cycles of two), and what a depot's rounds cost together.

References
----------
.. [1] Christofides, N., Mingozzi, A. and Toth, P. (1981). Exact algorithms for the vehicle routing
       problem, based on spanning tree and shortest path relaxations. Mathematical Programming 20.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from comarca.compiled import compiled

NOWHERE = np.int64(-1)
FAR = 1e15


@compiled
def cheapest_rounds(into: Any, weight: Any, limit: Any, depot: Any, first: Any, work: Any) -> Any:
    """
    Cheapest rounds of each load from a depot.

    Parameters
    ----------
    into
        Cost of arcs, less what each customer is worth, ``[destination, origin]``.
    weight
        Whole load of each place, 1 or more for customers.
    limit
        Most a round carries.
    depot, first
        The depot's place, and the first place that is a customer.
    work
        Arrays of :func:`room_for`.

    Returns
    -------
    array
        Cost of the cheapest round by load, shape ``(limit + 1,)``; ``FAR`` where there is none.
    """
    best, second, before, before_second, level = work
    n_places = into.shape[0]
    closed = np.full(limit + 1, FAR)
    for load in range(limit + 1):
        for place in range(first, n_places):
            best[load, place] = second[load, place] = FAR
            before[load, place] = before_second[load, place] = NOWHERE
    for load in range(1, limit + 1):
        for place in range(first, n_places):
            left = load - weight[place]
            if left < 0:
                continue
            if left == 0:
                best[load, place] = into[place, depot]
                before[load, place] = depot
            else:
                one, two = FAR, FAR
                from_one, from_two = NOWHERE, NOWHERE
                for last in range(first, n_places):
                    reached = best[left, last]
                    if before[left, last] == place:
                        reached = second[left, last]
                    if reached >= FAR or last == place:
                        continue
                    reached += into[place, last]
                    if reached < one:
                        two, from_two = one, from_one
                        one, from_one = reached, np.int64(last)
                    elif reached < two:
                        two, from_two = reached, np.int64(last)
                best[load, place], before[load, place] = one, from_one
                second[load, place], before_second[load, place] = two, from_two
            if best[load, place] < FAR:
                back = best[load, place] + into[depot, place]
                if back < closed[load]:
                    closed[load] = back
                    level[load] = place
    return closed


@compiled
def round_of(weight: Any, load: Any, depot: Any, work: Any) -> Any:
    """Stops of the cheapest round of a load, in order."""
    _, _, before, before_second, level = work
    stops = np.zeros(load, np.int64)
    count, place, following = 0, level[load], NOWHERE
    while place != depot and place != NOWHERE:
        stops[count] = place
        count += 1
        last = before[load, place]
        if last == following and following != NOWHERE:
            last = before_second[load, place]
        load -= weight[place]
        following, place = place, last
    return stops[:count][::-1].copy()


@compiled
def rounds_together(closed: Any, limit: Any) -> Any:
    """Least cost of any number of rounds that carry exactly each load, shape ``(limit + 1,)``."""
    together = np.full(limit + 1, FAR)
    together[0] = 0.0
    most = closed.shape[0] - 1
    for load in range(1, limit + 1):
        for one in range(1, min(load, most) + 1):
            if closed[one] < FAR and together[load - one] < FAR:
                together[load] = min(together[load], together[load - one] + closed[one])
    return together


@compiled
def joined(left: Any, right: Any, limit: Any) -> Any:
    """Least cost of two parts that carry exactly each load together."""
    both = np.full(limit + 1, FAR)
    for a in range(min(left.shape[0], limit + 1)):
        if left[a] >= FAR:
            continue
        for b in range(min(right.shape[0], limit + 1 - a)):
            if right[b] < FAR:
                both[a + b] = min(both[a + b], left[a] + right[b])
    return both


def room_for(limit: int, n_places: int) -> Any:
    """Arrays that :func:`cheapest_rounds` works in."""
    shape = (limit + 1, n_places)
    return (
        np.zeros(shape),
        np.zeros(shape),
        np.zeros(shape, np.int64),
        np.zeros(shape, np.int64),
        np.zeros(limit + 1, np.int64),
    )
