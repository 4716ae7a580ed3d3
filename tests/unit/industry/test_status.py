"""Single-industry status: what is met, what is not, and what the data cannot decide."""

from datetime import date

import pandas as pd
import pytest

from comarca.errors import ParameterError
from comarca.industry import StatusParams, judge_status
from comarca.industry.status.measures import MEASURED
from comarca.model.status_rule_tables import default_rule_sets, rule_sets_of
from comarca.model.status_rules import MEASURES, rule_in_force
from industry_world import employment, enterprise, region_of

FORM = {"legal_form": "urban okrug", "is_regional_capital": False}
JOBS_KNOWN = {"jobs": 1_000, "labour_force": 2_000}


def standing(*towns, **more):
    return [{"town_id": town, **FORM, **more} for town in towns]


def town_of(**tables):
    """A Russian town of ten thousand residents and a thousand jobs, beside another."""
    return region_of(country="RU", town_columns=JOBS_KNOWN, **tables)


def judged(region, town="ash", **params):
    status = judge_status(region, StatusParams(**params))
    verdict = status.verdicts.set_index("town_id").loc[town]
    criteria = status.criteria[status.criteria["town_id"] == town].set_index("criterion")
    return verdict, criteria


def test_every_measure_that_rules_may_name_is_taken():
    assert set(MEASURED) == set(MEASURES)


@pytest.mark.parametrize(
    ("on", "rule_set"),
    [
        (date(2010, 1, 1), "RU-2009"),
        (date(2014, 7, 28), "RU-2009"),
        (date(2014, 7, 29), "RU-2014"),
        (date(2025, 12, 1), "RU-2014"),
        (date(2026, 1, 1), "RU-2025"),
        (None, "RU-2025"),
    ],
)
def test_rules_are_chosen_by_date(on, rule_set):
    chosen = rule_in_force(default_rule_sets(), "RU", on)

    assert chosen is not None
    assert chosen.id == rule_set


def test_rules_are_chosen_by_country():
    assert rule_in_force(default_rule_sets(), "MX").id == "LQ"
    assert rule_in_force(default_rule_sets(), None).id == "LQ"
    assert rule_in_force(default_rule_sets(), "RU", date(1999, 1, 1)) is None


def test_a_country_without_rules_on_a_date_gets_no_verdict():
    status = judge_status(region_of(country="RU"), StatusParams(on=date(1999, 1, 1)))

    assert status.rules is None
    assert status.verdicts.empty
    assert "no rules were in force" in status.summary()


def test_a_mill_that_employs_a_fifth_makes_its_town_single_industry():
    region = town_of(standing=standing("ash"), enterprises=[enterprise("mill", "ash", "24", 200)])
    verdict, criteria = judged(region, on=date(2015, 1, 1))

    assert verdict["verdict"] == "single-industry"
    assert criteria.loc["jobs", "value"] == "0.2"
    assert criteria.loc["jobs", "told"] == "Mill works"
    assert verdict["rests_on_unconfirmed"]  # that a capital is excluded was not read


def test_one_job_less_and_it_is_not():
    region = town_of(standing=standing("ash"), enterprises=[enterprise("mill", "ash", "24", 199)])
    verdict, _ = judged(region, on=date(2015, 1, 1))

    assert verdict["verdict"] == "not single-industry"
    assert "employed a fifth" in verdict["reason"]
    assert not verdict["rests_on_unconfirmed"]


def test_enterprises_of_one_activity_or_chain_count_together():
    alike = [enterprise("one", "ash", "2410", 120), enterprise("two", "ash", "2420", 90)]
    chained = [
        enterprise("one", "ash", "24", 120, group="g"),
        enterprise("two", "ash", "13", 90, group="g"),
    ]
    apart = [enterprise("one", "ash", "24", 120), enterprise("two", "ash", "13", 90)]

    found = [
        judged(town_of(standing=standing("ash"), enterprises=rows), on=date(2015, 1, 1))[0]
        for rows in (alike, chained, apart)
    ]

    assert [one["verdict"] for one in found] == [
        "single-industry",
        "single-industry",
        "not single-industry",
    ]


def test_oil_does_not_count_and_mining_alone_cannot_be_decided():
    oil = town_of(standing=standing("ash"), enterprises=[enterprise("well", "ash", "06", 900)])
    some = town_of(standing=standing("ash"), enterprises=[enterprise("pit", "ash", "B", 900)])

    assert judged(oil, on=date(2015, 1, 1))[0]["verdict"] == "not single-industry"
    verdict, criteria = judged(some, on=date(2015, 1, 1))
    assert verdict["verdict"] == "not decidable"
    assert "too coarse" in criteria.loc["activity", "told"]


def test_a_mill_that_is_enough_decides_whatever_the_pit_digs():
    region = town_of(
        standing=standing("ash"),
        enterprises=[enterprise("pit", "ash", "B", 100), enterprise("mill", "ash", "24", 300)],
    )
    verdict, _ = judged(region, on=date(2015, 1, 1))

    assert verdict["verdict"] == "single-industry"


def test_any_of_the_last_five_years_is_enough():
    counts = [
        {"enterprise_id": "mill", "year": year, "jobs": jobs}
        for year, jobs in ((2008, 500), (2010, 210), (2013, 150))
    ]
    region = town_of(
        standing=standing("ash"),
        enterprises=[enterprise("mill", "ash", "24", 150)],
        headcounts=counts,
        employment=employment([("ash", year, "C", 1_000) for year in (2008, 2010, 2013)]),
    )

    verdict, criteria = judged(region, on=date(2015, 1, 1))
    assert verdict["verdict"] == "single-industry"
    assert criteria.loc["jobs", "told"] == "Mill works, 2010"

    later, _ = judged(region, on=date(2016, 1, 1))
    assert later["verdict"] == "not single-industry"


