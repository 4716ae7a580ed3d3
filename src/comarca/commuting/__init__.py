"""
Where people work, and which towns belong together because of it.

Flows are counted, or estimated by spatial interaction (:mod:`comarca.commuting.interaction`);
areas are drawn from them (:mod:`comarca.commuting.areas`). Whether towns behave as one system is
judged by their sizes alone (:mod:`comarca.commuting.ranks`).
"""

from comarca.commuting.areas import (
    AreaParams,
    LabourMarketAreas,
    NestedAreas,
    ReserveEntry,
    areas_by_skill,
    delineate_areas,
    nested_areas,
)
from comarca.commuting.flow_study import FlowStudy, study_flows
from comarca.commuting.interaction import (
    CommutingMargins,
    DeterrenceFit,
    FlowEstimate,
    FlowFit,
    InteractionParams,
    Unobserved,
    WeeklyParams,
    calibrate_deterrence,
    calibrate_jointly,
    calibrate_on_margins,
    estimate_flows,
    estimate_joint_flows,
    judge_flows,
    margins_of,
)
from comarca.commuting.params import CommutingParams
from comarca.commuting.ranks import (
    LAWS,
    AreaRanks,
    AreaTest,
    LawFit,
    RadiusTest,
    RankedTown,
    RankLaws,
    RankParams,
    RankProfile,
    RankTest,
    fit_rank_laws,
    rank_areas,
    rank_profile,
)
from comarca.commuting.stage import Commuting, commute, observed_flows

__all__ = [
    "LAWS",
    "AreaParams",
    "AreaRanks",
    "AreaTest",
    "Commuting",
    "CommutingMargins",
    "CommutingParams",
    "DeterrenceFit",
    "FlowEstimate",
    "FlowFit",
    "FlowStudy",
    "InteractionParams",
    "LabourMarketAreas",
    "LawFit",
    "NestedAreas",
    "RadiusTest",
    "RankLaws",
    "RankParams",
    "RankProfile",
    "RankTest",
    "RankedTown",
    "ReserveEntry",
    "Unobserved",
    "WeeklyParams",
    "areas_by_skill",
    "calibrate_deterrence",
    "calibrate_jointly",
    "calibrate_on_margins",
    "commute",
    "delineate_areas",
    "estimate_flows",
    "estimate_joint_flows",
    "fit_rank_laws",
    "judge_flows",
    "margins_of",
    "nested_areas",
    "observed_flows",
    "rank_areas",
    "rank_profile",
    "study_flows",
]
