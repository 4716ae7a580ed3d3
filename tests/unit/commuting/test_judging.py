"""How well estimated flows agree with counted ones, by hand and by law."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comarca.commuting.interaction import (
    InteractionParams,
    Unobserved,
    estimate_flows,
    judge_flows,
)
from comarca.errors import ParameterError
from comarca.model.matrices import FlowMatrix
from interaction_world import drawn, scattered, travel_of

TRAVEL = travel_of([[5, 20], [20, 5]])
SEEN = FlowMatrix(TRAVEL.town_ids, np.array([[70, 30], [10, 90]]))
MADE = FlowMatrix(TRAVEL.town_ids, np.array([[80, 20], [0.5, 99.5]]), is_observed=False)


def test_every_measure_by_hand():
    fit = judge_flows(SEEN, MADE, TRAVEL).all_trips
    assert fit.n_pairs == 4
    assert fit.cpc == pytest.approx((70 + 20 + 0.5 + 90) / 200)
    squares = 100 + 100 + 9.5**2 + 9.5**2
    assert fit.srmse == pytest.approx(np.sqrt(squares / 4) / 50)
    assert fit.r_squared == pytest.approx(1 - squares / (20**2 + 20**2 + 40**2 + 40**2))
    gaps = 70 * np.log(7 / 8) + 30 * np.log(1.5) + 10 * np.log(20) + 90 * np.log(90 / 99.5)
    assert fit.deviance == pytest.approx(2 * gaps)
    assert fit.mean_time_min == pytest.approx((160 * 5 + 40 * 20) / 200)
    assert fit.estimated_mean_time_min == pytest.approx((179.5 * 5 + 20.5 * 20) / 200)


def test_pairs_of_different_towns_are_judged_apart():
    fit = judge_flows(SEEN, MADE, TRAVEL).between_towns
    assert fit.n_pairs == 2
    assert fit.cpc == pytest.approx(2 * 20.5 / 60.5)


def test_bands_hold_those_who_leave_their_town():
    bands = judge_flows(SEEN, MADE, TRAVEL, edges_min=[0, 10, 60]).bands
    assert bands["pairs"].tolist() == [0, 2]
    assert bands["observed"].tolist() == [0, 40]
    assert bands["estimated"].tolist() == [0, 20.5]
    assert np.isnan(bands["cpc"].iloc[0])
    assert bands["cpc"].iloc[1] == pytest.approx(41 / 60.5)


def test_shares_of_those_who_stay():
    assert judge_flows(SEEN, MADE, TRAVEL).staying == pytest.approx((160 / 200, 179.5 / 200))


@given(st.integers(0, 10_000), st.integers(2, 15))
def test_flows_agree_with_themselves_and_less_with_others(seed: int, n_towns: int):
    workers, jobs, travel = scattered(n_towns, seed)
    flows = estimate_flows(workers, jobs, travel).flows
    same = judge_flows(flows, flows, travel).all_trips
    assert same.cpc == pytest.approx(1)
    assert same.srmse == pytest.approx(0, abs=1e-9)
    assert same.r_squared == pytest.approx(1)
    assert same.deviance == pytest.approx(0, abs=1e-6)
    other = judge_flows(drawn(flows, seed), flows, travel)
    assert 0 <= other.all_trips.cpc < 1
    assert other.all_trips.deviance > 0
    assert other.bands["observed"].sum() == pytest.approx(other.between_towns.observed)
    assert other.bands["estimated"].sum() == pytest.approx(other.between_towns.estimated)
    assert other.bands["pairs"].sum() == other.between_towns.n_pairs
    assert (np.diff(other.bands["from_min"]) > 0).all()
    assert "common part" in other.summary()


def test_what_cannot_be_compared_is_told():
    travel = travel_of([[5, 90], [90, 5]])
    fit = judge_flows(SEEN, MADE, travel)
    assert fit.left_out == 40
    assert fit.all_trips.n_pairs == 2
    assert np.isnan(fit.between_towns.cpc)
    assert "40 persons" in fit.summary()
    hidden = judge_flows(SEEN, MADE, TRAVEL, unobserved=Unobserved(own_town=True))
    assert hidden.all_trips.observed == 40


def test_a_trip_of_exactly_the_limit_is_in_the_last_band():
    travel = travel_of([[5, 60], [60, 5]])
    bands = judge_flows(SEEN, MADE, travel, InteractionParams(daily_limit_min=60)).bands
    assert bands["to_min"].iloc[-1] == 60
    assert bands["observed"].iloc[-1] == 40


def test_flows_of_other_towns_are_refused():
    with pytest.raises(ParameterError, match="same towns"):
        judge_flows(SEEN, FlowMatrix(("a", "b"), np.eye(2)), TRAVEL)
