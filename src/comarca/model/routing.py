"""
A location-routing problem by itself: depots, customers, trucks, and what a day's rounds cost.

Benchmark files hold such problems; a region's plan, where workshops and workers are chosen too, has
a problem of its own (:mod:`comarca.freight`). Units are the caller's: ``distance`` and ``time`` may
be kilometres and minutes, or what a benchmark counts in; ``cost_per_distance`` and
``cost_per_time`` are per one of them. Loads have one column a measure (tonnes and cubic metres, for
instance), the same measures everywhere.

Places are the depots first, then the customers, in the order of their ids; matrices are
``[origin, destination]`` over places and may be asymmetric.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import inf, isnan

import numpy as np
from numpy.typing import NDArray

from comarca.errors import ParameterError

Floats = NDArray[np.float64]
Places = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class RoutingVehicle:
    """
    A type of truck.

    Parameters
    ----------
    vehicle_id
        Its name.
    capacity
        Most it carries at any point of a trip, one number a measure; ``inf`` for no limit.
    fixed_cost
        Cost of each truck that leaves a depot at all, currency per day.
    cost_per_distance, cost_per_time
        Currency per unit of distance, and per unit of time from the begin of loading to the end.
    shift
        Longest day of one truck, over all its trips with loading, travel and stops; unit of time.
    number
        Trucks there are, over all depots; ``None`` for as many as wanted.
    max_trips
        Most trips a truck makes a day, 1 or more.
    max_stops
        Most customers of one trip; ``None`` for no limit.
    depots
        Depots it may be stationed at; ``None`` for all.
    """

    vehicle_id: str
    capacity: tuple[float, ...]
    fixed_cost: float = 0.0
    cost_per_distance: float = 1.0
    cost_per_time: float = 0.0
    shift: float = inf
    number: int | None = None
    max_trips: int = 1
    max_stops: int | None = None
    depots: tuple[str, ...] | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class RoutingProblem:
    """
    Which depots open, and which truck visits whom in which order, at least cost net of prizes.

    Parameters
    ----------
    depot_ids, customer_ids
        Names; no name stands twice.
    opening_cost
        Of each depot that is used, shape ``(n_depots,)``, currency; 0 for one that is open anyway.
    depot_capacity
        Most that a depot delivers, shape ``(n_depots, n_measures)``; ``inf`` for no limit.
    delivery, pickup
        What a visit sets down and takes up, shape ``(n_customers, n_measures)``, 0 or more.
    distance, time
        Shape ``(n_places, n_places)``; ``inf`` where there is no way.
    vehicles
        Types of truck, at least one.
    service_time
        Time of a stop, shape ``(n_customers,)``; ``None`` for none.
    loading_time
        Time at the depot before each trip, shape ``(n_depots,)``; ``None`` for none.
    prize
        What serving a customer from a depot brings, shape ``(n_customers, n_depots)``, currency;
        ``-inf`` where the depot may not serve it. ``None`` for no prizes.
    required
        Whether a customer must be served, shape ``(n_customers,)``; ``None`` for all. One that need
        not is served where its prize exceeds what the detour costs.
    alternatives
        Groups of customers of which at most one is served (exactly one where one of them is
        required): the same town with another load, or tied to another base.

    Raises
    ------
    ParameterError
        With every fault at once.
    """

    depot_ids: tuple[str, ...]
    customer_ids: tuple[str, ...]
    opening_cost: Floats
    depot_capacity: Floats
    delivery: Floats
    pickup: Floats
    distance: Floats
    vehicles: tuple[RoutingVehicle, ...]
    time: Floats | None = None
    service_time: Floats | None = None
    loading_time: Floats | None = None
    prize: Floats | None = None
    required: NDArray[np.bool_] | None = None
    alternatives: tuple[tuple[str, ...], ...] = ()
    name: str = field(default="")

    def __post_init__(self) -> None:
        faults = list(_shape_faults(self)) or [*_value_faults(self), *_vehicle_faults(self)]
        if faults:
            raise ParameterError("\n".join(faults))

    @property
    def n_depots(self) -> int:
        """Number of depots."""
        return len(self.depot_ids)

    @property
    def n_customers(self) -> int:
        """Number of customers."""
        return len(self.customer_ids)

    @property
    def n_measures(self) -> int:
        """Number of measures of a load."""
        return int(self.delivery.shape[1])

    def is_required(self) -> NDArray[np.bool_]:
        """Whether each customer must be served, shape ``(n_customers,)``."""
        if self.required is None:
            return np.ones(self.n_customers, dtype=bool)
        return self.required

    def groups(self) -> Places:
        """Number of each customer's group of alternatives, shape ``(n_customers,)``."""
        group = np.arange(self.n_customers)
        position = {name: at for at, name in enumerate(self.customer_ids)}
        for alternatives in self.alternatives:
            members = [position[name] for name in alternatives]
            group[members] = min(members)
        return group


