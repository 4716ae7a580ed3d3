"""
``solve_routing``: search, bound, and what came of it.
"""

from __future__ import annotations

import time
from math import inf
from numbers import Integral
from typing import Any

import numpy as np

from comarca.errors import FaultyPlanError, ParameterError
from comarca.freight.routing.annealing import Allowance, Annealer, penalty_of
from comarca.freight.routing.assignment import is_assignment, ride_costs, solve_assignment
from comarca.freight.routing.bound import Bound
from comarca.freight.routing.checking import check_routing
from comarca.freight.routing.choice import seen_trips
from comarca.freight.routing.engine.data import RoutingData, routing_data
from comarca.freight.routing.engine.state import State
from comarca.freight.routing.location_tree import prepare_location
from comarca.freight.routing.obstacles import obstacles
from comarca.freight.routing.radial import radial_bound
from comarca.freight.routing.result import (
    PROVEN_WITHIN,
    OnProgress,
    RoutingProgress,
    RoutingResult,
    Status,
    gap_of,
)
from comarca.freight.routing.search import Search, cost_of, filled_state
from comarca.freight.routing.spanning_bound import spanning_bound
from comarca.freight.routing.stopping import Clock, RoutingStop
from comarca.model.parameters import refuse_other_kinds
from comarca.model.routing import RoutingPlan, RoutingProblem, RoutingVehicle, TruckDay

BOUND_SHARE, RADIAL_SHARE, MOST_RADIAL_S = 0.12, 0.02, 30.0
TREES_A_SECOND, MOST_TREES = 1.3e7, 8e8
"""Operations of the bound by spanning trees for each second of the run, and at most."""
BOUND_STEPS_BY_ITERATIONS = 120
LOCATION_NODES_BY_ITERATIONS = 1_000
FIRST_COLUMNS = 4_000


def solve_routing(
    problem: RoutingProblem,
    stop: RoutingStop,
    *,
    seed: int = 1,
    threads: int = 1,
    start: RoutingPlan | None = None,
    with_bound: bool = True,
    on_progress: OnProgress | None = None,
) -> RoutingResult:
    """
    Search the cheapest depots, trucks and rounds, and prove how good they are at least.

    Parameters
    ----------
    problem
        What is asked.
    stop
        Seconds, iterations, gap.
    seed
        0 or more. Stopped by iterations alone, the same seed and threads give the same plan.
    threads
        Cores to use, 1 or more; with another number another plan may be found.
    start
        A plan to begin with that keeps all rules.
    with_bound
        Whether to prove a bound.
    on_progress
        Called at each better plan.

    Returns
    -------
    RoutingResult
        Also where nothing serves all who must be served, or the time was too short.

    Raises
    ------
    ParameterError
        When the start breaks a rule, seed or threads are out of range, or an argument is of another
        class.
    """
    refuse_other_kinds(
        problem=(problem, RoutingProblem, False),
        stop=(stop, RoutingStop, False),
        seed=(seed, Integral, False),
        threads=(threads, Integral, False),
        start=(start, RoutingPlan, True),
    )
    _check(problem, seed, threads, start)
    prepare_routing()
    clock = Clock(stop, threads)
    run = _Run(problem, clock, seed, threads, with_bound, on_progress)
    return run.result(start)


