"""
Settings of spatial interaction: how far people commute, and what deters them.
"""

from __future__ import annotations

from typing import Any, Literal, Self

from pydantic import ConfigDict, Field, field_serializer, field_validator, model_validator

from comarca.commuting.interaction.deterrence import Deterrence, Exponential
from comarca.commuting.interaction.deterrence_names import deterrence_of, plain_deterrence
from comarca.errors import ParameterError
from comarca.model.parameters import Params, assumed, contradiction

Constraint = Literal["doubly", "production", "attraction"]


class InteractionParams(Params):
    """
    How far people commute, and how much time deters them.

    Parameters
    ----------
    daily_limit_min
        Longest one-way trip, minutes, above 0; ``inf`` for none.
    mean_time_min
        Mean one-way trip of all workers, trips within towns included, minutes, above 0; the
        deterrence is chosen to meet it where its parameters are not given.
    deterrence
        Function of time: ``"exponential"``, ``"power"``, ``"tanner"``, ``"box-cox"``, or a table
        of such a kind and its values; in Python also an object of
        :mod:`comarca.commuting.interaction.deterrence`, or one's own of the same shape.
    beta_per_min
        Short for an exponential deterrence with this value, per minute, 0 or more.
    constraint
        ``"doubly"``: flows have the workers and the jobs of every town. ``"production"``: they have
        the workers, and jobs draw them. ``"attraction"``: they have the jobs, which draw workers.
    size_exponent
        Power to which the size that draws counts, where only one margin is held; ``None``: to be
        calibrated.
    own_town_preference
        Logarithm of how many times likelier people work in their own town than its time alone would
        make it; ``None``: to be calibrated.
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

    model_config = ConfigDict(arbitrary_types_allowed=True)

    daily_limit_min: float = assumed("commuting.daily_limit_min", gt=0, allow_inf_nan=True)
    mean_time_min: float = assumed("commuting.mean_time_min", gt=0)
    deterrence: Deterrence = Exponential()
    beta_per_min: float | None = Field(default=None, ge=0)
    constraint: Constraint = "doubly"
    size_exponent: float | None = Field(default=1.0, ge=0)
    own_town_preference: float | None = 0.0
    internal_share: float = assumed("commuting.internal_share", gt=0, le=1)
    internal_least_min: float = assumed("commuting.internal_least_min", gt=0)
    internal_most_min: float = assumed("commuting.internal_most_min", gt=0)
    whole_persons: bool = False
    tolerance: float = Field(default=1e-6, gt=0, lt=1)
    max_iterations: int = Field(default=2_000, ge=1)

    @property
    def function(self) -> Deterrence:
        """The deterrence, with ``beta_per_min`` where that was given for short."""
        if self.beta_per_min is None:
            return self.deterrence
        return Exponential(beta_per_min=self.beta_per_min)

    @field_validator("deterrence", mode="before")
    @classmethod
    def _read_deterrence(cls, given: Any) -> Any:
        return _read(given)

    @field_serializer("deterrence")
    def _write_deterrence(self, deterrence: Deterrence) -> dict[str, Any]:
        return plain_deterrence(deterrence)

    @model_validator(mode="after")
    def _least_not_above_most(self) -> Self:
        if self.internal_least_min > self.internal_most_min:
            raise contradiction(
                "internal_least_min",
                f"{self.internal_least_min:g}",
                f"internal_most_min ({self.internal_most_min:g}) at most",
            )
        return self

    @model_validator(mode="after")
    def _one_deterrence(self) -> Self:
        if self.beta_per_min is not None and self.deterrence != Exponential():
            raise contradiction(
                "beta_per_min",
                f"{self.beta_per_min:g}",
                f"it alone, or the deterrence {self.deterrence} alone",
            )
        return self


class WeeklyParams(Params):
    """
    Who leaves for the week: farther, rarer, and never within the own town.

    Parameters
    ----------
    least_min, limit_min
        Shortest and longest one-way trip of a weekly commuter, minutes, 0 or more.
    mean_time_min
        Mean one-way trip of weekly commuters, minutes, above 0; the deterrence is chosen to meet it
        where its parameters are not given.
    share
        Share of all workers who commute weekly, in (0, 1). Which towns they leave follows from what
        jobs are within a day's reach of each.
    deterrence
        As in :class:`InteractionParams`.
    preference
        Logarithm of how many times likelier a worker leaves for the week than the deterrences alone
        would make it; ``None``: chosen to meet the share, or calibrated.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    least_min: float = assumed("commuting.weekly.least_min", ge=0)
    limit_min: float = assumed("commuting.weekly.limit_min", gt=0)
    mean_time_min: float = assumed("commuting.weekly.mean_time_min", gt=0)
    share: float = assumed("commuting.weekly.share", gt=0, lt=1)
    deterrence: Deterrence = Exponential()
    preference: float | None = None

    @field_validator("deterrence", mode="before")
    @classmethod
    def _read_deterrence(cls, given: Any) -> Any:
        return _read(given)

    @field_serializer("deterrence")
    def _write_deterrence(self, deterrence: Deterrence) -> dict[str, Any]:
        return plain_deterrence(deterrence)

    @model_validator(mode="after")
    def _least_below_limit(self) -> Self:
        if self.least_min >= self.limit_min:
            raise contradiction(
                "least_min", f"{self.least_min:g}", f"less than limit_min ({self.limit_min:g})"
            )
        return self


def _read(given: Any) -> Any:
    """Read a deterrence, its refusal told as one of the settings'."""
    try:
        return deterrence_of(given)
    except ParameterError as error:
        setting, _, told = str(error).partition(" is ")
        value, _, expectation = told.removesuffix(".").partition("; expected ")
        raise contradiction(setting, value, expectation) from None
