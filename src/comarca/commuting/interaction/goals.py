"""
What flows should agree with: counted flows, a mean trip, or who stays in the own town.

A goal tells by how much balanced flows miss it and how that changes with the free parameters;
:mod:`comarca.commuting.interaction.solving` makes what is missed zero. Counted flows and stays are
likelihoods: what they miss is the score, and its change the Fisher information.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from comarca.commuting.interaction.law import Slope
from comarca.commuting.interaction.point import Point

Floats = NDArray[np.float64]
Places = NDArray[np.intp]
Flags = NDArray[np.bool_]

HALF = 0.5  # persons; added to counts of which some are 0


class Goal(Protocol):
    """What flows should agree with, in as many numbers as there are free parameters."""

    def misfit(self, point: Point) -> Floats:
        """By how much flows miss it, shape ``(n_free,)``."""
        ...

    def slope(self, point: Point) -> Floats:
        """Derivative of the misfit by the parameters, shape ``(n_free, n_free)``."""
        ...

    def scale(self, point: Point) -> Floats:
        """Size of what is compared, by which a misfit is judged to be none."""
        ...

    def loss(self, point: Point, moves: Flags) -> float:
        """How far flows are from it, in one number that a step of some parameters has to lessen."""
        ...


@dataclass(frozen=True, kw_only=True, eq=False)
class CountedFlows:
    """
    The Poisson likelihood of counted flows, given the margins that are held.

    The multinomial likelihood has the same maximum and the same information.

    Parameters
    ----------
    places
        Places of the pairs with somebody counted, in the flat arrays.
    persons
        Persons on them.
    """

    places: Places
    persons: Floats

    def misfit(self, point: Point) -> Floats:
        """
        Score: counted less modelled sums of each slope.

        What roughly balanced flows miss of the jobs is allowed for to first order.
        """
        counted = np.array([seen.sum() for seen in self._seen(point)])
        score = counted - np.array([slope.sum_over(point.flows) for slope in point.slopes])
        if not point.holds_jobs:
            return np.asarray(score)
        missed = point.jobs - point.balance.filled
        return np.asarray(score + np.array([of_column @ missed for _, of_column in point.shifts]))

    def slope(self, point: Point) -> Floats:
        """Less the Fisher information."""
        return -point.information

    def scale(self, point: Point) -> Floats:
        """Counted sums of the slopes' sizes."""
        return np.array([np.abs(seen).sum() for seen in self._seen(point)])

    def loss(self, point: Point, moves: Flags) -> float:
        """Less the log-likelihood."""
        return -self.log_likelihood(point)

    def log_likelihood(self, point: Point) -> float:
        """Poisson log-likelihood of the counts, without the constant of their factorials."""
        modelled = point.flows[self.places]
        with np.errstate(divide="ignore"):
            return float(self.persons @ np.log(modelled) - point.balance.filled.sum())

    def deviance(self, point: Point) -> float:
        """Twice the log-likelihood that a model of one parameter a pair has more."""
        perfect = float(self.persons @ np.log(self.persons) - self.persons.sum())
        return 2 * (perfect - self.log_likelihood(point))

    def scatter(self, point: Point) -> Floats:
        """Sum over pairs of the squared score, shape ``(n_free, n_free)``."""
        excess = point.flows.copy()
        excess[self.places] -= self.persons
        scores = [excess * slope for slope in point.unexplained]
        return np.array([[one @ other for other in scores] for one in scores])

    def _seen(self, point: Point) -> list[Floats]:
        n_pairs = point.flows.size
        return [self.persons * slope.at(self.places, n_pairs) for slope in point.slopes]


