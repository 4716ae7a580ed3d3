"""Charts of people, as their marks and words show them."""

import re

from comarca.demography import diagnose
from comarca.report.people_charts import age_curves_chart, growth_chart
from people_world import aged_region, people_region

PAIR = [
    ("ash", 2010, None, 400, 100, 300, 100, 100),
    ("ash", 2020, None, 360, 110, 270, 110, 120),
    ("birch", 2020, None, 200, 60, 150, 80, 90),
]


def test_each_town_counted_twice_has_a_panel_with_three_curves():
    curves = diagnose(aged_region(PAIR)).age_curves

    drawn = age_curves_chart(curves, {"ash": "Ash & Co", "birch": "Birch"})

    assert len(re.findall('<path [^>]*fill="none"', drawn)) == 3
    assert "Ash &amp; Co" in drawn
    assert "Birch" not in drawn
    assert "20 to 29, doubled 200 to 220" in drawn


def test_split_bands_are_hollow():
    bands = ((0, 14), (15, 29), (30, 49), (50, 64), (65, None))
    split = diagnose(aged_region(PAIR[:2], bands=bands)).age_curves
    exact = diagnose(aged_region(PAIR[:2])).age_curves

    assert age_curves_chart(split, {"ash": "Ash"}).count(", split") == 6
    assert age_curves_chart(exact, {"ash": "Ash"}).count(", split") == 0


def test_without_ages_the_chart_says_so():
    nothing = diagnose(people_region([("ash", 2010, 5)])).age_curves

    assert "no town was counted by age twice" in age_curves_chart(nothing, {"ash": "Ash"})


def test_towns_are_ranked_by_growth():
    counts = [("ash", 2000, 100), ("ash", 2010, 50), ("birch", 2000, 100), ("birch", 2010, 200)]
    growth = diagnose(people_region(counts)).growth

    drawn = growth_chart(growth, {"ash": "Ash", "birch": "Birch"}, highlighted=frozenset({"ash"}))

    assert drawn.index("1. Birch") < drawn.index("2. Ash")
    bars = [float(width) for width in re.findall(r'<rect [^>]*width="([\d.]+)"', drawn)]
    assert bars[0] == bars[1]  # halving is as long as doubling


def test_of_many_towns_both_ends_and_the_highlighted_are_drawn():
    counts = [(f"t{n}", year, 100 + n * (year - 2000)) for n in range(100) for year in (2000, 2010)]
    names = {f"t{n}": f"Town {n}" for n in range(100)}

    drawn = growth_chart(
        diagnose(people_region(counts)).growth, names, highlighted=frozenset({"t50"})
    )

    assert "1. Town 99" in drawn
    assert "100. Town 0" in drawn
    assert "50. Town 50" in drawn
    assert "41 of 100 towns" in drawn
