"""Flows and travel times as other stages rely on them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from comarca.errors import ParameterError, UnknownTownError
from comarca.model.matrices import FlowMatrix, TravelMatrix

TOWNS = ("ash", "birch", "city")
PERSONS = np.array([[50, 10, 40], [20, 20, 10], [0, 0, 900]])
INF = float("inf")
MINUTES = np.array([[0, 10, INF], [12, 0, 30], [INF, 30, 0]])


def travel(time_min=MINUTES, distance_km=MINUTES):
    return TravelMatrix(TOWNS, "car", time_min, distance_km, "circle")


def test_workers_live_in_rows_and_jobs_stand_in_columns():
    flows = FlowMatrix(TOWNS, PERSONS)

    assert flows.workers.tolist() == [100, 50, 900]
    assert flows.jobs.tolist() == [70, 30, 950]


def test_whole_persons_stay_whole_and_parts_stay_parts():
    assert FlowMatrix(TOWNS, PERSONS.astype(float)).persons.dtype == np.int64
    assert FlowMatrix(TOWNS, PERSONS * 0.25).persons.dtype == np.float64


def test_nobody_is_not_stored():
    matrix = sparse.csr_array((np.array([0.0, 5.0]), ([0, 1], [1, 2])), shape=(3, 3))

    assert FlowMatrix(TOWNS, matrix).persons.nnz == 1


def test_entries_given_twice_add_up_and_the_given_matrix_is_left_alone():
    given = sparse.coo_array(([3.0, 4.0, 0.0], ([0, 0, 2], [1, 1, 2])), shape=(3, 3)).tocsr()
    messy = sparse.csr_array(
        (np.array([3.0, 4.0, 0.0]), np.array([1, 1, 2]), np.array([0, 2, 2, 3])), shape=(3, 3)
    )
    data, indices, indptr = messy.data.copy(), messy.indices.copy(), messy.indptr.copy()

    flows = FlowMatrix(TOWNS, messy)

    assert flows.persons[0, 1] == given[0, 1] == 7
    assert messy.data.tolist() == data.tolist()
    assert messy.indices.tolist() == indices.tolist()
    assert messy.indptr.tolist() == indptr.tolist()


@pytest.mark.parametrize("bad", [-1.0, np.nan, np.inf])
def test_flows_refuse_what_nobody_can_count(bad):
    persons = PERSONS.astype(float)
    persons[0, 1] = bad

    with pytest.raises(ParameterError, match="negative or missing"):
        FlowMatrix(TOWNS, persons)


def test_flows_of_another_shape_are_refused():
    with pytest.raises(ParameterError, match=r"\(2, 3\); expected \(3, 3\)"):
        FlowMatrix(TOWNS, PERSONS[:2])


def test_a_town_stands_once():
    with pytest.raises(ParameterError, match="more than once: ash"):
        FlowMatrix(("ash", "ash", "city"), PERSONS)


def test_summary_of_flows():
    assert FlowMatrix(TOWNS, PERSONS).summary() == (
        "1,050 daily workers of 3 towns (counted), 92% in their own town"
    )
    nobody = FlowMatrix(TOWNS, np.zeros((3, 3)), is_observed=False)
    assert nobody.summary() == "0 daily workers of 3 towns (estimated)"


def test_positions_follow_the_question_not_the_matrix():
    assert travel().positions(["city", "ash"]).tolist() == [2, 0]
    assert travel().positions([]).tolist() == []


def test_an_unknown_town_is_refused_with_near_names():
    with pytest.raises(UnknownTownError, match='"brich" is not known; near names: birch'):
        travel().positions(["ash", "brich"])


def test_subset_keeps_origin_before_destination():
    part = travel().subset(["birch", "ash"])

    assert part.town_ids == ("birch", "ash")
    assert part.time_min[0, 1] == 12  # birch to ash
    assert part.time_min[1, 0] == 10


def test_no_way_is_infinite_and_counted():
    assert travel().summary() == "3 towns by car (circle): median 21 min, 2 pairs without a way"
    apart = np.where(np.eye(3) > 0, 0, INF)
    assert travel(apart, apart).summary() == "3 towns by car (circle): no way between any two"


@pytest.mark.parametrize("name", ["time_min", "distance_km"])
@pytest.mark.parametrize("bad", [-1.0, np.nan])
def test_travel_refuses_negative_and_missing_entries(name, bad):
    values = np.where(MINUTES == 10, bad, MINUTES)

    with pytest.raises(ParameterError, match=name):
        travel(**{name: values})


def test_travel_of_another_shape_is_refused():
    with pytest.raises(ParameterError, match="distance_km has shape"):
        travel(distance_km=MINUTES[:2])


@given(order=st.permutations(range(3)))
def test_towns_in_another_order_are_the_same_flows(order):
    turned = FlowMatrix(tuple(TOWNS[at] for at in order), PERSONS[np.ix_(list(order), list(order))])
    back = turned.positions(TOWNS)

    assert turned.workers[back].tolist() == [100, 50, 900]
    assert turned.persons[back][:, back].toarray().tolist() == PERSONS.tolist()
