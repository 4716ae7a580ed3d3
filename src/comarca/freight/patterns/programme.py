"""
Choices of workshops in which each process gives out a whole pattern.

A process has few workshops, so a relaxation that only counts its workers fills it up with a part of
one more. To a programme that holds the variables of ``master.py`` come

Variables
    ``p[s]`` ≥ 0, or in {0, 1}, pattern *s* of a process: workshops, each with its workers, at most
    one at each premises and together no more workers than the process has work for.

Rows
    - a process has one pattern: ``Σ_s p[s] ≤ 1``
    - workshops are those of the pattern: ``x[o] = Σ_{s with o} p[s]``
    - and so are their workers: ``n[o] = Σ_s n_s[o] p[s]``

A relaxation gets patterns as long as one is worth more than it costs (``knapsack.py``). A pattern
that is worth less than it costs, by more than the relaxation exceeds a plan, has no part in a
better plan; those that lose less can be listed.

References
----------
.. [1] Dantzig, G. B. and Wolfe, P. (1960). Decomposition principle for linear programs. Operations
       Research 8(1), 101-111.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from comarca.freight.added_columns import add_columns
from comarca.freight.master import Master
from comarca.freight.patterns.knapsack import (
    Knapsack,
    most_at_each_premises,
    most_before_and_after,
    pattern_at,
    patterns_within,
)
from comarca.freight.problem import FreightProblem

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
NEAR = 1e-5  # share of the objective that is hardly more
SMALL = 1e-7  # of the objective's unit that is as good as nothing
MOST_ROUNDS = 150  # of patterns, of all relaxations of a programme together
MOST_WORK = 2e6  # steps of a knapsack, above which a process has no patterns
HALVINGS = 12  # of what patterns may lose, until they are few enough


@dataclass(frozen=True)
class Pattern:
    """Workshops of a process: options and their workers."""

    process: int
    workshops: tuple[tuple[int, int], ...]


@dataclass(frozen=True, eq=False)
class _Process:
    """Its options sorted by premises, where those of each begin, and its first row."""

    number: int
    options: Ints
    first: Ints
    row: int

    @cached_property
    def position(self) -> dict[int, int]:
        """Of each option."""
        return {int(option): at for at, option in enumerate(self.options)}

    def rows(self, at: int) -> tuple[int, int]:
        """Of the workshop and of the workers of an option, by its position."""
        return self.row + 1 + at, self.row + 1 + len(self.options) + at


def patterns_of(problem: FreightProblem, workers: Mapping[int, int]) -> list[Pattern]:
    """Those of a plan, given its workers by option."""
    workshops: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for option in sorted(workers, key=lambda at: (problem.options.facility[at], at)):
        workshops[int(problem.options.process[option])].append((int(option), workers[option]))
    return [Pattern(process, tuple(each)) for process, each in workshops.items()]


class Patterns:
    """
    Patterns in a programme of HiGHS.

    Parameters
    ----------
    highs
        Holds the programme of the master, perhaps with more rows and columns.
    master
        Whose closed options are in no pattern.
    """

    def __init__(self, highs: Any, master: Master) -> None:
        self.highs, self.options, self.columns = highs, master.problem.options, master.columns
        self.processes: list[_Process] = []
        self._known: set[Pattern] = set()
        self._rounds = 0
        for number, process in enumerate(master.problem.processes):
            mine = np.flatnonzero((self.options.process == number) & ~master.is_closed)
            mine = mine[np.argsort(self.options.facility[mine], kind="stable")]
            limit = int(process.max_workers)
            spans = np.minimum(self.options.most[mine], limit) - self._least(mine) + 1
            if len(mine) and float(spans.sum()) * limit <= MOST_WORK:
                self.processes.append(self._with_rows(number, mine))
        self.limits = [int(process.max_workers) for process in master.problem.processes]

    def add(self, patterns: Sequence[Pattern], *, is_whole: bool = False) -> None:
        """Let processes have these, but for those known already or with a closed option."""
        import highspy

        at_of = {each.number: each for each in self.processes}
        starts: list[int] = []
        index: list[int] = []
        values: list[float] = []
        for pattern in patterns:
            each = at_of.get(pattern.process)
            if each is None or pattern in self._known:
                continue
            if not all(option in each.position for option, _ in pattern.workshops):
                continue
            self._known.add(pattern)
            starts.append(len(index))
            index.append(each.row)
            values.append(1.0)
            for option, workers in pattern.workshops:
                index += each.rows(each.position[option])
                values += [-1.0, -float(workers)]
        n, first = len(starts), self.highs.getNumCol()
        if not n:
            return
        add_columns(self.highs, starts, index, values)
        for column in range(first, first + n) if is_whole else ():
            self.highs.changeColIntegrality(column, highspy.HighsVarType.kInteger)

    def solve(self, is_out_of_time: Callable[[], bool]) -> None:
        """Solve the relaxation, with all patterns that it wants or as many as there is time for."""
        while self._rounds < MOST_ROUNDS:
            self._rounds += 1
            self.highs.run()
            objective = float(self.highs.getInfo().objective_function_value)
            duals = np.array(self.highs.getSolution().row_dual)
            before = len(self._known)
            more = sum(self._priced(each, duals) for each in self.processes)
            if more <= NEAR * abs(objective) or len(self._known) == before or is_out_of_time():
                break
        self.highs.run()

    def near(self, loss: float, most: int) -> tuple[Pattern, ...]:
        """
        List the patterns that lose so much or less by the prices found last.

        Parameters
        ----------
        loss
            In the unit of the programme's objective.
        most
            Patterns of a process; where more lose no more, only those that lose half as much are
            listed, or half of that.

        """
        duals = np.array(self.highs.getSolution().row_dual)
        found: list[Pattern] = []
        for each in self.processes:
            knapsack, price = self._knapsack(each, duals)
            before, _ = most_before_and_after(knapsack)
            for halving in range(HALVINGS):
                mine = patterns_within(knapsack, before, price - loss / 2**halving, most)
                if mine is not None:
                    found += [self._pattern(each, workshops) for workshops in mine if workshops]
                    break
        return tuple(found)

    def _priced(self, each: _Process, duals: Floats) -> float:
        """Add the best pattern with each premises that is worth more than it costs; how much."""
        knapsack, price = self._knapsack(each, duals)
        before, after = most_before_and_after(knapsack)
        value, option, workers, room = most_at_each_premises(knapsack, before, after)
        found = []
        for i in np.flatnonzero(value > price + SMALL).tolist():
            given = (i, int(option[i]), int(workers[i]), int(room[i]))
            chosen, numbers = pattern_at(knapsack, *given, before, after)
            workshops = tuple(zip(chosen.tolist(), numbers.tolist(), strict=True))
            found.append(self._pattern(each, workshops))
        self.add(found)
        return max(float(before[-1, -1]) - price, 0.0)

    def _knapsack(self, each: _Process, duals: Floats) -> tuple[Knapsack, float]:
        """What its options are worth, and what a pattern costs."""
        n, limit = len(each.options), self.limits[each.number]
        rows = duals[each.row : each.row + 1 + 2 * n]
        knapsack = Knapsack(
            first=each.first,
            least=self._least(each.options),
            most=np.minimum(self.options.most[each.options], limit),
            fixed=rows[1 : 1 + n].copy(),
            each=rows[1 + n :].copy(),
            limit=limit,
        )
        return knapsack, max(float(rows[0]), 0.0)

    def _pattern(self, each: _Process, workshops: Sequence[tuple[int, int]]) -> Pattern:
        named = tuple((int(each.options[at]), int(workers)) for at, workers in workshops)
        return Pattern(each.number, named)

    def _least(self, options: Ints) -> Ints:
        return self.options.least[options]

    def _with_rows(self, number: int, mine: Ints) -> _Process:
        """Add the rows of a process: of its pattern, of workshops, of workers."""
        row = self.highs.getNumRow()
        _, counts = np.unique(self.options.facility[mine], return_counts=True)
        x, extra = self.columns("x", mine), self.columns("extra", mine)
        least = self._least(mine).astype(np.float64)
        self._row([], [], -np.inf, 1.0)
        for at in range(len(mine)):
            self._row([x[at]], [1.0], 0.0, 0.0)
        for at in range(len(mine)):
            self._row([x[at], extra[at]], [least[at], 1.0], 0.0, 0.0)
        first = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        return _Process(number, mine, first, row)

    def _row(self, index: list[Any], values: list[float], lower: float, upper: float) -> None:
        columns = np.array(index, dtype=np.int32)
        self.highs.addRow(lower, upper, len(index), columns, np.array(values, dtype=np.float64))
