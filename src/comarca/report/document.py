"""
``report.pdf``: the same tables and pictures as the page, typeset by Typst.

Assumption: names are written with letters of the fonts Typst carries (Latin, Greek, Cyrillic) or of
a font of this machine; :func:`unreadable` tells which names have letters that no font covers.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from comarca.report import charts, svg, totals, words
from comarca.report.atlas import Atlas
from comarca.report.contents import Contents
from comarca.report.front import Front
from comarca.report.limits import LIMITATIONS, METHOD
from comarca.report.maps import commuting_map, freight_map
from comarca.report.place_tables import ILLUSTRATION
from comarca.report.tables import Table
from comarca.report.townpages import TownPages

FONTS = ("Libertinus Serif",)
_FALLBACKS = ("Noto Serif CJK JP", "Noto Sans CJK JP", "Noto Serif", "Noto Sans", "DejaVu Sans")
MOST_ROWS = 120
_WIDE_FROM = 16  # letters from which a column shares the free width

Block = dict[str, Any]


def write_document(atlas: Atlas, path: Path) -> None:
    """
    Write ``report.pdf``.

    Parameters
    ----------
    atlas
        The plan with its maps.
    path
        File to write; with the same fonts at hand, the same plan gives the same bytes.
    """
    import typst

    made = datetime.fromisoformat(atlas.contents.plan.manifest.created).astimezone(UTC)
    template = Path(__file__).parent / "templates" / "report.typ"
    with TemporaryDirectory(prefix="comarca-report-") as folder:
        place = Path(folder)
        (place / "report.typ").write_text(template.read_text(encoding="utf-8"), encoding="utf-8")
        data = json.dumps(_data(atlas, place, made), ensure_ascii=False)
        (place / "data.json").write_text(data, encoding="utf-8")
        path.write_bytes(typst.compile(place / "report.typ", timestamp=int(made.timestamp())))


def _data(atlas: Atlas, place: Path, made: datetime) -> dict[str, Any]:
    front = Front(atlas.contents)
    prices = atlas.contents.plan.region.price_year
    told = f"Made on {front.date} · amounts in {atlas.contents.currency}"
    return {
        "title": front.title,
        "made": f"{told} of {prices}" if prices else told,
        "date": [made.year, made.month, made.day],
        "fonts": [*FONTS, *installed_fallbacks()],
        "blocks": list(_blocks(atlas, front, place)),
    }


def installed_fallbacks() -> tuple[str, ...]:
    """Fonts of this machine that lend letters Typst's own lack."""
    import typst

    present = set(typst.Fonts().families())
    return tuple(family for family in _FALLBACKS if family in present)


def unreadable(names: Iterable[str]) -> tuple[str, ...]:
    """
    Names with a letter that neither Typst nor any font of this machine can write.

    Latin, Greek and Cyrillic are always there; for other scripts the installed fonts are asked.
    """
    strange = {name: {letter for letter in name if not _is_carried(letter)} for name in names}
    wanted = set().union(*strange.values()) if strange else set()
    missing = wanted - _installed_letters(wanted)
    return tuple(name for name, letters in strange.items() if letters & missing)


def _is_carried(letter: str) -> bool:
    if not letter.isalpha():
        return True
    return unicodedata.name(letter, "").startswith(("LATIN", "GREEK", "CYRILLIC", "MODIFIER"))


def _installed_letters(wanted: set[str]) -> set[str]:
    """Those of the letters that some installed font has; fonts are opened only while any lacks."""
    found: set[str] = set()
    if not wanted:
        return found
    import typst
    from fontTools.ttLib import TTFont

    for path in sorted({str(font.path) for font in typst.Fonts().fonts() if font.path}):
        if found == wanted:
            break
        # The first font of a collection stands for all: they share their letters.
        with TTFont(path, lazy=True, fontNumber=0) as font:
            has = font.getBestCmap() or {}
        found |= {letter for letter in wanted if ord(letter) in has}
    return found


def _blocks(atlas: Atlas, front: Front, place: Path) -> Iterable[Block]:
    contents = atlas.contents
    yield from _first_page(atlas, front, place)
    yield from _regimes(contents)
    yield from _comparison(contents, place)
    yield from _worth(contents, front)
    yield from _method(contents)
    yield from _towns(contents)
    yield from (_page(), _heading("What is assumed, with range and source"))
    yield _text(f"Numbers marked {words.DAGGER} have no source. The others are defaults with one.")
    wanted = ["Meaning", "Value", "Low", "High", "Unit", "Source or reasoning", "Date"]
    yield _table(contents.assumed.select(wanted), most=10_000)
    yield from (_heading("Sources and settings"), _table(contents.sources, most=10_000))


def _first_page(atlas: Atlas, front: Front, place: Path) -> Iterable[Block]:
    plan = atlas.contents.plan
    maps = (
        ("map-commuting", commuting_map(atlas), "Areas made by commuting", "people travel to work"),
        ("map-freight", freight_map(atlas), "Tied by freight", "work travels to people"),
    )
    accents = ("commuting", "freight")
    yield {
        "kind": "pictures",
        "pictures": [
            _picture(place, name, drawn, title, note, accent)
            for (name, drawn, title, note), accent in zip(maps, accents, strict=True)
        ],
    }
    if not plan.flows.is_observed:
        yield _warning(ILLUSTRATION)
    yield _heading("The answer in five sentences", 3)
    yield {"kind": "list", "numbered": True, "items": list(front.sentences())}
    cards = [
        {
            "label": f.label,
            "text": f.text,
            "note": f.note,
            "a": f.is_assumed and f.value is not None,
        }
        for f in front.figures()
    ]
    yield {"kind": "cards", "across": 3, "cards": cards}
    reasons = () if plan.freight.workshops else plan.freight.notes
    yield from (_quiet(note) for note in (*reasons, *plan.notes))
    if lost := unreadable(atlas.contents.names.towns.values()):
        yield _warning(
            f"{words.plural(len(lost), 'name')} could not be written with the fonts of this "
            "machine; report.html and plan.xlsx have them all."
        )
    yield _quiet(
        f"{front.assumed_short()} A figure marked {words.DAGGER} is assumed, or rests on assumed "
        "numbers; all stand with range and source at the end."
    )


