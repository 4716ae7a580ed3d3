"""
Customers moved between open sites, alone or in exchange for another: simulated annealing.

What a site holds beyond its capacity costs a price that rises while any is overloaded and falls
while none is; only plans within all capacities count.
"""

from __future__ import annotations

from math import exp
from typing import Any

import numpy as np

from comarca.compiled import compiled, compiled_in_place

NEAR_SITES = 12
HOT, COLD = 0.3, 0.05
"""Heat at first and in the end, in mean regrets of having the second best site."""
DEARER, STEPS_AT_ONCE, EXCHANGED = 1.05, 1_000, 0.8
NOWHERE = -1


@compiled
def anneal_places(
    location: Any,
    is_open: Any,
    site: Any,
    customer: Any,
    best_site: Any,
    best_customer: Any,
    random: Any,
    steps: Any,
) -> Any:
    """
    Improve who serves whom; returns the least cost within all capacities, inf where none was met.

    ``site`` and ``customer`` of each group are where it begins, site -1 where it is not served;
    those of the best plan are left in ``best_site`` and ``best_customer``.
    """
    n_sites = location.cost.shape[0]
    n_groups, n_measures = len(site), location.load.shape[1]
    near, n_near, regret = _nearest(location, is_open)
    members, begin = _members(location.group, n_groups)
    used, count = np.zeros((n_sites, n_measures)), np.zeros(n_sites, np.int64)
    inside, rank = np.empty((n_sites, n_groups), np.int64), np.zeros(n_groups, np.int64)
    scale = np.empty(n_measures)
    for m in range(n_measures):
        scale[m] = max(location.load[:, m].mean(), 1e-12)
    now, over, missing = 0.0, 0.0, 0
    for group in range(n_groups):
        if site[group] == NOWHERE:
            missing += location.is_required[group]
            continue
        to = site[group]
        now += location.cost[to, customer[group]]
        if count[to] == 0:
            now += location.opening[to]
        inside[to, count[to]], rank[group] = group, count[to]
        count[to] += 1
        for m in range(n_measures):
            used[to, m] += location.load[customer[group], m]
    for d in range(n_sites):
        over += _beyond(location, used, scale, d)
    best, weight = np.inf, 2.0 * regret
    absent = 50.0 * regret + location.opening.max()
    if over <= 0 and missing == 0:
        best = now
        best_site[:] = site
        best_customer[:] = customer
    for at in range(steps):
        heat = regret * HOT * (COLD / HOT) ** (at / steps)
        if at % STEPS_AT_ONCE == 0:
            weight = (
                min(weight * DEARER, 1e4 * regret)
                if over > 1e-9
                else max(weight / DEARER, 0.1 * regret)
            )
        group = int(random.random() * n_groups)
        came, was = site[group], customer[group]
        size = begin[group + 1] - begin[group]
        goes = (
            members[begin[group] + int(random.random() * size)]
            if size > 1
            else members[begin[group]]
        )
        if n_near[goes] == 0:
            continue
        to = near[goes, int(random.random() * n_near[goes])]
        if came != NOWHERE and not location.is_required[group] and random.random() < 0.1:
            to = np.int64(NOWHERE)
        other = np.int64(-1)
        may_exchange = to != NOWHERE and came != NOWHERE and to != came and count[to] > 0
        if may_exchange and random.random() < EXCHANGED:
            other = inside[to, int(random.random() * count[to])]
            if not location.cost[came, customer[other]] < np.inf:
                continue
        if to == came and goes == was:
            continue
        # Changes are made, weighed and, where refused, made back.
        before = _beyond_two(location, used, scale, came, to)
        change = _leave(location, used, count, inside, rank, site, customer, group)
        if other >= 0:
            its = customer[other]
            change += _leave(location, used, count, inside, rank, site, customer, other)
            change += _join(location, used, count, inside, rank, site, customer, other, its, came)
        change += _join(location, used, count, inside, rank, site, customer, group, goes, to)
        more = _beyond_two(location, used, scale, came, to) - before
        absentees = 0
        if location.is_required[group]:
            absentees = (1 if to == NOWHERE else 0) - (1 if came == NOWHERE else 0)
        total = change + weight * more + absent * absentees
        if total <= 0 or random.random() < exp(-total / heat):
            now += change
            over += more
            missing += absentees
            if missing == 0 and now < best - 1e-9 and over < 1e-6 and _fits(location, used):
                best = now
                best_site[:] = site
                best_customer[:] = customer
        else:
            _leave(location, used, count, inside, rank, site, customer, group)
            if other >= 0:
                its = customer[other]
                _leave(location, used, count, inside, rank, site, customer, other)
                _join(location, used, count, inside, rank, site, customer, other, its, to)
            _join(location, used, count, inside, rank, site, customer, group, was, came)
    return best


