"""Three rank laws, fitted and judged in one space: worlds whose law is known are recognised."""

import numpy as np
import pytest

from comarca.commuting import LAWS, fit_rank_laws
from comarca.errors import ParameterError, TooFewTownsError
from rank_world import exponential, logarithmic, zipf

SPACES = ["linear", "log"]
WORLDS = {"zipf": zipf(20), "logarithmic": logarithmic(20), "exponential": exponential(20)}


@pytest.mark.parametrize("space", SPACES)
@pytest.mark.parametrize("law", LAWS)
def test_towns_made_by_a_law_lie_on_it(law, space):
    fits = fit_rank_laws(WORLDS[law], space).fits

    assert fits[law].r2 == pytest.approx(1, abs=1e-12)
    assert all(fits[other].r2 < 0.995 for other in LAWS if other != law)


@pytest.mark.parametrize("space", SPACES)
def test_the_numbers_of_a_law_are_found_again(space):
    assert fit_rank_laws(zipf(20, 5_000, 0.8), space).fits["zipf"].decline == pytest.approx(0.8)
    assert fit_rank_laws(zipf(20, 5_000, 0.8), space).fits["zipf"].scale == pytest.approx(5_000)
    assert fit_rank_laws(exponential(20), space).fits["exponential"].decline == pytest.approx(0.2)
    assert fit_rank_laws(exponential(20), space).fits["exponential"].scale == pytest.approx(1e5)
    straight = fit_rank_laws(logarithmic(20), space).fits["logarithmic"]
    assert straight.scale == pytest.approx(1e5)
    assert straight.decline == pytest.approx(99_000 / np.log(20))


@pytest.mark.parametrize("space", SPACES)
@pytest.mark.parametrize("law", LAWS)
def test_a_law_gives_each_rank_its_population(law, space):
    fit = fit_rank_laws(WORLDS[law], space).fits[law]

    assert fit.persons_at(np.arange(1, 21)) == pytest.approx(WORLDS[law])


def test_three_towns_by_hand():
    """ln P falls 0, ln 2, ln 4 over ln r = 0, ln 2, ln 3: a line through three points."""
    laws = fit_rank_laws([400, 100, 200], "log")
    x, y = np.log([1, 2, 3]), np.log([400, 200, 100])
    slope = ((x - x.mean()) * (y - y.mean())).sum() / ((x - x.mean()) ** 2).sum()

    assert laws.persons == (400, 200, 100)
    assert laws.fits["zipf"].decline == pytest.approx(-slope)
    assert laws.fits["exponential"].r2 == pytest.approx(1)  # halved from town to town
    assert laws.fits["exponential"].decline == pytest.approx(np.log(2))


def test_zipf_in_the_linear_space_is_not_the_line_through_logarithms():
    """Beside one huge town: the line through the logarithms misses it by a third."""
    persons = np.array([1_000_000, 60_000, 50_000, 40_000, 30_000, 20_000, 10_000, 5_000])
    linear, log = (fit_rank_laws(persons, space).fits["zipf"] for space in SPACES)
    off_line = ((persons - log.persons_at(np.arange(1, 9))) ** 2).sum()

    assert linear.scale == pytest.approx(1e6, rel=0.001)
    assert log.scale == pytest.approx(632_000, rel=0.001)
    assert linear.r2 > 0.995
    assert 1 - off_line / ((persons - persons.mean()) ** 2).sum() < 0.85


@pytest.mark.parametrize("space", SPACES)
def test_the_criterion_tells_one_pool_from_towns_that_live_by_themselves(space):
    assert fit_rank_laws(logarithmic(30), space).criterion > 0.05
    assert fit_rank_laws(zipf(30), space).criterion < -0.05


def test_a_summary_gives_every_r2_and_no_verdict():
    told = fit_rank_laws(zipf(20), "log").summary()

    assert "20 towns, log population" in told
    assert "zipf 1.000" in told
    assert "only a comparison with random towns can say more" in told


def test_the_table_has_a_row_for_each_law():
    table = fit_rank_laws(zipf(20), "log").table()

    assert list(table.index) == list(LAWS)
    assert table.loc["zipf", "decline"] == pytest.approx(1)


@pytest.mark.parametrize("persons", [[], [5], [5, 4]])
def test_two_towns_have_no_law(persons):
    with pytest.raises(TooFewTownsError, match="expected 3 or more"):
        fit_rank_laws(persons)


@pytest.mark.parametrize("wrong", [0, -1, np.nan, np.inf])
def test_a_population_that_is_none_is_refused(wrong):
    with pytest.raises(ParameterError, match="missing or 0"):
        fit_rank_laws([100, 50, wrong])


def test_towns_of_one_size_have_no_order():
    with pytest.raises(ParameterError, match="no rank order"):
        fit_rank_laws([70, 70, 70, 70])


@pytest.mark.parametrize("space", SPACES)
def test_towns_of_one_size_but_one_are_fitted(space):
    laws = fit_rank_laws([10**9, 1, 1, 1, 1, 1, 1, 1], space)

    assert all(0 <= fit.r2 <= 1 for fit in laws.fits.values())
    assert all(np.isfinite([fit.scale, fit.decline]).all() for fit in laws.fits.values())
