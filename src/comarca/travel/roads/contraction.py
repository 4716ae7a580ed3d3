"""
From lines to a graph: every point that merely bends a road is taken into an edge.

The contraction is exact. A point stays a junction when roads fork or end there, when something
holds vehicles up, or when what may be driven changes: then no way that could be driven is lost,
and none is gained. What an edge is made of is kept, point by point.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from comarca.compiled import compiled
from comarca.model.roads import CLASSES, OPEN, RoadLines, RoadNetwork, RoadWays

Int32 = NDArray[np.int32]
Int64 = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

_CELL_BITS = 16  # of each coordinate, for the order of junctions


@dataclass(frozen=True, eq=False, kw_only=True)
class _Segments:
    """Straight pieces of road between two points, in the order of the lines."""

    start: Int64
    end: Int64
    way: Int64


def build_network(lines: RoadLines) -> RoadNetwork:
    """
    Make the graph of roads.

    Parameters
    ----------
    lines
        Roads as a file tells them.

    Returns
    -------
    RoadNetwork
        The same roads; junctions lie in memory as they lie on the ground, neighbours near
        neighbours.
    """
    segments = _segments(lines)
    is_junction = _junctions(lines, segments)
    first, _, at = _incidence(segments, len(lines.lat))
    chain_first, pieces = follow_chains(segments.start, segments.end, first, at, is_junction)
    return _network(lines, segments, is_junction, chain_first, pieces)


def _segments(lines: RoadLines) -> _Segments:
    counts = np.diff(lines.first)
    way = np.repeat(np.arange(len(counts)), counts)[:-1]
    start, end = lines.points[:-1], lines.points[1:]
    is_piece = (np.diff(np.repeat(np.arange(len(counts)), counts)) == 0) & (start != end)
    return _Segments(start=start[is_piece], end=end[is_piece], way=way[is_piece])


def _incidence(segments: _Segments, n_points: int) -> tuple[Int64, Int64, Int64]:
    """For each point where its segments begin in a list, and that list: ends, and segments."""
    n_segments = len(segments.start)
    ends = np.concatenate((segments.start, segments.end))
    order = np.argsort(ends, kind="stable")
    first = np.concatenate(([0], np.cumsum(np.bincount(ends, minlength=n_points))))
    return first.astype(np.int64), order // n_segments, order % n_segments


def _junctions(lines: RoadLines, segments: _Segments) -> BoolArray:
    """Which points must stay; points no segment touches do not count."""
    n_points = len(lines.lat)
    first, side, at = _incidence(segments, n_points)
    degree = np.diff(first)
    is_junction = (degree > 0) & ((degree != 2) | (lines.stop > 0) | (lines.blocked > 0))
    bends = np.flatnonzero(degree == 2)
    one, other = first[bends], first[bends] + 1
    changes = _changes(lines.ways, segments, (at[one], side[one]), (at[other], side[other]))
    is_junction[bends[changes]] = True
    return np.asarray(is_junction, dtype=bool)


def _changes(
    ways: RoadWays, segments: _Segments, one: tuple[Int64, Int64], other: tuple[Int64, Int64]
) -> BoolArray:
    """Whether what may be driven differs between the two segments that meet at a point."""
    first, second = segments.way[one[0]], segments.way[other[0]]
    towards, onwards = _may(ways, first, one[1] == 1), _may(ways, second, other[1] == 0)
    back, backwards = _may(ways, first, one[1] == 0), _may(ways, second, other[1] == 1)
    differs = (towards != onwards) | (back != backwards)
    for values in (ways.max_weight_t, ways.max_height_m, _kind(ways)):
        differs |= values[first] != values[second]
    return np.asarray(differs, dtype=bool)


def _may(ways: RoadWays, way: Int64, is_along: BoolArray) -> NDArray[np.uint8]:
    return np.where(is_along, ways.may_forward[way], ways.may_backward[way])


def _kind(ways: RoadWays) -> NDArray[np.uint8]:
    """Road, track or ferry: what a study may treat altogether differently."""
    kind = np.zeros(len(CLASSES), dtype=np.uint8)
    kind[CLASSES.index("track")], kind[CLASSES.index("rough_track")] = 1, 1
    kind[CLASSES.index("ferry")] = 2
    return np.asarray(kind[ways.road_class], dtype=np.uint8)


@compiled
def follow_chains(
    start: Int64, end: Int64, first: Int64, at: Int64, is_junction: BoolArray
) -> tuple[Int64, Int64]:
    """
    Follow segments from junction to junction; a ring without a junction gets one.

    Returns where each chain begins, and its segments: ``-1 - segment`` where driven backwards.
    """
    n_segments = len(start)
    pieces = np.empty(n_segments, np.int64)
    chain_first = np.empty(n_segments + 1, np.int64)
    is_done = np.zeros(n_segments, np.bool_)
    n_pieces, n_chains = 0, 0
    for may_cut in range(2):
        for origin in range(len(first) - 1):
            if not is_junction[origin]:
                if may_cut == 0 or first[origin] == first[origin + 1] or is_done[at[first[origin]]]:
                    continue
                is_junction[origin] = True
            for k in range(first[origin], first[origin + 1]):
                segment, point = at[k], origin
                if is_done[segment]:
                    continue
                chain_first[n_chains] = n_pieces
                n_chains += 1
                while True:
                    is_done[segment] = True
                    if start[segment] == point:
                        pieces[n_pieces] = segment
                        point = end[segment]
                    else:
                        pieces[n_pieces] = -1 - segment
                        point = start[segment]
                    n_pieces += 1
                    if is_junction[point]:
                        break
                    one = at[first[point]]
                    segment = one if one != segment else at[first[point] + 1]
    chain_first[n_chains] = n_pieces
    return chain_first[: n_chains + 1].copy(), pieces[:n_pieces]


def _network(
    lines: RoadLines,
    segments: _Segments,
    is_junction: BoolArray,
    chain_first: Int64,
    pieces: Int64,
) -> RoadNetwork:
    is_along = pieces >= 0
    segment = np.where(is_along, pieces, -1 - pieces)
    leaves = np.where(is_along, segments.start[segment], segments.end[segment])
    enters = np.where(is_along, segments.end[segment], segments.start[segment])
    way = np.where(is_along, segments.way[segment], -1 - segments.way[segment])

    junctions = np.flatnonzero(is_junction)
    junctions = junctions[np.argsort(_cells(lines.lat[junctions], lines.lon[junctions]))]
    node_of = np.full(len(lines.lat), -1, dtype=np.int32)
    node_of[junctions] = np.arange(len(junctions), dtype=np.int32)

    order = np.argsort(node_of[leaves[chain_first[:-1]]], kind="stable")
    n_pieces = np.diff(chain_first)[order]
    edge_first = np.concatenate(([0], np.cumsum(n_pieces + 1))).astype(np.int64)
    taken = ragged(chain_first[:-1][order], n_pieces)
    is_last = np.zeros(edge_first[-1], dtype=bool)
    is_last[edge_first[1:] - 1] = True
    points = np.empty(edge_first[-1], dtype=np.int64)
    points[~is_last] = leaves[taken]
    points[is_last] = enters[chain_first[1:][order] - 1]
    point_way = np.empty(edge_first[-1], dtype=np.int32)
    point_way[~is_last] = way[taken]
    point_way[is_last] = way[chain_first[1:][order] - 1]
    return RoadNetwork(
        ways=lines.ways,
        node_lat=lines.lat[junctions],
        node_lon=lines.lon[junctions],
        node_stop=lines.stop[junctions],
        node_blocked=lines.blocked[junctions],
        edge_from=node_of[points[edge_first[:-1]]],
        edge_to=node_of[points[edge_first[1:] - 1]],
        edge_state=np.full(len(order), OPEN, dtype=np.uint8),
        edge_first=edge_first,
        point_lat=lines.lat[points],
        point_lon=lines.lon[points],
        point_way=point_way,
        point_height_m=np.empty(0, dtype=np.float32),
        names=lines.names,
        source=lines.source,
    )


def ragged(starts: NDArray[Any], counts: NDArray[Any]) -> Int64:
    """Positions from each start on, as many as its count, one start after another."""
    ends = np.cumsum(counts)
    total = int(ends[-1]) if len(ends) else 0
    shift = np.repeat(starts - (ends - counts), counts)
    return np.asarray(np.arange(total, dtype=np.int64) + shift, dtype=np.int64)


def _cells(lat: Int32, lon: Int32) -> NDArray[np.uint64]:
    """Number along a Z-shaped curve, on which neighbours on the ground mostly are neighbours."""
    curve = np.zeros(len(lat), dtype=np.uint64)
    for shift, values in enumerate((lat, lon)):
        low, high = (int(values.min()), int(values.max())) if len(values) else (0, 1)
        share = (values.astype(np.float64) - low) / max(high - low, 1)
        cell = (share * (2**_CELL_BITS - 1)).astype(np.uint64)
        for bit in range(_CELL_BITS):
            curve |= ((cell >> np.uint64(bit)) & np.uint64(1)) << np.uint64(2 * bit + shift)
    return curve
