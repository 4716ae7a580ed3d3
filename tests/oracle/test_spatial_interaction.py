"""Flows and deterrence against a plain loop, a general minimiser and known truths."""

import numpy as np
import pytest
from scipy.optimize import minimize

from comarca.commuting import InteractionParams, calibrate_deterrence, estimate_flows
from comarca.model.matrices import FlowMatrix, TravelMatrix


def world(n_towns: int, seed: int = 1) -> tuple[np.ndarray, np.ndarray, TravelMatrix]:
    """Towns at random, 75 km² each, log-normal sizes, jobs drawn to the larger ones."""
    random = np.random.default_rng(seed)
    place = random.uniform(0, np.sqrt(75 * n_towns), (n_towns, 2))
    km = 1.3 * np.hypot(*(place[:, None] - place[None]).transpose(2, 0, 1))
    workers = np.exp(random.normal(6.5, 1.15, n_towns))
    jobs = workers**1.15
    ids = tuple(f"{town:05}" for town in range(n_towns))
    travel = TravelMatrix(ids, "car", km * 60 / 50, km, "circle")
    return workers, jobs * workers.sum() / jobs.sum(), travel


def plain_furness(
    workers: np.ndarray, jobs: np.ndarray, kernel: np.ndarray, steps: int
) -> np.ndarray:
    factor = np.ones_like(jobs)
    for _ in range(steps):
        rows = workers / (kernel @ factor)
        factor = jobs / (kernel.T @ rows)
    return kernel * (workers / (kernel @ factor))[:, None] * factor


@pytest.mark.parametrize("limit", [60.0, np.inf])
def test_flows_equal_plain_furness(limit: float):
    workers, jobs, travel = world(120)
    params = InteractionParams(beta_per_min=0.08, daily_limit_min=limit)
    estimate = estimate_flows(workers, jobs, travel, params)
    times = travel.time_min.astype(float)
    np.fill_diagonal(times, np.inf)
    within = np.clip(
        params.internal_share * times.min(axis=1),
        params.internal_least_min,
        params.internal_most_min,
    )
    np.fill_diagonal(times, within)
    kernel = np.where(times <= limit, np.exp(-0.08 * times), 0)
    expected = plain_furness(workers, jobs, kernel, 4_000)
    np.testing.assert_allclose(estimate.flows.persons.toarray(), expected, rtol=1e-3, atol=1e-6)


def test_flows_have_the_most_entropy_for_their_cost():
    """A general minimiser of sum T (ln T - 1 + beta t) under both margins finds the same flows."""
    workers, jobs, travel = world(5, seed=3)
    params = InteractionParams(beta_per_min=0.06, daily_limit_min=np.inf)
    ours = estimate_flows(workers, jobs, travel, params)
    times = travel.time_min.astype(float)
    np.fill_diagonal(times, np.inf)
    np.fill_diagonal(times, np.clip(0.5 * times.min(axis=1), 4, 10))

    def dual(multipliers: np.ndarray) -> float:
        rows, columns = multipliers[:5], multipliers[5:]
        flows = np.exp(rows[:, None] + columns[None, :] - 0.06 * times)
        return float(flows.sum() - rows @ workers - columns @ jobs)

    start = np.concatenate([np.log(workers), np.zeros(5)])
    found = minimize(dual, start, method="BFGS", options={"gtol": 1e-6, "maxiter": 5_000}).x
    expected = np.exp(found[:5, None] + found[None, 5:] - 0.06 * times)
    np.testing.assert_allclose(ours.flows.persons.toarray(), expected, rtol=1e-3)


@pytest.mark.parametrize("n_towns", [500, 2_000])
@pytest.mark.parametrize("noise", [False, True])
def test_a_known_deterrence_is_recovered_within_three_thousandths(n_towns: int, noise: bool):
    workers, jobs, travel = world(n_towns)
    truth = 0.1
    flows = estimate_flows(workers, jobs, travel, InteractionParams(beta_per_min=truth)).flows
    if noise:
        persons = flows.persons.copy()
        persons.data = np.random.default_rng(7).poisson(persons.data).astype(float)
        flows = FlowMatrix(flows.town_ids, persons)
    fit = calibrate_deterrence(flows, travel)
    assert fit.beta_per_min == pytest.approx(truth, rel=0.003 if noise else 1e-4)
    assert fit.converged


def test_the_fit_is_the_poisson_maximum_and_its_error_honest():
    """Over 60 draws the deterrence scatters as its standard error says; the mean is the truth."""
    workers, jobs, travel = world(40, seed=5)
    law = InteractionParams(beta_per_min=0.1)
    flows = estimate_flows(workers, jobs, travel, law).flows
    random = np.random.default_rng(11)
    betas, errors = [], []
    for _ in range(60):
        persons = flows.persons.copy()
        persons.data = random.poisson(persons.data).astype(float)
        fit = calibrate_deterrence(FlowMatrix(flows.town_ids, persons), travel)
        betas.append(fit.beta_per_min)
        errors.append(fit.standard_error_per_min)
    assert np.mean(betas) == pytest.approx(0.1, abs=4 * np.mean(errors) / np.sqrt(60))
    assert np.std(betas) == pytest.approx(np.mean(errors), rel=0.35)
