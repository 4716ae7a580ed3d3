"""Readiness for remote work and distance learning: a mean of three shares, or its range."""

import pandas as pd
import pytest

from comarca.diagnosis import ReadinessParams, judge_readiness
from comarca.errors import ParameterError
from industry_world import region_of

HALVES = ReadinessParams(
    remote_internet=2,
    remote_age=1,
    remote_skill=1,
    learning_internet=1,
    learning_age=1,
    learning_skill=0,
)


def ages(town, *bands):
    return [
        {"town_id": town, "year": 2020, "age_from": first, "age_to": last, "persons": persons}
        for first, last, persons in bands
    ]


def skills(town, basic, higher):
    return [
        {"town_id": town, "skill": "basic", "workers": basic, "unemployed": 0},
        {"town_id": town, "skill": "higher", "workers": higher, "unemployed": 0},
    ]


def readiness_of(town="ash", params=HALVES, **tables):
    table = judge_readiness(region_of(**tables), params).table
    return table.set_index("town_id").loc[town]


BANDS = ((0, 14, 20), (15, 19, 10), (20, 34, 30), (35, 49, 30), (50, None, 30))


def test_a_score_on_paper():
    """
    Internet 0.8; of 100 aged 15 and more 60 are 20 to 49, 40 are 15 to 34; a quarter is skilled.

    Remote work (2 · 0.8 + 0.6 + 0.25) / 4, learning (0.8 + 0.4) / 2.
    """
    found = readiness_of(
        town_columns={"internet_share": [0.8, None]},
        population=ages("ash", *BANDS),
        labour=skills("ash", 75, 25),
    )

    assert found["remote_work"] == pytest.approx((1.6 + 0.6 + 0.25) / 4)
    assert found["distance_learning"] == pytest.approx(0.6)
    assert found["remote_work_low"] == found["remote_work_high"] == found["remote_work"]
    assert found["reason"] == ""
    assert not found["is_split"]


def test_what_is_missing_leaves_a_range_and_is_named():
    found = readiness_of(
        town_columns={"internet_share": [0.8, None]}, population=ages("ash", *BANDS)
    )

    assert pd.isna(found["remote_work"])
    assert found["remote_work_low"] == pytest.approx((1.6 + 0.6) / 4)
    assert found["remote_work_high"] == pytest.approx((1.6 + 0.6 + 1) / 4)
    assert found["reason"] == "labour by skill missing"
    assert found["distance_learning"] == pytest.approx(0.6)  # skill has no weight there


def test_nothing_known_is_no_score_of_zero():
    found = readiness_of()

    assert pd.isna(found["remote_work"])
    assert (found["remote_work_low"], found["remote_work_high"]) == (0, 1)


def test_without_a_row_of_basic_skill_the_share_of_skilled_is_unknown():
    rows = [{"town_id": "ash", "skill": "higher", "workers": 10, "unemployed": 0}]

    assert "labour by skill missing" in readiness_of(labour=rows)["reason"]


def test_a_band_that_does_not_fit_is_split_and_marked():
    bands = ((0, 14, 20), (15, 29, 30), (30, 59, 40), (60, None, 30))

    assert readiness_of(population=ages("ash", *bands))["is_split"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"remote_internet": 0, "remote_age": 0, "remote_skill": 0},
        {"remote_internet": -1},
        {"learning_ages": (10, 35)},
        {"remote_ages": (50, 20)},
    ],
)
def test_impossible_settings_are_refused(wrong):
    with pytest.raises(ParameterError):
        ReadinessParams(**wrong)