def _regimes(contents: Contents) -> Iterable[Block]:
    plan = contents.plan
    yield from (_page(), _heading("Areas made by commuting"))
    yield _text(f"{plan.flows.summary()}.")
    yield _table(contents.areas_of("commuting"))
    yield _heading("The freight plan")
    if not plan.freight.workshops:
        yield _text(Front(contents).nothing())
        yield _table(contents.processes)
        return
    yield _table(contents.areas_of("freight"))
    shown = ["Town", "Process", "Base", "Workers", "Their skills", "Goods in", "Goods out"]
    yield _table(contents.workshops.select([*shown, "Truck arrives"]))
    yield from (_quiet(note) for note in plan.freight.notes)
    premises = ["Town", "Premises", "Floor", "Renovation", "Rent"]
    yield _table(contents.workshops.select(premises, title="Premises"))
    yield _table(contents.processes)
    yield _heading("The trucks’ day")
    yield _table(contents.fleet)
    titles = ["Route", "Base", "Trip", "Place", "Arrives", "Leaves", "Set down", "Taken up"]
    yield _table(contents.routes.select([*titles, "On board"]), most=1_000)


def _comparison(contents: Contents, place: Path) -> Iterable[Block]:
    yield from (_page(), _heading("Both regimes side by side"))
    ledgers, day = totals.by_term(contents), totals.worker_day(contents)
    if not ledgers.rows:
        yield _text("Without workshops there is nothing to set side by side.")
        return
    mark = words.DAGGER if Front(contents).rests_on_assumed else ""
    yield _text(
        "Each amount is the change against today for the same people and the same work. "
        + (f"Amounts rest on assumed prices{mark}." if mark else "")
    )
    yield _chart(place, "chart-ledgers", charts.ledger_chart(contents))
    yield _table(ledgers)
    if day.rows:
        yield _heading("What it costs to bring a worker and work together", 3)
        yield _chart(place, "chart-worker-day", charts.worker_day_chart(contents))
        yield _table(day)
    if contents.break_even.rows:
        yield from (_heading("Which work is worth bringing", 3), _text(contents.break_even.note))
        yield _chart(place, "chart-break-even", charts.break_even_chart(contents))
    yield _table(contents.reach)


def _worth(contents: Contents, front: Front) -> Iterable[Block]:
    yield _heading("What the plan is worth, and how sure that is")
    yield {
        "kind": "cards",
        "across": 3,
        "cards": [
            {"label": f.label, "text": f.text, "note": f.note, "a": f.is_assumed}
            for f in front.worth()
        ],
    }
    yield _table(contents.terms)


def _method(contents: Contents) -> Iterable[Block]:
    yield _heading("How this was found, and where it may mislead")
    yield _text(METHOD)
    faults = [
        f"Suspicious in the data, left as it is: {fault}" for fault in contents.plan.region.warnings
    ]
    yield {"kind": "list", "numbered": False, "items": [*LIMITATIONS, *faults]}


def _towns(contents: Contents) -> Iterable[Block]:
    towns = TownPages(contents)
    pages = towns.pages()
    yield from (_page(), _heading("Town by town"))
    for page in pages:
        if page.is_full:
            yield _heading(f"{page.name} ({page.role})" if page.role else page.name, 3)
            yield _quiet(
                " · ".join(
                    f"{fact.label} {fact.told.text}{words.DAGGER if fact.told.is_assumed else ''}"
                    for fact in page.facts
                )
            )
            yield from (_table(table) for table in page.tables)
    others = [
        {
            "name": page.name,
            "told": ", ".join(f.told.text for f in page.facts if f.label in _LISTED),
        }
        for page in pages
        if not page.is_full
    ]
    if others:
        yield _heading("Towns without a workshop", 3)
        yield _quiet(
            "With population and commuting area; figures stand in report.html and plan.xlsx."
        )
        yield {"kind": "names", "items": others}


_LISTED = frozenset(("Population", "Commuting area"))


def _heading(text: str, level: int = 2) -> Block:
    return {"kind": "heading", "text": text, "level": level}


def _text(text: str) -> Block:
    return {"kind": "text", "text": text}


def _quiet(text: str) -> Block:
    return {"kind": "quiet", "text": text}


def _warning(text: str) -> Block:
    return {"kind": "warning", "text": text}


def _page() -> Block:
    return {"kind": "page"}


def _table(table: Table, most: int = MOST_ROWS) -> Block:
    """A table, or nothing where it has no rows."""
    rows = table.told()
    if not rows:
        return {"kind": "nothing"}
    note = table.note
    if len(rows) > most:
        note += f" The first {most} of {len(rows):,} rows; all stand in plan.xlsx."
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
                "wide": not column.is_number and length >= _WIDE_FROM,
            }
            for column, length in zip(table.columns, longest, strict=True)
        ],
        "rows": [_row(row) for row in rows[:most]],
    }


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


def _chart(place: Path, name: str, drawn: str) -> Block:
    return {"kind": "pictures", "pictures": [_picture(place, name, drawn, "", "", "plain")]}


def _picture(
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
