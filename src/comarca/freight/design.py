"""
Designing the freight-tied agglomeration: choose, make rounds, feed their cost back, keep the best.

1. The master programme (``master.py``) with proven lower bounds on the rounds gives a first choice
   and the bound.
2. Where premises are few, exact rounds close the gap between bound and plan (``closing.py``).
3. Else PyVRP makes the rounds of each base, and leaves out workshops that cost more to serve than
   they bring.
4. What the rounds cost beyond their bound, and what each workshop adds to them, goes back into the
   master as a price; it chooses again. The best plan of all rounds is kept, never worse than none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from comarca.freight.aimed import Aimed
from comarca.freight.aims import Aim
from comarca.freight.assembly import assemble
from comarca.freight.building import freight_problem
from comarca.freight.closing import Closing
from comarca.freight.exact_rounds import TooManyVisits
from comarca.freight.filling import fill_trucks
from comarca.freight.master import Master
from comarca.freight.params import FreightParams
from comarca.freight.problem import FreightProblem, Process
from comarca.freight.rounds import Rounds, TruckDay, make_rounds
from comarca.freight.routing_bound import RoutingBound, routing_bounds
from comarca.freight.savings import savings
from comarca.freight.search import Choice, Limits, keep_most_promising, relax, solve_master
from comarca.freight.selecting import Selecting
from comarca.freight.solvers import require_solvers
from comarca.freight.staffing import staff_workshops, staff_worth
from comarca.freight.stopping import Stopping
from comarca.freight.telling import Progress, told
from comarca.freight.timetable import rounds_cost
from comarca.freight.trips.bounds import TripBound
from comarca.freight.trips.generation import Generation
from comarca.freight.trips.packing import does_fit
from comarca.freight.trips.pricing import PricedTrip
from comarca.freight.warm import Start, start_from
from comarca.model.freight_plan import FreightPlan, Status
from comarca.model.labour import LabourPools
from comarca.model.matrices import TravelMatrix
from comarca.model.prices import Prices
from comarca.model.region import Region


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A choice with its rounds and what it is worth, currency a year."""

    workers: Mapping[int, int]
    rounds: tuple[Rounds, ...]
    value: float


LITTLE = 5e-4  # share of a plan's value by which the next is hardly better
POLISHING = 2  # times the usual iterations for the rounds of the best choice
NOTHING = Candidate(workers={}, rounds=(), value=0.0)


def design_freight(
    region: Region,
    pools: LabourPools,
    travel: TravelMatrix,
    prices: Prices,
    params: FreightParams | None = None,
    *,
    start: FreightPlan | None = None,
    progress: Progress | None = None,
) -> FreightPlan:
    """
    Design the agglomeration that is best by the objective asked for: net benefit, cost or jobs.

    Parameters
    ----------
    region
        Completed: enterprises, processes, vehicles and facilities are there.
    pools
        Who could work at home.
    travel
        Of a light truck.
    prices
        What work, journeys and capital are worth.
    params
        Objective, handling times and stopping rules; ``None`` = the defaults for the region.
    start
        A plan made before, to start from; where it still keeps every rule, the new one is never
        worse.
    progress
        Told what is being done, and the share done if it is known.

    Returns
    -------
    FreightPlan
        Keeps every rule; with a proven bound; worth 0 or more where nothing is required of it. When
        nothing can or should be opened, or what is required cannot be had, it is empty and its
        notes say why.

    Raises
    ------
    SolverMissingError
        When a library that solves is not installed.
    ParameterError
        When the region was not completed.
    UnknownTownError
        When travel times lack a town, or a process names an unknown enterprise.
    """
    require_solvers()
    settings = params if params is not None else FreightParams.for_region(region)
    problem = freight_problem(region, pools, travel, prices, settings)
    begun = None
    if start is not None:
        begun = start_from(start, problem, region, pools, travel, prices, settings)
    aim, tell = Aim.of(settings), progress or _silent
    if not aim.is_plain:
        return Aimed(problem, region, settings, aim, tell, begun).done()
    return _Designing(problem, region, settings, tell, begun).done()


def _silent(message: str, share: float | None) -> None:
    """Nobody listens."""


