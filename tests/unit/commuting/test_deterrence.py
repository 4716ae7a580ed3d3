"""Four functions of time: their values, their slopes, how settings and study files name them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comarca.commuting.interaction import (
    BoxCox,
    Deterrence,
    Exponential,
    InteractionParams,
    Power,
    Tanner,
    estimate_flows,
)
from comarca.errors import ParameterError
from interaction_world import scattered, travel_of

MINUTES = np.array([0.5, 4.0, 20.0, 90.0])
GIVEN = [
    Exponential(beta_per_min=0.1),
    Power(exponent=1.7),
    Tanner(power=-0.6, beta_per_min=0.05),
    BoxCox(beta=0.5, curvature=0.4),
    BoxCox(beta=0.5, curvature=0.0),
    BoxCox(beta=0.5, curvature=-1e-6),
]


def values_of(deterrence: Deterrence) -> list[float]:
    return [float(p.value) for p in deterrence.parameters(15.0)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("deterrence", "expected"),
    [
        (Exponential(beta_per_min=0.1), np.exp(-0.1 * MINUTES)),
        (Power(exponent=1.7), MINUTES**-1.7),
        (Tanner(power=-0.6, beta_per_min=0.05), MINUTES**-0.6 * np.exp(-0.05 * MINUTES)),
        (BoxCox(beta=0.5, curvature=0.4), np.exp(-0.5 * (MINUTES**0.4 - 1) / 0.4)),
    ],
)
def test_values_are_those_of_the_formula(deterrence: Deterrence, expected: np.ndarray):
    found = np.exp(deterrence.log(MINUTES, values_of(deterrence)))
    np.testing.assert_allclose(found, expected, rtol=1e-12)


@pytest.mark.parametrize("deterrence", GIVEN, ids=str)
def test_slopes_are_the_derivatives(deterrence: Deterrence):
    values = values_of(deterrence)
    for at, slope in enumerate(deterrence.slopes(MINUTES, values)):
        step = 1e-5
        above, below = list(values), list(values)
        above[at] += step
        below[at] -= step
        rise = deterrence.log(MINUTES, above) - deterrence.log(MINUTES, below)
        np.testing.assert_allclose(slope, rise / (2 * step), rtol=1e-6, atol=1e-8)


@given(st.floats(0.05, 5.0))
def test_box_cox_lies_between_power_and_exponential(beta: float):
    power = Power().log(MINUTES, [beta])
    np.testing.assert_allclose(BoxCox().log(MINUTES, [beta, 0.0]), power)
    np.testing.assert_allclose(BoxCox().log(MINUTES, [beta, 1e-9]), power, rtol=1e-6)
    exponential = Exponential().log(MINUTES, [beta]) + beta
    np.testing.assert_allclose(BoxCox().log(MINUTES, [beta, 1.0]), exponential, atol=1e-9)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("power", Power()),
        ({"kind": "power", "exponent": 2}, Power(exponent=2)),
        (
            {"kind": "tanner", "power": -1.5, "beta_per_min": 0.02},
            Tanner(power=-1.5, beta_per_min=0.02),
        ),
        ({"kind": "box-cox", "curvature": 0.5}, BoxCox(curvature=0.5)),
        (Exponential(beta_per_min=0.2), Exponential(beta_per_min=0.2)),
    ],
)
def test_a_study_names_functions_in_plain_words(said: object, meant: Deterrence):
    params = InteractionParams(deterrence=said)
    assert params.function == meant
    again = InteractionParams(**params.model_dump(mode="json"))
    assert again.function == meant


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("gravity", "deterrence is gravity; expected one of exponential, power, tanner, box-cox"),
        ({"exponent": 2}, "without a kind"),
        ({"kind": "power", "beta_per_min": 2}, "beta_per_min of the power deterrence"),
        ({"kind": "power", "exponent": "two"}, "'two'"),
        ({"kind": "power", "exponent": -1}, "exponent of the power deterrence is -1"),
        ({"kind": "power", "exponent": float("nan")}, "exponent of the power deterrence is nan"),
    ],
)
def test_what_no_function_knows_is_refused(said: object, told: str):
    with pytest.raises(ParameterError, match=told):
        InteractionParams(deterrence=said)


def test_two_deterrences_at_once_are_refused():
    with pytest.raises(ParameterError, match="beta_per_min"):
        InteractionParams(deterrence="power", beta_per_min=0.1)


def test_any_object_of_that_shape_will_do():
    """A log-logistic of one's own: flows follow its odds."""

    class LogLogistic:
        kind = "log-logistic"
        is_linear = True

        def parameters(self, mean_time_min: float) -> tuple[()]:
            return ()

        def log(self, time_min: np.ndarray, values: list[float]) -> np.ndarray:
            return -np.log1p((time_min / 20) ** 3)

        def slopes(self, time_min: np.ndarray, values: list[float]) -> tuple[()]:
            return ()

        def holding(self, values: list[float]) -> "LogLogistic":
            return self

        def __str__(self) -> str:
            return "1 / (1 + (t/20)^3)"

    workers, jobs, travel = scattered(6, 2)
    params = InteractionParams(deterrence=LogLogistic(), daily_limit_min=np.inf)
    flows = estimate_flows(workers, jobs, travel, params).flows.persons.toarray()
    times = travel.time_min.astype(float)
    shares = 1 / (1 + (times / 20) ** 3)
    odds = flows[0, 2] * flows[1, 3] / (flows[0, 3] * flows[1, 2])
    expected = shares[0, 2] * shares[1, 3] / (shares[0, 3] * shares[1, 2])
    assert odds == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("deterrence", [Power(exponent=2), Tanner(power=1, beta_per_min=0.1)])
def test_towns_no_minutes_apart_are_refused_where_a_function_has_no_value(deterrence: Deterrence):
    travel = travel_of([[5, 0], [0, 5]])
    with pytest.raises(ParameterError, match="0 min apart"):
        estimate_flows([1, 1], [1, 1], travel, InteractionParams(deterrence=deterrence))
    assert estimate_flows([1, 1], [1, 1], travel, InteractionParams(beta_per_min=0.1)).converged


@pytest.mark.parametrize("kind", ["power", "box-cox"])
def test_one_open_parameter_is_chosen_for_the_mean_trip(kind: str):
    workers, jobs, travel = scattered(25, 4)
    said = {"kind": kind} | ({"curvature": 0.3} if kind == "box-cox" else {})
    params = InteractionParams(deterrence=said, mean_time_min=12.0, daily_limit_min=90)
    estimate = estimate_flows(workers, jobs, travel, params)
    assert estimate.status == "matched"
    assert estimate.mean_time_min == pytest.approx(12.0, rel=1e-5)
    assert "chosen for this mean" in estimate.summary()


def test_a_mean_trip_does_not_settle_two_parameters():
    workers, jobs, travel = scattered(5, 4)
    for open_ones in ({"deterrence": "tanner"}, {"own_town_preference": None}):
        with pytest.raises(ParameterError, match="one parameter of the deterrence at most"):
            estimate_flows(workers, jobs, travel, InteractionParams(**open_ones))
