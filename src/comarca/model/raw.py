"""Tables as they were found: cells as written, with the lines they came from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from comarca.errors import Fault

Cell = str | float | bool
"""A cell as written in a text file, or as a typed file (workbook, GeoPackage) holds it."""


class Refused(str):
    """A cell whose fault the reader of the file has told already; it counts as missing."""

    __slots__ = ()


@dataclass(frozen=True, kw_only=True)
class RawTable:
    """
    One table before anybody judged its values.

    Parameters
    ----------
    table
        Its name in the data dictionary.
    place
        File, with sheet or layer: ``"flows.csv"``, ``"region.xlsx sheet flows"``.
    columns
        Cells by header as written, each as long as ``lines``; an empty cell is ``""``.
    lines
        Where each row stands in the file; the header is line 1. Features of a layer count by their
        number.
    line_word
        What the format calls a row: line, row, feature.
    decimal
        ``"."`` or ``","`` where the region's settings say so; ``None``: find out from the numbers.
    likely_decimal
        What the format makes plain when no number settles it: ``"."`` in a file that separates its
        cells by commas. ``None`` when both readings stay open.
    """

    table: str
    place: str
    columns: Mapping[str, Sequence[Cell]]
    lines: Sequence[int]
    line_word: str = "line"
    decimal: str | None = None
    likely_decimal: str | None = None

    def place_of(self, row: int) -> str:
        """Where a row stands, by its position from 0."""
        return f"{self.place} {self.line_word} {self.lines[row]}"


@dataclass(frozen=True, kw_only=True)
class CheckedTable:
    """
    A table whose cells were read; what could not be read is missing here and told as a fault.

    Parameters
    ----------
    raw
        Where it came from.
    frame
        Every column of the dictionary, typed, rows in the order of the file, a plain index.
    """

    raw: RawTable
    frame: pd.DataFrame

    def fault(self, row: int, name: str, value: str, expectation: str) -> Fault:
        """State what is wrong with one row; ``name`` says which part of it."""
        return Fault(
            place=self.raw.place_of(row), object=name, value=value, expectation=expectation
        )


@dataclass(frozen=True, kw_only=True)
class Findings:
    """What a check found: faults, which refuse the region, and warnings, which are only told."""

    faults: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)
