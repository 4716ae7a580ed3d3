r"""
A proven bound on the cost of a routing problem: column generation, and a Lagrangean over it.

The relaxation lets a round visit a customer again (not at once), forgets shifts and the loads on
the way, and asks of a round only that what it carries of one measure fits the truck. With
:math:`\pi_g` the worth of serving group *g* (free where it must be served, else at most 0), and
:math:`\lambda_{dg} \ge 0` that of opening depot *d* for it,

.. math::

    L(\pi, \lambda) = \sum_g \pi_g + \min_{Q_d, \sum_d Q_d \in [Q^{min}, Q^{max}]}
        \sum_d \min\bigl(0 \text{ if } Q_d = 0,\; f_d - \sum_g \lambda_{dg} + K_d(Q_d)\bigr)

bounds the cost from below whatever :math:`\pi` and :math:`\lambda` are. :math:`K_d(Q)`, with
*Q* no more than the depot's capacity, is the least reduced cost of rounds that carry *Q* together;
that which depots open is whole, and that they carry all there is, is kept exactly. The multipliers
are those of a linear programme over rounds (HiGHS), to which the cheapest rounds are added until
none is left, each step drawn towards the best multipliers so far.

References
----------
.. [1] Baldacci, R., Mingozzi, A. and Wolfler Calvo, R. (2011). An exact method for the capacitated
       location-routing problem. Operations Research 59(5).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import inf
from typing import Any

import numpy as np
from scipy import sparse

from comarca.freight.routing.engine.data import FAR, TOLERANCE, RoutingData
from comarca.freight.routing.pricing.rounds import (
    cheapest_rounds,
    joined,
    room_for,
    round_of,
    rounds_together,
)
from comarca.freight.routing.solver_clock import new_solver

MOST_UNITS = 150
"""Whole units that the largest truck's load is counted in."""
DRAWN = 0.6
"""How far each step is drawn towards the best multipliers so far."""
COLUMNS_A_DEPOT = 30
MOST_STEPS = 400
MOST_OPERATIONS, FEWEST_UNITS = 2e9, 30
"""Above so many operations a step, loads are counted in fewer units; then the step is left out."""


@dataclass(frozen=True, eq=False)
class Weights:
    """
    Loads of one measure in whole units, rounded so that what fits a truck fits it still.

    Parameters
    ----------
    weight
        By place; 1 or more for customers.
    limit
        By type: most units of a trip.
    depot_limit
        By depot.
    least, most
        Units carried by all rounds together.
    """

    weight: Any
    limit: Any
    depot_limit: Any
    least: int
    most: int


def whole_weights(data: RoutingData, most_units: int = MOST_UNITS) -> Weights:
    """The measure that fills most trucks, in whole units."""
    customers = slice(data.n_depots, data.n_places)
    largest = np.tile(data.capacity.max(axis=0), 2)
    with np.errstate(divide="ignore", invalid="ignore"):
        trucks = np.nan_to_num(_least_by_group(data, data.load).sum(axis=0) / largest)
    column = int(np.argmax(trucks))
    load, capacity = data.load[:, column], data.capacity[:, column % data.n_measures]
    unit = _unit(load[customers], capacity, most_units)
    weight = np.floor(load / unit + TOLERANCE).astype(np.int64)
    # A customer of less than one unit counts as one: the dynamic programme needs progress. So many
    # more units are allowed.
    light = np.zeros(data.n_places, dtype=bool)
    light[customers] = weight[customers] < 1
    weight[light] = 1
    bumped = int(light.sum())
    by_group = _least_by_group(data, weight[:, None])[:, 0]
    total = int(_most_by_group(data, weight).sum())
    limit = np.array([total if np.isinf(c) else int(c / unit + TOLERANCE) for c in capacity])
    is_delivery = column < data.n_measures
    depots = data.depot_capacity[:, column] if is_delivery else np.full(data.n_depots, inf)
    hold = np.array([total if np.isinf(c) else int(c / unit + TOLERANCE) for c in depots])
    return Weights(
        weight,
        np.minimum(limit + bumped, total),
        np.minimum(hold + bumped, total),
        int(by_group.sum()),
        total,
    )


