"""A diagnosis as files: a page of the region, pages of its towns, a workbook, tables, a map."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType

import pandas as pd

from comarca.diagnosis import TownDiagnosis
from comarca.errors import OutputError
from comarca.report import words
from comarca.report.diagnosis_map import diagnosis_map
from comarca.report.diagnosis_rows import DiagnosisRows
from comarca.report.diagnosis_sections import DiagnosisSections
from comarca.report.diagnosis_tables import DiagnosisTables
from comarca.report.diagnosis_town_pages import DiagnosedTown, diagnosed_town
from comarca.report.sections import Section, kind_of, section_page, section_styles
from comarca.report.templating import template
from comarca.report.town_sheet import town_sheet
from comarca.writing import written_whole

PAGE, WORKBOOK, MAP = "diagnosis.html", "diagnosis.xlsx", "kinds.svg"
TABLES: Mapping[str, str] = MappingProxyType(
    {
        "towns": "towns.csv",
        "criteria": "criteria.csv",
        "claims": "claims.csv",
        "industries": "industries.csv",
        "specialisation": "specialisation.csv",
        "shift_share": "shift_share.csv",
        "stages": "stages.csv",
        "readiness": "readiness.csv",
        "structure": "ages.csv",
        "suspicious": "suspicious.csv",
        "projection": "projection.csv",
    }
)
_KICKER = "Comarca · diagnosis of towns"
_UNDATED = datetime(2000, 1, 1, tzinfo=UTC)  # without a date the same towns give the same bytes


def write_diagnosis(
    diagnosis: TownDiagnosis,
    directory: Path | str,
    *,
    has_charts: bool = True,
    more: Sequence[Section] = (),
    made: datetime | None = None,
) -> tuple[Path, ...]:
    """
    Write a diagnosis.

    Parameters
    ----------
    diagnosis
        What was found.
    directory
        Folder that takes the files; made where it is missing. Files that are there are replaced
        once all their successors are whole.
    has_charts
        Whether to draw charts and the map; without them thousands of towns take seconds.
    more
        Sections of further results, such as a projection.
    made
        When, with its zone; shown on the pages.

    Returns
    -------
    tuple of pathlib.Path
        ``diagnosis.html`` (the region), ``towns.html`` or ``towns-1.html`` and on (a page a town),
        ``diagnosis.xlsx``, a CSV of each table that has rows; with charts ``kinds.svg``. Pages
        fetch nothing but each other.

    Raises
    ------
    OutputError
        When nothing can be written there.
    """
    folder = Path(directory)
    rows = DiagnosisRows(diagnosis)
    tables = DiagnosisTables(rows)
    drawn = _map(rows) if has_charts else ""
    sections = DiagnosisSections(rows, tables, drawn, WORKBOOK, has_charts).all()
    files = dict(_pages(rows, [*sections[:-1], *more, sections[-1]], has_charts, made))
    if drawn:
        files[MAP] = drawn
    with written_whole(folder) as unfinished:
        for name, text in files.items():
            (unfinished / name).write_text(text, encoding="utf-8", newline="\n")
        _write_tables(diagnosis, unfinished)
        _write_workbook(tables, unfinished / WORKBOOK, made)
        written = sorted(path.name for path in unfinished.iterdir())
    _remove_of_earlier_runs(folder, written)
    order = [PAGE, WORKBOOK, *written]
    return tuple(folder / name for name in dict.fromkeys(order))


def _remove_of_earlier_runs(folder: Path, written: Sequence[str]) -> None:
    """Pages of towns, tables and a map that this run did not make would tell of other towns."""
    ours = {MAP, *TABLES.values(), *(path.name for path in folder.glob("towns*.html"))}
    for name in ours - set(written):
        try:
            (folder / name).unlink(missing_ok=True)
        except OSError as error:
            raise OutputError(
                f"{folder / name} is of other towns and cannot be removed."
            ) from error


def _map(rows: DiagnosisRows) -> str:
    region = rows.diagnosis.region
    return diagnosis_map(rows, town_sheet(region.town_ids, region.towns))


def _pages(
    rows: DiagnosisRows, sections: Sequence[Section], has_charts: bool, made: datetime | None
) -> Iterator[tuple[str, str]]:
    """The page of the region, then those of towns."""
    region = rows.diagnosis.region
    title = f"{region.name}: what its towns are and where they head"
    line = words.plural(region.n_towns, "town")
    if made is not None:
        line += f" · {made.day} {made:%B %Y}"
    footer = f"Made with Comarca {version('comarca')}."
    yield PAGE, section_page(title, _KICKER, line, sections, footer)
    by_file: dict[str, list[str]] = {}
    for town, file in rows.file_of.items():
        by_file.setdefault(file, []).append(town)
    labels = {file: _label(rows, towns) for file, towns in by_file.items()}
    for file, towns in by_file.items():
        pages = [diagnosed_town(rows, town, has_charts=has_charts) for town in towns]
        others = [(name, told) for name, told in labels.items() if name != file]
        yield file, _towns_page(region.name, pages, others, line, footer)


def _label(rows: DiagnosisRows, towns: Sequence[str]) -> str:
    """What a file of towns is called: its first and last name."""
    return f"{rows.names[towns[0]]} to {rows.names[towns[-1]]}"


def _towns_page(
    region: str,
    towns: Sequence[DiagnosedTown],
    others: Sequence[tuple[str, str]],
    line: str,
    footer: str,
) -> str:
    return str(
        template("diagnosis_towns.html.j2").render(
            title=f"{region}: town by town",
            kicker=_KICKER,
            made=line,
            towns=towns,
            others=others,
            region_page=PAGE,
            kind_of=kind_of,
            dagger=words.DAGGER,
            footer=footer,
            css=section_styles(),
            version=version("comarca"),
        )
    )


def _write_tables(diagnosis: TownDiagnosis, folder: Path) -> None:
    for name, table in _tables(diagnosis).items():
        if len(table):
            table.to_csv(folder / TABLES[name], index=False, lineterminator="\n")


def _tables(diagnosis: TownDiagnosis) -> dict[str, pd.DataFrame]:
    people, industry, projection = diagnosis.people, diagnosis.industry, diagnosis.projection
    return {
        "towns": diagnosis.towns,
        "criteria": diagnosis.status.criteria,
        "claims": diagnosis.claims.verdicts,
        "industries": industry.quotients,
        "specialisation": industry.specialisation,
        "shift_share": industry.shift_share,
        "stages": industry.stages,
        "readiness": diagnosis.readiness.table,
        "structure": people.structure,
        "suspicious": people.suspicious,
        "projection": pd.DataFrame() if projection is None else projection.towns,
    }


def _write_workbook(tables: DiagnosisTables, path: Path, made: datetime | None) -> None:
    from comarca.report.workbook import write_book

    title = f"{tables.rows.diagnosis.region.name}: diagnosis of towns"
    write_book(tables.all(), path, title=title, moment=made or _UNDATED)
