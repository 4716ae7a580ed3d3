"""
Roads of an OpenStreetMap extract (``.osm.pbf``, ``.osm``, ``.osm.bz2``).

One pass: nodes that hold vehicles up, then ways that are roads or ferries. Turn restrictions and
ferry relations are not read. A way that leaves the extract keeps the points the extract holds.
"""

from __future__ import annotations

from array import array
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from comarca.errors import Fault, RoadFileError
from comarca.io.osm_tags import Way, node_of, way_of
from comarca.io.road_ways import WayRows
from comarca.model.roads import RoadLines

_KEYS = ("highway", "route", "barrier")
_SUFFIXES = (".osm.pbf", ".pbf", ".osm", ".osm.bz2", ".osm.gz")


def read_osm_roads(path: Path | str) -> RoadLines:
    """
    Read the roads of an OpenStreetMap extract.

    Parameters
    ----------
    path
        The file, as Geofabrik and others offer it.

    Returns
    -------
    RoadLines
        Every way a car, a light truck or a bus may drive along, and car ferries.

    Raises
    ------
    RoadFileError
        When the file is missing, is no such extract, is cut off, or holds no road.
    """
    file = Path(path)
    if not file.is_file():
        raise _refused(file, "", "an OpenStreetMap extract such as REGION.osm.pbf")
    if not file.name.lower().endswith(_SUFFIXES):
        raise _refused(file, "of another kind", f"a file that ends in {', '.join(_SUFFIXES)}")
    found = _Found()
    try:
        _read(file, found)
    except (RuntimeError, ValueError, OSError) as error:
        told = f"not readable ({str(error).strip() or type(error).__name__})"
        raise _refused(file, told, "a whole OpenStreetMap extract; download it again") from None
    if not len(found.first) - 1:
        told = f"without a road a vehicle may drive ({found.n_objects:,} objects with tags)"
        raise _refused(file, told, "an extract with roads")
    return found.lines(f"OpenStreetMap extract {file.name} (© OpenStreetMap contributors, ODbL)")


class _Found:
    """What one pass through a file collects."""

    def __init__(self) -> None:
        self.rows = WayRows()
        self.first = array("q", [0])
        self.refs = array("q")
        self.lat = array("i")
        self.lon = array("i")
        self.signs: dict[int, tuple[int, int]] = {}
        self.n_objects = 0

    def add_node(self, node: Any) -> None:
        stop, blocked = node_of(node.tags)
        if stop or blocked:
            self.signs[node.id] = (stop, blocked)

    def add_way(self, way: Any, read: Way) -> None:
        start = len(self.refs)
        for node in way.nodes:
            place = node.location
            if place.valid():
                self.refs.append(node.ref)
                self.lat.append(place.y)
                self.lon.append(place.x)
        if len(self.refs) - start < 2:
            del self.refs[start:], self.lat[start:], self.lon[start:]
            return
        self.first.append(len(self.refs))
        self.rows.add(way.id, read)

    def lines(self, source: str) -> RoadLines:
        refs = np.frombuffer(self.refs, dtype=np.int64)
        nodes, at, points = np.unique(refs, return_index=True, return_inverse=True)
        stop, blocked = self._signs_at(nodes)
        return RoadLines(
            ways=self.rows.ways(),
            first=np.frombuffer(self.first, dtype=np.int64),
            points=points.astype(np.int64),
            lat=np.frombuffer(self.lat, dtype=np.int32)[at],
            lon=np.frombuffer(self.lon, dtype=np.int32)[at],
            stop=stop,
            blocked=blocked,
            names=self.rows.names(),
            source=source,
        )

    def _signs_at(self, nodes: NDArray[np.int64]) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        told = np.zeros((2, len(nodes)), dtype=np.uint8)
        if self.signs:
            marked = np.fromiter(self.signs, dtype=np.int64)
            values = np.array(list(self.signs.values()), dtype=np.uint8)
            at = np.minimum(np.searchsorted(nodes, marked), len(nodes) - 1)
            is_there = nodes[at] == marked
            told[:, at[is_there]] = values[is_there].T
        return told[0], told[1]


def _read(file: Path, found: _Found) -> None:
    import osmium

    kinds = osmium.osm.NODE | osmium.osm.WAY
    objects = (
        osmium.FileProcessor(str(file), kinds)
        .with_locations()
        .with_filter(osmium.filter.KeyFilter(*_KEYS))
    )
    thing: Any
    for thing in objects:
        found.n_objects += 1
        if not thing.is_way():
            found.add_node(thing)
        elif (read := way_of(dict(thing.tags))) is not None:
            found.add_way(thing, read)


def _refused(file: Path, value: str, expectation: str) -> RoadFileError:
    return RoadFileError(
        Fault(place=file.name, object="the file", value=value, expectation=expectation)
    )
