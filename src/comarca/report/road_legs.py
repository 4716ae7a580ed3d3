"""The trucks' legs along the region's own roads, where the plan was computed with them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from comarca.model.plan import Plan

FloatArray = NDArray[np.float64]


def legs_along_roads(
    plan: Plan, legs: Iterable[tuple[str, str]]
) -> Mapping[tuple[str, str], tuple[FloatArray, FloatArray]]:
    """
    Find the line of each leg.

    Parameters
    ----------
    plan
        Whose region may have roads; a plan read from a file carries none.
    legs
        Pairs of towns a truck drives between.

    Returns
    -------
    Mapping
        Longitudes and latitudes by leg; legs without a way over the roads are left out, and so are
        towns a given table names, since nobody knows which way it means.
    """
    region = plan.region
    known = set(region.town_ids)
    wanted = sorted(leg for leg in set(legs) if leg[0] != leg[1] and known.issuperset(leg))
    if region.roads is None or region.table("travel") is not None or not wanted:
        return {}
    from comarca.travel.params import TravelParams
    from comarca.travel.roads import RoadParams, RoadSource, Routes

    settings = plan.manifest.parameters
    source = RoadSource(
        network=region.roads,
        params=RoadParams(**settings["roads"]),
        travel=TravelParams(**settings["travel"]),
    )
    routes = Routes(source.graph(region.towns, "truck"), region.towns)
    lines = {}
    for leg in wanted:
        route = routes.route(*leg)
        if np.isfinite(route.time_min) and len(route.lat):
            lines[leg] = (route.lon, route.lat)
    return lines
