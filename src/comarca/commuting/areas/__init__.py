"""
Labour market areas: groups of towns most of whose people live and work within the group.
"""

from comarca.commuting.areas.delineation import delineate_areas
from comarca.commuting.areas.labour_market_areas import LabourMarketAreas, ReserveEntry
from comarca.commuting.areas.layers import NestedAreas, areas_by_skill, nested_areas
from comarca.commuting.areas.overview import AreasOverview, areas_overview, flows_between_areas
from comarca.commuting.areas.params import AreaParams

__all__ = [
    "AreaParams",
    "AreasOverview",
    "LabourMarketAreas",
    "NestedAreas",
    "ReserveEntry",
    "areas_by_skill",
    "areas_overview",
    "delineate_areas",
    "flows_between_areas",
    "nested_areas",
]
