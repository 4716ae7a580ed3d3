"""
Single-source capacitated location as a routing problem whose trips have one stop.
"""

from __future__ import annotations

from math import inf

import numpy as np

from comarca.model.routing import Floats, RoutingProblem, RoutingVehicle


def location_problem(
    opening_cost: Floats, capacity: Floats, demand: Floats, serving_cost: Floats, name: str = ""
) -> RoutingProblem:
    """
    Which sites open, and which one serves each town whole.

    Parameters
    ----------
    opening_cost, capacity
        Of each site, shape ``(n_sites,)``.
    demand
        Of each town, shape ``(n_towns,)``, in the unit of the capacity.
    serving_cost
        Of a town from a site, shape ``(n_sites, n_towns)``; inf where it may not.
    name
        What it is called.

    Returns
    -------
    RoutingProblem
        Sites and towns are named by their numbers from 1.
    """
    n_sites, n_towns = serving_cost.shape
    distance = np.zeros((n_sites + n_towns, n_sites + n_towns))
    distance[:n_sites, n_sites:] = serving_cost
    return RoutingProblem(
        name=name,
        depot_ids=tuple(str(number) for number in range(1, n_sites + 1)),
        customer_ids=tuple(str(number) for number in range(1, n_towns + 1)),
        opening_cost=opening_cost,
        depot_capacity=capacity[:, None],
        delivery=demand[:, None],
        pickup=np.zeros((n_towns, 1)),
        distance=distance,
        vehicles=(RoutingVehicle(vehicle_id="ride", capacity=(inf,), max_stops=1),),
    )
