"""
Location without rounds: every trip has one stop, so a customer is a ride from its depot (HiGHS).

Sets: depots *d*, customers *i*. Variables: ``y_d`` whether a depot opens, ``x_di`` whether it
serves a customer. Minimise ``sum_d opening_d y_d + sum_di cost_di x_di`` such that

- ``sum_{d, i in g} x_di = 1`` for each group *g* (at most 1 where it need not be served),
- ``sum_i load_i x_di <= capacity_d y_d`` for each measure with a limit,
- ``x_di <= y_d``.

This is single-source capacitated location; branch and bound gives plan and bound together.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import sparse

from comarca.freight.routing.engine.data import FAR, RoutingData
from comarca.freight.routing.solver_clock import new_solver, run_within


def is_assignment(data: RoutingData) -> bool:
    """Whether every trip has one stop, and trucks are as many as wanted, a trip each."""
    kind = data.kind
    plenty = (kind["number"] >= data.n_places - data.n_depots).all()
    return bool((kind["max_stops"] == 1).all() and (kind["max_trips"] == 1).all() and plenty)


def ride_costs(data: RoutingData) -> tuple[Any, Any]:
    """
    Cost of serving each customer from each depot, and the type of truck that does it cheapest.

    Returns
    -------
    cost, kind
        Shape ``(n_depots, n_customers)``; inf where it cannot be.
    """
    depots, measures = data.n_depots, data.n_measures
    there, back = data.cost[:-1, :depots, depots:], data.cost[:-1, depots:, :depots]
    cost = there + back.transpose(0, 2, 1) + data.kind["fixed"][:, None, None]
    time = data.cost[-1, :depots, depots:] + data.cost[-1, depots:, :depots].T
    load = np.maximum(data.load[depots:, :measures], data.load[depots:, measures:])
    fits = (load[None] <= data.capacity[:, None, :]).all(axis=2)[:, None, :]
    on_time = time[None] <= data.kind["shift"][:, None, None]
    cost = np.where(fits & on_time & data.may_station[:, :, None] & (cost < FAR), cost, np.inf)
    kind = cost.argmin(axis=0)
    return cost.min(axis=0) - data.prize[depots:].T, kind


def solve_assignment(
    data: RoutingData,
    start: Any | None,
    *,
    seconds: float,
    wall_seconds: float,
    gap: float,
    nodes: int | None,
) -> tuple[Any | None, float]:
    """
    The depot of each customer, and the bound.

    Parameters
    ----------
    data
        The problem.
    start
        Depot of each customer to begin with, -1 where none serves it; or ``None``.
    seconds, wall_seconds, gap, nodes
        When to stop: CPU seconds, seconds by the clock, relative gap, branch-and-bound nodes.

    Returns
    -------
    depot, bound
        Shape ``(n_customers,)``, -1 for those left out; ``None`` where nothing was found.
    """
    cost, _ = ride_costs(data)
    rows, columns = np.nonzero(np.isfinite(cost))
    highs = _model(data, cost, rows, columns, integral=True)
    highs.setOptionValue("mip_rel_gap", gap)
    if nodes is not None:
        highs.setOptionValue("mip_max_nodes", nodes)
    if start is not None:
        _begin_with(highs, data, start, rows, columns)
    run_within(highs, seconds, wall_seconds)
    info = highs.getInfo()
    bound = float(info.mip_dual_bound)
    if info.primal_solution_status != 2:
        return None, bound
    chosen = np.array(highs.getSolution().col_value)[data.n_depots :] > 0.5
    depot = np.full(data.n_places - data.n_depots, -1, dtype=np.int64)
    depot[columns[chosen]] = rows[chosen]
    return depot, bound


HUGE = 1e20
LARGEST_BRANCHED = 20_000
"""Pairs of depot and customer up to which the bound is branched for; above, it is relaxed."""


def least_cost_of_assignment(
    data: RoutingData, cost: Any, seconds: float, wall_seconds: float
) -> float:
    """
    What serving each customer from one depot costs at least.

    Parameters
    ----------
    data
        The problem.
    cost
        Of serving a customer from a depot, shape ``(n_depots, n_customers)``; inf where it cannot.
    seconds, wall_seconds
        Limits; the bound that stands then is given.
    """
    rows, columns = np.nonzero(np.isfinite(cost))
    if not len(rows):
        return 0.0 if not data.place["is_required"].any() else -np.inf
    is_small = len(rows) <= LARGEST_BRANCHED
    highs = _model(data, cost, rows, columns, integral=is_small)
    run_within(highs, seconds, wall_seconds)
    if is_small:
        bound = float(highs.getInfo().mip_dual_bound)
        return bound if abs(bound) < HUGE else -np.inf
    is_solved = highs.modelStatusToString(highs.getModelStatus()) == "Optimal"
    return float(highs.getInfo().objective_function_value) if is_solved else -np.inf


def _model(data: RoutingData, cost: Any, rows: Any, columns: Any, *, integral: bool) -> Any:
    import highspy

    depots, n_rides = data.n_depots, len(rows)
    groups, at_group = np.unique(data.place["group"][data.n_depots :][columns], return_inverse=True)
    ride = np.arange(n_rides)
    serve = _matrix(np.ones(n_rides), at_group, depots + ride, (len(groups), depots + n_rides))
    parts, lower, upper = [serve], [], []
    required = data.place["is_required"][groups]
    lower.append(np.where(required, 1.0, -highspy.kHighsInf))
    upper.append(np.ones(len(groups)))
    for m in range(data.n_measures):
        limit = data.depot_capacity[:, m]
        limited = np.flatnonzero(np.isfinite(limit))
        position = np.full(depots, -1)
        position[limited] = np.arange(len(limited))
        inside = position[rows] >= 0
        load = data.load[depots:, m][columns[inside]]
        part = _matrix(
            np.concatenate([load, -limit[limited]]),
            np.concatenate([position[rows[inside]], np.arange(len(limited))]),
            np.concatenate([depots + ride[inside], limited]),
            (len(limited), depots + n_rides),
        )
        parts.append(part)
        lower.append(np.full(len(limited), -highspy.kHighsInf))
        upper.append(np.zeros(len(limited)))
    parts.append(
        _matrix(
            np.concatenate([np.ones(n_rides), -np.ones(n_rides)]),
            np.concatenate([ride, ride]),
            np.concatenate([depots + ride, rows]),
            (n_rides, depots + n_rides),
        )
    )
    lower.append(np.full(n_rides, -highspy.kHighsInf))
    upper.append(np.zeros(n_rides))
    matrix = sparse.vstack(parts).tocsc()
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = matrix.shape[1], matrix.shape[0]
    model.col_cost_ = np.concatenate([data.opening, cost[rows, columns]])
    model.col_lower_, model.col_upper_ = np.zeros(matrix.shape[1]), np.ones(matrix.shape[1])
    model.row_lower_, model.row_upper_ = np.concatenate(lower), np.concatenate(upper)
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_, model.a_matrix_.index_ = matrix.indptr, matrix.indices
    model.a_matrix_.value_ = matrix.data
    if integral:
        model.integrality_ = [highspy.HighsVarType.kInteger] * matrix.shape[1]
    highs = new_solver()
    highs.passModel(model)
    return highs


def _matrix(values: Any, rows: Any, columns: Any, shape: tuple[int, int]) -> Any:
    return sparse.csr_matrix((values, (rows, columns)), shape=shape)


def _begin_with(highs: Any, data: RoutingData, start: Any, rows: Any, columns: Any) -> None:
    import highspy

    solution = highspy.HighsSolution()
    opened = np.isin(np.arange(data.n_depots), start[start >= 0])
    solution.col_value = np.concatenate([opened, start[columns] == rows]).astype(float).tolist()
    highs.setSolution(solution)
