"""
Who can reach which job: trips within a town, the time limit, and the markets it splits towns into.

A trip within a town takes the time the travel matrix gives on its diagonal; where that is zero, a
share of the way to the nearest other town, between two bounds.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from comarca.commuting.interaction.params import InteractionParams
from comarca.model.matrices import TravelMatrix

Floats = NDArray[np.float64]
Places = NDArray[np.intp]


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
        What jobs were multiplied by to equal the workers.
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
    time_min
        Minutes, shape ``(n_origins, n_destinations)``; ``inf`` beyond the limit.
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
    time_min: Floats
    markets: tuple[LabourMarket, ...]
    stranded: Places
    unreached: Places


def trip_times(travel: TravelMatrix, params: InteractionParams) -> Floats:
    """
    Times with trips within towns, minutes, shape ``(n_towns, n_towns)``.
    """
    times = travel.time_min.astype(np.float64)
    within = np.diagonal(times).copy()
    np.fill_diagonal(times, np.inf)
    nearest = times.min(axis=1, initial=np.inf)
    assumed_within = np.clip(
        params.internal_share * nearest, params.internal_least_min, params.internal_most_min
    )
    measured = (within > 0) & np.isfinite(within)
    np.fill_diagonal(times, np.where(measured, within, assumed_within))
    return times


def market_of(workers: Floats, jobs: Floats, times: Floats, limit_min: float) -> Market:
    """
    Split towns into labour markets under the limit, and scale the jobs of each to its workers.

    Parameters
    ----------
    workers, jobs
        Persons, shape ``(n_towns,)``, 0 or more.
    times
        Minutes, shape ``(n_towns, n_towns)``.
    limit_min
        Longest trip, minutes.
    """
    times = np.where(times <= limit_min, times, np.inf)
    possible = np.isfinite(times) & (workers > 0)[:, None] & (jobs > 0)[None, :]
    origins = np.flatnonzero(possible.any(axis=1))
    destinations = np.flatnonzero(possible.any(axis=0))
    block = np.ix_(origins, destinations)
    n_markets, origin_market, job_market = _split(possible[block])
    supply = np.bincount(origin_market, workers[origins], n_markets)
    demand = np.bincount(job_market, jobs[destinations], n_markets)
    scale = supply / demand
    towns = [
        np.union1d(origins[origin_market == market], destinations[job_market == market]).size
        for market in range(n_markets)
    ]
    markets = [
        LabourMarket(n_towns=size, workers=float(o), jobs=float(d), job_scale=float(o / d))
        for size, o, d in zip(towns, supply, demand, strict=True)
    ]
    return Market(
        origins=origins,
        destinations=destinations,
        workers=workers[origins],
        jobs=jobs[destinations] * scale[job_market],
        time_min=times[block],
        markets=tuple(sorted(markets, key=lambda market: -market.workers)),
        stranded=np.setdiff1d(np.flatnonzero(workers > 0), origins),
        unreached=np.setdiff1d(np.flatnonzero(jobs > 0), destinations),
    )


def _split(possible: NDArray[np.bool_]) -> tuple[int, Places, Places]:
    """Markets of origins and of destinations: parts of the bipartite graph of possible trips."""
    n_origins, n_destinations = possible.shape
    if possible.all(axis=1).any():
        # One town whose workers reach every job ties all others together.
        return 1, np.zeros(n_origins, dtype=np.intp), np.zeros(n_destinations, dtype=np.intp)
    rows, columns = np.nonzero(possible)
    nodes = n_origins + n_destinations
    graph = sparse.csr_array(
        (np.ones(len(rows), dtype=np.int8), (rows, columns + n_origins)), shape=(nodes, nodes)
    )
    n_markets, market = connected_components(graph, directed=False)
    places: Places = np.asarray(market, dtype=np.intp)
    return int(n_markets), places[:n_origins], places[n_origins:]
