"""
A road network: roads as they are mapped, and roads as a graph of junctions.

:class:`RoadLines` is what files tell: lines through shared points, each with its class, surface,
limits and who may drive it. :class:`RoadNetwork` is the same with every point that merely bends a
road taken into the edge between two junctions. It keeps what is mapped, not what is assumed: speeds
are put in when times are asked for, so that a changed speed needs no new network.

Coordinates are WGS 84 in units of 1e-7 degrees (about a centimetre), as OpenStreetMap keeps them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from comarca.errors import ParameterError

UNITS_PER_DEGREE = 10_000_000

CLASSES: tuple[str, ...] = (
    "motorway",
    "motorway_link",
    "trunk",
    "trunk_link",
    "primary",
    "primary_link",
    "secondary",
    "secondary_link",
    "tertiary",
    "tertiary_link",
    "unclassified",
    "residential",
    "living_street",
    "service",
    "busway",
    "road",
    "track",
    "rough_track",
    "ferry",
)
"""Classes of roads, as OpenStreetMap names them; a rough track is a gap that was bridged."""

SURFACES: tuple[str, ...] = (
    "unknown",
    "paved",
    "sett",
    "compacted",
    "gravel",
    "unpaved",
    "earth",
    "sand",
)
"""Groups of surfaces, from what a car hardly notices to what it hardly passes."""

SMOOTHNESSES: tuple[str, ...] = (
    "unknown",
    "excellent",
    "good",
    "intermediate",
    "bad",
    "very_bad",
    "horrible",
    "very_horrible",
    "impassable",
)

VEHICLES: tuple[str, ...] = ("car", "goods", "hgv", "bus")
"""Kinds of vehicle that access is mapped for; the bit of each is ``1 << position``."""

EVERY_VEHICLE = (1 << len(VEHICLES)) - 1

ZONES: tuple[str, ...] = ("", "urban", "rural", "trunk", "motorway")
"""Kinds of place that a country's general speed limits hold for."""

STOPS: tuple[str, ...] = ("", "signals", "barrier")
"""What may hold up a vehicle at a point; who gives way follows from the classes of the roads."""

OPEN, CLOSED, ADDED = 0, 1, 2
"""State of an edge: as mapped, closed by a scenario, added by one."""

Int32 = NDArray[np.int32]
Int64 = NDArray[np.int64]
UInt8 = NDArray[np.uint8]
Float32 = NDArray[np.float32]


@dataclass(frozen=True, eq=False, kw_only=True)
class RoadWays:
    """
    What is known of each way, a row each; a way is one mapped line with one set of attributes.

    Parameters
    ----------
    way_id
        Identifier in the source: of OpenStreetMap, or the row of a layer of lines counted from 1.
    road_class, surface, smoothness, zone
        Positions in :data:`CLASSES`, :data:`SURFACES`, :data:`SMOOTHNESSES` and :data:`ZONES`.
    limit_forward, limit_backward
        Signed speed limit, km/h, along the line and against it; ``nan`` where none is mapped,
        ``inf`` where there is none.
    may_forward, may_backward
        Which of :data:`VEHICLES` may drive, as bits.
    max_weight_t, max_height_m
        Limits on vehicles, ``inf`` where there is none.
    crossing_min
        How long a ferry takes, minutes; ``nan`` for roads and where unknown.
    zone_country
        Country whose general limit the zone means, two letters as ``first * 256 + second``; 0 for
        the region's own.
    name
        Positions in the network's names; 0 is no name.
    """

    way_id: Int64
    road_class: UInt8
    surface: UInt8
    smoothness: UInt8
    zone: UInt8
    limit_forward: Float32
    limit_backward: Float32
    may_forward: UInt8
    may_backward: UInt8
    max_weight_t: Float32
    max_height_m: Float32
    crossing_min: Float32
    zone_country: NDArray[np.uint16]
    name: Int32

    def __len__(self) -> int:
        return len(self.way_id)

    def taken(self, at: NDArray[Any]) -> RoadWays:
        """Only these ways, in this order."""
        return RoadWays(**{f.name: getattr(self, f.name)[at] for f in fields(self)})

    def joined(self, others: RoadWays) -> RoadWays:
        """These ways, then others."""
        return RoadWays(
            **{
                f.name: np.concatenate((getattr(self, f.name), getattr(others, f.name)))
                for f in fields(self)
            }
        )


