"""
A report as a list of sections, told the same on a page and in a document.

Whoever has results to show makes a :class:`Section` of them; the page (:func:`section_page`) and
the document (:mod:`comarca.report.section_document`) know how each of its items looks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from importlib.resources import files
from typing import Literal

from comarca.report import words
from comarca.report.tables import Table
from comarca.report.templating import style_sheet, template


@dataclass(frozen=True)
class Prose:
    """
    A paragraph: plain, in small grey letters, as a caution, or a formula on a line of its own.
    """

    text: str
    kind: Literal["text", "quiet", "warning", "formula"] = "text"


@dataclass(frozen=True)
class Heading:
    """A heading within a section."""

    text: str


@dataclass(frozen=True)
class Bullets:
    """Sentences of a list."""

    items: tuple[str, ...]
    is_numbered: bool = False


@dataclass(frozen=True)
class Card:
    """A figure, what it is, and what a reader should know of it."""

    label: str
    text: str
    note: str = ""


@dataclass(frozen=True)
class Cards:
    """Figures side by side."""

    cards: tuple[Card, ...]


@dataclass(frozen=True)
class Picture:
    """
    A drawing.

    Parameters
    ----------
    name
        Unique in the report.
    drawn
        SVG.
    title, note
        What stands above and below; both may be blank.
    is_map
        Whether it is a map, which may be as tall as wide.
    """

    name: str
    drawn: str
    title: str = ""
    note: str = ""
    is_map: bool = False


@dataclass(frozen=True)
class Figures:
    """
    A table.

    Parameters
    ----------
    table
        The table.
    most
        Rows shown.
    rest
        What has all of them; blank where nothing has.
    is_folded
        Whether a page shows it on demand alone; on paper it is left out.
    is_sortable
        Whether a reader may sort it; not where the order says something.
    """

    table: Table
    most: int = 60
    rest: str = ""
    is_folded: bool = False
    is_sortable: bool = True


Item = Prose | Heading | Bullets | Cards | Picture | Figures


@dataclass(frozen=True)
class Section:
    """
    A part of a report.

    Parameters
    ----------
    name
        Unique in the report; its address on the page.
    title
        Heading.
    items
        What it shows, in order.
    beside
        Items that a wide page shows to the right of the others.
    short
        What the contents call it, where the title is long.
    """

    name: str
    title: str
    items: tuple[Item, ...]
    beside: tuple[Item, ...] = ()
    short: str = ""


def section_styles() -> str:
    """Styles of pages made of sections."""
    here = files("comarca.report") / "templates"
    return style_sheet() + (here / "sections.css").read_text(encoding="utf-8")


def kind_of(item: Item) -> str:
    """What a template calls an item."""
    return type(item).__name__


def section_page(
    title: str, kicker: str, made: str, sections: Sequence[Section], footer: str = ""
) -> str:
    """
    Write a report as one HTML page.

    Parameters
    ----------
    title, kicker, made
        Heading, the line above it and the line below.
    sections
        The first is the answer.
    footer
        Last line.

    Returns
    -------
    str
        HTML that fetches nothing; tables can be sorted where scripts run.
    """
    return str(
        template("sections.html.j2").render(
            title=title,
            kicker=kicker,
            made=made,
            sections=sections,
            kind_of=kind_of,
            dagger=words.DAGGER,
            footer=footer,
            css=section_styles(),
            js=(files("comarca.report") / "templates" / "sections.js").read_text(encoding="utf-8"),
            version=version("comarca"),
        )
    )
