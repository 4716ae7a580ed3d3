"""
The effect of an opening or a closing on one town of a region, or why none can be told.

Three answers are possible: *estimated*; *weak*, an estimate that rests on few counts, few towns or
a poor fit; *refused*. Each comes with its reasons, and with the rank of the town's growth among
comparable towns, which needs no count before the event.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from comarca.demography.effects.augment import LEAST_YEARS
from comarca.demography.effects.comparable import (
    GrowthRank,
    distances_km,
    donors_for,
    rank_growth,
)
from comarca.demography.effects.contributions import Contribution, contributions
from comarca.demography.effects.panel import OutcomePanel
from comarca.demography.effects.params import EffectParams, Event, Outcome, StaggeredParams
from comarca.demography.effects.placebo import (
    LeaveOneOut,
    PlaceboInSpace,
    PlaceboInTime,
    Progress,
    leave_one_out,
    placebo_in_space,
    placebo_in_time,
)
from comarca.demography.effects.region_panel import employment_panel, population_panel
from comarca.demography.effects.staggered import StaggeredEffects, staggered_effects
from comarca.demography.effects.synthetic import SyntheticControl, synthetic_control
from comarca.errors import ParameterError
from comarca.model.region import Region
from comarca.wording import counted, probability

Status = Literal["estimated", "weak", "refused"]
EMPTY = "nobody counted in a year"
OTHER_RATIOS: tuple[float | None, ...] = (1.5, 3.0, None)
"""Size ratios for which ranks are told beside that of the parameters; ``None`` is all towns."""


@dataclass(frozen=True, eq=False, kw_only=True)
class OpeningEffect:
    """
    What is known of the effect of one event on one town.

    Parameters
    ----------
    region_name, town_id, name
        The town.
    event, event_year
        What happened, and when.
    kind
        What opened or closed, in words; may be blank.
    outcome
        What was counted.
    params
        How the effect was looked for.
    years
        When the town was counted; suspicious counts are left out.
    status
        ``"estimated"``, ``"weak"`` or ``"refused"``.
    reasons
        Why it is weak or refused, a sentence each.
    notes
        What else a reader has to know, a sentence each.
    left_out
        Towns that are no donors, and why, by id.
    control, in_space, in_time, without_one
        The mixture of donors and its placebos; ``None`` where refused.
    ranks
        Growth since the last count before the event, or since the first of all, among towns of
        like size; by the ratio of the parameters first, then by others.
    rank_before
        Growth before the event, where two counts or more lie before it.
    staggered
        All towns of the region with such an event together, where two of them at least have counts
        before and after theirs.
    contributions
        Six ways of a university; empty for other events.
    """

    region_name: str
    town_id: str
    name: str
    event: Event
    event_year: int
    kind: str
    outcome: str
    params: EffectParams
    years: tuple[int, ...]
    status: Status
    reasons: tuple[str, ...]
    notes: tuple[str, ...]
    left_out: Mapping[str, str]
    control: SyntheticControl | None
    in_space: PlaceboInSpace | None
    in_time: PlaceboInTime | None
    without_one: LeaveOneOut | None
    ranks: tuple[GrowthRank, ...]
    rank_before: GrowthRank | None
    staggered: StaggeredEffects | None
    contributions: tuple[Contribution, ...]

    @property
    def n_before(self) -> int:
        """Counts before the event."""
        return sum(year < self.event_year for year in self.years)

    @property
    def n_after(self) -> int:
        """Counts in the year of the event or later."""
        return len(self.years) - self.n_before

    def left_out_counts(self) -> dict[str, int]:
        """How many towns are no donors, by reason, the commonest first."""
        return dict(Counter(self.left_out.values()).most_common())

    def reading(self) -> str:
        """What the result says in plain words, and what it does not."""
        what = f"the {self.event} of {self.event_year}"
        if self.control is None or self.in_space is None:
            return f"No effect of {what} can be told: {'; '.join(self.reasons)}."
        gap = _share(self.control.effect(self.control.mean_gap), self.params)
        told = (
            f"After {what}, {self.name} had {gap} {self.outcome} on average against the mixture of "
            f"towns that went as it did before (p = {probability(self.in_space.p)})."
        )
        if self.in_space.p > self.params.share_of_chance:
            told += (
                " Towns without such an event part from their mixtures as far too often to call "
                "this an effect."
            )
        elif self.status == "estimated":
            told += " Few towns without such an event part from their mixtures so far."
        if self.status == "weak":
            told += f" This is weak: {'; '.join(self.reasons)}."
        return told

    def summary(self) -> str:
        """Say what was found, the rank of the growth, and what is known of the six ways."""
        lines = [
            f"{self.name}, {self.kind or self.event} {self.event_year}: {self.status}",
            self.reading(),
        ]
        if self.control is not None:
            lines += [f"  {line}" for line in self.control.summary().splitlines()]
        lines += [f"{rank.summary()}." for rank in self.ranks[:1]]
        if self.rank_before is not None:
            lines.append(f"Before: {self.rank_before.summary()}.")
        if self.staggered is not None:
            lines.append(f"All openings together: {self.staggered.summary()}.")
        lines += [f"note: {note}" for note in self.notes]
        if self.contributions:
            n_known = sum(one.known != "not in the data" for one in self.contributions)
            lines.append(
                f"Six ways of a university: {n_known} of {len(self.contributions)} indicators are "
                "in the data"
            )
        return "\n".join(lines)


def effect_of_opening(
    region: Region,
    town_id: str,
    event_year: int | None = None,
    params: EffectParams | None = None,
    *,
    outcome: Outcome = "population",
    event: Event = "opening",
    kind: str = "",
    isic: str | None = None,
    until: int | None = None,
    without: Sequence[str] = (),
    progress: Progress | None = None,
) -> OpeningEffect:
    """
    Tell the effect of an opening or a closing on a town, or why it cannot be told.

    Parameters
    ----------
    region
        With counts of the outcome by year (table ``population`` or ``employment``); towns of its
        ``institutions`` are no donors of each other.
    town_id
        The town.
    event_year
        Counts of this year and later come after the event; the year of the only institution of the
        town when ``None``.
    params
        How to look; defaults of the region's country when not given.
    outcome
        ``"population"`` or ``"employment"``.
    event
        ``"opening"`` or ``"closing"``.
    kind
        What opened or closed, in words; that of the institution when blank.
    isic
        Industry whose jobs are counted; all when ``None``.
    until
        Later counts are left aside.
    without
        Towns that are no donors: those with an event of their own that no table tells.
    progress
        Told the share done.

    Returns
    -------
    OpeningEffect

    Raises
    ------
    ParameterError
        When the table of the outcome is missing or ambiguous, or no year follows from the
        institutions.
    UnknownTownError
        When the region has no such town.
    """
    params = params or EffectParams.for_region(region)
    panel, notes = _outcome_panel(region, town_id, outcome, isic)
    year, kind = _event(region, town_id, event_year, kind, event)
    panel = _until(panel, until)
    events = _other_events(region, town_id, event)
    with_event = {*events, *without} - {town_id}
    donors, left_out = _donors(region, panel, town_id, year, params, with_event)
    reasons = _refusals(region, panel, town_id, year, donors, params)
    made = _Control(region, panel, town_id, year, donors, params, progress)
    control, in_space, in_time, without_one = (None,) * 4 if reasons else made.all()
    weak = (
        ()
        if control is None or in_space is None
        else _weaknesses(control, in_space, donors, params)
    )
    return OpeningEffect(
        region_name=region.name,
        town_id=town_id,
        name=region.name_of(town_id),
        event=event,
        event_year=year,
        kind=kind,
        outcome=_unit(outcome, isic) if panel is None else panel.outcome,
        params=params,
        years=() if panel is None else panel.years,
        status="refused" if reasons else "weak" if weak else "estimated",
        reasons=reasons or weak,
        notes=notes,
        left_out=left_out,
        control=control,
        in_space=in_space,
        in_time=in_time,
        without_one=without_one,
        ranks=_ranks(panel, town_id, year, params, with_event),
        rank_before=_rank_before(panel, town_id, year, params, with_event),
        staggered=_staggered(panel, {**events, town_id: year}, without, event, params),
        contributions=contributions(region, town_id, year) if _is_university(kind) else (),
    )


@dataclass(frozen=True, eq=False)
class _Control:
    """The mixture and its placebos for one town of a region."""

    region: Region
    panel: OutcomePanel | None
    town_id: str
    year: int
    donors: tuple[str, ...]
    params: EffectParams
    progress: Progress | None

    def all(self) -> tuple[SyntheticControl, PlaceboInSpace, PlaceboInTime, LeaveOneOut]:
        assert self.panel is not None  # noqa: S101  # refused before otherwise
        met = self._predictors(self.year) if self.params.method == "covariates" else None
        found = synthetic_control(
            self.panel, self.town_id, self.year, self.params, donors=self.donors, predictors=met
        )
        return (
            found,
            placebo_in_space(self.panel, found, predictors=met, progress=self.progress),
            placebo_in_time(self.panel, found, predictors_at=self._predictors),
            leave_one_out(self.panel, found, predictors=met),
        )

    def _predictors(self, year: int) -> pd.DataFrame:
        """Level, growth and way to the largest town, before a year."""
        assert self.panel is not None  # noqa: S101  # refused before otherwise
        panel = self.panel.only([self.town_id, *self.donors])
        before = panel.before(year)
        counts = np.log(panel.outcomes[:, before])
        span = max(np.array(panel.years)[before].max() - panel.years[0], 1)
        largest = str(self.region.towns["population"].astype(float).idxmax())
        away = distances_km(self.region, largest)
        return pd.DataFrame(
            {
                "level": counts.mean(axis=1),
                "growth": (counts[:, -1] - counts[:, 0]) / span,
                "km to the largest town": [away[unit] for unit in panel.units],
            },
            index=list(panel.units),
        )


def _outcome_panel(
    region: Region, town_id: str, outcome: Outcome, isic: str | None
) -> tuple[OutcomePanel | None, tuple[str, ...]]:
    if outcome == "population":
        if isic is not None:
            raise ParameterError(
                f'an industry ("{isic}") is named; expected outcome "employment" with it.'
            )
        return population_panel(region, town_id)
    return employment_panel(region, town_id, isic=isic)


def _unit(outcome: Outcome, isic: str | None) -> str:
    return "people" if outcome == "population" else f"jobs in {isic}" if isic else "jobs"


def _event(
    region: Region, town_id: str, year: int | None, kind: str, event: Event
) -> tuple[int, str]:
    """Year and kind, from the town's institutions where they are not told."""
    table = region.table("institutions")
    own = pd.DataFrame() if table is None else table[table["town_id"] == town_id]
    known = [] if not len(own) else sorted(set(own["opened_year"].astype(int)))
    if year is None and (event != "opening" or len(known) != 1):
        told = ", ".join(map(str, known)) or "none"
        raise ParameterError(
            f"no year is given for {region.name_of(town_id)} ({town_id}); expected the year of "
            f"the {event} (institutions tell: {told})."
        )
    at = known[0] if year is None else year
    if event == "opening" and not kind and len(own):
        kinds = own.loc[own["opened_year"].astype(int) == at, "kind"].astype(str)
        return at, ", ".join(sorted(set(kinds)))
    return at, kind


