"""
Rates from a region's tables: births, deaths and migration of one town, step by step.

Rates told for a year hold until the next year told; before the first, the first hold. A town with
rows of its own uses them alone, whole; other towns use the rows without a town. What no row tells
is assumed, and said so.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from comarca.demography.projection.life_tables import LAST_AGE, n_groups, survival_ratios
from comarca.demography.projection.params import ProjectionParams
from comarca.demography.projection.rates import FEMALE, Array
from comarca.demography.projection.rogers_castro import LEAST_RATES, fit_rogers_castro
from comarca.demography.projection.schedules import (
    STANDARD_AGES,
    births_by_age,
    mean_by_group,
    middles,
    standard_death_rates,
)
from comarca.model.region import Region, values_of

_SEXES = ("female", "male")


def town_rows(region: Region, table: str, town_id: str) -> tuple[pd.DataFrame | None, str]:
    """Rows of a table that hold for a town, and ``"own"``, ``"region"`` or ``"assumed"``."""
    frame = region.table(table)
    if frame is None:
        return None, "assumed"
    own = frame[(frame["town_id"] == town_id).fillna(False)]
    if len(own):
        return own, "own"
    shared = frame[frame["town_id"].isna()]
    return (shared, "region") if len(shared) else (None, "assumed")


def in_force(rows: pd.DataFrame, year: float) -> pd.DataFrame:
    """Rows of the last year told that is no later; of the first where all are later."""
    years = rows["year"].astype(int)
    earlier = years[years <= year]
    return rows[years == (earlier.max() if len(earlier) else years.min())]


def middle_years(base_year: int, params: ProjectionParams) -> Array:
    """Middle of each step, years."""
    steps = np.arange(params.n_steps, dtype=np.float64)
    return np.asarray(base_year + params.age_width * (steps + 0.5))


def by_single_age(rows: pd.DataFrame, column: str) -> Array:
    """Values of age bands at each single age from 0 to the last; 0 where no band is."""
    values = np.zeros(LAST_AGE + 1)
    low, high = values_of(rows, "age_from"), values_of(rows, "age_to")
    for first, last, value in zip(low, high, values_of(rows, column), strict=True):
        end = LAST_AGE + 1 if np.isnan(last) else int(last) + 1
        values[int(first) : end] = value
    return values


def fertility(rows: pd.DataFrame | None, base_year: int, params: ProjectionParams) -> Array:
    """Births a woman and year, shape ``(n_steps, n_groups)``."""
    width = params.age_width
    if rows is None:
        assumed = births_by_age(params.total_fertility, width, params)
        return np.tile(assumed, (params.n_steps, 1))
    steps = []
    for year in middle_years(base_year, params):
        told = in_force(rows, year)
        if told["age_from"].isna().any():
            steps.append(births_by_age(float(told["births_per_woman"].iloc[0]), width, params))
        else:
            steps.append(mean_by_group(by_single_age(told, "births_per_woman"), width))
    return np.array(steps)


def survival(rows: pd.DataFrame | None, base_year: int, params: ProjectionParams) -> Array:
    """Survival ratios, shape ``(n_steps, 2, n_groups + 1)``, with the decline of mortality."""
    told_last = base_year if rows is None else int(rows["year"].max())
    known: dict[int, Array] = {}
    steps = []
    for year in middle_years(base_year, params):
        told = None if rows is None else in_force(rows, year)
        key = 0 if told is None else int(told["year"].iloc[0])
        if key not in known:
            known[key] = np.stack([_ratios(told, sex, params) for sex in _SEXES])
        years_on = max(year - max(told_last, base_year), 0.0)
        fall = np.exp(-params.mortality_decline * years_on)
        steps.append(1 - (1 - known[key]) * fall)
    return np.array(steps)


def _ratios(told: pd.DataFrame | None, sex: str, params: ProjectionParams) -> Array:
    ages, rates = death_rates(told, sex, params)
    return survival_ratios(ages, rates, params.age_width, is_female=sex == "female")


def death_rates(
    told: pd.DataFrame | None, sex: str, params: ProjectionParams
) -> tuple[Array, Array]:
    """First ages and death rates of one sex, as told or as assumed."""
    is_female = sex == "female"
    assumed = params.life_expectancy_female if is_female else params.life_expectancy_male
    if told is None:
        return STANDARD_AGES, standard_death_rates(assumed, params, is_female=is_female)
    of_sex = told[(told["sex"] == sex).fillna(False)]
    rows = of_sex if len(of_sex) else told[told["sex"].isna()]
    if not len(rows):  # only the other sex is told of
        return STANDARD_AGES, standard_death_rates(assumed, params, is_female=is_female)
    if rows["age_from"].isna().any():
        expectancy = float(rows["life_expectancy"].iloc[0])
        return STANDARD_AGES, standard_death_rates(expectancy, params, is_female=is_female)
    rows = rows.sort_values("age_from")
    return values_of(rows, "age_from"), values_of(rows, "death_rate")


@dataclass(frozen=True, eq=False, kw_only=True)
class Moves:
    """
    Net migration as a table tells it.

    Parameters
    ----------
    migrants, migration
        Persons and rates of each step, shape ``(n_steps, 2, n_groups)``.
    """

    migrants: Array
    migration: Array


def migration(
    rows: pd.DataFrame, persons: Array, base_year: int, shape: Array, params: ProjectionParams
) -> Moves:
    """
    Net migration told by a table; totals are shared out by the model schedule.

    Parameters
    ----------
    rows
        Rows of one town, or of all towns alike: then only rates make sense.
    persons
        The town's people at the beginning, shape ``(2, n_groups)``.
    base_year
        Where the projection begins.
    shape
        The model schedule by age group.
    params
        Width of groups and steps.
    """
    empty = np.zeros((params.n_steps, 2, n_groups(params.age_width)))
    moves = Moves(migrants=empty, migration=empty.copy())
    for step, year in enumerate(middle_years(base_year, params)):
        told = in_force(rows, year)
        for sex, name in enumerate(_SEXES):
            of_sex = told[(told["sex"] == name).fillna(False)]
            both = told[told["sex"].isna()]
            part = 1.0 if len(of_sex) else _share(persons, sex)
            chosen = of_sex if len(of_sex) else both
            _add_step(moves, step, sex, chosen, part, persons[sex], shape, params)
    return moves


def _share(persons: Array, sex: int) -> float:
    everybody = float(persons.sum())
    return float(persons[sex].sum()) / everybody if everybody > 0 else 0.5


def _add_step(
    moves: Moves,
    step: int,
    sex: int,
    rows: pd.DataFrame,
    part: float,
    persons: Array,
    shape: Array,
    params: ProjectionParams,
) -> None:
    width = params.age_width
    is_total = rows["age_from"].isna()
    for row in rows[is_total].to_dict("records"):
        if pd.notna(row["net_rate"]):
            scale = _mean_shape(shape, persons)
            moves.migration[step, sex] += width * float(row["net_rate"]) * shape / scale
        else:
            weights = np.maximum(shape * persons, 0.0)
            whole = weights.sum()
            if whole > 0:
                told = float(row["net_persons"])
                moves.migrants[step, sex] += width * part * told * weights / whole
    by_age = rows[~is_total]
    if len(by_age):
        rates = by_age[by_age["net_rate"].notna()]
        moves.migration[step, sex] += width * _smoothed(rates, width)
        counts = by_age[by_age["net_persons"].notna()]
        moves.migrants[step, sex] += width * part * _shared_out(counts, width)


def _mean_shape(shape: Array, persons: Array) -> float:
    everybody = persons.sum()
    return float((shape * persons).sum() / everybody) if everybody > 0 else 1.0


def _smoothed(rows: pd.DataFrame, width: int) -> Array:
    """Rates by age group: the model schedule through many bands of one sign, else as told."""
    given = mean_by_group(by_single_age(rows, "net_rate"), width)
    low, high = values_of(rows, "age_from"), values_of(rows, "age_to")
    high = np.where(np.isnan(high), np.maximum(low + width, LAST_AGE), high + 1)
    rates = values_of(rows, "net_rate")
    sign = 1.0 if (rates >= 0).all() else -1.0
    if len(rates) < LEAST_RATES or not (sign * rates >= 0).all() or not rates.any():
        return given
    schedule, _ = fit_rogers_castro((low + high) / 2, sign * rates)
    return sign * mean_by_group(schedule.rates(middles(1)), width)


def _shared_out(rows: pd.DataFrame, width: int) -> Array:
    """Persons by age group, each band spread evenly over its years; an open one over twenty."""
    values = np.zeros(LAST_AGE + 1)
    low, high = values_of(rows, "age_from"), values_of(rows, "age_to")
    for first, last, count in zip(low, high, values_of(rows, "net_persons"), strict=True):
        start = min(int(first), LAST_AGE)
        end = min(start + 20 if np.isnan(last) else int(last) + 1, LAST_AGE + 1)
        values[start:end] += count / (end - start)
    closed = values[:LAST_AGE].reshape(-1, width).sum(axis=1)
    return np.append(closed, values[LAST_AGE])


def lived_by_age(rows: pd.DataFrame | None, base_year: int, params: ProjectionParams) -> Array:
    """Share of a stationary population at each single age, shape ``(2, LAST_AGE + 1)``."""
    told = None if rows is None else in_force(rows, base_year)
    single = params.model_copy(update={"age_width": 1})
    found = np.ones((2, LAST_AGE + 1))
    for sex, name in enumerate(_SEXES):
        ratios = _ratios(told, name, single)
        found[sex] = np.cumprod(ratios[:-1])
        found[sex, -1] /= max(1 - ratios[-1], 1e-3)
    return np.asarray(found / found[FEMALE].sum())
