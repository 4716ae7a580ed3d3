"""
Rounds of one depot by PyVRP, another way to search, whose answer joins the others.

PyVRP counts in whole numbers. Distances are rounded to a hundred-thousandth of the longest way,
times and loads up and limits down where they are not whole, so that what it finds fits.
"""

from __future__ import annotations

import time
from typing import Any

import numpy as np

from comarca.freight.routing.engine.data import FAR, RoutingData

FINENESS = 1e5


def suits(data: RoutingData) -> bool:
    """Whether a problem is rounds of one depot, one type of truck and customers all required."""
    return bool(
        data.n_depots == 1
        and data.n_types == 1
        and data.n_places - data.n_depots >= FEWEST
        and data.place["is_required"].all(where=np.arange(data.n_places) >= 1)
        and (np.bincount(data.place["group"]) <= 1).all()
        and data.kind["max_trips"][0] == 1
        and data.kind["max_stops"][0] >= data.n_places
        and not np.isfinite(data.depot_capacity).any()
        and not data.prize.any()
        and data.cost[0].max() < FAR
    )


FEWEST = 20


class _Budget:
    """Stops after so many CPU seconds of the thread, or iterations."""

    def __init__(self, seconds: float, iterations: float, deadline: float) -> None:
        self.end, self.left = time.thread_time() + seconds, iterations
        self.deadline = deadline

    def __call__(self, best_cost: float) -> bool:
        self.left -= 1
        late = time.monotonic() > self.deadline
        return self.left < 0 or time.thread_time() > self.end or late


def genetic_rounds(
    data: RoutingData, seconds: float, iterations: float, wall_seconds: float, seed: int
) -> list[Any] | None:
    """Stops of each trip, or ``None`` where PyVRP finds nothing that fits."""
    import pyvrp

    budget = _Budget(seconds, iterations, time.monotonic() + wall_seconds)
    result = pyvrp.solve(_instance(data), budget, seed=seed, collect_stats=False, display=False)
    if not result.is_feasible():
        return None
    return [
        np.array([data.n_depots + stop.idx for stop in route.schedule() if stop.is_client()])
        for route in result.best.routes()
        if route.num_clients()
    ]


def _instance(data: RoutingData) -> Any:
    import pyvrp

    scale = FINENESS / float(data.cost[0].max())
    cost = np.round(data.cost[0] * scale).astype(np.int64)
    has_shift = data.has_shift
    clock = float(data.cost[-1].max())
    tick = FINENESS / clock if has_shift and clock > 0 else 1.0
    times = np.ceil(data.cost[-1] * tick).astype(np.int64) if has_shift else cost * 0
    load, capacity = _whole_loads(data)
    n_measures = data.n_measures
    clients = [
        pyvrp.Client(location=at, delivery=row[:n_measures], pickup=row[n_measures:])
        for at, row in enumerate(load[1:].tolist(), start=1)
    ]
    customers = data.n_places - 1
    limits: dict[str, Any] = {}
    if has_shift:
        limits["shift_duration"] = int(data.kind["shift"][0] * tick)
    truck = pyvrp.VehicleType(
        num_available=int(min(data.kind["number"][0], customers)),
        capacity=capacity,
        fixed_cost=round(float(data.kind["fixed"][0]) * scale),
        **limits,
    )
    places = [pyvrp.Location(0, 0) for _ in range(data.n_places)]
    np.fill_diagonal(cost, 0)
    np.fill_diagonal(times, 0)
    return pyvrp.ProblemData(places, clients, [pyvrp.Depot(0)], [truck], [cost], [times])


def _whole_loads(data: RoutingData) -> tuple[Any, list[int]]:
    limit = np.where(np.isfinite(data.capacity[0]), data.capacity[0], data.load.sum())
    if np.allclose(data.load, np.round(data.load), atol=1e-9):
        return np.round(data.load).astype(np.int64), np.floor(limit).astype(int).tolist()
    unit = np.tile(limit, 2) / FINENESS
    load = np.ceil(data.load / unit - 1e-9).astype(np.int64)
    return load, [int(FINENESS)] * data.n_measures
