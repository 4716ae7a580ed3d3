"""Indices of specialisation and concentration, equal to what paper and published figures say."""

from math import e, log

import numpy as np
import pandas as pd
import pytest

from comarca.industry.concentration import (
    ellison_glaeser,
    gini_concentration,
    hoover_concentration,
    plant_herfindahl,
)
from comarca.industry.shift_share import dynamic_shift_share, shift_share
from comarca.industry.specialisation import (
    effective_industries,
    gini,
    herfindahl,
    hoover,
    krugman,
    location_quotients,
    theil,
)


def test_a_town_of_half_mining_against_a_country_of_a_tenth():
    """Quotients 0.5/0.1 and 0.5/0.9; half of the distance of shares is 0.4."""
    town, country = [50, 50], [100, 900]

    assert location_quotients(town, country) == pytest.approx([5, 5 / 9])
    assert herfindahl(town) == pytest.approx(0.5)
    assert krugman(town, country) == pytest.approx(0.8)
    assert hoover(town, country) == pytest.approx(0.4)
    assert theil(town, country) == pytest.approx(0.5 * log(5) + 0.5 * log(5 / 9))
    assert effective_industries(town) == pytest.approx(2)


def test_effective_industries_of_unequal_ones():
    """Shares 3/4 and 1/4."""
    assert effective_industries([3, 1]) == pytest.approx(
        e ** (-(0.75 * log(0.75) + 0.25 * log(0.25)))
    )


def test_krugman_is_two_where_nothing_is_in_common():
    """The example of Farhauer and Kröll (2013)."""
    assert krugman([20, 10, 70, 0, 0], [0, 0, 0, 60, 40]) == pytest.approx(2)


def test_gini_of_the_example_of_farhauer_and_kroell():
    """Published as 0.6222222."""
    region = [700, 600, 500, 10_000, 40_000]
    country = [30_000, 15_000, 10_000, 60_000, 50_000]

    assert gini(region, country) == pytest.approx(0.6222222, abs=5e-8)


def test_goettingen_as_published(shared_dir):
    """REAT 3.0.3 prints 0.4508469 and 0.359852 for 2017."""
    table = pd.read_csv(shared_dir / "data" / "industry" / "reat_Goettingen.csv").iloc[1:]
    town, country = table["Goettingen2017"], table["BRD2017"]

    assert krugman(town, country) == pytest.approx(0.4508469, abs=5e-8)
    assert gini(town, country) == pytest.approx(0.359852, abs=5e-7)


def test_growth_of_goettingen_is_parted_without_a_rest(shared_dir):
    """From 59,125 to 69,403 in the sum of the listed industries; Germany grew by 15.5 %."""
    table = pd.read_csv(shared_dir / "data" / "industry" / "reat_Goettingen.csv").iloc[1:]
    town = np.array([table[f"Goettingen{year}"] for year in range(2008, 2018)])
    country = np.array([table[f"BRD{year}"] for year in range(2008, 2018)])

    classical = shift_share(town[0], town[-1], country[0], country[-1])
    dynamic = dynamic_shift_share(town, country)

    growth = country[-1].sum() / country[0].sum() - 1
    assert classical.reference == pytest.approx(town[0].sum() * growth)
    assert classical.change == pytest.approx(town[-1].sum() - town[0].sum())
    assert dynamic.change == pytest.approx(classical.change)
    assert dynamic.mix != pytest.approx(classical.mix)


def test_shift_share_on_paper():
    """
    The whole grows from 200 to 250 (25 %), mills stay at 100, services grow by half.

    Of 80 in mills and 20 in services, 25 would come with the whole; mills miss 25 % of 80 and
    services gain 25 % of 20 more; the rest of the change, from 100 to 110, is the town's own.
    """
    parts = shift_share([80, 20], [70, 40], [100, 100], [100, 150])

    assert float(parts.reference) == pytest.approx(25)
    assert float(parts.mix) == pytest.approx(-20 + 5)
    assert float(parts.local) == pytest.approx(-10 + 10)
    assert float(parts.change) == pytest.approx(10)


def test_an_industry_that_is_new_to_the_reference_counts_as_the_towns_own():
    """The old industry stands still while the whole grows by 5 %; all fifty new jobs are local."""
    parts = shift_share([100, 0], [100, 50], [1_000, 0], [1_000, 50])

    assert float(parts.reference) == pytest.approx(5)
    assert float(parts.mix) == pytest.approx(-5)
    assert float(parts.local) == pytest.approx(50)


def test_an_industry_in_one_of_two_equal_towns():
    """All textiles in the first town, half of all employment in each: half would have to move."""
    persons = [[100, 100], [0, 200]]  # textiles, other

    assert hoover_concentration(persons)[0] == pytest.approx(0.5)
    assert gini_concentration(persons)[0] == pytest.approx(0.5)


def test_ellison_and_glaeser_see_only_more_than_plants_explain():
    """
    Two towns of equal size; all of an industry of two equal plants in one of them.

    G = 2 · 0.5² = 0.5, 1 − Σx² = 0.5, H = 0.5: γ = (0.5 − 0.25) / (0.5 · 0.5) = 1.
    """
    persons = [[100, 100], [0, 200]]
    half = plant_herfindahl([50, 50])

    assert half == pytest.approx(0.5)
    assert ellison_glaeser(persons, [half, np.nan])[0] == pytest.approx(1)
    assert np.isnan(ellison_glaeser(persons, [half, np.nan])[1])


def test_one_plant_that_is_its_industry_cannot_crowd():
    assert np.isnan(ellison_glaeser([[100, 100], [0, 200]], [1.0, np.nan])[0])


def test_what_was_not_counted_stays_unknown():
    assert np.isnan(herfindahl([np.nan, np.nan]))
    assert np.isnan(krugman([0, 0], [1, 1]))
    assert np.isnan(theil([1, 1], [1, 0]))
