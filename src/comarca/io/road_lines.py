"""
Roads from a layer of lines: GeoPackage, GeoJSON, Shapefile or whatever GDAL opens.

Lines join where their points coincide, to about a tenth of a metre. Where one line ends on another
between its points, or within ``join_m`` of it, that line is split there; lines that merely cross do
not join, since one may be a bridge. A layer without any shared point is told of.

Columns, by any of these names, case aside:

==================  ==============================================================================
``class``           ``highway``, ``fclass``, ``road_class``, ``type``: as OpenStreetMap names them
``speed``           ``maxspeed``, ``speed_km_per_h``, ``speed_kmh``: km/h, read as a speed limit
``surface``         as OpenStreetMap names them
``oneway``          ``yes``, ``no``, ``-1``; or ``F``, ``B``, ``T`` as in Geofabrik's shapefiles
``access`` ...      any other OpenStreetMap key: ``maxweight``, ``maxheight``, ``tracktype``, ...
==================  ==============================================================================
"""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from comarca.errors import Fault, ParameterError, RoadFileError
from comarca.io.osm_tags import way_of, words
from comarca.io.road_ways import WayRows
from comarca.model.roads import CLASSES, UNITS_PER_DEGREE, RoadLines

_ROUNDED_UNITS = 10  # a tenth of a metre: what two editors of one layer agree on
_MORE_NAMES: Mapping[str, tuple[str, ...]] = {
    "highway": ("highway", "class", "fclass", "road_class", "type"),
    "maxspeed": ("maxspeed", "speed", "speed_km_per_h", "speed_kmh"),
    "oneway": ("oneway", "one_way"),
    "name": ("name", "ref"),
}
_OSM_KEYS = words(
    "access vehicle motor_vehicle motorcar goods hgv psv bus surface smoothness tracktype "
    "maxweight maxheight junction route duration"
)
_ONE_WAY_LETTERS = {"F": "yes", "T": "-1", "B": "no", "1": "yes", "0": "no"}
# OpenStreetMap's other values are no road for vehicles: known, and passed over.
_NO_ROADS = words(
    "footway path cycleway pedestrian steps bridleway corridor platform construction "
    "proposed abandoned razed raceway rest_area services elevator bus_stop bus_guideway "
    "via_ferrata emergency_bay escape no"
)
_CLASS_WORDS = {name: name for name in (*CLASSES, *_NO_ROADS)} | {
    "track_grade1": "track",
    "track_grade2": "track",
    "track_grade3": "track",
    "track_grade4": "track",
    "track_grade5": "track",
}
_KNOWN = frozenset(_CLASS_WORDS.values())


def read_road_lines(
    path: Path | str,
    *,
    layer: str | None = None,
    classes: Mapping[str, str] | None = None,
    default_class: str | None = None,
    join_m: float = 1.0,
) -> RoadLines:
    """
    Read roads from a layer of lines.

    Parameters
    ----------
    path
        The file.
    layer
        Its layer; ``None`` where it has one layer of lines.
    classes
        What the layer's own words for classes mean: ``{"Carretera federal": "primary"}``.
    default_class
        Class of lines that tell none, or a word nobody knows, such as ``"tertiary"``; ``None``
        refuses them.
    join_m
        How near to another line a line must end to join it, metres, 0 or more.

    Returns
    -------
    RoadLines

    Raises
    ------
    RoadFileError
        When the file cannot be read, holds no lines, says not where on the globe they lie, or
        lines tell no class; every fault is listed.
    """
    file = Path(path)
    class_words = _class_words(classes or {}, default_class)
    frame = _opened(file, layer)
    tags = [
        _tags_of(row, class_words, default_class)
        for row in frame.drop(columns="geometry").to_dict("records")
    ]
    _refuse_unclassed(file, frame, tags)
    first, lat, lon, of_row = _points(frame)
    numbers = frame.index.to_numpy()
    rows, kept = WayRows(), np.zeros(len(of_row), dtype=bool)
    for nth, row in enumerate(of_row):
        if (way := way_of(tags[row])) is not None:
            rows.add(int(numbers[row]) + 1, way)
            kept[nth] = True
    if not kept.any():
        raise _refused(file, "without a road a vehicle may drive", "lines of roads")
    return _joined(first, lat, lon, kept, rows, join_m, f"lines of {file.name}")


def _opened(file: Path, layer: str | None) -> Any:
    import geopandas as gpd
    import pyogrio

    name = f"/vsigzip/{file}" if file.suffix == ".gz" else file
    try:
        layers = pyogrio.list_layers(name)
        of_lines = [
            title for title, kind in layers if kind is None or "Line" in kind or "Unk" in kind
        ]
        if layer is None and len(of_lines) > 1:
            told = f"with {len(of_lines)} layers of lines"
            raise _refused(file, told, f"one layer named: {', '.join(of_lines)}")
        frame = gpd.read_file(name, layer=layer or (of_lines[0] if of_lines else None))
    except (OSError, ValueError, RuntimeError) as error:
        if isinstance(error, RoadFileError):
            raise
        told = f"not readable ({str(error).partition(chr(10))[0]})"
        raise _refused(file, told, "a GeoPackage, GeoJSON or Shapefile of lines") from None
    if not isinstance(frame, gpd.GeoDataFrame):
        raise _refused(file, "a table without shapes", "a layer of lines")
    if frame.crs is None:
        raise _refused(
            file,
            "without a coordinate reference system",
            "one that says where on the globe it lies",
        )
    frame = frame.to_crs("EPSG:4326")
    is_line = frame.geometry.geom_type.isin(["LineString", "MultiLineString"])
    frame = frame[is_line & ~frame.geometry.is_empty]
    if frame.empty:
        raise _refused(file, "without lines", "a layer of lines")
    bounds = frame.total_bounds
    if (
        not np.isfinite(bounds).all()
        or np.abs(bounds[[1, 3]]).max() > 90
        or (np.abs(bounds[[0, 2]]).max() > 180.001)
    ):
        raise _refused(
            file,
            f"at {bounds[0]:.1f}, {bounds[1]:.1f} degrees",
            "coordinates in the reference system the file names",
        )
    return frame


