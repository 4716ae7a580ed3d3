"""
The rounds of one base's trucks, searched by PyVRP.

What every workshop takes and gives back is fixed here, and how often; the bases are independent. A
workshop whose goods exceed the best truck is visited several times with equal parts. A workshop may
be left out when serving it costs more than it brings (its prize), and all of its visits go with it.

A truck's day is repeated as often as the workshops it visits want, so those that want visits every
*k* days have rounds of their own, searched for each *k*; of few trucks, those wanted more often
are given out first.

PyVRP counts in whole numbers: metres, seconds, grams and millilitres. Times and loads are rounded
up and limits down, so that what it finds feasible is feasible in the exact figures.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil, floor
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from comarca.freight.problem import ROUNDING, Demand, FreightProblem, Vehicle
from comarca.freight.working_days import WorkingDays
from comarca.units import KG_PER_T, M_PER_KM, MIN_PER_H, SECONDS_PER_MIN

if TYPE_CHECKING:
    import pyvrp

G_PER_T = 1_000.0 * KG_PER_T
ML_PER_M3 = 1e6
# Whole costs of the dearer of a metre and a second. With far more, costs outgrow the largest
# penalty PyVRP gives an overload, and its search no longer finds plans that hold.
UNIT_COST = 5_000
NO_WAY = 10**8  # longer than any shift in seconds: a truck cannot take it
PRIZE_CAP = 300  # prizes stay within three orders of magnitude of journeys


@dataclass(frozen=True)
class Visit:
    """One stop: facility and delivered t, collected t, delivered m3, collected m3."""

    facility: int
    loads: tuple[float, float, float, float]


@dataclass(frozen=True)
class TruckDay:
    """
    A truck of a type, and its trips in order.

    It is driven on working days ``first_day``, ``first_day + every_days`` and so on.
    """

    vehicle: Vehicle
    trips: tuple[tuple[Visit, ...], ...]
    every_days: int = 1
    first_day: int = 1


@dataclass(frozen=True)
class Rounds:
    """What the trucks of one base do, and the facilities they leave out."""

    base: int
    days: tuple[TruckDay, ...]
    left_out: frozenset[int]


def make_rounds(
    problem: FreightProblem,
    base: int,
    demands: Mapping[int, Demand],
    prizes: Mapping[int, float],
    *,
    iterations: int,
    seed: int,
    begin: Rounds | None = None,
) -> Rounds:
    """
    Search the cheapest rounds of a base.

    Parameters
    ----------
    problem, base
        Where trucks start.
    demands
        By facility: goods of a visit, and how many visits how often.
    prizes
        By facility: what serving it brings, currency per working day; above 0.
    iterations, seed
        Of the search; the same give the same rounds.
    begin
        Rounds of the same demands to start from, in place of far visits first.
    """
    waits = sorted({demand.every_days for demand in demands.values()})
    calendar = WorkingDays(waits)
    days: list[TruckDay] = []
    left_out: frozenset[int] = frozenset()
    for wait in waits:
        mine = {at: demand for at, demand in demands.items() if demand.every_days == wait}
        fleet = _fleet_on(problem, base, calendar, wait)
        worth = {at: wait * prizes[at] for at in mine}
        known = [day for day in begin.days if day.every_days == wait] if begin else []
        made = _rounds_of(problem, fleet, base, mine, worth, iterations, seed, known)
        left_out |= made.left_out
        days += on_working_days(made.days, wait, calendar)
    return Rounds(base, tuple(days), left_out)


def _fleet_on(
    problem: FreightProblem, base: int, calendar: WorkingDays, every_days: int
) -> list[Vehicle]:
    """Types with as many trucks as may still be given out, on the same first day or others."""
    fleet = [
        replace(truck, number=calendar.places(truck.vehicle_id, truck.number, every_days))
        for truck in problem.fleet(base)
    ]
    return [truck for truck in fleet if truck.number >= 1]


def on_working_days(
    days: Iterable[TruckDay], every_days: int, calendar: WorkingDays
) -> Iterator[TruckDay]:
    """Give each truck's day its first working day."""
    for day in days:
        first = calendar.add(day.vehicle.vehicle_id, every_days)
        yield replace(day, every_days=every_days, first_day=first)


def _rounds_of(
    problem: FreightProblem,
    fleet: Sequence[Vehicle],
    base: int,
    demands: Mapping[int, Demand],
    prizes: Mapping[int, float],
    iterations: int,
    seed: int,
    known: Sequence[TruckDay],
) -> Rounds:
    """Rounds of the days on which these workshops are visited; prizes are of such a day."""
    left_out = frozenset() if fleet else frozenset(demands)
    while True:
        visits = [
            Visit(at, demand.loads)
            for at, demand in demands.items()
            if at not in left_out
            for _ in range(demand.visits)
        ]
        if not visits:
            return Rounds(base, (), left_out)
        days = _search(problem, fleet, base, visits, prizes, iterations, seed, known)
        served = _visit_counts(visit for day in days for trip in day.trips for visit in trip)
        asked = _visit_counts(visits)
        missed = {at for at, count in asked.items() if served.get(at, 0) < count}
        left_out |= missed
        known = ()
        # A workshop served in part is not served: plan again without it.
        if not any(at in served for at in missed):
            return Rounds(base, days, left_out)


