"""
One table in a file of its own, outside any region: the columns that are wanted, as cells.

A census file may have ten million rows, but holds few thousand different codes and counts. So each
column is kept as its distinct cells and the position of every row's cell among them; what a cell
means is worked out once for each.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from comarca.errors import Fault, TableError
from comarca.model.cells import DecimalMark
from comarca.model.raw import Cell

MOST_FAULTS_TOLD = 40


@dataclass(frozen=True, eq=False, kw_only=True)
class CellColumn:
    """
    One column as it stands in the file.

    Parameters
    ----------
    header
        Its name as written.
    distinct
        Every cell that occurs, once: a list of cells; or, where there may be millions of them, text
        as an Arrow array or numbers as ``float64`` with ``nan`` for no number.
    position
        Place in ``distinct`` of each row's cell, shape ``(n_rows,)``.
    """

    header: str
    distinct: Sequence[Cell] | pa.Array | NDArray[np.float64]
    position: NDArray[np.integer[Any]]

    def cells_at(self, chosen: NDArray[np.bool_] | Sequence[int]) -> list[Cell]:
        """Some of the distinct cells."""
        positions = np.arange(len(self.distinct))[np.asarray(chosen)].tolist()
        if isinstance(self.distinct, pa.Array):
            return list(self.distinct.take(pa.array(positions, pa.int64())).to_pylist())
        cells: list[Cell] = [self.distinct[at] for at in positions]
        if isinstance(self.distinct, np.ndarray):
            return ["" if np.isnan(cell) else float(cell) for cell in cells]
        return cells

    @classmethod
    def of(cls, header: str, cells: Sequence[Cell]) -> CellColumn:
        """Keep each cell of a column, given row by row, once."""
        positions: dict[Hashable, int] = {}
        at = np.fromiter(
            # 1 and True are one key of a dictionary, but not one cell.
            (positions.setdefault((type(cell), cell), len(positions)) for cell in cells),
            dtype=np.int32,
            count=len(cells),
        )
        return cls(header=header, distinct=[key[1] for key in positions], position=at)  # type: ignore[index]


def decimal_mark(stated: str | None, likely: str | None = None) -> DecimalMark:
    """How a lone file writes its fractions: as the user says, or as its format makes likely."""
    return DecimalMark(
        mark=stated or likely,
        is_declared=stated is not None,
        setting='the decimal mark with the option decimal, "." or ","',
    )


@dataclass(frozen=True, eq=False, kw_only=True)
class LoneTable:
    """
    The wanted columns of one file.

    Parameters
    ----------
    place
        File, with sheet: ``"flows.csv"``, ``"census.xlsx sheet OD"``.
    columns
        By what they are wanted for.
    lines
        Where each row stands in the file; the header is line 1.
    line_word
        What the format calls a row: line, row.
    decimal
        How the file writes its fractions, as far as known without looking at its numbers.
    """

    place: str
    columns: Mapping[str, CellColumn]
    lines: Sequence[int]
    decimal: DecimalMark
    line_word: str = "line"

    def place_of(self, row: int) -> str:
        """Where a row stands, by its position from 0."""
        return f"{self.place} {self.line_word} {self.lines[row]}"


@dataclass(eq=False, kw_only=True)
class TableFindings:
    """
    What reading a lone file found: faults, of which the first are kept, and warnings.

    Parameters
    ----------
    place
        The file.
    """

    place: str
    faults: list[Fault] = field(default_factory=list)
    n_faults: int = 0
    warnings: list[Fault] = field(default_factory=list)

    def fault(self, place: str, what: str, value: str, expectation: str) -> None:
        """Add a fault."""
        self.n_faults += 1
        if len(self.faults) < MOST_FAULTS_TOLD:
            self.faults.append(
                Fault(place=place, object=what, value=value, expectation=expectation)
            )

    def add(self, faults: Sequence[Fault], n_faults: int | None = None) -> None:
        """Add faults, of which only the first may be at hand."""
        self.n_faults += len(faults) if n_faults is None else n_faults
        self.faults.extend(faults[: MOST_FAULTS_TOLD - len(self.faults)])

    def warn(self, place: str, what: str, value: str, expectation: str = "") -> None:
        """Add a warning."""
        self.warnings.append(Fault(place=place, object=what, value=value, expectation=expectation))

    def error(self) -> TableError:
        """All that is wrong in the order of the lines, to be raised."""
        return TableError(self.place, sorted(self.faults, key=_line_of), self.n_faults)

    def refuse_faults(self) -> None:
        """Raise :class:`~comarca.errors.TableError` if anything is wrong."""
        if self.n_faults:
            raise self.error()


def _line_of(fault: Fault) -> int:
    """Line a fault names at the end of its place; 0 for one of the whole file."""
    line = re.search(r" (?:line|row|feature) (\d+)$", fault.place)
    return int(line[1]) if line else 0
