"""The three age curves of the source paper and the keeping of the young."""

import numpy as np
import pandas as pd
import pytest

from comarca.demography import DiagnosisParams, diagnose
from people_world import aged_region, region_of

# Ash keeps its young; birch loses a third of them; each band: 0-19, 20-29, 30-49, 50-64, 65+.
PAIR = [
    ("ash", 2010, None, 400, 100, 300, 100, 100),
    ("ash", 2020, None, 360, 110, 270, 110, 120),
    ("birch", 2010, None, 200, 90, 150, 80, 80),
    ("birch", 2020, None, 200, 60, 150, 80, 90),
]


def test_the_middle_curve_is_doubled():
    curves = diagnose(aged_region(PAIR)).age_curves

    row = curves.iloc[0]
    assert (row["persons_0_19"], row["persons_20_29_doubled"], row["persons_30_49"]) == (
        400,
        200,
        300,
    )
    assert not curves["is_split"].any()


def test_a_town_keeps_its_young_when_the_middle_curve_does_best():
    retention = diagnose(aged_region(PAIR)).retention.set_index("town_id")

    assert retention["keeps_young"].to_dict() == {"ash": True, "birch": False}
    assert retention.loc["ash", "retention"] == pytest.approx(1.1 / 0.9)
    assert retention.loc["birch", "retention"] == pytest.approx(60 / 90)


def test_retention_is_told_against_all_towns_together():
    """Together 600, 190, 450 became 560, 170, 420."""
    retention = diagnose(aged_region(PAIR)).retention.set_index("town_id")

    together = (170 / 190) / np.sqrt(560 / 600 * 420 / 450)
    assert retention.loc["ash", "retention_against_region"] == pytest.approx(1.1 / 0.9 / together)


def test_the_young_of_ten_years_ago_are_followed():
    bands = ((0, 9), (10, 19), (20, 29), (30, 49), (50, None))
    region = aged_region(
        [("ash", 2010, None, 100, 80, 70, 90, 90), ("ash", 2020, None, 90, 90, 60, 90, 90)], bands
    )

    assert diagnose(region).retention["cohort_retention"].tolist() == [60 / 80]


def test_without_a_count_ten_years_earlier_nobody_is_followed():
    region = aged_region([("ash", 2010, None, 4, 1, 3, 1, 1), ("ash", 2015, None, 4, 1, 3, 1, 1)])

    assert diagnose(region).retention["cohort_retention"].isna().all()


def test_counts_by_age_are_compared_within_the_years_asked_for():
    young = {2000: 50, 2010: 100, 2020: 120}
    aged = aged_region([("ash", year, None, 400, n, 300, 100, 100) for year, n in young.items()])
    counts = pd.DataFrame({"town_id": "ash", "year": list(young), "persons": 1_000})
    region = region_of(pd.concat([counts, aged.table("population")]))

    whole = diagnose(region).retention.iloc[0]
    decade = diagnose(region, DiagnosisParams(year_from=2010)).retention.iloc[0]

    assert (whole["year_from"], whole["multiple_20_29"]) == (2000, 2.4)
    assert (decade["year_from"], decade["multiple_20_29"]) == (2010, 1.2)


def test_who_lives_there():
    bands = ((0, 14), (15, 19), (20, 29), (30, 64), (65, None))
    region = aged_region(
        [
            ("ash", 2010, "female", 100, 40, 60, 200, 100),
            ("ash", 2010, "male", 100, 60, 80, 200, 60),
        ],
        bands,
    )

    row = diagnose(region).structure.iloc[0]

    assert row["children_per_adult"] == pytest.approx(200 / 640)
    assert row["old_per_adult"] == pytest.approx(160 / 640)
    assert row["dependants_per_adult"] == pytest.approx(360 / 640)
    assert row["old_per_child"] == pytest.approx(0.8)
    assert row["young_women_per_man"] == pytest.approx(0.75)
    assert row["young_share"] == pytest.approx(0.14)
    assert 30 < row["median_age"] < 45  # 440 of 1,000 are under 30, 840 under 65


def test_a_town_without_men_has_no_balance():
    bands = ((0, 19), (20, None))
    region = aged_region([("ash", 2010, "female", 5, 5), ("ash", 2010, "male", 0, 0)], bands)

    assert diagnose(region).structure["young_women_per_man"].isna().all()
