"""What a projection says: courses, fans, and how likely a town is to empty."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from comarca.demography.projection.base import BasePopulations
from comarca.demography.projection.cohorts import Carried
from comarca.demography.projection.life_tables import LAST_AGE
from comarca.demography.projection.params import ProjectionParams
from comarca.demography.projection.rates import Array
from comarca.demography.projection.trends import Trends
from comarca.errors import Fault, ParameterError
from comarca.model.parameters import DefaultUsed
from comarca.model.region import Region
from comarca.wording import counted

Years = NDArray[np.int64]
QUANTILES: Mapping[str, float] = MappingProxyType(
    {"low_95": 0.025, "low_80": 0.1, "median": 0.5, "high_80": 0.9, "high_95": 0.975}
)
"""Columns of the fan and the share of draws below each."""


@dataclass(frozen=True, eq=False, kw_only=True)
class TownFuture:
    """One town's course and drawn futures; ``drawn`` has shape ``(2, n_steps + 1, n_draws)``."""

    town_id: str
    central: Carried
    drawn: Array
    sources: Mapping[str, str]


@dataclass(frozen=True, eq=False, kw_only=True)
class Projection:
    """
    Where the people of a region's towns are heading.

    Parameters
    ----------
    towns
        One row a town and year: ``town_id, name, year, persons`` (the course under rates as
        expected), ``low_95, low_80, median, high_80, high_95`` (the fan), ``pupils`` (of school
        age, by the course), ``p_half`` and ``p_school`` (share of draws below half of today's
        people, and with fewer residents of school age than a school needs).
    region
        The same of all towns together: ``year, persons, low_95, low_80, median, high_80, high_95``.
    changes
        One row a town and step: ``town_id, year_from, year_to, births, deaths, net_migrants,
        adjustment`` (what a total of the region made necessary); they add up to the change of
        ``persons``.
    inputs
        One row a town: ``town_id, name, persons``, and where total, ages, fertility, mortality and
        migration come from (``total_from, ages_from, ...``); ``past_rate`` and ``expected_rate``,
        yearly growth of the trend.
    persons
        Courses by sex and age, shape ``(n_towns, n_steps + 1, 2, n_groups)``, women first.
    base_year, age_width
        Where it begins, and years of an age group and step.
    params
        What it was asked.
    trends
        How past growth was read, and how far it strayed.
    assumed
        Every default that was relied on.
    notes
        What a reader has to know, a sentence each.
    """

    towns: pd.DataFrame
    region: pd.DataFrame
    changes: pd.DataFrame
    inputs: pd.DataFrame
    persons: Array
    base_year: int
    age_width: int
    params: ProjectionParams
    trends: Trends
    assumed: tuple[DefaultUsed, ...]
    notes: tuple[str, ...]

    def ages(self) -> pd.DataFrame:
        """Courses by sex and age: ``town_id, year, sex, age_from, age_to, persons``."""
        _, n_years, _, n_ages = self.persons.shape
        first = np.arange(n_ages) * self.age_width
        last = pd.Series([*(first[1:] - 1), pd.NA], dtype="Int64")
        years = self.base_year + np.arange(n_years) * self.age_width
        index = pd.MultiIndex.from_product(
            [self.inputs["town_id"], years, ["female", "male"], first],
            names=["town_id", "year", "sex", "age_from"],
        )
        frame = pd.DataFrame({"persons": self.persons.ravel()}, index=index).reset_index()
        frame.insert(4, "age_to", frame["age_from"].map(dict(zip(first, last, strict=True))))
        frame["age_to"] = frame["age_to"].astype("Int64")
        return frame

    def depopulating(self, chance: float = 0.5) -> pd.DataFrame:
        """
        First year by which a town is as likely as this to fall below half, or to lose its school.

        Returns
        -------
        pandas.DataFrame
            ``town_id, name, half_year, school_year``; missing where it never is.
        """
        first = {}
        for name, column in (("half_year", "p_half"), ("school_year", "p_school")):
            likely = self.towns[self.towns[column] >= chance]
            first[name] = likely.groupby("town_id", sort=False)["year"].min()
        found = self.inputs[["town_id", "name"]].set_index("town_id")
        return found.assign(**first).reset_index().astype(dict.fromkeys(first, "Int64"))

    def summary(self) -> str:
        """Say in a few lines where the region is heading, and which towns empty."""
        first, last = self.region.iloc[0], self.region.iloc[-1]
        end = int(last["year"])
        of_end = self.towns[self.towns["year"] == end]
        changes = of_end["persons"].to_numpy() / np.maximum(self.inputs["persons"].to_numpy(), 1e-9)
        lines = [
            f"{counted(len(self.inputs), 'town')}, {first['persons']:,.0f} people in "
            f"{self.base_year}; {last['persons']:,.0f} in {end}, four in five futures "
            f"{last['low_80']:,.0f} to {last['high_80']:,.0f}",
            f"  {(changes < 1).sum():,} towns have fewer people then; half or less is as likely as "
            f"not in {(of_end['p_half'] >= 0.5).sum():,}, too few pupils in "
            f"{(of_end['p_school'] >= 0.5).sum():,}",
        ]
        return "\n".join(lines + [f"note: {note}" for note in self.notes])


