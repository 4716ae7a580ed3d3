"""
What size and density are worth: the elasticity of wage, or of output per worker, over towns.

``ln y = a + b ln(size) [+ c ln(density)] + e``, ordinary least squares, with standard errors that
hold when the spread of *e* differs between small and large towns (HC3 [1]_). It is an association
over towns, not an effect: people who earn more may choose large towns.

References
----------
.. [1] MacKinnon, J. G. and White, H. (1985). Some heteroskedasticity-consistent covariance matrix
       estimators with improved finite sample properties. Journal of Econometrics 29(3), 305-325.
.. [2] Combes, P.-P. and Gobillon, L. (2015). The empirics of agglomeration economies. Handbook of
       Regional and Urban Economics 5, 247-348.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from comarca.industry.specialisation import Floats
from comarca.model.parameters import Params, assumed
from comarca.model.region import Region, values_of
from comarca.wording import counted

Outcome = Literal["wage", "output"]
_WORDS = {"wage": "hourly wage", "output": "output per worker"}


class AgglomerationParams(Params):
    """
    When an elasticity is estimated.

    Parameters
    ----------
    min_towns
        Towns with all figures that are needed; fewer are refused.
    """

    min_towns: int = assumed("industry.agglomeration.min_towns", ge=4)


@dataclass(frozen=True, kw_only=True)
class Elasticity:
    """
    A coefficient with its uncertainty.

    Parameters
    ----------
    value
        Per cent more of the outcome for one per cent more.
    standard_error
        HC3.
    p
        Two-sided, of a value of 0, from Student's t.
    low, high
        95 % confidence interval.
    """

    value: float
    standard_error: float
    p: float
    low: float
    high: float


@dataclass(frozen=True, kw_only=True)
class AgglomerationEffect:
    """
    How wage or output rises with size and density over the towns of a region.

    Parameters
    ----------
    outcome
        ``"wage"``, an hour, over all skills; or ``"output"`` per worker.
    n_towns
        Towns that have all figures.
    of
        By ``"size"`` and, where areas of towns are known, ``"density"``; empty when refused.
    r2
        Share of the variance of the logarithm explained; ``nan`` when refused.
    refusal
        Why nothing was estimated; blank otherwise.
    """

    outcome: Outcome
    n_towns: int
    of: Mapping[str, Elasticity]
    r2: float
    refusal: str = ""

    def summary(self) -> str:
        """Say it in a sentence."""
        if self.refusal:
            return f"elasticity of {_WORDS[self.outcome]}: not estimated, {self.refusal}"
        told = ", ".join(
            f"{name} {one.value:+.3f} (s.e. {one.standard_error:.3f}, p {one.p:.2g})"
            for name, one in self.of.items()
        )
        return (
            f"elasticity of {_WORDS[self.outcome]} to {told}; "
            f"{counted(self.n_towns, 'town')}, R² {self.r2:.2f}"
        )


def agglomeration_effect(
    region: Region, outcome: Outcome = "wage", params: AgglomerationParams | None = None
) -> AgglomerationEffect:
    """
    Estimate the elasticity of wage or output per worker to size and density.

    Parameters
    ----------
    region
        ``labour.wage_per_h`` and its workers for wages; ``employment.output`` and its persons for
        output, of the last year each town has them; ``towns.population``, and ``towns.area_km2``
        for density.
    outcome
        What is explained.
    params
        The fewest towns; the defaults when not given.

    Returns
    -------
    AgglomerationEffect
        With a refusal where too few towns have the figures, or all are of one size.
    """
    params = params or AgglomerationParams()
    made = _wages(region) if outcome == "wage" else _output_per_worker(region)
    people = pd.Series(values_of(region.towns, "population"), index=list(region.town_ids))
    area = pd.Series(values_of(region.towns, "area_km2"), index=list(region.town_ids))
    frame = pd.DataFrame({"y": made, "size": people})
    if (area > 0).sum() >= params.min_towns:
        frame["density"] = people / area
    figures = frame.to_numpy(dtype=np.float64)
    usable = frame[np.isfinite(figures).all(axis=1) & (figures > 0).all(axis=1)]
    if refusal := _refusal(usable, outcome, params):
        return AgglomerationEffect(
            outcome=outcome, n_towns=len(usable), of={}, r2=float("nan"), refusal=refusal
        )
    logs = np.log(usable.to_numpy())
    of, r2 = _fit(logs[:, 0], logs[:, 1:], list(usable.columns[1:]))
    return AgglomerationEffect(outcome=outcome, n_towns=len(usable), of=of, r2=r2)


def _refusal(usable: pd.DataFrame, outcome: Outcome, params: AgglomerationParams) -> str:
    if len(usable) < params.min_towns:
        return (
            f"{_WORDS[outcome]} and population are known of {counted(len(usable), 'town')}; "
            f"{params.min_towns} are needed"
        )
    design = np.column_stack((np.ones(len(usable)), np.log(usable.to_numpy()[:, 1:])))
    if np.linalg.matrix_rank(design) < design.shape[1]:
        return "the towns do not differ in size, or differ in size and density alike"
    return ""


def _wages(region: Region) -> pd.Series[float]:
    """Mean wage of each town over the skills whose wage is told, weighted by their workers."""
    table = region.table("labour")
    if table is None:
        return pd.Series(dtype=np.float64)
    told = table[table["wage_per_h"].notna() & (table["workers"] > 0)]
    workers = pd.Series(values_of(told, "workers"), index=told["town_id"].astype(str))
    paid = pd.Series(values_of(told, "wage_per_h") * workers.to_numpy(), index=workers.index)
    return paid.groupby(level=0).sum() / workers.groupby(level=0).sum()


def _output_per_worker(region: Region) -> pd.Series[float]:
    from comarca.industry.counts import industry_counts

    counts = industry_counts(region)
    if counts is None:
        return pd.Series(dtype=np.float64)
    ratio = np.full(len(counts.town_ids), np.nan)
    persons, output = counts.persons.sum(axis=-1), counts.output.sum(axis=-1)
    # One year for all: prices of different years must not be mixed.
    known = np.isfinite(output) & (persons > 0)
    at = len(counts.years) - 1 - int(np.argmax(known.sum(axis=1)[::-1]))
    ratio[known[at]] = output[at][known[at]] / persons[at][known[at]]
    return pd.Series(ratio, index=list(counts.town_ids))


def _fit(y: Floats, x: Floats, names: list[str]) -> tuple[dict[str, Elasticity], float]:
    """Least squares with HC3 standard errors."""
    from scipy import stats

    design = np.column_stack((np.ones(len(y)), x))
    inverse = np.linalg.inv(design.T @ design)
    beta = inverse @ design.T @ y
    residual = y - design @ beta
    leverage = np.einsum("ij,jk,ik->i", design, inverse, design)
    # A town that alone fixes a coefficient has leverage 1 and no residual of its own.
    scaled = np.divide(
        residual, 1 - leverage, out=np.zeros_like(residual), where=leverage < 1 - 1e-12
    )
    meat = (design * scaled[:, None] ** 2).T @ design
    errors = np.sqrt(np.diag(inverse @ meat @ inverse))
    freedom = len(y) - design.shape[1]
    reach = float(stats.t.ppf(0.975, freedom))
    of = {
        name: Elasticity(
            value=float(b),
            standard_error=float(error),
            p=float(2 * stats.t.sf(abs(b) / error, freedom)) if error > 0 else 0.0,
            low=float(b - reach * error),
            high=float(b + reach * error),
        )
        for name, b, error in zip(names, beta[1:].tolist(), errors[1:].tolist(), strict=True)
    }
    spread = float(((y - y.mean()) ** 2).sum())
    return of, 1 - float((residual**2).sum()) / spread if spread > 0 else float("nan")
