"""
The effect of an opening or a closing on one town of a region, or why none can be told.

Three answers are possible: *estimated*; *weak*, an estimate that rests on few counts, few towns or
a poor fit; *refused*. Each comes with its reasons, and with the rank of the town's growth among
comparable towns, which needs no count before the event.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from comarca.demography.effects.answerable import refusals, weaknesses
from comarca.demography.effects.comparable import (
    distances_km,
    donors_for,
)
from comarca.demography.effects.contributions import contributions
from comarca.demography.effects.opening_effect import OpeningEffect
from comarca.demography.effects.panel import OutcomePanel
from comarca.demography.effects.params import EffectParams, Event, Outcome
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
from comarca.demography.effects.synthetic import SyntheticControl, synthetic_control
from comarca.demography.effects.together import (
    base_year,
    growth_ranks,
    rank_before,
    staggered_openings,
)
from comarca.errors import ParameterError
from comarca.model.region import Region

EMPTY = "nobody counted in a year"


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
    reasons = refusals(region, panel, town_id, year, donors, params)
    made = _Control(region, panel, town_id, year, donors, params, progress)
    control, in_space, in_time, without_one = (None,) * 4 if reasons else made.all()
    weak = (
        () if control is None or in_space is None else weaknesses(control, in_space, donors, params)
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
        notes=(*notes, *_blind_spots(region, event, without)),
        left_out=left_out,
        control=control,
        in_space=in_space,
        in_time=in_time,
        without_one=without_one,
        ranks=growth_ranks(panel, town_id, year, params, with_event),
        rank_before=rank_before(panel, town_id, year, params, with_event),
        staggered=staggered_openings(panel, {**events, town_id: year}, without, event, params),
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


def _blind_spots(region: Region, event: Event, without: Sequence[str]) -> tuple[str, ...]:
    """What nothing tells of other towns, so that one with such an event may be a donor."""
    if without or (event == "opening" and region.table("institutions") is not None):
        return ()
    why = "there is no table institutions" if event == "opening" else "no table tells of closings"
    return (f"{why}, and no town was named: donors may have had such an event too",)


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
        base_year(panel, year),
        size_ratio=params.size_ratio,
        distance_km=params.distance_km,
        with_event=with_event,
    )
    if params.scale == "level":
        return donors, left_out
    lowest = dict(zip(panel.units, panel.outcomes.min(axis=1), strict=True))
    empty = {town: EMPTY for town in donors if lowest[town] <= 0}
    return tuple(town for town in donors if town not in empty), {**left_out, **empty}
