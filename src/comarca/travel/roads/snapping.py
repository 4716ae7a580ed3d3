"""
Where towns reach the road network, and what the way to it costs.

A town uses the nearest point of the nearest road it may drive, not the nearest junction. Between
both lies a rough track, slower than any road, whose minutes and kilometres count at both ends of a
trip. Roads nobody turns off from (motorways, ferries) and pieces of road without a connection (car
parks) are passed over.

A scenario moves no town: it stays at its road as mapped, even where that road is closed; it then
leaves along the closed road at the speed of a rough track. So a closed road never shortens a trip
and a new one never lengthens any.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from comarca.errors import ParameterError
from comarca.model.roads import ADDED, CLASSES, UNITS_PER_DEGREE, RoadLines
from comarca.travel.circle import Positions
from comarca.travel.roads.contraction import ragged
from comarca.travel.roads.graph import RoadGraph, partial_sums
from comarca.travel.roads.pace import vehicle_bit
from comarca.travel.sphere import Plane, unit_vectors
from comarca.units import EARTH_RADIUS_KM

Int32 = NDArray[np.int32]
Int64 = NDArray[np.int64]
FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

_SAMPLE_KM = 0.25
"""Longer pieces of road are sampled at least this often, so that the nearest one is found."""

_AT_JUNCTION_KM = 1e-6
_NO_TURNING_OFF = ("motorway", "motorway_link", "trunk_link", "ferry", "rough_track")
_KM_PER_UNIT = float(np.pi / 180 / UNITS_PER_DEGREE * EARTH_RADIUS_KM)


@dataclass(frozen=True, eq=False, kw_only=True)
class Anchors:
    """
    Where towns join the network, and how they get on and off it.

    Parameters
    ----------
    town_ids
        Towns in order.
    edge
        The edge each uses, -1 for none in reach, shape ``(n_towns,)``.
    point, share
        The piece of the edge (its first point) and how far along it, in [0, 1].
    lat, lon
        Of the place on the road, degrees; ``nan`` for none.
    straight_km
        From the town to the nearest road, as the crow flies; ``inf`` where none is known.
    gap_km, gap_min
        Of the rough track between town and road; ``inf`` for none.
    along_min
        From the edge's first point to the place, and from its last point back to it, minutes,
        shape ``(n_towns, 2)``; ``inf`` where that is not driven.
    along_km
        From the edge's first point to the place.
    exit_node, exit_min, exit_km
        From the town to both ends of its edge, rough track included, shape ``(n_towns, 2)``; node
        -1 where there is no such way.
    entry_node, entry_min, entry_km
        From both ends of its edge to the town.
    """

    town_ids: tuple[str, ...]
    edge: Int64
    point: Int64
    share: FloatArray
    lat: FloatArray
    lon: FloatArray
    straight_km: FloatArray
    gap_km: FloatArray
    gap_min: FloatArray
    along_min: FloatArray
    along_km: FloatArray
    exit_node: Int32
    exit_min: FloatArray
    exit_km: FloatArray
    entry_node: Int32
    entry_min: FloatArray
    entry_km: FloatArray

    @property
    def is_anchored(self) -> BoolArray:
        """Which towns have a road in reach."""
        return self.edge >= 0


def anchor_towns(towns: pd.DataFrame, graph: RoadGraph) -> Anchors:
    """
    Find where towns reach a network.

    Parameters
    ----------
    towns
        Index ``town_id`` (text), columns ``lat`` and ``lon`` (degrees, WGS 84).
    graph
        The network as a mode drives it.

    Returns
    -------
    Anchors

    Raises
    ------
    ParameterError
        When a coordinate is missing or out of range.
    """
    positions = Positions.of(towns)
    params = graph.params
    reach_km = params.bridge_km if params.bridges_gaps else params.snap_km
    usable = _usable_edges(graph)
    is_added = np.asarray(graph.network.edge_state == ADDED)
    found = _nearest(positions, graph, usable & ~is_added, reach_km)
    if is_added.any() and (found.edge < 0).any():
        # Only a town without a mapped road in reach takes a new one.
        found = found.filled(_nearest(positions, graph, usable & is_added, reach_km))
    return _anchors(positions, graph, found)


def near_towns(lines: RoadLines, towns: pd.DataFrame, margin_km: float) -> RoadLines:
    """
    Keep the roads around a region: those with a point in the box of its towns and a margin.

    Parameters
    ----------
    lines
        Roads, of a whole country perhaps.
    towns
        Index ``town_id``, columns ``lat`` and ``lon``.
    margin_km
        How far around the towns; ways between towns that lead farther out are lost.

    Raises
    ------
    ParameterError
        When no road is left: the towns lie elsewhere.
    """
    positions = Positions.of(towns)
    margin = margin_km / (np.pi / 180 * EARTH_RADIUS_KM)
    south, north = positions.lat.min() - margin, positions.lat.max() + margin
    wide = margin / max(np.cos(np.radians(min(max(-south, north), 89.0))), 0.02)
    # Counted from the middle, so that a region across the date line has a narrow box.
    middle = Plane.around(unit_vectors(positions.lat, positions.lon)).middle_lon
    away = (positions.lon - middle + 180) % 360 - 180
    west, east = away.min() - wide, away.max() + wide
    west, east = (-180.0, 180.0) if east - west >= 360 else (west + middle, east + middle)
    kept = lines.within(south, north, (west + 180) % 360 - 180, (east + 180) % 360 - 180)
    if not len(kept.ways):
        lat, lon = lines.lat / UNITS_PER_DEGREE, lines.lon / UNITS_PER_DEGREE
        raise ParameterError(
            f"No road lies within {margin_km:g} km of the towns: they lie between latitudes "
            f"{positions.lat.min():.2f} and {positions.lat.max():.2f} and around longitude "
            f"{middle:.2f}, the roads between {lat.min():.2f} and {lat.max():.2f} and between "
            f"{lon.min():.2f} and {lon.max():.2f}; expected roads of the same region."
        )
    return kept


@dataclass(frozen=True, eq=False)
class _Nearest:
    """The nearest point on a road of each town; edge -1 where none is in reach."""

    edge: Int64
    point: Int64
    share: FloatArray
    straight_km: FloatArray

    def filled(self, other: _Nearest) -> _Nearest:
        lacks = self.edge < 0
        return _Nearest(
            np.where(lacks, other.edge, self.edge),
            np.where(lacks, other.point, self.point),
            np.where(lacks, other.share, self.share),
            np.where(lacks, np.minimum(other.straight_km, self.straight_km), self.straight_km),
        )


def _usable_edges(graph: RoadGraph) -> BoolArray:
    """Edges a town may turn off from, in pieces of network long enough to lead anywhere."""
    network = graph.network
    way = network.point_way[network.edge_first[:-1]]
    road_class = network.ways.road_class[np.where(way >= 0, way, -1 - way)]
    passed_over = [CLASSES.index(name) for name in _NO_TURNING_OFF]
    drives = np.isfinite(graph.edge_min).any(axis=0)
    usable = drives & ~np.isin(road_class, passed_over)
    is_added = np.asarray(network.edge_state == ADDED)
    piece_of = graph.as_mapped.piece_of
    one, other = piece_of[network.edge_from], piece_of[network.edge_to]
    inside = (one == other) & drives & ~is_added
    piece_km = np.bincount(one[inside], weights=graph.edge_km[inside], minlength=piece_of.max() + 1)
    longest = max(piece_km.max(initial=0.0), 0.0)
    is_long = piece_km >= min(graph.params.least_piece_km, longest)
    return np.asarray(usable & (is_added | (inside & is_long[one])), dtype=bool)


def _nearest(towns: Positions, graph: RoadGraph, usable: BoolArray, reach_km: float) -> _Nearest:
    from scipy.spatial import cKDTree

    n_towns = len(towns.town_ids)
    nothing = _Nearest(
        np.full(n_towns, -1), np.full(n_towns, -1), np.zeros(n_towns), np.full(n_towns, np.inf)
    )
    point, share = _samples(graph, usable, towns, reach_km)
    if not len(point):
        return nothing
    at = unit_vectors(*_degrees(graph, point, share)) * EARTH_RADIUS_KM
    tree = cKDTree(at, balanced_tree=False, compact_nodes=False)
    own = unit_vectors(towns.lat, towns.lon) * EARTH_RADIUS_KM
    chord_km = np.asarray(tree.query(own)[0])
    near = np.flatnonzero(chord_km <= reach_km + _SAMPLE_KM)
    around = tree.query_ball_point(own[near], chord_km[near] + _SAMPLE_KM / 2 + 1e-6)
    counts = np.array([len(found) for found in around], dtype=np.int64)
    if not counts.sum():
        return _Nearest(nothing.edge, nothing.point, nothing.share, chord_km)
    candidate = np.concatenate([np.asarray(found, dtype=np.int64) for found in around])
    town = np.repeat(near, counts)
    pieces = point[candidate]
    gap_km, along = _projected(graph, towns, town, pieces)
    order = np.lexsort((pieces, gap_km, town))
    is_first = np.concatenate(([True], np.diff(town[order]) != 0))
    best = order[is_first]
    best = best[gap_km[best] <= reach_km]
    edge, piece = nothing.edge.copy(), nothing.point.copy()
    where, straight_km = nothing.share.copy(), chord_km.copy()
    of = town[best]
    edge[of] = np.searchsorted(graph.network.edge_first, pieces[best], side="right") - 1
    piece[of], where[of], straight_km[of] = pieces[best], along[best], gap_km[best]
    return _Nearest(edge, piece, where, straight_km)


def _samples(
    graph: RoadGraph, usable: BoolArray, towns: Positions, reach_km: float
) -> tuple[Int64, FloatArray]:
    """Points along usable roads near any town: the piece they lie on, and how far along."""
    network = graph.network
    edges = np.flatnonzero(usable)
    starts = network.edge_first[:-1][edges]
    point = ragged(starts, network.edge_first[1:][edges] - starts - 1)
    if not len(point):
        return point, np.empty(0)
    y = np.asarray(network.point_lat)
    x = np.asarray(network.point_lon)
    margin = (reach_km + 1) / (np.pi / 180 * EARTH_RADIUS_KM)
    # Town by town far apart would be a finer sieve; most networks are cut for their region anyway.
    south, north = towns.lat.min() - margin, towns.lat.max() + margin
    is_near = (y[point] >= south * UNITS_PER_DEGREE) | (y[point + 1] >= south * UNITS_PER_DEGREE)
    is_near &= (y[point] <= north * UNITS_PER_DEGREE) | (y[point + 1] <= north * UNITS_PER_DEGREE)
    point = point[is_near]
    step_y = (y[point + 1].astype(np.int64) - y[point]) * _KM_PER_UNIT
    step_x = (x[point + 1].astype(np.int64) - x[point]) * _KM_PER_UNIT
    step_x = step_x * np.cos(y[point] * (np.pi / 180 / UNITS_PER_DEGREE))
    n_samples = np.ceil(np.hypot(step_x, step_y) / _SAMPLE_KM).astype(np.int64)
    n_samples = np.maximum(n_samples, 1)
    nth = ragged(np.zeros(len(point), dtype=np.int64), n_samples)
    # In the middle of equal parts: half a part from any place on the piece at most.
    return np.repeat(point, n_samples), (nth + 0.5) / np.repeat(n_samples, n_samples)


def _degrees(graph: RoadGraph, point: Int64, share: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Latitude and longitude of places on pieces of road."""
    degrees = []
    for values in (graph.network.point_lat, graph.network.point_lon):
        start, end = values[point].astype(np.float64), values[point + 1].astype(np.float64)
        degrees.append((start + share * (end - start)) / UNITS_PER_DEGREE)
    return degrees[0], degrees[1]


