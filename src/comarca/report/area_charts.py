"""Charts of areas: where each stands to the rule, and how sizes and self-containment spread."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np

from comarca.commuting import AreaParams
from comarca.model.partition import Area
from comarca.report import palette, svg, words
from comarca.report.axes import NOTE_SIZE, Scale, note, scale, ticks
from comarca.report.labels import Wanted, placed

WIDTH = 760.0
_LEFT, _RIGHT, _TOP, _HIGH = 64.0, 20.0, 34.0, 300.0
_MOST_NAMED = 12
_BELOW = "#fbeee2"


def rule_chart(areas: Sequence[Area], params: AreaParams, *, name: str = "chart-rule") -> str:
    """
    Draw each area by its size and its self-containment, with the line the rule asks for.

    Parameters
    ----------
    areas
        With the figures of :func:`comarca.commuting.areas.quality.area_quality`.
    params
        The rule.
    name
        Id of the picture in a page.
    """
    at_x = _size_scale(areas, params)
    low = min([0.9 * params.min_self_containment, *map(_self_containment, areas)])
    low = math.floor(low * 20) / 20
    at_y = scale(low, 1.0, _TOP + _HIGH, _TOP)
    parts = [_ground(at_x, at_y, low, params), _share_axis(at_y, low), _size_axis(areas, params)]
    # The largest lie on top, so that their names and titles can be reached.
    by_size = sorted(areas, key=lambda area: area.quality["residents"])
    parts.extend(_mark(area, at_x, at_y) for area in by_size)
    parts.append(_names(areas, at_x, at_y))
    below = sum(area.quality["validity"] < 1 for area in areas)
    return svg.drawing(
        "".join(parts),
        WIDTH,
        _TOP + _HIGH + 46,
        name=name,
        title="Size and self-containment of each area",
        description=f"{words.plural(len(areas), 'area')} above the line of the rule or on it, "
        f"but for {below}.",
    )


def _self_containment(area: Area) -> float:
    """The lesser of both sides, which the rule judges."""
    figure = area.quality
    return min(figure["self_containment_supply"], figure["self_containment_demand"])


def _size_range(areas: Sequence[Area], params: AreaParams) -> tuple[float, float]:
    sizes = [area.quality["residents"] for area in areas]
    return 0.8 * min([params.min_workers, *sizes]), 1.25 * max([params.target_workers, *sizes])


def _size_scale(areas: Sequence[Area], params: AreaParams) -> Scale:
    low, high = map(math.log, _size_range(areas, params))
    flat = scale(low, high, _LEFT, WIDTH - _RIGHT)
    return lambda size: flat(math.log(size))


def needed_self_containment(size: float, params: AreaParams) -> float:
    """Self-containment that an area of a size needs, between the two sizes of the rule."""
    least, target = params.min_self_containment, params.target_self_containment
    span = params.target_workers - params.min_workers
    smallness = max(params.target_workers - size, 0.0) / span if span else 0.0
    return least / (1 - (1 - least / target) * smallness)


def _ground(at_x: Scale, at_y: Scale, low: float, params: AreaParams) -> str:
    """The rule as a line; where it is not met is tinted."""
    sizes = np.geomspace(params.min_workers, params.target_workers, 40).tolist()
    line = [(at_x(params.min_workers), _TOP)]
    line += [(at_x(size), at_y(needed_self_containment(size, params))) for size in sizes]
    line.append((WIDTH - _RIGHT, at_y(params.min_self_containment)))
    bottom = [(WIDTH - _RIGHT, at_y(low)), (_LEFT, at_y(low)), (_LEFT, _TOP)]
    below = svg.element("path", d=svg.path([*line, *bottom], closed=True), fill=_BELOW)
    rule = svg.element(
        "path", d=svg.path(line), fill="none", stroke=palette.FREIGHT, stroke_width=1.6
    )
    told = note(
        "what the rule asks for",
        WIDTH - _RIGHT - 6,
        at_y(params.min_self_containment) + 16,
        "end",
        fill=palette.FREIGHT,
    )
    return below + rule + told


def _share_axis(at_y: Scale, low: float) -> str:
    parts = [note("self-containment (the lesser of residents’ and jobs’)", _LEFT - 44, 16, "start")]
    for value in ticks(low, 1.0):
        parts.append(
            svg.element(
                "path",
                d=f"M{_LEFT:.1f} {at_y(value):.1f}H{WIDTH - _RIGHT:.1f}",
                stroke=palette.LINE,
                stroke_width=0.7,
            )
        )
        parts.append(note(f"{value:.0%}", _LEFT - 8, at_y(value) + 4, "end"))
    return "".join(parts)


def _size_axis(areas: Sequence[Area], params: AreaParams) -> str:
    low, high = _size_range(areas, params)
    at_x, y = _size_scale(areas, params), _TOP + _HIGH
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    sizes = [size * 10.0**power for power in powers for size in _steps(high / low)]
    parts = [
        note(words.whole(size), at_x(size), y + 18, "middle")
        for size in sizes
        if low <= size <= high
    ]
    parts.append(note("working residents, each step a multiple", WIDTH - _RIGHT, y + 38, "end"))
    return "".join(parts)


def _steps(ratio: float) -> tuple[int, ...]:
    """Labels a decade, so that they do not run into each other."""
    return (1, 2, 5) if ratio < 3e3 else (1, 3) if ratio < 1e5 else (1,)


def _mark(area: Area, at_x: Scale, at_y: Scale) -> str:
    size, share = area.quality["residents"], _self_containment(area)
    told = f"{area.name}: {words.whole(size)} working residents, {words.share(share)}"
    is_area = area.quality["validity"] >= 1
    return svg.element(
        "circle",
        svg.titled(told),
        cx=at_x(size),
        cy=at_y(share),
        r=4.2,
        fill=palette.COMMUTING if is_area else palette.FREIGHT,
        fill_opacity="0.75",
        stroke=palette.PAPER,
    )


def _names(areas: Sequence[Area], at_x: Scale, at_y: Scale) -> str:
    wanted = [
        Wanted(
            area.name,
            at_x(area.quality["residents"]),
            at_y(_self_containment(area)),
            7.0,
            NOTE_SIZE,
        )
        for area in sorted(areas, key=lambda area: -area.quality["residents"])
    ]
    bottom = _TOP + _HIGH
    labels = placed(wanted[: 3 * _MOST_NAMED], WIDTH - _RIGHT, bottom, avoid=wanted)[:_MOST_NAMED]
    return "".join(
        svg.text(
            label.text,
            label.x,
            label.y,
            font_size=label.size,
            text_anchor=label.anchor,
            fill=palette.INK,
        )
        for label in labels
    )


def spread_chart(areas: Sequence[Area], *, name: str = "chart-spread") -> str:
    """
    Draw how many areas there are by size, and by self-containment on both sides.

    Parameters
    ----------
    areas
        As in :func:`rule_chart`; one or more.
    name
        Id of the picture in a page.
    """
    shares = _share_edges(areas)
    panels = (
        ("working residents", "residents", _size_edges(areas), words.whole),
        ("self-containment, residents", "self_containment_supply", shares, _per_cent),
        ("self-containment, jobs", "self_containment_demand", shares, _per_cent),
    )
    wide = WIDTH / len(panels)
    drawn = "".join(
        svg.element(
            "g",
            _histogram([area.quality[figure] for area in areas], edges, title, label),
            transform=f"translate({at * wide:.1f} 0)",
        )
        for at, (title, figure, edges, label) in enumerate(panels)
    )
    return svg.drawing(
        drawn,
        WIDTH,
        192,
        name=name,
        title="How many areas there are of each size and self-containment",
        description=f"Three counts of {words.plural(len(areas), 'area')}.",
    )


def _size_edges(areas: Sequence[Area]) -> list[float]:
    """Classes of size from 1 to 2 to 5 to 10 and so on, as many as hold all areas."""
    sizes = [area.quality["residents"] for area in areas]
    powers = range(math.floor(math.log10(min(sizes))), math.ceil(math.log10(max(sizes))) + 2)
    round_sizes = [size * 10.0**power for power in powers for size in (1, 2, 5)]
    first = max(at for at, size in enumerate(round_sizes) if size <= min(sizes))
    last = min(at for at, size in enumerate(round_sizes) if size > max(sizes))
    return round_sizes[first : last + 1]


def _share_edges(areas: Sequence[Area]) -> list[float]:
    """Classes of five percentage points, or ten where areas are very unequal, up to 100 %."""
    sides = ("self_containment_supply", "self_containment_demand")
    least = min(area.quality[side] for area in areas for side in sides)
    step = 5 if least > 0.5 else 10
    first = math.floor(min(100 * least, 90) / step) * step
    return [edge / 100 for edge in range(first, 101, step)]


def _per_cent(share: float) -> str:
    return f"{share:.0%}"


def _histogram(
    values: Sequence[float], edges: Sequence[float], title: str, label: Callable[[float], str]
) -> str:
    """Bars of how many values lie between edges, all equally wide; the last edge is within."""
    left, right, top, bottom = 34.0, WIDTH / 3 - 20, 34.0, 160.0
    counts = np.histogram(values, edges)[0].tolist()
    at_x = scale(0, len(counts), left, right)
    at_y = scale(0, max([1, *counts]), bottom, top)
    parts = [svg.text(title, left, 14, font_size=NOTE_SIZE, font_weight="600", fill=palette.INK)]
    for at, count in enumerate(counts):
        told = f"{label(edges[at])} to {label(edges[at + 1])}: {words.plural(count, 'area')}"
        middle = (at_x(at) + at_x(at + 1)) / 2
        parts.append(
            svg.element(
                "rect",
                svg.titled(told),
                x=at_x(at) + 0.5,
                y=at_y(count),
                width=at_x(1) - at_x(0) - 1,
                height=bottom - at_y(count),
                fill=palette.COMMUTING,
                fill_opacity="0.8",
            )
        )
        if count:
            parts.append(note(f"{count:,}", middle, at_y(count) - 4, "middle"))
    axis = f"M{left:.1f} {bottom:.1f}H{right:.1f}"
    parts.append(svg.element("path", d=axis, stroke=palette.QUIET, stroke_width=0.8))
    every = max(1, math.ceil(len(edges) / 4))
    parts.extend(
        note(label(edges[at]), at_x(at), bottom + 16, "middle")
        for at in range(0, len(edges), every)
    )
    return "".join(parts)
