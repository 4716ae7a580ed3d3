"""The moving map of the page: everything it draws, as GeoJSON that needs no server."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from comarca.model.partition import Partition
from comarca.model.region import values_of
from comarca.report import palette
from comarca.report.atlas import Atlas, truck_lines
from comarca.report.plane import unwrapped

_PLACES = 4  # decimals of a degree: about ten metres


def map_data(atlas: Atlas) -> str:
    """
    Everything the map draws, as JSON that may stand inside a ``script`` element.

    Returns
    -------
    str
        ``bounds`` of the towns, the ``window`` of what is drawn, and the collections
        ``land, borders, commuting, freight, ways, towns``; longitudes run on
        past 180 degrees where a region lies across the date line.
    """
    plan = atlas.contents.plan
    data = {
        "bounds": _degrees(atlas, *atlas.places.min(axis=0), *atlas.places.max(axis=0)),
        "window": _degrees(atlas, *atlas.outline.window),
        "colours": {
            "commuting": palette.COMMUTING,
            "freight": palette.FREIGHT,
            "ink": palette.INK,
            "land": palette.LAND,
            "sea": atlas.outline.paper,
            "line": palette.LINE,
        },
        "land": _collection(_feature(shape, atlas, {}) for shape in atlas.outline.lands),
        "borders": _collection(_feature(line, atlas, {}) for line in atlas.outline.borders),
        "commuting": _grounds(atlas, plan.areas),
        "freight": _grounds(atlas, plan.freight.partition),
        "ways": _ways(atlas),
        "towns": _towns(atlas),
    }
    packed = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    # A name must not be able to end the element it stands in.
    return packed.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _degrees(atlas: Atlas, west: float, south: float, east: float, north: float) -> list[float]:
    """A window of the sheet in degrees."""
    corners = atlas.sheet.degrees(np.array([[west, south], [east, north]]))
    return [round(float(value), _PLACES) for value in corners.ravel()]


def _grounds(atlas: Atlas, partition: Partition) -> dict[str, Any]:
    names = {area.area_id: area.name for area in partition.areas}
    return _collection(
        _feature(
            ground,
            atlas,
            {"name": names[area_id], "tint": atlas.tint(partition.origin, area_id)},
        )
        for area_id, ground in sorted(atlas.grounds[partition.origin].items())
    )


def _ways(atlas: Atlas) -> dict[str, Any]:
    features = []
    for route, number, places in truck_lines(atlas):
        degrees = atlas.sheet.degrees(np.array(places))
        geometry = {"type": "LineString", "coordinates": _rounded(degrees)}
        features.append(_thing(geometry, {"route": route, "trip": number}))
    return _collection(features)


def _towns(atlas: Atlas) -> dict[str, Any]:
    contents = atlas.contents
    plan = contents.plan
    towns = plan.region.towns
    lon = unwrapped(values_of(towns, "lon"), atlas.sheet.lon_0)
    people = values_of(towns, "population")
    heads = {area.head_town_id for area in plan.areas.areas}
    features = []
    for i, town in enumerate(plan.region.town_ids):
        shops = contents.workshops_of.get(town, ())
        area, tie = (
            contents.area_of(plan.areas, town),
            contents.area_of(plan.freight.partition, town),
        )
        kind = "base" if town in contents.base_towns else "workshop" if shops else ""
        point = [round(float(lon[i]), _PLACES), round(float(towns["lat"].iloc[i]), _PLACES)]
        told = {
            "id": town,
            "name": contents.names.town(town),
            "people": round(float(people[i])),
            "area": area.name if area else "",
            "base": tie.name if tie else "",
            "jobs": sum(shop.workers for shop in shops),
            "kind": kind,
            "head": town in heads,
        }
        features.append(_thing({"type": "Point", "coordinates": point}, told))
    return _collection(features)


def _feature(shape: Any, atlas: Atlas, properties: dict[str, Any]) -> dict[str, Any]:
    import shapely

    thin = shapely.simplify(shape, 0.4 / atlas.view.per_km / 2)
    degrees = shapely.transform(thin, atlas.sheet.degrees)
    geometry = shapely.geometry.mapping(degrees)
    return _thing({"type": geometry["type"], **_coordinates(geometry)}, properties)


def _coordinates(geometry: dict[str, Any]) -> dict[str, Any]:
    if "geometries" in geometry:
        parts = [{"type": part["type"], **_coordinates(part)} for part in geometry["geometries"]]
        return {"geometries": parts}
    return {"coordinates": _rounded(geometry["coordinates"])}


def _rounded(numbers: Any) -> Any:
    if isinstance(numbers, np.ndarray):
        return np.round(numbers, _PLACES).tolist()
    if isinstance(numbers, Sequence):
        return [_rounded(item) for item in numbers]
    return round(float(numbers), _PLACES)


def _thing(geometry: dict[str, Any], properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def _collection(features: Iterable[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": list(features)}
