"""
How long road networks and matrices take, beside scipy's Dijkstra on the uncontracted graph.

The synthetic country is a jittered lattice of roads of four classes with missing links, dead ends
and bends: at full size a million points and two and a half million arcs between them, a third of
the points junctions. With a folder of reference data in COMARCA_SHARED it measures Liechtenstein
too. ``--smoke`` or COMARCA_BENCH_SMOKE=1 runs the smallest once.
"""

import argparse
import os
import resource
import statistics
import time
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from comarca.model.roads import CLASSES, EVERY_VEHICLE, RoadLines, RoadNetwork, RoadWays
from comarca.travel.roads import RoadParams, anchor_towns, build_network, road_graph
from comarca.travel.roads.matrix import blocks

SPACING_KM = 0.4
BENDS = 0.874  # per road, so that 2.5 arcs come on each point
KEPT = 0.802  # of the lattice's links: 3.2 roads at a junction
UNITS_PER_KM = 1e7 / 111.195


def country(n_points: int, seed: int = 5) -> RoadLines:
    """A country of about so many points, around 50° north."""
    side = round((n_points / 2.4) ** 0.5)
    random = np.random.default_rng(seed)
    at = np.arange(side * side)
    row, column = at // side, at % side
    across, up = at[column < side - 1], at[row < side - 1]
    start, end = np.concatenate((across, up)), np.concatenate((across + 1, up + side))
    line = np.concatenate((row[across], column[up]))
    road_class = np.where(
        line % 40 == 0,
        CLASSES.index("primary"),
        np.where(
            line % 10 == 0,
            CLASSES.index("secondary"),
            np.where(line % 3 == 0, CLASSES.index("unclassified"), CLASSES.index("residential")),
        ),
    )
    kept = (random.random(len(start)) < KEPT) | (line % 40 == 0)
    start, end, road_class = start[kept], end[kept], road_class[kept]
    n_bends = random.poisson(BENDS, len(start))
    y = row * SPACING_KM + random.uniform(-0.1, 0.1, len(at))
    x = column * SPACING_KM + random.uniform(-0.1, 0.1, len(at))
    first = np.concatenate(([0], np.cumsum(n_bends + 2)))
    points = np.empty(first[-1], dtype=np.int64)
    points[first[:-1]], points[first[1:] - 1] = start, end
    is_bend = np.ones(first[-1], dtype=bool)
    is_bend[first[:-1]], is_bend[first[1:] - 1] = False, False
    points[is_bend] = len(at) + np.arange(n_bends.sum())
    road = np.repeat(np.arange(len(start)), n_bends)
    nth = np.flatnonzero(is_bend) - first[road]
    share = nth / (n_bends[road] + 1)
    y = np.concatenate((y, y[start[road]] + share * (y[end[road]] - y[start[road]])))
    x = np.concatenate((x, x[start[road]] + share * (x[end[road]] - x[start[road]])))
    y[len(at) :] += random.uniform(-0.03, 0.03, len(road))
    n_ways = len(start)
    return RoadLines(
        ways=ways(n_ways, road_class, random),
        first=first,
        points=points,
        lat=(50e7 + y * UNITS_PER_KM).astype(np.int32),
        lon=(10e7 + x * UNITS_PER_KM / np.cos(np.radians(51))).astype(np.int32),
        stop=np.zeros(len(y), dtype=np.uint8),
        blocked=np.zeros(len(y), dtype=np.uint8),
        names=("",),
        source="synthetic",
    )


def ways(n_ways: int, road_class: np.ndarray, random: np.random.Generator) -> RoadWays:
    every = np.full(n_ways, EVERY_VEHICLE, dtype=np.uint8)
    one_way = random.random(n_ways) < 0.03
    nothing = np.zeros(n_ways, dtype=np.uint8)
    return RoadWays(
        way_id=np.arange(1, n_ways + 1),
        road_class=road_class.astype(np.uint8),
        surface=nothing,
        smoothness=nothing,
        zone=nothing,
        limit_forward=np.full(n_ways, np.nan, dtype=np.float32),
        limit_backward=np.full(n_ways, np.nan, dtype=np.float32),
        may_forward=every,
        may_backward=np.where(one_way, 0, every).astype(np.uint8),
        max_weight_t=np.full(n_ways, np.inf, dtype=np.float32),
        max_height_m=np.full(n_ways, np.inf, dtype=np.float32),
        crossing_min=np.full(n_ways, np.nan, dtype=np.float32),
        zone_country=np.zeros(n_ways, dtype=np.uint16),
        name=np.zeros(n_ways, dtype=np.int32),
    )


