"""
Settings of the commuting stage: how far people commute, and what counts as an area.
"""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from comarca.model.parameters import Params, assumed, contradiction


class InteractionParams(Params):
    """
    How far people commute, and how much time deters them.

    Parameters
    ----------
    daily_limit_min
        Longest one-way trip, minutes, above 0; ``inf`` for none.
    mean_time_min
        Mean one-way trip of all workers, trips within towns included, minutes, above 0; the
        deterrence is chosen to meet it.
    beta_per_min
        Deterrence, per minute, 0 or more; when given, ``mean_time_min`` is not used.
    internal_share, internal_least_min, internal_most_min
        Trip within a town where the travel matrix has none: share of the time to the nearest other
        town, in (0, 1], and its bounds, minutes, above 0.
    whole_persons
        Whether to round flows to whole persons; each town keeps its workers.
    tolerance
        Largest relative deviation of a town's filled jobs from its jobs.
    max_iterations
        Most balancing steps for one deterrence.
    """

    daily_limit_min: float = assumed("commuting.daily_limit_min", gt=0, allow_inf_nan=True)
    mean_time_min: float = assumed("commuting.mean_time_min", gt=0)
    beta_per_min: float | None = Field(default=None, ge=0)
    internal_share: float = assumed("commuting.internal_share", gt=0, le=1)
    internal_least_min: float = assumed("commuting.internal_least_min", gt=0)
    internal_most_min: float = assumed("commuting.internal_most_min", gt=0)
    whole_persons: bool = False
    tolerance: float = Field(default=1e-6, gt=0, lt=1)
    max_iterations: int = Field(default=2_000, ge=1)

    @model_validator(mode="after")
    def _least_not_above_most(self) -> Self:
        if self.internal_least_min > self.internal_most_min:
            raise contradiction(
                "internal_least_min",
                f"{self.internal_least_min:g}",
                f"internal_most_min ({self.internal_most_min:g}) at most",
            )
        return self


class AreaParams(Params):
    """
    What counts as a labour market area: two sizes, two shares, and a line between them.

    A group with ``target_workers`` residents or more needs ``min_self_containment``; one with only
    ``min_workers`` needs ``target_self_containment``; between them the need falls in a straight
    line. A smaller group is an area only when nobody crosses its border.

    Parameters
    ----------
    min_workers, target_workers
        Working residents, persons, above 0, the first not above the second.
    min_self_containment, target_self_containment
        Share of working residents who work inside, or of jobs filled from inside, whichever is
        less; in (0, 1], the first below the second (were they equal, size would not count).
    max_iterations_per_town
        The main loop stops after this many steps for each town. It needs fewer than two on every
        published matrix tried; the limit is a guard and shows as a status.
    """

    min_workers: float = assumed("commuting.areas.min_workers", gt=0)
    target_workers: float = assumed("commuting.areas.target_workers", gt=0)
    min_self_containment: float = assumed("commuting.areas.min_self_containment", gt=0, le=1)
    target_self_containment: float = assumed("commuting.areas.target_self_containment", gt=0, le=1)
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


class CommutingParams(InteractionParams, AreaParams):
    """
    All settings of the stage in one section: those of the flows and those of the areas.

    See Also
    --------
    InteractionParams, AreaParams
    """
