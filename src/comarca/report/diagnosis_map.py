"""The map of a diagnosis: each town by the kind of its growth or shrinkage."""

from __future__ import annotations

from collections.abc import Mapping

from comarca.demography.shrinkage import KINDS
from comarca.report import palette, svg, words
from comarca.report.diagnosis_rows import DiagnosisRows, Row
from comarca.report.diagnosis_words import growth
from comarca.report.frame import LABEL_SIZE, dot, framed, legend_text, names_beside
from comarca.report.labels import Wanted
from comarca.report.town_sheet import MOST_TITLED, TownSheet, swatch

_UNKNOWN = "not known"


def diagnosis_map(rows: DiagnosisRows, sheet: TownSheet, *, name: str = "map-kinds") -> str:
    """
    Draw the map.

    Parameters
    ----------
    rows
        The diagnosis by town.
    sheet
        Its towns laid flat.
    name
        Id of the picture in a page.

    Returns
    -------
    str
        SVG: each town's ground by its kind; a ring marks a single-industry town, and leads to the
        town's page, as the ground does.
    """
    kinds = {town: rows.towns[town]["kind"] or _UNKNOWN for town in sheet.town_ids}
    found = [kind for kind in (*KINDS, _UNKNOWN) if kind in kinds.values()]
    told = [f"{words.plural(list(kinds.values()).count(kind), 'town')} {kind}" for kind in found]
    return framed(
        sheet.view,
        sheet.outline,
        _grounds(rows, sheet, kinds) + _rings(rows, sheet) + _names(rows, sheet),
        name=name,
        title="Kinds of growth and shrinkage",
        description="; ".join(told),
        legend=(
            *(swatch(palette.KINDS[kind]) + legend_text(kind, 19) for kind in found),
            dot(4.5, palette.PAPER, palette.INK, 0.0) + legend_text("single-industry town"),
        ),
    )


def _grounds(rows: DiagnosisRows, sheet: TownSheet, kinds: Mapping[str, str]) -> str:
    """Each town's ground, coloured by kind, with its figures as a title and a link to its page."""
    is_titled = len(sheet.town_ids) <= MOST_TITLED
    parts: dict[str, list[str]] = {}
    for town, shape in zip(sheet.town_ids, sheet.shapes, strict=True):
        outline = svg.shape_path(sheet.view.shape(shape))
        if outline:
            title = svg.titled(_told(rows.towns[town])) if is_titled else ""
            drawn = svg.element("path", title, d=outline)
            linked = svg.element("a", drawn, href=rows.href(town)) if is_titled else drawn
            parts.setdefault(kinds[town], []).append(linked)
    return "".join(
        svg.element(
            "g", "".join(drawn), fill=palette.KINDS[kind], stroke=palette.PAPER, stroke_width=0.4
        )
        for kind, drawn in parts.items()
    )


def _told(row: Row) -> str:
    """A town in a line."""
    parts = [f"{row['kind'] or 'growth not known'}", growth(row)]
    if row["verdict"] == "single-industry":
        parts.append("single-industry")
    return f"{row['name']}: {'; '.join(part for part in parts if part)}"


def _rings(rows: DiagnosisRows, sheet: TownSheet) -> str:
    """A ring around each single-industry town."""
    places = [
        sheet.view.at(x, y)
        for town, (x, y) in zip(sheet.town_ids, sheet.places.tolist(), strict=True)
        if rows.towns[town]["verdict"] == "single-industry"
    ]
    marks = "".join(svg.element("circle", cx=x, cy=y, r=4.5) for x, y in places)
    return svg.element("g", marks, fill="none", stroke=palette.INK, stroke_width=1.5)


def _names(rows: DiagnosisRows, sheet: TownSheet) -> str:
    """Names of the largest towns, as many as find room."""
    places = zip(sheet.town_ids, sheet.places.tolist(), strict=True)
    sized = sorted(places, key=lambda pair: -float(rows.towns[pair[0]]["population"] or 0))
    wanted = [
        Wanted(sheet.name(town), *sheet.view.at(x, y), 6.0, LABEL_SIZE) for town, (x, y) in sized
    ]
    return names_beside(wanted, sheet.view.height)
