"""
What a scenario does to roads: close some, add some. The network given is not changed.

A closed road is closed between two junctions. A new road joins the network at its ends, or at one
of them where it leads to a place without any road; it crosses other roads without meeting them, as
over a bridge. Nothing else moves: towns stay where
they join the roads as mapped.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, field_validator, model_validator

from comarca.errors import ParameterError
from comarca.model.parameters import Params, contradiction
from comarca.model.roads import (
    ADDED,
    CLASSES,
    CLOSED,
    EVERY_VEHICLE,
    SURFACES,
    UNITS_PER_DEGREE,
    RoadNetwork,
    RoadWays,
)
from comarca.travel.sphere import unit_vectors
from comarca.units import EARTH_RADIUS_KM

Int64 = NDArray[np.int64]

_KM_PER_UNIT = float(np.pi / 180 / UNITS_PER_DEGREE * EARTH_RADIUS_KM)
_AT_JUNCTION_KM = 0.02
_FOUND_WITHIN_KM = 0.5


class CloseRoad(Params):
    """
    Close a road to traffic: a way by its number, or the road nearest to a place.

    Parameters
    ----------
    way
        Number of the way (of OpenStreetMap, or the row of a layer of lines from 1).
    lat, lon
        A place within 500 m of the road, degrees; the road is closed between the junctions on
        either side.
    """

    way: int | None = None
    lat: float | None = Field(default=None, ge=-90, le=90)
    lon: float | None = Field(default=None, ge=-180, le=180)

    @model_validator(mode="after")
    def _one_or_the_other(self) -> CloseRoad:
        given = (self.way is not None, self.lat is not None, self.lon is not None)
        if given not in ((True, False, False), (False, True, True)):
            raise contradiction("way", f"{self.way}", "a way, or lat and lon, and not both")
        return self


class AddRoad(Params):
    """
    Add a road.

    Parameters
    ----------
    points
        Latitude and longitude of its points in order, degrees, at least two.
    road_class
        Its class, as OpenStreetMap names them.
    surface
        ``"paved"``, ``"gravel"`` or another group of surfaces.
    limit_km_per_h
        Speed limit, km/h; ``None`` for that of its class.
    one_way
        Whether it may be driven from the first point to the last only.
    join_km
        An end within so many km of another road joins it; one end at least must.
    name
        What people call it.
    """

    points: tuple[tuple[float, float], ...]
    road_class: str = "tertiary"
    surface: str = "paved"
    limit_km_per_h: float | None = Field(default=None, gt=0)
    one_way: bool = False
    join_km: float = Field(default=0.5, gt=0)
    name: str = ""

    @field_validator("road_class")
    @classmethod
    def _known_class(cls, given: str) -> str:
        if given not in CLASSES:
            raise contradiction("road_class", given, f"one of {', '.join(CLASSES)}")
        return given

    @field_validator("surface")
    @classmethod
    def _known_surface(cls, given: str) -> str:
        if given not in SURFACES:
            raise contradiction("surface", given, f"one of {', '.join(SURFACES)}")
        return given

    @field_validator("points")
    @classmethod
    def _on_the_globe(cls, given: tuple[tuple[float, float], ...]) -> Any:
        if len(given) < 2:
            raise contradiction("points", f"{len(given)} of them", "two places or more")
        for lat, lon in given:
            if not (abs(lat) <= 90 and abs(lon) <= 180):
                raise contradiction("points", f"{lat}, {lon}", "latitude, longitude in degrees")
        return given


def change_roads(network: RoadNetwork, changes: Sequence[CloseRoad | AddRoad]) -> RoadNetwork:
    """
    Apply changes in order.

    Parameters
    ----------
    network
        Roads as they are; left as they are.
    changes
        What to close and to add.

    Returns
    -------
    RoadNetwork
        Without changes, an equal network.

    Raises
    ------
    ParameterError
        When a way is not in the network, or no road lies near a place, or near either end.
    """
    for change in changes:
        network = (
            _closed(network, change) if isinstance(change, CloseRoad) else _added(network, change)
        )
    return network


def _closed(network: RoadNetwork, change: CloseRoad) -> RoadNetwork:
    if change.way is not None:
        of = np.flatnonzero(network.ways.way_id == change.way)
        if not len(of):
            raise ParameterError(f"Way {change.way} is not in the network; no road was closed.")
        way = np.where(network.point_way >= 0, network.point_way, -1 - network.point_way)
        edges = np.flatnonzero(np.logical_or.reduceat(np.isin(way, of), network.edge_first[:-1]))
    else:
        at = (float(change.lat or 0), float(change.lon or 0))
        place = _nearest(network, *at)
        if place.away_km > _FOUND_WITHIN_KM:
            raise _too_far(place, *at, "road", _FOUND_WITHIN_KM)
        edges = np.array([place.edge])
    state = np.array(network.edge_state)
    state[edges] = CLOSED
    return replace(network, edge_state=state)


@dataclass(frozen=True)
class Place:
    """
    A place on the road nearest to another.

    Parameters
    ----------
    edge, piece
        The edge, and its piece (the position of its first point).
    share
        How far along the piece, in [0, 1].
    away_km
        Straight distance to it.
    """

    edge: int
    piece: int
    share: float
    away_km: float


def _nearest(network: RoadNetwork, lat: float, lon: float) -> Place:
    """Find the place on a road nearest to another place."""
    y = np.asarray(network.point_lat, dtype=np.float64) - lat * UNITS_PER_DEGREE
    x = np.asarray(network.point_lon, dtype=np.float64) - lon * UNITS_PER_DEGREE
    x, y = x * np.cos(np.radians(lat)) * _KM_PER_UNIT, y * _KM_PER_UNIT
    dx, dy = np.diff(x), np.diff(y)
    length2 = dx**2 + dy**2
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.clip(np.nan_to_num(-(x[:-1] * dx + y[:-1] * dy) / length2), 0, 1)
    away = np.hypot(x[:-1] + share * dx, y[:-1] + share * dy)
    away[network.edge_first[1:-1] - 1] = np.inf  # from the end of one edge to the start of the next
    piece = int(np.argmin(away))
    edge = int(np.searchsorted(network.edge_first, piece, side="right")) - 1
    return Place(edge, piece, float(share[piece]), float(away[piece]))


def _too_far(place: Place, lat: float, lon: float, what: str, within_km: float) -> ParameterError:
    return ParameterError(
        f"No {what} within {within_km:g} km of {lat:.5f}, {lon:.5f}; the nearest is "
        f"{place.away_km:,.1f} km off."
    )


def _free_node(network: RoadNetwork, lat: float, lon: float) -> tuple[RoadNetwork, int]:
    """A junction of its own, where a new road ends."""
    return (
        replace(
            network,
            node_lat=np.append(network.node_lat, np.int32(round(lat * UNITS_PER_DEGREE))),
            node_lon=np.append(network.node_lon, np.int32(round(lon * UNITS_PER_DEGREE))),
            node_stop=np.append(network.node_stop, np.uint8(0)),
            node_blocked=np.append(network.node_blocked, np.uint8(0)),
        ),
        network.n_nodes,
    )


def _added(network: RoadNetwork, change: AddRoad) -> RoadNetwork:
    ends = (change.points[0], change.points[-1])
    places = [_nearest(network, *end) for end in ends]
    joins = [place.away_km <= change.join_km for place in places]
    if not any(joins):
        raise _too_far(places[0], *ends[0], "road to join", change.join_km)
    nodes = []
    for end, is_joined in zip(ends, joins, strict=True):
        # Looked for again: the first end may have split the road the second one joins.
        place = _nearest(network, *end)
        network, node = node_at(network, place) if is_joined else _free_node(network, *end)
        nodes.append(node)
    lat, lon = np.round(np.array(change.points) * UNITS_PER_DEGREE).astype(int).T.tolist()
    return add_edge(network, nodes[0], nodes[1], lat, lon, _way(network, change), change.name)


def _way(network: RoadNetwork, change: AddRoad) -> RoadWays:
    limit = np.nan if change.limit_km_per_h is None else change.limit_km_per_h
    return one_way_row(
        way_id=-1 - int(np.sum(network.ways.way_id < 0)),
        road_class=CLASSES.index(change.road_class),
        surface=SURFACES.index(change.surface),
        limit_forward=limit,
        limit_backward=limit,
        may_backward=0 if change.one_way else EVERY_VEHICLE,
    )


def one_way_row(**given: Any) -> RoadWays:
    """One way, open to every vehicle and without any limit but what is given."""
    plain = {
        "limit_forward": np.nan,
        "limit_backward": np.nan,
        "may_forward": EVERY_VEHICLE,
        "may_backward": EVERY_VEHICLE,
        "max_weight_t": np.inf,
        "max_height_m": np.inf,
        "crossing_min": np.nan,
    }
    kinds: dict[str, Any] = {"way_id": np.int64, "name": np.int32, "zone_country": np.uint16}
    kinds |= dict.fromkeys(
        ("limit_forward", "limit_backward", "max_weight_t", "max_height_m", "crossing_min"),
        np.float32,
    )
    values = {f.name: given.get(f.name, plain.get(f.name, 0)) for f in fields(RoadWays)}
    return RoadWays(
        **{
            name: np.array([value], dtype=kinds.get(name, np.uint8))
            for name, value in values.items()
        }
    )


def node_at(network: RoadNetwork, place: Place) -> tuple[RoadNetwork, int]:
    """
    Find the junction at a place on an edge, or make one there.

    Returns
    -------
    network, node
        The same network where the place lies within 20 m of a junction.
    """
    edge, piece, share = place.edge, place.piece, place.share
    first, last = int(network.edge_first[edge]), int(network.edge_first[edge + 1]) - 1
    lat, lon = _place(network, piece, share)
    for end, node in ((first, network.edge_from[edge]), (last, network.edge_to[edge])):
        if _apart_km(lat, lon, network.point_lat[end], network.point_lon[end]) <= _AT_JUNCTION_KM:
            return network, int(node)
    node = network.n_nodes
    at = piece + 1
    way = network.point_way[piece]
    heights = network.point_height_m
    if len(heights):
        height = heights[piece] + share * (heights[piece + 1] - heights[piece])
        heights = np.insert(heights, [at, at], height)
    return (
        replace(
            network,
            node_lat=np.append(network.node_lat, np.int32(lat)),
            node_lon=np.append(network.node_lon, np.int32(lon)),
            node_stop=np.append(network.node_stop, np.uint8(0)),
            node_blocked=np.append(network.node_blocked, np.uint8(0)),
            edge_from=np.insert(network.edge_from, edge + 1, node),
            edge_to=np.insert(network.edge_to, edge, node),
            edge_state=np.insert(network.edge_state, edge, network.edge_state[edge]),
            edge_first=np.insert(
                network.edge_first + 2 * (np.arange(network.n_edges + 1) > edge), edge + 1, at + 1
            ),
            point_lat=np.insert(network.point_lat, [at, at], lat),
            point_lon=np.insert(network.point_lon, [at, at], lon),
            point_way=np.insert(network.point_way, [at, at], way),
            point_height_m=heights,
        ),
        node,
    )


def add_edge(
    network: RoadNetwork,
    start: int,
    end: int,
    lat: Sequence[int],
    lon: Sequence[int],
    way: RoadWays,
    name: str = "",
) -> RoadNetwork:
    """Add a road from one junction to another through points, 1e-7 degrees."""
    names = network.names
    if name:
        names = (*names, name)
        way = replace(way, name=np.array([len(names) - 1], dtype=np.int32))
    y = np.array([network.node_lat[start], *lat, network.node_lat[end]], dtype=np.int32)
    x = np.array([network.node_lon[start], *lon, network.node_lon[end]], dtype=np.int32)
    heights = network.point_height_m
    if len(heights):
        low, high = _height_of(network, start), _height_of(network, end)
        # Nobody knows how high a free end lies: the new road is taken to be level.
        low, high = high if low is None else low, low if high is None else high
        way_along = np.concatenate(([0.0], np.cumsum(np.hypot(np.diff(y), np.diff(x)))))
        rising = (low or 0.0) + way_along / max(way_along[-1], 1.0) * ((high or 0.0) - (low or 0.0))
        heights = np.append(heights, rising.astype(np.float32))
    return replace(
        network,
        ways=network.ways.joined(way),
        edge_from=np.append(network.edge_from, np.int32(start)),
        edge_to=np.append(network.edge_to, np.int32(end)),
        edge_state=np.append(network.edge_state, np.uint8(ADDED)),
        edge_first=np.append(network.edge_first, network.edge_first[-1] + len(y)),
        point_lat=np.append(network.point_lat, y),
        point_lon=np.append(network.point_lon, x),
        point_way=np.append(network.point_way, np.full(len(y), len(network.ways), np.int32)),
        point_height_m=heights,
        names=names,
    )


def _height_of(network: RoadNetwork, node: int) -> float | None:
    starts = np.flatnonzero(network.edge_from == node)
    if len(starts):
        return float(network.point_height_m[network.edge_first[starts[0]]])
    ends = np.flatnonzero(network.edge_to == node)
    if not len(ends):
        return None
    return float(network.point_height_m[network.edge_first[ends[0] + 1] - 1])


def _place(network: RoadNetwork, piece: int, share: float) -> tuple[int, int]:
    place = []
    for values in (network.point_lat, network.point_lon):
        start, end = int(values[piece]), int(values[piece + 1])
        place.append(round(start + share * (end - start)))
    return place[0], place[1]


def _apart_km(lat: int, lon: int, to_lat: Any, to_lon: Any) -> float:
    one, other = (
        unit_vectors(np.array([y]) / UNITS_PER_DEGREE, np.array([x]) / UNITS_PER_DEGREE)
        for y, x in ((lat, lon), (to_lat, to_lon))
    )
    return float(np.linalg.norm(one - other) * EARTH_RADIUS_KM)
