"""How sure towns are of their areas, as layers: ``certainty.gpkg``, in WGS 84."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from comarca.commuting import AreaStability
from comarca.report.geopackage import Layer, write_layers
from comarca.report.layers import in_degrees, multi
from comarca.report.qml import certainty_styles
from comarca.report.town_sheet import TownSheet

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

_TOLD = {
    "towns": "How sure each town's area is: certainty is the share of redrawings in which the town "
    "is in the area it is in as counted, alternative the other area it is most often in.",
    "areas": "Areas as counted, with how sure they are.",
}
_UNDATED = datetime(2000, 1, 1, tzinfo=UTC)  # the same answer gives the same bytes


def write_certainty_layers(
    stability: AreaStability, sheet: TownSheet, grounds: Mapping[str, Any], path: Path
) -> None:
    """
    Write the layers ``towns`` and ``areas`` with their styles.

    Parameters
    ----------
    stability
        How sure membership is.
    sheet
        Its towns laid flat.
    grounds
        Ground of each area as counted.
    path
        File to write; one that is there is replaced.
    """
    styles = certainty_styles()
    frames = {"towns": _towns(stability, sheet), "areas": _areas(stability, sheet, grounds)}
    write_layers(
        [
            Layer(name, frame, "MultiPolygon", _TOLD[name], styles[name])
            for name, frame in frames.items()
        ],
        path,
        _UNDATED,
    )


def _towns(stability: AreaStability, sheet: TownSheet) -> GeoDataFrame:
    from geopandas import GeoDataFrame

    rows = stability.towns().loc[list(sheet.town_ids)].reset_index()
    shapes = [multi(in_degrees(shape, sheet.sheet)) for shape in sheet.shapes]
    return GeoDataFrame(rows, geometry=shapes, crs="EPSG:4326")


def _areas(stability: AreaStability, sheet: TownSheet, grounds: Mapping[str, Any]) -> GeoDataFrame:
    from geopandas import GeoDataFrame

    rows = stability.areas().loc[list(grounds)].reset_index()
    shapes = [multi(in_degrees(grounds[area], sheet.sheet)) for area in rows["area_id"]]
    return GeoDataFrame(rows, geometry=shapes, crs="EPSG:4326")
