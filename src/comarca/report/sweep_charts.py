"""Charts of a sweep over parameters: number of areas against self-containment, and what decides."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
from itertools import pairwise
from typing import Any

import pandas as pd

from comarca.commuting import AreaSweep
from comarca.commuting.stability.area_sweep import CLOSURE
from comarca.report import palette, svg, words
from comarca.report.axes import Scale, note, scale, ticks

WIDTH = 760.0
PARAMETER_WORDS = {
    "min_workers": "least working residents",
    "target_workers": "target working residents",
    "min_self_containment": "least self-containment",
    "target_self_containment": "target self-containment",
    "min_flow": "least flow, persons",
}
"""Parameters of areas as a reader knows them."""
_LEFT, _RIGHT, _TOP, _HIGH = 78.0, 24.0, 22.0, 320.0


def sweep_chart(sweep: AreaSweep, *, name: str = "chart-sweep") -> str:
    """
    Draw each parameter set by its number of areas and its self-containment.

    Parameters
    ----------
    sweep
        With at least one set that has areas.
    name
        Prefix of the picture's ids, for pages with several.

    Returns
    -------
    str
        SVG: a mark a set, coloured by the parameter that decides most; a line through the sets that
        give the most self-containment for their number of areas; the parameters as given.
    """
    table, told = sweep.table[sweep.table["n_areas"] > 0], sweep.headline()
    given = (float(told["areas"]), told["self_containment"])
    low_x, high_x = _span([*table["n_areas"].astype(float), given[0]], least=2)
    low_y, high_y = _span([*table[CLOSURE], given[1]], least=0.01)
    at_x = scale(low_x, high_x, _LEFT, WIDTH - _RIGHT)
    at_y = scale(low_y, high_y, _TOP + _HIGH, _TOP)
    leading = _leading(sweep)
    parts = [_axes(low_x, high_x, at_x, low_y, high_y, at_y)]
    line = svg.path(
        (at_x(n_areas), at_y(share))
        for n_areas, share in sweep.frontier()[["n_areas", CLOSURE]].itertuples(index=False)
    )
    parts.append(svg.element("path", d=line, fill="none", stroke=palette.INK, stroke_width=1.2))
    parts.append(_marks(sweep, table, at_x, at_y, leading))
    if told["areas"]:
        parts.append(_diamond(at_x(given[0]), at_y(given[1]), svg.titled("parameters as given")))
    bottom = _TOP + _HIGH + 62
    legend, rows = _legend(sweep, leading, bottom)
    return svg.drawing(
        "".join(parts) + legend,
        WIDTH,
        bottom + 22 * rows,
        name=name,
        title="Number of areas against self-containment",
        description=(
            f"{words.plural(told['sets'], 'parameter set')}, from {told['areas_least']:,} to "
            f"{told['areas_most']:,} areas and from {words.share(told['self_containment_least'])} "
            f"to {words.share(told['self_containment_most'])} of the working residents inside "
            "their own area."
        ),
    )


def effects_chart(sweep: AreaSweep, *, name: str = "chart-effects") -> str:
    """
    Draw the mean number of areas over the values of each parameter, side by side.

    Parameters
    ----------
    sweep
        With at least one parameter that varies.
    name
        Prefix of the picture's ids.
    """
    effects, influence = sweep.effects(), sweep.influence()
    low, high = _span(effects["mean"].tolist(), least=2)
    at_y = scale(low, high, 210, 58)
    panel = (WIDTH - 60) / len(influence)
    parts = []
    for value in ticks(low, high):
        line = f"M56 {at_y(value):.1f}H{WIDTH - 8:.1f}"
        parts.append(svg.element("path", d=line, stroke=palette.LINE, stroke_width=0.7))
        parts.append(note(f"{value:,.0f}", 48, at_y(value) + 4, "end"))
    parts.append(note("areas", 48, 30, "end"))
    for number, row in enumerate(influence.reset_index().to_dict("records")):
        left = 60 + number * panel
        parts.append(
            _panel(row, effects[effects["parameter"] == row["parameter"]], left, panel, at_y)
        )
    return svg.drawing(
        "".join(parts),
        WIDTH,
        252,
        name=name,
        title="What decides the number of areas",
        description="; ".join(
            f"{PARAMETER_WORDS[str(row['parameter'])]} explains "
            f"{words.share(row['share_of_variance'])}"
            for row in influence.reset_index().to_dict("records")
        ),
    )


def _leading(sweep: AreaSweep) -> str | None:
    """The parameter that decides most, where its values can be told apart by colour."""
    influence = sweep.influence()
    if not len(influence):
        return None
    first = str(influence.index[0])
    return first if len(sweep.grid.values()[first]) <= len(palette.LEVELS) else None


def _colours(sweep: AreaSweep, leading: str | None) -> dict[float, str]:
    """Colour of each value of the leading parameter, spread over all levels."""
    if leading is None:
        return {}
    values = sweep.grid.values()[leading]
    last = len(palette.LEVELS) - 1
    return {
        value: palette.LEVELS[round(place * last / max(len(values) - 1, 1))]
        for place, value in enumerate(values)
    }


def _span(values: list[float], *, least: float) -> tuple[float, float]:
    """Range of the values there are, with a margin; of a certain width where all are alike."""
    known = [value for value in values if not math.isnan(value)]
    low, high = min(known), max(known)
    margin = max(0.06 * (high - low), least / 2)
    return low - margin, high + margin


def _axes(
    low_x: float, high_x: float, at_x: Scale, low_y: float, high_y: float, at_y: Scale
) -> str:
    bottom, right = _TOP + _HIGH, WIDTH - _RIGHT
    parts = []
    for value in ticks(low_y, high_y):
        line = f"M{_LEFT:.1f} {at_y(value):.1f}H{right:.1f}"
        parts.append(svg.element("path", d=line, stroke=palette.LINE, stroke_width=0.7))
        parts.append(note(f"{round(value * 100, 2):g} %", _LEFT - 8, at_y(value) + 4, "end"))
    for value in ticks(low_x, high_x):
        if float(value).is_integer():
            line = f"M{at_x(value):.1f} {bottom:.1f}v5"
            parts.append(svg.element("path", d=line, stroke=palette.QUIET))
            parts.append(note(f"{value:,.0f}", at_x(value), bottom + 18, "middle"))
    frame = f"M{_LEFT:.1f} {_TOP:.1f}V{bottom:.1f}H{right:.1f}"
    parts.append(svg.element("path", d=frame, fill="none", stroke=palette.QUIET))
    parts.append(note("areas", (_LEFT + right) / 2, bottom + 36, "middle"))
    parts.append(note("working residents inside their own area", 4, 12, "start"))
    return "".join(parts)


def _marks(
    sweep: AreaSweep, table: pd.DataFrame, at_x: Scale, at_y: Scale, leading: str | None
) -> str:
    colours = _colours(sweep, leading)
    parts = []
    for row in table.to_dict("records"):
        settings = ", ".join(
            f"{PARAMETER_WORDS[name]} {words.rounded(row[name])}" for name in sweep.grid.values()
        )
        told = f"{row['n_areas']:,} areas, {words.share(row[CLOSURE])} inside: {settings}"
        parts.append(
            svg.element(
                "circle",
                svg.titled(told),
                cx=at_x(row["n_areas"]),
                cy=at_y(row[CLOSURE]),
                r=4.5,
                fill=colours.get(row[leading], palette.COMMUTING) if leading else palette.COMMUTING,
            )
        )
    return svg.element("g", "".join(parts), stroke=palette.PAPER, stroke_width=0.8)


def _diamond(x: float, y: float, title: str = "") -> str:
    return svg.element(
        "path",
        title,
        d=f"M{x:.1f} {y - 8:.1f}l8 8l-8 8l-8 -8Z",
        fill=palette.FREIGHT,
        stroke=palette.PAPER,
        stroke_width=1.5,
    )


def _legend(sweep: AreaSweep, leading: str | None, y: float) -> tuple[str, int]:
    """Marks with their words, and how many rows they take."""
    parts = [
        _diamond(_LEFT + 8, y - 4) + note("parameters as given", _LEFT + 24, y, "start"),
        svg.element("path", d=f"M{_LEFT + 176:.0f} {y - 4:.0f}h24", stroke=palette.INK)
        + note("the most self-containment for the number of areas", _LEFT + 208, y, "start"),
    ]
    if leading is None:
        return "".join(parts), 1
    parts.append(note(f"{PARAMETER_WORDS[leading]}:", _LEFT, y + 22, "start"))
    for place, (value, colour) in enumerate(_colours(sweep, leading).items()):
        x = _LEFT + 190 + 95 * place
        parts.append(svg.element("circle", cx=x, cy=y + 18, r=4.5, fill=colour))
        parts.append(note(words.rounded(value), x + 10, y + 22, "start"))
    return "".join(parts), 2


def _panel(
    row: Mapping[Hashable, Any], effects: pd.DataFrame, left: float, width: float, at_y: Scale
) -> str:
    """One parameter: its share of the variance, and the mean at each of its values."""
    values, means = effects["value"].tolist(), effects["mean"].tolist()
    at_x = scale(0, max(len(values) - 1, 1), left + 24, left + width - 28)
    words_of = PARAMETER_WORDS[str(row["parameter"])]
    share = words.share(row["share_of_variance"])
    parts = [
        svg.text(words_of, left + 4, 16, font_size=12.0, font_weight=600, fill=palette.INK),
        note(f"{share} of the variance", left + 4, 33, "start"),
    ]
    for (place, mean), (after, then) in pairwise(enumerate(means)):
        line = svg.path([(at_x(place), at_y(mean)), (at_x(after), at_y(then))])
        parts.append(svg.element("path", d=line, stroke=palette.COMMUTING, stroke_width=2))
    for place, (value, mean) in enumerate(zip(values, means, strict=True)):
        title = svg.titled(f"{words_of} {words.rounded(value)}: {words.rounded(mean)} areas")
        parts.append(
            svg.element(
                "circle",
                title,
                cx=at_x(place),
                cy=at_y(mean),
                r=4.5,
                fill=palette.COMMUTING,
                stroke="#fff",
            )
        )
        if len(values) <= 5 or place in (0, len(values) - 1):
            parts.append(note(words.rounded(value), at_x(place), 232, "middle"))
    return "".join(parts)
