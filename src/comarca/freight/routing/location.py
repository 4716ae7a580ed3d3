"""
Single-source capacitated location as a routing problem whose trips have one stop.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import inf
from typing import Any

import numpy as np

from comarca.errors import ParameterError
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

    Raises
    ------
    ParameterError
        When something is no array of numbers, has another shape, or a number is out of range.
    """
    given = {
        "opening_cost": (opening_cost, 1),
        "capacity": (capacity, 1),
        "demand": (demand, 1),
        "serving_cost": (serving_cost, 2),
    }
    opening_cost, capacity, demand, serving_cost = _numbers(given)
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


def _numbers(given: Mapping[str, tuple[Any, int]]) -> list[Floats]:
    """Each as an array of so many dimensions; shapes that do not fit together are told too."""
    made, faults = {}, []
    for name, (value, dimensions) in given.items():
        try:
            made[name] = np.asarray(value, dtype=np.float64)
        except (TypeError, ValueError):
            made[name] = np.empty((0,) * (dimensions + 1))
        if made[name].ndim != dimensions:
            shape = "numbers" if dimensions == 1 else "rows of numbers, one for each site"
            faults.append(f"{name} is {_shown(value)}; expected {shape}.")
    if not faults:
        n_sites, n_towns = made["serving_cost"].shape
        for name, length in (("opening_cost", n_sites), ("capacity", n_sites), ("demand", n_towns)):
            if len(made[name]) != length:
                of = f"the {length} of serving_cost"
                faults.append(f"{name} has {len(made[name])} numbers; expected {of}.")
    if faults:
        raise ParameterError("\n".join(faults))
    return list(made.values())


def _shown(value: Any) -> str:
    text = " ".join(repr(value).split())
    return text if len(text) <= 40 else f"{text[:37]}..."
