"""Synthetic control on panels whose weights are known, and what it refuses."""

import numpy as np
import pandas as pd
import pytest

from comarca.demography.effects import (
    EffectParams,
    OutcomePanel,
    leave_one_out,
    placebo_in_space,
    placebo_in_time,
    synthetic_control,
)
from comarca.demography.effects.simplex import most_alike_mixture, nearest_mixture
from comarca.errors import ParameterError, UnknownTownError
from effect_worlds import mixed_world, panel_of

LEVEL = EffectParams(scale="level")


def test_a_mixture_is_found_again():
    """The town is six tenths of one donor and four tenths of another."""
    found = synthetic_control(mixed_world(), "t", 2006, LEVEL)

    assert found.donors["a"] == pytest.approx(0.6, abs=1e-9)
    assert found.donors["b"] == pytest.approx(0.4, abs=1e-9)
    assert found.gap == pytest.approx(np.zeros(10), abs=1e-9)


def test_an_effect_on_top_is_the_gap_after():
    found = synthetic_control(mixed_world(effect=7.0), "t", 2006, LEVEL)

    assert found.gap[:6] == pytest.approx(np.zeros(6), abs=1e-9)
    assert found.gap[6:] == pytest.approx(np.full(4, 7.0), abs=1e-9)
    assert (found.mean_gap, found.last_gap) == (pytest.approx(7.0), pytest.approx(7.0))
    assert "+7 on average" in found.summary()


def test_a_town_outside_the_hull_takes_the_nearest_donor():
    panel = panel_of({"t": [10.0, 10.0, 10.0], "near": [8.0, 8.0, 8.0], "far": [1.0, 1.0, 1.0]})

    found = synthetic_control(panel, "t", 2002, LEVEL)

    assert found.donors["near"] == pytest.approx(1.0)
    assert found.pre_rmspe == pytest.approx(2.0)


def test_of_many_exact_mixtures_the_most_alike_donors_are_taken():
    """Six donors around the town meet two counts in many ways; two lie beside it."""
    differences = np.array([[-1.0, 1.0, -5.0, 5.0, -9.0, 9.0], [-1.0, 1.0, -5.0, 5.0, 9.0, -9.0]])

    weights = most_alike_mixture(differences)

    assert weights == pytest.approx([0.5, 0.5, 0, 0, 0, 0], abs=1e-9)


def test_the_nearest_mixture_is_as_near_as_a_grid_finds():
    random = np.random.default_rng(2)
    differences = random.normal(0.4, 1, (3, 3))
    weights = nearest_mixture(differences)
    steps = np.linspace(0, 1, 401)
    grid = [(a, b, 1 - a - b) for a in steps for b in steps if a + b <= 1]
    best = min(np.linalg.norm(differences @ np.array(w)) for w in grid)

    assert weights.sum() == pytest.approx(1.0)
    assert (weights >= 0).all()
    assert np.linalg.norm(differences @ weights) <= best + 1e-12


def test_on_the_logarithmic_scale_a_double_town_goes_alike():
    panel = panel_of(
        {"t": [20.0, 22.0, 40.0], "half": [10.0, 11.0, 10.0], "other": [30.0, 10.0, 30.0]}
    )
    alone = panel.only(["t", "half"])

    found = synthetic_control(alone, "t", 2002, EffectParams(scale="log"))

    assert found.gap[2] - found.gap[0] == pytest.approx(np.log(2))
    assert found.effect(np.log(2)) == pytest.approx(1.0)


def test_predictors_are_weighted_by_what_follows_the_outcome():
    """One predictor tells the outcome, the other is noise."""
    random = np.random.default_rng(1)
    level = np.array([3.0, 1.0, 2.0, 4.0, 5.0, 2.5])
    growth = np.arange(6)
    frame = pd.DataFrame(level[:, None] + 0 * growth, index=list("tabcde"), columns=2000 + growth)
    frame += 0.01 * random.normal(size=frame.shape)
    panel = OutcomePanel.from_frame(frame)
    predictors = pd.DataFrame(
        {"level": level, "noise": random.normal(size=6)}, index=list("tabcde")
    )

    found = synthetic_control(
        panel, "t", 2004, EffectParams(method="covariates", scale="level"), predictors=predictors
    )

    assert found.predictors.sum() == pytest.approx(1.0)
    assert found.pre_rmspe < 0.02


