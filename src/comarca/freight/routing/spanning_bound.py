r"""
A quick bound where trips have many stops: rounds hold a tree that spans the depots and customers.

Let every customer have to be served, :math:`c_{ij}` be the least cost between two of them over
types of truck and directions, :math:`c_{0i}` that between a customer and the depots open, *F* the
least fixed cost of a trip and *K* the fewest trips that carry all there is. Without its way back
each trip is a path from its depot; together the paths of *R* trips span all with *R* ways out of
the depots, and the ways back come from *R* customers. Hence for any multipliers :math:`\lambda_i`
of the two ways at each customer and :math:`\nu` of there being as many ways out as back

.. math::

    L(\lambda, \nu) = T(\lambda, \nu) + \min_{R \ge K} \sum_{R\ \text{least}}
        (c_{0i} + \lambda_i + F - \nu) - 2 \sum_i \lambda_i

bounds the cost of the rounds, with *T* the cheapest tree where a way between two customers costs
:math:`c_{ij} + \lambda_i + \lambda_j` and a way from the depots :math:`c_{0i} + \lambda_i + \nu`.
With the openings of each set of depots that can hold the demand, the least over these sets bounds
the whole; loads, shifts and which depot a trip belongs to are forgotten.

References
----------
.. [1] Held, M. and Karp, R. M. (1971). The traveling-salesman problem and minimum spanning trees:
       part II. Mathematical Programming 1, 6-25.
.. [2] Fisher, M. L. (1994). Optimal solution of vehicle routing problems using minimum K-trees.
       Operations Research 42(4), 626-642.
"""

from __future__ import annotations

from math import inf, isfinite
from typing import Any

import numpy as np

from comarca.freight.routing.depot_sets import MOST_ENUMERATED, promising_sets
from comarca.freight.routing.engine.data import FAR, RoutingData
from comarca.freight.routing.spanning.ascent import climb

FIRST_STEPS, MORE_STEPS = 2_000, 300
"""Trees of all depots together, and of the cheapest set each time that one is looked at again."""
MOST_CUSTOMERS = 5_000
NO_WAY = FAR / 1e4
"""Cost that stands for no way: of so many a sum is still a number."""
SAFE = 1e-9
"""Share that is given away for what sums of many costs drift by."""


def spanning_bound(data: RoutingData, upper: float, operations: float) -> float:
    """
    Bound the cost by spanning trees.

    Parameters
    ----------
    data
        The problem.
    upper
        Cost of a plan, or ``inf``; it only tells how long a step may be.
    operations
        Ways between customers that may be looked at, about; some hundred millions take a second.

    Returns
    -------
    float
        -inf where the bound does not apply: customers who need not be served or can be served at
        one of several places, prizes, too many customers, or too few for the trips there must be.
    """
    if not _applies(data):
        return -inf
    trees = _Trees(data, upper, operations)
    return trees.raised() if trees.fewest <= len(trees.between) else -inf


class _Trees:
    """The work of :func:`spanning_bound`: a bound and multipliers for each set of depots."""

    def __init__(self, data: RoutingData, upper: float, operations: float) -> None:
        self.between, self.depot, self.fixed = _least_ways(data)
        self.fewest, self.upper = _fewest_trips(data), upper
        self.left = operations / len(self.between) ** 2  # trees
        self.sets = _sets(data, int(self.left / 4))
        self.opening = self.sets @ data.opening if len(self.sets) > 1 else np.zeros(1)
        self.prices = np.zeros((len(self.sets), len(self.between) + 1))
        self.bounds = np.full(len(self.sets), -inf)

    def raised(self) -> float:
        """The bound of the set that is cheapest, which is looked at again and again."""
        largest = int(self.sets.sum(axis=1).argmax())
        self._raise(largest, max(1, min(FIRST_STEPS, int(self.left / 4))))
        for at in range(len(self.sets)):
            if at != largest:
                self.prices[at] = self.prices[largest]
                self._raise(at, 1)
        while self.left > MORE_STEPS:
            lowest = int(self.bounds.argmin())
            before = float(self.bounds[lowest])
            self._raise(lowest, MORE_STEPS)
            if self.bounds[lowest] <= before + SAFE * abs(before):
                break
        return float(self.bounds.min())

    def _raise(self, at: int, steps: int) -> None:
        """Make so many trees for a set."""
        self.left -= steps
        ways = np.minimum(self.depot[self.sets[at]].min(axis=0), NO_WAY)
        rough = 2 * float(np.minimum(self.between.min(axis=1), ways).sum() + ways.max())
        target = self.upper - self.opening[at] if isfinite(self.upper) else rough
        found = climb(
            self.between, ways, self.fixed, self.fewest, max(target, 0.0), steps, self.prices[at]
        )
        bound = self.opening[at] + found - SAFE * abs(found)
        self.bounds[at] = max(self.bounds[at], bound)


def _applies(data: RoutingData) -> bool:
    customers = slice(data.n_depots, data.n_places)
    groups = data.place["group"][customers]
    return bool(
        0 < data.n_places - data.n_depots <= MOST_CUSTOMERS
        and data.place["is_required"][groups].all()
        and len(np.unique(groups)) == len(groups)
        and not data.prize.any()
    )


def _least_ways(data: RoutingData) -> tuple[Any, Any, float]:
    """Between customers, between depots and customers ``(n_depots, n)``, and a trip's own cost."""
    depots = data.n_depots
    arcs = data.cost[:-1]
    ways = np.minimum(arcs, arcs.transpose(0, 2, 1))
    between = np.ascontiguousarray(np.minimum(ways[:, depots:, depots:].min(axis=0), NO_WAY))
    np.fill_diagonal(between, NO_WAY)
    may = data.may_station[:, :, None]
    depot = np.where(may, ways[:, :depots, depots:], FAR).min(axis=0)
    fixed = float((data.kind["fixed"] / data.kind["max_trips"]).min())
    return between, depot, fixed


def _fewest_trips(data: RoutingData) -> int:
    """That carry all there is, by the largest truck of each measure."""
    loads = data.load[data.n_depots :].sum(axis=0) / np.tile(data.capacity.max(axis=0), 2)
    stops = (data.n_places - data.n_depots) / float(data.kind["max_stops"].max())
    return max(1, int(np.ceil(max(loads.max(), stops) - 1e-6)))


def _sets(data: RoutingData, most: int) -> Any:
    """Sets of depots, one of which holds all that are open; shape ``(n_sets, n_depots)``."""
    if data.n_depots <= MOST_ENUMERATED and 2**data.n_depots <= most:
        sets = promising_sets(data, 2**data.n_depots)
        if sets:
            return np.array(sets)
    # Too many: all depots stand for every set, and their openings are left out.
    return np.ones((1, data.n_depots), dtype=bool)
