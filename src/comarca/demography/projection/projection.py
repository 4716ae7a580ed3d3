"""
Project the people of every town of a region, with a fan.

Each town is carried forward by cohorts under its own, its region's or assumed births and deaths,
and under net migration that a table tells or that continues its past growth, drawn towards what is
usual for a town of its size. Drawn futures let births and deaths stray for the region, and growth
for the region and each town alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from os import cpu_count

import numpy as np
import pandas as pd

from comarca.demography.ages import AgedCounts, aged_counts
from comarca.demography.counts import series_of, totals
from comarca.demography.params import DiagnosisParams
from comarca.demography.projection import tables
from comarca.demography.projection.base import BasePopulations, base_populations, base_year_of
from comarca.demography.projection.cohorts import carry_forward, level_that_reaches
from comarca.demography.projection.fan import Shocks
from comarca.demography.projection.life_tables import LAST_AGE, n_groups
from comarca.demography.projection.params import ProjectionParams
from comarca.demography.projection.rates import Array, Rates
from comarca.demography.projection.result import (
    Projection,
    TownFuture,
    projection_of,
    refuse_totals_outside,
)
from comarca.demography.projection.schedules import mean_by_group, migration_shape
from comarca.demography.projection.trends import Trends, past_trends
from comarca.model.region import Region

Progress = Callable[[str, float | None], None]


@dataclass(frozen=True, eq=False, kw_only=True)
class _Inputs:
    """What all towns share: parameters, beginnings, trends, shocks."""

    region: Region
    town_ids: tuple[str, ...]
    params: ProjectionParams
    base: BasePopulations
    persons: Array
    trends: Trends
    shape: Array
    shocks: Shocks
    school: Array
    shared: Mapping[str, Array]


def project_population(
    region: Region,
    params: ProjectionParams | None = None,
    *,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Projection:
    """
    Project every town of a region by sex and age, with a fan.

    Parameters
    ----------
    region
        Its ``population`` table gives counts, by age where known; ``fertility``, ``mortality`` and
        ``migration`` give rates. What it does not tell is assumed, and marked.
    params
        How far, by which steps, and what to assume; the country's defaults when not given.
    threads
        How many towns are drawn at once; one for each processor when not given.
    progress
        Told the stage and the share that is done.

    Returns
    -------
    Projection

    Raises
    ------
    ParameterError
        When no base year is told and no table tells one, or totals of the region lie outside the
        years projected.
    """
    params = params or ProjectionParams.for_region(region)
    inputs = _inputs(region, params)
    tell = progress or (lambda stage, share: None)
    futures: list[TownFuture] = []
    with ThreadPoolExecutor(threads or cpu_count() or 1) as pool:
        work = pool.map(lambda at: _town_future(inputs, at), range(region.n_towns))
        for future in work:
            futures.append(future)
            tell("Drawing futures", len(futures) / region.n_towns)
    return projection_of(region, params, inputs.base, inputs.trends, futures)


def _inputs(region: Region, params: ProjectionParams) -> _Inputs:
    year = base_year_of(region, params.base_year)
    refuse_totals_outside(year, params)
    series = _one_series(region, params, year)
    aged = _up_to(aged_counts(region, LAST_AGE), year)
    deaths, _ = tables.town_rows(region, "mortality", "")
    lived = tables.lived_by_age(deaths, year, params)
    base = base_populations(region, series, aged, year, lived)
    people = base.persons.sum(axis=(1, 2))
    trends = past_trends(series, region.town_ids, people, year, params)
    births, _ = tables.town_rows(region, "fertility", "")
    return _Inputs(
        region=region,
        town_ids=region.town_ids,
        params=params,
        base=base,
        persons=base.grouped(params.age_width),
        trends=trends,
        shape=migration_shape(params.age_width, params),
        shocks=Shocks(params, trends),
        school=_school_shares(params),
        shared={
            "fertility": tables.fertility(births, year, params),
            "survival": tables.survival(deaths, year, params),
        },
    )


def _one_series(region: Region, params: ProjectionParams, year: int) -> pd.DataFrame:
    """Sound totals up to a year: of each town, the series that spans the most years."""
    counts = totals(region, DiagnosisParams())
    counts = counts[counts["expected_persons"].isna() & (counts["year"] <= year)]
    if params.basis is not None:
        counts = counts[counts["basis"] == params.basis]
    counts = counts.assign(series=series_of(counts))
    ends = counts.groupby("series")["year"].agg(["min", "max"])
    reach = counts["series"].map(ends["max"] - ends["min"]).astype(float)
    best = reach.groupby(counts["town_id"]).transform("max")
    kept = counts[reach == best]
    first = kept.groupby("town_id")["series"].transform("min")
    return kept[kept["series"] == first].reset_index(drop=True)


def _up_to(aged: AgedCounts, year: int) -> AgedCounts:
    """Counts by age up to a year; later ones are blanked."""
    late = np.flatnonzero((aged.keys["year"] > year).to_numpy(dtype=bool))
    of_sex = {
        sex: tuple(
            replace(counts, rows=counts.rows[keep], persons=counts.persons[keep])
            for counts in groups
            if (keep := ~np.isin(counts.rows, late)).any()
        )
        for sex, groups in aged.of_sex.items()
    }
    return replace(aged, of_sex=of_sex)


def _school_shares(params: ProjectionParams) -> Array:
    """Share of each age group that is of school age."""
    ages = np.arange(LAST_AGE + 1)
    is_in = (ages >= params.school_age_from) & (ages <= params.school_age_to)
    return mean_by_group(is_in.astype(float), params.age_width)


def _town_future(inputs: _Inputs, at: int) -> TownFuture:
    """One town: its rates, its course and its drawn futures."""
    from comarca.demography.projection.engine.fan import drawn_futures

    params, town = inputs.params, inputs.town_ids[at]
    persons = inputs.persons[at]
    rates, sources = _rates(inputs, at)
    central = carry_forward(persons, rates)
    shape = _unit_shape(inputs.shape, persons)
    drawn = drawn_futures(
        persons,
        rates.survival,
        rates.fertility,
        rates.male_share,
        rates.migrants,
        rates.migration,
        shape,
        inputs.shocks.of_town(town, float(persons.sum())),
        params.age_width,
        inputs.school,
    )
    return TownFuture(town_id=town, central=central, drawn=drawn, sources=sources)


def _unit_shape(shape: Array, persons: Array) -> Array:
    """The model schedule for both sexes, scaled so that people move at rate 1 on average."""
    weights = persons.sum(axis=0)
    everybody = weights.sum()
    mean = (shape * weights).sum() / everybody if everybody > 0 else 1.0
    return np.tile(shape / mean, (2, 1))


def _rates(inputs: _Inputs, at: int) -> tuple[Rates, Mapping[str, str]]:
    """Births, deaths and moves of one town, and where each comes from."""
    params, region, year = inputs.params, inputs.region, inputs.base.year
    town, persons = inputs.town_ids[at], inputs.persons[at]
    births, births_from = tables.town_rows(region, "fertility", town)
    deaths, deaths_from = tables.town_rows(region, "mortality", town)
    own_births = births_from == "own"
    own_deaths = deaths_from == "own"
    empty = np.zeros((params.n_steps, 2, n_groups(params.age_width)))
    rates = Rates(
        width=params.age_width,
        survival=tables.survival(deaths, year, params) if own_deaths else inputs.shared["survival"],
        fertility=tables.fertility(births, year, params)
        if own_births
        else inputs.shared["fertility"],
        male_share=np.full(params.n_steps, params.boys_per_girl / (1 + params.boys_per_girl)),
        migrants=empty,
        migration=empty,
    )
    moves, moves_from = tables.town_rows(region, "migration", town)
    if moves is not None:
        told = tables.migration(moves, persons, year, inputs.shape, params)
        rates = replace(rates, migrants=told.migrants, migration=told.migration)
    elif params.migration == "trend" and not np.isnan(inputs.trends.own[at]):
        rates, moves_from = _continuing(rates, persons, inputs, at), "trend"
    elif params.migration == "trend" and not np.isnan(inputs.trends.own).all():
        rates, moves_from = _continuing(rates, persons, inputs, at), "region's trend"
    else:
        moves_from = "none"
    sources = {"fertility": births_from, "mortality": deaths_from, "migration": moves_from}
    return rates, sources


def _continuing(rates: Rates, persons: Array, inputs: _Inputs, at: int) -> Rates:
    """Rates of migration under which the next years of the trend's span grow as it has it."""
    everybody = float(persons.sum())
    if everybody <= 0:
        return rates
    n_steps = min(max(inputs.params.trend_years // rates.width, 1), rates.n_steps)
    growth = np.exp(n_steps * rates.width * float(inputs.trends.expected[at]))
    shape = _unit_shape(inputs.shape, persons)
    level = level_that_reaches(persons, rates, shape, everybody * growth, n_steps)
    return replace(rates, migration=np.tile(level * shape, (rates.n_steps, 1, 1)))
