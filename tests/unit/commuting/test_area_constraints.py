"""Neighbours, borders, fixed centres, a least flow, and what is mended when the rule has ended."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse.csgraph import connected_components

from comarca.commuting import AreaParams, delineate_areas
from comarca.errors import UnknownTownError
from comarca.model.contiguity import Contiguity
from comarca.model.matrices import FlowMatrix

SMALL = AreaParams(
    min_workers=100,
    target_workers=1_000,
    min_self_containment=0.6,
    target_self_containment=0.75,
)


def flows_of(table: dict[str, dict[str, float]]) -> FlowMatrix:
    ids = tuple(table)
    persons = np.array([[table[home].get(work, 0) for work in ids] for home in ids])
    return FlowMatrix(ids, persons)


def along(*town_ids: str) -> Contiguity:
    """Towns in a row, each next to the one before."""
    n_towns = len(town_ids)
    row = np.eye(n_towns, k=1, dtype=bool) | np.eye(n_towns, k=-1, dtype=bool)
    return Contiguity(town_ids=town_ids, adjacent=row, source="table")


# City, Mill and Far lie in a row; people of Far pass by Mill to work in City.
ROW = flows_of(
    {
        "city": {"city": 900, "mill": 40},
        "mill": {"mill": 600, "city": 50, "far": 8},
        "far": {"far": 10, "city": 60, "mill": 20},
    }
)


def test_without_neighbours_a_town_leaps_over_another():
    assert delineate_areas(ROW, SMALL).partition.area_of["far"] == "city"


def test_with_neighbours_it_joins_the_one_next_door():
    areas = delineate_areas(ROW, SMALL, contiguity=along("city", "mill", "far"))
    assert areas.partition.area_of == {"city": "city", "mill": "mill", "far": "mill"}
    assert areas.detached == ()


def test_a_border_is_not_crossed():
    borders = {"city": "north", "mill": "south", "far": "south"}
    assert delineate_areas(ROW, SMALL, borders=borders).partition.area_of["far"] == "mill"


def test_a_town_alone_behind_its_border_has_no_area():
    areas = delineate_areas(ROW, SMALL, borders={"far": "abroad"})
    assert areas.partition.area_of["far"] is None
    assert areas.partition.status_of["far"] == "unassigned"


def test_few_travellers_make_no_link():
    """Sixty of Far work in City and none come back; 28 travel between Far and Mill."""
    for least, expected in ((60, "city"), (61, None)):
        params = SMALL.model_copy(update={"min_flow": least})
        assert delineate_areas(ROW, params).partition.area_of["far"] == expected


def test_a_fixed_centre_keeps_its_area_whatever_its_validity():
    areas = delineate_areas(ROW, SMALL, centres=["far"])
    assert areas.partition.members("far") == ("far",)
    assert areas.partition.area("far").quality["validity"] < 1


def test_two_fixed_centres_never_share_an_area():
    areas = delineate_areas(ROW, SMALL, centres=["far", "city"])
    assert areas.partition.area_of["far"] != areas.partition.area_of["city"]


@pytest.mark.parametrize("option", [{"centres": ["fat"]}, {"borders": {"fat": "north"}}])
def test_an_unknown_town_is_named_with_its_neighbour_in_spelling(option):
    with pytest.raises(UnknownTownError, match='"fat" is not known; near names: far'):
        delineate_areas(ROW, SMALL, **option)


def test_a_town_without_flows_joins_the_area_it_borders_on():
    """Camp lies behind Hut, and nobody of either works; both are taken in, one after the other."""
    table = {"city": {"city": 900, "port": 30}, "port": {"port": 700, "city": 40}}
    flows = flows_of(table | {"hut": {}, "camp": {}})
    areas = delineate_areas(flows, SMALL, contiguity=along("city", "port", "hut", "camp"))
    assert areas.partition.area_of["hut"] == areas.partition.area_of["camp"] == "port"
    assert areas.partition.status_of["camp"] == "neighbour-assigned"
    assert "2 towns without flows joined the neighbours" in areas.summary()


def test_a_town_without_an_area_does_not_join_its_neighbours_across_a_border():
    """Camp and Hut lie abroad; Hut borders on Port, but no area reaches over there."""
    table = {"city": {"city": 900, "port": 30}, "port": {"port": 700, "city": 40}}
    flows = flows_of(table | {"hut": {}, "camp": {}})
    near = along("city", "port", "hut", "camp")
    abroad = {"hut": "abroad", "camp": "abroad"}
    areas = delineate_areas(flows, SMALL, contiguity=near, borders=abroad)
    assert areas.partition.area_of == {"city": "city", "port": "port", "hut": None, "camp": None}


def test_an_isle_without_flows_stays_without_an_area():
    flows = flows_of(
        {"city": {"city": 900, "port": 30}, "port": {"port": 700, "city": 40}, "isle": {}}
    )
    near = Contiguity(
        town_ids=flows.town_ids,
        adjacent=np.array([[0, 1, 0], [1, 0, 0], [0, 0, 0]], dtype=bool),
        source="table",
    )
    assert delineate_areas(flows, SMALL, contiguity=near).partition.status_of["isle"] == "no-flow"


# All 40 of Ash work in Birch, 80 of City in Ash. Birch alone is an area: 160 of its 210 jobs are
# filled from inside. With Ash, which joins it by link alone, only 200 of 290 are.
SPOILT = flows_of(
    {
        "ash": {"birch": 40},
        "birch": {"birch": 160, "city": 40},
        "city": {"city": 700, "ash": 80, "birch": 10},
    }
)


def test_an_area_spoilt_by_the_reserve_is_repaired():
    plain = delineate_areas(SPOILT, SMALL).partition
    assert plain.area_of["ash"] == "birch"
    assert plain.area("birch").quality["self_containment_demand"] == pytest.approx(200 / 290)
    assert plain.area("birch").quality["validity"] < 1
    mended = delineate_areas(SPOILT, SMALL.model_copy(update={"repair": True}))
    assert mended.partition.area_of["ash"] == "city"
    assert all(area.quality["validity"] >= 1 for area in mended.partition.areas)
    assert list(mended.trace()["type"]) == ["A", "assigned", "repaired"]


@st.composite
def worlds(draw):
    """Towns with flows, neighbours, and settings that make areas of a few of them."""
    n_towns = draw(st.integers(2, 12))
    seed = draw(st.integers(0, 2**31))
    random = np.random.default_rng(seed)
    persons = random.poisson(random.gamma(0.3, 20, (n_towns, n_towns)))
    persons += np.diag(random.poisson(random.gamma(0.6, 150, n_towns)))
    near = np.triu(random.random((n_towns, n_towns)) < draw(st.floats(0.1, 0.6)), 1)
    ids = tuple(f"town{town:02}" for town in range(n_towns))
    return FlowMatrix(ids, persons), Contiguity(
        town_ids=ids, adjacent=near | near.T, source="table"
    )


@given(worlds(), st.sampled_from(["euro", "classic"]))
def test_areas_hang_together_but_for_the_towns_told(world, variant):
    flows, near = world
    params = SMALL.model_copy(update={"variant": variant})
    areas = delineate_areas(flows, params, contiguity=near)
    for area in areas.partition.areas:
        towns = [t for t in areas.partition.members(area.area_id) if t not in areas.detached]
        taken = {
            t for t in towns if areas.partition.status_of[t] == "neighbour-assigned"
        }  # these may hang on a detached piece
        held = near.subset([t for t in towns if t not in taken])
        assert connected_components(held.adjacent, directed=False)[0] <= 1


@given(worlds())
def test_repair_never_leaves_more_areas_below_the_rule(world):
    """Nor does it lose a town; whatever is left below the rule could not be helped."""
    flows, _ = world
    plain = delineate_areas(flows, SMALL)
    mended = delineate_areas(flows, SMALL.model_copy(update={"repair": True}))

    def below(areas) -> set[str]:
        weak = {a.area_id for a in areas.partition.areas if a.quality["validity"] < 1}
        return {t for t, area in areas.partition.area_of.items() if area in weak}

    assert below(mended) <= below(plain)
    placed = {t for t, area in plain.partition.area_of.items() if area is not None}
    assert placed == {t for t, area in mended.partition.area_of.items() if area is not None}


@given(worlds(), st.data())
def test_no_area_crosses_a_border_and_every_centre_has_one(world, data):
    flows, _ = world
    label = {town: data.draw(st.sampled_from("ab")) for town in flows.town_ids}
    centres = data.draw(st.sets(st.sampled_from(flows.town_ids), max_size=3))
    areas = delineate_areas(flows, SMALL, borders=label, centres=centres)
    for area in areas.partition.areas:
        members = areas.partition.members(area.area_id)
        assert len({label[town] for town in members}) == 1
        assert len(centres.intersection(members)) <= 1
    for centre in centres:
        assert areas.partition.status_of[centre] in ("core", "member", "no-flow")


@given(worlds())
def test_the_trace_replays_to_the_areas(world):
    """Each step takes a town from where the steps before have put it."""
    flows, _ = world
    areas = delineate_areas(flows, SMALL.model_copy(update={"repair": True}))
    number = {town: place for place, town in enumerate(areas.judged, start=1)}
    for step in areas.trace().itertuples():
        assert number[step.town_id] == step.area or step.area < 0
        number[step.town_id] = step.destination
    assert number == areas.cluster_numbers()
