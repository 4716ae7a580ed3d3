"""Age schedules that stand in where only a total is told: births, deaths, migration."""

from __future__ import annotations

import numpy as np

from comarca.demography.projection.life_tables import (
    LAST_AGE,
    n_groups,
    rates_for_expectancy,
    siler_rates,
)
from comarca.demography.projection.params import ProjectionParams
from comarca.demography.projection.rates import Array
from comarca.demography.projection.rogers_castro import RogersCastro

STANDARD_AGES: Array = np.array([0.0, 1.0, *range(5, LAST_AGE + 1, 5)])
"""First ages of the standard's bands."""
_FERTILE = (15, 50)


def middles(width: int) -> Array:
    """Middle of each age group, years; of the open-ended one as if it were as wide."""
    return np.asarray(np.arange(n_groups(width)) * width + width / 2, dtype=np.float64)


def births_by_age(total: float, width: int, params: ProjectionParams) -> Array:
    """
    Births a woman and year in each age group, of a total of children a woman.

    Ages of mothers are normal around their mean, from 15 to 49.
    """
    ages = middles(1)
    weight = np.exp(-(((ages - params.mean_age_of_mothers) / params.spread_of_mothers) ** 2) / 2)
    weight[(ages < _FERTILE[0]) | (ages > _FERTILE[1])] = 0.0
    return mean_by_group(total * weight / weight.sum(), width)


def mean_by_group(by_year: Array, width: int) -> Array:
    """Mean of yearly values over each age group; the last stands for the open-ended one."""
    closed = by_year[:LAST_AGE].reshape(-1, width).mean(axis=1)
    return np.append(closed, by_year[LAST_AGE])


def standard_death_rates(expectancy: float, params: ProjectionParams, *, is_female: bool) -> Array:
    """Death rates at :data:`STANDARD_AGES` that give a life expectancy."""
    parameters = params.siler_female if is_female else params.siler_male
    standard = siler_rates(STANDARD_AGES, parameters)
    return rates_for_expectancy(STANDARD_AGES, standard, expectancy, is_female=is_female)


def migration_shape(width: int, params: ProjectionParams) -> Array:
    """By age group, how much more or less people move than on average over all ages."""
    a1, alpha1, a2, alpha2, mu2, lambda2, c = params.rogers_castro
    schedule = RogersCastro(
        children=a1,
        children_decline=alpha1,
        young=a2,
        young_decline=alpha2,
        young_age=mu2,
        young_ascent=lambda2,
        constant=c,
    )
    return mean_by_group(schedule.shape(middles(1)), width)
