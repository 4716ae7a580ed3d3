"""
Neighbours of nodes in lists that grow and shrink, while nodes are taken out of a graph one by one.

Each pair of neighbours stands in both lists, with the fastest arc there and the fastest back. The
lists lie in one pool of fixed length; what does not fit any more is told, and a larger pool tried.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from comarca.compiled import compiled

Int32 = NDArray[np.int32]
Int64 = NDArray[np.int64]
FloatArray = NDArray[np.float64]

THERE, BACK = 0, 1
"""Columns of the minutes of a link; its kilometres stand two columns on."""
_LEAST_ROOM = 4


class Links(NamedTuple):
    """
    Lists of neighbours in one pool.

    Parameters
    ----------
    other
        The neighbour of each link.
    value
        Minutes there and back, kilometres there and back, shape ``(n, 4)``; ``inf`` minutes for no
        such arc.
    begin, length, room
        Where each node's list begins in the pool, its length, and how long it may grow there.
    used
        How much of the pool is taken, one number.
    """

    other: Int32
    value: FloatArray
    begin: Int64
    length: Int32
    room: Int32
    used: Int64


def links_for(first: Int64, head: Int32, n_more: int) -> Links:
    """Empty lists for the nodes of a graph, and room for so many links more than it has."""
    n_nodes = len(first) - 1
    degree = np.diff(first) + np.bincount(head, minlength=n_nodes)
    room = np.maximum(degree, _LEAST_ROOM).astype(np.int32)
    ends = np.cumsum(room, dtype=np.int64)
    used = int(ends[-1]) if n_nodes else 0
    return Links(
        np.empty(used + n_more, np.int32),
        np.empty((used + n_more, 4)),
        ends - room,
        np.zeros(n_nodes, np.int32),
        room,
        np.array([used]),
    )


@compiled
def link(links: Links, first: Int64, head: Int32, arc_min: FloatArray, arc_km: FloatArray) -> None:
    """Put the arcs of a graph into empty lists."""
    for node in range(len(first) - 1):
        for arc in range(first[node], first[node + 1]):
            if head[arc] != node:
                join(links, node, head[arc], arc_min[arc], arc_km[arc])


@compiled
def join(links: Links, start: int, end: int, minutes: float, km: float) -> bool:
    """Add an arc, or make it as fast as this; ``False`` when the pool is full."""
    for side in range(2):
        node, other = (start, end) if side == THERE else (end, start)
        slot = slot_of(links, node, other)
        if slot < 0:
            slot = _new_slot(links, node)
            if slot < 0:
                return False
            links.other[slot] = other
            links.value[slot, :2], links.value[slot, 2:] = np.inf, 0.0
        if minutes < links.value[slot, side]:
            links.value[slot, side], links.value[slot, side + 2] = minutes, km
    return True


@compiled
def slot_of(links: Links, node: int, other: int) -> int:
    """Where a neighbour stands in the pool, -1 for one that is none."""
    for slot in range(links.begin[node], links.begin[node] + links.length[node]):
        if links.other[slot] == other:
            return int(slot)
    return -1


@compiled
def _new_slot(links: Links, node: int) -> int:
    """A free place in a node's list, which moves where its room is full; -1 for none left."""
    begin, length = links.begin[node], links.length[node]
    if length == links.room[node]:
        room, start = 2 * links.room[node], links.used[0]
        if start + room > len(links.other):
            return -1
        for nth in range(length):
            links.other[start + nth] = links.other[begin + nth]
            for column in range(4):
                links.value[start + nth, column] = links.value[begin + nth, column]
        links.begin[node], links.room[node] = start, room
        links.used[0] = start + room
    links.length[node] += 1
    return int(links.begin[node] + length)


@compiled
def take_out(links: Links, node: int) -> None:
    """Strike a node from the lists of its neighbours; its own list stays."""
    for slot in range(links.begin[node], links.begin[node] + links.length[node]):
        other = links.other[slot]
        at = slot_of(links, other, node)
        links.length[other] -= 1
        last = links.begin[other] + links.length[other]
        links.other[at] = links.other[last]
        for column in range(4):
            links.value[at, column] = links.value[last, column]
