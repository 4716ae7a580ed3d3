"""
Travel over the great circle: the way of last resort, where neither roads nor a table are given.

The way is the great circle times a circuity, driven at speeds that rise with distance. Where the
great circle crosses open water the way goes round it on land, and where that is not possible there
is none: ``inf`` (:mod:`comarca.travel.water`).

Assumptions: a sphere of mean radius (within 0.6 % of the ellipsoid); ferries are no road.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from comarca.errors import ParameterError
from comarca.model.matrices import Mode, TravelMatrix
from comarca.travel.params import TravelParams
from comarca.travel.water import land_ways_km

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False, kw_only=True)
class Positions:
    """
    Where towns lie.

    Parameters
    ----------
    town_ids
        Towns in order, each once, at least one.
    lat, lon
        Degrees (WGS 84), shape ``(n_towns,)``; ``lat`` in [-90, 90], ``lon`` in [-180, 180].

    Raises
    ------
    ParameterError
        When there is no town, or a coordinate is missing or out of range.
    """

    town_ids: tuple[str, ...]
    lat: FloatArray
    lon: FloatArray

    def __post_init__(self) -> None:
        if not self.town_ids:
            raise ParameterError("There is no town to travel between.")
        for name, most in (("lat", 90.0), ("lon", 180.0)):
            degrees = getattr(self, name)
            # Written so that a missing coordinate fails too.
            is_wrong = ~(np.abs(degrees) <= most)
            if is_wrong.any():
                first = int(np.argmax(is_wrong))
                raise ParameterError(
                    f'{name} of town "{self.town_ids[first]}" is {degrees[first]}; '
                    f"expected {-most:.0f} to {most:.0f} degrees."
                )

    @classmethod
    def of(cls, towns: pd.DataFrame) -> Positions:
        """Take them from a table of towns: index ``town_id``, columns ``lat`` and ``lon``."""
        return cls(
            town_ids=tuple(str(town_id) for town_id in towns.index),
            lat=towns["lat"].to_numpy(dtype=np.float64, na_value=np.nan),
            lon=towns["lon"].to_numpy(dtype=np.float64, na_value=np.nan),
        )


def travel_by_circle(
    towns: pd.DataFrame, mode: Mode, params: TravelParams | None = None
) -> TravelMatrix:
    """
    Estimate times and distances from where the towns lie.

    Parameters
    ----------
    towns
        Index ``town_id`` (text), columns ``lat`` and ``lon`` (degrees, WGS 84).
    mode
        ``"car"``, ``"bus"`` or ``"truck"``.
    params
        Circuity, speeds, and what counts as open water; ``None`` for the defaults.

    Returns
    -------
    TravelMatrix
        Symmetric; the diagonal is 0, the time within a town being none of its business. ``inf``
        between towns no road can join.

    Raises
    ------
    ParameterError
        When there is no town, or a coordinate is missing or out of range.
    """
    params = params or TravelParams()
    positions = Positions.of(towns)
    distance_km = params.circuity(mode) * land_distance_km(positions, params)
    time_min = params.speeds(mode).time_min(distance_km)
    np.fill_diagonal(time_min, 0.0)
    return TravelMatrix(
        positions.town_ids,
        mode,
        time_min.astype(np.float32),
        distance_km.astype(np.float32),
        "circle",
    )


def land_distance_km(positions: Positions, params: TravelParams) -> FloatArray:
    """
    Length of the shortest way on land, without circuity.

    Parameters
    ----------
    positions
        Where the towns lie.
    params
        What counts as open water.

    Returns
    -------
    numpy.ndarray
        Kilometres, shape ``(n, n)``, symmetric, read-only; ``inf`` where there is no way.
    """
    return _land_distance_km(
        positions.lat.tobytes(),
        positions.lon.tobytes(),
        params.open_water_km,
        params.coast_snap_km,
    )


# One region's towns are asked for once a mode; what lies between them does not change.
@lru_cache(maxsize=2)
def _land_distance_km(
    lat_bytes: bytes, lon_bytes: bytes, open_water_km: float, coast_snap_km: float
) -> FloatArray:
    way_km = land_ways_km(
        np.frombuffer(lat_bytes),
        np.frombuffer(lon_bytes),
        open_water_km=open_water_km,
        coast_snap_km=coast_snap_km,
    )
    way_km.flags.writeable = False
    return way_km
