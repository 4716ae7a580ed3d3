"""The map of how sure each town's membership of its area is."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

from comarca.commuting import AreaStability
from comarca.report import palette, svg, words
from comarca.report.frame import dot, framed, legend_text
from comarca.report.town_sheet import (
    MOST_TITLED,
    TownSheet,
    area_borders,
    heads_with_names,
    line_mark,
    swatch,
)


def certainty_map(
    stability: AreaStability,
    sheet: TownSheet,
    *,
    grounds: Mapping[str, Any] | None = None,
    name: str = "map-certainty",
) -> str:
    """
    Draw the map.

    Parameters
    ----------
    stability
        How sure membership is.
    sheet
        Its towns laid flat.
    grounds
        Ground of each area as counted, where it is made already.
    name
        Id of the picture in a page.

    Returns
    -------
    str
        SVG: each town's ground by its certainty, the areas as counted in lines, their heads with
        names. A town's title tells its area, and the other area it is most often in.
    """
    partition = stability.reference.partition
    counts = dict.fromkeys(palette.CERTAINTY, 0)
    for share in stability.certainty.tolist():
        counts[class_of(share)] += 1
    told = [f"{words.plural(counts[least], 'town')} {class_words(least)}" for least in counts]
    return framed(
        sheet.view,
        sheet.outline,
        _towns(stability, sheet)
        + area_borders(sheet, grounds or sheet.grounds(partition), palette.COMMUTING)
        + heads_with_names(sheet, partition),
        name=name,
        title="How sure each town’s area is",
        description=f"In the same area: {'; '.join(told)} of the redrawings.",
        legend=(
            *(
                swatch(colour) + legend_text(class_words(least), 19)
                for least, colour in palette.CERTAINTY.items()
            ),
            line_mark(palette.COMMUTING) + legend_text("area as counted", 27),
            dot(4, palette.COMMUTING, palette.PAPER) + legend_text("head of an area"),
        ),
    )


def class_of(share: float) -> float:
    """Lower bound of the class of certainty that a share lies in."""
    return next(least for least in palette.CERTAINTY if share >= least)


def class_words(least: float) -> str:
    """A class of certainty in the words of a legend: ``80 to 95 %``."""
    bounds = list(palette.CERTAINTY)
    place = bounds.index(least)
    if place == 0:
        return f"in {least * 100:.0f} % or more"
    if least == 0:
        return f"in less than {bounds[place - 1] * 100:.0f} %"
    return f"in {least * 100:.0f} to {bounds[place - 1] * 100:.0f} %"


def _towns(stability: AreaStability, sheet: TownSheet) -> str:
    """Each town's ground, coloured by its class."""
    towns = stability.towns().loc[list(sheet.town_ids)]
    titles = [""] * len(towns)
    if len(towns) <= MOST_TITLED:
        titles = [svg.titled(_told(row)) for row in towns.to_dict("records")]
    parts: dict[float, list[str]] = {least: [] for least in palette.CERTAINTY}
    for shape, share, title in zip(sheet.shapes, towns["certainty"], titles, strict=True):
        outline = svg.shape_path(sheet.view.shape(shape))
        if outline:
            parts[class_of(share)].append(svg.element("path", title, d=outline))
    return "".join(
        svg.element(
            "g",
            "".join(drawn),
            fill=palette.CERTAINTY[least],
            stroke=palette.PAPER,
            stroke_width=0.3,
        )
        for least, drawn in parts.items()
        if drawn
    )


def _told(town: Mapping[Hashable, Any]) -> str:
    """A town with its area and its alternative, in a line."""
    area = f"area of {town['area_name']}" if town["area_name"] is not None else "no area"
    told = f"{town['name']}: {area} in {words.share(town['certainty'])}"
    if town["alternative_name"] is None:
        return told
    other = words.share(town["alternative_share"])
    return f"{told}, of {town['alternative_name']} in {other}"
