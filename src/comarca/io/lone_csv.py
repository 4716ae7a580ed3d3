"""
One CSV file outside any region to its wanted columns.

A file whose quotes, line ends and rows are plain is split by Arrow, which takes a second for ten
million rows; any other is split cell by cell as the tables of a region are. Both give the same
cells.
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
from numpy.typing import NDArray

from comarca.io.csv_tables import unclosed, wrong_length
from comarca.io.csv_text import (
    SEPARATORS,
    NotCsvError,
    fits_header,
    header_line,
    records,
    separator_line,
    separator_of,
)
from comarca.io.lone_columns import Wanted, chosen_columns
from comarca.io.lone_tables import CellColumn, LoneTable, TableFindings, decimal_mark
from comarca.io.text_files import UndecodableError, decode_lone

_QUOTE, _NEWLINE, _RETURN = b'"\n\r'
_CHUNK = 1 << 24  # letters looked at together; bounds the memory for the places of quotes


def lone_csv(
    data: bytes,
    wanted: Sequence[Wanted],
    named: Mapping[str, str] | None,
    findings: TableFindings,
    *,
    encoding: str | None = None,
    decimal: str | None = None,
) -> LoneTable | None:
    """
    Read the wanted columns.

    Parameters
    ----------
    data
        The file's bytes.
    wanted, named
        Which columns; see :func:`comarca.io.lone_columns.chosen_columns`.
    findings
        What is wrong with the file as a file is added here.
    encoding
        Of a file that is not UTF-8.
    decimal
        ``"."`` or ``","`` where the user says so.

    Returns
    -------
    LoneTable or None
        ``None`` when it is no such table; the findings say why.
    """
    try:
        text = decode_lone(data, findings.place, encoding)
    except UndecodableError as error:
        findings.add([error.fault])
        return None
    if not text.strip():
        findings.fault(findings.place, "the file", "empty", "a table with a header")
        return None
    return _Csv(text, wanted, named, findings).table(decimal)


class _Csv:
    """The text of one file with its separator and header."""

    def __init__(
        self,
        text: str,
        wanted: Sequence[Wanted],
        named: Mapping[str, str] | None,
        findings: TableFindings,
    ) -> None:
        self.wanted = wanted
        self.named = named
        self.findings = findings
        self.text, separator, self.n_skipped = separator_line(text)
        self.separator = separator or self._separator()

    def _separator(self) -> str:
        names = self.named.values() if self.named else [n for c in self.wanted for n in c.names]
        known = {name.casefold() for name in names}
        header = header_line(self.text)
        return separator_of(self.text, known) or max(SEPARATORS, key=header.count)

    def table(self, decimal: str | None) -> LoneTable | None:
        try:
            line, cells = next(records(self.text, self.separator, self.n_skipped))
            header = [cell.strip() for cell in cells]
            while not header[-1]:
                header.pop()
            place = f"{self.findings.place} line {line}"
            found = chosen_columns(header, self.wanted, self.named, place, self.findings)
            if found is None:
                return None
            is_whole = len(header) == len(cells)
            plain = self._plain(header, found) if is_whole else None
            columns, lines = plain or self._careful(header, found)
        except NotCsvError as error:
            self.findings.add([unclosed(self.findings.place, error)])
            return None
        return LoneTable(
            place=self.findings.place,
            columns=columns,
            lines=lines,
            decimal=decimal_mark(decimal, "." if self.separator == "," else None),
        )

    def _careful(
        self, header: Sequence[str], found: Mapping[str, int]
    ) -> tuple[dict[str, CellColumn], array[int]]:
        """Cell by cell, keeping each distinct cell once."""
        positions: dict[str, dict[str, int]] = {name: {} for name in found}
        at: dict[str, array[int]] = {name: array("i") for name in found}
        lines = array("q")
        rows = records(self.text, self.separator, self.n_skipped)
        next(rows)  # the header
        for line, record in rows:
            if not fits_header(record, len(header)):
                place = f"{self.findings.place} line {line}"
                self.findings.add([wrong_length(place, record, header)])
                continue
            lines.append(line)
            for name, column in found.items():
                seen = positions[name]
                at[name].append(seen.setdefault(record[column], len(seen)))
        columns = {
            name: CellColumn(
                header=header[column],
                distinct=list(positions[name]),
                position=np.asarray(at[name], dtype=np.int32),
            )
            for name, column in found.items()
        }
        return columns, lines

    def _plain(
        self, header: Sequence[str], found: Mapping[str, int]
    ) -> tuple[dict[str, CellColumn], range] | None:
        """By Arrow, or ``None`` where it might split the text in another way."""
        framed = b"\n" + self.text.rstrip("\r\n").encode() + b"\n"
        if not _is_plain(framed, self.separator):
            return None
        names = {name: str(column) for name, column in found.items()}
        try:
            read = pyarrow.csv.read_csv(
                pa.BufferReader(memoryview(framed)[1:]),
                read_options=pyarrow.csv.ReadOptions(
                    skip_rows=1, column_names=[str(at) for at in range(len(header))]
                ),
                parse_options=pyarrow.csv.ParseOptions(delimiter=self.separator),
                convert_options=pyarrow.csv.ConvertOptions(
                    include_columns=list(names.values()),
                    column_types={
                        column: pa.dictionary(pa.int32(), pa.string()) for column in names.values()
                    },
                    strings_can_be_null=False,
                ),
            ).unify_dictionaries()
        except (pa.ArrowInvalid, pa.ArrowKeyError):  # rows of another length, most often
            return None
        columns = {name: _column(header[at], read.column(str(at))) for name, at in found.items()}
        if _has_blank_rows(columns):
            return None  # a row of nothing but separators is no row
        first = 2 + self.n_skipped
        return columns, range(first, first + read.num_rows)


def _is_plain(framed: bytes, separator: str) -> bool:
    """Whether each line is a row, and every quotation mark begins or ends a cell."""
    if framed.count(b"\r") != framed.count(b"\r\n"):
        return False
    if b"\n\n" in framed or b"\n\r\n" in framed:
        return False
    letters = np.frombuffer(framed, dtype=np.uint8)
    return b'"' not in framed or _has_plain_quotes(letters, ord(separator))


def _has_plain_quotes(letters: NDArray[np.uint8], separator: int) -> bool:
    """Whether quotation marks alternately open and close a cell, and no line ends between them."""
    n_before = 0
    for start in range(0, len(letters), _CHUNK):
        chunk = letters[start : start + _CHUNK]
        quotes = np.flatnonzero(chunk == _QUOTE)
        ends = np.searchsorted(quotes, np.flatnonzero(chunk == _NEWLINE)) + n_before
        opening = start + quotes[n_before % 2 :: 2]
        closing = start + quotes[(n_before + 1) % 2 :: 2]
        before, after = letters[opening - 1], letters[closing + 1]
        if (
            (ends % 2).any()
            or not ((before == separator) | (before == _NEWLINE)).all()
            or not ((after == separator) | (after == _NEWLINE) | (after == _RETURN)).all()
        ):
            return False
        n_before += len(quotes)
    return n_before % 2 == 0


def _column(header: str, values: pa.ChunkedArray) -> CellColumn:
    """Distinct cells of a dictionary-encoded column whose chunks share one dictionary."""
    whole = values.combine_chunks()
    if isinstance(whole, pa.ChunkedArray):  # what newer versions give for one chunk or none
        whole = whole.chunk(0)
    return CellColumn(header=header, distinct=whole.dictionary, position=whole.indices.to_numpy())


def _has_blank_rows(columns: Mapping[str, CellColumn]) -> bool:
    rows: NDArray[np.intp] | None = None
    for column in columns.values():
        blank = pc.equal(pc.utf8_trim_whitespace(column.distinct), "")
        is_blank = blank.to_numpy(zero_copy_only=False)
        if not is_blank.any():
            return False
        if rows is None:
            rows = np.flatnonzero(is_blank[column.position])
        else:
            rows = rows[is_blank[column.position[rows]]]
    return rows is not None and bool(len(rows))
