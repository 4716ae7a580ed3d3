"""
Settings of the commuting stage.
"""

from __future__ import annotations

from comarca.commuting.areas.params import AreaParams
from comarca.commuting.interaction.params import InteractionParams


class CommutingParams(InteractionParams, AreaParams):
    """
    All settings of the stage in one section: those of the flows and those of the areas.

    See Also
    --------
    InteractionParams, AreaParams
    """