def _is_university(kind: str) -> bool:
    return any(word in kind.casefold() for word in ("university", "college"))


def _other_events(region: Region, town_id: str, event: Event) -> dict[str, int]:
    """First opening of each other town that the institutions tell of; nothing tells of closings."""
    table = region.table("institutions")
    if table is None or event != "opening":
        return {}
    others = table[(table["town_id"] != town_id) & table["opened_year"].notna()]
    first = others.groupby("town_id")["opened_year"].min()
    return {str(town): int(year) for town, year in first.items()}


def _until(panel: OutcomePanel | None, until: int | None) -> OutcomePanel | None:
    if panel is None or until is None:
        return panel
    kept = [at for at, year in enumerate(panel.years) if year <= until]
    if not kept:
        raise ParameterError(
            f"no count lies in {until} or before; counted in {', '.join(map(str, panel.years))}."
        )
    return OutcomePanel(
        units=panel.units,
        years=tuple(panel.years[at] for at in kept),
        outcomes=panel.outcomes[:, kept],
        outcome=panel.outcome,
        names=panel.names,
        left_out=panel.left_out,
    )


def _donors(
    region: Region,
    panel: OutcomePanel | None,
    town_id: str,
    year: int,
    params: EffectParams,
    with_event: set[str],
) -> tuple[tuple[str, ...], Mapping[str, str]]:
    if panel is None or not panel.years:
        return (), {}
    donors, left_out = donors_for(
        region,
        panel,
        town_id,
        _base_year(panel, year),
        size_ratio=params.size_ratio,
        distance_km=params.distance_km,
        with_event=with_event,
    )
    if params.scale == "level":
        return donors, left_out
    lowest = dict(zip(panel.units, panel.outcomes.min(axis=1), strict=True))
    empty = {town: EMPTY for town in donors if lowest[town] <= 0}
    return tuple(town for town in donors if town not in empty), {**left_out, **empty}


