"""
Closing the gap where few workshops are possible.

The programme chooses with its bounds on the rounds; the exact rounds of what it chose are found; if
they cost more than it thought, a cut says so (``cuts.py``) and it chooses again. What it expects
falls, the best plan met rises, and where both meet the plan is proven best.

References
----------
.. [1] Hooker, J. N. and Ottosson, G. (2003). Logic-based Benders decomposition. Mathematical
       Programming 96, 33-60.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite

from comarca.freight.cuts import Cut
from comarca.freight.exact_rounds import exact_rounds
from comarca.freight.master import Master
from comarca.freight.problem import FreightProblem
from comarca.freight.rounds import Rounds
from comarca.freight.routing_bound import RoutingBound
from comarca.freight.search import Choice

Solve = Callable[[Master], Choice]
SAME = 1e-6  # share of a cost within which two are the same
HAIR = 1e-9


@dataclass(frozen=True, kw_only=True)
class Step:
    """
    One choice, with exact rounds.

    Parameters
    ----------
    bound
        Proven of every plan, currency a year.
    workers
        By option.
    rounds
        The cheapest of every base that serves some; ``None`` where the trucks cannot do it.
    is_learnt
        Whether the next choice will know more.
    """

    bound: float
    workers: Mapping[int, int]
    rounds: tuple[Rounds, ...] | None
    is_learnt: bool


class Closing:
    """
    Chooses, finds exact rounds and chooses again.

    Parameters
    ----------
    problem, bounds
        What may be chosen, and first bounds on the rounds.
    solve
        Solves the programme and proves a bound on it.
    """

    def __init__(
        self, problem: FreightProblem, bounds: Sequence[RoutingBound | None], solve: Solve
    ) -> None:
        self.problem, self.bounds, self.solve = problem, bounds, solve
        self.cuts: list[Cut] = []
        self._costs: dict[tuple[int, tuple[tuple[int, int], ...]], tuple[float, Rounds]] = {}
        self._is_metric = _keeps_triangles(problem)

    def step(self) -> Step:
        """
        Choose once.

        Raises
        ------
        TooManyVisits
            When the choice is too large for exact rounds.
        """
        choice = self.solve(Master(self.problem, self.bounds, cuts=self.cuts))
        if choice.workers is None:
            return Step(bound=choice.bound, workers={}, rounds=None, is_learnt=False)
        found, is_learnt = [], False
        for base in range(len(self.problem.bases)):
            mine = tuple(
                (at, count)
                for at, count in sorted(choice.workers.items())
                if self.problem.base_of_process[self.problem.options.process[at]] == base
            )
            if not mine:
                continue
            cost, rounds = self._rounds(base, mine)
            found.append((cost, rounds))
            if cost > choice.rounds[base] * (1 + SAME) + SAME:
                self.cuts.append(self._cut(base, mine, cost))
                is_learnt = True
        is_possible = all(isfinite(cost) for cost, _ in found)
        made = tuple(rounds for _, rounds in found) if is_possible else None
        return Step(bound=choice.bound, workers=choice.workers, rounds=made, is_learnt=is_learnt)

    def _rounds(self, base: int, mine: tuple[tuple[int, int], ...]) -> tuple[float, Rounds]:
        if (base, mine) not in self._costs:
            demands = {
                int(self.problem.options.facility[at]): self.problem.demand(at, count)
                for at, count in mine
            }
            self._costs[base, mine] = exact_rounds(self.problem, base, demands)
        return self._costs[base, mine]

    def _cut(self, base: int, mine: tuple[tuple[int, int], ...], cost: float) -> Cut:
        """The same cost for as few workers as still bring it about."""
        fewer = dict(mine)
        for at, count in mine:
            low, high = int(self.problem.options.least[at]), count
            while low < high:
                middle = (low + high) // 2
                less, _ = self._rounds(base, tuple((fewer | {at: middle}).items()))
                low, high = (low, middle) if less >= cost * (1 - HAIR) else (middle + 1, high)
            fewer[at] = high
        return Cut(
            base=base,
            at_least=tuple(fewer.items()),
            cost=cost if not isfinite(cost) else cost * (1 - HAIR),
            holds_for_more=self._is_metric,
        )


def _keeps_triangles(problem: FreightProblem) -> bool:
    """Whether no way through a third town is shorter or quicker than the way itself."""
    for ways in (problem.time_min, problem.distance_km):
        for by in range(len(ways)):
            if (ways[:, [by]] + ways[[by]] < ways * (1 - HAIR) - HAIR).any():
                return False
    return True
