"""
Placebos: how often a gap as large comes about where nothing happened.

In *space*, every donor is treated as if the event had been its own, the town itself among the
donors; if the event did nothing and the places may be exchanged, each rank of the town is equally
likely [1]_. In *time*, the event is set earlier, where nothing had happened yet. And each donor
that counts is left out once, to see whether the gap hangs on it.

References
----------
.. [1] Abadie, A., Diamond, A. and Hainmueller, J. (2010). Synthetic control methods for comparative
       case studies. Journal of the American Statistical Association 105, section 2.4.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from comarca.demography.effects.panel import OutcomePanel
from comarca.demography.effects.params import EffectParams
from comarca.demography.effects.simplex import FloatArray
from comarca.demography.effects.synthetic import SyntheticControl, synthetic_control

Progress = Callable[[str, float | None], None]

_EXACT = 1e-7  # of the outcome's size; a smaller gap before the event is none
_SAME = 1e-9  # relative; two ratios nearer than that are tied


@dataclass(frozen=True, eq=False, kw_only=True)
class PlaceboInSpace:
    """
    The town's gap among those of the donors, each treated as if the event were its own.

    Parameters
    ----------
    table
        One row a place, the town first: ``unit, name, pre_rmspe, post_rmspe, rmspe_ratio,
        mean_gap``. The ratio is that of the gap after to the gap before the event, infinite where
        the mixture met every count before.
    gaps
        Shape ``(n_places, n_years)``, rows as in ``table``.
    years
        Of the columns of ``gaps``.
    """

    table: pd.DataFrame
    gaps: FloatArray
    years: tuple[int, ...]

    @property
    def n_places(self) -> int:
        """Places that were ranked, the town with them."""
        return len(self.table)

    @property
    def p_ratio(self) -> float:
        """Share of the places whose ratio is as large or larger, the town counted with them."""
        return _as_large(self.table["rmspe_ratio"].to_numpy(dtype=float))

    @property
    def p_gap(self) -> float:
        """Likewise by the root mean square gap after the event alone."""
        return _as_large(self.table["post_rmspe"].to_numpy(dtype=float))

    @property
    def n_exact(self) -> int:
        """Places whose mixture met every count before the event, so that no ratio tells."""
        return int(np.isinf(self.table["rmspe_ratio"].to_numpy(dtype=float)).sum())

    @property
    def ratio_tells(self) -> bool:
        """Whether the ratio ranks the town at all: its own is finite."""
        return bool(np.isfinite(self.table["rmspe_ratio"].iloc[0]))

    @property
    def p(self) -> float:
        """The p-value to go by: of the ratio where it tells, else of the gap."""
        return self.p_ratio if self.ratio_tells else self.p_gap


@dataclass(frozen=True, eq=False, kw_only=True)
class PlaceboInTime:
    """
    The gap where the event is set earlier than it was.

    Parameters
    ----------
    table
        One row an invented year: ``event_year, n_before, n_after, pre_rmspe, post_rmspe,
        mean_gap``; the years after it end before the true event.
    note
        Why there is no row, where there is none.
    """

    table: pd.DataFrame
    note: str = ""


@dataclass(frozen=True, eq=False, kw_only=True)
class LeaveOneOut:
    """
    The gap without each donor that counts.

    Parameters
    ----------
    table
        One row a donor: ``unit, name, weight, pre_rmspe, mean_gap, last_gap``.
    gaps
        Shape ``(n_donors_left_out, n_years)``, rows as in ``table``.
    """

    table: pd.DataFrame
    gaps: FloatArray

    def range(self) -> tuple[float, float] | None:
        """Least and largest mean gap, or ``None`` where nothing could be left out."""
        if not len(self.table):
            return None
        means = self.table["mean_gap"].to_numpy(dtype=float)
        return float(means.min()), float(means.max())


def placebo_in_space(
    panel: OutcomePanel,
    found: SyntheticControl,
    *,
    predictors: pd.DataFrame | None = None,
    followed_from: int | None = None,
    progress: Progress | None = None,
) -> PlaceboInSpace:
    """
    Treat every donor as if the event were its own.

    Parameters
    ----------
    panel, predictors, followed_from
        As given to :func:`.synthetic_control`.
    found
        What it found.
    progress
        Told the share done.

    Returns
    -------
    PlaceboInSpace
    """
    places = [found.unit, *sorted(map(str, found.donors.index))]
    fits = [found]
    for done, unit in enumerate(places[1:], start=1):
        fits.append(
            synthetic_control(
                panel,
                unit,
                found.event_year,
                found.params,
                donors=places,
                predictors=predictors,
                followed_from=followed_from,
            )
        )
        if progress is not None:
            progress("placebos", done / (len(places) - 1))
    size = float(np.abs(np.log(panel.outcomes)).max() if _is_log(found) else panel.outcomes.std())
    rows = [_row(fit, _EXACT * size) for fit in fits]
    return PlaceboInSpace(
        table=pd.DataFrame(rows), gaps=np.array([fit.gap for fit in fits]), years=found.years
    )


def placebo_in_time(
    panel: OutcomePanel,
    found: SyntheticControl,
    *,
    predictors_at: Callable[[int], pd.DataFrame] | None = None,
) -> PlaceboInTime:
    """
    Set the event at each earlier count that leaves enough before it.

    Parameters
    ----------
    panel
        As given to :func:`.synthetic_control`.
    found
        What it found.
    predictors_at
        Predictors of times before an invented year, where the method needs them.

    Returns
    -------
    PlaceboInTime
    """
    earlier = [year for year in found.years if year < found.event_year]
    short = _until(panel, found.event_year)
    params = found.params
    least = max(params.min_pre_periods, 3 if params.method == "augmented" else 1)
    rows = []
    for at, year in enumerate(earlier):
        if at < least or (params.method == "covariates" and predictors_at is None):
            continue
        fit = synthetic_control(
            short,
            found.unit,
            year,
            params,
            donors=list(map(str, found.donors.index)),
            predictors=predictors_at(year) if predictors_at and _needs(params) else None,
        )
        rows.append(
            {
                "event_year": year,
                "n_before": at,
                "n_after": len(earlier) - at,
                "pre_rmspe": fit.pre_rmspe,
                "post_rmspe": fit.post_rmspe,
                "mean_gap": fit.mean_gap,
            }
        )
    note = "" if rows else f"no earlier count has {least} before it and the event after it"
    columns = ["event_year", "n_before", "n_after", "pre_rmspe", "post_rmspe", "mean_gap"]
    return PlaceboInTime(table=pd.DataFrame(rows, columns=columns), note=note)


def leave_one_out(
    panel: OutcomePanel,
    found: SyntheticControl,
    *,
    predictors: pd.DataFrame | None = None,
    followed_from: int | None = None,
) -> LeaveOneOut:
    """
    Look again without each donor that has a weight.

    Parameters
    ----------
    panel, predictors, followed_from
        As given to :func:`.synthetic_control`.
    found
        What it found.

    Returns
    -------
    LeaveOneOut
        Empty where there is but one donor.
    """
    asked = list(map(str, found.donors.index))
    again = partial(
        synthetic_control,
        panel,
        found.unit,
        found.event_year,
        found.params,
        predictors=predictors,
        followed_from=followed_from,
    )
    counting = list(map(str, found.weights().index)) if len(asked) > 1 else []
    fits = [again(donors=[one for one in asked if one != left_out]) for left_out in counting]
    rows = [
        {
            "unit": unit,
            "name": panel.name_of(unit),
            "weight": float(found.donors[unit]),
            "pre_rmspe": fit.pre_rmspe,
            "mean_gap": fit.mean_gap,
            "last_gap": fit.last_gap,
        }
        for unit, fit in zip(counting, fits, strict=True)
    ]
    columns = ["unit", "name", "weight", "pre_rmspe", "mean_gap", "last_gap"]
    gaps = np.array([fit.gap for fit in fits]).reshape(len(fits), len(found.years))
    return LeaveOneOut(table=pd.DataFrame(rows, columns=columns), gaps=gaps)


def _is_log(found: SyntheticControl) -> bool:
    return found.params.scale == "log"


def _needs(params: EffectParams) -> bool:
    return params.method == "covariates"


def _until(panel: OutcomePanel, year: int) -> OutcomePanel:
    kept = panel.before(year)
    return OutcomePanel(
        units=panel.units,
        years=tuple(one for one in panel.years if one < year),
        outcomes=panel.outcomes[:, kept],
        outcome=panel.outcome,
        names=panel.names,
    )


def _row(fit: SyntheticControl, exact: float) -> dict[str, object]:
    is_exact = fit.pre_rmspe <= exact
    return {
        "unit": fit.unit,
        "name": fit.name,
        "pre_rmspe": fit.pre_rmspe,
        "post_rmspe": fit.post_rmspe,
        "rmspe_ratio": np.inf if is_exact else fit.post_rmspe / fit.pre_rmspe,
        "mean_gap": fit.mean_gap,
    }


def _as_large(values: Sequence[float] | FloatArray) -> float:
    """Share of all values, the first among them, that are as large as the first or larger."""
    every = np.asarray(values, dtype=np.float64)
    if not np.isfinite(every[0]):
        return float(np.mean(every >= every[0]))
    return float(np.mean(every >= every[0] * (1 - _SAME)))
