"""
The map of differences between two partitions: what became of each town, and the borders of both.

Towns are drawn as the shapes given for them; without, as the land nearer to each than to any other
town, which is drawn for the eye and not surveyed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from comarca.errors import ParameterError
from comarca.model.agreement import PartitionAgreement
from comarca.model.partition import Partition
from comarca.model.zones import Zones
from comarca.report import palette, svg
from comarca.report.atlas import View
from comarca.report.frame import LABEL_SIZE, dot, framed, legend_text, names_beside
from comarca.report.labels import Wanted
from comarca.report.outline import Outline, outline_around
from comarca.report.plane import Points, Sheet, patches

if TYPE_CHECKING:
    import pandas as pd

MEANINGS: Mapping[str, str] = {
    "stays": "stays with its head",
    "moves": "moves to another area",
    "gains": "gains an area",
    "loses": "loses its area",
    "none": "in no area of either",
}
"""What became of a town, in the words of a legend."""
_SLIT_KM = 0.01
_MOST_TITLED = 4_000
"""More towns than this are drawn without a title each, so that a page stays small."""


@dataclass(frozen=True, eq=False)
class DifferenceSheet:
    """
    The towns of two partitions laid flat.

    Parameters
    ----------
    agreement
        The partitions, set side by side.
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
    """

    agreement: PartitionAgreement
    town_ids: tuple[str, ...]
    names: Mapping[str, str]
    sheet: Sheet
    places: Points
    shapes: Sequence[Any]
    outline: Outline

    @cached_property
    def view(self) -> View:
        """Window on the sheet in which the towns of any area lie; all towns where none has one."""
        import shapely

        bounds = np.stack((shapely.bounds(self.shapes), np.hstack((self.places, self.places))))
        in_area = np.array([self.differences[town] != "none" for town in self.town_ids])
        if in_area.any():
            bounds = bounds[:, in_area]
        bounds = bounds[np.isfinite(bounds).all(axis=2)]
        low, high = bounds[:, :2].min(axis=0), bounds[:, 2:].max(axis=0)
        return View.over(low.tolist(), high.tolist())

    @cached_property
    def differences(self) -> Mapping[str, str]:
        """What became of each town, by id."""
        towns = self.agreement.towns
        return dict(zip(towns["town_id"], towns["difference"], strict=True))

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


def difference_sheet(
    agreement: PartitionAgreement,
    towns: pd.DataFrame | None,
    *,
    zones: Zones | None = None,
) -> DifferenceSheet:
    """
    Lay the towns of two partitions flat.

    Parameters
    ----------
    agreement
        The partitions, set side by side.
    towns
        Index ``town_id``; ``lat``, ``lon`` (degrees, WGS 84) and ``name``, where known.
    zones
        Shapes of towns. When given, these are drawn; towns without one are not.

    Raises
    ------
    ParameterError
        When no town can be drawn.
    """
    town_ids, lonlat, polygons = _places(agreement.a.town_ids, towns, zones)
    if not town_ids:
        raise ParameterError("no town has a place; expected lat and lon, or shapes, of some.")
    sheet = Sheet.around(lonlat[:, 0], lonlat[:, 1])
    places = sheet.flat(lonlat[:, 0], lonlat[:, 1])
    outline = outline_around(sheet, places)
    return DifferenceSheet(
        agreement=agreement,
        town_ids=town_ids,
        names=names_of(towns, zones),
        sheet=sheet,
        places=places,
        shapes=patches(places, outline.ground) if zones is None else _flat(polygons, sheet),
        outline=outline,
    )


def names_of(towns: pd.DataFrame | None, zones: Zones | None) -> dict[str, str]:
    """Name of each town that has one, by id; the list of towns comes before the shapes."""
    names = dict(zones.names) if zones is not None else {}
    if towns is not None and "name" in towns:
        names |= {str(town): str(name) for town, name in towns["name"].dropna().items()}
    return names


def _places(
    town_ids: Sequence[str], towns: pd.DataFrame | None, zones: Zones | None
) -> tuple[tuple[str, ...], Points, Sequence[Any]]:
    """Towns that can be drawn, their longitudes and latitudes, and their polygons if given."""
    if zones is not None:
        degrees = zones.to_geodataframe().geometry.to_crs("EPSG:4326")
        drawn = set(degrees.index[~degrees.is_empty])
        known = [town for town in town_ids if town in drawn]
        polygons = degrees.loc[known]
        inner = polygons.representative_point()
        return tuple(known), np.column_stack((inner.x, inner.y)), polygons.tolist()
    if towns is None or not {"lat", "lon"} <= set(towns):
        return (), np.zeros((0, 2)), []
    placed = towns[["lat", "lon"]].astype(float).dropna()
    known = [town for town in town_ids if town in placed.index]
    return tuple(known), placed.loc[known, ["lon", "lat"]].to_numpy(), []


def _flat(polygons: Sequence[Any], sheet: Sheet) -> Sequence[Any]:
    import shapely

    moved = [
        shapely.transform(shape, lambda at: sheet.flat(at[:, 0], at[:, 1])) for shape in polygons
    ]
    return [shapely.make_valid(shape) for shape in moved]


def difference_map(
    sheet: DifferenceSheet,
    labels: tuple[str, str] = ("A", "B"),
    *,
    name: str = "map-differences",
) -> str:
    """
    Draw the map.

    Parameters
    ----------
    sheet
        The towns laid flat.
    labels
        What the partitions are called.
    name
        Id of the picture in a page.

    Returns
    -------
    str
        SVG: each town's ground by what became of it, areas of A in solid and of B in dashed lines,
        heads of A with their names.
    """
    a, b = sheet.agreement.a, sheet.agreement.b
    counts = sheet.agreement.towns["difference"].value_counts()
    told = [f"{counts[kind]:,} {MEANINGS[kind]}" for kind in MEANINGS if kind in counts]
    drawn = (
        _towns(sheet)
        + _borders(sheet, a, palette.COMMUTING, None)
        + _borders(sheet, b, palette.FREIGHT, "5 4")
        + _heads(sheet)
        + _names(sheet)
    )
    swatches = [
        _swatch(palette.DIFFERENCE[kind]) + legend_text(MEANINGS[kind], 19)
        for kind in MEANINGS
        if kind in counts
    ]
    return framed(
        sheet.view,
        sheet.outline,
        drawn,
        name=name,
        title=f"What changes from {labels[0]} to {labels[1]}",
        description=f"Towns: {'; '.join(told)}.",
        legend=(
            *swatches,
            _line(palette.COMMUTING, None) + legend_text("area of the first", 27),
            _line(palette.FREIGHT, "5 4") + legend_text("area of the second", 27),
            dot(4, palette.COMMUTING, palette.PAPER) + legend_text("head of a first area"),
        ),
    )


def _towns(sheet: DifferenceSheet) -> str:
    """Each town's ground, coloured by what became of it."""
    is_titled = len(sheet.town_ids) <= _MOST_TITLED
    parts: dict[str, list[str]] = {kind: [] for kind in MEANINGS}
    for town, shape in zip(sheet.town_ids, sheet.shapes, strict=True):
        outline = svg.shape_path(sheet.view.shape(shape))
        if outline:
            title = svg.titled(_told(sheet, town)) if is_titled else ""
            parts[sheet.differences[town]].append(svg.element("path", title, d=outline))
    return "".join(
        svg.element(
            "g",
            "".join(drawn),
            fill=palette.DIFFERENCE[kind],
            stroke=palette.PAPER,
            stroke_width=0.3,
        )
        for kind, drawn in parts.items()
        if drawn
    )


