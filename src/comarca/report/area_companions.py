"""Other results of the same areas as sections of their report."""

from __future__ import annotations

from comarca.commuting import AreaRanks, AreaStability
from comarca.model.agreement import PartitionAgreement
from comarca.report.agreement_tables import AgreementTables
from comarca.report.agreement_writing import METHOD
from comarca.report.area_results import AreaResults
from comarca.report.certainty_map import certainty_map
from comarca.report.difference_map import difference_map, difference_sheet
from comarca.report.rank_page import area_ranks_section
from comarca.report.sections import (
    Bullets,
    Card,
    Cards,
    Figures,
    Item,
    Picture,
    Prose,
    Section,
)
from comarca.report.stability_charts import certainty_histogram
from comarca.report.stability_tables import StabilityTables
from comarca.report.town_sheet import town_sheet

MOST_ROWS = 400
_REST = "the tables of comarca compare-areas"


def comparison_section(
    results: AreaResults,
    agreement: PartitionAgreement,
    labels: tuple[str, str],
    *,
    is_drawn: bool,
) -> Section:
    """
    Set the areas beside others of the same towns.

    Parameters
    ----------
    results
        The areas, with names and places of towns.
    agreement
        Their partition set beside the other one; by working residents, where by people at all.
    labels
        What the two are called.
    is_drawn
        Whether any town has a place, so that there can be a map.
    """
    tables = AgreementTables(agreement, labels, results.names)
    items: list[Item] = [
        Bullets(tuple(tables.sentences())),
        Cards(tuple(Card(*told) for told in tables.cards())),
    ]
    if is_drawn:
        drawn = difference_map(
            difference_sheet(agreement, results.towns, zones=results.zones), labels
        )
        told = f"Solid lines: {labels[0]}. Dashed lines: {labels[1]}."
        items.append(Picture("map-differences", drawn, "What changes", told, is_map=True))
    items += [Figures(tables.areas_of(side), MOST_ROWS, _REST) for side in ("a", "b")]
    items.append(Figures(tables.changed_towns(), MOST_ROWS, _REST, is_folded=True))
    if agreement.by_person is not None:
        items.append(Prose("People are working residents.", "quiet"))
    items += [Prose(paragraph, "quiet") for paragraph in METHOD]
    title = f"{labels[0]} and {labels[1]} side by side"
    title = title[:1].upper() + title[1:]
    return Section("comparison", title, tuple(items), short="Comparison")


def stability_section(results: AreaResults, stability: AreaStability, *, is_drawn: bool) -> Section:
    """
    Tell how sure it is which town belongs where.

    Parameters
    ----------
    results
        The areas, with names and places of towns.
    stability
        The same areas drawn many times.
    is_drawn
        Whether any town has a place, so that there can be a map.
    """
    tables = StabilityTables(stability)
    items: list[Item] = [
        Bullets(tuple(tables.sentences())),
        Cards(tuple(Card(*told) for told in tables.cards())),
    ]
    if is_drawn:
        sheet = town_sheet(stability.town_ids, results.towns, zones=results.zones)
        drawn = certainty_map(stability, sheet)
        told = "In which share of the redrawings a town is in the same area."
        items.append(
            Picture("map-certainty", drawn, "How sure each town’s area is", told, is_map=True)
        )
    items.append(Picture("chart-certainty", certainty_histogram(stability), "Towns by certainty"))
    items.append(Figures(tables.towns(), MOST_ROWS, is_folded=True))
    items.append(Figures(tables.areas(), MOST_ROWS))
    items += [Prose(paragraph, "quiet") for paragraph in tables.method()]
    return Section("certainty", "How sure the areas are", tuple(items), short="Certainty")


def ranks_section(ranks: AreaRanks, number: int) -> Section:
    """
    Tell whether the towns of each area look like one pool.

    Parameters
    ----------
    ranks
        Rank laws of the same areas.
    number
        Tells several sets of results apart.
    """
    made = area_ranks_section(ranks, number)
    pictures = (
        Picture(f"chart-areas-{number}", drawn, "Criterion C of each area")
        for drawn in made.pictures
    )
    return Section(
        f"ranks-{number}",
        f"Do the towns of an area behave as one? {made.heading}",
        (Prose(made.reading), *pictures, Figures(made.table)),
        short="Rank laws",
    )
