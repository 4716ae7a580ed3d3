"""The matrix over contracted roads is that of scipy's Dijkstra over every mapped point."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from comarca.io import read_osm_roads
from comarca.model.roads import RoadLines, RoadNetwork
from comarca.travel.roads import RoadParams, anchor_towns, build_network, road_graph
from comarca.travel.roads.matrix import blocks
from comarca.travel.roads.pace import pace_min_per_km, vehicle_bit
from comarca.units import EARTH_RADIUS_KM

FREE = RoadParams(give_way_min=0, signal_min=0, barrier_min=0, least_piece_km=0)


def every_point(lines: RoadLines, mode) -> tuple[csr_array, np.ndarray]:
    """Arcs between mapped points, the fastest of several; and their kilometres."""
    pace = pace_min_per_km(lines.ways, mode, FREE)
    blocked = (lines.blocked & vehicle_bit(mode, FREE)) > 0
    minutes: dict[tuple[int, int], float] = {}
    for way in range(len(lines.ways)):
        at = lines.points[lines.first[way] : lines.first[way + 1]]
        lat, lon = np.radians(lines.lat[at] / 1e7), np.radians(lines.lon[at] / 1e7)
        half = np.sin(np.diff(lat) / 2) ** 2
        half += np.cos(lat[:-1]) * np.cos(lat[1:]) * np.sin(np.diff(lon) / 2) ** 2
        km = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(half))
        for row, (tails, heads) in enumerate(((at[:-1], at[1:]), (at[1:], at[:-1]))):
            for tail, head, length in zip(tails.tolist(), heads.tolist(), km, strict=True):
                took = length * pace[row, way]
                if np.isfinite(took) and tail != head and not blocked[tail]:
                    pair = (tail, head)
                    minutes[pair] = min(minutes.get(pair, np.inf), took)
    pairs = np.array(list(minutes))
    values = np.array(list(minutes.values()))
    n_points = len(lines.lat)
    return csr_array((values, (pairs[:, 0], pairs[:, 1])), shape=(n_points, n_points)), blocked


def matrix(network: RoadNetwork, places: pd.DataFrame, mode) -> np.ndarray:
    graph = road_graph(network, mode, FREE)
    anchors = anchor_towns(places, graph)
    assert anchors.straight_km.max() < 1e-6
    return np.concatenate([minutes for _, minutes, _ in blocks(graph, anchors, workers=1)])


@pytest.mark.parametrize("mode", ["car", "truck", "bus"])
def test_liechtenstein_is_that_of_every_point(shared_dir, mode):
    lines = read_osm_roads(shared_dir / "data" / "roads" / "liechtenstein_2021.osm.pbf")
    graph, blocked = every_point(lines, mode)
    drives = np.diff(graph.indptr) > 0
    at = np.random.default_rng(2).choice(np.flatnonzero(drives & ~blocked), 300, replace=False)
    places = pd.DataFrame({"lat": lines.lat[at] / 1e7, "lon": lines.lon[at] / 1e7})
    places.index = pd.Index([f"t{n}" for n in range(len(at))])
    # No town turns off from a motorway or its links: those few points are no places.
    on_road = anchor_towns(places, road_graph(build_network(lines), mode, FREE)).straight_km < 1e-6
    at, places = at[on_road], places[on_road]
    assert len(at) > 280

    expected = dijkstra(graph, indices=at)[:, at]
    found = matrix(build_network(lines), places, mode)

    assert np.isfinite(expected).mean() > 0.5
    np.testing.assert_array_equal(np.isfinite(found), np.isfinite(expected))
    both = np.isfinite(expected)
    np.testing.assert_allclose(found[both], expected[both], rtol=1e-6, atol=1e-6)
