"""The plan as map layers: what ``plan.gpkg`` holds, in WGS 84."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from comarca.report import words
from comarca.report.atlas import Atlas, truck_lines
from comarca.report.plane import Sheet
from comarca.report.tables import Table, plain

if TYPE_CHECKING:
    from geopandas import GeoDataFrame


def layers(atlas: Atlas) -> dict[str, GeoDataFrame]:
    """
    Every layer by name, in the order they are drawn.

    Returns
    -------
    dict of str to geopandas.GeoDataFrame
        ``areas`` (polygons: the land nearer to a town of the area than to any other town, cut at
        the coast; drawn for the eye, not surveyed), ``bases`` (points, with their radius),
        ``routes`` (a line a trip, along the roads where they are known, else straight), ``ties`` (a
        line from base to town), ``towns`` and
        ``workshops`` (points).
    """
    return {
        "areas": _areas(atlas),
        "bases": _bases(atlas),
        "routes": _routes(atlas),
        "ties": _ties(atlas),
        "towns": _towns(atlas),
        "workshops": _workshops(atlas),
    }


def _areas(atlas: Atlas) -> GeoDataFrame:
    contents = atlas.contents
    plan = contents.plan
    rows, shapes = [], []
    for part in (plan.areas, plan.freight.partition):
        names = {area.area_id: area for area in part.areas}
        for area_id, ground in sorted(atlas.grounds[part.origin].items()):
            area = names[area_id]
            rows.append(
                {
                    "made_by": part.origin,
                    "area_id": area_id,
                    "name": area.name,
                    "head_town_id": area.head_town_id,
                    "towns": len(part.members(area_id)),
                    "tint": f"{part.origin} {atlas.tints[part.origin][area_id]}",
                    "is_illustration": part.origin == "commuting" and not plan.flows.is_observed,
                }
            )
            shapes.append(multi(in_degrees(ground, atlas.sheet)))
    columns = ("made_by", "area_id", "name", "head_town_id", "towns", "tint", "is_illustration")
    return _frame(rows, shapes, columns)


def _bases(atlas: Atlas) -> GeoDataFrame:
    contents = atlas.contents
    freight = contents.plan.freight
    rows, shapes = [], []
    for base in freight.bases:
        seat = contents.names.base_town(base)
        shops = [shop for shop in freight.workshops if shop.base_id == base]
        area = contents.area_of(freight.partition, seat)
        measures = {} if area is None else area.quality
        rows.append(
            {
                "base_id": base,
                "base": contents.names.base(base),
                "town_id": seat,
                "town": contents.names.town(seat),
                "radius_km": measures.get("radius_km"),
                "radius_min": measures.get("radius_min"),
                "towns": len({shop.town_id for shop in shops}),
                "workshops": len(shops),
                "jobs": sum(shop.workers for shop in shops),
                "trucks": sum(route.base_id == base for route in freight.routes),
            }
        )
        shapes.append(_town_point(atlas, seat))
    columns = ("base_id", "base", "town_id", "town", "radius_km", "radius_min", "towns")
    return _frame(rows, shapes, (*columns, "workshops", "jobs", "trucks"))


def _routes(atlas: Atlas) -> GeoDataFrame:
    import shapely

    routes = {route.route_id: route for route in atlas.contents.plan.freight.routes}
    rows, shapes = [], []
    for route_id, number, places in truck_lines(atlas):
        trip = routes[route_id].trips[number - 1]
        rows.append(
            {
                "route_id": route_id,
                "trip": number,
                "base_id": routes[route_id].base_id,
                "vehicle_id": routes[route_id].vehicle_id,
                "distance_km": trip.distance_km,
                "leaves": words.time_of_day(routes[route_id].starts_min + trip.start_min),
                "returns": words.time_of_day(routes[route_id].starts_min + trip.end_min),
                "every_days": routes[route_id].every_days,
                "first_day": routes[route_id].first_day,
                "stops": len(trip.stops),
            }
        )
        shapes.append(multi(in_degrees(shapely.LineString(places), atlas.sheet)))
    columns = ("route_id", "trip", "base_id", "vehicle_id", "distance_km", "leaves", "returns")
    return _frame(rows, shapes, (*columns, "every_days", "first_day", "stops"))


def _ties(atlas: Atlas) -> GeoDataFrame:
    import shapely

    contents = atlas.contents
    rows, shapes = [], []
    for town, shops in sorted(contents.workshops_of.items()):
        seat = contents.names.base_town(shops[0].base_id)
        ends = [atlas.place_of[end] for end in (seat, town) if end in atlas.place_of]
        if len(ends) < 2 or seat == town:
            continue
        jobs = sum(shop.workers for shop in shops)
        rows.append(
            {
                "town_id": town,
                "town": contents.names.town(town),
                "base_id": shops[0].base_id,
                "base": contents.names.base(shops[0].base_id),
                "jobs": jobs,
            }
        )
        shapes.append(multi(in_degrees(shapely.LineString(ends), atlas.sheet)))
    return _frame(rows, shapes, ("town_id", "town", "base_id", "base", "jobs"))


def _towns(atlas: Atlas) -> GeoDataFrame:
    contents = atlas.contents
    rows = _records(contents.towns)
    for row, values in zip(rows, contents.towns.rows, strict=True):
        town = row["code"]
        row["kind"] = (
            "base"
            if town in contents.base_towns
            else "workshop"
            if town in contents.workshops_of
            else "other"
        )
        row["assumed"] = ", ".join(
            column.title.lower()
            for column, value in zip(contents.towns.columns, values, strict=True)
            if plain(value) is not value
        )
    return _frame(rows, [_town_point(atlas, row["code"]) for row in rows], ())


def _workshops(atlas: Atlas) -> GeoDataFrame:
    rows = _records(atlas.contents.workshops)
    names = [name_of(column.title) for column in atlas.contents.workshops.columns]
    return _frame(rows, [_town_point(atlas, row["town_code"]) for row in rows], tuple(names))


def _town_point(atlas: Atlas, town: str) -> Any:
    import shapely

    towns = atlas.contents.plan.region.towns
    return shapely.Point(float(towns["lon"].loc[town]), float(towns["lat"].loc[town]))


def name_of(title: str) -> str:
    """A heading as the name of a field: ``Workers, basic`` → ``workers_basic``."""
    return "_".join(title.lower().replace(",", " ").replace("'", "").split())


def _records(table: Table) -> list[dict[str, Any]]:
    names = [name_of(column.title) for column in table.columns]
    return [
        {
            name: None if words.is_missing(plain(value)) else plain(value)
            for name, value in zip(names, row, strict=True)
        }
        for row in table.rows
    ]


def _frame(rows: list[dict[str, Any]], shapes: list[Any], columns: tuple[str, ...]) -> GeoDataFrame:
    from geopandas import GeoDataFrame

    if rows:
        return GeoDataFrame(rows, geometry=shapes, crs="EPSG:4326")
    return GeoDataFrame(
        {column: np.array([], dtype=object) for column in columns}, geometry=[], crs="EPSG:4326"
    )


def in_degrees(shape: Any, sheet: Sheet) -> Any:
    """A geometry of the sheet back in degrees, cut in two where it crosses the date line."""
    import shapely

    degrees = shapely.transform(shape, sheet.degrees)
    west, _, east, _ = shapely.bounds(degrees)
    if west >= -180 and east <= 180:
        return degrees
    parts = []
    for turn in (-360.0, 0.0, 360.0):
        window = shapely.box(-180 - turn, -90, 180 - turn, 90)
        cut = shapely.intersection(degrees, window)
        if not cut.is_empty:
            parts.append(shapely.transform(cut, lambda xy, turn=turn: xy + np.array((turn, 0.0))))
    return shapely.union_all(parts)


def multi(shape: Any) -> Any:
    """The same as a collection of its kind, so that a layer holds one kind of geometry."""
    import shapely

    if shape.geom_type == "Polygon":
        return shapely.MultiPolygon([shape])
    if shape.geom_type == "LineString":
        return shapely.MultiLineString([shape])
    if shape.geom_type == "GeometryCollection":
        polygons = [part for part in shape.geoms if "Polygon" in part.geom_type]
        return multi(shapely.union_all(polygons))
    return shape