def _visit_counts(visits: Iterable[Visit]) -> dict[int, int]:
    counts: dict[int, int] = {}
    for visit in visits:
        counts[visit.facility] = counts.get(visit.facility, 0) + 1
    return counts


def _search(
    problem: FreightProblem,
    fleet: Sequence[Vehicle],
    base: int,
    visits: Sequence[Visit],
    prizes: Mapping[int, float],
    iterations: int,
    seed: int,
    known: Sequence[TruckDay],
) -> tuple[TruckDay, ...]:
    import pyvrp
    from pyvrp.stop import MaxIterations

    data = _instance(problem, base, fleet, visits, prizes)
    first = _known_solution(fleet, visits, known, data)
    if first is None:
        first = _first_solution(problem, base, fleet, visits, data)
    result = pyvrp.solve(
        data,
        MaxIterations(iterations),
        seed=seed,
        collect_stats=False,
        display=False,
        initial_solution=first,
    )
    if not result.is_feasible():
        return ()
    return tuple(
        TruckDay(_as_given(problem, fleet[route.vehicle_type()]), _trips(route, visits))
        for route in result.best.routes()
        if route.num_clients()
    )


def _as_given(problem: FreightProblem, vehicle: Vehicle) -> Vehicle:
    """The type of truck with the number there is, not the number still free."""
    return next(v for v in problem.vehicles if v.vehicle_id == vehicle.vehicle_id)


def _known_solution(
    fleet: Sequence[Vehicle],
    visits: Sequence[Visit],
    known: Sequence[TruckDay],
    data: pyvrp.ProblemData,
) -> pyvrp.Solution | None:
    """Rounds made before, where they still hold; ``None`` where there are none, or they do not."""
    import pyvrp

    numbers: dict[int, list[int]] = {}
    for number, visit in enumerate(visits):
        numbers.setdefault(visit.facility, []).append(number)
    kinds = {truck.vehicle_id: kind for kind, truck in enumerate(fleet)}
    reload = pyvrp.Activity(pyvrp.ActivityType.DEPOT, 0)
    routes = []
    for day in known:
        activities: list[pyvrp.Activity] = []
        for trip in day.trips:
            activities += [reload] if activities else []
            for visit in trip:
                if not numbers.get(visit.facility):
                    return None
                number = numbers[visit.facility].pop(0)
                activities.append(pyvrp.Activity(pyvrp.ActivityType.CLIENT, number))
        if day.vehicle.vehicle_id not in kinds:
            return None
        routes.append(pyvrp.Route(data, activities, kinds[day.vehicle.vehicle_id]))
    solution = pyvrp.Solution(data, routes)
    return solution if routes and solution.is_feasible() else None


def _first_solution(
    problem: FreightProblem,
    base: int,
    fleet: Sequence[Vehicle],
    visits: Sequence[Visit],
    data: pyvrp.ProblemData,
) -> pyvrp.Solution:
    """
    Far visits first, each where it costs least: on a trip, on a new trip, or on a new truck.

    Feasible, so the search stays so; a visit that fits nowhere is left out.
    """
    import pyvrp

    home = problem.bases[base].town
    towns = [problem.facilities[visit.facility].town for visit in visits]
    far = sorted(range(len(visits)), key=lambda at: (-problem.time_min[home, towns[at]], at))
    left = [min(truck.number, len(visits)) for truck in fleet]
    routes: list[tuple[pyvrp.Route, list[pyvrp.Activity]]] = []
    for number in far:
        best = min(
            _ways_to_add(data, number, routes, left),
            key=lambda way: (way[0], way[1]),
            default=None,
        )
        if best is None:
            continue
        _, at, route, activities = best
        if at == len(routes):
            left[route.vehicle_type()] -= 1
            routes.append((route, activities))
        else:
            routes[at] = (route, activities)
    return pyvrp.Solution(data, [route for route, _ in routes])


def _ways_to_add(
    data: pyvrp.ProblemData,
    number: int,
    routes: Sequence[tuple[pyvrp.Route, list[pyvrp.Activity]]],
    left: Sequence[float],
) -> Iterator[tuple[float, int, pyvrp.Route, list[pyvrp.Activity]]]:
    """What each way costs, the position of its route, and the route it makes."""
    import pyvrp

    visit = pyvrp.Activity(pyvrp.ActivityType.CLIENT, number)
    reload = pyvrp.Activity(pyvrp.ActivityType.DEPOT, 0)
    for at, (route, activities) in enumerate(routes):
        for grown in ([*activities, visit], [*activities, reload, visit]):
            longer = pyvrp.Route(data, grown, route.vehicle_type())
            if longer.is_feasible():
                yield _cost(longer) - _cost(route), at, longer, grown
    for kind, count in enumerate(left):
        if count >= 1:
            alone = pyvrp.Route(data, [visit], kind)
            if alone.is_feasible():
                yield _cost(alone), len(routes), alone, [visit]


