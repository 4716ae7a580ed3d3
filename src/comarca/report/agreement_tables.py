"""Two partitions side by side, as sentences and tables for a reader."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from comarca.model.agreement import PartitionAgreement
from comarca.model.area_changes import CHANGES, DIFFERENCES
from comarca.model.partition import Partition
from comarca.report import words
from comarca.report.tables import Column, Table

AREA_WORDS: Mapping[str, str] = {
    "unchanged": "unchanged",
    "split": "split",
    "merged": "merged",
    "shifted": "the same with another border",
    "redrawn": "redrawn",
    "absent": "without any town in an area",
}
TOWN_WORDS: Mapping[str, str] = {
    "stays": "with the head of their area",
    "moves": "in another area",
    "gains": "newly in an area",
    "loses": "no longer in an area",
    "none": "in no area of either",
}
_FIGURES: Mapping[str, tuple[str, str]] = {
    "adjusted_rand": ("Adjusted Rand index", "1 for equal areas, 0 for what chance would give"),
    "variation_of_information": ("Variation of information", "bits, 0 for equal areas"),
    "variation_share": ("Variation, as a share", "of the joint information, 0 for equal areas"),
    "normalised_mutual_information": ("Normalised mutual information", "1 for equal areas"),
}


@dataclass(frozen=True, eq=False)
class AgreementTables:
    """
    What a reader is told of an agreement.

    Parameters
    ----------
    agreement
        The partitions, set side by side.
    labels
        What the two are called.
    names
        Names of towns by id; a town without one is called by its id.
    """

    agreement: PartitionAgreement
    labels: tuple[str, str]
    names: Mapping[str, str]

    @property
    def by_people(self) -> bool:
        """Whether figures by people are known."""
        return self.agreement.by_person is not None

    def sentences(self) -> list[str]:
        """Say what changes."""
        a, b = self.labels
        agreement, towns = self.agreement, self.agreement.towns
        n_a, n_b = (words.plural(len(part.areas), "area") for part in (agreement.a, agreement.b))
        of_a = agreement.areas[agreement.areas["partition"] == "a"]
        n_changed, n_left = len(agreement.changed_partners), len(towns) - agreement.n_compared
        found = [
            f"{n_a} in {a}, {n_b} in {b}.",
            f"Of the areas in {a}: {_listed(of_a['change'], CHANGES, AREA_WORDS)}.",
            f"Of the towns, in {b}: {_listed(towns['difference'], DIFFERENCES, TOWN_WORDS)}.",
            f"{words.whole(n_changed)} of {words.plural(len(towns), 'town')} share an area with "
            "other towns than before.",
        ]
        if n_left and agreement.unassigned == "left_out":
            found.append(
                f"The figures leave out {words.plural(n_left, 'town')} that one of the two, or "
                "both, have in no area."
            )
        return found

    def cards(self) -> list[tuple[str, str, str]]:
        """Label, figure and note of what a reader looks for first."""
        agreement = self.agreement
        found = []
        for by, figures in (("towns", agreement.by_town), ("people", agreement.by_person)):
            if figures is None:
                continue
            share = words.share(figures.variation_share) if agreement.n_compared else "–"
            found += [
                (
                    f"Adjusted Rand index, by {by}",
                    _number(figures.adjusted_rand),
                    _FIGURES["adjusted_rand"][1],
                ),
                (
                    f"Variation of information, by {by}",
                    f"{_number(figures.variation_of_information)} bits",
                    f"{share} of the joint information; 0 for equal areas",
                ),
            ]
        return found

    def figures(self) -> Table:
        """All figures, with what they mean."""
        table = self.agreement.figures()
        columns = (
            Column("Figure"),
            *(Column(f"By {by}", "number") for by in ("towns", "people")[: len(table)]),
            Column("Meaning"),
        )
        rows = tuple(
            (title, *map(float, table[name]), meaning)
            for name, (title, meaning) in _FIGURES.items()
        )
        return Table("figures", "Figures", columns, rows)

    def areas_of(self, side: str) -> Table:
        """Areas of one side, and what became of each in the other."""
        is_first = side == "a"
        own, other = self.labels if is_first else self.labels[::-1]
        rivals = self.agreement.b if is_first else self.agreement.a
        areas = self.agreement.areas
        rows = [
            (
                row.area_name,
                row.area_id,
                row.n_towns,
                row.persons,
                AREA_WORDS[row.change],
                _name(rivals, row.best_match),
                row.jaccard,
                row.jaccard_persons,
            )
            for row in _rows(areas[areas["partition"] == side])
        ]
        columns = (
            Column("Area"),
            Column("Code", "code"),
            Column("Towns", "count"),
            Column("People", "count"),
            Column(f"In {other}"),
            Column("Best match"),
            Column("Jaccard index", "share"),
            Column("By people", "share"),
        )
        note = "Jaccard index: towns in common with the best match, among the towns of either."
        return self._table(side, f"Areas of {own}", columns, rows, note)

    def changed_towns(self) -> Table:
        """Towns that do not stay with the head of their area."""
        towns = self.agreement.towns
        a, b = self.agreement.a, self.agreement.b
        rows = [
            (
                self.names.get(row.town_id, row.town_id),
                row.town_id,
                row.persons,
                TOWN_WORDS[row.difference],
                _name(a, row.area_a),
                _name(b, row.area_b),
                row.partners_kept,
                row.partners_lost,
                row.partners_gained,
            )
            for row in _rows(towns[~towns["difference"].isin(["stays", "none"])])
        ]
        columns = (
            Column("Town"),
            Column("Code", "code"),
            Column("People", "count"),
            Column(f"In {self.labels[1]}"),
            *(Column(f"Area in {label}") for label in self.labels),
            *(Column(f"Partners {what}", "count") for what in ("kept", "lost", "gained")),
        )
        return self._table("towns", "Towns that change their area", columns, rows)

    def overlap(self) -> Table:
        """Areas of the first by areas of the second, where they have towns in common."""
        a, b = self.agreement.a, self.agreement.b
        rows = [
            (
                _name(a, row.area_a),
                _name(b, row.area_b),
                row.n_towns,
                row.persons,
                row.share_of_a,
                row.share_of_b,
            )
            for row in _rows(self.agreement.overlap)
        ]
        columns = (
            *(Column(f"Area in {label}") for label in self.labels),
            Column("Towns in common", "count"),
            Column("People", "count"),
            *(Column(f"Share of the area in {label}", "share") for label in self.labels),
        )
        by = "people" if self.by_people else "towns"
        return self._table("overlap", "Overlap", columns, rows, f"Shares are of {by}.")

    def _table(
        self,
        name: str,
        title: str,
        columns: Sequence[Column],
        rows: Sequence[tuple[Any, ...]],
        note: str = "",
    ) -> Table:
        """A table without its columns of people where nobody counted them."""
        table = Table(name, title, tuple(columns), tuple(rows), note)
        if self.by_people:
            return table
        kept = [c.title for c in columns if c.title not in {"People", "By people"}]
        return table.select(kept)


def _rows(table: pd.DataFrame) -> Iterator[Any]:
    """Rows by the names of their columns."""
    return iter(table.itertuples())


def _listed(kinds: pd.Series, order: Sequence[str], told: Mapping[str, str]) -> str:
    counts = kinds.value_counts()
    found = [f"{words.whole(counts[kind])} {told[kind]}" for kind in order if kind in counts]
    return ", ".join(found) or "none"


def _name(partition: Partition, area_id: Any) -> str | None:
    return None if pd.isna(area_id) else partition.area(str(area_id)).name


def _number(value: float) -> str:
    return "–" if math.isnan(value) else f"{value:.3f}".replace("-", words.MINUS)
