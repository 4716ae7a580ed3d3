"""
Where people work, and which towns belong together because of it.

Flows are counted, or estimated by spatial interaction (:mod:`comarca.commuting.interaction`);
areas are drawn from them (:mod:`comarca.commuting.areas`).
"""

from comarca.commuting.areas import AreaParams, LabourMarketAreas, ReserveEntry, delineate_areas
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
    "ReserveEntry",
    "calibrate_deterrence",
    "commute",
    "delineate_areas",
    "estimate_flows",
    "observed_flows",
]
