"""The largest group of a town's commuters: counted once, and never guessed."""

import dataclasses

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import comarca
from comarca.commuting import commuter_groups
from comarca.errors import ParameterError, UnknownTownError
from comarca.model.region import Region, typed_frame

NAMES = {"a": "Ash", "b": "Birch", "c": "City", "d": "Dale", "e": "Elm"}


def region(*flows):
    """Rows ``origin, destination, skill, occupation, period, persons``; ``None`` is blank."""
    towns = pd.DataFrame(
        {
            "town_id": list(NAMES),
            "name": list(NAMES.values()),
            "lat": 1.0,
            "lon": [float(n) for n in range(len(NAMES))],
            "population": 1e5,
        }
    )
    header = ["origin", "destination", "skill", "occupation", "period", "persons"]
    tables = {"flows": typed_frame("flows", pd.DataFrame(list(flows), columns=header))}
    return Region(
        name="Five towns", towns=typed_frame("towns", towns), tables=tables if flows else {}
    )


def of_a(*flows, **given):
    """What is known of town a; rows without their origin."""
    return commuter_groups(region(*(("a", *row) for row in flows)), **given).of("a")


def largest(town):
    return [(group.name, group.persons) for group in town.largest]


def test_the_largest_occupation_of_the_qualified_is_named_with_where_it_works():
    town = of_a(
        ("c", "secondary", "7", None, 300),
        ("b", "secondary", "7", None, 50),
        ("c", "secondary", "5", None, 200),
        ("c", "higher", "2", None, 120),
        ("c", "basic", "9", None, 900),
    )

    assert town.status == "certain"
    assert town.grouped_by == "occupation"
    assert largest(town) == [("7", 350)]
    assert [(place.town_id, place.persons) for place in town.largest[0].destinations] == [
        ("c", 300),
        ("b", 50),
    ]
    assert town.out_commuters == 1_570
    assert town.share(town.largest[0]) == pytest.approx(350 / 1_570)


def test_an_occupation_is_one_group_whatever_its_skills():
    town = of_a(
        ("c", "secondary", "2", None, 60),
        ("c", "higher", "2", None, 60),
        ("c", "secondary", "7", None, 100),
    )

    assert largest(town) == [("2", 120)]


def test_those_who_stay_are_no_commuters():
    town = of_a(("a", "secondary", "7", None, 9_000), ("c", "secondary", "5", None, 3))

    assert largest(town) == [("5", 3)]
    assert town.out_commuters == 3


def test_daily_and_weekly_are_told_apart_and_belong_to_one_group():
    town = of_a(
        ("c", "secondary", "7", "daily", 40),
        ("c", "secondary", "7", "weekly", 30),
        ("d", "secondary", "7", "weekly", 20),
        ("c", "secondary", "5", None, 80),
    )
    (group,) = town.largest

    assert (group.name, group.persons) == ("7", 90)
    assert (group.in_period("daily"), group.in_period("weekly")) == (40, 50)
    assert group.main_destinations == ("c",)


def test_without_occupations_the_groups_are_skills():
    town = of_a(("c", "basic", None, None, 500), ("c", "secondary", None, None, 70))

    assert (town.grouped_by, largest(town)) == ("skill", [("secondary", 70)])
    assert town.status == "certain"


def test_flows_without_skill_cannot_say():
    town = of_a(("c", None, None, None, 800), ("d", None, "7", None, 100))

    assert (town.status, town.groups, town.unknown) == ("skill unknown", (), 900)


def test_a_total_is_never_added_to_its_parts_and_the_rest_is_unknown():
    town = of_a(("c", None, None, None, 100), ("c", "secondary", "7", None, 60))

    assert (town.out_commuters, town.qualified, town.unknown) == (100, 60, 40)


@pytest.mark.parametrize(("untold", "status"), [(9, "certain"), (10, "uncertain")])
def test_unknowns_matter_when_they_could_overturn_the_lead(untold, status):
    """Thirty against twenty: ten more could draw level."""
    town = of_a(
        ("c", "secondary", "7", None, 30),
        ("c", "secondary", "5", None, 20),
        ("d", None, None, None, untold),
    )

    assert town.status == status
    assert largest(town) == [("7", 30)]


def test_the_only_group_may_hide_a_larger_one():
    town = of_a(("c", None, None, None, 70), ("c", "secondary", "7", None, 30))

    assert town.status == "uncertain"


