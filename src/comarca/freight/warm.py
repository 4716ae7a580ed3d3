"""
Starting from a plan made before.

Its workshops are looked for among the options there are today, and its rounds are kept where every
workshop is found with as many workers and the plan still keeps every rule; an old plan is judged
like any other (``evaluator.py``). Otherwise as many of its workshops as may stand together today
are chosen, and their rounds are made anew.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING

from comarca.freight.aims import Aim
from comarca.freight.assembly import assemble
from comarca.freight.evaluator import evaluate_plan
from comarca.freight.master import Master
from comarca.freight.problem import FreightProblem
from comarca.freight.rounds import Rounds, TruckDay, Visit, make_rounds
from comarca.freight.routing_bound import routing_bounds
from comarca.freight.search import Limits, solve_master
from comarca.model.freight_plan import FreightPlan, Route
from comarca.wording import counted

if TYPE_CHECKING:
    from comarca.freight.params import FreightParams
    from comarca.model.labour import LabourPools
    from comarca.model.matrices import TravelMatrix
    from comarca.model.prices import Prices
    from comarca.model.region import Region


@dataclass(frozen=True, kw_only=True)
class Start:
    """
    What a search begins with.

    Parameters
    ----------
    workers, rounds
        By option, and the rounds that serve them.
    note
        What became of the previous plan.
    """

    workers: Mapping[int, int]
    rounds: tuple[Rounds, ...]
    note: str


def start_from(
    previous: FreightPlan,
    problem: FreightProblem,
    region: Region,
    pools: LabourPools,
    travel: TravelMatrix,
    prices: Prices,
    params: FreightParams,
) -> Start:
    """
    Take over what may be taken over of a previous plan.

    Parameters
    ----------
    previous
        Of this region or one like it; what is unknown in it is left out.
    problem, region, pools, travel, prices, params
        What is planned for today.
    """
    found = _options_of(problem, previous)
    is_whole = len(found) == len(previous.workshops) and all(
        found[at] == workshop.workers
        for at, workshop in zip(found, previous.workshops, strict=True)
    )
    total = counted(len(previous.workshops), "workshop")
    if is_whole and previous.workshops:
        rounds = _rounds_of(problem, previous, found)
        if rounds is not None and _still_holds(
            found, rounds, problem, region, pools, travel, prices, params
        ):
            note = f"the search began with the previous plan and its {total}"
            return Start(workers=found, rounds=rounds, note=note)
    workers, rounds = _made_anew(problem, found, params)
    note = (
        f"the search began with {len(workers)} of the {total} of the previous plan; the others, or "
        "as many workers, are not possible today"
        if len(workers) < len(previous.workshops)
        else f"the search began with the {total} of the previous plan, their rounds made anew"
    )
    return Start(workers=workers, rounds=rounds, note=note)


def _options_of(problem: FreightProblem, previous: FreightPlan) -> dict[int, int]:
    """
    Options of the workshops in their order, with as many workers or the nearest number possible.
    """
    options = problem.options
    known: dict[tuple[str, str, int], list[int]] = {}
    for at in range(len(options)):
        key = (
            problem.facilities[options.facility[at]].facility_id,
            problem.processes[options.process[at]].process_id,
            int(options.every_days[at]),
        )
        known.setdefault(key, []).append(at)
    found: dict[int, int] = {}
    for workshop in previous.workshops:
        key = (workshop.facility_id, workshop.process_id, workshop.visit_every_days)
        nearest = min(
            known.get(key, ()),
            key=lambda at: abs(_within(problem, at, workshop.workers) - workshop.workers),
            default=None,
        )
        if nearest is not None:
            found[nearest] = _within(problem, nearest, workshop.workers)
    return found


def _within(problem: FreightProblem, option: int, workers: int) -> int:
    """The nearest number of workers that an option allows."""
    least, most = int(problem.options.least[option]), int(problem.options.most[option])
    return min(max(workers, least), most)


def _rounds_of(
    problem: FreightProblem, previous: FreightPlan, workers: Mapping[int, int]
) -> tuple[Rounds, ...] | None:
    """The previous rounds with the goods of these workers; ``None`` where a truck is unknown."""
    base_at = {base.base_id: at for at, base in enumerate(problem.bases)}
    vehicles = {vehicle.vehicle_id: vehicle for vehicle in problem.vehicles}
    visits: dict[str, Visit] = {}
    for at, count in workers.items():
        place = int(problem.options.facility[at])
        visit = Visit(place, problem.demand(at, count).loads)
        visits[problem.facilities[place].facility_id] = visit
    days: dict[int, list[TruckDay]] = {}
    for route in previous.routes:
        if route.vehicle_id not in vehicles or route.base_id not in base_at:
            return None
        if not _stops(route) <= set(visits):
            return None
        trips = tuple(tuple(visits[s.facility_id] for s in trip.stops) for trip in route.trips)
        day = TruckDay(vehicles[route.vehicle_id], trips, route.every_days, route.first_day)
        days.setdefault(base_at[route.base_id], []).append(day)
    return tuple(Rounds(base, tuple(mine), frozenset()) for base, mine in sorted(days.items()))


def _stops(route: Route) -> set[str]:
    return {stop.facility_id for trip in route.trips for stop in trip.stops}


def _still_holds(
    workers: Mapping[int, int],
    rounds: Sequence[Rounds],
    problem: FreightProblem,
    region: Region,
    pools: LabourPools,
    travel: TravelMatrix,
    prices: Prices,
    params: FreightParams,
) -> bool:
    """Whether the judge finds no fault, but for what the new goal asks beyond it."""
    if not _labour_suffices(problem, workers, params):
        return False
    again = assemble(
        problem,
        region,
        workers,
        rounds,
        bound=0.0 if params.objective == "cost" else inf,
        status="feasible",
        notes=(),
        goal=Aim.of(params).goal,
    )
    found = evaluate_plan(region, pools, travel, prices, params, again).violations
    return all(violation.rule in ("jobs required", "budget") for violation in found)


def _labour_suffices(
    problem: FreightProblem, workers: Mapping[int, int], params: FreightParams
) -> bool:
    master = Master(problem, [None] * len(problem.bases))
    master.workshops_have(workers)
    return not solve_master(master, _limits(params)).is_impossible


def _made_anew(
    problem: FreightProblem, found: Mapping[int, int], params: FreightParams
) -> tuple[dict[int, int], tuple[Rounds, ...]]:
    """As many of these workshops as may stand together, with new rounds."""
    if not found:
        return {}, ()
    master = Master(problem, routing_bounds(problem))
    master.is_closed[:] = True
    master.is_closed[list(found)] = False
    workers = dict(solve_master(master, _limits(params)).workers or {})
    made = []
    for base in range(len(problem.bases)):
        at_place = {
            int(problem.options.facility[at]): at
            for at in workers
            if problem.base_of_process[problem.options.process[at]] == base
        }
        demands = {place: problem.demand(at, workers[at]) for place, at in at_place.items()}
        rounds = make_rounds(
            problem,
            base,
            demands,
            dict.fromkeys(demands, inf),
            iterations=params.routing_iterations,
            seed=params.seed,
        )
        for place in rounds.left_out:
            del workers[at_place[place]]
        if rounds.days:
            made.append(rounds)
    return workers, tuple(made)


def _limits(params: FreightParams) -> Limits:
    return Limits(
        gap=params.coarse_gap,
        nodes=params.mip_nodes,
        seed=params.seed,
        time_s=params.time_limit_s,
    )
