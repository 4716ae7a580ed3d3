"""
Land and water around a region, on a grid in the plane.

The region is laid out around its middle (azimuthal equidistant), where great circles are straight
lines within kilometres up to some 1,000 km from the middle.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from comarca.travel.land import has_coast_within, land_mask
from comarca.travel.sphere import Plane, unit_vectors
from comarca.units import EARTH_RADIUS_KM

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.intp]

_MOST_CELLS = 2_500_000
_CELLS_PER_STRETCH = 4
_MARGIN_SHARE = 0.1  # a way round a bay may leave the towns' own window
_KM_PER_DEGREE = EARTH_RADIUS_KM * np.pi / 180
_SHORE_CELLS = 1.5
_LONGEST_EDGE_KM = 50.0  # of the drawn coast, but for straight edges in the far south
_AROUND_CELLS = 9
_LEAST_BLOCK_CELLS = 4


@dataclass(frozen=True, eq=False, kw_only=True)
class LandGrid:
    """
    Square cells around a region that know how far off they lie from water, or from land.

    Parameters
    ----------
    plane
        The plane they lie in.
    west_km, south_km
        Its coordinates at the corner of the first cell.
    cell_km, stretch_km
        Width of a cell; the longest stretch of water that does not matter.
    is_land
        Shape ``(n_rows, n_columns)``, from the south-west.
    clear_km
        From the cell's middle to the nearest cell of the other kind, same shape.
    nearest_land
        Row and column of the nearest cell on land, shape ``(2, n_rows, n_columns)``.
    """

    plane: Plane
    west_km: float
    south_km: float
    cell_km: float
    stretch_km: float
    is_land: BoolArray
    clear_km: NDArray[np.float32]
    nearest_land: NDArray[np.int32]

    def cells(self, x: FloatArray, y: FloatArray) -> tuple[IntArray, IntArray]:
        """Row and column of points, those outside at the rim."""
        row = ((y - self.south_km) / self.cell_km).astype(np.intp)
        column = ((x - self.west_km) / self.cell_km).astype(np.intp)
        n_rows, n_columns = self.is_land.shape
        return np.clip(row, 0, n_rows - 1), np.clip(column, 0, n_columns - 1)

    def snapped(
        self, lat: FloatArray, lon: FloatArray, snap_km: float
    ) -> tuple[FloatArray, FloatArray]:
        """Plane coordinates of towns; those just off the coast are put on land."""
        x, y = self.plane.of(lat, lon)
        row, column = self.cells(x, y)
        is_near = ~self.is_land[row, column] & (
            self.clear_km[row, column] <= snap_km + self.cell_km
        )
        land_x, land_y = self._middles(*self.nearest_land[:, row, column].astype(np.intp))
        return np.where(is_near, land_x, x), np.where(is_near, land_y, y)

    def shore_points(
        self, x: FloatArray, y: FloatArray, n_most: int
    ) -> tuple[FloatArray, FloatArray]:
        """
        Points of the shore where ways round water may bend, and both ends of each strait.

        Parameters
        ----------
        x, y
            Plane coordinates of the towns, km; lands without a town are left out.
        n_most
            How many at most, besides the ends of straits.

        Returns
        -------
        tuple of numpy.ndarray
            Plane coordinates, km, of cells on land.
        """
        lands = self._lands()
        inhabited = np.unique(lands[self.cells(x, y)])
        is_shore = self.is_land & (self.clear_km <= _SHORE_CELLS * self.cell_km)
        is_shore &= np.isin(lands, inhabited)
        shore_row, shore_column = self._bends(np.nonzero(is_shore), n_most)
        strait_row, strait_column = self._strait_ends(lands)
        return self._middles(
            np.concatenate((shore_row, strait_row)), np.concatenate((shore_column, strait_column))
        )

    def _lands(self) -> IntArray:
        """Number of the land each cell belongs to, 0 for water."""
        from scipy.ndimage import label

        lands, _ = label(self.is_land, structure=np.ones((3, 3)))
        return np.asarray(lands, dtype=np.intp)

    def _bends(self, shore: tuple[IntArray, ...], n_most: int) -> tuple[IntArray, IntArray]:
        """In each of many blocks the shore cell with most land around: ways bend inland of bays."""
        from scipy.ndimage import uniform_filter

        row, column = shore
        land_around = uniform_filter(self.is_land.astype(np.float32), _AROUND_CELLS)[row, column]
        order = np.argsort(-land_around, kind="stable")
        row, column = row[order], column[order]
        block = _LEAST_BLOCK_CELLS
        while True:
            blocks = (row // block) * self.is_land.shape[1] + column // block
            _, first = np.unique(blocks, return_index=True)
            if len(first) <= n_most:
                return row[first], column[first]
            block += max(1, block // 8)

    def _strait_ends(self, lands: IntArray) -> tuple[IntArray, IntArray]:
        """Cells on either side of the narrowest place between each two lands that nearly meet."""
        nearest_cell = np.ravel_multi_index(tuple(self.nearest_land), self.is_land.shape)
        nearest_land = lands.ravel()[nearest_cell]
        away_km = np.where(self.is_land, 0.0, self.clear_km)
        met = []
        for one, other in ((np.s_[:, :-1], np.s_[:, 1:]), (np.s_[:-1, :], np.s_[1:, :])):
            meets = nearest_land[one] != nearest_land[other]
            gap_km = (away_km[one] + away_km[other])[meets]
            ends = [nearest_cell[side][meets] for side in (one, other)]
            pair = np.sort([nearest_land[side][meets] for side in (one, other)], axis=0)
            met.append(np.vstack((pair, gap_km, ends)))
        low, high, gap_km, *ends = np.hstack(met)
        order = np.lexsort((gap_km, high, low))
        order = order[gap_km[order] <= self.stretch_km]
        is_first = (np.diff(low[order], prepend=-1) != 0) | (np.diff(high[order], prepend=-1) != 0)
        cells = np.concatenate([end[order[is_first]] for end in ends]).astype(np.intp)
        row, column = np.unravel_index(cells, self.is_land.shape)
        return row, column

    def _middles(self, row: IntArray, column: IntArray) -> tuple[FloatArray, FloatArray]:
        x = self.west_km + (column + 0.5) * self.cell_km
        y = self.south_km + (row + 0.5) * self.cell_km
        return np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)


def lay_out(lat: FloatArray, lon: FloatArray, stretch_km: float) -> LandGrid | None:
    """
    Grid the land around towns.

    Parameters
    ----------
    lat, lon
        Degrees, shape ``(n,)``.
    stretch_km
        Shortest stretch of water that matters, km; a cell is a fraction of it, or larger where the
        region is huge.

    Returns
    -------
    LandGrid or None
        ``None`` where there is no water around, or no land: of towns far out at sea the map base
        does not know the ground, so that it has nothing to say.
    """
    plane = Plane.around(unit_vectors(lat, lon))
    x, y = plane.of(lat, lon)
    margin_km = _MARGIN_SHARE * max(np.ptp(x), np.ptp(y)) + 2 * stretch_km
    width_km, height_km = np.ptp(x) + 2 * margin_km, np.ptp(y) + 2 * margin_km
    reach_km = float(np.hypot(x, y).max() + 2 * margin_km + _LONGEST_EDGE_KM)
    if not has_coast_within(plane.middle, reach_km):
        return None
    cell_km = max(
        stretch_km / _CELLS_PER_STRETCH, float(np.sqrt(width_km * height_km / _MOST_CELLS))
    )
    west_km, south_km = float(x.min() - margin_km), float(y.min() - margin_km)
    cell_x, cell_y = np.meshgrid(
        west_km + (np.arange(int(width_km / cell_km) + 1) + 0.5) * cell_km,
        south_km + (np.arange(int(height_km / cell_km) + 1) + 0.5) * cell_km,
    )
    is_land = land_mask(*plane.back(cell_x, cell_y), cell_km / _KM_PER_DEGREE, plane.middle_lon)
    if is_land.all() or not is_land.any():
        return None
    # In a huge region a cell is longer than what would matter.
    stretch_km = max(stretch_km, _CELLS_PER_STRETCH / 2 * cell_km)
    return LandGrid(
        plane=plane,
        west_km=west_km,
        south_km=south_km,
        cell_km=cell_km,
        stretch_km=stretch_km,
        is_land=is_land,
        **_distances(is_land, cell_km),
    )


def _distances(is_land: BoolArray, cell_km: float) -> dict[str, NDArray[Any]]:
    from scipy.ndimage import distance_transform_edt

    to_water = distance_transform_edt(is_land)
    to_land, nearest_land = distance_transform_edt(~is_land, return_indices=True)
    clear_km = (cell_km * (to_water + to_land)).astype(np.float32)
    return {"clear_km": clear_km, "nearest_land": nearest_land}
