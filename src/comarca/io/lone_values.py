"""Cells of a lone table to values, each distinct cell once; and what is wrong with which rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from comarca.errors import Fault
from comarca.io.lone_tables import MOST_FAULTS_TOLD, CellColumn, LoneTable, TableFindings
from comarca.io.plain_numbers import PlainNumbers
from comarca.model.cells import DecimalMark, read_cells
from comarca.model.dictionary import Attribute
from comarca.model.numbers import settled_marks
from comarca.model.raw import Cell

Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False, kw_only=True)
class ReadColumn:
    """
    One column's values.

    Parameters
    ----------
    attribute
        What the data dictionary says of it.
    column
        Its cells.
    distinct
        Value of each distinct cell: text or ``None``, numbers or ``nan``.
    is_faulty
        Of each distinct cell: whether it cannot be read, or is blank where a value has to be.
    decimal
        How its numbers are written.
    """

    attribute: Attribute
    column: CellColumn
    distinct: NDArray[Any]
    is_faulty: Mask
    decimal: DecimalMark

    def by_row(self) -> NDArray[Any]:
        """Value of each row."""
        values: NDArray[Any] = self.distinct[self.column.position]
        return values

    def text_of(self, row: int) -> str:
        """Show a row's value, blank when missing."""
        value = self.distinct[self.column.position[row]]
        return "" if value is None else str(value)


def read_columns(
    table: LoneTable, attributes: Sequence[Attribute], findings: TableFindings
) -> dict[str, ReadColumn]:
    """
    Read all columns of a lone table, and tell of every cell that cannot be read.

    Parameters
    ----------
    table
        Its cells.
    attributes
        What the columns are, those that name the row first; columns the file lacks are passed over.
    findings
        Faults are added here, in the order of the lines; of very many only the first.
    """
    found = [attribute for attribute in attributes if attribute.name in table.columns]
    plain = {
        attribute.name: PlainNumbers.among(texts)
        for attribute in found
        if _is_number(attribute)
        and isinstance(texts := table.columns[attribute.name].distinct, pa.Array)
    }
    decimal = _decimal_mark(table, found, plain, findings)
    read = {}
    for attribute in found:
        column = table.columns[attribute.name]
        values, is_faulty = _read(attribute, column, plain.get(attribute.name), decimal)
        read[attribute.name] = ReadColumn(
            attribute=attribute,
            column=column,
            distinct=values,
            is_faulty=is_faulty,
            decimal=decimal,
        )
    _tell_faulty_rows(table, read, findings)
    return read


def _is_number(attribute: Attribute) -> bool:
    return attribute.type not in ("id", "text", "choice", "boolean")


def _decimal_mark(
    table: LoneTable,
    attributes: Sequence[Attribute],
    plain: Mapping[str, PlainNumbers],
    findings: TableFindings,
) -> DecimalMark:
    """Which decimal mark the table's numbers are written with."""
    if table.decimal.is_declared:
        return table.decimal
    marks: dict[str, str] = {}
    for attribute in attributes:
        if attribute.name in plain:
            marks = {**plain[attribute.name].settled_marks(), **marks}
        elif _is_number(attribute):
            cells = table.columns[attribute.name].distinct
            marks = {**settled_marks(cell for cell in cells if type(cell) is str), **marks}
    if len(marks) > 1:
        findings.fault(
            table.place,
            "its decimal mark",
            f"a point in {marks['.']} and a comma in {marks[',']}",
            "one decimal mark throughout a file",
        )
        return DecimalMark(mark=None, setting=table.decimal.setting)
    mark = next(iter(marks), table.decimal.mark)
    return DecimalMark(mark=mark, setting=table.decimal.setting)


def _read(
    attribute: Attribute, column: CellColumn, plain: PlainNumbers | None, decimal: DecimalMark
) -> tuple[NDArray[Any], Mask]:
    """Values of the distinct cells, and which are at fault."""
    is_left = np.ones(len(column.distinct), dtype=bool)
    is_faulty = ~is_left
    if not _is_number(attribute):
        return _read_one_by_one(attribute, column.cells_at(is_left), decimal)
    if plain is not None:
        values = plain.values(decimal.mark)
    elif isinstance(column.distinct, np.ndarray):
        values = column.distinct.copy()
    else:
        values = np.full(len(column.distinct), np.nan)
    is_left = ~_is_allowed(attribute, values)
    values[is_left], is_faulty[is_left] = _read_one_by_one(
        attribute, column.cells_at(is_left), decimal
    )
    return values, is_faulty


def _is_allowed(attribute: Attribute, values: NDArray[np.float64]) -> Mask:
    """Which values are numbers within the bounds of the data dictionary."""
    low = -np.inf if attribute.minimum is None else attribute.minimum
    high = np.inf if attribute.maximum is None else attribute.maximum
    is_allowed = np.isfinite(values) & (values >= low) & (values <= high)
    if attribute.excludes_minimum:
        is_allowed &= values != low
    if attribute.type in ("integer", "year"):
        is_allowed &= values == np.floor(values)
    return np.asarray(is_allowed, dtype=bool)


def _read_one_by_one(
    attribute: Attribute, cells: Sequence[Cell], decimal: DecimalMark
) -> tuple[NDArray[Any], Mask]:
    read, problems = read_cells(attribute, cells, decimal)
    is_faulty = np.zeros(len(cells), dtype=bool)
    is_faulty[[problem.row for problem in problems]] = True
    if _is_number(attribute):
        numbers = [np.nan if value is None else float(value) for value in read]
        return np.array(numbers, dtype=np.float64), is_faulty
    values = np.empty(len(read), dtype=object)
    values[:] = read
    return values, is_faulty


def _tell_faulty_rows(
    table: LoneTable, read: Mapping[str, ReadColumn], findings: TableFindings
) -> None:
    n_faults = 0
    rows: NDArray[np.intp] = np.zeros(0, dtype=np.intp)
    for column in read.values():
        if column.is_faulty.any():
            faulty = np.flatnonzero(column.is_faulty[column.column.position])
            n_faults += len(faulty)
            rows = np.union1d(rows, faulty[:MOST_FAULTS_TOLD])
    if not n_faults:
        return
    faults = [fault for row in rows.tolist() for fault in _faults_of_row(table, read, row)]
    findings.add(faults[:MOST_FAULTS_TOLD], n_faults)


def _faults_of_row(table: LoneTable, read: Mapping[str, ReadColumn], row: int) -> list[Fault]:
    of = label_of(read, row)
    faults = []
    for column in read.values():
        at = int(column.column.position[row])
        if column.is_faulty[at]:
            cells = column.column.cells_at([at])
            _, problems = read_cells(column.attribute, cells, column.decimal)
            faults += [
                Fault(
                    place=table.place_of(row),
                    object=f"{column.column.header} of {of}" if of else column.column.header,
                    value=problem.value,
                    expectation=problem.expectation,
                )
                for problem in problems
            ]
    return faults


def label_of(read: Mapping[str, ReadColumn], row: int) -> str:
    """Name a row by its key: ``001 → 002`` for a pair, the code for a town."""
    keys = [column for column in read.values() if column.attribute.is_key]
    return " → ".join(filter(None, (column.text_of(row) for column in keys)))
