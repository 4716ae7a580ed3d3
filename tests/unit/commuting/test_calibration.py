"""What deters people, from counted flows and from margins: truths found again, and refusals."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comarca.commuting.interaction import (
    BoxCox,
    CommutingMargins,
    Deterrence,
    Exponential,
    InteractionParams,
    Power,
    Tanner,
    Unobserved,
    calibrate_deterrence,
    calibrate_on_margins,
    estimate_flows,
)
from comarca.errors import ParameterError, UnknownTownError
from comarca.model.matrices import FlowMatrix
from interaction_world import drawn, scattered, travel_of

INF = np.inf
TRUTHS = [
    Exponential(beta_per_min=0.09),
    Power(exponent=2.2),
    Tanner(power=-0.8, beta_per_min=0.05),
    BoxCox(beta=0.6, curvature=0.4),
]


def open_of(deterrence: Deterrence) -> Deterrence:
    return type(deterrence)()


def found(params: InteractionParams) -> dict[str, float]:
    return {p.name: p.value for p in params.function.parameters(15.0)}


@pytest.mark.parametrize("truth", TRUTHS, ids=str)
@pytest.mark.parametrize("constraint", ["doubly", "production", "attraction"])
def test_a_known_deterrence_and_preference_are_found_again(truth: Deterrence, constraint: str):
    workers, jobs, travel = scattered(40, 1)
    law = InteractionParams(
        deterrence=truth, constraint=constraint, own_town_preference=0.5, daily_limit_min=90
    )
    flows = estimate_flows(workers, jobs, travel, law).flows
    sought = InteractionParams(
        deterrence=open_of(truth),
        constraint=constraint,
        own_town_preference=None,
        daily_limit_min=90,
    )
    sizes = {"production": jobs, "attraction": workers}.get(constraint)
    fit = calibrate_deterrence(flows, travel, sought, sizes=sizes)
    assert fit.status == "matched"
    assert found(fit.params) == pytest.approx(found(law), rel=1e-3)
    assert fit.params.own_town_preference == pytest.approx(0.5, abs=1e-3)
    assert fit.flows.persons.toarray() == pytest.approx(flows.persons.toarray(), rel=1e-3, abs=1e-3)


def test_what_was_found_estimates_the_same_flows():
    workers, jobs, travel = scattered(30, 8)
    seen = drawn(estimate_flows(workers, jobs, travel).flows, 1)
    fit = calibrate_deterrence(seen, travel, InteractionParams(deterrence="power"))
    again = estimate_flows(seen.workers, seen.jobs, travel, fit.params)
    assert again.status == "given"
    assert again.flows.persons.toarray() == pytest.approx(
        fit.flows.persons.toarray(), rel=1e-4, abs=1e-4
    )


def test_an_exponent_of_size_is_found_again():
    workers, jobs, travel = scattered(40, 1)
    law = InteractionParams(
        beta_per_min=0.09, constraint="production", size_exponent=0.7, daily_limit_min=90
    )
    flows = estimate_flows(workers, jobs, travel, law).flows
    sought = InteractionParams(constraint="production", size_exponent=None, daily_limit_min=90)
    fit = calibrate_deterrence(flows, travel, sought, sizes=jobs)
    assert fit.params.size_exponent == pytest.approx(0.7, abs=1e-4)
    assert fit.beta_per_min == pytest.approx(0.09, abs=1e-4)


@given(st.integers(0, 10_000))
@settings(max_examples=25)
def test_counts_without_those_who_stay_tell_the_same_deterrence(seed: int):
    """What is left out is not read as nobody: the truth stays the truth."""
    workers, jobs, travel = scattered(20, seed)
    law = InteractionParams(beta_per_min=0.1, daily_limit_min=INF)
    persons = estimate_flows(workers, jobs, travel, law).flows.persons.toarray()
    np.fill_diagonal(persons, 0)
    seen = FlowMatrix(travel.town_ids, persons)
    fit = calibrate_deterrence(seen, travel, law, unobserved=Unobserved(own_town=True))
    assert fit.beta_per_min == pytest.approx(0.1, rel=1e-3)
    assert fit.n_observations == 20 * 19
    misread = calibrate_deterrence(seen, travel, law)
    assert misread.beta_per_min < 0.099


def test_pairs_that_nobody_counted_are_named_one_by_one():
    workers, jobs, travel = scattered(20, 5)
    law = InteractionParams(beta_per_min=0.1, daily_limit_min=INF)
    persons = estimate_flows(workers, jobs, travel, law).flows.persons.toarray()
    ids = travel.town_ids
    persons[3, 4] = persons[7, 1] = 0
    hidden = Unobserved(pairs={(ids[3], ids[4]), (ids[7], ids[1])})
    fit = calibrate_deterrence(FlowMatrix(ids, persons), travel, law, unobserved=hidden)
    assert fit.beta_per_min == pytest.approx(0.1, rel=1e-4)
    with pytest.raises(UnknownTownError):
        calibrate_deterrence(
            FlowMatrix(ids, persons), travel, unobserved=Unobserved(pairs={("town00", "nowhere")})
        )


def test_pairs_absent_from_a_table_may_be_suppressed_rather_than_nobody():
    """Whatever pairs are missing, those that are there tell the deterrence."""
    workers, jobs, travel = scattered(30, 6)
    law = InteractionParams(beta_per_min=0.1, daily_limit_min=INF)
    persons = estimate_flows(workers, jobs, travel, law).flows.persons.toarray()
    hidden = np.random.default_rng(1).random(persons.shape) < 0.3
    seen = FlowMatrix(travel.town_ids, np.where(hidden, 0, persons))
    fit = calibrate_deterrence(seen, travel, law, unobserved=Unobserved(absent=True))
    assert fit.beta_per_min == pytest.approx(0.1, rel=1e-3)
    assert fit.n_observations == int((~hidden).sum())


def test_people_who_move_in_groups_scatter_more_than_fishers_error_and_the_robust_one_says_so():
    """Parties of 20 multiply the variance by 20, so errors by its root."""
    workers, jobs, travel = scattered(40, 5)
    law = InteractionParams(beta_per_min=0.1)
    flows = estimate_flows(100 * workers, 100 * jobs, travel, law).flows
    random = np.random.default_rng(3)
    betas, fisher, robust = [], [], []
    for _ in range(40):
        persons = flows.persons.copy()
        persons.data = 20.0 * random.poisson(persons.data / 20)
        fit = calibrate_deterrence(FlowMatrix(flows.town_ids, persons), travel)
        betas.append(fit.beta_per_min)
        fisher.append(fit.of("beta_per_min").standard_error)
        robust.append(fit.of("beta_per_min").robust_error)
    assert np.std(betas) == pytest.approx(np.mean(robust), rel=0.3)
    assert np.mean(robust) == pytest.approx(np.sqrt(20) * np.mean(fisher), rel=0.15)


def test_nobody_who_leaves_shows_an_endless_deterrence():
    travel = travel_of([[5, 20], [20, 5]])
    fit = calibrate_deterrence(FlowMatrix(travel.town_ids, np.diag([10, 20])), travel)
    assert fit.beta_per_min == 1.0  # as steep as is looked for: flows halve in 40 seconds
    assert fit.of("beta_per_min").standard_error > 1


def test_people_who_like_it_far_show_none():
    """More go far than near: the best deterrence that deters is none."""
    travel = travel_of([[5, 20, 50], [20, 5, 50], [50, 50, 5]])
    seen = FlowMatrix(travel.town_ids, np.array([[1, 5, 90], [5, 1, 90], [90, 90, 1]]))
    fit = calibrate_deterrence(seen, travel)
    assert fit.status == "out_of_reach"
    assert fit.beta_per_min == 0
    assert "within the bounds" in fit.summary()


def test_one_town_tells_nothing_and_the_error_says_so():
    travel = travel_of([[7.0]])
    fit = calibrate_deterrence(FlowMatrix(travel.town_ids, np.array([[50]])), travel)
    assert fit.of("beta_per_min").standard_error == INF


def test_towns_without_workers_or_without_jobs_take_no_part():
    travel = travel_of([[5, 20, 30], [20, 5, 20], [30, 20, 5]])
    seen = FlowMatrix(travel.town_ids, np.array([[80, 20, 0], [10, 70, 0], [4, 9, 0]]))
    fit = calibrate_deterrence(seen, travel)
    assert fit.status == "matched"
    assert fit.persons == 193
    assert fit.flows.jobs == pytest.approx([94, 99, 0], rel=1e-5)


def test_an_empty_table_is_refused():
    travel = travel_of([[5, 20], [20, 5]])
    with pytest.raises(ParameterError, match="nobody is observed"):
        calibrate_deterrence(FlowMatrix(travel.town_ids, np.zeros((2, 2))), travel)


def test_a_calibration_of_nothing_is_refused():
    travel = travel_of([[5, 20], [20, 5]])
    given_all = InteractionParams(deterrence=Power(exponent=2))
    with pytest.raises(ParameterError, match="every parameter is given"):
        calibrate_deterrence(FlowMatrix(travel.town_ids, np.eye(2)), travel, given_all)


# Margins alone


def margins_of_flows(flows: FlowMatrix) -> CommutingMargins:
    stays = flows.persons.diagonal().astype(float)
    return CommutingMargins(
        town_ids=flows.town_ids,
        staying=stays,
        leaving=flows.workers - stays,
        coming=flows.jobs - stays,
    )


@pytest.mark.parametrize("truth", TRUTHS[:2], ids=str)
def test_margins_alone_tell_the_deterrence_and_the_preference(truth: Deterrence):
    workers, jobs, travel = scattered(60, 2)
    law = InteractionParams(deterrence=truth, own_town_preference=1.2, daily_limit_min=INF)
    flows = estimate_flows(workers, jobs, travel, law).flows
    sought = InteractionParams(
        deterrence=open_of(truth), own_town_preference=None, daily_limit_min=INF
    )
    fit = calibrate_on_margins(margins_of_flows(flows), travel, sought)
    assert fit.status == "matched"
    assert found(fit.params) == pytest.approx(found(law), rel=2e-3)
    assert fit.params.own_town_preference == pytest.approx(1.2, abs=5e-3)
    assert fit.flows.persons.toarray() == pytest.approx(flows.persons.toarray(), rel=0.01, abs=0.1)


def test_on_margins_the_robust_error_is_honest():
    """Over 60 draws the deterrence scatters as the robust error says."""
    workers, jobs, travel = scattered(50, 7)
    law = InteractionParams(beta_per_min=0.1, own_town_preference=1.0, daily_limit_min=INF)
    flows = estimate_flows(20 * workers, 20 * jobs, travel, law).flows
    sought = InteractionParams(own_town_preference=None, daily_limit_min=INF)
    betas, errors = [], []
    for draw in range(60):
        fit = calibrate_on_margins(margins_of_flows(drawn(flows, draw)), travel, sought)
        betas.append(fit.beta_per_min)
        errors.append(fit.of("beta_per_min").robust_error)
    assert np.mean(betas) == pytest.approx(0.1, abs=4 * np.std(betas) / np.sqrt(60))
    assert np.std(betas) == pytest.approx(np.mean(errors), rel=0.35)


def test_people_from_beyond_the_border_scale_those_who_come_and_not_those_who_stay():
    """20 leave and 40 come: half of those who come live elsewhere."""
    travel = travel_of([[5, 15, 30], [15, 5, 20], [30, 20, 5]])
    margins = CommutingMargins(
        town_ids=travel.town_ids,
        staying=np.array([90.0, 40.0, 30.0]),
        leaving=np.array([4.0, 10.0, 6.0]),
        coming=np.array([24.0, 8.0, 8.0]),
    )
    fit = calibrate_on_margins(margins, travel)
    assert fit.flows.workers == pytest.approx(margins.workers)
    assert fit.flows.jobs == pytest.approx([102, 44, 34], rel=1e-5)


def broken_margins(**changes: list[float]) -> CommutingMargins:
    numbers = {"staying": [5.0, 6.0], "leaving": [1.0, 2.0], "coming": [2.0, 1.0]}
    arrays = {name: np.array(values) for name, values in (numbers | changes).items()}
    return CommutingMargins(town_ids=("town00", "town01"), **arrays)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"leaving": [1, -2], "coming": [np.nan, 1]}, r"leaving .*town01 \(-2\).*coming .*town00"),
        ({"coming": [1, 2, 3]}, "shape"),
    ],
)
def test_all_wrong_margins_are_told_together(changes: dict[str, list[float]], told: str):
    with pytest.raises(ParameterError, match=told):
        broken_margins(**changes)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"staying": [0, 0]}, "nobody stays"),
        ({"leaving": [0, 0]}, "nobody leaves"),
        ({"coming": [0, 0]}, "nobody comes"),
        ({}, "more of them than open parameters"),
    ],
)
def test_margins_that_tell_too_little_are_refused(changes: dict[str, list[float]], told: str):
    sought = InteractionParams(own_town_preference=None)
    with pytest.raises(ParameterError, match=told):
        calibrate_on_margins(broken_margins(**changes), travel_of([[5, 9], [9, 5]]), sought)


def test_margins_hold_both_sides_or_nothing():
    with pytest.raises(ParameterError, match="doubly"):
        calibrate_on_margins(
            broken_margins(),
            travel_of([[5, 9], [9, 5]]),
            InteractionParams(constraint="production"),
        )
