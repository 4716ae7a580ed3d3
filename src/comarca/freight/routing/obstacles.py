"""
Why nothing can serve all who must be served, where that can be seen at once.
"""

from __future__ import annotations

from math import isfinite

import numpy as np

from comarca.model.routing import RoutingProblem, RoutingVehicle

SHOWN = 5


def obstacles(problem: RoutingProblem) -> list[str]:
    """Sentences, each a reason by itself; empty where none is seen."""
    return [
        *_too_large_customers(problem),
        *_too_little_capacity(problem),
        *_too_few_trucks(problem),
    ]


def _too_large_customers(problem: RoutingProblem) -> list[str]:
    required = problem.is_required()
    groups = problem.groups()
    able = {
        int(groups[at])
        for at in range(problem.n_customers)
        if any(_can_serve(problem, truck, at) for truck in problem.vehicles)
    }
    missing = sorted({int(groups[at]) for at in np.flatnonzero(required)} - able)
    sentences = [_why_unserved(problem, at) for at in missing[:SHOWN]]
    if len(missing) > SHOWN:
        sentences.append(f"So with {len(missing) - SHOWN} more.")
    return sentences


def _why_unserved(problem: RoutingProblem, customer: int) -> str:
    """What keeps every truck from a customer, even alone."""
    name = problem.customer_ids[customer]
    delivery, pickup = problem.delivery[customer], problem.pickup[customer]
    if problem.alternatives or (problem.prize is not None) or problem.n_measures > 1:
        return f"No truck can serve customer {name} alone: load, way or shift does not fit."
    load, held = max(delivery[0], pickup[0]), max(truck.capacity[0] for truck in problem.vehicles)
    if load > held * (1 + 1e-9) + 1e-9:
        return f"Customer {name} has a load of {load:,.6g}; the largest truck holds {held:,.6g}."
    let_out = float(problem.depot_capacity.max())
    if float(delivery[0]) > let_out * (1 + 1e-9) + 1e-9:
        return (
            f"Customer {name} gets {float(delivery[0]):,.6g}; the largest depot delivers "
            f"{let_out:,.6g}."
        )
    shift = max(truck.shift for truck in problem.vehicles)
    limit = f", or more than {shift:,.6g} long with the stop" if isfinite(shift) else ""
    return f"No truck can go to customer {name} and back: there is no way{limit}."


def _can_serve(problem: RoutingProblem, truck: RoutingVehicle, customer: int) -> bool:
    """Whether a truck of some depot can visit a customer and nobody else."""
    loads = np.maximum(problem.delivery[customer], problem.pickup[customer])
    if (loads > np.array(truck.capacity) * (1 + 1e-9) + 1e-9).any():
        return False
    place = problem.n_depots + customer
    for depot, name in enumerate(problem.depot_ids):
        if truck.depots is not None and name not in truck.depots:
            continue
        if problem.prize is not None and not isfinite(problem.prize[customer, depot]):
            continue
        if (problem.delivery[customer] > problem.depot_capacity[depot] * (1 + 1e-9) + 1e-9).any():
            continue
        ways = [problem.distance] if problem.time is None else [problem.distance, problem.time]
        time = 0.0 if problem.time is None else problem.time[depot, place]
        time += 0.0 if problem.time is None else problem.time[place, depot]
        time += 0.0 if problem.loading_time is None else problem.loading_time[depot]
        time += 0.0 if problem.service_time is None else problem.service_time[customer]
        is_way = all(isfinite(way[depot, place] + way[place, depot]) for way in ways)
        if is_way and time <= truck.shift * (1 + 1e-9) + 1e-9:
            return True
    return False


def _too_little_capacity(problem: RoutingProblem) -> list[str]:
    groups, sentences = problem.groups(), []
    for measure in range(problem.n_measures):
        least: dict[int, float] = {}
        for at in np.flatnonzero(problem.is_required()):
            load = float(problem.delivery[at, measure])
            group = int(groups[at])
            least[group] = min(least.get(group, load), load)
        if problem.alternatives:
            continue  # another alternative of the group may be smaller
        needed, held = sum(least.values()), float(problem.depot_capacity[:, measure].sum())
        if needed > held * (1 + 1e-9) + 1e-9:
            sentences.append(
                f"All depots together deliver {held:,.6g}; those who must be served need "
                f"{needed:,.6g}."
            )
    return sentences


def _too_few_trucks(problem: RoutingProblem) -> list[str]:
    """Trucks of limited number whose trips all together hold less than is due."""
    if problem.alternatives or any(truck.number is None for truck in problem.vehicles):
        return []
    required, sentences = problem.is_required(), []
    for measure in range(problem.n_measures):
        held = sum(
            truck.capacity[measure] * truck.max_trips * (truck.number or 0)
            for truck in problem.vehicles
            if truck.number
        )
        for loads, verb in ((problem.delivery, "get"), (problem.pickup, "give")):
            due = float(loads[required, measure].sum())
            if due > held * (1 + 1e-9) + 1e-9:
                sentences.append(
                    f"All trucks together hold {held:,.6g}; those who must be served {verb} "
                    f"{due:,.6g}."
                )
    return sentences
