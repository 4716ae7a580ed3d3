"""The industries of a region's towns, from its tables."""

import numpy as np
import pandas as pd
import pytest

from comarca.industry import AgglomerationParams, agglomeration_effect, profile_industry
from comarca.model.isic import is_mixed, lies_in, section_of
from industry_world import employment, enterprise, region_of


def test_each_town_in_each_year_it_was_counted():
    region = region_of(
        employment=employment(
            [
                ("ash", 2010, "C", 60),
                ("ash", 2010, "G", 40),
                ("birch", 2010, "G", 100),
                ("birch", 2015, "G", 90),
            ]
        )
    )
    found = profile_industry(region)

    assert list(
        zip(found.specialisation["town_id"], found.specialisation["year"], strict=True)
    ) == [
        ("ash", 2010),
        ("birch", 2010),
        ("birch", 2015),
    ]
    ash = found.latest().loc["ash"]
    assert ash["top_industry"] == "C"
    assert ash["top_share"] == pytest.approx(0.6)
    assert ash["top_quotient"] == pytest.approx(0.6 / (60 / 200))
    assert found.reference_name == "the towns together"


def test_towns_together_are_no_reference_in_a_year_in_which_some_were_not_counted():
    region = region_of(
        employment=employment(
            [("ash", 2010, "C", 60), ("birch", 2010, "G", 100), ("birch", 2015, "G", 90)]
        )
    )

    assert pd.isna(profile_industry(region).latest().loc["birch", "krugman"])


def test_a_benchmark_is_what_towns_are_set_against():
    region = region_of(
        employment=employment([("ash", 2010, "C", 60), ("ash", 2010, "G", 40)]),
        benchmark=[
            {"year": 2010, "isic": "C", "persons": 2_000},
            {"year": 2010, "isic": "G", "persons": 8_000},
        ],
    )
    found = profile_industry(region)

    assert found.reference_name == "benchmark"
    assert found.latest().loc["ash", "top_quotient"] == pytest.approx(3)


def test_a_total_and_its_parts_are_never_added_up():
    """Sixty in manufacturing, of whom fifty make metal: sixty, not a hundred and ten."""
    region = region_of(
        employment=employment(
            [
                ("ash", 2010, "C", 60),
                ("ash", 2010, "24", 50),
                ("ash", 2010, "G", 40),
                ("birch", 2010, "24", 30),
                ("birch", 2010, "25", 20),
            ]
        )
    )
    found = profile_industry(region)

    assert found.latest()["persons"].to_dict() == {"ash": 100, "birch": 50}
    assert set(found.quotients["isic"]) == {"C", "G"}
    assert "told by section" in found.notes[0]


def test_without_employment_everything_is_empty_and_says_why():
    found = profile_industry(region_of())

    assert found.specialisation.empty
    assert found.stage_of["stage"].isna().all()
    assert set(found.stage_of["reason"]) == {"employment by industry is missing"}
    assert found.summary() == "industries: employment by industry is not known"


def test_without_output_no_stage_is_told():
    years = [("ash", year, "C", 100 - year % 100) for year in range(2000, 2012)]
    found = profile_industry(region_of(employment=employment(years)))

    reasons = found.stage_of.set_index("town_id")["reason"]
    assert reasons["ash"] == "output by industry is missing"
    assert found.stages.empty


def test_a_town_whose_mills_lose_jobs_and_output_deindustrialises():
    rows = []
    for year in range(2000, 2014):
        mills = 600 - 30 * (year - 2000)
        rows += [("ash", year, "C", mills, 2.0 * mills), ("ash", year, "G", 400, 500.0)]
    found = profile_industry(region_of(employment=employment(rows)))

    of_ash = found.stage_of.set_index("town_id").loc["ash"]
    assert of_ash["stage"] == "deindustrialising"
    assert of_ash["since"] == 2005  # smoothed from 2002 on; the third fall
    assert found.stages["is_change"].sum() == 2


