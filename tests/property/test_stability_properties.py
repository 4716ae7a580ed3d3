"""How sure areas are does not hang on what towns are called or in which order they stand."""

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from comarca.commuting import AreaParams, AreaStability, stability_of_areas
from comarca.model.matrices import FlowMatrix

TEXTS = ("name", "area_id", "area_name", "status", "alternative", "alternative_name")
PARAMS = AreaParams(min_workers=60, target_workers=300)
COUNTS = st.sampled_from([0, 0, 0, 1, 2, 8, 30, 120])
TABLES = st.integers(1, 8).flatmap(
    lambda n: st.lists(st.lists(COUNTS, min_size=n, max_size=n), min_size=n, max_size=n)
)


def sure_of(ids: tuple[str, ...], table: np.ndarray) -> AreaStability:
    return stability_of_areas(FlowMatrix(ids, table), PARAMS, draws=6, seed=4, threads=1)


def plain(ids: int) -> tuple[str, ...]:
    return tuple(f"a{town}" for town in range(ids))


@given(table=TABLES)
@settings(max_examples=60)
def test_renaming_towns_in_order_renames_the_answer(table):
    ids = plain(len(table))
    new = {town: f"{place * 7 + 10:03}" for place, town in enumerate(ids)}
    one, other = sure_of(ids, np.array(table)), sure_of(tuple(new.values()), np.array(table))
    theirs = other.towns()
    for column, values in one.towns().items():
        if column in TEXTS:
            assert [new.get(value, value) for value in values] == theirs[column].to_list()
        else:
            np.testing.assert_array_equal(values, theirs[column])
    pd.testing.assert_frame_equal(one.redrawings, other.redrawings)


@given(table=TABLES, data=st.data())
@settings(max_examples=60)
def test_the_order_of_towns_changes_nothing(table, data):
    ids, persons = plain(len(table)), np.array(table)
    order = data.draw(st.permutations(range(len(table))))
    shuffled = sure_of(tuple(ids[place] for place in order), persons[np.ix_(order, order)])
    one = sure_of(ids, persons)
    figures = ["area_id", "status", "certainty", "alternative_share", "share_without_area"]
    pd.testing.assert_frame_equal(one.towns()[figures], shuffled.towns().loc[list(ids), figures])
    pd.testing.assert_frame_equal(one.areas(), shuffled.areas())
    pd.testing.assert_frame_equal(one.redrawings, shuffled.redrawings)


@given(table=TABLES)
@settings(max_examples=60)
def test_every_share_is_one(table):
    sure = sure_of(plain(len(table)), np.array(table))
    towns, areas = sure.towns(), sure.areas()
    for share in (
        towns["certainty"],
        towns["alternative_share"],
        towns["share_without_area"],
        towns["mates_kept"].dropna(),
        areas["certainty"],
        areas["persistence"],
        areas["core_together"],
    ):
        assert share.between(0, 1 + 1e-12).all()
    pairs = sure.co_membership().toarray()
    assert (pairs == pairs.T).all()
    np.testing.assert_allclose(pairs.diagonal(), 1 - towns["share_without_area"])
    assert (pairs <= np.minimum.outer(pairs.diagonal(), pairs.diagonal()) + 1e-12).all()
