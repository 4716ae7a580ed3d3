"""
A plan as plain tables: the CSVs beside ``plan.json``, the sheets of the workbook, the map's layers.

One place, so that no two outputs tell a plan differently. Codes are text; times are minutes since
the truck's shift began, and ``starts_min`` says when that is, minutes after midnight.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import pandas as pd

from comarca.model.plan import Plan

AREA_COLUMNS = ("town_id", "name", "area_id", "area_name", "is_head", "status")
WORKSHOP_COLUMNS = (
    "facility_id",
    "town_id",
    "name",
    "base_id",
    "process_id",
    "process_name",
    "workers",
    "unemployed",
    "commuter",
    "inactive",
    "basic",
    "secondary",
    "higher",
    "learners",
    "input_t_per_day",
    "output_t_per_day",
    "visit_every_days",
    "floor_m2",
    "is_premises_assumed",
)
TIE_COLUMNS = (
    "town_id",
    "name",
    "base_id",
    "base_name",
    "base_town_id",
    "workers",
    "input_t_per_day",
)
ROUTE_COLUMNS = (
    "route_id",
    "base_id",
    "vehicle_id",
    "every_days",
    "first_day",
    "starts_min",
    "trip",
    "stop",
    "facility_id",
    "town_id",
    "name",
    "arrive_min",
    "leave_min",
    "delivered_t",
    "collected_t",
    "load_t",
)


def areas_table(plan: Plan) -> pd.DataFrame:
    """One row a town: the commuting area it is in, blank for none; ``AREA_COLUMNS``."""
    frame = plan.areas.to_frame()
    frame.insert(1, "name", [plan.region.name_of(town) for town in frame["town_id"]])
    return frame[list(AREA_COLUMNS)]


def workshops_table(plan: Plan) -> pd.DataFrame:
    """One row a workshop, workers also by what they do today and by skill; ``WORKSHOP_COLUMNS``."""
    processes = plan.region.tables["processes"].set_index("process_id")
    facilities = plan.region.tables["facilities"].set_index("facility_id")
    rows = []
    for workshop in plan.freight.workshops:
        row = {
            "facility_id": workshop.facility_id,
            "town_id": workshop.town_id,
            "name": plan.region.name_of(workshop.town_id),
            "base_id": workshop.base_id,
            "process_id": workshop.process_id,
            "process_name": processes.loc[workshop.process_id, "name"],
            "workers": workshop.workers,
            "learners": workshop.learners,
            "input_t_per_day": workshop.input_t_per_day,
            "output_t_per_day": workshop.output_t_per_day,
            "visit_every_days": workshop.visit_every_days,
            "floor_m2": facilities.loc[workshop.facility_id, "floor_m2"],
            "is_premises_assumed": plan.completion.is_assumed("facilities", workshop.town_id),
        }
        counts = dict.fromkeys(
            ("unemployed", "commuter", "inactive", "basic", "secondary", "higher"), 0
        )
        for group in workshop.groups:
            counts[group.kind] += group.workers
            counts[group.skill] += group.workers
        rows.append(row | counts)
    return pd.DataFrame(rows, columns=list(WORKSHOP_COLUMNS))


def ties_table(plan: Plan) -> pd.DataFrame:
    """One row a town tied to a base by freight, the base's own town left out; ``TIE_COLUMNS``."""
    enterprises = plan.region.tables["enterprises"].set_index("enterprise_id")
    workshops = workshops_table(plan)
    rows = []
    for tied, group in workshops.groupby(["town_id", "base_id"], sort=False):
        town_id, base_id = str(tied[0]), str(tied[1])
        rows.append(
            {
                "town_id": town_id,
                "name": plan.region.name_of(town_id),
                "base_id": base_id,
                "base_name": enterprises.loc[base_id, "name"],
                "base_town_id": enterprises.loc[base_id, "town_id"],
                "workers": group["workers"].sum(),
                "input_t_per_day": group["input_t_per_day"].sum(),
            }
        )
    return pd.DataFrame(rows, columns=list(TIE_COLUMNS))


def routes_table(plan: Plan) -> pd.DataFrame:
    """One row a stop in the order trucks make them; trips and stops count from 1."""
    town_of = plan.region.tables["facilities"].set_index("facility_id")["town_id"]
    rows = [
        {
            "route_id": route.route_id,
            "base_id": route.base_id,
            "vehicle_id": route.vehicle_id,
            "every_days": route.every_days,
            "first_day": route.first_day,
            "starts_min": route.starts_min,
            "trip": trip_number,
            "stop": stop_number,
            "facility_id": stop.facility_id,
            "town_id": town_of[stop.facility_id],
            "name": plan.region.name_of(str(town_of[stop.facility_id])),
            "arrive_min": stop.arrive_min,
            "leave_min": stop.leave_min,
            "delivered_t": stop.delivered_t,
            "collected_t": stop.collected_t,
            "load_t": stop.load_t,
        }
        for route in plan.freight.routes
        for trip_number, trip in enumerate(route.trips, start=1)
        for stop_number, stop in enumerate(trip.stops, start=1)
    ]
    return pd.DataFrame(rows, columns=list(ROUTE_COLUMNS))


PLAN_TABLES: Mapping[str, Callable[[Plan], pd.DataFrame]] = MappingProxyType(
    {
        "areas": areas_table,
        "workshops": workshops_table,
        "ties": ties_table,
        "routes": routes_table,
    }
)
"""Tables written beside ``plan.json``, by file name without ending."""