def _class_words(classes: Mapping[str, str], default_class: str | None) -> Mapping[str, str]:
    """What every word for a class means; classes nobody knows are refused."""
    for name in (*classes.values(), default_class):
        if name is not None and name not in CLASSES:
            near = get_close_matches(name, CLASSES, n=1)
            raise ParameterError(
                f'"{name}" is no class of road; expected '
                + (f"{near[0]}, the nearest." if near else f"one of {', '.join(CLASSES)}.")
            )
    return _CLASS_WORDS | {word.casefold(): name for word, name in classes.items()}


def _tags_of(
    row: Mapping[str, Any], meanings: Mapping[str, str], default_class: str | None
) -> dict[str, str]:
    """A row's columns as OpenStreetMap's keys."""
    cells = {
        str(name).casefold(): _text(value)
        for name, value in row.items()
        if value is not None and not (isinstance(value, float) and np.isnan(value))
    }
    tags = {key: cells[key] for key in _OSM_KEYS if cells.get(key)}
    for key, names in _MORE_NAMES.items():
        found = next((cells[name] for name in names if cells.get(name)), None)
        if found:
            tags[key] = found
    told = tags.get("highway", "").casefold()
    if told.startswith("track_grade"):
        tags.setdefault("tracktype", told.removeprefix("track_"))
    if told in meanings:
        tags["highway"] = meanings[told]
    elif default_class and "route" not in tags:
        tags["highway"] = default_class
    tags["oneway"] = _ONE_WAY_LETTERS.get(tags.get("oneway", "").upper(), tags.get("oneway", ""))
    if tags.get("maxspeed") in ("0", "0.0"):
        del tags["maxspeed"]  # Geofabrik's shapefiles write 0 where no limit is known
    return tags


def _text(value: Any) -> str:
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    if isinstance(value, float | np.floating) and float(value).is_integer():
        return str(int(value))
    return str(value).strip()


def _refuse_unclassed(file: Path, frame: Any, tags: list[dict[str, str]]) -> None:
    unclassed = [tag for tag in tags if tag.get("highway") not in _KNOWN and "route" not in tag]
    told = sorted({tag["highway"] for tag in unclassed if "highway" in tag})
    if told:
        raise _refused(
            file,
            f"with {len(unclassed):,} lines of {len(tags):,} of unknown classes: "
            + ", ".join(f'"{word}"' for word in told[:8]),
            f"what each means, such as --class '{told[0]}=tertiary', or one class for all others: "
            "--class tertiary",
        )
    if unclassed:
        names = ", ".join(map(str, frame.columns.drop("geometry"))) or "none"
        raise _refused(
            file,
            f"with {len(unclassed):,} lines of {len(tags):,} that tell no class (columns: {names})",
            "a column class (or highway, fclass), or a class for all: --class tertiary",
        )


def _points(
    frame: Any,
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int32], NDArray[np.int64]]:
    """Points of all single lines, where each begins, and the row of the layer it comes from."""
    import shapely

    parts, row = shapely.get_parts(frame.geometry.to_numpy(), return_index=True)
    coordinates, of_part = shapely.get_coordinates(parts, return_index=True)
    units = np.round(coordinates * UNITS_PER_DEGREE).astype(np.int32)
    first = np.searchsorted(of_part, np.arange(len(parts) + 1)).astype(np.int64)
    return first, units[:, 1], units[:, 0], row.astype(np.int64)


def _joined(
    first: NDArray[np.int64],
    lat: NDArray[np.int32],
    lon: NDArray[np.int32],
    kept: NDArray[np.bool_],
    rows: WayRows,
    join_m: float,
    source: str,
) -> RoadLines:
    """Make points of lines that coincide one, and split lines where others end on them."""
    from comarca.io.line_joins import split_at_ends

    counts = np.diff(first)
    is_kept = np.repeat(kept, counts)
    lat, lon = lat[is_kept], lon[is_kept]
    starts = np.concatenate(([0], np.cumsum(counts[kept]))).astype(np.int64)
    starts, lat, lon = split_at_ends(starts, lat, lon, join_m)
    cell = np.stack(
        (np.round(lat / _ROUNDED_UNITS), np.round(lon / _ROUNDED_UNITS)), axis=1
    ).astype(np.int64)
    _, at, points = np.unique(cell, axis=0, return_index=True, return_inverse=True)
    nothing = np.zeros(len(at), dtype=np.uint8)
    return RoadLines(
        ways=rows.ways(),
        first=starts,
        points=points.ravel().astype(np.int64),
        lat=lat[at],
        lon=lon[at],
        stop=nothing,
        blocked=nothing,
        names=rows.names(),
        source=source,
    )


def _refused(file: Path, value: str, expectation: str) -> RoadFileError:
    return RoadFileError(
        Fault(place=file.name, object="the file", value=value, expectation=expectation)
    )
