"""The comparison follows what a study sets for the stages it shares a number with."""

import pytest

from comarca.errors import ParameterError
from comarca.study import study_for
from compare_world import region

SET = {
    "study": {"commuter_mode": "car"},
    "commuting": {"daily_limit_min": 75},
    "freight": {"stop_min": 7, "loading_min": 9},
}


def shared(study):
    compare = study.compare
    return (
        compare.commuter_mode,
        compare.daily_limit_min,
        compare.stop_min,
        compare.loading_min,
    )


def test_what_is_set_once_holds_for_both_and_is_no_default():
    study = study_for(region(), SET)

    assert shared(study) == ("car", 75, 7, 9)
    assert {used.setting for used in study.compare.defaults_used()} == {
        "CompareParams.load_factor",
        "CompareParams.base_supervision_share",
    }


def test_a_setting_of_its_own_wins():
    study = study_for(region(), SET | {"compare": {"daily_limit_min": 90}})

    assert study.compare.daily_limit_min == 90
    assert study.commuting.daily_limit_min == 75


def test_unset_both_start_from_the_same_number():
    study = study_for(region())

    assert shared(study) == (
        study.study.commuter_mode,
        study.commuting.daily_limit_min,
        study.freight.stop_min,
        study.freight.loading_min,
    )


def test_a_section_that_is_no_section_is_told_once():
    with pytest.raises(ParameterError) as caught:
        study_for(region(), {"freight": 3})

    assert str(caught.value).count("[freight] is 3") == 1
