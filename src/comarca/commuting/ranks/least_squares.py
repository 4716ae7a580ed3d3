"""
Least squares for many falling rows of numbers at once.

Two of the fits are straight lines. The other two have one number that enters the curve as an
exponent; for a given value of it the rest of the fit is a straight line again (variable
projection), so a search along one axis finds the best fit: a grid brackets the best value, and
Newton steps, which never leave the bracket, settle it. All of it is done for every row together.

Rows are sorted, the largest value first, and the first abscissa is 0.

References
----------
.. [1] Golub, G. H. and Pereyra, V. (1973). The differentiation of pseudo-inverses and nonlinear
       least squares problems whose variables separate. SIAM Journal on Numerical Analysis 10 (2).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

_GRID = 160  # steps of about 9 %, far finer than the curves bend
_FAINTEST = 1e-3  # a fall by a thousandth over all ranks looks flat
_STEEPEST = 40.0  # exp(-40) of the first value is nothing beside it
_STEPS = 60  # as many as halving the bracket alone would need
_SETTLED = 1e-7  # relative; the error left is about the square of the last step


@dataclass(frozen=True, eq=False, kw_only=True)
class Curves:
    """
    The best curve for each row.

    Parameters
    ----------
    scale, decline
        The two numbers of each curve, shape ``(n_rows,)``; what they mean is for each fit to say.
    r2
        Coefficient of determination, shape ``(n_rows,)``, in [0, 1]; 1 for a row of equal values,
        which every curve here meets.
    """

    scale: FloatArray
    decline: FloatArray
    r2: FloatArray


def line(rows: FloatArray, x: FloatArray) -> Curves:
    """
    Fit ``scale - decline * x``.

    Parameters
    ----------
    rows
        Shape ``(n_rows, n)``, falling.
    x
        Abscissae, shape ``(n,)``, rising.

    Returns
    -------
    Curves
    """
    mean = rows.mean(axis=1)
    off_x = x - x.mean()
    decline = -(rows @ off_x) / (off_x @ off_x)
    fitted = mean[:, None] - decline[:, None] * off_x
    return Curves(scale=mean + decline * x.mean(), decline=decline, r2=_r2(rows, fitted))


def decay(rows: FloatArray, x: FloatArray) -> Curves:
    """
    Fit ``scale * exp(-decline * x)`` by true nonlinear least squares.

    Parameters
    ----------
    rows
        Shape ``(n_rows, n)``, falling, above 0.
    x
        Abscissae, shape ``(n,)``, from 0, rising.

    Returns
    -------
    Curves
        With ``decline`` 0 or more: no rising curve fits a falling row better.
    """
    grid = _grid(_FAINTEST / x[-1], _STEEPEST / x[1])
    shapes = np.exp(-np.outer(x, grid))
    explained = (rows @ (shapes / np.linalg.norm(shapes, axis=0))) ** 2

    def gradient(decline: FloatArray, at: NDArray[np.intp]) -> tuple[FloatArray, FloatArray]:
        """First and second derivative of the logarithm of what is explained."""
        shape = np.exp(-decline[:, None] * x)
        weighted, squared = rows[at] * shape, shape**2
        total, total_squared = weighted.sum(axis=1), squared.sum(axis=1)
        mean, mean_squared = (weighted @ x) / total, (squared @ x) / total_squared
        spread = (weighted @ x**2) / total - mean**2
        spread_squared = (squared @ x**2) / total_squared - mean_squared**2
        return 2 * (mean_squared - mean), 2 * spread - 4 * spread_squared

    decline = _climbed(gradient, grid, explained.argmax(axis=1))
    shape = np.exp(-decline[:, None] * x)
    scale = (rows * shape).sum(axis=1) / (shape**2).sum(axis=1)
    return Curves(scale=scale, decline=decline, r2=_r2(rows, scale[:, None] * shape))


def log_of_line(rows: FloatArray, x: FloatArray) -> Curves:
    """
    Fit ``log(scale - decline * x)`` by true nonlinear least squares.

    Parameters
    ----------
    rows
        Shape ``(n_rows, n)``, falling.
    x
        Abscissae, shape ``(n,)``, from 0, rising.

    Returns
    -------
    Curves
        With ``decline`` 0 or more, and ``scale - decline * x`` above 0 throughout: a curve that
        falls to 0 lies infinitely far off.

    Notes
    -----
    The curve is ``log(scale) + log(1 - p + p * exp(-s))`` with ``p = x / x[-1]``: it ends ``s``
    below its beginning, and any ``s`` from 0 keeps it above 0.
    """
    share = x / x[-1]
    most = float(np.ptp(rows, axis=1).max(initial=0.0))
    # The last value alone pulls the end of the curve down, never far below itself.
    grid = _grid(_FAINTEST, 4 * most + _STEEPEST)
    off_rows = rows - rows.mean(axis=1, keepdims=True)
    shapes = np.log(_above_zero(grid, share)[0]).T
    shapes -= shapes.mean(axis=0)
    gain = 2 * off_rows @ shapes - (shapes**2).sum(axis=0)

    def gradient(fall: FloatArray, at: NDArray[np.intp]) -> tuple[FloatArray, FloatArray]:
        """First and second derivative of half of what the squared distance loses."""
        level, left = _above_zero(fall, share)
        shape = np.log(level)
        slope = -share * left / level
        bend = -slope * (1 - share) / level
        distance = off_rows[at] - (shape - shape.mean(axis=1, keepdims=True))
        spread = (slope**2).sum(axis=1) - slope.sum(axis=1) ** 2 / len(x)
        return (distance * slope).sum(axis=1), (distance * bend).sum(axis=1) - spread

    fall = _climbed(gradient, grid, gain.argmax(axis=1))
    shape = np.log(_above_zero(fall, share)[0])
    log_scale = (rows - shape).mean(axis=1)
    scale = np.exp(log_scale)
    decline = -scale * np.expm1(-fall) / x[-1]
    return Curves(scale=scale, decline=decline, r2=_r2(rows, log_scale[:, None] + shape))


def _above_zero(fall: FloatArray, share: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Height of each curve before the logarithm, the first 1; and the last height."""
    left = np.exp(-fall)[:, None]
    return 1 - share + share * left, left


