"""Charts of people: the three age curves of any set of towns, and towns ranked by growth."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import pandas as pd

from comarca.demography.age_curves import CURVES
from comarca.report import palette, svg
from comarca.report.axes import Scale, note, scale, ticks
from comarca.wording import counted

WIDTH = 760.0
MOST_TOWNS = 40
"""Towns that one ranking shows; of more, the ends."""
_PANELS_ACROSS = 2
_PANEL_HIGH = 170.0
_LEGEND_HIGH = 34.0
_CURVE_STYLES: Mapping[str, tuple[str, str, str | None]] = {
    "persons_0_19": ("0 to 19", palette.QUIET, "5 3"),
    "persons_20_29_doubled": ("20 to 29, doubled", palette.FREIGHT, None),
    "persons_30_49": ("30 to 49", palette.COMMUTING, "1.5 2.5"),
}


def age_curves_chart(
    curves: pd.DataFrame, names: Mapping[str, str], *, name: str = "chart-age-curves"
) -> str:
    """
    Draw the three age curves of each town in a panel of its own, as the paper's figure 1.

    Parameters
    ----------
    curves
        ``town_id, year, persons_0_19, persons_20_29_doubled, persons_30_49, is_split``; one panel a
        town, in the order of ``names``.
    names
        Names of the towns by id; towns without two counts by age are left out.
    name
        Prefix of the picture's ids, for pages with several.

    Returns
    -------
    str
        SVG. Each panel has a scale of its own, from 0; hollow marks rest on a band that was split.
    """
    shown = [town for town in names if (curves["town_id"] == town).sum() > 1]
    rows = math.ceil(len(shown) / _PANELS_ACROSS)
    width = WIDTH / _PANELS_ACROSS
    parts = [_curve_legend()]
    for number, town in enumerate(shown):
        left = width * (number % _PANELS_ACROSS)
        top = _LEGEND_HIGH + _PANEL_HIGH * (number // _PANELS_ACROSS)
        parts.append(_panel(curves[curves["town_id"] == town], names[town], left, top, width))
    if not shown:
        parts.append(note("no town was counted by age twice", WIDTH / 2, 60, "middle"))
    return svg.drawing(
        "".join(parts),
        WIDTH,
        _LEGEND_HIGH + _PANEL_HIGH * max(rows, 1),
        name=name,
        title="Three age groups of the population",
        description="; ".join(_curves_told(curves, town, names[town]) for town in shown),
    )


def _curves_told(curves: pd.DataFrame, town: str, name: str) -> str:
    of_town = curves[curves["town_id"] == town].sort_values("year")
    first, last = of_town.iloc[0], of_town.iloc[-1]
    told = ", ".join(
        f"{words} {first[column]:,.0f} to {last[column]:,.0f}"
        for column, (words, *_) in _CURVE_STYLES.items()
    )
    return f"{name} {first['year']} to {last['year']}: {told}"


def _curve_legend() -> str:
    parts, x = [], 70.0
    for words, colour, dashes in _CURVE_STYLES.values():
        line = f"M{x:.1f} 14h26"
        parts.append(
            svg.element("path", d=line, stroke=colour, stroke_width=2.2, stroke_dasharray=dashes)
        )
        parts.append(note(words, x + 33, 18, "start"))
        x += 60 + 7.2 * len(words)
    hollow = svg.element("circle", cx=x + 8, cy=14, r=3.2, fill="#fff", stroke=palette.QUIET)
    return "".join(parts) + hollow + note("a band was split", x + 18, 18, "start")


def _panel(of_town: pd.DataFrame, name: str, left: float, top: float, width: float) -> str:
    """One town: its name, a scale from 0, three curves."""
    of_town = of_town.sort_values("year")
    years = of_town["year"].astype(int).tolist()
    most = max(of_town[list(CURVES)].to_numpy(dtype=float).max(), 1.0)
    at_x = scale(years[0], years[-1], left + 70, left + width - 24)
    at_y = scale(0, most * 1.05, top + _PANEL_HIGH - 30, top + 26)
    parts = [
        svg.text(name, left + 70, top + 16, font_size=13, font_weight="600", fill=palette.INK),
        _count_lines(most * 1.05, at_y, left + 70, left + width - 24),
    ]
    parts += [
        note(str(year), at_x(year), top + _PANEL_HIGH - 12, "middle")
        for year in _spaced(years, at_x, 34.0)
    ]
    for column, (words, colour, dashes) in _CURVE_STYLES.items():
        points = [(at_x(y), at_y(float(v))) for y, v in zip(years, of_town[column], strict=True)]
        parts.append(
            svg.element(
                "path",
                d=svg.path(points),
                fill="none",
                stroke=colour,
                stroke_width=2.2,
                stroke_dasharray=dashes,
            )
        )
        parts += _marks(of_town, column, points, words, colour)
    return "".join(parts)


def _marks(
    of_town: pd.DataFrame,
    column: str,
    points: Sequence[tuple[float, float]],
    words: str,
    colour: str,
) -> list[str]:
    rows = zip(points, of_town["year"], of_town[column], of_town["is_split"], strict=True)
    return [
        svg.element(
            "circle",
            svg.titled(f"{year}, {words}: {persons:,.0f}" + (", split" if is_split else "")),
            cx=x,
            cy=y,
            r=3.2,
            fill="#fff" if is_split else colour,
            stroke=colour,
        )
        for (x, y), year, persons, is_split in rows
    ]


def _count_lines(most: float, at_y: Scale, left: float, right: float) -> str:
    parts = []
    for value in ticks(0, most)[:: 2 if len(ticks(0, most)) > 5 else 1]:
        y = at_y(value)
        line = f"M{left:.1f} {y:.1f}H{right:.1f}"
        parts.append(svg.element("path", d=line, stroke=palette.LINE, stroke_width=0.7))
        parts.append(note(f"{value:,.0f}", left - 8, y + 4, "end"))
    return "".join(parts)


def _spaced(years: Sequence[int], at_x: Scale, least: float) -> list[int]:
    """Years whose labels find room, the first and the last among them."""
    kept = [years[0]]
    for year in years[1:-1]:
        if at_x(year) - at_x(kept[-1]) >= least and at_x(years[-1]) - at_x(year) >= least:
            kept.append(year)
    return [*kept, years[-1]] if len(years) > 1 else kept


def growth_chart(
    growth: pd.DataFrame,
    names: Mapping[str, str],
    *,
    highlighted: frozenset[str] = frozenset(),
    name: str = "chart-growth",
) -> str:
    """
    Rank towns by their growth multiple, the greatest first, on a scale of ratios.

    Parameters
    ----------
    growth
        ``town_id, year_from, year_to, persons_from, persons_to, growth_multiple``.
    names
        Names of the towns by id; only these are ranked.
    highlighted
        Ids of towns to mark, for instance those with a university.
    name
        Prefix of the picture's ids.

    Returns
    -------
    str
        SVG. Bars run from 1, the line of no change; halving and doubling are equally long. Of more
        than 40 towns the 20 at either end and those highlighted are drawn.
    """
    known = growth[growth["town_id"].isin(list(names)) & (growth["growth_multiple"].fillna(0) > 0)]
    ranked = known.sort_values("growth_multiple", ascending=False, kind="stable")
    ranked = ranked.assign(rank=range(1, len(ranked) + 1))
    shown = _ends(ranked, highlighted)
    logs = [math.log(value) for value in shown["growth_multiple"].astype(float)]
    low, high = min([*logs, math.log(0.9)]), max([*logs, math.log(1.1)])
    at = scale(low, high, 240, WIDTH - 150)
    bottom = 30.0 + 20 * len(shown)
    parts = [_ratio_lines(low, high, at, bottom)]
    for row, town in enumerate(shown.to_dict("records")):
        is_marked = str(town["town_id"]) in highlighted
        parts.append(_growth_row(town, names, at, 30 + 20 * row, is_marked))
    if len(shown) < len(ranked):
        told = f"{len(shown)} of {counted(len(ranked), 'town')}: both ends of the ranking"
        parts.append(note(told, 240, bottom + 36, "start"))
    return svg.drawing(
        "".join(parts),
        WIDTH,
        bottom + 46,
        name=name,
        title="Towns ranked by growth",
        description="; ".join(
            f"{names[str(town['town_id'])]} ×{town['growth_multiple']:.2f}"
            for town in shown.to_dict("records")
        ),
    )


def _ends(ranked: pd.DataFrame, highlighted: frozenset[str]) -> pd.DataFrame:
    if len(ranked) <= MOST_TOWNS:
        return ranked
    half = MOST_TOWNS // 2
    is_end = (ranked["rank"] <= half) | (ranked["rank"] > len(ranked) - half)
    return ranked[is_end | ranked["town_id"].isin(list(highlighted))]


def _ratio_lines(low: float, high: float, at: Scale, bottom: float) -> str:
    """Lines at round multiples; the one of no change is drawn strong."""
    parts = []
    rounds = (0.1, 0.2, 0.33, 0.5, 0.67, 0.8, 1, 1.25, 1.5, 2, 3, 5, 10)
    inside = [value for value in rounds if low <= math.log(value) <= high]
    kept: list[float] = [1.0]
    for value in sorted(inside, key=lambda value: abs(math.log(value))):
        if all(abs(at(math.log(value)) - at(math.log(other))) >= 44 for other in kept):
            kept.append(value)
    for value in kept:
        x, is_one = at(math.log(value)), value == 1
        stroke = palette.INK if is_one else palette.LINE
        line = f"M{x:.1f} 22V{bottom:.1f}"
        parts.append(svg.element("path", d=line, stroke=stroke, stroke_width=0.7 + 0.3 * is_one))
        parts.append(note(f"×{value:g}", x, bottom + 16, "middle"))
    return "".join(parts)


def _growth_row(
    town: Mapping[object, object], names: Mapping[str, str], at: Scale, y: float, is_marked: bool
) -> str:
    multiple = float(str(town["growth_multiple"]))
    called = names[str(town["town_id"])]
    short = called if len(called) <= 26 else f"{called[:25]}…"
    ends = sorted((at(0.0), at(math.log(multiple))))
    told = (
        f"{called}: {town['persons_from']:,.0f} in {town['year_from']}, "
        f"{town['persons_to']:,.0f} in {town['year_to']}"
    )
    bar = svg.element(
        "rect",
        svg.titled(told),
        x=ends[0],
        y=y + 3,
        width=max(ends[1] - ends[0], 1.0),
        height=13,
        fill=palette.FREIGHT if is_marked else palette.COMMUTING,
    )
    figures = f"×{multiple:.2f}  {town['year_from']}–{town['year_to']}"
    return (
        note(f"{town['rank']}. {short}", 232, y + 14, "end", fill=palette.INK)
        + bar
        + note(figures, WIDTH - 142, y + 14, "start", fill=palette.INK)
    )
