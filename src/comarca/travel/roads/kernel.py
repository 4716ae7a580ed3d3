"""
Dijkstra's algorithm over a road graph, many origins at once, with kilometres along the way.

Compiled, since ``scipy.sparse.csgraph.dijkstra`` tells no second quantity along the fastest path
and clears the whole graph for each origin: with a time limit, most of a country is never touched.
It releases the interpreter, so that threads share one graph.

References
----------
.. [1] Dijkstra, E. W. (1959). A note on two problems in connexion with graphs. Numerische
       Mathematik 1, 269-271.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from comarca.compiled import compiled
from comarca.travel.roads.heap import drop_first, push

Int32 = NDArray[np.int32]
Int64 = NDArray[np.int64]
FloatArray = NDArray[np.float64]


@compiled
def _spread(
    first: Int64,
    head: Int32,
    arc_min: FloatArray,
    seed_node: Int32,
    seed_min: FloatArray,
    limit_min: float,
    is_goal: NDArray[np.bool_],
    n_goals: int,
    node_min: FloatArray,
    node_arc: Int32,
    heap: Int32,
    heap_min: FloatArray,
    touched: Int32,
) -> int:
    """
    Reach out from seeds until the limit, or until every goal is settled.

    ``node_min`` must be ``inf`` where no node was touched; ``node_arc`` gets the last arc of the
    way to each node, ``-1 - k`` for seed ``k``. A node is put on the heap whenever it is reached
    faster; what stands there with an older time is passed over. Returns how many nodes were
    touched.
    """
    size, n_touched = 0, 0
    for k in range(len(seed_node)):
        node, reached = seed_node[k], seed_min[k]
        if reached < node_min[node] and reached <= limit_min:
            if node_min[node] == np.inf:
                touched[n_touched] = node
                n_touched += 1
            node_min[node], node_arc[node] = reached, -1 - k
            size = push(heap, heap_min, size, node, reached)
    left = n_goals
    while size > 0:
        node, now = heap[0], heap_min[0]
        size = drop_first(heap, heap_min, size)
        if now > node_min[node]:
            continue
        if is_goal[node]:
            left -= 1
            if left == 0:
                break
        for arc in range(first[node], first[node + 1]):
            onward = head[arc]
            reached = now + arc_min[arc]
            before = node_min[onward]
            if reached < before and reached <= limit_min:
                if before == np.inf:
                    touched[n_touched] = onward
                    n_touched += 1
                node_min[onward], node_arc[onward] = reached, arc
                size = push(heap, heap_min, size, onward, reached)
    return n_touched


@compiled
def _km_to(
    node: int,
    tail: Int32,
    arc_km: FloatArray,
    seed_km: FloatArray,
    node_arc: Int32,
    node_km: FloatArray,
    stack: Int32,
) -> float:
    """Kilometres along the way that was found to a node; those to nodes on it are noted too."""
    depth = 0
    at = node
    while node_km[at] == np.inf:
        stack[depth] = at
        depth += 1
        if node_arc[at] < 0:
            break
        at = tail[node_arc[at]]
    while depth > 0:
        depth -= 1
        at = stack[depth]
        arc = node_arc[at]
        node_km[at] = seed_km[-1 - arc] if arc < 0 else node_km[tail[arc]] + arc_km[arc]
    km: float = node_km[node]
    return km


@compiled
def rows(
    first: Int64,
    head: Int32,
    tail: Int32,
    arc_min: FloatArray,
    arc_km: FloatArray,
    exit_node: Int32,
    exit_min: FloatArray,
    exit_km: FloatArray,
    entry_node: Int32,
    entry_min: FloatArray,
    entry_km: FloatArray,
    origins: Int64,
    limit_min: float,
    time_min: FloatArray,
    distance_km: FloatArray,
) -> int:
    """
    Fill rows of a matrix: from each origin to every destination, over the network.

    A town has two ways on to the network, and two off it (node -1: none); shapes ``(n_towns, 2)``.
    ``time_min`` and ``distance_km`` have a row for each origin. Tells how many nodes were touched.
    """
    n_nodes, n_touched_in_all = len(first) - 1, 0
    node_min = np.full(n_nodes, np.inf)
    node_km = np.full(n_nodes, np.inf)
    node_arc = np.empty(n_nodes, np.int32)
    # A node is put on the heap once for each arc into it, at most.
    heap = np.empty(max(len(head) + 2, n_nodes), np.int32)
    heap_min = np.empty(len(head) + 2, np.float64)
    touched = np.empty(n_nodes, np.int32)
    is_goal = np.zeros(n_nodes, np.bool_)
    n_goals = 0
    for town in range(len(entry_node)):
        for side in range(2):
            node = entry_node[town, side]
            if node >= 0 and not is_goal[node]:
                is_goal[node] = True
                n_goals += 1
    seed_node = np.empty(2, np.int32)
    seed_min = np.empty(2, np.float64)
    seed_km = np.empty(2, np.float64)
    for row in range(len(origins)):
        origin = origins[row]
        n_seeds = 0
        for side in range(2):
            if exit_node[origin, side] >= 0:
                seed_node[n_seeds] = exit_node[origin, side]
                seed_min[n_seeds] = exit_min[origin, side]
                seed_km[n_seeds] = exit_km[origin, side]
                n_seeds += 1
        n_touched = _spread(
            first,
            head,
            arc_min,
            seed_node[:n_seeds],
            seed_min,
            limit_min,
            is_goal,
            n_goals,
            node_min,
            node_arc,
            heap,
            heap_min,
            touched,
        )
        n_touched_in_all += n_touched
        for town in range(len(entry_node)):
            best, last = np.inf, -1
            for side in range(2):
                node = entry_node[town, side]
                if node >= 0 and node_min[node] + entry_min[town, side] < best:
                    best, last = node_min[node] + entry_min[town, side], side
            if best <= limit_min and last >= 0:
                node = entry_node[town, last]
                km = _km_to(node, tail, arc_km, seed_km, node_arc, node_km, heap)
                time_min[row, town], distance_km[row, town] = best, km + entry_km[town, last]
            else:
                time_min[row, town], distance_km[row, town] = np.inf, np.inf
        for k in range(n_touched):
            node_min[touched[k]] = np.inf
            node_km[touched[k]] = np.inf
    return n_touched_in_all


@compiled
def tree(
    first: Int64,
    head: Int32,
    tail: Int32,
    arc_min: FloatArray,
    arc_km: FloatArray,
    seed_node: Int32,
    seed_min: FloatArray,
    seed_km: FloatArray,
    limit_min: float,
) -> tuple[FloatArray, FloatArray, Int32]:
    """
    Everything within the limit of the seeds: minutes, kilometres and the last arc, by node.

    ``inf`` where a node is not reached; the last arc of seed ``k`` is ``-1 - k``.
    """
    n_nodes = len(first) - 1
    node_min = np.full(n_nodes, np.inf)
    node_km = np.full(n_nodes, np.inf)
    node_arc = np.zeros(n_nodes, np.int32)
    heap = np.empty(max(len(head) + len(seed_node), n_nodes), np.int32)
    touched = np.empty(n_nodes, np.int32)
    n_touched = _spread(
        first,
        head,
        arc_min,
        seed_node,
        seed_min,
        limit_min,
        np.zeros(n_nodes, np.bool_),
        0,
        node_min,
        node_arc,
        heap,
        np.empty(len(heap), np.float64),
        touched,
    )
    for k in range(n_touched):
        _km_to(touched[k], tail, arc_km, seed_km, node_arc, node_km, heap)
    return node_min, node_km, node_arc
