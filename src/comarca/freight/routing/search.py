"""
Which depots, and which rounds: many sets of depots for a short while, the good ones for longer,
and between the rounds the cheapest choice among all trips seen.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from math import inf, isfinite
from typing import Any

import numpy as np

from comarca.freight.routing.annealing import COLD, HOT, WARM, Allowance, Annealer, Arm
from comarca.freight.routing.choice import Trips, choose_trips, seen_trips
from comarca.freight.routing.depot_sets import promising_sets
from comarca.freight.routing.engine.data import RoutingData
from comarca.freight.routing.engine.state import State, copy_state, empty_state, put_trips
from comarca.freight.routing.genetic import genetic_rounds, suits
from comarca.freight.routing.result import PROVEN_WITHIN, gap_of
from comarca.freight.routing.stopping import Clock

# How many sets of depots are kept for each round, and its share of the run.
TOURNAMENT = ((100, 0.05), (24, 0.05), (10, 0.06), (5, 0.06), (3, 0.08))
FIRST_SHARE = 0.02
"""Share of the only round where there is but one set."""
FINALS = ((2, 0.4, 5 * HOT), (1, 0.5, HOT), (1, 1.0, HOT))
"""
How many are kept for each last round, its share of what is left, and how hot it begins: first hot
enough to put other customers together on trucks that are nearly full.
"""
FRESH_STARTS, HOT_STARTS, FRESH_SHARE, HOTTEST = 12, 1, 0.04, 10 * HOT
"""
Where there is but one set: searches that begin anew, how many of them serve all from early on (the
others grow), their share of what is left, and heat.
"""
GENETIC_SHARE, STEPS_A_GENETIC_ITERATION = 0.3, 50
"""Share of what is left that goes to PyVRP where it suits; steps that its iteration counts for."""
SEEN_WITHIN = 0.02
"""Trips of solutions up to this much above the best are kept for the choice among them."""
MOST_CHOSEN_AMONG = 4_000
CHOICE_SHARE, CHOICE_RESERVE, CHOICE_LEAST = 0.05, 0.03, 0.01
CHOICE_SECONDS_BY_STEPS, CHOICE_NODES = 20.0, 200


@dataclass(eq=False)
class Search:
    """
    A search under way.

    Parameters
    ----------
    data, clock
        The problem, and what is left of time and steps.
    annealers
        One for each thread.
    kept_back
        Share of the run that is not for annealing: the bound's until it is proven.
    report
        Called with each better solution that serves all who must be served.
    prove
        Called between the tournament and the finals; gives the bound.
    """

    data: RoutingData
    clock: Clock
    annealers: list[Annealer]
    kept_back: float
    report: Callable[[State], None]
    prove: Callable[[Search], float]
    seed: int = 1
    bound: float = -inf
    steps_elsewhere: int = 0
    best: State | None = None

    def run(self, start: State | None) -> State | None:
        """Search until the share is used up; the best solution, or none that serves all."""
        arms = [self.annealers[0].arm(mask) for mask in promising_sets(self.data, TOURNAMENT[0][0])]
        if not arms:
            return None
        if start is not None:
            arms.insert(0, self._arm_of(start))
            self._note(arms[0])
        n_sets = len(arms)
        for most, share in TOURNAMENT if n_sets > 1 else ((1, FIRST_SHARE),):
            if most >= n_sets or len(arms) > 1:
                arms = self._round(arms, most, share, HOT if most == TOURNAMENT[0][0] else WARM)
        self._finish(self._with_choice(arms))
        return self.best

    def _finish(self, arms: list[Arm]) -> None:
        """The bound, and longer rounds of the best until nothing is left."""
        self.bound = self.prove(self)
        self.kept_back = CHOICE_RESERVE
        if suits(self.data):
            arms = self._with_genetic(arms)
        if len(_one_of_each_set(arms)) == 1:
            for at in range(FRESH_STARTS):
                arms = self._with_fresh(arms, grows=at >= HOT_STARTS)
            arms = self._with_choice(arms)  # once: it can take as long as a start
        for most, share, hot in FINALS:
            arms = self._with_choice(self._round(arms, most, share, hot, of_left=True))

    def _with_fresh(self, arms: list[Arm], *, grows: bool) -> list[Arm]:
        """
        Searches that begin with nobody served join the others, one on each thread.

        Which customers share a truck is settled while a search is hot. One that began with the best
        would stay with its answer. Those that grow settle it while some are still left out, so that
        trucks which are nearly full do not bind too early; they differ most.
        """
        fresh = [annealer.arm(arms[0].may_open) for annealer in self.annealers]
        return [*arms, *self._annealed(fresh, FRESH_SHARE, HOTTEST, of_left=True, grows=grows)]

    def _with_genetic(self, arms: list[Arm]) -> list[Arm]:
        """What PyVRP finds becomes an arm too."""
        allowance = self._allowance(GENETIC_SHARE, 1, of_left=True)
        if self.is_good_enough() or allowance.seconds <= 0:
            return arms
        iterations = allowance.steps / STEPS_A_GENETIC_ITERATION
        stops = genetic_rounds(
            self.data, allowance.seconds, iterations, self.clock.wall_left(), self.seed
        )
        if isfinite(iterations):
            self.steps_elsewhere = int(allowance.steps)
            self.clock.steps += self.steps_elsewhere
        if stops is None:
            return arms
        nothing, days = np.zeros(len(stops), dtype=np.int64), np.arange(len(stops))
        penalty = self.annealers[0].penalty
        arm = self._arm_of(filled_state(self.data, penalty, stops, nothing, nothing, days))
        self._note(arm)
        return [arm, *arms]

    def _round(
        self, arms: list[Arm], most: int, share: float, hot: float, *, of_left: bool = False
    ) -> list[Arm]:
        """Anneal the cheapest arms, and sort them by cost."""
        arms = _one_of_each_set(sorted(arms, key=lambda arm: arm.cost))[:most]
        arms = self._annealed(arms, share, hot, of_left=of_left)
        return sorted(arms, key=lambda arm: arm.cost)

    def _annealed(
        self, arms: list[Arm], share: float, hot: float, *, of_left: bool, grows: bool = False
    ) -> list[Arm]:
        """The arms, each annealed from where it stands."""
        allowance = self._allowance(share, len(arms), of_left)
        for annealer in self.annealers:
            annealer.ceiling = self._ceiling()
        if allowance.seconds <= 0 or allowance.steps < 1:
            return arms

        def anneal(job: tuple[Annealer, Arm]) -> None:
            annealer, arm = job
            if arm.is_feasible:
                copy_state(arm.best, arm.now)
            annealer.run(arm, hot, COLD, allowance, self.clock, grows=grows)

        threads = len(self.annealers)
        for first in range(0, len(arms), threads):
            if self.is_good_enough():
                break
            jobs = list(zip(self.annealers, arms[first : first + threads], strict=False))
            _side_by_side(anneal, jobs)
            for _, arm in jobs:
                self._note(arm)
        annealed = sum(annealer.steps for annealer in self.annealers)
        self.clock.steps = annealed + self.steps_elsewhere
        return arms

    def is_good_enough(self) -> bool:
        """Whether the best is proven to be within the gap asked for, or best."""
        asked = max(self.clock.stop.gap or 0.0, PROVEN_WITHIN)
        return gap_of(self._best_cost(), self.bound) <= asked

    def _ceiling(self) -> float:
        """Cost up to which the trips of a solution are worth keeping."""
        if self.best is None:
            return -inf
        cost = self._best_cost()
        return cost + SEEN_WITHIN * abs(cost)

    def _best_cost(self) -> float:
        return inf if self.best is None else cost_of(self.data, self.best)

    def _allowance(self, share: float, n_arms: int, of_left: bool) -> Allowance:
        """Seconds and steps of one arm."""
        stop, threads = self.clock.stop, len(self.annealers)
        turns = -(-n_arms // threads)  # arms that one thread takes one after the other
        seconds = steps = inf
        if stop.seconds is not None:
            left = self.clock.seconds_left() - self.kept_back * stop.seconds
            seconds = share * (left if of_left else stop.seconds)
            seconds = max(min(seconds, left), 0.0) / turns
        if stop.iterations is not None:
            left = self.clock.steps_left()
            steps = float(int(min(share * (left if of_left else stop.iterations), left) / n_arms))
        return Allowance(seconds, steps)

    def _note(self, arm: Arm) -> None:
        """Keep and report a better solution."""
        if not arm.is_feasible:
            return
        if arm.cost < self._best_cost() - 1e-7:
            if self.best is None:
                self.best = empty_state(self.data, 0.0)
            copy_state(arm.best, self.best)
            self.report(self.best)

    def _with_choice(self, arms: list[Arm]) -> list[Arm]:
        """Choose among all trips seen; a better solution becomes an arm of its own."""
        if (self.data.kind["max_trips"] > 1).any():
            return arms
        seconds, nodes = CHOICE_SECONDS_BY_STEPS, 10_000_000
        if self.clock.stop.seconds is None:
            nodes = CHOICE_NODES
        else:
            least, most = (part * self.clock.stop.seconds for part in (CHOICE_LEAST, CHOICE_SHARE))
            seconds = min(most, self.clock.seconds_left())
            if seconds < least:
                return arms
        trips = seen_trips(self.data, [annealer.pool for annealer in self.annealers])
        chosen = choose_trips(
            self.data,
            trips,
            upper=min(self._best_cost(), 1e20),
            most=MOST_CHOSEN_AMONG,
            seconds=seconds,
            wall_seconds=self.clock.wall_for(seconds),
            nodes=nodes,
        )
        if chosen is None:
            return arms
        arm = self._arm_of(state_of(self.data, self.annealers[0].penalty, trips, chosen))
        self._note(arm)
        return [arm, *arms]

    def _arm_of(self, state: State) -> Arm:
        """An arm that stands at a solution, and may open its depots and those that cost nothing."""
        used = (state.depot_trips > 0) | (self.data.opening <= 0)
        arm = self.annealers[0].arm(used)
        copy_state(state, arm.now)
        copy_state(state, arm.best)
        return arm


def _one_of_each_set(arms: list[Arm]) -> list[Arm]:
    """The first arm of each set of depots."""
    first: dict[bytes, Arm] = {}
    for arm in arms:
        first.setdefault(arm.may_open.tobytes(), arm)
    return list(first.values())


def cost_of(data: RoutingData, state: State) -> float:
    """Cost with the openings of the depots used, which the search itself leaves out."""
    return float(state.totals[0] + data.opening[state.depot_trips > 0].sum())


def state_of(data: RoutingData, penalty: float, trips: Trips, chosen: Sequence[int]) -> State:
    """The solution that makes these trips, each by a truck of its own."""
    stops = [np.asarray(trips.stops[at], dtype=np.int64) for at in chosen]
    return filled_state(
        data,
        penalty,
        stops,
        trips.depot[list(chosen)],
        trips.kind[list(chosen)],
        np.arange(len(stops)),
    )


def filled_state(
    data: RoutingData, penalty: float, stops: list[Any], depots: Any, kinds: Any, days: Any
) -> State:
    """A solution of trips; those of one day's number share a truck."""
    data = data._replace(opening=np.zeros(data.n_depots))
    state = empty_state(data, penalty)
    begin = np.concatenate([[0], np.cumsum([len(trip) for trip in stops])]).astype(np.int64)
    flat = np.concatenate(stops) if stops else np.zeros(0, dtype=np.int64)
    put_trips(
        data,
        state,
        penalty,
        flat.astype(np.int64),
        begin,
        np.asarray(depots, dtype=np.int64),
        np.asarray(kinds, dtype=np.int64),
        np.asarray(days, dtype=np.int64),
    )
    return state


def _side_by_side(work: Callable[[Any], None], jobs: list[Any]) -> None:
    if len(jobs) == 1:
        work(jobs[0])
        return
    with ThreadPoolExecutor(len(jobs)) as threads:
        list(threads.map(work, jobs))  # raises what a thread raised
