"""The two maps of the first page: areas made by commuting, agglomerations tied by freight."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from comarca.model.partition import Partition
from comarca.model.region import values_of
from comarca.report import palette, svg, words
from comarca.report.atlas import Atlas, truck_lines
from comarca.report.frame import LABEL_SIZE, dot, framed, legend_text, names_beside
from comarca.report.labels import Wanted


def commuting_map(atlas: Atlas, *, name: str = "map-commuting") -> str:
    """Areas that commuting has made: grounds by area, towns by size, heads named."""
    plan = atlas.contents.plan
    heads = {area.head_town_id for area in plan.areas.areas}
    drawn = (
        _ground(atlas, plan.areas)
        + _towns(atlas, heads, palette.COMMUTING)
        + _labels(atlas, _by_people(atlas, heads), dict.fromkeys(heads, 8.0))
    )
    n_areas = words.plural(len(plan.areas.areas), "area")
    counted = "counted" if plan.flows.is_observed else "estimated"
    return framed(
        atlas.view,
        atlas.outline,
        drawn,
        name=name,
        title="Areas made by commuting",
        description=f"{n_areas} drawn from {counted} flows of commuters; each has its own tint.",
        legend=(
            dot(5.5, palette.COMMUTING, palette.PAPER) + legend_text("head of an area"),
            dot(3, palette.INK, "none", 0.55) + legend_text("town, by population"),
        ),
    )


def freight_map(atlas: Atlas, *, name: str = "map-freight") -> str:
    """Agglomerations tied by freight: bases, workshops, the trucks' ways."""
    plan = atlas.contents.plan
    seats, shops = atlas.contents.base_towns, set(atlas.contents.workshops_of)
    wanted = [*_by_people(atlas, seats), *_by_jobs(atlas)]
    side = 8.0 if len(shops) <= 40 else 5.5
    gaps = dict.fromkeys(shops, 7.0) | dict.fromkeys(seats, 11.0)
    drawn = (
        _ground(atlas, plan.freight.partition)
        + _towns(atlas, set(), palette.FREIGHT)
        + _ways(atlas)
        + "".join(_square(*atlas.view.at(*atlas.place_of[town]), side) for town in sorted(shops))
        + "".join(_star(*atlas.view.at(*atlas.place_of[town])) for town in sorted(seats) if town)
        + _labels(atlas, wanted, gaps)
    )
    return framed(
        atlas.view,
        atlas.outline,
        drawn,
        name=name,
        title="Agglomerations tied by freight",
        description=(
            f"{words.plural(len(plan.freight.bases), 'base')} and "
            f"{words.plural(len(plan.freight.workshops), 'workshop')} with the trucks' ways."
        ),
        legend=(
            _star(7, 0) + legend_text("base", 19),
            _square(5, 0) + legend_text("workshop"),
            _line() + legend_text("truck’s way", 27),
        ),
    )


def _ground(atlas: Atlas, partition: Partition) -> str:
    accent = palette.ACCENT[partition.origin]
    names = {area.area_id: area.name for area in partition.areas}
    parts = []
    for area_id, ground in sorted(atlas.grounds[partition.origin].items()):
        outline = svg.shape_path(atlas.view.shape(ground))
        if outline:
            tint = atlas.tint(partition.origin, area_id)
            parts.append(svg.element("path", svg.titled(names[area_id]), d=outline, fill=tint))
    return svg.element(
        "g", "".join(parts), stroke=accent, stroke_width=0.7, stroke_opacity=0.55, fill_opacity=0.9
    )


def town_radius(population: float, n_towns: int) -> float:
    """Radius of a town's mark: its area grows with the people; larger where towns are few."""
    least = 1.1 if n_towns > 300 else 2.0 if n_towns > 40 else 3.2
    return float(min(max(math.sqrt(max(population, 0.0)) / 55, least), 9.0))


def _towns(atlas: Atlas, heads: set[str], accent: str) -> str:
    region = atlas.contents.plan.region
    people = values_of(region.towns, "population")
    parts, big = [], []
    least = 3.8 if len(heads) <= 60 else 2.4
    for town, size in zip(region.town_ids, people.tolist(), strict=True):
        x, y = atlas.view.at(*atlas.place_of[town])
        told = svg.titled(f"{atlas.contents.names.town(town)}: {words.whole(size)} people")
        radius = town_radius(size, region.n_towns)
        if town in heads:
            big.append(svg.element("circle", told, cx=x, cy=y, r=max(radius, least)))
        else:
            parts.append(svg.element("circle", told, cx=x, cy=y, r=radius))
    small = svg.element("g", "".join(parts), fill=palette.INK, fill_opacity=0.5)
    return small + svg.element("g", "".join(big), fill=accent, stroke="#fff", stroke_width=1)


def _ways(atlas: Atlas) -> str:
    drawn = [
        svg.element("path", svg.titled(route), d=svg.path(atlas.view.at(*at) for at in places))
        for route, _, places in truck_lines(atlas)
    ]
    return svg.element(
        "g",
        "".join(drawn),
        fill="none",
        stroke=palette.FREIGHT,
        stroke_width=1.5,
        stroke_linejoin="round",
        stroke_opacity=0.85,
    )


def _by_people(atlas: Atlas, towns: Sequence[str] | set[str] | frozenset[str]) -> list[str]:
    people = atlas.contents.plan.region.towns["population"].astype(float)
    return sorted((town for town in towns if town), key=lambda town: (-people.loc[town], town))


def _by_jobs(atlas: Atlas) -> list[str]:
    jobs = {
        town: sum(shop.workers for shop in shops)
        for town, shops in atlas.contents.workshops_of.items()
    }
    seats = atlas.contents.base_towns
    return sorted((town for town in jobs if town not in seats), key=lambda t: (-jobs[t], t))


def _labels(atlas: Atlas, towns: Sequence[str], gaps: Mapping[str, float]) -> str:
    names = atlas.contents.names.towns
    wanted = [
        Wanted(names[town], *atlas.view.at(*atlas.place_of[town]), gaps[town], LABEL_SIZE)
        for town in towns
    ]
    return names_beside(wanted, atlas.view.height)


def _square(x: float, y: float, side: float = 8.0) -> str:
    return svg.element(
        "rect",
        x=x - side / 2,
        y=y - side / 2,
        width=side,
        height=side,
        fill=palette.FREIGHT,
        stroke="#fff",
        stroke_width=1.2,
    )


def _star(x: float, y: float) -> str:
    points = []
    for corner in range(10):
        radius, angle = (9.5 if corner % 2 == 0 else 4.2), math.pi * (corner / 5 - 0.5)
        points.append((x + radius * math.cos(angle), y + radius * math.sin(angle)))
    return svg.element(
        "path", d=svg.path(points, closed=True), fill=palette.INK, stroke="#fff", stroke_width=1.2
    )


def _line() -> str:
    return svg.element("path", d="M0 0h22", stroke=palette.FREIGHT, stroke_width=2)
