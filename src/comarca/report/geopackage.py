"""Layers as a GeoPackage, with styles that QGIS opens as meant; those of a plan first of all."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from comarca.report.atlas import Atlas
from comarca.report.layers import layers
from comarca.report.qml import styles

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

_GEOMETRY = {
    "areas": "MultiPolygon",
    "bases": "Point",
    "routes": "MultiLineString",
    "ties": "MultiLineString",
    "towns": "Point",
    "workshops": "Point",
}
_TOLD = {
    "areas": "Land nearer to a town of the area than to any other, cut at the coast; drawn for the "
    "eye, not surveyed. made_by tells commuting areas from freight-tied ones.",
    "bases": "Bases of the plan with their radius, by road to the farthest workshop, and their "
    "towns, jobs and trucks.",
    "routes": "A line a trip, along the roads where they are known, else straight; leaves and "
    "returns are times of day; driven on working days first_day, first_day + every_days and so on.",
    "ties": "A line from the base to each town that works for it.",
    "towns": "Every town of the region; the field assumed names the figures nobody gave.",
    "workshops": "Workshops of the plan, at the place of their town.",
}


@dataclass(frozen=True)
class Layer:
    """
    One layer of a GeoPackage.

    Parameters
    ----------
    name
        What the layer is called.
    frame
        Its features.
    geometry
        Kind of their geometries, as GeoPackage calls it.
    told
        What the layer is, in a sentence or two.
    style
        QML document that QGIS shows it with.
    """

    name: str
    frame: GeoDataFrame
    geometry: str
    told: str
    style: str


def write_geopackage(atlas: Atlas, path: Path) -> None:
    """
    Write ``plan.gpkg``.

    Parameters
    ----------
    atlas
        The plan with its sheet and grounds.
    path
        File to write; one that is there is replaced.
    """
    styled = styles()
    write_layers(
        [
            Layer(name, frame, _GEOMETRY[name], _TOLD[name], styled[name])
            for name, frame in layers(atlas).items()
        ],
        path,
        datetime.fromisoformat(atlas.contents.plan.manifest.created),
    )


def write_layers(made: Sequence[Layer], path: Path, moment: datetime) -> None:
    """
    Write layers into a new GeoPackage, each with its style.

    Parameters
    ----------
    made
        The layers, the lowest first.
    path
        File to write; one that is there is replaced.
    moment
        Time that the file bears; with the same one, the same layers give the same bytes.
    """
    path.unlink(missing_ok=True)
    stamp = moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    with _clock_set_to(stamp):
        for layer in made:
            layer.frame.to_file(
                path,
                layer=layer.name,
                driver="GPKG",
                engine="pyogrio",
                geometry_type=layer.geometry,
                dataset_options={"VERSION": "1.2"},  # the one that older readers know as well
                layer_options={"DESCRIPTION": layer.told, "IDENTIFIER": layer.name},
            )
    with closing(sqlite3.connect(path)) as database, database:
        _add_styles(database, made, stamp)


@contextmanager
def _clock_set_to(stamp: str) -> Iterator[None]:
    """Have GDAL write the plan's time instead of now, so that a rebuild is equal."""
    from pyogrio import get_gdal_config_option, set_gdal_config_options

    before = get_gdal_config_option("OGR_CURRENT_DATE")
    set_gdal_config_options({"OGR_CURRENT_DATE": stamp})
    try:
        yield
    finally:
        set_gdal_config_options({"OGR_CURRENT_DATE": before})


def _add_styles(database: sqlite3.Connection, made: Sequence[Layer], stamp: str) -> None:
    """The table QGIS looks for; a default style a layer."""
    database.execute(
        "CREATE TABLE layer_styles (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, "
        "f_table_catalog TEXT(256), f_table_schema TEXT(256), f_table_name TEXT(256), "
        "f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT, "
        "useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30), "
        "update_time DATETIME)"
    )
    database.executemany(
        "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, "
        "f_geometry_column, styleName, styleQML, styleSLD, useAsDefault, description, owner, "
        "update_time) VALUES ('', '', ?, 'geom', ?, ?, '', 1, ?, '', ?)",
        [(layer.name, layer.name, layer.style, layer.told, stamp) for layer in made],
    )
    # Registered as a table without geometry, as QGIS itself does.
    database.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, last_change) "
        "VALUES ('layer_styles', 'attributes', 'layer_styles', 'Styles for QGIS', ?)",
        (stamp,),
    )
