"""Which points lie on land, by the map base: Natural Earth 1:10m, lakes counted as land."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from comarca.io.basemap import Rings, rings
from comarca.travel.sphere import unit_vectors
from comarca.units import EARTH_RADIUS_KM

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

_MOST_CELLS = 8_000_000


def land_mask(
    lat: FloatArray, lon: FloatArray, step_degrees: float, middle_lon: float
) -> BoolArray:
    """
    Tell which points lie on land.

    Parameters
    ----------
    lat, lon
        Degrees, any shape.
    step_degrees
        How exactly, in degrees of latitude.
    middle_lon
        Longitude about which the points lie, degrees.

    Returns
    -------
    numpy.ndarray
        Same shape.
    """
    # Counted from the middle, so that no window is cut by the date line.
    lon = (lon - middle_lon + 180) % 360 - 180
    south, west = lat.min() - step_degrees, lon.min() - step_degrees
    step_lat, step_lon = _steps(lat, lon, step_degrees)
    n_rows = int((lat.max() - south) / step_lat) + 2
    n_columns = int((lon.max() - west) / step_lon) + 2
    raster = _land_raster(
        rings(), middle_lon, (west, south), (step_lon, step_lat), (n_rows, n_columns)
    )
    land: BoolArray = raster[
        ((lat - south) / step_lat).astype(np.intp), ((lon - west) / step_lon).astype(np.intp)
    ]
    return land


def _steps(lat: FloatArray, lon: FloatArray, step: float) -> tuple[float, float]:
    """Steps in latitude and longitude, about as long on the ground, coarser for huge windows."""
    narrowest = np.cos(np.radians(min(np.abs(lat).max(), 89.0)))
    step_lon = step / max(narrowest, 0.02)
    n_cells = (np.ptp(lat) / step) * (np.ptp(lon) / step_lon)
    coarser = max(1.0, float(np.sqrt(n_cells / _MOST_CELLS)))
    return step * coarser, step_lon * coarser


def _land_raster(
    outlines: Rings,
    middle: float,
    corner: tuple[float, float],
    steps: tuple[float, float],
    shape: tuple[int, int],
) -> BoolArray:
    """Count, row by row, the edges west of each cell's middle: an odd number means land."""
    (west, south), (step_lon, step_lat), (n_rows, n_columns) = corner, steps, shape
    lon, lat, is_edge = _around(outlines, middle)
    row = (lat - south) / step_lat - 0.5
    first = np.maximum(np.ceil(np.minimum(row[:-1], row[1:])), 0).astype(np.int64)
    # Half-open, so that a point two edges share counts once.
    last = np.minimum(np.ceil(np.maximum(row[:-1], row[1:])), n_rows).astype(np.int64)
    edge = np.flatnonzero(is_edge & (last > first))
    n_crossed = (last - first)[edge]
    of_edge = np.repeat(edge, n_crossed)
    nth = np.arange(len(of_edge)) - np.repeat(np.cumsum(n_crossed) - n_crossed, n_crossed)
    crossed = first[of_edge] + nth
    along = (crossed - row[of_edge]) / (row[of_edge + 1] - row[of_edge])
    at = lon[of_edge] + along * (lon[of_edge + 1] - lon[of_edge])
    column = np.clip(np.ceil((at - west) / step_lon - 0.5), 0, n_columns).astype(np.int64)
    flips = np.bincount(crossed * (n_columns + 1) + column, minlength=n_rows * (n_columns + 1))
    counts = np.cumsum(flips.reshape(n_rows, n_columns + 1)[:, :-1], axis=1)
    land: BoolArray = counts % 2 == 1
    return land


def _around(outlines: Rings, middle: float) -> tuple[FloatArray, FloatArray, BoolArray]:
    """Points with longitudes from a middle, each ring whole; which points start an edge."""
    starts = np.concatenate(([0], outlines.ends[:-1]))
    west = np.minimum.reduceat(outlines.lon, starts) - middle
    east = np.maximum.reduceat(outlines.lon, starts) - middle
    turn = -360 * np.round((west + east) / 720)
    # A ring that reaches beyond the far meridian shows on the other side too.
    again = np.where(east + turn > 180, -360.0, np.where(west + turn < -180, 360.0, 0.0))
    n_points = np.diff(outlines.ends, prepend=0)
    lon = outlines.lon - middle + np.repeat(turn, n_points)
    ends_ring = np.zeros(len(lon), dtype=bool)
    ends_ring[outlines.ends - 1] = True
    again = np.repeat(again, n_points)
    twice = np.flatnonzero(again)
    return (
        np.concatenate((lon, lon[twice] + again[twice])),
        np.concatenate((outlines.lat, outlines.lat[twice])),
        ~np.concatenate((ends_ring, ends_ring[twice]))[:-1],
    )


def has_coast_within(middle: FloatArray, radius_km: float) -> bool:
    """Whether a coast is drawn within so many km of a point, given as a unit vector."""
    least_cosine = np.cos(min(radius_km / EARTH_RADIUS_KM, np.pi))
    return bool((_coast_points() @ middle.astype(np.float32)).max() >= least_cosine)


@cache
def _coast_points() -> NDArray[np.float32]:
    outlines = rings()
    at = outlines.is_coast
    return unit_vectors(outlines.lat[at], outlines.lon[at]).astype(np.float32)
