"""
What the opening of an institution, or the closing of a plant, did to a town.

A town is set against towns that had no such event: a mixture of them that went the same way before
(:mod:`~comarca.demography.effects.synthetic`), or, where several towns had theirs at different
times, all of them together (:mod:`~comarca.demography.effects.staggered`). Where the data cannot
answer, the answer is a refusal with its reasons, and the town's growth is ranked among comparable
towns instead.
"""

from comarca.demography.effects.comparable import GrowthRank, rank_growth
from comarca.demography.effects.contributions import Contribution, contributions
from comarca.demography.effects.opening import effect_of_opening
from comarca.demography.effects.opening_effect import OpeningEffect
from comarca.demography.effects.panel import OutcomePanel
from comarca.demography.effects.params import EffectParams, StaggeredParams
from comarca.demography.effects.placebo import (
    LeaveOneOut,
    PlaceboInSpace,
    PlaceboInTime,
    leave_one_out,
    placebo_in_space,
    placebo_in_time,
)
from comarca.demography.effects.region_panel import employment_panel, population_panel
from comarca.demography.effects.staggered import StaggeredEffects, staggered_effects
from comarca.demography.effects.synthetic import SyntheticControl, synthetic_control

__all__ = [
    "Contribution",
    "EffectParams",
    "GrowthRank",
    "LeaveOneOut",
    "OpeningEffect",
    "OutcomePanel",
    "PlaceboInSpace",
    "PlaceboInTime",
    "StaggeredEffects",
    "StaggeredParams",
    "SyntheticControl",
    "contributions",
    "effect_of_opening",
    "employment_panel",
    "leave_one_out",
    "placebo_in_space",
    "placebo_in_time",
    "population_panel",
    "rank_growth",
    "staggered_effects",
    "synthetic_control",
]
