"""The plan and the region's own tables, and what is looked up in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from math import ceil, isclose
from typing import Any

import pandas as pd

from comarca.errors import ParameterError
from comarca.freight.judging.violations import Violation
from comarca.freight.params import FreightParams
from comarca.model.freight_plan import FreightPlan, Route, Trip, WorkerGroup, Workshop
from comarca.model.labour import LabourPools
from comarca.model.matrices import TravelMatrix
from comarca.model.prices import Prices
from comarca.model.region import Region
from comarca.units import MIN_PER_H

RELATIVE, ABSOLUTE = 1e-6, 1e-6
RANK = {"basic": 0, "secondary": 1, "higher": 2}
Row = Mapping[str, Any]


def exceeds(found: float, allowed: float) -> bool:
    """Tell whether a figure is above what is allowed by more than rounding."""
    return found > allowed + ABSOLUTE + RELATIVE * abs(allowed)


def differs(found: float, expected: float) -> bool:
    """Tell whether two figures differ by more than rounding."""
    return not isclose(found, expected, rel_tol=RELATIVE, abs_tol=ABSOLUTE)


def rows_by(table: pd.DataFrame | None, key: str) -> dict[str, Row]:
    """Rows of a table by the value of their key."""
    if table is None:
        raise ParameterError("the region lacks a table; complete it first.")
    return {str(row[key]): row for row in records(table)}


def records(table: pd.DataFrame) -> list[Row]:
    """Rows of a table, one mapping each."""
    return [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]


def is_given(value: Any) -> bool:
    """Tell whether a cell holds anything."""
    return not pd.isna(value)


class Lookups:
    """
    What every rule looks at.

    Parameters
    ----------
    region, pools, travel, prices, params, plan
        As :func:`comarca.freight.evaluate_plan` is given them.
    """

    def __init__(
        self,
        region: Region,
        pools: LabourPools,
        travel: TravelMatrix,
        prices: Prices,
        params: FreightParams,
        plan: FreightPlan,
    ) -> None:
        self.region, self.travel, self.prices = region, travel, prices
        self.params, self.plan = params, plan
        self.enterprises = rows_by(region.table("enterprises"), "enterprise_id")
        self.processes = rows_by(region.table("processes"), "process_id")
        self.vehicles = rows_by(region.table("vehicles"), "vehicle_id")
        self.facilities = rows_by(region.table("facilities"), "facility_id")
        self.pools = {
            (str(row["town_id"]), str(row["skill"]), str(row["kind"])): row
            for row in records(pools.frame)
        }
        courses = region.table("programmes")
        self.courses = {} if courses is None else rows_by(courses, "programme_id")
        places = region.table("institutions")
        self.institutions = {} if places is None else rows_by(places, "institution_id")
        self.workshops = {workshop.facility_id: workshop for workshop in plan.workshops}

    def _hired(self) -> Iterator[tuple[tuple[str, str, str], int]]:
        for workshop in self.plan.workshops:
            place = self.facilities.get(workshop.facility_id)
            town = workshop.town_id if place is None else str(place["town_id"])
            for group in workshop.groups:
                yield (town, group.skill, group.kind), group.workers

    def _learners(self) -> Iterator[tuple[Workshop, WorkerGroup]]:
        for workshop in self.plan.workshops:
            for group in workshop.groups:
                if group.programme_id is not None:
                    yield workshop, group

    def _skill_at_work(self, group: WorkerGroup) -> str:
        course = self.courses.get(str(group.programme_id))
        return group.skill if course is None else str(course["skill"])

    def _way_to_course(self, workshop: Workshop, course: Row) -> float:
        """Minutes to the institution; 0 where the course comes to the learner."""
        teacher = course["institution_id"]
        if course["is_distance"] or not is_given(teacher):
            return 0.0
        return self._minutes(self._town(workshop), str(self.institutions[str(teacher)]["town_id"]))

    def _trips(self) -> Iterator[tuple[Route, Trip]]:
        for route in self.plan.routes:
            for trip in route.trips:
                yield route, trip

    def _stops(self) -> Iterator[Any]:
        for _, trip in self._trips():
            yield from trip.stops

    def _fewest_visits(self, workshop: Workshop) -> int | None:
        """Of the truck that holds most among those that get there and back; ``None`` if none."""
        process = self.processes[workshop.process_id]
        waiting = self._input_t(workshop) * workshop.visit_every_days
        tonnes = waiting * max(1.0, float(process["output_share"]))
        volume = tonnes / float(process["density_t_per_m3"])
        counts = [
            ceil(max(tonnes / truck["payload_t"], volume / truck["volume_m3"]) - RELATIVE)
            for truck in self._trucks_of(workshop.base_id)
            if not exceeds(self._there_and_back(workshop), float(truck["shift_h"]) * MIN_PER_H)
        ]
        return max(min(counts), 1) if counts else None

    def _trucks_of(self, base: str) -> list[Row]:
        return [
            truck
            for truck in self.vehicles.values()
            if not is_given(truck["base"]) or str(truck["base"]) == base
        ]

    def _there_and_back(self, workshop: Workshop) -> float:
        """Loading, out, one visit and back, minutes."""
        home, town = self._home(workshop.base_id), self._town(workshop)
        handling = self.params.loading_min + self.params.stop_min
        return self._minutes(home, town) + self._minutes(town, home) + handling

    def _input_t(self, workshop: Workshop) -> float:
        hours = workshop.workers * self.prices.hours_per_day
        return float(hours / self.processes[workshop.process_id]["labour_h_per_t"])

    def _on_board(self, trip: Trip) -> list[tuple[float, float]]:
        """Tonnes and cubic metres on leaving the base and each stop."""
        density = [
            float(self.processes[self.workshops[stop.facility_id].process_id]["density_t_per_m3"])
            for stop in trip.stops
        ]
        tonnes = sum(stop.delivered_t for stop in trip.stops)
        volume = sum(
            stop.delivered_t / dense for stop, dense in zip(trip.stops, density, strict=True)
        )
        states = [(tonnes, volume)]
        for stop, dense in zip(trip.stops, density, strict=True):
            change = stop.collected_t - stop.delivered_t
            tonnes, volume = tonnes + change, volume + change / dense
            states.append((tonnes, volume))
        return states

    def _clock(self, route: Route, trip: Trip, start: float) -> Iterator[tuple[float, float]]:
        """Stated and right moments of a trip; each right one follows from the stated one before."""
        yield trip.start_min, start
        here, leave = self._home(route.base_id), trip.start_min
        for stop in trip.stops:
            town = self._town(self.workshops[stop.facility_id])
            yield stop.arrive_min, leave + self._minutes(here, town)
            yield stop.leave_min, stop.arrive_min + self.params.stop_min
            here, leave = town, stop.leave_min
        yield trip.end_min, leave + self._minutes(here, self._home(route.base_id))

    def _places(self, route: Route, trip: Trip) -> list[str]:
        home = self._home(route.base_id)
        towns = [self._town(self.workshops[stop.facility_id]) for stop in trip.stops]
        return [home, *towns, home]

    def _town(self, workshop: Workshop) -> str:
        return str(self.facilities[workshop.facility_id]["town_id"])

    def _home(self, base: str) -> str:
        return str(self.enterprises[base]["town_id"])

    def _minutes(self, here: str, there: str) -> float:
        return self._travel(self.travel.time_min, here, there)

    def _km(self, here: str, there: str) -> float:
        return self._travel(self.travel.distance_km, here, there)

    def _travel(self, matrix: Any, here: str, there: str) -> float:
        if here == there:
            return 0.0
        at, to = self.travel.positions([here, there])
        return float(matrix[at, to])

    def _at(self, workshop: Workshop, rule: str, found: str, allowed: str) -> Violation:
        return Violation(rule=rule, where=workshop.facility_id, found=found, allowed=allowed)

    def _on(self, route: Route, rule: str, found: str, allowed: str) -> Violation:
        return Violation(rule=rule, where=route.route_id, found=found, allowed=allowed)

    def _route_costs(self, route: Route) -> dict[str, float]:
        truck = self.vehicles[route.vehicle_id]
        km = hours = 0.0
        for trip in route.trips:
            places = self._places(route, trip)
            for here, there in pairwise(places):
                km += self._km(here, there)
                hours += self._minutes(here, there) / MIN_PER_H
            handling = self.params.loading_min + len(trip.stops) * self.params.stop_min
            hours += handling / MIN_PER_H
        return {
            "distance": km * float(truck["cost_per_km"]),
            "hours on duty": hours * float(truck["cost_per_h"]),
            "trucks": float(truck["fixed_per_day"]),
        }
