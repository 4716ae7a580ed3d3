"""
The map base: outlines of countries and of their first-level divisions, Natural Earth 1:10m.

Public domain; see ``defaults/natural_earth/README.md`` for source, date and what was simplified.
Neighbours share their borders exactly. Lakes count as land.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

Bounds = tuple[float, float, float, float]
"""West, south, east, north, degrees; west greater than east means across the date line."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Rings:
    """
    The rings of all outlines, their points in one run.

    Parameters
    ----------
    lon, lat
        Degrees, shape ``(n_points,)``.
    ends
        Where each ring ends in that run, ascending, shape ``(n_rings,)``. A ring's last point is
        its first.
    is_coast
        Whether an edge between land and water starts at each point, shape ``(n_points,)``. Where
        the map is cut at the date line, both sides of the cut count as coast.
    """

    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    ends: NDArray[np.int64]
    is_coast: NDArray[np.bool_]


def admin1(country: str) -> GeoDataFrame:
    """
    Outlines of a country's first-level divisions.

    Parameters
    ----------
    country
        ISO 3166-1 alpha-2 code.

    Returns
    -------
    geopandas.GeoDataFrame
        ``name, country, country_name``, geometry in EPSG:4326; no row for a country without any.
    """
    is_own = _packed()["country"] == country.upper()
    return _frame(np.flatnonzero(is_own))


def countries(bounds: Bounds | None = None) -> GeoDataFrame:
    """
    Outlines of the countries that reach into a window.

    Parameters
    ----------
    bounds
        The window; ``None`` for the world.

    Returns
    -------
    geopandas.GeoDataFrame
        ``country`` (ISO 3166-1 alpha-2 code, empty where there is none), ``country_name``, geometry
        in EPSG:4326: the whole country, also where it leaves the window.
    """
    import shapely

    divisions = _frame(_reaching_into(bounds))
    named = divisions["country_name"].unique()
    of_country = np.flatnonzero(np.isin(_packed()["country_name"], list(named)))
    whole = _frame(of_country)
    outlines = whole.groupby(["country", "country_name"], sort=True)["geometry"].agg(
        lambda parts: shapely.coverage_union_all(parts.array)
    )
    return _as_geodataframe(outlines.reset_index())


def rings() -> Rings:
    """
    All rings of the world's divisions, for tests of land and sea.

    The divisions do not overlap, so a point lies on land exactly when an odd number of edges lie
    west of it; borders between neighbours count twice and fall out.
    """
    packed = _packed()
    lon, lat = _degrees()
    return Rings(
        lon=lon,
        lat=lat,
        ends=np.cumsum(packed["ring_sizes"], dtype=np.int64),
        is_coast=np.unpackbits(packed["is_coast"], count=len(lon)).astype(bool),
    )


@cache
def _packed() -> dict[str, NDArray[Any]]:
    place = files("comarca.defaults") / "natural_earth" / "admin.npz"
    with place.open("rb") as file:
        return dict(np.load(file))


@cache
def _degrees() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Longitudes and latitudes of all points, unpacked."""
    packed = _packed()
    low_first = np.ascontiguousarray(packed["coordinate_bytes"].transpose(0, 2, 1))
    zigzag = low_first.view("<u4")[..., 0]
    differences = (zigzag >> 1).astype(np.int32) ^ -(zigzag & 1).astype(np.int32)
    lon, lat = np.cumsum(differences, axis=1, dtype=np.int64) / packed["steps_per_degree"]
    return lon, lat


@cache
def _outlines() -> NDArray[np.object_]:
    """One multipolygon a division."""
    import shapely

    packed = _packed()
    ends = [
        np.concatenate(([0], np.cumsum(packed[name], dtype=np.int64)))
        for name in ("ring_sizes", "part_sizes", "shape_sizes")
    ]
    outlines: NDArray[np.object_] = shapely.from_ragged_array(
        shapely.GeometryType.MULTIPOLYGON, np.column_stack(_degrees()), tuple(ends)
    )
    return outlines


def _reaching_into(bounds: Bounds | None) -> NDArray[np.int64]:
    import shapely

    outlines = _outlines()
    if bounds is None:
        return np.arange(len(outlines))
    west, south, east, north = bounds
    windows = [(west, east)] if west <= east else [(west, 180.0), (-180.0, east)]
    reaches = np.zeros(len(outlines), dtype=bool)
    for window_west, window_east in windows:
        window = shapely.box(window_west, south, window_east, north)
        reaches |= shapely.intersects(outlines, window)
    return np.flatnonzero(reaches)


def _frame(at: NDArray[np.int64]) -> GeoDataFrame:
    packed = _packed()
    columns = {name: packed[name][at] for name in ("name", "country", "country_name")}
    return _as_geodataframe(columns | {"geometry": _outlines()[at]})


def _as_geodataframe(columns: Any) -> GeoDataFrame:
    from geopandas import GeoDataFrame

    return GeoDataFrame(columns, geometry="geometry", crs="EPSG:4326")