class _Designing:
    """The work of :func:`design_freight`."""

    def __init__(
        self,
        problem: FreightProblem,
        region: Region,
        params: FreightParams,
        progress: Progress,
        begun: Start | None = None,
    ) -> None:
        self.problem, self.region, self.params, self.progress = problem, region, params, progress
        self.stopping = Stopping(params)
        self.notes = [*problem.notes, *([begun.note] if begun else [])]
        self.begun = begun
        self.trip_bounds: tuple[TripBound, ...] = ()
        self.trips: tuple[PricedTrip, ...] = ()
        self.gains = np.zeros(0)

    def done(self) -> FreightPlan:
        if not len(self.problem.options):
            self.notes.insert(0, "no workshop can be set up: " + self._why_none())
            return self._plan(NOTHING, 0.0, "empty")
        bounds = routing_bounds(self.problem)
        if not self._has_few_premises() and len(self.problem.options) <= self.params.trip_options:
            self._find_trips(bounds)
        begun = self._begun(bounds)
        if self.trips:
            return self._selected_plan(bounds, begun)
        self.progress("Choosing workshops", None)
        choice = self._choose(self._master(bounds))
        bound = max(choice.bound, 0.0)
        best, bound = self._close(bounds, bound, begun)
        if not self.stopping.is_near_enough(best.value, bound):
            self._tell("Making rounds", best, bound)
            best = max(best, self._improve(choice, bounds), key=lambda each: each.value)
            self._tell("Made rounds", best, bound)
        return self._plan(best, max(bound, best.value), self._status(best, bound))

    def _begun(self, bounds: Sequence[RoutingBound | None]) -> Candidate:
        """The plan to start from, its trucks filled."""
        if self.begun is None:
            return NOTHING
        workers, rounds = self.begun.workers, self.begun.rounds
        value = self._value(workers, rounds)
        given = Candidate(workers=workers, rounds=rounds, value=value)
        return max(NOTHING, self._filled(bounds, given), key=lambda each: each.value)

    def _tell(self, stage: str, best: Candidate, bound: float) -> None:
        self.progress(told(stage, best.value, max(bound, best.value)), None)

    def _find_trips(self, bounds: Sequence[RoutingBound | None]) -> None:
        """Let trips and their prices tell what rounds must cost at least."""
        self.progress("Finding trips", None)
        generation = Generation(Master(self.problem, bounds))
        found = generation.run(
            most_searches=self.params.trip_searches, is_out_of_time=self.stopping.is_out_of_time
        )
        self.trip_bounds = found.bounds
        self.trips, self.gains = found.trips, found.answer.gains

    def _selected_plan(self, bounds: Sequence[RoutingBound | None], best: Candidate) -> FreightPlan:
        """Workshops and trips chosen together, made better and put to the test."""
        relaxation = relax(self._master(bounds))
        bound = max(relaxation.bound, 0.0)
        self._tell("Choosing workshops and trips", best, bound)
        selecting = Selecting(
            self.problem, self.params, self.trips, self.gains, self.stopping.is_out_of_time
        )
        for number in range(self.params.rounds):
            if self.stopping.is_near_enough(best.value, bound):
                break
            found = selecting.choose(self.params.seed + number, best.workers, best.rounds)
            if found is None:
                break
            candidate = self._driven(bounds, *found, number)
            is_better = candidate.value > best.value * (1 + LITTLE)
            best = max(best, candidate, key=lambda each: each.value)
            self._tell("Made rounds", best, bound)
            if not is_better or self.stopping.is_out_of_time():
                break
        return self._plan(best, max(bound, best.value), self._status(best, bound))

    def _driven(
        self,
        bounds: Sequence[RoutingBound | None],
        workers: Mapping[int, int],
        rounds: Sequence[Rounds | None],
        number: int,
    ) -> Candidate:
        """The choice with its trucks filled, or with its rounds searched further."""
        made = tuple(each for each in rounds if each is not None and each.days)
        chosen, filled = Candidate(workers=workers, rounds=made, value=-np.inf), NOTHING
        if all(each is not None for each in rounds):
            known = replace(chosen, value=self._value(workers, made))
            chosen = self._filled(bounds, known)
            filled = chosen if does_fit(chosen.rounds) else NOTHING
        iterations = self.params.routing_iterations
        further = self._with_rounds(chosen.workers, number, iterations, chosen.rounds)
        return max(filled, self._filled(bounds, further), key=lambda each: each.value)

    def _master(
        self,
        bounds: Sequence[RoutingBound | None],
        *,
        surcharge: NDArray[np.float64] | None = None,
        markup: NDArray[np.float64] | None = None,
    ) -> Master:
        return Master(
            self.problem,
            bounds,
            surcharge=surcharge,
            markup=markup,
            trip_bounds=self.trip_bounds,
        )

    def _close(
        self, bounds: Sequence[RoutingBound | None], bound: float, best: Candidate
    ) -> tuple[Candidate, float]:
        """Where premises are few: the best plan met with exact rounds, and the bound it proves."""
        if not self._has_few_premises():
            return best, bound
        closing = Closing(self.problem, bounds, self._choose)
        for _ in range(self.params.closing_steps):
            is_near = self.stopping.is_near_enough(best.value, bound)
            if is_near or self.stopping.is_out_of_time():
                break
            self._tell("Closing the gap", best, bound)
            try:
                step = closing.step()
            except TooManyVisits:
                break
            bound = max(min(bound, step.bound), best.value)
            if step.rounds is not None:
                value = self._value(step.workers, step.rounds)
                met = Candidate(workers=step.workers, rounds=step.rounds, value=value)
                best = max(best, met, key=lambda each: each.value)
            if not step.is_learnt:
                break
        return best, bound

    def _has_few_premises(self) -> bool:
        return len(np.unique(self.problem.options.facility)) <= self.params.exact_premises

    def _is_closed(self, best: Candidate, bound: float) -> bool:
        return bound - best.value <= self.params.mip_gap * abs(bound)

    def _choose(self, master: Master) -> Choice:
        """Over all options when they are few, else over the most promising ones."""
        gap = self.params.mip_gap if self._has_few_premises() else self.params.coarse_gap
        if len(self.problem.options) <= self.params.exact_options:
            return solve_master(master, self._limits(gap))
        relaxation = relax(master)
        keep_most_promising(master, relaxation, self.params.promising_options)
        return replace(solve_master(master, self._limits(gap)), bound=relaxation.bound)

    def _choose_again(self, master: Master) -> Choice:
        """With true costs of rounds in the master: nothing is proven, so few nodes will do."""
        if len(self.problem.options) > self.params.promising_options:
            keep_most_promising(master, relax(master), self.params.promising_options)
        limits = self._limits(self.params.coarse_gap)
        return solve_master(master, replace(limits, nodes=self.params.feedback_nodes))

    def _improve(self, choice: Choice, bounds: Sequence[RoutingBound | None]) -> Candidate:
        """Let true costs of rounds go back into the choice; keep the best candidate."""
        best, workers = NOTHING, choice.workers or {}
        tried: list[Mapping[int, int]] = []
        surcharge = np.zeros(len(self.problem.options))
        for number in range(self.params.rounds):
            self.progress("Making rounds", number / self.params.rounds)
            tried.append(workers)
            candidate = self._filled(
                bounds, self._with_rounds(workers, number, self.params.routing_iterations)
            )
            if candidate.value > best.value:
                best = candidate
            if number + 1 == self.params.rounds or self.stopping.is_out_of_time():
                break
            surcharge = np.maximum(surcharge, self._surcharge(bounds, candidate))
            markup = self._markup(bounds, candidate)
            again = self._master(bounds, surcharge=surcharge, markup=markup)
            workers = self._choose_again(again).workers or {}
            if not workers or workers in tried:
                break
        return self._polished(bounds, best, len(tried))

    def _filled(self, bounds: Sequence[RoutingBound | None], candidate: Candidate) -> Candidate:
        """The candidate with the workers that are worth most on its trips."""
        if not candidate.workers:
            return candidate
        workers, rounds = fill_trucks(
            self.problem,
            bounds,
            candidate.workers,
            candidate.rounds,
            lambda master: solve_master(master, self._limits(self.params.mip_gap)),
        )
        filled = Candidate(workers=workers, rounds=rounds, value=self._value(workers, rounds))
        return max(candidate, filled, key=lambda each: each.value)

    def _polished(
        self, bounds: Sequence[RoutingBound | None], best: Candidate, number: int
    ) -> Candidate:
        """Search the rounds of the best choice longer, as long as the clock allows."""
        if not best.workers or self.stopping.is_out_of_time():
            return best
        self.progress("Making rounds", None)
        iterations = POLISHING * self.params.routing_iterations
        longer = self._filled(bounds, self._with_rounds(best.workers, number, iterations))
        return max(best, longer, key=lambda each: each.value)

    def _surcharge(
        self, bounds: Sequence[RoutingBound | None], candidate: Candidate
    ) -> NDArray[np.float64]:
        """What served workshops add to the rounds beyond their marked-up share, by option."""
        surcharge = np.zeros(len(self.problem.options))
        markup = self._markup(bounds, candidate)
        for rounds in candidate.rounds:
            bound = bounds[rounds.base]
            saved = savings(self.problem, rounds)
            for at, count in candidate.workers.items():
                if bound is not None and self._base_of(at) == rounds.base:
                    share = markup[rounds.base] * self._least(bound, {at: count})
                    surcharge[at] = max(saved.get(self._place(at), 0.0) - share, 0.0)
        return surcharge

    def _markup(
        self, bounds: Sequence[RoutingBound | None], candidate: Candidate
    ) -> NDArray[np.float64]:
        """True cost of each base's rounds over the radial bound on them, at least 1."""
        markup = np.ones(len(bounds))
        for rounds in candidate.rounds:
            bound = bounds[rounds.base]
            mine = {
                at: n for at, n in candidate.workers.items() if self._base_of(at) == rounds.base
            }
            if bound is not None and mine:
                least = self._least(bound, mine)
                markup[rounds.base] = max(rounds_cost(self.problem, rounds) / least, 1.0)
        return markup

    def _least(self, bound: RoutingBound, workers: Mapping[int, int]) -> float:
        """The bounds on serving these workshops, currency a day."""
        loads = [
            bound.spread.radial[self.problem.facilities[self._place(at)].town]
            * self._process(at).loads
            * count
            for at, count in workers.items()
        ]
        radial = float(np.sum(loads, axis=0).max())
        visits = float(self.problem.options.visits_per_day[list(workers)].sum())
        least = radial + visits * bound.spread.stop
        return max(least, self._by_trips(workers), float(np.finfo(float).tiny))

    def _by_trips(self, workers: Mapping[int, int]) -> float:
        """What the prices of trips say of serving these workshops of one base."""
        at, count = np.array(list(workers), dtype=np.int64), np.array(list(workers.values()))
        prices = [
            float(each.visit[at].sum() + each.worker[at] @ count) - each.constant
            for each in self.trip_bounds
            if each.base == self._base_of(int(at[0]))
        ]
        return max(prices, default=0.0)

    def _with_rounds(
        self,
        workers: Mapping[int, int],
        number: int,
        iterations: int,
        begin: Sequence[Rounds] = (),
    ) -> Candidate:
        """Make the rounds of a choice; workshops, trucks and bases that do not pay are closed."""
        kept = dict(workers)
        rounds = []
        known = {each.base: each for each in begin}
        for base in range(len(self.problem.bases)):
            mine = {at: count for at, count in kept.items() if self._base_of(at) == base}
            made, served = self._base_rounds(base, mine, number, iterations, known.get(base))
            for at in set(mine) - set(served):
                del kept[at]
            if served:
                rounds.append(made)
        return Candidate(workers=kept, rounds=tuple(rounds), value=self._value(kept, rounds))

    def _base_rounds(
        self,
        base: int,
        workers: Mapping[int, int],
        number: int,
        iterations: int,
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
            iterations=iterations,
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

    def _value(self, workers: Mapping[int, int], rounds: Sequence[Rounds]) -> float:
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

    def _limits(self, gap: float) -> Limits:
        left = self.stopping.seconds_left()
        return Limits(gap=gap, nodes=self.params.mip_nodes, seed=self.params.seed, time_s=left)

    def _status(self, best: Candidate, bound: float) -> Status:
        if not best.workers:
            return "out of time" if self.stopping.is_out_of_time() else "empty"
        return "optimal" if self._is_closed(best, bound) else "feasible"

    def _why_none(self) -> str:
        if not self.problem.bases:
            return "no enterprise with processes may be a base"
        if not self.problem.facilities:
            return "there are no premises"
        return "the premises below show why"

    def _plan(self, best: Candidate, bound: float, status: Status) -> FreightPlan:
        if status == "empty" and len(self.problem.options):
            is_proven = self._is_closed(best, bound)
            pays = "no workshop pays" if is_proven else "no workshop was found that pays"
            self.notes.insert(0, f"{pays} for its freight, premises and workers")
        return assemble(
            self.problem,
            self.region,
            best.workers,
            best.rounds,
            bound=bound,
            status=status,
            notes=self.notes,
        )


def _places(day: TruckDay) -> set[int]:
    return {visit.facility for trip in day.trips for visit in trip}
