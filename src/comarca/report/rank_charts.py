"""Charts of rank laws as SVG: the criterion beside what chance gives, and towns on their laws."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from comarca.commuting import AreaRanks, AreaTest, RadiusTest, RankProfile
from comarca.report import palette, svg
from comarca.report.axes import NOTE_SIZE, Scale, note, scale, signed, ticks
from comarca.wording import counted, probability

WIDTH = 760.0
MOST_AREAS = 40
_BAND = "#dfe5ea"
_COLUMN = 44.0  # room for a p-value below the drawing
_LEFT, _RIGHT, _TOP, _HIGH = 140.0, 28.0, 34.0, 230.0


def profile_chart(profile: RankProfile, *, name: str = "chart-profile") -> str:
    """
    Draw the criterion over the radius, with the band of nine random sets in ten behind it.

    Parameters
    ----------
    profile
        With at least one radius.
    name
        Prefix of the picture's ids, for pages with several.
    """
    judged = [point for point in profile.points if point.criterion is not None]
    compared = [point for point in judged if point.p is not None]
    at_x = _radius_scale([point.radius for point in profile.points])
    low, high = _span(judged)
    at_y = scale(low, high, _TOP + _HIGH, _TOP)
    parts = [_value_axis(low, high, at_y), _band(compared, at_x, at_y)]
    line = svg.path((at_x(point.radius), at_y(point.criterion or 0.0)) for point in judged)
    parts.append(svg.element("path", d=line, fill="none", stroke=palette.COMMUTING, stroke_width=2))
    parts.extend(_observed(point, profile.unit, at_x, at_y) for point in judged)
    parts.append(_rows_below(profile, at_x))
    parts.append(_profile_legend())
    if not judged:
        parts.append(note("no circle could be judged", WIDTH / 2, _TOP + _HIGH / 3, "middle"))
    return svg.drawing(
        "".join(parts),
        WIDTH,
        _TOP + _HIGH + 104,
        name=name,
        title=f"Criterion C of the towns around {profile.centre_name}",
        description="; ".join(_told(point, profile.unit) for point in profile.points),
    )


def areas_chart(ranks: AreaRanks, *, name: str = "chart-areas") -> str:
    """Draw the criterion of each area on a line of its own, with the band of random sets."""
    judged = [area for area in ranks.areas if area.criterion is not None]
    shown = sorted(judged, key=lambda area: 2.0 if area.p is None else area.p)[:MOST_AREAS]
    low, high = _span(shown)
    at = scale(low, high, 190, WIDTH - 150)
    bottom = 30 + 24 * len(shown)
    parts = [_zero_and_ticks(low, high, at, bottom)]
    parts.extend(_area_row(area, at, 30 + 24 * row) for row, area in enumerate(shown))
    head = note("p (corrected)", WIDTH - 140, 14, "start")
    head += note("← Zipf’s law fits better", at(0) - 12, 14, "end")
    head += note("logarithmic law →", at(0) + 12, 14, "start")
    if len(shown) < len(judged):
        told = f"{len(shown)} of {len(judged)} areas, those with the least p"
        head += note(told, 190, bottom + 34, "start")
    return svg.drawing(
        "".join(parts) + head,
        WIDTH,
        bottom + 42,
        name=name,
        title="Criterion C of each area",
        description=f"{counted(len(shown), 'area')}, the least p-value first.",
    )


def _told(point: RadiusTest, unit: str) -> str:
    told = f"{point.radius:g} {unit}: {counted(point.n_towns, 'town')}"
    if point.criterion is None or point.p is None:
        return f"{told}, {point.note}"
    return f"{told}, C {signed(point.criterion)}, p {probability(point.p)}"


def _radius_scale(radii: Sequence[float]) -> Scale:
    """In proportion where the columns of figures below find room, else one step a radius."""
    start, end = _LEFT + 36, WIDTH - _RIGHT - 30
    if len(radii) == 1:
        return lambda radius: (start + end) / 2
    true = scale(radii[0], radii[-1], start, end)
    if min(true(b) - true(a) for a, b in pairwise(radii)) >= _COLUMN:
        return true
    steps = {radius: step for step, radius in enumerate(radii)}
    even = scale(0, len(radii) - 1, start, end)
    return lambda radius: even(steps[radius])


def _span(tests: Sequence[RadiusTest] | Sequence[AreaTest]) -> tuple[float, float]:
    """Range of values that shows every criterion, every band and zero."""
    values = [0.0]
    for test in tests:
        found = (test.criterion, test.null_low, test.null_high)
        values.extend(value for value in found if value is not None)
    margin = max(0.08 * (max(values) - min(values)), 0.01)
    return min(values) - margin, max(values) + margin


def _value_axis(low: float, high: float, at_y: Scale) -> str:
    parts = []
    for value in ticks(low, high):
        y, is_zero = at_y(value), abs(value) < 1e-9
        parts.append(
            svg.element(
                "path",
                d=f"M{_LEFT:.1f} {y:.1f}H{WIDTH - _RIGHT:.1f}",
                stroke=palette.INK if is_zero else palette.LINE,
                stroke_width=1 if is_zero else 0.7,
            )
        )
        parts.append(note(signed(value), _LEFT - 8, y + 4, "end"))
    above, below = ("logarithmic law", "fits better"), ("Zipf’s law", "fits better")
    for told, y in ((above, at_y(high) + 12), (below, at_y(low) - 18)):
        parts.extend(note(words, 4, y + 14 * row, "start") for row, words in enumerate(told))
    return "".join(parts)


def _zero_and_ticks(low: float, high: float, at: Scale, bottom: float) -> str:
    parts = []
    for value in ticks(low, high):
        x, is_zero = at(value), abs(value) < 1e-9
        stroke = palette.INK if is_zero else palette.LINE
        parts.append(
            svg.element(
                "path",
                d=f"M{x:.1f} 20V{bottom:.1f}",
                stroke=stroke,
                stroke_width=0.7 + 0.3 * is_zero,
            )
        )
        parts.append(note(signed(value), x, bottom + 15, "middle"))
    return "".join(parts)


def _band(points: Sequence[RadiusTest], at_x: Scale, at_y: Scale) -> str:
    """Where nine draws in ten lie, and their middle; a bar where there is one radius alone."""
    edges = [
        (at_x(p.radius), at_y(p.null_low), at_y(p.null_high), at_y(p.null_median))
        for p in points
        if p.null_low is not None and p.null_high is not None and p.null_median is not None
    ]
    if len(edges) == 1:
        x, low, high, middle = edges[0]
        edges = [(x - 14, low, high, middle), (x + 14, low, high, middle)]
    outline = [(x, high) for x, _, high, _ in edges] + [(x, low) for x, low, _, _ in edges[::-1]]
    area = svg.element("path", d=svg.path(outline, closed=True), fill=_BAND)
    middle_line = svg.path((x, middle) for x, _, _, middle in edges)
    return area + svg.element(
        "path", d=middle_line, fill="none", stroke=palette.QUIET, stroke_dasharray="4 3"
    )


def _observed(point: RadiusTest, unit: str, at_x: Scale, at_y: Scale) -> str:
    told = svg.titled(_told(point, unit))
    y = at_y(point.criterion or 0.0)
    return svg.element(
        "circle", told, cx=at_x(point.radius), cy=y, r=5, fill=palette.COMMUTING, stroke="#fff"
    )


def _rows_below(profile: RankProfile, at_x: Scale) -> str:
    """The figures of each radius in columns below the drawing."""
    y = _TOP + _HIGH + 24
    names = (f"radius, {profile.unit}", "towns", "p", "p, all radii")
    parts = [note(told, _LEFT - 8, y + 20 * row, "end") for row, told in enumerate(names)]
    places = [at_x(point.radius) for point in profile.points]
    gap = min((b - a for a, b in pairwise(places)), default=_COLUMN)
    for point in profile.points[:: math.ceil(_COLUMN / gap)]:
        missing = "too few" if point.laws is None else "–"
        cells = (
            f"{point.radius:g}",
            f"{point.n_towns:,}",
            missing if point.p is None else probability(point.p),
            "" if point.p_adjusted is None else probability(point.p_adjusted),
        )
        for row, told in enumerate(cells):
            parts.append(
                svg.text(
                    told,
                    at_x(point.radius),
                    y + 20 * row,
                    font_size=NOTE_SIZE,
                    text_anchor="middle",
                    font_weight="600" if row == 2 and point.p is not None else None,
                    fill=palette.INK,
                )
            )
    return "".join(parts)


def _profile_legend() -> str:
    mark = svg.element("circle", cx=_LEFT + 8, cy=12, r=5, fill=palette.COMMUTING)
    band = svg.element("rect", x=_LEFT + 128, y=5, width=24, height=14, fill=_BAND)
    middle = svg.element(
        "path", d=f"M{_LEFT + 128:.0f} 12h24", stroke=palette.QUIET, stroke_dasharray="4 3"
    )
    told = "nine random sets in ten of the same size, and their middle"
    return (
        mark
        + band
        + middle
        + note("these towns", _LEFT + 20, 16, "start")
        + note(told, _LEFT + 160, 16, "start")
    )


def _area_row(area: AreaTest, at: Scale, y: float) -> str:
    middle = y + 12
    name = area.area_name if len(area.area_name) <= 26 else f"{area.area_name[:25]}…"
    parts = [note(f"{name}, {area.n_towns:,}", 180, middle + 4, "end", fill=palette.INK)]
    if area.null_low is not None and area.null_high is not None:
        left, right = at(area.null_low), at(area.null_high)
        parts.append(
            svg.element("rect", x=left, y=middle - 6, width=right - left, height=12, fill=_BAND)
        )
    told = svg.titled(f"{area.area_name}: C {signed(area.criterion or 0.0)}")
    x = at(area.criterion or 0.0)
    parts.append(svg.element("circle", told, cx=x, cy=middle, r=5, fill=palette.COMMUTING))
    if area.p is not None and area.p_adjusted is not None:
        told = f"{probability(area.p)}  ({probability(area.p_adjusted)})"
    else:
        told = "not compared"
    return "".join(parts) + note(told, WIDTH - 140, middle + 4, "start", fill=palette.INK)
