"""
The cheapest choice among all trips seen, with openings and depot capacities exact (HiGHS).

Sets: trips ``r`` seen, each of depot ``d(r)`` and type ``k(r)`` with the customers ``C(r)``; groups
``g`` of alternatives. Variables: ``x_r`` whether trip ``r`` is made, ``y_d`` whether depot ``d``
opens. Minimise ``sum_d opening_d y_d + sum_r cost_r x_r`` such that

- ``sum_{r: C(r) meets g} x_r = 1`` (at most 1 where ``g`` need not be served),
- ``sum_{r: d(r) = d} load_r x_r <= capacity_d y_d`` for each measure with a limit,
- ``sum_{r: d(r) = d, C(r) meets g} x_r <= y_d`` for each ``d`` and ``g``,
- ``sum_{r: k(r) = k} x_r <= number_k``.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse

from comarca.freight.routing.engine.data import RoutingData
from comarca.freight.routing.engine.pool import Pool
from comarca.freight.routing.solver_clock import new_solver, run_within

INF = 1e30


@dataclass(frozen=True, eq=False)
class Trips:
    """
    Trips as columns.

    Parameters
    ----------
    cost
        Net of prizes, with the truck's fixed cost, shape ``(n_trips,)``.
    depot, kind
        Shape ``(n_trips,)``.
    visits
        Places visited, sparse, shape ``(n_places, n_trips)``.
    stops
        Of each trip in order.
    """

    cost: Any
    depot: Any
    kind: Any
    visits: Any
    stops: list[Any]

    def sizes(self) -> Any:
        """Stops of each trip."""
        return np.array([len(trip) for trip in self.stops])

    def some(self, chosen: Any) -> Trips:
        """The trips at these positions."""
        return Trips(
            self.cost[chosen],
            self.depot[chosen],
            self.kind[chosen],
            self.visits[:, chosen],
            [self.stops[at] for at in chosen],
        )


def seen_trips(data: RoutingData, pools: list[Pool]) -> Trips:
    """All trips of the pools as columns, each set of customers once."""
    cost: list[Any] = []
    depot: list[Any] = []
    kind: list[Any] = []
    stops: list[Any] = []
    keys: list[Any] = []
    for pool in pools:
        count = int(pool.count[0])
        cost.append(pool.cost[:count] + data.kind["fixed"][pool.kind[:count]])
        depot.append(pool.depot[:count])
        kind.append(pool.kind[:count])
        keys.append(pool.keys[:count])
        ends = pool.begin[:count] + pool.size[:count]
        stops += [pool.stops[b:e] for b, e in zip(pool.begin[:count], ends, strict=True)]
    costs, all_keys = np.concatenate(cost), np.concatenate(keys)
    order = np.lexsort((costs, all_keys))
    is_first = np.concatenate([[True], np.diff(all_keys[order].astype(np.uint64)) != 0])
    chosen = np.sort(order[is_first]) if len(order) else order
    return _columns(
        data,
        costs[chosen],
        np.concatenate(depot)[chosen],
        np.concatenate(kind)[chosen],
        [stops[at] for at in chosen],
    )


def _columns(data: RoutingData, cost: Any, depot: Any, kind: Any, stops: list[Any]) -> Trips:
    sizes = np.array([len(trip) for trip in stops], dtype=np.int64)
    rows = np.concatenate(stops) if stops else np.zeros(0, dtype=np.int64)
    begin = np.concatenate([[0], np.cumsum(sizes)])
    shape = (data.n_places, len(stops))
    visits = sparse.csc_matrix((np.ones(len(rows)), rows, begin), shape=shape)
    return Trips(cost, depot, kind, visits, stops)


def choose_trips(
    data: RoutingData,
    trips: Trips,
    *,
    upper: float,
    most: int,
    seconds: float,
    wall_seconds: float,
    nodes: int,
) -> list[int] | None:
    """
    The cheapest choice, where it beats ``upper``.

    Parameters
    ----------
    data, trips
        The problem and the trips to choose among.
    upper
        Cost to beat.
    most
        Columns that go into the integer choice: those of least reduced cost.
    seconds, wall_seconds, nodes
        Limits: CPU seconds, seconds by the clock, branch-and-bound nodes.

    Returns
    -------
    list of int or None
        Positions of the trips chosen; ``None`` where nothing cheaper was found.
    """
    if not len(trips.cost):
        return None
    deadline = time.thread_time() + seconds
    relaxed = _relax_by_columns(data, trips, deadline, wall_seconds)
    if relaxed is None:
        return None
    value, reduced = relaxed
    could_help = np.flatnonzero(reduced <= upper - value + 1e-6)
    if len(could_help) > most:
        could_help = could_help[np.argsort(reduced[could_help], kind="stable")[:most]]
    could_help = np.sort(could_help)
    some = trips.some(could_help)
    left = deadline - time.thread_time()
    solution = _solve(_model(data, some, integral=True), upper, left, wall_seconds, nodes)
    if solution is None:
        return None
    chosen = np.flatnonzero(solution[data.n_depots :] > 0.5)
    return [int(could_help[at]) for at in chosen]


FIRST_COLUMNS = 3_000
MOST_ROUNDS = 25


def _relax_by_columns(data: RoutingData, trips: Trips, deadline: float, wall: float) -> Any:
    """Value of the linear relaxation and reduced costs of all trips, a few columns at a time."""
    per_stop = trips.cost / np.maximum(np.asarray(trips.visits.sum(axis=0)).ravel(), 1)
    inside = np.sort(np.argsort(per_stop, kind="stable")[:FIRST_COLUMNS])
    inside = np.union1d(inside, np.arange(max(0, len(trips.cost) - FIRST_COLUMNS), len(trips.cost)))
    for _ in range(MOST_ROUNDS):
        highs = _model(data, trips.some(inside), integral=False)
        run_within(highs, deadline - time.thread_time(), wall)
        if highs.modelStatusToString(highs.getModelStatus()) != "Optimal":
            return None
        duals = np.array(highs.getSolution().row_dual)
        value = highs.getInfo().objective_function_value
        reduced = trips.cost - _priced(data, trips, duals)
        outside = np.ones(len(reduced), dtype=bool)
        outside[inside] = False
        better = np.flatnonzero(outside & (reduced < -1e-6))
        if not len(better):
            return value, reduced
        better = better[np.argsort(reduced[better], kind="stable")[:FIRST_COLUMNS]]
        inside = np.union1d(inside, better)
    return None


def _rows(data: RoutingData, trips: Trips) -> tuple[Any, Any, Any, Any]:
    """Rows over trips, over openings, and their limits; one order for model and prices."""
    groups = np.unique(data.place["group"][data.n_depots :])
    merge = sparse.csr_matrix(
        (np.ones(data.n_places), (data.place["group"], np.arange(data.n_places))),
        shape=(data.n_places, data.n_places),
    )
    covers = (merge @ trips.visits)[groups]
    n_trips, n_depots = len(trips.cost), data.n_depots
    of_depot = sparse.csr_matrix(
        (np.ones(n_trips), (trips.depot, np.arange(n_trips))), shape=(n_depots, n_trips)
    )
    of_kind = sparse.csr_matrix(
        (np.ones(n_trips), (trips.kind, np.arange(n_trips))), shape=(data.n_types, n_trips)
    )
    parts, opens, lower, upper = [covers], [sparse.csr_matrix((len(groups), n_depots))], [], []
    lower.append(np.where(data.place["is_required"][groups], 1.0, -INF))
    upper.append(np.ones(len(groups)))
    loads = trips.visits.T @ data.load[:, : data.n_measures]
    for m in range(data.n_measures):
        limited = np.flatnonzero(np.isfinite(data.depot_capacity[:, m]))
        parts.append(of_depot[limited] @ sparse.diags(loads[:, m]))
        opens.append(
            sparse.csr_matrix(
                (-data.depot_capacity[limited, m], (np.arange(len(limited)), limited)),
                shape=(len(limited), n_depots),
            )
        )
        lower.append(np.full(len(limited), -INF))
        upper.append(np.zeros(len(limited)))
    for depot in np.flatnonzero(data.opening > 0):
        parts.append(covers @ sparse.diags((trips.depot == depot).astype(float)))
        opens.append(
            sparse.csr_matrix(
                (-np.ones(len(groups)), (np.arange(len(groups)), np.full(len(groups), depot))),
                shape=(len(groups), n_depots),
            )
        )
        lower.append(np.full(len(groups), -INF))
        upper.append(np.zeros(len(groups)))
    parts.append(of_kind)
    opens.append(sparse.csr_matrix((data.n_types, n_depots)))
    lower.append(np.full(data.n_types, -INF))
    upper.append(data.kind["number"].astype(float))
    return (
        sparse.vstack(parts).tocsr(),
        sparse.vstack(opens).tocsr(),
        np.concatenate(lower),
        np.concatenate(upper),
    )


def _priced(data: RoutingData, trips: Trips, duals: Any) -> Any:
    over_trips, _, _, _ = _rows(data, trips)
    return over_trips.T @ duals


def _model(data: RoutingData, trips: Trips, *, integral: bool) -> Any:
    import highspy

    over_trips, over_openings, lower, upper = _rows(data, trips)
    matrix = sparse.hstack([over_openings, over_trips]).tocsc()
    n_columns = matrix.shape[1]
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = n_columns, matrix.shape[0]
    model.col_cost_ = np.concatenate([data.opening, trips.cost])
    model.col_lower_ = np.zeros(n_columns)
    model.col_upper_ = np.ones(n_columns)
    model.row_lower_, model.row_upper_ = lower, upper
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_ = matrix.indptr
    model.a_matrix_.index_ = matrix.indices
    model.a_matrix_.value_ = matrix.data
    if integral:
        model.integrality_ = [highspy.HighsVarType.kInteger] * n_columns
    highs = new_solver()
    highs.passModel(model)
    return highs


def _solve(highs: Any, upper: float, seconds: float, wall_seconds: float, nodes: int) -> Any:
    highs.setOptionValue("mip_max_nodes", nodes)
    highs.setOptionValue("mip_rel_gap", 1e-6)
    highs.setOptionValue("objective_bound", upper - 1e-6)
    run_within(highs, seconds, wall_seconds)
    info = highs.getInfo()
    if info.primal_solution_status != 2 or info.objective_function_value > upper - 1e-6:
        return None
    return np.array(highs.getSolution().col_value)
