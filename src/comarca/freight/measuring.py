"""What a choice of workshops with its rounds is worth, costs and employs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf

from comarca.freight.aims import Aim
from comarca.freight.problem import FreightProblem
from comarca.freight.rounds import Rounds
from comarca.freight.staffing import (
    NobodyLeft,
    least_training,
    staff_workshops,
    staff_worth,
    training_outlay,
)
from comarca.freight.timetable import rounds_cost


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """
    A choice with its rounds.

    Parameters
    ----------
    workers, rounds
        By option, and the rounds that serve them.
    benefit, cost, jobs
        Currency a year, and persons.
    score
        By the aim, the greater the better.
    is_met
        Whether it has the jobs required and keeps the budget.
    training_budget
        Most that courses may cost, currency a year, for the figures above to hold.
    """

    workers: Mapping[int, int]
    rounds: tuple[Rounds, ...]
    benefit: float
    cost: float
    jobs: int
    score: float
    is_met: bool
    training_budget: float

    @staticmethod
    def nothing() -> Candidate:
        """No workshop at all."""
        return Candidate(
            workers={},
            rounds=(),
            benefit=0.0,
            cost=0.0,
            jobs=0,
            score=0.0,
            is_met=False,
            training_budget=inf,
        )


class Measuring:
    """
    Measures candidates for an aim.

    Parameters
    ----------
    problem, aim
        What is planned for.
    """

    def __init__(self, problem: FreightProblem, aim: Aim) -> None:
        self.problem, self.aim = problem, aim

    def candidate(self, workers: Mapping[int, int], rounds: Sequence[Rounds]) -> Candidate | None:
        """Measure a choice; ``None`` where labour does not suffice."""
        freight = self.freight(rounds)
        opening = sum(self.problem.bases[base].opening_per_year for base in self._opened(workers))
        rest = freight + opening + sum(self.outlay(at, n) for at, n in workers.items())
        try:
            training_budget = self._training_budget(workers, rest)
            staff = staff_workshops(self.problem, workers, training_budget)
        except NobodyLeft:
            return None
        cost, jobs = rest + training_outlay(self.problem, staff), sum(workers.values())
        benefit = sum(
            self._worth(at, n) + staff_worth(self.problem, staff[at]) for at, n in workers.items()
        )
        benefit -= opening + freight
        return Candidate(
            workers=dict(workers),
            rounds=tuple(rounds),
            benefit=benefit,
            cost=cost,
            jobs=jobs,
            score=self.aim.score(benefit=benefit, cost=cost, jobs=jobs),
            is_met=self.aim.is_met(cost=cost, jobs=jobs),
            training_budget=training_budget,
        )

    def reached(self, candidate: Candidate) -> float:
        """What it is by the objective: net benefit, cost, or jobs."""
        if self.aim.objective == "cost":
            return candidate.cost
        return float(candidate.jobs) if self.aim.objective == "jobs" else candidate.benefit

    def freight(self, rounds: Sequence[Rounds]) -> float:
        """Currency a year."""
        daily = sum(rounds_cost(self.problem, each) for each in rounds)
        return self.problem.prices.days_per_year * daily

    def outlay(self, option: int, workers: int) -> float:
        """Supervision and premises of a workshop, paid by the enterprise, currency a year."""
        options = self.problem.options
        supervision = self.problem.processes[options.process[option]].supervision
        premises = self.problem.facilities[options.facility[option]].outlay_per_year
        return float(supervision * workers + premises)

    def base_of(self, option: int) -> int:
        """Position of the base of an option."""
        base: int = self.problem.processes[self.problem.options.process[option]].base
        return base

    def _worth(self, option: int, workers: int) -> float:
        options = self.problem.options
        worth = self.problem.processes[options.process[option]].worth
        premises = self.problem.facilities[options.facility[option]].cost_per_year
        return float(worth * workers - premises)

    def _opened(self, workers: Mapping[int, int]) -> list[int]:
        return sorted({self.base_of(at) for at in workers})

    def _training_budget(self, workers: Mapping[int, int], rest: float) -> float:
        """The least where cost counts; else what the rest leaves of the budget, or the least."""
        if self.aim.objective == "benefit" and self.aim.budget == inf:
            return inf
        least = least_training(self.problem, workers)
        if self.aim.objective != "benefit":
            return least
        return max(self.aim.budget - rest, least)
