"""
Other schools of delineation, each from its published description, each a verb on a flow matrix.

Functional urban areas of the EU and the OECD (:mod:`.functional_urban_areas`), Intramax
(:mod:`.intramax`), and the commuting zones of Tolbert and Sizer (:mod:`.commuting_zones`).
"""

from comarca.commuting.schools.commuting_zones import (
    CommutingZoneParams,
    CommutingZones,
    delineate_commuting_zones,
    proportional_flows,
)
from comarca.commuting.schools.cores import urban_cores
from comarca.commuting.schools.functional_urban_areas import (
    FunctionalUrbanAreaParams,
    FunctionalUrbanAreas,
    delineate_functional_urban_areas,
)
from comarca.commuting.schools.hinterlands import CoreLink
from comarca.commuting.schools.intramax import (
    IntramaxParams,
    IntramaxRegions,
    delineate_intramax,
)

__all__ = [
    "CommutingZoneParams",
    "CommutingZones",
    "CoreLink",
    "FunctionalUrbanAreaParams",
    "FunctionalUrbanAreas",
    "IntramaxParams",
    "IntramaxRegions",
    "delineate_commuting_zones",
    "delineate_functional_urban_areas",
    "delineate_intramax",
    "proportional_flows",
    "urban_cores",
]
