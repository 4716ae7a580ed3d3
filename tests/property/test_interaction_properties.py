"""Whatever the towns and the counts: an answer that holds its margins, or a clear refusal."""

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comarca.commuting.interaction import (
    BoxCox,
    CommutingMargins,
    DeterrenceFit,
    Exponential,
    InteractionParams,
    Power,
    Tanner,
    Unobserved,
    calibrate_deterrence,
    calibrate_on_margins,
    estimate_flows,
    judge_flows,
)
from comarca.errors import ParameterError
from comarca.model.matrices import FlowMatrix, TravelMatrix
from comarca.travel import near_pairs
from interaction_world import scattered

SHAPES = st.sampled_from([Exponential(), Power(), Tanner(), BoxCox(), BoxCox(curvature=0.3)])
CONSTRAINTS = st.sampled_from(["doubly", "production", "attraction"])
HIDDEN = st.sampled_from([None, Unobserved(own_town=True), Unobserved(absent=True)])


@st.composite
def worlds(draw):
    """Towns, some without a way to each other, and sparse counts between them."""
    random = np.random.default_rng(draw(st.integers(0, 100_000)))
    n_towns = draw(st.integers(1, 12))
    _, _, travel = scattered(n_towns, int(random.integers(1_000)))
    times = travel.time_min.copy()
    if draw(st.booleans()):
        times[random.random(times.shape) < 0.4] = np.inf
        np.fill_diagonal(times, draw(st.sampled_from([0.0, 3.0])))
    mean, kept = draw(st.sampled_from([0.2, 3, 300])), draw(st.sampled_from([0.2, 1.0]))
    counts = random.poisson(mean, times.shape) * (random.random(times.shape) < kept)
    limit = draw(st.sampled_from([8.0, 30.0, 60.0, np.inf]))
    travel = TravelMatrix(travel.town_ids, "car", times, times, "table")
    return FlowMatrix(travel.town_ids, counts), travel, limit


def calm(call, *given_, **named) -> DeterrenceFit | None:
    """The answer, without a warning on the way; ``None`` for a refusal."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            return call(*given_, **named)
        except ParameterError as refusal:
            told = str(refusal)
    assert "expected" in told or "nobody" in told
    return None


@given(worlds(), SHAPES, CONSTRAINTS, st.sampled_from([0.0, None]), HIDDEN)
@settings(max_examples=150)
def test_any_counts_are_calibrated_on_or_refused(world, deterrence, constraint, preference, hidden):
    seen, travel, limit = world
    params = InteractionParams(
        daily_limit_min=limit,
        deterrence=deterrence,
        constraint=constraint,
        own_town_preference=preference,
    )
    fit = calm(calibrate_deterrence, seen, travel, params, unobserved=hidden)
    if fit is None:
        return
    judged = judge_flows(seen, fit.flows, travel, params, unobserved=hidden)
    inside = judged.all_trips
    assert inside.observed == pytest.approx(fit.persons)
    assert inside.estimated == pytest.approx(fit.persons, rel=1e-4)
    assert 0 <= inside.cpc <= 1
    assert judged.left_out == pytest.approx(fit.persons_left_out)
    assert all(part.robust_error >= 0 for part in fit.parameters)
    assert fit.summary()
    if np.isfinite(limit):
        near = calm(calibrate_deterrence, seen, near_pairs(travel, 60), params, unobserved=hidden)
        assert near.status == fit.status
        assert near.deviance == pytest.approx(fit.deviance, rel=1e-3, abs=1e-3)


@given(worlds(), SHAPES, st.sampled_from([0.0, None]), st.integers(0, 10_000))
@settings(max_examples=100)
def test_any_margins_are_calibrated_on_or_refused(world, deterrence, preference, seed: int):
    _, travel, limit = world
    random = np.random.default_rng(seed)
    staying, leaving, coming = random.integers(0, 60, (3, len(travel.town_ids))).astype(float)
    margins = CommutingMargins(
        town_ids=travel.town_ids, staying=staying, leaving=leaving, coming=coming
    )
    params = InteractionParams(
        daily_limit_min=limit, deterrence=deterrence, own_town_preference=preference
    )
    fit = calm(calibrate_on_margins, margins, travel, params)
    if fit is None:
        return
    made = calm(estimate_flows, margins.workers, margins.jobs, travel, fit.params, staying=staying)
    assert made.flows.workers == pytest.approx(margins.workers)
    stays = made.flows.persons.diagonal()
    kept = np.array([made.kept_at_home.get(town, 0.0) for town in travel.town_ids])
    assert stays == pytest.approx(staying + kept)


@given(worlds(), SHAPES, st.integers(2, 50))
@settings(max_examples=40)
def test_counting_everybody_several_times_leaves_the_deterrence(world, deterrence, times: int):
    """Ten times the persons tell the same deterrence, with errors smaller by the root of ten."""
    seen, travel, limit = world
    params = InteractionParams(daily_limit_min=limit, deterrence=deterrence)
    one = calm(calibrate_deterrence, seen, travel, params)
    if one is None or one.status != "matched":
        return
    more = FlowMatrix(seen.town_ids, times * seen.persons)
    several = calm(calibrate_deterrence, more, travel, params)
    assert several.deviance == pytest.approx(times * one.deviance, rel=1e-4, abs=1e-4 * times)
    for before, after in zip(one.parameters, several.parameters, strict=True):
        if before.standard_error < 0.3 * max(abs(before.value), 1e-3):
            assert after.value == pytest.approx(before.value, rel=1e-3)
            assert after.standard_error == pytest.approx(
                before.standard_error / np.sqrt(times), rel=0.01
            )
