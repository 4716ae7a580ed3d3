"""Everything at once: one row a town, in the order asked for."""

import dataclasses

import pandas as pd

from comarca.diagnosis import DiagnosisSettings, diagnose_towns
from industry_world import employment, region_of

COUNTS = [
    {"town_id": town, "year": year, "persons": persons, "basis": "locality"}
    for town, of_town in (
        ("ash", ((2000, 10_000), (2010, 9_000), (2020, 8_000))),
        ("birch", ((2000, 10_000), (2010, 11_000), (2020, 12_000))),
    )
    for year, persons in of_town
]


def world(**tables):
    return region_of(("birch", "ash", "cedar"), population=COUNTS, **tables)


def test_towns_stand_in_the_order_of_their_loss_and_the_unknown_last():
    found = diagnose_towns(world())

    assert found.towns["town_id"].tolist() == ["ash", "birch", "cedar"]
    assert found.towns["rank"].tolist() == [1, 2, pd.NA]
    assert found.towns["growth_multiple"].iloc[0] == 0.8


def test_another_order():
    region = world(employment=employment([("cedar", 2020, "C", 90), ("cedar", 2020, "G", 10)]))
    found = diagnose_towns(region, DiagnosisSettings(ranked_by="industry"))

    assert found.towns["town_id"].iloc[0] == "cedar"
    assert found.towns["top_share"].iloc[0] == 0.9


def test_the_order_of_the_table_of_towns_changes_no_figure():
    region = world()
    turned = dataclasses.replace(region, towns=region.towns.iloc[::-1])

    here, there = (diagnose_towns(one).towns for one in (region, turned))
    pd.testing.assert_frame_equal(here, there)


def test_the_summary_tells_what_could_not_be_decided():
    told = diagnose_towns(world()).summary()

    assert "1 grew, 1 shrank" in told
    assert "employment by industry is not known" in told
    assert "not decidable 3" in told
    assert "readiness for remote work: known of 0 of 3" in told


def test_assumed_numbers_are_told_with_the_settings_they_filled():
    used = {one.setting: one for one in diagnose_towns(world()).defaults}

    assert used["ReadinessParams.remote_internet"].is_assumed
    assert used["IndustryParams.smoothing_years"].is_assumed
