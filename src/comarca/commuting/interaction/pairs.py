"""
Pairs that can be travelled, one value each in a flat array, as a dense or a sparse matrix.

Times, deterrence, flows and their slopes are all flat arrays in one order, so that the model reads
the same whichever matrix is less work.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from comarca.commuting.interaction.reach import Times, entries_at

Floats = NDArray[np.float64]
Places = NDArray[np.intp]
Matrix = NDArray[np.float64] | sparse.csr_array


class Pairs:
    """
    Pairs that can be travelled, with their times.

    Parameters
    ----------
    times
        Minutes, shape ``(n_origins, n_destinations)``: dense with ``inf`` where a pair cannot be
        travelled, or CSR, which may hold a pair more than once (daily and weekly). Every row and
        column has an entry.
    """

    def __init__(self, times: Times) -> None:
        self.shape: tuple[int, int] = (times.shape[0], times.shape[1])
        self._structure: tuple[NDArray[np.int32], NDArray[np.int32]] | None = None
        self._impossible: NDArray[np.bool_] | None = None
        if isinstance(times, sparse.csr_array):
            self._structure = (times.indices, times.indptr)
            self.time_min: Floats = times.data
        else:
            possible = np.isfinite(times)
            self._impossible = None if possible.all() else ~possible.ravel()
            # A pair that cannot be travelled has some time that no function stumbles over.
            self.time_min = (times if possible.all() else np.where(possible, times, 1.0)).ravel()

    @property
    def n_pairs(self) -> int:
        """How many pairs can be travelled."""
        impossible = 0 if self._impossible is None else int(self._impossible.sum())
        return self.time_min.size - impossible

    @cached_property
    def rows(self) -> Places:
        """Row of each value."""
        if self._structure is None:
            return np.repeat(np.arange(self.shape[0]), self.shape[1])
        return np.repeat(np.arange(self.shape[0]), np.diff(self._structure[1]))

    @cached_property
    def columns(self) -> Places:
        """Column of each value."""
        if self._structure is None:
            return np.tile(np.arange(self.shape[1]), self.shape[0])
        return self._structure[0].astype(np.intp)

    def places_of(self, rows: Places, columns: Places) -> Places:
        """Place of pairs in the flat arrays, -1 for one that cannot be travelled; no pair twice."""
        if self._structure is None:
            places = rows * self.shape[1] + columns
            return (
                places
                if self._impossible is None
                else np.where(self._impossible[places], -1, places)
            )
        pattern = sparse.csr_array((self.time_min, *self._structure), shape=self.shape)
        return entries_at(pattern, rows, columns)

    def matrix(self, values: Floats) -> Matrix:
        """Arrange a flat array as a matrix, dense or sparse; 0 between pairs that are not there."""
        if self._structure is None:
            return values.reshape(self.shape)
        return sparse.csr_array((values, *self._structure), shape=self.shape)

    def kernel(self, log_values: Floats) -> Matrix:
        """
        Exponential of logarithms, each row's largest made 1; the logarithms are overwritten.

        Balancing is blind to a factor on a row, and so none of them leaves the range of doubles.
        """
        if self._structure is None:
            table = log_values.reshape(self.shape)
            if self._impossible is not None:
                log_values[self._impossible] = -np.inf
            table -= table.max(axis=1, keepdims=True)
        else:
            starts = self._structure[1]
            most = np.maximum.reduceat(log_values, starts[:-1])
            log_values -= np.repeat(most, np.diff(starts))
        return self.matrix(np.exp(log_values, out=log_values))

    def spread(self, of_row: Floats, of_column: Floats) -> Floats:
        """Sum of a number of each pair's row and one of its column, flat."""
        if self._structure is None:
            return (of_row[:, None] + of_column).ravel()
        return of_row[self.rows] + of_column[self.columns]

    def row_sums(self, values: Floats) -> Floats:
        """Sums over destinations, shape ``(n_origins,)``."""
        return sums(self.matrix(values), 1)

    def column_sums(self, values: Floats) -> Floats:
        """Sums over origins, shape ``(n_destinations,)``."""
        return sums(self.matrix(values), 0)


def sums(matrix: Any, axis: int) -> Floats:
    """Sums of a dense or sparse matrix."""
    return np.asarray(matrix.sum(axis=axis), dtype=np.float64).ravel()


def flat(matrix: Matrix) -> Floats:
    """Return the values of a matrix of :meth:`Pairs.matrix` in their flat order."""
    return matrix.data if isinstance(matrix, sparse.csr_array) else matrix.ravel()
