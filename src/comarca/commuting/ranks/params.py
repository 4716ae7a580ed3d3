"""
How the rank laws of a town system are judged.
"""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from comarca.commuting.ranks.laws import LEAST_TOWNS, Space
from comarca.model.parameters import Params, assumed, contradiction

Core = Literal["without", "with"]


class RankParams(Params):
    """
    How the rank laws of a town system are judged.

    Parameters
    ----------
    space
        Where the laws are fitted and judged: ``"log"`` or ``"linear"`` population. In the linear
        space the few largest towns decide; in the logarithmic one all towns count alike, so hamlets
        among them matter. Neither recognises one common pool more often throughout.
    core
        Whether the centre, or an area's head town, is left out (``"without"``) or belongs to every
        set, those drawn included (``"with"``).
    radii_km, radii_min
        Circles looked at around a centre, by distance or by travel time, above 0, ascending.
    min_towns
        Fewer towns are not judged.
    draws
        Random sets of towns for each p-value.
    seed
        Of the draws.
    """

    space: Space = "log"
    core: Core = "without"
    radii_km: tuple[float, ...] = assumed("commuting.ranks.radii_km", min_length=1)
    radii_min: tuple[float, ...] = assumed("commuting.ranks.radii_min", min_length=1)
    min_towns: int = assumed("commuting.ranks.min_towns", ge=LEAST_TOWNS)
    draws: int = Field(default=5_000, ge=99, le=1_000_000)
    seed: int = Field(default=1, ge=0)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        for name in ("radii_km", "radii_min"):
            radii: tuple[float, ...] = getattr(self, name)
            if list(radii) != sorted(set(radii)) or radii[0] <= 0:
                raise contradiction(
                    name,
                    str(list(radii)),
                    "radii in ascending order, each above 0 and once",
                )
        return self
