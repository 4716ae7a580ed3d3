"""
Where people work, and which towns belong together because of it.

Flows are counted, or estimated by spatial interaction (:mod:`comarca.commuting.interaction`);
areas are drawn from them (:mod:`comarca.commuting.areas`).
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
from comarca.commuting.interaction import (
    DeterrenceFit,
    FlowEstimate,
    InteractionParams,
    calibrate_deterrence,
    estimate_flows,
)
from comarca.commuting.params import CommutingParams
from comarca.commuting.stage import Commuting, commute, observed_flows

__all__ = [
    "AreaParams",
    "Commuting",
    "CommutingParams",
    "DeterrenceFit",
    "FlowEstimate",
    "InteractionParams",
    "LabourMarketAreas",
    "NestedAreas",
    "ReserveEntry",
    "areas_by_skill",
    "calibrate_deterrence",
    "commute",
    "delineate_areas",
    "estimate_flows",
    "nested_areas",
    "observed_flows",
]