def _projected(
    graph: RoadGraph, towns: Positions, town: Int64, point: Int64
) -> tuple[FloatArray, FloatArray]:
    """Distance from towns to pieces of road, km, and how far along them the nearest point is."""
    lat, lon = towns.lat[town], towns.lon[town]
    shrink = np.cos(np.radians(lat))
    ends = []
    for end in (point, point + 1):
        y = graph.network.point_lat[end] / UNITS_PER_DEGREE - lat
        x = (graph.network.point_lon[end] / UNITS_PER_DEGREE - lon + 180) % 360 - 180
        ends.append((x * shrink, y))
    (x, y), (to_x, to_y) = ends
    length2 = (to_x - x) ** 2 + (to_y - y) ** 2
    with np.errstate(invalid="ignore", divide="ignore"):
        share = -(x * (to_x - x) + y * (to_y - y)) / length2
    share = np.clip(np.nan_to_num(share), 0.0, 1.0)
    away = np.hypot(x + share * (to_x - x), y + share * (to_y - y))
    return away * (np.pi / 180 * EARTH_RADIUS_KM), share


def _anchors(towns: Positions, graph: RoadGraph, found: _Nearest) -> Anchors:
    network, params = graph.network, graph.params
    is_on = found.edge >= 0
    edge = np.where(is_on, found.edge, 0)
    gap_km = np.where(is_on, found.straight_km * params.rough_circuity, np.inf)
    gap_min = np.where(is_on, found.straight_km * params.rough_min_per_km, np.inf)
    pace, along = graph.pace, np.zeros((len(edge), 3))
    if is_on.any():
        along[is_on] = partial_sums(
            network.edge_first,
            network.point_lat,
            network.point_lon,
            network.point_way,
            network.point_height_m,
            pace,
            params.of_mode(graph.mode, "climb_factor"),
            found.edge[is_on],
            found.point[is_on],
            found.share[is_on],
        )
    total_km = graph.edge_km[edge]
    with np.errstate(invalid="ignore"):
        to_place = np.stack((along[:, 1], graph.edge_min[1, edge] - along[:, 2]), axis=1)
        from_place = np.stack((along[:, 2], graph.edge_min[0, edge] - along[:, 1]), axis=1)
    # One direction of a one-way road: neither its whole nor a part of it is driven.
    to_place[~np.isfinite(to_place)], from_place[~np.isfinite(from_place)] = np.inf, np.inf
    km = np.stack((along[:, 0], total_km - along[:, 0]), axis=1)
    # At a junction a town uses all its roads, even where its own is a one-way road that ends there.
    is_at_end = km < _AT_JUNCTION_KM
    to_place[is_at_end], from_place[is_at_end] = 0.0, 0.0
    # A closed road is left at the pace of a rough track, never faster than it was driven.
    least_min = np.where(graph.is_closed[edge][:, None], km * params.rough_min_per_km, 0.0)
    to_place, from_place = np.maximum(to_place, least_min), np.maximum(from_place, least_min)
    nodes = np.stack((network.edge_from[edge], network.edge_to[edge]), axis=1)
    lost = np.stack((graph.end_min[1, edge], graph.end_min[0, edge]), axis=1)
    waited = np.stack((graph.start_min[0, edge], graph.start_min[1, edge]), axis=1)
    passes = (network.node_blocked[nodes] & vehicle_bit(graph.mode, params)) == 0
    exit_min = gap_min[:, None] + from_place + lost
    entry_min = gap_min[:, None] + to_place + waited
    may_exit = is_on[:, None] & np.isfinite(exit_min)
    may_enter = is_on[:, None] & np.isfinite(entry_min) & passes
    lat, lon = np.full(len(edge), np.nan), np.full(len(edge), np.nan)
    if is_on.any():
        lat[is_on], lon[is_on] = _degrees(graph, found.point[is_on], found.share[is_on])
    return Anchors(
        town_ids=towns.town_ids,
        edge=found.edge,
        point=found.point,
        share=found.share,
        lat=lat,
        lon=lon,
        straight_km=found.straight_km,
        gap_km=gap_km,
        gap_min=gap_min,
        along_min=to_place,
        along_km=along[:, 0],
        exit_node=np.where(may_exit, nodes, -1).astype(np.int32),
        exit_min=exit_min,
        exit_km=gap_km[:, None] + km,
        entry_node=np.where(may_enter, nodes, -1).astype(np.int32),
        entry_min=entry_min,
        entry_km=gap_km[:, None] + km,
    )
