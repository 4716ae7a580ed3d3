"""
A hierarchy over a graph: any fastest way climbs by it, then descends, and so is short to search.

Nodes are taken out one by one, those first that need few shortcuts, and shortcuts keep the times
between those that are left. A node's arcs then lead to nodes taken out later, higher ones. Of each
fastest way there is one of the same time that first climbs and then descends; times are exact but
for the order in which minutes are added up.

References
----------
.. [1] Geisberger, R., Sanders, P., Schultes, D. and Delling, D. (2008). Contraction hierarchies:
       faster and simpler hierarchical routing in road networks. WEA 2008, LNCS 5038, 319-333.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from comarca.compiled import compiled
from comarca.travel.roads.contraction import ragged
from comarca.travel.roads.heap import drop_first, push
from comarca.travel.roads.links import Links, join, link, links_for, take_out
from comarca.travel.roads.shortcuts import Room, Shortcuts, find_shortcuts, room_for, shortcuts_for

Int32 = NDArray[np.int32]
Int64 = NDArray[np.int64]
FloatArray = NDArray[np.float64]

_SETTLED_TO_WEIGH = 15
_SETTLED_TO_REPLACE = 100
"""Nodes that a search for another way may settle; fewer make more shortcuts than are needed."""
_WEIGHT_OF_SHORTCUTS = 2.0
_LINKS_MORE, _SHORTCUTS = 1_024, 65_536
"""Room to begin with, for links and for shortcuts of one node; more is made where it is needed."""


class Hierarchy(NamedTuple):
    """
    Arcs between nodes and higher ones.

    Parameters
    ----------
    rank
        Of each node of the graph, from 0 for the lowest.
    first
        Where the arcs of each node, by rank, begin, shape ``(n_nodes + 1,)``.
    higher
        Rank of the higher node of each arc.
    value
        Minutes up and down, kilometres up and down, shape ``(n_arcs, 4)``; ``inf`` minutes where
        there is no such arc.
    """

    rank: Int32
    first: Int64
    higher: Int32
    value: FloatArray


def hierarchy_of(first: Int64, head: Int32, arc_min: FloatArray, arc_km: FloatArray) -> Hierarchy:
    """
    Make a hierarchy over a graph.

    Parameters
    ----------
    first, head, arc_min, arc_km
        Arcs by the node they leave, as :class:`comarca.travel.roads.graph.RoadGraph` has them.
    """
    n_nodes = len(first) - 1
    n_more, n_shortcuts = 2 * len(head) + _LINKS_MORE, _SHORTCUTS
    while True:
        links = links_for(first, head, n_more)
        link(links, first, head, arc_min, arc_km)
        rank = np.full(n_nodes, -1, np.int32)
        if _take_out_all(links, rank, room_for(n_nodes), shortcuts_for(n_shortcuts)):
            return _by_rank(links, rank)
        n_more, n_shortcuts = 2 * n_more, 4 * n_shortcuts


@compiled
def _take_out_all(links: Links, rank: Int32, room: Room, found: Shortcuts) -> bool:
    """
    Rank all nodes, those lowest that need few shortcuts; their lists become their arcs upward.

    A node is weighed again when its turn comes, and waits if it has grown heavier than the next.
    ``False`` when the pool of links or that of shortcuts is too small.
    """
    n_nodes = len(rank)
    depth = np.zeros(n_nodes, np.int32)
    heap, heap_weight = np.empty(n_nodes, np.int32), np.empty(n_nodes, np.float64)
    size, n_out = 0, 0
    for node in range(n_nodes):
        lightest = -2.0 * _WEIGHT_OF_SHORTCUTS * links.length[node]
        size = push(heap, heap_weight, size, node, lightest)
    while size > 0:
        node = heap[0]
        size = drop_first(heap, heap_weight, size)
        degree = links.length[node]
        if degree * degree > len(found.start):
            return False
        n_found = find_shortcuts(links, node, _SETTLED_TO_WEIGH, room, found)
        weight = _WEIGHT_OF_SHORTCUTS * (n_found - 2.0 * degree) + depth[node]
        if size > 0 and weight > heap_weight[0]:
            size = push(heap, heap_weight, size, node, weight)
            continue
        n_found = find_shortcuts(links, node, _SETTLED_TO_REPLACE, room, found)
        take_out(links, node)
        for nth in range(n_found):
            if not join(links, found.start[nth], found.end[nth], found.minutes[nth], found.km[nth]):
                return False
        for slot in range(links.begin[node], links.begin[node] + degree):
            above = links.other[slot]
            depth[above] = max(depth[above], depth[node] + 1)
        rank[node] = n_out
        n_out += 1
    return True


def _by_rank(links: Links, rank: Int32) -> Hierarchy:
    """Put the arcs of nodes in the order of their ranks."""
    node_of = np.argsort(rank)
    counts = links.length[node_of].astype(np.int64)
    slots = ragged(links.begin[node_of], counts)
    return Hierarchy(
        rank,
        np.concatenate((np.zeros(1, np.int64), np.cumsum(counts))),
        rank[links.other[slots]],
        links.value[slots],
    )
