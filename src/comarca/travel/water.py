"""
Ways over land: which straight legs cross open water, and how far it is round it.

A leg is followed in jumps, each as long as its place on the grid is known to be clear of water, or
of land: most legs end after a few, and legs far from any coast take none. Where a leg crosses open
water the way goes round: over straight legs on land that bend at points of the shore, and across
straits narrower than what counts as open water, which are taken to be bridged. Two lands without
such a strait between them have no way: no car drives over the sea.

Assumptions: land is what the map base draws (lakes count as land); ferries are no road, longer
bridges are unknown; a town slightly off the drawn coast stands on the nearest land, one farther out
on an island of its own. Where the map base draws no land at all nothing is known, and legs stay
straight.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from comarca.travel.land_grid import LandGrid, lay_out
from comarca.travel.sphere import great_circle_between_km, great_circle_km

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.intp]

_PAIRS_AT_ONCE = 250_000
_MOST_SHORE_POINTS = 600
LEAST_GAIN_KM = 1e-3
_UNSURE_CELLS = 1.25  # a point and the rim it is measured to each lie somewhere in their cells
_LEAST_CELLS_ON_LAND = 1.0  # a stretch that matters is several cells long
_LEAST_CELLS_ON_WATER = 0.5
N_NEAREST_SHORE = 32
N_NEAREST_OF_TOWN = 96


@dataclass(frozen=True, eq=False, kw_only=True)
class Ground:
    """
    Points on the ground: where they are on the globe, and where in the grid's plane.

    Parameters
    ----------
    lat, lon
        Degrees, shape ``(n,)``.
    x, y
        Plane coordinates, km, same shape; moved to the shore for points just off it.
    """

    lat: FloatArray
    lon: FloatArray
    x: FloatArray
    y: FloatArray

    def taken(self, at: IntArray) -> Ground:
        """Only these points."""
        return Ground(lat=self.lat[at], lon=self.lon[at], x=self.x[at], y=self.y[at])


def land_ways_km(
    lat: FloatArray, lon: FloatArray, *, open_water_km: float, coast_snap_km: float
) -> FloatArray:
    """
    Length of the shortest way on land between all pairs of towns.

    Parameters
    ----------
    lat, lon
        Degrees, shape ``(n,)``.
    open_water_km
        Longest stretch of water a straight leg may cross, km, above 0.
    coast_snap_km
        How far off the drawn coast a town may lie and still count as on land, km, 0 or more.

    Returns
    -------
    numpy.ndarray
        Kilometres, shape ``(n, n)``, symmetric: the great circle where it stays on land, the way
        round where it does not, ``inf`` where there is none.
    """
    way_km = great_circle_km(lat, lon)
    grid = lay_out(lat, lon, open_water_km)
    if grid is None:
        return way_km
    x, y = grid.snapped(lat, lon, coast_snap_km)
    towns = Ground(lat=lat, lon=lon, x=x, y=y)
    crosses = _crossing_pairs(grid, towns)
    way_km[crosses] = np.inf
    return _closed(_with_ways_round(way_km, crosses, grid, towns), crosses)


def legs_over_water(
    lat: FloatArray, lon: FloatArray, *, open_water_km: float, coast_snap_km: float
) -> BoolArray:
    """
    Tell which straight legs between towns cross open water.

    Parameters
    ----------
    lat, lon, open_water_km, coast_snap_km
        As for :func:`land_ways_km`.

    Returns
    -------
    numpy.ndarray
        Shape ``(n, n)``, symmetric; ``True`` where the leg crosses more than ``open_water_km`` of
        water in one stretch. Never on the diagonal.
    """
    grid = lay_out(lat, lon, open_water_km)
    if grid is None:
        return np.zeros((len(lat), len(lat)), dtype=bool)
    x, y = grid.snapped(lat, lon, coast_snap_km)
    return _crossing_pairs(grid, Ground(lat=lat, lon=lon, x=x, y=y))


def _crossing_pairs(grid: LandGrid, points: Ground) -> BoolArray:
    n_points = len(points.x)
    crosses = np.zeros((n_points, n_points), dtype=bool)
    one, other = np.triu_indices(n_points, k=1)
    crosses[one, other] = crossing(grid, points, one, points, other)
    return crosses | crosses.T


def crossing(grid: LandGrid, one: Ground, at: IntArray, other: Ground, to: IntArray) -> BoolArray:
    """Whether each leg from ``one[at]`` to ``other[to]`` crosses open water."""
    crosses = np.zeros(len(at), dtype=bool)
    for start in range(0, len(at), _PAIRS_AT_ONCE):
        pairs = slice(start, start + _PAIRS_AT_ONCE)
        a, b = at[pairs], to[pairs]
        ends = np.array((one.x[a], one.y[a], other.x[b], other.y[b]))
        crosses[pairs] = _followed(grid, ends)
    return crosses


def _followed(grid: LandGrid, ends: FloatArray) -> BoolArray:
    """Follow straight legs in jumps; ``ends`` holds x, y, x, y, shape ``(4, n_legs)``."""
    x, y, to_x, to_y = ends
    length_km = np.hypot(to_x - x, to_y - y)
    crosses = np.zeros(len(x), dtype=bool)
    at_km, wet_km = np.zeros(len(x)), np.zeros(len(x))
    going = _not_clear_of_water(grid, ends, length_km)
    while going.size:
        share = at_km[going] / length_km[going]
        row, column = grid.cells(
            x[going] + share * (to_x - x)[going], y[going] + share * (to_y - y)[going]
        )
        is_land = grid.is_land[row, column]
        least_km = np.where(is_land, _LEAST_CELLS_ON_LAND, _LEAST_CELLS_ON_WATER) * grid.cell_km
        jump_km = grid.clear_km[row, column] - _UNSURE_CELLS * grid.cell_km
        jump_km = np.minimum(np.maximum(jump_km, least_km), length_km[going] - at_km[going])
        wet_km[going] = np.where(is_land, 0.0, wet_km[going] + jump_km)
        at_km[going] += jump_km
        is_wet = wet_km[going] > grid.stretch_km
        crosses[going[is_wet]] = True
        going = going[~is_wet & (at_km[going] < length_km[going] - 1e-9)]
    return crosses


def _not_clear_of_water(grid: LandGrid, ends: FloatArray, length_km: FloatArray) -> IntArray:
    """Legs that the dry discs around their two ends do not cover."""
    covered_km = np.zeros(len(length_km))
    for x, y in (ends[:2], ends[2:]):
        cell = grid.cells(x, y)
        dry_km = grid.clear_km[cell] - _UNSURE_CELLS * grid.cell_km
        covered_km += np.where(grid.is_land[cell], dry_km, 0.0)
    return np.flatnonzero((covered_km < length_km) & (length_km > 0))


def _with_ways_round(
    way_km: FloatArray, crosses: BoolArray, grid: LandGrid, towns: Ground
) -> FloatArray:
    """Fill in the ways round for pairs whose straight leg crosses water."""
    wet = np.flatnonzero(crosses.any(axis=1))
    if not wet.size:
        return way_km
    shore = shore_of(grid, towns)
    if not shore.x.size:
        return way_km
    to_shore_km = dry_km(grid, towns.taken(wet), shore, N_NEAREST_OF_TOWN)
    along_km = joined_km(dry_km(grid, shore, shore, N_NEAREST_SHORE))
    for nth, town in enumerate(wet):
        seen = np.flatnonzero(np.isfinite(to_shore_km[nth]))
        others = np.flatnonzero(crosses[town, wet[nth + 1 :]]) + nth + 1
        if not seen.size or not others.size:
            continue
        reached_km = (to_shore_km[nth, seen, None] + along_km[seen]).min(axis=0)
        round_km = (reached_km + to_shore_km[others]).min(axis=1)
        way_km[town, wet[others]] = way_km[wet[others], town] = round_km
    return way_km


def shore_of(grid: LandGrid, towns: Ground) -> Ground:
    """Points of the shore where ways round water may bend."""
    x, y = grid.shore_points(towns.x, towns.y, _MOST_SHORE_POINTS)
    lat, lon = grid.plane.back(x, y)
    return Ground(lat=lat, lon=lon, x=x, y=y)


def dry_km(grid: LandGrid, one: Ground, other: Ground, n_nearest: int) -> FloatArray:
    """Lengths of straight legs to the nearest others; ``inf`` over open water or farther off."""
    straight_km = great_circle_between_km(one.lat, one.lon, other.lat, other.lon)
    dry_km = np.full(straight_km.shape, np.inf)
    n_nearest = min(n_nearest, straight_km.shape[1])
    to = np.argpartition(straight_km, n_nearest - 1, axis=1)[:, :n_nearest].ravel()
    at = np.repeat(np.arange(len(straight_km)), n_nearest)
    is_dry = ~crossing(grid, one, at, other, to)
    at, to = at[is_dry], to[is_dry]
    dry_km[at, to] = straight_km[at, to]
    return dry_km


def joined_km(leg_km: FloatArray) -> FloatArray:
    """Shortest chains of legs."""
    from scipy.sparse.csgraph import floyd_warshall

    # The legs there and back are followed from different ends and may differ by a cell.
    joined: FloatArray = floyd_warshall(np.minimum(leg_km, leg_km.T))
    return joined


def _closed(way_km: FloatArray, crosses: BoolArray) -> FloatArray:
    """Go through another town where that is shorter, so that no way is longer than through one."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    _, land_of = connected_components(csr_array(np.isfinite(way_km)), directed=False)
    for land in range(land_of.max() + 1):
        # Towns of different lands have no way through any third.
        towns = np.flatnonzero(land_of == land)
        block = np.ix_(towns, towns)
        if crosses[block].any():
            way_km[block] = _closed_on_land(way_km[block], crosses[block])
    return way_km


def _closed_on_land(way_km: FloatArray, crosses: BoolArray) -> FloatArray:
    is_shorter = True
    while is_shorter:
        is_shorter = False
        for town in np.flatnonzero(crosses.any(axis=1)):
            others = np.flatnonzero(crosses[town, town + 1 :]) + town + 1
            if not others.size:
                continue
            through_km = (way_km[others] + way_km[town]).min(axis=1)
            gains = through_km < way_km[town, others] - LEAST_GAIN_KM
            if gains.any():
                is_shorter = True
                nearer = others[gains]
                way_km[town, nearer] = way_km[nearer, town] = through_km[gains]
    return way_km
