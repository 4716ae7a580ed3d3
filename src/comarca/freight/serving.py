"""
Rounds for workshops that were chosen, and what all is worth.

PyVRP makes the rounds of each base, from trips known already or anew; workshops, trucks and bases
that cost more than they bring are left out. On the trips made, workers are chosen once more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from comarca.freight.filling import fill_trucks
from comarca.freight.master import Master
from comarca.freight.params import FreightParams
from comarca.freight.problem import FreightProblem, Process
from comarca.freight.rounds import Rounds, TruckDay, make_rounds
from comarca.freight.routing_bound import RoutingBound
from comarca.freight.search import Choice
from comarca.freight.side_by_side import side_by_side
from comarca.freight.staffing import staff_workshops, staff_worth
from comarca.freight.timetable import rounds_cost
from comarca.freight.trips.packing import does_fit


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A choice with its rounds and what it is worth, currency a year."""

    workers: Mapping[int, int]
    rounds: tuple[Rounds, ...]
    value: float


NOTHING = Candidate(workers={}, rounds=(), value=0.0)


class Serving:
    """
    Serves choices and values them.

    Parameters
    ----------
    problem, params, bounds
        What is planned for, how, and the bounds on the rounds of each base.
    solve
        Solves the programme that fills trucks.
    """

    def __init__(
        self,
        problem: FreightProblem,
        params: FreightParams,
        bounds: Sequence[RoutingBound | None],
        solve: Callable[[Master], Choice],
    ) -> None:
        self.problem, self.params, self.bounds, self.solve = problem, params, bounds, solve

    def candidate(
        self, workers: Mapping[int, int], rounds: Sequence[Rounds | None], number: int
    ) -> Candidate:
        """
        Make a plan of a choice: with its trucks filled, or with its rounds searched further.

        Parameters
        ----------
        workers
            By option.
        rounds
            Of the bases; ``None`` where they are yet to be made.
        number
            Of the search, which gives it its seed.
        """
        made = tuple(each for each in rounds if each is not None and each.days)
        chosen, filled = Candidate(workers=workers, rounds=made, value=-np.inf), NOTHING
        if all(each is not None for each in rounds):
            chosen = self.of(workers, made)
            chosen = self.filled(chosen)
            filled = chosen if does_fit(chosen.rounds) else NOTHING
        further = self._with_rounds(chosen.workers, number, chosen.rounds)
        return max(filled, self.filled(further), key=lambda each: each.value)

    def of(self, workers: Mapping[int, int], rounds: Sequence[Rounds]) -> Candidate:
        """Value a choice with its rounds."""
        value = self.value(workers, rounds)
        return Candidate(workers=workers, rounds=tuple(rounds), value=value)

    def filled(self, candidate: Candidate) -> Candidate:
        """The candidate with the workers that are worth most on its trips."""
        if not candidate.workers:
            return candidate
        workers, rounds = fill_trucks(
            self.problem,
            self.bounds,
            candidate.workers,
            candidate.rounds,
            self.solve,
        )
        filled = Candidate(workers=workers, rounds=rounds, value=self.value(workers, rounds))
        return max(candidate, filled, key=lambda each: each.value)

    def _with_rounds(
        self,
        workers: Mapping[int, int],
        number: int,
        begin: Sequence[Rounds] = (),
    ) -> Candidate:
        """Make the rounds of a choice; workshops, trucks and bases that do not pay are closed."""
        known = {each.base: each for each in begin}
        pieces = []
        for base in range(len(self.problem.bases)):
            mine = {at: count for at, count in workers.items() if self._base_of(at) == base}
            pieces.append(partial(self._base_rounds, base, mine, number, known.get(base)))
        made = side_by_side(pieces, self.params.threads)
        stays = {at for _, served in made for at in served}
        kept = {at: count for at, count in workers.items() if at in stays}
        rounds = [each for each, served in made if served]
        return Candidate(workers=kept, rounds=tuple(rounds), value=self.value(kept, rounds))

    def _base_rounds(
        self,
        base: int,
        workers: Mapping[int, int],
        number: int,
        begin: Rounds | None,
    ) -> tuple[Rounds, dict[int, int]]:
        """Rounds of one base, and the workshops they serve; none when the base does not pay."""
        days = self.problem.prices.days_per_year
        served = dict(workers)
        benefit = self._benefits(served)
        served = {at: count for at, count in served.items() if benefit[at] > 0}
        of_facility = {int(self.problem.options.facility[at]): at for at in served}
        rounds = make_rounds(
            self.problem,
            base,
            {place: self.problem.demand(at, served[at]) for place, at in of_facility.items()},
            {place: benefit[at] / days for place, at in of_facility.items()},
            iterations=self.params.routing_iterations,
            seed=self.params.seed + number,
            begin=begin,
        )
        served = {at: n for at, n in served.items() if self._place(at) not in rounds.left_out}
        rounds, served = self._without_trucks_that_do_not_pay(rounds, served, benefit)
        worth = sum(benefit[at] for at in served) - days * rounds_cost(self.problem, rounds)
        if worth <= self.problem.bases[base].opening_per_year:
            return Rounds(base, (), frozenset()), {}
        return rounds, served

    def _without_trucks_that_do_not_pay(
        self, rounds: Rounds, served: dict[int, int], benefit: Mapping[int, float]
    ) -> tuple[Rounds, dict[int, int]]:
        """Close the workshops of a truck that costs more than all it serves bring."""
        option_at = {self._place(at): at for at in served}
        trucks_at: dict[int, int] = {}
        for day in rounds.days:
            for place in _places(day):
                trucks_at[place] = trucks_at.get(place, 0) + 1
        kept = []
        for day in rounds.days:
            places = _places(day)
            cost = rounds_cost(self.problem, Rounds(rounds.base, (day,), frozenset()))
            brings = sum(benefit[option_at[place]] for place in places)
            is_alone = all(trucks_at[place] == 1 for place in places)
            if is_alone and brings <= self.problem.prices.days_per_year * cost:
                served = {at: n for at, n in served.items() if self._place(at) not in places}
            else:
                kept.append(day)
        return Rounds(rounds.base, tuple(kept), rounds.left_out), served

    def _benefits(self, workers: Mapping[int, int]) -> dict[int, float]:
        """What each workshop brings before freight, currency a year."""
        staff = staff_workshops(self.problem, workers)
        return {
            at: self._process(at).worth * count
            + staff_worth(self.problem, staff[at])
            - self.problem.facilities[self._place(at)].cost_per_year
            for at, count in workers.items()
        }

    def value(self, workers: Mapping[int, int], rounds: Sequence[Rounds]) -> float:
        """Net benefit, currency a year."""
        opened = {self._base_of(at) for at in workers}
        opening = sum(self.problem.bases[base].opening_per_year for base in opened)
        freight = sum(rounds_cost(self.problem, each) for each in rounds)
        benefits = sum(self._benefits(workers).values())
        return benefits - opening - self.problem.prices.days_per_year * freight

    def _process(self, option: int) -> Process:
        process: Process = self.problem.processes[self.problem.options.process[option]]
        return process

    def _base_of(self, option: int) -> int:
        return self._process(option).base

    def _place(self, option: int) -> int:
        return int(self.problem.options.facility[option])


def _places(day: TruckDay) -> set[int]:
    return {visit.facility for trip in day.trips for visit in trip}
