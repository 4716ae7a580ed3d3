"""
How narrow a town's mix of industries is, and how far it differs from a reference.

Assumption: an industry that a counted town does not list has nobody in it. A town that was not
counted at all is ``nan`` throughout; nothing is computed from it.

All functions take employment with industries on the last axis, and any axes before it. They depend
on shares alone: counting in thousands, or naming industries anew, changes nothing.

References
----------
.. [1] Wieland, T. (2019). REAT: a regional economic analysis toolbox for R. REGION 6(3), R1-R57.
.. [2] Krugman, P. (1991). Geography and Trade. MIT Press.
.. [3] Farhauer, O. and Kröll, A. (2013). Standorttheorien. Springer.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def shares(persons: ArrayLike) -> Floats:
    """
    Share of each industry in its town's employment.

    Parameters
    ----------
    persons
        Employment, shape ``(..., n_industries)``, 0 or more.

    Returns
    -------
    numpy.ndarray
        The same shape, in [0, 1]; ``nan`` where nobody is employed or nothing was counted.
    """
    counts = np.asarray(persons, dtype=np.float64)
    total = counts.sum(axis=-1, keepdims=True)
    return ratio(counts, total)


def ratio(part: ArrayLike, whole: ArrayLike) -> Floats:
    """A part for its whole, element by element; ``nan`` where the whole is not above 0."""
    above, below = np.broadcast_arrays(
        np.asarray(part, dtype=np.float64), np.asarray(whole, dtype=np.float64)
    )
    found: Floats = np.full(above.shape, np.nan)
    np.divide(above, below, out=found, where=below > 0)
    return found


def location_quotients(persons: ArrayLike, reference: ArrayLike) -> Floats:
    """
    Share of an industry in a town for its share in the reference: ``(e_ij/e_i) / (E_j/E)``.

    Parameters
    ----------
    persons
        Employment, shape ``(..., n_industries)``.
    reference
        Employment of the reference, shape ``(n_industries,)`` or broadcastable.

    Returns
    -------
    numpy.ndarray
        1 where the town is like the reference, 0 or more; ``nan`` where the reference has none.
    """
    return ratio(shares(persons), shares(reference))


def herfindahl(persons: ArrayLike) -> Floats:
    """Sum of squared shares, from one over the number of industries to 1 (all in one)."""
    found: Floats = (shares(persons) ** 2).sum(axis=-1)
    return found


def hoover(persons: ArrayLike, reference: ArrayLike) -> Floats:
    """
    Share of employment that would have to change industry to be like the reference, in [0, 1].

    Half of Krugman's index of the same two.
    """
    return krugman(persons, reference) / 2


def krugman(persons: ArrayLike, reference: ArrayLike) -> Floats:
    """
    Krugman's index of specialisation: summed distance of shares, in [0, 2].

    0 for the mix of the reference, 2 where they have no industry in common (Krugman 1991).
    """
    found: Floats = np.abs(shares(persons) - shares(reference)).sum(axis=-1)
    return found


def gini(persons: ArrayLike, reference: ArrayLike) -> Floats:
    """
    Gini coefficient of a town's location quotients, in [0, 1 - 1/n].

    ``2 / (n² R̄) · Σ λ (R_λ − R̄)`` over the *n* industries of the reference, quotients *R* ranked
    from the least (λ = 1), as Farhauer and Kröll (2013) and REAT have it.
    """
    quotients = location_quotients(persons, reference)
    n = np.sum(~np.isnan(quotients), axis=-1, keepdims=True)
    ranked = np.sort(quotients, axis=-1)  # nan last
    rank = np.arange(1, quotients.shape[-1] + 1)
    mean = ratio(np.nansum(quotients, axis=-1, keepdims=True), n)
    weighted = np.nansum(rank * (ranked - mean), axis=-1)
    return ratio(2 * weighted, (n**2 * mean)[..., 0])


def theil(persons: ArrayLike, reference: ArrayLike) -> Floats:
    """
    Theil's index against the reference: ``Σ s ln(s/S)``, 0 or more.

    ``nan`` where a town has an industry that the reference does not know.
    """
    own, other = np.broadcast_arrays(shares(persons), shares(reference))
    has = own > 0
    known = has & (other > 0)
    terms = np.zeros(own.shape)
    terms[known] = own[known] * np.log(own[known] / other[known])
    is_open = (has & ~(other > 0)).any(axis=-1) | np.isnan(own).any(axis=-1)
    found: Floats = np.where(is_open, np.nan, terms.sum(axis=-1))
    return found


def effective_industries(persons: ArrayLike) -> Floats:
    """
    Number of industries of equal size that would be as diverse: exp of the entropy.

    1 where all work in one industry; the number of industries where all are of one size.
    """
    own = shares(persons)
    logs = np.log(own, out=np.zeros(own.shape), where=own > 0)
    result: Floats = np.exp(-(own * logs).sum(axis=-1))
    return result
