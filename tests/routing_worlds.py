"""Small routing problems whose answers can be computed on paper, and a brute force over them."""

from dataclasses import replace
from itertools import permutations
from math import inf

import numpy as np

from comarca.freight.routing import RoutingProblem, RoutingVehicle, check_routing
from comarca.model.routing import RoutingPlan, TruckDay


def problem(place, n_depots, **given):
    """Places in the plane, depots first; loads of 1 and one truck type unless something is said."""
    place = np.asarray(place, dtype=float)
    n = len(place) - n_depots
    way = np.hypot(*(place[:, None] - place[None]).transpose(2, 0, 1))
    fields = {
        "depot_ids": tuple(f"d{at}" for at in range(1, n_depots + 1)),
        "customer_ids": tuple(f"c{at}" for at in range(1, n + 1)),
        "opening_cost": np.zeros(n_depots),
        "depot_capacity": np.full((n_depots, 1), inf),
        "delivery": np.ones((n, 1)),
        "pickup": np.zeros((n, 1)),
        "distance": way,
        "vehicles": (truck(),),
    }
    return RoutingProblem(**(fields | given))


def truck(name="truck", capacity=2.0, **given):
    return RoutingVehicle(vehicle_id=name, capacity=(capacity,), **given)


def plan(*days):
    """Each day: depot, vehicle, trips as texts like ``"c1 c2"``."""
    return RoutingPlan(
        days=tuple(
            TruckDay(depot=depot, vehicle=vehicle, trips=tuple(tuple(t.split()) for t in trips))
            for depot, vehicle, *trips in days
        )
    )


def best_cost(given):
    """Least cost of any plan, by trying all ways to part customers into trips; inf if none."""
    best = inf
    for served in _subsets(given.customer_ids):
        for parts in _partitions(list(served)):
            best = min(best, _cheapest_days(given, parts))
    return best


def _subsets(ids):
    for bits in range(2 ** len(ids)):
        yield [name for at, name in enumerate(ids) if bits >> at & 1]


def _partitions(names):
    if not names:
        yield []
        return
    first, rest = names[0], names[1:]
    for parts in _partitions(rest):
        yield [[first], *parts]
        for at in range(len(parts)):
            yield [*parts[:at], [first, *parts[at]], *parts[at + 1 :]]


def _cheapest_days(given, parts):
    """Depot, truck and order for each trip, one trip a truck; depots decided together."""
    free = replace(
        given, required=np.zeros(given.n_customers, dtype=bool), opening_cost=_nothing(given)
    )
    options = []
    for part in parts:
        ways = {}
        for depot in given.depot_ids:
            for kind in given.vehicles:
                for order in permutations(part):
                    day = TruckDay(depot=depot, vehicle=kind.vehicle_id, trips=(order,))
                    check = check_routing(free, RoutingPlan(days=(day,)))
                    if not check.violations:
                        key = (depot, kind.vehicle_id)
                        if key not in ways or check.cost < ways[key][0]:
                            ways[key] = (check.cost, day)
        if not ways:
            return inf
        options.append(list(ways.values()))
    return _combined(given, options, [])


def _nothing(given):
    return np.zeros(given.n_depots)


def _combined(given, options, days):
    if len(days) == len(options):
        check = check_routing(given, RoutingPlan(days=tuple(days)))
        return inf if check.violations else check.cost
    return min(_combined(given, options, [*days, day]) for _, day in options[len(days)])
