"""
Blocks of the document, as its template ``report.typ`` reads them.

Each is a mapping with a ``kind``; text is plain, and what is assumed is marked by the template.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from comarca.report import svg, totals
from comarca.report.fonts import FONTS, installed_fallbacks
from comarca.report.tables import Table

MOST_ROWS = 120
_NARROW = 6  # columns of a table that fits half a page
_WIDE_FROM = 16  # letters from which a column shares the free width

Block = dict[str, Any]


def heading(text: str, level: int = 2) -> Block:
    """A heading; those of level 2 stand in the contents."""
    return {"kind": "heading", "text": text, "level": level}


def town(name: str, role: str) -> Block:
    """Heading of a town's page, which stands in the index of towns."""
    return {"kind": "town", "name": name, "role": role}


def text(text: str) -> Block:
    """A paragraph."""
    return {"kind": "text", "text": text}


def quiet(text: str) -> Block:
    """A paragraph in small, grey letters."""
    return {"kind": "quiet", "text": text}


def warning(text: str) -> Block:
    """A paragraph nobody should overlook."""
    return {"kind": "warning", "text": text}


def page_break() -> Block:
    """The next page begins."""
    return {"kind": "page"}


def table(
    table: Table, most: int = MOST_ROWS, *, rest: str = "plan.xlsx", wide_from: int = _WIDE_FROM
) -> Block:
    """
    A table, or nothing where it has no rows.

    Parameters
    ----------
    table, most
        The table, and the rows shown of it.
    rest
        What has every row; blank where nothing has.
    wide_from
        Letters from which a column shares the free width; others are as wide as they need.
    """
    rows = table.told()
    if not rows:
        return {"kind": "nothing"}
    note = table.note
    if len(rows) > most:
        note += f" The first {most} of {len(rows):,} rows"
        note += f"; all stand in {rest}." if rest else "."
    longest = [max(len(row[i].text) for row in rows[:most]) for i in range(len(table.columns))]
    return {
        "kind": "table",
        "title": table.title,
        "note": note.strip(),
        "columns": [
            {
                "title": column.title,
                "unit": "" if column.unit == table.currency else column.unit,
                "n": column.is_number,
                "wide": not column.is_number and length >= wide_from,
            }
            for column, length in zip(table.columns, longest, strict=True)
        ],
        "rows": [_row(row) for row in rows[:most]],
    }


def side_by_side(tables: Sequence[Table]) -> list[Block]:
    """Wide tables one below another, then the narrow ones in pairs."""
    wide = [table(one) for one in tables if len(one.columns) > _NARROW]
    narrow = [table(one) for one in tables if len(one.columns) <= _NARROW]
    pairs = [narrow[at : at + 2] for at in range(0, len(narrow), 2)]
    return [*wide, *({"kind": "side", "tables": pair} for pair in pairs)]


def _row(row: Sequence[Any]) -> list[dict[str, Any]]:
    cells = []
    for told in row:
        cell: dict[str, Any] = {"t": _breakable(told.text)}
        if told.is_assumed:
            cell["a"] = True
        if told.text == totals.ALTOGETHER:
            cell["s"] = True
        cells.append(cell)
    return cells


def _breakable(text: str) -> str:
    """Let long words, a hash or a setting, break anywhere: a zero-width space every so often."""
    return re.sub(r"(\S{24})(?=\S)", "\\1\u200b", text)


def chart(place: Path, name: str, drawn: str) -> Block:
    """A drawing across the page, without a title of its own."""
    return {"kind": "pictures", "pictures": [picture(place, name, drawn, "", "", "plain")]}


def picture(
    place: Path, name: str, drawn: str, title: str, note: str, accent: str
) -> dict[str, str]:
    """Write a drawing beside the template, in the document's own font."""
    family = svg.element("svg", font_family=svg.FONTS).removeprefix("<svg ").removesuffix("/>")
    names = ", ".join(f"'{font}'" for font in (*FONTS, *installed_fallbacks()))
    (place / f"{name}.svg").write_text(
        drawn.replace(family, f'font-family="{names}"'), encoding="utf-8"
    )
    return {
        "file": f"{name}.svg",
        "title": title,
        "note": note,
        "accent": accent,
        "alt": title or name,
    }
