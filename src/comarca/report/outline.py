"""
Land and borders under a map, from Natural Earth.

Assumption: a hand-made world, most of whose towns lie in no country of the map base, has no
outline; its maps are drawn on plain paper.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from comarca.model.region import Region
from comarca.report import palette
from comarca.report.plane import KM_PER_DEGREE, Points, Sheet, reach_of_patch

_MARGIN = 0.9  # of the region's extent on each side: room to move about in
_LEAST_MARGIN_KM = 60.0
_LEAST_ON_LAND = 0.5
_LEAST_SHARE = 0.1  # of the towns; fewer are strays along a border
_NEARLY_ALL = 0.9  # of the towns; the rest stand on a coast or border drawn too coarsely


Window = tuple[float, float, float, float]
"""West, south, east, north on the sheet, km."""


@dataclass(frozen=True, eq=False)
class Outline:
    """
    What lies under the towns.

    Parameters
    ----------
    sheet
        The flat sheet that the geometries lie on, km.
    window
        West, south, east, north of what is drawn, km.
    lands
        Polygons of land within and around the region, a country or division each.
    borders
        Outlines of the first-level divisions that hold the towns.
    ground
        What areas must not leave: those divisions where nearly all towns lie in them, else all
        land; ``None`` where none is known.
    """

    sheet: Sheet
    window: Window
    lands: Sequence[Any] = ()
    borders: Sequence[Any] = ()
    ground: Any | None = None

    @property
    def paper(self) -> str:
        """Colour under everything: sea where land is drawn, else plain."""
        return palette.SEA if len(self.lands) else palette.LAND


def outline_of(region: Region) -> Outline:
    """
    Outline of the land around a region.

    Parameters
    ----------
    region
        Its towns decide the window; its country gives the borders of divisions.
    """
    sheet = Sheet.of(region)
    return outline_around(sheet, sheet.towns(region), region.country)


def outline_around(sheet: Sheet, towns: Points, country: str | None = None) -> Outline:
    """
    Outline of the land around some towns.

    Parameters
    ----------
    sheet
        The flat sheet.
    towns
        Places on it, km, shape ``(n_towns, 2)``.
    country
        ISO 3166-1 code of the country whose divisions give borders; without, there are none.
    """
    import shapely

    window = _window(towns)
    lands = [land for land in _lands(sheet, window) if not land.is_empty]
    points = shapely.points(towns)
    on_land = np.zeros(len(points), dtype=bool)
    for land in lands:
        shapely.prepare(land)
        on_land |= shapely.intersects(land, points)
    if on_land.mean() < _LEAST_ON_LAND:
        return Outline(sheet, window)
    homes = _divisions(country, sheet, window, points)
    grounds = homes if _hold_nearly_all(homes, points) else lands
    return Outline(
        sheet,
        window,
        lands,
        [home.boundary for home in homes],
        shapely.union_all(grounds, grid_size=0.001),
    )


def _hold_nearly_all(homes: Sequence[Any], points: Any) -> bool:
    import shapely

    held = np.zeros(len(points), dtype=bool)
    for home in homes:
        held |= shapely.intersects(home, points)
    return bool(held.mean() >= _NEARLY_ALL)


def _window(towns: Any) -> Window:
    low, high = towns.min(axis=0), towns.max(axis=0)
    margin = max(float((high - low).max()) * _MARGIN, _LEAST_MARGIN_KM, 1.1 * reach_of_patch(towns))
    return (
        float(low[0] - margin),
        float(low[1] - margin),
        float(high[0] + margin),
        float(high[1] + margin),
    )


def _lands(sheet: Sheet, window: Window) -> Iterator[Any]:
    from comarca.io.basemap import countries

    for shape in countries(_bounds(sheet, window)).geometry:
        yield _on_sheet(shape, sheet, window)


def _divisions(country: str | None, sheet: Sheet, window: Window, points: Any) -> list[Any]:
    """Divisions of the country in which a fair share of the towns lies."""
    import shapely

    from comarca.io.basemap import admin1

    if country is None:
        return []
    found = []
    for shape in admin1(country).geometry:
        flat = _on_sheet(shape, sheet, window)
        if not flat.is_empty and shapely.intersects(flat, points).mean() >= _LEAST_SHARE:
            found.append(flat)
    return found


def _bounds(sheet: Sheet, window: Window) -> tuple[float, float, float, float]:
    """The window in degrees; west greater than east across the date line."""
    corners = sheet.degrees(np.array(window).reshape(2, 2))
    (west, south), (east, north) = corners.tolist()
    if east - west >= 360:
        return -180.0, max(south, -90.0), 180.0, min(north, 90.0)
    return _turned(west), max(south, -90.0), _turned(east), min(north, 90.0)


def _turned(lon: float) -> float:
    return (lon + 180) % 360 - 180


def _on_sheet(shape: Any, sheet: Sheet, window: Window) -> Any:
    """A geometry in degrees laid flat and cut at the window, across the date line as well."""
    import shapely

    (west, south), (east, north) = sheet.degrees(np.array(window).reshape(2, 2)).tolist()
    parts = []
    for turn in (-360.0, 0.0, 360.0):
        cut = shapely.clip_by_rect(shape, west - turn, south, east - turn, north)
        if not cut.is_empty:
            parts.append(
                shapely.transform(cut, lambda lonlat, turn=turn: lonlat + np.array((turn, 0.0)))
            )
    whole = shapely.union_all(parts) if len(parts) > 1 else (parts or [shapely.Polygon()])[0]
    return shapely.make_valid(shapely.transform(whole, lambda lonlat: _flat(sheet, lonlat)))


def _flat(sheet: Sheet, lonlat: Any) -> Any:
    """Without unwrapping: the part was turned to its side of the date line already."""
    return np.column_stack(
        (
            (lonlat[:, 0] - sheet.lon_0) * sheet.km_per_degree_lon,
            (lonlat[:, 1] - sheet.lat_0) * KM_PER_DEGREE,
        )
    )
