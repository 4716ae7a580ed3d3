"""
Which search fills the matrix: one from each origin, or a hierarchy that all of them climb.

A hierarchy takes as long to make as some hundred searches of the whole graph, whichever origins are
asked for; a search from an origin takes as long as the nodes it touches. A few searches tell how
many those are, so the choice is the same on every machine. Both tell the same times.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from comarca.travel.roads.core import Core
from comarca.travel.roads.hierarchy import hierarchy_of
from comarca.travel.roads.kernel import rows
from comarca.travel.roads.meeting import climb_in, leave_at_nodes, meet
from comarca.travel.roads.snapping import Anchors

FloatArray = NDArray[np.float64]
Int32 = NDArray[np.int32]
Int64 = NDArray[np.int64]

Rows = Callable[[Int64], tuple[FloatArray, FloatArray]]
"""Minutes and kilometres from origins (positions of towns) to every town, over the network."""

_TRIED = 4
_SEARCHES_A_HIERARCHY_TAKES = 200


def search_of(core: Core, anchors: Anchors, origins: Int64, limit_min: float) -> Rows:
    """
    Choose the search for these origins.

    Parameters
    ----------
    core
        The graph between the towns' junctions.
    anchors
        Where the towns join the network.
    origins
        Positions of the towns whose rows are asked for.
    limit_min
        Longest trip, minutes.
    """
    if len(origins) > _TRIED:
        tried = origins[:: max(len(origins) // _TRIED, 1)][:_TRIED]
        _, _, n_touched = _searched(core, anchors, tried, limit_min)
        searches = n_touched / _TRIED * len(origins) / max(len(core.first) - 1, 1)
        if searches > _SEARCHES_A_HIERARCHY_TAKES:
            return by_hierarchy(core, anchors, limit_min)
    return one_by_one(core, anchors, limit_min)


def one_by_one(core: Core, anchors: Anchors, limit_min: float) -> Rows:
    """Search from each origin by itself."""

    def searched(origins: Int64) -> tuple[FloatArray, FloatArray]:
        minutes, km, _ = _searched(core, anchors, origins, limit_min)
        return minutes, km

    return searched


def _searched(
    core: Core, anchors: Anchors, origins: Int64, limit_min: float
) -> tuple[FloatArray, FloatArray, int]:
    minutes, km = np.empty((2, len(origins), len(anchors.town_ids)))
    n_touched = rows(
        core.first,
        core.head,
        core.tail,
        core.arc_min,
        core.arc_km,
        _in_core(core, anchors.exit_node),
        anchors.exit_min,
        anchors.exit_km,
        _in_core(core, anchors.entry_node),
        anchors.entry_min,
        anchors.entry_km,
        origins.astype(np.int64),
        limit_min,
        minutes,
        km,
    )
    return minutes, km, n_touched


def by_hierarchy(core: Core, anchors: Anchors, limit_min: float) -> Rows:
    """Search upward from each destination once, then from each origin."""
    hierarchy = hierarchy_of(core.first, core.head, core.arc_min, core.arc_km)
    left = leave_at_nodes(
        hierarchy,
        _in_core(core, anchors.entry_node),
        anchors.entry_min,
        anchors.entry_km,
        limit_min,
    )
    exit_node = _in_core(core, anchors.exit_node)

    def met(origins: Int64) -> tuple[FloatArray, FloatArray]:
        minutes, km = np.empty((2, len(origins), len(anchors.town_ids)))
        meet(
            hierarchy,
            left,
            exit_node,
            anchors.exit_min,
            anchors.exit_km,
            origins.astype(np.int64),
            limit_min,
            climb_in(hierarchy),
            minutes,
            km,
        )
        return minutes, km

    return met


def _in_core(core: Core, nodes: Int32) -> Int32:
    return np.where(nodes >= 0, core.position[nodes], -1).astype(np.int32)
