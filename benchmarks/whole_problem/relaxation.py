"""
The relaxation over configurations and trips, by column generation.

Variables
    ``open[b]``; ``tie[t, b]`` and ``hired[g]`` in towns of several premises; ``z[o, n]`` option *o*
    stands with *n* workers; ``trucks[b, k]``; ``y[r]`` how often a trip *r* of type *k* of base *b*
    is driven, which brings each option *o* it serves goods of ``m[o, r]`` workers at most.

Least cost less worth, currency a day, subject to
    - a facility has one configuration at most, of an open base: ``Σ z ≤ 1``, ``Σ_b z ≤ open[b]``,
      and none in the town of an open base
    - a town is tied to one base; its workers have the skills (nested)
    - a process gives out one pattern (``patterns.py``), a base lets out its capacity
    - every visit is made: ``Σ_r y[r] = visits[o] Σ_n z[o, n]`` over trips that serve *o*
    - by trips with room: ``Σ_{r: m ≥ n} y[r] ≥ visits[o] Σ_{n' ≥ n} z[o, n']`` for each *n*
    - premises that must be used are, or ``absent[f]`` is paid for, dearer than anything is worth
    - trucks have their shifts: ``Σ minutes y ≤ shift trucks``, and ``Σ f(minutes / shift) y ≤
      trucks`` for dual feasible functions *f*, which never add up to more than 1 over trips that
      fit one shift

With ``z``, ``trucks`` and ``y`` whole it is the problem itself but for the order of stops and the
packing of trips into shifts, so its optimum is a bound on every plan's value.

References
----------
.. [1] Fekete, S. P. and Schepers, J. (2001). New classes of fast lower bounds for bin packing
       problems. Mathematical Programming 91, 11-31.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import highspy
import numpy as np
from numpy.typing import NDArray

from whole_problem.branching import Limits
from whole_problem.choices import Choices
from whole_problem.columns import Column, Key, Rows, add_columns, programme_of
from whole_problem.patterns import Patterns
from whole_problem.tours import Tours
from whole_problem.trips import Finder, Trip

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
SPLITS = range(1, 11)
TIE = 1e-9
MOST_ITERATIONS = 20_000  # of a linear programme that begins with the last basis
FEW_TRIPS = 10  # found of a type of truck, after which no more sets are looked at
NONE = 1e-6  # currency a day that is as good as no earnings


def split_share(split: int, share: float) -> float:
    """A dual feasible function of the share of a shift that a trip takes."""
    return float(np.floor((split + 1) * (share - TIE)) / split)


class Relaxation:
    """
    The relaxation for bases that are open and numbers of trucks in between limits.

    Parameters
    ----------
    choices
        Of the problem.
    bases
        Those that are open; the others are not.
    tours
        Of each type of truck of each of these bases.
    """

    def __init__(self, choices: Choices, bases: Sequence[int], tours: Sequence[Tours]) -> None:
        self.choices, self.bases, self.tours = choices, tuple(bases), list(tours)
        self.finders = [Finder(each) for each in tours]
        homes = {choices.problem.bases[base].town for base in bases}
        self.kept = [
            at
            for at in range(len(choices.options))
            if int(choices.base[at]) in bases and int(choices.town[at]) not in homes
        ]
        self.rows = Rows()
        self.columns: list[Column] = []
        self._add_rows()
        self._add_choice()
        self.n_choice = len(self.columns)
        self.configurations = [column.name[1:] for column in self.columns if column.name[0] == "z"]
        self.patterns = self._patterns()
        self.patterned: dict[int, tuple[int, ...]] = {}
        self.highs = programme_of(self.rows, self._without_configurations())
        self.trips: set[Key] = set()
        self._add_trips_alone()

    def _patterns(self) -> dict[int, tuple[Patterns, Ints]]:
        """Of each process, with the columns of their configurations."""
        found, options = {}, self.choices.options
        for number, process in enumerate(self.choices.problem.processes):
            mine = [
                (int(options.facility[column.name[1]]), at)
                for at, column in enumerate(self.columns)
                if column.name[0] == "z" and int(options.process[column.name[1]]) == number
            ]
            if not mine:
                continue
            mine.sort()
            _, first = np.unique([facility for facility, _ in mine], return_index=True)
            columns = np.array([at for _, at in mine], dtype=np.int64)
            workers = np.array([self.columns[at].name[2] for at in columns], dtype=np.int64)
            begin = np.append(first, len(mine)).astype(np.int64)
            found[number] = Patterns(begin, workers, int(process.max_workers)), columns
            self.rows.add(("patterns", number), -np.inf, 1.0)
        return found

    def _without_configurations(self) -> list[Column]:
        """Columns of the choice for the relaxation, where configurations stand in patterns."""
        return [
            replace(
                column,
                upper=0.0,
                entries={key: each for key, each in column.entries.items() if key[0] != "process"},
            )
            if column.name[0] == "z"
            else column
            for column in self.columns
        ]

    def _add_rows(self) -> None:
        choices, rows, inf = self.choices, self.rows, np.inf
        problem = choices.problem
        for town, facilities in choices.facilities_of.items():
            for at in facilities:
                rows.add(("one", at), -inf, 1.0)
            if len(facilities) > 1:
                rows.add(("tied", town), -inf, 1.0)
                for rank in range(3):
                    rows.add(("skill", town, rank), 0.0 if rank == 0 else -inf, 0.0)
                for at in facilities:
                    for base in self.bases:
                        rows.add(("tie", at, base), -inf, 0.0)
        for number, process in enumerate(problem.processes):
            rows.add(("process", number), -inf, float(process.max_workers))
        for base in self.bases:
            rows.add(("capacity", base), -inf, problem.bases[base].capacity_t_per_day)
        for option in self.kept:
            rows.add(("visit", option), 0.0, 0.0)
            for workers in list(choices.workers(option))[1:]:
                rows.add(("room", option, workers), 0.0, inf)
        for at in range(len(self.tours)):
            rows.add(("time", at), -inf, 0.0)
            for split in SPLITS:
                rows.add(("split", at, split), -inf, 0.0)

    def _add_choice(self) -> None:
        choices, add = self.choices, self.columns.append
        problem, days = choices.problem, choices.days
        for base in self.bases:
            cost = problem.bases[base].opening_per_year / days
            add(Column(("open", base), cost, {}, 1.0, 1.0, True))
        for town, facilities in choices.facilities_of.items():
            if len(facilities) == 1:
                continue
            for base in self.bases:
                entries: dict[Key, float] = {("tied", town): 1.0}
                entries |= {("tie", at, base): -1.0 for at in facilities}
                add(Column(("tie", town, base), 0.0, entries, 0.0, 1.0, True))
            for at in problem.groups_of_town.get(town, []):
                group = problem.groups[at]
                entries = {("skill", town, rank): -1.0 for rank in range(group.skill_rank + 1)}
                cost = -group.worth / days
                add(Column(("hired", at), cost, entries, 0.0, float(group.workers), False))
        for option in self.kept:
            numbers, worths = choices.workers(option), choices.worths(option)
            for workers, worth in zip(numbers, worths.tolist(), strict=True):
                entries = self._entries_of_choice(option, workers)
                add(Column(("z", option, workers), -worth / days, entries, 0.0, 1.0, True))
        dear = sum(self._most_worth(at) for at in self._premises()) / days
        for at in self._premises():
            add(Column(("absent", at), dear, {("one", at): 1.0}, 0.0, 0.0, False))
        for at, tours in enumerate(self.tours):
            truck = tours.truck
            entries = {("time", at): -truck.shift_min}
            entries |= {("split", at, split): -1.0 for split in SPLITS}
            add(Column(("trucks", at), truck.fixed_per_day, entries, 0.0, truck.number, True))

    def _entries_of_choice(self, option: int, workers: int) -> dict[Key, float]:
        choices = self.choices
        process, visits = choices.process[option], float(choices.visits[option])
        facility, base = int(choices.options.facility[option]), int(choices.base[option])
        entries: dict[Key, float] = {
            ("one", facility): 1.0,
            ("process", int(choices.options.process[option])): float(workers),
            ("capacity", base): process.input_t * workers,
            ("visit", option): -visits,
        }
        for fewer in range(int(choices.options.least[option]) + 1, workers + 1):
            entries["room", option, fewer] = -visits
        if not choices.is_alone(option):
            town = int(choices.town[option])
            entries["tie", facility, base] = 1.0
            entries |= {
                ("skill", town, rank): float(workers) for rank in range(process.skill_rank + 1)
            }
        return entries

    def time_entries(self, at: int, minutes: float) -> dict[Key, float]:
        """What a trip of a type takes of its shifts."""
        entries: dict[Key, float] = {("time", at): minutes}
        for split in SPLITS:
            share = split_share(split, minutes / self.tours[at].truck.shift_min)
            if share > 0:
                entries["split", at, split] = share
        return entries

    def _add_trips_alone(self) -> None:
        for at, tours in enumerate(self.tours):
            alone = {
                int(tours.members[row].argmax()): row
                for row in np.flatnonzero(tours.members.sum(axis=1) == 1)
            }
            trips = []
            for option in tours.most.keys() & set(self.kept):
                place = tours.facilities.index(int(self.choices.options.facility[option]))
                if place in alone:
                    cost, minutes = float(tours.cost[alone[place]]), tours.minutes[alone[place]]
                    trips.append(
                        Trip(
                            options=(option,),
                            workers=(tours.most[option],),
                            cost=cost,
                            minutes=float(minutes),
                            earned=0.0,
                        )
                    )
            self._add(at, sorted(trips, key=lambda trip: trip.options))

    def _add(self, at: int, trips: Sequence[Trip]) -> int:
        """Let these trips be driven; how many are new."""
        new = []
        for trip in trips:
            key = (at, trip.options, trip.workers)
            if key in self.trips:
                continue
            self.trips.add(key)
            entries = self.time_entries(at, trip.minutes)
            for option, most in zip(trip.options, trip.workers, strict=True):
                entries["visit", option] = 1.0
                for workers in range(int(self.choices.options.least[option]) + 1, most + 1):
                    entries["room", option, workers] = 1.0
            new.append(Column(("y", at, *key[1:]), trip.cost, entries, 0.0, np.inf, True))
        add_columns(self.highs, self.rows, new)
        self.columns += new
        return len(new)

    # Solving

    def _premises(self) -> list[int]:
        return [at for facilities in self.choices.facilities_of.values() for at in facilities]

    def _most_worth(self, facility: int) -> float:
        mine = [at for at in self.kept if int(self.choices.options.facility[at]) == facility]
        return max([0.0, *(float(abs(self.choices.worths(at)).max()) for at in mine)])

    def limit(self, limits: Limits) -> None:
        """Set the numbers of trucks, the configurations that may be, and the premises that must."""
        for at, column in enumerate(self.columns[: self.n_choice]):
            if column.name[0] == "trucks":
                self._set(at, *limits.trucks[column.name[1]])
            elif column.name[0] == "z":
                column.upper = 0.0 if column.name[1:] in limits.banned else 1.0
            elif column.name[0] == "absent":
                self._set(at, 0.0, 1.0 if column.name[1] in limits.certain else 0.0)
        for at, members in self.patterned.items():
            may = all(self.columns[each].upper > 0 for each in members)
            self._set(at, 0.0, np.inf if may else 0.0)
        for at in self._premises():
            row, least = self.rows.at["one", at], 1.0 if at in limits.certain else -np.inf
            if self.rows.lower[row] != least:
                self.rows.lower[row] = least
                self.highs.changeRowBounds(row, least, self.rows.upper[row])

    def _set(self, column: int, lower: float, upper: float) -> None:
        if (self.columns[column].lower, self.columns[column].upper) != (lower, upper):
            self.columns[column].lower, self.columns[column].upper = lower, upper
            self.highs.changeColBounds(column, lower, upper)

    def glance(self) -> float:
        """Optimum over the trips there are, currency a year; no bound."""
        self._optimise()
        return float(-self.highs.getInfo().objective_function_value * self.choices.days)

    def trucks(self) -> list[float]:
        """Of each type."""
        first = self.n_choice - len(self.tours)
        return [float(number) for number in self.values[first : self.n_choice]]

    def _optimise(self) -> None:
        """Solve over the columns there are; from nothing, where the last basis leads nowhere."""
        self.highs.setOptionValue("simplex_iteration_limit", MOST_ITERATIONS)
        self.highs.run()
        if self.highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            self.highs.clearSolver()
            self.highs.setOptionValue("simplex_iteration_limit", highspy.kHighsIInf)
            self.highs.run()
        status = self.highs.getModelStatus()
        if status != highspy.HighsModelStatus.kOptimal:
            raise RuntimeError(f"the relaxation was not solved: {status}")

    def chosen(self) -> dict[Key, float]:
        """Share of each configuration of which there is some, by option and workers."""
        return {
            column.name[1:]: float(self.values[at])
            for at, column in enumerate(self.columns[: self.n_choice])
            if column.name[0] == "z" and self.values[at] > NONE
        }

    def bound_without_freight(self) -> float:
        """Bound on the value of every plan of these bases if trucks cost nothing, a year."""
        freight = ("visit", "room", "time", "split")
        choice = [
            replace(
                column, entries={k: v for k, v in column.entries.items() if k[0] not in freight}
            )
            for column in self.columns[: self.n_choice]
        ]
        highs = programme_of(self.rows, choice)
        highs.run()
        return float(-highs.getInfo().objective_function_value * self.choices.days)

    def solve(self, enough: float, most_new: int = 200) -> float:
        """
        Add trips until none earns anything, or the bound is low enough.

        Parameters
        ----------
        enough
            Currency a year; a bound below it is low enough.
        most_new
            Trips of each type added at once.

        Returns
        -------
        float
            Bound on the value of every plan with these bases and trucks, currency a year.
        """
        most_visits = self._most_visits()
        while True:
            self._optimise()
            solution = self.highs.getSolution()
            self.values = np.array(solution.col_value)
            self.duals = np.array(solution.row_dual)
            self.reduced = np.array(solution.col_dual)
            objective = self.highs.getInfo().objective_function_value
            for at, members in self.patterned.items():
                self.values[list(members)] += self.values[at]
            most = 0.0
            lost, n_new = self._add_patterns()
            for at, finder in enumerate(self.finders):
                found = finder.find(
                    self.earnings(at),
                    self.price_of_time(at),
                    more_than=NONE,
                    only_best=True,
                    enough=FEW_TRIPS,
                )
                found.sort(key=lambda trip: -trip.earned)
                earned = found[0].earned if found else NONE
                most = max(most, earned if finder.is_whole else finder.most_earned)
                n_new += self._add(at, found[:most_new])
            # What a trip earns too much may be taken off each of its visits.
            bound = -(objective + lost - most * most_visits) * self.choices.days
            if bound < enough or n_new == 0:
                return float(bound)

    def _add_patterns(self) -> tuple[float, int]:
        """
        Add patterns of reduced cost below 0; the least of each process together, and how many.

        The reduced cost of a configuration becomes that of the cheapest pattern with it.
        """
        lost, added = 0.0, []
        for number, (patterns, columns) in self.patterns.items():
            own = self.reduced[columns]
            own[[self.columns[at].upper <= 0 for at in columns]] = np.inf
            dual = self.duals[self.rows.at["patterns", number]]
            least, found = patterns.through(own)
            self.reduced[columns] = least - dual
            lost += min(0.0, float(least.min(initial=0.0)) - dual)
            for members in found:
                if own[list(members)].sum() - dual < -NONE:
                    chosen = tuple(int(columns[at]) for at in members)
                    self.patterned[len(self.columns) + len(added)] = chosen
                    added.append(self._pattern(number, chosen))
        add_columns(self.highs, self.rows, added)
        self.columns += added
        return lost, len(added)

    def _pattern(self, process: int, members: Sequence[int]) -> Column:
        """Configurations of a process as one column."""
        entries: dict[Key, float] = {("patterns", process): 1.0}
        for at in members:
            for key, value in self.columns[at].entries.items():
                if key[0] != "process":
                    entries[key] = entries.get(key, 0.0) + value
        cost = sum(self.columns[at].cost for at in members)
        return Column(("pattern", process), cost, entries, 0.0, np.inf, False)

    def _most_visits(self) -> int:
        """Visits of a day where every facility wants the most it may."""
        of_facility: dict[int, int] = {}
        for option in self.kept:
            at = int(self.choices.options.facility[option])
            of_facility[at] = max(of_facility.get(at, 0), int(self.choices.visits[option]))
        return sum(of_facility.values())

    def earnings(
        self, at: int, only: dict[int, list[int]] | None = None
    ) -> dict[int, list[tuple[int, float]]]:
        """
        What a visit earns by option and workers, where more workers earn more.

        Parameters
        ----------
        at
            Type of truck.
        only
            By option, the numbers of workers that count; ``None`` = all.
        """
        tours, earns = self.tours[at], {}
        for option in self.kept if only is None else only:
            if option not in tours.most:
                continue
            profit, pairs = self.duals[self.rows.at["visit", option]], []
            for workers in range(int(self.choices.options.least[option]), tours.most[option] + 1):
                row = self.rows.at.get(("room", option, workers))
                profit += 0.0 if row is None else max(self.duals[row], 0.0)
                if only is not None and workers not in only[option]:
                    continue
                if not pairs or profit > pairs[-1][1] + TIE:
                    pairs.append((workers, float(profit)))
            earns[option] = pairs
        return earns

    def price_of_time(self, at: int) -> Floats:
        """Of a trip of a type to each set of its tours, currency."""
        tours = self.tours[at]
        price = -self.duals[self.rows.at["time", at]] * tours.minutes
        shares = tours.minutes / tours.truck.shift_min
        for split in SPLITS:
            dual = self.duals[self.rows.at["split", at, split]]
            if dual < 0:
                price = price - dual * np.floor((split + 1) * (shares - TIE)) / split
        return np.asarray(price)
