"""Charts of areas: the line is the rule's own, and every area is drawn and counted."""

import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from area_world import results
from comarca.commuting import AreaParams
from comarca.commuting.areas.engine.validity import validity
from comarca.model.partition import Area
from comarca.report.area_charts import needed_self_containment, rule_chart, spread_chart

SVG = "{http://www.w3.org/2000/svg}"
PARAMS = AreaParams()


def area(number, residents, supply, demand=None):
    share = supply if demand is None else demand
    figures = {
        "residents": residents,
        "self_containment_supply": supply,
        "self_containment_demand": share,
        "validity": validity(residents * supply, residents, residents, PARAMS.rule),
    }
    return Area(area_id=f"{number}", name=f"A{number}", head_town_id=f"{number}", quality=figures)


def titles(picture, mark):
    found = ET.fromstring(picture).iter(f"{SVG}{mark}")  # noqa: S314 - our own
    return [title.text for one in found for title in one.findall(f"{SVG}title")]


@given(st.floats(1_000, 50_000))
def test_on_the_line_an_area_is_just_valid(residents):
    share = needed_self_containment(residents, PARAMS)

    assert validity(residents * share, residents, residents, PARAMS.rule) == pytest.approx(1)


def test_one_size_for_both_has_a_line_too():
    params = AreaParams(min_workers=500, target_workers=500)
    assert needed_self_containment(700, params) == params.min_self_containment


def test_every_area_is_a_mark_and_those_below_the_rule_stand_out():
    areas = [area(1, 2_000, 0.9), area(2, 20_000, 0.5), area(3, 90, 1.0)]
    picture = rule_chart(areas, PARAMS)

    assert sorted(told.split(":")[0] for told in titles(picture, "circle")) == ["A1", "A2", "A3"]
    marks = {
        mark.find(f"{SVG}title").text[:2]: mark.get("fill")
        for mark in ET.fromstring(picture).iter(f"{SVG}circle")  # noqa: S314 - our own
    }
    assert marks["A1"] == marks["A3"] != marks["A2"]


@given(st.lists(st.tuples(st.floats(0.5, 1e7), st.floats(0, 1), st.floats(0, 1)), min_size=1))
def test_every_area_is_in_one_bar_of_each_count(figures):
    areas = [area(number, *one) for number, one in enumerate(figures)]
    told = titles(spread_chart(areas), "rect")
    counts = [int(re.search(r": ([\d,]+) areas?$", one)[1].replace(",", "")) for one in told]

    assert sum(counts) == 3 * len(areas)


def test_charts_of_a_world_are_sound():
    made = results()
    for picture in (
        rule_chart(made.areas.partition.areas, made.areas.params),
        spread_chart(made.areas.partition.areas),
    ):
        assert ET.fromstring(picture).tag == f"{SVG}svg"  # noqa: S314 - our own
