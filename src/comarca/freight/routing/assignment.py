r"""
Location without rounds: every trip has one stop, so a customer is a ride from its depot.

Sets: depots *d*, customers *i* in groups *g*. Variables: ``y_d`` whether a depot opens, ``x_di``
whether it serves a customer. Minimise ``sum_d opening_d y_d + sum_di cost_di x_di`` such that

- ``sum_{d, i in g} x_di = 1`` for each group *g* (at most 1 where it need not be served),
- ``sum_i load_i x_di <= capacity_d y_d`` for each measure with a limit,
- ``x_di <= y_d``.

This is single-source capacitated location. Branch and bound over depots by knapsacks
(:mod:`~comarca.freight.routing.location_tree`) gives plan and bound together; parts of it with few
rides left go to HiGHS as they stand above, with ``sum_d capacity_d y_d >= what must be served``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy import sparse

from comarca.freight.routing.engine.data import FAR, RoutingData
from comarca.freight.routing.location_tree import Node, Tree
from comarca.freight.routing.siting.knapsacks import CLOSED, FREE, OPEN, Location
from comarca.freight.routing.siting.placing import NOWHERE
from comarca.freight.routing.solver_clock import new_solver, run_within

REST_SHARE = 0.15
"""Share of what is left of the time that HiGHS gets for one part."""
MOST_PARTS, ROUNDING = 2_000, 1e-7
"""Whole numbers that the largest capacity is counted in at most; what rounding may lose."""
LARGEST_BRANCHED = 20_000
"""Pairs of depot and customer up to which the bound is branched for; above, it is relaxed."""
HUGE = 1e20


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


def location_of(data: RoutingData) -> Location:
    """
    Rides, with loads in whole numbers of the measure that fills the depots most.

    Whole loads are counted by their common divisor. Others, and loads of more than ``MOST_PARTS``
    parts, are counted in parts of the largest capacity: loads rounded down, so that whatever fits
    still fits.
    """
    depots = data.n_depots
    cost, _ = ride_costs(data)
    load = np.ascontiguousarray(data.load[depots:, : data.n_measures])
    capacity = np.ascontiguousarray(data.depot_capacity)
    cost[(load[None] > capacity[:, None]).any(axis=2)] = np.inf
    names, group = np.unique(data.place["group"][depots:], return_inverse=True)
    is_required = data.place["is_required"][names]
    finite = np.where(np.isfinite(capacity), capacity, 0.0)
    fullness = np.where(
        np.isfinite(capacity).all(axis=0),
        load.sum(axis=0) / np.maximum(finite.sum(axis=0), 1e-9),
        0,
    )
    weight, room = _in_whole_numbers(load[:, fullness.argmax()], capacity[:, fullness.argmax()])
    least = np.full(len(names), weight.sum())
    np.minimum.at(least, group, weight)
    need = int(least[is_required].sum())
    return Location(cost, data.opening, group, is_required, load, capacity, weight, room, need)


def _in_whole_numbers(load: Any, capacity: Any) -> tuple[Any, Any]:
    limits = capacity[np.isfinite(capacity)]
    largest = float(limits.max(initial=0.0))
    whole = np.round(load).astype(np.int64)
    unit = float(np.gcd.reduce(whole)) if np.allclose(load, whole, rtol=0, atol=1e-9) else 0.0
    if unit <= 0 or largest > MOST_PARTS * unit:
        unit = max(largest / MOST_PARTS, 1e-12)
    weight = np.floor(load / unit + ROUNDING * np.where(unit == np.round(unit), 1, -1))
    # Rounded down a hair, a load of nothing would be less than that.
    weight = (
        np.maximum(weight, 0).astype(np.int64)
        if len(limits)
        else np.zeros(len(load), dtype=np.int64)
    )
    held = np.minimum(capacity / unit + ROUNDING, float(weight.sum()))
    return weight, np.floor(held).astype(np.int64)


def solve_assignment(
    data: RoutingData,
    start: Any | None,
    *,
    seconds_left: Callable[[], float],
    wall_left: Callable[[], float],
    gap: float,
    nodes: int | None,
    seed: int,
    report: Callable[[Any], None],
) -> float:
    """
    Report ever better plans, and prove a bound.

    Parameters
    ----------
    data
        The problem.
    start
        Depot of each customer to begin with, -1 where none serves it; or ``None``.
    seconds_left, wall_left
        CPU seconds and seconds by the clock that are left.
    gap, nodes
        When to stop besides: relative gap, and nodes of the tree and of each run of HiGHS.
    seed
        Of the annealing.
    report
        Called with the depot of each customer at each better plan, shape ``(n_customers,)``, -1 for
        those left out.

    Returns
    -------
    float
        No plan costs less; inf where it is proven that there is none.
    """
    location = location_of(data)

    def solve_rest(node: Node, cutoff: float) -> tuple[Any | None, float]:
        rows, columns = np.nonzero(node.may)
        highs = _model(data, location.cost, rows, columns, integral=True, fixed=node.fixed)
        highs.setOptionValue("mip_rel_gap", gap)
        highs.setOptionValue("objective_bound", min(cutoff, HUGE))
        if nodes is not None:
            highs.setOptionValue("mip_max_nodes", nodes)
        run_within(highs, REST_SHARE * seconds_left(), wall_left())
        info = highs.getInfo()
        if highs.modelStatusToString(highs.getModelStatus()) == "Infeasible":
            return None, np.inf
        bound = float(info.mip_dual_bound)
        if info.primal_solution_status != 2:
            return None, bound
        chosen = np.array(highs.getSolution().col_value)[data.n_depots :] > 0.5
        depot = np.full(data.n_places - data.n_depots, NOWHERE)
        depot[columns[chosen]] = rows[chosen]
        return depot, bound

    def go_on() -> bool:
        if nodes is not None and tree.nodes >= nodes:
            return False
        return seconds_left() > 0 and wall_left() > 0

    tree = Tree(location, solve_rest, go_on, report, gap, seed)
    if start is not None:
        tree.begin_with(start)
    return tree.run()


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


def _model(
    data: RoutingData,
    cost: Any,
    rows: Any,
    columns: Any,
    *,
    integral: bool,
    fixed: Any | None = None,
) -> Any:
    """The programme of some rides, with what is decided of the depots."""
    import highspy

    depots, n_rides = data.n_depots, len(rows)
    fixed = np.full(depots, FREE) if fixed is None else fixed
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
        need = _least_load(data, m, groups) * (1 - 1e-9)
        may_open = fixed != CLOSED
        is_decided = not (fixed == FREE).any() and len(limited) == depots
        spare = limit[may_open].sum() - need if is_decided else highspy.kHighsInf
        lower.append(np.where(may_open[limited], -spare, -highspy.kHighsInf))
        upper.append(np.zeros(len(limited)))
        if len(limited) == depots:
            parts.append(_matrix(limit, np.zeros(depots), np.arange(depots), (1, depots + n_rides)))
            lower.append(np.array([need]))
            upper.append(np.array([highspy.kHighsInf]))
    free = np.flatnonzero(fixed[rows] == FREE)
    parts.append(
        _matrix(
            np.concatenate([np.ones(len(free)), -np.ones(len(free))]),
            np.concatenate([np.arange(len(free)), np.arange(len(free))]),
            np.concatenate([depots + free, rows[free]]),
            (len(free), depots + n_rides),
        )
    )
    lower.append(np.full(len(free), -highspy.kHighsInf))
    upper.append(np.zeros(len(free)))
    matrix = sparse.vstack(parts).tocsc()
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = matrix.shape[1], matrix.shape[0]
    model.col_cost_ = np.concatenate([data.opening, cost[rows, columns]])
    model.col_lower_ = np.concatenate([fixed == OPEN, np.zeros(n_rides)]).astype(float)
    model.col_upper_ = np.concatenate([fixed != CLOSED, np.ones(n_rides)]).astype(float)
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


def _least_load(data: RoutingData, measure: int, groups: Any) -> float:
    """What must be served in a measure at least."""
    least = np.full(data.n_places, np.inf)
    of = slice(data.n_depots, data.n_places)
    np.minimum.at(least, data.place["group"][of], data.load[of, measure])
    return float(least[groups[data.place["is_required"][groups]]].sum())
