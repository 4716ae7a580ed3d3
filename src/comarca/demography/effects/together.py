"""Where a region's towns with an event stand: ranks of growth, and all of them together."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from comarca.demography.effects.comparable import GrowthRank, rank_growth
from comarca.demography.effects.panel import OutcomePanel
from comarca.demography.effects.params import EffectParams, Event, StaggeredParams
from comarca.demography.effects.staggered import StaggeredEffects, staggered_effects

OTHER_RATIOS: tuple[float | None, ...] = (1.5, 3.0, None)
"""Size ratios for which ranks are told beside that of the parameters; ``None`` is all towns."""


def base_year(panel: OutcomePanel, year: int) -> int:
    """The last count before the event, or the first of all where there is none."""
    return max((one for one in panel.years if one < year), default=panel.years[0])


def growth_ranks(
    panel: OutcomePanel | None,
    town_id: str,
    year: int,
    params: EffectParams,
    with_event: Collection[str],
) -> tuple[GrowthRank, ...]:
    """Growth since the last count before the event, or the first of all, by several ratios."""
    if panel is None or not panel.years:
        return ()
    first = base_year(panel, year)
    if first >= panel.years[-1] or panel.of(town_id)[panel.years.index(first)] <= 0:
        return ()
    ratios = [params.size_ratio, *(one for one in OTHER_RATIOS if one != params.size_ratio)]
    return tuple(
        rank_growth(panel, town_id, first, panel.years[-1], size_ratio=ratio, without=with_event)
        for ratio in ratios
    )


def rank_before(
    panel: OutcomePanel | None,
    town_id: str,
    year: int,
    params: EffectParams,
    with_event: Collection[str],
) -> GrowthRank | None:
    """Growth before the event; ``None`` without two counts there."""
    before = [] if panel is None else [one for one in panel.years if one < year]
    if panel is None or len(before) < 2 or panel.of(town_id)[0] <= 0:
        return None
    return rank_growth(
        panel, town_id, before[0], before[-1], size_ratio=params.size_ratio, without=with_event
    )


def staggered_openings(
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
