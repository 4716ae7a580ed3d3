"""
Which depots may open together, and which of these sets look cheap before any round is made.

A customer's share of a truck, ``q / Q``, must come from an open depot and go back: that share of
the way there and back and of a truck's fixed cost. That, with the openings and net of prizes where
customers need not be served, ranks the sets.
"""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np

from comarca.freight.routing.engine.data import RoutingData

MOST_ENUMERATED = 12
"""Depots up to which all sets are looked at."""


def promising_sets(data: RoutingData, most: int) -> list[Any]:
    """
    Sets of depots that can hold the demand, cheapest by estimate first.

    Parameters
    ----------
    data
        The problem.
    most
        How many at most.

    Returns
    -------
    list
        Masks, shape ``(n_depots,)``. All depots together where nothing can be saved by closing one.
    """
    costly = np.flatnonzero(data.opening > 0)
    if not len(costly):
        return [np.ones(data.n_depots, dtype=bool)]
    if data.n_depots <= MOST_ENUMERATED:
        masks = _all_sets(data.n_depots, costly)
    else:
        masks = _sets_by_moves(data, costly, most)
    masks = masks[_can_hold(data, masks)]
    order = np.argsort(_estimates(data, masks), kind="stable")
    return [masks[at] for at in order[:most]]


def _all_sets(n_depots: int, costly: Any) -> Any:
    free = np.ones(n_depots, dtype=bool)
    free[costly] = False
    masks = [
        free | np.isin(np.arange(n_depots), chosen)
        for size in range(len(costly) + 1)
        for chosen in combinations(costly.tolist(), size)
    ]
    return np.array([mask for mask in masks if mask.any()])


def _can_hold(data: RoutingData, masks: Any) -> Any:
    """Whether the depots of a set can deliver all that must be delivered."""
    needed = required_delivery(data)
    capacity = np.where(np.isfinite(data.depot_capacity), data.depot_capacity, 1e300)
    return ((masks @ capacity) >= needed).all(axis=1)


def required_delivery(data: RoutingData) -> Any:
    """Least that is delivered whichever alternative is served, shape ``(n_measures,)``."""
    least: dict[int, Any] = {}
    for place in np.flatnonzero(data.place["is_required"]):
        if place >= data.n_depots:
            group = int(data.place["group"][place])
            load = data.load[place, : data.n_measures]
            least[group] = np.minimum(least[group], load) if group in least else load
    return sum(least.values(), np.zeros(data.n_measures))


def _estimates(data: RoutingData, masks: Any) -> Any:
    """Openings and radial cost of each set, net of the prizes of those worth serving."""
    serving = _serving_costs(data)
    group = data.place["group"][data.n_depots :]
    required = data.place["is_required"]
    totals = masks @ data.opening
    for at, mask in enumerate(masks):
        by_group = np.full(data.n_places, np.inf)
        np.minimum.at(by_group, group, serving[mask].min(axis=0))
        is_counted = np.isfinite(by_group) & (required | (by_group < 0))
        totals[at] += by_group[is_counted].sum()
    return totals


def _serving_costs(data: RoutingData) -> Any:
    """A customer's share of a truck times the way there and back, less its prize."""
    depots = data.n_depots
    there = data.cost[:-1, :depots, depots:]
    back = data.cost[:-1, depots:, :depots].transpose(0, 2, 1)
    ways = there + back + data.kind["fixed"][:, None, None]
    ways = np.where(data.may_station[:, :, None], ways, 1e15).min(axis=0)
    prize = data.prize[depots:].T
    return data.place["demand"][depots:] * ways - np.where(np.isfinite(prize), prize, -1e15)


def _sets_by_moves(data: RoutingData, costly: Any, most: int) -> Any:
    """Sets met by adding, dropping and swapping from the best, each step to the best neighbour."""
    free = data.opening <= 0
    now = free.copy()
    seen: dict[bytes, tuple[float, Any]] = {}
    while not (now.any() and _can_hold(data, now[None])[0]):
        closed = costly[~now[costly]]
        if not len(closed):
            break
        grown = np.array([_flipped(now, int(depot)) for depot in closed])
        now = grown[np.argmin(_estimates(data, grown) - 1e6 * _can_hold(data, grown))]
    for _ in range(3 * data.n_depots):
        around = _neighbours(now, costly)
        around = around[around.any(axis=1)]
        around = around[_can_hold(data, around)]
        fresh = [mask for mask in around if mask.tobytes() not in seen]
        if not fresh:
            break
        costs = _estimates(data, np.array(fresh))
        for cost, mask in zip(costs, fresh, strict=True):
            seen[mask.tobytes()] = (float(cost), mask)
        now = fresh[int(np.argmin(costs))]
    ranked = sorted(seen.values(), key=lambda pair: pair[0])[: 4 * most]
    masks = [mask for _, mask in ranked] or [np.ones(data.n_depots, dtype=bool)]
    return np.array(masks)


def _flipped(mask: Any, *depots: int) -> Any:
    mask = mask.copy()
    mask[list(depots)] ^= True
    return mask


def _neighbours(mask: Any, costly: Any) -> Any:
    opened, closed = costly[mask[costly]], costly[~mask[costly]]
    near = [_flipped(mask, int(depot)) for depot in costly]
    near += [_flipped(mask, int(old), int(new)) for old in opened for new in closed]
    return np.array([mask, *near])
