"""
Where people work, and which towns belong together because of it.

Flows are counted, or estimated by spatial interaction (:mod:`comarca.commuting.interaction`);
areas are drawn from them (:mod:`comarca.commuting.areas`), and drawn again many times to see how
sure they are (:mod:`comarca.commuting.stability`).
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
    "AreaParams",
    "AreaRanges",
    "AreaStability",
    "AreaSweep",
    "Commuting",
    "CommutingParams",
    "DeterrenceFit",
    "FlowEstimate",
    "InteractionParams",
    "LabourMarketAreas",
    "ReserveEntry",
    "StabilityParams",
    "SweepGrid",
    "calibrate_deterrence",
    "commute",
    "delineate_areas",
    "estimate_flows",
    "observed_flows",
    "stability_of_areas",
    "sweep_parameters",
]
