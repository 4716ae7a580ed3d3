"""
Trips that earn enough under prices: which option is served at each stop of a set of premises.

Every set is looked at. Most are dismissed by what their stops earn at most, capacities priced at
several rates (Lagrangean bounds, valid at any rate); of the others every choice of options is
tried.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import ceil

import numpy as np
from numpy.typing import NDArray

from comarca.compiled import compiled
from comarca.freight.problem import ROUNDING
from whole_problem.tours import Tours

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
LEVELS = (0.02, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
"""Quantiles of what the stops earn for a truck of goods; rates at which capacities are priced."""
HAIR = 1e-9
SETS_AT_ONCE = 5_000


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
    best: Floats,
    rates: Floats,
    which: Ints,
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
    first, profit, share
        Choices of each place, what each earns, and its share of the truck in four measures.
    best
        By rate and place: most that a choice earns net of what its goods pay for the truck.
    rates, which
        What the whole truck costs in each measure, the first nothing; and the rate that bounds each
        set most.
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
                net = earned[depth]
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
        *,
        more_than: float,
        only_best: bool,
        most: int = 2_000_000,
        enough: int | None = None,
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
        more_than
            Currency; may be below 0.
        only_best
            Of each set the best choice, or all.
        most
            Trips found after which it gives up.
        enough
            Trips after which no more sets are looked at, those that may earn most first;
            ``is_whole`` tells afterwards whether all were.

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
        self.is_whole, self.most_earned = True, 0.0
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
        kept = np.flatnonzero(may_earn > more_than)
        self.most_earned = float(may_earn[kept].max(initial=0.0))
        parts = [kept]
        if enough is not None:
            kept = kept[np.argsort(-may_earn[kept], kind="stable")]
            parts = np.array_split(kept, max(1, ceil(len(kept) / SETS_AT_ONCE)))
        trips: list[Trip] = []
        for number, part in enumerate(parts):
            size = len(part) if only_best else most
            found_set, found_earned = np.empty(size, np.int64), np.empty(size)
            found_pick = np.empty((size, len(tours.facilities)), np.int64)
            count = choose(
                tours.members[part],
                toll[part],
                first,
                profit,
                share,
                best,
                rates,
                which[part],
                more_than,
                only_best,
                found_set,
                found_pick,
                found_earned,
            )
            if count < 0:
                raise MemoryError(f"more than {most:,} trips")
            for at, pick, earned in zip(
                part[found_set[:count]], found_pick, found_earned, strict=False
            ):
                picks = pick[: int(tours.members[at].sum())]
                trips.append(
                    Trip(
                        options=tuple(option[picks].tolist()),
                        workers=tuple(workers[picks].tolist()),
                        cost=float(tours.cost[at]),
                        minutes=float(tours.minutes[at]),
                        earned=float(earned),
                    )
                )
            is_last = number == len(parts) - 1
            if is_last or (enough is not None and len(trips) >= enough):
                self.is_whole = is_last
                break
        return trips

    def _rates(self, profit: Floats, share: Floats) -> Floats:
        """
        What the whole truck may cost in each measure, shape ``(n_rates, 4)``; first nothing.

        Rates at which some choices just earn what their goods pay for.
        """
        rates = [np.zeros(4)]
        for measure in range(4):
            is_some = (share[:, measure] > 0) & (profit > 0)
            if is_some.any():
                earned = profit[is_some] / share[is_some, measure]
                levels = np.quantile(earned, LEVELS, method="nearest")
                rates += [level * np.eye(4)[measure] for level in np.unique(levels)]
        return np.array(rates)

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
