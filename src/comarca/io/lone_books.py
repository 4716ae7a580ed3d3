"""One sheet of a workbook, or one Parquet file, outside any region to its wanted columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from comarca.errors import Fault
from comarca.io.lone_columns import Wanted, chosen_columns
from comarca.io.lone_tables import CellColumn, LoneTable, TableFindings, decimal_mark
from comarca.io.xlsx_tables import CellReader, formulas_never_computed, open_workbook, sheet_rows
from comarca.model.raw import Cell, Findings, Refused

_EXACT = 2.0**53  # fractions of this size and beyond have lost digits


def lone_sheet(
    path: Path,
    wanted: Sequence[Wanted],
    named: Mapping[str, str] | None,
    findings: TableFindings,
    *,
    sheet: str | None = None,
    decimal: str | None = None,
) -> LoneTable | None:
    """
    Read the wanted columns of a workbook's sheet.

    Parameters
    ----------
    path
        The workbook.
    wanted, named, findings, decimal
        As for :func:`comarca.io.lone_csv.lone_csv`.
    sheet
        Name of the sheet; when not given, the only one that has the columns.

    Returns
    -------
    LoneTable or None
        ``None`` when it is no such table; the findings say why.
    """
    unread: list[Fault] = []
    book = open_workbook(path, unread)
    findings.add(unread)
    if book is None:
        return None
    chosen = _chosen_sheet(book, sheet, wanted, named, findings)
    if chosen is None:
        return None
    rows, lines = sheet_rows(chosen)
    place = f"{path.name} sheet {chosen.title}"
    header = [str(cell.value or "").strip() for cell in rows[0]] if rows else []
    found = chosen_columns(
        header, wanted, named, f"{place} row {lines[0] if rows else 1}", findings
    )
    if found is None:
        return None
    told = Findings()
    reader = CellReader(place, told, formulas_never_computed(path))
    columns = {}
    for column in wanted:
        if column.name in found:
            at = found[column.name]
            read = reader.code if column.attribute.type in ("id", "text") else reader.value
            cells = [
                read(row[at], header[at], line)
                for row, line in zip(rows[1:], lines[1:], strict=True)
            ]
            columns[column.name] = CellColumn.of(header[at], cells)
    reader.tell_numbers_as_codes()
    findings.add(told.faults)
    findings.warnings.extend(told.warnings)
    return LoneTable(
        place=place,
        columns=columns,
        lines=lines[1:],
        line_word="row",
        decimal=decimal_mark(decimal),
    )


def _chosen_sheet(
    book: Any,
    sheet: str | None,
    wanted: Sequence[Wanted],
    named: Mapping[str, str] | None,
    findings: TableFindings,
) -> Any:
    """Worksheet to read, or ``None`` with a fault."""
    titles = ", ".join(f'"{found.title}"' for found in book.worksheets)
    if sheet is not None:
        for found in book.worksheets:
            if found.title.strip().casefold() == sheet.strip().casefold():
                return found
        findings.fault(findings.place, f"the sheet {sheet}", "", f"one of {titles}")
        return None
    fitting = [
        found for found in book.worksheets if _has_columns(found, wanted, named, findings.place)
    ]
    if len(fitting) == 1 or len(book.worksheets) == 1:
        return (fitting or book.worksheets)[0]
    findings.fault(
        findings.place,
        "the workbook",
        f"of {len(book.worksheets)} sheets, {titles}, {len(fitting)} with the columns",
        "one sheet with them; name it with the option sheet",
    )
    return None


def _has_columns(
    sheet: Any, wanted: Sequence[Wanted], named: Mapping[str, str] | None, place: str
) -> bool:
    for row in sheet.iter_rows(values_only=True):
        header = [str(cell or "").strip() for cell in row]
        if any(header):
            trial = TableFindings(place=place)
            return chosen_columns(header, wanted, named, place, trial) is not None
    return False


def lone_parquet(
    path: Path,
    wanted: Sequence[Wanted],
    named: Mapping[str, str] | None,
    findings: TableFindings,
    *,
    decimal: str | None = None,
) -> LoneTable | None:
    """
    Read the wanted columns of a Parquet file.

    Parameters
    ----------
    path, wanted, named, findings, decimal
        As for :func:`lone_sheet`; ``decimal`` matters where numbers stand as text.

    Returns
    -------
    LoneTable or None
        ``None`` when it is no such table; the findings say why.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        header = list(pq.read_schema(path).names)
        found = chosen_columns(header, wanted, named, path.name, findings)
        if found is None:
            return None
        read = pq.read_table(path, columns=[header[at] for at in found.values()])
    except (pa.ArrowException, OSError):
        findings.fault(path.name, "the file", "not readable", "a Parquet file, not damaged")
        return None
    columns = {}
    for column in wanted:
        if column.name in found:
            name = header[found[column.name]]
            is_code = column.attribute.type in ("id", "text")
            make = code_column if is_code else _numbers
            columns[column.name] = make(name, read.column(name), path.name, findings)
    return LoneTable(
        place=path.name,
        columns=columns,
        lines=range(1, read.num_rows + 1),
        line_word="row",
        decimal=decimal_mark(decimal),
    )


