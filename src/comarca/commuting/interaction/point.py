"""
Balanced flows at one setting of the free parameters, and how they change with it.

With both margins held, flows ``T = a K b`` change by ``dT = T (x + u + v)``, where ``x`` is the
slope of ``ln K`` and ``u``, ``v`` are effects of the origin and of the destination that keep every
margin: what origins and destinations leave unexplained of ``x``, weighted by ``T``. One sparse or
dense linear system for each parameter, solved by conjugate gradients.

References
----------
.. [1] Correia, S., Guimarães, P. and Zylkin, T. (2020). Fast Poisson estimation with
       high-dimensional fixed effects. The Stata Journal 20.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from comarca.commuting.interaction.balancing import Balance
from comarca.commuting.interaction.law import Slope
from comarca.commuting.interaction.pairs import Pairs, flat

Floats = NDArray[np.float64]
Places = NDArray[np.intp]

SHIFT_NOISE = 1e-13  # of sums of doubles
FLAT = 1e-13
MOST_SHIFT_STEPS = 1_000


@dataclass(frozen=True, kw_only=True, eq=False)
class Point:
    """
    Balanced flows at one setting of the free parameters.

    Parameters
    ----------
    free
        The setting, shape ``(n_free,)``.
    pairs
        Pairs that can be travelled.
    slopes
        Derivatives of the kernel's logarithm by each free parameter.
    balance
        The flows.
    workers, jobs
        Margins asked for; jobs are only what draws people where they are not held.
    holds_jobs
        Whether jobs are held, too.
    yielding
        Exponent of the job step that balanced them.
    is_fine
        Whether they are balanced to the tolerance, not roughly.
    shift_tolerance
        Relative error that shifts may have; that of the information is its square.
    guess
        Effects of the destinations at a setting nearby, by parameter.
    iterations
        Balancing steps taken so far, over all settings.
    """

    free: Floats
    pairs: Pairs
    slopes: list[Slope]
    balance: Balance
    workers: Floats
    jobs: Floats
    holds_jobs: bool
    yielding: float
    is_fine: bool
    shift_tolerance: float
    guess: list[Floats] | None
    iterations: int

    @property
    def flows(self) -> Floats:
        """Persons on each pair, flat."""
        return flat(self.balance.flows)

    @property
    def mean_time_min(self) -> float:
        """Mean minutes of a trip."""
        return float(np.vdot(self.flows, self.pairs.time_min) / self.workers.sum())

    @cached_property
    def moments(self) -> list[Floats]:
        """Flows times each slope, flat."""
        return [slope.times(self.flows) for slope in self.slopes]

    @cached_property
    def information(self) -> Floats:
        """Fisher information of the free parameters, shape ``(n_free, n_free)``."""
        information = np.array(
            [
                self._change(moment, *sums)
                for moment, sums in zip(self.moments, self._moment_sums, strict=True)
            ]
        )
        return np.asarray((information + information.T) / 2).reshape(len(self.slopes), -1)

    def change_of(self, moment: Floats) -> Floats:
        """
        Change of a sum over flows with each parameter.

        Parameters
        ----------
        moment
            Flows times what is summed, flat.
        """
        return self._change(moment, self.pairs.row_sums(moment), self.pairs.column_sums(moment))

    def _change(self, moment: Floats, rows: Floats, columns: Floats) -> Floats:
        return np.array(
            [
                slope.sum_over(moment) + of_row @ rows + of_column @ columns
                for slope, (of_row, of_column) in zip(self.slopes, self.shifts, strict=True)
            ]
        )

    @cached_property
    def unexplained(self) -> list[Floats]:
        """What origins and destinations leave unexplained of each slope, flat."""
        ones = np.ones(self.flows.size)
        return [
            slope.times(ones) + self.pairs.spread(*shift)
            for slope, shift in zip(self.slopes, self.shifts, strict=True)
        ]

    @cached_property
    def _moment_sums(self) -> list[tuple[Floats, Floats]]:
        """Sums of each moment over destinations, and over origins."""
        pairs = self.pairs
        return [(pairs.row_sums(moment), pairs.column_sums(moment)) for moment in self.moments]

    def changes_at(self, places: Places, rows: Places, columns: Places) -> Floats:
        """Change of the flows at some places with each parameter, shape ``(n_free, n_places)``."""
        n_pairs = self.flows.size
        changes = [
            self.flows[places] * (slope.at(places, n_pairs) + of_row[rows] + of_column[columns])
            for slope, (of_row, of_column) in zip(self.slopes, self.shifts, strict=True)
        ]
        return np.array(changes).reshape(len(self.slopes), places.size)

    @cached_property
    def shifts(self) -> list[tuple[Floats, Floats]]:
        """By parameter: change of the logarithm of each row's, and of each column's factor."""
        workers, filled = self.workers, self.balance.filled
        if not self.holds_jobs:
            none = np.zeros_like(filled)
            return [(-rows / workers, none) for rows, _ in self._moment_sums]
        flows = self.balance.flows
        transposed = flows.T.tocsr() if isinstance(flows, sparse.csr_array) else flows.T

        def operate(shift: Floats) -> Floats:
            through = transposed @ ((flows @ shift) / workers)
            return np.asarray(filled * shift - self.yielding * through)

        guesses = self.guess or [np.zeros_like(filled)] * len(self.moments)
        found = []
        for (rows, columns), guess in zip(self._moment_sums, guesses, strict=True):
            pull = -self.yielding * (columns - transposed @ (rows / workers))
            enough = max(
                float(pull @ (pull / filled)) * self.shift_tolerance**2,
                float(columns @ (columns / filled)) * SHIFT_NOISE**2,
            )
            of_column = _solved(operate, pull, filled, guess, enough)
            found.append((-(rows + flows @ of_column) / workers, of_column))
        return found


def _solved(
    operate: Callable[[Floats], Floats],
    pull: Floats,
    diagonal: Floats,
    guess: Floats,
    enough: float,
) -> Floats:
    """
    Conjugate gradients, scaled by the diagonal, for a system that may be singular.

    Each labour market has a direction in which nothing changes; scipy's solver divides by zero
    where a market is a single town, so this one ends where the system is nothing but noise, as well
    as where the residual's scaled square is small enough.
    """
    found = guess
    residual = pull - operate(guess)
    scaled = residual / diagonal
    direction, size = scaled, float(residual @ scaled)
    for _ in range(MOST_SHIFT_STEPS):
        if size <= enough:
            break
        image = operate(direction)
        curvature = float(direction @ image)
        if curvature <= FLAT * float(direction @ (diagonal * direction)):
            break
        found = found + size / curvature * direction
        residual = residual - size / curvature * image
        scaled = residual / diagonal
        size, size_before = float(residual @ scaled), size
        direction = scaled + size / size_before * direction
    return found