def _told(sheet: DifferenceSheet, town: str) -> str:
    """A town with its areas in both partitions, in a line."""
    areas = [
        "none" if (area_id := part.area_of[town]) is None else part.area(area_id).name
        for part in (sheet.agreement.a, sheet.agreement.b)
    ]
    return f"{sheet.name(town)}: {areas[0]} → {areas[1]}"


def _borders(sheet: DifferenceSheet, partition: Partition, colour: str, dashes: str | None) -> str:
    """Borders of areas, one that two areas share once: else its dashes would fill each other."""
    import shapely

    borders = [ground.boundary for ground in sheet.grounds(partition).values()]
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


def _heads(sheet: DifferenceSheet) -> str:
    marks = [
        svg.element("circle", svg.titled(sheet.name(town)), cx=x, cy=y, r=2.6)
        for town, (x, y) in _placed_heads(sheet)
    ]
    return svg.element(
        "g", "".join(marks), fill=palette.COMMUTING, stroke=palette.PAPER, stroke_width=0.8
    )


def _placed_heads(sheet: DifferenceSheet) -> list[tuple[str, tuple[float, float]]]:
    """Heads of the first partition's areas, those with most towns first, in drawing units."""
    place = dict(zip(sheet.town_ids, sheet.places.tolist(), strict=True))
    areas = sorted(
        sheet.agreement.a.areas,
        key=lambda area: -len(sheet.agreement.a.members(area.area_id)),
    )
    return [
        (area.head_town_id, sheet.view.at(*place[area.head_town_id]))
        for area in areas
        if area.head_town_id in place
    ]


def _names(sheet: DifferenceSheet) -> str:
    wanted = [
        Wanted(sheet.name(town), x, y, 6.0, LABEL_SIZE) for town, (x, y) in _placed_heads(sheet)
    ]
    return names_beside(wanted, sheet.view.height)


def _swatch(colour: str) -> str:
    return svg.element(
        "rect", x=0, y=-6, width=13, height=12, fill=colour, stroke=palette.LINE, stroke_width=0.6
    )


def _line(colour: str, dashes: str | None) -> str:
    return svg.element("path", d="M0 0h22", stroke=colour, stroke_width=2, stroke_dasharray=dashes)
