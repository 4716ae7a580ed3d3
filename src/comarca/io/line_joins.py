"""Join lines drawn by hand: a line that ends on another, between its points, meets it there."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from comarca.model.roads import UNITS_PER_DEGREE
from comarca.units import EARTH_RADIUS_KM, M_PER_KM

Int32 = NDArray[np.int32]
Int64 = NDArray[np.int64]

_M_PER_UNIT = float(np.pi / 180 * EARTH_RADIUS_KM * M_PER_KM / UNITS_PER_DEGREE)


def split_at_ends(
    first: Int64, lat: Int32, lon: Int32, join_m: float
) -> tuple[Int64, Int32, Int32]:
    """
    Put the ends of lines into the lines they end on.

    Parameters
    ----------
    first
        Where the points of each line begin, shape ``(n_lines + 1,)``.
    lat, lon
        Points, 1e-7 degrees.
    join_m
        How near an end must lie, metres; 0 leaves all as it is.

    Returns
    -------
    first, lat, lon
        The same lines, with a point more wherever another line ends on them. The point is the
        other line's end, so that both share it.
    """
    if join_m <= 0 or len(lat) < 2:
        return first, lat, lon
    piece, end, lat, lon = _touching(first, lat, lon, join_m)
    order = np.lexsort((_along(lat, lon, piece, end), piece))
    piece, end = piece[order], end[order]
    at = piece + 1
    n_more = np.bincount(np.searchsorted(first, piece, side="right") - 1, minlength=len(first) - 1)
    grown = first + np.concatenate(([0], np.cumsum(n_more)))
    return grown, np.insert(lat, at, lat[end]), np.insert(lon, at, lon[end])


def _touching(
    first: Int64, lat: Int32, lon: Int32, join_m: float
) -> tuple[Int64, Int64, Int32, Int32]:
    """Pieces that ends of lines lie on, those ends, and points with ends moved to near corners."""
    import shapely

    ends = np.unique(np.concatenate((first[:-1], first[1:] - 1)))
    start = np.setdiff1d(np.arange(len(lat)), first[1:] - 1)
    # Lengths along a parallel shrink towards the poles; one factor serves a region.
    shrink = float(np.cos(np.radians(lat.mean() / UNITS_PER_DEGREE)))
    x, y = lon * (_M_PER_UNIT * shrink), lat * _M_PER_UNIT
    corners = np.stack((np.stack((x, y), 1)[start], np.stack((x, y), 1)[start + 1]), axis=1)
    pieces = shapely.linestrings(corners)
    points = shapely.points(x[ends], y[ends])
    nth, which = shapely.STRtree(pieces).query(points, predicate="dwithin", distance=join_m)
    piece, end = start[which], ends[nth]
    far = np.ones(len(piece), dtype=bool)
    lat, lon = lat.copy(), lon.copy()
    for corner in (piece, piece + 1):
        is_near = np.hypot(x[corner] - x[end], y[corner] - y[end]) <= join_m
        far &= ~is_near
        # Of two ends that nearly meet, the later takes the place of the earlier.
        moved = is_near & (corner < end)
        lat[end[moved]], lon[end[moved]] = lat[corner[moved]], lon[corner[moved]]
    return piece[far], end[far], lat, lon


def _along(lat: Int32, lon: Int32, piece: Int64, end: Int64) -> NDArray[np.float64]:
    """How far along its piece each end lies."""
    away_y = lat[end].astype(np.float64) - lat[piece]
    away_x = lon[end].astype(np.float64) - lon[piece]
    along: NDArray[np.float64] = np.hypot(away_x * np.cos(np.radians(lat[piece] / 1e7)), away_y)
    return along
