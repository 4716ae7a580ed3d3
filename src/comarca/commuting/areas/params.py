"""
What counts as a labour market area, and which rule draws it.
"""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from comarca.commuting.areas.engine.validity import Rule
from comarca.model.parameters import Params, assumed, contradiction

Variant = Literal["euro", "euro-r34", "classic"]


class AreaParams(Params):
    """
    What counts as a labour market area: two sizes, two shares, and what lies between them.

    A group with ``target_workers`` residents or more needs ``min_self_containment``; one with only
    ``min_workers`` needs ``target_self_containment``; between them the need falls steadily. A
    smaller group is an area only when nobody crosses its border.

    Parameters
    ----------
    min_workers, target_workers
        Working residents, persons, above 0, the first not above the second.
    min_self_containment, target_self_containment
        Share of working residents who work inside, or of jobs filled from inside, whichever is
        less; in (0, 1], the first below the second (were they equal, size would not count).
    variant
        ``"euro"``: the published rule of Eurostat's study, one town at a time, with a test of the
        receiving group and a reserve list. ``"euro-r34"``: the same as the R package
        LabourMarketAreas 3.4 computes it, a slip in its sums included, to repeat published maps.
        ``"classic"``: the rule of the older travel-to-work areas; the worst group is broken up
        whole, and each town goes to its strongest link untested.
    min_flow
        Persons who must travel between a town and a group, both ways together, for the town to
        join it; 0 or more. 0 asks for none.
    repair
        Whether, once the reserve is emptied, areas that fell below the rule give up towns to areas
        that stay valid with them, or are shared out among such areas.
    max_iterations_per_town
        The main loop stops after this many steps for each town. It needs fewer than two on every
        published matrix tried; the limit is a guard and shows as a status.
    """

    min_workers: float = assumed("commuting.areas.min_workers", gt=0)
    target_workers: float = assumed("commuting.areas.target_workers", gt=0)
    min_self_containment: float = assumed("commuting.areas.min_self_containment", gt=0, le=1)
    target_self_containment: float = assumed("commuting.areas.target_self_containment", gt=0, le=1)
    variant: Variant = "euro"
    min_flow: float = Field(default=0.0, ge=0)
    repair: bool = False
    max_iterations_per_town: int = 20

    @model_validator(mode="after")
    def _least_below_target(self) -> Self:
        if self.min_workers > self.target_workers:
            raise contradiction(
                "min_workers",
                f"{self.min_workers:g}",
                f"target_workers ({self.target_workers:g}) at most",
            )
        if self.min_self_containment >= self.target_self_containment:
            raise contradiction(
                "min_self_containment",
                f"{self.min_self_containment:g}",
                f"less than target_self_containment ({self.target_self_containment:g})",
            )
        return self

    @property
    def rule(self) -> Rule:
        """The two sizes and the two shares alone."""
        return Rule(
            self.min_workers,
            self.target_workers,
            self.min_self_containment,
            self.target_self_containment,
        )
