"""
The relaxation of the whole problem over trips.

To the relaxed programme of ``master.py`` come, for every base *b* and type *k* of its trucks,

Variables
    ``y[r]`` ≥ 0 how often trip *r* is driven a day; ``z[s]`` ≥ 0 how many trucks have a day of
    pattern *s* (``shifts.py``); ``u[g]`` ≥ 0 places for trips of class *g* left to class *g − 1*.

Rows, with the currency of a day's price that each yields
    - every visit is made: ``Σ_r a_or y_r = visits_o x_o`` (``visit``)
    - every worker's goods are carried: ``Σ_r n_or / visits_o y_r ≥ n_o`` (``worker``)
    - a trip has its place in a shift:
      ``Σ_{r of g} y_r + u_g − u_{g+1} ≤ Σ_s places_gs z_s`` (``time``)
    - trucks are as many as there are: ``Σ_s z_s ≤ number_k``
    - rounds cost what trips and trucks cost: ``Σ_r c_r y_r + Σ_s F_k z_s ≤ rounds_b``

and, where asked for, whole patterns of the processes (``patterns/``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from comarca.freight.added_columns import add_columns
from comarca.freight.master import Master
from comarca.freight.patterns.programme import Patterns
from comarca.freight.problem import Vehicle
from comarca.freight.trips.pricing import PricedTrip, TripPrices
from comarca.freight.trips.stops import Floats, Ints

SMALL = 1e-9


@dataclass(frozen=True, kw_only=True, eq=False)
class Answer:
    """
    Of the programme over the trips it has.

    Parameters
    ----------
    objective
        Currency a year.
    prices
        By base; ``None`` for one whose rounds cost nothing more through its trips.
    trips
        How often each is driven, shape ``(n_trips,)``.
    gains
        What each would gain, currency a year, shape ``(n_trips,)``: 0 for those that are driven,
        less for the others.
    columns
        Values of the variables of ``master.py``.
    """

    objective: float
    prices: tuple[TripPrices | None, ...]
    trips: Floats
    gains: Floats
    columns: Floats


def _never() -> bool:
    return False


class TripProgramme:
    """
    The programme of the module's docstring, to which trips are added.

    Parameters
    ----------
    master
        The choice of workshops.
    fleets
        Types of truck of each base.
    classes
        Of durations.
    has_patterns
        Whether each process gives out whole patterns.
    """

    def __init__(
        self,
        master: Master,
        fleets: Sequence[Sequence[Vehicle]],
        classes: int,
        *,
        has_patterns: bool = False,
    ) -> None:
        import highspy

        self.master, self.fleets, self.classes = master, fleets, classes
        self.days = master.problem.prices.days_per_year
        self.highs: Any = highspy.Highs()  # type: ignore[no-untyped-call] # no stubs
        self.highs.silent()
        lp, self.money = master.model(is_relaxed=True)
        self.highs.passModel(lp)
        self.trips: list[PricedTrip] = []
        self.column_of_trip: list[int] = []
        self._patterns: set[tuple[int, int, tuple[tuple[int, int], ...]]] = set()
        self._add_rows()
        self.patterns = Patterns(self.highs, master) if has_patterns else None

    def _add_rows(self) -> None:
        """Rows in blocks: visits, workers, costs, then classes and number of each type."""
        options, columns = self.master.problem.options, self.master.columns
        n, at = len(options), self.master.n_rows
        self.visit_row, self.worker_row, self.cost_row = at, at + n, at + 2 * n
        x, extra, rounds = columns("x"), columns("extra"), columns("rounds")
        for option in range(n):
            self._row(0.0, 0.0, [x[option]], [-float(options.visits_per_day[option])])
        for option in range(n):
            least = float(options.least[option])
            self._row(0.0, np.inf, [x[option], extra[option]], [-least, -1.0])
        for base in range(len(self.fleets)):
            self._row(-np.inf, 0.0, [rounds[base]], [-1.0])
        self.type_row: dict[tuple[int, int], int] = {}
        row = self.cost_row + len(self.fleets)
        for base, fleet in enumerate(self.fleets):
            for kind, truck in enumerate(fleet):
                self.type_row[base, kind] = row
                for _ in range(self.classes):
                    self._row(-np.inf, 0.0, [], [])
                self._row(-np.inf, min(truck.number, np.inf), [], [])
                row += self.classes + 1
                self._add_unused_places(base, kind)

    def _add_unused_places(self, base: int, kind: int) -> None:
        """``u[g]``: a place of class *g* serves one of class *g − 1*; class 0 needs none."""
        row = self.type_row[base, kind]
        for g in range(2, self.classes + 1):
            self._column([row + g - 1, row + g - 2], [1.0, -1.0])

    def add_trips(self, trips: Sequence[PricedTrip]) -> None:
        """Let these trips be driven."""
        options = self.master.problem.options
        starts: list[int] = []
        index: list[int] = []
        values: list[float] = []
        for trip in trips:
            starts.append(len(index))
            entries: dict[int, float] = {self.cost_row + trip.base: trip.cost}
            for option, workers in zip(trip.options, trip.workers, strict=True):
                visit, worker = self.visit_row + option, self.worker_row + option
                share = workers / float(options.visits_per_day[option])
                entries[visit] = entries.get(visit, 0.0) + 1.0
                entries[worker] = entries.get(worker, 0.0) + share
            if trip.duration:
                entries[self.type_row[trip.base, trip.kind] + trip.duration - 1] = 1.0
            index += list(entries)
            values += list(entries.values())
        n, at = len(trips), self.highs.getNumCol()
        if not index:
            return
        add_columns(self.highs, starts, index, values)
        self.trips += trips
        self.column_of_trip += range(at, at + n)

    def add_pattern(self, base: int, kind: int, places: dict[int, int]) -> bool:
        """Let trucks have such a day; whether it is new."""
        key = (base, kind, tuple(sorted(places.items())))
        if key in self._patterns:
            return False
        self._patterns.add(key)
        row = self.type_row[base, kind]
        rows = [row + g - 1 for g in places]
        values = [-float(count) for count in places.values()]
        fixed = self.fleets[base][kind].fixed_per_day
        self._column([*rows, row + self.classes, self.cost_row + base], [*values, 1.0, fixed])
        return True

    def hold_trucks(self, trucks: Mapping[tuple[int, int], float]) -> None:
        """As many trucks as given by base and type, no more and no fewer; none of the others."""
        for key, row in self.type_row.items():
            number = float(trucks.get(key, 0.0))
            self.highs.changeRowBounds(row + self.classes, number, number)

    def solve(self, is_out_of_time: Callable[[], bool] = _never) -> Answer:
        """Solve over the trips there are; patterns are added until none is wanted or time is up."""
        if self.patterns is None:
            self.highs.run()
        else:
            self.patterns.solve(is_out_of_time)
        solution = self.highs.getSolution()
        duals = np.array(solution.row_dual) * self.money
        values = np.array(solution.col_value)
        reduced = np.array(solution.col_dual) * self.money
        return Answer(
            objective=float(self.highs.getInfo().objective_function_value) * self.money,
            prices=tuple(self._prices(base, duals) for base in range(len(self.fleets))),
            trips=values[self.column_of_trip],
            gains=np.minimum(reduced[self.column_of_trip], 0.0),
            columns=values[: self.master.columns.total],
        )

    def _prices(self, base: int, duals: Floats) -> TripPrices | None:
        """What a unit of the cost of rounds pays for."""
        unit = float(duals[self.cost_row + base])
        if unit <= SMALL * self.days:
            return None
        n = len(self.master.problem.options)
        mine = self.master.base == base
        visit = -duals[self.visit_row : self.visit_row + n] / unit
        worker = -duals[self.worker_row : self.worker_row + n] / unit
        n_types = len(self.fleets[base])
        time, number = np.zeros((n_types, self.classes + 1)), np.zeros(n_types)
        for kind in range(n_types):
            row = self.type_row[base, kind]
            time[kind, 1:] = duals[row : row + self.classes] / unit
            number[kind] = max(duals[row + self.classes] / unit, 0.0)
        return TripPrices(
            visit=np.where(mine, visit, 0.0),
            worker=np.where(mine, np.maximum(worker, 0.0), 0.0),
            time=np.maximum.accumulate(np.maximum(time, 0.0), axis=1),
            number=number,
        )

    def _row(self, lower: float, upper: float, index: list[Any], values: list[float]) -> None:
        self.highs.addRow(
            lower, upper, len(index), np.array(index, dtype=np.int32), np.array(values)
        )

    def _column(self, rows: list[int], values: list[float]) -> None:
        self.highs.addCol(
            0.0, 0.0, np.inf, len(rows), np.array(rows, dtype=np.int32), np.array(values)
        )


def options_of(master: Master, base: int) -> Ints:
    """Options of a base that may stand, sorted."""
    return np.flatnonzero((master.base == base) & ~master.is_closed).astype(np.int64)
