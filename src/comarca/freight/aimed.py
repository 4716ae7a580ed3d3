"""
Designing for another aim than net benefit alone: least cost, most jobs, jobs or a budget required.

The steps are those of ``design.py``: the programme chooses and proves a bound, exact rounds close
the gap where premises are few, else rounds are searched and their true costs go back. But what is
chosen is served as a whole, since a workshop that does not pay may be what is asked for; where the
true rounds exceed the budget, the workshops that cost most a job are closed until it suffices.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf, isfinite

import numpy as np
from numpy.typing import NDArray

from comarca.freight.aims import Aim
from comarca.freight.assembly import assemble
from comarca.freight.causes import why_too_few
from comarca.freight.closing import Closing
from comarca.freight.exact_rounds import TooManyVisits
from comarca.freight.filling import fill_trucks
from comarca.freight.master import Master
from comarca.freight.measuring import Candidate, Measuring
from comarca.freight.params import FreightParams
from comarca.freight.problem import FreightProblem
from comarca.freight.rounds import Rounds, make_rounds
from comarca.freight.routing_bound import RoutingBound, routing_bounds
from comarca.freight.savings import savings
from comarca.freight.search import Choice, Limits, keep_most_promising, relax, solve_master
from comarca.freight.stopping import Stopping
from comarca.freight.telling import Progress, told
from comarca.freight.timetable import rounds_cost
from comarca.freight.warm import Start
from comarca.model.freight_plan import FreightPlan, Status
from comarca.model.region import Region

TRIMS = 5  # times a choice is made cheaper until it keeps the budget
Bounds = Sequence[RoutingBound | None]


@dataclass(frozen=True, kw_only=True)
class Found:
    """
    How a search ended.

    Parameters
    ----------
    best
        The best plan met; ``None`` where none has the jobs required.
    bound
        No plan scores more (``Aim.score``).
    is_impossible
        Whether no plan keeps what is required; proven.
    """

    best: Candidate | None
    bound: float
    is_impossible: bool


class Aimed:
    """
    One search for an aim.

    Parameters
    ----------
    problem, region, params
        What is planned for, and how.
    aim
        What is sought and required.
    progress
        Told what is being done.
    begun
        What to start from.
    """

    def __init__(
        self,
        problem: FreightProblem,
        region: Region,
        params: FreightParams,
        aim: Aim,
        progress: Progress,
        begun: Start | None = None,
    ) -> None:
        self.problem, self.region, self.params, self.aim = problem, region, params, aim
        self.progress, self.stopping = progress, Stopping(params)
        self.measuring = Measuring(problem, aim)
        self.bounds: Bounds = routing_bounds(problem)
        self.bound, self.is_impossible = inf, False
        self.best: Candidate | None = None
        self._keep(self.measuring.candidate({}, ()))
        self.begun = begun
        if begun is not None:
            self._keep(self.measuring.candidate(begun.workers, begun.rounds))

    def done(self) -> FreightPlan:
        """Search, and put the plan together."""
        if not len(self.problem.options):
            self.bound, self.is_impossible = 0.0, self.aim.jobs_required > 0
            return self._plan()
        self._tell("Choosing workshops")
        choice = self._choose(Master(self.problem, self.bounds))
        self.bound = choice.bound
        if self.begun is not None and self.best is None:
            self._keep(self._within_budget(self.begun.workers, self.begun.rounds, 0))
        if not self.is_impossible:
            self._close()
        if not self.is_impossible and not self._is_closed():
            self._search(choice)
        return self._plan()

    # Choosing

    def _choose(self, master: Master) -> Choice:
        """Over all options when they are few, else over the most promising ones."""
        master.pursue(self.aim)
        gap = self.params.mip_gap if self._has_few_premises() else self.params.coarse_gap
        if len(self.problem.options) <= self.params.exact_options:
            choice = solve_master(master, self._limits(gap))
            self.is_impossible |= choice.is_impossible
            return choice
        relaxation = relax(master)
        self.is_impossible |= relaxation.is_impossible
        if relaxation.is_impossible:
            return Choice(workers=None, rounds=np.zeros(0), objective=-inf, bound=-inf)
        kept = self.params.promising_options
        while True:
            keep_most_promising(master, relaxation, kept)
            choice = solve_master(master, self._limits(gap))
            # So few options may not have the jobs required, though all of them have.
            if not choice.is_impossible or kept >= len(self.problem.options):
                return replace(choice, bound=relaxation.bound)
            kept *= 2

    def _limits(self, gap: float) -> Limits:
        return Limits(
            gap=gap,
            nodes=self.params.mip_nodes,
            seed=self.params.seed,
            time_s=self.stopping.seconds_left(),
        )

    def _has_few_premises(self) -> bool:
        return len(np.unique(self.problem.options.facility)) <= self.params.exact_premises

    # Few premises

    def _close(self) -> None:
        """Where premises are few: exact rounds, and what they teach the choice."""
        if not self._has_few_premises():
            return
        closing = Closing(self.problem, self.bounds, self._choose)
        for _ in range(self.params.closing_steps):
            if self._is_closed() or self.stopping.is_out_of_time():
                break
            self._tell("Closing the gap")
            try:
                step = closing.step()
            except TooManyVisits:
                break
            self.bound = min(self.bound, step.bound)
            if step.rounds is not None:
                self._keep(self.measuring.candidate(step.workers, step.rounds))
            if not step.is_learnt:
                break

    # Many premises

    def _search(self, choice: Choice) -> None:
        """Let true costs of rounds go back into the choice, and keep the best plan met."""
        markup = np.ones(len(self.problem.bases))
        aim, tried = self.aim, list[Mapping[int, int]]()
        for number in range(self.params.rounds):
            workers = choice.workers or {}
            if not workers or workers in tried:
                break
            tried.append(workers)
            self._tell("Making rounds", number / self.params.rounds)
            rounds, served = self._rounds(workers, number)
            markup = np.maximum(markup, self._markup(choice, rounds))
            self._keep(self._within_budget(served, rounds, number))
            if self._is_closed() or self.stopping.is_out_of_time():
                break
            missing = sum(workers.values()) - sum(served.values())
            aim = replace(aim, jobs_required=aim.jobs_required + (missing if missing > 0 else 0))
            again = Master(self.problem, self.bounds, markup=markup)
            again.pursue(aim)
            if len(self.problem.options) > self.params.promising_options:
                relaxation = relax(again)
                if relaxation.is_impossible:
                    break
                keep_most_promising(again, relaxation, self.params.promising_options)
            limits = self._limits(self.params.coarse_gap)
            # Nothing is proven by true costs of rounds, so few nodes will do.
            choice = solve_master(again, replace(limits, nodes=self.params.feedback_nodes))

    def _rounds(
        self, workers: Mapping[int, int], number: int
    ) -> tuple[tuple[Rounds, ...], dict[int, int]]:
        """Rounds that serve all of these, or as many as trucks can; and who is served."""
        kept, made = dict(workers), []
        for base in range(len(self.problem.bases)):
            at_place = {
                int(self.problem.options.facility[at]): at
                for at in workers
                if self.measuring.base_of(at) == base
            }
            if not at_place:
                continue
            rounds = make_rounds(
                self.problem,
                base,
                {place: self.problem.demand(at, workers[at]) for place, at in at_place.items()},
                dict.fromkeys(at_place, inf),
                iterations=self.params.routing_iterations,
                seed=self.params.seed + number,
            )
            for place in rounds.left_out:
                del kept[at_place[place]]
            if rounds.days:
                made.append(rounds)
        return tuple(made), kept

    def _markup(self, choice: Choice, rounds: Sequence[Rounds]) -> NDArray[np.float64]:
        """True cost of each base's rounds over what they were taken to cost."""
        markup = np.ones(len(self.problem.bases))
        for each in rounds:
            thought = float(choice.rounds[each.base])
            if thought > 0:
                markup[each.base] = max(rounds_cost(self.problem, each) / thought, 1.0)
        return markup

    def _within_budget(
        self, workers: Mapping[int, int], rounds: Sequence[Rounds], number: int
    ) -> Candidate | None:
        """The choice with its trucks filled; cheaper where it exceeds the budget."""
        for _ in range(TRIMS):
            met = self.measuring.candidate(workers, rounds)
            if met is None or met.cost <= self.aim.budget:
                return self._filled(met)
            fewer = self._without_dearest(met)
            if not fewer:
                return None
            rounds, workers = self._rounds(fewer, number)
        return self.measuring.candidate(workers, rounds)

    def _without_dearest(self, over: Candidate) -> dict[int, int]:
        """Close workshops, those that cost most a job first, until the excess is saved."""
        days = self.problem.prices.days_per_year
        saved: dict[int, float] = {}
        for each in over.rounds:
            saved |= savings(self.problem, each)
        cost = {
            at: days * saved.get(int(self.problem.options.facility[at]), 0.0)
            + self.measuring.outlay(at, count)
            for at, count in over.workers.items()
        }
        excess, kept = over.cost - self.aim.budget, dict(over.workers)
        for at in sorted(cost, key=lambda at: (-cost[at] / over.workers[at], at)):
            if excess <= 0:
                break
            excess -= cost[at]
            del kept[at]
        return kept

    def _filled(self, candidate: Candidate | None) -> Candidate | None:
        """The workers that score most on the candidate's trips."""
        if candidate is None or not candidate.workers:
            return candidate
        freight = self.measuring.freight(candidate.rounds)
        within = (
            self.aim
            if self.aim.budget == inf
            else replace(self.aim, budget=max(self.aim.budget - freight, 1.0))
        )

        def solve(master: Master) -> Choice:
            master.pursue(within)
            return solve_master(master, self._limits(self.params.mip_gap))

        workers, rounds = fill_trucks(
            self.problem, self.bounds, candidate.workers, candidate.rounds, solve
        )
        filled = self.measuring.candidate(workers, rounds)
        if (
            filled is None
            or not filled.is_met
            or (candidate.is_met and filled.score < candidate.score)
        ):
            return candidate
        return filled

    # What was found

    def _keep(self, candidate: Candidate | None) -> None:
        if candidate is None or not candidate.is_met:
            return
        if self.best is None or candidate.score > self.best.score:
            self.best = candidate

    def _is_closed(self) -> bool:
        if self.best is None:
            return False
        if self.aim.objective == "jobs" and self.aim.proven(self.bound) <= self.best.jobs:
            return True
        return self.stopping.is_near_enough(self.best.score, self.bound)

    def _is_best(self) -> bool:
        if self.best is None:
            return False
        if self.aim.objective == "jobs":
            return self.aim.proven(self.bound) <= self.best.jobs
        return self.bound - self.best.score <= self.params.mip_gap * abs(self.bound)

    def _tell(self, stage: str, share: float | None = None) -> None:
        if not isfinite(self.bound):
            self.progress(stage, share)
            return
        reached = None if self.best is None else self.measuring.reached(self.best)
        self.progress(told(stage, reached, self.aim.proven(self.bound), self.aim.objective), share)

    def _plan(self) -> FreightPlan:
        best, begun = self.best or Candidate.nothing(), self.begun
        most = self._most_jobs() if self.best is None and self.is_impossible else None
        bound = 0.0 if self.best is None and self.is_impossible else self._proven()
        plan = assemble(
            self.problem,
            self.region,
            best.workers,
            best.rounds,
            bound=bound,
            status=self._status(),
            notes=(*self._why(most), *self.problem.notes, *([begun.note] if begun else [])),
            goal=self.aim.goal,
            most_jobs=most,
            training_budget=best.training_budget,
        )
        return plan if self.best is None else replace(plan, bound=_no_better(plan))

    def _proven(self) -> float:
        """The bound in the unit of the objective, never better than the plan at hand."""
        proven = self.aim.proven(self.bound)
        if self.best is None:
            return proven
        reached = self.measuring.reached(self.best)
        return min(proven, reached) if self.aim.objective == "cost" else max(proven, reached)

    def _status(self) -> Status:
        if self.best is None:
            return "infeasible" if self.is_impossible else "out of time"
        if not self.best.workers:
            return "empty"
        return "optimal" if self._is_best() else "feasible"

    def _most_jobs(self) -> int:
        """No plan within the budget has more; one less than required, unless fewer are proven."""
        most = self.aim.jobs_required - 1
        if not len(self.problem.options):
            return 0
        master = Master(self.problem, self.bounds)
        seek = Aim(objective="jobs", budget=self.aim.budget)
        master.pursue(seek)
        relaxation = relax(master)
        return most if relaxation.is_impossible else min(most, int(seek.proven(relaxation.bound)))

    def _why(self, most: int | None) -> tuple[str, ...]:
        """Notes where there are no workshops."""
        aim = self.aim
        if most is not None:
            return why_too_few(self.problem, self.region, aim.jobs_required, most, aim.budget)
        if self.best is None:
            how = "the time set" if self.stopping.is_out_of_time() else "the counts set"
            return (
                f"no plan with {aim.jobs_required:,} jobs was found before {how} ran out; that "
                f"there is none is not proven",
            )
        if not self.best.workers:
            sought = "can be had for the budget" if aim.objective == "jobs" else "pays"
            proof = "no workshop" if self._is_best() else "no workshop was found that"
            return (f"{proof} {sought}",)
        return ()


def _no_better(plan: FreightPlan) -> float:
    """The bound of a plan that is proven best may be a rounding error worse than the plan."""
    if plan.goal.objective == "cost":
        return min(plan.bound, plan.reached)
    return max(plan.bound, plan.reached)
