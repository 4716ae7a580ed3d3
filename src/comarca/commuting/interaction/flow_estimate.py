"""What the estimation of flows found."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from comarca.commuting.interaction.deterrence import Deterrence, value_of
from comarca.commuting.interaction.market import LabourMarket
from comarca.commuting.interaction.solving import FitStatus
from comarca.model.matrices import FlowMatrix
from comarca.wording import counted

TOLD_IN_HUNDREDTHS = 0.005
SCALED_BEYOND = 1e-6  # jobs that differ from workers by less are not told as scaled


@dataclass(frozen=True, kw_only=True, eq=False)
class FlowEstimate:
    """
    Estimated commuter flows, and how far they keep to what was asked.

    Parameters
    ----------
    flows
        Persons; rows sum to the workers where these are held.
    deterrence
        Function of time used, with its values; without the one that was open when nobody can reach
        a job.
    mean_time_min
        Mean one-way trip, minutes, of those who can reach a job; ``nan`` when nobody can.
    target_time_min
        Mean trip asked for; ``None`` when the deterrence was given.
    status
        ``"given"``: the deterrence was. ``"matched"``: the mean trip is as asked.
        ``"out_of_reach"``: no deterrence gives that mean; the nearest was taken.
    converged
        Whether every town's filled jobs are within the tolerance, where jobs are held.
    margin_error
        Largest relative deviation of a town's filled jobs.
    iterations
        Balancing steps over all deterrences tried.
    markets
        Labour markets, largest first, with what their jobs were scaled by; none where only one
        margin is held.
    kept_at_home
        ``town_id →`` workers who can reach no job; they are counted as working in their own town.
    unreached_jobs
        ``town_id →`` jobs that no worker can reach; they stay empty.
    missed_jobs
        ``town_id →`` filled jobs over scaled jobs, for towns off by a hundredth or more: the limit
        allows no flows that hold all margins, so jobs gave way.
    """

    flows: FlowMatrix
    deterrence: Deterrence
    mean_time_min: float
    target_time_min: float | None
    status: FitStatus
    converged: bool
    margin_error: float
    iterations: int
    markets: tuple[LabourMarket, ...]
    kept_at_home: Mapping[str, float]
    unreached_jobs: Mapping[str, float]
    missed_jobs: Mapping[str, float]

    def __post_init__(self) -> None:
        for name in ("kept_at_home", "unreached_jobs", "missed_jobs"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))

    @property
    def beta_per_min(self) -> float:
        """Deterrence per minute; ``nan`` where the function has none or nobody can reach a job."""
        return value_of(self.deterrence, "beta_per_min")

    def summary(self) -> str:
        """Say in a few lines how far people travel and what gave way."""
        return "\n".join((self.flows.summary(), *self.notes()))

    def notes(self) -> tuple[str, ...]:
        """Say how the flows were estimated and what gave way, a line each."""
        lines = []
        if not math.isnan(self.mean_time_min):
            markets = counted(len(self.markets), "separate labour market")
            lines.append(
                f"mean trip {self.mean_time_min:.1f} min, deterrence {self.deterrence}, t in min "
                f"({self._status_words()})" + (f"; {markets}" if self.markets else "")
            )
        scales = [market.job_scale for market in self.markets]
        if max((abs(scale - 1) for scale in scales), default=0.0) > SCALED_BEYOND:
            digits = 2 if max(abs(scale - 1) for scale in scales) >= TOLD_IN_HUNDREDTHS else 4
            low, high = (f"{extreme(scales):.{digits}f}" for extreme in (min, max))
            lines.append(f"jobs scaled to workers by {low} to {high}, market by market")
        return (*lines, *self._shortfalls())

    def _status_words(self) -> str:
        if self.status == "out_of_reach":
            return f"the nearest to a mean of {self.target_time_min:.1f} min that these towns allow"
        return {"given": "given", "matched": "chosen for this mean"}[self.status]

    def _shortfalls(self) -> list[str]:
        lines = []
        if self.kept_at_home:
            lines.append(
                f"{sum(self.kept_at_home.values()):,.0f} workers of "
                f"{counted(len(self.kept_at_home), 'town')} reach no job within the limit and are "
                "counted at home"
            )
        if self.unreached_jobs:
            lines.append(
                f"{sum(self.unreached_jobs.values()):,.0f} jobs of "
                f"{counted(len(self.unreached_jobs), 'town')} are beyond every worker's limit and "
                "stay empty"
            )
        if not self.converged:
            missed = counted(len(self.missed_jobs), "town")
            lines.append(
                "the limit allows no flows that fill all jobs: off by up to "
                f"{self.margin_error:.1%}, by 1 % or more in {missed}"
            )
        return lines
