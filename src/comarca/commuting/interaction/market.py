"""
Who can reach which job, and the markets that a time limit splits towns into.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from comarca.commuting.interaction.reach import Times

Floats = NDArray[np.float64]
Places = NDArray[np.intp]

DENSE_FROM = 0.4  # share of possible pairs above which a dense product is faster


@dataclass(frozen=True, kw_only=True)
class LabourMarket:
    """
    Towns joined by trips within the limit, on which margins have to balance.

    Parameters
    ----------
    n_towns
        Towns with workers or jobs in it.
    workers, jobs
        Persons and jobs given.
    job_scale
        What jobs were multiplied by to equal the workers; those held by people who live in the same
        town are left as they are where their number is known.
    """

    n_towns: int
    workers: float
    jobs: float
    job_scale: float


@dataclass(frozen=True, kw_only=True, eq=False)
class Market:
    """
    Margins that can be balanced, and what cannot.

    Parameters
    ----------
    origins, destinations
        Positions of towns whose workers, and whose jobs, take part.
    workers, jobs
        Their margins, persons, above 0; equal sums in each labour market.
    times
        Minutes, shape ``(n_origins, n_destinations)``, every row and column with a trip; dense with
        ``inf`` or CSR, whichever is less work.
    markets
        The labour markets, largest first.
    stranded
        Positions of towns with workers none of whom can reach a job.
    unreached
        Positions of towns with jobs that no worker can reach.
    """

    origins: Places
    destinations: Places
    workers: Floats
    jobs: Floats
    times: Times
    markets: tuple[LabourMarket, ...]
    stranded: Places
    unreached: Places


def market_of(workers: Floats, jobs: Floats, times: Times, staying: Floats | None = None) -> Market:
    """
    Split towns into labour markets, and scale the jobs of each to its workers.

    Parameters
    ----------
    workers
        Persons, shape ``(n_towns,)``, 0 or more; of several groups, one after the other.
    jobs
        Shape ``(n_towns,)``, 0 or more.
    times
        Minutes, shape ``(n_towns, n_towns)``, without trips beyond the limit; of several groups one
        below the other.
    staying
        Jobs held by people who live in the same town, part of ``jobs``, where they are known: then
        only the others are scaled.
    """
    block, origins, destinations = _possible(workers, jobs, times)
    n_markets, origin_market, job_market = _split(block)
    fixed = np.zeros_like(jobs) if staying is None else staying
    supply = np.bincount(origin_market, workers[origins], n_markets)
    demand = np.bincount(job_market, jobs[destinations], n_markets)
    held = np.bincount(job_market, fixed[destinations], n_markets)
    is_partly = (held < supply) & (held < demand)
    held = np.where(is_partly, held, 0.0)
    scale = (supply - held) / (demand - held)
    own = np.where(is_partly[job_market], fixed[destinations], 0.0)
    towns = [
        np.union1d(
            origins[origin_market == market] % len(jobs), destinations[job_market == market]
        ).size
        for market in range(n_markets)
    ]
    markets = [
        LabourMarket(n_towns=size, workers=float(o), jobs=float(d), job_scale=float(s))
        for size, o, d, s in zip(towns, supply, demand, scale, strict=True)
    ]
    return Market(
        origins=origins,
        destinations=destinations,
        workers=workers[origins],
        jobs=own + (jobs[destinations] - own) * scale[job_market],
        times=block,
        markets=tuple(sorted(markets, key=lambda market: -market.workers)),
        stranded=np.setdiff1d(np.flatnonzero(workers > 0), origins),
        unreached=np.setdiff1d(np.flatnonzero(jobs > 0), destinations),
    )


def _possible(workers: Floats, jobs: Floats, times: Times) -> tuple[Times, Places, Places]:
    """Trips of those who work to where jobs are, with the towns that have any."""
    if isinstance(times, sparse.csr_array):
        return _possible_sparse(workers, jobs, times)
    possible = np.isfinite(times) & (workers > 0)[:, None] & (jobs > 0)[None, :]
    origins = np.flatnonzero(possible.any(axis=1))
    destinations = np.flatnonzero(possible.any(axis=0))
    pairs = np.ix_(origins, destinations)
    possible = possible[pairs]
    if origins.size and possible.mean() > DENSE_FROM:
        return times[pairs], origins, destinations
    rows, columns = np.nonzero(possible)
    starts = np.concatenate([[0], np.cumsum(possible.sum(axis=1))])
    minutes = times[origins[rows], destinations[columns]]
    shape = (len(origins), len(destinations))
    return _csr(minutes, columns, starts, shape), origins, destinations


def _possible_sparse(
    workers: Floats, jobs: Floats, times: sparse.csr_array
) -> tuple[sparse.csr_array, Places, Places]:
    trips = times.tocoo()
    kept = (workers[trips.row] > 0) & (jobs[trips.col] > 0)
    origins, rows = np.unique(trips.row[kept], return_inverse=True)
    destinations, columns = np.unique(trips.col[kept], return_inverse=True)
    starts = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=len(origins)))])
    shape = (len(origins), len(destinations))
    block = _csr(trips.data[kept], columns, starts, shape)
    return block, origins.astype(np.intp), destinations.astype(np.intp)


def _csr(
    minutes: Floats, columns: Places, starts: Places, shape: tuple[int, int]
) -> sparse.csr_array:
    return sparse.csr_array((minutes, columns.astype(np.int32), starts.astype(np.int32)), shape)


def _split(block: Times) -> tuple[int, Places, Places]:
    """Markets of origins and of destinations: parts of the bipartite graph of possible trips."""
    n_origins, n_destinations = block.shape
    if isinstance(block, sparse.csr_array):
        rows = np.repeat(np.arange(n_origins), np.diff(block.indptr))
        columns = block.indices.astype(np.intp)
    elif np.isfinite(block).all(axis=1).any():
        # One town whose workers reach every job ties all others together.
        return 1, np.zeros(n_origins, dtype=np.intp), np.zeros(n_destinations, dtype=np.intp)
    else:
        rows, columns = np.nonzero(np.isfinite(block))
    nodes = n_origins + n_destinations
    graph = sparse.csr_array(
        (np.ones(len(rows), dtype=np.int8), (rows, columns + n_origins)), shape=(nodes, nodes)
    )
    n_markets, market = connected_components(graph, directed=False)
    places: Places = np.asarray(market, dtype=np.intp)
    return int(n_markets), places[:n_origins], places[n_origins:]
