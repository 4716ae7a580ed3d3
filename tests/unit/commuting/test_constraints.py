"""Flows that hold the workers, the jobs, or both; those who are known to stay; an own town."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comarca.commuting.interaction import InteractionParams, estimate_flows
from comarca.errors import ParameterError
from interaction_world import scattered, travel_of

INF = np.inf
HALF_LIFE = np.log(2) / 15  # per minute; 15 minutes more halve the flow


def test_workers_held_by_hand():
    """60 workers see 30 jobs here and 60 that count for half: as many go as stay."""
    params = InteractionParams(beta_per_min=HALF_LIFE, constraint="production")
    estimate = estimate_flows([60, 10], [30, 60], travel_of([[5, 20], [20, 5]]), params)
    flows = estimate.flows.persons.toarray()
    assert flows[0] == pytest.approx([30, 30])
    assert flows[1] == pytest.approx([10 * 15 / 75, 10 * 60 / 75])
    assert estimate.converged
    assert estimate.markets == ()


def test_jobs_held_by_hand():
    """The same with homes and workplaces exchanged."""
    params = InteractionParams(beta_per_min=HALF_LIFE, constraint="attraction")
    estimate = estimate_flows([30, 60], [60, 10], travel_of([[5, 20], [20, 5]]), params)
    flows = estimate.flows.persons.toarray()
    assert flows[:, 0] == pytest.approx([30, 30])
    assert flows[:, 1] == pytest.approx([10 * 15 / 75, 10 * 60 / 75])


def test_size_may_count_for_less():
    """At exponent 0 the number of jobs says nothing: time alone draws."""
    params = InteractionParams(beta_per_min=HALF_LIFE, constraint="production", size_exponent=0.0)
    flows = estimate_flows([60, 0], [30, 900], travel_of([[5, 20], [20, 5]]), params).flows
    assert flows.persons.toarray()[0] == pytest.approx([40, 20])


@given(st.integers(0, 10_000), st.integers(2, 20))
def test_exchanging_homes_and_workplaces_exchanges_the_flows(seed: int, n_towns: int):
    workers, jobs, travel = scattered(n_towns, seed)
    held = {
        constraint: InteractionParams(beta_per_min=0.1, constraint=constraint, daily_limit_min=40)
        for constraint in ("production", "attraction")
    }
    by_workers = estimate_flows(workers, jobs, travel, held["production"]).flows
    by_jobs = estimate_flows(jobs, workers, travel, held["attraction"]).flows
    assert by_workers.persons.toarray() == pytest.approx(by_jobs.persons.toarray().T)
    assert by_workers.workers == pytest.approx(workers)


def test_jobs_that_nobody_reaches_stay_empty_where_jobs_are_held():
    params = InteractionParams(beta_per_min=0.1, constraint="attraction")
    estimate = estimate_flows([0, 20], [7, 25], travel_of([[5, 90], [90, 5]]), params)
    assert estimate.unreached_jobs == {"town00": 7}
    assert estimate.kept_at_home == {}
    assert estimate.flows.persons.toarray() == pytest.approx(np.diag([0.0, 25.0]))


def test_preferring_the_own_town_multiplies_its_odds():
    """With both margins held, a preference d multiplies T11 T22 / (T12 T21) by exp(2 d)."""
    travel = travel_of([[5, 20], [20, 5]])
    odds = []
    for preference in (0.0, 0.8):
        params = InteractionParams(beta_per_min=0.1, own_town_preference=preference)
        flows = estimate_flows([30, 10], [20, 20], travel, params).flows.persons.toarray()
        odds.append(flows[0, 0] * flows[1, 1] / (flows[0, 1] * flows[1, 0]))
    assert odds[1] / odds[0] == pytest.approx(np.exp(1.6), rel=1e-4)


def test_those_who_stay_do_and_the_others_leave():
    """Of 100 and 50 workers 80 and 20 stay; 20 and 30 leave for the 30 and 20 jobs left."""
    travel = travel_of([[5, 20], [20, 5]])
    params = InteractionParams(beta_per_min=0.1, own_town_preference=9.0)
    estimate = estimate_flows([100, 50], [110, 40], travel, params, staying=[80, 20])
    assert estimate.flows.persons.toarray() == pytest.approx(np.array([[80, 20], [30, 20]]))
    assert estimate.mean_time_min == pytest.approx((100 * 5 + 50 * 20) / 150)


@given(st.integers(0, 10_000), st.integers(3, 15))
def test_known_stays_hold_and_so_do_the_margins(seed: int, n_towns: int):
    workers, jobs, travel = scattered(n_towns, seed)
    law = InteractionParams(beta_per_min=0.08, daily_limit_min=INF)
    flows = estimate_flows(workers, jobs, travel, law).flows
    stays = flows.persons.diagonal()
    again = estimate_flows(flows.workers, flows.jobs, travel, law, staying=stays).flows
    # Diagonals are the only thing that was known; the rest follows from the same deterrence.
    assert again.persons.toarray() == pytest.approx(flows.persons.toarray(), rel=1e-4, abs=1e-3)


def test_a_mean_trip_of_all_is_met_beside_those_who_stay():
    workers, jobs, travel = scattered(12, 3)
    stays = 0.5 * np.minimum(workers, jobs)
    params = InteractionParams(mean_time_min=14.0, daily_limit_min=INF)
    estimate = estimate_flows(workers, jobs, travel, params, staying=stays)
    minutes = travel.time_min.astype(float)
    assert estimate.status == "matched"
    assert estimate.mean_time_min == pytest.approx(14.0, rel=1e-5)
    own = estimate.flows.persons.diagonal()
    assert own == pytest.approx(stays)
    assert (estimate.flows.persons.toarray() * minutes).sum() / workers.sum() < 14.0


@pytest.mark.parametrize("staying", [[101, 0], [0, 45], [-1, 0], [np.nan, 0]])
def test_more_who_stay_than_work_are_refused_by_name(staying: list[float]):
    with pytest.raises(ParameterError, match=r"town0[01]"):
        estimate_flows([100, 50], [110, 40], travel_of([[5, 20], [20, 5]]), staying=staying)


def test_wrong_margins_are_named():
    with pytest.raises(ParameterError, match=r"workers holds .*town01 \(-3\)"):
        estimate_flows([1, -3], [1, 1], travel_of([[5, 10], [10, 5]]))
