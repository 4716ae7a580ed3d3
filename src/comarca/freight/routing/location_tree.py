r"""
Branch and bound for location without rounds: knapsacks bound it, sites are decided one by one.

The bound of :mod:`~comarca.freight.routing.siting.knapsacks`, with prices warm from the node above,
is better than the linear relaxation and takes milliseconds. With it come, by the same dynamic
programmes, the bound if a site opens, if it does not, and if it takes a certain ride: whatever
leads to no better plan than the best known is left out. Nodes are taken lowest bound first, and
parted at the site that the relaxation opens about half of the time. Where few rides are left the
rest is decided by HiGHS. Sites opened by the relaxation can hold all customers; customers are
annealed among them for plans.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from comarca.freight.routing.siting.knapsacks import (
    CLOSED,
    FREE,
    LEAST_STEP,
    OPEN,
    Location,
    ascend,
    fill_sites,
    if_decided,
    if_taken,
    open_sites,
)
from comarca.freight.routing.siting.placing import NOWHERE, anneal_places

FIRST_ASCENT, ASCENT = (1_500, 30), (60, 8)
"""Steps of the ascent and patience with a step, at the root and below it."""
FIRST_TURNS, STEPS_A_GROUP = 8, 1_000
RIDES_OF_A_REST = 400
WIDTHS = (0.004, 0.008, 0.016, 0.032, 0.1, 1.0, np.inf)
"""
Guesses how far the optimum is above the first bound: what costs more waits until nothing is found.
"""
DRIFT = 1e-9


@dataclass(eq=False)
class Node:
    """
    A part of all plans.

    Parameters
    ----------
    bound
        Cost of its plans at least.
    fixed
        What is decided of each site.
    may
        Rides that may be part of a better plan, shape ``(n_sites, n_customers)``.
    price
        Of each group.
    """

    bound: float
    fixed: Any
    may: Any
    price: Any


@dataclass(eq=False)
class Tree:
    """
    A branch and bound under way.

    Parameters
    ----------
    location
        The problem.
    solve_rest
        Decides a node that has few rides left: given the node and the cost that a plan must stay
        below, the site of each customer or ``None``, and the bound, inf where no plan is left.
    go_on
        Whether there is time for one more node.
    report
        Called with the site of each customer at each better plan, -1 where it is not served.
    gap
        Share of the cost up to which plans need not be told apart.
    seed
        Of the annealing.
    """

    location: Location
    solve_rest: Callable[[Node, float], tuple[Any | None, float]]
    go_on: Callable[[], bool]
    report: Callable[[Any], None]
    gap: float
    seed: int
    upper: float = np.inf
    best: Any = None
    nodes: int = 0
    pushed: int = 0
    guess: float = np.inf
    left_open: float = np.inf
    tried: set[bytes] = field(default_factory=set)
    heap: list[Any] = field(default_factory=list)

    def begin_with(self, depot: Any) -> None:
        """Take a plan that is known."""
        self._note(depot)

    def run(self) -> float:
        """Search until all is proven or time is up; the bound, inf where there is no plan."""
        root = self._root()
        self._raise(root, *FIRST_ASCENT)
        proven = root.bound
        for width in WIDTHS:
            self.guess = root.bound + width * max(abs(root.bound), 1.0)
            self.heap, self.left_open = [], np.inf
            self._push(root)
            while self.heap and self.go_on():
                node = heapq.heappop(self.heap)[2]
                if node.bound < self.cutoff():
                    self._part(node)
            bounds = [entry[0] for entry in self.heap] + [self.left_open, self.cutoff()]
            proven = max(proven, min(bounds))
            if proven >= self._aim() or not self.go_on():
                break
        return min(proven, self.upper)

    def cutoff(self) -> float:
        """Bound from which on a node is not worth looking at, at this width."""
        return min(self.guess, self._aim())

    def _aim(self) -> float:
        """Bound that proves the best plan."""
        slack = max(self.gap, DRIFT) * max(abs(self.upper), 1.0)
        return self.upper - slack if np.isfinite(self.upper) else np.inf

    def _root(self) -> Node:
        """Nothing is decided; a group's price is its cheapest ride with its share of a site."""
        loc = self.location
        share = loc.opening[:, None] * loc.weight / np.maximum(loc.room, 1)[:, None]
        least = np.full(len(loc.is_required), np.inf)
        np.minimum.at(least, loc.group, (loc.cost + share).min(axis=0))
        price = np.where(loc.is_required, least, np.minimum(least, 0.0))
        free = np.full(len(loc.opening), FREE)
        return Node(-np.inf, free, np.isfinite(loc.cost), price)

    def _push(self, node: Node) -> None:
        copied = Node(node.bound, node.fixed.copy(), node.may.copy(), node.price.copy())
        self.pushed += 1
        heapq.heappush(self.heap, (node.bound, self.pushed, copied))

    def _part(self, node: Node) -> None:
        """Bound a node, leave out what leads to no better plan, and decide it or part it in two."""
        self.nodes += 1
        share = self._raise(node, *ASCENT)
        if node.bound >= self.cutoff() or self._lacks(node):
            return
        is_free = node.fixed == FREE
        if not is_free.any() or node.may.sum() <= RIDES_OF_A_REST:
            self._decide(node)
            return
        at = int(np.argmin(np.where(is_free, np.abs(share - 0.5), np.inf)))
        for decision in (OPEN, CLOSED):
            child = Node(node.bound, node.fixed.copy(), node.may.copy(), node.price.copy())
            child.fixed[at] = decision
            child.may[at] &= decision == OPEN
            self._push(child)

    def _raise(self, node: Node, most: int, patience: int) -> Any:
        """Raise the bound of a node; how often each site was open in the end."""
        loc = self.location
        cost = np.where(node.may, loc.cost, np.inf)
        share, pace = np.full(len(loc.opening), 0.5), np.ones(1)
        for first in range(0, most, ASCENT[0]):
            steps, cutoff = min(ASCENT[0], most - first), self.cutoff()
            bound = ascend(loc, cost, node.fixed, node.price, share, pace, cutoff, steps, patience)
            node.bound = max(node.bound, bound)
            if bound >= cutoff or pace[0] < LEAST_STEP or not self.go_on():
                break
        worth, takes = np.empty(len(loc.opening)), np.zeros(node.may.shape, dtype=bool)
        is_open = np.zeros(len(worth), dtype=bool)
        fill_sites(loc, cost, node.fixed, node.price, worth, takes)
        if np.isfinite(open_sites(loc, node.fixed, worth, is_open)):
            self._place(is_open, takes & is_open[:, None])
        if node.bound < self.cutoff():
            self._leave_out(node, cost, worth)
        return share

    def _lacks(self, node: Node) -> bool:
        """Whether a group that must be served has no ride left."""
        served = np.zeros(len(self.location.is_required), dtype=bool)
        served[self.location.group[node.may.any(axis=0)]] = True
        return bool((self.location.is_required & ~served).any())

    def _leave_out(self, node: Node, cost: Any, worth: Any) -> None:
        """What leads to no better plan."""
        loc, cutoff = self.location, self.cutoff()
        total = node.price.sum()
        opened, closed = np.empty_like(worth), np.empty_like(worth)
        if_decided(loc, node.fixed, worth, opened, closed)
        forced = np.empty(node.may.shape)
        if_taken(loc, cost, node.fixed, node.price, forced)
        with np.errstate(invalid="ignore"):
            node.may &= ~(total + (opened - worth)[:, None] + forced >= cutoff)
        node.fixed[(node.fixed == FREE) & (total + closed >= cutoff)] = OPEN
        node.fixed[(node.fixed == FREE) & (total + opened >= cutoff)] = CLOSED
        node.may[node.fixed == CLOSED] = False

    def _decide(self, node: Node) -> None:
        depot, bound = self.solve_rest(node, self.cutoff())
        if depot is not None:
            self._note(depot)
        self.left_open = min(self.left_open, max(node.bound, bound))

    def _place(self, is_open: Any, takes: Any) -> None:
        """A plan among these open sites, that begins with the rides they take."""
        if is_open.tobytes() in self.tried:
            return
        self.tried.add(is_open.tobytes())
        loc = self.location
        n_groups = len(loc.is_required)
        site, customer = np.full(n_groups, NOWHERE), np.zeros(n_groups, dtype=np.int64)
        customer[loc.group] = np.arange(len(loc.group))
        for d, at in zip(*np.nonzero(takes), strict=True):
            site[loc.group[at]], customer[loc.group[at]] = d, at
        for turn in range(FIRST_TURNS if len(self.tried) == 1 else 1):
            best_site, best_customer = site.copy(), customer.copy()
            found = anneal_places(
                loc,
                is_open,
                site.copy(),
                customer.copy(),
                best_site,
                best_customer,
                np.random.default_rng([self.seed, turn]),
                STEPS_A_GROUP * n_groups,
            )
            if found < self.upper:
                depot = np.full(len(loc.group), NOWHERE)
                served = best_site != NOWHERE
                depot[best_customer[served]] = best_site[served]
                self._note(depot)

    def _note(self, depot: Any) -> None:
        cost = cost_of_location(self.location, depot)
        if not keeps_capacities(self.location, depot):
            return  # HiGHS allows a millionth more
        if cost < self.upper - DRIFT * max(1.0, abs(cost)):
            self.upper, self.best = cost, depot
            self.report(depot)


def cost_of_location(location: Location, depot: Any) -> float:
    """Cost of rides and openings; -1 is not served."""
    served = np.flatnonzero(depot >= 0)
    rides = location.cost[depot[served], served].sum()
    return float(rides + location.opening[np.unique(depot[served])].sum())


def keeps_capacities(location: Location, depot: Any) -> bool:
    """Whether no site holds too much."""
    served = np.flatnonzero(depot >= 0)
    held = np.zeros(location.capacity.shape)
    np.add.at(held, depot[served], location.load[served])
    return bool((held <= location.capacity).all())
