"""
The evaluator: what a plan costs and which rules it breaks, read from the problem alone.

It shares no code with the search: plain sums, one stop after the other. Limits may be passed by a
thousandth of a millionth, which is how far sums of decimals drift.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from math import isfinite

from comarca.model.routing import RoutingPlan, RoutingProblem, RoutingVehicle, TruckDay
from comarca.wording import counted

DRIFT = 1e-9


@dataclass(frozen=True, kw_only=True)
class RoutingCheck:
    """
    What the evaluator found.

    Parameters
    ----------
    terms
        Openings, trucks, distance, time, prizes (below 0), each a part of the cost.
    violations
        Rules broken, a sentence each.
    """

    terms: dict[str, float]
    violations: tuple[str, ...]

    @property
    def cost(self) -> float:
        """Sum of the terms."""
        return sum(self.terms.values())

    def summary(self) -> str:
        """The cost by terms, and each rule broken."""
        lines = [self.priced()] if self.terms else []
        if not self.violations:
            return "\n".join([*lines, "All rules are kept."])
        lines.append(f"{counted(len(self.violations), 'rule')} broken:")
        return "\n".join([*lines, *(f"  {violation}" for violation in self.violations)])

    def priced(self) -> str:
        """The cost and the terms that are not 0, in a sentence."""
        parts = ", ".join(f"{name} {value:,.2f}" for name, value in self.terms.items() if value)
        return f"Cost {self.cost:,.2f}: {parts}." if parts else f"Cost {self.cost:,.2f}."


def check_routing(problem: RoutingProblem, plan: RoutingPlan) -> RoutingCheck:
    """
    Price a plan and check each rule.

    Parameters
    ----------
    problem, plan
        What was asked, and the answer.

    Returns
    -------
    RoutingCheck
        Terms of the cost as far as the plan's names are known, and every violation.
    """
    unknown = tuple(_unknown_names(problem, plan))
    if unknown:
        return RoutingCheck(terms={}, violations=unknown)
    reading = _Reading(problem)
    terms = dict.fromkeys(("openings", "trucks", "distance", "time", "prizes"), 0.0)
    for depot in plan.open_depots:
        terms["openings"] += float(problem.opening_cost[reading.depot[depot]])
    for day in plan.days:
        truck = reading.truck[day.vehicle]
        distance, time = reading.distance_and_time(day)
        terms["trucks"] += truck.fixed_cost
        terms["distance"] += truck.cost_per_distance * distance
        terms["time"] += truck.cost_per_time * time
        terms["prizes"] -= reading.prizes(day)
    violations = (
        *_visits(problem, plan),
        *_alternatives(problem, plan),
        *_trucks(problem, plan),
        *(line for day in plan.days for line in _day(reading, day)),
        *_depots(reading, plan),
    )
    return RoutingCheck(terms=terms, violations=violations)


class _Reading:
    """The problem by name."""

    def __init__(self, problem: RoutingProblem) -> None:
        self.problem = problem
        self.depot = {name: at for at, name in enumerate(problem.depot_ids)}
        self.customer = {name: at for at, name in enumerate(problem.customer_ids)}
        self.truck = {truck.vehicle_id: truck for truck in problem.vehicles}

    def legs(self, depot: str, trip: tuple[str, ...]) -> Iterator[tuple[int, int]]:
        """From place to place, from the depot to the depot."""
        home = self.depot[depot]
        places = [home, *(len(self.depot) + self.customer[name] for name in trip), home]
        yield from pairwise(places)

    def distance_and_time(self, day: TruckDay) -> tuple[float, float]:
        """Of all trips; time with loading and stops."""
        problem = self.problem
        distance = time = 0.0
        for trip in day.trips:
            for here, there in self.legs(day.depot, trip):
                distance += float(problem.distance[here, there])
                if problem.time is not None:
                    time += float(problem.time[here, there])
            if problem.loading_time is not None:
                time += float(problem.loading_time[self.depot[day.depot]])
            if problem.service_time is not None:
                time += sum(float(problem.service_time[self.customer[name]]) for name in trip)
        return distance, time

    def prizes(self, day: TruckDay) -> float:
        """What the customers of a day bring."""
        if self.problem.prize is None:
            return 0.0
        depot = self.depot[day.depot]
        return sum(
            float(self.problem.prize[self.customer[name], depot])
            for trip in day.trips
            for name in trip
        )

    def heaviest(self, trip: tuple[str, ...], measure: int) -> float:
        """Greatest load at any point of a trip."""
        stops = [self.customer[name] for name in trip]
        load = sum(float(self.problem.delivery[stop, measure]) for stop in stops)
        heaviest = load
        for stop in stops:
            load -= float(self.problem.delivery[stop, measure])
            load += float(self.problem.pickup[stop, measure])
            heaviest = max(heaviest, load)
        return heaviest


def _unknown_names(problem: RoutingProblem, plan: RoutingPlan) -> Iterator[str]:
    known = {
        "depot": set(problem.depot_ids),
        "vehicle": {truck.vehicle_id for truck in problem.vehicles},
        "customer": set(problem.customer_ids),
    }
    named = {
        "depot": [day.depot for day in plan.days],
        "vehicle": [day.vehicle for day in plan.days],
        "customer": list(plan.served()),
    }
    for kind, names in named.items():
        for name in dict.fromkeys(names):
            if name not in known[kind]:
                yield f"{kind.capitalize()} {name} is not known."


def _visits(problem: RoutingProblem, plan: RoutingPlan) -> Iterator[str]:
    times = Counter(plan.served())
    for name, count in times.items():
        if count > 1:
            yield f"Customer {name} is served {count} times; expected once."
    grouped = {name for names in problem.alternatives for name in names}
    for name, required in zip(problem.customer_ids, problem.is_required(), strict=True):
        if required and name not in grouped and not times[name]:
            yield f"Customer {name} is not served."


def _alternatives(problem: RoutingProblem, plan: RoutingPlan) -> Iterator[str]:
    served = set(plan.served())
    required = dict(zip(problem.customer_ids, problem.is_required(), strict=True))
    for names in problem.alternatives:
        chosen = [name for name in names if name in served]
        if len(chosen) > 1:
            yield f"Of the alternatives {', '.join(names)} {len(chosen)} are served; at most one."
        if not chosen and any(required[name] for name in names):
            yield f"Of the alternatives {', '.join(names)} none is served."


def _trucks(problem: RoutingProblem, plan: RoutingPlan) -> Iterator[str]:
    used = Counter(day.vehicle for day in plan.days)
    for truck in problem.vehicles:
        if truck.number is not None and used[truck.vehicle_id] > truck.number:
            trucks = "trucks" if len(problem.vehicles) == 1 else f"trucks {truck.vehicle_id}"
            yield f"{used[truck.vehicle_id]} {trucks} are used; there are {truck.number}."


def _day(reading: _Reading, day: TruckDay) -> Iterator[str]:
    truck = reading.truck[day.vehicle]
    only = len(reading.problem.vehicles) == 1
    of = f"{'A truck' if only else f'Truck {day.vehicle}'} of depot {day.depot}"
    if truck.depots is not None and day.depot not in truck.depots:
        yield f"{of} is not stationed there; expected {', '.join(truck.depots)}."
    if len(day.trips) > truck.max_trips:
        yield f"{of} makes {len(day.trips)} trips; at most {truck.max_trips}."
    if not day.trips:
        yield f"{of} makes no trip."
    _, time = reading.distance_and_time(day)
    if _exceeds(time, truck.shift):
        yield f"{of} is out for {time:,.6g}; its shift is {truck.shift:,.6g}."
    for trip in day.trips:
        yield from _trip(reading, day.depot, truck, trip)


def _trip(
    reading: _Reading, depot: str, truck: RoutingVehicle, trip: tuple[str, ...]
) -> Iterator[str]:
    of = f"The trip {' '.join(trip)} of depot {depot}"
    problem = reading.problem
    if not trip:
        yield f"A trip of depot {depot} has no customer."
    if truck.max_stops is not None and len(trip) > truck.max_stops:
        yield f"{of} has {len(trip)} stops; at most {truck.max_stops}."
    if not all(isfinite(problem.distance[leg]) for leg in reading.legs(depot, trip)):
        yield f"{of} goes where there is no way."
    for measure, capacity in enumerate(truck.capacity):
        heaviest = reading.heaviest(trip, measure)
        if _exceeds(heaviest, capacity):
            which = "its truck" if len(problem.vehicles) == 1 else f"truck {truck.vehicle_id}"
            yield f"{of} carries {heaviest:,.6g}; {which} holds {capacity:,.6g}."
    if problem.prize is not None:
        for name in trip:
            if not isfinite(problem.prize[reading.customer[name], reading.depot[depot]]):
                yield f"Customer {name} may not be served from depot {depot}."


def _depots(reading: _Reading, plan: RoutingPlan) -> Iterator[str]:
    problem = reading.problem
    for depot in plan.open_depots:
        served = [
            reading.customer[name]
            for day in plan.days
            if day.depot == depot
            for trip in day.trips
            for name in trip
        ]
        for measure, capacity in enumerate(problem.depot_capacity[reading.depot[depot]]):
            load = sum(float(problem.delivery[customer, measure]) for customer in served)
            if _exceeds(load, float(capacity)):
                yield f"Depot {depot} delivers {load:,.6g}; its capacity is {capacity:,.6g}."


def _exceeds(value: float, limit: float) -> bool:
    return value > limit + DRIFT * max(1.0, abs(limit))
