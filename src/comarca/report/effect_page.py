"""The page of the effect of an event: the answer, how sure it is, what it is made of."""

from __future__ import annotations

from collections.abc import Iterator

from comarca.demography.effects import OpeningEffect
from comarca.report import effect_tables as tables
from comarca.report import words
from comarca.report.effect_charts import gaps_chart, growth_chart, paths_chart
from comarca.report.sections import (
    Bullets,
    Card,
    Cards,
    Figures,
    Item,
    Picture,
    Prose,
    Section,
    section_page,
)
from comarca.wording import counted, probability

_KICKER = "Comarca · effect of an institution"
_MANY_ROWS = 12
"""From so many on, a table of years is shown on demand."""
_METHODS = {
    "synthetic": "Synthetic control that follows every count before the event alike.",
    "covariates": "Synthetic control that meets level, growth and the way to the largest town "
    "before the event, each weighted so that the counts are followed best.",
    "augmented": "Synthetic control with a ridge correction of what the mixture misses before the "
    "event; weights may be negative.",
}


def effect_page(effect: OpeningEffect) -> str:
    """
    Write the page.

    Parameters
    ----------
    effect
        What was found, or why nothing could be told.

    Returns
    -------
    str
        HTML that fetches nothing.
    """
    verb = "opened" if effect.event == "opening" else "closed"
    what = f"{effect.kind} {verb} in" if effect.kind else f"{effect.event} of"
    title = f"{effect.name}: {what} {effect.event_year}"
    made = f"{effect.region_name} · {effect.outcome} counted in {_years(effect)}"
    footer = "The exact figures stand in effect.json and in the CSV files beside this page."
    return section_page(title, _KICKER, made, list(_sections(effect)), footer)


def _sections(effect: OpeningEffect) -> Iterator[Section]:
    yield Section("answer", "The answer", tuple(_answer(effect)))
    if effect.control is not None and effect.in_space is not None:
        yield Section("mixture", "The town and its mixture", tuple(_mixture(effect)))
        yield Section("chance", "How often chance gives as much", tuple(_chance(effect)))
    if effect.ranks:
        yield Section("growth", "Its growth among comparable towns", tuple(_growth(effect)))
    if effect.staggered is not None:
        yield Section("together", "All openings of the region together", tuple(_together(effect)))
    if effect.contributions:
        yield Section("ways", "Six ways of a university", tuple(_ways(effect)), short="Six ways")
    yield Section("method", "How it was computed", tuple(_method(effect)))


def _answer(effect: OpeningEffect) -> Iterator[Item]:
    yield Prose(effect.reading(), "text" if effect.status == "estimated" else "warning")
    yield Cards(tuple(_cards(effect)))
    if effect.status != "estimated":
        head = "Refused, because" if effect.status == "refused" else "Weak, because"
        yield Prose(f"{head}:")
        yield Bullets(tuple(_sentence(reason) for reason in effect.reasons))
    if effect.ranks:
        yield Prose(
            f"{effect.ranks[0].summary()}. A rank is no effect: it says that the town grew as few "
            "or many of its kind did, not why."
        )
    yield from (Prose(f"{_sentence(note)}", "quiet") for note in effect.notes)


def _cards(effect: OpeningEffect) -> Iterator[Card]:
    yield Card("Answer", effect.status, f"{effect.n_before} counts before, {effect.n_after} after")
    if effect.control is not None and effect.in_space is not None:
        control = effect.control
        yield Card("Gap on average", _gap(effect, control.mean_gap), "after the event")
        yield Card(f"Gap in {control.years[-1]}", _gap(effect, control.last_gap))
        yield Card(
            "p of placebos",
            probability(effect.in_space.p),
            f"{counted(effect.in_space.n_places, 'town')} ranked by "
            + ("ratio of gaps" if effect.in_space.ratio_tells else "gap after"),
        )
    if effect.ranks:
        rank = effect.ranks[0]
        told = f"×{rank.multiple:.2f} from {rank.from_year} to {rank.to_year}"
        yield Card("Rank of growth", f"{rank.rank} of {rank.n_towns}", told)


def _mixture(effect: OpeningEffect) -> Iterator[Item]:
    assert effect.control is not None  # noqa: S101  # asked for where there is one
    yield Picture("paths", paths_chart(effect.control), note="The dashed line is the event.")
    years = tables.years_table(effect)
    yield Figures(years, most=200, is_folded=len(years.rows) > _MANY_ROWS, is_sortable=False)
    yield Figures(tables.donors_table(effect), most=40, rest="donors.csv")
    yield Figures(tables.predictors_table(effect))
    left_out = [f"{n:,} {reason}" for reason, n in effect.left_out_counts().items()]
    if left_out:
        yield Prose(f"No donors: {'; '.join(left_out)} (left_out.csv).", "quiet")


