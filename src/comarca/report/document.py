"""
``report.pdf``: the same tables and pictures as the page, typeset by Typst.

Names in letters that no font of the machine has are counted on the first page; see
:mod:`comarca.report.fonts`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from comarca.report import blocks, charts, totals, words
from comarca.report.atlas import Atlas
from comarca.report.blocks import Block
from comarca.report.contents import Contents
from comarca.report.fonts import unreadable
from comarca.report.front import Front
from comarca.report.limits import LIMITATIONS, METHOD
from comarca.report.maps import commuting_map, freight_map
from comarca.report.place_tables import ILLUSTRATION
from comarca.report.townpages import TownPages
from comarca.report.typesetting import typeset


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
    made = datetime.fromisoformat(atlas.contents.plan.manifest.created).astimezone(UTC)
    front = Front(atlas.contents)
    prices = atlas.contents.plan.region.price_year
    told = f"Made on {front.date} · amounts in {atlas.contents.currency}"
    typeset(
        lambda place: _blocks(atlas, front, place),
        path,
        title=front.title,
        kicker="Comarca · plan for a region of small towns",
        made=f"{told} of {prices}" if prices else told,
        moment=made,
    )


def _blocks(atlas: Atlas, front: Front, place: Path) -> Iterable[Block]:
    contents = atlas.contents
    yield from _first_page(atlas, front, place)
    yield from _regimes(contents)
    yield from _comparison(contents, place)
    yield from _worth(contents, front)
    yield from _method(contents)
    yield from _towns(contents)
    yield from (blocks.page_break(), blocks.heading("What is assumed, with range and source"))
    yield blocks.text(
        f"Numbers marked {words.DAGGER} have no source. The others are defaults with one."
    )
    wanted = ["Meaning", "Value", "Low", "High", "Unit", "Source or reasoning", "Date"]
    yield blocks.table(contents.assumed.select(wanted), most=10_000)
    yield from (blocks.heading("Sources and settings"), blocks.table(contents.sources, most=10_000))


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
            blocks.picture(place, name, drawn, title, note, accent)
            for (name, drawn, title, note), accent in zip(maps, accents, strict=True)
        ],
    }
    if not plan.flows.is_observed:
        yield blocks.warning(ILLUSTRATION)
    yield blocks.heading("The answer in five sentences", 3)
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
    yield from (blocks.quiet(note) for note in reasons)
    if lost := unreadable(atlas.contents.names.towns.values()):
        yield blocks.warning(
            f"{words.plural(len(lost), 'name')} could not be written with the fonts of this "
            "machine; report.html and plan.xlsx have them all."
        )
    yield blocks.quiet(
        f"{front.assumed_short()} A figure marked {words.DAGGER} is assumed, or rests on assumed "
        "numbers; all stand with range and source at the end."
    )
    yield {"kind": "contents"}


def _regimes(contents: Contents) -> Iterable[Block]:
    plan = contents.plan
    yield from (blocks.page_break(), blocks.heading("Areas made by commuting"))
    yield blocks.text(f"{plan.flows.summary()}.")
    if plan.notes:
        yield blocks.quiet(f"How the flows were estimated: {'; '.join(plan.notes)}.")
    yield blocks.table(contents.areas_of("commuting"))
    yield blocks.heading("The freight plan")
    if not plan.freight.workshops:
        yield blocks.text(Front(contents).nothing())
        yield blocks.table(contents.processes)
        return
    yield blocks.table(contents.areas_of("freight"))
    yield from blocks.side_by_side(contents.base_cards)
    shown = ["Town", "Process", "Base", "Workers", "Their skills", "Goods in", "Goods out"]
    yield blocks.table(contents.workshops.select([*shown, "Truck arrives"]))
    yield from (blocks.quiet(note) for note in plan.freight.notes)
    premises = ["Town", "Premises", "Floor", "Renovation", "Rent"]
    yield blocks.table(contents.workshops.select(premises, title="Premises"))
    yield blocks.table(contents.training)
    yield blocks.heading("A card for every workshop", 3)
    yield from blocks.side_by_side(contents.workshop_cards)
    yield blocks.table(contents.processes)
    yield blocks.heading("The trucks’ day")
    yield blocks.table(contents.fleet)
    yield blocks.heading("The day of every truck", 3)
    yield from (blocks.table(day) for day in contents.truck_days)


def _comparison(contents: Contents, place: Path) -> Iterable[Block]:
    yield from (blocks.page_break(), blocks.heading("Both regimes side by side"))
    ledgers, day = totals.by_term(contents), totals.worker_day(contents)
    if not ledgers.rows:
        yield blocks.text("Without workshops there is nothing to set side by side.")
        return
    mark = words.DAGGER if Front(contents).rests_on_assumed else ""
    yield blocks.text(
        f"{totals.who_is_counted(contents)} "
        + (f"Amounts rest on assumed prices{mark}." if mark else "")
    )
    yield blocks.chart(place, "chart-ledgers", charts.ledger_chart(contents))
    yield blocks.table(ledgers)
    if day.rows:
        yield blocks.heading("What it costs to bring a worker and work together", 3)
        yield blocks.chart(place, "chart-worker-day", charts.worker_day_chart(contents))
        yield blocks.table(day)
    if contents.break_even.rows:
        yield from (
            blocks.heading("Which work is worth bringing", 3),
            blocks.text(contents.break_even.note),
        )
        yield blocks.chart(place, "chart-break-even", charts.break_even_chart(contents))
    yield blocks.table(contents.reach)


def _worth(contents: Contents, front: Front) -> Iterable[Block]:
    yield blocks.heading("What the plan is worth, and how sure that is")
    yield {
        "kind": "cards",
        "across": 3,
        "cards": [
            {"label": f.label, "text": f.text, "note": f.note, "a": f.is_assumed}
            for f in front.worth()
        ],
    }
    yield blocks.table(contents.terms)


def _method(contents: Contents) -> Iterable[Block]:
    yield blocks.heading("How this was found, and where it may mislead")
    yield blocks.text(METHOD)
    faults = [
        f"Suspicious in the data, left as it is: {fault}" for fault in contents.plan.region.warnings
    ]
    yield {"kind": "list", "numbered": False, "items": [*LIMITATIONS, *faults]}


def _towns(contents: Contents) -> Iterable[Block]:
    towns = TownPages(contents)
    pages = towns.pages()
    yield from (blocks.page_break(), blocks.heading("Town by town"))
    yield {"kind": "index"}
    for page in pages:
        if page.is_full:
            yield blocks.town(page.name, page.role)
            yield blocks.quiet(
                " · ".join(
                    f"{fact.label} {fact.told.text}{words.DAGGER if fact.told.is_assumed else ''}"
                    for fact in page.facts
                )
            )
            yield from blocks.side_by_side(page.tables)
    others = [
        {
            "name": page.name,
            "told": ", ".join(f.told.text for f in page.facts if f.label in _LISTED),
        }
        for page in pages
        if not page.is_full
    ]
    if others:
        yield blocks.heading("Towns without a workshop", 3)
        yield blocks.quiet(
            "With population and commuting area; figures stand in report.html and plan.xlsx."
        )
        yield {"kind": "names", "items": others}


_LISTED = frozenset(("Population", "Commuting area"))
