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
NOWHERE = NOBODY = -1


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
        other = its = np.int64(NOBODY)
        may_exchange = to != NOWHERE and came != NOWHERE and to != came and count[to] > 0
        if may_exchange and random.random() < EXCHANGED:
            other = inside[to, int(random.random() * count[to])]
            its = customer[other]
            if not location.cost[came, its] < np.inf:
                continue
        if to == came and goes == was:
            continue
        change = _change_of_cost(location, count, came, was, to, goes, its)
        if came == to:
            more = _more_beyond(location, used, scale, came, was, goes)
        else:
            more = _more_beyond(location, used, scale, came, was, its)
            more += _more_beyond(location, used, scale, to, its, goes)
        absentees = 0
        if location.is_required[group]:
            absentees = (1 if to == NOWHERE else 0) - (1 if came == NOWHERE else 0)
        total = change + weight * more + absent * absentees
        if total <= 0 or random.random() < exp(-total / heat):
            _leave(location, used, count, inside, rank, site, customer, group)
            if other != NOBODY:
                _leave(location, used, count, inside, rank, site, customer, other)
                _join(location, used, count, inside, rank, site, customer, other, its, came)
            _join(location, used, count, inside, rank, site, customer, group, goes, to)
            now += change
            over += more
            missing += absentees
            if missing == 0 and now < best - 1e-9 and over < 1e-6 and _fits(location, used):
                best = now
                best_site[:] = site
                best_customer[:] = customer
    return best


@compiled_in_place
def _change_of_cost(
    location: Any, count: Any, came: Any, was: Any, to: Any, goes: Any, its: Any
) -> Any:
    """When a group goes, and where there is an exchange another comes where it was."""
    change = 0.0
    if came != NOWHERE:
        change -= location.cost[came, was]
    if to != NOWHERE:
        change += location.cost[to, goes]
    if its != NOBODY:
        return change + location.cost[came, its] - location.cost[to, its]
    if came != to and came != NOWHERE and count[came] == 1:
        change -= location.opening[came]
    if came != to and to != NOWHERE and count[to] == 0:
        change += location.opening[to]
    return change


@compiled_in_place
def _more_beyond(location: Any, used: Any, scale: Any, site: Any, goes: Any, comes: Any) -> Any:
    """How much more a site is overloaded when one customer goes and another comes."""
    more = 0.0
    if site == NOWHERE:
        return more
    for m in range(used.shape[1]):
        beyond = used[site, m] - location.capacity[site, m]
        later = beyond
        if goes != NOBODY:
            later -= location.load[goes, m]
        if comes != NOBODY:
            later += location.load[comes, m]
        more += (max(0.0, later) - max(0.0, beyond)) / scale[m]
    return more


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
    """A group leaves its site."""
    at = site[group]
    if at == NOWHERE:
        return
    for m in range(used.shape[1]):
        used[at, m] -= location.load[customer[group], m]
    count[at] -= 1
    last = inside[at, count[at]]
    inside[at, rank[group]], rank[last] = last, rank[group]
    site[group] = NOWHERE


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
    """A group joins a site with one of its customers."""
    customer[group] = goes
    if to == NOWHERE:
        return
    for m in range(used.shape[1]):
        used[to, m] += location.load[goes, m]
    site[group] = to
    inside[to, count[to]], rank[group] = group, count[to]
    count[to] += 1


@compiled_in_place
def _beyond(location: Any, used: Any, scale: Any, site: Any) -> Any:
    over = 0.0
    for m in range(used.shape[1]):
        over += max(0.0, used[site, m] - location.capacity[site, m]) / scale[m]
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
