"""
The problem itself over every trip that a better plan may drive, as a mixed-integer programme.

By linear duality a plan worth more than a known one by the relaxation's prices uses no
configuration and no trip whose reduced cost exceeds the gap between the relaxation and that plan.
What remains is few enough to list. Trips that serve the same options are one, with the workers
served of each as variables:

    ``y[r]`` ∈ {0, 1} a trip is driven (once more for every visit that all its stops want);
    ``w[o, r]`` workers of *o* whose goods it has room for, 0 unless it is driven; with
    ``Σ_o load_o w[o, r] ≤ truck`` for goods out, goods back, by weight and by volume, and
    ``Σ_r w[o, r] ≥ visits[o] n[o]``; where *o* wants several visits, each with equal parts, also
    ``w[o, r] ≥ n[o]`` for every trip that serves it.

References
----------
.. [1] Baldacci, R., Christofides, N. and Mingozzi, A. (2008). An exact algorithm for the vehicle
       routing problem based on the set partitioning formulation with additional cuts. Mathematical
       Programming 115, 351-385.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np

from comarca.freight.problem import ROUNDING
from whole_problem.columns import Column, Key, Rows, add_columns, programme_of
from whole_problem.relaxation import Relaxation
from whole_problem.trips import Trip


@dataclass(frozen=True, kw_only=True)
class Found:
    """
    The best plan of a programme.

    Parameters
    ----------
    value, bound
        Currency a year; ``value`` is minus infinity where none was found.
    workers
        By option.
    trips
        Type of truck, a position among the relaxation's, and options served, of each trip.
    trucks
        Of each type.
    """

    value: float
    bound: float
    workers: dict[int, int]
    trips: list[tuple[int, tuple[int, ...]]]
    trucks: list[int]


class Programme:
    """
    The programme over what may be part of a plan worth more than a known one.

    Parameters
    ----------
    relaxed
        Solved.
    gap
        Between the relaxation's optimum and the known plan, currency a year.
    most_trips
        Of each type that are listed.

    Raises
    ------
    MemoryError
        When too many trips may.
    """

    def __init__(self, relaxed: Relaxation, gap: float, *, most_trips: int) -> None:
        self.relaxed, self.choices = relaxed, relaxed.choices
        self.gap = gap / self.choices.days + 1e-6
        self.numbers: dict[int, list[int]] = {}
        for at, column in enumerate(relaxed.columns[: relaxed.n_choice]):
            may = column.name[0] == "z" and column.upper > 0
            if may and relaxed.reduced[at] <= self.gap:
                self.numbers.setdefault(column.name[1], []).append(column.name[2])
        self.rows = Rows()
        self.columns: list[Column] = []
        self._take_over()
        self.n_trips = 0
        for at in range(len(relaxed.tours)):
            for trip in self._trips(at, most_trips):
                for _ in range(min(int(self.choices.visits[o]) for o in trip.options)):
                    self._drive(at, trip)

    def _trips(self, at: int, most: int) -> list[Trip]:
        """Trips of a type whose reduced cost is within the gap, one for each set of options."""
        relaxed = self.relaxed
        found = relaxed.finders[at].find(
            relaxed.earnings(at, self.numbers),
            relaxed.price_of_time(at),
            more_than=-self.gap,
            only_best=False,
        )
        unique = {trip.options: trip for trip in found}
        if len(unique) > most:
            raise MemoryError(f"{len(unique):,} trips")
        return list(unique.values())

    def _take_over(self) -> None:
        """Rows and variables of the choice, without those of trips' room."""
        old, gone = self.relaxed.rows, ("room",)
        for key, at in old.at.items():
            if key[0] not in gone and (key[0] != "visit" or key[1] in self.numbers):
                self.rows.add(key, old.lower[at], old.upper[at])
        for option in self.numbers:
            self.rows.add(("carried", option), 0.0, np.inf)
        for column in self.relaxed.columns[: self.relaxed.n_choice]:
            if column.name[0] == "absent":
                continue
            entries = {key: value for key, value in column.entries.items() if key[0] not in gone}
            if column.name[0] == "z":
                _, option, workers = column.name
                if workers not in self.numbers.get(option, ()):
                    continue
                visits = float(self.choices.visits[option])
                entries["carried", option] = -visits * workers
            kept = Column(
                column.name, column.cost, entries, column.lower, column.upper, column.is_whole
            )
            self.columns.append(kept)

    def _drive(self, at: int, trip: Trip) -> None:
        """Let a trip be driven once more."""
        tours, number = self.relaxed.tours[at], self.n_trips
        self.n_trips += 1
        fewest = [min(self.numbers[option]) for option in trip.options]
        most = [min(tours.most[o], max(self.numbers[o])) for o in trip.options]
        limits = tours.truck.limits * (1 + ROUNDING)
        loads = self.choices.loads[list(trip.options)] / limits
        full = [m for m in range(4) if float(loads[:, m] @ most) > 1]
        entries = self.relaxed.time_entries(at, trip.minutes)
        for measure in full:
            self.rows.add(("full", number, measure), -np.inf, 0.0)
            entries["full", number, measure] = float(loads[:, measure] @ fewest) - 1.0
        extra = []
        for place, option in enumerate(trip.options):
            entries["visit", option] = 1.0
            sure = fewest[place] if full else most[place]
            entries["carried", option] = float(sure)
            more: dict[Key, float] = {("carried", option): 1.0}
            is_tight = bool(full) or most[place] < max(self.numbers[option])
            if self.choices.visits[option] > 1 and is_tight:
                self._carry_an_equal_part(number, option, sure, entries, more)
            if full and most[place] > fewest[place]:
                self.rows.add(("driven", number, option), -np.inf, 0.0)
                entries["driven", number, option] = float(fewest[place] - most[place])
                more["driven", number, option] = 1.0
                more |= {("full", number, m): float(loads[place, m]) for m in full}
                extra.append(Column(("w", number, option), 0.0, more, 0.0, np.inf, False))
        self.columns.append(Column(("y", at, trip.options), trip.cost, entries, 0.0, 1.0, True))
        self.columns += extra

    def _carry_an_equal_part(
        self, number: int, option: int, sure: int, entries: dict[Key, float], more: dict[Key, float]
    ) -> None:
        """``n[o] ≤ w[o, r] + most (1 − y[r])``."""
        key, largest = ("part", number, option), float(max(self.numbers[option]))
        self.rows.add(key, -np.inf, largest)
        entries[key] = largest - sure
        more[key] = -1.0

    def _add_workers_to_parts(self) -> None:
        parts: dict[int, list[Key]] = {}
        for key in self.rows.at:
            if key[0] == "part":
                parts.setdefault(key[2], []).append(key)
        for column in self.columns:
            if column.name[0] == "z":
                for key in parts.get(column.name[1], ()):
                    column.entries[key] = float(column.name[2])

    def solve(self, known: float, seconds: float) -> Found:
        """
        Find the best plan.

        Parameters
        ----------
        known
            Value of a plan, currency a year; only better ones are sought.
        seconds
            After which it ends.
        """
        self._add_workers_to_parts()
        highs: Any = programme_of(self.rows, [])
        add_columns(highs, self.rows, self.columns)
        for at, column in enumerate(self.columns):
            if column.is_whole:
                highs.changeColIntegrality(at, highspy.HighsVarType.kInteger)
        days = self.choices.days
        highs.setOptionValue("objective_bound", -known / days)
        highs.setOptionValue("mip_rel_gap", 1e-9)
        highs.setOptionValue("time_limit", seconds)
        highs.run()
        info = highs.getInfo()
        if highs.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
            return Found(value=-np.inf, bound=known, workers={}, trips=[], trucks=[])
        bound = max(-info.mip_dual_bound * days, known)
        if info.primal_solution_status != 2:  # no feasible point, in HiGHS's numbering
            return Found(value=-np.inf, bound=bound, workers={}, trips=[], trucks=[])
        values = np.array(highs.getSolution().col_value)
        used = [(c.name, v) for c, v in zip(self.columns, values, strict=True) if v > 0.5]
        trucks = [0] * len(self.relaxed.tours)
        for name, value in used:
            if name[0] == "trucks":
                trucks[name[1]] = round(value)
        return Found(
            value=-info.objective_function_value * days,
            bound=bound,
            workers={name[1]: name[2] for name, _ in used if name[0] == "z"},
            trips=[(name[1], name[2]) for name, _ in used if name[0] == "y"],
            trucks=trucks,
        )
