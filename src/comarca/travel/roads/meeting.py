"""
Many-to-many over a hierarchy: searches upward from both ends of trips meet at their highest node.

Each destination is searched from once, and leaves its minutes and kilometres at every node that it
reaches; each origin then picks up what it finds at the nodes it reaches.

References
----------
.. [1] Knopp, S., Sanders, P., Schultes, D., Schulz, F. and Wagner, D. (2007). Computing
       many-to-many shortest paths using highway hierarchies. ALENEX 2007, 36-45.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from comarca.compiled import compiled
from comarca.travel.roads.heap import drop_first, push
from comarca.travel.roads.hierarchy import Hierarchy
from comarca.travel.roads.links import BACK, THERE

Int32 = NDArray[np.int32]
Int64 = NDArray[np.int64]
FloatArray = NDArray[np.float64]

_LEFT_AT_ONCE = 1 << 17


class Climb(NamedTuple):
    """
    What an upward search writes on.

    Parameters
    ----------
    node_min, node_km
        By node; minutes are ``inf`` between searches.
    touched, heap, heap_min
        Nodes reached, and those still to climb from.
    """

    node_min: FloatArray
    node_km: FloatArray
    touched: Int32
    heap: Int32
    heap_min: FloatArray


class Left(NamedTuple):
    """
    What destinations left at nodes.

    Parameters
    ----------
    first
        Where what was left at each node, by rank, begins, shape ``(n_nodes + 1,)``.
    town
        Which destination left it.
    value
        Minutes and kilometres from the node to the destination, shape ``(n, 2)``.
    """

    first: Int64
    town: Int32
    value: FloatArray


def climb_in(hierarchy: Hierarchy) -> Climb:
    """Room for searches in a hierarchy."""
    n_nodes, n_arcs = len(hierarchy.rank), len(hierarchy.higher)
    return Climb(
        np.full(n_nodes, np.inf),
        np.zeros(n_nodes),
        np.empty(n_nodes, np.int32),
        np.empty(n_arcs + 2, np.int32),
        np.empty(n_arcs + 2),
    )


@compiled
def _climb(
    hierarchy: Hierarchy,
    nodes: Int32,
    minutes: FloatArray,
    km: FloatArray,
    up: int,
    limit_min: float,
    room: Climb,
) -> int:
    """
    Search upward from up to two nodes of the graph (-1: none), with arcs up or, for ways to them,
    down; tell how many nodes were reached. Those with a faster way over a higher node are left at
    ``-1`` kilometres: no fastest way meets there.
    """
    first, higher, value = hierarchy.first, hierarchy.higher, hierarchy.value
    size, n_touched = 0, 0
    for k in range(len(nodes)):
        if nodes[k] < 0 or not minutes[k] <= limit_min:
            continue
        node = hierarchy.rank[nodes[k]]
        if minutes[k] < room.node_min[node]:
            if room.node_min[node] == np.inf:
                room.touched[n_touched] = node
                n_touched += 1
            room.node_min[node], room.node_km[node] = minutes[k], km[k]
            size = push(room.heap, room.heap_min, size, node, minutes[k])
    while size > 0:
        node, now = room.heap[0], room.heap_min[0]
        size = drop_first(room.heap, room.heap_min, size)
        if now > room.node_min[node]:
            continue
        is_detour = False
        for arc in range(first[node], first[node + 1]):
            if room.node_min[higher[arc]] + value[arc, 1 - up] < now:
                is_detour = True
                break
        if is_detour:
            room.node_km[node] = -1.0
            continue
        now_km = room.node_km[node]
        for arc in range(first[node], first[node + 1]):
            onward = higher[arc]
            reached = now + value[arc, up]
            before = room.node_min[onward]
            if reached < before and reached <= limit_min:
                if before == np.inf:
                    room.touched[n_touched] = onward
                    n_touched += 1
                room.node_min[onward] = reached
                room.node_km[onward] = now_km + value[arc, up + 2]
                size = push(room.heap, room.heap_min, size, onward, reached)
    return n_touched


def leave_at_nodes(
    hierarchy: Hierarchy,
    entry_node: Int32,
    entry_min: FloatArray,
    entry_km: FloatArray,
    limit_min: float,
) -> Left:
    """
    Search from every destination.

    Parameters
    ----------
    hierarchy
        Over the graph.
    entry_node, entry_min, entry_km
        The two ways from the graph to each town (node -1: none), shape ``(n_towns, 2)``.
    limit_min
        Longest trip, minutes.
    """
    room, n_nodes = climb_in(hierarchy), len(hierarchy.rank)
    length = n_nodes + _LEFT_AT_ONCE
    node, town = np.empty(length, np.int32), np.empty(length, np.int32)
    value = np.empty((length, 2))
    parts, at = [], 0
    while at < len(entry_node):
        at, used = _leave(
            hierarchy, entry_node, entry_min, entry_km, limit_min, at, room, node, town, value
        )
        parts.append((node[:used].copy(), town[:used].copy(), value[:used].copy()))
    nodes, towns, values = (np.concatenate(told) for told in zip(*parts, strict=True))
    order = np.argsort(nodes, kind="stable")
    counts = np.bincount(nodes, minlength=n_nodes)
    first = np.concatenate((np.zeros(1, np.int64), np.cumsum(counts)))
    return Left(first, towns[order], values[order])


@compiled
def _leave(
    hierarchy: Hierarchy,
    entry_node: Int32,
    entry_min: FloatArray,
    entry_km: FloatArray,
    limit_min: float,
    start: int,
    room: Climb,
    node: Int32,
    town: Int32,
    value: FloatArray,
) -> tuple[int, int]:
    """Search from destinations as long as there is room; tell the next one, and the room used."""
    to, used = start, 0
    while to < len(entry_node) and used + len(room.node_min) <= len(node):
        n_touched = _climb(
            hierarchy, entry_node[to], entry_min[to], entry_km[to], BACK, limit_min, room
        )
        for nth in range(n_touched):
            at = room.touched[nth]
            if room.node_km[at] >= 0:
                node[used], town[used] = at, to
                value[used, 0], value[used, 1] = room.node_min[at], room.node_km[at]
                used += 1
            room.node_min[at] = np.inf
        to += 1
    return to, used


@compiled
def meet(
    hierarchy: Hierarchy,
    left: Left,
    exit_node: Int32,
    exit_min: FloatArray,
    exit_km: FloatArray,
    origins: Int64,
    limit_min: float,
    room: Climb,
    time_min: FloatArray,
    distance_km: FloatArray,
) -> None:
    """
    Fill rows of a matrix, one for each origin, as :func:`comarca.travel.roads.kernel.rows` does.
    """
    for row in range(len(origins)):
        origin = origins[row]
        n_touched = _climb(
            hierarchy,
            exit_node[origin],
            exit_min[origin],
            exit_km[origin],
            THERE,
            limit_min,
            room,
        )
        time_min[row], distance_km[row] = np.inf, np.inf
        for nth in range(n_touched):
            node = room.touched[nth]
            now, now_km = room.node_min[node], room.node_km[node]
            room.node_min[node] = np.inf
            if now_km < 0:
                continue
            for at in range(left.first[node], left.first[node + 1]):
                total = now + left.value[at, 0]
                town = left.town[at]
                if total < time_min[row, town] and total <= limit_min:
                    time_min[row, town] = total
                    distance_km[row, town] = now_km + left.value[at, 1]