def projection_of(
    region: Region,
    params: ProjectionParams,
    base: BasePopulations,
    trends: Trends,
    futures: Sequence[TownFuture],
) -> Projection:
    """
    Put the towns' futures together, and make them meet the totals of the region.
    """
    years = np.array([base.year + n * params.age_width for n in range(params.n_steps + 1)])
    persons = np.stack([future.central.persons for future in futures])
    factors = _factors(persons.sum(axis=(0, 2, 3)), years, params)
    drawn = np.stack([future.drawn for future in futures])
    drawn *= factors[:, None]  # in place: of many towns this is the largest array
    scaled = persons * factors[:, None, None]
    inputs = _inputs_table(region, base, trends, futures, persons)
    return Projection(
        towns=_towns_table(inputs, years, scaled, drawn, params),
        region=_region_table(years, scaled, drawn),
        changes=_changes_table(futures, years, persons, scaled),
        inputs=inputs,
        persons=scaled,
        base_year=base.year,
        age_width=params.age_width,
        params=params,
        trends=trends,
        assumed=_relied_on(params, inputs, trends),
        notes=_notes(inputs, trends, params),
    )


def refuse_totals_outside(first: int, params: ProjectionParams) -> None:
    """Refuse totals of the region for years that are not projected, with a `ParameterError`."""
    last = first + params.years
    steps = range(first + params.age_width, last + 1, params.age_width)
    outside = [year for year in params.region_totals if year not in steps]
    if outside:
        fault = Fault(
            place="",
            object="region_totals",
            value=", ".join(map(str, outside)),
            expectation=f"years after {first}, up to {last}"
            + (f", at steps of {params.age_width}" if params.age_width > 1 else ""),
        )
        raise ParameterError(f"ProjectionParams: {fault}", [fault])


def _factors(course: Array, years: Years, params: ProjectionParams) -> Array:
    """By how much all towns are scaled in each year so that the region's totals are met."""
    told = dict(sorted(params.region_totals.items()))
    if not told:
        return np.ones(len(years))
    known = np.array([years[0], *told])
    logs = np.log([course[0], *told.values()])
    goal = np.exp(np.interp(years, known, logs))
    factors = goal / np.maximum(course, 1e-9)
    after = years > known[-1]
    if after.any():  # what was off in the last year told stays off
        factors[after] = factors[~after][-1]
    return np.asarray(factors)


def _inputs_table(
    region: Region,
    base: BasePopulations,
    trends: Trends,
    futures: Sequence[TownFuture],
    persons: Array,
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "town_id": pd.array(region.town_ids, dtype="string"),
            "name": region.towns["name"].to_numpy(),
            "persons": persons[:, 0].sum(axis=(1, 2)),
            "total_from": base.totals_from,
            "ages_from": base.ages_from,
            "fertility_from": [future.sources["fertility"] for future in futures],
            "mortality_from": [future.sources["mortality"] for future in futures],
            "migration_from": [future.sources["migration"] for future in futures],
            "past_rate": trends.own,
            "expected_rate": trends.expected,
        }
    )


