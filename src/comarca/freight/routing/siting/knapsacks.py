r"""
The bound of location without rounds, one knapsack for each site (Lagrangean relaxation).

Each group *g* is offered at a price :math:`\pi_g`. A site that opens takes those rides whose price
is above their cost, as many as fit, which is a knapsack; and sites open so that together they can
hold all who must be served, which is a knapsack too. Whatever the prices, with those of groups that
need not be served not above 0,

.. math::

   L(\pi) &= \sum_g \pi_g + \min_{y:\ \sum_d C_d y_d \ge Q} \sum_d v_d(\pi)\, y_d \\
   v_d(\pi) &= f_d - \max_{x:\ \sum_i w_i x_i \le C_d} \sum_i (\pi_{g(i)} - c_{di})\, x_i

is below the cost of every plan. Both knapsacks are exact, by dynamic programming over whole loads.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from comarca.compiled import compiled, compiled_in_place

FREE, OPEN, CLOSED = 0, 1, 2
"""What is decided of a site."""
GROUND, KEPT_DIRECTION, ROOM_ABOVE = 0.7, 0.6, 0.02
"""Factor of the step where nothing was gained; share of the last direction; gap while unknown."""
LEAST_STEP = 5e-3
KEPT_SHARE = 0.9


class Location(NamedTuple):
    """
    Sites and rides as the compiled loops read them.

    Parameters
    ----------
    cost
        Of a ride, shape ``(n_sites, n_customers)``; inf where there is none.
    opening
        Of each site.
    group, is_required
        Group of each customer, counted from 0, and whether a group must be served.
    load, capacity
        In each measure, shapes ``(n_customers, n_measures)`` and ``(n_sites, n_measures)``.
    weight, room, need
        The measure that fills the sites most, in whole numbers: load of each customer rounded down,
        capacity of each site, and what must be served at least.
    """

    cost: Any
    opening: Any
    group: Any
    is_required: Any
    load: Any
    capacity: Any
    weight: Any
    room: Any
    need: int


@compiled
def fill_sites(location: Any, cost: Any, fixed: Any, price: Any, worth: Any, takes: Any) -> Any:
    """What each site is worth if it opens (less is better), and the rides it takes then."""
    n_sites, n = cost.shape
    takes[:] = False
    table = np.empty((n + 1, location.room.max() + 1))
    items = np.empty(n, np.int64)
    gains = np.empty(n)
    for site in range(n_sites):
        worth[site] = 0.0
        if fixed[site] == CLOSED:
            continue
        room = location.room[site]
        count, weight, gain = 0, 0, 0.0
        for at in range(n):
            gains[count] = price[location.group[at]] - cost[site, at]
            if gains[count] > 0 and location.weight[at] <= room:
                items[count] = at
                weight += location.weight[at]
                gain += gains[count]
                count += 1
        if weight <= room:
            worth[site] = location.opening[site] - gain
            for j in range(count):
                takes[site, items[j]] = True
            continue
        _forward(location.weight, items, gains, count, room, table)
        worth[site] = location.opening[site] - table[count, room]
        left = room
        for j in range(count - 1, -1, -1):
            if table[j + 1, left] > table[j, left]:
                takes[site, items[j]] = True
                left -= location.weight[items[j]]


@compiled_in_place
def _forward(weight: Any, items: Any, gains: Any, count: Any, room: Any, table: Any) -> Any:
    """Row ``j``: greatest gain of the first ``j`` items within each room."""
    table[0, : room + 1] = 0.0
    for j in range(count):
        own, gain = min(weight[items[j]], room + 1), gains[j]
        for left in range(own):
            table[j + 1, left] = table[j, left]
        # Slices that begin at 0, and no call of max: so it compiles to vector instructions.
        without, others = table[j, own : room + 1], table[j, : room + 1 - own]
        most = table[j + 1, own : room + 1]
        for left in range(len(most)):
            with_it = others[left] + gain
            most[left] = with_it if with_it > without[left] else without[left]


@compiled
def open_sites(location: Any, fixed: Any, worth: Any, is_open: Any) -> Any:
    """The sites worth most that hold the need together; their sum, inf where none do."""
    n_sites = len(worth)
    table = cover_table(location, fixed, worth)
    left = location.need
    for site in range(n_sites - 1, -1, -1):
        is_open[site] = table[site + 1, left] < table[site, left] or fixed[site] == OPEN
        if is_open[site]:
            left = max(0, left - location.room[site])
    return table[n_sites, location.need]


@compiled
def cover_table(location: Any, fixed: Any, worth: Any) -> Any:
    """Row ``d``: least sum of the first ``d`` sites that hold at least so much."""
    n_sites, need = len(worth), location.need
    table = np.empty((n_sites + 1, need + 1))
    table[0] = np.inf
    table[0, 0] = 0.0
    for site in range(n_sites):
        _cover_step(location, fixed[site], worth[site], site, table[site], table[site + 1])
    return table


@compiled_in_place
def _cover_step(location: Any, decided: Any, worth: Any, site: Any, before: Any, after: Any) -> Any:
    if decided == CLOSED:
        for held in range(len(after)):
            after[held] = before[held]
        return
    enough = min(location.room[site], len(after))
    for held in range(enough):
        after[held] = before[0] + worth
    beyond, others = after[enough:], before[: len(after) - enough]
    for held in range(len(beyond)):
        beyond[held] = others[held] + worth
    if decided != OPEN:
        for held in range(len(after)):
            after[held] = before[held] if before[held] < after[held] else after[held]


@compiled
def ascend(
    location: Any,
    cost: Any,
    fixed: Any,
    price: Any,
    shares: Any,
    pace: Any,
    cutoff: Any,
    most: Any,
    patience: Any,
) -> Any:
    """
    Raise the bound by deflected subgradients with Polyak's step; leaves the best prices.

    ``shares`` becomes how often each site was open lately, ``pace[0]`` the step to go on with.
    Stops where ``cutoff`` is reached, or the step has become too small.
    """
    n_sites, n = cost.shape
    n_groups = len(price)
    worth, is_open = np.empty(n_sites), np.zeros(n_sites, np.bool_)
    takes = np.zeros((n_sites, n), np.bool_)
    slope, direction, now = np.empty(n_groups), np.zeros(n_groups), price.copy()
    best, step, idle = -np.inf, pace[0], 0
    for _ in range(most):
        fill_sites(location, cost, fixed, now, worth, takes)
        bound = now.sum() + open_sites(location, fixed, worth, is_open)
        idle = 0 if bound > best + 1e-5 * abs(best) else idle + 1
        if bound > best:
            best = bound
            price[:] = now
        if best >= cutoff or step < LEAST_STEP:
            break
        for site in range(n_sites):
            shares[site] = KEPT_SHARE * shares[site] + (1 - KEPT_SHARE) * is_open[site]
        if idle >= patience:
            step, idle = step * GROUND, 0
            now[:] = price
            direction[:] = 0.0
            continue
        slope[:] = 1.0
        for site in range(n_sites):
            if is_open[site]:
                for at in range(n):
                    if takes[site, at]:
                        slope[location.group[at]] -= 1.0
        length = 0.0
        for group in range(n_groups):
            if slope[group] > 0 and not location.is_required[group] and now[group] >= 0:
                slope[group] = 0.0
            direction[group] = (1 - KEPT_DIRECTION) * slope[group] + (
                KEPT_DIRECTION * direction[group]
            )
            length += direction[group] ** 2
        if length < 1e-12:
            break
        target = cutoff if np.isfinite(cutoff) else best + ROOM_ABOVE * abs(best) + 1e-9
        for group in range(n_groups):
            now[group] += step * (target - bound) / length * direction[group]
            if not location.is_required[group]:
                now[group] = min(now[group], 0.0)
    pace[0] = step
    return best


@compiled
def if_decided(location: Any, fixed: Any, worth: Any, opened: Any, closed: Any) -> Any:
    """Least sum of the sites' worths with each site open, or closed."""
    n_sites, need = len(worth), location.need
    first = cover_table(location, fixed, worth)
    last = np.empty((n_sites + 1, need + 1))
    last[n_sites] = np.inf
    last[n_sites, 0] = 0.0
    for site in range(n_sites - 1, -1, -1):
        _cover_step(location, fixed[site], worth[site], site, last[site + 1], last[site])
    for site in range(n_sites):
        opened[site] = closed[site] = np.inf
        left = max(0, need - location.room[site])
        if fixed[site] != OPEN:
            for held in range(need + 1):
                with_others = first[site, held] + last[site + 1, need - held]
                closed[site] = min(closed[site], with_others)
        if fixed[site] != CLOSED:
            for held in range(left + 1):
                with_others = first[site, held] + last[site + 1, left - held]
                opened[site] = min(opened[site], with_others + worth[site])


