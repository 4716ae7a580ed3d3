"""
Commuter flows from one table in a file of its own: who lives where and works where.

Nothing is needed beside it. Where a list of towns is given, every town of it is in the matrix and
no other.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from scipy import sparse

from comarca.errors import Fault
from comarca.io.flow_checks import (
    ids_of,
    notice_rows,
    notice_towns,
    positions,
    repeats,
    tell_impossible_sums,
    tell_repeats,
    tell_unknown_towns,
)
from comarca.io.lone_columns import Wanted
from comarca.io.lone_files import read_lone_table
from comarca.io.lone_tables import TableFindings
from comarca.io.lone_values import read_columns
from comarca.io.town_tables import TownTable
from comarca.model.dictionary import attributes
from comarca.model.matrices import FlowMatrix
from comarca.wording import counted

_FLOWS = {attribute.name: attribute for attribute in attributes("flows")}
WANTED = (
    Wanted(
        attribute=_FLOWS["origin"],
        other_names=("community_live", "home", "residence", "from", "origin_id"),
    ),
    Wanted(
        attribute=_FLOWS["destination"],
        other_names=("community_work", "work", "workplace", "to", "destination_id"),
    ),
    Wanted(
        attribute=_FLOWS["persons"],
        other_names=("amount", "commuters", "flow", "count", "workers"),
    ),
)


@dataclass(frozen=True, eq=False, kw_only=True)
class FlowTable:
    """
    Flows as one file holds them.

    Parameters
    ----------
    place
        The file, with sheet.
    flows
        Its flows.
    n_rows
        Rows read.
    warnings
        What was noticed and left as it is.
    """

    place: str
    flows: FlowMatrix
    n_rows: int
    warnings: tuple[Fault, ...]

    def summary(self) -> str:
        """Say in a line what the file holds."""
        return f"{self.place}: {counted(self.n_rows, 'row')}; {self.flows.summary()}"


def read_flows(
    path: str | Path,
    columns: Sequence[str] | None = None,
    *,
    towns: TownTable | None = None,
    sum_duplicates: bool = False,
    encoding: str | None = None,
    decimal: str | None = None,
    sheet: str | None = None,
) -> FlowMatrix:
    """
    Read commuter flows from one file; what is noticed is told as Python warnings.

    Takes and raises what :func:`read_flow_table` does, which returns the notices instead.
    """
    table = read_flow_table(
        path,
        columns,
        towns=towns,
        sum_duplicates=sum_duplicates,
        encoding=encoding,
        decimal=decimal,
        sheet=sheet,
    )
    for warning in table.warnings:
        warnings.warn(str(warning), stacklevel=2)
    return table.flows


def read_flow_table(
    path: str | Path,
    columns: Sequence[str] | None = None,
    *,
    towns: TownTable | None = None,
    sum_duplicates: bool = False,
    encoding: str | None = None,
    decimal: str | None = None,
    sheet: str | None = None,
) -> FlowTable:
    """
    Read commuter flows from one file.

    Parameters
    ----------
    path
        CSV (comma, semicolon or tab between cells, ``.csv``, ``.tsv``, ``.txt``, also ``.gz``),
        XLSX or Parquet, with a header. One row a pair of towns.
    columns
        Headers of origin, destination and persons. When not given, those of the data dictionary are
        looked for, then common ones such as ``community_live``, ``community_work``, ``amount``.
    towns
        Towns of the matrix, in their order, those without flows among them. When not given, the
        towns that flows name: by number where all codes are digits, else as text.
    sum_duplicates
        Add up rows of the same pair, as a census by sex or mode has them; else they are refused.
    encoding
        Of a CSV file that is not UTF-8, such as ``"cp1252"``.
    decimal
        ``"."`` or ``","``; found out from the numbers when not given.
    sheet
        Of a workbook with several.

    Returns
    -------
    FlowTable
        Persons may be fractions; rows of zero persons are no flow. Both are told in its warnings.

    Raises
    ------
    TableError
        With every fault found, each with its line; of very many the first are listed.
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
        findings.fault(table.place, "the table", "a header alone", "at least one flow")
    ids = ids_of(read) if towns is None else towns.town_ids
    origins, destinations = (positions(read[name], ids) for name in ("origin", "destination"))
    if towns is not None:
        tell_unknown_towns(table, read, towns, findings)
    is_repeat = repeats(origins, destinations)
    if not sum_duplicates:
        tell_repeats(table, read, is_repeat, findings)
    persons = read["persons"].by_row()
    tell_impossible_sums(table, persons, findings)
    findings.refuse_faults()
    flows = FlowMatrix(
        ids, sparse.csr_array((persons, (origins, destinations)), shape=(len(ids), len(ids)))
    )
    notice_rows(table, read, is_repeat, findings)
    notice_towns(table, flows, findings)
    return FlowTable(
        place=table.place, flows=flows, n_rows=len(persons), warnings=tuple(findings.warnings)
    )
