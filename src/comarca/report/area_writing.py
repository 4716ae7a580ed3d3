"""Labour market areas as files for publication: a page, a document, a workbook, map layers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from comarca.commuting import AreaRanks, AreaStability
from comarca.errors import OutputError
from comarca.model.agreement import PartitionAgreement
from comarca.report import words
from comarca.report.area_cautions import cautions, references
from comarca.report.area_companions import comparison_section, ranks_section, stability_section
from comarca.report.area_map import AreaMap
from comarca.report.area_method import percent, plain_number
from comarca.report.area_results import AreaResults
from comarca.report.area_sections import AreaSections
from comarca.report.fonts import unreadable
from comarca.report.sections import Prose, Section, section_page
from comarca.report.tables import Column, Table
from comarca.report.town_sheet import has_places, town_sheet
from comarca.writing import written_whole

PAGE, DOCUMENT, WORKBOOK, LAYERS = "areas.html", "areas.pdf", "areas.xlsx", "areas.gpkg"
AREA_FILES: tuple[str, ...] = (PAGE, DOCUMENT, WORKBOOK, LAYERS)
"""Every file that may be written; the last only where places of towns are known."""
_KICKER = "Comarca · labour market areas"
_UNDATED = datetime(2000, 1, 1, tzinfo=UTC)  # without a date the same areas give the same bytes


def write_area_report(
    results: AreaResults,
    directory: Path | str,
    *,
    stability: AreaStability | None = None,
    comparison: PartitionAgreement | None = None,
    labels: tuple[str, str] = ("this report", "the official areas"),
    ranks: Sequence[AreaRanks] = (),
    more: Sequence[Section] = (),
) -> tuple[Path, ...]:
    """
    Write a report on labour market areas that can be published.

    Parameters
    ----------
    results
        The areas, with their flows, names, places and files. Without places there is no map, and
        the report says why.
    directory
        Folder that takes the files; made where it is missing. Files that are there are replaced
        once all their successors are whole.
    stability
        The same areas drawn many times.
    comparison
        The areas set beside others of the same towns.
    labels
        What these and the others are called.
    ranks
        Rank laws of the same areas, for instance with and without their heads.
    more
        Sections of further results.

    Returns
    -------
    tuple of pathlib.Path
        ``areas.html`` (fetches nothing, prints on A4), ``areas.pdf``, ``areas.xlsx``; with places
        ``areas.gpkg``.

    Raises
    ------
    OutputError
        When nothing can be written there.
    """
    folder = Path(directory)
    drawn = _map(results)
    sections = AreaSections(results, drawn, WORKBOOK)
    companions: list[Section] = []
    if stability is not None:
        companions.append(stability_section(results, stability, is_drawn=drawn is not None))
    if comparison is not None:
        companions.append(
            comparison_section(results, comparison, labels, is_drawn=drawn is not None)
        )
    companions += [ranks_section(one, number) for number, one in enumerate(ranks)]
    companions += more
    with written_whole(folder) as unfinished:
        _write(results, drawn, sections, sections.all(companions), unfinished)
        written = [name for name in AREA_FILES if (unfinished / name).exists()]
    if LAYERS not in written:
        _remove_old_layers(folder / LAYERS)
    return tuple(folder / name for name in written)


def _remove_old_layers(path: Path) -> None:
    """A map of an earlier run would tell of other areas."""
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise OutputError(f"{path} is of other areas and cannot be removed.") from error


def _map(results: AreaResults) -> AreaMap | None:
    if not _has_places(results):
        return None
    sheet = town_sheet(results.areas.partition.town_ids, results.towns, zones=results.zones)
    return AreaMap(results.areas.partition, sheet, results.names, results.ranking)


def _has_places(results: AreaResults) -> bool:
    """Whether any town of the areas can be drawn."""
    town_ids = results.areas.partition.town_ids
    if results.zones is not None:
        drawn = zip(results.zones.town_ids, results.zones.shapes, strict=True)
        return not {town for town, shape in drawn if not shape.is_empty}.isdisjoint(town_ids)
    return results.towns is not None and has_places(
        results.towns[results.towns.index.isin(town_ids)], None
    )


def _write(
    results: AreaResults,
    drawn: AreaMap | None,
    made: AreaSections,
    sections: list[Section],
    folder: Path,
) -> None:
    from comarca.report.area_layers import write_area_layers
    from comarca.report.section_document import write_section_document
    from comarca.report.workbook import write_book

    line = _made(results)
    moment = results.made or _UNDATED
    footer = f"Comarca {version('comarca')}"
    page = section_page(results.title, _KICKER, line, sections, f"Made with {footer}.")
    (folder / PAGE).write_text(page, encoding="utf-8", newline="\n")
    write_section_document(
        [_with_fonts_told(results, sections[0]), *sections[1:]],
        folder / DOCUMENT,
        title=results.title,
        kicker=_KICKER,
        made=line,
        footer=footer,
        moment=moment,
    )
    write_book(_sheets(made), folder / WORKBOOK, title=results.title, moment=moment)
    if drawn is not None:
        write_area_layers(results, drawn, folder / LAYERS, moment)


def _made(results: AreaResults) -> str:
    """The line below the title: what the areas rest on, and the rule in short."""
    overview, params = results.overview, results.areas.params
    told = [
        f"{words.whole(overview.persons)} workers of {words.plural(overview.n_towns, 'town')}",
        f"variant {params.variant}",
        f"sizes {plain_number(params.min_workers)} and {plain_number(params.target_workers)}",
        f"self-containment {percent(params.min_self_containment)} and "
        f"{percent(params.target_self_containment)}",
    ]
    if results.made is not None:
        told.append(f"{results.made.day} {results.made:%B %Y}")
    return " · ".join(told)


def _with_fonts_told(results: AreaResults, answer: Section) -> Section:
    lost = unreadable(results.names.values())
    if not lost:
        return answer
    told = (
        f"{words.plural(len(lost), 'name')} could not be written with the fonts of this machine; "
        f"{PAGE} and {WORKBOOK} have them all."
    )
    return replace(answer, items=(Prose(told, "warning"), *answer.items))


def _sheets(made: AreaSections) -> Iterator[Table]:
    tables = made.tables
    yield _summary(made)
    yield tables.areas()
    yield tables.towns()
    yield tables.spread()
    yield tables.flows()
    yield tables.steps()
    yield tables.reserve()
    yield _method(made)


def _summary(made: AreaSections) -> Table:
    """First sheet: the figures of the whole."""
    o, params = made.results.overview, made.results.areas.params
    rows: list[tuple[object, ...]] = [
        ("Areas", o.n_areas, ""),
        ("Towns", o.n_towns, ""),
        ("Towns in an area", o.n_in_areas, ""),
        *((f"Towns: {status}", count, "status") for status, count in o.by_status.items()),
        ("Towns set aside on the way", o.n_set_aside, ""),
        ("Towns cut off from their head", o.n_detached, ""),
        ("Areas of one town", o.n_one_town, ""),
        ("Areas below the rule", o.n_below_rule, ""),
        ("Workers", o.persons, "persons"),
        ("Work in their own town", o.in_own_town, "persons"),
        ("Work in their own area", o.in_own_area, "persons"),
        ("Working residents of areas", o.residents, "persons, of towns that took part"),
        ("Jobs of areas", o.jobs, "of towns that took part"),
        ("Live and work in one area", o.inside, "persons, of towns that took part"),
    ]
    if o.n_areas:
        rows.append(("Self-containment, residents", o.inside / o.residents, "share"))
        rows.append(("Self-containment, jobs", o.inside / o.jobs, "share"))
    rows += [
        (
            f"Parameter {name}",
            value if _is_number(value) else None,
            "" if _is_number(value) else str(value),
        )
        for name, value in params.model_dump().items()
    ]
    rows += [
        (source.role, None, f"{source.name}, SHA-256 {source.sha256}")
        for source in made.results.sources
    ]
    columns = (Column("What"), Column("Value", "number"), Column("Unit or meaning"))
    return Table("Summary", made.results.title, columns, tuple(rows))


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _method(made: AreaSections) -> Table:
    """Last sheet: the statement, a paragraph a row."""
    method = made.method
    parts = (
        ("Data", method.data()),
        ("Rule", [*method.rule(), method.formula()]),
        ("Steps", method.steps()),
        ("Software", [method.software()]),
        ("Caution", cautions(made.results)),
        ("Reference", references(made.results)),
    )
    rows = tuple((part, text) for part, told in parts for text in told)
    return Table("Method", "Method", (Column("Part"), Column("Text")), rows)
