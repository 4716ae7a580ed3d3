"""
The effect on towns whose event came at one time, in one year: *ATT(g, t)*, with its errors.

The change of the outcome from the last year before the event, of towns with the event less that of
their controls. Covariates are allowed for by a regression of the change over the controls, by
weighting the controls with their odds of having the event, or by both (doubly robust: right when
either holds).

Each estimate comes with its *influence function*, a number a town whose mean square tells the
error, so that any weighted mean of estimates has its error too.

References
----------
.. [1] Sant'Anna, P. H. C. and Zhao, J. (2020). Doubly robust difference-in-differences estimators.
       Journal of Econometrics 219, section 3.
"""

from __future__ import annotations

import numpy as np

from comarca.demography.effects.params import Estimator
from comarca.demography.effects.simplex import FloatArray

_STEPS = 50
_SETTLED = 1e-10
_NEARLY_SURE = 1.0 - 1e-6


class NoOverlapError(ValueError):
    """No control resembles the towns with the event in their covariates."""


def effect_on_treated(
    change: FloatArray,
    is_treated: FloatArray,
    covariates: FloatArray,
    estimator: Estimator,
) -> tuple[float, FloatArray]:
    """
    Mean effect on the towns with the event, and its influence function.

    Parameters
    ----------
    change
        Of the outcome, shape ``(n,)``.
    is_treated
        1 for towns with the event, 0 for controls; at least one of each.
    covariates
        Shape ``(n, k)``, the first column 1.
    estimator
        What allows for the covariates.

    Returns
    -------
    effect : float
    influence : numpy.ndarray
        Shape ``(n,)``, mean 0.

    Raises
    ------
    NoOverlapError
        When the covariates tell towns with the event and controls apart without a doubt, or leave
        the regression of the controls without a solution.
    """
    if estimator == "regression":
        return _by_regression(change, is_treated, covariates)
    odds, of_odds = _odds(is_treated, covariates)
    if estimator == "weighting":
        return _by_weighting(change, is_treated, covariates, odds, of_odds)
    return _doubly_robust(change, is_treated, covariates, odds, of_odds)


def _by_regression(change: FloatArray, D: FloatArray, X: FloatArray) -> tuple[float, FloatArray]:
    fitted, of_slopes = _regression_of_controls(change, D, X)
    share = D.mean()
    treated, control = (D * change).mean() / share, (D * fitted).mean() / share
    of_treated = D * (change - treated) / share
    of_control = (D * (fitted - control) + of_slopes @ (D[:, None] * X).mean(axis=0)) / share
    return float(treated - control), np.asarray(of_treated - of_control)


def _by_weighting(
    change: FloatArray, D: FloatArray, X: FloatArray, odds: FloatArray, of_odds: FloatArray
) -> tuple[float, FloatArray]:
    w = odds * (1 - D)
    treated, control = (D * change).mean() / D.mean(), (w * change).mean() / w.mean()
    of_treated = D * (change - treated) / D.mean()
    slope = (w[:, None] * (change - control)[:, None] * X).mean(axis=0)
    of_control = (w * (change - control) + of_odds @ slope) / w.mean()
    return float(treated - control), np.asarray(of_treated - of_control)


def _doubly_robust(
    change: FloatArray, D: FloatArray, X: FloatArray, odds: FloatArray, of_odds: FloatArray
) -> tuple[float, FloatArray]:
    fitted, of_slopes = _regression_of_controls(change, D, X)
    rest = change - fitted
    w = odds * (1 - D)
    treated, control = (D * rest).mean() / D.mean(), (w * rest).mean() / w.mean()
    of_treated = D * (rest - treated) - of_slopes @ (D[:, None] * X).mean(axis=0)
    of_control = (
        w * (rest - control)
        + of_odds @ (w[:, None] * (rest - control)[:, None] * X).mean(axis=0)
        - of_slopes @ (w[:, None] * X).mean(axis=0)
    )
    return float(treated - control), np.asarray(of_treated / D.mean() - of_control / w.mean())


def _regression_of_controls(
    change: FloatArray, D: FloatArray, X: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Change foretold by the controls, shape ``(n,)``, and the influence of each on the slopes."""
    weighted = (1 - D)[:, None] * X
    gram = weighted.T @ X / len(X)
    if np.linalg.matrix_rank(gram) < X.shape[1]:
        raise NoOverlapError("too few controls, or covariates that hang together, to regress on")
    slopes = np.linalg.solve(gram, weighted.T @ change / len(X))
    rest = (1 - D) * (change - X @ slopes)
    return np.asarray(X @ slopes), np.asarray((rest[:, None] * X) @ np.linalg.inv(gram))


def _odds(D: FloatArray, X: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Odds of having the event by logistic regression, and the influence on its slopes."""
    slopes = np.zeros(X.shape[1])
    for _ in range(_STEPS):
        p = 1 / (1 + np.exp(-(X @ slopes)))
        information = (X * (p * (1 - p))[:, None]).T @ X / len(X)
        if np.linalg.matrix_rank(information) < X.shape[1] or p.max() > _NEARLY_SURE:
            raise NoOverlapError("covariates that tell apart without a doubt who has the event")
        step = np.linalg.solve(information, X.T @ (D - p) / len(X))
        slopes += step
        if np.abs(step).max() < _SETTLED:
            break
    else:
        raise NoOverlapError("covariates that tell apart without a doubt who has the event")
    p = 1 / (1 + np.exp(-(X @ slopes)))
    return np.asarray(p / (1 - p)), np.asarray(((D - p)[:, None] * X) @ np.linalg.inv(information))
