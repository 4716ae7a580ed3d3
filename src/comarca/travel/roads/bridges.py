"""
Rough tracks over the gaps between pieces of a network, where a study asks for them.

Pieces that towns use are joined at their nearest points, the shortest gap first, until none is left
within the longest gap allowed: a tree, so that no gap is bridged for nothing.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from comarca.model.roads import CLASSES, UNITS_PER_DEGREE, RoadNetwork
from comarca.travel.roads.edits import add_edge, one_way_row
from comarca.travel.roads.graph import RoadGraph, road_graph
from comarca.travel.roads.snapping import anchor_towns
from comarca.travel.sphere import unit_vectors
from comarca.units import EARTH_RADIUS_KM


def bridge_gaps(graph: RoadGraph, towns: pd.DataFrame) -> RoadGraph:
    """
    Join the pieces of a network that towns use.

    Parameters
    ----------
    graph
        The network as a mode drives it; its parameters tell the longest gap and the speed.
    towns
        Index ``town_id`` (text), columns ``lat`` and ``lon``.

    Returns
    -------
    RoadGraph
        With a rough track over each gap; its junctions keep their numbers.
    """
    anchors = anchor_towns(towns, graph)
    nodes = np.concatenate((anchors.exit_node, anchors.entry_node), axis=None)
    used = np.unique(graph.piece_of[nodes[nodes >= 0]])
    network = graph.network
    for one, other in _gaps(graph, used, graph.params.bridge_km):
        network = _bridged(network, one, other)
    if network is graph.network:
        return graph
    speeds = {**graph.params.speed_km_per_h, "rough_track": _speed(graph)}
    params = graph.params.model_copy(update={"speed_km_per_h": speeds})
    return road_graph(network, graph.mode, params)


def _speed(graph: RoadGraph) -> float:
    """Straight kilometres of rough track an hour, whatever the mode's own factor."""
    factor = graph.params.of_mode(graph.mode, "speed_factor") / graph.params.peak_factor
    return 60.0 / graph.params.rough_min_per_km / factor


def _gaps(graph: RoadGraph, pieces: NDArray[np.int32], longest_km: float) -> list[tuple[int, int]]:
    """Junctions to join, in a least tree over the pieces."""
    from scipy.spatial import cKDTree

    network = graph.network
    at = unit_vectors(
        np.asarray(network.node_lat) / UNITS_PER_DEGREE,
        np.asarray(network.node_lon) / UNITS_PER_DEGREE,
    )
    members = [np.flatnonzero(graph.piece_of == piece) for piece in pieces]
    trees = [cKDTree(at[nodes]) for nodes in members]
    found: list[tuple[float, int, int, int, int]] = []
    for one in range(len(pieces)):
        for other in range(one + 1, len(pieces)):
            small, large = sorted((one, other), key=lambda nth: len(members[nth]))
            apart, which = map(np.asarray, trees[large].query(at[members[small]]))
            nth = int(np.argmin(apart))
            km = float(apart[nth]) * EARTH_RADIUS_KM
            if km <= longest_km:
                start, end = int(members[small][nth]), int(members[large][which[nth]])
                found.append((km, one, other, start, end))
    group = list(range(len(pieces)))
    chosen = []
    for _, one, other, *nodes in sorted(found):
        if group[one] != group[other]:
            chosen.append((nodes[0], nodes[1]))
            group = [group[one] if g == group[other] else g for g in group]
    return chosen


def _bridged(network: RoadNetwork, start: int, end: int) -> RoadNetwork:
    way = one_way_row(way_id=0, road_class=CLASSES.index("rough_track"))
    return add_edge(network, start, end, [], [], way, "rough track over a gap")
