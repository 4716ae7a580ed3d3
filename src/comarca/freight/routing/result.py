"""
What a search for rounds gives back, and what it tells on the way.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import inf, isfinite
from typing import Literal

from comarca.model.routing import RoutingPlan
from comarca.wording import counted

Status = Literal["optimal", "feasible", "infeasible", "unknown"]
PROVEN_WITHIN = 1e-6


@dataclass(frozen=True, kw_only=True)
class RoutingProgress:
    """
    Where a search stands.

    Parameters
    ----------
    cost
        Of the best plan so far.
    bound
        Proven so far; -inf before there is one.
    cpu_s
        CPU seconds of a thread used.
    plan
        The best plan so far.
    """

    cost: float
    bound: float
    cpu_s: float
    plan: RoutingPlan

    @property
    def gap(self) -> float:
        """Cost above the bound as a share of the bound."""
        return gap_of(self.cost, self.bound)


OnProgress = Callable[[RoutingProgress], None]


@dataclass(frozen=True, kw_only=True)
class RoutingResult:
    """
    The best plan found, what it costs, and how good it is at least.

    Parameters
    ----------
    status
        ``optimal``: cost meets the bound; ``feasible``: keeps all rules; ``infeasible``: proven
        that nothing does; ``unknown``: nothing was found in time.
    plan
        ``None`` without one.
    cost
        Openings, trucks, distance and time, less prizes; inf without a plan.
    terms
        Parts of the cost by name.
    bound
        No plan costs less; -inf where none was proven.
    cause
        Why there is no plan, in words; empty with one.
    stopped_by
        ``seconds``, ``wall``, ``iterations``, ``gap``, or ``proof``.
    steps, cpu_s
        Steps of the search, CPU seconds of a thread.
    """

    status: Status
    plan: RoutingPlan | None
    cost: float
    terms: dict[str, float]
    bound: float
    cause: str
    stopped_by: str
    steps: int
    cpu_s: float

    @property
    def gap(self) -> float:
        """Cost above the bound as a share of the bound; inf where one of them is missing."""
        return gap_of(self.cost, self.bound)

    def summary(self) -> str:
        """A few lines for a person."""
        if self.plan is None:
            bounds = isfinite(self.bound)
            told = f" No plan would cost less than {self.bound:,.2f}." if bounds else ""
            return f"No plan ({self.status}): {self.cause}{told}"
        depots = counted(len(self.plan.open_depots), "depot")
        trucks = counted(len(self.plan.days), "truck")
        stopped = "the clock" if self.stopped_by == "wall" else self.stopped_by
        trips = counted(sum(len(day.trips) for day in self.plan.days), "trip")
        lines = [f"Cost {self.cost:,.2f}: {_listed(self.terms)}."]
        if isfinite(self.bound):
            lines.append(f"No plan costs less than {self.bound:,.2f}; gap {100 * self.gap:.2f} %.")
        else:
            lines.append("No bound was proven.")
        lines.append(
            f"{depots} open, {trucks}, {trips}; {self.status}, stopped by {stopped} "
            f"after {self.cpu_s:.1f} s, {self.steps:,} steps."
        )
        return "\n".join(lines)


def _listed(terms: dict[str, float]) -> str:
    return ", ".join(f"{name} {value:,.2f}" for name, value in terms.items() if value)


def gap_of(cost: float, bound: float) -> float:
    """``(cost - bound) / |bound|``; inf where there is no bound, or none but 0."""
    if not (isfinite(cost) and isfinite(bound)):
        return inf
    if cost - bound <= PROVEN_WITHIN * max(1.0, abs(bound)):
        return 0.0
    return (cost - bound) / abs(bound) if bound else inf
