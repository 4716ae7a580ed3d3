"""What holds of every school of delineation, whatever the flows."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from comarca.commuting import (
    delineate_commuting_zones,
    delineate_functional_urban_areas,
    delineate_intramax,
)
from comarca.model.matrices import FlowMatrix
from flow_worlds import groups, neighbourhoods, renamed, reordered, small_flows

SCHOOLS = {
    "intramax": delineate_intramax,
    "commuting zones": delineate_commuting_zones,
    "functional urban areas": lambda flows: delineate_functional_urban_areas(
        flows, sorted(flows.town_ids)[:2]
    ),
}


@st.composite
def untied_flows(draw):
    """Flows so large and various that no two quotients are equal."""
    n_towns, seed = draw(st.integers(2, 9)), draw(st.integers(0, 10_000))
    random = np.random.default_rng(seed)
    persons = random.integers(1, 10**6, (n_towns, n_towns)) * (random.random((n_towns,) * 2) < 0.7)
    return FlowMatrix(tuple(f"t{town}" for town in range(n_towns)), persons)


@pytest.mark.parametrize("school", SCHOOLS)
@given(flows=small_flows(), data=st.data())
def test_every_town_is_told_once_and_statuses_say_where_it_is(school, flows, data):
    drawn = SCHOOLS[school](flows).partition

    assert drawn.town_ids == flows.town_ids
    for town, area in drawn.area_of.items():
        placed = drawn.status_of[town] in {"core", "member", "enclave"}
        assert placed == (area is not None)
    assert all(drawn.status_of[area.head_town_id] == "core" for area in drawn.areas)


@pytest.mark.parametrize("school", SCHOOLS)
@given(flows=small_flows(), data=st.data())
def test_the_order_of_towns_does_not_matter(school, flows, data):
    """Ties are settled by id, so not even they depend on it."""
    order = np.array(data.draw(st.permutations(range(len(flows.town_ids)))))

    ours, other = SCHOOLS[school](flows), SCHOOLS[school](reordered(flows, order))

    assert dict(other.partition.area_of) == dict(ours.partition.area_of)
    assert dict(other.partition.status_of) == dict(ours.partition.status_of)
    pd.testing.assert_frame_equal(other.quality(), ours.quality())


@pytest.mark.parametrize("school", ["intramax", "commuting zones"])
@given(flows=untied_flows(), data=st.data())
def test_renaming_towns_renames_the_answer_where_nothing_ties(school, flows, data):
    others = data.draw(st.permutations([f"x{town}" for town in range(len(flows.town_ids))]))
    names = dict(zip(flows.town_ids, others, strict=True))

    ours, other = SCHOOLS[school](flows), SCHOOLS[school](renamed(flows, names))

    assert {names[t]: a and names[a] for t, a in ours.partition.area_of.items()} == dict(
        other.partition.area_of
    )


@pytest.mark.parametrize("school", SCHOOLS)
@given(flows=small_flows(), factor=st.sampled_from([2, 3, 7, 10]))
def test_a_multiple_of_all_flows_leaves_areas_alone(school, flows, factor):
    """Ties included, as quotients of equal numbers stay equal."""
    more = FlowMatrix(flows.town_ids, flows.persons * factor)

    assert dict(SCHOOLS[school](more).partition.area_of) == dict(
        SCHOOLS[school](flows).partition.area_of
    )


@given(flows=small_flows())
def test_intramax_counts_all_persons_in_the_end(flows):
    """What joined, with what stayed, is everybody between towns that hang together."""
    fusions = delineate_intramax(flows).fusions
    inside = flows.persons.diagonal().sum() + fusions["joined"].sum()

    assert inside == flows.persons.sum()
    assert fusions["intrazonal_share"].is_monotonic_increasing


@given(flows=small_flows())
def test_distances_of_commuting_zones_rise(flows):
    assert delineate_commuting_zones(flows).fusions["distance"].is_monotonic_increasing


@given(flows=small_flows(), data=st.data())
@settings(max_examples=200)
def test_areas_drawn_with_neighbours_hang_together(flows, data):
    """Of functional urban areas, every piece holds a town of the core."""
    near = data.draw(neighbourhoods(flows.town_ids))
    adjacency = near.adjacent
    areas = delineate_functional_urban_areas(flows, flows.town_ids[:2], contiguity=near)
    regions = delineate_intramax(flows, contiguity=near)

    for area in regions.partition.areas:
        towns = flows.positions(regions.partition.members(area.area_id))
        assert sparse.csgraph.connected_components(adjacency[towns, :][:, towns])[0] == 1
    for area_id, core in areas.core_towns.items():
        members = areas.partition.members(area_id)
        towns = flows.positions(members)
        _, piece = sparse.csgraph.connected_components(adjacency[towns, :][:, towns])
        assert set(piece) == {piece[members.index(town)] for town in core}


@given(flows=small_flows())
def test_fractional_flows_are_drawn_like_the_whole_ones_they_are_a_part_of(flows):
    """Sixteenths are exact."""
    parts = FlowMatrix(flows.town_ids, flows.persons / 16)

    assert groups(delineate_intramax(parts).partition.area_of) == groups(
        delineate_intramax(flows).partition.area_of
    )
