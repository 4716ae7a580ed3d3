"""Where two ways of measuring travel differ, town by town, on a map."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from comarca.model.region import Region
from comarca.model.roads import CLASSES, UNITS_PER_DEGREE, RoadNetwork
from comarca.report import palette, svg
from comarca.report.atlas import View
from comarca.report.frame import dot, framed, legend_text
from comarca.report.outline import outline_of
from comarca.report.plane import Sheet
from comarca.travel.difference import TravelDifference

_CLASSES: tuple[tuple[float, str, str], ...] = (
    (0.9, "#1f5f99", "faster"),
    (1.15, "#8d99a6", "about equal"),
    (1.5, "#f0b76f", "to 1.5 ×"),
    (2.0, "#d9822b", "to 2 ×"),
    (math.inf, "#7a3203", "beyond 2 ×"),
)
_MAIN = tuple(
    CLASSES.index(name)
    for name in ("motorway", "trunk", "primary", "secondary", "tertiary", "unclassified")
)
_MOST_EDGES = 12_000


def travel_difference_map(
    region: Region, difference: TravelDifference, *, name: str = "map-travel"
) -> str:
    """
    Draw where travel by one measure takes longer than by another.

    Parameters
    ----------
    region
        Its towns are drawn, and its main roads where it has any.
    difference
        Such as between roads and great circle; towns in the region's order.
    name
        Prefix of the picture's ids.

    Returns
    -------
    str
        A whole SVG picture.
    """
    outline = outline_of(region)
    places = outline.sheet.towns(region)
    view = View.over(places.min(axis=0).tolist(), places.max(axis=0).tolist())
    ratios = difference.ratio
    roads = "" if region.roads is None else _roads(region.roads, outline.sheet, view)
    marks = [
        _mark(view.at(x, y), ratio, region.name_of(town))
        for town, (x, y), ratio in zip(region.town_ids, places.tolist(), ratios, strict=True)
    ]
    median = "no" if math.isnan(difference.median) else f"{difference.median:.2f}"
    legend = [dot(5, colour, "#fff") + legend_text(told, 13) for _, colour, told in _CLASSES]
    return framed(
        view,
        outline,
        roads + "".join(marks),
        name=name,
        title=f"Times by {difference.mode}: {difference.source} against {difference.other}",
        description=(
            f"Each town by the median ratio of its trips of up to {difference.within_min:.0f} "
            f"minutes by {difference.other}; {median} at the median town; {difference.n_lost} "
            "towns have no way to any."
        ),
        legend=[*legend, _cross(5, 0) + legend_text("no way", 13)],
    )


def _mark(at: tuple[float, float], ratio: float, name: str) -> str:
    if math.isinf(ratio):
        return svg.element("g", svg.titled(f"{name}: no way") + _cross(*at))
    if math.isnan(ratio):
        told, colour = f"{name}: nothing to compare", palette.PAPER
    else:
        colour = next(colour for most, colour, _ in _CLASSES if ratio <= most)
        told = f"{name}: {ratio:.2f} times"
    x, y = at
    return svg.element(
        "circle", svg.titled(told), cx=x, cy=y, r=3.4, fill=colour, stroke="#fff", stroke_width=0.6
    )


def _cross(x: float, y: float) -> str:
    return svg.element(
        "path",
        d=f"M{x - 3:.1f} {y - 3:.1f}l6 6m0-6l-6 6",
        fill="none",
        stroke=palette.INK,
        stroke_width=1.3,
    )


def _roads(network: RoadNetwork, sheet: Sheet, view: View) -> str:
    """Main roads as thin lines; fewer classes where there are many."""
    import shapely

    way = np.asarray(network.point_way)[network.edge_first[:-1]]
    road_class = network.ways.road_class[np.where(way >= 0, way, -1 - way)]
    for most in range(len(_MAIN), 0, -1):
        edges = np.flatnonzero(np.isin(road_class, _MAIN[:most]))
        if len(edges) <= _MOST_EDGES:
            break
    lines: list[Any] = []
    bounds = [(int(network.edge_first[e]), int(network.edge_first[e + 1])) for e in edges]
    for begin, end in bounds:
        lon = np.asarray(network.point_lon[begin:end]) / UNITS_PER_DEGREE
        lat = np.asarray(network.point_lat[begin:end]) / UNITS_PER_DEGREE
        lines.append(shapely.LineString(sheet.flat(lon, lat)))
    if not lines:
        return ""
    drawn = view.shape(shapely.line_merge(shapely.MultiLineString(lines)))
    return svg.element(
        "path",
        d=svg.shape_path(drawn),
        fill="none",
        stroke=palette.QUIET,
        stroke_width=0.7,
        stroke_opacity=0.55,
    )
