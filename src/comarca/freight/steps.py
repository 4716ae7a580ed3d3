"""
How much of a trip a visit takes up, counted in steps.

A visit that fills more than half a truck shares its trip with no other such visit, though the two
may fill less than two trucks. Dual feasible functions *u* tell this: they grow with the share *x*
of a truck that a visit fills, and shares that fit one trip together never add up to more than 1
after *u*. The argument of the radial bound (``routing_bound.py``) then holds with ``u(q_i / Q_k)``
in place of ``q_i / Q_k``, for every one of the functions below:

``halves``, ``thirds`` (*k* = 1, 2)
    ``x`` where ``(k + 1) x`` is whole, else ``⌊(k + 1) x⌋ / k``.
``cut`` (at ε ≤ ½)
    1 above ``1 − ε``, 0 below ``ε``, else ``x``.

A workshop's visits are fixed by its option, so ``u`` at its fewest workers is due wherever it
stands; in the middle of ``cut``, each further worker adds to it.

References
----------
.. [1] Fekete, S. P. and Schepers, J. (2001). New classes of fast lower bounds for bin packing
       problems. Mathematical Programming 91, 11-31.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
HAIR = 1e-5  # rounded loads may seem a little larger than they are
WHOLE_STEPS = (1, 2)
CUTS = (0.2, 1 / 3)


def stepped_weights(
    least: Floats, each: Floats, limits: Floats, journeys: Floats
) -> Iterator[tuple[Floats, Floats]]:
    """
    Least cost of the trips of a visit, by function and measure.

    Parameters
    ----------
    least, each
        Load of a visit with the fewest workers, and what one more adds, shape ``(n, 4)``.
    limits
        Of each type of truck, shape ``(n_trucks, 4)``.
    journeys
        Loading, there and back, currency a day, infinite where a truck may not go, shape
        ``(n_trucks, n)``.

    Yields
    ------
    tuple[Floats, Floats]
        Currency a day for a visit with the fewest workers, and for one more; shape ``(n,)`` each.
    """
    share = least[None] / limits[:, None]
    slope = each[None] / limits[:, None]
    may_go = np.isfinite(journeys)[:, :, None] & (share <= 1 + HAIR)
    cost = np.where(np.isfinite(journeys), journeys, 0.0)[:, :, None]
    for k in WHOLE_STEPS:
        yield from _by_measure(cost * _whole_steps(share, k), np.zeros_like(share), may_go)
    for epsilon in CUTS:
        is_middle = (share >= epsilon + HAIR) & (share <= 1 - epsilon + HAIR)
        value = np.where(is_middle, share, np.where(share > 0.5, 1.0, 0.0))
        yield from _by_measure(cost * value, cost * np.where(is_middle, slope, 0.0), may_go)


def _whole_steps(share: Floats, k: int) -> Floats:
    steps = (k + 1) * share
    is_whole = np.abs(steps - np.rint(steps)) < HAIR
    return np.where(is_whole, np.minimum(share, 1.0), np.floor(steps) / k)


def _by_measure(
    value: Floats, slope: Floats, may_go: NDArray[np.bool_]
) -> Iterator[tuple[Floats, Floats]]:
    """The cheapest truck that may go; where none may, nothing is claimed."""
    for measure in range(value.shape[2]):
        able = may_go[:, :, measure]
        some = able.any(axis=0)
        first = np.where(able, value[:, :, measure], np.inf).min(axis=0)
        more = np.where(able, slope[:, :, measure], np.inf).min(axis=0)
        yield np.where(some, first, 0.0), np.where(some, more, 0.0)
