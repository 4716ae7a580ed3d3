"""Skills that fill one stock of jobs, and workers who leave for the week."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comarca.commuting.interaction import (
    Exponential,
    InteractionParams,
    WeeklyParams,
    WorkerGroup,
    calibrate_jointly,
    estimate_flows,
    estimate_joint_flows,
)
from comarca.errors import ParameterError
from comarca.model.matrices import FlowMatrix
from interaction_world import drawn, scattered, travel_of

BETAS = {"basic": 0.15, "secondary": 0.1, "higher": 0.06}
WEEKLY = WeeklyParams(deterrence=Exponential(beta_per_min=0.01), preference=-5.0)


def groups_of(workers: np.ndarray, seed: int) -> list[WorkerGroup]:
    shares = np.random.default_rng(seed).dirichlet([4, 4, 2], len(workers))
    return [
        WorkerGroup(
            workers=workers * shares[:, at],
            skill=skill,
            params=InteractionParams(beta_per_min=beta),
        )
        for at, (skill, beta) in enumerate(BETAS.items())
    ]


def test_two_skills_by_hand():
    """
    One town's workers of two skills, two towns' jobs: each skill splits by its own deterrence.

    With shares 1:r and 1:s of the second town before its factor b, 60 and 30 workers fill 45 and 45
    jobs where 60 b r / (1 + b r) + 30 b s / (1 + b s) = 45.
    """
    travel = travel_of([[5, 20], [20, 5]])
    groups = [
        WorkerGroup(workers=[60, 0], skill="basic", params=InteractionParams(beta_per_min=0.2)),
        WorkerGroup(workers=[30, 0], skill="higher", params=InteractionParams(beta_per_min=0.0)),
    ]
    made = estimate_joint_flows(groups, [45, 45], travel)
    basic, higher = (made.of(skill).persons.toarray()[0] for skill in ("basic", "higher"))
    assert basic.sum() == pytest.approx(60)
    assert basic + higher == pytest.approx([45, 45])
    ratio = (higher[1] / higher[0]) / (basic[1] / basic[0])
    assert ratio == pytest.approx(np.exp(0.2 * 15), rel=1e-4)


@given(st.integers(0, 10_000), st.integers(2, 15))
@settings(max_examples=30)
def test_every_skill_has_its_workers_and_all_of_them_fill_the_jobs(seed: int, n_towns: int):
    workers, jobs, travel = scattered(n_towns, seed)
    groups = [
        WorkerGroup(
            workers=group.workers,
            skill=group.skill,
            params=group.params.model_copy(update={"daily_limit_min": np.inf}),
        )
        for group in groups_of(workers, seed)
    ]
    made = estimate_joint_flows(groups, jobs, travel)
    for group in groups:
        assert made.of(group.skill).workers == pytest.approx(group.workers)
    assert sum(flows.jobs for flows in made.flows) == pytest.approx(jobs, rel=1e-5)


def test_one_skill_alone_is_the_plain_model():
    workers, jobs, travel = scattered(30, 1)
    alone = estimate_joint_flows([WorkerGroup(workers=workers)], jobs, travel)
    plain = estimate_flows(workers, jobs, travel)
    assert alone.deterrences[0].beta_per_min == pytest.approx(plain.beta_per_min)
    assert alone.flows[0].persons.toarray() == pytest.approx(plain.flows.persons.toarray())


def test_skills_deterred_alike_split_as_their_workers_do():
    workers, jobs, travel = scattered(12, 1)
    law = InteractionParams(beta_per_min=0.1, daily_limit_min=np.inf)
    groups = [
        WorkerGroup(workers=0.3 * workers, skill="basic", params=law),
        WorkerGroup(workers=0.7 * workers, skill="higher", params=law),
    ]
    made = estimate_joint_flows(groups, jobs, travel)
    plain = estimate_flows(workers, jobs, travel, law).flows.persons.toarray()
    assert made.of("basic").persons.toarray() == pytest.approx(0.3 * plain, rel=1e-4)


def test_each_skill_has_the_mean_trip_asked_for():
    workers, jobs, travel = scattered(60, 3)
    groups = [
        WorkerGroup(
            workers=group.workers, skill=group.skill, params=InteractionParams(mean_time_min=mean)
        )
        for group, mean in zip(groups_of(workers, 1), (11, 14, 18), strict=True)
    ]
    made = estimate_joint_flows(groups, jobs, travel)
    assert made.status == "matched"
    assert made.mean_times_min == pytest.approx((11, 14, 18), rel=1e-4)


def test_nobody_leaves_his_own_town_for_the_week_in_it():
    workers, jobs, travel = scattered(60, 3)
    weekly = WeeklyParams(mean_time_min=70, least_min=40, limit_min=200)
    groups = [WorkerGroup(workers=workers, params=InteractionParams(mean_time_min=13))]
    made = estimate_joint_flows(groups, jobs, travel, weekly)
    away = made.of(period="weekly")
    assert made.status == "matched"
    assert made.weekly_share == pytest.approx(weekly.share, rel=1e-3)
    assert away.persons.diagonal().sum() == 0
    trips = away.persons.tocoo()
    assert travel.time_min[trips.row, trips.col].min() >= 40
    assert made.mean_times_min == pytest.approx((13, 70), rel=1e-3)
    both = made.of().persons + away.persons
    assert both.sum(axis=1) == pytest.approx(workers)


def test_towns_with_few_jobs_around_send_more_away():
    """Two towns alike, one with the jobs: the other's workers leave for the week more often."""
    times = [[5, 200, 100], [200, 5, 100], [100, 100, 5]]
    groups = [WorkerGroup(workers=[100, 100, 10], params=InteractionParams(beta_per_min=0.1))]
    away = estimate_joint_flows(groups, [100, 20, 90], travel_of(times), WEEKLY).of(period="weekly")
    assert away.workers[1] > 3 * away.workers[0]