def _unit(load: Any, capacity: Any, most_units: int) -> float:
    largest = float(capacity[np.isfinite(capacity)].max(initial=0.0)) or float(load.sum()) or 1.0
    whole = np.isclose(load, np.round(load), atol=1e-9).all()
    if whole and load.any():
        step = float(np.gcd.reduce(np.round(load).astype(np.int64)))
        if step >= 1 and largest / step <= 1.5 * most_units:
            return step
    return largest / most_units


def _least_by_group(data: RoutingData, values: Any) -> Any:
    """Least of each group that must be served, by group's number; 0 elsewhere."""
    least = np.full(values.shape, np.inf)
    customers = np.arange(data.n_depots, data.n_places)
    np.minimum.at(least, data.place["group"][customers], values[customers])
    least[~data.place["is_required"]] = 0.0
    least[~np.isfinite(least)] = 0.0
    return least


def _most_by_group(data: RoutingData, weight: Any) -> Any:
    most = np.zeros(data.n_places, dtype=np.int64)
    customers = np.arange(data.n_depots, data.n_places)
    np.maximum.at(most, data.place["group"][customers], weight[customers])
    return most


@dataclass(eq=False)
class Bound:
    """
    The bound being raised.

    Parameters
    ----------
    data, weights
        The problem.
    value
        The best bound so far; -inf before the first.
    """

    data: RoutingData
    weights: Weights
    value: float = -inf

    @classmethod
    def of(cls, data: RoutingData, value: float = -inf) -> Bound:
        """Begin with a bound that is known; large problems count loads in fewer units."""
        bound = cls(data, whole_weights(data), value)
        while (
            bound.step_operations() > MOST_OPERATIONS and bound.weights.limit.max() > FEWEST_UNITS
        ):
            fewer = int(bound.weights.limit.max()) // 2
            bound = cls(data, whole_weights(data, fewer), value)
        return bound

    def raise_(
        self,
        columns: list[tuple[int, float, Any]],
        upper: float,
        go_on: Callable[[], bool],
    ) -> float:
        """
        Raise the bound until it meets ``upper``, nothing is left to add, or ``go_on`` says stop.

        Parameters
        ----------
        columns
            Rounds to begin with: depot, cost with the truck's fixed cost, stops.
        upper
            Cost of the best plan.
        go_on
            Asked before each step.
        """
        if self.data.n_places == self.data.n_depots:
            self.value = 0.0
            return 0.0
        if self.step_operations() > MOST_OPERATIONS:
            return self.value
        master = _Master(
            self.data, columns, float(self.weights.weight[self.data.n_depots :].mean())
        )
        centre: tuple[Any, Any, Any] | None = None
        reached = -inf  # by these multipliers; what was known before may be more
        for _ in range(MOST_STEPS):
            if not go_on():
                break
            solved = master.solve()
            if solved is None:
                break
            drawn = solved
            if centre is not None:
                worth, opening, burden = (
                    DRAWN * old + (1 - DRAWN) * new for old, new in zip(centre, solved, strict=True)
                )
                drawn = worth, opening, burden
            value, found = self._priced(*drawn)
            if centre is None or value > reached:
                centre, reached = drawn, value
            self.value = max(self.value, value)
            added = master.add(found, solved)
            if self.value >= upper - 1e-6 * max(1.0, abs(upper)):
                break
            if not added:
                value, found = self._priced(*solved)
                self.value = max(self.value, value)
                if not master.add(found, solved):
                    break
        return self.value

    def step_operations(self) -> float:
        """Roughly how many operations the dynamic programme takes in one step."""
        data = self.data
        of_types = float(self.weights.limit.sum())
        return data.n_depots * of_types * (data.n_places - data.n_depots) ** 2

    def _priced(
        self, worth: Any, opening: Any, burden: Any
    ) -> tuple[float, list[tuple[int, float, Any]]]:
        """The Lagrangean at these multipliers, and the cheapest rounds of each depot."""
        data, weights = self.data, self.weights
        total = np.full(weights.most + 1, FAR)
        total[0] = 0.0
        found: list[tuple[int, float, Any]] = []
        for depot in range(data.n_depots):
            closed = self._of_depot(depot, worth, opening, burden, found)
            alone = rounds_together(closed, min(int(weights.depot_limit[depot]), weights.most))
            part = alone + data.opening[depot] - opening[depot].sum()
            part[alone >= FAR] = FAR
            part[0] = 0.0
            total = joined(total, part, weights.most)
        least = float(total[weights.least :].min())
        value = float(worth.sum()) + least if least < FAR / 2 else -inf
        return value, found

    def _of_depot(
        self,
        depot: int,
        worth: Any,
        opening: Any,
        burden: Any,
        found: list[tuple[int, float, Any]],
    ) -> Any:
        """Reduced cost of the depot's cheapest round of each load, over all types of truck."""
        data, weights = self.data, self.weights
        best = np.full(int(weights.limit.max()) + 1, FAR)
        group = data.place["group"]
        gain = worth[group] - opening[depot][group] + data.prize[:, depot]
        gain[: data.n_depots] = 0.0
        gain = np.maximum(gain, -FAR)
        for kind in range(data.n_types):
            if not data.may_station[kind, depot]:
                continue
            limit = int(weights.limit[kind])
            work = room_for(limit, data.n_places)
            into = data.cost_into[kind] - gain[:, None]
            closed = cheapest_rounds(into, weights.weight, limit, depot, data.n_depots, work)
            fixed = float(data.kind["fixed"][kind]) / float(data.kind["max_trips"][kind])
            closed = np.where(closed < FAR / 2, closed + fixed, FAR)
            best[: limit + 1] = np.minimum(best[: limit + 1], closed)
            ranked = closed + burden[depot] * np.arange(limit + 1)
            for load in np.argsort(ranked, kind="stable")[:COLUMNS_A_DEPOT]:
                if closed[load] < FAR / 2:
                    stops = round_of(weights.weight, int(load), depot, work)
                    cost = closed[load] + (gain[stops] - data.prize[stops, depot]).sum()
                    found.append((depot, float(cost), stops))
        return best


