"""Estimated flows of worlds small enough to work out by hand, and laws for larger ones."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from comarca.commuting import InteractionParams, calibrate_deterrence, estimate_flows
from comarca.commuting.interaction.rounding import whole_persons
from comarca.errors import ParameterError, UnknownTownError
from comarca.model.matrices import FlowMatrix
from interaction_world import scattered, travel_of

INF = np.inf


def test_two_towns_by_hand():
    """With 3 workers here and 1 there, 2 jobs each: T12 T21 / (T11 T22) = exp(-2 beta (20 - 5))."""
    params = InteractionParams(beta_per_min=0.1)
    estimate = estimate_flows([3, 1], [2, 2], travel_of([[5, 20], [20, 5]]), params)
    flows = estimate.flows.persons.toarray()
    # T11 = x, T12 = 3 - x, T21 = 2 - x, T22 = x - 1.
    ratio = np.exp(-2 * 0.1 * 15)
    x = np.roots([1 - ratio, ratio - 5, 6]).min()
    assert flows == pytest.approx(np.array([[x, 3 - x], [2 - x, x - 1]]), abs=1e-5)
    assert estimate.converged
    assert estimate.status == "given"
    assert estimate.mean_time_min == pytest.approx((5 * (2 * x - 1) + 20 * (5 - 2 * x)) / 4)


def test_without_deterrence_workers_spread_as_jobs_do():
    params = InteractionParams(beta_per_min=0)
    estimate = estimate_flows([60, 40], [80, 20], travel_of([[1, 9], [9, 1]]), params)
    assert estimate.flows.persons.toarray() == pytest.approx(np.array([[48, 12], [32, 8]]))


def test_nobody_travels_beyond_the_limit_or_where_no_way_is():
    times = [[5, 59, INF], [59, 5, 61], [INF, 61, 5]]
    estimate = estimate_flows([10, 10, 10], [10, 10, 10], travel_of(times))
    flows = estimate.flows.persons.toarray()
    assert flows[0, 2] == flows[2, 0] == flows[1, 2] == flows[2, 1] == 0
    assert flows[0, 1] > 0
    assert flows[2, 2] == 10
    assert len(estimate.markets) == 2


def test_each_market_scales_its_jobs_to_its_workers():
    """An island with 30 workers and 10 jobs, a mainland with 100 workers and 200 jobs."""
    times = [[5, 10, INF], [10, 5, INF], [INF, INF, 5]]
    estimate = estimate_flows([60, 40, 30], [50, 150, 10], travel_of(times))
    assert estimate.flows.jobs == pytest.approx([25, 75, 30], rel=1e-5)
    assert [market.job_scale for market in estimate.markets] == pytest.approx([0.5, 3])
    assert estimate.converged
    assert "scaled" in estimate.summary()


def test_workers_without_a_job_in_reach_stay_at_home_and_are_told():
    times = [[5, 90], [90, 5]]
    estimate = estimate_flows([10, 20], [0, 25], travel_of(times))
    assert estimate.flows.persons.toarray() == pytest.approx(np.diag([10.0, 20.0]))
    assert estimate.kept_at_home == {"town00": 10}
    assert "10 workers of 1 town reach no job" in estimate.summary()


def test_jobs_without_a_worker_in_reach_stay_empty_and_are_told():
    estimate = estimate_flows([0, 20], [7, 25], travel_of([[5, 90], [90, 5]]))
    assert estimate.unreached_jobs == {"town00": 7}
    assert estimate.flows.persons.sum() == pytest.approx(20)
    assert "7 jobs of 1 town " in estimate.summary()


def test_jobs_give_way_where_the_limit_allows_no_such_flows():
    """Far's 100 workers reach only Mill's 10 jobs; Mill reaches the 100 jobs of City too."""
    times = [[5, 30, INF], [30, 5, 30], [INF, 30, 5]]
    estimate = estimate_flows([100, 10, 10], [0, 10, 110], travel_of(times))
    assert estimate.flows.workers == pytest.approx([100, 10, 10])
    assert not estimate.converged
    assert estimate.flows.persons[0, 1] == pytest.approx(100)
    assert estimate.missed_jobs["town01"] == pytest.approx(10, rel=0.05)
    assert "off by up to" in estimate.summary()


@pytest.mark.parametrize(
    ("workers", "jobs"), [([0, 0], [0, 0]), ([5, 0], [0, 0]), ([0, 0], [3, 4])]
)
def test_nothing_to_balance(workers: list[float], jobs: list[float]):
    estimate = estimate_flows(workers, jobs, travel_of([[5, 10], [10, 5]]))
    assert estimate.flows.workers == pytest.approx(workers)
    assert np.isnan(estimate.beta_per_min)
    assert estimate.summary()


def test_one_town():
    estimate = estimate_flows([50], [70], travel_of([[0.0]]))
    assert estimate.flows.persons.toarray() == pytest.approx(np.array([[50.0]]))


def test_trip_within_a_town_is_half_the_way_to_the_nearest_within_bounds():
    """14 min to the neighbour makes 7; 2 min makes the least, 4; none near makes the most, 10."""
    params = InteractionParams(
        beta_per_min=0,
        internal_share=0.5,
        internal_least_min=4,
        internal_most_min=10,
        daily_limit_min=1,
    )
    for nearest, expected in ((14, 7), (2, 4), (INF, 10)):
        travel = travel_of([[0, nearest], [nearest, 0]])
        wide = params.model_copy(update={"daily_limit_min": expected})
        assert estimate_flows([1, 0], [1, 0], travel, wide).mean_time_min == expected
        tight = params.model_copy(update={"daily_limit_min": expected - 0.01})
        assert estimate_flows([1, 0], [1, 0], travel, tight).kept_at_home


def test_a_measured_trip_within_a_town_is_kept():
    params = InteractionParams(beta_per_min=0)
    assert estimate_flows([1], [1], travel_of([[33.0]]), params).mean_time_min == 33


@pytest.mark.parametrize("mean", [1.0, 500.0])
def test_a_mean_no_deterrence_gives_is_told(mean: float):
    params = InteractionParams(mean_time_min=mean)
    estimate = estimate_flows([50, 50], [20, 80], travel_of([[5, 20], [20, 5]]), params)
    assert estimate.status == "out_of_reach"
    assert f"{mean:.1f} min" in estimate.summary()
    # 30 of 100 at least, and 50 of 100 without deterrence, have to travel.
    assert estimate.mean_time_min == pytest.approx(5 + 15 * (0.3 if mean == 1 else 0.5), rel=1e-3)


@pytest.mark.parametrize(
    ("workers", "jobs"),
    [([1, -1], [1, 1]), ([1, np.nan], [1, 1]), ([1], [1, 1]), ([1, 1], [INF, 1])],
)
def test_wrong_margins_are_refused(workers: list[float], jobs: list[float]):
    with pytest.raises(ParameterError, match="expected"):
        estimate_flows(workers, jobs, travel_of([[5, 10], [10, 5]]))


def test_too_steep_a_deterrence_is_refused():
    """Town 0 alone has workers, so town 1's jobs hang on exp(-100 (50 - 5)) of them."""
    params = InteractionParams(beta_per_min=100, daily_limit_min=INF)
    travel = travel_of([[5, 50], [50, 5]])
    with pytest.raises(ParameterError, match="at most"):
        estimate_flows([1, 0], [0.5, 0.5], travel, params)
    # Where everybody can stay, nobody has to leave.
    assert estimate_flows([1, 1], [1, 1], travel, params).flows.persons.toarray() == pytest.approx(
        np.eye(2)
    )


