"""
Which shortcuts stand in for a node that is taken out of a graph.

For each way through the node a search from its beginning, around the node, looks for another that
is as fast. Where the search ends early a shortcut may be superfluous, but none is ever missing.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from comarca.compiled import compiled
from comarca.travel.roads.heap import drop_first, push
from comarca.travel.roads.links import BACK, THERE, Links

Int32 = NDArray[np.int32]
FloatArray = NDArray[np.float64]

_MOST_TOUCHED = 4_096


class Room(NamedTuple):
    """
    What a search writes on: ``node_min`` is ``inf`` between searches, ``is_goal`` is ``False``.
    """

    node_min: FloatArray
    is_goal: NDArray[np.bool_]
    touched: Int32
    heap: Int32
    heap_min: FloatArray


class Shortcuts(NamedTuple):
    """Shortcuts by position: from, to, minutes and kilometres."""

    start: Int32
    end: Int32
    minutes: FloatArray
    km: FloatArray


def room_for(n_nodes: int) -> Room:
    """Room for searches in a graph of so many nodes."""
    return Room(
        np.full(n_nodes, np.inf),
        np.zeros(n_nodes, np.bool_),
        np.empty(_MOST_TOUCHED, np.int32),
        np.empty(_MOST_TOUCHED, np.int32),
        np.empty(_MOST_TOUCHED),
    )


def shortcuts_for(n_most: int) -> Shortcuts:
    """Room for so many shortcuts."""
    return Shortcuts(
        np.empty(n_most, np.int32),
        np.empty(n_most, np.int32),
        np.empty(n_most),
        np.empty(n_most),
    )


@compiled
def find_shortcuts(
    links: Links, node: int, n_settled_most: int, room: Room, found: Shortcuts
) -> int:
    """
    Find what a node needs; tell how many.

    ``found`` must have room for a shortcut from each neighbour to each other one.
    """
    begin, end = links.begin[node], links.begin[node] + links.length[node]
    n_goals, n_found = 0, 0
    for out in range(begin, end):
        if links.value[out, THERE] < np.inf:
            room.is_goal[links.other[out]] = True
            n_goals += 1
    for into in range(begin, end):
        to_node, origin = links.value[into, BACK], links.other[into]
        longest = -1.0
        for out in range(begin, end):
            if out != into and links.value[out, THERE] < np.inf:
                longest = max(longest, links.value[out, THERE])
        if to_node == np.inf or longest < 0:
            continue
        left = n_goals - room.is_goal[origin]
        n_touched = _around(links, origin, node, left, to_node + longest, n_settled_most, room)
        for out in range(begin, end):
            through = to_node + links.value[out, THERE]
            if out != into and through < room.node_min[links.other[out]]:
                found.start[n_found], found.end[n_found] = origin, links.other[out]
                found.minutes[n_found] = through
                found.km[n_found] = links.value[into, BACK + 2] + links.value[out, THERE + 2]
                n_found += 1
        for nth in range(n_touched):
            room.node_min[room.touched[nth]] = np.inf
    for out in range(begin, end):
        room.is_goal[links.other[out]] = False
    return n_found


@compiled
def _around(
    links: Links,
    origin: int,
    without: int,
    n_goals: int,
    limit_min: float,
    n_settled_most: int,
    room: Room,
) -> int:
    """
    Search from a node, not through another, until so many goals besides it are settled; tell how
    many nodes were touched.
    """
    room.node_min[origin] = 0.0
    room.touched[0], n_touched = origin, 1
    size = push(room.heap, room.heap_min, 0, origin, 0.0)
    n_settled = 0
    while size > 0 and n_settled < n_settled_most:
        node, now = room.heap[0], room.heap_min[0]
        size = drop_first(room.heap, room.heap_min, size)
        if now > room.node_min[node]:
            continue
        n_settled += 1
        if room.is_goal[node] and node != origin:
            n_goals -= 1
            if n_goals == 0:
                break
        for slot in range(links.begin[node], links.begin[node] + links.length[node]):
            onward = links.other[slot]
            reached = now + links.value[slot, THERE]
            before = room.node_min[onward]
            # A full room ends the search early, as the number of settled nodes does.
            if (
                reached < before
                and reached <= limit_min
                and onward != without
                and size < len(room.heap)
                and n_touched < len(room.touched)
            ):
                if before == np.inf:
                    room.touched[n_touched] = onward
                    n_touched += 1
                room.node_min[onward] = reached
                size = push(room.heap, room.heap_min, size, onward, reached)
    return n_touched