@compiled
def if_taken(location: Any, cost: Any, fixed: Any, price: Any, forced: Any) -> Any:
    """What a site is worth if it takes a certain ride, shape ``(n_sites, n_customers)``."""
    n_sites, n = cost.shape
    items, gains = np.empty(n, np.int64), np.empty(n)
    position = np.empty(n, np.int64)
    first = np.empty((n + 1, location.room.max() + 1))
    last = np.empty((n + 1, location.room.max() + 1))
    forced[:] = np.inf
    for site in range(n_sites):
        if fixed[site] == CLOSED:
            continue
        room, count = location.room[site], 0
        for at in range(n):
            position[at] = -1
            gains[count] = price[location.group[at]] - cost[site, at]
            if gains[count] > 0 and location.weight[at] <= room:
                items[count] = at
                position[at] = count
                count += 1
        _forward(location.weight, items, gains, count, room, first)
        _forward(location.weight, items[:count][::-1], gains[:count][::-1], count, room, last)
        for at in range(n):
            left = room - location.weight[at]
            if left < 0 or not np.isfinite(cost[site, at]):
                continue
            others, j = first[count, left], position[at]
            if j >= 0:
                others = -np.inf
                for part in range(left + 1):
                    both = first[j, part] + last[count - 1 - j, left - part]
                    others = max(others, both)
            own = price[location.group[at]] - cost[site, at]
            forced[site, at] = location.opening[site] - others - own