@given(st.integers(0, 10_000), st.integers(2, 30), st.floats(0.0, 0.3))
def test_margins_hold_and_ratios_follow_the_law(seed: int, n_towns: int, beta: float):
    """Without a limit both margins hold, and cross ratios are exp(-beta times of four trips)."""
    workers, jobs, travel = scattered(n_towns, seed)
    params = InteractionParams(beta_per_min=beta, daily_limit_min=INF)
    estimate = estimate_flows(workers, jobs, travel, params)
    assert estimate.converged
    assert estimate.flows.workers == pytest.approx(workers)
    assert estimate.flows.jobs == pytest.approx(jobs, rel=1e-5)
    flows = estimate.flows.persons.toarray()
    times = travel.time_min.astype(float)
    if n_towns >= 4:
        odds = np.log(flows[0, 2] * flows[1, 3] / (flows[0, 3] * flows[1, 2]))
        trips = times[0, 2] + times[1, 3] - times[0, 3] - times[1, 2]
        assert odds == pytest.approx(-beta * trips, abs=1e-4)


@given(st.integers(0, 10_000), st.floats(0.03, 0.2))
def test_deterrence_is_found_again(seed: int, beta: float):
    workers, jobs, travel = scattered(20, seed)
    law = InteractionParams(beta_per_min=beta, daily_limit_min=INF)
    flows = estimate_flows(workers, jobs, travel, law).flows
    fit = calibrate_deterrence(flows, travel, law)
    assert fit.status == "matched"
    assert fit.beta_per_min == pytest.approx(beta, rel=1e-3)


def test_calibration_leaves_out_impossible_pairs_and_says_so():
    travel = travel_of([[5, 20, 90], [20, 5, 20], [90, 20, 5]])
    seen = FlowMatrix(travel.town_ids, np.array([[80, 20, 9], [10, 70, 10], [0, 30, 90]]))
    fit = calibrate_deterrence(seen, travel)
    assert fit.persons == 310
    assert fit.persons_left_out == 9
    assert "9 left out" in fit.summary()


def test_calibration_refuses_what_it_cannot_use():
    travel = travel_of([[5, 90], [90, 5]])
    with pytest.raises(ParameterError, match="nobody"):
        calibrate_deterrence(FlowMatrix(travel.town_ids, np.array([[0, 4], [3, 0]])), travel)
    with pytest.raises(UnknownTownError):
        calibrate_deterrence(FlowMatrix(("town00", "elsewhere"), np.eye(2)), travel)


def test_whole_persons_by_largest_remainder():
    """2.5 + 1.25 + 0.25 is 4: floors give 3, the fourth goes to the largest remainder."""
    flows = sparse.csr_array(np.array([[2.5, 1.25, 0.25], [0, 0, 0], [0.5, 0.5, 2]]))
    rounded = whole_persons(flows).toarray()
    assert rounded.tolist() == [[3, 1, 0], [0, 0, 0], [1, 0, 2]]


@given(st.integers(0, 1_000), st.integers(1, 12))
def test_whole_persons_keep_every_towns_workers(seed: int, n_towns: int):
    random = np.random.default_rng(seed)
    workers = random.integers(0, 500, n_towns)
    jobs = random.integers(1, 500, n_towns)
    _, _, travel = scattered(n_towns, seed)
    params = InteractionParams(beta_per_min=0.1, whole_persons=True)
    flows = estimate_flows(workers, jobs, travel, params).flows
    assert flows.persons.dtype == np.int64
    assert flows.workers.tolist() == workers.tolist()


def test_bounds_in_the_wrong_order_are_told_with_both():
    with pytest.raises(
        ParameterError, match=r"internal_least_min is 50; expected internal_most_min \(3\) at most"
    ):
        InteractionParams(internal_least_min=50, internal_most_min=3)
