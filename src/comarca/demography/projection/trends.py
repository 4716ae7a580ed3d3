r"""
Past growth: what a town's trend says of the years to come, and how far trends were off.

What is usual for a town is read off a line through all towns of its region: yearly growth over the
logarithm of people. A town's own growth departs from that partly by chance, and the more so the
smaller it is. Of its departure a share :math:`k\,P/(P + h)` is kept: a town of *P* people is drawn
towards the usual, a small one more. Both numbers, and how far growth then strays, are learned from
the region's own past where at least 30 towns were counted three times, *trend_years* apart: what
the first interval would have said of the second is set against what came. So the fan is as wide as
errors of the same method were, and no count after the base year is used.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from comarca.demography.counts import series_of, spans
from comarca.demography.projection.params import ProjectionParams
from comarca.demography.projection.rates import Array

_LEAST_TOWNS = 30
_HALF_SIZES = (0.0, 500.0, 1_000.0, 2_000.0, 5_000.0, 10_000.0, 20_000.0)
_NOISY = 5_000.0
_Z80 = 1.2816  # half of a normal 80 % interval in standard deviations


@dataclass(frozen=True, eq=False, kw_only=True)
class Trends:
    """
    What past growth says of the years to come.

    Parameters
    ----------
    own
        Yearly growth of each town over the last interval, shape ``(n_towns,)``; ``nan`` unknown.
    region
        That of all towns known, together.
    usual
        What is usual for a town of its size in the last interval, shape ``(n_towns,)``.
    expected
        What is expected of each town: its own drawn towards the usual, shape ``(n_towns,)``.
    kept, half_persons
        The share of a departure that persists.
    sd, sd_small, sd_region
        How far the mean yearly growth of *trend_years* strays: of a large town, times the root of
        population for what small size adds, of the region.
    n_learned
        Towns it was learned from; 0 where the numbers are assumed.
    """

    own: Array
    region: float
    usual: Array
    expected: Array
    kept: float
    half_persons: float
    sd: float
    sd_small: float
    sd_region: float
    n_learned: int

    def sd_of(self, persons: Array) -> Array:
        """How far a town's mean yearly growth strays from what is expected of it."""
        return np.asarray(np.sqrt(self.sd**2 + self.sd_small**2 / np.maximum(persons, 1.0)))


def past_trends(
    totals: pd.DataFrame,
    town_ids: tuple[str, ...],
    persons: Array,
    base_year: int,
    params: ProjectionParams,
) -> Trends:
    """
    Read the trends of all towns, and learn how trends hold.

    Parameters
    ----------
    totals
        ``town_id, basis, year, persons``: one series a town, in order of year.
    town_ids, persons
        The towns and their people in the base year, shape ``(n_towns,)``.
    base_year
        Last year that may be looked at.
    params
        Years of the trend, and what is assumed where nothing is learned.
    """
    span = params.trend_years
    logs = _logs(totals, town_ids, np.array([base_year, base_year - span, base_year - 2 * span]))
    logs[:, 0] = np.where(persons > 0, np.log(np.maximum(persons, 1e-9)), np.nan)
    last, before = (logs[:, 0] - logs[:, 1]) / span, (logs[:, 1] - logs[:, 2]) / span
    region = _together(logs[:, 1], logs[:, 0], span)
    is_known = ~np.isnan(last) & ~np.isnan(before)
    numbers = (
        params.trend_kept,
        params.trend_half_persons,
        params.drift_sd,
        params.drift_sd_small,
        params.drift_sd_region,
    )
    n_learned = 0
    if params.learns_from_past and is_known.sum() >= _LEAST_TOWNS:
        n_learned = int(is_known.sum())
        numbers = _learned(logs[is_known], span, params.drift_sd_region)
    kept, half, sd, small, of_region = numbers
    share = kept * persons / np.maximum(persons + half, 1e-9)
    usual = _usual(logs[:, 1], last, np.log(np.maximum(persons, 1.0)))
    return Trends(
        own=last,
        region=region,
        usual=usual,
        expected=usual + share * np.where(np.isnan(last), 0.0, last - usual),
        kept=kept,
        half_persons=half,
        sd=sd,
        sd_small=small,
        sd_region=of_region,
        n_learned=n_learned,
    )