def towns(lines: RoadLines, n_towns: int, seed: int = 11) -> pd.DataFrame:
    """Towns at random points of the country's roads, a little beside them."""
    random = np.random.default_rng(seed)
    at = random.choice(len(lines.lat), n_towns, replace=n_towns > len(lines.lat))
    off = random.uniform(-0.001, 0.001, (2, n_towns))
    index = pd.Index([f"t{n}" for n in range(n_towns)], name="town_id")
    return pd.DataFrame(
        {"lat": lines.lat[at] / 1e7 + off[0], "lon": lines.lon[at] / 1e7 + off[1]}, index=index
    )


def uncontracted_s(lines: RoadLines, n_sources: int, limit_min: float) -> float:
    """Seconds scipy takes for each source over every point, at one speed for all roads."""
    start, end = lines.points[:-1], lines.points[1:]
    inside = np.ones(len(start), dtype=bool)
    inside[lines.first[1:-1] - 1] = False
    start, end = start[inside], end[inside]
    km = np.hypot(
        (lines.lat[start] - lines.lat[end]) / UNITS_PER_KM,
        (lines.lon[start] - lines.lon[end]) / UNITS_PER_KM * np.cos(np.radians(51)),
    )
    both = (np.concatenate((start, end)), np.concatenate((end, start)))
    graph = csr_array((np.tile(km / 40 * 60 + 1e-6, 2), both), shape=(len(lines.lat),) * 2)
    sources = np.random.default_rng(3).choice(len(lines.lat), n_sources)
    return cpu_s(lambda: dijkstra(graph, indices=sources, limit=limit_min)) / n_sources


def cpu_s(work) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun


def matrix_s(network: RoadNetwork, places: pd.DataFrame, limit_min: float | None) -> float:
    graph = road_graph(network, "car", RoadParams(limit_min=limit_min))

    def whole() -> None:
        for _ in blocks(graph, anchor_towns(places, graph), workers=1):
            pass

    return cpu_s(whole)


def synthetic(n_points: int, n_towns: int) -> None:
    lines = country(n_points)
    n_arcs = 2 * (len(lines.points) - len(lines.ways))
    build = cpu_s(lambda: build_network(lines))
    network = build_network(lines)
    print(
        f"synthetic country of {len(lines.lat):,} points and {n_arcs:,} arcs: {network.summary()}"
    )
    print(f"  built in {build:.2f} s CPU")
    places = towns(lines, n_towns)
    for limit in (60.0, None):
        ours = matrix_s(network, places, limit)
        told = "60 min" if limit else "no limit"
        peer = uncontracted_s(lines, 4, limit or np.inf) * n_towns
        print(
            f"  {n_towns:,} × {n_towns:,}, {told:8}: {ours:7.2f} s CPU, one thread; "
            f"scipy on every point, without distances: {peer:7.1f} s ({peer / ours:.0f} ×)"
        )
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"  peak memory of the whole run, the peer's graph included: {peak_mb:,.0f} MB")


def liechtenstein(file: Path) -> None:
    from comarca.io.osm_roads import read_osm_roads

    reads, builds, measures = [], [], []
    for _ in range(5):
        begun = time.process_time()
        lines = read_osm_roads(file)
        read = time.process_time()
        network = build_network(lines)
        reads.append(read - begun)
        builds.append(time.process_time() - read)
        measures.append(matrix_s(network, towns(lines, 500), None))
    print(f"Liechtenstein: {network.summary()}")
    print(
        f"  read {statistics.median(reads):.2f} s, contracted {statistics.median(builds):.3f} s, "
        f"500 × 500 in {statistics.median(measures):.3f} s CPU (medians of 5)"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, default=1_000_000)
    parser.add_argument("--towns", type=int, default=2_000)
    chosen = parser.parse_args()
    synthetic(2_000, 20)  # compiles
    if os.environ.get("COMARCA_BENCH_SMOKE") == "1":
        return
    synthetic(chosen.points, chosen.towns)
    shared = os.environ.get("COMARCA_SHARED")
    if shared:
        liechtenstein(Path(shared) / "data" / "roads" / "liechtenstein_2021.osm.pbf")


if __name__ == "__main__":
    main()