def _base_year(panel: OutcomePanel, year: int) -> int:
    """The last count before the event, or the first of all where there is none."""
    return max((one for one in panel.years if one < year), default=panel.years[0])


def _refusals(
    region: Region,
    panel: OutcomePanel | None,
    town_id: str,
    year: int,
    donors: Sequence[str],
    params: EffectParams,
) -> tuple[str, ...]:
    name = region.name_of(town_id)
    if panel is None:
        return (f"{name} was never counted",)
    n_before = int(panel.before(year).sum())
    least = max(params.min_pre_periods, LEAST_YEARS if params.method == "augmented" else 1)
    found = []
    if n_before < least:
        found.append(
            f"{_times(n_before)} before {year} was {name} counted (the series begins in "
            f"{panel.years[0]}), and {counted(least, 'count')} are needed to see "
            "where it was heading"
        )
    if n_before == len(panel.years):
        found.append(f"no count lies in {year} or later")
    if len(donors) < params.min_donors:
        found.append(
            f"{counted(len(donors), 'comparable town')} without such an event, and "
            f"{params.min_donors} are needed"
        )
    return tuple(found)


def _weaknesses(
    control: SyntheticControl,
    in_space: PlaceboInSpace,
    donors: Sequence[str],
    params: EffectParams,
) -> tuple[str, ...]:
    n_before = int(control.is_before.sum())
    found = []
    if n_before <= params.weak_pre_periods:
        found.append(f"it rests on {counted(n_before, 'count')} before {control.event_year}")
    if len(donors) <= params.weak_donors:
        found.append(
            f"with {counted(len(donors), 'donor')} no p-value lies below "
            f"{1 / (len(donors) + 1):.2g}"
        )
    if not in_space.ratio_tells:
        found.append(
            "the mixture meets every count before exactly, as mixtures of many towns do with few "
            "counts, so that a good fit proves nothing"
        )
    own = np.log(control.actual) if params.scale == "log" else control.actual
    spread = max(float(own[control.is_before].std()), control.post_rmspe)
    if control.pre_rmspe > params.poor_fit * spread:
        found.append("the mixture does not go as the town did before")
    return tuple(found)


