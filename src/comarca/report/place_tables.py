"""Towns and areas as tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from comarca.report import words
from comarca.report.tables import Column, Kind, Table

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
        contents.plan.areas.status_of.get(town),
        tie.name if tie else None,
        sum(workshop.workers for workshop in contents.workshops_of.get(town, ())),
        float(towns["lat"].loc[town]),
        float(towns["lon"].loc[town]),
    )


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
        *(Column(words.readable(name), _measure_kind(name)) for name in measures),
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
    """Areas of one kind, without the figures that only the other kind has."""
    rows = [row for row in contents.areas.rows if row[0] == origin]
    known = [
        column.title
        for i, column in enumerate(contents.areas.columns)
        if i > 1 and any(not words.is_missing(row[i]) for row in rows)
    ]
    title = "Areas" if origin == "commuting" else "Bases and the towns tied to them"
    own = Table("Areas", title, contents.areas.columns, tuple(rows), "", contents.currency)
    return own.select(known)


def _measure_kind(name: str) -> Kind:
    """Self-containment and the like are shares; other figures stay as they are."""
    return "share" if "self_containment" in name or name.endswith("share") else "number"


ILLUSTRATION = (
    "An illustration: these areas are drawn from flows that a model estimated, not counted."
)
