"""The map of differences as layers: ``differences.gpkg``, in WGS 84."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from comarca.report.difference_map import DifferenceSheet
from comarca.report.geopackage import Layer, write_layers
from comarca.report.layers import in_degrees, multi
from comarca.report.qml import difference_styles

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

_TOLD = {
    "towns": "What became of each town: stays with the head of its area, moves to another area, "
    "gains an area, loses its area, or none. Partners are the other towns of its area.",
    "areas_a": "Areas of the first delineation.",
    "areas_b": "Areas of the second delineation.",
}
_UNDATED = datetime(2000, 1, 1, tzinfo=UTC)  # the same towns give the same bytes


def write_difference_layers(sheet: DifferenceSheet, path: Path) -> None:
    """
    Write the layers ``towns``, ``areas_a`` and ``areas_b`` with their styles.

    Parameters
    ----------
    sheet
        The towns laid flat.
    path
        File to write; one that is there is replaced.
    """
    styles = difference_styles()
    frames = {
        "towns": _towns(sheet),
        "areas_a": _areas(sheet, sheet.grounds_a, "a"),
        "areas_b": _areas(sheet, sheet.grounds_b, "b"),
    }
    write_layers(
        [
            Layer(name, frame, "MultiPolygon", _TOLD[name], styles[name])
            for name, frame in frames.items()
        ],
        path,
        _UNDATED,
    )


def _towns(sheet: DifferenceSheet) -> GeoDataFrame:
    from geopandas import GeoDataFrame

    rows = sheet.agreement.towns.set_index("town_id").loc[list(sheet.town_ids)].reset_index()
    rows.insert(1, "name", [sheet.name(town) for town in sheet.town_ids])
    shapes = [multi(in_degrees(shape, sheet.sheet)) for shape in sheet.shapes]
    return GeoDataFrame(rows, geometry=shapes, crs="EPSG:4326")


def _areas(sheet: DifferenceSheet, grounds: Mapping[str, Any], side: str) -> GeoDataFrame:
    """Areas with what became of them in the other partition."""
    from geopandas import GeoDataFrame

    areas = sheet.agreement.areas
    rows = areas[(areas["partition"] == side) & areas["area_id"].isin(list(grounds))]
    shapes = [multi(in_degrees(grounds[area], sheet.sheet)) for area in rows["area_id"]]
    return GeoDataFrame(rows.drop(columns="partition"), geometry=shapes, crs="EPSG:4326")
