"""Life tables, by hand and by laws."""

import numpy as np
import pytest

from comarca.demography.projection.life_tables import (
    life_expectancy,
    n_groups,
    person_years,
    rates_for_expectancy,
    siler_rates,
    survival_ratios,
)
from comarca.demography.projection.params import ProjectionParams
from comarca.demography.projection.schedules import STANDARD_AGES
from comarca.errors import ParameterError

FIVES = np.array([0.0, 1.0, *range(5, 101, 5)])


def test_a_life_table_of_three_bands_by_hand():
    """Rate 0.1 over ten years: 10 × 0.1 / (1 + 5 × 0.1) = 2/3 die; then 1 / 0.5 years are left."""
    survivors, lived = person_years(
        np.array([0.0, 10.0, 20.0]), np.array([0.1, 0.1, 0.5]), is_female=True
    )

    assert survivors == pytest.approx([1, 1 / 3, 1 / 9])
    assert lived == pytest.approx([10 / 3 + 5 * 2 / 3, 10 / 9 + 5 * 2 / 9, 2 / 9])


def test_infants_die_early_in_their_year():
    _, lived = person_years(
        np.array([0.0, 1.0, 5.0]), np.array([0.02, 0.001, 0.02]), is_female=True
    )

    alive = 1 - 0.02 / (1 + (1 - 0.109) * 0.02)
    assert lived[0] == pytest.approx(alive + (0.053 + 2.8 * 0.02) * (1 - alive))


@pytest.mark.parametrize("width", [1, 5])
def test_survival_ratios_under_one_rate_at_all_ages(width):
    """Under one rate everybody's chance to live on is the same, however old."""
    rates = np.full(len(FIVES), 0.02)

    ratios = survival_ratios(FIVES, rates, width, is_female=True)

    assert len(ratios) == n_groups(width) + 1
    # Beyond childhood, whose deaths fall early in their year; deaths of a band fall in its middle.
    assert ratios[20 // width :] == pytest.approx(np.exp(-0.02 * width), rel=1e-3)


@pytest.mark.parametrize("last", [80, 85, 100])
def test_an_open_band_may_begin_early(last):
    ages = FIVES[last >= FIVES]

    ratios = survival_ratios(ages, np.full(len(ages), 0.1), 5, is_female=False)

    # Half of a band's dead are counted to its middle: 0.6 stands for exp(−0.5) = 0.607.
    assert ratios[-4:] == pytest.approx(np.exp(-0.5), rel=0.03)
    assert ratios[-1] == pytest.approx(np.exp(-0.5))


def test_single_years_and_fives_tell_the_same_story():
    rates = siler_rates(FIVES, ProjectionParams().siler_male)

    by_year = survival_ratios(FIVES, rates, 1, is_female=False)
    by_five = survival_ratios(FIVES, rates, 5, is_female=False)

    # From 40-44 to 45-49, as if evenly old: the product over five years, of the middle ages.
    assert by_five[9] == pytest.approx(np.prod(by_year[43:48]), rel=2e-3)


@pytest.mark.parametrize("expectancy", [45.0, 65.0, 76.0, 88.0])
@pytest.mark.parametrize("is_female", [True, False])
def test_the_standard_is_moved_to_a_life_expectancy(expectancy, is_female):
    params = ProjectionParams()
    standard = siler_rates(STANDARD_AGES, params.siler_female)

    rates = rates_for_expectancy(STANDARD_AGES, standard, expectancy, is_female=is_female)

    assert life_expectancy(STANDARD_AGES, rates, is_female=is_female) == pytest.approx(expectancy)
    assert (rates > 0).all()


def test_an_impossible_life_expectancy_is_refused():
    with pytest.raises(ParameterError, match="expected 20 to 95"):
        rates_for_expectancy(STANDARD_AGES, np.full(len(STANDARD_AGES), 0.01), 120, is_female=True)
