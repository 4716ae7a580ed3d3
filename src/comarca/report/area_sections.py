"""The sections of a report on labour market areas, in order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from comarca.report import words
from comarca.report.area_cautions import cautions, references
from comarca.report.area_charts import rule_chart, spread_chart
from comarca.report.area_map import AreaMap
from comarca.report.area_method import AreaMethod
from comarca.report.area_results import AreaResults
from comarca.report.area_tables import AreaTables
from comarca.report.place_tables import ILLUSTRATION
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

MOST_AREAS = 400
"""Areas that the page and the document list; the workbook has all."""
MOST_FLOWS = 20
MOST_TOWNS = 600


class AreaSections:
    """
    What a report says of a delineation.

    Parameters
    ----------
    results
        The delineation.
    drawn
        Its map, ``None`` where no town has a place.
    workbook
        Name of the file that has every row.
    """

    def __init__(self, results: AreaResults, drawn: AreaMap | None, workbook: str) -> None:
        self.results, self.drawn, self.workbook = results, drawn, workbook
        self.tables, self.method = AreaTables(results), AreaMethod(results)

    def all(self, more: Sequence[Section] = ()) -> list[Section]:
        """
        Make them.

        Parameters
        ----------
        more
            Sections of other results of the same areas; they stand before the method.
        """
        made = [self._answer()]
        if self.results.areas.partition.areas:
            made += [self._areas(), self._spread(), self._flows()]
        return [*made, *more, self._method(), self._cautions(), self._members()]

    def _answer(self) -> Section:
        told: tuple[Item, ...] = (Bullets(tuple(self._sentences())), Cards(tuple(self._cards())))
        if not self.results.flows.is_observed:
            told = (Prose(ILLUSTRATION, "warning"), *told)
        if self.drawn is None:
            return Section(
                "answer", "The answer", (*told, Prose(self._no_map(), "quiet")), short="Answer"
            )
        return Section(
            "answer", "The answer", (self._map(self.drawn),), beside=told, short="Answer"
        )

    def _no_map(self) -> str:
        if self.results.zones is not None:
            return "There is no map, since none of the shapes is of a town in the table."
        return (
            "There is no map, since no places of towns were given: neither shapes (zones) nor a "
            "list of towns with lat and lon."
        )

    def _map(self, drawn: AreaMap) -> Picture:
        told = ["Colours only tell neighbours apart; names are those of the heads of areas."]
        if not drawn.sheet.has_shapes:
            told.append(
                "Each town’s ground is the land nearer to it than to any other town, drawn for the "
                "eye, not surveyed."
            )
        if missing := self.results.overview.n_towns - len(drawn.sheet.town_ids):
            told.append(f"{words.plural(missing, 'town')} without a place could not be drawn.")
        if drawn.sheet.outline.lands:
            told.append("Land beneath: Natural Earth.")
        return Picture("map-areas", drawn.draw(), "Map of the areas", " ".join(told), is_map=True)

    def _sentences(self) -> Iterator[str]:
        o = self.results.overview
        yield f"{_areas(o.n_areas)} of {words.plural(o.n_in_areas, 'town')}."
        if not o.n_areas:
            yield "No group of towns is large and closed enough under this rule."
            return
        yield (
            f"{words.share(o.inside / o.residents)} of their working residents work in the area "
            f"they live in, {words.share(o.inside / o.jobs)} of their jobs are filled from inside; "
            f"{words.share(o.in_own_town / o.persons)} of all workers work in their own town."
        )
        yield self._sizes()
        outside = o.n_towns - o.n_in_areas
        if outside:
            yield (
                f"{words.plural(outside, 'town')} lie{'s' if outside == 1 else ''} in no area: "
                f"{words.whole(o.by_status.get('no-flow', 0))} without flows to judge by, "
                f"{words.whole(o.by_status.get('unassigned', 0))} linked with none."
            )
        if o.n_below_rule:
            yield (
                f"{words.plural(o.n_below_rule, 'area')} fell below the rule in the end; the table "
                "of areas says which."
            )

    def _sizes(self) -> str:
        """How large areas are, in a sentence."""
        middle, least, most = (
            words.whole(self._spread_of("residents", name)) for name in ("median", "min", "max")
        )
        few, many = (self._spread_of("n_towns", name) for name in ("min", "max"))
        if self.results.overview.n_areas == 1:
            return f"It has {most} working residents."
        return (
            f"Half of the areas have {middle} working residents or more; the least has {least}, "
            f"the largest {most}. They hold {words.whole(few)} to {words.plural(many, 'town')}."
        )

    def _spread_of(self, figure: str, name: str) -> float:
        """One figure of the spread over areas."""
        return float(self.results.overview.spread[name][figure])

    def _cards(self) -> Iterator[Card]:
        o = self.results.overview
        yield Card("Areas", words.whole(o.n_areas), f"of {words.plural(o.n_in_areas, 'town')}")
        if not o.n_areas:
            return
        for side, label, note in (
            ("supply", "Residents who stay", "work in the area they live in"),
            ("demand", "Jobs filled from inside", "by residents of the area"),
        ):
            figure = f"self_containment_{side}"
            total = o.residents if side == "supply" else o.jobs
            low, high = (words.share(self._spread_of(figure, name)) for name in ("min", "max"))
            told = f"{note}; from {low} to {high} by area"
            yield Card(label, words.share(o.inside / total), told)
        middle, mean = (self._spread_of("residents", name) for name in ("median", "mean"))
        yield Card(
            "Working residents of an area", words.whole(middle), f"median; mean {words.whole(mean)}"
        )
        yield Card("Areas of one town", words.whole(o.n_one_town))
        yield Card(
            "Areas below the rule",
            words.whole(o.n_below_rule),
            "after towns set aside had joined" if o.n_below_rule else "every area meets it",
        )
        yield Card(
            "Towns set aside on the way",
            words.whole(o.n_set_aside),
            f"{words.whole(o.by_status.get('reserve-assigned', 0))} joined by link at the end",
        )
        yield self._outside()

    def _outside(self) -> Card:
        """Towns that no area holds, and those that their area does not hold together."""
        o = self.results.overview
        outside = o.n_towns - o.n_in_areas
        told = [f"{words.whole(o.by_status.get('no-flow', 0))} of them without flows"]
        if not outside:
            told = ["every town is in one"]
        if o.n_detached:
            told.append(f"{words.whole(o.n_detached)} cut off from their head")
        return Card("Towns in no area", words.whole(outside), "; ".join(told))

    def _areas(self) -> Section:
        table = self.tables.areas_shown()
        return Section(
            "areas",
            "The areas",
            (
                Figures(table, MOST_AREAS, self.workbook),
                Prose(
                    "Self-containment of residents: share of an area’s working residents who "
                    "work there. Of jobs: share of its jobs held by residents. Validity: 1 or more "
                    "meets the rule. Out-commuters live there and work elsewhere, in-commuters the "
                    f"other way round. More figures stand in {self.workbook}.",
                    "quiet",
                ),
            ),
            short="Areas",
        )

    def _spread(self) -> Section:
        areas = self.results.areas.partition.areas
        return Section(
            "spread",
            "How large and how closed they are",
            (
                Picture(
                    "chart-rule",
                    rule_chart(areas, self.results.areas.params),
                    "Size and self-containment of each area",
                    "A closed area is valid whatever its size."
                    if any(a.quality["self_containment_supply"] == 1 for a in areas)
                    else "",
                ),
                Picture(
                    "chart-spread", spread_chart(areas), "How many areas there are of each kind"
                ),
                Figures(self.tables.spread(), is_sortable=False),
            ),
            short="Size and closure",
        )

    def _flows(self) -> Section:
        table = self.tables.flows(between_only=True)
        o = self.results.overview
        between = o.persons - o.in_own_area
        if not table.rows:
            return Section(
                "flows",
                "Flows between areas",
                (Prose("Nobody travels between areas."),),
                short="Flows",
            )
        return Section(
            "flows",
            "Flows between areas",
            (
                Prose(
                    f"{words.whole(between)} of {words.whole(o.persons)} workers "
                    f"({words.share(between / o.persons)}) cross the border of their area, or live "
                    "or work in a town that is in none."
                ),
                Figures(table, MOST_FLOWS, self.workbook),
            ),
            short="Flows",
        )

    def _method(self) -> Section:
        method = self.method
        items: list[Item] = [Heading("Data"), *map(Prose, method.data())]
        items += [Heading("Rule"), *map(Prose, method.rule()), Prose(method.formula(), "formula")]
        items += [Heading("Steps"), *map(Prose, method.steps()), Prose(method.software())]
        items.append(Figures(self.tables.steps(), is_sortable=False))
        items.append(Figures(self.tables.reserve(), MOST_TOWNS, self.workbook, is_folded=True))
        items += [Heading("References"), Bullets(tuple(references(self.results)))]
        return Section("method", "Method", tuple(items))

    def _cautions(self) -> Section:
        items = (Bullets(tuple(cautions(self.results))),)
        return Section("cautions", "What these areas do not say", items, short="Cautions")

    def _members(self) -> Section:
        table = self.tables.members()
        return Section(
            "members",
            "Towns by area",
            (Figures(table, MOST_AREAS, self.workbook, is_sortable=False),),
            short="Towns",
        )


def _areas(count: int) -> str:
    return words.plural(count, "labour market area")