class _Run:
    """One call of the solver."""

    def __init__(
        self,
        problem: RoutingProblem,
        clock: Clock,
        seed: int,
        threads: int,
        with_bound: bool,
        on_progress: OnProgress | None,
    ) -> None:
        self.problem, self.clock, self.with_bound = problem, clock, with_bound
        self.on_progress = on_progress
        self.data = routing_data(problem)
        self.search = Search(
            self.data,
            clock,
            [Annealer.of(self.data, seed, stream) for stream in range(threads)],
            BOUND_SHARE if with_bound else 0.0,
            self._tell,
            self._prove,
            seed,
        )

    def result(self, start: RoutingPlan | None) -> RoutingResult:
        """Search, and say what came of it."""
        causes = obstacles(self.problem)
        if causes:
            return self._without_plan("infeasible", " ".join(causes), inf)
        state = None if start is None else state_of_plan(self.problem, self.data, start)
        best = self._located(state) if is_assignment(self.data) else self.search.run(state)
        if best is None and self.search.bound == inf:
            return self._without_plan(
                "infeasible",
                "however those who must be served are shared out, each whole at one depot, the "
                "depots' capacities do not hold them.",
                inf,
            )
        if best is None:
            return self._without_plan(
                "unknown",
                "nothing that serves all who must be served was found in time; more seconds, more "
                "trucks or more capacity may help.",
                self.search.bound,
            )
        plan = plan_of_state(self.problem, self.data, best)
        check = check_routing(self.problem, plan)
        if check.violations:
            raise FaultyPlanError(check.violations)
        gap = gap_of(check.cost, self.search.bound)
        good = gap <= max(self.clock.stop.gap or 0.0, PROVEN_WITHIN)
        return RoutingResult(
            status="optimal" if gap <= PROVEN_WITHIN else "feasible",
            plan=plan,
            cost=check.cost,
            terms=check.terms,
            bound=self.search.bound,
            cause="",
            stopped_by="proof" if gap <= PROVEN_WITHIN else "gap" if good else self.clock.why(),
            steps=self.clock.steps,
            cpu_s=self.clock.cpu_s(),
        )

    def _located(self, start: State | None) -> State | None:
        """Location without rounds: branch and bound alone."""
        stop, best = self.clock.stop, start
        _, kind = ride_costs(self.data)

        def note(depot: Any) -> None:
            nonlocal best
            served = np.flatnonzero(depot >= 0)
            found = filled_state(
                self.data,
                penalty_of(self.data),
                [np.array([self.data.n_depots + at]) for at in served],
                depot[served],
                kind[depot[served], served],
                np.arange(len(served)),
            )
            if best is None or cost_of(self.data, found) < cost_of(self.data, best) - 1e-7:
                best = found
                self._tell(found)

        self.search.bound = solve_assignment(
            self.data,
            None if start is None else _depot_of_each(self.data, start),
            seconds_left=self.clock.seconds_left,
            wall_left=self.clock.wall_left,
            gap=stop.gap or PROVEN_WITHIN,
            nodes=None if stop.seconds is not None else LOCATION_NODES_BY_ITERATIONS,
            seed=self.search.seed,
            report=note,
        )
        return best

    def _without_plan(self, status: Status, cause: str, bound: float) -> RoutingResult:
        return RoutingResult(
            status=status,
            plan=None,
            cost=inf,
            terms={},
            bound=bound,
            cause=cause,
            stopped_by="proof" if status == "infeasible" else self.clock.why(),
            steps=self.clock.steps,
            cpu_s=self.clock.cpu_s(),
        )

    def _tell(self, state: State) -> None:
        if self.on_progress is not None:
            plan = plan_of_state(self.problem, self.data, state)
            cost, bound = cost_of(self.data, state), self.search.bound
            self.on_progress(
                RoutingProgress(cost=cost, bound=bound, cpu_s=self.clock.cpu_s(), plan=plan)
            )

    def _prove(self, search: Search) -> float:
        if not self.with_bound:
            return -inf
        upper = inf if search.best is None else cost_of(self.data, search.best)
        seconds = self.clock.stop.seconds
        begin = self.clock.cpu_s()
        quick = inf if seconds is None else RADIAL_SHARE * seconds
        radial = radial_bound(self.data, min(quick, MOST_RADIAL_S), self.clock.wall_left())
        trees = MOST_TREES if seconds is None else min(MOST_TREES, TREES_A_SECOND * seconds)
        first = max(radial, spanning_bound(self.data, upper, trees))
        trips = seen_trips(self.data, [annealer.pool for annealer in search.annealers])
        few = np.argsort(trips.cost / np.maximum(trips.sizes(), 1), kind="stable")[:FIRST_COLUMNS]
        columns = [
            (int(trips.depot[at]), self._column_cost(trips, at), trips.stops[at].astype(np.int64))
            for at in few
        ]
        steps = 0

        def go_on() -> bool:
            nonlocal steps
            steps += 1
            if seconds is None:
                return steps <= BOUND_STEPS_BY_ITERATIONS and not self.clock.is_late()
            used = self.clock.cpu_s() - begin
            return used < BOUND_SHARE * seconds and self.clock.seconds_left() > 0

        return Bound.of(self.data, first).raise_(columns, upper, go_on)

    def _column_cost(self, trips: Any, at: int) -> float:
        """Cost of a seen trip with the share of the truck that a trip bears at least."""
        kind = self.data.kind[trips.kind[at]]
        fixed = float(kind["fixed"])
        return float(trips.cost[at]) - fixed + fixed / float(kind["max_trips"])


