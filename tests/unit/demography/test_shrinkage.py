"""Kinds of growth and shrinkage, and the reason told with each."""

import pandas as pd
import pytest

from comarca.demography import DiagnosisParams, diagnose
from comarca.errors import ParameterError
from people_world import aged_region, people_region, region_of


@pytest.mark.parametrize(
    ("series", "kind"),
    [
        ({1990: 1_000, 2000: 1_000, 2010: 1_060}, "growing"),  # 0.6 % a year in the last ten
        ({1990: 900, 2000: 1_000, 2010: 1_040}, "stable"),  # 0.4 % a year
        ({1990: 1_000, 2000: 1_000, 2010: 900}, "shrinking"),  # −1 % a year, 90 % of its greatest
        ({1990: 1_000, 2000: 1_000, 2010: 800}, "emptying"),  # −2.2 % a year
        ({1950: 2_500, 2000: 1_000, 2010: 900}, "emptying"),  # −1 % a year, 36 % of its greatest
        ({1950: 5_000, 2000: 1_000, 2010: 900}, "irreversible"),  # 18 % of its greatest
        ({1950: 5_000, 2000: 1_000, 2010: 1_000}, "stable"),  # shrank long ago
        ({2000: 10, 2010: 0}, "irreversible"),
        ({2000: 0, 2010: 10}, "growing"),
    ],
)
def test_the_kind_follows_the_rule(series, kind):
    region = people_region([("ash", year, persons) for year, persons in series.items()])

    judged = diagnose(region).shrinkage

    assert judged["kind"].tolist() == [kind]
    assert judged["reason"].iloc[0]


def test_a_short_series_is_judged_from_its_first_count():
    judged = diagnose(people_region([("ash", 2015, 1_000), ("ash", 2020, 1_100)])).shrinkage

    assert judged[["year_from", "year_to"]].to_numpy().tolist() == [[2015, 2020]]
    assert judged["annual_rate"].iloc[0] == pytest.approx(1.1 ** (1 / 5) - 1)


def test_the_reason_says_since_when():
    """A town that lost half its people, and then held them, is stable by the last years alone."""
    counts = [("ash", 1990, 2_000), ("ash", 2010, 1_000), ("ash", 2020, 1_000)]

    judged = diagnose(people_region(counts)).shrinkage

    assert judged["reason"].tolist() == ["+0.0% a year since 2010"]


def test_old_towns_without_young_do_not_come_back():
    totals = [("ash", 2000, 1_000), ("ash", 2010, 920)]
    ages = aged_region([("ash", 2010, None, 120, 50, 250, 200, 300)]).table("population")
    rows = pd.concat([pd.DataFrame(totals, columns=["town_id", "year", "persons"]), ages])

    judged = diagnose(region_of(rows)).shrinkage

    # 300 of 65 and more; of those under 15 there are about 90; 50 of 920 are of 20 to 29.
    assert judged["kind"].tolist() == ["irreversible"]
    assert "old for each child" in judged["reason"].iloc[0]


def test_a_misprint_does_not_become_the_greatest_count():
    series = {1990: 1_000, 1995: 1_000, 2000: 100_000, 2005: 1_000, 2010: 990}
    region = people_region([("ash", year, persons) for year, persons in series.items()])

    judged = diagnose(region).shrinkage

    assert judged["kind"].tolist() == ["stable"]
    assert judged["peak_persons"].tolist() == [1_000]


def test_the_rule_tells_the_thresholds_in_force():
    strict = DiagnosisParams(stable_annual_rate=0.003)

    told = diagnose(people_region([("ash", 2010, 5)]), strict).shrinkage_rule

    assert "0.3% a year" in " ".join(told)


def test_thresholds_that_contradict_are_refused():
    with pytest.raises(ParameterError, match="no less than stable_annual_rate"):
        DiagnosisParams(emptying_annual_rate=0.001)
    with pytest.raises(ParameterError, match="no more than emptying_share_of_peak"):
        DiagnosisParams(irreversible_share_of_peak=0.9)
