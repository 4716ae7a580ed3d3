"""What one unit of each variable of the choice of workshops is worth, costs and employs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from comarca.freight.aims import TIE, Aim
from comarca.freight.columns import Columns
from comarca.freight.problem import FreightProblem

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class Worths:
    """
    Coefficients of every column.

    Parameters
    ----------
    problem, columns
        What may be chosen, and where it stands.
    surcharge, markup
        As :class:`~comarca.freight.master.Master` has them.
    """

    problem: FreightProblem
    columns: Columns
    surcharge: Floats | None
    markup: Floats | None

    def score(self, aim: Aim) -> Floats:
        """Objective, in the unit of the aim (``aims.py``)."""
        if aim.objective == "cost":
            return -self.outlays()
        if aim.objective == "jobs":
            return self.jobs() - TIE / aim.budget * self.outlays()
        return self.benefit()

    def jobs(self) -> Floats:
        """Jobs, persons."""
        jobs = np.zeros(self.columns.total)
        jobs[self.columns("extra")] = 1.0
        jobs[self.columns("x")] = self.problem.options.least
        return jobs

    def outlays(self) -> Floats:
        """Cost (``aims.py``), currency a year."""
        outlays = -self._of_workshops(
            [-process.supervision for process in self.problem.processes],
            [place.outlay_per_year for place in self.problem.facilities],
        )
        outlays[self.columns("hired")] = [group.outlay for group in self.problem.groups]
        return outlays

    def benefit(self) -> Floats:
        """Net benefit, currency a year."""
        benefit = self._of_workshops(
            [process.worth for process in self.problem.processes],
            [place.cost_per_year for place in self.problem.facilities],
        )
        benefit[self.columns("hired")] = [group.worth for group in self.problem.groups]
        return benefit

    def _of_workshops(self, of_worker: list[float], of_premises: list[float]) -> Floats:
        """Workers of each process less premises, opening and rounds."""
        problem, options = self.problem, self.problem.options
        days = problem.prices.days_per_year
        process = np.array(of_worker)[options.process]
        worth = np.zeros(self.columns.total)
        worth[self.columns("extra")] = process
        worth[self.columns("x")] = process * options.least - np.array(of_premises)[options.facility]
        if self.surcharge is not None:
            worth[self.columns("x")] -= days * self.surcharge
        worth[self.columns("open")] = [-base.opening_per_year for base in problem.bases]
        worth[self.columns("rounds")] = -days * (1.0 if self.markup is None else self.markup)
        return worth