@dataclass(frozen=True, kw_only=True, eq=False)
class Means:
    """
    Means, or shares, that flows should have: sums of excesses over them that should be zero.

    Parameters
    ----------
    excesses
        One for each free parameter: what a person on each pair is above the mean asked for.
    """

    excesses: Sequence[Slope]

    def misfit(self, point: Point) -> Floats:
        """Less the sums of the excesses."""
        return -np.array([excess.sum_over(point.flows) for excess in self.excesses])

    def slope(self, point: Point) -> Floats:
        """How the sums change."""
        return -np.array([point.change_of(excess.times(point.flows)) for excess in self.excesses])

    def scale(self, point: Point) -> Floats:
        """Sums of the excesses' sizes."""
        return np.array([np.abs(excess.times(point.flows)).sum() for excess in self.excesses])

    def loss(self, point: Point, moves: Flags) -> float:
        """Sum of the squared mean excesses of the parameters that move."""
        return float(((self.misfit(point)[moves] / point.workers.sum()) ** 2).sum())


@dataclass(frozen=True, kw_only=True, eq=False)
class Stays:
    """
    Composite Poisson likelihood of who stays in the own town, who leaves it, who comes in.

    Of each town three numbers are known and the margins hold two sums of them, so one is left to
    learn from. With ``T`` modelled stays, ``O`` workers and ``D`` jobs, the three are taken as
    Poisson about ``T``, ``O - T`` and ``D - T``; half a person is added to each, since some are 0.
    A person between two towns counts in both; robust errors, from the scatter of the scores, allow
    for it.

    Parameters
    ----------
    places
        Places of the trips within towns in the flat arrays.
    rows, columns
        Their rows and columns.
    staying
        Persons who live and work in each of these towns.
    """

    places: Places
    rows: Places
    columns: Places
    staying: Floats

    def misfit(self, point: Point) -> Floats:
        """Score."""
        return np.asarray(self._changes(point) @ self._pull(point))

    def slope(self, point: Point) -> Floats:
        """Less the information."""
        return -self.information(point)

    def scale(self, point: Point) -> Floats:
        """What the score would be if every town were off by all it has."""
        weights = self._weights(point) * (self.staying + HALF)
        return np.asarray(np.abs(self._changes(point)) @ weights)

    def loss(self, point: Point, moves: Flags) -> float:
        """Half the deviance."""
        return self.deviance(point) / 2

    def information(self, point: Point) -> Floats:
        """Expected information, shape ``(n_free, n_free)``."""
        changes = self._changes(point)
        return np.asarray((changes * self._weights(point)) @ changes.T)

    def scatter(self, point: Point) -> Floats:
        """Sum over towns of the squared score, shape ``(n_free, n_free)``."""
        scores = self._changes(point) * self._pull(point)
        return np.asarray(scores @ scores.T)

    def deviance(self, point: Point) -> float:
        """Twice the composite log-likelihood that a perfect model has more."""
        return 2 * sum(
            float((seen * np.log(seen / fit) - (seen - fit)).sum())
            for seen, fit in zip(self._seen(point), self._fitted(point), strict=True)
        )

    def _seen(self, point: Point) -> tuple[Floats, Floats, Floats]:
        """Counted stays, out-flows and in-flows."""
        leaving = np.maximum(point.workers[self.rows] - self.staying, 0.0)
        coming = np.maximum(point.jobs[self.columns] - self.staying, 0.0)
        return self.staying + HALF, leaving + HALF, coming + HALF

    def _fitted(self, point: Point) -> tuple[Floats, Floats, Floats]:
        """Modelled ones; jobs that gave way have fewer come in."""
        modelled = point.flows[self.places]
        filled = point.balance.filled[self.columns]
        leaving = np.maximum(point.workers[self.rows] - modelled, 0.0)
        return modelled + HALF, leaving + HALF, np.maximum(filled - modelled, 0.0) + HALF

    def _pull(self, point: Point) -> Floats:
        """Derivative of the log-likelihood by each modelled stay."""
        stay, leave, come = (
            seen / fit - 1 for seen, fit in zip(self._seen(point), self._fitted(point), strict=True)
        )
        return stay - leave - come

    def _weights(self, point: Point) -> Floats:
        """One over the variance of each stay, given what is held."""
        stay, leave, come = self._fitted(point)
        return 1 / stay + 1 / leave + 1 / come

    def _changes(self, point: Point) -> Floats:
        return point.changes_at(self.places, self.rows, self.columns)