def test_the_ridge_correction_meets_more_before_the_event():
    random = np.random.default_rng(4)
    rows = {f"d{n}": (50 + random.normal(0, 3, 12).cumsum()).tolist() for n in range(6)}
    outside = np.array(list(rows.values())).max(axis=0) + 4
    panel = panel_of({"t": outside.tolist(), **rows})

    plain = synthetic_control(panel, "t", 2010, LEVEL)
    corrected = synthetic_control(panel, "t", 2010, EffectParams(method="augmented", scale="level"))

    assert corrected.donors.sum() == pytest.approx(1.0)
    assert corrected.pre_rmspe <= plain.pre_rmspe + 1e-9
    assert corrected.penalty is not None


def test_each_donor_with_a_weight_is_left_out_once():
    found = synthetic_control(mixed_world(effect=7.0), "t", 2006, LEVEL)

    without = leave_one_out(mixed_world(effect=7.0), found)

    assert list(without.table["unit"]) == ["a", "b"]
    assert without.range() is not None
    assert without.gaps.shape == (2, 10)


def test_an_event_set_earlier_shows_nothing_where_nothing_happened():
    panel = mixed_world(effect=50.0)
    found = synthetic_control(panel, "t", 2006, LEVEL)

    earlier = placebo_in_time(panel, found)

    assert list(earlier.table["event_year"]) == [2002, 2003, 2004, 2005]
    assert earlier.table["mean_gap"].abs().max() < 25.0  # the effect of 2006 is not seen


def test_too_few_counts_leave_no_placebo_in_time_and_say_so():
    panel = panel_of({"t": [1.0, 2.0, 3.0], "a": [1.0, 2.0, 2.0], "b": [2.0, 2.0, 2.0]})
    found = synthetic_control(panel, "t", 2002, LEVEL)

    earlier = placebo_in_time(panel, found)

    assert len(earlier.table) == 0
    assert "no earlier count" in earlier.note


def test_the_only_town_with_an_effect_has_the_least_p():
    panel = mixed_world(effect=60.0)
    found = synthetic_control(panel, "t", 2006, LEVEL)

    space = placebo_in_space(panel, found)

    assert space.n_places == 7
    assert space.p_gap == pytest.approx(1 / 7)
    assert not space.ratio_tells  # the mixture met every count before
    assert space.p == space.p_gap


def test_everything_that_keeps_an_answer_away_is_told_at_once():
    panel = panel_of({"t": [1.0, 2.0], "a": [1.0, 2.0]})

    with pytest.raises(ParameterError) as refusal:
        synthetic_control(panel, "t", 1999, EffectParams(method="covariates"), donors=["t"])

    told = str(refusal.value)
    assert "counts before the event" in told
    assert "donors" in told
    assert "predictors" in told
    assert len(refusal.value.faults) == 3


@pytest.mark.parametrize(
    ("change", "expectation"),
    [
        ({"event_year": 2009}, "counts in 2009 or later"),
        ({"method": "augmented", "event_year": 2002}, "3 or more for a ridge correction"),
    ],
)
def test_years_that_do_not_do_are_refused(change, expectation):
    panel = panel_of({"t": [1.0, 2.0, 3.0], "a": [1.0, 2.0, 2.0], "b": [2.0, 2.0, 2.0]})
    year = change.pop("event_year")

    with pytest.raises(ParameterError, match=expectation):
        synthetic_control(panel, "t", year, EffectParams(scale="level", **change))


def test_nobody_on_the_logarithmic_scale_is_refused_by_name():
    panel = panel_of({"t": [1.0, 2.0, 3.0], "a": [0.0, 2.0, 2.0]})

    with pytest.raises(ParameterError, match="outcome of a in 2000 is 0; expected above 0"):
        synthetic_control(panel, "t", 2002)


def test_a_gap_in_the_predictors_is_refused_by_name():
    predictors = pd.DataFrame({"rent": [1.0, np.nan]}, index=["t", "a"])
    panel = panel_of({"t": [1.0, 2.0, 3.0], "a": [1.0, 2.0, 2.0]})

    with pytest.raises(ParameterError, match="rent of a is missing"):
        synthetic_control(
            panel, "t", 2002, EffectParams(method="covariates"), predictors=predictors
        )


def test_a_place_that_nobody_knows_is_refused():
    with pytest.raises(UnknownTownError):
        synthetic_control(mixed_world(), "nowhere", 2006)


def test_faults_of_a_panel_are_told_together():
    with pytest.raises(ParameterError) as refusal:
        OutcomePanel(
            units=("a", "a"), years=(2001, 2000), outcomes=np.array([[1.0, np.nan], [1.0, 2.0]])
        )

    told = str(refusal.value)
    assert "place a is there twice" in told
    assert "years" in told
    assert "outcome of a in 2000 is missing" in told


def test_weak_thresholds_below_the_least_are_a_contradiction():
    with pytest.raises(ParameterError, match="weak_donors"):
        EffectParams(min_donors=10, weak_donors=3)
