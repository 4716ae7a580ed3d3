"""
Which trips there are: times between towns and within them, up to a limit, where they are known.

A trip within a town takes the time the travel matrix gives on its diagonal; where that is zero, a
share of the way to the nearest other town, between two bounds.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from comarca.commuting.interaction.params import InteractionParams
from comarca.errors import ParameterError
from comarca.model.matrices import SparseTravelMatrix, Travel, TravelMatrix

Floats = NDArray[np.float64]
Times = NDArray[np.float64] | sparse.csr_array
"""Minutes: an array with ``inf`` for trips that cannot be made, or a CSR array without them."""


def trip_times(travel: Travel, params: InteractionParams) -> Times:
    """
    Times with trips within towns.

    Parameters
    ----------
    travel
        Ways between the towns.
    params
        The limit, and what a trip within a town takes.

    Returns
    -------
    numpy.ndarray or scipy.sparse.csr_array
        Minutes, shape ``(n_towns, n_towns)``, none beyond the limit.

    Raises
    ------
    ParameterError
        When a sparse matrix ends below the limit.
    """
    if isinstance(travel, TravelMatrix):
        return _dense_times(travel, params)
    return _sparse_times(travel, params)


def _dense_times(travel: TravelMatrix, params: InteractionParams) -> Floats:
    times = travel.time_min.astype(np.float64)
    within = np.diagonal(times).copy()
    np.fill_diagonal(times, np.inf)
    own = _own_town_times(within, times.min(axis=1, initial=np.inf), params)
    if np.isfinite(params.daily_limit_min):
        times[times > params.daily_limit_min] = np.inf
    np.fill_diagonal(times, np.where(own <= params.daily_limit_min, own, np.inf))
    return times


def _sparse_times(travel: SparseTravelMatrix, params: InteractionParams) -> sparse.csr_array:
    _refuse_beyond(travel, params.daily_limit_min)
    n_towns = len(travel.town_ids)
    ways = travel.time_min.tocoo()
    is_between = ways.row != ways.col
    rows, columns = (places[is_between] for places in ways.coords)
    minutes = ways.data[is_between].astype(np.float64)
    nearest, within = np.full(n_towns, np.inf), np.zeros(n_towns)
    np.minimum.at(nearest, rows, minutes)
    within[ways.row[~is_between]] = ways.data[~is_between]
    own = _own_town_times(within, nearest, params)
    towns = np.arange(n_towns)
    kept = minutes <= params.daily_limit_min
    stays = own <= params.daily_limit_min
    return _csr(
        np.concatenate([minutes[kept], own[stays]]),
        np.concatenate([rows[kept], towns[stays]]),
        np.concatenate([columns[kept], towns[stays]]),
        n_towns,
    )


def between_towns(travel: Travel, least_min: float, most_min: float) -> sparse.csr_array:
    """
    Times between different towns, from a least to a most.

    Raises
    ------
    ParameterError
        When a sparse matrix ends below the most.
    """
    if isinstance(travel, TravelMatrix):
        wanted = (travel.time_min >= least_min) & (travel.time_min <= most_min)
        np.fill_diagonal(wanted, False)
        rows, columns = np.nonzero(wanted)
        minutes = travel.time_min[wanted]
    else:
        _refuse_beyond(travel, most_min)
        ways = travel.time_min.tocoo()
        kept = (ways.data >= least_min) & (ways.data <= most_min) & (ways.row != ways.col)
        rows, columns = (places[kept] for places in ways.coords)
        minutes = ways.data[kept]
    return _csr(minutes.astype(np.float64), rows, columns, len(travel.town_ids))


def _refuse_beyond(travel: SparseTravelMatrix, limit_min: float) -> None:
    if limit_min > travel.limit_min:
        raise ParameterError(
            f"the travel times end at {travel.limit_min:g} min; expected them up to the limit of "
            f"{limit_min:g} min."
        )


def _own_town_times(within: Floats, nearest: Floats, params: InteractionParams) -> Floats:
    assumed_within = np.clip(
        params.internal_share * nearest, params.internal_least_min, params.internal_most_min
    )
    measured = (within > 0) & np.isfinite(within)
    return np.where(measured, within, assumed_within)


def without(times: Times, unknown: sparse.csr_array) -> Times:
    """
    Leave out pairs of towns.

    Parameters
    ----------
    times
        Minutes, shape ``(n_towns, n_towns)``.
    unknown
        Same shape, boolean, ``True`` for pairs to leave out.
    """
    out = unknown.tocoo()
    if not isinstance(times, sparse.csr_array):
        left = times.copy()
        left[out.row, out.col] = np.inf
        return left
    n_towns = times.shape[0]
    trips = times.tocoo()
    key = trips.row.astype(np.int64) * n_towns + trips.col
    kept = ~np.isin(key, out.row.astype(np.int64) * n_towns + out.col)
    return _csr(trips.data[kept], trips.row[kept], trips.col[kept], n_towns)


def only(times: Times, known: sparse.csr_array) -> sparse.csr_array:
    """Keep only the pairs that ``known`` stores, of those that can be travelled."""
    pairs = known.tocoo()
    n_towns = times.shape[0]
    minutes = minutes_at(times, pairs.row, pairs.col)
    kept = np.isfinite(minutes)
    return _csr(minutes[kept], pairs.row[kept], pairs.col[kept], n_towns)


def minutes_at(times: Times, rows: NDArray[np.integer], columns: NDArray[np.integer]) -> Floats:
    """Minutes of pairs of towns, shape of ``rows``; ``inf`` where there is no trip."""
    if not isinstance(times, sparse.csr_array):
        return np.asarray(times[rows, columns])
    places = entries_at(times, rows, columns)
    return np.asarray(np.append(times.data, np.inf)[places])


def entries_at(
    matrix: sparse.csr_array, rows: NDArray[np.integer], columns: NDArray[np.integer]
) -> NDArray[np.intp]:
    """Place in ``matrix.data`` of pairs that it stores once, -1 for those it does not store."""
    if not rows.size:  # scipy answers with an empty sparse array
        return np.empty(0, dtype=np.intp)
    # Counted from 1, since an entry of no minutes is not the same as no entry.
    number = sparse.csr_array(
        (np.arange(1, matrix.nnz + 1), matrix.indices, matrix.indptr), shape=matrix.shape
    )
    return np.asarray(number[rows, columns], dtype=np.intp).ravel() - 1


def _csr(
    minutes: Floats, rows: NDArray[np.integer], columns: NDArray[np.integer], n_towns: int
) -> sparse.csr_array:
    """CSR with entries of no minutes kept."""
    order = np.lexsort((columns, rows))
    starts = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=n_towns))])
    return sparse.csr_array(
        (minutes[order], columns[order].astype(np.int32), starts.astype(np.int32)),
        shape=(n_towns, n_towns),
    )
