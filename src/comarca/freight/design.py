"""
Designing the freight-tied agglomeration: choose workshops and trips, make rounds, keep the best.

1. Where premises are few, the master programme (``master.py``) with proven lower bounds on the
   rounds chooses, and exact rounds close the gap between bound and plan (``closing.py``). Where
   options are very many, its relaxation gives the bound and names the most promising.
2. Trips are found whose prices tighten the bound (``trips/``).
3. Workshops are chosen together with trips (``selecting.py``), the rounds are searched further
   (``serving.py``), and what was found goes back into the choice. Where premises are few it is
   made anew for the bases and trucks of the plan (``anew.py``). The best plan is kept, never worse
   than none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import inf, isfinite

import numpy as np

from comarca.freight.aimed import Aimed
from comarca.freight.aims import Aim
from comarca.freight.anew import chosen_anew
from comarca.freight.assembly import assemble
from comarca.freight.building import freight_problem
from comarca.freight.closing import Closing
from comarca.freight.exact_rounds import TooManyVisits
from comarca.freight.master import Master
from comarca.freight.params import FreightParams
from comarca.freight.preparing import LOADING, prepare_freight
from comarca.freight.problem import FreightProblem
from comarca.freight.routing_bound import RoutingBound, routing_bounds
from comarca.freight.search import Choice, Limits, keep_most_promising, relax, solve_master
from comarca.freight.selecting import Selecting
from comarca.freight.serving import NOTHING, Candidate, Serving
from comarca.freight.solvers import require_solvers
from comarca.freight.stopping import Stopping
from comarca.freight.telling import Progress, told
from comarca.freight.trips.bounds import TripBound
from comarca.freight.trips.generation import Generation
from comarca.freight.trips.pricing import PricedTrip
from comarca.freight.warm import Start, start_from
from comarca.model.freight_plan import FreightPlan, Status
from comarca.model.labour import LabourPools
from comarca.model.matrices import TravelMatrix
from comarca.model.parameters import refuse_other_kinds
from comarca.model.prices import Prices
from comarca.model.region import Region

LITTLE = 2e-3  # share of a plan's value by which the next is hardly better


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
        When the region lacks a table that completing it would give it, or an argument is of another
        class.
    UnknownTownError
        When travel times lack a town, or a process names an unknown enterprise.
    """
    refuse_other_kinds(
        region=(region, Region, False),
        pools=(pools, LabourPools, False),
        travel=(travel, TravelMatrix, False),
        prices=(prices, Prices, False),
        params=(params, FreightParams, True),
        start=(start, FreightPlan, True),
    )
    require_solvers()
    settings = params if params is not None else FreightParams.for_region(region)
    problem = freight_problem(region, pools, travel, prices, settings)
    begun = None
    if start is not None:
        begun = start_from(start, problem, region, pools, travel, prices, settings)
    aim, tell = Aim.of(settings), progress or _silent
    if settings.time_limit_s is not None:
        tell(LOADING, None)
        prepare_freight()
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
        self.is_narrowed = False

    def done(self) -> FreightPlan:
        if not len(self.problem.options):
            self.notes.insert(0, "no workshop can be set up: " + self._why_none())
            return self._plan(NOTHING, 0.0, "empty")
        bounds = routing_bounds(self.problem)
        best, bound = self._begun(bounds), inf
        if self.params.time_limit_s is not None:
            # Whatever is cut short, some bound holds.
            bound = max(relax(self._master(bounds)).bound, 0.0)
        if self._has_few_premises():
            self.progress("Choosing workshops", None)
            bound = min(bound, self._choose(self._master(bounds)).bound)
            best, bound = self._close(bounds, max(bound, 0.0), best)
        elif len(self.problem.options) > self.params.trip_options:
            best, bound = self._narrowed(bounds, best)
        if not isfinite(bound) or not self.stopping.is_near_enough(best.value, bound):
            for step in (self._find_trips, self._select, self._tightened):
                if self.stopping.is_out_of_time():
                    break
                best, bound = step(bounds, best, bound)
        return self._plan(best, max(bound, best.value), self._status(best, bound))

    def _narrowed(
        self, bounds: Sequence[RoutingBound | None], begun: Candidate
    ) -> tuple[Candidate, float]:
        """Go on with the most promising options; the bound is of all."""
        self.progress("Choosing workshops", None)
        relaxation = relax(Master(self.problem, bounds))
        order = np.argsort(relaxation.loss, kind="stable")[: self.params.trip_options]
        kept = np.union1d(order, np.array(sorted(begun.workers), dtype=np.int64))
        self.problem = replace(self.problem, options=self.problem.options.some(kept))
        self.is_narrowed = True
        at = np.searchsorted(kept, list(begun.workers)).tolist()
        workers = dict(zip(at, begun.workers.values(), strict=True))
        return replace(begun, workers=workers), max(relaxation.bound, 0.0)

    def _begun(self, bounds: Sequence[RoutingBound | None]) -> Candidate:
        """The plan to start from, its trucks filled."""
        if self.begun is None:
            return NOTHING
        workers, rounds = self.begun.workers, self.begun.rounds
        serving = self._serving(bounds)
        given = serving.filled(serving.of(workers, rounds))
        return max(NOTHING, given, key=lambda each: each.value)

    def _serving(self, bounds: Sequence[RoutingBound | None]) -> Serving:
        def solve(master: Master) -> Choice:
            return solve_master(master, self._limits(self.params.mip_gap))

        return Serving(self.problem, self.params, bounds, solve)

    def _tell(self, stage: str, best: Candidate, bound: float) -> None:
        self.progress(told(stage, best.value, max(bound, best.value)), None)

    def _find_trips(
        self, bounds: Sequence[RoutingBound | None], best: Candidate, bound: float
    ) -> tuple[Candidate, float]:
        """Let trips and their prices tell what rounds must cost at least."""
        self.progress("Finding trips", None)
        generation = Generation(Master(self.problem, bounds), threads=self.params.threads)
        found = generation.run(
            most_searches=self.params.trip_searches,
            is_out_of_time=self.stopping.is_out_of_time,
            is_bound_wanted=not self.is_narrowed,
        )
        self.trips, self.gains = found.trips, found.answer.gains
        if self.is_narrowed or (isfinite(bound) and not found.bounds):
            return best, bound
        self.trip_bounds = found.bounds
        return best, min(bound, max(relax(self._master(bounds)).bound, 0.0))

    def _select(
        self, bounds: Sequence[RoutingBound | None], best: Candidate, bound: float
    ) -> tuple[Candidate, float]:
        """Workshops and trips chosen together, put to the test and chosen again."""
        self._tell("Choosing workshops and trips", best, bound)
        serving = self._serving(bounds)
        selecting = Selecting(
            self.problem,
            self.params,
            self.trips,
            self.gains,
            self.stopping,
            is_narrowed=self.is_narrowed,
        )
        for number in range(self.params.choices):
            if self.stopping.is_near_enough(best.value, bound):
                break
            found = selecting.choose(self.params.seed + number, best.workers, best.rounds)
            if found is None:
                break
            candidate = serving.candidate(*found, number)
            is_better = candidate.value > best.value * (1 + LITTLE)
            best = max(best, candidate, key=lambda each: each.value)
            self._tell("Made rounds", best, bound)
            if not is_better or self.stopping.is_out_of_time():
                break
        if selecting.n_premises <= self.params.anew_premises:
            best = chosen_anew(
                selecting, serving, best, bound, lambda each: self._tell("Made rounds", each, bound)
            )
        return best, bound

    def _tightened(
        self, bounds: Sequence[RoutingBound | None], best: Candidate, bound: float
    ) -> tuple[Candidate, float]:
        """
        Bound by branch and bound over the options that a better plan may have.

        A plan with an option that the relaxation loses much by is worth that much less than it.
        Where those left are many, the bound stays as it was.
        """
        is_done = self.stopping.is_near_enough(best.value, bound)
        if self.is_narrowed or is_done:
            return best, bound
        master = self._master(bounds)
        relaxation = relax(master)
        master.is_closed = relaxation.loss > relaxation.bound - best.value
        if int((~master.is_closed).sum()) > self.params.promising_options:
            return best, bound
        self._tell("Proving a bound", best, bound)
        choice = solve_master(master, self._limits(self.params.coarse_gap))
        bound = min(bound, max(choice.bound, best.value))
        self._tell("Made rounds", best, bound)
        return best, bound

    def _master(self, bounds: Sequence[RoutingBound | None]) -> Master:
        return Master(self.problem, bounds, trip_bounds=self.trip_bounds)

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
                met = self._serving(bounds).of(step.workers, step.rounds)
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

    def _limits(self, gap: float) -> Limits:
        left = self.stopping.seconds_left()
        return Limits(gap=gap, nodes=self.params.mip_nodes, seed=self.params.seed, time_s=left)

    def _status(self, best: Candidate, bound: float) -> Status:
        if not best.workers:
            is_cut_short = self.stopping.is_out_of_time() and not self._is_closed(best, bound)
            return "out of time" if is_cut_short else "empty"
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
        if status == "out of time":
            self.notes.insert(
                0,
                f"the {self.params.time_limit_s:g} s set for the search ran out before any plan "
                "was found; whether a workshop pays is not known, and no plan is worth more than "
                f"{bound:,.0f} {self.region.currency} a year",
            )
        return assemble(
            self.problem,
            self.region,
            best.workers,
            best.rounds,
            bound=bound,
            status=status,
            notes=self.notes,
        )
