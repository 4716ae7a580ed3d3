"""
What each workshop really adds to the rounds of its base.

These figures steer the search; nothing is proven from them.
"""

from __future__ import annotations

from comarca.freight.problem import FreightProblem, Vehicle
from comarca.freight.rounds import Rounds, Visit
from comarca.units import MIN_PER_H


def savings(problem: FreightProblem, rounds: Rounds) -> dict[int, float]:
    """
    What leaving out each facility would save, currency a working day, by facility.

    Parameters
    ----------
    problem
        Where the trucks drive.
    rounds
        Of one base.
    """
    saved: dict[int, float] = {}
    home = problem.bases[rounds.base].town
    for day in rounds.days:
        served = {visit.facility for trip in day.trips for visit in trip}
        for trip in day.trips:
            places = [home, *(_town(problem, visit) for visit in trip), home]
            for number, visit in enumerate(trip, start=1):
                before, here, after = places[number - 1 : number + 2]
                change = _leg(problem, day.vehicle, before, here)
                change += _leg(problem, day.vehicle, here, after)
                change += problem.stop_min * day.vehicle.cost_per_h / MIN_PER_H
                if len(trip) == 1:
                    change += problem.loading_min * day.vehicle.cost_per_h / MIN_PER_H
                else:
                    change -= _leg(problem, day.vehicle, before, after)
                if len(served) == 1:
                    change += day.vehicle.fixed_per_day / len(day.trips)
                per_day = max(float(change), 0.0) / day.every_days
                saved[visit.facility] = saved.get(visit.facility, 0.0) + per_day
    return saved


def _town(problem: FreightProblem, visit: Visit) -> int:
    return problem.facilities[visit.facility].town


def _leg(problem: FreightProblem, truck: Vehicle, origin: int, destination: int) -> float:
    minutes = float(problem.time_min[origin, destination])
    km = float(problem.distance_km[origin, destination])
    return minutes * truck.cost_per_h / MIN_PER_H + km * truck.cost_per_km
