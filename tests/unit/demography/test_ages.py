"""Any age band from the bands of a census."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comarca.demography.ages import aged_counts, persons_between
from people_world import aged_region, people_region

FIVE = (*((low, low + 4) for low in range(0, 80, 5)), (80, None))


def test_bands_that_fit_are_added_up_and_not_marked():
    counts = aged_counts(aged_region([("ash", 2010, None, *range(1, 18))], bands=FIVE), 100)

    persons, is_split = counts.persons([(0, 20), (20, 30), (30, 50), (80, np.inf)])

    assert persons.tolist() == [[1 + 2 + 3 + 4, 5 + 6, 7 + 8 + 9 + 10, 17]]
    assert not is_split.any()


def test_a_band_that_does_not_fit_is_split_and_marked():
    """With as many of each age everywhere, ten of twenty years hold half."""
    even = aged_region([("ash", 2010, None, 200, 100, 200, 150, 350)])
    counts = aged_counts(even, 100)

    persons, is_split = counts.persons([(0, 10), (30, 40), (20, 30)])

    assert persons[0, :2] == pytest.approx([100, 100], rel=0.02)
    assert persons[0, 2] == 100
    assert is_split.tolist() == [[True, True, False]]


def test_sexes_are_added_where_both_together_were_not_counted():
    region = aged_region(
        [("ash", 2010, "female", 5, 4, 3, 2, 1), ("ash", 2010, "male", 1, 1, 1, 1, 1)]
    )

    counts = aged_counts(region, 100)

    assert counts.persons([(20, 30)])[0].tolist() == [[5]]
    assert counts.persons([(20, 30)], "female")[0].tolist() == [[4]]


def test_one_sex_alone_is_not_taken_for_everybody():
    counts = aged_counts(aged_region([("ash", 2010, "female", 5, 4, 3, 2, 1)]), 100)

    assert np.isnan(counts.persons([(20, 30)])[0]).all()


def test_counts_with_a_gap_between_their_bands_are_left_out():
    gap = ((0, 19), (25, 29), (30, 49), (50, 64), (65, None))

    assert len(aged_counts(aged_region([("ash", 2010, None, 1, 1, 1, 1, 1)], bands=gap), 100)) == 0


def test_counts_without_an_open_end_are_left_out():
    closed = ((0, 19), (20, 29), (30, 49), (50, 64), (65, 99))

    assert len(aged_counts(aged_region([("ash", 2010, None, *[1] * 5)], bands=closed), 100)) == 0


def test_a_region_without_ages_has_none():
    assert len(aged_counts(people_region([("ash", 2010, 100)]), 100)) == 0


@given(
    st.lists(st.floats(0, 1e5), min_size=4, max_size=4),
    st.lists(st.integers(1, 25), min_size=3, max_size=3),
    st.lists(st.integers(0, 100), min_size=1, max_size=6),
)
def test_splitting_keeps_the_sum_and_is_never_negative(persons, widths, cuts):
    edges = np.cumsum([0, *widths]).astype(float)
    ages = sorted({0, 200, *cuts})
    bands = list(pairwise(ages))

    split = persons_between(edges, np.array([persons]), bands, 100.0)[0]

    assert (split >= 0).all()
    assert split.sum() == pytest.approx(sum(persons), rel=1e-9, abs=1e-6)
