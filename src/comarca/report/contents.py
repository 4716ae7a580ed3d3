"""
The plan as tables: what the page, the document and the workbook show alike.

Rows are those of the plan, put in order and joined with names; nothing is computed but sums a
reader could check by eye.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

from comarca.model.freight_plan import Route, Stop, Workshop
from comarca.model.partition import Area, Partition
from comarca.model.plan import Plan
from comarca.report import cards, money_tables, place_tables, source_tables, words, work_tables
from comarca.report.names import Names
from comarca.report.road_legs import legs_along_roads
from comarca.report.tables import Table

if TYPE_CHECKING:
    from comarca.travel import roads

_MOST_TIMES = 4  # of a day's visits that are told one by one


@dataclass(frozen=True, eq=False)
class Visit:
    """A stop of a truck: its route, the number of its trip from 1, and the stop."""

    route: Route
    trip: int
    stop: Stop

    @property
    def comes_min(self) -> float:
        """When the truck comes, minutes after midnight."""
        return self.route.starts_min + self.stop.arrive_min

    @property
    def leaves_min(self) -> float:
        """When it leaves, minutes after midnight."""
        return self.route.starts_min + self.stop.leave_min


@dataclass(frozen=True, eq=False)
class Contents:
    """
    Every table of the plan.

    Parameters
    ----------
    plan
        Whose figures are shown.
    """

    plan: Plan

    @cached_property
    def names(self) -> Names:
        """Names by id."""
        return Names(self.plan)

    @property
    def currency(self) -> str:
        """Of every amount."""
        return self.plan.region.currency

    def tables(self) -> tuple[Table, ...]:
        """All of them, in the order of the workbook."""
        return (
            self.towns,
            self.areas,
            self.workshops,
            self.ties,
            self.processes,
            self.training,
            self.fleet,
            self.routes,
            self.terms,
            self.ledgers,
            self.cost_to_serve,
            self.break_even,
            self.reach,
            self.assumed,
            self.sources,
        )

    @cached_property
    def workshops_of(self) -> Mapping[str, tuple[Workshop, ...]]:
        """Workshops by town, only towns that have any."""
        found: dict[str, list[Workshop]] = {}
        for workshop in self.plan.freight.workshops:
            found.setdefault(workshop.town_id, []).append(workshop)
        return {town: tuple(workshops) for town, workshops in found.items()}

    def visits_of(self, facility_id: str) -> tuple[Visit, ...]:
        """Visits of trucks to a facility, as the day goes; none where no truck comes."""
        return self._visits.get(facility_id, ())

    @cached_property
    def _visits(self) -> Mapping[str, tuple[Visit, ...]]:
        found: dict[str, list[Visit]] = {}
        for route in self.plan.freight.routes:
            for number, trip in enumerate(route.trips, start=1):
                for stop in trip.stops:
                    visit = Visit(route, number, stop)
                    found.setdefault(stop.facility_id, []).append(visit)
        return {
            facility: tuple(sorted(visits, key=lambda visit: visit.comes_min))
            for facility, visits in found.items()
        }

    @cached_property
    def base_towns(self) -> frozenset[str]:
        """Towns in which a base stands that sends work out."""
        return frozenset(self.names.base_town(base) for base in self.plan.freight.bases)

    @cached_property
    def towns_by_name(self) -> tuple[str, ...]:
        """Ids of all towns in the order of their names."""
        names = self.names.towns
        return tuple(sorted(names, key=lambda town: (names[town].casefold(), town)))

    def area_of(self, partition: Partition, town_id: str) -> Area | None:
        """Area a town lies in."""
        area_id = partition.area_of.get(town_id)
        return self._areas[partition.origin][area_id] if area_id is not None else None

    @cached_property
    def _areas(self) -> Mapping[str, Mapping[str, Area]]:
        both = (self.plan.areas, self.plan.freight.partition)
        return {part.origin: {area.area_id: area for area in part.areas} for part in both}

    def arrivals(self, facility_id: str) -> str | None:
        """When the truck comes to a facility, as text."""
        visits = self.visits_of(facility_id)
        told = [words.time_of_day(visit.comes_min) for visit in visits]
        if not told:
            return None
        if len(told) > _MOST_TIMES:
            return f"{len(told)} times, {told[0]} to {told[-1]}"
        return f"{', '.join(told)}{self._days_of(visits)}"

    @staticmethod
    def _days_of(visits: Sequence[Visit]) -> str:
        """On which days, where that is not every day."""
        days = {words.driven(v.route.every_days, v.route.first_day) for v in visits}
        return "" if days == {words.driven(1, 1)} else f" {', '.join(sorted(days))}"

    @cached_property
    def town_of_facility(self) -> Mapping[str, str]:
        """Town of each facility that has a workshop."""
        return {shop.facility_id: shop.town_id for shop in self.plan.freight.workshops}

    @cached_property
    def truck_stops(self) -> Sequence[tuple[str, int, list[str]]]:
        """Route, number of the trip from 1, and its towns in order from base to base."""
        trips = []
        for route in self.plan.freight.routes:
            seat = self.names.base_town(route.base_id)
            for number, trip in enumerate(route.trips, start=1):
                stops = [self.town_of_facility.get(stop.facility_id, "") for stop in trip.stops]
                trips.append((route.route_id, number, [seat, *stops, seat]))
        return trips

    @cached_property
    def truck_ways(self) -> Mapping[tuple[str, str], roads.RoadRoute]:
        """The way of each leg of the trucks along the region's roads; empty without roads."""
        legs = {leg for _, _, towns in self.truck_stops for leg in pairwise(towns)}
        return legs_along_roads(self.plan, legs)

    @cached_property
    def towns(self) -> Table:
        """One row a town, the largest first."""
        return place_tables.towns(self)

    @cached_property
    def areas(self) -> Table:
        """One row an area of either kind."""
        return place_tables.areas(self)

    @cached_property
    def workshops(self) -> Table:
        """One row a workshop."""
        return work_tables.workshops(self)

    @cached_property
    def ties(self) -> Table:
        """One row a town that works for a base."""
        return work_tables.ties(self)

    @cached_property
    def processes(self) -> Table:
        """The work that bases could send out."""
        return work_tables.processes(self)

    @cached_property
    def training(self) -> Table:
        """One row for each group of learners of a workshop."""
        return work_tables.training(self)

    @cached_property
    def workshop_cards(self) -> tuple[Table, ...]:
        """What each workshop is told of itself."""
        return cards.workshop_cards(self)

    @cached_property
    def base_cards(self) -> tuple[Table, ...]:
        """What each base is told of itself."""
        return cards.base_cards(self)

    @cached_property
    def truck_days(self) -> tuple[Table, ...]:
        """The day of each truck."""
        return cards.truck_days(self)

    @cached_property
    def fleet(self) -> Table:
        """One row a truck."""
        return work_tables.fleet(self)

    @cached_property
    def routes(self) -> Table:
        """The timetable: a row for each departure, stop and return."""
        return work_tables.routes(self)

    @cached_property
    def ledgers(self) -> Table:
        """The tidy ledgers with the names of towns."""
        return money_tables.ledgers(self)

    @cached_property
    def cost_to_serve(self) -> Table:
        """Cost of a worker-day by town, regime and component."""
        return money_tables.cost_to_serve(self)

    @cached_property
    def break_even(self) -> Table:
        """Break-even labour intensity by process and town."""
        return money_tables.break_even(self)

    @cached_property
    def reach(self) -> Table:
        """What lies within a commute and within a truck's shift."""
        return money_tables.reach(self)

    @cached_property
    def terms(self) -> Table:
        """What the value is made of."""
        return money_tables.terms(self)

    @cached_property
    def assumed(self) -> Table:
        """Every default that was relied on, those without a source first marked."""
        return source_tables.assumed(self)

    @cached_property
    def sources(self) -> Table:
        """Where the data come from and what the plan was computed with."""
        return source_tables.sources(self)

    def areas_of(self, origin: str) -> Table:
        """Areas of one kind, without the figures that only the other kind has."""
        return place_tables.areas_of(self, origin)
