"""From a plan to all that its maps share."""

from __future__ import annotations

from comarca.model.plan import Plan
from comarca.report.contents import Contents
from comarca.report.maps import Atlas
from comarca.report.outline import outline_of


def atlas_of(plan: Plan) -> Atlas:
    """Lay the region of a plan flat and find the land around it."""
    return Atlas(Contents(plan), outline_of(plan.region))