def _logs(totals: pd.DataFrame, town_ids: tuple[str, ...], years: Array) -> Array:
    """Logarithms of people in some years, even growth between counts; ``nan`` beyond them."""
    found = np.full((len(town_ids), len(years)), np.nan)
    at = {town: row for row, town in enumerate(town_ids)}
    counted, persons = totals["year"].to_numpy(dtype=float), totals["persons"].to_numpy(float)
    towns = totals["town_id"].to_numpy()
    for start, end in zip(*spans(series_of(totals)), strict=True):
        row = at.get(str(towns[start]))
        if row is not None and (persons[start:end] > 0).all():
            found[row] = np.interp(
                years, counted[start:end], np.log(persons[start:end]), left=np.nan, right=np.nan
            )
    return found


def _together(before: Array, after: Array, span: int) -> float:
    """Yearly growth of all towns known at both ends."""
    known = ~np.isnan(before) & ~np.isnan(after)
    if not known.any():
        return 0.0
    return float(np.log(np.exp(after[known]).sum() / np.exp(before[known]).sum()) / span)


def _usual(size: Array, rates: Array, at: Array) -> Array:
    """
    Growth usual for towns of a size: a line over the logarithm of people, by least squares.

    The outermost rates count as the 2nd and 98th hundredth: a boundary change bends no line.
    """
    known = ~np.isnan(size) & ~np.isnan(rates)
    if known.sum() < 2:
        return np.full(len(at), float(rates[known].mean()) if known.any() else 0.0)
    low, high = np.quantile(rates[known], [0.02, 0.98])
    capped = np.clip(rates[known], low, high)
    sizes = size[known]
    if known.sum() < _LEAST_TOWNS or np.ptp(sizes) == 0:
        return np.full(len(at), float(capped.mean()))
    slope, constant = np.polyfit(sizes, capped, 1)
    return np.asarray(constant + slope * np.clip(at, sizes.min(), sizes.max()))


def _learned(logs: Array, span: int, assumed_sd: float) -> tuple[float, float, float, float, float]:
    """Kept share and its half size, and how far growth strayed, from one interval to the next."""
    persons = np.exp(logs[:, 1])
    before, after = (logs[:, 1] - logs[:, 2]) / span, (logs[:, 0] - logs[:, 1]) / span
    x = before - _usual(logs[:, 2], before, logs[:, 1])
    y = after - _usual(logs[:, 1], after, logs[:, 1])
    # Departures of small towns are noisier, so they weigh less.
    weights = np.sqrt(persons / (persons + _NOISY))
    trials = [
        (float((weights * np.abs(y - kept * persons / (persons + half) * x)).sum()), kept, half)
        for half in _HALF_SIZES
        for kept in np.linspace(0.0, 1.2, 25).tolist()
    ]
    _, kept, half = min(trials)
    errors = np.abs(y - kept * persons / (persons + half) * x)
    sd, small = _spread(errors, persons)
    shift = _together(logs[:, 1], logs[:, 0], span) - _together(logs[:, 2], logs[:, 1], span)
    return kept, half, sd, small, float(np.sqrt((assumed_sd**2 + shift**2) / 2))


def _spread(errors: Array, persons: Array) -> tuple[float, float]:
    """Parts of the errors that a large town has, and that small size adds."""
    capped = np.minimum(errors, np.quantile(errors, 0.98))
    inverse = 1 / np.maximum(persons, 1.0)
    design = np.column_stack([np.ones(len(errors)), inverse])
    from scipy.optimize import nnls

    weights = 1 / np.sqrt(inverse)
    constant, slope = nnls(design * weights[:, None], capped**2 * weights)[0]
    sd = np.sqrt(constant + slope * inverse)
    # Errors have longer tails than a normal law: let four in five lie within its 80 % interval.
    factor = float(np.quantile(errors / np.maximum(sd, 1e-12), 0.8)) / _Z80
    return float(np.sqrt(constant) * factor), float(np.sqrt(slope) * factor)
