"""
The way itself: its line, its roads by name, and what lies within so many minutes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from comarca.errors import UnknownTownError
from comarca.model.roads import UNITS_PER_DEGREE
from comarca.travel.circle import Positions
from comarca.travel.roads.graph import RoadGraph
from comarca.travel.roads.kernel import tree
from comarca.travel.roads.snapping import Anchors, anchor_towns

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False, kw_only=True)
class RoadRoute:
    """
    The fastest way from a town to another.

    Parameters
    ----------
    origin, destination
        Town ids.
    time_min, distance_km
        Of the whole way, rough tracks at both ends included; ``inf`` where there is none.
    lat, lon
        Its line from town to town, degrees; empty where there is no way.
    roads
        Names or numbers of its roads in order, each once in a row; roads without one are left out.
    """

    origin: str
    destination: str
    time_min: float
    distance_km: float
    lat: FloatArray
    lon: FloatArray
    roads: tuple[str, ...]

    def summary(self) -> str:
        """Say in a line how far it is, and along which roads."""
        if not np.isfinite(self.time_min):
            return f"{self.origin} → {self.destination}: no way"
        along = f" along {', '.join(self.roads)}" if self.roads else ""
        return (
            f"{self.origin} → {self.destination}: {self.time_min:.0f} min, "
            f"{self.distance_km:.1f} km{along}"
        )


class Routes:
    """
    Routes from one town over a graph: one search serves them all.

    Parameters
    ----------
    graph
        The network as a mode drives it.
    towns
        Index ``town_id``, columns ``lat`` and ``lon``.
    """

    def __init__(self, graph: RoadGraph, towns: pd.DataFrame) -> None:
        self.graph = graph
        self.places = Positions.of(towns)
        self._searched: dict[int, tuple[FloatArray, FloatArray, NDArray[np.int32]]] = {}

    @cached_property
    def anchors(self) -> Anchors:
        """Where the towns join the network."""
        index = pd.Index(self.places.town_ids)
        frame = pd.DataFrame({"lat": self.places.lat, "lon": self.places.lon}, index=index)
        return anchor_towns(frame, self.graph)

    def route(self, origin: str, destination: str) -> RoadRoute:
        """
        Find the fastest way.

        Raises
        ------
        UnknownTownError
            When a town is not among those given.
        """
        start, end = self._position(origin), self._position(destination)
        node_min, node_km, node_arc = self._search(start)
        anchors = self.anchors
        nodes = anchors.entry_node[end]
        total = np.where(nodes >= 0, node_min[nodes] + anchors.entry_min[end], np.inf)
        side = int(np.argmin(total))
        along_min, along_km = self._along(start, end)
        if start == end or not np.isfinite(min(total[side], along_min)):
            time_min = 0.0 if start == end else np.inf
            return RoadRoute(
                origin=origin,
                destination=destination,
                time_min=time_min,
                distance_km=time_min,
                lat=np.empty(0),
                lon=np.empty(0),
                roads=(),
            )
        if along_min <= total[side]:
            parts = [self._stretch(start, end)]
            time_min, distance_km = along_min, along_km
        else:
            parts = self._parts(start, end, int(nodes[side]), side, node_arc)
            time_min = float(total[side])
            distance_km = float(node_km[nodes[side]] + anchors.entry_km[end, side])
        return self._put_together(origin, destination, time_min, distance_km, parts)

    def _position(self, town: str) -> int:
        try:
            return self.places.town_ids.index(town)
        except ValueError:
            raise UnknownTownError(town, self.places.town_ids) from None

    def _search(self, start: int) -> tuple[FloatArray, FloatArray, NDArray[np.int32]]:
        if start not in self._searched:
            exits = np.flatnonzero(self.anchors.exit_node[start] >= 0)
            self._searched = {start: reach(self.graph, self.anchors, start, exits)}
        return self._searched[start]

    def _along(self, start: int, end: int) -> tuple[float, float]:
        """Minutes and kilometres along the one edge both use, or ``inf``."""
        anchors = self.anchors
        if anchors.edge[start] < 0 or anchors.edge[start] != anchors.edge[end]:
            return np.inf, np.inf
        side = 0 if anchors.along_km[end] >= anchors.along_km[start] else 1
        driven = anchors.along_min[end, side] - anchors.along_min[start, side]
        if not np.isfinite(driven):
            return np.inf, np.inf
        km = abs(anchors.along_km[end] - anchors.along_km[start])
        return (
            float(anchors.gap_min[start] + driven + anchors.gap_min[end]),
            float(anchors.gap_km[start] + km + anchors.gap_km[end]),
        )

    def _parts(
        self, start: int, end: int, node: int, side: int, node_arc: NDArray[np.int32]
    ) -> list[_Part]:
        """Stretches of road from town to town, in order."""
        edges = []
        while (arc := int(node_arc[node])) >= 0:
            edges.append(int(self.graph.arc_edge[arc]))
            node = int(self.graph.tail[arc])
        seed = np.flatnonzero(self.anchors.exit_node[start] >= 0)[-1 - arc]
        whole = [self._edge(edge) for edge in reversed(edges)]
        return [self._to_end(start, int(seed)), *whole, self._to_end(end, side).reversed()]

    def _edge(self, edge: int) -> _Part:
        """An edge as it is driven; ``-1 - edge`` is driven backwards."""
        first = self.graph.network.edge_first
        forward = edge if edge >= 0 else -1 - edge
        part = self._points(int(first[forward]), int(first[forward + 1]))
        return part if edge >= 0 else part.reversed()

    def _to_end(self, town: int, side: int) -> _Part:
        """From a town's place on its edge to the first (0) or the last (1) point of the edge."""
        first, edge = self.graph.network.edge_first, int(self.anchors.edge[town])
        piece = int(self.anchors.point[town])
        if side == 0:
            part = self._points(int(first[edge]), piece + 1).reversed()
        else:
            part = self._points(piece + 1, int(first[edge + 1]))
        place = (self.anchors.lat[town], self.anchors.lon[town])
        return _Part(
            np.concatenate(([place[0]], part.lat)),
            np.concatenate(([place[1]], part.lon)),
            part.ways,
        )

    def _stretch(self, start: int, end: int) -> _Part:
        """Along one edge from a town's place on it to another's."""
        one, other = int(self.anchors.point[start]), int(self.anchors.point[end])
        backwards = self.anchors.along_km[end] < self.anchors.along_km[start]
        if backwards:
            one, other = other, one
        part = self._points(one + 1, other + 1)
        part = part.reversed() if backwards else part
        lat = [self.anchors.lat[start], *part.lat, self.anchors.lat[end]]
        lon = [self.anchors.lon[start], *part.lon, self.anchors.lon[end]]
        ways = self.graph.network.point_way[one : other + 1].tolist()
        return _Part(np.array(lat), np.array(lon), ways[::-1] if backwards else ways)

    def _points(self, begin: int, end: int) -> _Part:
        network = self.graph.network
        return _Part(
            np.asarray(network.point_lat[begin:end]) / UNITS_PER_DEGREE,
            np.asarray(network.point_lon[begin:end]) / UNITS_PER_DEGREE,
            network.point_way[begin:end].tolist(),
        )

    def _put_together(
        self,
        origin: str,
        destination: str,
        time_min: float,
        distance_km: float,
        parts: Sequence[_Part],
    ) -> RoadRoute:
        start, end = self._position(origin), self._position(destination)
        ends = self.places
        network = self.graph.network
        names: list[str] = []
        for way in (way for part in parts for way in part.ways):
            name = network.road_name(way if way >= 0 else -1 - way)
            if name and (not names or names[-1] != name):
                names.append(name)
        return RoadRoute(
            origin=origin,
            destination=destination,
            time_min=time_min,
            distance_km=distance_km,
            lat=np.concatenate(([ends.lat[start]], *(part.lat for part in parts), [ends.lat[end]])),
            lon=np.concatenate(([ends.lon[start]], *(part.lon for part in parts), [ends.lon[end]])),
            roads=tuple(names),
        )


@dataclass(frozen=True, eq=False)
class _Part:
    """A stretch of road: its line and its ways."""

    lat: FloatArray
    lon: FloatArray
    ways: list[int]

    def reversed(self) -> _Part:
        return _Part(self.lat[::-1], self.lon[::-1], self.ways[::-1])


def reach(
    graph: RoadGraph,
    anchors: Anchors,
    town: int,
    exits: NDArray[np.intp],
    limit_min: float = np.inf,
) -> tuple[FloatArray, FloatArray, NDArray[np.int32]]:
    """Minutes, kilometres and last arc to every junction from a town, by its exits."""
    return tree(
        graph.first,
        graph.head,
        graph.tail,
        graph.arc_min,
        graph.arc_km,
        anchors.exit_node[town, exits],
        anchors.exit_min[town, exits],
        anchors.exit_km[town, exits],
        limit_min,
    )
