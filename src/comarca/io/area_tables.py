"""
Which town is in which area, from one table in a file of its own, whoever drew the areas.

An area's head is the town whose status says ``core``; else the town the area is called by; else its
most populous town, where a list of towns tells populations; else its first town, with a warning.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from comarca.errors import Fault
from comarca.io.lone_columns import Wanted
from comarca.io.lone_files import read_lone_table
from comarca.io.lone_tables import LoneTable, TableFindings
from comarca.io.lone_values import read_columns
from comarca.io.town_tables import tell_repeated_towns
from comarca.model.dictionary import Attribute, attributes
from comarca.model.partition import Area, Partition
from comarca.wording import counted

_ZERO = "0"
_NOT_PLACED = frozenset({"unassigned", "no-flow"})
_TOWNS = {attribute.name: attribute for attribute in attributes("towns")}


def _attribute(name: str, of: str, meaning: str, *, is_key: bool = False) -> Attribute:
    return replace(
        _TOWNS[of], table="areas", name=name, is_required=is_key, is_key=is_key, meaning=meaning
    )


WANTED = (
    Wanted(
        attribute=_attribute("town_id", "town_id", "Code of the town, text", is_key=True),
        other_names=("id", "code", "town", "community"),
    ),
    Wanted(
        attribute=_attribute("area_id", "admin_code", "Code of its area, text; blank = none"),
        other_names=("area", "cluster", "zone", "lma"),
    ),
    Wanted(attribute=_attribute("status", "name", "How the town came there"), is_optional=True),
    Wanted(attribute=_attribute("area_name", "name", "Name of the area"), is_optional=True),
)


@dataclass(frozen=True, eq=False, kw_only=True)
class AreaTable:
    """
    Areas as one file holds them.

    Parameters
    ----------
    place
        The file, with sheet.
    partition
        Origin ``"official"``: every town of the file, in its order.
    warnings
        What was noticed and taken as well as could be.
    """

    place: str
    partition: Partition
    warnings: tuple[Fault, ...]


def read_areas(
    path: str | Path,
    columns: Sequence[str] | None = None,
    *,
    zero_is_none: bool | None = None,
    names: Mapping[str, str] | None = None,
    population: Mapping[str, float] | None = None,
    encoding: str | None = None,
    sheet: str | None = None,
) -> AreaTable:
    """
    Read which town is in which area.

    Parameters
    ----------
    path
        CSV (packed by gzip or not), XLSX or Parquet with a header, one row a town.
    columns
        Headers of the town's code, its area, its status and the area's name; the last two may be
        left out. When not given, ``town_id``, ``area_id``, ``status`` and ``area_name`` are looked
        for, then common ones such as ``code`` and ``cluster``.
    zero_is_none
        Whether the area ``0`` is none, as the R package LabourMarketAreas writes towns it could not
        place, or one called so. Needed only where a town has the area ``0`` and no status
        ``unassigned`` or ``no-flow``.
    names
        Names of towns, after which areas without a name are called.
    population
        People of towns, by which heads are found that nothing else tells.
    encoding, sheet
        As for :func:`comarca.io.read_flow_table`.

    Raises
    ------
    TableError
        With every fault found, each with its line.
    ParameterError
        When an option is none.
    """
    findings = TableFindings(place=Path(path).name)
    table = read_lone_table(path, WANTED, findings, columns=columns, encoding=encoding, sheet=sheet)
    if table is None:
        raise findings.error()
    rows = _rows(table, findings)
    if not rows:
        findings.fault(table.place, "the table", "a header alone", "at least one town")
    tell_repeated_towns(table, [row.town_id for row in rows], findings)
    rows = _with_zeros_read(table, rows, zero_is_none, findings)
    findings.refuse_faults()
    partition = _partition(table, rows, names or {}, population or {}, findings)
    return AreaTable(place=table.place, partition=partition, warnings=tuple(findings.warnings))


class _Row(NamedTuple):
    """One town as the file has it; what it leaves blank is ``None``."""

    town_id: str | None
    area_id: str | None
    status: str | None
    area_name: str | None


def _rows(table: LoneTable, findings: TableFindings) -> list[_Row]:
    read = read_columns(table, [column.attribute for column in WANTED], findings)
    blank = [None] * len(table.lines)
    cells = [
        read[column.name].by_row().tolist() if column.name in read else blank for column in WANTED
    ]
    return [_Row(*row) for row in zip(*cells, strict=True)]


def _with_zeros_read(
    table: LoneTable, rows: Sequence[_Row], zero_is_none: bool | None, findings: TableFindings
) -> list[_Row]:
    """Towns of area ``0`` as in none, where that is what it means; a fault where nobody says."""
    zeros = [row for row in rows if row.area_id == _ZERO]
    if zero_is_none is None and any(row.status not in _NOT_PLACED for row in zeros):
        findings.fault(
            table.place,
            "area_id",
            f"0 for {counted(len(zeros), 'town')}",
            "the option zero-is-none, or zero-is-area where one is called so",
        )
    if zero_is_none is False:
        return list(rows)
    return [row._replace(area_id=None) if row.area_id == _ZERO else row for row in rows]


def _partition(
    table: LoneTable,
    rows: Sequence[_Row],
    names: Mapping[str, str],
    population: Mapping[str, float],
    findings: TableFindings,
) -> Partition:
    by_area: dict[str, list[_Row]] = {}
    for row in rows:
        if row.area_id is not None:
            by_area.setdefault(row.area_id, []).append(row)
    areas, guessed = [], []
    for area_id, members in by_area.items():
        head = _head(area_id, members, population)
        if head is None:
            guessed.append(area_id)
            head = str(members[0].town_id)
        given = next((row.area_name for row in members if row.area_name), None)
        known = area_id if area_id in guessed else names.get(head, area_id)
        areas.append(Area(area_id=area_id, name=given or known, head_town_id=head))
    if guessed:
        findings.warn(
            table.place,
            f"the heads of {counted(len(guessed), 'area')}",
            f"not told, such as that of {guessed[0]}; the first town of each stands for it",
            "status core, an area called by its head, or populations in a list of towns",
        )
    heads = {area.head_town_id for area in areas}
    return Partition(
        origin="official",
        area_of={str(row.town_id): row.area_id for row in rows},
        status_of={str(row.town_id): _status(row, heads) for row in rows},
        areas=tuple(areas),
    )


def _head(area_id: str, members: Sequence[_Row], population: Mapping[str, float]) -> str | None:
    """The town an area gathers around, or ``None`` where nothing tells it."""
    towns = [str(row.town_id) for row in members]
    cores = [str(row.town_id) for row in members if row.status == "core"] or towns
    if len(cores) == 1:
        return cores[0]
    if area_id in cores:
        return area_id
    if any(town in population for town in cores):
        return max(cores, key=lambda town: population.get(town, -1.0))
    return cores[0] if len(cores) < len(towns) else None


def _status(row: _Row, heads: Collection[str]) -> str:
    if row.status is not None:
        return row.status
    if row.area_id is None:
        return "unassigned"
    return "core" if row.town_id in heads else "member"


def with_towns(partition: Partition, town_ids: Iterable[str]) -> Partition:
    """
    Add towns that a partition does not name, as in no area.

    Their status is ``absent``; towns it names already stay as they are.
    """
    absent = [town for town in town_ids if town not in partition.area_of]
    return replace(
        partition,
        area_of={**partition.area_of, **dict.fromkeys(absent)},
        status_of={**partition.status_of, **dict.fromkeys(absent, "absent")},
    )