def _ranks(
    panel: OutcomePanel | None,
    town_id: str,
    year: int,
    params: EffectParams,
    with_event: set[str],
) -> tuple[GrowthRank, ...]:
    if panel is None or not panel.years:
        return ()
    first = _base_year(panel, year)
    if first >= panel.years[-1] or panel.of(town_id)[panel.years.index(first)] <= 0:
        return ()
    ratios = [params.size_ratio, *(one for one in OTHER_RATIOS if one != params.size_ratio)]
    return tuple(
        rank_growth(panel, town_id, first, panel.years[-1], size_ratio=ratio, without=with_event)
        for ratio in ratios
    )


def _rank_before(
    panel: OutcomePanel | None,
    town_id: str,
    year: int,
    params: EffectParams,
    with_event: set[str],
) -> GrowthRank | None:
    before = [] if panel is None else [one for one in panel.years if one < year]
    if panel is None or len(before) < 2 or panel.of(town_id)[0] <= 0:
        return None
    return rank_growth(
        panel, town_id, before[0], before[-1], size_ratio=params.size_ratio, without=with_event
    )


def _staggered(
    panel: OutcomePanel | None,
    events: Mapping[str, int],
    without: Sequence[str],
    event: Event,
    params: EffectParams,
) -> StaggeredEffects | None:
    """All towns with an event together, where two at least can be compared."""
    if panel is None or event != "opening":
        return None
    usable = {
        town: year
        for town, year in events.items()
        if town in panel.units
        and panel.before(year).any()
        and not panel.before(year).all()
        and panel.of(town).min() > 0
    }
    if len(usable) < 2:
        return None
    controls = set(panel.units) - set(events) - set(without)
    kept = _alike(panel, list(usable), controls, params.size_ratio)
    if not set(kept.units) - set(usable):
        return None
    return staggered_effects(kept, usable, StaggeredParams(scale=params.scale))


def _alike(
    panel: OutcomePanel, treated: Sequence[str], controls: set[str], ratio: float
) -> OutcomePanel:
    """The towns with the event, and those of like size as one of them at the first count."""
    first = dict(zip(panel.units, panel.outcomes[:, 0], strict=True))
    lowest = dict(zip(panel.units, panel.outcomes.min(axis=1), strict=True))
    sizes = [first[town] for town in treated]
    alike = [
        town
        for town in panel.units
        if town in controls
        and lowest[town] > 0
        and any(size / ratio <= first[town] <= size * ratio for size in sizes)
    ]
    kept = {*treated, *alike}
    return panel.only([town for town in panel.units if town in kept])


def _times(number: int) -> str:
    return {0: "never", 1: "only once", 2: "only twice"}.get(number, f"only {number} times")


def _share(value: float, params: EffectParams) -> str:
    """A difference as *7% more* or *7% fewer*, or as a number."""
    size = f"{abs(value):.1%}" if params.scale == "log" else f"{abs(value):,.4g}"
    return f"{size} {'more' if value >= 0 else 'fewer'}"