def test_qualified_people_without_an_occupation_are_unknown_too():
    town = of_a(("c", "secondary", None, None, 100), ("c", "secondary", "7", None, 40))

    assert (town.status, town.qualified, town.unknown) == ("uncertain", 100, 60)


def test_basic_skill_is_known_and_changes_nothing():
    town = of_a(("c", "basic", None, None, 5_000), ("c", "secondary", "7", None, 1))

    assert (town.status, town.unknown) == ("certain", 0)


def test_groups_as_large_as_each_other_are_both_named():
    town = of_a(("c", "secondary", "7", None, 30), ("d", "secondary", "5", None, 30))

    assert town.status == "tied"
    assert sorted(largest(town)) == [("5", 30), ("7", 30)]


def test_a_town_without_qualified_commuters_says_so():
    assert of_a(("c", "basic", None, None, 30)).status == "none qualified"
    assert of_a(("c", "basic", None, None, 30), ("d", None, None, None, 1)).status == (
        "skill unknown"
    )


def test_a_town_nobody_leaves_and_a_town_nobody_counted_differ():
    found = commuter_groups(region(("a", "a", None, None, None, 500)))

    assert found.of("a").status == "no commuters"
    assert found.of("b").status == "not counted"


def test_without_flows_nobody_can_say_and_nothing_is_estimated():
    found = commuter_groups(region())

    assert {town.status for town in found.towns} == {"not counted"}
    assert found.table()["out_commuters"].isna().all()
    assert "5 towns: nobody can say: nobody who lives there is counted" in found.summary()


def test_what_counts_as_mid_level_can_be_set():
    flows = [("c", "secondary", "7", None, 30), ("c", "higher", "2", None, 10)]

    assert largest(of_a(*flows, least_skill="higher")) == [("2", 10)]
    assert largest(of_a(*flows, ("c", "basic", "9", None, 90), least_skill="basic")) == [("9", 90)]
    with pytest.raises(ParameterError, match="one of basic, secondary, higher"):
        of_a(*flows, least_skill="phd")


@pytest.mark.parametrize(
    "total",
    [(None, None, None, 10), ("secondary", None, None, 10)],
    ids=["of the pair", "of the skill"],
)
def test_disturbed_counts_never_make_a_share_above_one(total):
    town = of_a(("c", *total), ("c", "secondary", "7", None, 12))

    assert town.share(town.largest[0]) == 1
    assert (town.status, town.unknown) == ("certain", 0)


def test_the_highest_skill_is_asked_for_without_more():
    found = commuter_groups(region(("a", "c", "higher", None, None, 3)), least_skill="higher")

    assert "Largest group of commuters with higher qualification, 5 towns" in found.summary()


def test_a_row_of_nobody_makes_no_group():
    town = of_a(("c", "secondary", "7", None, 0), ("c", "secondary", "5", None, 4))

    assert [group.name for group in town.groups] == ["5"]


def test_the_table_has_a_row_for_each_town_and_each_tied_group():
    found = commuter_groups(
        region(
            ("a", "c", "secondary", "07", "daily", 30),
            ("a", "d", "secondary", "07", "weekly", 30),
            ("a", "d", "secondary", "5", None, 60),
            ("b", "c", None, None, None, 8),
            *((town, town, None, None, None, 1) for town in "cd"),
        )
    )
    table = found.table()

    assert table["town_id"].tolist() == ["a", "a", "b", "c", "d", "e"]
    assert table["group"].tolist()[:2] == ["07", "5"]  # codes stay as they are written
    first = table.iloc[0]
    assert first["main_destination_ids"] == "c; d"
    assert first["main_destinations"] == "City; Dale"
    assert (first["daily"], first["weekly"], first["persons"]) == (30, 30, 60)
    assert first["share_of_out_commuters"] == 0.5
    assert table.iloc[2:]["persons"].isna().all()
    assert table["known_qualified"].tolist()[:5] == [120, 120, 0, 0, 0]
    assert pd.isna(table["out_commuters"].iloc[5])


def test_the_tidy_table_holds_every_group_destination_and_period():
    found = commuter_groups(
        region(
            ("a", "c", "secondary", "7", "daily", 30),
            ("a", "c", "secondary", "7", "weekly", 3),
            ("a", "b", "higher", "2", None, 5),
        )
    )

    rows = found.by_destination()[["group", "is_largest", "destination", "period", "persons"]]

    assert rows.to_numpy().tolist() == [
        ["7", True, "City", "daily", 30],
        ["7", True, "City", "weekly", 3],
        ["2", False, "Birch", "daily", 5],
    ]


