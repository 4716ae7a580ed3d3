"""From choices and rounds to a freight plan: workshops, ties, money."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from math import inf

from comarca.freight.problem import FreightProblem
from comarca.freight.rounds import Rounds
from comarca.freight.staffing import Staff, staff_workshops
from comarca.freight.timetable import timetable, truck_costs
from comarca.model.freight_plan import (
    NET_BENEFIT,
    FreightPlan,
    Goal,
    Route,
    Status,
    WorkerGroup,
    Workshop,
)
from comarca.model.partition import Area, Partition
from comarca.model.prices import Ledger, training_year, worker_year, workshop_year
from comarca.model.region import Region


def assemble(
    problem: FreightProblem,
    region: Region,
    workers: Mapping[int, int],
    rounds: Sequence[Rounds],
    *,
    bound: float,
    status: Status,
    notes: Sequence[str],
    goal: Goal = NET_BENEFIT,
    most_jobs: int | None = None,
    training_budget: float = inf,
) -> FreightPlan:
    """
    Put a plan together.

    Parameters
    ----------
    problem, region
        What was planned for.
    workers
        By option, of the workshops that stand.
    rounds
        Of each base that serves them.
    bound, status, notes, goal, most_jobs
        Handed through.
    training_budget
        Most that the enterprise may pay for courses, currency a year.
    """
    staff = staff_workshops(problem, workers, training_budget)
    workshops = tuple(_workshop(problem, at, staff[at]) for at in sorted(workers))
    routes = tuple(route for each in rounds for route in timetable(problem, each))
    terms = plan_terms(problem, staff, routes)
    return FreightPlan(
        partition=_ties(problem, region, workshops, routes),
        bases=tuple(dict.fromkeys(workshop.base_id for workshop in workshops)),
        workshops=workshops,
        routes=routes,
        terms=terms,
        value=sum(terms.values()),
        bound=bound,
        status=status,
        notes=tuple(notes),
        goal=goal,
        most_jobs=most_jobs,
    )


def plan_terms(problem: FreightProblem, staff: Staff, routes: Sequence[Route]) -> dict[str, float]:
    """Currency a year by ``"party: term"``."""
    terms: dict[str, float] = defaultdict(float)
    for option, groups in staff.items():
        for at, count in groups.items():
            _add(terms, _worker_ledger(problem, option, at), count)
            _add(terms, _training_ledger(problem, at), count)
        _add(terms, _workshop_ledger(problem, option, sum(groups.values())), 1)
    days = problem.prices.days_per_year
    vehicles = {vehicle.vehicle_id: vehicle for vehicle in problem.vehicles}
    for route in routes:
        costs = truck_costs(vehicles[route.vehicle_id], route.distance_km, route.duty_h)
        for name, cost in zip(("distance", "hours on duty", "trucks"), costs, strict=True):
            terms[f"enterprise: freight, {name}"] -= days * cost / route.every_days
    opened = {problem.processes[problem.options.process[option]].base for option in staff}
    opening = sum(problem.bases[base].opening_per_year for base in sorted(opened))
    if opening:
        terms["enterprise: opening of bases, yearly share"] = -opening
    return dict(terms)


def _add(terms: dict[str, float], ledger: Ledger, times: int) -> None:
    for (party, term), amount in ledger.items():
        terms[f"{party}: {term}"] += times * amount


def _worker_ledger(problem: FreightProblem, option: int, at: int) -> Ledger:
    group = problem.groups[at]
    process = problem.processes[problem.options.process[option]]
    return worker_year(
        problem.prices,
        kind=group.kind,
        wage_per_h=process.wage_per_h,
        value_added_per_h=process.value_added_per_h,
        present_wage_per_h=group.present_wage_per_h,
        saved_km_per_day=group.saved_km_per_day,
        saved_min_per_day=group.saved_min_per_day,
    )


def _training_ledger(problem: FreightProblem, at: int) -> Ledger:
    group = problem.groups[at]
    if group.programme is None:
        return {}
    programme = problem.programmes[group.programme]
    return training_year(
        problem.prices,
        cost_per_learner=programme.cost_per_learner,
        hours=programme.hours,
        present_wage_per_h=group.present_wage_per_h,
    )


def _workshop_ledger(problem: FreightProblem, option: int, workers: int) -> Ledger:
    facility = problem.facilities[problem.options.facility[option]]
    process = problem.processes[problem.options.process[option]]
    return workshop_year(
        problem.prices,
        wages_per_year=workers * problem.prices.hours_per_year * process.wage_per_h,
        renovation_cost=facility.renovation_cost,
        annual_rent=facility.annual_rent,
    )


def _workshop(problem: FreightProblem, option: int, groups: Mapping[int, int]) -> Workshop:
    facility = problem.facilities[problem.options.facility[option]]
    process = problem.processes[problem.options.process[option]]
    workers = sum(groups.values())
    return Workshop(
        facility_id=facility.facility_id,
        town_id=problem.towns[facility.town],
        base_id=problem.bases[process.base].base_id,
        process_id=process.process_id,
        groups=tuple(_group(problem, at, count) for at, count in groups.items()),
        input_t_per_day=workers * process.input_t,
        output_t_per_day=workers * process.output_t,
        visit_every_days=int(problem.options.every_days[option]),
    )


def _group(problem: FreightProblem, at: int, workers: int) -> WorkerGroup:
    group = problem.groups[at]
    taken = group.programme
    return WorkerGroup(
        skill=group.skill,
        kind=group.kind,
        workers=workers,
        programme_id=None if taken is None else problem.programmes[taken].programme_id,
    )


def _ties(
    problem: FreightProblem,
    region: Region,
    workshops: Sequence[Workshop],
    routes: Sequence[Route],
) -> Partition:
    """
    One area for each town with an open base; where two bases share a town they share the area.

    The area has the id of the base with most workers there.
    """
    home_of = {base.base_id: problem.towns[base.town] for base in problem.bases}
    jobs: dict[str, int] = defaultdict(int)
    for workshop in workshops:
        jobs[workshop.base_id] += workshop.workers
    head: dict[str, str] = {}
    for base_id in sorted(jobs, key=lambda base_id: (-jobs[base_id], base_id)):
        head.setdefault(home_of[base_id], base_id)
    area_of: dict[str, str | None] = dict.fromkeys(region.town_ids)
    status_of = dict.fromkeys(region.town_ids, "none")
    for workshop in workshops:
        area_of[workshop.town_id] = head[home_of[workshop.base_id]]
        status_of[workshop.town_id] = "tied"
    for town, base_id in head.items():
        area_of[town], status_of[town] = base_id, "base"
    areas = tuple(
        Area(
            area_id=base_id,
            name=region.name_of(town),
            head_town_id=town,
            quality=_quality(problem, [w for w in workshops if home_of[w.base_id] == town], routes),
        )
        for town, base_id in head.items()
    )
    return Partition(origin="freight", area_of=area_of, status_of=status_of, areas=areas)


def _quality(
    problem: FreightProblem, workshops: Sequence[Workshop], routes: Sequence[Route]
) -> dict[str, float]:
    """Farthest workshop by road, jobs, tonnes out and back, and trucks of an area."""
    at = {town: number for number, town in enumerate(problem.towns)}
    home = {base.base_id: base.town for base in problem.bases}
    legs = [(home[workshop.base_id], at[workshop.town_id]) for workshop in workshops]
    bases = {workshop.base_id for workshop in workshops}
    return {
        "radius_km": max(float(problem.distance_km[leg]) for leg in legs),
        "radius_min": max(float(problem.time_min[leg]) for leg in legs),
        "workers": float(sum(workshop.workers for workshop in workshops)),
        "input_t_per_day": sum(workshop.input_t_per_day for workshop in workshops),
        "output_t_per_day": sum(workshop.output_t_per_day for workshop in workshops),
        "trucks": float(sum(route.base_id in bases for route in routes)),
    }
