"""
Runs of the compiled search: which depots may open, from which solution, for how long, how hot.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from math import inf
from typing import Any

import numpy as np

from comarca.freight.routing.engine.anneal import Bench, anneal, bench
from comarca.freight.routing.engine.chance import Chance, chance
from comarca.freight.routing.engine.data import RoutingData
from comarca.freight.routing.engine.pool import Pool, empty_pool
from comarca.freight.routing.engine.state import (
    MISSING,
    OVER,
    TOTAL,
    State,
    copy_state,
    empty_state,
)
from comarca.freight.routing.stopping import Clock

STEPS_AT_ONCE = 250
POOL_TRIPS, POOL_STOPS = 400_000, 6_000_000
HOT, WARM, COLD = 1.0, 0.3, 0.02
"""Temperatures in mean distances between neighbours."""
OFTEN, DEARER = 0.6, 1.08
"""Share of steps that may overload a depot at first, and how fast the price of it follows."""
CHEAP, DEAR, GROWN, PRICES = 2.0, 20.0, 0.9, 40
"""
Price of leaving out one who must be served while trips grow, from and to, in mean distances between
neighbours; the share of the run from which on all must be served; how many prices at least.
"""
_NO_COST = 1e30


@dataclass(eq=False)
class Arm:
    """
    A set of depots that may open, with the best solution found for it.

    Parameters
    ----------
    may_open
        Shape ``(n_depots,)``.
    now, best
        Where its search stands, and the best that overloads no depot.
    weight
        Cost of a mean load beyond a depot's capacity; it follows how often that happens.
    openings
        What each depot costs to open. Within a set of depots all are as good as open, so the
        search does not count them: it would crowd into one.
    """

    may_open: Any
    now: State
    best: State
    weight: float
    openings: Any

    @property
    def cost(self) -> float:
        """Cost of its best, or of where it stands with a price on each rule that breaks."""
        state = self.best if self.best.totals[TOTAL] < _NO_COST else self.now
        opened = self.openings[state.depot_trips > 0].sum()
        return float(state.totals[TOTAL] + opened + self.weight * max(state.totals[OVER], 0.0))

    @property
    def is_feasible(self) -> bool:
        """Whether its best serves all that must be served."""
        return bool(self.best.totals[TOTAL] < _NO_COST and self.best.totals[MISSING] == 0)


@dataclass(frozen=True)
class Allowance:
    """Thread seconds and steps that a run may take."""

    seconds: float = inf
    steps: float = inf


@dataclass(eq=False)
class Annealer:
    """One thread's search: its draws, its room to work, and the trips it has seen."""

    data: RoutingData
    openings: Any
    penalty: float
    edge: float
    random: Chance
    pool: Pool
    trial: State
    room: Bench
    price: float
    steps: int = field(default=0)
    ceiling: float = field(default=-inf)

    @classmethod
    def of(cls, data: RoutingData, seed: int, stream: int) -> Annealer:
        """A search with draws of its own."""
        penalty = penalty_of(data)
        return cls(
            data._replace(opening=np.zeros(data.n_depots)),
            data.opening,
            penalty,
            mean_edge(data),
            chance(seed, stream),
            empty_pool(min(POOL_TRIPS, 4_000 * data.n_places), POOL_STOPS),
            empty_state(data, penalty),
            bench(data),
            penalty,
        )

    def arm(self, may_open: Any) -> Arm:
        """A set of depots with nobody served yet."""
        now, best = (empty_state(self.data, self.penalty) for _ in range(2))
        best.totals[TOTAL] = _NO_COST
        return Arm(np.asarray(may_open, dtype=bool), now, best, 5 * self.edge, self.openings)

    def run(
        self,
        arm: Arm,
        hot: float,
        cold: float,
        allowance: Allowance,
        clock: Clock,
        *,
        grows: bool = False,
    ) -> None:
        """
        Anneal an arm from where it stands.

        Where it grows, leaving customers out is cheap at first and gets dearer: trips take up
        customers bit by bit, those who lie well together first.
        """
        copy_state(arm.now, self.trial)
        begin, done = time.thread_time(), 0
        at_once = STEPS_AT_ONCE if not grows else min(STEPS_AT_ONCE, allowance.steps / PRICES)
        while True:
            used = (time.thread_time() - begin) / allowance.seconds
            share = max(used, done / allowance.steps, 0.0)
            if share >= 1 or clock.is_late():
                break
            if grows:
                self._set_price(arm, self._price(share))
            steps = int(min(max(at_once, 1), allowance.steps - done))
            heat = self.edge * hot * (cold / hot) ** share
            overloaded = self._steps(arm, heat, steps) / steps
            arm.weight = self._weight(arm.weight, overloaded, share)
            done += steps
        self._set_price(arm, self.penalty)

    def _price(self, share: float) -> float:
        """Of leaving one out, while an arm grows."""
        if share >= GROWN:
            return self.penalty
        return float(min(self.edge * CHEAP * (DEAR / CHEAP) ** share, self.penalty))

    def _set_price(self, arm: Arm, price: float) -> None:
        """Price anew those left out; a best that leaves some out is none at another price."""
        if price == self.price:
            return
        for state in (arm.now, self.trial):
            state.totals[TOTAL] += state.totals[MISSING] * (price - self.price)
        if arm.best.totals[MISSING] > 0:
            arm.best.totals[TOTAL] = _NO_COST
        self.price = price

    def _weight(self, weight: float, overloaded: float, share: float) -> float:
        """Dearer where depots are overloaded too often; towards the end nearly never."""
        if overloaded > OFTEN * (1 - share):
            return min(weight * DEARER, 200 * self.edge)
        return max(weight / DEARER, 0.1 * self.edge)

    def _steps(self, arm: Arm, heat: float, steps: int) -> int:
        ceiling = self.ceiling - float(self.openings[arm.may_open].sum())
        if self.price < self.penalty:
            ceiling = -inf  # cheap because it leaves some out
        overloaded = anneal(
            self.data,
            arm.now,
            self.trial,
            arm.best,
            self.pool,
            self.room,
            self.random,
            arm.may_open,
            self.price,
            arm.weight,
            ceiling,
            heat,
            heat,
            steps,
        )
        self.steps += steps
        return int(overloaded)


def penalty_of(data: RoutingData) -> float:
    """Cost of leaving out one who must be served: more than the dearest way to serve anybody."""
    remote = data.place["remoteness"]
    dearest = float(remote[remote < 1e14].max(initial=0.0))
    return 2.0 * (2.0 * dearest + float(data.kind["fixed"].max()) + float(data.opening.max())) + 1.0


def mean_edge(data: RoutingData) -> float:
    """Mean cost from a customer to its five nearest, the unit of temperature."""
    customers = np.arange(data.n_depots, data.n_places)
    near = data.near[customers, :5]
    if not near.size:
        return 1.0
    costs = data.cost[0][customers[:, None], near]
    costs = costs[costs < 1e14]
    return max(float(costs.mean()) if costs.size else 0.0, 1e-6)
