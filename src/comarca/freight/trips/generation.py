"""
Finding the trips that matter, and prices that bound the cost of all rounds.

Trips are added to the relaxation (``programme.py``) as long as some earn more than they cost under
its prices. At any moment the prices can be made safe: what the best trip earns too much is taken
off every visit, since a trip has one stop or more.

Safe prices (proof)
    Let ``φ_k`` be the prices of time of type *k*, 0 for class 0 and never falling, with
    ``Σ φ_k(g) ≤ F_k + ν_k`` over the trips *g* of every pattern, and let every trip *r* of type
    *k* of base *b* have ``Σ_stops (α_o + β_o n / visits_o) ≤ c_r + φ_k(g_r)``. A truck's day is a
    pattern, so the trucks that serve the workshops cost, with ``number_k`` of each type at most,

        ``Σ_r c_r + Σ_trucks F ≥ Σ_r (c_r + φ(g_r)) − Σ_trucks ν
        ≥ Σ_o (α_o visits_o x_o + β_o n_o) − Σ_k number_k ν_k``

    because workshop *o* has ``visits_o`` stops that carry ``n_o`` workers' goods in all. It holds
    for every plan, whole or not, and whether or not the generation of trips has ended.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import count
from math import isfinite

import numpy as np

from comarca.freight.master import Master
from comarca.freight.side_by_side import side_by_side
from comarca.freight.trips.bounds import TripBound
from comarca.freight.trips.pricing import Found, PricedTrip, Pricer, TripPrices
from comarca.freight.trips.programme import Answer, TripProgramme, options_of
from comarca.freight.trips.shifts import best_pattern, first_patterns
from comarca.freight.trips.stops import GRID

FEW = 30  # new trips of a glance, below which a glance is no longer enough
SAME = 1e-9  # share within which two prices are the same
WHOLE = 3  # whole searches too large to end, after which what is lost by safety is borne
PATIENCE, ENOUGH = 2, 2e-4  # searches, and share of the objective, that are hardly a gain


@dataclass(frozen=True, kw_only=True, eq=False)
class Generated:
    """Bounds on the rounds of each base, trips worth driving, and the last answer over them."""

    bounds: tuple[TripBound, ...]
    trips: tuple[PricedTrip, ...]
    answer: Answer


class Generation:
    """
    Adds trips until no more are worth it.

    Parameters
    ----------
    master
        The choice of workshops; closed options have no trips.
    most_trips
        Of each type of truck that are added at once.
    has_patterns
        Whether each process gives out whole patterns (``patterns/``).
    trucks
        Number of each, by base and type, where it is settled; then nothing is proven of others.
    threads
        Cores that search for trips.
    """

    def __init__(
        self,
        master: Master,
        *,
        most_trips: int = 200,
        has_patterns: bool = False,
        trucks: Mapping[tuple[int, int], float] | None = None,
        threads: int = 1,
    ) -> None:
        self.master, self.most_trips, self.threads = master, most_trips, threads
        problem = master.problem
        self.fleets = [problem.fleet(base) for base in range(len(problem.bases))]
        self.classes = GRID.classes
        self.programme = TripProgramme(master, self.fleets, self.classes, has_patterns=has_patterns)
        self.pricers = [
            Pricer(problem, base, kind, truck, options_of(master, base))
            for base, fleet in enumerate(self.fleets)
            for kind, truck in enumerate(fleet)
            if trucks is None or trucks.get((base, kind))
        ]
        if trucks is not None:
            self.programme.hold_trucks(trucks)
        for pricer in self.pricers:
            self.programme.add_trips(pricer.single_trips())
            for pattern in first_patterns(self.classes):
                self.programme.add_pattern(pricer.base, pricer.kind, pattern)

    def near(
        self, value: float, *, most_trips: int, is_out_of_time: Callable[[], bool]
    ) -> Generated:
        """
        Add trips that a plan better than a value may have, by the prices found last.

        A trip that loses more than what the relaxation exceeds the value by has no part in one.

        Parameters
        ----------
        value
            Currency a year.
        most_trips
            Of each type of truck, those that lose least.
        is_out_of_time
            Asked before every truck's search.
        """
        answer = self.programme.solve(is_out_of_time)
        loss = max(answer.objective - value, 0.0) / self.programme.days
        known = set(self.programme.trips)
        for pricer in self.pricers:
            mine = answer.prices[pricer.base]
            if mine is not None and not is_out_of_time():
                prices = self._packed(pricer.base, mine)
                found = pricer.wide(prices, loss=loss, most_trips=most_trips)
                self.programme.add_trips([trip for trip in found.trips if trip not in known])
        answer = self.programme.solve(is_out_of_time)
        return Generated(bounds=(), trips=tuple(self.programme.trips), answer=answer)

    def run(
        self,
        *,
        most_searches: int,
        is_out_of_time: Callable[[], bool],
        is_bound_wanted: bool = True,
    ) -> Generated:
        """
        Add trips until none earns anything, or hardly any more is gained.

        Parameters
        ----------
        most_searches
            After which it ends.
        is_out_of_time
            Asked before every truck's search; then nothing is bounded.
        is_bound_wanted
            Else it ends where glances gain hardly any more, and bounds nothing.
        """
        is_glance, n_whole, gains, last = True, 0, [np.inf], -np.inf
        for number in count():
            answer = self.programme.solve(is_out_of_time)
            gains.append(answer.objective - last)
            last = answer.objective
            is_late = number >= most_searches
            is_glance = is_glance and not is_late and max(gains[-PATIENCE:]) > ENOUGH * abs(last)
            if not is_glance and not is_bound_wanted:
                return Generated(bounds=(), trips=tuple(self.programme.trips), answer=answer)
            prices = [
                None if mine is None else self._packed(base, mine)
                for base, mine in enumerate(answer.prices)
            ]
            founds = self._search(prices, is_glance, is_out_of_time)
            if founds is None:
                return Generated(bounds=(), trips=tuple(self.programme.trips), answer=answer)
            n_new = sum(len(found.trips) for found in founds.values()) + self._add_patterns(answer)
            is_tight = n_new == 0 or self._lost(answer, founds) <= ENOUGH * abs(last)
            n_whole += not is_glance and not all(found.is_whole for found in founds.values())
            if not is_glance and (is_late or is_tight or n_whole == WHOLE):
                bounds = self._bounds(prices, founds)
                break
            is_glance = is_glance and n_new > FEW
            for found in founds.values():
                self.programme.add_trips(found.trips)
        return Generated(bounds=bounds, trips=tuple(self.programme.trips), answer=answer)

    def _lost(self, answer: Answer, founds: Mapping[tuple[int, int], Found]) -> float:
        """What making the prices safe takes off them, currency a year."""
        x = answer.columns[self.master.columns("x")]
        visits = self.master.problem.options.visits_per_day * x
        lost = 0.0
        for base in range(len(self.fleets)):
            most = max((found.most for (at, _), found in founds.items() if at == base), default=0.0)
            lost += most * float(visits[self.master.base == base].sum())
        return self.master.problem.prices.days_per_year * lost

    def _search(
        self,
        prices: Sequence[TripPrices | None],
        is_glance: bool,
        is_out_of_time: Callable[[], bool],
    ) -> dict[tuple[int, int], Found] | None:
        """By base and type; ``None`` when time runs out before all were searched."""

        def search(pricer: Pricer, mine: TripPrices) -> Found | None:
            if is_out_of_time():
                return None
            of_truck = pricer.glance if is_glance else pricer.search
            return of_truck(mine, most_trips=self.most_trips)

        given = [
            (pricer, mine) for pricer in self.pricers if (mine := prices[pricer.base]) is not None
        ]
        found = side_by_side([partial(search, *each) for each in given], self.threads)
        founds = {}
        for (pricer, _), each in zip(given, found, strict=True):
            if each is None:
                return None
            founds[pricer.base, pricer.kind] = each
        return founds

    def _packed(self, base: int, prices: TripPrices) -> TripPrices:
        """The same, with prices of time that no shift exceeds."""
        time = prices.time.copy()
        for kind in range(len(self.fleets[base])):
            _, worth = best_pattern(time[kind])
            most = self._day_price(base, kind, prices)
            if worth > most:
                time[kind] *= most / worth * (1 - SAME)
        return replace(prices, time=time)

    def _add_patterns(self, answer: Answer) -> int:
        """Days of trucks that are worth more than they cost; how many are new."""
        n_new = 0
        for base, prices in enumerate(answer.prices):
            if prices is None:
                continue
            for kind in range(len(self.fleets[base])):
                pattern, worth = best_pattern(prices.time[kind])
                if worth > self._day_price(base, kind, prices) * (1 + SAME):
                    n_new += self.programme.add_pattern(base, kind, pattern)
        return n_new

    def _day_price(self, base: int, kind: int, prices: TripPrices) -> float:
        """What a truck's day costs, and what it takes from others where trucks are few."""
        return self.fleets[base][kind].fixed_per_day + float(prices.number[kind])

    def _bounds(
        self, prices: Sequence[TripPrices | None], founds: Mapping[tuple[int, int], Found]
    ) -> tuple[TripBound, ...]:
        """Safe prices; none for a base of which too little is known."""
        bounds = []
        for base, mine in enumerate(prices):
            most = [found.most for (at, _), found in founds.items() if at == base]
            if mine is None or not most or not isfinite(max(most)):
                continue
            visits = self.master.problem.options.visits_per_day
            constant = sum(
                truck.number * float(mine.number[kind])
                for kind, truck in enumerate(self.fleets[base])
                if isfinite(truck.number)
            )
            visit = np.where(self.master.base == base, (mine.visit - max(most)) * visits, 0.0)
            bounds.append(TripBound(base=base, visit=visit, worker=mine.worker, constant=constant))
        return tuple(bounds)