def test_skills_and_weeks_are_found_again_from_counts():
    workers, jobs, travel = scattered(60, 3)
    made = estimate_joint_flows(groups_of(50 * workers, 1), jobs, travel, WEEKLY)
    seen = [drawn(flows, at) for at, flows in enumerate(made.flows)]
    fit = calibrate_jointly(seen, travel)
    found = {parameter.name: parameter for parameter in fit.parameters}
    truth = {f"beta_per_min ({skill})": beta for skill, beta in BETAS.items()}
    truth |= {"beta_per_min (weekly)": 0.01, "weekly_preference": -5.0}
    assert found.keys() == truth.keys()
    for name, value in truth.items():
        assert abs(found[name].value - value) < 4 * found[name].standard_error, name
    assert fit.weekly_share == pytest.approx(made.weekly_share, rel=0.05)
    assert "weekly_preference" in fit.summary()


def test_a_shared_deterrence_lies_between_those_of_the_skills():
    workers, jobs, travel = scattered(40, 3)
    made = estimate_joint_flows(groups_of(workers, 1), jobs, travel)
    fit = calibrate_jointly(made.flows, travel, shared_deterrence=True)
    (shared,) = fit.parameters
    assert shared.name == "beta_per_min"
    assert 0.06 < shared.value < 0.15


def test_kinds_are_each_given_once_and_weekly_ones_beside_daily_ones():
    _, _, travel = scattered(3, 1)
    ones = np.ones((3, 3))

    def flows(**kind: str) -> FlowMatrix:
        return FlowMatrix(travel.town_ids, ones, **kind)

    for wrong in (
        [],
        [flows(), flows()],
        [flows(period="weekly")],
        [flows(), flows(skill="basic")],
        [flows(skill="basic"), flows(skill="higher", period="weekly")],
    ):
        with pytest.raises(ParameterError, match="expected"):
            calibrate_jointly(wrong, travel)


def test_more_than_means_settle_is_refused():
    workers, jobs, travel = scattered(5, 1)
    for params in (
        InteractionParams(deterrence="tanner"),
        InteractionParams(own_town_preference=None),
    ):
        with pytest.raises(ParameterError, match="open"):
            estimate_joint_flows([WorkerGroup(workers=workers, params=params)], jobs, travel)


def test_nobody_within_reach_is_refused():
    travel = travel_of([[5, 90], [90, 5]])
    with pytest.raises(ParameterError, match="nobody can reach"):
        estimate_joint_flows([WorkerGroup(workers=[5, 0])], [0, 5], travel)


def test_weekly_bounds_in_the_wrong_order_are_refused():
    with pytest.raises(ParameterError, match="less than limit_min"):
        WeeklyParams(least_min=400, limit_min=300)
