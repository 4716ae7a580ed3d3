"""
Labour market areas: groups of towns most of whose people live and work within the group.
"""

from comarca.commuting.areas.delineation import delineate_areas
from comarca.commuting.areas.labour_market_areas import LabourMarketAreas, ReserveEntry
from comarca.commuting.areas.params import AreaParams

__all__ = ["AreaParams", "LabourMarketAreas", "ReserveEntry", "delineate_areas"]
