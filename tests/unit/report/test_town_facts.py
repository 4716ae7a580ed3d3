"""What a plan's page of a town tells of its diagnosis."""

from dataclasses import replace

import pandas as pd

from comarca.diagnosis import diagnose_towns
from comarca.model.codec import from_plain, to_plain
from comarca.report.contents import Contents
from comarca.report.townpages import TownPages
from industry_world import employment, region_of
from unit.report.sample_plans import small_plan


def facts(plan, town):
    return {fact.label: fact.told for fact in TownPages(Contents(plan)).page(town).facts}


def diagnosed_plan():
    """The small plan, its first town diagnosed by hand."""
    plan = small_plan()
    town = plan.region.town_ids[0]
    frame = diagnose_towns(
        region_of(
            (town, "other"),
            town_columns={"internet_share": [0.5, None]},
            employment=employment([(town, 2020, "C", 60), (town, 2020, "G", 40)]),
            benchmark=[
                {"year": 2020, "isic": "C", "persons": 10},
                {"year": 2020, "isic": "G", "persons": 90},
            ],
        )
    ).of_plan()
    return replace(plan, diagnosed=frame), town


def test_what_was_decided_is_told_and_what_was_not_is_left_out():
    plan, town = diagnosed_plan()
    told = facts(plan, town)

    assert told["Largest industry"].text == "C (60.0\u00a0%)"
    assert told["Single-industry status"].text.startswith("single-industry (")
    assert "Stage of industry" not in told
    assert "Remote work: readiness" not in told


def test_a_score_is_marked_as_assumed():
    plan, town = diagnosed_plan()
    frame = plan.diagnosed.assign(remote_work=0.5)

    found = facts(replace(plan, diagnosed=frame), town)["Remote work: readiness"]
    assert (found.text, found.is_assumed) == ("0.50", True)


def test_a_plan_of_an_earlier_version_has_none_of_it():
    plan = replace(small_plan(), diagnosed=pd.DataFrame())

    assert "Kind of growth" not in facts(plan, plan.region.town_ids[0])


def test_the_diagnosis_survives_the_plan_file():
    plan, _ = diagnosed_plan()

    again = from_plain(to_plain(plan.diagnosed), pd.DataFrame)
    pd.testing.assert_frame_equal(again, plan.diagnosed, check_dtype=False)
