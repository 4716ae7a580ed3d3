"""Stages of a town's industry, on series whose answer can be read off."""

import numpy as np
import pytest

from comarca.errors import ParameterError
from comarca.industry.stages import StageParams, changes_of, stages_of, years_in_a_row

PLAIN = StageParams(smoothing_years=1)


def told(m, g, params=PLAIN, first=2000):
    years = list(range(first, first + len(m)))
    return [(one.year, one.stage) for one in changes_of(stages_of(years, m, g, params))]


def test_both_fall_three_years_running():
    """One and two years of falling are a dip; from the third on it is deindustrialisation."""
    m = [0.40, 0.38, 0.36, 0.34, 0.32]
    g = [0.50, 0.48, 0.46, 0.44, 0.42]

    assert told(m, g) == [(2001, "mature"), (2003, "deindustrialising")]


def test_a_dip_of_two_years_is_none():
    m = [0.40, 0.38, 0.36, 0.38, 0.36, 0.34]
    g = m

    assert "deindustrialising" not in [stage for _, stage in told(m, g)]


def test_rising_is_called_reindustrialising_only_after_a_fall():
    m = [0.30, 0.32, 0.30, 0.28, 0.26, 0.24, 0.27]

    assert told(m, m) == [
        (2001, "industrialising"),
        (2002, "mature"),
        (2004, "deindustrialising"),
        (2006, "reindustrialising"),
    ]


def test_output_without_jobs():
    assert told([0.4, 0.35, 0.3], [0.4, 0.45, 0.5]) == [(2001, "jobless")]


def test_employment_that_falls_while_output_stands_is_not_deindustrialisation():
    assert told([0.4, 0.35, 0.3, 0.25, 0.2], [0.4] * 5) == [(2001, "mature")]


def test_smoothing_takes_whole_windows_and_forgets_a_dip():
    """Two years of crisis in a steady town; the mean over five years moves up to 0.02 a year."""
    m = np.full(15, 0.4)
    m[6:8] = 0.3
    params = StageParams(steady_change=0.021)

    found = stages_of(list(range(2000, 2015)), m, m, params)

    assert (found[0].year, found[-1].year) == (2003, 2012)
    assert {one.stage for one in found} == {"mature"}


def test_too_few_years_say_nothing():
    assert stages_of([2000, 2001, 2002, 2003, 2004], [0.1] * 5, [0.1] * 5) == ()


def test_only_the_last_years_without_a_gap_count():
    assert years_in_a_row([1990, 1991, 1995, 1996, 1997]) == (1995, 1996, 1997)


def test_a_window_below_one_year_is_refused():
    with pytest.raises(ParameterError, match="smoothing_years is 0"):
        StageParams(smoothing_years=0)
