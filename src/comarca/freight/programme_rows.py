"""The rows of the choice of workshops, as they are put together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from comarca.freight.columns import Columns
from comarca.freight.problem import FreightProblem
from comarca.freight.routing_bound import N_MEASURES

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
NO_LIMIT = np.inf


class Rows:
    """
    Rows and their entries, and what many of them are made of.

    Parameters
    ----------
    problem
        What may be chosen.
    enough
        Positions of the columns that say a workshop has so many workers, by option and workers.
    is_staffed
        Whether there are columns that say who works where.
    """

    def __init__(
        self,
        problem: FreightProblem,
        enough: Mapping[tuple[int, int], int],
        *,
        is_staffed: bool = True,
    ) -> None:
        self.problem, self.enough = problem, enough
        self.columns = Columns(problem, len(enough), is_staffed=is_staffed)
        self.base = problem.base_of_process[problem.options.process]
        self.town = problem.town_of_facility[problem.options.facility]
        self._rows: list[Ints] = []
        self._cols: list[Ints] = []
        self._values: list[Floats] = []
        self._row_lower: list[Floats] = []
        self._row_upper: list[Floats] = []
        self.n_rows = 0

    def _visits(self, options: Ints) -> Floats:
        """Of a working day, mean over days."""
        return np.asarray(self.problem.options.visits_per_day[options])

    def _process(self, options: Ints) -> Ints:
        return self.problem.options.process[options]

    def _loads(self, options: Ints) -> Floats:
        """Measures of one worker's day, shape ``(n, 4)``."""
        loads = np.array([process.loads for process in self.problem.processes])
        return np.asarray(loads.reshape(-1, N_MEASURES)[self._process(options)])

    def _workers(
        self, options: Ints, rows: Ints, weights: Floats | None = None
    ) -> tuple[tuple[Ints, Ints, Floats], tuple[Ints, Ints, Floats]]:
        """``weights × n`` of options, as entries of ``x`` and ``extra``."""
        weight = np.ones(len(options)) if weights is None else weights
        least = self.problem.options.least[options]
        return (
            (rows, self.columns("x", options), weight * least),
            (rows, self.columns("extra", options), weight),
        )

    def _one(self, kind: str, at: int, value: float) -> tuple[Ints, Ints, Floats]:
        return np.zeros(1, dtype=np.int64), self.columns(kind, [at]), np.array([value])

    def _add(
        self,
        *parts: tuple[Any, Ints, Any],
        upper: Floats,
        lower: Floats | None = None,
    ) -> None:
        for rows, cols, values in parts:
            self._rows.append(np.asarray(rows, dtype=np.int64) + self.n_rows)
            self._cols.append(cols)
            self._values.append(np.asarray(values, dtype=np.float64))
        self._row_upper.append(upper)
        self._row_lower.append(np.full(len(upper), -NO_LIMIT) if lower is None else lower)
        self.n_rows += len(upper)