def _towns_table(
    inputs: pd.DataFrame, years: Years, scaled: Array, drawn: Array, params: ProjectionParams
) -> pd.DataFrame:
    n_towns, n_years = scaled.shape[:2]
    everybody, pupils = drawn[:, 0], drawn[:, 1]
    today = everybody[:, :1, :1]
    n_ages = scaled.shape[-1]
    ages = np.arange(LAST_AGE + 1)
    in_school = (ages >= params.school_age_from) & (ages <= params.school_age_to)
    closed = in_school[:LAST_AGE].reshape(n_ages - 1, -1).mean(axis=1)
    school = np.append(closed, 0.0)
    columns = {
        "town_id": inputs["town_id"].repeat(n_years).array,
        "name": inputs["name"].repeat(n_years).array,
        "year": np.tile(years, n_towns),
        "persons": scaled.sum(axis=(2, 3)).ravel(),
        **_fan(everybody),
        "pupils": (scaled.sum(axis=2) @ school).ravel(),
        "p_half": (everybody < params.half * today).mean(axis=2).ravel(),
        "p_school": (pupils < params.school_pupils).mean(axis=2).ravel(),
    }
    return pd.DataFrame(columns)


def _fan(drawn: Array) -> dict[str, Array]:
    """Quantiles over the last axis, by column."""
    found = np.quantile(drawn, list(QUANTILES.values()), axis=-1)
    return {name: found[at].ravel() for at, name in enumerate(QUANTILES)}


def _region_table(years: Years, scaled: Array, drawn: Array) -> pd.DataFrame:
    together = drawn[:, 0].sum(axis=0)
    return pd.DataFrame({"year": years, "persons": scaled.sum(axis=(0, 2, 3)), **_fan(together)})


def _changes_table(
    futures: Sequence[TownFuture], years: Years, persons: Array, scaled: Array
) -> pd.DataFrame:
    n_steps = len(years) - 1
    changes = {
        "births": np.stack([future.central.births for future in futures]),
        "deaths": np.stack([future.central.deaths for future in futures]),
        "net_migrants": np.stack([future.central.net_migrants for future in futures]),
    }
    added = (scaled - persons).sum(axis=(2, 3))
    ids = pd.array([future.town_id for future in futures], dtype="string")
    return pd.DataFrame(
        {
            "town_id": ids.repeat(n_steps),
            "year_from": np.tile(years[:-1], len(futures)),
            "year_to": np.tile(years[1:], len(futures)),
            **{name: values.ravel() for name, values in changes.items()},
            "adjustment": np.diff(added, axis=1).ravel(),
        }
    )


_OF_SOURCE: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "fertility_from": ("total_fertility", "mean_age_of_mothers", "spread_of_mothers"),
        "mortality_from": (
            "life_expectancy_female",
            "life_expectancy_male",
            "siler_female",
            "siler_male",
        ),
    }
)
_LEARNED = ("trend_kept", "trend_half_persons", "drift_sd", "drift_sd_small")


def _relied_on(
    params: ProjectionParams, inputs: pd.DataFrame, trends: Trends
) -> tuple[DefaultUsed, ...]:
    """Defaults that this projection used; those that tables or the past replaced are left out."""
    unused = {
        setting
        for column, settings in _OF_SOURCE.items()
        if not (inputs[column] == "assumed").any()
        for setting in settings
    }
    if trends.n_learned:
        unused.update(_LEARNED)
    return tuple(
        used for used in params.defaults_used() if used.setting.partition(".")[2] not in unused
    )


def _notes(inputs: pd.DataFrame, trends: Trends, params: ProjectionParams) -> tuple[str, ...]:
    notes = []
    for column, told in (
        ("ages_from", "ages are assumed: nobody was counted by age"),
        ("fertility_from", f"births are assumed, {params.total_fertility:g} children a woman"),
        ("mortality_from", "deaths are assumed, from a life expectancy"),
    ):
        n = int((inputs[column] == "assumed").sum())
        if n:
            notes.append(f"of {counted(n, 'town')} {told}")
    uncounted = int((inputs["total_from"] == "towns").sum())
    if uncounted:
        notes.append(
            f"of {counted(uncounted, 'town')} nobody was counted in the base year; the people are "
            "those of the table towns"
        )
    borrowed = int(inputs["ages_from"].isin(["division", "region"]).sum())
    if borrowed:
        notes.append(f"{counted(borrowed, 'town')} borrow their ages from other towns")
    still = int((inputs["migration_from"] == "none").sum())
    if still and params.migration == "trend":
        notes.append(f"of {counted(still, 'town')} no past is known; nobody is taken to move")
    if trends.n_learned:
        notes.append(
            f"how trends hold was learned from {trends.n_learned:,} towns: of its own departure a "
            f"large town keeps {trends.kept:.0%}, one of {trends.half_persons:,.0f} people half of "
            "that"
        )
    return tuple(notes)
