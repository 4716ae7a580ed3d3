"""
A network as one mode drives it: arcs with minutes and kilometres, ready for Dijkstra.

An arc's time is that of its pieces of road, each at its own pace, and what is lost at its end: at
lights and gates, and where the road meets one of a higher class. Waiting for a ferry is part of the
arc that boards it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from comarca.compiled import compiled
from comarca.errors import ParameterError
from comarca.model.matrices import Mode
from comarca.model.roads import (
    ADDED,
    CLASSES,
    CLOSED,
    STOPS,
    UNITS_PER_DEGREE,
    RoadNetwork,
)
from comarca.travel.roads.pace import pace_min_per_km, vehicle_bit
from comarca.travel.roads.params import RoadParams
from comarca.units import EARTH_RADIUS_KM

Int32 = NDArray[np.int32]
Int64 = NDArray[np.int64]
FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

_RADIANS = float(np.pi / 180 / UNITS_PER_DEGREE)
_STEEPEST = 0.25  # steeper pieces are faults of the heights, not roads
_RANKS = {
    name: rank
    for rank, group in enumerate(
        (
            ("track", "rough_track", "service", "living_street", "busway"),
            ("residential", "road"),
            ("unclassified", "tertiary", "tertiary_link"),
            ("secondary", "secondary_link"),
            ("primary", "primary_link"),
            ("trunk", "trunk_link", "motorway", "motorway_link"),
        )
    )
    for name in group
}
_MERGES = ("trunk", "trunk_link", "motorway", "motorway_link", "ferry")


@dataclass(frozen=True, eq=False, kw_only=True)
class RoadGraph:
    """
    Arcs of a mode, by the node they leave.

    Parameters
    ----------
    network, mode, params
        What it was made from.
    pace
        Minutes for each kilometre of each way, along and against it, shape ``(2, n_ways)``.
    edge_km
        Length of each edge.
    edge_min
        Driving time of each edge without what is lost at its ends, shape ``(2, n_edges)``: from
        its first point to its last, and back; as mapped, whatever a scenario has closed.
    end_min
        Minutes lost on arrival, same shape: at the last point, and at the first.
    start_min
        Minutes waited before leaving, same shape: at the first point, and at the last.
    first, head, arc_min, arc_km, arc_edge
        Arcs of node ``n`` are ``first[n]`` to ``first[n + 1]``; each leads to ``head`` along
        ``arc_edge``, or ``-1 - arc_edge`` where it is driven backwards.
    """

    network: RoadNetwork
    mode: Mode
    params: RoadParams
    pace: FloatArray
    edge_km: FloatArray
    edge_min: FloatArray
    end_min: FloatArray
    start_min: FloatArray
    first: Int64
    head: Int32
    arc_min: FloatArray
    arc_km: FloatArray
    arc_edge: Int32

    @property
    def n_nodes(self) -> int:
        """How many junctions there are."""
        return len(self.first) - 1

    @cached_property
    def piece_of(self) -> Int32:
        """For each node which piece of the network it lies in: all there can reach each other."""
        return _pieces(self.n_nodes, self.tail, self.head)

    @cached_property
    def tail(self) -> Int32:
        """The node each arc leaves."""
        return np.repeat(np.arange(self.n_nodes, dtype=np.int32), np.diff(self.first))

    @cached_property
    def is_closed(self) -> BoolArray:
        """Which edges a scenario, or the study, has closed."""
        return closed_edges(self.network, self.params)

    @cached_property
    def as_mapped(self) -> RoadGraph:
        """The same roads and junctions with everything open, and nothing that was added."""
        state = np.asarray(self.network.edge_state)
        if not (self.is_closed.any() or (state == ADDED).any()):
            return self
        return self._with_arcs(
            _arcs(
                self.network,
                self.edge_km,
                self.edge_min,
                self.start_min,
                self.end_min,
                state != ADDED,
                _passes(self.network, self.mode, self.params),
            )
        )

    @cached_property
    def backwards(self) -> RoadGraph:
        """The same with every arc turned round: who can reach a place, instead of where to."""
        order = np.argsort(self.head, kind="stable")
        first = np.concatenate(([0], np.cumsum(np.bincount(self.head, minlength=self.n_nodes))))
        return self._with_arcs(
            {
                "first": first.astype(np.int64),
                "head": self.tail[order],
                "arc_min": self.arc_min[order],
                "arc_km": self.arc_km[order],
                "arc_edge": self.arc_edge[order],
            }
        )

    def _with_arcs(self, arcs: Mapping[str, Any]) -> RoadGraph:
        return RoadGraph(**{name: getattr(self, name) for name in _SHARED}, **arcs)

    def summary(self) -> str:
        """Say in a line how much of the network the mode may drive."""
        drives = np.isfinite(self.edge_min).any(axis=0)
        return (
            f"{self.mode}: {float(self.edge_km[drives].sum()):,.0f} km of road, "
            f"{len(self.head):,} arcs between {self.n_nodes:,} junctions"
        )


_SHARED = (
    "network",
    "mode",
    "params",
    "pace",
    "edge_km",
    "edge_min",
    "end_min",
    "start_min",
)


def road_graph(network: RoadNetwork, mode: Mode, params: RoadParams | None = None) -> RoadGraph:
    """
    Make the graph a mode drives.

    Parameters
    ----------
    network
        Roads.
    mode
        ``"car"``, ``"bus"`` or ``"truck"``.
    params
        Speeds, delays and what is closed; ``None`` for the defaults.

    Returns
    -------
    RoadGraph
    """
    params = params or RoadParams()
    pace = pace_min_per_km(network.ways, mode, params)
    ferry_ways = network.ways.road_class == CLASSES.index("ferry")
    if (ferry_ways & np.isfinite(network.ways.crossing_min)).any():
        pace = _timed_ferries(network, pace, ferry_ways)
    edge_km, edge_min = _edges(
        network.edge_first,
        network.point_lat,
        network.point_lon,
        network.point_way,
        network.point_height_m,
        pace,
        params.of_mode(mode, "climb_factor"),
    )
    start_min, end_min = _lost(network, _drives(edge_min), params)
    is_open = ~closed_edges(network, params)
    passes = _passes(network, mode, params)
    arcs = _arcs(network, edge_km, edge_min, start_min, end_min, is_open, passes)
    return RoadGraph(
        network=network,
        mode=mode,
        params=params,
        pace=pace,
        edge_km=edge_km,
        edge_min=edge_min,
        end_min=end_min,
        start_min=start_min,
        **arcs,
    )


def _passes(network: RoadNetwork, mode: Mode, params: RoadParams) -> BoolArray:
    """Which junctions the mode may leave again."""
    return np.asarray((network.node_blocked & vehicle_bit(mode, params)) == 0, dtype=bool)


def _drives(edge_min: FloatArray) -> BoolArray:
    """Which edges are driven in either direction."""
    return np.asarray(np.isfinite(edge_min).any(axis=0), dtype=bool)


def closed_edges(network: RoadNetwork, params: RoadParams) -> BoolArray:
    """Edges that a scenario closed, or that hold a piece of a way the study closes."""
    is_closed = np.asarray(network.edge_state == CLOSED)
    if params.closed:
        unknown = np.setdiff1d(params.closed, network.ways.way_id)
        if len(unknown):
            listed = ", ".join(map(str, unknown))
            raise ParameterError(f"roads.closed: no way of the network has the number {listed}.")
        way = np.where(network.point_way >= 0, network.point_way, -1 - network.point_way)
        holds = np.isin(network.ways.way_id, params.closed)[way]
        is_closed = is_closed | np.logical_or.reduceat(holds, network.edge_first[:-1])
    return is_closed


def _pieces(n_nodes: int, tail: Int32, head: Int32) -> Int32:
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    links = csr_array((np.ones(len(tail), dtype=np.int8), (tail, head)), shape=(n_nodes, n_nodes))
    _, piece_of = connected_components(links, directed=True, connection="strong")
    return np.asarray(piece_of, dtype=np.int32)


def _timed_ferries(network: RoadNetwork, pace: FloatArray, is_ferry: BoolArray) -> FloatArray:
    """Put in how long ferries take, spread over their length."""
    lat = np.asarray(network.point_lat, dtype=np.float64) * _RADIANS
    lon = np.asarray(network.point_lon, dtype=np.float64) * _RADIANS
    way = np.where(network.point_way >= 0, network.point_way, -1 - network.point_way)
    at = np.flatnonzero(is_ferry[way])
    at = at[~np.isin(at, network.edge_first[1:] - 1)]
    half = np.sin((lat[at + 1] - lat[at]) / 2) ** 2
    half += np.cos(lat[at]) * np.cos(lat[at + 1]) * np.sin((lon[at + 1] - lon[at]) / 2) ** 2
    piece_km = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(half))
    way_km = np.bincount(way[at], weights=piece_km, minlength=len(network.ways))
    is_timed = is_ferry & np.isfinite(network.ways.crossing_min) & (way_km > 0)
    timed = pace.copy()
    timed[:, is_timed] = np.where(
        np.isfinite(pace[:, is_timed]),
        network.ways.crossing_min[is_timed] / way_km[is_timed],
        np.inf,
    )
    return timed


@compiled
def piece_along(
    point: int,
    lat: Int32,
    lon: Int32,
    way: Int32,
    height_m: NDArray[np.float32],
    pace: FloatArray,
    climb: float,
) -> tuple[float, float, float]:
    """Kilometres, and minutes along and against, of the piece of road that begins at a point."""
    lat_a, lat_b = lat[point] * _RADIANS, lat[point + 1] * _RADIANS
    half = np.sin((lat_b - lat_a) / 2) ** 2
    half += (
        np.cos(lat_a) * np.cos(lat_b) * np.sin((lon[point + 1] - lon[point]) * _RADIANS / 2) ** 2
    )
    km = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(min(half, 1.0)))
    along, against = way[point], way[point]
    if along >= 0:
        pace_along, pace_against = pace[0, along], pace[1, along]
    else:
        pace_along, pace_against = pace[1, -1 - against], pace[0, -1 - against]
    min_along, min_against = km * pace_along, km * pace_against
    if len(height_m) > 0 and km > 0:
        gradient = (height_m[point + 1] - height_m[point]) / (1_000 * km)
        gradient = min(max(gradient, -_STEEPEST), _STEEPEST)
        min_along *= 1 + climb * max(gradient, 0.0)
        min_against *= 1 + climb * max(-gradient, 0.0)
    return km, min_along, min_against


@compiled
def partial_sums(
    first: Int64,
    lat: Int32,
    lon: Int32,
    way: Int32,
    height_m: Any,
    pace: FloatArray,
    climb: float,
    edge: Int64,
    piece: Int64,
    share: FloatArray,
) -> FloatArray:
    """From the first point of each edge to a place on it: km, minutes there, minutes back."""
    told = np.zeros((len(edge), 3))
    for nth in range(len(edge)):
        for point in range(first[edge[nth]], piece[nth] + 1):
            km, along, against = piece_along(point, lat, lon, way, height_m, pace, climb)
            part = share[nth] if point == piece[nth] else 1.0
            if part > 0:
                told[nth, 0] += part * km
                told[nth, 1] += part * along
                told[nth, 2] += part * against
    return told


@compiled
def _edges(
    first: Int64,
    lat: Int32,
    lon: Int32,
    way: Int32,
    height_m: NDArray[np.float32],
    pace: FloatArray,
    climb: float,
) -> tuple[FloatArray, FloatArray]:
    """Length of each edge, and minutes in both directions."""
    n_edges = len(first) - 1
    edge_km, edge_min = np.zeros(n_edges), np.zeros((2, n_edges))
    for edge in range(n_edges):
        for point in range(first[edge], first[edge + 1] - 1):
            km, along, against = piece_along(point, lat, lon, way, height_m, pace, climb)
            edge_km[edge] += km
            edge_min[0, edge] += along
            edge_min[1, edge] += against
    return edge_km, edge_min


def profile(graph: RoadGraph, edge: int) -> tuple[FloatArray, FloatArray, FloatArray]:
    """
    Kilometres from the first point of an edge to each of its points, and minutes.

    Returns
    -------
    km, along_min, against_min
        Shape ``(n_points,)`` each, from 0 up; against: as if counted while driving backwards from
        the last point, so that ``against_min[-1]`` is the time of the whole edge.
    """
    network = graph.network
    points = range(int(network.edge_first[edge]), int(network.edge_first[edge + 1]) - 1)
    pieces = [
        piece_along(
            point,
            network.point_lat,
            network.point_lon,
            network.point_way,
            network.point_height_m,
            graph.pace,
            graph.params.of_mode(graph.mode, "climb_factor"),
        )
        for point in points
    ]
    sums = np.concatenate((np.zeros((1, 3)), np.cumsum(np.array(pieces), axis=0)))
    return sums[:, 0], sums[:, 1], sums[:, 2]


def _lost(
    network: RoadNetwork, drives: BoolArray, params: RoadParams
) -> tuple[FloatArray, FloatArray]:
    """Minutes lost before leaving the ends of each edge, and on arrival at them."""
    ranks = np.array([_RANKS.get(name, 0) for name in CLASSES])
    gives_way = np.array([name not in _MERGES for name in CLASSES])
    is_ferry_class = np.array([name == "ferry" for name in CLASSES])
    ends = (network.edge_first[:-1], network.edge_first[1:] - 1)
    nodes = (np.asarray(network.edge_from), np.asarray(network.edge_to))
    classes = [_class_at(network, points) for points in ends]
    counts = drives & ~is_ferry_class[classes[0]] & (network.edge_state != ADDED)
    highest = np.zeros(network.n_nodes, dtype=np.int64)
    arms = np.zeros(network.n_nodes, dtype=np.int64)
    for at, road_class in zip(nodes, classes, strict=True):
        np.maximum.at(highest, at[counts], ranks[road_class[counts]])
        arms += np.bincount(at[counts], minlength=network.n_nodes)
    stop_min = np.array(
        [
            {"signals": params.signal_min, "barrier": params.barrier_min}.get(stop, 0.0)
            for stop in STOPS
        ]
    )
    start_min, end_min = np.zeros((2, len(drives))), np.zeros((2, len(drives)))
    is_ferry = is_ferry_class[classes[0]]
    for row, (at, road_class) in enumerate(zip(nodes[::-1], classes[::-1], strict=True)):
        yields = gives_way[road_class] & (arms[at] > 2) & (ranks[road_class] < highest[at])
        is_lit = network.node_stop[at] == STOPS.index("signals")
        end_min[row] = stop_min[network.node_stop[at]] + np.where(
            yields & ~is_lit, params.give_way_min, 0.0
        )
    for row, at in enumerate(nodes):
        start_min[row] = np.where(is_ferry & (arms[at] > 0), params.ferry_wait_min, 0.0)
    return start_min, end_min


def _class_at(network: RoadNetwork, points: Int64) -> NDArray[np.uint8]:
    way = network.point_way[points]
    return np.asarray(network.ways.road_class[np.where(way >= 0, way, -1 - way)])


def _arcs(
    network: RoadNetwork,
    edge_km: FloatArray,
    edge_min: FloatArray,
    start_min: FloatArray,
    end_min: FloatArray,
    is_open: BoolArray,
    passes: BoolArray,
) -> dict[str, Any]:
    """Arcs of open edges by the node they leave; nothing leaves a node that stops the mode."""
    nodes = (np.asarray(network.edge_from), np.asarray(network.edge_to))
    tails, heads, edges, minutes = [], [], [], []
    for row in range(2):
        tail, head = nodes[row], nodes[1 - row]
        total_min = start_min[row] + edge_min[row] + end_min[row]
        taken = np.flatnonzero(is_open & np.isfinite(total_min) & passes[tail] & (tail != head))
        tails.append(tail[taken])
        heads.append(head[taken])
        minutes.append(total_min[taken])
        edges.append(taken if row == 0 else -1 - taken)
    tail = np.concatenate(tails)
    order = np.argsort(tail, kind="stable")
    edge = np.concatenate(edges)[order].astype(np.int32)
    first = np.concatenate(([0], np.cumsum(np.bincount(tail, minlength=network.n_nodes))))
    return {
        "first": first.astype(np.int64),
        "head": np.concatenate(heads)[order],
        "arc_min": np.concatenate(minutes)[order],
        "arc_km": edge_km[np.where(edge >= 0, edge, -1 - edge)],
        "arc_edge": edge,
    }
