"""The universities of the source paper among the 570 municipalities of Oaxaca."""

import pytest

from comarca.demography.effects import EffectParams, effect_of_opening
from oaxaca_world import HUAJUAPAN, MIAHUATLAN, POCHUTLA, oaxaca


@pytest.fixture(scope="module")
def region(shared_dir):
    return oaxaca(shared_dir)


@pytest.mark.parametrize(
    ("town", "year", "counted"), [(HUAJUAPAN, 1990, "never"), (POCHUTLA, 1991, "only once")]
)
def test_openings_at_the_start_of_the_series_are_refused_with_the_reason(
    region, town, year, counted
):
    found = effect_of_opening(region, town)

    assert (found.event_year, found.status) == (year, "refused")
    assert found.control is None
    assert found.reasons[0].startswith(f"{counted} before {year}")
    assert "the series begins in 1990" in found.reasons[0]


@pytest.mark.parametrize(
    ("town", "multiple", "places"),
    [
        (HUAJUAPAN, 1.96, [(3, 22), (2, 11), (3, 36), (28, 568)]),
        (POCHUTLA, 1.85, [(4, 36), (3, 19), (7, 71), (32, 568)]),
    ],
)
def test_their_growth_is_ranked_instead(region, town, multiple, places):
    """1990 to 2015 as in the paper's Table 1, by four ways of being comparable."""
    found = effect_of_opening(region, town, until=2015)

    assert found.ranks[0].multiple == pytest.approx(multiple, abs=0.005)
    assert [(rank.rank, rank.n_towns) for rank in found.ranks] == places
    assert found.rank_before is None


def test_the_opening_of_2000_has_two_counts_before_and_is_told_as_weak(region):
    """
    Its mixture meets both counts exactly, as do those of most other towns: the ratio tells nothing.

    By the gap after, seven of 37 towns part as far from their mixtures.
    """
    found = effect_of_opening(region, MIAHUATLAN)

    assert (found.status, found.n_before) == ("weak", 2)
    assert "2 counts before 2000" in found.reasons[0]
    assert found.control is not None
    assert found.in_space is not None
    assert not found.in_space.ratio_tells
    assert found.in_space.p == pytest.approx(7 / 37)
    assert found.control.effect(found.control.mean_gap) == pytest.approx(0.202, abs=0.001)
    assert "far too often to call this an effect" in found.reading()
    assert found.rank_before is not None
    assert (found.rank_before.rank, found.rank_before.n_towns) == (21, 33)


@pytest.mark.slow
def test_no_conclusion_of_the_other_methods_is_surer(region):
    found = effect_of_opening(region, MIAHUATLAN, params=EffectParams(method="covariates"))

    assert found.status == "weak"
    assert found.in_space is not None
    assert found.in_space.p > 0.05
