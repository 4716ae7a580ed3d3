"""Drawn shapes judged and mended: polygons only, flat, and none that crosses itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from comarca.io.lone_tables import LoneTable, TableFindings
from comarca.io.lone_values import ReadColumn, label_of
from comarca.wording import counted

_NAMED = 3  # a warning names so many towns and counts the rest
_POLYGONS = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)


@dataclass(frozen=True, eq=False, kw_only=True)
class Shapes:
    """
    Shapes as a file holds them.

    Parameters
    ----------
    geometry
        One a feature; ``None`` where the file has none, or none that can be read.
    crs
        Their coordinate system, ``None`` when the file does not tell.
    """

    geometry: NDArray[np.object_]
    crs: str | None

    def bounds(self) -> NDArray[np.float64]:
        """West, south, east and north of all; zeros when nothing is drawn."""
        if not len(self.geometry):
            return np.zeros(4)
        return np.nan_to_num(np.asarray(shapely.total_bounds(self.geometry), dtype=np.float64))


def judged_shapes(
    shapes: Shapes,
    table: LoneTable,
    read: Mapping[str, ReadColumn],
    findings: TableFindings,
) -> NDArray[np.object_]:
    """
    Shapes that every later step may rely on.

    Parameters
    ----------
    shapes
        As the file holds them.
    table, read
        The features' codes, to name them.
    findings
        Points and lines are faults; mended and missing shapes are warnings.

    Returns
    -------
    numpy.ndarray
        Valid polygons, empty ones where nothing is drawn, shape ``(n_features,)``.
    """
    geometry = shapely.force_2d(shapes.geometry)
    is_missing = shapely.is_missing(geometry) | shapely.is_empty(geometry)
    kinds = shapely.get_type_id(geometry)
    is_polygon = np.isin(kinds, _POLYGONS)
    for row in np.flatnonzero(~is_missing & ~is_polygon).tolist():
        kind = shapely.GeometryType(int(kinds[row])).name.lower()
        _fault(table, read, row, f"a {kind}", "a polygon", findings)
    is_finite = np.isfinite(shapely.bounds(geometry)).all(axis=1)
    for row in np.flatnonzero(is_polygon & ~is_missing & ~is_finite).tolist():
        _fault(table, read, row, "with endless coordinates", "a polygon", findings)
    is_sound = shapely.is_valid(geometry)
    is_broken = is_polygon & is_finite & ~is_missing & ~is_sound
    judged = np.where(is_polygon & is_finite & is_sound, geometry, shapely.Polygon())
    judged[is_broken] = shapely.make_valid(
        geometry[is_broken], method="structure", keep_collapsed=False
    )
    is_empty = shapely.is_empty(judged) & (is_missing | is_polygon)
    _notice(table, read, is_broken, "crossing themselves, mended", findings)
    _notice(table, read, is_empty, "without a shape", findings)
    return np.asarray(judged, dtype=object)


def _fault(
    table: LoneTable,
    read: Mapping[str, ReadColumn],
    row: int,
    value: str,
    expectation: str,
    findings: TableFindings,
) -> None:
    findings.fault(table.place_of(row), f"the shape of {label_of(read, row)}", value, expectation)


def _notice(
    table: LoneTable,
    read: Mapping[str, ReadColumn],
    is_such: NDArray[np.bool_],
    what: str,
    findings: TableFindings,
) -> None:
    rows = np.flatnonzero(is_such).tolist()
    if rows:
        named = ", ".join(label_of(read, row) for row in rows[:_NAMED])
        more = f" and {len(rows) - _NAMED:,} more" if len(rows) > _NAMED else ""
        findings.warn(table.place, counted(len(rows), "feature"), f"{what}: {named}{more}")
