"""Charts of a projection, as their marks and words show them."""

import re

import pytest

from comarca.demography.projection import ProjectionParams, project_population
from comarca.examples import four_towns
from comarca.report.projection_charts import fan_chart, pyramid_chart, town_fans
from comarca.report.projection_writing import counted_before, fans_shown, projection_page
from people_world import people_region


@pytest.fixture(scope="module")
def found():
    return project_population(four_towns(), ProjectionParams(draws=40, years=20))


def test_the_fan_has_two_bands_a_course_and_the_counts(found):
    past = counted_before(four_towns(), found).query("town_id == 'ash'")

    drawn = fan_chart(found.towns[found.towns["town_id"] == "ash"], past, "Ash")

    assert drawn.count('fill="#bdd3e7"') == 2  # the legend's and the band
    assert len(re.findall("counted</title>", drawn)) == 3
    assert "four in five futures" in drawn


def test_every_town_asked_for_has_a_small_fan(found):
    drawn = town_fans(found, counted_before(four_towns(), found), ["dale", "cedar"])

    assert drawn.index("Dale") < drawn.index("Cedar")
    assert "Birch" not in drawn


def test_the_pyramid_has_bars_and_outlines_of_either_sex(found):
    drawn = pyramid_chart(found)

    assert len(re.findall("<rect", drawn)) == 2 * 2 * 21


def test_of_few_towns_all_fans_are_shown_largest_first(found):
    assert fans_shown(found) == ["ash", "dale", "birch", "cedar"]


def test_of_many_towns_the_page_shows_some_and_says_where_the_rest_is():
    counts = [(f"t{n:03}", year, 900 + n) for n in range(130) for year in (2010, 2020)]
    region = people_region(counts)
    many = project_population(region, ProjectionParams(draws=20, years=10))

    page = projection_page(many, region)

    assert "30 more rows stand in projection.xlsx" in page
    assert "30 of 130 towns: the largest, and those most likely to empty." in page
