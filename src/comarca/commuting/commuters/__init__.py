"""
Which is the largest group of a town's commuters with at least mid-level qualification, and where do
they work?

The first question of a consultation, answered from what was counted and from nothing else.
"""

from comarca.commuting.commuters.answers import CommuterGroups
from comarca.commuting.commuters.counting import commuter_groups
from comarca.commuting.commuters.town import (
    STATUSES,
    CommuterGroup,
    GroupDestination,
    TownCommuters,
)

__all__ = [
    "STATUSES",
    "CommuterGroup",
    "CommuterGroups",
    "GroupDestination",
    "TownCommuters",
    "commuter_groups",
]
