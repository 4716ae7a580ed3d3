"""Maps: names that do not cover each other, areas that stay on land, scales that are true."""

import re

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from comarca.model.partition import Area, Partition
from comarca.report import words
from comarca.report.atlas import atlas_of
from comarca.report.labels import Wanted, placed, text_width
from comarca.report.maps import commuting_map, freight_map
from comarca.report.plane import Sheet, grounds, patches, tints
from comarca.report.tables import Column, Table
from unit.report.sample_plans import plan_for, region_of, small_plan


@given(
    st.lists(
        st.tuples(
            st.floats(0, 600), st.floats(0, 400), st.text("abcdeß松", min_size=1, max_size=18)
        ),
        max_size=30,
    )
)
def test_no_name_covers_another_or_leaves_the_map(points):
    wanted = [Wanted(text, x, y, 6.0, 13.0) for x, y, text in points]
    boxes = []
    for label in placed(wanted, 600, 400):
        wide = text_width(label.text, label.size)
        left = {"start": label.x, "end": label.x - wide, "middle": label.x - wide / 2}
        west = left[label.anchor]
        box = shapely.box(
            west, label.y - 0.85 * label.size, west + wide, label.y + 0.2 * label.size
        )
        assert shapely.box(0, 0, 600, 400).contains(box)
        assert all(not box.intersects(other) for other in boxes)
        boxes.append(box)


def test_towns_on_both_sides_of_the_date_line_lie_side_by_side():
    sheet = Sheet.of(
        region_of([("w", "West", 0.0, 179.5, 10), ("e", "East", 0.0, -179.5, 10)], currency="MXN")
    )
    west, east = sheet.flat(np.array([179.5, -179.5]), np.array([0.0, 0.0]))
    assert east[0] - west[0] == pytest.approx(111.195, rel=1e-4)  # one degree of the equator


def test_degrees_return_from_the_sheet():
    sheet = Sheet.of(small_plan().region)
    there = sheet.flat(np.array([-96.9, -96.1]), np.array([16.9, 17.2]))
    assert sheet.degrees(there) == pytest.approx(np.array([[-96.9, 16.9], [-96.1, 17.2]]))


def test_numbers_of_a_column_have_as_many_digits_as_it_needs():
    rows = ((55.0, 83, 0.1), (50.3, 52, 0.37), (188.2, 515, None))
    columns = tuple(Column(name, "number") for name in "abc")
    told = Table("t", "t", columns, rows).told()

    assert [cell.text for cell in told[0]] == ["55.0", "83", "0.10"]
    assert [cell.text for cell in told[2]] == ["188", "515", "–"]


def test_a_slit_too_thin_to_be_seen_is_no_border_within_an_area():
    """Two halves of a square that do not quite meet."""
    region = region_of([("w", "West", 0.0, 0.0, 10), ("e", "East", 0.0, 1.0, 10)], currency="MXN")
    together = Partition(
        origin="commuting",
        area_of={"w": "a", "e": "a"},
        status_of={"w": "core", "e": "member"},
        areas=(Area(area_id="a", name="West", head_town_id="w"),),
    )
    halves = [shapely.box(0, 0, 5, 10), shapely.box(5.05, 0, 10, 10)]

    [square] = grounds(region, together, halves).values()

    assert square.symmetric_difference(shapely.box(0, 0, 10, 10)).area < 1e-6


def test_each_town_lies_in_its_own_patch_and_patches_do_not_overlap():
    places = np.array([[0.0, 0.0], [10.0, 0.0], [0.0, 10.0], [10.0, 12.0], [5.0, 5.0]])
    found = patches(places)
    for i, place in enumerate(places):
        assert found[i].covers(shapely.Point(place))
    for i, one in enumerate(found):
        for other in found[i + 1 :]:
            assert one.intersection(other).area == pytest.approx(0, abs=1e-6)


def test_towns_in_one_spot_do_not_break_the_map():
    found = patches(np.array([[0.0, 0.0], [0.0, 0.0], [8.0, 0.0]]))
    assert [part.is_empty for part in found] == [False, True, False]


def test_a_town_off_the_known_land_keeps_a_speck():
    land = shapely.box(-5, -50, 5, 50)
    found = patches(np.array([[0.0, 0.0], [0.0, 9.0], [90.0, 0.0]]), land)
    assert land.covers(found[0])
    assert not found[2].is_empty


def test_areas_of_a_division_stay_inside_it():
    atlas = atlas_of(small_plan())  # seven towns within Oaxaca
    assert atlas.outline.lands
    for ground in atlas.grounds["commuting"].values():
        assert ground.difference(atlas.outline.ground).area < 1


def test_a_world_in_the_sea_is_drawn_on_plain_paper():
    towns = [("1", "Ash", 0.1, -30.0, 900), ("2", "Birch", 0.2, -30.1, 700)]
    atlas = atlas_of(plan_for(region_of(towns), heads=1, bases=1, shops=1))
    assert atlas.outline.ground is None
    assert "<svg" in commuting_map(atlas)


def test_neighbouring_areas_differ_in_tint():
    cells = {f"{x}{y}": shapely.box(x, y, x + 1, y + 1) for x in range(4) for y in range(4)}
    chosen = tints(cells, 6)
    for one, ground in cells.items():
        for other, beside in cells.items():
            if one != other and ground.distance(beside) < 0.01:
                assert chosen[one] != chosen[other]


def test_scale_bar_is_as_long_as_it_says():
    atlas = atlas_of(small_plan())
    drawn = commuting_map(atlas)
    length_km = float(re.search(r">([\d.,]+) km</text>", drawn)[1])
    wide = float(re.search(r"v6h([\d.]+)v-6", drawn)[1])
    assert wide / atlas.view.per_km == pytest.approx(length_km, rel=0.01)


def test_maps_say_what_they_show():
    atlas = atlas_of(small_plan())
    assert "drawn from estimated flows" in commuting_map(atlas)
    drawn = freight_map(atlas)
    assert "3 workshops" in drawn
    assert drawn.count("<title>R") == len(atlas.contents.plan.freight.routes)


@pytest.mark.parametrize(
    ("amount", "told"),
    [
        (0, "MXN\u00a00"),
        (4.2, "MXN\u00a04.20"),
        (-12_345, "−MXN\u00a012,300"),
        (1_236_000, "MXN\u00a01.24 million"),
        (999_999, "MXN\u00a01,000,000"),
        (2.5e9, "MXN\u00a02.50 billion"),
    ],
)
def test_money_is_told_as_a_person_would(amount, told):
    assert words.money(amount, "MXN") == told


@given(st.floats(-1e12, 1e12, allow_nan=False).filter(lambda value: abs(value) > 1e-9))
def test_three_digits_are_within_half_a_percent(value):
    told = float(words.rounded(value).replace(",", "").replace("−", "-"))
    assert told == pytest.approx(value, rel=0.0051)


def test_times_of_day_are_told_as_a_clock_shows_them():
    assert words.time_of_day(520.4) == "08:40"
    assert words.time_of_day(0) == "00:00"
    assert words.time_of_day(24 * 60 + 20) == "00:20\u00a0(+1 day)"


def test_days_of_a_truck_are_told():
    assert words.driven(1, 1) == "every working day"
    assert words.driven(3, 2) == "on working day 2 of every 3"


def test_times_count_in_hours_and_minutes():
    assert words.hours_and_minutes(65.4) == "1\u00a0h\u00a005"
    assert words.hours_and_minutes(59.9) == "1\u00a0h\u00a000"
    assert words.hours_and_minutes(34.4) == "34\u00a0min"