def test_plants_are_judged_only_where_all_of_them_are_listed():
    """Two plants hold all of manufacturing; of trade, nobody is listed."""
    region = region_of(
        employment=employment(
            [("ash", 2010, "C", 100), ("ash", 2010, "G", 100), ("birch", 2010, "G", 200)]
        ),
        enterprises=[enterprise("e1", "ash", "C", 50), enterprise("e2", "ash", "C", 50)],
    )
    found = profile_industry(region).concentration.set_index("isic")

    assert found.loc["C", "ellison_glaeser"] == pytest.approx(1)
    assert pd.isna(found.loc["G", "ellison_glaeser"])


def naive_hc3(x, y):
    """Least squares with HC3 by loops."""
    X = np.column_stack((np.ones(len(y)), x))
    inverse = np.linalg.inv(X.T @ X)
    beta = inverse @ X.T @ y
    meat = np.zeros((X.shape[1], X.shape[1]))
    for row, target in zip(X, y, strict=True):
        leverage = row @ inverse @ row
        residual = (target - row @ beta) / (1 - leverage)
        meat += residual**2 * np.outer(row, row)
    return beta, np.sqrt(np.diag(inverse @ meat @ inverse))


def paid_region(wages, people, area=None):
    towns = [f"t{at:02d}" for at in range(len(people))]
    columns = {"population": people} | ({} if area is None else {"area_km2": area})
    return region_of(
        towns,
        town_columns=columns,
        labour=[
            {
                "town_id": town,
                "skill": "basic",
                "workers": 100,
                "unemployed": 0,
                "wage_per_h": wage,
            }
            for town, wage in zip(towns, wages, strict=True)
        ],
    )


def test_an_exact_elasticity_is_recovered_with_its_standard_error():
    rng = np.random.default_rng(1)
    people = rng.integers(1_000, 200_000, 40)
    area = rng.uniform(5, 300, 40)
    noise = rng.normal(0, 0.05, 40)
    wages = np.exp(0.3 + 0.06 * np.log(people) + 0.04 * np.log(people / area) + noise)

    found = agglomeration_effect(paid_region(wages, people, area))

    beta, errors = naive_hc3(
        np.column_stack((np.log(people), np.log(people / area))), np.log(wages)
    )
    assert found.n_towns == 40
    for at, name in enumerate(("size", "density"), start=1):
        assert found.of[name].value == pytest.approx(beta[at])
        assert found.of[name].standard_error == pytest.approx(errors[at])
        assert found.of[name].low < found.of[name].value < found.of[name].high
    assert found.of["size"].value == pytest.approx(0.06, abs=3 * errors[1])


def test_few_towns_are_refused_with_the_reason():
    found = agglomeration_effect(paid_region([2.0, 3.0], [1_000, 2_000]))

    assert not found.of
    assert "known of 2 towns; 15 are needed" in found.refusal


def test_towns_of_one_size_are_refused():
    found = agglomeration_effect(
        paid_region(np.linspace(2, 3, 20), np.full(20, 5_000)), params=AgglomerationParams()
    )

    assert "do not differ in size" in found.refusal


@pytest.mark.parametrize(
    ("code", "section"),
    [("C", "C"), ("24", "C"), ("2410", "C"), ("C24", "C"), ("06", "B"), ("99", "U"), ("04", "A")],
)
def test_sections_of_isic(code, section):
    assert section_of(code) == section


@pytest.mark.parametrize("code", ["", "V", "B24", "00", "12345", "steel"])
def test_what_is_not_of_isic(code):
    assert section_of(code) is None


def test_oil_is_mining_but_mining_alone_does_not_say_whether_it_is_oil():
    assert lies_in("0610", ["06"]) is True
    assert lies_in("07", ["06"]) is False
    assert lies_in("B", ["06"]) is None
    assert lies_in("24", ["B", "C"]) is True


def test_codes_of_several_levels_are_noticed():
    assert is_mixed(["C", "24"])
    assert is_mixed(["24", "2410"])
    assert not is_mixed(["C", "G", "06"])
