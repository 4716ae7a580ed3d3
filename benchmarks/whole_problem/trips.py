"""
Trips that earn enough under prices: which option is served at each stop of a set of premises.

Every set is looked at. Most are dismissed by what their stops earn at most, capacities priced at
several rates (Lagrangean bounds, valid at any rate); of the others every choice of options is
tried.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from comarca.compiled import compiled
from comarca.freight.problem import ROUNDING
from whole_problem.cuts import Cut
from whole_problem.tours import Tours

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
RATES = (0.1, 0.25, 0.5, 1.0, 2.0)  # times what the dearest stop earns for a truck of goods
HAIR = 1e-9


@dataclass(frozen=True, kw_only=True)
class Trip:
    """Options served, most workers served of each, currency, minutes, and what it earns."""

    options: tuple[int, ...]
    workers: tuple[int, ...]
    cost: float
    minutes: float
    earned: float


@compiled
def choose(
    members: Floats,
    toll: Floats,
    first: Ints,
    profit: Floats,
    share: Floats,
    once: Ints,
    best: Floats,
    rates: Floats,
    which: Ints,
    cuts: Ints,
    prices: Floats,
    least: float,
    only_best: bool,
    found_set: Ints,
    found_pick: Ints,
    found_earned: Floats,
) -> int:
    """
    Choose an option for every member of every set so that the trip earns more than ``least``.

    Parameters
    ----------
    members, toll
        Sets, and what each costs with its time.
    first, profit, share, once
        Choices of each place, what each earns, its share of the truck in four measures, and the
        premises as a bit pattern where there is one visit a day.
    best
        By rate and place: most that a choice earns net of what its goods pay for the truck.
    rates, which
        What the whole truck costs in each measure, the first nothing; and the rate that bounds each
        set most.
    cuts, prices
        Premises of each and its divisor, shape ``(n_cuts, 2)``; currency.
    least, only_best
        What is found: all that earns more, or the best of each set if it does.
    found_set, found_pick, found_earned
        Filled with what is found, shapes ``(most,)``, ``(most, n)`` and ``(most,)``.

    Returns
    -------
    int
        How many were found; -1 when there are more than ``most``.
    """
    n = members.shape[1]
    places, pick = np.empty(n, np.int64), np.empty(n, np.int64)
    on_board, earned, ahead = np.zeros((n + 1, 4)), np.zeros(n + 1), np.zeros((n + 1, 2))
    count = 0
    for number in range(len(members)):
        size = 0
        for place in range(n):
            if members[number, place] > 0:
                places[size] = place
                size += 1
        ahead[size], rate = 0.0, rates[which[number]]
        for depth in range(size - 1, -1, -1):
            ahead[depth, 0] = ahead[depth + 1, 0] + best[0, places[depth]]
            ahead[depth, 1] = ahead[depth + 1, 1] + best[which[number], places[depth]]
        threshold, is_found = least, False
        depth, earned[0] = 0, -toll[number]
        pick[0] = first[places[0]]
        while depth >= 0:
            if depth == size:
                net, served = earned[depth], 0
                if net > threshold:
                    for at in range(size):
                        served |= once[pick[at]]
                    for cut in range(len(cuts)):
                        both, taken = cuts[cut, 0] & served, 0
                        while both:
                            both &= both - 1
                            taken += 1
                        net -= prices[cut] * (taken // cuts[cut, 1])
                if net > threshold:
                    if not (only_best and is_found):
                        if count == len(found_set):
                            return -1
                        count += 1
                        is_found = True
                    found_set[count - 1] = number
                    found_earned[count - 1] = net
                    for at in range(size):
                        found_pick[count - 1, at] = pick[at]
                    if only_best:
                        threshold = net
                depth -= 1
                pick[depth] += 1
                continue
            place = places[depth]
            if pick[depth] == first[place + 1]:
                depth -= 1
                if depth >= 0:
                    pick[depth] += 1
                continue
            now = pick[depth]
            so_far = earned[depth] + profit[now]
            fits = so_far + ahead[depth + 1, 0] > threshold
            may_earn = so_far + ahead[depth + 1, 1]
            for measure in range(4):
                goods = on_board[depth, measure] + share[now, measure]
                on_board[depth + 1, measure] = goods
                may_earn += rate[measure] * (1 - goods)
                if goods > 1:
                    fits = False
            fits = fits and may_earn > threshold - HAIR
            if not fits:
                pick[depth] += 1
                continue
            earned[depth + 1] = so_far
            depth += 1
            if depth < size:
                pick[depth] = first[places[depth]]
    return count


class Finder:
    """
    Finds trips of one type of truck of one base.

    Parameters
    ----------
    tours
        Sets of premises it can visit.
    """

    def __init__(self, tours: Tours) -> None:
        self.tours = tours
        self.limits = tours.truck.limits * (1 + ROUNDING)

    def find(
        self,
        earns: dict[int, list[tuple[int, float]]],
        price_of_time: Floats,
        prices: dict[Cut, float],
        *,
        more_than: float,
        only_best: bool,
        most: int = 2_000_000,
        most_sets: int | None = None,
    ) -> list[Trip]:
        """
        Find trips that earn more than so much.

        Parameters
        ----------
        earns
            By option: pairs of workers and what a visit with their goods earns, currency a day,
            both rising.
        price_of_time
            Of a trip to each set, currency.
        prices
            Of cuts, currency, 0 or more.
        more_than
            Currency; may be below 0.
        only_best
            Of each set the best choice, or all.
        most
            Trips found after which it gives up.
        most_sets
            Look at so many sets alone, those that may earn most; ``None`` = all.

        Raises
        ------
        MemoryError
            When there are more.
        """
        tours = self.tours
        table = [
            (tours.facilities.index(int(tours.choices.options.facility[at])), at, workers, profit)
            for at, pairs in earns.items()
            if at in tours.most
            for workers, profit in pairs
            if workers <= tours.most[at]
        ]
        if not table:
            return []
        table.sort()
        place, option, workers = (np.array([row[i] for row in table]) for i in range(3))
        profit = np.array([row[3] for row in table])
        share = tours.choices.loads[option] * workers[:, None] / self.limits
        first = np.searchsorted(place, np.arange(len(tours.facilities) + 1)).astype(np.int64)
        toll = tours.cost + price_of_time
        rates = self._rates(profit, share)
        best = self._best(first, profit, share, rates)
        may_earn, which = self._bound(best, rates)
        may_earn -= toll
        options = tours.choices.options
        once = np.where(tours.choices.visits[option] == 1, 1 << options.facility[option], 0)
        cuts = np.array([(cut.premises, cut.divisor) for cut in prices], dtype=np.int64)
        kept = np.flatnonzero(may_earn > more_than)
        if most_sets is not None and len(kept) > most_sets:
            kept = kept[np.argpartition(-may_earn[kept], most_sets)[:most_sets]]
        self.most_earned = float(may_earn[kept].max(initial=0.0))
        size = len(kept) if only_best else most
        found_set, found_earned = np.empty(size, np.int64), np.empty(size)
        found_pick = np.empty((size, len(tours.facilities)), np.int64)
        count = choose(
            tours.members[kept],
            toll[kept],
            first,
            profit,
            share,
            once.astype(np.int64),
            best,
            rates,
            which[kept],
            cuts.reshape(-1, 2),
            np.array(list(prices.values()), dtype=np.float64),
            more_than,
            only_best,
            found_set,
            found_pick,
            found_earned,
        )
        if count < 0:
            raise MemoryError(f"more than {most:,} trips")
        trips = []
        for number in range(count):
            at = kept[found_set[number]]
            picks = found_pick[number, : int(tours.members[at].sum())]
            trips.append(
                Trip(
                    options=tuple(option[picks].tolist()),
                    workers=tuple(workers[picks].tolist()),
                    cost=float(tours.cost[at]),
                    minutes=float(tours.minutes[at]),
                    earned=float(found_earned[number]),
                )
            )
        return trips

    def _rates(self, profit: Floats, share: Floats) -> Floats:
        """What the whole truck may cost in each measure, shape ``(n_rates, 4)``; first nothing."""
        dearest = float((profit / np.maximum(share.max(axis=1), 1e-6)).max(initial=0.0))
        rates = [rate * dearest * np.eye(4)[m] for m in range(4) for rate in RATES]
        return np.array([np.zeros(4), *rates])

    def _best(self, first: Ints, profit: Floats, share: Floats, rates: Floats) -> Floats:
        """Most that a choice of each place earns net, by rate and place; -1e12 where none is."""
        net = profit - rates @ share.T
        ends = [net[:, a:b].max(axis=1, initial=-1e12) for a, b in pairwise(first)]
        return np.ascontiguousarray(np.array(ends).T)

    def _bound(self, best: Floats, rates: Floats) -> tuple[Floats, Ints]:
        """Most that the stops of each set earn, and the rate that shows it."""
        bound, which = np.full(len(self.tours.sets), np.inf), np.zeros(len(self.tours.sets), int)
        for number, rate in enumerate(rates):
            found = self._sums(best[number]) + rate.sum()
            which[found < bound] = number
            bound = np.minimum(bound, found)
        return bound, which

    def _sums(self, values: Floats) -> Floats:
        """Sum over the premises of each set."""
        sums = np.zeros(1 << len(values))
        for at, value in enumerate(values):
            sums[1 << at : 2 << at] = sums[: 1 << at] + value
        return np.asarray(sums[self.tours.sets])
