"""
Staggered difference-in-differences: events in several towns at several times.

Towns are grouped by the first count that may show their event. Each group is compared, count by
count, with towns that never had the event, or have not had it yet, and the comparisons are put
together by the time since the event [1]_. Nothing is compared with towns whose event lies behind
them, which is what makes a plain regression with effects of town and year go astray.

Errors follow from how towns differ. Where fewer than ``min_treated`` towns had the event, that
tells little: then chance is told by dealing the events out anew to all the towns.

References
----------
.. [1] Callaway, B. and Sant'Anna, P. H. C. (2021). Difference-in-differences with multiple time
       periods. Journal of Econometrics 225.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pandas as pd
from scipy.stats import norm

from comarca.demography.effects.comparisons import group_times, standard_errors
from comarca.demography.effects.dealing import Overall
from comarca.demography.effects.panel import OutcomePanel
from comarca.demography.effects.params import EffectParams, StaggeredParams
from comarca.demography.effects.simplex import BoolArray, FloatArray
from comarca.demography.effects.synthetic import on_scale
from comarca.errors import Fault, ParameterError

Aggregation = Literal["overall", "event", "group", "year"]
_NEVER = np.inf


@dataclass(frozen=True, eq=False, kw_only=True)
class StaggeredEffects:
    """
    Effects by group and year, and their means.

    Parameters
    ----------
    outcome
        What was counted.
    params
        How it was looked for.
    group_time
        One row a group and year: ``group`` (first count that may show the event), ``year``,
        ``effect``, ``se``, ``n_treated``, ``n_controls``. Years before the event show whether the
        group went as its controls did; there the change is from the count before. On the
        logarithmic scale effects are differences of logarithms.
    influence
        Shape ``(n_towns, n_rows)``: influence of each town on each row.
    group_of
        Group of each town, ``inf`` for never, shape ``(n_towns,)``.
    left_out
        Towns with an event that no comparison can be made for, and why, by id.
    notes
        Comparisons that were left out, a sentence each.
    p_dealt
        Share of dealings of the events to all towns whose overall effect is as large, the true one
        counted with them; ``None`` where it was not asked for.
    """

    outcome: str
    params: StaggeredParams
    group_time: pd.DataFrame
    influence: FloatArray = field(repr=False)
    group_of: FloatArray = field(repr=False)
    left_out: Mapping[str, str]
    notes: tuple[str, ...] = ()
    p_dealt: float | None = None

    @property
    def n_treated(self) -> int:
        """Towns with an event that are in a comparison."""
        return int(np.isin(self.group_of, self.group_time["group"].unique()).sum())

    @property
    def has_errors(self) -> bool:
        """Whether enough towns had the event for errors from their spread."""
        return self.n_treated >= self.params.min_treated

    def aggregate(self, by: Aggregation = "overall") -> pd.DataFrame:
        """
        Means of the effects, groups weighted by their towns.

        Parameters
        ----------
        by
            ``"overall"``: all after the event; ``"event"``: by years since it; ``"group"``: by
            group; ``"year"``: by year.

        Returns
        -------
        pandas.DataFrame
            ``at`` (blank for overall), ``effect``, ``se``, ``low``, ``high`` (each by itself at the
            level of the parameters) and, by event, ``band_low``, ``band_high`` (all at once).
            Errors are missing where too few towns had the event.
        """
        rows, influences = [], []
        for at, kept in self._kept(by):
            effect, influence = self._mean(kept, is_by_group=by == "group")
            rows.append({"at": at, "effect": effect})
            influences.append(influence)
        frame = pd.DataFrame(rows, columns=["at", "effect"])
        if by == "overall":
            frame["at"] = frame["at"].astype("object")
        return self._with_errors(frame, np.array(influences).T, is_banded=by == "event")

    def _kept(self, by: Aggregation) -> list[tuple[int | None, BoolArray]]:
        table = self.group_time
        since = (table["year"] - table["group"]).to_numpy()
        after = since >= 0
        if by == "overall":
            return [(None, after)] if after.any() else []
        column = {"event": since, "group": table["group"], "year": table["year"]}[by]
        values = np.asarray(column)
        keep = np.ones(len(table), dtype=bool) if by == "event" else after
        return [(int(at), keep & (values == at)) for at in np.unique(values[keep])]

    def _mean(self, kept: BoolArray, *, is_by_group: bool) -> tuple[float, FloatArray]:
        groups = self.group_time["group"].to_numpy(dtype=float)[kept]
        effects = self.group_time["effect"].to_numpy(dtype=float)[kept]
        share = np.array([(self.group_of == group).mean() for group in groups])
        weights = share / share.sum()
        influence = self.influence[:, kept] @ weights
        if not is_by_group:  # the shares of the groups are themselves counted, not known
            apart = (self.group_of[:, None] == groups) - share
            of_weights = apart / share.sum() - np.outer(apart.sum(axis=1), share / share.sum() ** 2)
            influence = influence + of_weights @ effects
        return float(effects @ weights), np.asarray(influence)

    def _with_errors(
        self, frame: pd.DataFrame, influence: FloatArray, *, is_banded: bool
    ) -> pd.DataFrame:
        missing = np.full(len(frame), np.nan)
        told = frame.assign(se=missing, low=missing, high=missing)
        if is_banded:
            told = told.assign(band_low=missing, band_high=missing)
        if not self.has_errors or not len(frame):
            return told
        se = standard_errors(influence)
        reach = norm.ppf(0.5 + self.params.level / 2) * se
        told = told.assign(se=se, low=told["effect"] - reach, high=told["effect"] + reach)
        if is_banded:
            wide = self._critical(influence, se) * se
            told = told.assign(band_low=told["effect"] - wide, band_high=told["effect"] + wide)
        return told

    def _critical(self, influence: FloatArray, se: FloatArray) -> float:
        """Quantile of the largest |t| over all columns, from random signs of the towns."""
        random = np.random.default_rng(self.params.seed)
        signs = random.choice([-1.0, 1.0], size=(self.params.draws, len(influence)))
        known = se > 0
        t = np.abs(signs @ influence[:, known] / len(influence)) / se[known]
        least = norm.ppf(0.5 + self.params.level / 2)
        return float(max(np.quantile(t.max(axis=1, initial=0.0), self.params.level), least))

    def summary(self) -> str:
        """Say how many towns were compared with how many, and what came out."""
        after = self.aggregate("overall")
        if not len(after):
            return "No comparison could be made."
        row = after.iloc[0]
        never = int(np.isinf(self.group_of).sum())
        error = f" (standard error {row['se']:.3f})" if self.has_errors else ""
        chance = "" if self.p_dealt is None else f"; p = {self.p_dealt:.2g}, events dealt out"
        return (
            f"{self.n_treated} towns with the event against {never} without, {self.outcome}: "
            f"{row['effect']:+.3f}{error}{chance}"
        )


def staggered_effects(
    panel: OutcomePanel,
    events: Mapping[str, int],
    params: StaggeredParams | None = None,
    *,
    covariates: pd.DataFrame | None = None,
) -> StaggeredEffects:
    """
    Compare towns with an event with towns without, group by group.

    Parameters
    ----------
    panel
        Outcome of all towns.
    events
        Year of the event by town; a town that is absent never had one.
    params
        How to compare; the defaults when not given.
    covariates
        What is allowed for, of times before any event: index the towns, a column each.

    Returns
    -------
    StaggeredEffects

    Raises
    ------
    ParameterError
        When no town is left that never had the event, or no town with the event has a count before
        it and one after, or covariates have gaps.
    UnknownTownError
        When an event is told of a town that is not in the panel.
    """
    params = params or StaggeredParams()
    for unit in events:
        panel.position(unit)
    group_of, left_out = _groups(panel, events, params)
    kept = np.array([unit not in left_out for unit in panel.units])
    _refuse_unanswerable(panel, group_of, kept, covariates)
    values = on_scale(panel, EffectParams(scale=params.scale))[kept]
    design = _design(panel, kept, covariates)
    table, influence, notes = group_times(values, panel.years, group_of[kept], design, params)
    effects = Overall(values, panel.years, design, params)
    p = effects.p_of_dealing(group_of[kept]) if params.dealings else None
    return StaggeredEffects(
        outcome=panel.outcome,
        params=params,
        group_time=table,
        influence=influence,
        group_of=group_of[kept],
        left_out=left_out,
        notes=notes,
        p_dealt=p,
    )


def _groups(
    panel: OutcomePanel, events: Mapping[str, int], params: StaggeredParams
) -> tuple[FloatArray, dict[str, str]]:
    """First count that may show the event of each town, and towns for which there is none."""
    years = np.array(panel.years)
    group_of, left_out = np.full(panel.n_units, _NEVER), {}
    for row, unit in enumerate(panel.units):
        if unit not in events:
            continue
        since = years[years >= events[unit]]
        if not len(since):
            left_out[unit] = f"no count in {events[unit]} or later"
        elif not (years < since[0] - params.anticipation_years).any():
            left_out[unit] = f"no count before {events[unit]}; the first is of {years[0]}"
        else:
            group_of[row] = since[0]
    return group_of, left_out


def _refuse_unanswerable(
    panel: OutcomePanel,
    group_of: FloatArray,
    kept: BoolArray,
    covariates: pd.DataFrame | None,
) -> None:
    faults = []
    if not np.isinf(group_of[kept]).any():
        faults.append(
            Fault(
                place="",
                object="towns that never had the event",
                value="0",
                expectation="one at least",
            )
        )
    if not np.isfinite(group_of[kept]).any():
        faults.append(
            Fault(
                place="",
                object="towns with the event, counted before and after it",
                value="0",
                expectation="one at least",
            )
        )
    if covariates is not None:
        asked = covariates.reindex(list(panel.units))
        gaps = np.argwhere(~np.isfinite(asked.to_numpy(dtype=float, na_value=np.nan))).tolist()
        faults += [
            Fault(
                place="",
                object=f"{asked.columns[at]} of {panel.units[row]}",
                value="",
                expectation="a number",
            )
            for row, at in gaps
        ]
    if faults:
        raise ParameterError("\n".join(str(fault) for fault in faults), faults)


def _design(panel: OutcomePanel, kept: BoolArray, covariates: pd.DataFrame | None) -> FloatArray:
    """A column of ones and the covariates, these less their mean and by their spread."""
    ones = np.ones((int(kept.sum()), 1))
    if covariates is None:
        return ones
    given = covariates.loc[list(panel.units)].to_numpy(dtype=np.float64)[kept]
    spread = given.std(axis=0)
    return np.hstack((ones, (given - given.mean(axis=0)) / np.where(spread > 0, spread, 1.0)))
