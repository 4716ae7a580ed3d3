"""
Ways between towns within a limit of time, for so many towns that all pairs would not fit in memory.

What is found is what :func:`~comarca.travel.source.travel_matrix` finds, without the pairs beyond
the limit: neighbours are looked up in a tree, legs over water are followed for them alone, and a
way through a third town is no longer than the limit only if both its parts are.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.spatial import KDTree

from comarca.errors import ParameterError
from comarca.model.matrices import Mode, SparseTravelMatrix, TravelMatrix
from comarca.model.region import Region
from comarca.travel.circle import Positions
from comarca.travel.land_grid import LandGrid, lay_out
from comarca.travel.params import SpeedBands, TravelParams
from comarca.travel.roads.params import RoadParams
from comarca.travel.source import CircleSource, source_of
from comarca.travel.sphere import unit_vectors
from comarca.travel.water import (
    LEAST_GAIN_KM,
    N_NEAREST_OF_TOWN,
    N_NEAREST_SHORE,
    Ground,
    crossing,
    dry_km,
    joined_km,
    shore_of,
)
from comarca.units import EARTH_RADIUS_KM

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.intp]

_HALVINGS = 60
_ROUNDING = 1e-6  # a neighbour exactly at the limit is not lost between chord and arc


def travel_within(
    region: Region,
    mode: Mode,
    limit_min: float,
    params: TravelParams | None = None,
    roads: RoadParams | None = None,
) -> SparseTravelMatrix:
    """
    Tell times and distances of the pairs of a region's towns within a limit.

    Parameters
    ----------
    region
        With its table ``travel``, or its roads, where somebody gave them.
    mode
        ``"car"``, ``"bus"`` or ``"truck"`` (a light truck).
    limit_min
        Longest time, minutes, above 0.
    params
        For what has to be estimated; ``None`` for the defaults of the region's country.
    roads
        How fast its roads are driven; ``None`` for the defaults of its country.

    Returns
    -------
    SparseTravelMatrix
        As :func:`~comarca.travel.source.travel_matrix`, without the pairs beyond the limit and
        without those of a town with itself that take no time. Only the great circle is found
        without making all pairs on the way.

    Raises
    ------
    ParameterError
        When the limit is not above 0, or a coordinate or an entry of the table is missing or out of
        range.
    """
    if not limit_min > 0:
        raise ParameterError(f"limit_min is {limit_min:g}; expected a time above 0.")
    source = source_of(region, params, roads)
    if isinstance(source, CircleSource):
        return circle_within(region.towns, mode, limit_min, source.params)
    return near_pairs(source.matrix(region.towns, mode), limit_min)


def near_pairs(travel: TravelMatrix, limit_min: float) -> SparseTravelMatrix:
    """Keep the pairs of a matrix within a limit, minutes."""
    rows, columns = np.nonzero(travel.time_min <= limit_min)
    told = (rows != columns) | (travel.time_min[rows, columns] > 0)
    rows, columns = rows[told], columns[told]
    return SparseTravelMatrix.of_pairs(
        travel.town_ids,
        travel.mode,
        (rows, columns),
        travel.time_min[rows, columns],
        travel.distance_km[rows, columns],
        source=travel.source,
        limit_min=limit_min,
    )


def circle_within(
    towns: pd.DataFrame, mode: Mode, limit_min: float, params: TravelParams | None = None
) -> SparseTravelMatrix:
    """
    Estimate times and distances within a limit from where the towns lie.

    Parameters
    ----------
    towns
        Index ``town_id`` (text), columns ``lat`` and ``lon`` (degrees, WGS 84).
    mode
        ``"car"``, ``"bus"`` or ``"truck"``.
    limit_min
        Longest time, minutes.
    params
        Circuity, speeds, and what counts as open water; ``None`` for the defaults.

    Returns
    -------
    SparseTravelMatrix
        Symmetric, nothing on the diagonal.

    Raises
    ------
    ParameterError
        When there is no town, or a coordinate is missing or out of range.
    """
    params = params or TravelParams()
    positions = Positions.of(towns)
    speeds, circuity = params.speeds(mode), params.circuity(mode)
    reach_km = _reach_km(speeds, limit_min) / circuity
    near = _Near.of(positions, reach_km)
    ways_km = circuity * _land_ways_km(positions, near, params)
    time_min = speeds.time_min(ways_km).astype(np.float32)
    both = (np.concatenate([near.one, near.other]), np.concatenate([near.other, near.one]))
    return SparseTravelMatrix.of_pairs(
        positions.town_ids,
        mode,
        both,
        np.tile(time_min, 2),
        np.tile(ways_km, 2).astype(np.float32),
        source="circle",
        limit_min=limit_min,
    )


def _reach_km(speeds: SpeedBands, limit_min: float) -> float:
    """How far one gets within a time; 0 where getting started takes longer."""
    low, high = 0.0, 1.0
    while speeds.time_min(np.array(high)) <= limit_min and high < np.pi * EARTH_RADIUS_KM:
        high *= 2
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if speeds.time_min(np.array(middle)) <= limit_min:
            low = middle
        else:
            high = middle
    return low


@dataclass(frozen=True, eq=False, kw_only=True)
class _Near:
    """Pairs of towns near each other, each once, the first before the second."""

    one: IntArray
    other: IntArray
    straight_km: FloatArray

    @classmethod
    def of(cls, positions: Positions, reach_km: float) -> _Near:
        points = unit_vectors(positions.lat, positions.lon)
        chord = 2 * np.sin(min(reach_km / (2 * EARTH_RADIUS_KM), np.pi / 2))
        pairs = KDTree(points).query_pairs(chord * (1 + _ROUNDING), output_type="ndarray")
        pairs = pairs[np.lexsort(pairs.T[::-1])].astype(np.intp)
        one, other = pairs[:, 0], pairs[:, 1]
        half = np.linalg.norm(points[one] - points[other], axis=1) / 2
        return cls(
            one=one,
            other=other,
            straight_km=2 * EARTH_RADIUS_KM * np.arcsin(np.minimum(half, 1.0)),
        )


def _land_ways_km(positions: Positions, near: _Near, params: TravelParams) -> FloatArray:
    """Length of the way on land of each near pair; ``inf`` where there is none, or none near."""
    grid = lay_out(positions.lat, positions.lon, params.open_water_km)
    if grid is None:
        return near.straight_km
    x, y = grid.snapped(positions.lat, positions.lon, params.coast_snap_km)
    ground = Ground(lat=positions.lat, lon=positions.lon, x=x, y=y)
    crosses = crossing(grid, ground, near.one, ground, near.other)
    if not crosses.any():
        return near.straight_km
    ways_km = np.where(crosses, np.inf, near.straight_km)
    wet = np.flatnonzero(crosses)
    ways_km[wet] = _ways_round_km(grid, ground, near.one[wet], near.other[wet])
    return _Closing(near, len(x), wet).closed(ways_km)


def _ways_round_km(grid: LandGrid, towns: Ground, one: IntArray, other: IntArray) -> FloatArray:
    """Ways round the water along the shore, of pairs in the order of their first town."""
    round_km = np.full(len(one), np.inf)
    shore = shore_of(grid, towns)
    if not shore.x.size:
        return round_km
    wet = np.unique(np.concatenate([one, other]))
    to_shore_km = dry_km(grid, towns.taken(wet), shore, N_NEAREST_OF_TOWN)
    along_km = joined_km(dry_km(grid, shore, shore, N_NEAREST_SHORE))
    first, ends = np.searchsorted(wet, one), np.searchsorted(wet, other)
    starts = np.flatnonzero(np.diff(first, prepend=-1))
    for start, stop in zip(starts, [*starts[1:], len(one)], strict=True):
        from_town = to_shore_km[first[start]]
        seen = np.flatnonzero(np.isfinite(from_town))
        if seen.size:
            reached_km = (from_town[seen, None] + along_km[seen]).min(axis=0)
            round_km[start:stop] = (reached_km + to_shore_km[ends[start:stop]]).min(axis=1)
    return round_km


class _Closing:
    """Goes through another town where that is shorter, so no way is longer than through one."""

    def __init__(self, near: _Near, n_towns: int, wet: IntArray) -> None:
        rows = np.concatenate([near.one, near.other])
        order = np.argsort(rows, kind="stable")
        self._pair = np.tile(np.arange(len(near.one)), 2)[order]
        self._neighbour = np.concatenate([near.other, near.one])[order]
        self._starts = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=n_towns))])
        self._near, self._n_towns, self._wet = near, n_towns, wet

    def closed(self, ways_km: FloatArray) -> FloatArray:
        """Ways of the near pairs, none longer than through one other town."""
        ways_km = ways_km.copy()
        first = self._near.one[self._wet]
        starts = np.flatnonzero(np.diff(first, prepend=-1))
        groups = np.split(self._wet, starts[1:])
        is_shorter = True
        while is_shorter:
            gains = [self._shorten(pairs, ways_km) for pairs in groups]
            is_shorter = any(gains)
        return ways_km

    def _shorten(self, pairs: IntArray, ways_km: FloatArray) -> bool:
        """Shorten ways over water of one town in place; whether any was."""
        town = int(self._near.one[pairs[0]])
        from_town = np.full(self._n_towns, np.inf)
        here = slice(self._starts[town], self._starts[town + 1])
        from_town[self._neighbour[here]] = ways_km[self._pair[here]]
        others = self._near.other[pairs]
        lengths = self._starts[others + 1] - self._starts[others]
        ends = np.cumsum(lengths)
        places = np.arange(ends[-1]) + np.repeat(self._starts[others] - ends + lengths, lengths)
        through = from_town[self._neighbour[places]] + ways_km[self._pair[places]]
        through_km = np.minimum.reduceat(through, ends - lengths)
        gains = through_km < ways_km[pairs] - LEAST_GAIN_KM
        ways_km[pairs[gains]] = through_km[gains]
        return bool(gains.any())
