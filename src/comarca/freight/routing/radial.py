r"""
A quick bound for any size: location with the radial cost of each customer (HiGHS).

A trip from depot *d* that carries at most :math:`Q_k` costs no less than the way to any of its
stops and back, hence no less than their mean weighted by load, hence no less than the sum over its
stops of

.. math:: \frac{q_i}{Q_k}\,(\bar c_k(d, i) + \bar c_k(i, d) + F_k / n_k)

with :math:`\bar c` the cheapest way over whatever places, so that no triangle inequality is
needed, and :math:`F_k / n_k` a trip's least share of the truck's fixed cost. With these as costs
of serving, the depots' openings and capacities exact and each customer served by one depot,
location bounds location-routing.
"""

from __future__ import annotations

from math import inf
from typing import Any

import numpy as np
from scipy.sparse.csgraph import dijkstra

from comarca.freight.routing.assignment import least_cost_of_assignment
from comarca.freight.routing.engine.data import FAR, RoutingData


def radial_bound(data: RoutingData, seconds: float, wall_seconds: float) -> float:
    """
    Bound of location with radial costs.

    Parameters
    ----------
    data
        The problem.
    seconds, wall_seconds
        Limits of branch and bound; what is proven by then counts.

    Returns
    -------
    float
        -inf where nothing was proven.
    """
    customers = slice(data.n_depots, data.n_places)
    cost = np.full((data.n_depots, data.n_places - data.n_depots), inf)
    column = _fullest(data)
    for kind in range(data.n_types):
        capacity = data.capacity[kind, column % data.n_measures]
        share = data.load[customers, column] / capacity
        fixed = data.kind["fixed"][kind] / data.kind["max_trips"][kind]
        ways = _there_and_back(data, kind)
        radial = share[None, :] * np.where(ways < FAR, ways + fixed, 0.0)
        radial[(ways >= FAR) | ~data.may_station[kind][:, None]] = inf
        cost = np.minimum(cost, radial)
    # Sums of loads and costs drift; a millionth of a millionth is given away.
    net = cost * (1 - 1e-12) - data.prize[customers].T
    return max(_apart(data, net), least_cost_of_assignment(data, net, seconds, wall_seconds))


def _apart(data: RoutingData, net: Any) -> float:
    """Each group served where it is cheapest, by itself, in depots that cost nothing."""
    least = np.full(data.n_places, inf)
    np.minimum.at(least, data.place["group"][data.n_depots :], net.min(axis=0))
    groups = np.unique(data.place["group"][data.n_depots :])
    required = data.place["is_required"][groups]
    return float(least[groups[required]].sum() + np.minimum(least[groups[~required]], 0.0).sum())


def _fullest(data: RoutingData) -> int:
    """The measure, of deliveries or pickups, that fills most trucks; never the larger by stop."""
    largest = np.tile(data.capacity.max(axis=0), 2)
    return int(np.argmax(data.load.sum(axis=0) / largest))


def _there_and_back(data: RoutingData, kind: int) -> Any:
    """Cheapest way from each depot to each customer and back, shape (n_depots, n_customers)."""
    depots = np.arange(data.n_depots)
    arcs = np.where(data.cost[kind] < FAR, data.cost[kind], inf)
    ways = []
    for graph in (arcs, arcs.T):
        # A dense graph has no arcs of 0: the least positive number stands for them.
        positive = np.maximum(graph, np.finfo(float).tiny)
        ways.append(dijkstra(positive, indices=depots)[:, data.n_depots :])
    total = ways[0] + ways[1]
    return np.where(np.isfinite(total), total, FAR)
