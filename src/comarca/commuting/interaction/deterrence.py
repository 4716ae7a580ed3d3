"""
Which deterrence gives a mean trip: a bracketed secant over balanced flows.

The mean trip falls steadily as the deterrence grows, so there is one answer or none.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from comarca.commuting.interaction.balancing import Balance, Pairs, balance
from comarca.commuting.interaction.market import Market
from comarca.errors import ParameterError

FitStatus = Literal["given", "matched", "out_of_reach"]
# Exponents of the job step: all jobs held; then, as little as numbers allow, jobs give way.
YIELDING = (1.0, 0.999, 0.99, 0.9, 0.5)
MEAN_TOLERANCE = 1e-5  # relative
ROUGHNESS = 1e-3  # margins of a trial may be off by this part of the last distance from the target
DOUBT = 50.0  # a trial within this many times its roughness of the target is balanced finely
MAX_TRIALS = 60
STEEPEST_PER_MIN = 1.0  # flows halve in 40 seconds: nobody passes by a nearer job


@dataclass(frozen=True, kw_only=True, eq=False)
class Fit:
    """Balanced flows at one deterrence."""

    beta_per_min: float
    mean_time_min: float
    balance: Balance
    iterations: int
    status: FitStatus
    pairs: Pairs

    def standard_error(self) -> float:
        """Standard error of the deterrence if persons chose independently, per minute."""
        information = self.pairs.time_information(self.balance.flows)
        return float(1 / np.sqrt(information)) if information > 0 else float("inf")


class _Trials:
    """
    Balanced flows for one deterrence after another, each started from the last.

    Whether flows can hold all margins depends on who can reach whom, not on the deterrence; without
    deterrence it shows fastest. Where they cannot, jobs give way throughout.
    """

    def __init__(self, market: Market, tolerance: float, max_iterations: int) -> None:
        self.pairs = Pairs(market.time_min)
        self.steepest = min(STEEPEST_PER_MIN, self.pairs.steepest)
        self._market = market
        self._tolerance = tolerance
        self._max_iterations = max_iterations
        self._start: NDArray[np.float64] | None = None
        self._yielding = list(YIELDING)
        self.iterations = 0

    def without(self) -> Fit:
        """Balance without deterrence, and learn whether all jobs can be held."""
        fit = self.at(0.0)
        while not fit.balance.converged and len(self._yielding) > 1:
            self._give_way()
            fit = self.at(0.0)
        return fit

    def at(self, beta_per_min: float, *, roughly: float = 0.0) -> Fit:
        """Balance at one deterrence, to the tolerance or to a rougher one."""
        balanced = self._balanced(beta_per_min, roughly)
        while balanced.overflowed and len(self._yielding) > 1:
            self._give_way()
            balanced = self._balanced(beta_per_min, roughly)
        self._start = balanced.job_factor
        return Fit(
            beta_per_min=beta_per_min,
            mean_time_min=self.pairs.mean_time(balanced.flows),
            balance=balanced,
            iterations=self.iterations,
            status="given",
            pairs=self.pairs,
        )

    def _give_way(self) -> None:
        self._yielding.pop(0)
        self._start = None

    def _balanced(self, beta_per_min: float, roughly: float) -> Balance:
        balanced = balance(
            self.pairs.kernel(beta_per_min),
            self._market.workers,
            self._market.jobs,
            start=self._start,
            yielding=self._yielding[0],
            tolerance=max(self._tolerance, roughly),
            max_iterations=self._max_iterations,
        )
        self.iterations += balanced.iterations
        return balanced


def balanced_at(market: Market, beta_per_min: float, tolerance: float, max_iterations: int) -> Fit:
    """
    Balance at a given deterrence.

    Raises
    ------
    ParameterError
        When the deterrence is so steep that the kernel is zero in doubles.
    """
    trials = _Trials(market, tolerance, max_iterations)
    if beta_per_min > trials.pairs.steepest:
        raise ParameterError(
            f"beta_per_min is {beta_per_min}; expected at most {trials.pairs.steepest:.3g} with "
            "these travel times."
        )
    trials.without()
    return trials.at(beta_per_min)


def match_mean_time(
    market: Market, target_min: float, tolerance: float, max_iterations: int
) -> Fit:
    """
    Find the deterrence whose flows have this mean trip.

    Parameters
    ----------
    market
        With at least one origin.
    target_min
        Mean trip, minutes.
    tolerance, max_iterations
        Of each balancing.

    Returns
    -------
    Fit
        Status ``"out_of_reach"`` at 0 or at the steepest deterrence when none has this mean.
    """
    trials = _Trials(market, tolerance, max_iterations)
    before = trials.without()
    low, high = 0.0, trials.steepest
    beta = min(1.5 / target_min, high)  # Hyman's first guess
    fit = before
    for _ in range(MAX_TRIALS):
        excess = fit.mean_time_min - target_min
        if abs(excess) <= MEAN_TOLERANCE * target_min:
            return replace(trials.at(fit.beta_per_min), status="matched")
        if excess < 0:
            high = fit.beta_per_min
        else:
            low = fit.beta_per_min
        if high <= 0 or low >= trials.steepest:
            break
        if fit is not before:
            beta = _secant(before, fit, target_min)
            beta = _within(beta, low, high, trials.steepest)
        before, fit = fit, _near(trials, beta, target_min, abs(excess) / target_min)
    return replace(trials.at(fit.beta_per_min), status="out_of_reach")


def _near(trials: _Trials, beta: float, target_min: float, distance: float) -> Fit:
    """Balance as finely as is needed to tell on which side of the target the mean trip lies."""
    roughly = ROUGHNESS * min(distance, 1.0)
    fit = trials.at(beta, roughly=roughly)
    is_clear = abs(fit.mean_time_min / target_min - 1) > DOUBT * roughly
    return fit if is_clear else trials.at(beta)


def _secant(before: Fit, fit: Fit, target_min: float) -> float:
    """Where the line through two fits meets the target; Hyman's step where it is level."""
    rise = fit.mean_time_min - before.mean_time_min
    if rise == 0:
        return fit.beta_per_min * fit.mean_time_min / target_min
    run = fit.beta_per_min - before.beta_per_min
    return fit.beta_per_min + run / rise * (target_min - fit.mean_time_min)


def _within(beta: float, low: float, high: float, steepest: float) -> float:
    """Keep a step between the bounds; feel the way up while the upper one has not been tried."""
    if high == steepest and not low < beta < high:
        return min(3 * low, steepest)
    return beta if low < beta < high else 0.5 * (low + high)