def prepare_routing() -> float:
    """
    Compile the search where this machine has not done so before.

    Returns
    -------
    float
        Seconds it took by the clock: a minute the first time, tenths of a second after that.
    """
    begin = time.monotonic()
    data = prepare_search()
    Bound.of(data).raise_([(0, 4.0, np.array([1, 2]))], 5.0, lambda: True)
    spanning_bound(data, 5.0, 9.0)
    prepare_location()
    return time.monotonic() - begin


def prepare_search() -> RoutingData:
    """Compile the search for rounds without its bounds, and give the problem it was tried on."""
    two = np.array([[0.0, 1.0, 2.0], [1.0, 0.0, 1.0], [2.0, 1.0, 0.0]])
    problem = RoutingProblem(
        depot_ids=("d",),
        customer_ids=("a", "b"),
        opening_cost=np.ones(1),
        depot_capacity=np.full((1, 1), 9.0),
        delivery=np.ones((2, 1)),
        pickup=np.ones((2, 1)),
        distance=two,
        vehicles=(RoutingVehicle(vehicle_id="t", capacity=(3.0,)),),
    )
    data = routing_data(problem)
    annealer = Annealer.of(data, 0, 0)
    arm = annealer.arm([True])
    annealer.run(arm, 1.0, 0.1, Allowance(steps=20), Clock(RoutingStop(iterations=20), 1))
    filled_state(data, penalty_of(data), [np.array([1, 2])], [0], [0], [0])
    return data


def _check(problem: RoutingProblem, seed: int, threads: int, start: RoutingPlan | None) -> None:
    faults = []
    if seed < 0:
        faults.append(f"seed is {seed}; expected 0 or more.")
    if threads < 1:
        faults.append(f"threads is {threads}; expected 1 or more.")
    if start is not None:
        broken = check_routing(problem, start).violations
        faults += [f"start breaks a rule: {violation}" for violation in broken]
    if faults:
        raise ParameterError("\n".join(faults))


def _depot_of_each(data: RoutingData, state: State) -> Any:
    """Depot of each customer in a solution, -1 for those left out."""
    trip = state.place["trip"][data.n_depots :]
    return np.where(trip >= 0, state.trip["depot"][np.maximum(trip, 0)], -1)


def state_of_plan(problem: RoutingProblem, data: RoutingData, plan: RoutingPlan) -> State:
    """A plan by name as a solution of the search."""
    depot = {name: at for at, name in enumerate(problem.depot_ids)}
    customer = {name: data.n_depots + at for at, name in enumerate(problem.customer_ids)}
    kind = {truck.vehicle_id: at for at, truck in enumerate(problem.vehicles)}
    rows = [
        ([customer[name] for name in trip], depot[day.depot], kind[day.vehicle], number)
        for number, day in enumerate(plan.days)
        for trip in day.trips
    ]
    stops, depots, kinds, days = (
        (list(column) for column in zip(*rows, strict=True))
        if rows
        else (
            [],
            [],
            [],
            [],
        )
    )
    return filled_state(data, penalty_of(data), stops, depots, kinds, days)


def plan_of_state(problem: RoutingProblem, data: RoutingData, state: State) -> RoutingPlan:
    """A solution of the search by name; trucks by depot and type, trips by their first customer."""
    by_truck: dict[int, list[tuple[int, ...]]] = {}
    for trip in state.trip[: int(state.totals[2])]:
        if trip["size"] > 0:
            stops, place = [], int(trip["first"])
            while place >= data.n_depots:
                stops.append(place - data.n_depots)
                place = int(state.place[place]["after"])
            by_truck.setdefault(int(trip["truck"]), []).append(tuple(stops))
    days = [
        (int(state.truck[truck]["depot"]), int(state.truck[truck]["kind"]), sorted(trips))
        for truck, trips in by_truck.items()
    ]
    return RoutingPlan(
        days=tuple(
            TruckDay(
                depot=problem.depot_ids[depot],
                vehicle=problem.vehicles[kind].vehicle_id,
                trips=tuple(tuple(problem.customer_ids[at] for at in stops) for stops in trips),
            )
            for depot, kind, trips in sorted(days)
        )
    )
