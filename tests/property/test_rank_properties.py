"""Rank laws hold whatever towns are called, counted in, or listed in; and chance is fair."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import kstest

from comarca.commuting import RankParams, fit_rank_laws, rank_profile
from comarca.commuting.ranks.permutation import drawn_criteria, significance
from rank_world import around_a_city

SPACES = st.sampled_from(["linear", "log"])
SIZES = st.lists(st.integers(1, 10**7), min_size=3, max_size=40).filter(lambda s: len(set(s)) > 1)
MANY = st.lists(st.integers(1, 10**6), min_size=20, max_size=40, unique=True)


@given(SIZES, SPACES)
def test_every_r2_is_a_share_and_falling_laws_never_rise(sizes, space):
    laws = fit_rank_laws(sizes, space)

    for fit in laws.fits.values():
        assert -1e-9 <= fit.r2 <= 1
        assert fit.decline >= 0
        assert fit.scale > 0
    assert -1 <= laws.criterion <= 1


@given(SIZES, SPACES, st.floats(1e-3, 1e3))
def test_counting_in_thousands_leaves_r2_alone(sizes, space, unit):
    as_counted = fit_rank_laws(sizes, space)
    otherwise = fit_rank_laws(np.array(sizes) * unit, space)

    for law, fit in as_counted.fits.items():
        assert otherwise.fits[law].r2 == pytest.approx(fit.r2, abs=1e-7)
    assert otherwise.fits["zipf"].decline == pytest.approx(as_counted.fits["zipf"].decline)


@given(SIZES)
def test_the_logarithmic_law_stays_above_nothing_where_logarithms_are_judged(sizes):
    laws = fit_rank_laws(sizes, "log")

    assert (laws.fits["logarithmic"].persons_at(np.arange(1, len(sizes) + 1)) > 0).all()


@given(MANY, SPACES, st.randoms(use_true_random=False))
def test_the_order_of_the_table_and_the_names_change_nothing(sizes, space, random):
    region = around_a_city(sizes[:10], sizes[10:])
    order = list(range(region.n_towns))
    random.shuffle(order)
    towns = region.towns.iloc[order].rename(lambda town: f"0{town}")
    other = dataclasses.replace(region, towns=towns)
    params = RankParams(space=space, radii_km=(15,), draws=99)

    here = rank_profile(region, "city", params).table()
    there = rank_profile(other, "0city", params).table()

    assert there["p"].tolist() == here["p"].tolist()
    assert there["criterion"].tolist() == pytest.approx(here["criterion"].tolist(), abs=1e-9)


@given(MANY, SPACES)
def test_towns_beyond_the_circle_do_not_touch_its_criterion(sizes, space):
    params = RankParams(space=space, radii_km=(15,), draws=99)

    few = rank_profile(around_a_city(sizes[:10], sizes[10:15]), "city", params)
    many = rank_profile(around_a_city(sizes[:10], sizes[10:]), "city", params)

    assert few.points[0].criterion == many.points[0].criterion


@pytest.mark.parametrize("space", ["linear", "log"])
def test_where_chance_alone_places_towns_p_values_are_uniform(space):
    """Three circles around 400 cities whose towns lie anywhere: rare as often as p says."""
    random = np.random.default_rng(20)
    sizes = np.exp(random.normal(9, 1.2, 40))
    wanted = [(10, None), (15, None), (25, None)]
    alone, together = [], []
    for seed in range(400):
        observed = drawn_criteria(sizes, wanted, space, draws=1, seed=10_000 + seed)[0]
        drawn = drawn_criteria(sizes, wanted, space, draws=99, seed=seed)
        found = significance(observed, drawn)
        alone.append(found.p[1])
        together.append(found.p_overall)

    for p in (alone, together):
        assert kstest(p, "uniform").pvalue > 0.05
        assert np.mean(np.array(p) <= 0.05) == pytest.approx(0.05, abs=0.025)
