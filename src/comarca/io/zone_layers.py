"""Layers of a file of shapes: which one is meant, its codes and names, and its shapes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from comarca.io.gpkg_tables import layers_of
from comarca.io.lone_books import code_column
from comarca.io.lone_columns import chosen_columns
from comarca.io.lone_tables import LoneTable, TableFindings, decimal_mark
from comarca.io.town_tables import WANTED as TOWN_COLUMNS
from comarca.io.zone_shapes import Shapes

_CODE, _NAME = (column for column in TOWN_COLUMNS if column.name in ("town_id", "name"))
WANTED = (_CODE, replace(_NAME, other_names=(*_NAME.other_names, "nome_com", "name_1")))
_KINDS = "a GeoPackage, GeoJSON or Shapefile, not damaged"


class ZoneFile:
    """One file of features."""

    def __init__(
        self,
        path: Path,
        named: Mapping[str, str] | None,
        findings: TableFindings,
        encoding: str | None,
    ) -> None:
        self.path = path
        self.named = named
        self.findings = findings
        self.encoding = encoding

    def layer(self, asked: str | None) -> str | None:
        """Name of the layer to read, or ``None`` with a fault."""
        if not self.path.exists():
            self.findings.fault(str(self.path), "the file", "", _KINDS)
            return None
        unread: list[Any] = []
        layers = layers_of(self.path, unread)
        if unread:
            self.findings.fault(self.path.name, "the file", "not readable", _KINDS)
            return None
        listed = ", ".join(f'"{layer}"' for layer in layers)
        if asked is not None:
            if asked not in layers:
                expectation = f"one of {listed}"
                self.findings.fault(self.path.name, f"the layer {asked}", "", expectation)
                return None
            return asked
        fitting = [layer for layer in layers if self._has_columns(layer)]
        if len(fitting) == 1 or len(layers) == 1:
            return (fitting or list(layers))[0]
        self.findings.fault(
            self.path.name,
            "the file",
            f"of {len(layers)} layers, {listed}, {len(fitting)} with the columns",
            "one layer with them; name it with the option layer",
        )
        return None

    def _has_columns(self, layer: str) -> bool:
        import pyogrio

        header = [str(name) for name in pyogrio.read_info(self.path, layer=layer)["fields"]]
        trial = TableFindings(place=self.path.name)
        return chosen_columns(header, WANTED, self.named, layer, trial) is not None

    def features(self, layer: str) -> tuple[LoneTable, Shapes] | None:
        """Codes and names of the features, and their shapes; or ``None`` with a fault."""
        import pyogrio

        place = self.path.name
        if len(layers_of(self.path, [])) > 1:
            place += f" layer {layer}"
        options = {} if self.encoding is None else {"encoding": self.encoding}
        try:
            meta, read = pyogrio.read_arrow(self.path, layer=layer, return_fids=True, **options)
        except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, ValueError) as error:
            reason = str(error).partition("\n")[0]
            self.findings.fault(place, "the layer", f"not readable ({reason})", _KINDS)
            return None
        geometry = meta["geometry_name"] or "wkb_geometry"
        feature = next(n for n in ("OGC_FID", meta["fid_column"], "fid") if n in read.column_names)
        header = [name for name in read.column_names if name not in (geometry, feature)]
        found = chosen_columns(header, WANTED, self.named, place, self.findings)
        if geometry not in read.column_names:
            self.findings.fault(place, "the layer", "without shapes", "polygons")
            return None
        if found is None:
            return None
        columns = {
            name: code_column(header[at], read.column(header[at]), place, self.findings)
            for name, at in found.items()
        }
        table = LoneTable(
            place=place,
            columns=columns,
            lines=[int(fid) for fid in read.column(feature).to_pylist()],
            line_word="feature",
            decimal=decimal_mark(None),
        )
        wkb = read.column(geometry).to_pylist()
        shapes = Shapes(geometry=_shapes_of(wkb), crs=meta["crs"])
        for row, (given, shape) in enumerate(zip(wkb, shapes.geometry, strict=True)):
            if given is not None and shape is None:
                place = table.place_of(row)
                self.findings.fault(
                    place, "the shape", "of another kind, a curve perhaps", "a polygon"
                )
        return table, shapes


def _shapes_of(wkb: Sequence[bytes | None]) -> NDArray[np.object_]:
    """Shapes of well-known binary; ``None`` for what shapely does not know, such as arcs."""
    try:
        shapes: NDArray[Any] = shapely.from_wkb(wkb, on_invalid="ignore")
    except NotImplementedError:
        return np.array([_shape_of(given) for given in wkb], dtype=object)
    return shapes


def _shape_of(wkb: bytes | None) -> Any:
    try:
        return shapely.from_wkb(wkb, on_invalid="ignore")
    except NotImplementedError:
        return None
