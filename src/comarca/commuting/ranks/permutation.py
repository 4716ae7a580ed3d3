"""
How often chance does as well: random towns of the region in the place of those looked at.

The null hypothesis is that where a town lies says nothing about its size: the populations of the
region's towns are dealt out to its places at random. Sets that lie within each other (a circle
within a wider one) are drawn within each other as well, so what is drawn for all of them together
depends on itself just as what was observed does.

The set observed is one of those that could have been drawn, so it is counted with the draws (the
*+1 correction*): with *B* draws the least p-value is ``1 / (B + 1)``, never 0.

References
----------
.. [1] Davison, A. C. and Hinkley, D. V. (1997). Bootstrap Methods and their Application, section
       4.2.
.. [2] Phipson, B. and Smyth, G. K. (2010). Permutation p-values should never be zero. Statistical
       Applications in Genetics and Molecular Biology 9 (1).
.. [3] Westfall, P. H. and Young, S. S. (1993). Resampling-Based Multiple Testing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from comarca.commuting.ranks.laws import Space, criteria, falling_rows
from comarca.commuting.ranks.least_squares import FloatArray

_CELLS = 200_000  # populations shuffled at a time: what a processor keeps at hand
_DIGITS = 9  # of C; the same towns drawn twice must tie, whatever the order of additions


@dataclass(frozen=True, eq=False, kw_only=True)
class Significance:
    """
    How rare the criteria observed are among those drawn.

    Parameters
    ----------
    p
        For each set, the share of draws whose criterion is as large or larger, the observed counted
        with them; shape ``(n_sets,)``, in [1 / (draws + 1), 1].
    p_adjusted
        For each set, the share of draws in which any set is as rare as this one; same shape. Not
        below ``p``: whoever looks at many sets finds a rare one sooner.
    p_overall
        The least of ``p_adjusted``: how rare the rarest of all sets is, the looking at all of them
        allowed for (a maximum statistic over the sets).
    """

    p: FloatArray
    p_adjusted: FloatArray
    p_overall: float


def drawn_criteria(
    pool: FloatArray,
    wanted: Sequence[tuple[int, float | None]],
    space: Space,
    *,
    draws: int,
    seed: int,
) -> FloatArray:
    """
    Criteria of random sets of towns.

    Parameters
    ----------
    pool
        Populations of the towns that may be drawn, persons above 0, shape ``(n_pool,)``.
    wanted
        For each set, how many towns are drawn, at most ``n_pool``, and the population of a town
        that belongs to it whatever is drawn, ``None`` for none. Of each draw a smaller set lies
        within a larger one.
    space
        Where the laws are fitted and judged.
    draws
        How often.
    seed
        Of the draws.

    Returns
    -------
    numpy.ndarray
        Shape ``(draws, n_sets)``.
    """
    random = np.random.default_rng(seed)
    kinds = list(dict.fromkeys(wanted))  # areas of one size share their draws
    drawn = np.empty((draws, len(kinds)))
    step = max(1, _CELLS // len(pool))
    for start in range(0, draws, step):
        block = drawn[start : start + step]
        shuffled = random.permuted(np.tile(pool, (len(block), 1)), axis=1)
        for place, (size, core) in enumerate(kinds):
            block[:, place] = criteria(falling_rows(_with_core(shuffled[:, :size], core)), space)
    return drawn[:, [kinds.index(kind) for kind in wanted]]


def significance(observed: FloatArray, drawn: FloatArray) -> Significance:
    """
    Set what was observed against what was drawn.

    Parameters
    ----------
    observed
        Criteria, shape ``(n_sets,)``.
    drawn
        Criteria of the draws, shape ``(draws, n_sets)``.

    Returns
    -------
    Significance
    """
    every = np.vstack((observed, drawn)).round(_DIGITS)
    p = np.column_stack([_share_as_large(column) for column in every.T])
    rarest = p.min(axis=1)
    p_adjusted = (rarest[:, None] <= p[0]).mean(axis=0)
    return Significance(p=p[0], p_adjusted=p_adjusted, p_overall=float(p_adjusted.min()))


def _with_core(persons: FloatArray, core: float | None) -> FloatArray:
    if core is None:
        return persons
    return np.column_stack((np.full(len(persons), core), persons))


def _share_as_large(values: FloatArray) -> FloatArray:
    """For each value the share of all, itself among them, that are as large or larger."""
    smaller = np.searchsorted(np.sort(values), values, side="left")
    return np.asarray((len(values) - smaller) / len(values))
