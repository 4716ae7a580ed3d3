"""
How much of a figure's variance each of several factors explains.

Assumes that effects add up; what does not add up is left unexplained.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from math import comb

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def explained_shares(factors: Sequence[NDArray[np.generic]], figure: Floats) -> Floats:
    """
    Share of a figure's variance that each factor explains.

    Parameters
    ----------
    factors
        Level of each factor in each trial, each of shape ``(n_trials,)``.
    figure
        Shape ``(n_trials,)``.

    Returns
    -------
    ndarray
        In [0, 1], shape ``(n_factors,)``: what a factor adds to the variance explained, averaged
        over every order in which factors may be brought in. The shares add up to what all factors
        explain together without acting on each other; all are 0 when the figure never changes.

    Notes
    -----
    In a whole grid the order does not matter and a share is the variance of the means at the
    factor's levels over that of all trials. It does where combinations are missing.

    References
    ----------
    .. [1] Lindeman, R. H., Merenda, P. F. and Gold, R. Z. (1980). Introduction to Bivariate and
           Multivariate Analysis. Scott, Foresman.
    .. [2] Grömping, U. (2007). Estimators of relative importance in linear regression based on
           variance decomposition. The American Statistician 61.
    """
    n_factors = len(factors)
    if not n_factors or (figure == figure[0]).all():
        return np.zeros(n_factors)
    levels = [_indicators(factor) for factor in factors]
    explained = {
        chosen: _explained([levels[factor] for factor in chosen], figure)
        for size in range(n_factors + 1)
        for chosen in combinations(range(n_factors), size)
    }
    shares = np.zeros(n_factors)
    for chosen, share in explained.items():
        for factor in set(range(n_factors)) - set(chosen):
            with_it = explained[tuple(sorted((*chosen, factor)))]
            orders = n_factors * comb(n_factors - 1, len(chosen))
            shares[factor] += (with_it - share) / orders
    return np.maximum(shares, 0.0)


def _indicators(factor: NDArray[np.generic]) -> Floats:
    """A column a level but the first, 1 where the factor has it."""
    levels = np.unique(factor)[1:]
    return np.asarray(factor[:, None] == levels, dtype=np.float64)


def _explained(levels: Sequence[Floats], figure: Floats) -> float:
    """Share of the variance that level means explain, by least squares."""
    columns = np.hstack([np.ones((len(figure), 1)), *levels])
    fitted = columns @ np.linalg.lstsq(columns, figure, rcond=None)[0]
    return 1.0 - float(((figure - fitted) ** 2).sum() / ((figure - figure.mean()) ** 2).sum())
