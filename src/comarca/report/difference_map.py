"""
The map of differences between two partitions: what became of each town, and the borders of both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from comarca.model.agreement import PartitionAgreement
from comarca.model.zones import Zones
from comarca.report import palette, svg
from comarca.report.atlas import View
from comarca.report.frame import dot, framed, legend_text
from comarca.report.town_sheet import (
    MOST_TITLED,
    TownSheet,
    area_borders,
    heads_with_names,
    line_mark,
    swatch,
    town_sheet,
)

if TYPE_CHECKING:
    import pandas as pd

MEANINGS: Mapping[str, str] = {
    "stays": "stays with its head",
    "moves": "moves to another area",
    "gains": "gains an area",
    "loses": "loses its area",
    "none": "in no area of either",
}
"""What became of a town, in the words of a legend."""


@dataclass(frozen=True, eq=False, kw_only=True)
class DifferenceSheet(TownSheet):
    """
    The towns of two partitions laid flat.

    Parameters
    ----------
    agreement
        The partitions, set side by side.
    """

    agreement: PartitionAgreement

    @cached_property
    def view(self) -> View:
        """Window on the sheet in which the towns of any area lie; all towns where none has one."""
        in_area = np.array([self.differences[town] != "none" for town in self.town_ids])
        return self.view_of(in_area if in_area.any() else ~in_area)

    @cached_property
    def differences(self) -> Mapping[str, str]:
        """What became of each town, by id."""
        towns = self.agreement.towns
        return dict(zip(towns["town_id"], towns["difference"], strict=True))

    @cached_property
    def grounds_a(self) -> Mapping[str, Any]:
        """Ground of each area of A that can be drawn."""
        return self.grounds(self.agreement.a)

    @cached_property
    def grounds_b(self) -> Mapping[str, Any]:
        """Ground of each area of B that can be drawn."""
        return self.grounds(self.agreement.b)


def difference_sheet(
    agreement: PartitionAgreement,
    towns: pd.DataFrame | None,
    *,
    zones: Zones | None = None,
) -> DifferenceSheet:
    """
    Lay the towns of two partitions flat.

    Parameters
    ----------
    agreement
        The partitions, set side by side.
    towns, zones
        Places or shapes of towns, as in :func:`comarca.report.town_sheet.town_sheet`.

    Raises
    ------
    ParameterError
        When no town can be drawn.
    """
    flat = town_sheet(agreement.a.town_ids, towns, zones=zones)
    laid = {field.name: getattr(flat, field.name) for field in fields(flat)}
    return DifferenceSheet(agreement=agreement, **laid)


def difference_map(
    sheet: DifferenceSheet,
    labels: tuple[str, str] = ("A", "B"),
    *,
    name: str = "map-differences",
) -> str:
    """
    Draw the map.

    Parameters
    ----------
    sheet
        The towns laid flat.
    labels
        What the partitions are called.
    name
        Id of the picture in a page.

    Returns
    -------
    str
        SVG: each town's ground by what became of it, areas of A in solid and of B in dashed lines,
        heads of A with their names.
    """
    counts = sheet.agreement.towns["difference"].value_counts()
    told = [f"{counts[kind]:,} {MEANINGS[kind]}" for kind in MEANINGS if kind in counts]
    drawn = (
        _towns(sheet)
        + area_borders(sheet, sheet.grounds_a, palette.COMMUTING)
        + area_borders(sheet, sheet.grounds_b, palette.FREIGHT, "5 4")
        + heads_with_names(sheet, sheet.agreement.a)
    )
    swatches = [
        swatch(palette.DIFFERENCE[kind]) + legend_text(MEANINGS[kind], 19)
        for kind in MEANINGS
        if kind in counts
    ]
    return framed(
        sheet.view,
        sheet.outline,
        drawn,
        name=name,
        title=f"What changes from {labels[0]} to {labels[1]}",
        description=f"Towns: {'; '.join(told)}.",
        legend=(
            *swatches,
            line_mark(palette.COMMUTING) + legend_text("area of the first", 27),
            line_mark(palette.FREIGHT, "5 4") + legend_text("area of the second", 27),
            dot(4, palette.COMMUTING, palette.PAPER) + legend_text("head of a first area"),
        ),
    )


def _towns(sheet: DifferenceSheet) -> str:
    """Each town's ground, coloured by what became of it."""
    is_titled = len(sheet.town_ids) <= MOST_TITLED
    parts: dict[str, list[str]] = {kind: [] for kind in MEANINGS}
    for town, shape in zip(sheet.town_ids, sheet.shapes, strict=True):
        outline = svg.shape_path(sheet.view.shape(shape))
        if outline:
            title = svg.titled(_told(sheet, town)) if is_titled else ""
            parts[sheet.differences[town]].append(svg.element("path", title, d=outline))
    return "".join(
        svg.element(
            "g",
            "".join(drawn),
            fill=palette.DIFFERENCE[kind],
            stroke=palette.PAPER,
            stroke_width=0.3,
        )
        for kind, drawn in parts.items()
        if drawn
    )


def _told(sheet: DifferenceSheet, town: str) -> str:
    """A town with its areas in both partitions, in a line."""
    areas = [
        "none" if (area_id := part.area_of[town]) is None else part.area(area_id).name
        for part in (sheet.agreement.a, sheet.agreement.b)
    ]
    return f"{sheet.name(town)}: {areas[0]} → {areas[1]}"
