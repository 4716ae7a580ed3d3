"""Rows of a diagnosis by town, found once, so that thousands of pages are quick."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import quote

import pandas as pd

from comarca.diagnosis import TownDiagnosis
from comarca.model.people_totals import people_totals

Row = Mapping[str, Any]
TOWNS_A_FILE = 400
"""Towns that share one file of pages."""


@dataclass(frozen=True, eq=False)
class DiagnosisRows:
    """
    Tables of a diagnosis as rows by town.

    Parameters
    ----------
    diagnosis
        Whose tables.
    """

    diagnosis: TownDiagnosis

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Names by id, in the order of names."""
        found = self.diagnosis.region.towns["name"].astype(str)
        pairs = sorted(found.items(), key=lambda pair: (pair[1].casefold(), str(pair[0])))
        return {str(town): name for town, name in pairs}

    @cached_property
    def file_of(self) -> Mapping[str, str]:
        """File that holds a town's page."""
        n_files = -(-len(self.names) // TOWNS_A_FILE)
        if n_files == 1:
            return dict.fromkeys(self.names, "towns.html")
        return {town: f"towns-{at // TOWNS_A_FILE + 1}.html" for at, town in enumerate(self.names)}

    def href(self, town: str, *, from_file: str = "") -> str:
        """Address of a town's page, seen from another page of the report."""
        place = f"#{anchor(town)}"
        return place if self.file_of[town] == from_file else f"{self.file_of[town]}{place}"

    @cached_property
    def towns(self) -> Mapping[str, Row]:
        """The ranked row of each town."""
        return {str(row["town_id"]): row for row in rows_of(self.diagnosis.towns)}

    @cached_property
    def counts(self) -> Mapping[str, Sequence[Row]]:
        """Total counts of people by town, in order of basis and year."""
        table = self.diagnosis.region.table("population")
        if table is None:
            return {}
        return by_town(people_totals(table))

    @cached_property
    def doubts(self) -> Mapping[str, Sequence[Row]]:
        """Suspicious counts by town."""
        return by_town(self.diagnosis.people.suspicious)

    @cached_property
    def ages(self) -> Mapping[str, Sequence[Row]]:
        """Structure of ages by town, in order of year."""
        return by_town(self.diagnosis.people.structure.sort_values("year", kind="stable"))

    @cached_property
    def retention(self) -> Mapping[str, Sequence[Row]]:
        """Retention of the young by town."""
        return by_town(self.diagnosis.people.retention)

    @cached_property
    def boundaries(self) -> Mapping[str, Sequence[Row]]:
        """Changes of boundary suspected, by town."""
        return by_town(self.diagnosis.people.boundary_changes)

    @cached_property
    def quotients(self) -> Mapping[str, Sequence[Row]]:
        """Industries of the last count by town, the largest first."""
        return by_town(self.diagnosis.industry.quotients)

    @cached_property
    def specialisation(self) -> Mapping[str, Sequence[Row]]:
        """Indices by town and year."""
        return by_town(self.diagnosis.industry.specialisation)

    @cached_property
    def shifts(self) -> Mapping[str, Sequence[Row]]:
        """Shift-share by town."""
        return by_town(self.diagnosis.industry.shift_share)

    @cached_property
    def stages(self) -> Mapping[str, Sequence[Row]]:
        """Stages by town and year."""
        return by_town(self.diagnosis.industry.stages)

    @cached_property
    def stage_of(self) -> Mapping[str, Sequence[Row]]:
        """Stage now, or why none is told, by town."""
        return by_town(self.diagnosis.industry.stage_of)

    @cached_property
    def criteria(self) -> Mapping[str, Sequence[Row]]:
        """Criteria of single-industry status by town."""
        return by_town(self.diagnosis.status.criteria)

    @cached_property
    def verdicts(self) -> Mapping[str, Sequence[Row]]:
        """Verdict by town."""
        return by_town(self.diagnosis.status.verdicts)

    @cached_property
    def readiness(self) -> Mapping[str, Sequence[Row]]:
        """Readiness by town."""
        return by_town(self.diagnosis.readiness.table)

    @cached_property
    def projected(self) -> Mapping[str, Sequence[Row]]:
        """Projected people by town and year; empty where nobody asked."""
        found = self.diagnosis.projection
        return {} if found is None else by_town(found.towns)


def anchor(town_id: str) -> str:
    """Name of a town's place on its page."""
    return f"town-{quote(town_id, safe='')}"


def rows_of(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows of a table, what is missing as ``None``."""
    columns = {
        str(name): [None if missing else value for value, missing in zip(*pair, strict=True)]
        for name, pair in (
            (name, (table[name].tolist(), table[name].isna().tolist())) for name in table.columns
        )
    }
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def by_town(table: pd.DataFrame) -> dict[str, list[dict[str, Any]]]:
    """Rows of a table by its column ``town_id``, in their order."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows_of(table):
        found.setdefault(str(row["town_id"]), []).append(row)
    return found
