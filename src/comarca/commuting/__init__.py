"""
Where people work, and which towns belong together because of it.

Flows are counted, or estimated by spatial interaction (:mod:`comarca.commuting.interaction`);
areas are drawn from them (:mod:`comarca.commuting.areas`). Whether towns behave as one system is
judged by their sizes alone (:mod:`comarca.commuting.ranks`). Who commutes, and which group of them
is the largest, is told from the counts (:mod:`comarca.commuting.commuters`).
"""

from comarca.commuting.areas import AreaParams, LabourMarketAreas, ReserveEntry, delineate_areas
from comarca.commuting.commuters import (
    CommuterGroup,
    CommuterGroups,
    GroupDestination,
    TownCommuters,
    commuter_groups,
)
from comarca.commuting.interaction import (
    DeterrenceFit,
    FlowEstimate,
    InteractionParams,
    calibrate_deterrence,
    estimate_flows,
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
    "CommuterGroup",
    "CommuterGroups",
    "Commuting",
    "CommutingParams",
    "DeterrenceFit",
    "FlowEstimate",
    "GroupDestination",
    "InteractionParams",
    "LabourMarketAreas",
    "LawFit",
    "RadiusTest",
    "RankLaws",
    "RankParams",
    "RankProfile",
    "RankTest",
    "RankedTown",
    "ReserveEntry",
    "TownCommuters",
    "calibrate_deterrence",
    "commute",
    "commuter_groups",
    "delineate_areas",
    "estimate_flows",
    "fit_rank_laws",
    "observed_flows",
    "rank_areas",
    "rank_profile",
]
