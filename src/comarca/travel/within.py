"""
Trips within a town, from its area.

Between two places at random in a disc lie 128/(45 pi) of its radius on average. The town is taken
as a disc of its area in which homes and workplaces lie evenly; the way is longer by the circuity,
at the speed of short trips.

References
----------
.. [1] Santaló, L. A. (1976). Integral Geometry and Geometric Probability. Addison-Wesley, § 4.2.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from comarca.errors import ParameterError
from comarca.model.matrices import Mode, SparseTravelMatrix, Travel, TravelMatrix
from comarca.travel.params import TravelParams

FloatArray = NDArray[np.float64]

MEAN_OF_DISC = 128 / (45 * np.pi)  # of the radius


def own_town_times(
    area_km2: ArrayLike, mode: Mode, params: TravelParams | None = None
) -> FloatArray:
    """
    Mean time of a trip within each town.

    Parameters
    ----------
    area_km2
        Built-up area of each town, km², above 0, shape ``(n_towns,)``. The area of a whole
        municipality, fields and woods among it, makes trips too long.
    mode
        ``"car"``, ``"bus"`` or ``"truck"``.
    params
        Circuity and speeds; ``None`` for the defaults.

    Returns
    -------
    numpy.ndarray
        Minutes, same shape.

    Raises
    ------
    ParameterError
        When an area is missing or not above 0.
    """
    area = np.asarray(area_km2, dtype=np.float64)
    if not (np.isfinite(area) & (area > 0)).all():
        raise ParameterError("area_km2 holds entries that are missing or not above 0.")
    params = params or TravelParams()
    straight_km = MEAN_OF_DISC * np.sqrt(area / np.pi)
    return params.speeds(mode).time_min(params.circuity(mode) * straight_km)


def with_own_town_times(travel: Travel, time_min: ArrayLike) -> Travel:
    """
    Put times of trips within towns on the diagonal, where commuting looks for them.

    Parameters
    ----------
    travel
        Times between towns.
    time_min
        Minutes of a trip within each, above 0, shape ``(n_towns,)``.

    Returns
    -------
    TravelMatrix or SparseTravelMatrix
        Of the kind given; distances within towns stay as they are, or are 0.

    Raises
    ------
    ParameterError
        When the shape is another, or a time is missing or not above 0.
    """
    minutes = np.asarray(time_min, dtype=np.float32)
    n_towns = len(travel.town_ids)
    if minutes.shape != (n_towns,) or not (np.isfinite(minutes) & (minutes > 0)).all():
        raise ParameterError(
            f"times within towns have shape {minutes.shape} or are not above 0; expected one above "
            f"0 for each of {n_towns} towns."
        )
    if isinstance(travel, TravelMatrix):
        times = travel.time_min.copy()
        np.fill_diagonal(times, minutes)
        return TravelMatrix(travel.town_ids, travel.mode, times, travel.distance_km, travel.source)
    return _with_diagonal(travel, minutes)


def _with_diagonal(travel: SparseTravelMatrix, minutes: NDArray[np.float32]) -> SparseTravelMatrix:
    ways = travel.time_min.tocoo()
    between = ways.row != ways.col
    towns = np.arange(len(minutes))
    km = sparse.csr_array(travel.distance_km).diagonal()
    pairs = tuple(np.concatenate([places[between], towns]) for places in ways.coords)
    return SparseTravelMatrix.of_pairs(
        travel.town_ids,
        travel.mode,
        (pairs[0], pairs[1]),
        np.concatenate([ways.data[between], minutes]),
        np.concatenate([travel.distance_km.data[between], km]),
        source=travel.source,
        limit_min=travel.limit_min,
    )
