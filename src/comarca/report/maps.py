"""The two maps of the first page: areas made by commuting, agglomerations tied by freight."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from comarca.model.partition import Partition
from comarca.model.region import values_of
from comarca.report import palette, svg, words
from comarca.report.atlas import WIDTH, Atlas, View, truck_lines
from comarca.report.labels import Label, Wanted, placed
from comarca.report.outline import Outline

LABEL_SIZE = 13.0
MOST_LABELS = 16
MOST_ON_A_PHONE = 7


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
            _line() + legend_text("truck's way", 27),
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
    names = atlas.contents.names
    wanted = [
        Wanted(names.towns[town], *atlas.view.at(*atlas.place_of[town]), gaps[town], LABEL_SIZE)
        for town in towns[: 3 * MOST_LABELS]
    ]
    labels = placed(wanted, WIDTH, atlas.view.height - 20, avoid=wanted)[:MOST_LABELS]
    first, others = labels[:MOST_ON_A_PHONE], labels[MOST_ON_A_PHONE:]
    return _written(first, "") + (_written(others, "less") if others else "")


def _written(labels: Sequence[Label], kind: str) -> str:
    """Names with a halo: a stroked copy underneath, as one painted over would thin the letters."""
    names = "".join(_label(label) for label in labels)
    halo = svg.element(
        "g",
        names,
        fill="#fff",
        stroke="#fff",
        stroke_width=3.2,
        stroke_linejoin="round",
        stroke_opacity=0.85,
        aria_hidden="true",
    )
    return svg.element("g", halo + svg.element("g", names, fill=palette.INK), class_=kind or None)


def _label(label: Label) -> str:
    return svg.text(
        label.text,
        label.x,
        label.y,
        font_size=label.size,
        text_anchor=label.anchor,
        font_weight=600,
    )


def framed(
    view: View,
    outline: Outline,
    drawn: str,
    *,
    name: str,
    title: str,
    description: str,
    legend: Sequence[str],
    legend_step: float = 165.0,
) -> str:
    """Sea and land beneath, the frame, scale bar and legend around."""
    strip = 34.0
    inside = view.height - 16
    below = svg.element("rect", width=WIDTH, height=inside, fill=outline.paper)
    land = "".join(
        svg.element(
            "path",
            d=svg.shape_path(view.shape(shape)),
            fill=palette.LAND,
            stroke=palette.LINE,
            stroke_width=1,
        )
        for shape in outline.lands
    )
    borders = "".join(
        svg.element(
            "path",
            d=svg.shape_path(view.shape(line)),
            fill="none",
            stroke=palette.QUIET,
            stroke_width=0.8,
            stroke_dasharray="4 3",
            stroke_opacity=0.6,
        )
        for line in outline.borders
    )
    frame = svg.element(
        "rect", x=0.5, y=0.5, width=WIDTH - 1, height=inside - 1, fill="none", stroke=palette.LINE
    )
    key = "".join(
        svg.element("g", mark, transform=f"translate({14 + legend_step * i:g} {inside + 21:g})")
        for i, mark in enumerate(legend)
    )
    # A nested window cuts what reaches over the frame, without an id that another map might share.
    window = svg.element(
        "svg",
        below + land + borders + drawn + _scale_bar(view, inside),
        x=0,
        y=0,
        width=WIDTH,
        height=inside,
        viewBox=f"0 0 {WIDTH:g} {inside:g}",
        overflow="hidden",
    )
    return svg.drawing(
        window + frame + key,
        WIDTH,
        inside + strip,
        name=name,
        title=title,
        description=description,
    )


def _scale_bar(view: View, bottom: float) -> str:
    """A round number of kilometres, about a fifth of the width."""
    aim = WIDTH / 5 / view.per_km
    power = 10 ** math.floor(math.log10(aim))
    length = max(step for step in (1, 2, 5) if step * power <= aim) * power
    wide = length * view.per_km
    bar = svg.element(
        "path",
        d=f"M14 {bottom - 20:.1f}v6h{wide:.1f}v-6",
        fill="none",
        stroke=palette.INK,
        stroke_width=1.4,
    )
    return bar + svg.text(
        f"{words.rounded(length)} km",
        14 + wide / 2,
        bottom - 20,
        font_size=11,
        text_anchor="middle",
        fill=palette.INK,
    )


def dot(radius: float, fill: str, stroke: str, opacity: float = 1.0) -> str:
    """A mark of the legend."""
    return svg.element(
        "circle", cx=5, cy=0, r=radius, fill=fill, stroke=stroke, fill_opacity=f"{opacity:g}"
    )


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


def legend_text(told: str, x: float = 15) -> str:
    """What a mark of the legend means."""
    return svg.text(told, x, 4, font_size=12.5, fill=palette.QUIET)
