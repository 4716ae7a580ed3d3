"""
What the choice of workshops knows of rounds before they are made: what they cost at least.

The bounds themselves are proven in ``routing_bound.py``, ``steps.py``, ``cuts.py`` and ``trips/``;
``master.py`` states the rows.
"""

from __future__ import annotations

import numpy as np

from comarca.freight.cuts import Cut
from comarca.freight.programme_rows import Floats, Ints, Rows
from comarca.freight.routing_bound import RoutingBound
from comarca.freight.steps import stepped_weights
from comarca.freight.trips.bounds import TripBound


class RoundRows(Rows):
    """One method a bound."""

    def _trucks_have_so_many_hours(self, base: int, bound: RoutingBound) -> None:
        if not np.isfinite(bound.duty_min):
            return
        mine = np.flatnonzero(self.base == base)
        stops = self.problem.stop_min * self._visits(mine)
        for weights in _undominated(bound.duty_radial[self.town[mine]] * self._loads(mine)):
            self._add(
                *self._workers(mine, np.zeros(len(mine), dtype=np.int64), weights),
                (np.zeros(len(mine), dtype=np.int64), self.columns("x", mine), stops),
                upper=np.array([bound.duty_min]),
            )

    def _rounds_cost_at_least_the_radial_way(self, base: int, bound: RoutingBound) -> None:
        mine = np.flatnonzero(self.base == base)
        zero = np.zeros(len(mine), dtype=np.int64)
        for rate in (bound.spread, bound.once):
            for weights in _undominated(rate.radial[self.town[mine]] * self._loads(mine)):
                self._add(
                    *self._workers(mine, zero, weights),
                    (zero, self.columns("x", mine), rate.stop * self._visits(mine)),
                    self._one("open", base, rate.fixed / self._longest_wait(mine)),
                    self._one("rounds", base, -1.0),
                    upper=np.zeros(1),
                )

    def _rounds_cost_at_least_the_stepped_way(self, base: int, bound: RoutingBound) -> None:
        """A large visit takes up more of its trip than its share of the truck (``steps.py``)."""
        mine = np.flatnonzero(self.base == base)
        zero = np.zeros(len(mine), dtype=np.int64)
        visits, loads = self._visits(mine), self._loads(mine)
        least = loads * (self.problem.options.least[mine] / visits)[:, None]
        for rate in (bound.spread, bound.once):
            steps = stepped_weights(
                least, loads / visits[:, None], bound.limits, rate.journeys[:, self.town[mine]]
            )
            for first, more in steps:
                self._add(
                    (zero, self.columns("x", mine), visits * (first + rate.stop)),
                    (zero, self.columns("extra", mine), visits * more),
                    self._one("open", base, rate.fixed / self._longest_wait(mine)),
                    self._one("rounds", base, -1.0),
                    upper=np.zeros(1),
                )

    def _rounds_cost_at_least_the_farthest_town(self, base: int, bound: RoutingBound) -> None:
        """The place's own stop is named; those of other places are in the other bounds."""
        mine = np.flatnonzero(self.base == base)
        places, row = np.unique(self.problem.options.facility[mine], return_inverse=True)
        due = bound.farthest[self.town[mine]] + bound.once.stop
        self._add(
            (row, self.columns("x", mine), due / self.problem.options.every_days[mine]),
            (
                np.arange(len(places)),
                self.columns("rounds", np.full(len(places), base)),
                -np.ones(len(places)),
            ),
            upper=np.zeros(len(places)),
        )

    def _rounds_cost_at_least_the_ways_in_and_out(self, base: int, bound: RoutingBound) -> None:
        mine = np.flatnonzero(self.base == base)
        ties = np.flatnonzero(self.columns.tie_base == base)
        zero = np.zeros(len(mine), dtype=np.int64)
        rarest, oftener = self._entries_per_day(mine, ties)
        for rate in (bound.spread, bound.once):
            due = rate.stop * self._visits(mine) + rate.half_arcs[self.town[mine]] * oftener
            self._add(
                (zero, self.columns("x", mine), due),
                (
                    np.zeros(len(ties), dtype=np.int64),
                    self.columns("tie", ties),
                    rate.half_arcs[self.columns.tie_town[ties]] * rarest,
                ),
                self._one("open", base, (rate.fixed + rate.loading) / self._longest_wait(mine)),
                self._one("rounds", base, -1.0),
                upper=np.zeros(1),
            )

    def _entries_per_day(self, options: Ints, ties: Ints) -> tuple[Floats, Floats]:
        """
        How often a tied town is entered at least, and how much oftener an option needs it.

        A town with one place is entered as often as its workshop wants. Where there are several,
        one entry may serve them all, and only the rarest that may be wanted is certain.
        """
        every = 1.0 / self.problem.options.every_days[options]
        tie = self.columns.tie_of_option[options]
        rarest = np.full(self.columns.size["tie"], np.inf)
        np.minimum.at(rarest, tie, every)
        places = np.unique(np.stack([tie, self.problem.options.facility[options]]), axis=1)
        n_places = np.bincount(places[0], minlength=self.columns.size["tie"])
        oftener = np.where(n_places[tie] == 1, every - rarest[tie], 0.0)
        return rarest[ties], oftener

    def _longest_wait(self, options: Ints) -> float:
        """Most days between visits among some options."""
        return float(self.problem.options.every_days[options].max())

    def _workshop_has_enough_for_a_cut(self) -> None:
        """``n[o] ≤ (v − 1) x[o] + (most − v + 1) enough[o, v]``."""
        options = self.problem.options
        for (option, workers), at in self.enough.items():
            below = float(workers - 1 - options.least[option])
            above = float(options.most[option] - workers + 1)
            self._add(
                self._one("extra", option, 1.0),
                self._one("x", option, -below),
                self._one("enough", at, -above),
                upper=np.zeros(1),
            )

    def _rounds_cost_at_least_what_less_was_found_to_cost(self, cut: Cut) -> None:
        """``rounds[b] ≥ cost (1 − Σ (1 − enough))``; impossible ones may not all be there."""
        has_cost = np.isfinite(cut.cost)
        cost = cut.cost if has_cost else 1.0
        parts = [
            self._one("x", option, cost)
            if workers <= self.problem.options.least[option]
            else self._one("enough", self.enough[option, workers], cost)
            for option, workers in cut.at_least
        ]
        others = np.setdiff1d(
            np.flatnonzero(self.base == cut.base), [option for option, _ in cut.at_least]
        )
        if not cut.holds_for_more:
            zero = np.zeros(len(others), dtype=np.int64)
            parts.append((zero, self.columns("x", others), np.full(len(others), -cost)))
        if has_cost:
            parts.append(self._one("rounds", cut.base, -1.0))
        self._add(*parts, upper=np.array([cost * (len(cut.at_least) - 1)]))

    def _rounds_cost_at_least_the_prices_of_trips(self, trips: TripBound) -> None:
        """What no trip pays back (``trips/generation.py``)."""
        mine = np.flatnonzero(self.base == trips.base)
        zero = np.zeros(len(mine), dtype=np.int64)
        self._add(
            *self._workers(mine, zero, trips.worker[mine]),
            (zero, self.columns("x", mine), trips.visit[mine]),
            self._one("rounds", trips.base, -1.0),
            upper=np.array([trips.constant]),
        )


def _undominated(weights: Floats) -> list[Floats]:
    """Rows of measures that no other measure exceeds everywhere; shape in ``(n, 4)``."""
    kept: list[Floats] = []
    for column in sorted(weights.T, key=lambda column: -float(column.sum())):
        if not any((other >= column).all() for other in kept):
            kept.append(column)
    return kept