def _cost(route: pyvrp.Route) -> float:
    return float(route.distance_cost() + route.duration_cost() + route.fixed_vehicle_cost())


def _trips(route: pyvrp.Route, visits: Sequence[Visit]) -> tuple[tuple[Visit, ...], ...]:
    trips: list[list[Visit]] = [[]]
    for activity in route.schedule():
        if activity.is_client():
            trips[-1].append(visits[activity.idx])
        elif trips[-1]:
            trips.append([])
    return tuple(tuple(trip) for trip in trips if trip)


def _instance(
    problem: FreightProblem,
    base: int,
    fleet: Sequence[Vehicle],
    visits: Sequence[Visit],
    prizes: Mapping[int, float],
) -> pyvrp.ProblemData:
    import pyvrp

    home = problem.bases[base].town
    places = [home, *(problem.facilities[visit.facility].town for visit in visits)]
    block = np.ix_(places, places)
    metres = _whole(problem.distance_km[block] * M_PER_KM)
    seconds = _whole(problem.time_min[block] * SECONDS_PER_MIN)
    no_way = (metres >= NO_WAY) | (seconds >= NO_WAY)
    metres[no_way] = seconds[no_way] = NO_WAY
    scale = _cost_scale(fleet)
    parts = _visit_counts(visits)
    cap = PRIZE_CAP * _dearest_journey(problem, base, fleet, visits)
    clients = [
        pyvrp.Client(
            location=number,
            delivery=_load(visit.loads[0], visit.loads[2]),
            pickup=_load(visit.loads[1], visit.loads[3]),
            service_duration=_up(problem.stop_min * SECONDS_PER_MIN),
            tw_early=_up(problem.open_min * SECONDS_PER_MIN),
            tw_late=floor((problem.close_min - problem.stop_min) * SECONDS_PER_MIN + ROUNDING),
            prize=round(min(prizes[visit.facility] / parts[visit.facility], cap) * scale),
            required=False,
        )
        for number, visit in enumerate(visits, start=1)
    ]
    depot = pyvrp.Depot(0, service_duration=_up(problem.loading_min * SECONDS_PER_MIN))
    return pyvrp.ProblemData(
        [pyvrp.Location(0, 0) for _ in places],
        clients,
        [depot],
        [_vehicle_type(problem, vehicle, len(visits), scale) for vehicle in fleet],
        [metres],
        [seconds],
    )


def _vehicle_type(
    problem: FreightProblem, vehicle: Vehicle, n_visits: int, scale: float
) -> pyvrp.VehicleType:
    import pyvrp

    return pyvrp.VehicleType(
        num_available=int(min(vehicle.number, n_visits)),
        capacity=[
            floor(vehicle.payload_t * G_PER_T + ROUNDING),
            floor(vehicle.volume_m3 * ML_PER_M3 + ROUNDING),
        ],
        fixed_cost=round(vehicle.fixed_per_day * scale),
        tw_early=_up(problem.start_min * SECONDS_PER_MIN),
        shift_duration=floor(vehicle.shift_min * SECONDS_PER_MIN + ROUNDING),
        unit_distance_cost=round(vehicle.cost_per_km / M_PER_KM * scale),
        unit_duration_cost=round(vehicle.cost_per_h / MIN_PER_H / SECONDS_PER_MIN * scale),
        reload_depots=[0],
    )


def _cost_scale(fleet: Sequence[Vehicle]) -> float:
    """Whole costs in one unit of currency."""
    units = [vehicle.cost_per_km / M_PER_KM for vehicle in fleet]
    units += [vehicle.cost_per_h / MIN_PER_H / SECONDS_PER_MIN for vehicle in fleet]
    return UNIT_COST / (max(units) or 1.0)


def _dearest_journey(
    problem: FreightProblem, base: int, fleet: Sequence[Vehicle], visits: Sequence[Visit]
) -> float:
    """Cost of serving the dearest visit alone with the dearest truck, currency."""
    home = problem.bases[base].town
    dearest = 0.0
    for town in {problem.facilities[visit.facility].town for visit in visits}:
        km = problem.distance_km[home, town] + problem.distance_km[town, home]
        hours = problem.round_trip_min(base, town) / MIN_PER_H
        for truck in fleet:
            cost = truck.fixed_per_day + hours * truck.cost_per_h + km * truck.cost_per_km
            dearest = max(dearest, float(cost))
    return dearest


def _load(tonnes: float, cubic_metres: float) -> list[int]:
    return [_up(tonnes * G_PER_T), _up(cubic_metres * ML_PER_M3)]


def _up(value: float) -> int:
    return ceil(value - ROUNDING)


def _whole(values: NDArray[np.float64]) -> Any:
    return np.ceil(np.minimum(values, NO_WAY) - ROUNDING).astype(np.int64)
