"""Land within so many minutes of a town: the roads reached, and a strip on either side of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from comarca.errors import ParameterError, UnknownTownError
from comarca.model.roads import UNITS_PER_DEGREE
from comarca.travel.roads.contraction import ragged
from comarca.travel.roads.graph import RoadGraph, profile
from comarca.travel.roads.routes import reach
from comarca.travel.roads.snapping import Anchors, anchor_towns
from comarca.travel.sphere import Plane, unit_vectors

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

FloatArray = NDArray[np.float64]
Span = tuple[float, float]


def isochrones(
    towns: pd.DataFrame,
    graph: RoadGraph,
    town_id: str,
    limits_min: Sequence[float],
    *,
    strip_km: float = 0.5,
) -> GeoDataFrame:
    """
    Draw what lies within so many minutes of a town.

    Parameters
    ----------
    towns
        Index ``town_id``, columns ``lat`` and ``lon``.
    graph
        The network as a mode drives it.
    town_id
        The town.
    limits_min
        Minutes, each above 0.
    strip_km
        Width of the strip on either side of a road that counts as reached, km, above 0.

    Returns
    -------
    geopandas.GeoDataFrame
        A row for each limit, in their order: ``limit_min``, ``road_km`` (length of road reached)
        and the land as polygons in WGS 84. Empty land where the town has no road.

    Raises
    ------
    UnknownTownError
        When the town is not among ``towns``.
    ParameterError
        When a limit or the strip is not above 0.
    """
    from geopandas import GeoDataFrame

    if strip_km <= 0 or not limits_min or min(limits_min) <= 0:
        raise ParameterError("Isochrones need limits and a strip above 0.")
    if town_id not in towns.index:
        raise UnknownTownError(town_id, [str(town) for town in towns.index])
    only = towns.loc[[town_id]]
    anchors = anchor_towns(only, graph)
    exits = np.flatnonzero(anchors.exit_node[0] >= 0)
    node_min, _, _ = reach(graph, anchors, 0, exits, max(limits_min))
    plane = Plane.around(unit_vectors(only["lat"].to_numpy(float), only["lon"].to_numpy(float)))
    rows, shapes = [], []
    for limit in limits_min:
        roads, road_km = _roads_within(
            graph, node_min, limit, _own_reach(graph, anchors, limit), plane
        )
        rows.append({"limit_min": float(limit), "road_km": road_km})
        track = _track(only, anchors, plane) if limit > anchors.gap_min[0] else []
        shapes.append(_in_degrees(_strip([*roads, *track], strip_km), plane))
    return GeoDataFrame(rows, geometry=shapes, crs="EPSG:4326")


def _track(only: pd.DataFrame, anchors: Anchors, plane: Plane) -> list[Any]:
    """From the town to its road."""
    import shapely

    lat = np.array([float(only["lat"].iloc[0]), anchors.lat[0]])
    lon = np.array([float(only["lon"].iloc[0]), anchors.lon[0]])
    return [shapely.LineString(np.stack(plane.of(lat, lon), axis=1))]


def _own_reach(graph: RoadGraph, anchors: Anchors, limit_min: float) -> tuple[int, Span]:
    """The edge the town stands at (-1: none), and what is reached of it either way, km."""
    left_min = limit_min - anchors.gap_min[0]
    edge = int(anchors.edge[0])
    if edge < 0 or left_min <= 0 or graph.is_closed[edge]:
        return -1, (0.0, 0.0)
    km, along, against = profile(graph, edge)
    at = float(anchors.along_km[0])
    ahead = back = at
    if _is_driven(along):
        ahead = float(np.interp(np.interp(at, km, along) + left_min, along, km))
    if _is_driven(against):
        back = float(np.interp(np.interp(at, km, against) - left_min, against, km))
    return edge, (back, ahead)


def _is_driven(minutes: FloatArray) -> bool:
    return bool(np.isfinite(minutes[-1]))


def _roads_within(
    graph: RoadGraph,
    node_min: FloatArray,
    limit_min: float,
    own: tuple[int, Span],
    plane: Plane,
) -> tuple[list[Any], float]:
    """Roads reached, whole or in part, in the plane; and their length, km."""
    network = graph.network
    ends = (np.asarray(network.edge_from), np.asarray(network.edge_to))
    left_min = np.stack(
        [limit_min - node_min[end] - graph.start_min[row] for row, end in enumerate(ends)]
    )
    drives = np.isfinite(graph.edge_min) & ~graph.is_closed
    left_min[~drives | ~(left_min > 0)] = 0.0
    is_whole = np.asarray((drives & (left_min >= graph.edge_min)).any(axis=0))
    has_part = np.asarray(~is_whole & (left_min > 0).any(axis=0))
    if own[0] >= 0:
        has_part[own[0]] = not is_whole[own[0]]
    lines = _lines(graph, np.flatnonzero(is_whole), plane)
    road_km = float(graph.edge_km[is_whole].sum())
    some = np.flatnonzero(has_part)
    for edge, line in zip(some, _lines(graph, some, plane), strict=True):
        spans = _reached(graph, int(edge), *left_min[:, edge])
        spans += [own[1]] if edge == own[0] else []
        for start, end in _merged(spans):
            lines.append(_between(line, start, end, float(graph.edge_km[edge])))
            road_km += end - start
    return lines, road_km


def _merged(spans: list[Span]) -> list[Span]:
    """Spans of a road without what they share."""
    merged: list[Span] = []
    for start, end in sorted(span for span in spans if span[1] > span[0]):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def _between(line: Any, start_km: float, end_km: float, edge_km: float) -> Any:
    from shapely.ops import substring

    return substring(line, start_km / edge_km, end_km / edge_km, normalized=True)


def _lines(graph: RoadGraph, edges: NDArray[np.intp], plane: Plane) -> list[Any]:
    """Edges as lines in the plane."""
    import shapely

    if not len(edges):
        return []
    network = graph.network
    counts = np.diff(network.edge_first)[edges]
    points = ragged(network.edge_first[edges], counts)
    x, y = plane.of(
        np.asarray(network.point_lat)[points] / UNITS_PER_DEGREE,
        np.asarray(network.point_lon)[points] / UNITS_PER_DEGREE,
    )
    of_edge = np.repeat(np.arange(len(edges)), counts)
    return list(shapely.linestrings(np.stack((x, y), axis=1), indices=of_edge))


def _reached(graph: RoadGraph, edge: int, left_min: float, left_back_min: float) -> list[Span]:
    """What of an edge is reached from its first point, and from its last, km along it."""
    km, along, against = profile(graph, edge)
    spans = []
    if left_min > 0:
        spans.append((0.0, float(np.interp(left_min, along, km))))
    if left_back_min > 0:
        spans.append((float(np.interp(against[-1] - left_back_min, against, km)), float(km[-1])))
    return spans


def _strip(lines: list[Any], strip_km: float) -> Any:
    import shapely

    if not lines:
        return shapely.MultiPolygon()
    thinned = shapely.simplify(np.array(lines, dtype=object), strip_km / 10)
    land = shapely.union_all(shapely.buffer(thinned, strip_km, quad_segs=4))
    return shapely.MultiPolygon([land]) if land.geom_type == "Polygon" else land


def _in_degrees(shape: Any, plane: Plane) -> Any:
    import shapely

    def back(xy: FloatArray) -> FloatArray:
        lat, lon = plane.back(xy[:, 0], xy[:, 1])
        return np.stack((lon, lat), axis=1)

    return shapely.transform(shape, back)
