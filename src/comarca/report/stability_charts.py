"""Charts of how sure areas are: towns by certainty, the least sure areas, numbers of areas."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping
from typing import Any

import numpy as np

from comarca.commuting import AreaStability
from comarca.report import palette, svg, words
from comarca.report.axes import Scale, note, scale, ticks
from comarca.report.certainty_map import class_of

WIDTH = 760.0
MOST_AREAS = 30
_LEFT, _RIGHT, _TOP, _HIGH = 70.0, 20.0, 26.0, 190.0
_STEPS = 20  # bars of five per cent each


def certainty_histogram(stability: AreaStability, *, name: str = "chart-certainty") -> str:
    """
    Draw how many towns are how sure of their area, in steps of five per cent.

    Parameters
    ----------
    stability
        How sure membership is.
    name
        Prefix of the picture's ids, for pages with several.
    """
    # A share on the border of two steps belongs to the upper one, 100 % to the last.
    step = np.minimum((stability.certainty * _STEPS + 1e-9).astype(int), _STEPS - 1)
    counts = np.bincount(step, minlength=_STEPS)
    at_x = scale(0, 1, _LEFT, WIDTH - _RIGHT)
    at_y = scale(0, max(int(counts.max()), 1), _TOP + _HIGH, _TOP)
    parts = [_count_axis(int(counts.max()), at_y)]
    for number, count in enumerate(counts.tolist()):
        low, high = number / _STEPS, (number + 1) / _STEPS
        told = f"{words.plural(count, 'town')} in {low * 100:.0f} to {high * 100:.0f} %"
        parts.append(_bar(at_x(low), at_x(high), at_y, count, told, class_of(low)))
    parts += [
        note(f"{share} %", at_x(share / 100), _TOP + _HIGH + 18, "middle") for share in SHARES
    ]
    parts.append(note("towns", _LEFT - 10, 14, "end"))
    below = "share of the redrawings in which the town is in the same area"
    parts.append(note(below, (_LEFT + WIDTH - _RIGHT) / 2, _TOP + _HIGH + 38, "middle"))
    return svg.drawing(
        "".join(parts),
        WIDTH,
        _TOP + _HIGH + 46,
        name=name,
        title="Towns by how sure their area is",
        description="; ".join(
            f"{words.plural(count, 'town')} in {number * 5} to {number * 5 + 5} %"
            for number, count in enumerate(counts.tolist())
            if count
        ),
    )


SHARES = (0, 20, 40, 60, 80, 100)


def area_certainty_chart(stability: AreaStability, *, name: str = "chart-areas") -> str:
    """
    Draw the certainty of each area, the least sure first, and how often its head kept it.

    Parameters
    ----------
    stability
        With at least one area.
    name
        Prefix of the picture's ids.
    """
    areas = stability.areas().sort_values("certainty", kind="stable")
    shown = areas.head(MOST_AREAS)
    at = scale(0, 1, 210.0, WIDTH - 120)
    bottom = 34.0 + 22 * len(shown)
    parts = [_share_lines(at, bottom), note("certainty", WIDTH - 108, 18, "start")]
    for row, area in enumerate(shown.to_dict("records")):
        parts.append(_area_row(area, at, 34 + 22 * row))
    parts.append(_areas_legend(at(0), bottom + 44))
    if len(shown) < len(areas):
        told = f"{len(shown)} of {len(areas):,} areas, the least sure"
        parts.append(note(told, at(0), bottom + 66, "start"))
    return svg.drawing(
        "".join(parts),
        WIDTH,
        bottom + 78,
        name=name,
        title="How sure each area is",
        description="; ".join(
            f"{area['area_name']} {words.share(area['certainty'])}"
            for area in shown.to_dict("records")
        ),
    )


def redrawings_chart(stability: AreaStability, *, name: str = "chart-redrawings") -> str:
    """
    Draw how many areas the redrawings have, and how many there are as counted.

    Parameters
    ----------
    stability
        How sure areas are.
    name
        Prefix of the picture's ids.
    """
    counts = Counter(stability.redrawings["n_areas"].tolist())
    as_counted = stability.outcome.n_areas
    low, high = min(*counts, as_counted), max(*counts, as_counted)
    width = max(1, -(-(high - low + 1) // 60))  # areas a bar stands for, so that bars can be seen
    bars = Counter((number - low) // width for number in counts.elements())
    at_x = scale(0, (high - low) // width + 1, _LEFT, WIDTH - _RIGHT)
    at_y = scale(0, max(bars.values()), _TOP + _HIGH, _TOP)
    parts = [_count_axis(max(bars.values()), at_y)]
    for place, count in sorted(bars.items()):
        first = low + place * width
        last = f" to {words.whole(first + width - 1)} areas"
        told = words.plural(first, "area") if width == 1 else words.whole(first) + last
        title = f"{words.plural(count, 'redrawing')} of {told}"
        parts.append(_bar(at_x(place), at_x(place + 1), at_y, count, title, None))
    for value in ticks(low, high) if high > low else [low]:
        if float(value).is_integer():
            x = at_x((value - low) / width + 0.5)
            parts.append(note(f"{value:,.0f}", x, _TOP + _HIGH + 18, "middle"))
    parts.append(_as_counted(at_x((as_counted - low) / width + 0.5), as_counted))
    parts.append(note("redrawings", _LEFT - 10, 14, "end"))
    parts.append(note("areas", (_LEFT + WIDTH - _RIGHT) / 2, _TOP + _HIGH + 38, "middle"))
    mean, least, most = stability.spread()
    return svg.drawing(
        "".join(parts),
        WIDTH,
        _TOP + _HIGH + 46,
        name=name,
        title="How many areas there are",
        description=f"{as_counted} as counted; mean {mean:.1f} of the redrawings, "
        f"{least:.0f} to {most:.0f} in nine of ten.",
    )


def _count_axis(most: int, at_y: Scale) -> str:
    parts = []
    for value in ticks(0, max(most, 4)):
        if value <= most and float(value).is_integer():
            y = at_y(value)
            line = f"M{_LEFT:.1f} {y:.1f}H{WIDTH - _RIGHT:.1f}"
            parts.append(svg.element("path", d=line, stroke=palette.LINE, stroke_width=0.7))
            parts.append(note(f"{value:,.0f}", _LEFT - 10, y + 4, "end"))
    return "".join(parts)


def _bar(left: float, right: float, at_y: Scale, count: int, told: str, least: float | None) -> str:
    """A standing bar; one of a class of certainty bears its colour."""
    if not count:
        return ""
    top = min(at_y(count), at_y(0) - 1.5)  # a single town among thousands is still seen
    return svg.element(
        "rect",
        svg.titled(told),
        x=left + 1,
        y=top,
        width=right - left - 2,
        height=at_y(0) - top,
        fill=palette.COMMUTING if least is None else palette.CERTAINTY[least],
        stroke=None if least is None else palette.QUIET,
        stroke_width=None if least is None else "0.5",
    )


def _as_counted(x: float, n_areas: int) -> str:
    line = svg.element(
        "path",
        d=f"M{x:.1f} {_TOP - 4:.1f}V{_TOP + _HIGH:.1f}",
        stroke=palette.FREIGHT,
        stroke_width=2,
        stroke_dasharray="5 3",
    )
    return line + note(f"{n_areas:,} as counted", x, 14, "middle", fill=palette.FREIGHT)


def _share_lines(at: Scale, bottom: float) -> str:
    parts = []
    for share in SHARES:
        line = f"M{at(share / 100):.1f} 26V{bottom:.1f}"
        parts.append(svg.element("path", d=line, stroke=palette.LINE, stroke_width=0.7))
        parts.append(note(f"{share} %", at(share / 100), bottom + 18, "middle"))
    return "".join(parts)


def _area_row(area: Mapping[Hashable, Any], at: Scale, y: float) -> str:
    certainty, recurrence = area["certainty"], area["recurrence"]
    name = str(area["area_name"])
    short = name if len(name) <= 24 else f"{name[:23]}…"
    told = (
        f"{name}: towns in it in {words.share(certainty)}, head of an area in "
        f"{words.share(recurrence)} of the redrawings"
    )
    bar = svg.element(
        "rect",
        svg.titled(told),
        x=at(0),
        y=y + 2,
        width=max(at(certainty) - at(0), 1.0),
        height=15,
        fill=palette.CERTAINTY[class_of(certainty)],
        stroke=palette.QUIET,
        stroke_width="0.5",
    )
    return (
        note(f"{short}, {area['n_towns']:,}", at(0) - 10, y + 14, "end", fill=palette.INK)
        + bar
        + _mark(at(recurrence), y + 9.5, svg.titled(told))
        + note(words.share(certainty), WIDTH - 108, y + 14, "start", fill=palette.INK)
    )


def _mark(x: float, y: float, title: str = "") -> str:
    return svg.element("circle", title, cx=x, cy=y, r=4.5, fill=palette.COMMUTING, stroke="#fff")


def _areas_legend(x: float, y: float) -> str:
    bar = svg.element(
        "rect",
        x=x,
        y=y - 10,
        width=22,
        height=12,
        fill=palette.CERTAINTY[0.95],
        stroke=palette.QUIET,
        stroke_width="0.5",
    )
    told = "certainty of its towns, by workers"
    return (
        bar
        + note(told, x + 30, y, "start")
        + _mark(x + 262, y - 4)
        + note("recurrence: an area of the same head", x + 274, y, "start")
    )
