"""What the joint estimation of several kinds of commuters found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from comarca.commuting.interaction.deterrence import Deterrence
from comarca.commuting.interaction.deterrence_fit import FittedParameter
from comarca.commuting.interaction.market import LabourMarket
from comarca.commuting.interaction.solving import FitStatus
from comarca.model.matrices import FlowMatrix, Period, Skill
from comarca.wording import counted


@dataclass(frozen=True, kw_only=True, eq=False)
class JointEstimate:
    """
    Flows of several kinds of commuters over one stock of jobs.

    Parameters
    ----------
    flows
        One matrix for each skill and period.
    deterrences
        Function of time of each, with its values.
    mean_times_min
        Mean trip of each, minutes; ``nan`` where nobody travels.
    parameters
        What was open, as found, with errors; empty where it was not calibrated on counted flows.
    status
        ``"given"``, ``"matched"``, or ``"out_of_reach"`` where no parameters meet all that was
        asked.
    converged
        Whether filled jobs are within the tolerance.
    margin_error
        Largest relative deviation of a town's filled jobs.
    markets
        Labour markets, largest first, with what their jobs were scaled by.
    kept_at_home
        ``town_id →`` workers who can reach no job; they are counted in their own town.
    persons_left_out
        Persons counted on pairs out of reach.
    """

    flows: tuple[FlowMatrix, ...] = field(repr=False)
    deterrences: tuple[Deterrence, ...]
    mean_times_min: tuple[float, ...]
    parameters: tuple[FittedParameter, ...]
    status: FitStatus
    converged: bool
    margin_error: float
    markets: tuple[LabourMarket, ...]
    kept_at_home: Mapping[str, float]
    persons_left_out: float = 0.0

    @property
    def weekly_share(self) -> float:
        """Share of all workers who leave for the week."""
        persons = [(flows.period, float(flows.persons.sum())) for flows in self.flows]
        total = sum(count for _, count in persons)
        away = sum(count for period, count in persons if period == "weekly")
        return away / total if total else 0.0

    def of(self, skill: Skill | None = None, period: Period = "daily") -> FlowMatrix:
        """Flows of one kind; ``KeyError`` where there are none."""
        kinds = {(flows.skill, flows.period): flows for flows in self.flows}
        return kinds[skill, period]

    def summary(self) -> str:
        """Say in a few lines who travels how far."""
        told = [f"{flows.skill or 'all skills'}: {flows.summary()}" for flows in self.flows]
        return "\n".join([*told, *self.notes(), *map(str, self.parameters)])

    def notes(self) -> tuple[str, ...]:
        """Say what deters whom, and what gave way, a line each."""
        lines = [
            f"{flows.skill or 'all skills'}, {flows.period}: "
            + (
                f"mean trip {mean:.1f} min, deterrence {deterrence}, t in min"
                if flows.persons.nnz
                else "nobody"
            )
            for flows, mean, deterrence in zip(
                self.flows, self.mean_times_min, self.deterrences, strict=True
            )
        ]
        if self.status == "out_of_reach":
            lines.append("no deterrence meets all that was asked; this is the nearest")
        if self.kept_at_home:
            lines.append(
                f"{sum(self.kept_at_home.values()):,.0f} workers of "
                f"{counted(len(self.kept_at_home), 'town')} reach no job and are counted at home"
            )
        if self.persons_left_out:
            lines.append(f"{self.persons_left_out:,.0f} counted beyond the limits are left out")
        if not self.converged:
            lines.append(f"not all jobs can be filled: off by up to {self.margin_error:.1%}")
        return tuple(lines)
