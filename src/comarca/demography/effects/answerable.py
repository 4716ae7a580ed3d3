"""
Whether counts and towns carry an answer: why an effect is refused, and why one is weak.

The thresholds are parameters. No source names a number, so that each is assumed.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from comarca.demography.effects.augment import LEAST_YEARS
from comarca.demography.effects.panel import OutcomePanel
from comarca.demography.effects.params import EffectParams
from comarca.demography.effects.placebo import PlaceboInSpace
from comarca.demography.effects.synthetic import SyntheticControl
from comarca.model.region import Region
from comarca.wording import counted


def refusals(
    region: Region,
    panel: OutcomePanel | None,
    town_id: str,
    year: int,
    donors: Sequence[str],
    params: EffectParams,
) -> tuple[str, ...]:
    """
    Why no effect can be told, a sentence each; empty where one can.

    Parameters
    ----------
    region, panel, town_id
        The town, and what was counted; ``None`` where it never was.
    year
        Of the event.
    donors
        Towns that may be compared with it.
    params
        The thresholds.
    """
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


def weaknesses(
    control: SyntheticControl,
    in_space: PlaceboInSpace,
    donors: Sequence[str],
    params: EffectParams,
) -> tuple[str, ...]:
    """
    Why an effect that was estimated is weak, a sentence each; empty where it is not.

    Parameters
    ----------
    control, in_space
        What was found, and its placebos.
    donors
        Towns that were asked.
    params
        The thresholds.
    """
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


def _times(number: int) -> str:
    return {0: "never", 1: "only once", 2: "only twice"}.get(number, f"only {number} times")
