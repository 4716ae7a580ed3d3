"""The page of a diagnosis of a region, section by section."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pandas as pd

from comarca.demography.shrinkage import KINDS
from comarca.report import words
from comarca.report.diagnosis_rows import DiagnosisRows
from comarca.report.diagnosis_tables import DiagnosisTables
from comarca.report.diagnosis_words import PURPOSES, UNCONFIRMED
from comarca.report.people_charts import age_curves_chart, growth_chart
from comarca.report.sections import (
    Bullets,
    Card,
    Cards,
    Figures,
    Heading,
    Item,
    Picture,
    Prose,
    Section,
)

MOST_TOWNS = 3_000
_MOST = 60
_MOST_CURVES = 12
_ORDERS = {
    "growth": "the fastest loss first",
    "people": "the largest first",
    "industry": "the largest share of one industry first",
    "remote_work": "the readiest for remote work first",
    "distance_learning": "the readiest for learning at a distance first",
}


@dataclass(frozen=True, eq=False)
class DiagnosisSections:
    """
    What the page shows.

    Parameters
    ----------
    rows
        The diagnosis by town.
    tables
        Its tables.
    drawn
        The map, or blank.
    workbook
        What has all rows of tables that are cut; blank where nothing has.
    has_charts
        Whether charts are drawn.
    """

    rows: DiagnosisRows
    tables: DiagnosisTables
    drawn: str
    workbook: str
    has_charts: bool

    def all(self) -> list[Section]:
        """Every section that has something to say, the answer first."""
        made = (
            self._answer(),
            self._ranking(),
            self._sizes(),
            self._claims(),
            self._doubts(),
            self._industry(),
            self._status(),
            self._readiness(),
            self._projection(),
            self._method(),
        )
        return [section for section in made if section is not None]

    def _answer(self) -> Section:
        items: list[Item] = [Cards(tuple(self._cards())), Bullets(tuple(self._sentences()))]
        beside: tuple[Item, ...] = ()
        if self.drawn:
            note = "Point at a town for its figures; it leads to the town’s page. Each town’s "
            note += "ground is the land nearer to it than to any other, drawn for the eye. "
            note += "Land beneath: Natural Earth."
            picture = Picture("map-kinds", self.drawn, "Kinds of growth", note, is_map=True)
            return Section("answer", "The answer", (picture,), tuple(items), short="Answer")
        return Section("answer", "The answer", tuple(items), beside, short="Answer")

    def _cards(self) -> Iterator[Card]:
        found = self.rows.diagnosis
        growth = found.people.growth
        multiples = growth["growth_multiple"].dropna()
        yield Card("Towns", words.whole(found.region.n_towns))
        if len(multiples):
            yield Card(
                "Grew",
                words.whole(float((multiples > 1).sum())),
                f"of {words.whole(len(multiples))} with two counts",
            )
            yield Card("Shrank", words.whole(float((multiples < 1).sum())))
        yield Card("Counts to doubt", words.whole(len(found.people.suspicious)))
        if found.status.rules is not None:
            counts = found.status.counts()
            yield Card(
                "Single-industry",
                words.whole(counts["single-industry"]),
                f"{words.whole(counts['not decidable'])} not decidable",
            )

    def _sentences(self) -> Iterator[str]:
        found = self.rows.diagnosis
        kinds = found.people.shrinkage["kind"].value_counts()
        told = [f"{int(kinds[kind]):,} {kind}" for kind in KINDS if kind in kinds]
        if told:
            yield f"By kind of growth: {', '.join(told)}."
        young = found.people.retention["keeps_young"].dropna()
        if len(young):
            yield (
                f"{words.whole(float(young.sum()))} of {words.plural(len(young), 'town')} kept "
                "their young better than both other ages."
            )
        verdicts = found.claims.verdicts["verdict"]
        decided = verdicts[verdicts != "not decidable"]
        if len(decided):
            failed = int((decided == "does not hold").sum())
            yield (
                f"Of {words.plural(len(decided), 'statement')} about growth that these counts can "
                f"decide, {words.whole(failed)} {'does' if failed == 1 else 'do'} not hold."
            )
        yield f"{words.readable(found.industry.summary().splitlines()[0])}."
        for purpose, name in PURPOSES.items():
            known = found.readiness.table[purpose].dropna()
            if len(known):
                yield (
                    f"Readiness for {name.lower()}: known of {words.plural(len(known), 'town')}, "
                    f"median {float(known.median()):.2f}{words.DAGGER}."
                )

    def _ranking(self) -> Section:
        order = _ORDERS[self.rows.diagnosis.ranked_by]
        table = replace(
            self.tables.shown_ranking(),
            title=words.readable(order),
            note=f"{self._years_of_ranking()}Towns of which that is not known stand last. "
            "Each name leads to the town’s page.",
        )
        items: tuple[Item, ...] = (Figures(table, MOST_TOWNS, self.workbook),)
        return Section("towns", "Towns in order", items, short="Towns")

    def _years_of_ranking(self) -> str:
        """Between which years growth is told, since a kind is judged by the last of them alone."""
        known = [row for row in self.rows.towns.values() if row["growth_multiple"] is not None]
        if not known:
            return ""
        first = min(int(row["year_from"]) for row in known)
        last = max(int(row["year_to"]) for row in known)
        is_same = all((row["year_from"], row["year_to"]) == (first, last) for row in known)
        told = f"Growth from {first} to {last}" if is_same else "Growth between each town’s counts"
        return f"{told}; kinds are judged by the last years alone, as the method tells. "

    def _sizes(self) -> Section | None:
        found = self.rows.diagnosis.people
        if found.growth.empty:
            return None
        items: list[Item] = [Figures(self.tables.sizes(), is_sortable=False)]
        if self.has_charts:
            drawn = growth_chart(
                found.growth, dict(self.rows.names), highlighted=self._with_school()
            )
            items.append(Picture("chart-growth", drawn, "Towns by growth, the fastest first"))
            items += self._curves()
        items.append(Heading("How the kinds are told apart"))
        items.append(Bullets(tuple(found.shrinkage_rule)))
        return Section("growth", "Growth by size", tuple(items), short="Growth")

    def _with_school(self) -> frozenset[str]:
        """Towns with a university or college."""
        table = self.rows.diagnosis.region.table("institutions")
        return frozenset() if table is None else frozenset(table["town_id"].astype(str))

    def _curves(self) -> Iterator[Item]:
        """The three age curves, of the towns with a school, else of the largest."""
        curves = self.rows.diagnosis.people.age_curves
        twice = curves["town_id"].value_counts()
        counted = [town for town in self.rows.names if twice.get(town, 0) > 1]
        schools = [town for town in counted if town in self._with_school()]
        size = self.rows.diagnosis.region.towns["population"]
        largest = sorted(counted, key=lambda town: -float(size[town]))
        chosen = (schools or largest)[:_MOST_CURVES]
        if chosen:
            names = {town: self.rows.names[town] for town in chosen}
            told = "of towns with a school" if schools else "of the largest towns"
            yield Picture(
                "chart-age-curves", age_curves_chart(curves, names), f"Three age curves {told}"
            )

    def _claims(self) -> Section | None:
        verdicts = self.rows.diagnosis.claims.verdicts["verdict"]
        if not (verdicts != "not decidable").any():
            return None
        told = "What the source paper and others say of towns, put to the test on these counts."
        table = Figures(self.tables.claims(), is_sortable=False)
        return Section(
            "claims", "Statements put to the test", (Prose(told), table), short="Statements"
        )

    def _doubts(self) -> Section | None:
        doubts, boundaries = self.tables.doubts(), self.tables.boundaries()
        if not doubts.rows and not boundaries.rows:
            return None
        return Section(
            "doubts",
            "Counts to doubt",
            (
                Figures(doubts, _MOST, self.workbook),
                Figures(boundaries, _MOST, self.workbook),
            ),
            short="Doubts",
        )

    def _industry(self) -> Section | None:
        found = self.rows.diagnosis.industry
        if found.specialisation.empty:
            return None
        items: list[Item] = [*map(Prose, found.summary().splitlines())]
        items += [
            Figures(self.tables.concentration(), _MOST, self.workbook),
            Prose(f"Stages: {found.rule}", "quiet"),
        ]
        return Section("industry", "Industry", tuple(items), short="Industry")

    def _status(self) -> Section | None:
        status = self.rows.diagnosis.status
        if status.rules is None:
            return None
        counts = ", ".join(f"{name} {count:,}" for name, count in status.counts().items())
        items: list[Item] = [
            Prose(f"By {status.rules.name}, in force from {status.rules.valid_from}: {counts}."),
            Prose(status.rules.note, "quiet"),
            Figures(self.tables.criteria(), is_sortable=False),
            Prose(
                f"{UNCONFIRMED} Unconfirmed: no source seen states this threshold. Not decidable: "
                "the tables of the region do not hold what the criterion asks.",
                "quiet",
            ),
        ]
        if status.rules.categories:
            items.append(Heading("Categories"))
            items.append(Bullets(tuple(self._categories())))
        return Section("status", "Single-industry status", tuple(items), short="Status")

    def _categories(self) -> Iterator[str]:
        status = self.rows.diagnosis.status
        for one in status.rules.categories if status.rules is not None else ():
            mark = "" if one.is_confirmed else f" {UNCONFIRMED}"
            told = f"{one.needed} of {', '.join(one.criteria)}" if one.criteria else "the rest"
            yield f"{one.number}: {one.says}; {told}{mark} ({one.source})."

    def _readiness(self) -> Section | None:
        table = self.rows.diagnosis.readiness.table
        shares = table[["internet", "remote_age", "skill"]]
        if shares.isna().all(axis=None):
            return None
        items: list[Item] = [
            Prose(f"{self.rows.diagnosis.readiness.rule} The weights are assumed{words.DAGGER}."),
            Figures(self.tables.readiness(), _MOST, self.workbook),
        ]
        return Section("readiness", "Readiness", tuple(items))

    def _projection(self) -> Section | None:
        found = self.rows.diagnosis.projection
        if found is None:
            return None
        from comarca.report.projection_charts import fan_chart
        from comarca.report.projection_tables import emptying_table

        items: list[Item] = [*map(Prose, found.summary().splitlines())]
        if self.has_charts:
            past = pd.DataFrame({"year": [], "persons": []})
            drawn = fan_chart(found.region, past, self.rows.diagnosis.region.name)
            items.append(Picture("chart-fan", drawn, "All towns together"))
        items.append(Figures(emptying_table(found), _MOST))
        return Section("projection", "Where the people are heading", tuple(items), short="Heading")

    def _method(self) -> Section:
        region = self.rows.diagnosis.region
        items: list[Item] = [Figures(self.tables.assumed(), is_sortable=False)]
        if region.sources:
            items += [Heading("Sources of the data"), Bullets(region.sources)]
        if region.warnings:
            told = tuple(str(warning) for warning in region.warnings[:_MOST])
            items += [Heading("Noticed in the data, left as it is"), Bullets(told)]
        items += [Heading("What this does not say"), Bullets(_LIMITATIONS)]
        return Section("method", "Rules, numbers and cautions", tuple(items), short="Method")


_LIMITATIONS = (
    "Growth says nothing about births, deaths and moves; a change of boundary looks like growth.",
    "What is missing is told as missing: a town that is “not decidable” is neither one nor the "
    "other.",
    "Indices of industry set a town against the benchmark, or against the towns together where "
    "there is none; they say how different it is, not how well off.",
    "Readiness weighs three shares by assumed weights. It ranks towns with equal data; it is not "
    "a forecast of who will work or learn so.",
)