def _grid(least: float, most: float) -> FloatArray:
    return np.concatenate(([0.0], np.geomspace(least, most, _GRID)))


def _climbed(
    gradient: Callable[[FloatArray, NDArray[np.intp]], tuple[FloatArray, FloatArray]],
    grid: FloatArray,
    best: NDArray[np.intp],
) -> FloatArray:
    """Top of each row's curve, between the neighbours of its best value on the grid."""
    low, high = grid[np.maximum(best - 1, 0)], grid[np.minimum(best + 1, len(grid) - 1)]
    value = grid[best].copy()
    moving = np.arange(len(value))
    for _ in range(_STEPS):
        slope, bend = gradient(value[moving], moving)
        here = value[moving]
        low[moving] = np.where(slope > 0, here, low[moving])
        high[moving] = np.where(slope > 0, high[moving], here)
        with np.errstate(divide="ignore", invalid="ignore"):
            newton = here - slope / bend
        is_inside = (bend < 0) & (newton >= low[moving]) & (newton <= high[moving])
        value[moving] = np.where(is_inside, newton, (low[moving] + high[moving]) / 2)
        is_settled = np.abs(value[moving] - here) <= _SETTLED * np.abs(here)
        moving = moving[~is_settled]
        if not len(moving):
            break
    return value


def _r2(rows: FloatArray, fitted: FloatArray) -> FloatArray:
    unexplained = ((rows - fitted) ** 2).sum(axis=1)
    off_mean = ((rows - rows.mean(axis=1, keepdims=True)) ** 2).sum(axis=1)
    is_flat = rows[:, 0] == rows[:, -1]
    r2 = 1 - unexplained / np.where(is_flat, 1.0, off_mean)
    return np.where(is_flat, 1.0, r2)
