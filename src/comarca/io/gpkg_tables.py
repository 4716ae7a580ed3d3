"""Layers of a GeoPackage to raw tables; towns may be points instead of lat and lon."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from comarca.errors import Fault
from comarca.io.csv_tables import assemble
from comarca.model.dictionary import attributes
from comarca.model.raw import Cell, Findings, RawTable

_WGS84 = 4326
_WHOLE_AS_FLOAT = 2**53


def layers_of(path: Path, faults: list[Fault]) -> tuple[str, ...]:
    """Names of the layers, or a fault and none."""
    import pyogrio

    try:
        return tuple(str(name) for name, _ in pyogrio.list_layers(path))
    except (pyogrio.errors.DataSourceError, ValueError):
        faults.append(
            Fault(
                place=path.name,
                object="the file",
                value="not readable",
                expectation="a GeoPackage, not damaged",
            )
        )
        return ()


def read_layer_table(path: Path, layer: str, table: str, findings: Findings) -> RawTable | None:
    """
    Read one layer.

    Parameters
    ----------
    path, layer
        The GeoPackage and the name of the layer in it.
    table
        Its table in the data dictionary.
    findings
        What is wrong with the layer as a layer is added here.
    """
    place = f"{path.name} layer {layer}"
    columns, features, points = _columns(path, layer)
    if table == "towns" and points is not None:
        _add_places(columns, points, place, findings)
    codes = {column.name for column in attributes(table) if column.type in ("id", "text")}
    for name in codes & set(columns):
        columns[name] = _as_codes(columns[name], name, place, findings)
    rows = [list(row) for row in zip(*columns.values(), strict=True)]
    records: list[Sequence[Cell]] = [list(columns), *rows]
    return assemble(
        records,
        [0, *features],
        table=table,
        place=place,
        findings=findings,
        line_word="feature",
    )


def _columns(path: Path, layer: str) -> tuple[dict[str, list[Cell]], list[int], Any]:
    """Cells by column name, numbers of the features, and points in WGS 84 or ``None``."""
    import pyogrio
    import shapely

    meta, found = pyogrio.read_arrow(path, layer=layer, return_fids=True)
    geometry = meta["geometry_name"] or "wkb_geometry"
    features = [
        int(fid)
        for fid in found.column(
            "OGC_FID" if "OGC_FID" in found.column_names else meta["fid_column"] or "fid"
        ).to_pylist()
    ]
    columns: dict[str, list[Cell]] = {}
    points = None
    for name in found.column_names:
        if name in ("OGC_FID", meta["fid_column"]):
            continue
        values = found.column(name).to_pylist()
        if name == geometry:
            points = _in_wgs84(shapely.from_wkb(values), meta["crs"])
        else:
            columns[name.strip().casefold()] = [_cell(value) for value in values]
    return columns, features, points


def _cell(value: Any) -> Cell:
    if value is None:
        return ""
    if isinstance(value, bool | str):
        return value
    if isinstance(value, int) and abs(value) > _WHOLE_AS_FLOAT:
        return str(value)  # a float would lose digits of a long code
    return float(value) if isinstance(value, int | float) else str(value)


def _in_wgs84(points: Any, crs: str | None) -> Any:
    """Coordinates, shape ``(n, 2)``: longitude and latitude; ``nan`` where there is no point."""
    import shapely
    from pyproj import CRS, Transformer

    is_point = shapely.get_type_id(points) == 0
    xy = np.column_stack([shapely.get_x(points), shapely.get_y(points)])
    xy[~is_point] = np.nan
    if crs and not CRS.from_user_input(crs).equals(CRS.from_epsg(_WGS84), ignore_axis_order=True):
        to_wgs84 = Transformer.from_crs(crs, _WGS84, always_xy=True)
        xy = np.column_stack(to_wgs84.transform(xy[:, 0], xy[:, 1]))
    return xy


def _add_places(
    columns: dict[str, list[Cell]], points: Any, place: str, findings: Findings
) -> None:
    """Points become lat and lon; beside columns of that name they must agree."""
    for name, values in (("lat", points[:, 1]), ("lon", points[:, 0])):
        cells: list[Cell] = ["" if np.isnan(value) else float(value) for value in values]
        if name not in columns:
            columns[name] = cells
            continue
        for row, (given, drawn) in enumerate(zip(columns[name], cells, strict=True)):
            if isinstance(given, float) and isinstance(drawn, float) and abs(given - drawn) > 1e-6:
                findings.faults.append(
                    Fault(
                        place=f"{place} feature {row + 1}",
                        object=name,
                        value=f"{given:g} in its column",
                        expectation=f"{drawn:g}, where the point is drawn; leave the column out",
                    )
                )


def _as_codes(cells: Sequence[Cell], name: str, place: str, findings: Findings) -> list[Cell]:
    """Whole numbers become digits, with a warning that leading zeros would be lost."""
    numbers = [cell for cell in cells if isinstance(cell, float)]
    if numbers and all(number.is_integer() for number in numbers):
        findings.warnings.append(
            Fault(
                place=place,
                object=name,
                value=f"numbers, such as {numbers[0]:.0f}",
                expectation="text; leading zeros, if the code had any, are lost",
            )
        )
    return [
        f"{cell:.0f}" if isinstance(cell, float) and cell.is_integer() else cell for cell in cells
    ]


def settings_from_layer(path: Path, layer: str) -> Mapping[str, Any]:
    """Keys and values of a layer ``region`` with columns ``key`` and ``value``."""
    columns, _, _ = _columns(path, layer)
    given: dict[str, Any] = {}
    for key, value in zip(columns.get("key", []), columns.get("value", []), strict=False):
        name = str(key).strip().casefold()
        if name and value != "":
            given[name] = (
                f"{given[name]}\n{value}" if name == "sources" and name in given else value
            )
    return given
