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
    return [*_too_large_customers(problem), *_too_little_capacity(problem)]


def _too_large_customers(problem: RoutingProblem) -> list[str]:
    required = problem.is_required()
    groups = problem.groups()
    able = {
        int(groups[at])
        for at in range(problem.n_customers)
        if any(_can_serve(problem, truck, at) for truck in problem.vehicles)
    }
    missing = sorted({int(groups[at]) for at in np.flatnonzero(required)} - able)
    sentences = [
        f"No truck can serve customer {problem.customer_ids[at]} alone: its load, the way or the "
        "shift does not fit."
        for at in missing[:SHOWN]
    ]
    if len(missing) > SHOWN:
        sentences.append(f"So with {len(missing) - SHOWN} more.")
    return sentences


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
