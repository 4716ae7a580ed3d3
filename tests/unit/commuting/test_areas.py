"""Labour market areas of worlds small enough to work out by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from comarca.commuting import AreaParams, delineate_areas
from comarca.commuting.areas.engine.grouping import Ties, move, towns_apart
from comarca.commuting.areas.engine.returning import has_returned, watch
from comarca.commuting.areas.engine.steps import JOINED, no_steps, note
from comarca.commuting.areas.engine.validity import validity
from comarca.commuting.areas.preparation import in_id_order
from comarca.errors import ParameterError
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


TWO_CITIES = flows_of(
    {
        "ash": {"ash": 40, "city": 60},
        "birch": {"birch": 30, "port": 20},
        "city": {"city": 900, "port": 30, "ash": 10},
        "port": {"port": 700, "city": 40},
    }
)


def test_each_town_joins_the_city_it_commutes_to():
    """Ash sends 60 of its 100 to City, Birch 20 of 50 to Port; both cities stand alone."""
    areas = delineate_areas(TWO_CITIES, SMALL, names={"city": "City"})
    assert areas.partition.area_of == {
        "ash": "city",
        "birch": "port",
        "city": "city",
        "port": "port",
    }
    assert areas.partition.status_of["city"] == "core"
    assert areas.partition.status_of["ash"] == "member"
    assert areas.partition.area("city").name == "City"
    assert areas.partition.area("port").name == "port"
    assert areas.status == "converged"
    assert areas.iterations == 2


def test_quality_of_an_area_by_hand():
    """City with Ash: 1,040 workers, 1,050 jobs, 1,010 inside; 60 + 10 of them between towns."""
    quality = delineate_areas(TWO_CITIES, SMALL).partition.area("city").quality
    assert quality["residents"] == 1_040
    assert quality["jobs"] == 900 + 60 + 40 + 40 + 10
    assert quality["inside"] == 1_010
    assert quality["self_containment_supply"] == pytest.approx(1_010 / 1_040)
    assert quality["self_containment_demand"] == pytest.approx(1_010 / 1_050)
    assert quality["commuter_ratio"] == pytest.approx((30 + 40) / 2_020)
    assert quality["home_work_ratio"] == pytest.approx((30 - 40) / 1_010)
    assert quality["link_cohesion"] == 1
    assert quality["flow_cohesion"] == pytest.approx(70 / 1_010)


@pytest.mark.parametrize(
    ("inside", "residents", "jobs", "expected"),
    [
        (5, 5, 5, 1.0),  # closed, whatever its size
        (750, 1_000, 900, 1.25),  # target size and target share: 0.75 / 0.6
        (600, 1_000, 1_000, 1.0),  # target size needs only 0.6
        (75, 100, 100, 1.0),  # least size needs 0.75
        (74, 100, 100, 74 / 75),
        (297, 550, 440, 0.54 / 0.75 * 0.9 / 0.8),  # halfway: relief 0.9
    ],
)
def test_validity_by_hand(inside: float, residents: float, jobs: float, expected: float):
    assert validity(inside, residents, jobs, SMALL.rule) == pytest.approx(expected, rel=1e-14)


def test_below_the_least_size_nothing_open_is_an_area():
    assert validity(98.0, 99.0, 99.0, SMALL.rule) < 1


def test_one_size_for_least_and_target_is_a_hard_floor():
    step = AreaParams(
        min_workers=100,
        target_workers=100,
        min_self_containment=0.6,
        target_self_containment=0.75,
    )
    assert validity(61.0, 100.0, 100.0, step.rule) >= 1
    assert validity(98.0, 99.0, 99.0, step.rule) < 1
    assert delineate_areas(TWO_CITIES, step).partition.area_of["ash"] == "city"


def test_towns_without_exchange_have_no_area():
    """Isle keeps to itself, Camp has no workers, and Hut sends people only to Camp."""
    table = {"isle": {"isle": 500}, "camp": {}, "hut": {"camp": 5}}
    cities = {"city": {"city": 900, "port": 30}, "port": {"port": 700, "city": 40}}
    areas = delineate_areas(flows_of(table | cities), SMALL)
    assert [areas.partition.status_of[town] for town in table] == ["no-flow"] * 3
    assert "3 without flows" in areas.summary()


def test_a_closed_pair_is_an_area_whatever_its_size():
    swap = flows_of({"ash": {"birch": 10, "ash": 1}, "birch": {"ash": 10, "birch": 2}, "elm": {}})
    areas = delineate_areas(swap, AreaParams(min_workers=1_000, target_workers=5_000))
    assert [areas.partition.members(area.area_id) for area in areas.partition.areas] == [
        ("ash", "birch")
    ]


@pytest.mark.parametrize("n_towns", [0, 1, 3])
def test_nobody_travels(n_towns: int):
    nobody = FlowMatrix(tuple("abc"[:n_towns]), sparse.csr_array((n_towns, n_towns)))
    areas = delineate_areas(nobody)
    assert areas.partition.areas == ()
    assert set(areas.partition.area_of.values()) <= {None}
    assert areas.quality().empty
    assert areas.summary().startswith("0 labour market areas")


def test_iteration_limit_is_a_status():
    params = SMALL.model_copy(update={"max_iterations_per_town": 0})
    areas = delineate_areas(TWO_CITIES, params)
    assert areas.status == "iteration_limit"
    assert "stopped early" in areas.summary()


def test_a_state_that_returns_is_noticed():
    """Ash and Birch go round three cities for ever; the round is seen, and never before it ends."""
    persons = sparse.csr_array(np.ones((5, 5)))
    ties = Ties(None, np.zeros(5, dtype=np.int64), np.zeros(5, dtype=np.bool_), 0.0)
    grouping = towns_apart(persons, SMALL.rule, ties)
    seen, steps = watch(grouping), no_steps(100)
    noticed = []
    for iteration in range(24):
        town, group = iteration % 2, 2 + (iteration // 2) % 3
        note(steps, JOINED, iteration, town, int(grouping.towns["group"][town]), 0.5, group, 0.1)
        move(grouping, town, group)
        noticed.append(has_returned(seen, grouping, steps, -1))
    round_length = 6
    first = noticed.index(True)
    assert first >= 2 + round_length - 1  # both towns left home in the first two steps
    assert first <= 4 * round_length


def test_towns_are_taken_by_number_or_by_code_point():
    assert list(in_id_order(("10", "9", "07"))) == [2, 1, 0]
    assert list(in_id_order(("b", "B", "10", "9"))) == [2, 3, 1, 0]


def test_largest_workplace_heads_the_area_and_ties_go_to_the_first_id():
    table = {"beech": {"beech": 80, "ash": 50}, "ash": {"ash": 80, "beech": 50}}
    closed = delineate_areas(flows_of(table), SMALL).partition
    assert [area.head_town_id for area in closed.areas] == ["ash"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"min_workers": 2_000, "target_workers": 1_000},
        {"min_self_containment": 0.75, "target_self_containment": 0.75},
        {"min_workers": 0},
        {"target_self_containment": 1.2},
        {"min_size": 3},
    ],
)
def test_contradictory_settings_are_refused(wrong: dict[str, float]):
    with pytest.raises(ParameterError):
        AreaParams(**wrong)


@st.composite
def tables(draw):
    n_towns = draw(st.integers(2, 12))
    entries = st.lists(st.integers(0, 30), min_size=n_towns * n_towns, max_size=n_towns * n_towns)
    table = np.array(draw(entries)).reshape(n_towns, n_towns)
    return table + np.diag(draw(st.lists(st.integers(0, 200), min_size=n_towns, max_size=n_towns)))


@given(tables(), st.integers(2, 50))
def test_scaling_people_and_sizes_changes_nothing(table: np.ndarray, factor: int):
    ids = tuple(f"town{town:02}" for town in range(len(table)))
    scaled = AreaParams(
        min_workers=100 * factor,
        target_workers=1_000 * factor,
        min_self_containment=0.6,
        target_self_containment=0.75,
    )
    once = delineate_areas(FlowMatrix(ids, table), SMALL).partition.area_of
    assert delineate_areas(FlowMatrix(ids, table * factor), scaled).partition.area_of == once


@given(tables(), st.randoms(use_true_random=False))
def test_neither_names_nor_the_order_of_rows_matter(table: np.ndarray, random):
    """New names in the same order rename the answer; shuffled rows leave it alone."""
    ids = [f"town{town:02}" for town in range(len(table))]
    once = delineate_areas(FlowMatrix(tuple(ids), table), SMALL).partition.area_of
    named = {town: f"x{town}" for town in ids}
    renamed = delineate_areas(FlowMatrix(tuple(named.values()), table), SMALL).partition.area_of
    assert renamed == {named[town]: area and named[area] for town, area in once.items()}
    order = list(range(len(ids)))
    random.shuffle(order)
    shuffled = FlowMatrix(tuple(ids[place] for place in order), table[np.ix_(order, order)])
    assert delineate_areas(shuffled, SMALL).partition.area_of == once


@given(tables(), st.floats(0.01, 3))
def test_every_town_has_one_place_and_areas_hold_their_figures(table: np.ndarray, share: float):
    """Fractions of persons too: sums of members are the area's figures, whatever came before."""
    ids = tuple(f"town{town:02}" for town in range(len(table)))
    flows = FlowMatrix(ids, table * share)
    areas = delineate_areas(flows, SMALL)
    partition = areas.partition
    assert set(partition.area_of) == set(ids)
    for town, status in partition.status_of.items():
        assert (partition.area_of[town] is None) == (status in ("unassigned", "no-flow"))
    kept = flows.positions(t for t, status in partition.status_of.items() if status != "no-flow")
    block = flows.persons.toarray()[np.ix_(kept, kept)]
    names = [ids[place] for place in kept]
    for area in partition.areas:
        inside = [names.index(town) for town in partition.members(area.area_id)]
        assert area.quality["residents"] == pytest.approx(block[inside].sum(), abs=1e-3)
        assert area.quality["inside"] == pytest.approx(
            block[np.ix_(inside, inside)].sum(), abs=1e-3
        )
    if areas.status == "converged" and not areas.reserve:
        assert all(area.quality["validity"] >= 1 for area in partition.areas)
