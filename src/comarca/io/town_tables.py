"""A list of towns in a file of its own: their codes, and names, places and people where known."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from comarca.errors import Fault
from comarca.io.lone_columns import Wanted
from comarca.io.lone_files import read_lone_table
from comarca.io.lone_tables import LoneTable, TableFindings
from comarca.io.lone_values import read_columns
from comarca.model.dictionary import attributes
from comarca.model.raw import CheckedTable, Findings, RawTable
from comarca.model.region import typed_frame
from comarca.model.rules import check_rules
from comarca.model.suspicious import SuspicionParams

_OTHER_NAMES = {
    "town_id": ("id", "code", "town"),
    "name": ("town_name", "com.name", "label"),
    "lat": ("latitude",),
    "lon": ("longitude", "lng"),
    "population": ("pop",),
    "admin_code": ("division", "region", "province"),
}
WANTED = tuple(
    Wanted(
        attribute=replace(attribute, is_required=attribute.name == "town_id"),
        other_names=_OTHER_NAMES[attribute.name],
        is_optional=attribute.name != "town_id",
    )
    for attribute in attributes("towns")
    if attribute.name in _OTHER_NAMES
)


@dataclass(frozen=True, eq=False, kw_only=True)
class TownTable:
    """
    Towns as one file lists them.

    Parameters
    ----------
    place
        The file, with sheet.
    towns
        One row a town, index ``town_id`` (text), all columns that the table ``towns`` has in the
        data dictionary; what the file does not tell is missing.
    warnings
        What looked suspicious and was left as it is.
    """

    place: str
    towns: pd.DataFrame
    warnings: tuple[Fault, ...]

    @cached_property
    def town_ids(self) -> tuple[str, ...]:
        """Codes in the order of the file."""
        return tuple(str(town_id) for town_id in self.towns.index)

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(self.town_ids)

    def __contains__(self, town_id: object) -> bool:
        return town_id in self._known

    @property
    def names(self) -> dict[str, str]:
        """Name of each town that has one."""
        given = self.towns["name"].dropna()
        return dict(zip(map(str, given.index), map(str, given), strict=True))


def read_towns(
    path: str | Path,
    columns: Sequence[str] | None = None,
    *,
    encoding: str | None = None,
    decimal: str | None = None,
    sheet: str | None = None,
) -> TownTable:
    """
    Read a list of towns from one file.

    Parameters
    ----------
    path
        CSV, XLSX or Parquet with a header, one row a town.
    columns
        Headers of code, name, latitude, longitude, population and division, in the order of the
        data dictionary; the last ones may be left out. When not given, those of the data dictionary
        are looked for, then common ones such as ``id`` or ``code``; only the code has to be there.
    encoding, decimal, sheet
        As for :func:`comarca.io.read_flow_table`.

    Raises
    ------
    TableError
        With every fault found, each with its line.
    ParameterError
        When an option is none.
    """
    findings = TableFindings(place=Path(path).name)
    table = read_lone_table(
        path,
        WANTED,
        findings,
        columns=columns,
        encoding=encoding,
        decimal=decimal,
        sheet=sheet,
    )
    if table is None:
        raise findings.error()
    read = read_columns(table, [column.attribute for column in WANTED], findings)
    if not len(table.lines):
        findings.fault(table.place, "the table", "a header alone", "at least one town")
    if ("lat" in read) != ("lon" in read):
        lacking = "lat" if "lon" in read else "lon"
        findings.fault(table.place, f"column {lacking}", "", "both of lat and lon, or neither")
    values = {name: _given(column.by_row().tolist()) for name, column in read.items()}
    frame = typed_frame("towns", pd.DataFrame(values, dtype=object)).reset_index()
    tell_repeated_towns(table, frame["town_id"], findings)
    _tell_odd_towns(table, frame, findings)
    findings.refuse_faults()
    return TownTable(
        place=table.place, towns=frame.set_index("town_id"), warnings=tuple(findings.warnings)
    )


def _given(values: list[Any]) -> list[Any]:
    return [None if pd.isna(value) else value for value in values]


def tell_repeated_towns(
    table: LoneTable, town_ids: Iterable[str | None], findings: TableFindings
) -> None:
    """Tell of rows whose town stands above them already; ``town_ids`` has one a row."""
    first: dict[str, int] = {}
    for row, town_id in enumerate(town_ids):
        if pd.isna(town_id):
            continue
        if town_id in first:
            at = f"{table.line_word} {table.lines[first[town_id]]}"
            findings.fault(
                table.place_of(row), town_id, f"in the table already, at {at}", "every town once"
            )
        else:
            first[town_id] = row


def _tell_odd_towns(table: LoneTable, frame: pd.DataFrame, findings: TableFindings) -> None:
    """Judge places and letters by the rules that hold for the towns of a region."""
    raw = RawTable(
        table="towns",
        place=table.place,
        columns={},
        lines=table.lines,
        line_word=table.line_word,
    )
    found = Findings()
    check_rules({"towns": CheckedTable(raw=raw, frame=frame)}, found, SuspicionParams(), None)
    findings.add(found.faults)
    findings.warnings.extend(found.warnings)
