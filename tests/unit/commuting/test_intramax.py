"""Intramax on worlds small enough to work out by hand."""

import numpy as np
import pytest

from comarca.commuting import IntramaxParams, delineate_intramax
from comarca.errors import ParameterError
from comarca.model.matrices import FlowMatrix
from flow_worlds import contiguity_of, flows_of, groups

# 60, 100 and 40 working residents; 70, 80 and 50 jobs; 200 persons, 140 of whom stay.
LINE = flows_of(
    {
        "a": {"a": 50, "b": 10},
        "b": {"a": 20, "b": 60, "c": 20},
        "c": {"b": 10, "c": 30},
    }
)


def test_the_sequence_of_fusions_by_hand():
    fusions = delineate_intramax(LINE).fusions

    assert fusions["kept_town_id"].tolist() == ["b", "a"]
    assert fusions["absorbed_town_id"].tolist() == ["c", "b"]
    assert fusions["attraction"].to_numpy() == pytest.approx(
        [
            200 * (20 / (100 * 50) + 10 / (40 * 80)),
            200 * (10 / (60 * 130) + 20 / (140 * 70)),
        ]
    )
    assert fusions["joined"].tolist() == [30, 30]
    assert fusions["intrazonal_share"].tolist() == [0.85, 1.0]
    assert fusions["n_areas"].tolist() == [2, 1]


@pytest.mark.parametrize(
    ("params", "areas", "share"),
    [
        ({"n_areas": 3}, 3, 0.7),
        ({"n_areas": 2}, 2, 0.85),
        ({"n_areas": 1}, 1, 1.0),
        ({"intrazonal_share": 0.7}, 3, 0.7),
        ({"intrazonal_share": 0.8}, 2, 0.85),
        ({"intrazonal_share": 0.85}, 2, 0.85),
        ({"intrazonal_share": 1.0}, 1, 1.0),
    ],
)
def test_the_cut_by_number_or_by_share(params, areas, share):
    drawn = delineate_intramax(LINE, IntramaxParams(**params))

    assert len(drawn.partition.areas) == areas
    assert drawn.intrazonal_share == pytest.approx(share)
    assert drawn.is_reached
    assert drawn.n_fusions == 3 - areas


def test_an_area_is_named_after_its_largest_workplace():
    drawn = delineate_intramax(LINE, IntramaxParams(n_areas=2), names={"b": "Birch"})

    assert drawn.partition.area_of == {"a": "a", "b": "b", "c": "b"}
    assert drawn.partition.area("b").name == "Birch"
    assert drawn.partition.status_of == {"a": "core", "b": "core", "c": "member"}
    assert drawn.quality().loc["b", "inside"] == 120


# Two pairs that exchange much within and little between; the last fusion brings most inside.
PAIRS = flows_of(
    {
        "a": {"a": 40, "b": 9, "c": 30},
        "b": {"a": 9, "b": 40},
        "c": {"c": 40, "d": 11},
        "d": {"c": 11, "d": 40},
    }
)


def test_the_largest_jump_is_not_made():
    """a-b and c-d bring 18 and 22 inside, both together 30."""
    drawn = delineate_intramax(PAIRS)

    assert groups(drawn.partition.area_of) == {frozenset("ab"), frozenset("cd")}
    assert drawn.fusions["joined"].tolist() == [22, 18, 30]
    assert drawn.cut == "largest_jump"
    assert "largest jump" in drawn.summary()


def test_only_neighbours_fuse_where_neighbours_are_given():
    """Without a border between C and D, C can only join A and B."""
    beside = contiguity_of(
        "abcd", np.array([[0, 1, 1, 0], [1, 0, 0, 0], [1, 0, 0, 0], [0, 0, 0, 0]])
    )

    drawn = delineate_intramax(PAIRS, IntramaxParams(n_areas=1), contiguity=beside)

    assert groups(drawn.partition.area_of) == {frozenset("abc"), frozenset("d")}
    assert not drawn.is_reached
    assert drawn.is_contiguous
    assert "what is left has no common border or exchanges nobody" in drawn.summary()


def test_zones_that_touch_by_an_absorbed_town_may_fuse():
    """a-b fuse first; c borders on b alone."""
    flows = flows_of({"a": {"b": 50, "c": 9}, "b": {"a": 50, "b": 9}, "c": {"c": 90, "a": 9}})
    beside = contiguity_of("abc", np.array([[0, 1, 0], [1, 0, 1], [0, 1, 0]]))

    fusions = delineate_intramax(flows, contiguity=beside).fusions

    assert fusions["absorbed_town_id"].tolist() == ["b", "c"]


def test_towns_that_exchange_nobody_stay_by_themselves():
    flows = flows_of({"a": {"a": 5, "b": 5}, "b": {"b": 5}, "alone": {"alone": 9}, "empty": {}})

    drawn = delineate_intramax(flows, IntramaxParams(n_areas=1))

    assert groups(drawn.partition.area_of) == {frozenset("ab"), frozenset({"alone"})}
    assert drawn.partition.status_of["empty"] == "no-flow"
    assert not drawn.is_reached


def test_equal_attractions_fuse_in_the_order_of_ids():
    """Towns 9 and 10 come in the order of their numbers, in whatever order they are given."""
    pair = {
        "10": {"10": 5, "9": 1},
        "9": {"9": 5, "10": 1},
        "2": {"2": 5, "3": 1},
        "3": {"3": 5, "2": 1},
    }

    fusions = delineate_intramax(flows_of(pair)).fusions

    assert fusions["kept_town_id"].tolist() == ["2", "9"]


def test_more_areas_than_towns_with_flows_are_refused():
    with pytest.raises(ParameterError, match="n_areas is 4; expected 3"):
        delineate_intramax(LINE, IntramaxParams(n_areas=4))


def test_number_and_share_together_are_refused():
    with pytest.raises(ParameterError, match="nothing beside n_areas"):
        IntramaxParams(n_areas=3, intrazonal_share=0.8)


def test_nobody_at_all_makes_no_areas():
    drawn = delineate_intramax(FlowMatrix(("a", "b"), np.zeros((2, 2))))

    assert drawn.partition.areas == ()
    assert drawn.fusions.empty
    assert drawn.quality().empty
    assert drawn.summary()
