"""
Neighbours of shapes and of points, beside the bare search for shapes that meet.

Medians of CPU seconds (``time.process_time``). Maps are Voronoi cells whose outlines wiggle (about
100 corners a cell), as they are, and pulled apart by 40 m so that no two shapes touch.
COMARCA_BENCH_SMOKE=1 runs once at tiny size.
"""

import os
import time
from collections.abc import Callable
from statistics import median
from typing import Any

import numpy as np
import shapely

from comarca.model.zones import Zones
from comarca.zones import ContiguityParams, contiguity_from_points, contiguity_from_polygons

SMOKE = os.environ.get("COMARCA_BENCH_SMOKE") == "1"
REPEATS = 1 if SMOKE else 3
SIZES = (30,) if SMOKE else (1_000, 4_000, 16_000)
CELL_M = 8_000.0
WIDE = ContiguityParams(gap_m=50, min_border_m=250)


def cpu_s(work: Callable[..., Any], *given: Any) -> tuple[float, Any]:
    """Median CPU seconds of the work, and its last answer."""
    spent = []
    for _ in range(REPEATS):
        start = time.process_time()
        answer = work(*given)
        spent.append(time.process_time() - start)
    return median(spent), answer


def world(n_zones: int) -> np.ndarray:
    """Cells that fill a square without gaps."""
    side = CELL_M * np.sqrt(n_zones)
    places = np.random.default_rng(4).uniform(0, side, (n_zones, 2)) + np.array([4.0e6, 3.0e6])
    frame = shapely.box(4.0e6, 3.0e6, 4.0e6 + side, 3.0e6 + side)
    cells = shapely.get_parts(
        shapely.voronoi_polygons(shapely.multipoints(places), extend_to=frame, ordered=True)
    )
    fine = shapely.segmentize(shapely.intersection(cells, frame), CELL_M / 25)

    def bent(xy: np.ndarray) -> np.ndarray:
        return xy + 60 * np.column_stack([np.sin(xy[:, 1] / 400), np.sin(xy[:, 0] / 400)])

    return shapely.make_valid(shapely.transform(fine, bent))


def bare_search(shapes: np.ndarray) -> np.ndarray:
    """Pairs of shapes that meet, with nothing measured."""
    return shapely.STRtree(shapes).query(shapes, predicate="intersects")


def main() -> None:
    for n_zones in SIZES:
        cells = world(n_zones)
        ids = tuple(f"{at:05}" for at in range(n_zones))
        apart = shapely.buffer(cells, -20, join_style="mitre")
        floor, _ = cpu_s(bare_search, cells)
        for name, shapes, params in (("whole", cells, None), ("pulled apart", apart, WIDE)):
            zones = Zones(town_ids=ids, shapes=shapely.make_valid(shapes), crs="EPSG:3035")
            spent, found = cpu_s(contiguity_from_polygons, zones, params)
            print(
                f"{n_zones:6,} shapes, {name:12}: {spent:6.2f} s CPU, "
                f"{spent / max(floor, 1e-4):4.1f} × the bare search ({floor:.2f} s); "
                f"{found.n_pairs:,} pairs, {1e3 * spent / n_zones:.2f} ms a shape"
            )
        middles = shapely.centroid(cells)
        lat = 45 + (shapely.get_y(middles) - 3.0e6) / 111e3
        lon = 8 + (shapely.get_x(middles) - 4.0e6) / 79e3
        spent, found = cpu_s(contiguity_from_points, ids, lat, lon)
        print(f"{n_zones:6,} points             : {spent:6.2f} s CPU; {found.n_pairs:,} pairs")


if __name__ == "__main__":
    main()
