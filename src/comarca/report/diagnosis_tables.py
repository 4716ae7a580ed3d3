"""Tables of a diagnosis of a region, for its page and its workbook."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from comarca.report import diagnosis_words, words
from comarca.report.diagnosis_rows import DiagnosisRows, Row, rows_of
from comarca.report.diagnosis_words import UNCONFIRMED, known
from comarca.report.tables import Assumed, Column, Linked, Table


@dataclass(frozen=True, eq=False)
class DiagnosisTables:
    """
    What a reader is shown of a region's towns.

    Parameters
    ----------
    rows
        The diagnosis by town.
    """

    rows: DiagnosisRows

    def ranking(self, *, is_linked: bool = False) -> Table:
        """The towns in their order, on the page each with a link to its own."""
        columns = (
            Column("Rank", "count"),
            Column("Town"),
            Column("Code", "code"),
            Column("People", "count"),
            Column("Growth", "number", "times"),
            Column("A year", "share"),
            Column("Kind"),
            Column("Young kept", "number", "1: as the others"),
            Column("Largest industry"),
            Column("Its share", "share"),
            Column("Stage of industry"),
            Column("Single-industry"),
            Column("Category"),
            Column("Remote work", "number", "0 to 1"),
            Column("Distance learning", "number", "0 to 1"),
            Column("Projected", "number", "times"),
            Column("Chance of half", "share"),
        )
        rows = tuple(self._ranked(row, is_linked=is_linked) for row in self.rows.towns.values())
        return Table("Towns", "Towns in order", columns, rows)

    def _ranked(self, row: Row, *, is_linked: bool) -> tuple[Any, ...]:
        town = str(row["town_id"])
        name = Linked(row["name"], self.rows.href(town)) if is_linked else row["name"]
        return (
            row["rank"],
            name,
            town,
            known(row["population"]),
            known(row["growth_multiple"]),
            known(row["annual_rate"]),
            row["kind"],
            known(row["retention"]),
            row["top_industry"],
            known(row["top_share"]),
            row["stage"],
            row["verdict"],
            row["possible_categories"] if row["verdict"] == "single-industry" else None,
            _marked(row["remote_work"]),
            _marked(row["distance_learning"]),
            _marked(row["projected_multiple"]),
            _marked(row["p_half"]),
        )

    def shown_ranking(self) -> Table:
        """The ranking without columns that nothing is known of."""
        whole = self.ranking(is_linked=True)
        named = {"Rank", "Town", "People", "Single-industry"}
        kept = [
            column.title
            for at, column in enumerate(whole.columns)
            if column.title in named
            or (column.title != "Code" and any(row[at] is not None for row in whole.rows))
        ]
        return whole.select(kept)

    def sizes(self) -> Table:
        """Growth by size class."""
        columns = (
            Column("Size today"),
            Column("Towns", "count"),
            Column("People", "count"),
            Column("Growth known", "count", "towns"),
            Column("Lowest", "number", "times"),
            Column("Median", "number", "times"),
            Column("Highest", "number", "times"),
            Column("All together", "number", "times"),
            Column("Of them shrank", "share"),
        )
        rows = tuple(
            (
                row["size_class"],
                row["n_towns"],
                row["people"],
                row["n_with_growth"],
                row["lowest_multiple"],
                row["median_multiple"],
                row["highest_multiple"],
                row["pooled_multiple"],
                row["shrinking_share"],
            )
            for row in rows_of(self.rows.diagnosis.people.growth_by_size)
        )
        return Table("Size classes", "Growth by size", columns, rows)

    def claims(self) -> Table:
        """Statements and what the counts say of them."""
        columns = (
            Column("Statement"),
            Column("Verdict"),
            Column("What the counts say"),
            Column("Source"),
        )
        rows = tuple(
            (row["statement"], row["verdict"], row["reason"], row["source"])
            for row in rows_of(self.rows.diagnosis.claims.verdicts)
        )
        return Table("Claims", "Statements put to the test", columns, rows)

    def doubts(self) -> Table:
        """Counts to doubt."""
        columns = (
            Column("Town"),
            Column("Code", "code"),
            Column("Year", "code"),
            Column("Counted", "count"),
            Column("About expected", "count"),
            Column("Looks like"),
        )
        rows = tuple(
            (
                row["name"],
                row["town_id"],
                str(row["year"]),
                row["persons"],
                row["expected_persons"],
                row["looks_like"] or None,
            )
            for row in rows_of(self.rows.diagnosis.people.suspicious)
        )
        note = f"Left as they are. {words.readable(self.rows.diagnosis.people.rule)}."
        return Table("Doubts", "Counts to doubt", columns, rows, note)

    def boundaries(self) -> Table:
        """Changes of boundary suspected."""
        columns = (
            Column("Town"),
            Column("From", "code"),
            Column("To", "code"),
            Column("Beyond its usual change", "count", "persons"),
            Column("In its neighbours", "count", "persons"),
            Column("Neighbours"),
        )
        rows = tuple(
            (
                row["name"],
                str(row["year_from"]),
                str(row["year_to"]),
                row["jump_persons"],
                row["neighbours_jump_persons"],
                self._named(row["neighbour_ids"]),
            )
            for row in rows_of(self.rows.diagnosis.people.boundary_changes)
        )
        return Table("Boundaries", "Changes of boundary suspected", columns, rows)

    def _named(self, ids: str) -> str:
        names = self.rows.names
        return ", ".join(names.get(town.strip(), town.strip()) for town in ids.split(","))

    def criteria(self) -> Table:
        """Criteria of the rules, and how many towns meet each."""
        status = self.rows.diagnosis.status
        columns = (
            Column("Criterion"),
            Column("Threshold"),
            Column("For"),
            Column("Met", "count", "towns"),
            Column("Not met", "count", "towns"),
            Column("Not decidable", "count", "towns"),
            Column("Source"),
        )
        told = {
            row["criterion"]: row for row in rows_of(status.criteria.drop_duplicates("criterion"))
        }
        rows = []
        for row in rows_of(status.outcomes()):
            one = told[row["criterion"]]
            mark = "" if one["is_confirmed"] else f" {UNCONFIRMED}"
            rows.append(
                (
                    f"{row['says']}{mark}",
                    diagnosis_words.threshold(one),
                    one["role"],
                    row["met"],
                    row["not met"],
                    row["not decidable"],
                    one["source"],
                )
            )
        return Table("Rules", "Criteria of the rules in force", columns, tuple(rows))

    def judged(self) -> Table:
        """Every criterion of each town of which any can be decided."""
        columns = (
            Column("Town"),
            Column("Code", "code"),
            Column("Criterion"),
            Column("Value"),
            Column("Threshold"),
            Column("Outcome"),
            Column("Of whom, or what is missing"),
            Column("Threshold seen in a source", "flag"),
            Column("Source"),
        )
        decided = {
            town: criteria
            for town, criteria in self.rows.criteria.items()
            if any(row["outcome"] != "not decidable" for row in criteria)
        }
        rows = tuple(
            (
                self.rows.names[town],
                town,
                row["says"],
                diagnosis_words.measured(row["measure"], row["value"]),
                diagnosis_words.threshold(row),
                row["outcome"],
                row["told"] or None,
                row["is_confirmed"],
                row["source"],
            )
            for town, criteria in decided.items()
            for row in criteria
        )
        return Table("Status", "Single-industry status", columns, rows)

    def industries(self) -> Table:
        """Industries of every town in its last year."""
        columns = (
            Column("Town"),
            Column("Code", "code"),
            Column("Year", "code"),
            Column("Industry", "code"),
            Column("Employed", "count", "persons"),
            Column("Share", "share"),
            Column("Location quotient", "number"),
        )
        rows = tuple(
            (
                self.rows.names[town],
                town,
                str(row["year"]),
                row["isic"],
                row["persons"],
                row["share"],
                row["location_quotient"],
            )
            for town, of_town in self.rows.quotients.items()
            for row in of_town
        )
        return Table("Industries", "Industries of the towns", columns, rows)

    def concentration(self) -> Table:
        """How far industries crowd into few towns."""
        columns = (
            Column("Industry", "code"),
            Column("Year", "code"),
            Column("Employed", "count", "persons"),
            Column("Hoover", "number", "0 to 1"),
            Column("Gini", "number", "0 to 1"),
            Column("Ellison-Glaeser", "number"),
        )
        rows = tuple(
            (
                row["isic"],
                str(row["year"]),
                row["persons"],
                row["hoover"],
                row["gini"],
                row["ellison_glaeser"],
            )
            for row in rows_of(self.rows.diagnosis.industry.concentration)
        )
        return Table("Concentration", "How far industries crowd into few towns", columns, rows)

    def readiness(self) -> Table:
        """Readiness and the shares it is made of, of towns with any of them."""
        columns = (
            Column("Town"),
            Column("Code", "code"),
            Column("Remote work", "number", "0 to 1"),
            Column("at least", "number"),
            Column("at most", "number"),
            Column("Distance learning", "number", "0 to 1"),
            Column("at least ", "number"),
            Column("at most ", "number"),
            Column("Internet", "share"),
            Column("Working age", "share"),
            Column("Learning age", "share"),
            Column("Secondary or more", "share"),
            Column("Missing"),
        )
        told = {
            town: rows[0]
            for town, rows in self.rows.readiness.items()
            if any(rows[0][name] is not None for name in ("internet", "remote_age", "skill"))
        }
        rows = tuple(self._ready(town, row) for town, row in told.items())
        return Table("Readiness", "Readiness", columns, rows)

    def _ready(self, town: str, row: Row) -> tuple[Any, ...]:
        """Scores rest on assumed weights, and are marked so."""
        scores = [
            None if row[name] is None else Assumed(float(row[name]))
            for purpose in diagnosis_words.PURPOSES
            for name in (purpose, f"{purpose}_low", f"{purpose}_high")
        ]
        shares = [row[name] for name in ("internet", "remote_age", "learning_age", "skill")]
        return (self.rows.names[town], town, *scores, *shares, row["reason"] or None)

    def assumed(self) -> Table:
        """Every default that was relied on."""
        columns = (
            Column("Meaning"),
            Column("Value"),
            Column("Unit"),
            Column("Basis"),
            Column("Source or reasoning"),
            Column("Date"),
            Column("Setting", "code"),
        )
        rows = []
        for used in self.rows.diagnosis.defaults:
            value, entry = words.setting_value(used.value), used.assumption
            rows.append(
                (
                    entry.meaning,
                    Assumed(value) if used.is_assumed else value,
                    "" if used.unit == "1" else used.unit,
                    entry.basis,
                    entry.source,
                    entry.date,
                    used.setting,
                )
            )
        return Table("Assumed", "Numbers behind the rules", columns, tuple(rows))

    def all(self) -> Iterator[Table]:
        """Sheets of the workbook."""
        made = (
            self.ranking(),
            self.sizes(),
            self.claims(),
            self.doubts(),
            self.boundaries(),
            self.industries(),
            self.concentration(),
            self.criteria(),
            self.judged(),
            self.readiness(),
            self.assumed(),
        )
        yield from (table for table in made if table.rows)


def _marked(value: Any) -> Assumed | None:
    """A number that rests on assumed ones."""
    return None if value is None else Assumed(float(value))
