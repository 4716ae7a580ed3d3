r"""
Branch and bound for location without rounds: knapsacks bound it, sites are decided one by one.

The bound of :mod:`~comarca.freight.routing.siting.knapsacks`, with prices warm from the node above,
is better than the linear relaxation and takes milliseconds. With it come, by the same dynamic
programmes, the bound if a site opens, if it does not, and if it takes a certain ride: whatever
leads to no better plan than the best known is left out. Nodes are taken lowest bound first, and
parted at the site that the relaxation opens about half of the time. Where few rides are left the
rest is decided by HiGHS. Sites opened by the relaxation can hold all customers; customers are
annealed among them for plans. Where that settles little, the sets of sites that the root's prices
make cheapest compete: fewer and fewer of them are annealed, ever longer. That only gives plans, and
a cheaper plan leaves out only what costs no less, so the bound holds whatever the contest finds.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import islice, takewhile
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
from comarca.freight.routing.siting.listing import list_sets
from comarca.freight.routing.siting.placing import NOWHERE, anneal_places

FIRST_ASCENT, ASCENT = (1_500, 30), (60, 8)
"""Steps of the ascent and patience with a step, at the root and below it."""
FIRST_TURNS, STEPS_A_GROUP, QUICK_STEPS_A_GROUP, PROMISING = 8, 2_000, 200, 0.02
"""
Annealings of the first set of sites, and steps; later sets are tried quickly, and again for long
where that comes within a share of the best.
"""
RIDES_A_CUSTOMER, RIDES_AFTER_GIVING_UP = 2, 200
"""
Rides for each customer up to which HiGHS decides a part, and rides in all where it did not get done
with one around it.
"""
WIDTHS = (0.003, 0.005, 0.007, 0.009, 0.012, 0.016, 0.032, 0.1, 1.0, np.inf)
"""
Guesses how far the optimum is above the first bound: what costs more waits until nothing is found.
"""
NARROW, WIDER = 7e-4, 2.0
"""How far above its bound HiGHS looks at first, and the factor from there on."""
DRIFT, HAIR_LESS, HEAVY = 1e-9, 1 - 1e-6, 1_000_000
AGAIN, AGAIN_STEPS_A_GROUP = 12, 4_000
"""After how many nodes the sites of the best plan or of a contender are annealed again."""
NODES_BEFORE_CONTEST, ROUNDS = 20, ((200, 1_000), (40, 4_000), (10, 16_000))
"""
Nodes after which sets of sites compete; how many of them are annealed in each round, and steps for
each group.
"""


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
    takes
        Rides that the relaxation takes.
    was_given_up
        Whether HiGHS did not get done with a larger part, so that it waits for a smaller one.
    """

    bound: float
    fixed: Any
    may: Any
    price: Any
    takes: Any = None
    was_given_up: bool = False

    def child(self) -> Node:
        """A part that begins as this one."""
        fixed, may, price = self.fixed.copy(), self.may.copy(), self.price.copy()
        return Node(self.bound, fixed, may, price, None, self.was_given_up)


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
    annealings: int = 0
    guess: float = np.inf
    left_open: float = np.inf
    root: Any = None
    contenders: list[Any] = field(default_factory=list)
    tried: set[bytes] = field(default_factory=set)
    heap: list[Any] = field(default_factory=list)

    def begin_with(self, depot: Any) -> None:
        """Take a plan that is known."""
        self._note(depot)

    def run(self) -> float:
        """Search until all is proven or time is up; the bound, inf where there is no plan."""
        root = self._root()
        if self._lacks(root):
            return np.inf
        self._raise(root, *FIRST_ASCENT)
        self.root, proven = root, root.bound
        for width in WIDTHS:
            self.guess = root.bound + width * max(abs(root.bound), 1.0)
            self.heap, self.left_open = [], np.inf
            self._push(root.child())
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
        # A hair less than asked, which counts the gap as a share of the bound.
        slack = max(self.gap / (1 + self.gap) * HAIR_LESS, DRIFT) * max(abs(self.upper), 1.0)
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
        self.pushed += 1
        heapq.heappush(self.heap, (node.bound, self.pushed, node))

    def _part(self, node: Node) -> None:
        """Bound a node, leave out what leads to no better plan, and decide it or part it in two."""
        self.nodes += 1
        share = self._raise(node, *ASCENT)
        if self.nodes == NODES_BEFORE_CONTEST:
            self._hold_contest()
        if self.nodes % AGAIN == 0:
            self._anneal_again()
        if node.bound >= self.cutoff() or self._lacks(node):
            return
        is_free = node.fixed == FREE
        most = RIDES_A_CUSTOMER * node.may.shape[1]
        if node.was_given_up:
            most = min(most, RIDES_AFTER_GIVING_UP)
        is_small = node.may.sum() <= most
        if is_free.any() and not is_small:
            self._part_site(node, int(np.argmin(np.where(is_free, np.abs(share - 0.5), np.inf))))
        elif (node.was_given_up and not is_small) or not self._is_decided(node):
            self._part_customer(node)

    def _part_site(self, node: Node, site: int) -> None:
        """One part with a site open, one with it closed."""
        for decision in (OPEN, CLOSED):
            child = node.child()
            child.fixed[site] = decision
            child.may[site] &= decision == OPEN
            self._push(child)

    def _part_customer(self, node: Node) -> None:
        """
        One part where a customer takes a certain ride, one where it does not.

        It is the customer of the largest load whom the relaxation does not serve just once.
        """
        has_choice = node.may.sum(axis=0) > 1
        if not has_choice.any():
            self.left_open = min(self.left_open, node.bound)
            return
        weight = 1 + self.location.weight + HEAVY * (node.takes.sum(axis=0) != 1)
        at = int(np.argmax(np.where(has_choice, weight, 0)))
        may = node.may[:, at] & (node.takes[:, at] | ~node.takes[:, at].any())
        site = int(np.argmin(np.where(may, self.location.cost[:, at], np.inf)))
        alike = self.location.group == self.location.group[at]
        for takes in (True, False):
            child = node.child()
            if takes:
                child.may[:, alike] = False
            child.may[site, at] = takes
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
            node.takes = takes & is_open[:, None]
            self._place(is_open, node.takes)
        if node.bound < self.cutoff():
            self._leave_out(node, self.cutoff())
        return share

    def _lacks(self, node: Node) -> bool:
        """Whether a group that must be served has no ride left."""
        served = np.zeros(len(self.location.is_required), dtype=bool)
        served[self.location.group[node.may.any(axis=0)]] = True
        return bool((self.location.is_required & ~served).any())

    def _leave_out(self, node: Node, cutoff: float) -> None:
        """What leads to no plan that costs less."""
        loc = self.location
        cost, worth = np.where(node.may, loc.cost, np.inf), np.empty(len(loc.opening))
        fill_sites(loc, cost, node.fixed, node.price, worth, np.zeros(node.may.shape, dtype=bool))
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

    def _is_decided(self, node: Node) -> bool:
        """
        Whether HiGHS gets done with a node; what it proves counts anyway.

        Where many rides are left it looks just above the bound first, among fewer rides.
        """
        is_large = node.may.sum() > RIDES_A_CUSTOMER * node.may.shape[1]
        base, width = node.bound, NARROW if is_large else np.inf
        while node.bound < self.cutoff():
            limit = min(self.cutoff(), base + width * max(abs(base), 1.0))
            narrow = node.child()
            self._leave_out(narrow, limit)
            depot, bound = self.solve_rest(narrow, limit)
            if depot is not None:
                self._note(depot)
            node.bound = max(node.bound, min(bound, limit))
            if bound < min(limit, self.cutoff()):
                node.was_given_up = True
                return False
            width *= WIDER
        return True

    def _place(self, is_open: Any, takes: Any) -> None:
        """A plan among these open sites, that begins with the rides they take."""
        if is_open.tobytes() in self.tried:
            return
        self.tried.add(is_open.tobytes())
        loc = self.location
        site, customer = self._nobody()
        for d, at in zip(*np.nonzero(takes), strict=True):
            site[loc.group[at]], customer[loc.group[at]] = d, at
        turns = [STEPS_A_GROUP] * FIRST_TURNS
        if len(self.tried) > 1:
            turns = [QUICK_STEPS_A_GROUP, STEPS_A_GROUP]
        for steps in turns:
            found = self._anneal(is_open, site, customer, steps)
            if steps < STEPS_A_GROUP and found > self.upper + PROMISING * abs(self.upper):
                break

    def _hold_contest(self) -> None:
        """
        Anneal the sets worth most at the root's prices, those of the cheaper plans ever longer.

        What a set is worth tells its bound, but not whether whole customers fit.
        """
        loc, root = self.location, self.root
        worth, takes = np.empty(len(loc.opening)), np.zeros(root.may.shape, dtype=bool)
        fill_sites(loc, loc.cost, root.fixed, root.price, worth, takes)
        limit = self._aim() - root.price.sum()
        listed = takewhile(lambda one: one[0] < limit, list_sets(loc, root.fixed, worth))
        sets = [is_open for _, is_open in islice(listed, ROUNDS[0][0])]
        found = np.full(len(sets), np.inf)
        for survivors, steps in ROUNDS:
            for at in np.argsort(found, kind="stable")[:survivors]:
                if self.go_on():
                    found[at] = min(found[at], self._anneal(sets[at], *self._nobody(), steps))
        self.contenders = [sets[at] for at in np.argsort(found, kind="stable")[: ROUNDS[-1][0]]]

    def _anneal_again(self) -> None:
        """The sites of the best plan from where it stands, or one of the contenders anew."""
        turn = self.nodes // AGAIN % (len(self.contenders) + 1)
        if turn > 0:
            self._anneal(self.contenders[turn - 1], *self._nobody(), AGAIN_STEPS_A_GROUP)
        elif self.best is not None:
            self._anneal(*self._groups_of_best(), STEPS_A_GROUP)

    def _nobody(self) -> tuple[Any, Any]:
        """Nobody served: site and some customer of each group."""
        n_groups = len(self.location.is_required)
        customer = np.zeros(n_groups, dtype=np.int64)
        customer[self.location.group] = np.arange(len(self.location.group))
        return np.full(n_groups, NOWHERE), customer

    def _groups_of_best(self) -> tuple[Any, Any, Any]:
        """Sites open in the best plan, and site and customer of each group."""
        loc, served = self.location, np.flatnonzero(self.best >= 0)
        site, customer = self._nobody()
        site[loc.group[served]], customer[loc.group[served]] = self.best[served], served
        is_open = np.zeros(len(loc.opening), dtype=bool)
        is_open[site[site >= 0]] = True
        return is_open, site, customer

    def _anneal(self, is_open: Any, site: Any, customer: Any, steps: int) -> float:
        """Anneal who serves whom with draws of its own, and keep a better plan; the cost found."""
        loc, n_groups = self.location, len(site)
        self.annealings += 1
        best_site, best_customer = site.copy(), customer.copy()
        found = anneal_places(
            loc,
            is_open,
            site.copy(),
            customer.copy(),
            best_site,
            best_customer,
            np.random.default_rng([self.seed, self.annealings]),
            steps * n_groups,
        )
        if found < self.upper:
            depot = np.full(len(loc.group), NOWHERE)
            served = best_site != NOWHERE
            depot[best_customer[served]] = best_site[served]
            self._note(depot)
        return float(found)

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


def prepare_location() -> None:
    """Compile the loops where this machine has not done so before."""
    two = np.full((2, 1), 3.0)
    small = Location(
        np.array([[1.0, 2.0], [2.0, 1.0]]),
        np.ones(2),
        np.arange(2),
        np.ones(2, dtype=bool),
        two,
        two,
        np.full(2, 3),
        np.full(2, 3),
        6,
    )
    tree = Tree(
        small, lambda node, cutoff: (None, np.inf), lambda: True, lambda depot: None, 0.0, 1
    )
    tree.run()
    both = Node(-np.inf, np.full(2, FREE), np.ones((2, 2), dtype=bool), np.zeros(2))
    tree._leave_out(both, np.inf)
    next(list_sets(small, both.fixed, np.ones(2)), None)
