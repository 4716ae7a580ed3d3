"""
How much each predictor counts: weights chosen so that the mixture follows the outcome best.

For weights *v* of the predictors the donors' weights *w(v)* are those of the nearest mixture;
*v* is chosen so that the outcome before the event is followed with the least mean square [1]_.
That function has several minima. Which of them is found depends on where a search begins and how it
goes: the answers in print come from a simplex search that begins with equal weights and with
weights from a regression [2]_. ``"thorough"`` also goes along directions, and often ends lower
[3]_. Both are told, since a published answer and the least one may differ.

References
----------
.. [1] Abadie, A., Diamond, A. and Hainmueller, J. (2010). Synthetic control methods for comparative
       case studies. Journal of the American Statistical Association 105, section 2.3.
.. [2] Abadie, A., Diamond, A. and Hainmueller, J. (2011). Synth: an R package for synthetic control
       methods in comparative case studies. Journal of Statistical Software 42 (13).
.. [3] Becker, M. and Klößner, S. (2018). Fast and reliable computation of generalized synthetic
       controls. Econometrics and Statistics 5.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from scipy.optimize import minimize

from comarca.demography.effects.simplex import FloatArray, cleaned, nearest_mixture

Search = Literal["published", "thorough"]

_STEPS_A_PREDICTOR = 400
_TOLERANCE = 1e-6


@dataclass(frozen=True, eq=False, kw_only=True)
class Fit:
    """
    Weights of donors and predictors, and how near the outcome was followed.

    Parameters
    ----------
    donors
        Shape ``(n_donors,)``; not negative, sum 1.
    predictors
        Shape ``(n_predictors,)``; not negative, sum 1.
    loss
        Mean square of the outcome's gap over the years that were followed.
    """

    donors: FloatArray
    predictors: FloatArray
    loss: float


def fit_predictors(
    town: FloatArray,
    donors: FloatArray,
    town_outcome: FloatArray,
    donor_outcomes: FloatArray,
    search: Search = "published",
) -> Fit:
    """
    Choose the weights of predictors and donors.

    Parameters
    ----------
    town
        Predictors of the town, shape ``(n_predictors,)``.
    donors
        Predictors of the donors, shape ``(n_predictors, n_donors)``.
    town_outcome, donor_outcomes
        The outcome in the years that are to be followed, shape ``(n_years,)`` and ``(n_years,
        n_donors)``.
    search
        How minima are looked for.

    Returns
    -------
    Fit
        The one with the least loss of those that were found.
    """
    every = np.column_stack((town, donors))
    spread = every.std(axis=1, ddof=1)
    spread = np.where(spread > 0, spread, 1.0)  # a predictor that is the same everywhere
    differences = (donors - town[:, None]) / spread[:, None]
    gaps = donor_outcomes - town_outcome[:, None]

    def loss(raw: FloatArray) -> float:
        return float(np.mean((gaps @ _mixture(raw, differences)) ** 2))

    n = len(town)
    scaled = every / spread[:, None]
    outcomes = np.column_stack((town_outcome, donor_outcomes))
    found = [
        _least(loss, start, method, options)
        for start in (np.full(n, 1 / n), _by_regression(scaled, outcomes))
        for method, options in _methods(n, search)
    ]
    best, least = min(found, key=lambda one: one[1])
    return Fit(
        donors=cleaned(_mixture(best, differences)),
        predictors=_shares(best),
        loss=least,
    )


def _methods(n: int, search: Search) -> Iterator[tuple[str, dict[str, float]]]:
    yield (
        "Nelder-Mead",
        {"maxiter": _STEPS_A_PREDICTOR * n, "xatol": _TOLERANCE, "fatol": _TOLERANCE},
    )
    if search == "thorough":
        yield "Powell", {"xtol": _TOLERANCE, "ftol": _TOLERANCE}


def _least(
    loss: Callable[[FloatArray], float], start: FloatArray, method: str, options: dict[str, float]
) -> tuple[FloatArray, float]:
    """Where a search that begins somewhere ends, and the loss there."""
    search: Any = minimize  # its annotations know no method by a variable name
    found = search(loss, start, method=method, options=options)
    return np.asarray(found.x, dtype=np.float64), float(found.fun)


def _shares(raw: FloatArray) -> FloatArray:
    size = np.abs(raw)
    total = float(size.sum())
    return np.asarray(size / total) if total > 0 else np.full(len(raw), 1 / len(raw))


def _mixture(raw: FloatArray, differences: FloatArray) -> FloatArray:
    return nearest_mixture(np.sqrt(_shares(raw))[:, None] * differences)


def _by_regression(scaled: FloatArray, outcomes: FloatArray) -> FloatArray:
    """Weights in proportion to the squared slopes of the outcome on the predictors."""
    regressors = np.column_stack((np.ones(scaled.shape[1]), scaled.T))
    slopes, *_ = np.linalg.lstsq(regressors, outcomes.T, rcond=None)
    return _shares((slopes[1:] ** 2).sum(axis=1))