@dataclass(frozen=True, eq=False, kw_only=True)
class RoadLines:
    """
    Roads as a file tells them: lines through points that other lines may share.

    Parameters
    ----------
    ways
        What is known of each line.
    first
        Where the points of each line begin in ``points``, shape ``(n_ways + 1,)``.
    points
        Positions of points, line after line.
    lat, lon
        Of each point, 1e-7 degrees.
    stop, blocked
        What holds up vehicles at each point (:data:`STOPS`), and which it stops for good, as bits.
    names
        Names and numbers of roads; the first is empty.
    source
        Where they come from, a line for the reader.
    """

    ways: RoadWays
    first: Int64
    points: Int64
    lat: Int32
    lon: Int32
    stop: UInt8
    blocked: UInt8
    names: tuple[str, ...]
    source: str

    def within(self, south: float, north: float, west: float, east: float) -> RoadLines:
        """Only ways with a point inside these degrees; across the date line ``west > east``."""
        lat, lon = self.lat / UNITS_PER_DEGREE, self.lon / UNITS_PER_DEGREE
        is_inside = (lat >= south) & (lat <= north)
        if west <= east:
            is_inside &= (lon >= west) & (lon <= east)
        else:
            is_inside &= (lon >= west) | (lon <= east)
        if not len(self.ways):
            return self
        keeps = np.logical_or.reduceat(is_inside[self.points], self.first[:-1])
        counts = np.diff(self.first)
        points = self.points[np.repeat(keeps, counts)]
        used, renumbered = np.unique(points, return_inverse=True)
        return RoadLines(
            ways=self.ways.taken(np.flatnonzero(keeps)),
            first=np.concatenate(([0], np.cumsum(counts[keeps]))).astype(np.int64),
            points=renumbered.astype(np.int64),
            lat=self.lat[used],
            lon=self.lon[used],
            stop=self.stop[used],
            blocked=self.blocked[used],
            names=self.names,
            source=self.source,
        )

    def summary(self) -> str:
        """Say in a line how many roads there are."""
        return f"{len(self.ways):,} roads through {len(self.lat):,} points"


@dataclass(frozen=True, eq=False, kw_only=True)
class RoadNetwork:
    """
    Roads as a graph: edges between junctions, each with its shape.

    Arrays may be memory maps; nothing writes to them.

    Parameters
    ----------
    ways
        What is known of each way.
    node_lat, node_lon
        Of each junction, 1e-7 degrees, shape ``(n_nodes,)``.
    node_stop, node_blocked
        As ``stop`` and ``blocked`` of :class:`RoadLines`.
    edge_from, edge_to
        Junctions at both ends of each edge, shape ``(n_edges,)``; an edge stands once, whichever
        ways it may be driven.
    edge_state
        :data:`OPEN`, :data:`CLOSED` or :data:`ADDED`.
    edge_first
        Where the points of each edge begin, shape ``(n_edges + 1,)``; both ends are among them.
    point_lat, point_lon
        The shape of the edges, edge after edge, 1e-7 degrees.
    point_way
        For each point the way from it to the next point of its edge: its position in ``ways``
        where the edge runs along the way, ``-1 - position`` where it runs against it. The last
        point of an edge repeats the one before.
    point_height_m
        Height above the sea of each point, or an empty array where no heights are known.
    names
        Names and numbers of roads; the first is empty.
    source
        Where the roads come from, a line for the reader.
    """

    ways: RoadWays
    node_lat: Int32
    node_lon: Int32
    node_stop: UInt8
    node_blocked: UInt8
    edge_from: Int32
    edge_to: Int32
    edge_state: UInt8
    edge_first: Int64
    point_lat: Int32
    point_lon: Int32
    point_way: Int32
    point_height_m: Float32
    names: tuple[str, ...]
    source: str

    def __post_init__(self) -> None:
        n_edges, n_points = len(self.edge_from), len(self.point_lat)
        shapes = {
            "edge_to": n_edges,
            "edge_state": n_edges,
            "edge_first": n_edges + 1,
            "point_lon": n_points,
            "point_way": n_points,
            "node_lon": self.n_nodes,
            "node_stop": self.n_nodes,
            "node_blocked": self.n_nodes,
        }
        for name, n_expected in shapes.items():
            if len(getattr(self, name)) != n_expected:
                raise ParameterError(
                    f"{name} has {len(getattr(self, name))} entries; expected {n_expected}."
                )
        if len(self.point_height_m) not in (0, n_points):
            raise ParameterError(
                f"point_height_m has {len(self.point_height_m)} entries; "
                f"expected {n_points} or none."
            )

    @property
    def n_nodes(self) -> int:
        """How many junctions there are."""
        return len(self.node_lat)

    @property
    def n_edges(self) -> int:
        """How many edges there are."""
        return len(self.edge_from)

    def summary(self) -> str:
        """Say in a line how large the network is."""
        state = np.asarray(self.edge_state)
        told = [f"{int((state == CLOSED).sum()):,} closed"] if (state == CLOSED).any() else []
        told += [f"{int((state == ADDED).sum()):,} added"] if (state == ADDED).any() else []
        changes = f" ({', '.join(told)})" if told else ""
        return (
            f"{self.n_nodes:,} junctions, {self.n_edges:,} edges{changes} from "
            f"{len(self.ways):,} roads"
        )

    def road_name(self, way: int) -> str:
        """Name or number of a way, or an empty text."""
        return self.names[int(self.ways.name[way])]


def position_of(choices: Sequence[str], word: str) -> int:
    """Where a word stands among choices; ``KeyError`` when it does not."""
    try:
        return choices.index(word)
    except ValueError:
        raise KeyError(word) from None
