"""
Neighbours of shapes, whether or not the borders were drawn with care.

Two shapes have a border in common where the outline of one runs within ``gap_m`` of the other, and
its length is the mean of both outlines' such parts. So slivers between shapes, and overlaps, cost
nothing up to that width, and nobody has to snap or clean the shapes before.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy import sparse

from comarca.model.contiguity import Contiguity
from comarca.model.zones import Zones
from comarca.units import M_PER_KM
from comarca.zones.joining import joined, told_islands
from comarca.zones.params import ContiguityParams
from comarca.zones.plane import shapes_in_plane

_CORNERS = 2  # segments of a quarter circle; rounder buffers would only cost time


def contiguity_from_polygons(zones: Zones, params: ContiguityParams | None = None) -> Contiguity:
    """
    Tell which shapes lie side by side.

    Parameters
    ----------
    zones
        One shape a town; an empty one has no neighbours.
    params
        When two count as neighbours; the defaults when not given.

    Returns
    -------
    Contiguity
        With the length of every border; its warnings name the towns without neighbours.
    """
    params = params or ContiguityParams()
    shapes = shapes_in_plane(zones)
    first, second = _near_pairs(shapes, params.gap_m)
    border_m = _border_m(shapes, first, second, params.gap_m)
    if params.touching == "line":
        is_border = border_m >= params.min_border_m
        first, second, border_m = first[is_border], second[is_border], border_m[is_border]
    rows, columns = np.concatenate([first, second]), np.concatenate([second, first])
    n_towns = len(zones.town_ids)
    contiguity = Contiguity(
        town_ids=zones.town_ids,
        adjacent=sparse.csr_array(
            (np.ones(len(rows), dtype=bool), (rows, columns)), shape=(n_towns, n_towns)
        ),
        source="polygons",
        border_km=sparse.csr_array(
            (np.tile(border_m / M_PER_KM, 2), (rows, columns)), shape=(n_towns, n_towns)
        ),
    )
    whole = joined(
        contiguity,
        params.join,
        lambda part, rest: _nearest(shapes, part, rest),
        ~shapely.is_empty(shapes),
    )
    return replace(whole, warnings=told_islands(whole, zones.place, dict(zones.names)))


def _near_pairs(
    shapes: NDArray[np.object_], gap_m: float
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Pairs of shapes within the gap of each other, each pair once, in order."""
    found = shapely.STRtree(shapes).query(shapes, predicate="dwithin", distance=gap_m)
    first, second = found[:, found[0] < found[1]]
    order = np.lexsort((second, first))
    return first[order], second[order]


def _border_m(
    shapes: NDArray[np.object_],
    first: NDArray[np.intp],
    second: NDArray[np.intp],
    gap_m: float,
) -> NDArray[np.float64]:
    """Length of the common border of each pair, m."""
    outlines = shapely.boundary(shapes)
    near = shapely.buffer(shapes, gap_m, quad_segs=_CORNERS)
    lengths: Any = shapely.length(shapely.intersection(outlines[first], near[second]))
    lengths += shapely.length(shapely.intersection(outlines[second], near[first]))
    return np.asarray(lengths / 2, dtype=np.float64)


def _nearest(
    shapes: NDArray[np.object_], part: NDArray[np.intp], rest: NDArray[np.intp]
) -> tuple[int, int, float]:
    """Nearest pair between two groups of shapes, and the km between them."""
    tree = shapely.STRtree(shapes[rest])
    pairs, distance_m = tree.query_nearest(shapes[part], return_distance=True)
    at = int(np.argmin(distance_m))
    return int(part[pairs[0, at]]), int(rest[pairs[1, at]]), float(distance_m[at]) / M_PER_KM
