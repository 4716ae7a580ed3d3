"""One CSV file to a raw table: encoding, separator, quotes and line numbers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from comarca.errors import Fault
from comarca.io.csv_text import (
    SEPARATOR_NAMES,
    NotCsvError,
    header_line,
    records,
    separator_line,
    separator_of,
)
from comarca.io.region_settings import RegionSettings
from comarca.io.text_files import UndecodableError, decode
from comarca.model.dictionary import attributes
from comarca.model.raw import Findings, RawTable


def read_csv_table(
    path: Path, table: str, settings: RegionSettings, findings: Findings
) -> RawTable | None:
    """
    Read one CSV file.

    Parameters
    ----------
    path
        The file.
    table
        Its table in the data dictionary.
    settings
        Of the region.
    findings
        Faults and warnings of the file as a file are added here.

    Returns
    -------
    RawTable or None
        ``None`` when it is no table at all; the findings say why.
    """
    try:
        text, warning = decode(path.read_bytes(), path.name, settings)
    except UndecodableError as error:
        findings.faults.append(error.fault)
        return None
    except OSError as error:  # no right to read it, or another program holds it
        findings.faults.append(
            _about(path.name, f"not readable ({error.strerror})", "a file that may be read")
        )
        return None
    if warning is not None:
        findings.warnings.append(warning)
    if not text.strip():
        findings.faults.append(_about(path.name, "empty", "a table with a header"))
        return None
    return _parse(text, path.name, table, settings, findings)


def _about(place: str, value: str, expectation: str, what: str = "the file") -> Fault:
    return Fault(place=place, object=what, value=value, expectation=expectation)


def _parse(
    text: str, place: str, table: str, settings: RegionSettings, findings: Findings
) -> RawTable | None:
    text, separator, n_skipped = separator_line(text)
    separator = separator or separator_of(text, {column.name for column in attributes(table)})
    if not separator:
        findings.faults.append(_no_header(text, place, table))
        return None
    try:
        found = list(records(text, separator, n_skipped))
    except NotCsvError as error:
        findings.faults.append(unclosed(place, error))
        return None
    return assemble(
        [record for _, record in found],
        [line for line, _ in found],
        table=table,
        place=place,
        findings=findings,
        decimal=settings.decimal,
        likely_decimal="." if separator == "," else None,
    )


def unclosed(place: str, error: NotCsvError) -> Fault:
    """State where a quotation mark is left open."""
    return _about(
        f"{place} line {error.line}", error.reason, "as many quotation marks as close", "the row"
    )


def _no_header(text: str, place: str, table: str) -> Fault:
    separators = ", ".join(SEPARATOR_NAMES.values())
    return _about(
        f"{place} line 1",
        f'"{header_line(text)[:60]}"',
        f"column names ({_required_names(table)}) separated by {separators}",
        "the header",
    )


def _required_names(table: str) -> str:
    return ", ".join(column.name for column in attributes(table) if column.is_required)


def assemble(
    records: Sequence[Sequence[str | float | bool]],
    lines: Sequence[int],
    *,
    table: str,
    place: str,
    findings: Findings,
    line_word: str = "line",
    decimal: str | None = None,
    likely_decimal: str | None = None,
) -> RawTable | None:
    """
    Make a raw table of a header and rows of cells.

    Parameters
    ----------
    records
        The header, then the rows.
    lines
        Where each record stands.
    table, place, line_word, decimal, likely_decimal
        As in :class:`comarca.model.raw.RawTable`.
    findings
        Rows of another length than the header, and headers that repeat, are added here.
    """
    if not records:
        findings.faults.append(_about(place, "empty", "a table with a header"))
        return None
    header = [str(cell).strip().casefold() for cell in records[0]]
    while header and not header[-1]:
        header.pop()
    if not any(column.name in header for column in attributes(table)):
        written = ", ".join(filter(None, header))[:60]
        findings.faults.append(
            _about(
                f"{place} {line_word} {lines[0]}",
                f'"{written}"',
                f"column names ({_required_names(table)}), with nothing above them",
                "the header",
            )
        )
        return None
    rows, kept = [], []
    for record, line in zip(records[1:], lines[1:], strict=True):
        extra = [cell for cell in record[len(header) :] if cell != ""]
        if len(record) < len(header) or extra:
            findings.faults.append(wrong_length(f"{place} {line_word} {line}", record, header))
            continue
        rows.append(record)
        kept.append(line)
    header_place = f"{place} {line_word} {lines[0]}"
    columns: dict[str, Sequence[str | float | bool]] = {}
    for at, name in enumerate(header):
        cells = [row[at] for row in rows]
        if not name:
            if any(cell != "" for cell in cells):
                findings.faults.append(
                    _about(header_place, "", "a name for every column", f"header {at + 1}")
                )
        elif name in columns:
            findings.faults.append(
                _about(header_place, "in the header twice", "every column once", name)
            )
        else:
            columns[name] = cells
    if not rows and table != "towns":
        return None  # an empty table of the template is a table nobody filled
    if not rows and not findings.faults:
        findings.faults.append(_about(place, "a header alone", "at least two towns", "the table"))
    return RawTable(
        table=table,
        place=place,
        columns=columns,
        lines=kept,
        line_word=line_word,
        decimal=decimal,
        likely_decimal=likely_decimal,
    )


def wrong_length(place: str, record: Sequence[str | float | bool], header: Sequence[str]) -> Fault:
    """State that a row is not as long as the header."""
    return _about(
        place, f"{len(record)} cells long", f"{len(header)} cells, as the header has", "the row"
    )
