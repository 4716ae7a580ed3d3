"""Charts of a projection: fans of the region and of towns, and the region by age and sex."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from comarca.demography.projection import Projection
from comarca.report import palette, svg
from comarca.report.axes import Scale, note, scale, ticks

WIDTH = 760.0
_HIGH = 260.0
_SMALL_WIDE, _SMALL_HIGH = 253.0, 150.0
_ACROSS = 3
_BANDS = (("low_95", "high_95", "#e3ebf2"), ("low_80", "high_80", "#bdd3e7"))


def fan_chart(
    future: pd.DataFrame,
    past: pd.DataFrame,
    title: str,
    *,
    name: str = "chart-fan",
) -> str:
    """
    Draw the course of one population with its fan, and what was counted before.

    Parameters
    ----------
    future
        ``year, persons, low_95, low_80, high_80, high_95``, in order of year.
    past
        ``year, persons`` as counted; may be empty.
    title
        Whose population it is.
    name
        Prefix of the picture's ids, for pages with several.
    """
    parts = [_legend(), _fan(future, past, 74, 30, WIDTH - 92, _HIGH, font=12)]
    last = future.iloc[-1]
    return svg.drawing(
        "".join(parts),
        WIDTH,
        _HIGH + 64,
        name=name,
        title=title,
        description=f"{last['persons']:,.0f} in {last['year']:.0f}, four in five futures "
        f"{last['low_80']:,.0f} to {last['high_80']:,.0f}.",
    )


def town_fans(
    projection: Projection,
    past: pd.DataFrame,
    town_ids: Sequence[str],
    *,
    name: str = "chart-towns",
) -> str:
    """
    Draw a small fan for each of some towns, each on a scale of its own from zero.

    Parameters
    ----------
    projection
        With these towns.
    past
        ``town_id, year, persons`` as counted.
    town_ids
        Which, in this order.
    name
        Prefix of the picture's ids.
    """
    names = dict(zip(projection.inputs["town_id"], projection.inputs["name"], strict=True))
    of_town = {str(town): rows for town, rows in projection.towns.groupby("town_id", sort=False)}
    before = {str(town): rows for town, rows in past.groupby("town_id", sort=False)}
    nothing = past.iloc[:0]
    parts, told = [], []
    for number, town in enumerate(town_ids):
        left = _SMALL_WIDE * (number % _ACROSS)
        top = _SMALL_HIGH * (number // _ACROSS)
        rows, last = of_town[town], of_town[town].iloc[-1]
        called = str(names[town])
        short = called if len(called) <= 30 else f"{called[:29]}…"
        parts.append(
            svg.text(short, left + 50, top + 16, font_size=12, font_weight="600", fill=palette.INK)
        )
        parts.append(
            _fan(
                rows,
                before.get(town, nothing),
                left + 50,
                top + 24,
                _SMALL_WIDE - 66,
                _SMALL_HIGH - 56,
                font=10,
            )
        )
        told.append(f"{called} {last['persons']:,.0f} in {last['year']:.0f}")
    return svg.drawing(
        "".join(parts),
        WIDTH,
        _SMALL_HIGH * math.ceil(len(town_ids) / _ACROSS),
        name=name,
        title="Towns with their fans",
        description="; ".join(told),
    )


def _fan(
    future: pd.DataFrame,
    past: pd.DataFrame,
    left: float,
    top: float,
    width: float,
    height: float,
    *,
    font: float,
) -> str:
    """Bands, course and counts on axes from zero."""
    years = future["year"].astype(float).tolist()
    start = min([*past["year"].astype(float), years[0]])
    most = max(float(future["high_95"].max()), *past["persons"].astype(float), 1.0) * 1.05
    at_x = scale(start, years[-1], left, left + width)
    at_y = scale(0, most, top + height, top)
    parts = [_axes(start, years[-1], most, at_x, at_y, left, width, font)]
    for low, high, fill in _BANDS:
        upper = [(at_x(x), at_y(float(y))) for x, y in zip(years, future[high], strict=True)]
        lower = [(at_x(x), at_y(float(y))) for x, y in zip(years, future[low], strict=True)]
        shape = svg.path([*upper, *lower[::-1]], closed=True)
        parts.append(svg.element("path", d=shape, fill=fill))
    course = [(at_x(x), at_y(float(y))) for x, y in zip(years, future["persons"], strict=True)]
    parts.append(
        svg.element(
            "path", d=svg.path(course), fill="none", stroke=palette.COMMUTING, stroke_width=2
        )
    )
    parts += _counted(past, at_x, at_y, 2.2 if font < 12 else 3.2)
    return "".join(parts)


def _counted(past: pd.DataFrame, at_x: Scale, at_y: Scale, size: float) -> list[str]:
    return [
        svg.element(
            "circle",
            svg.titled(f"{year}: {persons:,.0f} counted"),
            cx=at_x(float(year)),
            cy=at_y(float(persons)),
            r=size,
            fill=palette.INK,
        )
        for year, persons in zip(past["year"], past["persons"], strict=True)
    ]


def _axes(
    start: float,
    end: float,
    most: float,
    at_x: Scale,
    at_y: Scale,
    left: float,
    width: float,
    font: float,
) -> str:
    parts = []
    values = ticks(0, most)
    for value in values[:: 2 if font < 12 else 1]:
        y = at_y(value)
        line = f"M{left:.1f} {y:.1f}H{left + width:.1f}"
        parts.append(svg.element("path", d=line, stroke=palette.LINE, stroke_width=0.7))
        parts.append(_small(_short(value), left - 6, y + 4, "end", font))
    bottom = at_y(0) + font + 5
    room = 64.0 if font < 12 else 46.0
    step = next(s for s in (5, 10, 20, 50, 100, 200) if at_x(start + s) - at_x(start) >= room)
    years = range(math.ceil(start / step) * step, int(end) + 1, step)
    parts += [_small(str(year), at_x(year), bottom, "middle", font) for year in years]
    return "".join(parts)


def _short(value: float) -> str:
    """A count in few letters: 12,000 or 1.2 million."""
    if value >= 1e6:
        return f"{value / 1e6:g} million"
    return f"{value:,.0f}"


def _small(told: str, x: float, y: float, anchor: str, font: float) -> str:
    return svg.text(told, x, y, font_size=font, text_anchor=anchor, fill=palette.QUIET)


def _legend() -> str:
    parts, x = [], 74.0
    for fill, told in (("#bdd3e7", "four futures in five"), ("#e3ebf2", "19 in 20")):
        parts.append(svg.element("rect", x=x, y=6, width=22, height=12, fill=fill))
        parts.append(note(told, x + 28, 16, "start"))
        x += 46 + 6.6 * len(told)
    parts.append(svg.element("path", d=f"M{x:.1f} 12h22", stroke=palette.COMMUTING, stroke_width=2))
    parts.append(note("under rates as expected", x + 28, 16, "start"))
    x += 50 + 6.6 * len("under rates as expected")
    parts.append(svg.element("circle", cx=x, cy=12, r=3.2, fill=palette.INK))
    return "".join(parts) + note("counted", x + 9, 16, "start")


def pyramid_chart(projection: Projection, *, name: str = "chart-pyramid") -> str:
    """Draw the region by age and sex: today as outlines, the last year as bars."""
    together = projection.persons.sum(axis=0)
    today, later = _by_five(together[0]), _by_five(together[-1])
    most = float(max(today.max(), later.max(), 1.0))
    step, middle = 13.0, WIDTH / 2
    bottom = 34 + step * today.shape[1]
    parts = []
    for sex, side in ((0, 1.0), (1, -1.0)):
        at = scale(0, most, middle + side * 30, middle + side * 300)
        for group in range(today.shape[1]):
            y = bottom - step * (group + 1)
            parts.append(_bar(at, later[sex, group], y, step, filled=True))
            parts.append(_bar(at, today[sex, group], y, step, filled=False))
    for group in range(0, today.shape[1], 2):
        y = bottom - step * group - 3
        parts.append(_small(f"{5 * group}", middle, y, "middle", 11))
    heads: Mapping[str, float] = {"women": middle + 160, "men": middle - 160}
    parts += [note(told, x, 16, "middle", fill=palette.INK) for told, x in heads.items()]
    first, last = projection.base_year, int(projection.region["year"].iloc[-1])
    told = f"bars {last}, outlines {first}; the longest is {_short(round(most))} people"
    parts.append(note(told, middle, bottom + 16, "middle"))
    return svg.drawing(
        "".join(parts),
        WIDTH,
        bottom + 24,
        name=name,
        title="The region by age and sex",
        description=f"Bars are {last}, outlines {first}.",
    )


def _by_five(persons: np.ndarray) -> np.ndarray:
    """Groups of five years, shape ``(2, 21)``."""
    if persons.shape[1] <= 21:
        return persons
    closed = persons[:, :-1].reshape(2, -1, 5).sum(axis=2)
    return np.concatenate([closed, persons[:, -1:]], axis=1)


def _bar(at: Scale, value: float, y: float, step: float, *, filled: bool) -> str:
    ends = sorted((at(0), at(float(value))))
    return svg.element(
        "rect",
        x=ends[0],
        y=y + 1,
        width=max(ends[1] - ends[0], 0.1),
        height=step - 2,
        fill="#bdd3e7" if filled else "none",
        stroke=None if filled else palette.INK,
        stroke_width=None if filled else "0.8",
    )
