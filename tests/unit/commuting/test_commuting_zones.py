"""Commuting zones by average linkage on worlds small enough to work out by hand."""

import numpy as np
import pytest

from comarca.commuting import CommutingZoneParams, delineate_commuting_zones
from comarca.commuting.schools import proportional_flows
from comarca.errors import ParameterError
from comarca.model.matrices import FlowMatrix
from comarca.model.parameters import assumptions
from flow_worlds import flows_of, groups

# 60, 100 and 40 working residents.
LINE = flows_of(
    {
        "a": {"a": 50, "b": 10},
        "b": {"a": 20, "b": 60, "c": 20},
        "c": {"b": 10, "c": 30},
    }
)


def test_the_proportional_flow_compares_both_ways_with_the_smaller_town():
    shares = proportional_flows(LINE).toarray()

    assert shares == pytest.approx(
        np.array([[0, 30 / 60, 0], [30 / 60, 0, 30 / 40], [0, 30 / 40, 0]])
    )


def test_a_proportional_flow_stays_below_one():
    """Ten of a hundred in the large town work in the small one, whose five stay: 10 / 5."""
    flows = flows_of({"large": {"large": 90, "small": 10}, "small": {"small": 5}})

    assert proportional_flows(flows).toarray()[0, 1] == 0.999
    assert delineate_commuting_zones(flows).fusions["distance"].tolist() == pytest.approx([0.001])


def test_clusters_are_as_far_apart_as_their_towns_on_the_mean():
    """c joins b at 1 - 0.75; a is 0.5 from b and 1 from c, so 0.75 from both."""
    fusions = delineate_commuting_zones(LINE).fusions

    assert fusions["kept_town_id"].tolist() == ["b", "a"]
    assert fusions["absorbed_town_id"].tolist() == ["c", "b"]
    assert fusions["distance"].tolist() == pytest.approx([0.25, 0.75])
    assert fusions["n_areas"].tolist() == [2, 1]


@pytest.mark.parametrize(
    ("cut", "expected"),
    [
        (0.24, ["a", "b", "c"]),
        (0.25, ["a", "bc"]),
        (0.74, ["a", "bc"]),
        (0.75, ["abc"]),
        (None, ["abc"]),
    ],
)
def test_a_distance_that_equals_the_cut_still_counts(cut, expected):
    params = CommutingZoneParams(cut_height=cut) if cut else None

    drawn = delineate_commuting_zones(LINE, params)

    assert groups(drawn.partition.area_of) == {frozenset(towns) for towns in expected}


def test_the_published_cut_is_the_default_and_exactly_two_per_cent_meet_it():
    """Two of a hundred travel: a distance of exactly 0.98."""
    flows = flows_of({"a": {"a": 98, "b": 2}, "b": {"b": 100}})

    assert CommutingZoneParams().cut_height == 0.98
    assert assumptions()["commuting.zones.cut_height"].basis == "sourced"
    assert len(delineate_commuting_zones(flows).partition.areas) == 1


def test_a_zone_is_named_after_its_largest_workplace():
    drawn = delineate_commuting_zones(LINE, names={"b": "Birch"})

    (zone,) = drawn.partition.areas
    assert (zone.area_id, zone.name) == ("b", "Birch")
    assert drawn.partition.status_of == {"a": "member", "b": "core", "c": "member"}
    assert drawn.quality().loc["b", "self_containment_supply"] == 1
    assert "1 commuting zone of 3 towns" in drawn.summary()


def test_towns_without_workers_are_in_no_zone():
    """A plant where nobody lives draws workers, but has no proportional flow."""
    flows = flows_of({"a": {"a": 5, "plant": 5}, "plant": {}, "empty": {}})

    drawn = delineate_commuting_zones(flows)

    assert drawn.partition.area_of == {"a": "a", "plant": None, "empty": None}
    assert drawn.partition.status_of == {"a": "core", "plant": "unassigned", "empty": "no-flow"}


def test_a_town_that_exchanges_nobody_is_a_zone_by_itself():
    flows = flows_of({"a": {"a": 5}, "b": {"b": 5}})

    assert groups(delineate_commuting_zones(flows).partition.area_of) == {
        frozenset("a"),
        frozenset("b"),
    }


@pytest.mark.parametrize("cut", [0, 1, 1.2])
def test_a_cut_that_joins_nothing_or_everything_is_refused(cut):
    with pytest.raises(ParameterError, match="cut_height"):
        CommutingZoneParams(cut_height=cut)


def test_nobody_at_all_makes_no_zones():
    drawn = delineate_commuting_zones(FlowMatrix(("a", "b"), np.zeros((2, 2))))

    assert drawn.partition.areas == ()
    assert drawn.fusions.empty
    assert drawn.summary()
