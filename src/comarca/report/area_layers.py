"""Labour market areas as layers: ``areas.gpkg``, in WGS 84."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from comarca.report.area_map import AreaMap
from comarca.report.area_results import AreaResults
from comarca.report.geopackage import Layer, write_layers
from comarca.report.layers import multi
from comarca.report.qml import area_styles

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

_TOLD = {
    "areas": "Labour market areas, dissolved from the shapes of their towns. colour tells "
    "neighbours apart.",
    "towns": "Towns with their area and how they came to it; a blank area_id is none.",
    "heads": "Heads of areas, the towns with most filled jobs, with the figures of their areas.",
}


def write_area_layers(results: AreaResults, drawn: AreaMap, path: Path, moment: datetime) -> None:
    """
    Write the layers ``areas`` (where shapes of towns are known), ``towns`` and ``heads``.

    Parameters
    ----------
    results
        The areas.
    drawn
        Their map.
    path
        File to write; one that is there is replaced.
    moment
        Time that the file bears.
    """
    places = _points(results, drawn)
    shapes = _shapes(results)
    frames = {
        "towns": _towns(results, drawn, shapes or places),
        "heads": _heads(results, drawn, places),
    }
    if shapes is not None:
        frames = {"areas": _areas(results, drawn, shapes), **frames}
    kinds = {
        "areas": "MultiPolygon",
        "towns": "MultiPolygon" if shapes else "Point",
        "heads": "Point",
    }
    styles = area_styles(has_shapes=shapes is not None)
    write_layers(
        [
            Layer(name, frame, kinds[name], _TOLD[name], styles[name])
            for name, frame in frames.items()
        ],
        path,
        moment,
    )


def _shapes(results: AreaResults) -> dict[str, Any] | None:
    """Shapes as they were given, in degrees; ``None`` where there are none."""
    if results.zones is None:
        return None
    degrees = results.zones.to_geodataframe().geometry.to_crs("EPSG:4326")
    known = set(results.areas.partition.town_ids)
    return {
        town: shape
        for town, shape in zip(degrees.index, degrees, strict=True)
        if town in known and not shape.is_empty
    }


def _points(results: AreaResults, drawn: AreaMap) -> dict[str, Any]:
    """Place of each town that can be drawn: as listed, else a point within its shape; degrees."""
    import shapely

    towns = results.towns
    listed = {}
    if towns is not None and {"lat", "lon"} <= set(towns):
        placed = towns[["lat", "lon"]].astype(float).dropna()
        listed = {
            str(town): shapely.Point(lon, lat) for town, lat, lon in placed.itertuples(name=None)
        }
    inner = drawn.sheet.sheet.degrees(drawn.sheet.places)
    found = dict(zip(drawn.sheet.town_ids, shapely.points(inner).tolist(), strict=True))
    return found | {town: point for town, point in listed.items() if town in found}


def _towns(results: AreaResults, drawn: AreaMap, places: dict[str, Any]) -> GeoDataFrame:
    from geopandas import GeoDataFrame

    partition, flows = results.areas.partition, results.flows
    names = {area.area_id: area.name for area in partition.areas}
    workers = dict(zip(flows.town_ids, flows.workers.tolist(), strict=True))
    jobs = dict(zip(flows.town_ids, flows.jobs.tolist(), strict=True))
    town_ids = [town for town in partition.town_ids if town in places]
    rows = [
        {
            "town_id": town,
            "name": results.names.get(town),
            "area_id": partition.area_of[town],
            "area_name": names.get(partition.area_of[town] or ""),
            "status": partition.status_of[town],
            "residents": workers[town],
            "jobs": jobs[town],
            "colour": _colour(drawn, partition.area_of[town]),
        }
        for town in town_ids
    ]
    shapes = [_as_layer(places[town]) for town in town_ids]
    return GeoDataFrame(rows, geometry=shapes, crs="EPSG:4326")


def _as_layer(shape: Any) -> Any:
    return shape if shape.geom_type == "Point" else multi(shape)


def _areas(results: AreaResults, drawn: AreaMap, shapes: dict[str, Any]) -> GeoDataFrame:
    import shapely
    from geopandas import GeoDataFrame

    partition = results.areas.partition
    parts = {
        area_id: [shapes[town] for town in partition.members(area_id) if town in shapes]
        for area_id in results.ranking
    }
    drawn_ids = [area_id for area_id, found in parts.items() if found]
    dissolved = [multi(shapely.union_all(parts[area_id])) for area_id in drawn_ids]
    rows = _figures(results, drawn, drawn_ids)
    return GeoDataFrame(rows, geometry=dissolved, crs="EPSG:4326")


def _heads(results: AreaResults, drawn: AreaMap, places: dict[str, Any]) -> GeoDataFrame:
    from geopandas import GeoDataFrame

    head_of = {area.area_id: area.head_town_id for area in results.areas.partition.areas}
    ids = [area_id for area_id in results.ranking if head_of[area_id] in places]
    points = [places[head_of[area_id]] for area_id in ids]
    return GeoDataFrame(_figures(results, drawn, ids), geometry=points, crs="EPSG:4326")


def _figures(results: AreaResults, drawn: AreaMap, area_ids: list[str]) -> list[dict[str, Any]]:
    """Fields of areas: who they are, and every quality figure."""
    clusters = results.cluster_of
    rows = []
    for area_id in area_ids:
        area = results.areas.partition.area(area_id)
        rows.append(
            {
                "area_id": area_id,
                "name": area.name,
                "head_town_id": area.head_town_id,
                **({"cluster": clusters[area_id]} if clusters else {}),
                "n_towns": len(results.areas.partition.members(area_id)),
                **area.quality,
                "colour": _colour(drawn, area_id),
            }
        )
    return rows


def _colour(drawn: AreaMap, area_id: str | None) -> str | None:
    """Number of the colour from 1, as text."""
    number = drawn.colour_of.get(area_id or "")
    return None if number is None else str(number + 1)
