"""Deterrence and its errors equal those of a Poisson regression with fixed effects by glum."""

import numpy as np
import pandas as pd
import pytest
from glum import GeneralizedLinearRegressor

from comarca.commuting.interaction import (
    BoxCox,
    Deterrence,
    Exponential,
    InteractionParams,
    Power,
    Tanner,
    Unobserved,
    calibrate_deterrence,
    estimate_flows,
)
from comarca.commuting.interaction.reach import trip_times
from comarca.model.matrices import FlowMatrix, TravelMatrix

TRUTH = InteractionParams(
    deterrence=Exponential(beta_per_min=0.08), own_town_preference=0.7, daily_limit_min=np.inf
)


def world(n_towns: int) -> tuple[FlowMatrix, TravelMatrix]:
    """Poisson flows over towns at random, of a known deterrence and a known preference."""
    random = np.random.default_rng(3)
    place = random.uniform(0, np.sqrt(75 * n_towns), (n_towns, 2))
    km = 1.3 * np.hypot(*(place[:, None] - place[None]).transpose(2, 0, 1))
    workers = np.exp(random.normal(6.5, 1.15, n_towns))
    jobs = workers**1.15
    ids = tuple(f"{town:05}" for town in range(n_towns))
    travel = TravelMatrix(ids, "car", km * 60 / 50, km, "circle")
    flows = estimate_flows(workers, jobs * workers.sum() / jobs.sum(), travel, TRUTH).flows
    return FlowMatrix(ids, random.poisson(flows.persons.toarray())), travel


def glum_fit(
    observed: FlowMatrix,
    travel: TravelMatrix,
    params: InteractionParams,
    covariates: dict[str, np.ndarray],
    known: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Coefficients of the covariates and their errors; effects of towns where margins are held."""
    persons = observed.persons.toarray().astype(float)
    seen = persons * known
    kept = known & (seen.sum(axis=1) > 0)[:, None] & (seen.sum(axis=0) > 0)[None, :]
    rows, columns = np.nonzero(kept)
    table = pd.DataFrame({name: values[rows, columns] for name, values in covariates.items()})
    offset = None
    if params.constraint in ("doubly", "production"):
        table["origin"] = pd.Categorical(rows)
    if params.constraint in ("doubly", "attraction"):
        table["destination"] = pd.Categorical(columns)
    if params.constraint != "doubly" and params.size_exponent is not None:
        size = seen.sum(axis=0)[columns] if params.constraint == "production" else seen.sum(1)[rows]
        offset = np.log(size)
    model = GeneralizedLinearRegressor(
        family="poisson", alpha=0, drop_first=True, gradient_tol=1e-10, max_iter=300
    )
    model.fit(table, persons[rows, columns], offset=offset, store_covariance_matrix=False)
    names = list(covariates)
    found = [float(model.coef_[model.feature_names_.index(name)]) for name in names]
    errors = model.std_errors(
        table, persons[rows, columns], offset=offset, robust=False, dispersion=1.0
    )
    # glum widens errors by what it takes for degrees of freedom; information alone does not.
    lost = (len(model.coef_) + 1) / len(rows)
    at = [1 + model.feature_names_.index(name) for name in names]
    return np.array(found), np.asarray(errors)[at] * np.sqrt(1 - lost)


def times_of(travel: TravelMatrix, params: InteractionParams) -> np.ndarray:
    return np.asarray(trip_times(travel, params))


def covariates_of(deterrence: Deterrence, minutes: np.ndarray) -> dict[str, np.ndarray]:
    """Slopes of the deterrence's logarithm by its open parameters."""
    kinds = {
        "exponential": {"beta_per_min": -minutes},
        "power": {"exponent": -np.log(minutes)},
        "tanner": {"power": np.log(minutes), "beta_per_min": -minutes},
        "box-cox": {"beta": -(minutes**0.5 - 1) / 0.5},
    }
    return kinds[deterrence.kind]


SHAPES = [Exponential(), Power(), Tanner(), BoxCox(curvature=0.5)]


def check(n_towns: int, params: InteractionParams, unobserved: Unobserved | None = None) -> None:
    observed, travel = world(n_towns)
    fit = calibrate_deterrence(observed, travel, params, unobserved=unobserved)
    minutes = times_of(travel, params)
    covariates = covariates_of(params.deterrence, minutes)
    if params.own_town_preference is None:
        covariates["own_town_preference"] = np.eye(n_towns)
    persons = observed.persons.toarray().astype(float)
    if params.size_exponent is None:
        size = (
            persons.sum(axis=0)[None, :]
            if params.constraint == "production"
            else (persons.sum(axis=1)[:, None])
        )
        covariates["size_exponent"] = np.log(np.broadcast_to(np.maximum(size, 1), minutes.shape))
    known = np.ones(minutes.shape, dtype=bool)
    if unobserved is not None and unobserved.own_town:
        np.fill_diagonal(known, False)
    values, errors = glum_fit(observed, travel, params, covariates, known)
    assert fit.status == "matched"
    assert [p.name for p in fit.parameters] == list(covariates)
    # To five digits of the value, and where that is about nothing, of its error.
    np.testing.assert_allclose(
        [p.value for p in fit.parameters], values, rtol=1e-5, atol=1e-3 * errors.min()
    )
    np.testing.assert_allclose([p.standard_error for p in fit.parameters], errors, rtol=2e-3)


@pytest.mark.parametrize("deterrence", SHAPES, ids=lambda shape: shape.kind)
@pytest.mark.parametrize("constraint", ["doubly", "production", "attraction"])
def test_every_deterrence_and_constraint(deterrence: Deterrence, constraint: str):
    check(
        60,
        InteractionParams(deterrence=deterrence, constraint=constraint, daily_limit_min=np.inf),
    )


@pytest.mark.parametrize("constraint", ["doubly", "production"])
def test_a_preference_for_the_own_town(constraint: str):
    check(
        60,
        InteractionParams(own_town_preference=None, constraint=constraint, daily_limit_min=np.inf),
    )


@pytest.mark.parametrize("constraint", ["production", "attraction"])
def test_an_exponent_of_size(constraint: str):
    check(
        60,
        InteractionParams(size_exponent=None, constraint=constraint, daily_limit_min=np.inf),
    )


def test_without_those_who_stay():
    """A diagonal that nobody counted is left out, not read as nobody."""
    check(60, InteractionParams(daily_limit_min=np.inf), Unobserved(own_town=True))


@pytest.mark.slow
@pytest.mark.parametrize("deterrence", SHAPES, ids=lambda shape: shape.kind)
def test_five_hundred_towns(deterrence: Deterrence):
    check(500, InteractionParams(deterrence=deterrence, daily_limit_min=np.inf))


@pytest.mark.slow
def test_five_hundred_towns_with_workers_held_alone():
    check(500, InteractionParams(constraint="production", daily_limit_min=np.inf))
