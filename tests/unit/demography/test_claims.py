"""Statements put to the test on counts."""

from dataclasses import replace

import pytest

import comarca
from comarca.demography import Claim, claims_of_the_paper, judge_claims
from comarca.errors import ParameterError
from people_world import aged_region, people_region

SERIES = {
    "ash": (30_000, 33_000),
    "birch": (25_000, 40_000),
    "cedar": (900, 800),
    "dale": (700, 900),
}
REGION_COUNTS = [
    (town, year, persons)
    for town, values in SERIES.items()
    for year, persons in zip((1990, 2015), values, strict=True)
]


def claim(kind, **given):
    return Claim(
        claim_id="c",
        statement="So it is",
        kind=kind,
        year_from=1990,
        year_to=2015,
        source="us",
        **given,
    )


def verdict(*claims, region=None):
    return judge_claims(region or people_region(REGION_COUNTS), claims).verdicts.iloc[0]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"size_from": 22_000, "low": 1.0, "high": 1.2}, "does not hold"),
        ({"size_from": 22_000, "low": 1.0, "high": 1.6}, "holds"),
        ({"size_from": 22_000, "low": 1.0, "high": 1.2, "except_towns": ("birch",)}, "holds"),
        ({"size_from": 50_000, "low": 1.0, "high": 1.2}, "not decidable"),
    ],
)
def test_growth_within_bounds(given, told):
    assert verdict(claim("within", **given))["verdict"] == told


def test_the_numbers_behind_a_verdict_are_told():
    row = verdict(claim("within", size_from=22_000, low=1.0, high=1.2))

    assert (row["n_towns"], row["n_in_line"]) == (2, 1)
    assert (row["lowest_multiple"], row["highest_multiple"]) == (1.1, 1.6)
    assert row["pooled_multiple"] == pytest.approx(73 / 55)
    assert row["reason"].startswith("1 of 2 towns lie within; multiples ×1.10 to ×1.60")


def test_half_that_shrink_while_all_together_grow_do_not_bear_out_shrinkage():
    row = verdict(claim("shrinks", size_to=10_000))

    assert row["verdict"] == "does not hold"
    assert (row["n_in_line"], row["pooled_multiple"]) == (1, 1700 / 1600)


def test_most_that_shrink_bear_it_out_when_their_sum_shrinks():
    counts = [("ash", 1990, 100), ("ash", 2015, 50), ("birch", 1990, 100), ("birch", 2015, 60)]
    more = [*counts, ("cedar", 1990, 100), ("cedar", 2015, 120)]

    assert verdict(claim("shrinks"), region=people_region(counts))["verdict"] == "holds"
    assert verdict(claim("shrinks"), region=people_region(more))["verdict"] == "holds for most"


def test_stated_multiples_are_compared_to_two_decimals():
    assert verdict(claim("grew_by", towns={"ash": 1.1, "birch": 1.6}))["verdict"] == "holds"
    assert verdict(claim("grew_by", towns={"ash": 1.2}))["verdict"] == "does not hold"


def test_a_named_town_without_counts_leaves_the_claim_open():
    row = verdict(claim("grew_by", towns={"ash": 1.1, "elm": 1.6}))

    assert row["verdict"] == "not decidable"
    assert row["reason"] == "1 of the 2 named towns were counted in both 1990 and 2015"


def test_a_town_is_named_by_the_code_of_its_municipality_too():
    region = people_region(REGION_COUNTS)
    towns = region.towns.assign(admin_code=["MX.20.039", "20324", "MX.20.059", "MX.20.059"])
    region = replace(region, towns=towns, country="MX")
    others = claim("within", size_from=22_000, low=1.0, high=1.2, except_towns=("20324",))

    stated = verdict(claim("grew_by", towns={"20039": 1.1, "20324": 1.6}), region=region)
    shared = verdict(claim("grew_by", towns={"20039": 1.1, "20059": 0.89}), region=region)

    assert (stated["verdict"], stated["n_in_line"]) == ("holds", 2)
    assert verdict(others, region=region)["n_towns"] == 1
    assert shared["verdict"] == "not decidable"  # two towns lie in that municipality


def test_the_example_decides_what_its_own_counts_say():
    judged = judge_claims(comarca.examples.oaxaca()).verdicts.set_index("claim_id")["verdict"]

    assert judged["paper_university_towns"] == "holds"
    assert judged["paper_larger_small_towns"] == "not decidable"  # only the excepted are counted


def test_a_doubtful_count_decides_nothing():
    misprint = [
        ("ash", 1990, 39_488),
        ("ash", 1995, 47_827),
        ("ash", 2015, 5_808),
        ("ash", 2020, 69_839),
    ]

    assert verdict(claim("shrinks"), region=people_region(misprint))["verdict"] == "not decidable"


def test_claims_of_the_age_curves():
    counts = [
        ("ash", 1990, None, 400, 100, 300, 100, 100),
        ("ash", 2015, None, 360, 95, 270, 110, 120),
    ]
    region = aged_region(counts)

    assert verdict(claim("keeps_young", towns={"ash": 1}), region=region)["verdict"] == "holds"
    assert verdict(claim("all_curves_fall", towns={"ash": 1}), region=region)["verdict"] == "holds"


def test_claims_of_the_paper_can_be_put_to_any_region():
    judged = judge_claims(people_region(REGION_COUNTS))

    assert list(judged.verdicts["claim_id"]) == [claim.claim_id for claim in claims_of_the_paper()]
    assert "does not hold" in judged.summary()


def test_claims_out_of_order_are_refused():
    with pytest.raises(ParameterError, match="expected a year before 1990"):
        Claim(claim_id="c", statement="", kind="stable", year_from=2000, year_to=1990, source="")
    with pytest.raises(ParameterError, match='of kind "sinks"; expected one of within'):
        Claim(claim_id="c", statement="", kind="sinks", year_from=1990, year_to=2000, source="")
