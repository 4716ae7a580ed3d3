"""
Mixtures of donors: the nearest point of their convex hull, and which mixture reaches it.

Weights of donors are not negative and sum to 1. The mixture nearest to a town is the point of least
norm of the hull of the differences, a least-squares problem without negative coefficients [1]_
that an active-set rule solves exactly in a finite number of steps.

With few counts before an opening and many donors, a town lies *within* the hull, and infinitely
many mixtures meet it exactly. Then the one is taken whose donors resemble the town most one by
one: the limit of the penalised estimator of Abadie and L'Hour [2]_ as its penalty goes to zero,
a linear programme whose solution has no more donors than counts plus one.

References
----------
.. [1] Lawson, C. L. and Hanson, R. J. (1974). Solving Least Squares Problems, chapter 23.
.. [2] Abadie, A. and L'Hour, J. (2021). A penalized synthetic control estimator for disaggregated
       data. Journal of the American Statistical Association 116.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog, nnls

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.intp]

_MET = 1e-9  # of the largest difference; nearer than that the town lies within the hull
_NONE = 1e-10  # weights below it are rounding


def nearest_mixture(differences: FloatArray) -> FloatArray:
    """
    Weights of the mixture nearest to the origin.

    Parameters
    ----------
    differences
        Donors less the town, shape ``(n_features, n_donors)``, in units that may be compared.

    Returns
    -------
    numpy.ndarray
        Shape ``(n_donors,)``; not negative, sum 1. Where several mixtures are equally near, any.

    Notes
    -----
    Least squares of ``[P; 1ᵀ] u = [0; 1]`` with ``u ≥ 0`` has the solution ``u = s w``, where *w*
    is the mixture of least ``|P w|`` and ``s = 1 / (1 + |P w|²)``.
    """
    n_features, n_donors = differences.shape
    size = float(np.abs(differences).max(initial=0.0))
    if size == 0.0:
        return np.full(n_donors, 1.0 / n_donors)
    matrix = np.vstack((differences / size, np.ones(n_donors)))
    target = np.append(np.zeros(n_features), 1.0)
    found, _ = nnls(matrix, target)
    return np.asarray(found / found.sum())


def most_alike_mixture(differences: FloatArray) -> FloatArray:
    """
    Weights of the nearest mixture; of several, the one whose donors are most alike the town.

    Parameters
    ----------
    differences
        Donors less the town, shape ``(n_features, n_donors)``.

    Returns
    -------
    numpy.ndarray
        Shape ``(n_donors,)``; not negative, sum 1.
    """
    weights = nearest_mixture(differences)
    size = float(np.abs(differences).max(initial=0.0))
    if size == 0.0 or float(np.abs(differences @ weights).max()) > _MET * size:
        return weights
    scaled = differences / size
    told = linprog(
        (scaled**2).sum(axis=0),
        A_eq=np.vstack((scaled, np.ones(len(weights)))),
        b_eq=np.append(np.zeros(len(scaled)), 1.0),
        method="highs",
    )
    return weights if told.x is None else cleaned(np.asarray(told.x, dtype=np.float64))


def cleaned(weights: FloatArray) -> FloatArray:
    """Weights without what is mere rounding; they sum to 1 again."""
    kept = np.where(weights > _NONE, weights, 0.0)
    return np.asarray(kept / kept.sum())
