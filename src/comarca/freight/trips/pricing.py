"""The trips of one truck that earn most under prices, and how much any trip could earn."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import NDArray

from comarca.freight.problem import FreightProblem, Vehicle
from comarca.freight.trips.labels import (
    NEVER,
    Labels,
    best_ahead,
    best_of_all,
    empty_labels,
    grow_trips,
    needed_choices,
)
from comarca.freight.trips.stops import GRID, Floats, Grid, Ints, stops_of

GLANCE = 4_000  # labels of a glance
NOTHING = 1e-7  # share of the dearest journey that is as good as no earnings
HOW_OFTEN = 12  # times a place may appear among the trips of one search
WIDE = 200_000  # labels of a wide search


@dataclass(frozen=True, kw_only=True)
class PricedTrip:
    """
    A trip of a type of truck, from its base and back.

    Parameters
    ----------
    base, kind
        Position of the base, and of the type in its fleet.
    options, workers
        Of each stop in order: the option, and the workers it counts for.
    cost
        Driving, loading and stops, currency.
    minutes
        From the start of loading to the return.
    duration
        Class of its duration, rounded down.
    """

    base: int
    kind: int
    options: tuple[int, ...]
    workers: tuple[int, ...]
    cost: float
    minutes: float
    duration: int


@dataclass(frozen=True, kw_only=True, eq=False)
class TripPrices:
    """
    What visits, workers and shifts are worth to the trucks of a base, currency a day.

    Parameters
    ----------
    visit, worker
        Of each option, for a visit and for each of its workers' goods in one visit, shape
        ``(n_options,)``; ``worker`` is 0 or more.
    time
        Of a trip by class of duration and type of truck, shape ``(n_types, classes + 1)``; 0 or
        more and never falling.
    number
        What one truck more of each type would save, shape ``(n_types,)``; 0 or more.
    """

    visit: Floats
    worker: Floats
    time: Floats
    number: Floats


@dataclass(frozen=True, kw_only=True, eq=False)
class Found:
    """
    Trips that earn something, the best first.

    ``most`` is the most any trip may earn, 0 or more; ``is_whole`` whether all were looked at.
    """

    trips: tuple[PricedTrip, ...]
    most: float
    is_whole: bool = True


class Pricer:
    """
    Searches the trips of one type of truck of one base.

    Parameters
    ----------
    problem, base, kind, truck
        Whose trips; ``kind`` is the position of the type in the fleet.
    options
        Of the base, sorted.
    """

    def __init__(
        self, problem: FreightProblem, base: int, kind: int, truck: Vehicle, options: Ints
    ) -> None:
        self.problem, self.base, self.kind, self.truck = problem, base, kind, truck
        self.options = options
        self._lay_out()

    @property
    def grid(self) -> Grid:
        """How finely trips are told apart now."""
        return self.stops.grid

    def glance(self, prices: TripPrices, *, most_trips: int) -> Found:
        """Find some trips that earn something, in little time; others may earn more."""
        if not len(self.stops.option):
            return Found(trips=(), most=inf)
        return self._search(prices, most_trips, GLANCE, self.threshold, HOW_OFTEN)[0]

    def search(self, prices: TripPrices, *, most_trips: int) -> Found:
        """
        Find trips that earn something.

        No trip at all earns more than ``most``. Where there are too many to look at each, it is
        what trips may earn that forget what they visited.
        """
        if not len(self.stops.option):
            return Found(trips=(), most=self.threshold)
        return self._search(prices, most_trips, self.grid.labels, self.threshold, HOW_OFTEN)[0]

    def wide(self, prices: TripPrices, *, loss: float, most_trips: int) -> Found:
        """
        Find trips that lose hardly anything, however often each place appears among them.

        Parameters
        ----------
        prices
            Of the base.
        loss
            Most that a trip may lose, currency; 0 or more.
        most_trips
            How many, those that earn most.
        """
        if not len(self.stops.option):
            return Found(trips=(), most=self.threshold)
        return self._search(prices, most_trips, WIDE, -loss, most_trips)[0]

    def single_trips(self) -> list[PricedTrip]:
        """A trip to each option, with the most workers that fit, where there is time."""
        stops = self.stops
        place = np.repeat(np.arange(len(stops.facilities)), np.diff(stops.first))
        fits = stops.time[0, place] + stops.time[place, 0] <= stops.shift
        fits &= (stops.load <= stops.grid.load_steps).all(axis=1)
        fits[:-1] &= stops.option[1:] != stops.option[:-1]
        return [self._trip([int(place[at])], [int(at)]) for at in np.flatnonzero(fits)]

    def _lay_out(self) -> None:
        grid = GRID
        self.stops = stops_of(self.problem, self.base, self.truck, self.options, grid)
        n = len(self.stops.facilities)
        cost = self.stops.cost[0, 1:] + self.stops.cost[1:, 0]
        self.threshold = NOTHING * float(cost.max(initial=0.0))
        self.position = np.full((n, n), -1, dtype=np.int8)
        for bit in range(grid.near):
            rows = np.flatnonzero(self.stops.near[:, bit] >= 0)
            self.position[rows, self.stops.near[rows, bit]] = bit

    def _search(
        self, prices: TripPrices, most_trips: int, labels: int, threshold: float, how_often: int
    ) -> tuple[Found, bool]:
        """Trips that earn more than a threshold, and whether all were looked at."""
        stops = self.stops
        share = stops.workers / self.problem.options.visits_per_day[stops.option]
        profit = prices.visit[stops.option] + prices.worker[stops.option] * share
        kept = np.flatnonzero(needed_choices(stops.first, profit, stops.load))
        first = np.searchsorted(kept, stops.first).astype(np.int64)
        choices = (first, profit[kept], stops.load[kept])
        time = self._price_of_time(prices)
        ahead, arrived = self._ahead(choices, time)
        most = best_of_all(stops.time, stops.cost, arrived)
        if most <= threshold:
            return Found(trips=(), most=max(most, self.threshold)), True
        grown = empty_labels(len(stops.facilities), stops.load.shape[1], labels)
        count, is_whole = grow_trips(
            stops.time,
            stops.cost,
            *choices,
            stops.near,
            self.position,
            ahead,
            arrived,
            time,
            threshold,
            grown,
        )
        value = grown.value[:count]
        if is_whole:
            most = max(float(value.max(initial=NEVER)), self.threshold)
        chosen = self._chosen(grown, value, most_trips, threshold, how_often)
        trips = tuple(self._traced(at, grown, kept) for at in chosen)
        return Found(trips=trips, most=most, is_whole=is_whole), is_whole

    def _price_of_time(self, prices: TripPrices) -> Floats:
        """By steps."""
        grid = self.grid
        steps_of_class = grid.time_steps // grid.classes
        classes = np.arange(grid.time_steps + 1) // steps_of_class
        return np.asarray(prices.time[self.kind][classes])

    def _ahead(
        self, choices: tuple[Ints, Floats, NDArray[np.int32]], time: Floats
    ) -> tuple[Floats, Floats]:
        stops, full_truck = self.stops, self.grid.load_steps
        between = stops.time[1:, 1:]
        if between.size and between.min() < 1:
            unknown = np.full((len(stops.facilities), stops.shift + 1, full_truck + 1), inf)
            return unknown, unknown
        return best_ahead(stops.time, stops.cost, *choices, time, full_truck)

    def _chosen(
        self, grown: Labels, value: Floats, most_trips: int, threshold: float, how_often: int
    ) -> list[int]:
        """The best labels, no place too often."""
        good = np.flatnonzero(value > threshold)
        used = np.zeros(len(self.stops.facilities), dtype=np.int64)
        chosen: list[int] = []
        for at in good[np.argsort(-value[good], kind="stable")][: 20 * most_trips].tolist():
            places = _back(at, grown.place, grown.before)
            if used[places].min() < how_often:
                used[places] += 1
                chosen.append(at)
            if len(chosen) == most_trips:
                break
        return chosen

    def _traced(self, label: int, grown: Labels, kept: Ints) -> PricedTrip:
        choices = _back(label, grown.choice, grown.before)
        return self._trip(_back(label, grown.place, grown.before), kept[choices].tolist())

    def _trip(self, places: list[int], choices: list[int]) -> PricedTrip:
        stops = self.stops
        way = [0, *places, 0]
        legs = tuple(way[:-1]), tuple(way[1:])
        steps = int(stops.time[legs].sum())
        return PricedTrip(
            base=self.base,
            kind=self.kind,
            options=tuple(stops.option[choices].tolist()),
            workers=tuple(stops.workers[choices].tolist()),
            cost=float(stops.cost[legs].sum()),
            minutes=float(stops.minutes[legs].sum()),
            duration=steps // (stops.grid.time_steps // stops.grid.classes),
        )


def _back(label: int, of: NDArray[np.int32], before: NDArray[np.int32]) -> list[int]:
    """Follow a trip back to the base; in the order it was driven."""
    found = []
    while label >= 0:
        found.append(int(of[label]))
        label = int(before[label])
    return found[::-1]
