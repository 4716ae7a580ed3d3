"""
The problem as the compiled loops read it: numbers and arrays, nothing that changes.

Places ``0 … n_depots - 1`` are the depots, the others customers. Service, loading and the cost of
time are folded into arcs: ``time[a, b]`` is the way from ``a`` to ``b``, the stop at ``b``, and the
loading where ``a`` is a depot.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from comarca.model.routing import RoutingProblem

FAR = 1e15
"""Cost of an arc where there is no way: finite, so that differences stay numbers."""
TOLERANCE = 1e-9
N_NEAR = 120


PLACE = np.dtype(
    [
        ("group", np.int64),
        ("next_alternative", np.int64),
        ("key", np.uint64),
        ("demand", np.float64),
        ("remoteness", np.float64),
        ("is_required", np.bool_),
    ],
    align=True,
)
KIND = np.dtype(
    [
        ("shift", np.float64),
        ("fixed", np.float64),
        ("number", np.int64),
        ("max_trips", np.int64),
        ("max_stops", np.int64),
    ]
)


class RoutingData(NamedTuple):
    """
    What a search reads.

    Parameters
    ----------
    n_depots, n_places, n_types, n_measures
        Counts.
    has_pickup, has_shift, scans_all
        What need not be looked at; whether every trip is looked at for an insertion.
    place
        By place: group, next of its group (they form a ring), random bits by which a set of
        customers is known again, share of a truck and distance from the depots for the order of
        insertion, and whether it must be served.
    kind
        By type of truck: shift, fixed cost, number, trips and stops.
    cost, cost_into
        Of an arc by type, and as the last its time, shape ``(n_types + 1, n_places, n_places)``;
        ``cost_into`` is ``[type, destination, origin]``.
    load
        Deliveries and pickups, shape ``(n_places, 2 * n_measures)``.
    capacity, may_station
        By type, and by type and depot.
    opening, depot_capacity
        By depot.
    mean_load
        Mean delivery of a customer, by measure; the unit of a depot's overload.
    prize
        Shape ``(n_places, n_depots)``; ``-inf`` where the depot may not serve.
    near
        Customers nearest to each place, nearest first, shape ``(n_places, n_near)``.
    """

    n_depots: int
    n_places: int
    n_types: int
    n_measures: int
    has_pickup: bool
    has_shift: bool
    scans_all: bool
    place: Any
    kind: Any
    cost: Any
    cost_into: Any
    load: Any
    capacity: Any
    may_station: Any
    opening: Any
    depot_capacity: Any
    mean_load: Any
    prize: Any
    near: Any


SCANS_ALL_UP_TO = 260
"""Customers up to which an insertion looks at every trip; above, at those that pass nearby."""
_KEYS_SEED = 20200723


def routing_data(problem: RoutingProblem) -> RoutingData:
    """Fold a problem into arrays."""
    depots, trucks = problem.n_depots, problem.vehicles
    cost = _arcs(problem)
    prize = np.zeros((depots + problem.n_customers, depots))
    if problem.prize is not None:
        prize[depots:] = problem.prize
    capacity = np.array([truck.capacity for truck in trucks], dtype=float)
    load = np.hstack([problem.delivery, problem.pickup]).astype(float)
    load = np.vstack([np.zeros((depots, load.shape[1])), load])
    return RoutingData(
        n_depots=depots,
        n_places=depots + problem.n_customers,
        n_types=len(trucks),
        n_measures=problem.n_measures,
        has_pickup=bool((problem.pickup > 0).any()),
        has_shift=any(np.isfinite(truck.shift) for truck in trucks),
        scans_all=problem.n_customers <= SCANS_ALL_UP_TO,
        place=_places(problem, cost[0], load, capacity),
        kind=_kinds(problem),
        cost=cost,
        cost_into=np.ascontiguousarray(cost.transpose(0, 2, 1)),
        load=load,
        capacity=_with_tolerance(capacity),
        may_station=np.array(
            [[t.depots is None or name in t.depots for name in problem.depot_ids] for t in trucks]
        ),
        opening=problem.opening_cost.astype(float),
        depot_capacity=_with_tolerance(problem.depot_capacity.astype(float)),
        mean_load=np.maximum(load[depots:, : problem.n_measures].mean(axis=0), 1e-12)
        if problem.n_customers
        else np.ones(problem.n_measures),
        prize=prize,
        near=_near(cost[0], depots),
    )


def _arcs(problem: RoutingProblem) -> Any:
    """Cost by type of truck, and time."""
    time = _time(problem)
    is_way = np.isfinite(time) & np.isfinite(problem.distance)
    time = np.where(is_way, time, FAR)
    distance = np.where(is_way, problem.distance, 0.0)
    costs = [
        np.where(
            is_way,
            truck.cost_per_distance * distance + truck.cost_per_time * np.where(is_way, time, 0.0),
            FAR,
        )
        for truck in problem.vehicles
    ]
    return np.stack([*costs, time])


def _places(problem: RoutingProblem, cost: Any, load: Any, capacity: Any) -> Any:
    depots, places = problem.n_depots, len(cost)
    group = np.arange(places)
    group[depots:] = depots + problem.groups()
    required = np.zeros(places, dtype=bool)
    np.logical_or.at(required, group[depots:], problem.is_required())
    place = np.zeros(places, PLACE)
    place["group"], place["next_alternative"] = group, _rings(group)
    place["key"] = np.random.default_rng(_KEYS_SEED).integers(1, 2**63, places, dtype=np.uint64)
    place["is_required"] = required[group]
    place["demand"] = _share_of_truck(load, capacity)
    place["remoteness"] = cost[:depots].min(axis=0) + cost[:, :depots].min(axis=1)
    return place


def _kinds(problem: RoutingProblem) -> Any:
    unlimited = problem.n_customers + 1
    kind = np.zeros(len(problem.vehicles), KIND)
    for at, truck in enumerate(problem.vehicles):
        kind[at]["shift"] = _with_tolerance(truck.shift)
        kind[at]["fixed"] = truck.fixed_cost
        kind[at]["number"] = unlimited if truck.number is None else truck.number
        kind[at]["max_trips"] = truck.max_trips
        kind[at]["max_stops"] = unlimited if truck.max_stops is None else truck.max_stops
    return kind


def _rings(group: Any) -> Any:
    """The next of each place's group, and the first after the last."""
    following = np.arange(len(group))
    for number in np.unique(group[np.bincount(group)[group] > 1]):
        members = np.flatnonzero(group == number)
        following[members] = np.roll(members, -1)
    return following


def _time(problem: RoutingProblem) -> Any:
    depots = problem.n_depots
    time = np.zeros_like(problem.distance) if problem.time is None else problem.time.astype(float)
    time = time.copy()
    if problem.service_time is not None:
        time[:, depots:] += problem.service_time
    if problem.loading_time is not None:
        time[:depots] += problem.loading_time[:, None]
    return time


def _with_tolerance(limits: Any) -> Any:
    return limits * (1 + TOLERANCE) + TOLERANCE


def _near(cost: Any, depots: int) -> Any:
    """Customers nearest to each place by the cheaper direction; ties by number."""
    both = np.minimum(cost, cost.T)[:, depots:].copy()
    customers = both.shape[1]
    both[np.arange(depots, depots + customers), np.arange(customers)] = np.inf
    n_near = max(1, min(customers - 1, N_NEAR)) if customers else 0
    return np.argsort(both, axis=1, kind="stable")[:, :n_near] + depots


def _share_of_truck(load: Any, capacity: Any) -> Any:
    measures = capacity.shape[1]
    larger = np.maximum(load[:, :measures], load[:, measures:])
    largest = capacity.max(axis=0)
    return (larger / np.where(largest > 0, largest, np.inf)).max(axis=1, initial=0.0)
