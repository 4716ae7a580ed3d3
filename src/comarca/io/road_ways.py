"""Collect ways one by one, and hand them on as columns."""

from __future__ import annotations

from array import array

import numpy as np

from comarca.io.osm_tags import Way
from comarca.model.roads import RoadWays

_COLUMNS = {
    "road_class": ("B", np.uint8),
    "surface": ("B", np.uint8),
    "smoothness": ("B", np.uint8),
    "zone": ("B", np.uint8),
    "limit_forward": ("f", np.float32),
    "limit_backward": ("f", np.float32),
    "may_forward": ("B", np.uint8),
    "may_backward": ("B", np.uint8),
    "max_weight_t": ("f", np.float32),
    "max_height_m": ("f", np.float32),
    "crossing_min": ("f", np.float32),
    "zone_country": ("H", np.uint16),
}


class WayRows:
    """Rows of :class:`comarca.model.roads.RoadWays` as they are found; names are kept once."""

    def __init__(self) -> None:
        self._ids = array("q")
        self._names: dict[str, int] = {"": 0}
        self._name = array("i")
        self._columns = {name: array(code) for name, (code, _) in _COLUMNS.items()}

    def add(self, way_id: int, way: Way) -> None:
        """Add one way."""
        self._ids.append(way_id)
        self._name.append(self._names.setdefault(way.name, len(self._names)))
        for name, column in self._columns.items():
            column.append(getattr(way, name))

    def ways(self) -> RoadWays:
        """Every way added so far."""
        columns = {
            name: np.array(column, dtype=_COLUMNS[name][1])
            for name, column in self._columns.items()
        }
        return RoadWays(
            way_id=np.array(self._ids, dtype=np.int64),
            name=np.array(self._name, dtype=np.int32),
            **columns,
        )

    def names(self) -> tuple[str, ...]:
        """Names by position; the first is empty."""
        return tuple(self._names)
