"""When trucks arrive, what they carry and what they cost, in exact figures."""

from __future__ import annotations

from collections.abc import Sequence

from comarca.freight.problem import FreightProblem, Vehicle
from comarca.freight.rounds import Rounds, TruckDay, Visit
from comarca.model.freight_plan import Route, Stop, Trip
from comarca.units import MIN_PER_H


def truck_costs(vehicle: Vehicle, distance_km: float, duty_h: float) -> tuple[float, float, float]:
    """Cost of a day by distance, by hours, and fixed, currency."""
    return distance_km * vehicle.cost_per_km, duty_h * vehicle.cost_per_h, vehicle.fixed_per_day


def rounds_cost(problem: FreightProblem, rounds: Rounds) -> float:
    """What the trucks of a base cost a working day, mean over days, currency."""
    return sum(route.mean_cost_per_day for route in timetable(problem, rounds))


def timetable(problem: FreightProblem, rounds: Rounds) -> tuple[Route, ...]:
    """Routes of a base with times and loads."""
    return tuple(
        _route(problem, rounds.base, number, day) for number, day in enumerate(rounds.days, start=1)
    )


def _route(problem: FreightProblem, base: int, number: int, day: TruckDay) -> Route:
    clock, trips = 0.0, []
    for visits in day.trips:
        trip = _trip(problem, base, clock + problem.loading_min, visits)
        clock = trip.end_min
        trips.append(trip)
    distance = sum(trip.distance_km for trip in trips)
    duty_h = clock / MIN_PER_H
    base_id = problem.bases[base].base_id
    first = problem.facilities[day.trips[0][0].facility].town
    return Route(
        route_id=f"{base_id}-{number}",
        base_id=base_id,
        vehicle_id=day.vehicle.vehicle_id,
        trips=tuple(trips),
        duty_h=duty_h,
        distance_km=distance,
        cost_per_day=sum(truck_costs(day.vehicle, distance, duty_h)),
        starts_min=problem.starts_at(base, first),
        every_days=day.every_days,
        first_day=day.first_day,
    )


def _trip(problem: FreightProblem, base: int, start_min: float, visits: Sequence[Visit]) -> Trip:
    home = problem.bases[base].town
    here, clock, distance, stops = home, start_min, 0.0, []
    load_t = start_load = sum(visit.loads[0] for visit in visits)
    load_m3 = sum(visit.loads[2] for visit in visits)
    for visit in visits:
        town = problem.facilities[visit.facility].town
        clock += float(problem.time_min[here, town])
        distance += float(problem.distance_km[here, town])
        load_t += visit.loads[1] - visit.loads[0]
        load_m3 += visit.loads[3] - visit.loads[2]
        stops.append(
            Stop(
                facility_id=problem.facilities[visit.facility].facility_id,
                arrive_min=clock,
                leave_min=clock + problem.stop_min,
                delivered_t=visit.loads[0],
                collected_t=visit.loads[1],
                load_t=load_t,
                load_m3=load_m3,
            )
        )
        clock += problem.stop_min
        here = town
    return Trip(
        start_min=start_min,
        end_min=clock + float(problem.time_min[here, home]),
        start_load_t=start_load,
        distance_km=distance + float(problem.distance_km[here, home]),
        stops=tuple(stops),
    )