def _chance(effect: OpeningEffect) -> Iterator[Item]:
    space = effect.in_space
    assert effect.control is not None  # noqa: S101  # asked for where there is one
    assert space is not None  # noqa: S101
    yield Picture("gaps", gaps_chart(effect.control, space, effect.without_one))
    if space.ratio_tells:
        yield Prose(
            f"By the ratio of the gap after to the gap before the event p is "
            f"{probability(space.p_ratio)}; by the gap after alone {probability(space.p_gap)}."
        )
    else:
        yield Prose(
            f"{space.n_exact} of {space.n_places} mixtures meet every count before the event, so "
            f"that the ratio of gaps ranks nothing. By the gap after alone p is "
            f"{probability(space.p_gap)}."
        )
    yield Figures(tables.placebo_table(effect), most=12, rest="placebos.csv", is_sortable=False)
    if effect.without_one is not None and len(effect.without_one.table):
        yield Figures(tables.without_table(effect), most=20, rest="without_one_donor.csv")
    if effect.in_time is not None:
        if effect.in_time.note:
            yield Prose(f"No placebo in time: {effect.in_time.note}.", "quiet")
        in_time = tables.time_table(effect)
        is_long = len(in_time.rows) > _MANY_ROWS
        yield Figures(in_time, most=200, is_folded=is_long, is_sortable=False)


def _growth(effect: OpeningEffect) -> Iterator[Item]:
    yield Picture("growth", growth_chart(effect.ranks[0], effect.event_year))
    yield Figures(tables.ranks_table(effect), is_sortable=False)
    yield Figures(
        tables.comparable_table(effect), most=60, rest="comparable_towns.csv", is_folded=True
    )


def _together(effect: OpeningEffect) -> Iterator[Item]:
    assert effect.staggered is not None  # noqa: S101  # asked for where there is one
    yield Prose(
        f"{effect.staggered.summary()}. Each town with an opening is compared with towns of like "
        "size that had none. Effects are differences of logarithms; years are counted from the "
        "first count that may show them."
    )
    yield Figures(tables.staggered_table(effect), is_sortable=False)


def _ways(effect: OpeningEffect) -> Iterator[Item]:
    yield Prose(
        "The source paper lists six ways in which a university contributes to its town. What the "
        "data know of each:"
    )
    yield Figures(tables.ways_table(effect), is_sortable=False)
    if any(one.known == "assumed" for one in effect.contributions):
        yield Prose("“assumed”: rests on an assumed need of each student a day.", "quiet")


def _method(effect: OpeningEffect) -> Iterator[Item]:
    params = effect.params
    yield Prose(_METHODS[params.method])
    yield Prose(
        f"Counts before {effect.event_year} come before the event, those of "
        f"{effect.event_year} and later after it. Donors are towns without such an event that had "
        "between "
        f"{words.rounded(1 / params.size_ratio)} and {words.rounded(params.size_ratio)} times the "
        f"{effect.outcome} of {effect.name} at the last count before it, and lie "
        f"{words.rounded(params.distance_km)} km away or more. "
        + (
            "They are compared by logarithms, so that towns that grow alike go alike."
            if params.scale == "log"
            else "They are compared by numbers."
        )
    )
    yield Prose(
        "For p, each donor is treated as if the event had been its own, the town among its donors: "
        "p is the share of towns that part as far from their mixtures as this one, itself counted."
    )
    assumed = [
        f"{words.readable(used.assumption.name.rsplit('.', 1)[-1])} "
        f"{words.setting_value(used.value)} {used.unit}{words.DAGGER}".replace(" 1†", "†")
        for used in params.defaults_used()
        if used.is_assumed
    ]
    if assumed:
        yield Prose(f"{words.DAGGER} Assumed: {'; '.join(assumed)}.", "quiet")


def _gap(effect: OpeningEffect, gap: float) -> str:
    assert effect.control is not None  # noqa: S101  # asked for where there is one
    value = effect.control.effect(gap)
    sign = "+" if value > 0 else ""
    told = words.share(value) if effect.params.scale == "log" else words.rounded(value)
    return f"{sign}{told}"


def _years(effect: OpeningEffect) -> str:
    years = effect.years
    if len(years) > 8:
        return f"{len(years)} years from {years[0]} to {years[-1]}"
    return words.listed([str(year) for year in years], most=8) or "no year"


def _sentence(told: str) -> str:
    return f"{told[:1].upper()}{told[1:]}."
