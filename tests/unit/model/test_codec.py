"""What is written as plain JSON values comes back equal, type by type."""

from __future__ import annotations

import json
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comarca.model.codec import from_plain, to_plain
from comarca.model.matrices import FlowMatrix
from comarca.model.partition import Area, Partition


def through_json(value, kind):
    return from_plain(json.loads(json.dumps(to_plain(value), allow_nan=False)), kind)


@given(st.floats(allow_nan=False))
def test_a_number_keeps_every_digit_and_infinity(number):
    assert through_json(number, float) == number


def test_a_number_that_is_not_known_stays_unknown():
    assert math.isnan(through_json(math.nan, float))


def test_a_table_keeps_its_types_codes_and_gaps():
    frame = pd.DataFrame(
        {
            "code": pd.array(["007", None], dtype="string"),
            "persons": pd.array([1.5, None], dtype="Float64"),
            "year": pd.array([2020, None], dtype="Int64"),
            "is_open": pd.array([True, None], dtype="boolean"),
            "time_min": [math.inf, 3.25],
        }
    )

    pd.testing.assert_frame_equal(through_json(frame, pd.DataFrame), frame)


def test_a_table_keeps_the_codes_of_its_index():
    index = pd.Index(["01", "1"], name="town_id", dtype="string")
    frame = pd.DataFrame({"lat": pd.array([1.0, 2.0], dtype="Float64")}, index=index)

    pd.testing.assert_frame_equal(through_json(frame, pd.DataFrame), frame)


def test_an_empty_table_keeps_its_columns():
    frame = pd.DataFrame({"town_id": pd.array([], dtype="string"), "km": np.array([], float)})

    pd.testing.assert_frame_equal(through_json(frame, pd.DataFrame), frame)


@pytest.mark.parametrize("persons", [[[1, 2], [0, 3]], [[0.5, 0], [0, 0]], [[0, 0], [0, 0]]])
def test_flows_come_back_whole_or_fractional_as_they_were(persons):
    flows = FlowMatrix(("01", "1"), np.array(persons), skill="basic", is_observed=False)

    again = through_json(flows, FlowMatrix)

    assert again.town_ids == flows.town_ids
    assert (again.skill, again.period, again.is_observed) == ("basic", "daily", False)
    assert again.persons.dtype == flows.persons.dtype
    assert np.array_equal(again.persons.toarray(), flows.persons.toarray())


def test_a_partition_comes_back_equal():
    partition = Partition(
        origin="commuting",
        area_of={"a": "1", "b": "1", "c": None},
        status_of={"a": "core", "b": "member", "c": "unassigned"},
        areas=(Area(area_id="1", name="A", head_town_id="a", quality={"x": math.nan}),),
    )

    again = through_json(partition, Partition)

    assert dict(again.area_of) == dict(partition.area_of)
    assert dict(again.status_of) == dict(partition.status_of)
    assert again.areas[0].head_town_id == "a"
    assert math.isnan(again.areas[0].quality["x"])


def test_a_type_without_a_plain_form_is_refused():
    with pytest.raises(TypeError, match="object has no plain form"):
        to_plain(object())
