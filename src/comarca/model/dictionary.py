"""
The data dictionary: every attribute of every table, with type, unit, bounds and meaning.

It is itself a table, ``dictionary.csv``; checks, templates and documentation all come from it.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Literal, get_args

AttributeType = Literal["id", "text", "integer", "number", "share", "year", "boolean", "choice"]

TABLE_MEANINGS: Mapping[str, str] = MappingProxyType(
    {
        "towns": "The towns of the region; the one table that must be there",
        "standing": "What a town is before the law, and how its residents see it",
        "population": "Residents by year, and by sex and age where known",
        "fertility": "Births by age of women, for a projection",
        "mortality": "Deaths by age, or life expectancies, for a projection",
        "migration": "Who comes less who leaves, by age where known, for a projection",
        "labour": "Workers and unemployed by skill",
        "flows": "Commuters between towns",
        "margins": "Who stays, leaves and comes to work, where pairs of towns are not told",
        "employment": "Jobs, and output where known, by industry and year",
        "benchmark": "The economy that towns are set against, usually the country's",
        "enterprises": "Enterprises; those with processes may be bases",
        "headcounts": "People employed at enterprises in earlier years",
        "processes": "Work an enterprise could send to workshops",
        "vehicles": "Trucks that can be used",
        "facilities": "Premises that could hold a workshop",
        "institutions": "Universities, colleges, centres of distance learning",
        "programmes": "Courses that raise skill",
        "travel": "Times and distances already known",
    }
)


@dataclass(frozen=True, kw_only=True)
class Attribute:
    """
    One column of one table.

    Parameters
    ----------
    table, name
        The table and the column's header.
    type
        ``id`` (text, leading zeros kept), ``text``, ``integer``, ``number``, ``share`` (a number in
        [0, 1]), ``year``, ``boolean`` (yes/no, true/false, 1/0) or ``choice``.
    unit
        Unit in words; empty for text.
    is_required
        Whether every row needs a value.
    is_key
        Whether it is part of the table's key.
    minimum, maximum
        Bounds; ``None`` when unbounded.
    excludes_minimum
        Whether the value must lie above the minimum; otherwise both bounds are included.
    choices
        Words allowed in a ``choice``.
    references
        ``"table.attribute"`` this id must be found in, or empty.
    meaning
        One sentence.
    """

    table: str
    name: str
    type: AttributeType
    unit: str
    is_required: bool
    is_key: bool
    minimum: float | None
    excludes_minimum: bool
    maximum: float | None
    choices: tuple[str, ...]
    references: str
    meaning: str


@cache
def dictionary() -> Mapping[str, tuple[Attribute, ...]]:
    """Every table's attributes in the order of their columns, by table, read-only."""
    text = (files("comarca.model") / "dictionary.csv").read_text(encoding="utf-8")
    tables: dict[str, list[Attribute]] = {}
    for row in csv.DictReader(text.splitlines()):
        tables.setdefault(row["table"], []).append(_attribute(row))
    return MappingProxyType({table: tuple(columns) for table, columns in tables.items()})


def attributes(table: str) -> tuple[Attribute, ...]:
    """Columns of one table; ``KeyError`` for a table the dictionary does not know."""
    return dictionary()[table]


def key_of(table: str) -> tuple[str, ...]:
    """Names of the columns that together identify a row."""
    return tuple(column.name for column in attributes(table) if column.is_key)


def _attribute(row: Mapping[str, str]) -> Attribute:
    kind = row["type"]
    if kind not in get_args(AttributeType):
        raise ValueError(f"dictionary.csv: {kind} is not a type; expected {AttributeType}.")
    return Attribute(
        table=row["table"],
        name=row["attribute"],
        type=kind,  # type: ignore[arg-type]  # narrowed by the test above
        unit=row["unit"],
        is_required=row["required"] == "yes",
        is_key=row["key"] == "yes",
        minimum=float(row["minimum"]) if row["minimum"] else None,
        excludes_minimum=row["minimum_excluded"] == "yes",
        maximum=float(row["maximum"]) if row["maximum"] else None,
        choices=tuple(row["choices"].split("|")) if row["choices"] else (),
        references=row["references"],
        meaning=row["meaning"],
    )
