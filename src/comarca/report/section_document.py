"""Sections of a report as a document."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from comarca.report import blocks
from comarca.report.blocks import Block
from comarca.report.sections import (
    Bullets,
    Cards,
    Figures,
    Heading,
    Item,
    Picture,
    Prose,
    Section,
)
from comarca.report.typesetting import typeset

_TALLEST_MAP_MM = 132
_WIDE_FROM = 40
_ACROSS = 3


def write_section_document(
    sections: Sequence[Section],
    path: Path,
    *,
    title: str,
    kicker: str,
    made: str,
    footer: str,
    moment: datetime,
) -> None:
    """
    Write a report as a PDF.

    Parameters
    ----------
    sections
        The first is the answer; it bears no heading, and is followed by the contents.
    path
        File to write; with the same fonts at hand, the same sections give the same bytes.
    title, kicker, made, footer
        Heading, the line above it and the line below; what stands at the foot of each page.
    moment
        Time that the file bears, UTC.
    """
    typeset(
        lambda place: _blocks(sections, place),
        path,
        title=title,
        kicker=kicker,
        made=made,
        footer=footer,
        moment=moment,
        accent="commuting",
    )


def _blocks(sections: Sequence[Section], place: Path) -> Iterable[Block]:
    for number, section in enumerate(sections):
        if number:
            yield blocks.heading(section.title)
        for item in (*section.items, *section.beside):
            if isinstance(item, Figures) and item.is_folded:
                continue
            if isinstance(item, Picture) and item.title:
                yield blocks.heading(item.title, 3)
            yield _block(item, place)
        if not number:
            yield {"kind": "contents"}


def _block(item: Item, place: Path) -> Block:
    match item:
        case Prose(text, kind):
            return {"kind": kind, "text": text}
        case Heading(text):
            return blocks.heading(text, 3)
        case Bullets(items, is_numbered):
            return {"kind": "list", "numbered": is_numbered, "items": list(items)}
        case Cards(cards):
            told = [{"label": c.label, "text": c.text, "note": c.note, "a": False} for c in cards]
            return {"kind": "cards", "across": _ACROSS, "cards": told}
        case Figures(table, most, rest):
            return blocks.table(table, most, rest=rest, wide_from=_WIDE_FROM)
        case Picture():
            return _picture(item, place)


def _picture(item: Picture, place: Path) -> Block:
    drawn: dict[str, Any] = blocks.picture(place, item.name, item.drawn, "", "", "plain")
    drawn["alt"] = item.title or item.name
    if item.is_map:
        drawn["tallest"] = _TALLEST_MAP_MM
    return {"kind": "pictures", "pictures": [drawn], "below": item.note}