def _numbers(header: str, values: Any, place: str, findings: TableFindings) -> CellColumn:
    """Typed numbers as they are; anything else by its distinct cells."""
    import pyarrow as pa

    kind = values.type
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        numbers = (
            values.cast(pa.float64(), safe=False).combine_chunks().to_numpy(zero_copy_only=False)
        )
        return CellColumn(header=header, distinct=numbers, position=np.arange(len(numbers)))
    distinct, at = _distinct(values)
    return CellColumn(header=header, distinct=[_cell(value) for value in distinct], position=at)


def code_column(header: str, values: Any, place: str, findings: TableFindings) -> CellColumn:
    """
    Read a typed column of codes or names.

    Parameters
    ----------
    header
        Its name as written.
    values
        An Arrow column.
    place
        Where it stands.
    findings
        Whole numbers become digits, with a warning that leading zeros would be lost; fractions are
        a fault.
    """
    distinct, at = _distinct(values)
    numbers = [value for value in distinct if _is_number(value)]
    odd = [number for number in numbers if not _has_digits(number)]
    if odd:
        findings.fault(place, header, f"numbers, such as {odd[0]:g}", "codes as text")
    elif numbers:
        findings.warn(
            place,
            header,
            f"numbers, such as {_digits(numbers[0])}",
            "text; leading zeros, if the code had any, are lost",
        )
    codes = [_digits(value) if _is_number(value) else _cell(value) for value in distinct]
    return CellColumn(header=header, distinct=codes, position=at)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _has_digits(number: int | float) -> bool:
    """Whether a number may be a code: whole, and small enough to be exact."""
    return isinstance(number, int) or (number.is_integer() and abs(number) < _EXACT)


def _digits(number: int | float) -> Cell:
    return str(int(number)) if _has_digits(number) else Refused()


def _distinct(values: Any) -> tuple[list[Any], Any]:
    """Distinct values and where each row's stands among them; missing ones are ``None``."""
    import pyarrow as pa

    whole = values.combine_chunks()
    if isinstance(whole, pa.ChunkedArray):
        whole = whole.chunk(0) if whole.num_chunks else pa.array([], values.type)
    if not pa.types.is_dictionary(whole.type):
        whole = whole.dictionary_encode(null_encoding="encode")
    distinct = whole.dictionary.to_pylist()
    at = whole.indices.fill_null(len(distinct)).to_numpy(zero_copy_only=False)
    return [*distinct, None], at


def _cell(value: Any) -> Cell:
    if value is None:
        return ""
    if isinstance(value, bool | str):
        return value
    return float(value) if isinstance(value, int | float) else str(value)
