"""Workshops, ties, processes and trucks as tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from comarca.model.freight_plan import Route, Trip, Workshop
from comarca.model.matrices import SKILLS
from comarca.report import words
from comarca.report.tables import Column, Table

if TYPE_CHECKING:
    from comarca.report.contents import Contents

_MOST_ROADS = 4  # of a leg that are told by name


def workshops(contents: Contents) -> Table:
    """One row a workshop."""
    columns = (
        Column("Town code", "code"),
        Column("Town"),
        Column("Process"),
        Column("Base"),
        Column("Workers", "count", "persons"),
        *(Column(f"Workers, {skill}", "count", "persons") for skill in SKILLS),
        Column("Their skills"),
        Column("Who they are now"),
        Column("Learners", "count", "persons"),
        Column("Goods in", "number", "t/day"),
        Column("Goods out", "number", "t/day"),
        Column("Truck arrives"),
        Column("Visit every", "count", "working days"),
        Column("Premises", "code"),
        Column("Floor", "number", "m²"),
        Column("Renovation", "money", contents.currency),
        Column("Rent", "money", f"{contents.currency}/year"),
    )
    rows = sorted(
        (_workshop_row(contents, workshop) for workshop in contents.plan.freight.workshops),
        key=lambda row: (row[3], row[1].casefold(), row[15]),
    )
    return Table("Workshops", "Workshops", columns, tuple(rows), currency=contents.currency)


def _workshop_row(contents: Contents, workshop: Workshop) -> tuple[Any, ...]:
    by_skill = dict.fromkeys(SKILLS, 0)
    by_kind: dict[str, int] = {}
    for group in workshop.groups:
        by_skill[group.skill] += group.workers
        by_kind[group.kind] = by_kind.get(group.kind, 0) + group.workers
    facilities, place = contents.names.facilities, workshop.facility_id

    def premises(column: str) -> Any:
        return contents.names.value("facilities", facilities, place, column, workshop.town_id)

    return (
        workshop.town_id,
        contents.names.town(workshop.town_id),
        contents.names.process(workshop.process_id),
        contents.names.base(workshop.base_id),
        workshop.workers,
        *by_skill.values(),
        ", ".join(f"{count} {skill}" for skill, count in by_skill.items() if count),
        ", ".join(f"{count} {WORKER_KINDS[kind]}" for kind, count in by_kind.items()),
        workshop.learners,
        workshop.input_t_per_day,
        workshop.output_t_per_day,
        contents.arrivals(place),
        workshop.visit_every_days,
        place,
        premises("floor_m2"),
        premises("renovation_cost"),
        premises("annual_rent"),
    )


def ties(contents: Contents) -> Table:
    """One row a town that works for a base."""
    columns = (
        Column("Town code", "code"),
        Column("Town"),
        Column("Base"),
        Column("Town of the base"),
        Column("Workshop jobs", "count", "jobs"),
        Column("Goods in", "number", "t/day"),
        Column("Goods out", "number", "t/day"),
        Column("Truck arrives"),
    )
    rows: list[tuple[Any, ...]] = []
    for town, workshops in sorted(contents.workshops_of.items()):
        base = workshops[0].base_id
        seat = contents.names.base_town(base)
        jobs = sum(shop.workers for shop in workshops)
        goods_in = sum(shop.input_t_per_day for shop in workshops)
        goods_out = sum(shop.output_t_per_day for shop in workshops)
        comes = ", ".join(filter(None, (contents.arrivals(shop.facility_id) for shop in workshops)))
        rows.append(
            (
                town,
                contents.names.town(town),
                contents.names.base(base),
                contents.names.town(seat),
                jobs,
                goods_in,
                goods_out,
                comes or None,
            )
        )
    return Table("Ties", "Towns tied by freight", columns, tuple(rows), currency=contents.currency)


def processes(contents: Contents) -> Table:
    """The work that bases could send out."""
    columns = (
        Column("Process"),
        Column("Base"),
        Column("Labour", "number", "h/t"),
        Column("May leave the base", "number", "t/day"),
        Column("Given back", "number", "t/t"),
        Column("Density", "number", "t/m³"),
        Column("Skill"),
        Column("Wage", "money", f"{contents.currency}/h"),
        Column("Floor", "number", "m²/worker"),
        Column("Least workers", "count", "persons"),
    )
    fields = ("labour_h_per_t", "input_t_per_day", "output_share", "density_t_per_m3", "skill")
    needs = ("wage_per_h", "m2_per_worker", "min_workers")
    rows: list[tuple[Any, ...]] = []
    for process in contents.names.processes.index:
        base = str(contents.names.processes.loc[process, "enterprise_id"])
        values = (
            contents.names.value("processes", contents.names.processes, process, field)
            for field in (*fields, *needs)
        )
        rows.append((contents.names.process(process), contents.names.base(base), *values))
    title = "Work that could be sent out"
    return Table("Processes", title, columns, tuple(rows), currency=contents.currency)


def fleet(contents: Contents) -> Table:
    """One row a truck."""
    columns = (
        Column("Route", "code"),
        Column("Vehicle"),
        Column("Payload", "number", "t"),
        Column("Base"),
        Column("Driven"),
        Column("Shift begins", "clock"),
        Column("Trips", "count"),
        Column("Stops", "count"),
        Column("Distance", "number", "km/day"),
        Column("On duty", "number", "h"),
        Column("Cost", "money", f"{contents.currency}/day"),
    )
    vehicles, value = contents.names.vehicles, contents.names.value
    rows = tuple(
        (
            route.route_id,
            contents.names.vehicle(route.vehicle_id),
            value("vehicles", vehicles, route.vehicle_id, "payload_t"),
            contents.names.base(route.base_id),
            words.driven(route.every_days, route.first_day),
            route.starts_min,
            len(route.trips),
            sum(len(trip.stops) for trip in route.trips),
            route.distance_km,
            route.duty_h,
            route.cost_per_day,
        )
        for route in contents.plan.freight.routes
    )
    note = "Distance, hours and cost are of a day on which the truck drives."
    return Table("Fleet", "Trucks", columns, rows, note, contents.currency)


def training(contents: Contents) -> Table:
    """One row for each group of learners of a workshop."""
    columns = (
        Column("Programme"),
        Column("Town"),
        Column("Process"),
        Column("Learners", "count", "persons"),
        Column("Skill today"),
        Column("Skill after it"),
        Column("Teaching", "number", "h"),
        Column("Cost of a learner", "money", contents.currency),
        Column("Places", "count", "persons"),
        Column("Premises", "code"),
    )
    courses, value = contents.names.programmes, contents.names.value
    rows = tuple(
        (
            value("programmes", courses, group.programme_id, "name"),
            contents.names.town(shop.town_id),
            contents.names.process(shop.process_id),
            group.workers,
            group.skill,
            *(
                value("programmes", courses, group.programme_id, column)
                for column in ("skill", "hours", "cost_per_learner", "capacity")
            ),
            shop.facility_id,
        )
        for shop in contents.plan.freight.workshops
        for group in shop.groups
        if group.programme_id is not None
    )
    title = "Who learns what before a workshop opens"
    return Table("Training", title, columns, rows, currency=contents.currency)


def routes(contents: Contents) -> Table:
    """The timetable: a row for each departure, stop and return."""
    columns = (
        Column("Route", "code"),
        Column("Vehicle"),
        Column("Base"),
        Column("Driven"),
        Column("Trip", "count"),
        Column("Place"),
        Column("Arrives", "clock"),
        Column("Leaves", "clock"),
        Column("Set down", "number", "t"),
        Column("Taken up", "number", "t"),
        Column("On board", "number", "t"),
        Column("Volume on board", "number", "m³"),
        *([Column("Along")] if _roads_have_names(contents) else []),
    )
    rows: list[tuple[Any, ...]] = []
    stops_of = {(route_id, number): towns for route_id, number, towns in contents.truck_stops}
    for route in contents.plan.freight.routes:
        seat = contents.names.town(contents.names.base_town(route.base_id))
        vehicle = contents.names.vehicle(route.vehicle_id)
        days = words.driven(route.every_days, route.first_day)
        head = (route.route_id, vehicle, contents.names.base(route.base_id), days)
        for number, trip in enumerate(route.trips, start=1):
            along = _along(contents, stops_of[route.route_id, number])
            rows.extend(
                (*head, number, *event, *road)
                for event, road in zip(events(contents, route, trip, seat), along, strict=True)
            )
    return Table("Routes", "The trucks' day", columns, tuple(rows), "", contents.currency)


def _roads_have_names(contents: Contents) -> bool:
    return any(route.roads for route in contents.truck_ways.values())


def _along(contents: Contents, towns: Sequence[str]) -> list[tuple[str | None, ...]]:
    """For the departure and each arrival the roads driven there by name; nothing without names."""
    if not _roads_have_names(contents):
        return [()] * len(towns)
    told: list[tuple[str | None, ...]] = [(None,)]
    for leg in pairwise(towns):
        route = contents.truck_ways.get(leg)
        names = () if route is None else tuple(dict.fromkeys(route.roads))
        more = f" and {len(names) - _MOST_ROADS} more" if len(names) > _MOST_ROADS else ""
        told.append((", ".join(names[:_MOST_ROADS]) + more or None,))
    return told


def events(contents: Contents, route: Route, trip: Trip, seat: str) -> Iterator[tuple[Any, ...]]:
    """Place, coming, leaving, set down, taken up, t and m3 on board: departure, stops, return."""
    begins = route.starts_min
    yield (seat, None, begins + trip.start_min, None, None, trip.start_load_t, None)
    for stop in trip.stops:
        town = contents.names.town(
            contents.town_of_facility.get(stop.facility_id, stop.facility_id)
        )
        goods = (stop.delivered_t, stop.collected_t, stop.load_t, stop.load_m3)
        yield (town, begins + stop.arrive_min, begins + stop.leave_min, *goods)
    yield (seat, begins + trip.end_min, None, None, None, None, None)


WORKER_KINDS = {
    "unemployed": "without work",
    "commuter": "commuting out",
    "inactive": "not seeking work",
}
"""What workers do today, in words."""
