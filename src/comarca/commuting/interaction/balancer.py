"""
Balanced flows at one setting of the parameters after another.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from comarca.commuting.interaction.balancing import Balance, balance, scaled_rows
from comarca.commuting.interaction.law import Law
from comarca.commuting.interaction.pairs import Matrix, Pairs, sums
from comarca.commuting.interaction.point import Point

Floats = NDArray[np.float64]

# Exponents of the job step: all jobs held; then, as little as numbers allow, jobs give way.
YIELDING = (1.0, 0.999, 0.99, 0.9, 0.5)
LEAST_COLUMN = 1e-260  # about exp(-600): a normal double, with room for the factors
SHIFT_TOLERANCE = 1e-3  # enough for steps and standard errors
ROUGH_SHIFTS = 1e-2


class Balancer:
    """
    Balanced flows for one setting of the parameters after another, each started from the last.

    Whether flows can hold all margins depends on who can reach whom, not on the deterrence; without
    deterrence it shows fastest. Where they cannot, jobs give way throughout.

    Parameters
    ----------
    pairs
        Pairs that can be travelled.
    law
        What draws and deters on them.
    workers, jobs
        Margins, persons, above 0.
    holds_jobs
        Whether jobs are held; otherwise only the workers are.
    tolerance, max_iterations
        Of each balancing.
    shift_tolerance
        Of how flows change with the parameters.
    """

    def __init__(
        self,
        pairs: Pairs,
        law: Law,
        workers: Floats,
        jobs: Floats,
        *,
        holds_jobs: bool = True,
        tolerance: float,
        max_iterations: int,
        shift_tolerance: float = SHIFT_TOLERANCE,
    ) -> None:
        self.pairs = pairs
        self.law = law
        self._margins = (workers, jobs)
        self._holds_jobs = holds_jobs
        self._tolerance = tolerance
        self._max_iterations = max_iterations
        self._shift_tolerance = shift_tolerance
        self._start: Floats | None = None
        self._yielding = list(YIELDING)
        self._iterations = 0

    def learn_what_can_be_held(self) -> None:
        """Balance without deterrence; where jobs cannot all be held, let them give way."""
        if not self._holds_jobs:
            return
        alike = self.pairs.kernel(np.zeros(self.law.n_pairs))
        balanced = self._balanced(alike, 0.0)
        while not balanced.converged and len(self._yielding) > 1:
            self._give_way()
            balanced = self._balanced(alike, 0.0)
        self._start = balanced.job_factor

    def at(
        self, free: Floats, *, before: Point | None = None, roughly: float = 0.0
    ) -> Point | None:
        """
        Balance at one setting of the parameters.

        Parameters
        ----------
        free
            The setting.
        before
            An earlier one, from which job factors are predicted.
        roughly
            Tolerance, where it may be larger than the balancer's own.

        Returns
        -------
        Point or None
            ``None`` where the kernel falls so steeply that doubles cannot hold it.
        """
        kernel = self.pairs.kernel(self.law.log(free))
        if sums(kernel, 0).min() < LEAST_COLUMN:
            return None
        if before is not None and self._holds_jobs:
            moved = sum(
                step * shift
                for step, (_, shift) in zip(free - before.free, before.shifts, strict=True)
            )
            self._start = before.balance.job_factor * np.exp(moved)
        balanced = self._balanced(kernel, roughly)
        while balanced.overflowed and len(self._yielding) > 1:
            self._give_way()
            balanced = self._balanced(kernel, roughly)
        self._start = balanced.job_factor
        return Point(
            free=free,
            pairs=self.pairs,
            slopes=self.law.slopes(free),
            balance=balanced,
            workers=self._margins[0],
            jobs=self._margins[1],
            holds_jobs=self._holds_jobs,
            yielding=self._yielding[0],
            is_fine=roughly <= self._tolerance,
            shift_tolerance=self._shift_tolerance if roughly <= self._tolerance else ROUGH_SHIFTS,
            guess=None if before is None else [shift for _, shift in before.shifts],
            iterations=self._iterations,
        )

    def _give_way(self) -> None:
        self._yielding.pop(0)
        self._start = None

    def _balanced(self, kernel: Matrix, roughly: float) -> Balance:
        workers, jobs = self._margins
        if not self._holds_jobs:
            return scaled_rows(kernel, workers)
        balanced = balance(
            kernel,
            workers,
            jobs,
            start=self._start,
            yielding=self._yielding[0],
            tolerance=max(self._tolerance, roughly),
            max_iterations=self._max_iterations,
        )
        self._iterations += balanced.iterations
        return balanced
