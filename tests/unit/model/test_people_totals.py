"""Totals of the population table: as counted, else the sum of parts that leave nobody out."""

import pandas as pd
import pytest

from comarca.demography import diagnose
from comarca.model.people_totals import people_totals
from comarca.model.region import typed_frame
from people_world import region_of

COLUMNS = ["town_id", "year", "sex", "age_from", "age_to", "persons"]


def table(*rows):
    return typed_frame("population", pd.DataFrame(rows, columns=COLUMNS))


def persons(*rows):
    return people_totals(table(*rows))["persons"].tolist()


@pytest.mark.parametrize(
    ("parts", "total"),
    [
        ([(None, 0, 14, 30), (None, 15, None, 70)], [100]),
        ([("female", None, None, 55), ("male", None, None, 45)], [100]),
        ([("female", 0, 14, 15), ("female", 15, None, 40), ("male", None, None, 45)], [100]),
        ([(None, 0, None, 100), ("female", 0, None, 55), ("male", 0, None, 45)], [100]),
        ([("female", None, None, 55), ("female", 0, 14, 15), ("male", None, None, 45)], [100]),
        ([("female", None, None, 55)], []),  # men are missing
        ([(None, 0, 14, 30), (None, 15, 64, 60)], []),  # the old are missing
        ([(None, 0, 14, 30), (None, 20, None, 60)], []),  # ages 15 to 19 are missing
        ([(None, 5, 14, 30), (None, 15, None, 60)], []),  # the youngest are missing
        ([("female", 0, None, 55), ("male", 0, 64, 45)], []),  # old men are missing
    ],
)
def test_parts_make_a_total_only_when_they_leave_nobody_out(parts, total):
    assert persons(*(("ash", 2020, *part) for part in parts)) == total


def test_a_total_that_stands_is_taken_as_it_is():
    told = ("ash", 2020, None, None, None, 100)

    assert persons(told, ("ash", 2020, "female", None, None, 55)) == [100]
    assert persons(told, ("ash", 2010, None, 0, None, 80)) == [80, 100]


def test_growth_is_read_from_counts_by_age_where_no_total_stands():
    rows = [
        ("ash", 2000, None, None, None, 100),
        ("ash", 2020, "female", 0, None, 30),
        ("ash", 2020, "male", 0, None, 20),
    ]

    growth = diagnose(region_of(pd.DataFrame(rows, columns=COLUMNS))).growth

    assert growth.loc[0, ["year_from", "year_to", "growth_multiple"]].tolist() == [2000, 2020, 0.5]
