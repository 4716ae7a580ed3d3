"""Every town once, in one area or in none."""

import pytest

from comarca.errors import ParameterError, UnknownTownError
from comarca.model.partition import Area, Partition

WEST = Area(area_id="1", name="West", head_town_id="ash", quality={"self_containment": 0.8})
EAST = Area(area_id="2", name="East", head_town_id="city")


def partition(**changes):
    arguments = {
        "origin": "commuting",
        "area_of": {"ash": "1", "birch": "1", "city": "2", "lone": None},
        "status_of": {"ash": "core", "birch": "member", "city": "core", "lone": "none"},
        "areas": (WEST, EAST),
    }
    return Partition(**(arguments | changes))


def test_members_and_towns_keep_their_order():
    assert partition().members("1") == ("ash", "birch")
    assert partition().town_ids == ("ash", "birch", "city", "lone")


def test_an_area_by_its_id():
    assert partition().area("2").name == "East"


@pytest.mark.parametrize("ask", ["members", "area"])
def test_an_unknown_area_is_refused(ask):
    with pytest.raises(UnknownTownError, match='"3" is not known'):
        getattr(partition(), ask)("3")


def test_as_a_table():
    rows = partition().to_frame().set_index("town_id")

    assert rows.loc["birch", ["area_id", "area_name", "status"]].tolist() == ["1", "West", "member"]
    assert rows["is_head"].to_dict() == {"ash": True, "birch": False, "city": True, "lone": False}
    assert rows["area_id"].isna().to_dict() == {
        "ash": False,
        "birch": False,
        "city": False,
        "lone": True,
    }


def test_a_table_of_no_towns_still_has_its_columns():
    empty = partition(area_of={}, status_of={}, areas=()).to_frame()

    assert list(empty.columns) == ["town_id", "area_id", "area_name", "is_head", "status"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"areas": (WEST,)}, r"areas without towns, or unknown: \['2'\]"),
        ({"areas": (WEST, EAST, Area(area_id="3", name="x", head_town_id="ash"))}, r"\['3'\]"),
        ({"areas": (WEST, EAST, EAST)}, "more than once"),
        ({"status_of": {"ash": "core"}}, "different towns"),
        (
            {"areas": (WEST, Area(area_id="2", name="East", head_town_id="birch"))},
            'head town "birch" lies outside area "2"',
        ),
    ],
)
def test_a_partition_that_contradicts_itself_is_refused(changes, words):
    with pytest.raises(ParameterError, match=words):
        partition(**changes)


def test_later_changes_to_what_it_was_made_from_do_not_reach_it():
    quality, area_of = {"share": 0.5}, {"ash": "1"}
    area = Area(area_id="1", name="West", head_town_id="ash", quality=quality)
    made = partition(area_of=area_of, status_of={"ash": "core"}, areas=(area,))

    quality["share"] = 0.1
    area_of["birch"] = "1"

    assert made.area("1").quality["share"] == 0.5
    assert made.town_ids == ("ash",)
    with pytest.raises(TypeError):
        made.area_of["birch"] = "1"
