"""
``SOLUTION.json``: rounds of a benchmark problem, by the numbers of its file.

::

    {"instance": ..., "status": ..., "cost": ..., "bound": ..., "gap": ...,
     "open_depots": [1, 3],
     "routes": [{"depot": 1, "customers": [4, 7, 2]}, ...]}

Customers stand in visiting order. ``cost`` and ``bound`` are in the unit of the instance, ``null``
where there is none. Other entries are left aside.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import Any

from comarca.errors import Fault, TableError
from comarca.model.routing import RoutingPlan, RoutingProblem, TruckDay

MOST_FAULTS = 20
STATUSES = ("optimal", "feasible", "infeasible", "unknown")
MOST = 1e18  # any cost, bound or gap is far below


@dataclass(frozen=True, kw_only=True)
class RoutingSolution:
    """
    What a solution file says.

    Parameters
    ----------
    plan
        The rounds.
    cost, bound, gap
        As stated; ``None`` where they are not.
    open_depots
        As stated.
    instance, status
        As stated; empty where they are not.
    """

    plan: RoutingPlan
    cost: float | None
    bound: float | None
    open_depots: tuple[str, ...] | None
    gap: float | None = None
    instance: str = ""
    status: str = ""


def solution_text(
    problem: RoutingProblem, plan: RoutingPlan | None, *, cost: float, bound: float, **more: Any
) -> str:
    """The content of a solution file; routes one a line."""
    head = {
        "instance": problem.name,
        **more,
        "cost": _plain(cost),
        "bound": _plain(bound),
        "gap": _plain(max((cost - bound) / abs(bound), 0.0)) if bound and isfinite(bound) else None,
        "open_depots": [] if plan is None else sorted(map(int, plan.open_depots)),
    }
    routes = [
        json.dumps({"depot": int(day.depot), "customers": [int(name) for name in trip]})
        for day in (() if plan is None else plan.days)
        for trip in day.trips
    ]
    lines = [f" {json.dumps(name)}: {json.dumps(value)}," for name, value in head.items()]
    body = ",\n".join(f"  {route}" for route in routes)
    return "\n".join(["{", *lines, ' "routes": [', *([body] if body else []), " ]", "}", ""])


def _plain(value: float) -> float | int | None:
    if not isfinite(value):
        return None
    return int(value) if value == int(value) else round(value, 9) + 0.0  # no minus before 0


def read_solution(path: Path, problem: RoutingProblem) -> RoutingSolution:
    """
    Read a solution of a benchmark problem with one type of truck.

    Parameters
    ----------
    path, problem
        The file, and what it answers.

    Returns
    -------
    RoutingSolution
        Whatever it says; whether it keeps the rules is for the evaluator.

    Raises
    ------
    TableError
        When it is no JSON, or not of this form, with every fault.
    """
    content = _content(path)
    faults: list[Fault] = []
    if not isinstance(content, dict):
        faults.append(_fault(path.name, "the file", _shown(content), "an object with routes"))
        raise TableError(str(path), faults)
    routes = content.get("routes")
    if not isinstance(routes, list):
        faults.append(_fault(path.name, "routes", _shown(routes), "a list of routes"))
        routes = []
    truck = problem.vehicles[0].vehicle_id
    days = [_day(path.name, at, route, truck, faults) for at, route in enumerate(routes, 1)]
    cost, bound, gap = (
        _stated(path.name, content, name, faults) for name in ("cost", "bound", "gap")
    )
    if gap is not None and gap < 0:
        faults.append(_fault(path.name, "gap", _shown(gap), "a number of 0 or more, or null"))
    opened = _opened(path.name, content, faults)
    status = content.get("status") or ""
    if status and status not in STATUSES:
        known = f"{', '.join(STATUSES[:-1])} or {STATUSES[-1]}"
        faults.append(_fault(path.name, "status", _shown(status), f"{known}, or null"))
    if faults:
        raise TableError(str(path), faults[:MOST_FAULTS], len(faults))
    return RoutingSolution(
        plan=RoutingPlan(days=tuple(day for day in days if day is not None)),
        cost=cost,
        bound=bound,
        open_depots=opened,
        gap=gap,
        instance=str(content.get("instance") or ""),
        status=status,
    )


class _TwiceError(Exception):
    """A name stands twice in an object, so nobody can tell which value is meant."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


def _content(path: Path) -> Any:
    """What the JSON says; refused where it is none, or says one thing twice."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
        return json.loads(text, object_pairs_hook=_once)
    except UnicodeDecodeError:
        found, line = "not UTF-8", ""
    except json.JSONDecodeError as error:
        found, line = f"not JSON from column {error.colno} on", f" line {error.lineno}"
    except _TwiceError as error:
        found, line = f"not clear: {error.name} stands twice in one object", ""
    except RecursionError:
        found, line = "lists within lists without end", ""
    except ValueError:
        found, line = "not readable: a number has thousands of digits", ""
    fault = _fault(f"{path.name}{line}", "the file", found, "a solution as JSON in UTF-8")
    raise TableError(str(path), [fault])


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose names are all different."""
    made = dict(pairs)
    if len(made) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise _TwiceError(twice)
    return made


def _day(place: str, at: int, route: Any, truck: str, faults: list[Fault]) -> TruckDay | None:
    where = f"{place} route {at}"
    if not isinstance(route, dict):
        faults.append(_fault(where, "the route", _shown(route), "an object"))
        return None
    depot, customers = route.get("depot"), route.get("customers")
    fine = True
    if not _is_number(depot):
        faults.append(_fault(where, "depot", _shown(depot), "the number of a depot"))
        fine = False
    if not isinstance(customers, list):
        faults.append(_fault(where, "customers", _shown(customers), "a list of numbers"))
        return None
    for step, customer in enumerate(customers, 1):
        if not _is_number(customer):
            faults.append(
                _fault(where, f"customer {step}", _shown(customer), "the number of a customer")
            )
            fine = False
    if not fine:
        return None
    return TruckDay(depot=str(depot), vehicle=truck, trips=(tuple(map(str, customers)),))


def _stated(place: str, content: dict[str, Any], name: str, faults: list[Fault]) -> float | None:
    value = content.get(name)
    if value is None:
        return None
    fine = isinstance(value, int | float) and not isinstance(value, bool)
    if not fine or not abs(value) < MOST:  # a NaN is not below either
        faults.append(_fault(place, name, _shown(value), f"a number below {MOST:g}, or null"))
        return None
    return float(value)


def _opened(place: str, content: dict[str, Any], faults: list[Fault]) -> tuple[str, ...] | None:
    value = content.get("open_depots")
    if value is None:
        return None
    if not isinstance(value, list) or not all(map(_is_number, value)):
        faults.append(_fault(place, "open_depots", _shown(value), "a list of numbers"))
        return None
    return tuple(map(str, value))


def _is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _shown(value: Any) -> str:
    text = json.dumps(value)
    return "" if value is None else text if len(text) <= 40 else f"{text[:37]}..."


def _fault(place: str, thing: str, value: str, expectation: str) -> Fault:
    return Fault(place=place, object=thing, value=value, expectation=expectation)
