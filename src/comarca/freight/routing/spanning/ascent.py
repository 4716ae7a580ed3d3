"""
Multipliers that raise the bound of spanning trees, by steps along its slope (compiled).

References
----------
.. [1] Held, M. and Karp, R. M. (1971). The traveling-salesman problem and minimum spanning trees:
       part II. Mathematical Programming 1, 6-25.
.. [2] Polyak, B. T. (1969). Minimization of unsmooth functionals. USSR Computational Mathematics
       and Mathematical Physics 9(3), 14-29.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from comarca.compiled import compiled

PATIENCE = 20
"""Steps without a gain, after which they become half as long."""


@compiled
def climb(
    between: Any, depot: Any, fixed: float, fewest: int, target: float, steps: int, price: Any
) -> float:
    """
    Raise the bound of ``spanning_bound.py`` for one set of depots.

    Parameters
    ----------
    between
        Least cost between customers, shape ``(n, n)``, symmetric.
    depot
        Least cost between a customer and a depot, shape ``(n,)``.
    fixed
        Cost of a trip besides its way.
    fewest
        Trips there are at least, from 1 to ``n``.
    target
        A cost that the bound will not exceed; finite.
    steps
        Trees made, 1 or more.
    price
        Multipliers to begin with, and the best found, shape ``(n + 1,)``: of each customer, and
        last of the depot.

    Returns
    -------
    float
        The best bound.
    """
    n = len(depot)
    now, slope = price.copy(), np.zeros(n + 1)
    before = np.zeros(n + 1)
    best, length, waited = -np.inf, 1.0, 0
    for _ in range(steps):
        value = _tree(between, depot, now, slope)
        value += _last_ways(depot, fixed, fewest, now, slope)
        value -= 2 * now[:n].sum()
        if value > best:
            best, waited = value, 0
            price[:] = now
        else:
            waited += 1
            if waited == PATIENCE:
                length, waited = length / 2, 0
                now[:] = price
                before[:] = 0.0
                continue
        # A part of the step before keeps it from going to and fro.
        before[:] = 0.7 * slope + 0.3 * before
        size = (before * before).sum()
        if size < 1e-12:
            break
        now += length * max(target - value, 1e-6 * abs(target)) / size * before
    return float(best)


@compiled
def _tree(between: Any, depot: Any, price: Any, slope: Any) -> float:
    """Cost of the cheapest tree over depot and customers; degrees less two go into the slope."""
    n = len(depot)
    reached = np.zeros(n, dtype=np.bool_)
    way = depot + price[:n] + price[n]
    origin = np.full(n, n)
    slope[:n], slope[n] = -2.0, 0.0
    total = 0.0
    for _ in range(n):
        at = -1
        for customer in range(n):
            if not reached[customer] and (at < 0 or way[customer] < way[at]):
                at = customer
        reached[at] = True
        total += way[at]
        slope[at] += 1.0
        slope[origin[at]] += 1.0
        for customer in range(n):
            if not reached[customer]:
                other = between[at, customer] + price[at] + price[customer]
                if other < way[customer]:
                    way[customer], origin[customer] = other, at
    return total


@compiled
def _last_ways(depot: Any, fixed: float, fewest: int, price: Any, slope: Any) -> float:
    """Cost of the ways back of as many trips as are cheapest, no less than the fewest."""
    n = len(depot)
    way = depot + price[:n] + fixed - price[n]
    total = 0.0
    for number, customer in enumerate(np.argsort(way)):
        if number >= fewest and way[customer] >= 0:
            break
        total += way[customer]
        slope[customer] += 1.0
        slope[n] -= 1.0
    return total
