"""Roads laid over the heights of the land, so that climbs take their time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from comarca.errors import ParameterError
from comarca.io.heights import HeightGrid
from comarca.model.roads import UNITS_PER_DEGREE, RoadNetwork


def over_heights(network: RoadNetwork, grids: Sequence[HeightGrid]) -> RoadNetwork:
    """
    Give every point of a network its height.

    A point without a height takes that of the nearest point before it on its edge that has one, or
    else after it; an edge without any is taken to be level. Bridges and tunnels are taken to follow
    the ground.

    Parameters
    ----------
    network
        Roads.
    grids
        Heights; of grids that overlap the first that knows a place tells it.

    Returns
    -------
    RoadNetwork

    Raises
    ------
    ParameterError
        When no road lies where heights are known.
    """
    lat = np.asarray(network.point_lat) / UNITS_PER_DEGREE
    lon = np.asarray(network.point_lon) / UNITS_PER_DEGREE
    heights = np.full(len(lat), np.nan)
    for grid in grids:
        at = np.flatnonzero(np.isnan(heights))
        heights[at] = grid.at(lat[at], lon[at])
    if not np.isfinite(heights).any():
        raise ParameterError(
            "No road lies where heights are known; expected heights of the region."
        )
    edge = np.repeat(np.arange(network.n_edges), np.diff(network.edge_first))
    filled = _carried(_carried(heights, edge)[::-1], edge[::-1])[::-1]
    return replace(network, point_height_m=np.nan_to_num(filled).astype(np.float32))


def _carried(heights: NDArray[Any], edge: NDArray[Any]) -> NDArray[Any]:
    """Carry the last known height forward along each edge."""
    known = np.isfinite(heights)
    last = np.maximum.accumulate(np.where(known, np.arange(len(heights)), -1))
    usable = (last >= 0) & (edge[np.maximum(last, 0)] == edge)
    return np.where(usable, heights[np.maximum(last, 0)], np.nan)
