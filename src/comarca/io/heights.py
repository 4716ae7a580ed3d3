"""
Heights above the sea: an ESRI ASCII grid in degrees, or SRTM tiles (``.hgt``).

Both are read with numpy alone. Other rasters can be turned into an ASCII grid by any GIS
(``gdal_translate -of AAIGrid``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from comarca.errors import Fault, RoadFileError

FloatArray = NDArray[np.float64]

_TILE = re.compile(r"([NS])(\d{2})([EW])(\d{3})\.hgt", re.IGNORECASE)
_VOID = -32_768
_MOST_M = 9_000.0
_KEYS = ("ncols", "nrows", "cellsize")


@dataclass(frozen=True, eq=False, kw_only=True)
class HeightGrid:
    """
    Heights at the crossings of a grid.

    Parameters
    ----------
    south, west
        Of the first row and column, degrees.
    step_lat, step_lon
        Between rows and columns, degrees.
    height_m
        Shape ``(n_rows, n_columns)``, from the south; ``nan`` where unknown.
    """

    south: float
    west: float
    step_lat: float
    step_lon: float
    height_m: NDArray[np.float32]

    def at(self, lat: FloatArray, lon: FloatArray) -> FloatArray:
        """Heights at places, between the four crossings around each; ``nan`` outside."""
        row, column = (lat - self.south) / self.step_lat, (lon - self.west) / self.step_lon
        n_rows, n_columns = self.height_m.shape
        inside = (row >= 0) & (row <= n_rows - 1) & (column >= 0) & (column <= n_columns - 1)
        y = np.clip(row, 0, n_rows - 2).astype(np.intp)
        x = np.clip(column, 0, n_columns - 2).astype(np.intp)
        up, right = np.clip(row - y, 0, 1), np.clip(column - x, 0, 1)
        grid = self.height_m
        low = (1 - right) * grid[y, x] + right * grid[y, x + 1]
        high = (1 - right) * grid[y + 1, x] + right * grid[y + 1, x + 1]
        return np.asarray(np.where(inside, (1 - up) * low + up * high, np.nan), dtype=np.float64)


def read_heights(path: Path | str) -> tuple[HeightGrid, ...]:
    """
    Read heights.

    Parameters
    ----------
    path
        An ESRI ASCII grid (``.asc``) in degrees, an SRTM tile (``N17W097.hgt``), or a folder of
        tiles.

    Raises
    ------
    RoadFileError
        When nothing there can be read; every file at fault is listed.
    """
    place = Path(path)
    files = sorted(place.glob("*.[hH][gG][tT]")) if place.is_dir() else [place]
    if not files:
        raise RoadFileError(_fault(place, "without tiles", "SRTM tiles such as N17W097.hgt"))
    grids: list[HeightGrid] = []
    faults: list[Fault] = []
    for file in files:
        try:
            grids.append(_tile(file) if file.suffix.lower() == ".hgt" else _ascii_grid(file))
        except RoadFileError as error:
            faults.extend(error.faults)
        except OSError as error:
            faults.append(_fault(file, f"not readable ({error.strerror})", "a file of heights"))
    if faults:
        raise RoadFileError(*faults)
    return tuple(grids)


def _fault(file: Path, value: str, expectation: str) -> Fault:
    return Fault(place=file.name, object="the file", value=value, expectation=expectation)


def _tile(file: Path) -> HeightGrid:
    match = _TILE.fullmatch(file.name)
    if match is None:
        raise RoadFileError(_fault(file, "of an unknown name", "one such as N17W097.hgt"))
    values = np.fromfile(file, dtype=">i2")
    side = round(len(values) ** 0.5)
    if side not in (1_201, 3_601) or side * side != len(values):
        raise RoadFileError(_fault(file, f"of {len(values):,} heights", "1,201² or 3,601² of them"))
    heights = values.reshape(side, side)[::-1].astype(np.float32)
    heights[heights == _VOID] = np.nan
    south = int(match[2]) * (1 if match[1].upper() == "N" else -1)
    west = int(match[4]) * (1 if match[3].upper() == "E" else -1)
    step = 1 / (side - 1)
    return HeightGrid(south=south, west=west, step_lat=step, step_lon=step, height_m=heights)


def _ascii_grid(file: Path) -> HeightGrid:
    header: dict[str, float] = {}
    with file.open(encoding="ascii", errors="replace") as stream:
        lines = 0
        for line in stream:
            words = line.split()
            if len(words) != 2 or not re.fullmatch(r"[A-Za-z_]+", words[0]):
                break
            try:
                header[words[0].lower()] = float(words[1])
            except ValueError:
                break
            lines += 1
    if missing := [key for key in _KEYS if key not in header]:
        told = f"without {', '.join(missing)}"
        raise RoadFileError(_fault(file, told, "an ESRI ASCII grid with its header"))
    shape = (int(header["nrows"]), int(header["ncols"]))
    try:
        values = np.loadtxt(file, skiprows=lines, dtype=np.float32, ndmin=2).reshape(shape)
    except ValueError:
        told = f"without {shape[0]:,} rows of {shape[1]:,} heights"
        raise RoadFileError(_fault(file, told, "as many as its header tells")) from None
    values[values == np.float32(header.get("nodata_value", _VOID))] = np.nan
    step = header["cellsize"]
    west = header.get("xllcenter", header.get("xllcorner", 0.0) + step / 2)
    south = header.get("yllcenter", header.get("yllcorner", 0.0) + step / 2)
    if not (-180 <= west <= 180 and -90 <= south <= 90 and 0 < step < 1):
        told = f"at {west:g}, {south:g} with cells of {step:g}"
        raise RoadFileError(_fault(file, told, "a grid in degrees (WGS 84)"))
    if min(shape) < 2 or np.nanmax(np.abs(values), initial=0) > _MOST_M:
        raise RoadFileError(_fault(file, "no grid of heights", "heights in metres above the sea"))
    return HeightGrid(
        south=south, west=west, step_lat=step, step_lon=step, height_m=values[::-1].copy()
    )
