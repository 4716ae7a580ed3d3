"""
Settings of spatial interaction: how far people commute, and what deters them.
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
