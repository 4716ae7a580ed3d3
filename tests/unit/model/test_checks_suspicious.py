"""Census values far off their neighbours."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comarca.model.suspicious import SuspicionParams, suspicious_counts

YEARS = [1990, 1995, 2000, 2005, 2010, 2015]


def years_of(persons, years=YEARS, **params):
    return [s.year for s in suspicious_counts(years, persons, SuspicionParams(**params))]


def test_a_lost_digit_throws_no_suspicion_on_the_years_beside_it():
    assert years_of([39_488, 47_827, 53_219, 5_808, 69_839, 77_547]) == [2005]


def test_two_lost_digits_are_both_named():
    assert years_of([3_948, 47_827, 53_219, 5_808, 69_839, 77_547]) == [1990, 2005]


@pytest.mark.parametrize("at", range(6))
def test_a_lost_digit_is_found_wherever_it_stands(at):
    persons = [40_000, 44_000, 48_000, 52_000, 56_000, 60_000]
    persons[at] //= 10

    assert years_of(persons) == [YEARS[at]]


def test_a_count_of_nobody_among_many_is_suspicious():
    assert years_of([500, 510, 0, 530, 540, 550]) == [2000]


def test_a_boom_and_a_long_decline_are_not_suspicious():
    assert years_of([10_000, 14_000, 20_000, 28_000, 39_000, 55_000]) == []
    assert years_of([9_000, 7_000, 3_000, 900], years=[1926, 1959, 1989, 2020]) == []


def test_hamlets_and_pairs_are_never_suspicious():
    assert years_of([9, 2, 14, 3, 40, 5]) == []
    assert years_of([100_000, 1_000], years=[2000, 2010]) == []


@given(
    start=st.integers(1_000, 1_000_000),
    rate=st.floats(-0.05, 0.05),
    years=st.lists(st.integers(1850, 2050), min_size=3, max_size=12, unique=True),
)
def test_steady_growth_is_never_suspicious(start, rate, years):
    years = sorted(years)
    persons = [start * (1 + rate) ** (year - years[0]) for year in years]

    assert years_of(persons, years=years) == []
