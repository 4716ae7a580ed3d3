"""The page of one town: who lives there, what it lives by, what the law calls it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from comarca.report import diagnosis_words, words
from comarca.report.diagnosis_charts import people_chart, stages_chart
from comarca.report.diagnosis_rows import DiagnosisRows, Row, anchor
from comarca.report.diagnosis_words import PURPOSES, UNCONFIRMED
from comarca.report.people_charts import age_curves_chart
from comarca.report.sections import Card, Cards, Figures, Item, Picture, Prose
from comarca.report.tables import Assumed, Column, Table

_MOST_INDUSTRIES = 8


@dataclass(frozen=True)
class DiagnosedTown:
    """
    A town's page.

    Parameters
    ----------
    town_id, name, anchor
        Who it is, and where on its file.
    line
        What it is in a line.
    items
        What the page shows.
    """

    town_id: str
    name: str
    anchor: str
    line: str
    items: tuple[Item, ...]


def diagnosed_town(rows: DiagnosisRows, town: str, *, has_charts: bool) -> DiagnosedTown:
    """
    Make the page of one town.

    Parameters
    ----------
    rows
        The diagnosis by town.
    town
        Its id.
    has_charts
        Whether charts are drawn.
    """
    row = rows.towns[town]
    pages = _Page(rows, town, row)
    items: list[Item] = [Cards(tuple(pages.cards()))]
    if has_charts:
        items += pages.pictures()
    items += [Figures(table, is_sortable=False) for table in pages.tables() if table.rows]
    items += [Prose(told, "quiet") for told in pages.silences()]
    return DiagnosedTown(town, row["name"], anchor(town), pages.line(), tuple(items))


@dataclass(frozen=True, eq=False)
class _Page:
    rows: DiagnosisRows
    town: str
    row: Row

    def line(self) -> str:
        """Code, kind of growth, status."""
        parts = [self.town, self.row["kind"] or "", diagnosis_words.stage(self._stage())]
        if self.row["verdict"] == "single-industry":
            parts.append("single-industry")
        return " · ".join(part for part in parts if part)

    def _stage(self) -> Row:
        return self.rows.stage_of[self.town][0]

    def cards(self) -> Iterator[Card]:
        """Figures at the head."""
        row = self.row
        people = "–" if row["population"] is None else words.whole(float(row["population"]))
        yield Card("People", people, row["size_class"] or "")
        if row["growth_multiple"] is not None:
            rate = diagnosis_words.signed_share(float(row["annual_rate"]))
            told = f"from {row['year_from']} to {row['year_to']}, {rate} a year"
            yield Card("Growth", f"× {words.rounded(float(row['growth_multiple']))}", told)
        if row["kind"] is not None:
            yield Card("Kind", row["kind"], row["kind_reason"] or "")
        if row["top_industry"] is not None:
            share = words.share(float(row["top_share"]))
            yield Card("Largest industry", row["top_industry"], f"{share} of its jobs")
        if row["verdict"] is not None:
            yield Card("Single-industry status", row["verdict"], self._verdict())
        for purpose, name in PURPOSES.items():
            ready = self.rows.readiness[self.town][0]
            if ready["reason"] == "" or len(ready["reason"].split(";")) < 3:
                told = diagnosis_words.score(ready, purpose) + words.DAGGER
                yield Card(name, told, ready["reason"] or "readiness, 0 to 1")

    def _verdict(self) -> str:
        verdict = self.rows.verdicts[self.town][0]
        parts = [diagnosis_words.category(verdict), verdict["reason"]]
        if verdict["rests_on_unconfirmed"]:
            parts.append(f"rests on an unconfirmed threshold {UNCONFIRMED}")
        return "; ".join(part for part in parts if part)

    def pictures(self) -> Iterator[Picture]:
        """Charts of what was counted at least twice."""
        counts, place = self.rows.counts.get(self.town, ()), anchor(self.town)
        if len(counts) > 1:
            doubts = self.rows.doubts.get(self.town, ())
            name = f"{place}-people"
            projected = self.rows.projected.get(self.town, ())
            notes = ["Hollow: a count to doubt; cross: where its neighbours would have it."]
            notes = notes if doubts else []
            if projected:
                notes.append("Dots: the course projected; band: four in five futures.")
            drawn = people_chart(counts, doubts, projected, name=name)
            yield Picture(name, drawn, "People", " ".join(notes))
        if len(self.rows.ages.get(self.town, ())) > 1:
            curves = self.rows.diagnosis.people.age_curves
            own = curves[curves["town_id"] == self.town]
            name = f"{place}-ages"
            drawn = age_curves_chart(own, {self.town: self.row["name"]}, name=name)
            yield Picture(name, drawn, "Three age curves")
        stages = self.rows.stages.get(self.town, ())
        if len(stages) > 1:
            name = f"{place}-stages"
            title = "Manufacturing in employment (line) and in output (dashes)"
            yield Picture(name, stages_chart(stages, name=name), title)

    def tables(self) -> Iterator[Table]:
        """Everything counted and judged."""
        yield self._counts()
        yield self._projected()
        yield self._ages()
        yield self._boundaries()
        yield self._industries()
        yield self._indices()
        yield self._shifts()
        yield self._criteria()
        yield self._readiness()

    def silences(self) -> Iterator[str]:
        """What could not be told, and why."""
        if self.row["growth_multiple"] is None:
            yield "Growth: two counts of people are needed."
        stage = self._stage()
        if stage["stage"] is None:
            yield f"Stage of industry: not told, {stage['reason']}."
        ready = self.rows.readiness[self.town][0]["reason"]
        if ready:
            yield f"Readiness: not decided, {ready}."

    def _counts(self) -> Table:
        columns = (
            Column("Year", "code"),
            Column("Counted for"),
            Column("People", "count"),
            Column("To doubt: about expected", "count"),
        )
        expected = {
            (row["year"], row["basis"]): row["expected_persons"]
            for row in self.rows.doubts.get(self.town, ())
        }
        rows = tuple(
            (
                str(row["year"]),
                row["basis"],
                row["persons"],
                expected.get((row["year"], row["basis"])),
            )
            for row in self.rows.counts.get(self.town, ())
        )
        table = Table("counts", "Counts of people", columns, rows)
        return table if expected else table.select(["Year", "Counted for", "People"])

    def _projected(self) -> Table:
        columns = (
            Column("Year", "code"),
            Column("People", "count"),
            Column("four in five futures from", "count"),
            Column("to", "count"),
            Column("Chance of less than half", "share"),
            Column("Of too few pupils", "share"),
        )
        names = ("persons", "low_80", "high_80", "p_half", "p_school")
        rows = tuple(
            (str(row["year"]), *(Assumed(float(row[name])) for name in names))
            for row in self.rows.projected.get(self.town, ())
        )
        note = f"{words.DAGGER} Rests on assumed rates where the region tells none."
        return Table("projected", "Projected people", columns, rows, note)

    def _ages(self) -> Table:
        columns = (
            Column("Year", "code"),
            Column("Dependants of an adult", "number"),
            Column("Old for a child", "number"),
            Column("Of 20 to 29", "share"),
            Column("Women of 20 to 29 for a man", "number"),
            Column("Median age", "number", "years"),
        )
        rows = tuple(
            (
                str(row["year"]),
                row["dependants_per_adult"],
                row["old_per_child"],
                row["young_share"],
                row["young_women_per_man"],
                row["median_age"],
            )
            for row in self.rows.ages.get(self.town, ())
        )
        split = any(row["is_split"] for row in self.rows.ages.get(self.town, ()))
        note = "An age band was split." if split else ""
        return Table("ages", "Ages", columns, rows, " ".join(filter(None, (note, self._young()))))

    def _young(self) -> str:
        """How the young stayed, in a sentence."""
        for row in self.rows.retention.get(self.town, ()):
            if row["retention"] is not None:
                return (
                    f"From {row['year_from']} to {row['year_to']} those of 20 to 29 changed "
                    f"× {words.rounded(float(row['multiple_20_29']))}, those of 0 to 19 "
                    f"× {words.rounded(float(row['multiple_0_19']))}, those of 30 to 49 "
                    f"× {words.rounded(float(row['multiple_30_49']))}."
                )
        return ""

    def _boundaries(self) -> Table:
        columns = (
            Column("From", "code"),
            Column("To", "code"),
            Column("Beyond its usual change", "count", "persons"),
            Column("In neighbours", "count", "persons"),
        )
        rows = tuple(
            (
                str(row["year_from"]),
                str(row["year_to"]),
                row["jump_persons"],
                row["neighbours_jump_persons"],
            )
            for row in self.rows.boundaries.get(self.town, ())
        )
        return Table("boundaries", "A change of boundary is suspected", columns, rows)

    def _industries(self) -> Table:
        found = self.rows.quotients.get(self.town, ())
        columns = (
            Column("Industry", "code"),
            Column("Employed", "count", "persons"),
            Column("Share", "share"),
            Column("Location quotient", "number"),
        )
        rows = tuple(
            (row["isic"], row["persons"], row["share"], row["location_quotient"])
            for row in found[:_MOST_INDUSTRIES]
        )
        year = f" in {found[0]['year']}" if found else ""
        more = len(found) - len(rows)
        note = f"{more:,} smaller ones left out." if more else ""
        return Table("industries", f"Largest industries{year}", columns, rows, note)

    def _indices(self) -> Table:
        columns = (
            Column("Year", "code"),
            Column("Employed", "count", "persons"),
            Column("Effective industries", "number"),
            Column("Herfindahl", "number"),
            Column("Krugman", "number", "0 to 2"),
            Column("Gini", "number"),
        )
        rows = tuple(
            (
                str(row["year"]),
                row["persons"],
                row["effective_industries"],
                row["herfindahl"],
                row["krugman"],
                row["gini"],
            )
            for row in self.rows.specialisation.get(self.town, ())
        )
        return Table("indices", "How narrow its mix of industries is", columns, rows)

    def _shifts(self) -> Table:
        columns = (
            Column("Way"),
            Column("Years"),
            Column("Change", "count", "persons"),
            Column("With the benchmark", "count", "persons"),
            Column("By its mix", "count", "persons"),
            Column("Its own", "count", "persons"),
        )
        rows = tuple(
            (
                row["method"],
                f"{row['year_from']} to {row['year_to']}",
                row["change"],
                row["reference"],
                row["mix"],
                row["local"],
            )
            for row in self.rows.shifts.get(self.town, ())
        )
        return Table("shifts", "Why employment changed", columns, rows)

    def _criteria(self) -> Table:
        columns = (
            Column("Criterion"),
            Column("Value"),
            Column("Threshold"),
            Column("Outcome"),
            Column("Of whom, or what is missing"),
            Column("Source"),
        )
        rows = tuple(self._criterion(row) for row in self.rows.criteria.get(self.town, ()))
        rules = self.rows.diagnosis.status.rules
        name = "" if rules is None else f": {rules.name}"
        is_sure = all(row["is_confirmed"] for row in self.rows.criteria.get(self.town, ()))
        note = (
            "" if is_sure else f"{UNCONFIRMED} Unconfirmed: no source seen states this threshold."
        )
        return Table("criteria", f"Single-industry status{name}", columns, rows, note)

    @staticmethod
    def _criterion(row: Row) -> tuple[Any, ...]:
        mark = "" if row["is_confirmed"] else f" {UNCONFIRMED}"
        return (
            row["says"],
            diagnosis_words.measured(row["measure"], row["value"]),
            f"{diagnosis_words.threshold(row)}{mark}",
            row["outcome"],
            row["told"] or None,
            row["source"],
        )

    def _readiness(self) -> Table:
        row = self.rows.readiness[self.town][0]
        columns = (
            Column("Purpose"),
            Column("Score"),
            Column("Internet", "share"),
            Column("Fitting age", "share"),
            Column("Secondary or more", "share"),
        )
        if row["internet"] is None and row["remote_age"] is None and row["skill"] is None:
            return Table("readiness", "Readiness", columns, ())
        ages = {"remote_work": "remote_age", "distance_learning": "learning_age"}
        rows = tuple(
            (
                name,
                Assumed(diagnosis_words.score(row, purpose)),
                row["internet"],
                row[ages[purpose]],
                row["skill"],
            )
            for purpose, name in PURPOSES.items()
        )
        note = f"{words.DAGGER} By assumed weights."
        return Table("readiness", "Readiness", columns, rows, note)
