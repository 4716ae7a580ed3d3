"""
Choosing workshops together with the trips that serve them.

To the whole-number programme of ``master.py``, without its bounds on rounds, come

Sets
    *r* trips that can be driven (``driveable.py``), of a type *k* of truck of base *b*, with
    ``w[o, r]`` workers' goods at most at each stop *o*; *e* days between visits.

Variables
    ``y[r]`` ∈ {0, 1, ...} how often trip *r* is driven on a day on which it is; ``Z[b, k, e]`` ∈
    {0, 1, ...} trucks.

Objective
    as there: ``rounds[b]`` is what the trips and trucks below cost.

Constraints
    - every visit is made: ``Σ_r a_or y_r = visits_o x_o``
    - every worker's goods are carried: ``Σ_r w_or / visits_o y_r ≥ n_o``
    - trips have their time: ``Σ_r minutes_r y_r ≤ shift_k Z``; two of more than half a shift do not
      fit one truck: ``Σ_{r: minutes > shift / 2} y_r ≤ Z``; nor do three of more than a third, or
      one of more than two thirds and one of more than a third:
      ``Σ_{r: minutes > shift 2 / 3} y_r + Σ_{r: minutes > shift / 3} y_r ≤ 2 Z``
    - trucks are as many as there are: ``Σ_e Z / e ≤ number_k``
    - rounds cost what trips and trucks cost: ``Σ_r c_r / e y_r + Σ F_k / e Z ≤ rounds_b``

Where patterns are given, each process has one of them or none (``patterns/``), which makes its
relaxation much tighter.

What it chooses need not fit to the last: trips are packed into days afterwards (``packing.py``),
and where a workshop has several visits only their mean is bounded. It proves nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from comarca.freight.master import Master
from comarca.freight.patterns.programme import Pattern, Patterns
from comarca.freight.problem import Vehicle
from comarca.freight.search import Limits, workers_of
from comarca.freight.trips.pricing import PricedTrip

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Entries = tuple[list[int], list[float]]


@dataclass(frozen=True, kw_only=True)
class Selected:
    """Workers by option, trips as often as they are driven, and what it is thought to be worth."""

    workers: Mapping[int, int]
    trips: tuple[PricedTrip, ...]
    objective: float


class Selection:
    """
    The programme of the module's docstring.

    Parameters
    ----------
    master
        The choice of workshops, without bounds on rounds; options without a trip are closed.
    fleets
        Types of truck of each base.
    trips
        To choose from, each once.
    patterns
        That processes may have; ``None`` = any.
    """

    def __init__(
        self,
        master: Master,
        fleets: Sequence[Sequence[Vehicle]],
        trips: Sequence[PricedTrip],
        patterns: Sequence[Pattern] | None = None,
    ) -> None:
        import highspy

        self.master, self.fleets, self.trips = master, fleets, tuple(trips)
        self.whole = highspy.HighsVarType.kInteger
        served = np.unique([option for trip in trips for option in trip.options])
        master.is_closed |= ~np.isin(np.arange(len(master.is_closed)), served)
        self.options = np.flatnonzero(~master.is_closed)
        self.every = master.problem.options.every_days
        self.highs: Any = highspy.Highs()  # type: ignore[no-untyped-call] # no stubs
        self.highs.silent()
        self.highs.setOptionValue("threads", 1)
        # With few nodes, what is tried before branching and after a restart takes most of the time.
        self.highs.setOptionValue("mip_pscost_minreliable", 0)
        self.highs.setOptionValue("mip_allow_restart", False)
        lp, self.money = master.model(is_relaxed=False)
        self.highs.passModel(lp)
        self._every_visit_is_made_and_all_goods_are_carried()
        self._rounds_cost_what_trips_and_trucks_cost()
        self._trips_have_their_time()
        if patterns is not None:
            Patterns(self.highs, master).add(patterns, is_whole=True)
        self.first_trip = self.highs.getNumCol()
        self.position = {trip: at for at, trip in enumerate(self.trips)}
        self._stops = np.array([at for trip in self.trips for at in trip.options], dtype=np.int64)
        lengths = [len(trip.options) for trip in self.trips]
        self._first_stop = np.cumsum([0, *lengths[:-1]])
        visits = master.problem.options.visits
        self._often = np.array([float(visits[list(trip.options)].min()) for trip in self.trips])
        self._drive()

    def solve(
        self,
        limits: Limits,
        start: Selected | None = None,
        free: Collection[int] | None = None,
    ) -> Selected | None:
        """
        Choose by branch and bound.

        Parameters
        ----------
        limits
            When to stop.
        start
            A choice to start from; its trips are among those to choose from.
        free
            Facilities where something may change; all else stays as in ``start``. A trip of which
            one stop is free may be given up only where all its stops are. ``None`` = all.

        Returns
        -------
        Selected or None
            ``None`` when nothing was found in time.
        """
        self.highs.setOptionValue("mip_rel_gap", limits.gap)
        self.highs.setOptionValue("mip_max_nodes", limits.nodes)
        self.highs.setOptionValue("random_seed", limits.seed % 2**31)
        self.highs.setOptionValue("time_limit", np.inf if limits.time_s is None else limits.time_s)
        self._free(start, free)
        self.highs.run()
        info = self.highs.getInfo()
        if info.primal_solution_status != 2:  # a feasible point, in HiGHS's numbering
            return None
        values = np.array(self.highs.getSolution().col_value)
        driven = np.rint(values[self.first_trip :]).astype(np.int64)
        return Selected(
            workers=workers_of(self.master, values),
            trips=tuple(
                trip for trip, often in zip(self.trips, driven, strict=True) for _ in range(often)
            ),
            objective=float(info.objective_function_value) * self.money,
        )

    # Rows

    def _every_visit_is_made_and_all_goods_are_carried(self) -> None:
        options, columns = self.master.problem.options, self.master.columns
        n = len(self.options)
        self.visit_row = {int(at): self.highs.getNumRow() + k for k, at in enumerate(self.options)}
        x, extra = columns("x", self.options), columns("extra", self.options)
        visits = options.visits[self.options].astype(np.float64)
        least = options.least[self.options].astype(np.float64)
        self._rows(np.zeros(n), np.zeros(n), [x], [-visits])
        self.goods_after = n
        self._rows(np.zeros(n), np.full(n, np.inf), [x, extra], [-least, -np.ones(n)])

    def _rounds_cost_what_trips_and_trucks_cost(self) -> None:
        n = len(self.fleets)
        self.cost_row = self.highs.getNumRow()
        rounds = self.master.columns("rounds")
        self._rows(np.full(n, -np.inf), np.zeros(n), [rounds], [-np.ones(n)])

    def _trips_have_their_time(self) -> None:
        """Three rows of each type of truck and days between visits, and one of their number."""
        waits = np.unique(self.every[self.options]).tolist()
        self.time_row: dict[tuple[int, int, int], int] = {}
        for base, fleet in enumerate(self.fleets):
            for kind, truck in enumerate(fleet):
                number_row = self.highs.getNumRow()
                self._rows(np.array([-np.inf]), np.array([truck.number]), [], [])
                for wait in waits:
                    row = self.time_row[base, kind, wait] = self.highs.getNumRow()
                    self._rows(np.full(3, -np.inf), np.zeros(3), [], [])
                    rows = [number_row, row, row + 1, row + 2, self.cost_row + base]
                    share = 1.0 / wait
                    values = [share, -1.0, -1.0, -2.0, truck.fixed_per_day * share]
                    self._column(rows, values, np.inf)

    def _drive(self) -> None:
        for trip, often in zip(self.trips, self._often, strict=True):
            self._column(*self._entries(trip), often)

    def _entries(self, trip: PricedTrip) -> Entries:
        truck, wait = self.fleets[trip.base][trip.kind], self._wait(trip)
        rows, values = [self.cost_row + trip.base], [trip.cost / wait]
        for option, workers in zip(trip.options, trip.workers, strict=True):
            row = self.visit_row[option]
            rows += [row, row + self.goods_after]
            values += [1.0, workers / float(self.master.problem.options.visits[option])]
        row = self.time_row[trip.base, trip.kind, wait]
        part = trip.minutes / truck.shift_min
        for at, share in enumerate((part, float(part > 1 / 2), (part > 1 / 3) + (part > 2 / 3))):
            if share:
                rows.append(row + at)
                values.append(share)
        return rows, values

    def _wait(self, trip: PricedTrip) -> int:
        return int(self.every[trip.options[0]])

    def _rows(
        self, lower: Floats, upper: Floats, columns: Sequence[Any], values: Sequence[Floats]
    ) -> None:
        """So many rows, each with one entry of every array of columns."""
        n, width = len(lower), len(columns)
        index = np.stack(columns, axis=1) if width else np.zeros((n, 0))
        entries = np.stack(values, axis=1) if width else np.zeros((n, 0))
        self.highs.addRows(
            n,
            lower,
            upper,
            n * width,
            np.arange(n, dtype=np.int32) * width,
            index.ravel().astype(np.int32),
            entries.ravel().astype(np.float64),
        )

    def _column(self, rows: Sequence[int], values: Sequence[float], upper: float) -> None:
        at = self.highs.getNumCol()
        self.highs.addCol(
            0.0, 0.0, upper, len(rows), np.array(rows, dtype=np.int32), np.array(values)
        )
        self.highs.changeColIntegrality(at, self.whole)

    # Starting

    def _free(self, start: Selected | None, free: Collection[int] | None) -> None:
        """Hold what is not free, and give HiGHS the whole-number part of a choice to start from."""
        columns, options = self.master.columns, self.master.problem.options
        index = np.concatenate([columns("x"), columns("extra"), self._trip_columns()])
        lower, upper = np.zeros(len(index)), np.concatenate([self._most(), self._often])
        values = None if start is None else self._values(start)
        if values is not None and free is not None:
            is_held = ~np.isin(options.facility, list(free))
            held = np.concatenate([is_held, is_held, ~self._is_within(is_held)])
            lower[held] = upper[held] = values[index][held]
        # A solution is forgotten when bounds change.
        self.highs.changeColsBounds(len(index), index.astype(np.int32), lower, upper)
        if values is not None:
            known = np.flatnonzero(~np.isnan(values))
            self.highs.setSolution(len(known), known.astype(np.int32), values[known])

    def _values(self, start: Selected) -> Floats:
        """Values of the columns that a choice tells; the others are not a number."""
        columns, options = self.master.columns, self.master.problem.options
        values = np.full(self.highs.getNumCol(), np.nan)
        for kind in ("x", "extra", "tie", "open"):
            values[columns(kind)] = 0.0
        values[self._trip_columns()] = 0.0
        chosen = np.array(sorted(start.workers), dtype=np.int64)
        values[columns("x", chosen)] = 1.0
        beyond = [start.workers[int(at)] - options.least[at] for at in chosen]
        values[columns("extra", chosen)] = beyond
        values[columns("tie", columns.tie_of_option[chosen])] = 1.0
        values[columns("open", self.master.base[chosen])] = 1.0
        for trip in start.trips:
            values[self.first_trip + self.position[trip]] += 1.0
        return values

    def _trip_columns(self) -> Ints:
        return np.arange(self.first_trip, self.first_trip + len(self.trips), dtype=np.int64)

    def _most(self) -> Floats:
        """Upper bounds of ``x`` and ``extra``."""
        options = self.master.problem.options
        most = np.where(self.master.is_closed, 0.0, 1.0)
        return np.concatenate([most, most * (options.most - options.least)])

    def _is_within(self, is_held: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Trips of which no stop is held."""
        held = np.add.reduceat(is_held[self._stops].astype(np.int64), self._first_stop)
        return np.asarray(held == 0)
