"""One CSV file to a raw table: encoding, separator, quotes and line numbers."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from comarca.errors import Fault
from comarca.io.region_settings import RegionSettings
from comarca.io.text_files import UndecodableError, decode
from comarca.model.dictionary import attributes
from comarca.model.raw import Findings, RawTable

_SEPARATORS = (",", ";", "\t")
_NAMES = {",": "commas", ";": "semicolons", "\t": "tabs"}


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
    text, separator, skipped = _separator_line(text)
    separator = separator or _separator(text, table)
    if not separator:
        findings.faults.append(_no_header(text, place, table))
        return None
    records, lines, broken = _records(text, separator, skipped)
    if broken:
        at, reason = broken
        findings.faults.append(
            _about(f"{place} line {at}", reason, "as many quotation marks as close", "the row")
        )
        return None
    return assemble(
        records,
        lines,
        table=table,
        place=place,
        findings=findings,
        decimal=settings.decimal,
        likely_decimal="." if separator == "," else None,
    )


def _separator_line(text: str) -> tuple[str, str, int]:
    """Excel's own first line ``sep=;`` names the separator."""
    first, _, rest = text.partition("\n")
    named = first.strip().strip('"').lower()
    if named.startswith("sep=") and len(named) == 5:
        return rest, named[-1], 1
    if first.strip('\r\ufeff "').lower() == "sep=\t":
        return rest, "\t", 1
    return text, "", 0


def _separator(text: str, table: str) -> str:
    """Whichever separator makes the most known column names of the header; ``""`` when none."""
    known = {column.name for column in attributes(table)}
    header = next((line for line in text.splitlines() if line.strip()), "")
    hits = {}
    for separator in _SEPARATORS:
        cells = next(csv.reader([header], delimiter=separator), [])
        hits[separator] = len(known & {cell.strip().casefold() for cell in cells})
    best = max(_SEPARATORS, key=hits.__getitem__)
    return best if hits[best] else ""


def _no_header(text: str, place: str, table: str) -> Fault:
    header = next((line for line in text.splitlines() if line.strip()), "")[:60]
    return _about(
        f"{place} line 1",
        f'"{header}"',
        f"column names ({_required_names(table)}) separated by {', '.join(_NAMES.values())}",
        "the header",
    )


def _required_names(table: str) -> str:
    return ", ".join(column.name for column in attributes(table) if column.is_required)


def _records(
    text: str, separator: str, skipped: int
) -> tuple[list[list[str]], list[int], tuple[int, str] | None]:
    """Rows that hold anything, with the line each begins on; and where the quotes break."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    records, lines, begins = [], [], 1 + skipped
    try:
        for record in reader:
            if any(cell.strip() for cell in record):
                records.append(record)
                lines.append(begins)
            begins = reader.line_num + 1 + skipped
    except csv.Error as error:
        return records, lines, (begins, f"not CSV ({error})")
    return records, lines, None


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
            findings.faults.append(_wrong_length(f"{place} {line_word} {line}", record, header))
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


def _wrong_length(place: str, record: Sequence[str | float | bool], header: Sequence[str]) -> Fault:
    return _about(
        place, f"{len(record)} cells long", f"{len(header)} cells, as the header has", "the row"
    )
