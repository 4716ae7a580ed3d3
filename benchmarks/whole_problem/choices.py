"""
What may stand where, how many workers there may be, and what they are worth before freight.

An option is a facility with a process and a number of visits a day; a configuration is an option
with a whole number of workers. Where a town has one facility its best staff is known for every
configuration: those who give up least among those with the skill.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from comarca.freight.problem import ROUNDING, FreightProblem, Vehicle

Floats = NDArray[np.float64]
MOST_PREMISES = 20  # of one base; subsets of them are tabulated


class NotCoveredError(ValueError):
    """The problem has a feature that the exact formulation leaves out."""


class Choices:
    """
    Options of a problem with loads, workers and worths.

    Parameters
    ----------
    problem
        Every workshop is visited daily, nobody is trained, and no workshop closes before a truck's
        shift may end.

    Raises
    ------
    NotCoveredError
        Where the problem is of another kind.
    """

    def __init__(self, problem: FreightProblem) -> None:
        _refuse_what_is_left_out(problem)
        self.problem, self.options = problem, problem.options
        self.process = [problem.processes[at] for at in self.options.process]
        self.base = problem.base_of_process[self.options.process]
        self.town = problem.town_of_facility[self.options.facility]
        self.visits = self.options.visits
        self.days = problem.prices.days_per_year
        whole = np.array([process.loads for process in self.process]).reshape(-1, 4)
        self.loads: Floats = whole / self.visits[:, None]
        """Of one visit and worker: delivered t, collected t, delivered m3, collected m3."""
        facilities = np.unique(self.options.facility)
        self.facilities_of: dict[int, list[int]] = {}
        for at in facilities.tolist():
            self.facilities_of.setdefault(problem.facilities[at].town, []).append(at)

    def is_alone(self, option: int) -> bool:
        """Whether the town of an option has no other facility."""
        return len(self.facilities_of[int(self.town[option])]) == 1

    def workers(self, option: int) -> range:
        """Numbers of workers an option may have."""
        return range(int(self.options.least[option]), int(self.options.most[option]) + 1)

    def most_in(self, option: int, truck: Vehicle) -> int:
        """Most workers whose goods of one visit fit a truck."""
        room = np.floor(truck.limits * (1 + ROUNDING) / self.loads[option] + 1e-9)
        return int(min(self.options.most[option], room.min()))

    def worths(self, option: int) -> Floats:
        """
        What each number of workers is worth before freight, currency a year.

        Without those who work there, unless the facility is alone in its town.
        """
        process = self.process[option]
        numbers = np.array(self.workers(option))
        worth = process.worth * numbers
        worth = worth - self.problem.facilities[self.options.facility[option]].cost_per_year
        if self.is_alone(option):
            worth = worth + self._staff(option, int(numbers[-1]))[numbers]
        return np.asarray(worth)

    def _staff(self, option: int, most: int) -> Floats:
        """What the best 0 to ``most`` workers give up together."""
        town, rank = int(self.town[option]), self.process[option].skill_rank
        groups = [self.problem.groups[at] for at in self.problem.groups_of_town.get(town, [])]
        able = sorted((g for g in groups if g.skill_rank >= rank), key=lambda g: -g.worth)
        each = [g.worth for g in able for _ in range(min(g.workers, most))]
        return np.concatenate([[0.0], np.cumsum(each[:most])])


def _refuse_what_is_left_out(problem: FreightProblem) -> None:
    if (problem.options.every_days != 1).any():
        raise NotCoveredError("some workshop is visited every few days; expected daily visits.")
    if any(group.source is not None for group in problem.groups):
        raise NotCoveredError("somebody may be trained; expected no programmes.")
    for base in range(len(problem.bases)):
        if problem.may_find_closed(base):
            raise NotCoveredError("workshops close before a shift may end; expected them open.")
        mine = problem.base_of_process[problem.options.process] == base
        premises = len(np.unique(problem.options.facility[mine]))
        if premises > MOST_PREMISES:
            raise NotCoveredError(f"a base has {premises} premises; expected {MOST_PREMISES}.")
