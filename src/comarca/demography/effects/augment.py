"""
A ridge correction of what a mixture of donors misses before the event.

The mixture's weights *w* leave gaps before the event. A ridge regression of what comes after on
what came before, over the donors, tells how much of a later gap such gaps explain; that much is
taken off [1]_. It amounts to new weights ``w + X (XᵀX + λI)⁻¹ (x − Xᵀw)``, with *X* the donors'
outcome before the event less their mean and *x* the town's. They still sum to 1 but may be
negative: the correction reaches beyond the donors' hull. λ is chosen by leaving out one year before
the event after the other: the largest whose mean square error lies within one standard error of the
least, since a small one follows every chance movement. A large one leaves the mixture as it is.

References
----------
.. [1] Ben-Michael, E., Feller, A. and Rothstein, J. (2021). The augmented synthetic control
       method. Journal of the American Statistical Association 116.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from comarca.demography.effects.simplex import FloatArray, IntArray

_N_PENALTIES = 20
_LEAST = 1e-8  # of the largest penalty
LEAST_YEARS = 3
"""Years before the event with fewer than which no penalty can be chosen by leaving one out."""


def augmented(
    town: FloatArray,
    donors: FloatArray,
    mixture: Callable[[IntArray], FloatArray],
) -> tuple[FloatArray, float]:
    """
    Correct a mixture by ridge regression.

    Parameters
    ----------
    town
        The outcome before the event, shape ``(n_years,)``, at least :data:`LEAST_YEARS`.
    donors
        Shape ``(n_years, n_donors)``.
    mixture
        Makes weights from the years that are kept, given as their positions.

    Returns
    -------
    weights : numpy.ndarray
        Shape ``(n_donors,)``; sum 1, some may be negative.
    penalty : float
        λ, in squared units of the outcome.
    """
    penalties = _penalties(donors)
    errors = np.zeros((len(town), len(penalties)))
    every = np.arange(len(town))
    for left_out in every:
        kept = np.delete(every, left_out)
        weights = mixture(kept)
        for at, penalty in enumerate(penalties):
            corrected = _corrected(town[kept], donors[kept], weights, penalty)
            errors[left_out, at] = (town[left_out] - donors[left_out] @ corrected) ** 2
    penalty = float(penalties[_largest_as_good(errors)])
    return _corrected(town, donors, mixture(every), penalty), penalty


def _penalties(donors: FloatArray) -> FloatArray:
    """From the largest on: the square of the largest singular value, down to next to nothing."""
    largest = float(np.linalg.norm(donors - donors.mean(axis=1, keepdims=True), 2)) ** 2
    return np.asarray((largest or 1.0) * np.geomspace(1.0, _LEAST, _N_PENALTIES))


def _largest_as_good(errors: FloatArray) -> int:
    """First penalty, from the largest on, within one standard error of the least mean error."""
    means = errors.mean(axis=0)
    least = int(np.argmin(means))
    margin = errors[:, least].std(ddof=1) / np.sqrt(len(errors))
    return int(np.flatnonzero(means <= means[least] + margin)[0])


def _corrected(
    town: FloatArray, donors: FloatArray, weights: FloatArray, penalty: float
) -> FloatArray:
    centred = donors - donors.mean(axis=1, keepdims=True)
    missed = town - donors @ weights
    gram = centred @ centred.T + penalty * np.eye(len(town))
    return np.asarray(weights + centred.T @ np.linalg.solve(gram, missed))