class _Master:
    """The linear programme over rounds and openings."""

    def __init__(
        self, data: RoutingData, columns: list[tuple[int, float, Any]], mean_weight: float
    ) -> None:
        self.data, self.mean_weight = data, mean_weight
        self.of_capacity = np.zeros(0)
        self.groups = np.unique(data.place["group"][data.n_depots :])
        self.row_of_group = np.zeros(data.n_places, dtype=np.int64)
        self.row_of_group[self.groups] = np.arange(len(self.groups))
        self.limited = [
            (depot, m)
            for depot in range(data.n_depots)
            for m in range(data.n_measures)
            if np.isfinite(data.depot_capacity[depot, m])
        ]
        self.costly = [depot for depot in range(data.n_depots) if data.opening[depot] > 0]
        self.seen: set[bytes] = set()
        self.highs = self._begin()
        self._append(columns)

    def _begin(self) -> Any:
        import highspy

        data, n_groups = self.data, len(self.groups)
        n_rows = n_groups + len(self.limited) + len(self.costly) * n_groups + 1
        required = data.place["is_required"][self.groups]
        lower = np.full(n_rows, -highspy.kHighsInf)
        upper = np.zeros(n_rows)
        lower[:n_groups] = np.where(required, 1.0, -highspy.kHighsInf)
        upper[:n_groups] = 1.0
        lower[-1], upper[-1] = float(self._fewest_depots()), highspy.kHighsInf
        matrix = self._openings(n_rows)
        penalty = float(10 * (np.abs(data.opening).sum() + data.cost[data.cost < FAR / 2].max()))
        absent = sparse.csc_matrix(
            (np.ones(n_groups), (np.arange(n_groups), np.arange(n_groups))), (n_rows, n_groups)
        )
        matrix = sparse.hstack([matrix, absent]).tocsc()
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = matrix.shape[1], n_rows
        model.col_cost_ = np.concatenate([data.opening, np.where(required, penalty, 0.0)])
        model.col_lower_ = np.zeros(matrix.shape[1])
        model.col_upper_ = np.concatenate([np.ones(data.n_depots), required.astype(float)])
        model.row_lower_, model.row_upper_ = lower, upper
        model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        model.a_matrix_.start_, model.a_matrix_.index_ = matrix.indptr, matrix.indices
        model.a_matrix_.value_ = matrix.data
        highs = new_solver()
        highs.passModel(model)
        return highs

    def _openings(self, n_rows: int) -> Any:
        data, n_groups = self.data, len(self.groups)
        rows, columns, values = [], [], []
        for at, (depot, m) in enumerate(self.limited):
            rows.append(n_groups + at)
            columns.append(depot)
            values.append(-float(data.depot_capacity[depot, m]))
        begin = n_groups + len(self.limited)
        for at, depot in enumerate(self.costly):
            for group in range(n_groups):
                rows.append(begin + at * n_groups + group)
                columns.append(depot)
                values.append(-1.0)
        for depot in range(data.n_depots):
            rows.append(n_rows - 1)
            columns.append(depot)
            values.append(1.0)
        return sparse.csc_matrix((values, (rows, columns)), shape=(n_rows, data.n_depots))

    def _fewest_depots(self) -> int:
        """Depots without which the demand cannot be held, by the largest capacities."""
        from comarca.freight.routing.depot_sets import required_delivery

        fewest = 0
        for m, needed in enumerate(required_delivery(self.data)):
            capacity = np.sort(self.data.depot_capacity[:, m])[::-1]
            if needed > 0 and np.isfinite(capacity[0]):
                fewest = max(fewest, int(np.searchsorted(np.cumsum(capacity), needed)) + 1)
        return min(fewest, self.data.n_depots)

    def add(self, found: list[tuple[int, float, Any]], duals: tuple[Any, Any, Any]) -> int:
        """Add rounds of reduced cost below 0; returns how many."""
        data = self.data
        worth, opening, _ = duals
        better = []
        for depot, cost, stops in found:
            group = data.place["group"][stops]
            reduced = cost - worth[group].sum() + opening[depot][group].sum()
            for at, (other, m) in enumerate(self.limited):
                if other == depot:
                    reduced -= self.of_capacity[at] * data.load[stops, m].sum()
            if reduced < -1e-6 * max(1.0, abs(cost)):
                better.append((depot, cost, stops))
        return self._append(better)

    def _append(self, columns: list[tuple[int, float, Any]]) -> int:
        data, n_groups = self.data, len(self.groups)
        costs: list[float] = []
        starts: list[int] = []
        indices: list[int] = []
        values: list[float] = []
        for depot, cost, stops in columns:
            key = np.sort(stops).tobytes() + bytes([depot % 256, depot // 256])
            if key in self.seen:
                continue
            self.seen.add(key)
            rows, counts = np.unique(
                self.row_of_group[data.place["group"][stops]], return_counts=True
            )
            starts.append(len(indices))
            costs.append(cost)
            indices.extend(rows.tolist())
            values.extend(counts.tolist())
            for at, (other, m) in enumerate(self.limited):
                if other == depot:
                    indices.append(n_groups + at)
                    values.append(float(data.load[stops, m].sum()))
            if depot in self.costly:
                begin = n_groups + len(self.limited) + self.costly.index(depot) * n_groups
                indices.extend((begin + rows).tolist())
                values.extend(counts.tolist())
        if costs:
            n = len(costs)
            self.highs.addCols(
                n,
                np.array(costs, dtype=float),
                np.zeros(n),
                np.full(n, np.inf),
                len(indices),
                np.array(starts, dtype=np.int32),
                np.array(indices, dtype=np.int32),
                np.array(values, dtype=float),
            )
        return len(costs)

    def solve(self) -> tuple[Any, Any, Any] | None:
        """Worth of each group, of opening a depot for it, and of a unit that a depot delivers."""
        self.highs.run()
        if self.highs.modelStatusToString(self.highs.getModelStatus()) != "Optimal":
            return None
        data, n_groups = self.data, len(self.groups)
        duals = np.array(self.highs.getSolution().row_dual)
        worth = np.zeros(data.n_places)
        worth[self.groups] = duals[:n_groups]
        begin = n_groups + len(self.limited)
        self.of_capacity = duals[n_groups:begin]
        opening = np.zeros((data.n_depots, data.n_places))
        for at, depot in enumerate(self.costly):
            of_depot = duals[begin + at * n_groups : begin + (at + 1) * n_groups]
            opening[depot, self.groups] = np.maximum(-of_depot, 0.0)
        optional = ~data.place["is_required"]
        worth[optional] = np.minimum(worth[optional], 0.0)
        burden = np.zeros(data.n_depots)
        for at, (depot, m) in enumerate(self.limited):
            mean = data.mean_load[m] / max(self.mean_weight, 1e-9)
            burden[depot] += -self.of_capacity[at] * mean
        return worth, opening, burden
