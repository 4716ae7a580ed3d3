"""
Furness balancing of a deterrence kernel, dense or sparse, whichever is less work.

Given workers ``O`` and jobs ``D``, flows are ``T = diag(a) K diag(b)`` with ``K = exp(-beta t)`` on
the pairs that can be travelled. Balancing alternates ``a = O / (K b)`` and ``b = D / (K' a)``;
rows hold exactly whenever it stops. Plain steps are slow where only thin chains of towns join two
halves, so successive steps are mixed (Anderson acceleration), which needs far fewer of them.

References
----------
.. [1] Wilson, A. G. (1971). A family of spatial interaction models, and associated developments.
       Environment and Planning 3.
.. [2] Walker, H. F. and Ni, P. (2011). Anderson acceleration for fixed-point iterations. SIAM
       Journal on Numerical Analysis 49.
.. [3] Chizat, L., Peyré, G., Schmitzer, B. and Vialard, F.-X. (2018). Scaling algorithms for
       unbalanced optimal transport problems. Mathematics of Computation 87.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

DENSE_FROM = 0.4  # share of possible pairs above which a dense product is faster
LARGEST_EXPONENT = 600.0  # exp(-600) is still a normal double, with room for the factors
PATIENCE = 100  # steps in which the error has to fall
STALLED_RATIO = 0.8  # error left after that many steps, above which balancing is hopeless
MEMORY = 8  # residuals mixed
GROWTH_ALLOWED = 10.0
LONGEST_STEP = 20.0  # in logarithms, or minutes; a mixed step beyond it is not trusted
REGULARISATION = 1e-10
DEMEANING_STEPS = 300
DEMEANING_TOLERANCE_MIN = 1e-4

Floats = NDArray[np.float64]
Matrix = NDArray[np.float64] | sparse.csr_array


class Pairs:
    """
    Pairs that can be travelled, with their times.

    Parameters
    ----------
    time_min
        Minutes, shape ``(n_origins, n_destinations)``; ``inf`` where a pair cannot be travelled.
        Every row and column has a finite entry.
    """

    def __init__(self, time_min: Floats) -> None:
        possible = np.isfinite(time_min)
        self.shape = time_min.shape
        self._is_dense = possible.mean() > DENSE_FROM
        least = time_min.min(axis=1)
        # Balancing is blind to a factor on a row, and the shift keeps each row's largest entry 1.
        if self._is_dense:
            self._impossible = None if possible.all() else ~possible
            self._time = np.where(possible, time_min, 0.0)
            self._excess = np.where(possible, time_min - least[:, None], 0.0)
        else:
            rows, columns = np.nonzero(possible)
            self._time = time_min[rows, columns]
            self._excess = self._time - least[rows]
            self._indices = columns.astype(np.int32)
            self._indptr = np.concatenate([[0], np.cumsum(possible.sum(axis=1))]).astype(np.int32)
        self.steepest = LARGEST_EXPONENT / max(float(self._excess.max()), 1.0)

    def kernel(self, beta_per_min: float) -> Matrix:
        """``exp(-beta (t - least t of the row))`` on possible pairs, 0 elsewhere."""
        values = -beta_per_min * self._excess
        np.exp(values, out=values)
        if self._is_dense and self._impossible is not None:
            values[self._impossible] = 0.0
        return self._matrix(values)

    def mean_time(self, flows: Matrix) -> float:
        """Mean minutes of a trip; flows of :meth:`flows`, with somebody travelling."""
        data = flows.data if isinstance(flows, sparse.csr_array) else flows
        return float(np.vdot(data, self._time) / data.sum())

    def time_information(self, flows: Matrix) -> float:
        """
        Persons times the variance of trip time that origins and destinations leave unexplained.

        This is the Fisher information on the deterrence; minutes² times persons.
        """
        times = self._matrix(self._time)
        weighted = flows * times
        rows, columns = _sums(flows, 1), _sums(flows, 0)
        row_times, column_times = _sums(weighted, 1), _sums(weighted, 0)
        transposed = flows.T.tocsr() if isinstance(flows, sparse.csr_array) else flows.T
        of_column, mixing = np.zeros(self.shape[1]), _Mixing()
        for _ in range(DEMEANING_STEPS):
            of_row = (row_times - flows @ of_column) / rows
            change = (column_times - transposed @ of_row) / columns - of_column
            if np.abs(change).max() <= DEMEANING_TOLERANCE_MIN:
                break
            of_column = mixing.next(of_column, change)
        squares = float(_sums(weighted * times, 1).sum())
        return squares - float(of_row @ row_times) - float(of_column @ column_times)

    def _matrix(self, values: Floats) -> Matrix:
        if self._is_dense:
            return values
        return sparse.csr_array((values, self._indices, self._indptr), shape=self.shape)


@dataclass(frozen=True, kw_only=True)
class Balance:
    """
    Balanced flows.

    Parameters
    ----------
    flows
        Persons, shape ``(n_origins, n_destinations)``; rows sum to the workers.
    job_factor
        ``b``, shape ``(n_destinations,)``; a start for the next balancing.
    margin_error
        Largest relative deviation of a column from its jobs.
    iterations
        Pairs of steps taken.
    converged
        Whether steps no longer change anything by more than the tolerance.
    overflowed
        Whether the factors drifted out of the range of doubles; flows are then those before.
    """

    flows: Matrix
    job_factor: Floats
    margin_error: float
    iterations: int
    converged: bool
    overflowed: bool


def balance(
    kernel: Matrix,
    workers: Floats,
    jobs: Floats,
    *,
    start: Floats | None = None,
    yielding: float = 1.0,
    tolerance: float,
    max_iterations: int,
) -> Balance:
    """
    Scale rows and columns of a kernel until they hold the workers and the jobs.

    Parameters
    ----------
    kernel
        Non-negative, shape ``(n_origins, n_destinations)``, no empty row or column.
    workers, jobs
        Margins, persons, above 0, with equal sums in each connected part.
    start
        Job factors to start from.
    yielding
        Exponent of the job step, in (0, 1]. 1 holds the jobs exactly; below 1 they give way a
        little (a divergence penalty on the job margin), and a solution always exists.
    tolerance
        Relative deviation of a column that is small enough.
    max_iterations
        Most pairs of steps. Balancing also stops when the deviation no longer falls, as when no
        flows can have these margins.
    """
    transposed = kernel.T.tocsr() if isinstance(kernel, sparse.csr_array) else kernel.T
    log_factor = np.zeros_like(jobs) if start is None else np.log(start)
    job_factor, worker_factor = np.exp(log_factor), np.ones_like(workers)
    mixing, stalling = _Mixing(), _Stalling()
    iteration, error, overflowed = 0, np.inf, False
    for iteration in range(1, max_iterations + 1):
        tried = _step(kernel, transposed, workers, log_factor)
        if tried is None:
            overflowed = True
            break
        job_factor, worker_factor, column = tried
        residual = yielding * np.log(jobs / column) - log_factor
        error = float(np.abs(residual).max())
        if error <= tolerance or stalling.after(iteration, error):
            break
        log_factor = mixing.next(log_factor, residual)
    flows = _scaled(kernel, worker_factor, job_factor)
    return Balance(
        flows=flows,
        job_factor=job_factor,
        margin_error=float(np.abs(_sums(flows, 0) / jobs - 1).max()),
        iterations=iteration,
        converged=error <= tolerance,
        overflowed=overflowed,
    )


def _step(
    kernel: Matrix, transposed: Any, workers: Floats, log_factor: Floats
) -> tuple[Floats, Floats, Floats] | None:
    """Job factors, worker factors that hold the rows, and column sums before the job factors."""
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        job_factor = np.exp(log_factor)
        worker_factor = workers / (kernel @ job_factor)
        column = np.asarray(transposed @ worker_factor)
    # Factors that drift apart for ever leave the range of doubles.
    if not (np.isfinite(column).all() and (column > 0).all() and (job_factor > 0).all()):
        return None
    return job_factor, worker_factor, column


class _Stalling:
    """Whether errors have stopped falling: the least of every so many is set against the last."""

    def __init__(self) -> None:
        self._least = self._least_before = np.inf

    def after(self, step: int, error: float) -> bool:
        """Take note of the error after a step, counted from 1."""
        self._least = min(self._least, error)
        if step % PATIENCE:
            return False
        hopeless = self._least > STALLED_RATIO * self._least_before
        self._least_before = self._least
        return hopeless


class _Mixing:
    """
    Anderson's mixing: the next point of a fixed-point iteration from the last few residuals.

    Starts afresh when the residual grows much, so that it is never far worse than plain steps.
    """

    def __init__(self) -> None:
        self._points: list[Floats] = []
        self._residuals: list[Floats] = []
        self._least = np.inf

    def next(self, point: Floats, residual: Floats) -> Floats:
        """Point to try next."""
        size = float(np.linalg.norm(residual))
        if size > GROWTH_ALLOWED * self._least:
            self._points, self._residuals, self._least = [], [], size
        self._least = min(self._least, size)
        self._points = [*self._points[-MEMORY:], point]
        self._residuals = [*self._residuals[-MEMORY:], residual]
        if len(self._points) == 1:
            return point + residual
        steps = np.diff(np.array(self._points), axis=0)
        changes = np.diff(np.array(self._residuals), axis=0)
        normal = changes @ changes.T
        normal[np.diag_indices_from(normal)] *= 1 + REGULARISATION
        weights = np.linalg.lstsq(normal, changes @ residual, rcond=None)[0]
        step = residual - weights @ (steps + changes)
        if float(np.abs(step).max()) > LONGEST_STEP:
            self._points, self._residuals = [point], [residual]
            return point + residual
        return np.asarray(point + step)


def _scaled(kernel: Matrix, worker_factor: Floats, job_factor: Floats) -> Matrix:
    if isinstance(kernel, sparse.csr_array):
        scaled = kernel.copy()
        rows = np.repeat(worker_factor, np.diff(kernel.indptr))
        scaled.data = kernel.data * rows * job_factor[kernel.indices]
        return scaled
    flows = kernel * worker_factor[:, None]
    flows *= job_factor
    return flows


def _sums(matrix: Any, axis: int) -> Floats:
    return np.asarray(matrix.sum(axis=axis), dtype=np.float64).ravel()
