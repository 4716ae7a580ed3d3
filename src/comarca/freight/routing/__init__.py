"""
Location-routing by itself: depots that open at a cost, trucks of several types, rounds, prizes.

::

    problem = RoutingProblem(depot_ids=..., customer_ids=..., ...)   # comarca.model.routing
    result = solve_routing(problem, RoutingStop(seconds=60), seed=1)
    result.plan        # RoutingPlan: TruckDay(depot, vehicle, trips) by id, or None
    result.cost, result.bound, result.gap, result.status, result.summary()
    check_routing(problem, result.plan)   # another program: its cost terms and violations

What a caller may rely on:

- **Problem.** Ids are texts. Loads have one column a measure. A customer is served once, whole, by
  one trip: what must be visited several times a day stands as several customers. ``required`` tells
  who must be served; the others are served where ``prize[customer, depot]`` exceeds the cost of
  doing so, and ``-inf`` bars a depot (a workshop tied to its base). ``alternatives`` name groups of
  customers of which at most one is served, exactly one where one of them is required. A base that
  is open anyway has an opening cost of 0. ``depot_capacity`` limits what a depot delivers.
- **Cost** is openings of the depots used, trucks used, distance and time, less the prizes
  collected; it is minimised, so with prizes it is often below zero and net benefit is its negative.
- **Stop.** ``RoutingStop(seconds=, iterations=, gap=, wall_seconds=)``. Seconds are CPU seconds of
  a thread. Stopped by iterations alone, the same seed and number of threads give the same plan on
  every machine. Compiling, once for each machine, is not counted: ``prepare_routing()`` does it
  beforehand and says how long it took.
- **Start.** ``start=plan`` begins with a plan; the result is never worse than a start that keeps
  all rules. A start that breaks one is refused.
- **Bound.** ``with_bound=False`` leaves it out, which is right for a part of a larger search.
- **Progress.** ``on_progress`` is called with a :class:`RoutingProgress` at each better plan.
- **Status** is ``optimal``, ``feasible``, ``infeasible`` (proven, with the cause in words) or
  ``unknown``; never an exception.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from comarca.freight.routing.stopping import RoutingStop
from comarca.model.routing import RoutingPlan, RoutingProblem, RoutingVehicle, TruckDay

__all__ = [
    "RoutingCheck",
    "RoutingPlan",
    "RoutingProblem",
    "RoutingProgress",
    "RoutingResult",
    "RoutingStop",
    "RoutingVehicle",
    "TruckDay",
    "check_routing",
    "prepare_routing",
    "solve_routing",
]

_HOMES = {
    "RoutingCheck": "comarca.freight.routing.checking",
    "check_routing": "comarca.freight.routing.checking",
    "RoutingProgress": "comarca.freight.routing.result",
    "RoutingResult": "comarca.freight.routing.result",
    "prepare_routing": "comarca.freight.routing.solving",
    "solve_routing": "comarca.freight.routing.solving",
}

if TYPE_CHECKING:
    from comarca.freight.routing.checking import RoutingCheck, check_routing
    from comarca.freight.routing.result import RoutingProgress, RoutingResult
    from comarca.freight.routing.solving import prepare_routing, solve_routing


def __getattr__(name: str) -> Any:
    """Load a verb when it is asked for."""
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
