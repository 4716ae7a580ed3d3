"""
The shapes of towns from one file: GeoPackage, GeoJSON, Shapefile and whatever else GDAL reads.

Features of one code are joined, shapes that cross themselves are mended, and both are told. A file
that does not say what its coordinates mean is refused until somebody does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from comarca.errors import Fault, ParameterError
from comarca.io.lone_columns import named_columns
from comarca.io.lone_tables import MOST_FAULTS_TOLD, TableFindings
from comarca.io.lone_values import read_columns
from comarca.io.zone_layers import WANTED, ZoneFile
from comarca.io.zone_shapes import Shapes, judged_shapes
from comarca.model.checks import hint_of_code
from comarca.model.zones import Zones, crs_name
from comarca.wording import counted

_NAMED = 3  # a warning names so many towns and counts the rest


def read_zones(
    path: str | Path,
    columns: Sequence[str] | None = None,
    *,
    town_ids: Sequence[str] | None = None,
    allow_missing: bool = False,
    layer: str | None = None,
    crs: str | None = None,
    encoding: str | None = None,
) -> Zones:
    """
    Read the shapes of towns from one file.

    Parameters
    ----------
    path
        GeoPackage, GeoJSON, Shapefile (with its companions, or zipped), or what else GDAL reads.
    columns
        Headers of the code and, if wanted, of the name; recognised by their names when not given.
    town_ids
        Towns that must have a shape, such as those of the flows; shapes of others are left out and
        counted. All when not given.
    allow_missing
        Take a town of ``town_ids`` without a shape for one that nobody drew, and tell it, instead
        of refusing: a code for *abroad*, for instance.
    layer
        Of a file with several; when not given, the only one with a code.
    crs
        Coordinate system of a file that names none, such as ``"EPSG:4326"``.
    encoding
        Of the names in a Shapefile without a ``.cpg``.

    Returns
    -------
    Zones
        In the order of ``town_ids``, or of the first feature of each.

    Raises
    ------
    TableError
        With every fault found, each with its feature.
    ParameterError
        When an option is none.
    """
    place = Path(path)
    findings = TableFindings(place=place.name)
    named = named_columns(WANTED, columns)
    _check_crs_option(crs)
    source = ZoneFile(place, named, findings, encoding)
    chosen = source.layer(layer)
    found = None if chosen is None else source.features(chosen)
    if found is None:
        raise findings.error()
    table, shapes = found
    shapes = replace(shapes, crs=_coordinates(shapes, crs, table.place, findings))
    read = read_columns(table, [column.attribute for column in WANTED], findings)
    if not len(table.lines):
        findings.fault(table.place, "the layer", "without features", "a shape for every town")
    geometry = judged_shapes(shapes, table, read, findings)
    findings.refuse_faults()
    ids, parts = _joined(read["town_id"].by_row(), geometry, table.place, findings)
    names = _names(read, ids) if "name" in read else {}
    zones = Zones(town_ids=ids, shapes=parts, crs=str(shapes.crs), names=names, place=table.place)
    if town_ids is not None:
        zones = _of_towns(zones, tuple(town_ids), findings, needs_all=not allow_missing)
    _notice_nested(zones, findings)
    return replace(zones, warnings=tuple(findings.warnings))


def _check_crs_option(crs: str | None) -> None:
    if crs is None:
        return
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    try:
        CRS.from_user_input(crs)
    except CRSError:
        raise ParameterError(f'crs is {crs!r}; expected one such as "EPSG:4326".') from None


def _coordinates(
    shapes: Shapes, stated: str | None, place: str, findings: TableFindings
) -> str | None:
    """Coordinate system of the shapes, by the file or by the user."""
    from pyproj import CRS

    bounds = shapes.bounds()
    what = "the coordinate system"
    if shapes.crs is None and stated is None:
        hint = " (they look like degrees, EPSG:4326)" if _are_degrees(bounds) else ""
        expectation = f"a file that names it, or the option crs, such as EPSG:4326{hint}"
        findings.fault(place, what, "", expectation)
        return None
    crs = str(shapes.crs or stated)
    system = CRS.from_user_input(crs)
    if stated is not None and not system.equals(
        CRS.from_user_input(stated), ignore_axis_order=True
    ):
        findings.fault(place, what, crs_name(crs), f"{crs_name(stated)}, or no option crs")
    if system.geodetic_crs is None or system.is_geocentric:
        findings.fault(place, what, crs_name(crs), "degrees, or a plane of a place on the globe")
    elif system.is_geographic and not _are_degrees(bounds):
        furthest = float(np.abs(bounds).max())
        expectation = f"degrees, as {crs_name(crs)} has them"
        findings.fault(place, "a coordinate", f"{furthest:,.0f}", expectation)
    return crs


def _are_degrees(bounds: NDArray[np.float64]) -> bool:
    """Whether bounds west, south, east, north lie on the globe."""
    limits = np.array([180.0, 90.0, 180.0, 90.0]) + 1e-6
    return bool((np.abs(bounds) <= limits).all())


def _joined(
    codes: NDArray[Any], geometry: NDArray[np.object_], place: str, findings: TableFindings
) -> tuple[tuple[str, ...], NDArray[np.object_]]:
    """One shape a code, in the order of their first features."""
    rows: dict[str, list[int]] = {}
    for row, code in enumerate(codes.tolist()):
        rows.setdefault(code, []).append(row)
    several = [code for code, of_code in rows.items() if len(of_code) > 1]
    if several:
        findings.warn(
            place, counted(len(several), "town"), f"of several features, joined: {_some(several)}"
        )
    shapes = np.array(
        [
            geometry[of_code[0]] if len(of_code) == 1 else shapely.union_all(geometry[of_code])
            for of_code in rows.values()
        ],
        dtype=object,
    )
    return tuple(rows), shapes


def _some(town_ids: Sequence[str]) -> str:
    more = len(town_ids) - _NAMED
    return ", ".join(town_ids[:_NAMED]) + (f" and {more:,} more" if more > 0 else "")


def _names(read: Mapping[str, Any], ids: Sequence[str]) -> dict[str, str]:
    """Name of each town whose features agree on one."""
    given: dict[str, set[str]] = {}
    codes, names = read["town_id"].by_row().tolist(), read["name"].by_row().tolist()
    for code, name in zip(codes, names, strict=True):
        if name is not None:
            given.setdefault(code, set()).add(name)
    return {code: next(iter(given[code])) for code in ids if len(given.get(code, ())) == 1}


def _of_towns(
    zones: Zones, town_ids: tuple[str, ...], findings: TableFindings, *, needs_all: bool
) -> Zones:
    """Shapes of the towns asked for; those that have none are faults, with the nearest code."""
    known = set(zones.town_ids)
    missing = [town_id for town_id in town_ids if town_id not in known]
    if needs_all:
        findings.add(_missing_shapes(zones, missing[:MOST_FAULTS_TOLD]), len(missing))
        findings.refuse_faults()
    elif missing:
        findings.warn(
            zones.place, counted(len(missing), "town"), f"without a shape: {_some(missing)}"
        )
    others = known - set(town_ids)
    if others:
        findings.warn(
            zones.place,
            counted(len(others), "shape"),
            f"of towns that are not asked for, left out: {_some(sorted(others))}",
        )
    shapes = np.array([*zones.shapes, *[shapely.Polygon()] * len(missing)], dtype=object)
    return replace(zones, town_ids=(*zones.town_ids, *missing), shapes=shapes).subset(town_ids)


def _missing_shapes(zones: Zones, town_ids: Sequence[str]) -> list[Fault]:
    import pandas as pd

    target = pd.DataFrame(
        {"town_id": zones.town_ids, "name": [zones.names.get(town) for town in zones.town_ids]}
    )
    return [
        Fault(
            place=zones.place,
            object=f"the shape of {town_id}",
            value="",
            expectation="one for every town"
            + hint_of_code(town_id, target, "town_id", zones.town_ids),
        )
        for town_id in town_ids
    ]


def _notice_nested(zones: Zones, findings: TableFindings) -> None:
    """Notice towns that lie within the shape of another: two levels in one layer, often."""
    drawn = np.flatnonzero(~shapely.is_empty(zones.shapes))
    points = shapely.point_on_surface(zones.shapes[drawn])
    inner, outer = shapely.STRtree(zones.shapes[drawn]).query(points, predicate="within")
    nested = drawn[np.unique(inner[inner != outer])]
    if len(nested):
        findings.warn(
            zones.place,
            counted(len(nested), "shape"),
            f"drawn over another: {_some([zones.town_ids[at] for at in nested.tolist()])}",
        )
