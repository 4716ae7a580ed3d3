"""What every drawn map has around it: land and sea, frame, scale bar, legend, names of towns."""

from __future__ import annotations

import math
from collections.abc import Sequence

from comarca.report import palette, svg, words
from comarca.report.atlas import WIDTH, View
from comarca.report.labels import Label, Wanted, placed
from comarca.report.outline import Outline

LABEL_SIZE = 13.0
MOST_LABELS = 16
MOST_ON_A_PHONE = 7
_LEGEND_ROW = 22.0
_LEGEND_COLUMN = 200.0  # on a phone letters are half as large again
_MARKS_A_ROW = 3


def framed(
    view: View,
    outline: Outline,
    drawn: str,
    *,
    name: str,
    title: str,
    description: str,
    legend: Sequence[str],
) -> str:
    """
    Put a map into its frame: sea and land beneath, scale bar and legend around.

    Parameters
    ----------
    view
        The window on the sheet.
    outline
        Land and borders beneath.
    drawn
        What is on them, in drawing units.
    name, title, description
        Id of the picture, and what those hear who do not see it.
    legend
        Marks with their words, three in a row.
    """
    inside = view.height - 16
    strip = 34.0 + _LEGEND_ROW * ((len(legend) - 1) // _MARKS_A_ROW)
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
        svg.element("g", mark, transform=_legend_place(number, inside))
        for number, mark in enumerate(legend)
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


def _legend_place(number: int, bottom: float) -> str:
    row, column = divmod(number, _MARKS_A_ROW)
    return f"translate({14 + _LEGEND_COLUMN * column:g} {bottom + 21 + _LEGEND_ROW * row:g})"


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
    """Mark of a legend: a round one."""
    return svg.element(
        "circle", cx=5, cy=0, r=radius, fill=fill, stroke=stroke, fill_opacity=f"{opacity:g}"
    )


def legend_text(told: str, x: float = 15) -> str:
    """Words beside a mark of a legend."""
    return svg.text(told, x, 4, font_size=12.5, fill=palette.QUIET)


def names_beside(points: Sequence[Wanted], height: float, most: int = MOST_LABELS) -> str:
    """
    Write names beside points, as many as find room; on a phone only the first few.

    Parameters
    ----------
    points
        The most important first.
    height
        Of the drawing.
    most
        Names written at most.
    """
    wanted = points[: 3 * most]
    labels = placed(wanted, WIDTH, height - 20, avoid=wanted)[:most]
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
