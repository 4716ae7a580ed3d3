"""Towns and areas as tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from comarca.report import words
from comarca.report.tables import Column, Table

if TYPE_CHECKING:
    from comarca.report.contents import Contents


def towns(contents: Contents) -> Table:
    """One row a town, the largest first."""
    columns = (
        Column("Code", "code"),
        Column("Town"),
        Column("Population", "count", "persons"),
        Column("Labour force", "count", "persons"),
        Column("Unemployed", "count", "persons"),
        Column("Jobs", "count", "jobs"),
        Column("Size class"),
        Column("Commuting area"),
        Column("Place in the area"),
        Column("Tied to base"),
        Column("Workshop jobs", "count", "jobs"),
        Column("Latitude", "number", "°N"),
        Column("Longitude", "number", "°E"),
    )
    rows = tuple(_town_row(contents, town) for town in contents.plan.region.towns.index.astype(str))
    ordered = sorted(rows, key=lambda row: (-row[2], row[0]))
    return Table("Towns", "Towns", columns, tuple(ordered), currency=contents.currency)


def _town_row(contents: Contents, town: str) -> tuple[Any, ...]:
    towns, value = contents.plan.region.towns, contents.names.value
    area = contents.area_of(contents.plan.areas, town)
    tie = contents.area_of(contents.plan.freight.partition, town)
    return (
        town,
        contents.names.town(town),
        value("towns", towns, town, "population"),
        value("labour_force", towns, town, "labour_force"),
        value("unemployed", towns, town, "unemployed"),
        value("jobs", towns, town, "jobs"),
        contents.plan.size_class_of.get(town),
        area.name if area else None,
        _place_in_area(contents.plan.areas.status_of.get(town)),
        tie.name if tie else None,
        sum(workshop.workers for workshop in contents.workshops_of.get(town, ())),
        float(towns["lat"].loc[town]),
        float(towns["lon"].loc[town]),
    )


def _place_in_area(status: str | None) -> str | None:
    return None if status is None else STATUSES.get(status, words.readable(status).lower())


def areas(contents: Contents) -> Table:
    """One row an area of either kind."""
    both = (contents.plan.areas, contents.plan.freight.partition)
    measures = sorted({name for part in both for area in part.areas for name in area.quality})
    columns = (
        Column("Made by"),
        Column("Code", "code"),
        Column("Area"),
        Column("Head town"),
        Column("Towns", "count"),
        Column("Population", "count", "persons"),
        *(_measure(name) for name in measures),
    )
    people = contents.plan.region.towns["population"].astype(float)
    rows: list[tuple[Any, ...]] = []
    for part in both:
        for area in part.areas:
            members = part.members(area.area_id)
            figures = tuple(area.quality.get(name) for name in measures)
            head = contents.names.town(area.head_town_id)
            size = float(people.loc[list(members)].sum())
            rows.append((part.origin, area.area_id, area.name, head, len(members), size, *figures))
    rows.sort(key=lambda row: (row[0], -row[5], row[1]))
    note = "" if contents.plan.flows.is_observed else ILLUSTRATION
    return Table("Areas", "Areas", columns, tuple(rows), note, contents.currency)


def areas_of(contents: Contents, origin: str) -> Table:
    """Areas of one kind with the figures a reader asks for; the workbook has all of them."""
    rows = [row for row in contents.areas.rows if row[0] == origin]
    known = [column.title for column in contents.areas.columns]
    measures = [_measure(name).title for name in SHOWN_MEASURES[origin]]
    wanted = ["Area", "Towns", "Population", *(title for title in measures if title in known)]
    title = "Areas" if origin == "commuting" else "Bases and the towns tied to them"
    own = Table("Areas", title, contents.areas.columns, tuple(rows), "", contents.currency)
    return own.select(wanted)


def _measure(name: str) -> Column:
    """Column of a figure of an area, in words where it is a known one."""
    return MEASURES.get(name) or Column(words.readable(name), "number")


STATUSES: Mapping[str, str] = {
    "core": "centre",
    "member": "member",
    "reserve-assigned": "member, joined last",
    "no-flow": "no commuting known",
}
"""How a town came to its area, in words."""

MEASURES: Mapping[str, Column] = {
    "residents": Column("Workers living there", "count", "persons"),
    "jobs": Column("Jobs there", "count"),
    "inside": Column("Living and working there", "count", "persons"),
    "self_containment_supply": Column("Of its workers, work there", "share"),
    "self_containment_demand": Column("Of its jobs, held by residents", "share"),
    "flow_cohesion": Column("Flow cohesion", "share"),
    "link_cohesion": Column("Link cohesion", "share"),
    "n_central_towns": Column("Central towns", "count"),
    "workers": Column("Workshop jobs", "count"),
    "radius_km": Column("Farthest workshop", "number", "km"),
    "radius_min": Column("By time", "number", "min"),
    "input_t_per_day": Column("Goods sent out", "number", "t/day"),
    "output_t_per_day": Column("Goods sent back", "number", "t/day"),
    "trucks": Column("Trucks", "count"),
}
"""What the figures of an area are called."""

SHOWN_MEASURES: Mapping[str, tuple[str, ...]] = {
    "commuting": ("residents", "jobs", "self_containment_supply", "self_containment_demand"),
    "freight": (
        "workers",
        "trucks",
        "radius_km",
        "radius_min",
        "input_t_per_day",
        "output_t_per_day",
    ),
}
"""Which of them the page and the document show."""

ILLUSTRATION = (
    "An illustration: these areas are drawn from flows that a model estimated, not counted."
)
