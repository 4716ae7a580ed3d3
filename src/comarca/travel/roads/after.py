"""
The matrix after a scenario has closed or added roads, from the matrix before it.

A trip is measured again only where its fastest way may have used a closed road: where the way to
the road, the road, and the way on take no longer than the trip did. A new road is entered at its
first junction: a trip gains by it when the way to that junction and on from it is faster.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from comarca.model.matrices import TravelMatrix
from comarca.model.roads import ADDED
from comarca.travel.roads.graph import RoadGraph
from comarca.travel.roads.kernel import tree
from comarca.travel.roads.matrix import RoadTravel, blocks, travel_pieces
from comarca.travel.roads.snapping import Anchors, anchor_towns

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

_SLACK_MIN = 1e-3
"""Single precision of the matrix before: what may be equal is measured again."""


@dataclass(frozen=True, eq=False, kw_only=True)
class ChangedTravel:
    """
    A matrix after changes.

    Parameters
    ----------
    travel
        Times and distances after them.
    n_measured
        How many towns' rows were measured again.
    """

    travel: RoadTravel
    n_measured: int

    def summary(self) -> str:
        """Say what it took, and what came of it."""
        n_towns = len(self.travel.matrix.town_ids)
        return f"{self.n_measured:,} of {n_towns:,} rows measured again\n{self.travel.summary()}"


def travel_after(
    before: RoadTravel,
    graph: RoadGraph,
    towns: pd.DataFrame,
    *,
    access_min: float = 0.0,
    workers: int | None = None,
) -> ChangedTravel:
    """
    Measure what changes.

    Parameters
    ----------
    before
        Travel over the roads as they were, of the same towns, mode and parameters.
    graph
        The changed network (:func:`comarca.travel.roads.change_roads`) as the mode drives it.
    towns, access_min, workers
        As for :func:`comarca.travel.roads.travel_by_roads`.

    Returns
    -------
    ChangedTravel
        Equal to what :func:`comarca.travel.roads.travel_by_roads` tells of the changed network, but
        for what single precision leaves open.
    """
    anchors = anchor_towns(towns, graph)
    minutes = before.matrix.time_min.astype(np.float64)
    km = before.matrix.distance_km.astype(np.float64)
    again = _to_measure(before, graph, anchors, access_min)
    rows = np.flatnonzero(again)
    for origins, new_min, new_km in blocks(
        graph, anchors, origins=rows, access_min=access_min, workers=workers
    ):
        minutes[origins], km[origins] = new_min, new_km
    kept = np.flatnonzero(~again)
    for node in _new_ends(graph):
        _through(graph, anchors, node, kept, access_min, minutes, km)
    piece, main_piece = travel_pieces(graph, anchors)
    matrix = TravelMatrix(
        before.matrix.town_ids,
        graph.mode,
        minutes.astype(np.float32),
        km.astype(np.float32),
        "roads",
    )
    changed = replace(before, matrix=matrix, anchors=anchors, piece=piece, main_piece=main_piece)
    return ChangedTravel(travel=changed, n_measured=len(rows))


def _to_measure(
    before: RoadTravel, graph: RoadGraph, anchors: Anchors, access_min: float
) -> BoolArray:
    """Towns whose rows may have changed by more than a new road can tell."""
    is_closed = graph.is_closed
    on_closed = anchors.is_anchored & is_closed[np.maximum(anchors.edge, 0)]
    newly = anchors.is_anchored & ~before.anchors.is_anchored
    if on_closed.any() or newly.any():
        # Ways to these towns change for everybody, whichever way they take.
        return np.ones(len(anchors.edge), dtype=bool)
    if not is_closed.any():
        return np.zeros(len(anchors.edge), dtype=bool)
    was = graph.as_mapped  # never slower than it was; towns join it where they join the new one
    again = np.zeros(len(anchors.edge), dtype=bool)
    told = before.matrix.time_min.astype(np.float64)
    for edge in np.flatnonzero(is_closed):
        ends = (int(graph.network.edge_from[edge]), int(graph.network.edge_to[edge]))
        for row, (start, end) in enumerate((ends, ends[::-1])):
            took = was.start_min[row, edge] + was.edge_min[row, edge]
            took += was.end_min[row, edge] + access_min
            if np.isfinite(took):
                there, _ = _to_node(was, anchors, start)
                onward, _ = _from_node(was, anchors, end)
                used = there[:, None] + took + onward[None, :] <= told + _SLACK_MIN
                again |= (used & np.isfinite(told)).any(axis=1)
    return again


def _new_ends(graph: RoadGraph) -> NDArray[np.int32]:
    """A junction of every new road; whoever drives along it passes there."""
    return np.unique(graph.network.edge_from[graph.network.edge_state == ADDED])


def _to_node(graph: RoadGraph, anchors: Anchors, node: int) -> tuple[FloatArray, FloatArray]:
    """Minutes and kilometres from every town to a junction."""
    return _ways_of(graph.backwards, node, anchors.exit_node, anchors.exit_min, anchors.exit_km)


def _from_node(graph: RoadGraph, anchors: Anchors, node: int) -> tuple[FloatArray, FloatArray]:
    """Minutes and kilometres from a junction to every town."""
    return _ways_of(graph, node, anchors.entry_node, anchors.entry_min, anchors.entry_km)


def _ways_of(
    graph: RoadGraph, node: int, nodes: NDArray[np.int32], leg_min: FloatArray, leg_km: FloatArray
) -> tuple[FloatArray, FloatArray]:
    seed = np.array([node], dtype=np.int32)
    node_min, node_km, _ = tree(
        graph.first,
        graph.head,
        graph.tail,
        graph.arc_min,
        graph.arc_km,
        seed,
        np.zeros(1),
        np.zeros(1),
        np.inf,
    )
    total_min = np.where(nodes >= 0, node_min[nodes] + leg_min, np.inf)
    side = np.argmin(total_min, axis=1)
    at = np.arange(len(nodes))
    return total_min[at, side], np.where(nodes >= 0, node_km[nodes] + leg_km, np.inf)[at, side]


def _through(
    graph: RoadGraph,
    anchors: Anchors,
    node: int,
    rows: NDArray[np.int64],
    access_min: float,
    minutes: FloatArray,
    km: FloatArray,
) -> None:
    """Take the way through a junction where it is faster."""
    there, there_km = _to_node(graph, anchors, int(node))
    onward, onward_km = _from_node(graph, anchors, int(node))
    limit = graph.params.limit_min
    for row in rows:
        through = there[row] + onward + access_min
        gains = through < minutes[row]
        if limit is not None:
            gains &= through <= limit
        gains[row] = False
        minutes[row, gains] = through[gains]
        km[row, gains] = there_km[row] + onward_km[gains]
