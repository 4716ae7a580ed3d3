"""The trucks' legs along the region's own roads, where the plan was computed with them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import numpy as np

from comarca.model.plan import Plan

if TYPE_CHECKING:
    from comarca.travel.roads import RoadRoute


def legs_along_roads(
    plan: Plan, legs: Iterable[tuple[str, str]]
) -> Mapping[tuple[str, str], RoadRoute]:
    """
    Find the way of each leg.

    Parameters
    ----------
    plan
        Whose region may have roads; a plan read from a file carries none.
    legs
        Pairs of towns a truck drives between.

    Returns
    -------
    Mapping
        Ways by leg, each with its line and the names of its roads; legs without a way over the
        roads are left out, and so are all where a given table or another router told the times,
        since nobody knows which way they mean.
    """
    region, settings = plan.region, plan.manifest.parameters
    known = set(region.town_ids)
    wanted = sorted(leg for leg in set(legs) if leg[0] != leg[1] and known.issuperset(leg))
    if region.roads is None or region.table("travel") is not None or not wanted:
        return {}
    from comarca.travel.params import TravelParams
    from comarca.travel.roads import RoadParams, RoadSource, Routes

    travel = TravelParams(**settings["travel"])
    if travel.router != "none":
        return {}
    source = RoadSource(network=region.roads, params=RoadParams(**settings["roads"]), travel=travel)
    routes = Routes(source.graph(region.towns, "truck"), region.towns)
    found = {leg: routes.route(*leg) for leg in wanted}
    return {
        leg: route for leg, route in found.items() if np.isfinite(route.time_min) and len(route.lat)
    }
