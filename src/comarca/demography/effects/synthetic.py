"""
Synthetic control: a town set against a mixture of towns that had no such event.

Before the event the mixture goes as the town does; what parts them afterwards is the effect, if
nothing else happened to the town alone, and the event reached none of the donors.

References
----------
.. [1] Abadie, A. and Gardeazabal, J. (2003). The economic costs of conflict: a case study of the
       Basque Country. American Economic Review 93.
.. [2] Abadie, A., Diamond, A. and Hainmueller, J. (2010). Synthetic control methods for comparative
       case studies: estimating the effect of California's tobacco control program. Journal of the
       American Statistical Association 105.
.. [3] Abadie, A. (2021). Using synthetic controls: feasibility, data requirements, and
       methodological aspects. Journal of Economic Literature 59.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from comarca.demography.effects.augment import LEAST_YEARS, augmented
from comarca.demography.effects.panel import OutcomePanel
from comarca.demography.effects.params import EffectParams
from comarca.demography.effects.predictors import fit_predictors
from comarca.demography.effects.simplex import BoolArray, FloatArray, IntArray, most_alike_mixture
from comarca.errors import Fault, ParameterError

SHOWN_FROM = 0.0005
"""Weight from which a donor is listed: the least that rounds to a thousandth."""


@dataclass(frozen=True, eq=False, kw_only=True)
class SyntheticControl:
    """
    A town, the mixture of donors, and the gap between them.

    Parameters
    ----------
    unit, name
        The town.
    outcome
        What was counted.
    event_year
        Counts of this year and later come after the event.
    params
        How it was looked for.
    years
        Of the counts.
    actual, synthetic
        Outcome of the town and of the mixture, shape ``(n_years,)``, in the outcome's own unit.
    gap
        ``actual`` less ``synthetic`` on the scale of the comparison: a number on ``"level"``, a
        difference of logarithms on ``"log"``.
    donors
        Weight of each donor, index id, the largest first; those that were asked and got none too.
    predictors
        Weight of each predictor, index its name; empty where counts alone were followed.
    penalty
        λ of the ridge correction, where there is one.
    names
        Of the donors.
    """

    unit: str
    name: str
    outcome: str
    event_year: int
    params: EffectParams
    years: tuple[int, ...]
    actual: FloatArray
    synthetic: FloatArray
    gap: FloatArray
    donors: pd.Series[float]
    predictors: pd.Series[float]
    penalty: float | None = None
    names: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def is_before(self) -> BoolArray:
        """Which years lie before the event, boolean, shape ``(n_years,)``."""
        return np.array(self.years) < self.event_year

    @property
    def pre_rmspe(self) -> float:
        """Root mean square of the gap before the event."""
        return _root_mean_square(self.gap[self.is_before])

    @property
    def post_rmspe(self) -> float:
        """Root mean square of the gap after it."""
        return _root_mean_square(self.gap[~self.is_before])

    @property
    def mean_gap(self) -> float:
        """Mean gap after the event, on the scale of the comparison."""
        return float(self.gap[~self.is_before].mean())

    @property
    def last_gap(self) -> float:
        """Gap of the last year, on the scale of the comparison."""
        return float(self.gap[-1])

    def effect(self, gap: float) -> float:
        """A gap as a reader takes it: a share on the logarithmic scale, else the number itself."""
        return float(np.expm1(gap)) if self.params.scale == "log" else gap

    def weights(self) -> pd.Series[float]:
        """Donors whose weight rounds to a thousandth or more, either way."""
        return self.donors[self.donors.abs() >= SHOWN_FROM]

    def table(self) -> pd.DataFrame:
        """One row a year: ``year, actual, synthetic, gap, effect, is_after``."""
        return pd.DataFrame(
            {
                "year": self.years,
                "actual": self.actual,
                "synthetic": self.synthetic,
                "gap": self.gap,
                "effect": [self.effect(gap) for gap in self.gap],
                "is_after": ~self.is_before,
            }
        )

    def donor_table(self) -> pd.DataFrame:
        """One row a donor asked: ``unit, name, weight``, the largest weight first."""
        names = [self.names.get(str(unit), str(unit)) for unit in self.donors.index]
        return pd.DataFrame(
            {"unit": self.donors.index, "name": names, "weight": self.donors.to_numpy()}
        )

    def summary(self) -> str:
        """Say what the mixture is made of, and what parted the town from it."""
        mixed = ", ".join(
            f"{self.names.get(str(unit), str(unit))} {weight:.3f}"
            for unit, weight in self.weights().items()
        )
        return "\n".join(
            [
                f"{self.name}, {self.outcome}, set against {mixed}",
                f"gap before {self.event_year}: {self._told(self.pre_rmspe)} (root mean square); "
                f"after: {self._signed(self.mean_gap)} on average, "
                f"{self._signed(self.last_gap)} in {self.years[-1]}",
            ]
        )

    def _told(self, gap: float) -> str:
        return f"{self.effect(gap):.1%}" if self.params.scale == "log" else f"{gap:,.4g}"

    def _signed(self, gap: float) -> str:
        told = f"{self.effect(gap):+.1%}" if self.params.scale == "log" else f"{gap:+,.4g}"
        return told.replace("-", "−")


def synthetic_control(
    panel: OutcomePanel,
    unit: str,
    event_year: int,
    params: EffectParams | None = None,
    *,
    donors: Sequence[str] | None = None,
    predictors: pd.DataFrame | None = None,
    followed_from: int | None = None,
) -> SyntheticControl:
    """
    Mix donors so that the mixture goes as the town does before the event.

    Parameters
    ----------
    panel
        Outcome of the town and the donors.
    unit
        The town.
    event_year
        First year that may show an effect.
    params
        How to look; the defaults when not given.
    donors
        Places that may be mixed; all others of the panel when ``None``.
    predictors
        What is to be met besides, index the places, a column each, of times before the event; for
        ``method="covariates"`` alone.
    followed_from
        First year that the mixture follows; the first of the panel when ``None``.

    Returns
    -------
    SyntheticControl

    Raises
    ------
    ParameterError
        Where no year lies before the event, or none after it, no donor is left, predictors are
        missing or have gaps, a count is not above 0 on the logarithmic scale, or there are too few
        years for a ridge correction.
    UnknownTownError
        When the town or a donor is not in the panel.
    """
    params = params or EffectParams()
    names = [one for one in (donors or panel.units) if one != unit]
    every = panel.only([unit, *names])
    scaled = on_scale(every, params)
    followed = every.before(event_year) & (np.array(every.years) >= (followed_from or -np.inf))
    _refuse_unanswerable(every, followed, event_year, params, predictors)
    town, mixed = scaled[0], scaled[1:].T
    if params.method == "covariates" and predictors is not None:
        met = predictors.loc[[unit, *names]].to_numpy(dtype=np.float64).T
        fit = fit_predictors(met[:, 0], met[:, 1:], town[followed], mixed[followed], params.search)
        weights, penalty = fit.donors, None
        counted_for = pd.Series(fit.predictors, index=list(predictors.columns), dtype=float)
    else:
        weights, penalty = _by_counts(town[followed], mixed[followed], params)
        counted_for = pd.Series(dtype=float)
    synthetic = mixed @ weights
    return SyntheticControl(
        unit=unit,
        name=panel.name_of(unit),
        outcome=panel.outcome,
        event_year=event_year,
        params=params,
        years=panel.years,
        actual=every.outcomes[0],
        synthetic=np.exp(synthetic) if params.scale == "log" else synthetic,
        gap=town - synthetic,
        donors=pd.Series(weights, index=names, dtype=float).sort_values(
            ascending=False, kind="stable"
        ),
        predictors=counted_for,
        penalty=penalty,
        names={one: panel.name_of(one) for one in names},
    )


def on_scale(panel: OutcomePanel, params: EffectParams) -> FloatArray:
    """
    Values on the scale of the comparison, shape ``(n_units, n_years)``.

    Raises
    ------
    ParameterError
        When a logarithm is asked of what is not above 0; every such count is listed.
    """
    if params.scale == "level":
        return panel.outcomes
    faults = [
        Fault(
            place="",
            object=f"{panel.outcome} of {panel.name_of(panel.units[row])} in {panel.years[at]}",
            value=f"{panel.outcomes[row, at]:g}",
            expectation='above 0 on the logarithmic scale; or scale = "level"',
        )
        for row, at in np.argwhere(panel.outcomes <= 0).tolist()
    ]
    if faults:
        raise ParameterError("\n".join(str(fault) for fault in faults), faults)
    return np.asarray(np.log(panel.outcomes))


def _by_counts(
    town: FloatArray, mixed: FloatArray, params: EffectParams
) -> tuple[FloatArray, float | None]:
    def mixture(kept: IntArray) -> FloatArray:
        return most_alike_mixture(mixed[kept] - town[kept][:, None])

    if params.method == "augmented":
        return augmented(town, mixed, mixture)
    return mixture(np.arange(len(town))), None


def _refuse_unanswerable(
    panel: OutcomePanel,
    followed: BoolArray,
    event_year: int,
    params: EffectParams,
    predictors: pd.DataFrame | None,
) -> None:
    years = ", ".join(map(str, panel.years))
    wanted = [
        (not followed.any(), "counts before the event", "0", f"one at least; counted in {years}"),
        (
            bool(panel.before(event_year).all()),
            f"counts in {event_year} or later",
            "0",
            f"one at least; counted in {years}",
        ),
        (panel.n_units < 2, "donors", "0", "one at least"),
        (
            params.method == "augmented" and 0 < followed.sum() < LEAST_YEARS,
            "counts before the event",
            str(int(followed.sum())),
            f"{LEAST_YEARS} or more for a ridge correction, whose penalty is chosen by leaving "
            "one out",
        ),
        (
            params.method == "covariates" and predictors is None,
            "predictors",
            "",
            'a table of them for method = "covariates"',
        ),
    ]
    faults = [
        Fault(place="", object=what, value=value, expectation=told)
        for is_wrong, what, value, told in wanted
        if is_wrong
    ]
    faults += [] if predictors is None else _gaps_in(predictors, panel.units)
    if faults:
        raise ParameterError("\n".join(str(fault) for fault in faults), faults)


def _gaps_in(predictors: pd.DataFrame, units: Sequence[str]) -> list[Fault]:
    asked = predictors.reindex(list(units)).to_numpy(dtype=np.float64, na_value=np.nan)
    return [
        Fault(
            place="",
            object=f"{predictors.columns[column]} of {units[row]}",
            value="",
            expectation="a number; a place without one is no donor",
        )
        for row, column in np.argwhere(~np.isfinite(asked)).tolist()
    ]


def _root_mean_square(values: FloatArray) -> float:
    return float(np.sqrt(np.mean(values**2))) if len(values) else float("nan")
