"""
Where people work, and which towns belong together because of it.

Flows are counted, or estimated by spatial interaction (:mod:`comarca.commuting.interaction`);
areas are drawn from them (:mod:`comarca.commuting.areas`), or by the rules of other schools
(:mod:`comarca.commuting.schools`).
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
from comarca.commuting.stage import Commuting, commute, observed_flows

__all__ = [
    "AreaParams",
    "Commuting",
    "CommutingParams",
    "CommutingZoneParams",
    "CommutingZones",
    "CoreLink",
    "DeterrenceFit",
    "FlowEstimate",
    "FunctionalUrbanAreaParams",
    "FunctionalUrbanAreas",
    "InteractionParams",
    "IntramaxParams",
    "IntramaxRegions",
    "LabourMarketAreas",
    "ReserveEntry",
    "calibrate_deterrence",
    "commute",
    "delineate_areas",
    "delineate_commuting_zones",
    "delineate_functional_urban_areas",
    "delineate_intramax",
    "estimate_flows",
    "observed_flows",
    "urban_cores",
]