@compiled_in_place
def _leave(
    location: Any,
    used: Any,
    count: Any,
    inside: Any,
    rank: Any,
    site: Any,
    customer: Any,
    group: Any,
) -> Any:
    """Change of cost when a group leaves its site."""
    at = site[group]
    if at == NOWHERE:
        return 0.0
    for m in range(used.shape[1]):
        used[at, m] -= location.load[customer[group], m]
    count[at] -= 1
    last = inside[at, count[at]]
    inside[at, rank[group]], rank[last] = last, rank[group]
    site[group] = NOWHERE
    saved = location.cost[at, customer[group]]
    return -(saved + location.opening[at]) if count[at] == 0 else -saved


@compiled_in_place
def _join(
    location: Any,
    used: Any,
    count: Any,
    inside: Any,
    rank: Any,
    site: Any,
    customer: Any,
    group: Any,
    goes: Any,
    to: Any,
) -> Any:
    """Change of cost when a group joins a site with one of its customers."""
    customer[group] = goes
    if to == NOWHERE:
        return 0.0
    for m in range(used.shape[1]):
        used[to, m] += location.load[goes, m]
    site[group] = to
    inside[to, count[to]], rank[group] = group, count[to]
    count[to] += 1
    added = location.cost[to, goes]
    return added + location.opening[to] if count[to] == 1 else added


@compiled_in_place
def _beyond(location: Any, used: Any, scale: Any, site: Any) -> Any:
    over = 0.0
    for m in range(used.shape[1]):
        over += max(0.0, used[site, m] - location.capacity[site, m]) / scale[m]
    return over


@compiled_in_place
def _beyond_two(location: Any, used: Any, scale: Any, one: Any, two: Any) -> Any:
    over = 0.0
    if one != NOWHERE:
        over += _beyond(location, used, scale, one)
    if two != NOWHERE and two != one:
        over += _beyond(location, used, scale, two)
    return over


@compiled_in_place
def _fits(location: Any, used: Any) -> Any:
    for site in range(used.shape[0]):
        for m in range(used.shape[1]):
            if used[site, m] > location.capacity[site, m]:
                return False
    return True


@compiled
def _nearest(location: Any, is_open: Any) -> Any:
    """Cheapest open sites of each customer, how many, and the mean regret of the second."""
    n = location.cost.shape[1]
    near, n_near = np.zeros((n, NEAR_SITES), np.int64), np.zeros(n, np.int64)
    regret, counted = 0.0, 0
    for at in range(n):
        order = np.argsort(location.cost[:, at], kind="mergesort")
        for site in order:
            if is_open[site] and location.cost[site, at] < np.inf and n_near[at] < NEAR_SITES:
                near[at, n_near[at]] = site
                n_near[at] += 1
        if n_near[at] > 1:
            regret += location.cost[near[at, 1], at] - location.cost[near[at, 0], at]
            counted += 1
    return near, n_near, max(regret / max(counted, 1), 1e-9)


@compiled
def _members(group: Any, n_groups: Any) -> Any:
    """Customers by group, and where each group begins among them."""
    begin = np.zeros(n_groups + 1, np.int64)
    for at in range(len(group)):
        begin[group[at] + 1] += 1
    begin = np.cumsum(begin)
    return np.argsort(group, kind="mergesort"), begin
