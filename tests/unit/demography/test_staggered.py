"""Staggered difference-in-differences on panels made by hand, and what it refuses."""

import numpy as np
import pandas as pd
import pytest

from comarca.demography.effects import OutcomePanel, StaggeredParams, staggered_effects
from comarca.errors import ParameterError, UnknownTownError
from effect_worlds import panel_of, staggered_world

LEVEL = StaggeredParams(scale="level", dealings=0, min_treated=2)


def by_hand() -> OutcomePanel:
    """Two towns with an event of 2002, one of 2003; two without, which grow by 1 a year."""
    return panel_of(
        {
            "early": [0.0, 1.0, 12.0, 23.0],
            "also": [5.0, 6.0, 9.0, 12.0],
            "late": [2.0, 3.0, 4.0, 15.0],
            "never": [3.0, 4.0, 5.0, 6.0],
            "none": [7.0, 8.0, 9.0, 10.0],
        }
    )


EVENTS = {"early": 2002, "also": 2002, "late": 2003}


def test_effects_are_the_change_less_that_of_the_controls():
    """2002: (11 + 3)/2 − 1 = 6; 2003: (22 + 6)/2 − 2 = 12; the late one 11 − 1 = 10."""
    table = staggered_effects(by_hand(), EVENTS, LEVEL).group_time
    after = table[table["year"] >= table["group"]]

    by_hand_too = [[2002, 2002, 6], [2002, 2003, 12], [2003, 2003, 10]]
    np.testing.assert_allclose(after[["group", "year", "effect"]].to_numpy(), by_hand_too)


def test_means_weigh_groups_by_their_towns():
    effects = staggered_effects(by_hand(), EVENTS, LEVEL)
    by_event = effects.aggregate("event").set_index("at")["effect"]

    assert by_event[0] == pytest.approx((2 * 6 + 10) / 3)
    assert by_event[1] == pytest.approx(12)
    assert effects.aggregate("overall")["effect"].item() == pytest.approx((2 * 6 + 2 * 12 + 10) / 5)
    assert effects.aggregate("group")["effect"].tolist() == pytest.approx([9, 10])
    assert effects.aggregate("year")["effect"].tolist() == pytest.approx([6, (2 * 12 + 10) / 3])


def test_towns_whose_event_is_to_come_serve_as_controls_where_asked():
    """In 2002 the late town, which grows by 1, joins the controls; in 2003 it does not."""
    params = StaggeredParams(scale="level", dealings=0, control="not_yet")
    table = staggered_effects(by_hand(), EVENTS, params).group_time
    early = table[table["group"] == 2002].set_index("year")["n_controls"]

    assert early.to_dict() == {2001: 3, 2002: 3, 2003: 2}


def test_an_event_between_counts_shows_at_the_next():
    years = [1990, 1995, 2000]
    frame = pd.DataFrame([[1.0, 1.0, 5.0], [1.0, 1.0, 1.0]], index=["t", "n"], columns=years)
    effects = staggered_effects(OutcomePanel.from_frame(frame), {"t": 1997}, LEVEL)

    assert effects.group_time["group"].unique().tolist() == [2000]
    assert effects.aggregate("overall")["effect"].item() == pytest.approx(4.0)


def test_towns_without_a_count_before_are_left_out_and_named():
    effects = staggered_effects(by_hand(), {**EVENTS, "never": 2000}, LEVEL)

    assert effects.left_out == {"never": "no count before 2000; the first is of 2000"}
    assert effects.n_treated == 3


def test_errors_are_not_told_of_too_few_towns():
    effects = staggered_effects(
        by_hand(), EVENTS, StaggeredParams(scale="level", dealings=99, min_treated=4)
    )

    assert not effects.has_errors
    assert effects.aggregate("event")["se"].isna().all()
    assert effects.p_dealt is not None
    assert 0 < effects.p_dealt <= 1
    assert "events dealt out" in effects.summary()


def test_bands_that_hold_all_times_are_no_narrower_than_each_alone():
    panel, events, x = staggered_world()
    found = staggered_effects(
        panel, events, StaggeredParams(scale="level", dealings=0), covariates=x
    ).aggregate("event")

    assert (found["band_low"] <= found["low"]).all()
    assert (found["band_high"] >= found["high"]).all()
    after = found[found["at"] >= 0]
    true = 1 + 0.5 * after["at"]
    assert ((after["band_low"] < true) & (true < after["band_high"])).all()
    before = found[found["at"] < 0]
    assert ((before["band_low"] < 0) & (before["band_high"] > 0)).all()


@pytest.mark.parametrize("estimator", ["doubly_robust", "regression", "weighting"])
def test_covariates_take_away_what_grows_with_them(estimator):
    """Towns with an event grow faster by themselves, which looks like an effect."""
    panel, events, x = staggered_world(n=600)
    params = StaggeredParams(scale="level", dealings=0, estimator=estimator)
    plain = staggered_effects(panel, events, params).aggregate("event").set_index("at")
    allowed = staggered_effects(panel, events, params, covariates=x).aggregate("event")
    allowed = allowed.set_index("at")

    assert allowed.loc[0, "effect"] == pytest.approx(1.0, abs=3 * allowed.loc[0, "se"])
    assert plain.loc[3, "effect"] > allowed.loc[3, "effect"]


def test_covariates_that_tell_the_events_are_left_out_with_the_reason():
    panel = by_hand()
    x = pd.DataFrame({"x": [1.0, 1.0, 1.0, 0.0, 0.0]}, index=list(panel.units))

    effects = staggered_effects(panel, EVENTS, LEVEL, covariates=x)

    assert len(effects.group_time) == 0
    assert "without a doubt" in effects.notes[0]
    assert effects.summary() == "No comparison could be made."


def test_what_cannot_be_compared_is_refused():
    panel = by_hand()
    every = dict.fromkeys(panel.units, 2002)

    with pytest.raises(ParameterError, match="towns that never had the event is 0"):
        staggered_effects(panel, every, LEVEL)
    with pytest.raises(ParameterError, match="counted before and after it is 0"):
        staggered_effects(panel, {"early": 1999}, LEVEL)
    with pytest.raises(UnknownTownError):
        staggered_effects(panel, {"nowhere": 2002}, LEVEL)
    gaps = pd.DataFrame({"x": [np.nan, 1, 1, 1, 1]}, index=list(panel.units))
    with pytest.raises(ParameterError, match="x of early is missing"):
        staggered_effects(panel, EVENTS, LEVEL, covariates=gaps)
