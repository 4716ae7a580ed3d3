"""Commuters counted once: totals and parts, skills and occupations, in whatever mixture."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comarca.model.checks import check_tables
from comarca.model.flow_totals import pair_totals, skill_totals
from comarca.model.raw import RawTable
from comarca.model.region import typed_frame

HEADER = ["origin", "destination", "skill", "occupation", "period", "persons"]


def flows(*rows):
    """Rows ``skill, occupation, period, persons`` from a to b; ``None`` is blank."""
    return typed_frame("flows", pd.DataFrame([("a", "b", *row) for row in rows], columns=HEADER))


def totals(*rows):
    found = pair_totals(flows(*rows))
    return dict(zip(found["period"], found["persons"], strict=True))


@pytest.mark.parametrize(
    ("rows", "persons"),
    [
        ([(None, None, None, 100)], 100),
        ([("basic", None, None, 60), ("higher", None, None, 40)], 100),
        ([(None, "7", None, 60), (None, "5", None, 40)], 100),
        ([(None, None, None, 100), ("basic", None, None, 60)], 100),
        ([(None, None, None, 100), (None, "7", None, 60), ("basic", "7", None, 50)], 100),
        ([("basic", "7", None, 60), ("basic", "5", None, 30), ("higher", "7", None, 10)], 100),
        ([("basic", None, None, 70), ("basic", "7", None, 60), ("higher", None, None, 30)], 100),
        ([("basic", None, None, 70), ("higher", "2", None, 10), ("higher", "3", None, 20)], 100),
        ([("basic", None, None, 100), (None, "7", None, 60), (None, "5", None, 40)], 100),
    ],
    ids=[
        "total",
        "skills",
        "occupations",
        "total and a part",
        "total and parts of parts",
        "both at once",
        "a skill broken down in part",
        "one skill whole, one broken down",
        "two breakdowns of the same persons",
    ],
)
def test_each_person_counts_once(rows, persons):
    assert totals(*rows) == {"daily": persons}


def test_periods_are_kept_apart_and_blank_is_daily():
    found = totals(
        (None, None, None, 5), ("basic", None, "weekly", 3), ("higher", None, "weekly", 4)
    )

    assert found == {"daily": 5, "weekly": 7}


def test_skills_are_totals_over_their_occupations():
    told = skill_totals(
        flows(
            ("secondary", "7", None, 30),
            ("secondary", "5", None, 20),
            ("higher", None, None, 9),
            ("higher", "2", None, 4),
            (None, None, None, 80),
        )
    )

    by_skill = dict(zip(told["skill"].fillna("all"), told["persons"], strict=True))
    assert by_skill == {"secondary": 50, "higher": 9, "all": 80}


PARTS = st.dictionaries(
    st.tuples(st.sampled_from(["basic", "secondary", "higher"]), st.sampled_from("257")),
    st.integers(0, 1_000),
    min_size=1,
)


@given(PARTS, st.booleans(), st.booleans(), st.booleans())
def test_totals_that_agree_change_nothing(parts, has_total, has_skills, has_occupations):
    rows = [(skill, occupation, None, n) for (skill, occupation), n in parts.items()]
    whole = sum(parts.values())
    if has_total:
        rows.append((None, None, None, whole))
    for at, is_told in ((0, has_skills), (1, has_occupations)):
        for value in {key[at] for key in parts} if is_told else ():
            n = sum(count for key, count in parts.items() if key[at] == value)
            rows.append((value, None, None, n) if at == 0 else (None, value, None, n))

    assert totals(*rows) == {"daily": whole}


TOWNS = RawTable(
    table="towns",
    place="towns.csv",
    columns={
        "town_id": ["a", "b"],
        "name": ["A", "B"],
        "lat": ["1", "2"],
        "lon": ["1", "2"],
        "population": ["9000", "9000"],
    },
    lines=[2, 3],
)


def found(*rows):
    """Faults and warnings of a flows table, as texts; everybody in b stays there."""
    every = [*(("a", "b", *row) for row in rows), ("b", "b", "", "", "", "1")]
    raw = RawTable(
        table="flows",
        place="flows.csv",
        columns={name: [row[at] for row in every] for at, name in enumerate(HEADER)},
        lines=list(range(2, 2 + len(every))),
    )
    _, findings = check_tables([TOWNS, raw])
    return [str(fault) for fault in findings.faults], [str(note) for note in findings.warnings]


def test_two_breakdowns_to_different_sums_without_a_total_are_refused():
    faults, _ = found(("basic", "", "", "60"), ("", "7", "", "50"))

    assert faults == [
        "flows.csv line 2: commuters a → b is 60 by skill and 50 by occupation; expected the same "
        "persons both ways, or their total in a row with neither"
    ]


def test_an_occupation_outside_the_other_breakdown_is_refused():
    """Are the thirty beside the sixty, or among them?"""
    faults, _ = found(("", "7", "", "60"), ("basic", "5", "", "30"))

    assert "30 by skill and 60 by occupation" in faults[0]


def test_skills_within_occupations_are_sound():
    assert found(("", "7", "", "60"), ("", "5", "", "40"), ("basic", "7", "", "50")) == ([], [])


def test_two_breakdowns_beside_a_total_are_sound():
    assert found(("", "", "", "90"), ("basic", "", "", "60"), ("", "7", "", "50")) == ([], [])


def test_a_blank_period_beside_a_daily_row_is_the_same_commuters_twice():
    faults, _ = found(("basic", "", "", "60"), ("basic", "", "daily", "60"))

    assert len(faults) == 1
    assert "flows.csv line 2: period of a → b is blank, which is daily" in faults[0]


def test_the_same_row_twice_is_told_once():
    faults, _ = found(("basic", "7", "", "60"), ("basic", "7", "", "60"))

    assert len(faults) == 1
    assert "a → b basic 7" in faults[0]


@pytest.mark.parametrize(
    "rows",
    [
        [("", "", "", "50"), ("basic", "", "", "60")],
        [("basic", "", "", "50"), ("basic", "7", "", "40"), ("basic", "5", "", "20")],
        [("", "7", "", "50"), ("basic", "7", "", "40"), ("higher", "7", "", "20")],
    ],
    ids=["skills", "occupations", "skills of an occupation"],
)
def test_parts_above_their_total_are_told_and_the_total_stands(rows):
    faults, warnings = found(*rows)

    assert faults == []
    assert len(warnings) == 1
    assert "the sum of parts is above the total: a → b 60 of 50" in warnings[0]


def test_parts_that_leave_some_untold_are_sound():
    assert found(("", "", "", "50"), ("basic", "", "", "20"), ("basic", "7", "", "5")) == ([], [])