@dataclass(frozen=True, kw_only=True)
class TruckDay:
    """
    A truck at a depot and its trips, each the customers in visiting order.
    """

    depot: str
    vehicle: str
    trips: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, kw_only=True)
class RoutingPlan:
    """
    What each truck does; depots without a truck stay closed, customers not named are left out.
    """

    days: tuple[TruckDay, ...]

    @property
    def open_depots(self) -> tuple[str, ...]:
        """Depots with at least one truck, in order."""
        return tuple(sorted({day.depot for day in self.days}))

    def served(self) -> Iterator[str]:
        """Customers, truck by truck, in visiting order."""
        for day in self.days:
            for trip in day.trips:
                yield from trip


def _shape_faults(problem: RoutingProblem) -> Iterator[str]:
    depots, customers = len(problem.depot_ids), len(problem.customer_ids)
    places, measures = depots + customers, problem.delivery.shape[-1]
    expected: dict[str, tuple[int, ...]] = {
        "opening_cost": (depots,),
        "depot_capacity": (depots, measures),
        "delivery": (customers, measures),
        "pickup": (customers, measures),
        "distance": (places, places),
        "time": (places, places),
        "service_time": (customers,),
        "loading_time": (depots,),
        "prize": (customers, depots),
        "required": (customers,),
    }
    for name, shape in expected.items():
        given = getattr(problem, name)
        if given is not None and given.shape != shape:
            yield f"{name} has the shape {given.shape}; expected {shape}."
    if not depots:
        yield "depot_ids is empty; expected one depot or more."
    if not problem.vehicles:
        yield "vehicles is empty; expected one type of truck or more."
    for kind, ids in (("depot_ids", problem.depot_ids), ("customer_ids", problem.customer_ids)):
        yield from (f"{kind} has {name!r} twice; expected once." for name in _doubles(ids))


def _doubles(ids: Sequence[str]) -> list[str]:
    return sorted({name for name in ids if ids.count(name) > 1}) if len(set(ids)) < len(ids) else []


def _value_faults(problem: RoutingProblem) -> Iterator[str]:
    finite = ("opening_cost", "delivery", "pickup", "service_time", "loading_time")
    for name in (*finite, "depot_capacity", "distance", "time"):
        given = getattr(problem, name)
        if given is None:
            continue
        wrong = ~(given >= 0) | (np.isinf(given) if name in finite else False)
        if wrong.any():
            at = tuple(int(i) for i in np.argwhere(wrong)[0])
            number = "a number of 0 or more" if name in finite else "0 or more, or inf"
            yield f"{name}{list(at)} is {given[at]}; expected {number}."
    if problem.prize is not None and (np.isnan(problem.prize) | (problem.prize == inf)).any():
        yield "prize has values that are no number or inf; expected numbers, or -inf."
    known = set(problem.customer_ids)
    grouped = [name for names in problem.alternatives for name in names]
    for name in sorted(set(grouped) - known):
        yield f"alternatives name the customer {name!r}; expected one of customer_ids."
    for name in _doubles(grouped):
        yield f"alternatives name the customer {name!r} twice; expected once."


def _vehicle_faults(problem: RoutingProblem) -> Iterator[str]:
    measures = problem.n_measures
    for truck in problem.vehicles:
        of = f"of vehicle {truck.vehicle_id!r}"
        if len(truck.capacity) != measures:
            yield f"capacity {of} has {len(truck.capacity)} measures; expected {measures}."
        if any(isnan(limit) or limit < 0 for limit in truck.capacity):
            yield f"capacity {of} is {truck.capacity}; expected 0 or more."
        for name in ("fixed_cost", "cost_per_distance", "cost_per_time"):
            value = getattr(truck, name)
            if not 0 <= value < inf:
                yield f"{name} {of} is {value}; expected a number of 0 or more."
        if not truck.shift >= 0:
            yield f"shift {of} is {truck.shift}; expected 0 or more."
        for name, least in (("number", 0), ("max_trips", 1), ("max_stops", 1)):
            value = getattr(truck, name)
            if value is not None and value < least:
                yield f"{name} {of} is {value}; expected {least} or more."
        for depot in truck.depots or ():
            if depot not in problem.depot_ids:
                yield f"depots {of} name {depot!r}; expected some of depot_ids."
    yield from (
        f"vehicles has {name!r} twice; expected once."
        for name in _doubles([truck.vehicle_id for truck in problem.vehicles])
    )
