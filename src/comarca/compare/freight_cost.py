"""
Whose freight it is: the cost of each truck's day shared out over the workshops it visits.

A stop bears in proportion to its goods (delivered and collected, t) times the way from the base to
its town (km). Where that is nothing for every stop of a truck, the goods alone count; where there
are none, the stops share alike. The shares of a truck sum to its cost.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from comarca.compare.scene import Scene
from comarca.errors import ParameterError
from comarca.model.freight_plan import Route


def freight_by_facility(scene: Scene) -> Mapping[str, float]:
    """
    Freight of each workshop.

    Returns
    -------
    Mapping[str, float]
        Currency per year by facility, 0 or more; they sum to the cost of all routes.

    Raises
    ------
    ParameterError
        When a truck visits nobody, or a facility without a workshop.
    """
    town_of = {workshop.facility_id: workshop.town_id for workshop in scene.freight.workshops}
    shares: dict[str, float] = defaultdict(float)
    for route in scene.freight.routes:
        cost = route.mean_cost_per_day * scene.prices.days_per_year
        weights = _weights(scene, route, town_of)
        total = sum(weights.values())
        for facility_id, weight in weights.items():
            shares[facility_id] += cost * weight / total
    return dict(shares)


def _weights(scene: Scene, route: Route, town_of: Mapping[str, str]) -> Mapping[str, float]:
    """Tonne-kilometres by facility, or tonnes, or 1 each: the first that is not nothing."""
    base_town = scene.town_of(route.base_id)
    tonne_km: dict[str, float] = defaultdict(float)
    tonnes: dict[str, float] = defaultdict(float)
    for trip in route.trips:
        for stop in trip.stops:
            if stop.facility_id not in town_of:
                raise ParameterError(
                    f'route "{route.route_id}" visits "{stop.facility_id}", where no workshop is.'
                )
            _, km = scene.journey("truck", base_town, town_of[stop.facility_id])
            goods = stop.delivered_t + stop.collected_t
            tonnes[stop.facility_id] += goods
            tonne_km[stop.facility_id] += goods * km
    if not tonnes:
        raise ParameterError(f'route "{route.route_id}" has no stops.')
    for weights in (tonne_km, tonnes):
        if sum(weights.values()) > 0:
            return weights
    return dict.fromkeys(tonnes, 1.0)
