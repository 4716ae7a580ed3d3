"""
Life tables: who is still there some years on.

Death rates by age become person-years lived between ages; those become *survival ratios*, the share
of one age group that is alive, one group older, a step later. Deaths within an age band fall in its
middle, save for infants and small children, whose mean age at death follows Coale and Demeny's West
family as printed by Preston et al. [1]_. Beyond the last age the death rate stays as it is.

Where only a life expectancy is known, Siler's competing-risks hazard [2]_ stands in, moved by
Brass's relational logit [3]_ until the expectancy is met.

References
----------
.. [1] Preston, S. H., Heuveline, P. and Guillot, M. (2001). Demography. Blackwell, table 3.3.
.. [2] Siler, W. (1979). A competing-risk model for animal mortality. Ecology 60(4), 750-757.
.. [3] Brass, W. (1971). On the scale of mortality. In Biological Aspects of Demography, 69-110.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from comarca.demography.ages import persons_between
from comarca.errors import ParameterError

Array = NDArray[np.float64]
LAST_AGE = 100
"""First age of the open-ended group of a projection, years."""
_NOBODY_OLDER = 140.0


def n_groups(width: int) -> int:
    """How many age groups of some years there are, the open-ended one included."""
    return LAST_AGE // width + 1


def person_years(ages: Array, death_rates: Array, *, is_female: bool) -> tuple[Array, Array]:
    """
    Life table from death rates.

    Parameters
    ----------
    ages
        First ages of the bands, ascending from 0, years; the last is open-ended.
    death_rates
        Deaths per person-year in each band, 0 or more; above 0 in the last.
    is_female
        Which formula holds for infants and small children.

    Returns
    -------
    survivors, lived
        Of one person born: alive at each of ``ages``; years lived in each band. Same shape.
    """
    widths = np.diff(ages)
    middle = _mean_years_lived(ages, death_rates, is_female=is_female)
    rates = death_rates[:-1]
    dying = np.minimum(widths * rates / (1 + (widths - middle) * rates), 1.0)
    survivors = np.concatenate([[1.0], np.cumprod(1 - dying)])
    deaths = survivors[:-1] * dying
    lived = widths * survivors[1:] + middle * deaths
    return survivors, np.append(lived, survivors[-1] / death_rates[-1])


def _mean_years_lived(ages: Array, death_rates: Array, *, is_female: bool) -> Array:
    """Years lived in each closed band by those who die in it."""
    widths = np.diff(ages)
    middle = widths / 2
    infants = float(death_rates[0])
    if widths[0] == 1:
        high, slope, base = (0.35, 2.8, 0.053) if is_female else (0.33, 2.684, 0.045)
        middle[0] = high if infants >= 0.107 else base + slope * infants
    if len(widths) > 1 and widths[0] == 1 and widths[1] == 4:
        high, base, slope = (1.361, 1.522, 1.518) if is_female else (1.352, 1.651, 2.816)
        middle[1] = high if infants >= 0.107 else base - slope * infants
    return np.asarray(middle)


def survival_ratios(ages: Array, death_rates: Array, width: int, *, is_female: bool) -> Array:
    """
    Shares of each age group alive one step later.

    Parameters
    ----------
    ages, death_rates
        As for :func:`person_years`.
    width
        Years of an age group and of a step.
    is_female
        Sex of the table.

    Returns
    -------
    numpy.ndarray
        Shape ``(n_groups + 1,)``: of those born during a step, then of each group from 0 on; the
        last is that of the open-ended group, which stays where it is.
    """
    survivors, lived = person_years(ages, death_rates, is_female=is_female)
    last = float(death_rates[-1])
    # The open band lasts at its own rate, in pieces, so that the spline bends nothing before it.
    beyond = np.arange(ages[-1], _NOBODY_OLDER, 5.0)
    alive = survivors[-1] * np.exp(-last * (beyond - ages[-1]))
    pieces = np.append(-np.diff(alive), alive[-1]) / last
    bands = [(age, age + width) for age in range(0, LAST_AGE + 1, width)]
    years = persons_between(
        np.append(ages[:-1], beyond), np.append(lived[:-1], pieces)[None], bands, _NOBODY_OLDER
    )[0]
    ratios = np.zeros(len(years) - 1)
    np.divide(years[1:], years[:-1], out=ratios, where=years[:-1] > 0)
    ends = [years[0] / width], np.minimum(ratios, 1.0), [np.exp(-last * width)]
    return np.concatenate(ends)


def siler_rates(ages: Array, parameters: Sequence[float]) -> Array:
    """
    Death rates by Siler's hazard ``a1 exp(-b1 x) + a2 + a3 exp(b3 x)``, the mean of each band.

    Parameters
    ----------
    ages
        First ages of the bands; the last is open-ended and takes the hazard two years into it.
    parameters
        ``a1, b1, a2, a3, b3``, each above 0, per year.
    """
    a1, b1, a2, a3, b3 = parameters
    low, high = ages, np.append(ages[1:], ages[-1] + 4.0)
    width = high - low
    young = a1 / b1 * (np.exp(-b1 * low) - np.exp(-b1 * high)) / width
    old = a3 / b3 * (np.exp(b3 * high) - np.exp(b3 * low)) / width
    return np.asarray(young + a2 + old)


def life_expectancy(ages: Array, death_rates: Array, *, is_female: bool) -> float:
    """Years a person lives on average under these death rates."""
    return float(person_years(ages, death_rates, is_female=is_female)[1].sum())


def rates_for_expectancy(
    ages: Array, standard: Array, expectancy: float, *, is_female: bool
) -> Array:
    """
    Move a standard's death rates until a life expectancy is met.

    Parameters
    ----------
    ages, standard
        First ages of the bands and the standard's death rates.
    expectancy
        Years, between 20 and 95.
    is_female
        Sex of the table.

    Returns
    -------
    numpy.ndarray
        Death rates whose survivors have logits shifted evenly from the standard's.
    """
    from scipy.optimize import brentq

    if not 20 <= expectancy <= 95:
        raise ParameterError(f"life expectancy is {expectancy:g} years; expected 20 to 95.")
    survivors = person_years(ages, standard, is_female=is_female)[0]
    odds = (1 - survivors[1:]) / survivors[1:]

    def moved(shift: float) -> Array:
        alive = np.append(1.0, 1 / (1 + odds * np.exp(2 * shift)))
        hazard = -np.diff(np.log(alive)) / np.diff(ages)
        return np.append(hazard, standard[-1] * max(hazard[-1] / standard[-2], 1e-6))

    def miss(shift: float) -> float:
        return life_expectancy(ages, moved(shift), is_female=is_female) - expectancy

    return moved(float(brentq(miss, -6.0, 6.0)))
