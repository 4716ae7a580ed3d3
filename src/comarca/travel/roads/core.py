"""
What is left of a graph when only ways between some of its nodes are asked for.

Dead ends without such a node lead nowhere, and a node between two neighbours only adds their times
up: both go, exactly, before thousands of searches pass over them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from comarca.compiled import compiled
from comarca.travel.roads.contraction import follow_chains
from comarca.travel.roads.graph import RoadGraph

Int32 = NDArray[np.int32]
Int64 = NDArray[np.int64]
FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, eq=False, kw_only=True)
class Core:
    """
    Arcs as in :class:`RoadGraph`, between the nodes that are left.

    Parameters
    ----------
    position
        Of each node of the whole graph in the core, -1 for one that is gone.
    first, head, tail, arc_min, arc_km
        Arcs by the node they leave.
    """

    position: Int32
    first: Int64
    head: Int32
    tail: Int32
    arc_min: FloatArray
    arc_km: FloatArray


@dataclass(frozen=True, eq=False)
class _Pairs:
    """Neighbours, each two once, with the fastest arc there and back (``inf``: none)."""

    start: Int64
    end: Int64
    minutes: FloatArray  # (2, n_pairs)
    km: FloatArray


def core_of(graph: RoadGraph, keep: NDArray[np.integer]) -> Core:
    """
    Leave out what no way between the nodes to keep can need.

    Parameters
    ----------
    graph
        The network as a mode drives it.
    keep
        Nodes that ways begin and end at.
    """
    is_kept = np.zeros(graph.n_nodes, dtype=bool)
    is_kept[keep] = True
    pairs = _pairs(graph)
    first, at = _incidence(pairs, graph.n_nodes)
    is_left = _without_dead_ends(pairs.start, pairs.end, first, at, is_kept)
    left = np.flatnonzero(is_left[pairs.start] & is_left[pairs.end])
    pairs = _Pairs(pairs.start[left], pairs.end[left], pairs.minutes[:, left], pairs.km[:, left])
    first, at = _incidence(pairs, graph.n_nodes)
    degree = np.diff(first)
    is_node = (degree > 0) & ((degree != 2) | is_kept)
    chain_first, chain = follow_chains(pairs.start, pairs.end, first, at, is_node.copy())
    return _compacted(graph.n_nodes, pairs, chain_first, chain, is_kept)


def _pairs(graph: RoadGraph) -> _Pairs:
    tail, head = graph.tail.astype(np.int64), graph.head.astype(np.int64)
    is_back = tail > head
    key = np.where(is_back, head, tail) * graph.n_nodes + np.where(is_back, tail, head)
    order = np.lexsort((graph.arc_min, is_back, key))
    is_fastest = np.concatenate(
        ([True], (np.diff(key[order]) != 0) | (np.diff(is_back[order].astype(np.int8)) != 0))
    )[: len(order)]
    taken = order[is_fastest]
    keys, nth = np.unique(key[taken], return_inverse=True)
    minutes, km = np.full((2, len(keys)), np.inf), np.zeros((2, len(keys)))
    side = is_back[taken].astype(np.intp)
    minutes[side, nth], km[side, nth] = graph.arc_min[taken], graph.arc_km[taken]
    return _Pairs(keys // graph.n_nodes, keys % graph.n_nodes, minutes, km)


def _incidence(pairs: _Pairs, n_nodes: int) -> tuple[Int64, Int64]:
    ends = np.concatenate((pairs.start, pairs.end))
    order = np.argsort(ends, kind="stable")
    first = np.concatenate(([0], np.cumsum(np.bincount(ends, minlength=n_nodes))))
    return first.astype(np.int64), order % max(len(pairs.start), 1)


@compiled
def _without_dead_ends(
    start: Int64, end: Int64, first: Int64, at: Int64, is_kept: BoolArray
) -> BoolArray:
    """Take away, one after another, nodes with a single neighbour that nobody asks for."""
    n_nodes = len(first) - 1
    is_left = np.ones(n_nodes, np.bool_)
    degree = np.empty(n_nodes, np.int64)
    for node in range(n_nodes):
        degree[node] = first[node + 1] - first[node]
    for origin in range(n_nodes):
        node = origin
        while is_left[node] and degree[node] <= 1 and not is_kept[node]:
            is_left[node] = False
            onward = -1
            for k in range(first[node], first[node + 1]):
                other = end[at[k]] if start[at[k]] == node else start[at[k]]
                if is_left[other]:
                    onward = other
            if onward < 0:
                break
            degree[onward] -= 1
            node = onward
    return is_left


def _compacted(
    n_nodes: int, pairs: _Pairs, chain_first: Int64, chain: Int64, is_kept: BoolArray
) -> Core:
    """Put the arcs of whole chains together; nodes keep their order, that of the ground."""
    is_along = chain >= 0
    pair = np.where(is_along, chain, -1 - chain)
    start = np.where(is_along, pairs.start[pair], pairs.end[pair])[chain_first[:-1]]
    end = np.where(is_along, pairs.end[pair], pairs.start[pair])[chain_first[1:] - 1]
    side = np.where(is_along, 0, 1)
    starts = chain_first[:-1]
    tails, heads, minutes, km = [], [], [], []
    for tail, head, row in ((start, end, side), (end, start, 1 - side)):
        chain_min = np.add.reduceat(pairs.minutes[row, pair], starts) if len(pair) else np.empty(0)
        chain_km = np.add.reduceat(pairs.km[row, pair], starts) if len(pair) else np.empty(0)
        drives = np.isfinite(chain_min) & (tail != head)
        tails.append(tail[drives])
        heads.append(head[drives])
        minutes.append(chain_min[drives])
        km.append(chain_km[drives])
    tail, head = np.concatenate(tails), np.concatenate(heads)
    is_used = is_kept.copy()
    is_used[tail], is_used[head] = True, True
    position = np.where(is_used, np.cumsum(is_used) - 1, -1).astype(np.int32)
    order = np.argsort(position[tail], kind="stable")
    counts = np.bincount(position[tail], minlength=int(is_used.sum()))
    return Core(
        position=position,
        first=np.concatenate(([0], np.cumsum(counts))).astype(np.int64),
        head=position[head[order]],
        tail=position[tail[order]],
        arc_min=np.concatenate(minutes)[order],
        arc_km=np.concatenate(km)[order],
    )
