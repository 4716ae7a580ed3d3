"""
Where people work, and which towns belong together because of it.

Flows are counted, or estimated by spatial interaction (:mod:`comarca.commuting.interaction`);
areas are drawn from them (:mod:`comarca.commuting.areas`), or by the rules of other schools
(:mod:`comarca.commuting.schools`), and drawn again many times to see how sure they are
(:mod:`comarca.commuting.stability`). Whether towns behave as one system is judged by their sizes
alone (:mod:`comarca.commuting.ranks`). Who commutes, and which group of them is the largest, is
told from the counts (:mod:`comarca.commuting.commuters`).
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
from comarca.commuting.commuters import (
    CommuterGroup,
    CommuterGroups,
    GroupDestination,
    TownCommuters,
    commuter_groups,
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
from comarca.commuting.schools import (
    CommutingZoneParams,
    CommutingZones,
    CoreLink,
    FunctionalUrbanAreaParams,
    FunctionalUrbanAreas,
    IntramaxParams,
    IntramaxRegions,
    delineate_commuting_zones,
    delineate_functional_urban_areas,
    delineate_intramax,
    urban_cores,
)
from comarca.commuting.stability import (
    AreaRanges,
    AreaStability,
    AreaSweep,
    StabilityParams,
    SweepGrid,
    stability_of_areas,
    sweep_parameters,
)
from comarca.commuting.stage import Commuting, commute, observed_flows

__all__ = [
    "LAWS",
    "AreaParams",
    "AreaRanges",
    "AreaRanks",
    "AreaStability",
    "AreaSweep",
    "AreaTest",
    "CommuterGroup",
    "CommuterGroups",
    "Commuting",
    "CommutingMargins",
    "CommutingParams",
    "CommutingZoneParams",
    "CommutingZones",
    "CoreLink",
    "DeterrenceFit",
    "FlowEstimate",
    "FlowFit",
    "FlowStudy",
    "FunctionalUrbanAreaParams",
    "FunctionalUrbanAreas",
    "GroupDestination",
    "InteractionParams",
    "IntramaxParams",
    "IntramaxRegions",
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
    "StabilityParams",
    "SweepGrid",
    "TownCommuters",
    "Unobserved",
    "WeeklyParams",
    "areas_by_skill",
    "calibrate_deterrence",
    "calibrate_jointly",
    "calibrate_on_margins",
    "commute",
    "commuter_groups",
    "delineate_areas",
    "delineate_commuting_zones",
    "delineate_functional_urban_areas",
    "delineate_intramax",
    "estimate_flows",
    "estimate_joint_flows",
    "fit_rank_laws",
    "judge_flows",
    "margins_of",
    "nested_areas",
    "observed_flows",
    "rank_areas",
    "rank_profile",
    "stability_of_areas",
    "study_flows",
    "sweep_parameters",
    "urban_cores",
]