def test_what_is_not_in_the_data_is_not_decided():
    """As for the listed towns of the Urals: people are counted, enterprises are not."""
    verdict, criteria = judged(region_of(country="RU"), on=date(2015, 1, 1))

    assert verdict["verdict"] == "not decidable"
    assert criteria.loc["population", "outcome"] == "met"
    assert criteria.loc["jobs", "outcome"] == "not decidable"
    assert criteria.loc["unemployment", "told"] == "national unemployment rate missing"
    assert "enterprises of the town missing" in verdict["reason"]
    assert verdict["possible_categories"] == "1, 2, 3"


def test_one_criterion_that_fails_decides_whatever_is_missing():
    region = region_of(country="RU", town_columns={"population": [2_900, 50_000]})
    verdict, _ = judged(region, on=date(2015, 1, 1))

    assert verdict["verdict"] == "not single-industry"
    assert verdict["reason"] == "not met: more than 3,000 residents"
    assert pd.isna(verdict["category"])


def signalled(**more):
    plant = enterprise("mill", "ash", "24", 300, **more.pop("plant", {}))
    return town_of(standing=standing("ash", **more), enterprises=[plant])


QUIET = {"planned_layoffs": 0, "has_stopped": False, "outlook": "steady"}


@pytest.mark.parametrize(
    ("plant", "town", "category", "possible"),
    [
        (QUIET, {"registered_unemployed": 20, "dissatisfied_share": 0.2}, 3, "3"),
        (
            {**QUIET, "planned_layoffs": 60},
            {"registered_unemployed": 20, "dissatisfied_share": 0.2},
            2,
            "2",
        ),
        (
            {**QUIET, "has_stopped": True},
            {"registered_unemployed": 80, "dissatisfied_share": 0.2},
            1,
            "1",
        ),
        (QUIET, {"registered_unemployed": 20}, None, "2, 3"),
        ({**QUIET, "has_stopped": True}, {"dissatisfied_share": 0.2}, None, "1, 2"),
    ],
)
def test_signals_make_the_category_and_missing_ones_leave_it_open(plant, town, category, possible):
    """Of a labour force of 2,000, 80 are 4 %: twice the national 2 %."""
    verdict, _ = judged(
        signalled(plant=plant, **town), on=date(2015, 1, 1), national_unemployment_rate=0.02
    )

    assert verdict["verdict"] == "single-industry"
    assert (None if pd.isna(verdict["category"]) else verdict["category"]) == category
    assert verdict["possible_categories"] == possible
    assert verdict["rests_on_unconfirmed"]


def test_the_rule_of_2009_wants_a_quarter_of_the_active_and_half_of_the_output():
    plant = enterprise("mill", "ash", "24", 500, output_per_year=60)
    region = town_of(
        enterprises=[plant],
        employment=employment([("ash", 2009, "C", 500, 80), ("ash", 2009, "G", 500, 40)]),
    )
    verdict, criteria = judged(region, on=date(2009, 6, 1))

    assert criteria["value"].tolist() == ["0.25", "0.5"]
    assert verdict["verdict"] == "single-industry"
    assert not verdict["rests_on_unconfirmed"]


def test_elsewhere_the_largest_industry_is_set_against_the_benchmark():
    region = region_of(
        country="MX",
        employment=employment([("ash", 2010, "24", 60), ("ash", 2010, "47", 40)]),
        benchmark=[
            {"year": 2010, "isic": "24", "persons": 1_000},
            {"year": 2010, "isic": "47", "persons": 9_000},
        ],
    )
    verdict, criteria = judged(region)

    assert verdict["rule_set"] == "LQ"
    assert verdict["verdict"] == "single-industry"
    assert float(criteria.loc["quotient", "value"]) == pytest.approx(6)
    assert criteria.loc["share", "told"] == "24 (manufacturing), 2010"
    assert judged(region, "birch")[0]["reason"] == "not decidable: employment by industry missing"


def test_a_rule_set_nobody_knows_is_refused():
    with pytest.raises(ParameterError, match="expected one of RU-2009, RU-2014, RU-2025, LQ"):
        judge_status(region_of(), StatusParams(rule_set="RU-2030"))


def test_own_rules_take_the_place_of_ours():
    own = rule_sets_of(
        {
            "rule_set": [
                {
                    "id": "OWN",
                    "country": "MX",
                    "valid_from": date(2020, 1, 1),
                    "criterion": [{"id": "few", "measure": "population", "at_most": 10_000}],
                    "admission": [{"criteria": ["few"]}],
                }
            ]
        }
    )
    status = judge_status(region_of(country="MX"), rule_sets=own)

    assert status.counts()["single-industry"] == 2
    assert status.outcomes()["met"].tolist() == [2]


def test_renaming_towns_renames_verdicts():
    plants = [enterprise("mill", "ash", "24", 200)]
    here = town_of(standing=standing("ash"), enterprises=plants)
    there = region_of(
        ("oak", "elm"),
        country="RU",
        town_columns=JOBS_KNOWN,
        standing=standing("oak"),
        enterprises=[enterprise("mill", "oak", "24", 200)],
    )

    verdicts = [judge_status(region).verdicts["verdict"].tolist() for region in (here, there)]
    assert verdicts[0] == verdicts[1]
