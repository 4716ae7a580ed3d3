"""Sheets of a workbook to raw tables; codes keep the zeros their number format shows."""

from __future__ import annotations

import datetime
import re
import warnings
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from comarca.errors import Fault
from comarca.io.csv_tables import assemble
from comarca.model.dictionary import attributes
from comarca.model.raw import Cell, Findings, RawTable, Refused

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

_ZEROS = re.compile(r'"?(0+)"?')
_FORMULA = re.compile(rb"<f[ />]")
# What openpyxl raises for a damaged file; its own InvalidFileException is for suffixes, which are
# known here. AttributeError and TypeError come from parts that are named and not there.
_UNREADABLE = (zipfile.BadZipFile, KeyError, ValueError, OSError, AttributeError, TypeError)
_PLAIN_FORMATS = ("General", "0", "@", "#")


def open_workbook(path: Path, faults: list[Fault]) -> Workbook | None:
    """Open a workbook with the values its formulas had when it was saved, or add a fault."""
    import openpyxl

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # features of Excel that tables never need
            return openpyxl.load_workbook(path, data_only=True)
    except _UNREADABLE as error:
        faults.append(
            Fault(
                place=path.name,
                object="the file",
                value=f"not a workbook ({error})",
                expectation="an XLSX workbook, not damaged and without a password",
            )
        )
        return None


def formulas_never_computed(path: Path) -> frozenset[tuple[str, str]]:
    """
    Cells whose formula has no stored value, as ``(sheet, coordinate)``.

    A program that writes formulas without computing them leaves such cells; read as values they
    would be silently missing.
    """
    import openpyxl

    with zipfile.ZipFile(path) as archive:
        sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
        if not any(_FORMULA.search(archive.read(name)) for name in sheets):
            return frozenset()
    values = openpyxl.load_workbook(path, data_only=True)
    formulas = openpyxl.load_workbook(path)
    return frozenset(
        (sheet.title, cell.coordinate)
        for sheet in formulas.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f" and values[sheet.title][cell.coordinate].value is None
    )


def sheet_rows(sheet: Any) -> tuple[list[list[Any]], list[int]]:
    """Rows of cells that hold anything, with their numbers as the spreadsheet shows them."""
    records, lines = [], []
    for number, row in enumerate(sheet.iter_rows(), start=1):
        if any(cell.value not in (None, "") for cell in row):
            records.append(list(row))
            lines.append(number)
    return records, lines


def read_sheet_table(
    sheet: Any,
    table: str,
    file: str,
    uncomputed: frozenset[tuple[str, str]],
    findings: Findings,
) -> RawTable | None:
    """
    Read one sheet.

    Parameters
    ----------
    sheet
        An openpyxl worksheet.
    table
        Its table in the data dictionary.
    file
        Name of the workbook, for the places of faults.
    uncomputed
        Formulas without a value, from :func:`formulas_never_computed`.
    findings
        What is wrong with cells as cells is added here.
    """
    place = f"{file} sheet {sheet.title}"
    rows, lines = sheet_rows(sheet)
    header = [str(cell.value or "").strip().casefold() for cell in rows[0]] if rows else []
    codes = {column.name for column in attributes(table) if column.type in ("id", "text")}
    reader = CellReader(place, findings, uncomputed)
    records: list[Sequence[Cell]] = [header] if rows else []
    for row, line in zip(rows[1:], lines[1:], strict=True):
        names = header + [""] * (len(row) - len(header))
        records.append(
            [
                reader.code(cell, name, line) if name in codes else reader.value(cell, name, line)
                for cell, name in zip(row, names, strict=True)
            ]
        )
    reader.tell_numbers_as_codes()
    return assemble(records, lines, table=table, place=place, findings=findings, line_word="row")


class CellReader:
    """Cells to text and numbers, with the doubts that typed cells bring along."""

    def __init__(
        self, place: str, findings: Findings, uncomputed: frozenset[tuple[str, str]]
    ) -> None:
        self.place = place
        self.findings = findings
        self.uncomputed = uncomputed
        self.numbers_as_codes: dict[str, list[tuple[int, str]]] = {}

    def refuse(self, line: int, name: str, value: str, expectation: str) -> Refused:
        """Tell a fault; the cell counts as missing."""
        self.findings.faults.append(
            Fault(
                place=f"{self.place} row {line}", object=name, value=value, expectation=expectation
            )
        )
        return Refused()

    def value(self, cell: Any, name: str, line: int) -> Cell:
        """Read any cell but a code."""
        if (cell.parent.title, cell.coordinate) in self.uncomputed:
            return self.refuse(
                line, name, "a formula without a value", "a value; open and save it in Excel"
            )
        found = cell.value
        if found is None:
            return ""
        if cell.data_type == "e":
            return self.refuse(line, name, str(found), "a value; the formula failed")
        if isinstance(found, datetime.date | datetime.time | datetime.timedelta):
            written = str(found).removesuffix(" 00:00:00")
            return self.refuse(line, name, written, "a value; the spreadsheet made a date of it")
        return found if isinstance(found, bool | str) else float(found)

    def code(self, cell: Any, name: str, line: int) -> Cell:
        """Read a code or a name: a number becomes the digits its format shows."""
        found = self.value(cell, name, line)
        if isinstance(found, str):
            return found
        if isinstance(found, bool) or not found.is_integer():
            return self.refuse(
                line, name, f"{found:g}", "a code as text; format the column as text"
            )
        zeros = _ZEROS.fullmatch(cell.number_format)
        if zeros and zeros[1] != "0":
            return f"{found:.0f}".zfill(len(zeros[1]))
        if cell.number_format not in _PLAIN_FORMATS:
            return self.refuse(
                line,
                name,
                f"a number shown as {cell.number_format}",
                "a code as text; format the column as text",
            )
        self.numbers_as_codes.setdefault(name, []).append((line, f"{found:.0f}"))
        return f"{found:.0f}"

    def tell_numbers_as_codes(self) -> None:
        """Warn once a column that codes stand there as numbers."""
        for name, cells in self.numbers_as_codes.items():
            line, digits = cells[0]
            more = f" and {len(cells) - 1:,} more" if len(cells) > 1 else ""
            self.findings.warnings.append(
                Fault(
                    place=f"{self.place} row {line}",
                    object=name,
                    value=f"the number {digits}{more}",
                    expectation="text; leading zeros, if the code had any, are lost",
                )
            )


def settings_from_sheet(sheet: Any) -> Mapping[str, Any]:
    """Keys and values of a sheet ``region``: two columns, repeated keys make a list."""
    given: dict[str, Any] = {}
    for row in sheet.iter_rows(values_only=True):
        key = str(row[0]).strip().casefold() if row and row[0] is not None else ""
        value = row[1] if len(row) > 1 else None
        if not key or key == "key" or value is None:
            continue
        given[key] = f"{given[key]}\n{value}" if key == "sources" and key in given else value
    return given
