"""
What a plan is for: the greatest net benefit, the least cost, or the most jobs.

Whatever the aim, a number of jobs may be required and a yearly budget may be set; both are then
rules that every plan keeps. *Cost* is the money of the enterprise, whoever refunds it: what it pays
a year beyond wages to bring the jobs, that is freight, supervision, premises (the yearly share of
the renovation, and rent), training and the opening of bases (yearly shares).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import floor, inf

from comarca.freight.params import FreightParams
from comarca.model.freight_plan import Goal, Objective

WITHIN = 1e-6  # share of the budget by which rounding may seem to exceed it
TIE = 0.5  # of a job: what a whole budget counts among plans with equally many jobs
HAIR = 1e-6


@dataclass(frozen=True, kw_only=True)
class Aim:
    """
    What is sought, and what is required of every plan.

    Parameters
    ----------
    objective
        ``benefit``, ``cost`` or ``jobs``.
    jobs_required
        Fewest jobs, persons, 0 or more.
    budget
        Most cost, currency a year; infinite where none is set.
    """

    objective: Objective = "benefit"
    jobs_required: int = 0
    budget: float = inf

    @classmethod
    def of(cls, params: FreightParams) -> Aim:
        """As the parameters say."""
        budget = params.budget_per_year
        return cls(
            objective=params.objective,
            jobs_required=params.jobs_required,
            budget=inf if budget is None else budget,
        )

    @property
    def is_plain(self) -> bool:
        """Whether net benefit is sought and nothing is required."""
        return self.objective == "benefit" and self.jobs_required == 0 and self.budget == inf

    @property
    def goal(self) -> Goal:
        """As a plan tells it."""
        return Goal(
            objective=self.objective,
            jobs_required=self.jobs_required,
            budget_per_year=None if self.budget == inf else self.budget,
        )

    def score(self, *, benefit: float, cost: float, jobs: int) -> float:
        """The greater the better; as the programme counts it (``master.py``)."""
        if self.objective == "cost":
            return -cost
        if self.objective == "jobs":
            return jobs - TIE * cost / self.budget
        return benefit

    def is_met(self, *, cost: float, jobs: int) -> bool:
        """Whether a plan keeps the budget and has the jobs required."""
        return jobs >= self.jobs_required and cost <= self.budget * (1 + WITHIN) + HAIR

    def proven(self, score: float) -> float:
        """
        What a bound on the score proves, in the unit of the objective.

        A plan's jobs exceed its score by ``TIE`` at most, and are whole.
        """
        if self.objective == "cost":
            return max(-score, 0.0)
        if self.objective == "jobs":
            return float(floor(score + TIE + HAIR))
        return score