@pytest.mark.parametrize(
    ("flows", "told"),
    [
        (
            [("c", "secondary", "7", "daily", 30), ("d", "secondary", "7", "weekly", 6)],
            "Ash: the largest group with secondary qualification or more among 36 out-commuters is "
            "occupation 7, 36 persons (100%): daily in City (30), weekly in Dale (6).",
        ),
        (
            [("c", "secondary", None, None, 30), ("c", None, None, None, 90)],
            "The skill or occupation of 60 more is not told, so another group may be larger.",
        ),
        (
            [("c", "secondary", None, None, 30)],
            "among 30 out-commuters is secondary skill, 30 persons (100%): daily in City (30).",
        ),
        ([("c", None, None, None, 7)], "nobody can say, since the skill of 7 out-commuters"),
        ([("c", "basic", None, None, 7)], "none of 7 out-commuters has secondary qualification"),
        ([("a", None, None, None, 7)], "nobody is counted as working in another town"),
        (
            [(town, "secondary", "7", None, 9 - at) for at, town in enumerate("bcde")],
            "daily in Birch (9), City (8), Dale (7) and 1 other town.",
        ),
        (
            [("c", "secondary", "7", None, 5), ("c", "secondary", "5", None, 5)],
            "is occupation 5, 5 persons (50%): daily in City (5) and occupation 7, 5 persons",
        ),
    ],
)
def test_the_answer_is_a_sentence(flows, told):
    assert told in commuter_groups(region(*(("a", *row) for row in flows))).answer("a")


def test_the_small_example_shows_every_kind_of_answer():
    """Worked out in its README."""
    found = commuter_groups(comarca.examples.four_towns())

    assert {town.town_id: town.status for town in found.towns} == {
        "ash": "skill unknown",
        "birch": "certain",
        "cedar": "certain",
        "dale": "uncertain",
    }
    assert largest(found.of("birch")) == [("craft", 260)]
    assert largest(found.of("cedar")) == [("secondary", 200)]
    assert found.of("dale").unknown == 420


def test_skills_of_the_small_example_agree_with_its_labour_table():
    example = comarca.examples.four_towns()
    labour = example.tables["labour"].set_index(["town_id", "skill"])["commuting_out"]
    flows = example.tables["flows"].dropna(subset="skill")
    told = flows.groupby(["origin", "skill"])["persons"].sum()

    for home in ("birch", "cedar"):
        assert told[home].to_dict() == labour[home].to_dict()


def test_an_unknown_town_is_refused():
    with pytest.raises(UnknownTownError):
        commuter_groups(region()).of("x")


CELLS = st.dictionaries(
    st.tuples(
        st.sampled_from("bcd"),
        st.sampled_from(["basic", "secondary", "higher"]),
        st.sampled_from(["2", "5", "7"]),
        st.sampled_from(["daily", "weekly"]),
    ),
    st.integers(1, 50),
    min_size=1,
)


@settings(max_examples=25)
@given(CELLS, st.integers(0, 50))
def test_persons_add_up_and_certain_means_certain(cells, untold):
    """Whatever the untold are, a certain answer stays the largest."""
    flows = [(*cell, persons) for cell, persons in cells.items()]
    town = of_a(*flows, ("e", None, None, None, untold))
    by_occupation: dict[str, int] = {}
    for (_, skill, occupation, _), persons in cells.items():
        if skill != "basic":
            by_occupation[occupation] = by_occupation.get(occupation, 0) + persons

    assert town.out_commuters == sum(cells.values()) + untold
    assert town.qualified == sum(by_occupation.values())
    assert {group.name: group.persons for group in town.groups} == by_occupation
    assert town.unknown == untold
    if town.status == "certain":
        best = town.largest[0].persons
        others = [n for name, n in by_occupation.items() if name != town.largest[0].name]
        assert all(best > other + untold for other in [*others, 0])


@settings(max_examples=10)
@given(CELLS)
def test_renaming_towns_renames_the_answer(cells):
    here = region(*(("a", *cell, persons) for cell, persons in cells.items()))
    names = {town: f"0{town}" for town in NAMES}
    flows = here.tables["flows"].replace({"origin": names, "destination": names})
    there = dataclasses.replace(here, towns=here.towns.rename(names), tables={"flows": flows})

    ours, theirs = commuter_groups(here).table(), commuter_groups(there).table()

    assert theirs["town_id"].str[1:].tolist() == ours["town_id"].tolist()
    for column in ("status", "group", "persons", "main_destinations"):
        pd.testing.assert_series_equal(ours[column], theirs[column])
