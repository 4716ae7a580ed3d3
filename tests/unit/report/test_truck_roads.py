"""The trucks' day names the roads where the plan was computed with a network."""

from __future__ import annotations

from dataclasses import replace

import comarca
from comarca.report.contents import Contents
from road_world import KM_PER_DEGREE, network


def test_the_timetable_names_the_roads_of_each_leg():
    plan = comarca.make_plan(comarca.examples.four_towns())
    region = plan.completion.region
    at = {
        town: (lon * KM_PER_DEGREE, lat * KM_PER_DEGREE)
        for town, lat, lon in zip(region.town_ids, region.towns.lat, region.towns.lon, strict=True)
    }
    roads = [
        (f"{one} {other}", {"name": f"Road {one}-{other}"})
        for one, other in zip(region.town_ids, region.town_ids[1:], strict=False)
    ]
    tables = {name: table for name, table in region.tables.items() if name != "travel"}
    driven = replace(region, tables=tables, roads=network(at, roads))
    there = replace(plan, completion=replace(plan.completion, region=driven))

    table = Contents(there).routes
    along = [dict(zip([c.title for c in table.columns], row, strict=True)) for row in table.rows]

    assert along[0]["Along"] is None
    assert any("Road " in (row["Along"] or "") for row in along)


def test_without_roads_the_timetable_has_no_such_column():
    table = Contents(comarca.make_plan(comarca.examples.four_towns())).routes

    assert "Along" not in [column.title for column in table.columns]
