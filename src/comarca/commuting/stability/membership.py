"""
Who was with whom, and in whose area, over many redrawings.

Redrawings are held as one array: ``head[draw, town]`` is the position of the head of the town's
area, -1 for none. Counting works through it in blocks, so that the room needed beside the answer
does not grow with the number of draws.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Heads = NDArray[np.int32]
Floats = NDArray[np.float64]

_CELLS = 2_000_000  # of one block


def area_shares(head: Heads) -> sparse.csr_array:
    """
    Share of the draws in which each town was in the area of each head.

    Parameters
    ----------
    head
        Shape ``(draws, n_towns)``.

    Returns
    -------
    scipy.sparse.csr_array
        Shape ``(n_towns, n_towns)``, rows towns, columns heads, in (0, 1]; what a row lacks to 1 is
        the share of draws in which the town was in no area.
    """
    draws, n_towns = head.shape
    times = sparse.csr_array((n_towns, n_towns), dtype=np.int32)
    for block in _blocks(draws, n_towns):
        rows, towns = np.nonzero(head[block] >= 0)
        ones = np.ones(len(towns), dtype=np.int32)
        found = sparse.coo_array((ones, (towns, head[block][rows, towns])), shape=times.shape)
        times = times + found.tocsr()
    return sparse.csr_array(times.astype(np.float64) / draws)


def co_membership(head: Heads, least_share: float = 0.0) -> sparse.csr_array:
    """
    Share of the draws in which two towns were in one area.

    Parameters
    ----------
    head
        Shape ``(draws, n_towns)``.
    least_share
        Pairs that share an area less often are left out; in [0, 1].

    Returns
    -------
    scipy.sparse.csr_array
        Shape ``(n_towns, n_towns)``, symmetric, in (0, 1]; a pair that never shares an area is not
        stored. On the diagonal, the share of draws in which the town was in any area.

    Notes
    -----
    A row adds up to the mean size of the town's area, so no more than that over ``least_share``
    others are stored for a town. Beside the answer there is room for each town and draw once, and
    for a block of rows.
    """
    draws, n_towns = head.shape
    membership = _membership(head)
    others = membership.T.tocsr()
    rows = [
        _frequent(membership[block] @ others, draws, least_share)
        for block in _blocks(n_towns, n_towns)
    ]
    return sparse.csr_array(sparse.vstack(rows, format="csr")) if rows else others.astype(float)


def _membership(head: Heads) -> sparse.csr_array:
    """Which town was in which area of which draw: shape ``(n_towns, n_areas of all draws)``."""
    n_towns = head.shape[1]
    drawn, town = np.nonzero(head >= 0)
    areas, column = np.unique(drawn * n_towns + head[drawn, town], return_inverse=True)
    ones = np.ones(len(town), dtype=np.int32)
    return sparse.csr_array((ones, (town, column)), shape=(n_towns, len(areas)))


def _frequent(times: sparse.csr_array, draws: int, least_share: float) -> sparse.csr_array:
    share: sparse.csr_array = times.astype(np.float64)
    share.data /= draws
    share.data[share.data < least_share] = 0
    share.eliminate_zeros()
    share.sort_indices()
    return share


def _blocks(n_rows: int, width: int) -> Iterator[slice]:
    step = max(1, _CELLS // max(width, 1))
    for start in range(0, n_rows, step):
        yield slice(start, start + step)
