"""
Furness balancing of a deterrence kernel, dense or sparse, whichever is less work.

Given workers ``O`` and jobs ``D``, flows are ``T = diag(a) K diag(b)`` with the kernel ``K`` of
a deterrence on the pairs that can be travelled. Balancing alternates ``a = O / (K b)`` and
``b = D / (K' a)``; rows hold exactly whenever it stops. Plain steps are slow where only thin chains
of towns join two halves, so successive steps are mixed (Anderson acceleration), which needs far
fewer of them.

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

from comarca.commuting.interaction.pairs import Matrix, sums

PATIENCE = 100  # steps in which the error has to fall
STALLED_RATIO = 0.8  # error left after that many steps, above which balancing is hopeless
MEMORY = 8  # residuals mixed
GROWTH_ALLOWED = 10.0
LONGEST_STEP = 20.0  # in logarithms, or minutes; a mixed step beyond it is not trusted
REGULARISATION = 1e-10
TINY = 1e-290  # what jobs can still be divided by

Floats = NDArray[np.float64]


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
    filled
        Sums of the columns, persons, shape ``(n_destinations,)``.
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
    filled: Floats
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
    filled = sums(flows, 0)
    return Balance(
        flows=flows,
        job_factor=job_factor,
        filled=filled,
        margin_error=float(np.abs(filled / jobs - 1).max()),
        iterations=iteration,
        converged=error <= tolerance,
        overflowed=overflowed,
    )


def scaled_rows(kernel: Matrix, workers: Floats) -> Balance:
    """Scale the rows of a kernel to the workers and leave the columns alone."""
    flows = _scaled(kernel, workers / sums(kernel, 1), np.ones(kernel.shape[1]))
    return Balance(
        flows=flows,
        job_factor=np.ones(kernel.shape[1]),
        filled=sums(flows, 0),
        margin_error=0.0,
        iterations=0,
        converged=True,
        overflowed=False,
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
    if not (np.isfinite(column).all() and (column > TINY).all() and (job_factor > 0).all()):
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
