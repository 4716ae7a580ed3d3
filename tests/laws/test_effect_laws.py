"""What must hold of effects whatever the panel."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comarca.demography.effects import (
    EffectParams,
    OutcomePanel,
    StaggeredParams,
    placebo_in_space,
    rank_growth,
    staggered_effects,
    synthetic_control,
)
from effect_worlds import mixed_world, staggered_world

LEVEL = EffectParams(scale="level")
seeds = st.integers(0, 2**31)


def noise(seed: int, n: int = 8, n_years: int = 7) -> OutcomePanel:
    """Places that may be exchanged: the same law for each."""
    random = np.random.default_rng(seed)
    outcomes = 50 + random.normal(size=(n, n_years)).cumsum(axis=1)
    units = [f"u{at}" for at in range(n)]
    frame = pd.DataFrame(outcomes, index=units, columns=range(2000, 2000 + n_years))
    return OutcomePanel.from_frame(frame)


@settings(max_examples=25)
@given(seeds)
def test_weights_are_a_mixture(seed):
    found = synthetic_control(noise(seed), "u0", 2005, LEVEL)

    assert found.donors.sum() == pytest.approx(1.0)
    assert (found.donors >= 0).all()


@settings(max_examples=25)
@given(seeds, st.permutations(range(1, 8)))
def test_the_order_of_donors_changes_nothing(seed, order):
    panel = noise(seed)
    found = synthetic_control(panel, "u0", 2005, LEVEL)
    again = synthetic_control(panel, "u0", 2005, LEVEL, donors=[f"u{at}" for at in order])

    assert again.gap == pytest.approx(found.gap, abs=1e-7)
    pd.testing.assert_series_equal(
        again.donors.sort_index(), found.donors.sort_index(), atol=1e-7, check_names=False
    )


@settings(max_examples=25)
@given(seeds)
def test_names_change_nothing(seed):
    panel = noise(seed)
    renamed = OutcomePanel(
        units=tuple(f"x{unit}" for unit in panel.units),
        years=panel.years,
        outcomes=panel.outcomes,
    )

    before = synthetic_control(panel, "u0", 2005, LEVEL)
    after = synthetic_control(renamed, "xu0", 2005, LEVEL)

    assert after.gap == pytest.approx(before.gap)


@settings(max_examples=25)
@given(seeds, st.floats(-1e3, 1e3))
def test_what_is_added_to_all_leaves_the_gap(seed, constant):
    panel = noise(seed)
    moved = OutcomePanel(units=panel.units, years=panel.years, outcomes=panel.outcomes + constant)

    before = synthetic_control(panel, "u0", 2005, LEVEL)
    after = synthetic_control(moved, "u0", 2005, LEVEL)

    assert after.gap == pytest.approx(before.gap, abs=1e-5)


@settings(max_examples=10)
@given(seeds)
def test_on_the_logarithmic_scale_units_of_measure_change_nothing(seed):
    panel = noise(seed)
    thousands = OutcomePanel(units=panel.units, years=panel.years, outcomes=panel.outcomes / 1_000)

    before = synthetic_control(panel, "u0", 2005)
    after = synthetic_control(thousands, "u0", 2005)

    assert after.gap == pytest.approx(before.gap, abs=1e-7)


@settings(max_examples=10)
@given(seeds, st.floats(-50, 50), st.lists(st.floats(-50, 50), min_size=8, max_size=8))
def test_levels_and_common_shocks_leave_staggered_effects(seed, constant, shocks):
    """Each town's own level, and what comes upon all towns in a year, cancel."""
    panel, events, _ = staggered_world(n=40, seed=seed % 1_000)
    levels = np.random.default_rng(seed).normal(0, 10, (panel.n_units, 1))
    moved = OutcomePanel(
        units=panel.units,
        years=panel.years,
        outcomes=panel.outcomes + constant + levels + np.array(shocks),
    )
    params = StaggeredParams(scale="level", dealings=0)
    if len(set(events.values())) < 2:
        return
    before = staggered_effects(panel, events, params).group_time
    after = staggered_effects(moved, events, params).group_time

    assert after["effect"].to_numpy() == pytest.approx(before["effect"].to_numpy(), abs=1e-8)
    assert after["se"].to_numpy() == pytest.approx(before["se"].to_numpy(), abs=1e-8)


def test_an_effect_on_top_moves_the_gap_by_as_much():
    before = synthetic_control(mixed_world(), "t", 2006, LEVEL)
    for effect in (-20.0, 3.5):
        after = synthetic_control(mixed_world(effect), "t", 2006, LEVEL)
        assert after.gap - before.gap == pytest.approx(effect * (np.arange(10) >= 6), abs=1e-7)


@settings(max_examples=5)
@given(seeds)
def test_where_nothing_happened_each_rank_comes_once(seed):
    """
    Each place in turn as the one with the event: the p-values are 1/n, 2/n, ... , 1.

    So under the null, where places may be exchanged, p is uniform on these values.
    """
    panel = noise(seed)
    p = []
    for unit in panel.units:
        found = synthetic_control(panel, unit, 2005, LEVEL)
        p.append(placebo_in_space(panel, found).p_gap)

    assert sorted(p) == pytest.approx([rank / 8 for rank in range(1, 9)])


def test_events_dealt_out_where_nothing_happened_give_a_uniform_p():
    """Over 100 null panels p lies below a tenth in about a tenth, below a half in about half."""
    found = []
    for seed in range(100):
        random = np.random.default_rng(seed)
        frame = pd.DataFrame(
            random.normal(size=(20, 5)).cumsum(axis=1),
            index=[f"u{at}" for at in range(20)],
            columns=range(2000, 2005),
        )
        params = StaggeredParams(scale="level", dealings=39, seed=seed)
        effects = staggered_effects(
            OutcomePanel.from_frame(frame), {"u0": 2002, "u1": 2003}, params
        )
        found.append(effects.p_dealt)
    p = np.array(found)

    assert np.mean(p <= 0.1) == pytest.approx(0.1, abs=0.09)  # three standard errors
    assert np.mean(p <= 0.5) == pytest.approx(0.5, abs=0.15)


@settings(max_examples=25)
@given(seeds)
def test_ranks_of_all_places_are_a_count_to_n(seed):
    panel = noise(seed)
    ranks = [rank_growth(panel, unit, 2000, 2006).rank for unit in panel.units]

    assert sorted(ranks) == list(range(1, 9))
