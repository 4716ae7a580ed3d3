"""Where areas may mislead, and the works their method rests on."""

from __future__ import annotations

from collections.abc import Iterator

from comarca.report import words
from comarca.report.area_results import AreaResults

_COOMBES_BOND = (
    "Coombes, M. and Bond, S. (2008). Travel-to-Work Areas: the 2007 review. Office for National "
    "Statistics."
)
_EUROSTAT = (
    "Coombes, M., Casado-Díaz, J. M., Martínez-Bernabeu, L. and Carausu, F. (2012). Study on "
    "comparable Labour Market Areas. Eurostat."
)
_ISTAT = "Istat (2015). La nuova geografia dei sistemi locali. Istituto nazionale di statistica."
_PACKAGE = (
    "LabourMarketAreas: identification, tuning, visualisation and analysis of labour market areas. "
    "R package, version 3.4."
)
_SMART = "Smart, M. W. (1974). Labour market areas: uses and definition. Progress in Planning 2."
_REFERENCES = {
    "euro": (_COOMBES_BOND, _EUROSTAT, _ISTAT, _SMART),
    "euro-r34": (_COOMBES_BOND, _EUROSTAT, _ISTAT, _PACKAGE, _SMART),
    "classic": (_COOMBES_BOND, _SMART),
}
_OF_ALL_AREAS = (
    "The table decides. Whoever lives or works outside its territory, works at home or has no "
    "fixed place of work is in the areas only as far as the table counts them.",
    "Areas describe the day of the count, and all its workers together; those of less mobile "
    "groups are smaller.",
    "The two sizes and the two shares are a convention. A border that moves when they are varied a "
    "little, or when counts vary by chance, should not carry a decision alone.",
)


def references(results: AreaResults) -> list[str]:
    """Works that the statement of method names."""
    return list(_REFERENCES[results.areas.params.variant])


def cautions(results: AreaResults) -> list[str]:
    """Where the areas may mislead; what holds for these areas first."""
    general = list(_OF_ALL_AREAS)
    if not results.areas.is_contiguous:
        general.append("Areas drawn without knowing neighbours should be looked at on a map.")
    return [*_of_these(results), *general]


def _of_these(results: AreaResults) -> Iterator[str]:
    areas, overview = results.areas, results.overview
    if not results.flows.is_observed:
        yield (
            "The flows were estimated by a model, not counted: these areas illustrate the method "
            "and are no finding about the region."
        )
    if areas.status != "converged":
        yield "The search was ended before every group was an area: the areas are a draft."
    if below := overview.n_below_rule:
        yield (
            f"{words.plural(below, 'area')} {_verb(below)} not meet the rule any more: "
            f"{_named(results, _below(results))}. Towns of the reserve list join without a test."
        )
    if cut_off := overview.n_detached:
        yield (
            f"{words.plural(cut_off, 'town')} {_verb(cut_off)} not hang together with the head of "
            f"the area: {_named(results, list(areas.detached))}."
        )
    if outside := overview.n_towns - overview.n_in_areas:
        yield f"{words.plural(outside, 'town')} lie{'s' if outside == 1 else ''} in no area."
    if areas.params.variant == "euro-r34":
        yield (
            "The slip of the R package is in these areas. For areas of your own, the variant "
            "“euro” is the published rule without it."
        )
    for warning in results.warnings:
        yield f"Noticed in the data and left as it is: {warning}."


def _below(results: AreaResults) -> list[str]:
    """Heads of areas that do not meet the rule."""
    areas = results.areas.partition.areas
    return [area.head_town_id for area in areas if area.quality["validity"] < 1]


def _named(results: AreaResults, town_ids: list[str]) -> str:
    return words.listed([results.town(town) for town in town_ids], 10)


def _verb(count: int) -> str:
    return "does" if count == 1 else "do"
