"""
Towns laid flat for a map, as the shapes given for them.

Without shapes, a town's ground is the land nearer to it than to any other town, which is drawn for
the eye and not surveyed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from comarca.errors import ParameterError
from comarca.model.partition import Partition
from comarca.model.zones import Zones
from comarca.report import palette, svg
from comarca.report.atlas import View
from comarca.report.frame import LABEL_SIZE, names_beside
from comarca.report.labels import Wanted
from comarca.report.outline import Outline, outline_around
from comarca.report.plane import Points, Sheet, patches

if TYPE_CHECKING:
    import pandas as pd

MOST_TITLED = 4_000
"""More towns than this are drawn without a title each, so that a page stays small."""
_SLIT_KM = 0.01


@dataclass(frozen=True, eq=False, kw_only=True)
class TownSheet:
    """
    Towns laid flat.

    Parameters
    ----------
    town_ids
        Towns that can be drawn.
    names
        Names of towns by id; a town without one is called by its id.
    sheet
        The flat sheet.
    places
        Places of the towns, km, shape ``(n_towns, 2)``.
    shapes
        Ground of each town on the sheet.
    outline
        Land beneath.
    has_shapes
        Whether the grounds are the towns' own shapes.
    """

    town_ids: tuple[str, ...]
    names: Mapping[str, str]
    sheet: Sheet
    places: Points
    shapes: Sequence[Any]
    outline: Outline
    has_shapes: bool

    @cached_property
    def view(self) -> View:
        """Window on the sheet in which all towns lie."""
        return self.view_of(np.ones(len(self.town_ids), dtype=bool))

    def view_of(self, is_shown: np.ndarray[Any, np.dtype[np.bool_]]) -> View:
        """Window on the sheet in which some towns lie, at least one of them."""
        import shapely

        bounds = np.stack((shapely.bounds(self.shapes), np.hstack((self.places, self.places))))
        bounds = bounds[:, is_shown]
        bounds = bounds[np.isfinite(bounds).all(axis=2)]
        low, high = bounds[:, :2].min(axis=0), bounds[:, 2:].max(axis=0)
        return View.over(low.tolist(), high.tolist())

    def name(self, town_id: str) -> str:
        """What a person calls a town."""
        return self.names.get(town_id, town_id)

    def grounds(self, partition: Partition) -> Mapping[str, Any]:
        """Ground of each area that can be drawn."""
        import shapely

        parts: dict[str, list[Any]] = {area.area_id: [] for area in partition.areas}
        for town, shape in zip(self.town_ids, self.shapes, strict=True):
            area_id = partition.area_of[town]
            if area_id is not None:
                parts[area_id].append(shape)
        joined = {
            area_id: shapely.union_all(shapes, grid_size=0.001)
            for area_id, shapes in parts.items()
            if shapes
        }
        # Rounding leaves slits between towns of one area; closing them takes ten metres.
        return {
            area_id: shapely.buffer(
                shapely.buffer(ground, _SLIT_KM, join_style="mitre"), -_SLIT_KM, join_style="mitre"
            )
            for area_id, ground in joined.items()
        }

    def heads(self, partition: Partition) -> list[tuple[str, tuple[float, float]]]:
        """Heads of areas that can be drawn, those of most towns first, in drawing units."""
        place = dict(zip(self.town_ids, self.places.tolist(), strict=True))
        areas = sorted(partition.areas, key=lambda area: -len(partition.members(area.area_id)))
        return [
            (area.head_town_id, self.view.at(*place[area.head_town_id]))
            for area in areas
            if area.head_town_id in place
        ]


def town_sheet(
    town_ids: Sequence[str], towns: pd.DataFrame | None, *, zones: Zones | None = None
) -> TownSheet:
    """
    Lay towns flat.

    Parameters
    ----------
    town_ids
        Whom to draw.
    towns
        Index ``town_id``; ``lat``, ``lon`` (degrees, WGS 84) and ``name``, where known.
    zones
        Shapes of towns. When given, these are drawn; towns without one are not.

    Raises
    ------
    ParameterError
        When no town can be drawn.
    """
    known, lonlat, polygons = _places(town_ids, towns, zones)
    if not known:
        raise ParameterError("no town has a place; expected lat and lon, or shapes, of some.")
    sheet = Sheet.around(lonlat[:, 0], lonlat[:, 1])
    places = sheet.flat(lonlat[:, 0], lonlat[:, 1])
    outline = outline_around(sheet, places)
    return TownSheet(
        town_ids=known,
        names=names_of(towns, zones),
        sheet=sheet,
        places=places,
        shapes=patches(places, outline.ground) if zones is None else _flat(polygons, sheet),
        outline=outline,
        has_shapes=zones is not None,
    )


def names_of(towns: pd.DataFrame | None, zones: Zones | None) -> dict[str, str]:
    """Name of each town that has one, by id; the list of towns comes before the shapes."""
    names = dict(zones.names) if zones is not None else {}
    if towns is not None and "name" in towns:
        names |= {str(town): str(name) for town, name in towns["name"].dropna().items()}
    return names


def has_places(towns: pd.DataFrame | None, zones: Zones | None) -> bool:
    """Whether anything is known that a map could be drawn from."""
    if zones is not None:
        return True
    if towns is None or not {"lat", "lon"} <= set(towns):
        return False
    return bool(towns[["lat", "lon"]].notna().all(axis=1).any())


def _places(
    town_ids: Sequence[str], towns: pd.DataFrame | None, zones: Zones | None
) -> tuple[tuple[str, ...], Points, Sequence[Any]]:
    """Towns that can be drawn, their longitudes and latitudes, and their polygons if given."""
    if zones is not None:
        degrees = zones.to_geodataframe().geometry.to_crs("EPSG:4326")
        drawn = set(degrees.index[~degrees.is_empty])
        known = [town for town in town_ids if town in drawn]
        polygons = degrees.loc[known].to_numpy()
        return tuple(known), _inner_points(polygons), polygons.tolist()
    if towns is None or not {"lat", "lon"} <= set(towns):
        return (), np.zeros((0, 2)), []
    placed = towns[["lat", "lon"]].astype(float).dropna()
    known = [town for town in town_ids if town in placed.index]
    return tuple(known), placed.loc[known, ["lon", "lat"]].to_numpy(), []


def _inner_points(polygons: Any) -> Points:
    """A point within the largest part of each shape, degrees, shape ``(n_towns, 2)``."""
    import shapely

    parts, owner = shapely.get_parts(polygons, return_index=True)
    by_area = np.lexsort((-shapely.area(parts), owner))
    _, first = np.unique(owner[by_area], return_index=True)
    inner: Points = shapely.get_coordinates(shapely.point_on_surface(parts[by_area[first]]))
    return inner


def _flat(polygons: Sequence[Any], sheet: Sheet) -> Sequence[Any]:
    import shapely

    moved = [
        shapely.transform(shape, lambda at: sheet.flat(at[:, 0], at[:, 1])) for shape in polygons
    ]
    return [shapely.make_valid(shape) for shape in moved]


def area_borders(
    sheet: TownSheet, grounds: Mapping[str, Any], colour: str, dashes: str | None = None
) -> str:
    """Borders of areas, one that two areas share once: else its dashes would fill each other."""
    import shapely

    borders = [ground.boundary for ground in grounds.values()]
    lines = shapely.line_merge(shapely.union_all(borders, grid_size=2 * _SLIT_KM))
    return svg.element(
        "path",
        d=svg.shape_path(sheet.view.shape(lines)),
        fill="none",
        stroke=colour,
        stroke_width=1.3,
        stroke_dasharray=dashes,
        stroke_linejoin="round",
    )


def heads_with_names(sheet: TownSheet, partition: Partition) -> str:
    """A mark for the head of each area, and names of as many as find room."""
    heads = sheet.heads(partition)
    marks = "".join(
        svg.element("circle", svg.titled(sheet.name(town)), cx=x, cy=y, r=2.6)
        for town, (x, y) in heads
    )
    wanted = [Wanted(sheet.name(town), x, y, 6.0, LABEL_SIZE) for town, (x, y) in heads]
    drawn = svg.element("g", marks, fill=palette.COMMUTING, stroke=palette.PAPER, stroke_width=0.8)
    return drawn + names_beside(wanted, sheet.view.height)


def swatch(colour: str) -> str:
    """Mark of a legend: a patch of ground."""
    return svg.element(
        "rect", x=0, y=-6, width=13, height=12, fill=colour, stroke=palette.LINE, stroke_width=0.6
    )


def line_mark(colour: str, dashes: str | None = None) -> str:
    """Mark of a legend: a border."""
    return svg.element("path", d="M0 0h22", stroke=colour, stroke_width=2, stroke_dasharray=dashes)
