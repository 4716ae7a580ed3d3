"""
An independent judge of freight plans.

It recomputes every term of money and checks every rule from the region's own tables. It shares no
code with the solver: only the model's types and its prices.

Rules, by the name a violation bears
    ``known objects``, ``permitted base``, ``process of its base``, ``workers available``,
    ``workers' skill``, ``fewest workers``, ``floor``, ``tonnes of a workshop``,
    ``tonnes of a process``, ``base capacity``, ``one workshop a facility``, ``one base a town``,
    ``base's own town``, ``reach``, ``full load``, ``fewest visits``, ``days between visits``,
    ``days of a route``, ``served by its base``, ``payload``, ``volume``, ``loads as stated``,
    ``times``, ``distance``, ``shift``, ``driver's start``, ``opening hours``, ``fleet``,
    ``cost of a route``, ``training``, ``places on a course``, ``ties``, ``bases named``,
    ``goal``, ``jobs required``, ``budget``, ``terms``, ``value``, ``bound``
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, isclose, lcm
from typing import Any

import pandas as pd

from comarca.errors import ParameterError
from comarca.freight.params import FreightParams
from comarca.model.freight_plan import FreightPlan, Route, Trip, WorkerGroup, Workshop
from comarca.model.labour import LabourPools
from comarca.model.matrices import TravelMatrix
from comarca.model.prices import (
    Prices,
    training_year,
    value_added_per_h,
    worker_year,
    workshop_year,
)
from comarca.model.region import Region
from comarca.units import MIN_PER_H

RELATIVE, ABSOLUTE = 1e-6, 1e-6
_COST = frozenset(
    (
        "freight, distance",
        "freight, hours on duty",
        "freight, trucks",
        "supervision",
        "renovation, yearly share",
        "rent of premises",
        "training, yearly share",
        "opening of bases, yearly share",
    )
)
_RANK = {"basic": 0, "secondary": 1, "higher": 2}
Row = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Violation:
    """A rule that a plan breaks: which, where, what was found and what the rule allows."""

    rule: str
    where: str
    found: str
    allowed: str

    def __str__(self) -> str:
        return f"{self.rule}: {self.where} has {self.found}; allowed {self.allowed}"


@dataclass(frozen=True, kw_only=True)
class Evaluation:
    """
    What a plan is worth, and which rules it breaks.

    Parameters
    ----------
    terms
        Currency a year by ``"party: term"``, recomputed.
    value
        Their sum.
    violations
        In the order of the rules; empty for a plan that keeps them all.
    """

    terms: Mapping[str, float]
    value: float
    violations: tuple[Violation, ...]

    @property
    def is_sound(self) -> bool:
        """Whether no rule is broken."""
        return not self.violations

    def summary(self) -> str:
        """Say in a few lines what was found."""
        if self.is_sound:
            return f"no rule broken; net benefit {self.value:,.0f} a year"
        lines = "\n".join(f"  {violation}" for violation in self.violations)
        return f"{len(self.violations)} rule(s) broken\n{lines}"


def evaluate_plan(
    region: Region,
    pools: LabourPools,
    travel: TravelMatrix,
    prices: Prices,
    params: FreightParams,
    plan: FreightPlan,
) -> Evaluation:
    """
    Judge a plan against the inputs it was made from.

    Parameters
    ----------
    region, pools, travel, prices, params
        As they were given to ``design_freight``.
    plan
        The plan to judge; it is not trusted in anything.

    Returns
    -------
    Evaluation
        A plan that names an unknown object is judged no further; its value is then ``nan``.

    Raises
    ------
    ParameterError
        When the region lacks a table.
    """
    judge = _Judge(region, pools, travel, prices, params, plan)
    unknown = tuple(judge.known_objects())
    if unknown:
        return Evaluation(terms={}, value=float("nan"), violations=unknown)
    terms = judge.terms()
    found = [violation for rule in judge.rules() for violation in rule]
    found += [*judge.goal(terms), *judge.money(terms)]
    return Evaluation(terms=terms, value=sum(terms.values()), violations=tuple(found))


def _exceeds(found: float, allowed: float) -> bool:
    return found > allowed + ABSOLUTE + RELATIVE * abs(allowed)


def _differs(found: float, expected: float) -> bool:
    return not isclose(found, expected, rel_tol=RELATIVE, abs_tol=ABSOLUTE)


def _rows(table: pd.DataFrame | None, key: str) -> dict[str, Row]:
    if table is None:
        raise ParameterError("the region lacks a table; complete it first.")
    return {str(row[key]): row for row in _records(table)}


def _records(table: pd.DataFrame) -> list[Row]:
    return [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]


def _given(value: Any) -> bool:
    return not pd.isna(value)


class _Judge:
    """One method a rule; each yields what breaks it."""

    def __init__(
        self,
        region: Region,
        pools: LabourPools,
        travel: TravelMatrix,
        prices: Prices,
        params: FreightParams,
        plan: FreightPlan,
    ) -> None:
        self.region, self.travel, self.prices = region, travel, prices
        self.params, self.plan = params, plan
        self.enterprises = _rows(region.table("enterprises"), "enterprise_id")
        self.processes = _rows(region.table("processes"), "process_id")
        self.vehicles = _rows(region.table("vehicles"), "vehicle_id")
        self.facilities = _rows(region.table("facilities"), "facility_id")
        self.pools = {
            (str(row["town_id"]), str(row["skill"]), str(row["kind"])): row
            for row in _records(pools.frame)
        }
        courses = region.table("programmes")
        self.courses = {} if courses is None else _rows(courses, "programme_id")
        places = region.table("institutions")
        self.institutions = {} if places is None else _rows(places, "institution_id")
        self.workshops = {workshop.facility_id: workshop for workshop in plan.workshops}

    def rules(self) -> Iterator[Iterator[Violation]]:
        yield self.permitted_base()
        yield self.process_of_its_base()
        yield self.workers_available()
        yield self.workers_skill()
        yield self.fewest_workers()
        yield self.floor()
        yield self.tonnes_of_a_workshop()
        yield self.tonnes_of_a_process()
        yield self.base_capacity()
        yield self.one_workshop_a_facility()
        yield self.one_base_a_town()
        yield self.bases_own_town()
        yield self.reach()
        yield self.full_load()
        yield self.fewest_visits()
        yield self.days_between_visits()
        yield self.days_of_a_route()
        yield self.served_by_its_base()
        yield self.payload_and_volume()
        yield self.loads_as_stated()
        yield self.times()
        yield self.distance()
        yield self.shift()
        yield self.drivers_start()
        yield self.opening_hours()
        yield self.fleet()
        yield self.cost_of_a_route()
        yield self.training()
        yield self.places_on_a_course()
        yield self.ties()
        yield self.bases_named()

    # What is named exists

    def known_objects(self) -> Iterator[Violation]:
        kinds = (
            ("facility", self.facilities, [w.facility_id for w in self.plan.workshops]),
            ("process", self.processes, [w.process_id for w in self.plan.workshops]),
            ("base", self.enterprises, [w.base_id for w in self.plan.workshops]),
            ("base", self.enterprises, [route.base_id for route in self.plan.routes]),
            ("vehicle", self.vehicles, [route.vehicle_id for route in self.plan.routes]),
            ("workshop", self.workshops, [stop.facility_id for stop in self._stops()]),
            ("group of workers", self.pools, [key for key, _ in self._hired()]),
            ("programme", self.courses, [g.programme_id for _, g in self._learners()]),
        )
        for kind, known, named in kinds:
            for name in dict.fromkeys(named):
                if name not in known:
                    yield Violation(
                        rule="known objects", where=kind, found=str(name), allowed="one that exists"
                    )

    # Workshops

    def permitted_base(self) -> Iterator[Violation]:
        for base in dict.fromkeys(workshop.base_id for workshop in self.plan.workshops):
            allowed = self.enterprises[base]["candidate_base"]
            if _given(allowed) and not allowed:
                yield Violation(
                    rule="permitted base", where=base, found="workshops", allowed="none"
                )

    def process_of_its_base(self) -> Iterator[Violation]:
        for workshop in self.plan.workshops:
            owner = str(self.processes[workshop.process_id]["enterprise_id"])
            if owner != workshop.base_id:
                yield self._at(workshop, "process of its base", workshop.base_id, owner)

    def workers_available(self) -> Iterator[Violation]:
        hired: Counter[tuple[str, str, str]] = Counter()
        for key, count in self._hired():
            hired[key] += count
            if count < 1 or count != int(count):
                yield Violation(
                    rule="workers available", where=str(key), found=str(count), allowed="1 or more"
                )
        for key, count in hired.items():
            if count > self.pools[key]["workers"]:
                yield Violation(
                    rule="workers available",
                    where=", ".join(key),
                    found=f"{count} at work",
                    allowed=f"{self.pools[key]['workers']}",
                )

    def workers_skill(self) -> Iterator[Violation]:
        for workshop in self.plan.workshops:
            needed = str(self.processes[workshop.process_id]["skill"])
            for group in workshop.groups:
                if _RANK[self._skill_at_work(group)] < _RANK[needed]:
                    yield self._at(workshop, "workers' skill", group.skill, needed)

    def fewest_workers(self) -> Iterator[Violation]:
        for workshop in self.plan.workshops:
            least = float(self.processes[workshop.process_id]["min_workers"])
            if _exceeds(least, workshop.workers):
                yield self._at(
                    workshop, "fewest workers", f"{workshop.workers}", f"{least:g} or more"
                )

    def floor(self) -> Iterator[Violation]:
        for workshop in self.plan.workshops:
            process = self.processes[workshop.process_id]
            stored = process["storage_m2_per_t"] if _given(process["storage_m2_per_t"]) else 0.0
            input_t = self._input_t(workshop) * workshop.visit_every_days
            needed = workshop.workers * process["m2_per_worker"]
            needed += stored * input_t * (1 + process["output_share"])
            floor = self.facilities[workshop.facility_id]["floor_m2"]
            if _exceeds(needed, floor):
                yield self._at(workshop, "floor", f"{needed:.1f} m2", f"{floor:.1f} m2")

    def tonnes_of_a_workshop(self) -> Iterator[Violation]:
        for workshop in self.plan.workshops:
            given = self._input_t(workshop)
            back = given * self.processes[workshop.process_id]["output_share"]
            if _differs(workshop.input_t_per_day, given):
                yield self._at(
                    workshop, "tonnes of a workshop", f"{workshop.input_t_per_day} t", f"{given} t"
                )
            if _differs(workshop.output_t_per_day, back):
                yield self._at(
                    workshop, "tonnes of a workshop", f"{workshop.output_t_per_day} t", f"{back} t"
                )

    def tonnes_of_a_process(self) -> Iterator[Violation]:
        tonnes: dict[str, float] = defaultdict(float)
        for workshop in self.plan.workshops:
            tonnes[workshop.process_id] += self._input_t(workshop)
        for process, found in tonnes.items():
            allowed = float(self.processes[process]["input_t_per_day"])
            if _exceeds(found, allowed):
                yield Violation(
                    rule="tonnes of a process",
                    where=process,
                    found=f"{found:.6g} t a day",
                    allowed=f"{allowed:.6g}",
                )

    def base_capacity(self) -> Iterator[Violation]:
        tonnes: dict[str, float] = defaultdict(float)
        for workshop in self.plan.workshops:
            tonnes[workshop.base_id] += self._input_t(workshop)
        for base, found in tonnes.items():
            allowed = self.enterprises[base]["capacity_t_per_day"]
            if _given(allowed) and _exceeds(found, float(allowed)):
                yield Violation(
                    rule="base capacity",
                    where=base,
                    found=f"{found:.6g} t a day",
                    allowed=f"{allowed:.6g}",
                )

    def one_workshop_a_facility(self) -> Iterator[Violation]:
        counts = Counter(workshop.facility_id for workshop in self.plan.workshops)
        for facility, count in counts.items():
            if count > 1:
                yield Violation(
                    rule="one workshop a facility",
                    where=facility,
                    found=f"{count} workshops",
                    allowed="1",
                )

    def one_base_a_town(self) -> Iterator[Violation]:
        bases: dict[str, set[str]] = defaultdict(set)
        for workshop in self.plan.workshops:
            bases[self._town(workshop)].add(workshop.base_id)
        for town, found in bases.items():
            if len(found) > 1:
                yield Violation(
                    rule="one base a town", where=town, found=", ".join(sorted(found)), allowed="1"
                )

    def bases_own_town(self) -> Iterator[Violation]:
        homes = {self._home(workshop.base_id) for workshop in self.plan.workshops}
        for workshop in self.plan.workshops:
            if self._town(workshop) in homes:
                yield self._at(workshop, "base's own town", "a workshop", "none")

    def reach(self) -> Iterator[Violation]:
        for workshop in self.plan.workshops:
            needed = self._there_and_back(workshop)
            trucks = self._trucks_of(workshop.base_id)
            shifts = [float(truck["shift_h"]) * MIN_PER_H for truck in trucks]
            if _exceeds(needed, max(shifts, default=0.0)):
                yield self._at(
                    workshop, "reach", f"{needed:.1f} min", f"{max(shifts, default=0.0):.1f} min"
                )

    # Rounds

    def full_load(self) -> Iterator[Violation]:
        delivered: dict[str, float] = defaultdict(float)
        collected: dict[str, float] = defaultdict(float)
        for stop in self._stops():
            delivered[stop.facility_id] += stop.delivered_t
            collected[stop.facility_id] += stop.collected_t
            if min(stop.delivered_t, stop.collected_t) < 0:
                yield Violation(
                    rule="full load", where=stop.facility_id, found="less than 0 t", allowed="0 t"
                )
        given: dict[str, float] = defaultdict(float)
        back: dict[str, float] = defaultdict(float)
        for workshop in self.plan.workshops:
            share = self.processes[workshop.process_id]["output_share"]
            waiting = self._input_t(workshop) * workshop.visit_every_days
            given[workshop.facility_id] += waiting
            back[workshop.facility_id] += waiting * share
        for at, workshop in self.workshops.items():
            for found, expected in ((delivered[at], given[at]), (collected[at], back[at])):
                if _differs(found, expected):
                    yield self._at(workshop, "full load", f"{found:.6g} t", f"{expected:.6g} t")

    def fewest_visits(self) -> Iterator[Violation]:
        """
        Goods that a truck could carry in fewer visits come in fewer, and in equal parts.

        Where several days pass between visits there is one.
        """
        delivered: dict[str, list[float]] = defaultdict(list)
        for stop in self._stops():
            delivered[stop.facility_id].append(stop.delivered_t)
        for workshop in self.workshops.values():
            parts = delivered[workshop.facility_id]
            fewest = self._fewest_visits(workshop)
            if workshop.visit_every_days > 1:
                fewest = 1
            if fewest is not None and len(parts) > fewest:
                yield self._at(workshop, "fewest visits", f"{len(parts)}", f"{fewest}")
            if parts and _differs(max(parts), min(parts)):
                yield self._at(workshop, "fewest visits", "unequal parts", "equal parts")

    def days_between_visits(self) -> Iterator[Violation]:
        """No longer than the process allows, and as the trucks that visit really come."""
        for workshop in self.workshops.values():
            wait = workshop.visit_every_days
            given = self.processes[workshop.process_id]["visit_every_days"]
            longest = int(given) if _given(given) else 1
            if wait < 1 or wait > longest:
                yield self._at(
                    workshop, "days between visits", f"{wait} days", f"1 to {longest} days"
                )
        for route, trip in self._trips():
            for stop in trip.stops:
                wait = self.workshops[stop.facility_id].visit_every_days
                if route.every_days != wait:
                    yield self._on(
                        route, "days between visits", f"{route.every_days} days", f"{wait} days"
                    )

    def days_of_a_route(self) -> Iterator[Violation]:
        for route in self.plan.routes:
            if not 1 <= route.first_day <= route.every_days:
                yield self._on(
                    route, "days of a route", f"day {route.first_day}", f"1 to {route.every_days}"
                )

    def served_by_its_base(self) -> Iterator[Violation]:
        for route, trip in self._trips():
            for stop in trip.stops:
                base = self.workshops[stop.facility_id].base_id
                if base != route.base_id:
                    yield Violation(
                        rule="served by its base",
                        where=f"{route.route_id} at {stop.facility_id}",
                        found=route.base_id,
                        allowed=base,
                    )

    def payload_and_volume(self) -> Iterator[Violation]:
        for route, trip in self._trips():
            truck = self.vehicles[route.vehicle_id]
            on_board = self._on_board(trip)
            most_t = max(tonnes for tonnes, _ in on_board)
            most_m3 = max(volume for _, volume in on_board)
            if _exceeds(most_t, float(truck["payload_t"])):
                yield self._on(route, "payload", f"{most_t:.6g} t", f"{truck['payload_t']:g} t")
            if _exceeds(most_m3, float(truck["volume_m3"])):
                yield self._on(route, "volume", f"{most_m3:.6g} m3", f"{truck['volume_m3']:g} m3")

    def loads_as_stated(self) -> Iterator[Violation]:
        for route, trip in self._trips():
            on_board = self._on_board(trip)
            stated = [(trip.start_load_t, on_board[0][1])]
            stated += [(stop.load_t, stop.load_m3) for stop in trip.stops]
            for (said_t, said_m3), (tonnes, volume) in zip(stated, on_board, strict=True):
                if _differs(said_t, tonnes) or _differs(said_m3, volume):
                    yield self._on(
                        route,
                        "loads as stated",
                        f"{said_t:.6g} t, {said_m3:.6g} m3",
                        f"{tonnes:.6g} t, {volume:.6g} m3",
                    )

    def times(self) -> Iterator[Violation]:
        for route in self.plan.routes:
            clock = 0.0
            for trip in route.trips:
                clock += self.params.loading_min
                for said, moment in self._clock(route, trip, clock):
                    if _differs(said, moment):
                        yield self._on(route, "times", f"minute {said:.3f}", f"minute {moment:.3f}")
                clock = trip.end_min
            if _differs(route.duty_h, clock / MIN_PER_H):
                yield self._on(route, "times", f"{route.duty_h} h", f"{clock / MIN_PER_H} h")

    def distance(self) -> Iterator[Violation]:
        for route in self.plan.routes:
            total = 0.0
            for trip in route.trips:
                places = self._places(route, trip)
                length = sum(self._km(here, there) for here, there in pairwise(places))
                total += length
                if _differs(trip.distance_km, length):
                    yield self._on(route, "distance", f"{trip.distance_km} km", f"{length} km")
            if _differs(route.distance_km, sum(trip.distance_km for trip in route.trips)):
                yield self._on(route, "distance", f"{route.distance_km} km", f"{total} km")

    def shift(self) -> Iterator[Violation]:
        for route in self.plan.routes:
            shift_min = float(self.vehicles[route.vehicle_id]["shift_h"]) * MIN_PER_H
            end = max((trip.end_min for trip in route.trips), default=0.0)
            if _exceeds(end, shift_min):
                yield self._on(route, "shift", f"{end:.1f} min", f"{shift_min:.1f} min")

    def drivers_start(self) -> Iterator[Violation]:
        earliest = self.params.drivers_start_h * MIN_PER_H
        for route in self.plan.routes:
            if _exceeds(earliest, route.starts_min):
                yield self._on(
                    route,
                    "driver's start",
                    f"{route.starts_min:.1f} min",
                    f"{earliest:.1f} or later",
                )

    def opening_hours(self) -> Iterator[Violation]:
        opens = self.params.workshops_open_h * MIN_PER_H
        closes = self.params.workshops_close_h * MIN_PER_H
        for route, trip in self._trips():
            for stop in trip.stops:
                came, left = (route.starts_min + m for m in (stop.arrive_min, stop.leave_min))
                if _exceeds(opens, came) or _exceeds(left, closes):
                    yield self._on(
                        route,
                        "opening hours",
                        f"minutes {came:.1f} to {left:.1f} at {stop.facility_id}",
                        f"{opens:.1f} to {closes:.1f}",
                    )

    def fleet(self) -> Iterator[Violation]:
        """On the busiest working day of the cycle after which everything comes again."""
        waits = {max(route.every_days, 1) for route in self.plan.routes}
        used: Counter[tuple[str, str]] = Counter()
        for day in range(1, lcm(*waits) + 1):
            today = Counter(
                (route.base_id, route.vehicle_id)
                for route in self.plan.routes
                if (day - route.first_day) % max(route.every_days, 1) == 0
            )
            used |= today
        for (base, vehicle), count in used.items():
            row = self.vehicles[vehicle]
            there = not _given(row["base"]) or str(row["base"]) == base
            allowed = (float(row["number"]) if _given(row["number"]) else count) if there else 0
            if count > allowed:
                yield Violation(
                    rule="fleet",
                    where=f"{vehicle} at {base}",
                    found=f"{count}",
                    allowed=f"{allowed:g}",
                )

    def cost_of_a_route(self) -> Iterator[Violation]:
        for route in self.plan.routes:
            cost = sum(self._route_costs(route).values())
            if _differs(route.cost_per_day, cost):
                yield self._on(route, "cost of a route", f"{route.cost_per_day}", f"{cost}")

    # Training

    def training(self) -> Iterator[Violation]:
        """A course raises skill by one step and comes to the learner's town."""
        for workshop, group in self._learners():
            course = self.courses[str(group.programme_id)]
            if _RANK[str(course["skill"])] != _RANK[group.skill] + 1:
                yield self._at(
                    workshop,
                    "training",
                    f"{group.skill} on a course to {course['skill']}",
                    "one step",
                )
            way = self._way_to_course(workshop, course)
            if _exceeds(way, self.params.training_reach_min):
                yield self._at(
                    workshop,
                    "training",
                    f"{way:.1f} min to {group.programme_id}",
                    f"{self.params.training_reach_min:g} min",
                )

    def places_on_a_course(self) -> Iterator[Violation]:
        taken: Counter[str] = Counter()
        for _, group in self._learners():
            taken[str(group.programme_id)] += group.workers
        for programme, count in taken.items():
            allowed = int(self.courses[programme]["capacity"])
            if count > allowed:
                yield Violation(
                    rule="places on a course",
                    where=programme,
                    found=f"{count} learners",
                    allowed=f"{allowed}",
                )

    # Ties

    def ties(self) -> Iterator[Violation]:
        """Towns of workshops lie in the area of their base's town, and no other town in any."""
        partition = self.plan.partition
        homes = {self._home(workshop.base_id) for workshop in self.plan.workshops}
        expected: dict[str, str | None] = dict.fromkeys(self.region.town_ids)
        expected |= {home: home for home in homes}
        for workshop in self.plan.workshops:
            expected.setdefault(self._town(workshop), None)
            if self._town(workshop) not in homes:
                expected[self._town(workshop)] = self._home(workshop.base_id)
        heads = {area.area_id: area.head_town_id for area in partition.areas}
        several = {violation.where for violation in self.one_base_a_town()}
        for town, home in expected.items():
            area = partition.area_of.get(town)
            said = heads.get(area) if area is not None else None
            if said != home and town not in several:
                yield Violation(rule="ties", where=town, found=str(said), allowed=str(home))

    def bases_named(self) -> Iterator[Violation]:
        used = {workshop.base_id for workshop in self.plan.workshops}
        if set(self.plan.bases) != used or len(self.plan.bases) != len(used):
            yield Violation(
                rule="bases named",
                where="plan",
                found=", ".join(self.plan.bases),
                allowed=", ".join(sorted(used)),
            )

    # What was asked for

    def goal(self, terms: Mapping[str, float]) -> Iterator[Violation]:
        """The goal is the one asked for, and a plan that opens workshops keeps its limits."""
        goal, asked = self.plan.goal, self.params
        stated = (goal.objective, goal.jobs_required, goal.budget_per_year)
        expected = (asked.objective, asked.jobs_required, asked.budget_per_year)
        if stated != expected:
            yield Violation(rule="goal", where="plan", found=str(stated), allowed=str(expected))
        if self.plan.status in ("infeasible", "out of time") and not self.plan.workshops:
            return
        jobs = sum(workshop.workers for workshop in self.plan.workshops)
        if jobs < asked.jobs_required:
            yield Violation(
                rule="jobs required",
                where="plan",
                found=f"{jobs} jobs",
                allowed=f"{asked.jobs_required} or more",
            )
        budget, cost = asked.budget_per_year, self._cost(terms)
        if budget is not None and _exceeds(cost, budget):
            yield Violation(
                rule="budget", where="plan", found=f"{cost:.2f} a year", allowed=f"{budget:.2f}"
            )

    def _cost(self, terms: Mapping[str, float]) -> float:
        """What the enterprise pays a year beyond wages."""
        return 0.0 - sum(
            amount
            for name, amount in terms.items()
            if name.startswith("enterprise: ") and name.removeprefix("enterprise: ") in _COST
        )

    def _is_beaten(self, terms: Mapping[str, float], scale: float) -> tuple[float, bool]:
        """What the plan is by its objective, and whether it is better than its bound."""
        bound = self.plan.bound
        if self.plan.goal.objective == "cost":
            cost = self._cost(terms)
            return cost, cost < bound - scale
        if self.plan.goal.objective == "jobs":
            jobs = float(sum(workshop.workers for workshop in self.plan.workshops))
            return jobs, jobs > bound
        return self.plan.value, self.plan.value > bound + scale

    # Money

    def terms(self) -> dict[str, float]:
        """Every term of money, from the tables."""
        sums: dict[str, float] = defaultdict(float)
        for workshop in self.plan.workshops:
            for name, amount in self._workshop_terms(workshop):
                sums[name] += amount
        for route in self.plan.routes:
            for name, amount in self._route_costs(route).items():
                driven = self.prices.days_per_year / max(route.every_days, 1)
                sums[f"enterprise: freight, {name}"] -= driven * amount
        for base in dict.fromkeys(workshop.base_id for workshop in self.plan.workshops):
            cost = self.enterprises[base]["opening_cost"]
            if _given(cost) and cost:
                yearly = self.prices.annualised(float(cost))
                sums["enterprise: opening of bases, yearly share"] -= yearly
        return dict(sums)

    def money(self, terms: Mapping[str, float]) -> Iterator[Violation]:
        """Stated terms, value and bound against the recomputed ones."""
        scale = ABSOLUTE + RELATIVE * sum(abs(amount) for amount in terms.values())
        for name in sorted(set(terms) | set(self.plan.terms)):
            said, found = self.plan.terms.get(name, 0.0), terms.get(name, 0.0)
            if abs(said - found) > scale:
                yield Violation(
                    rule="terms", where=name, found=f"{said:.2f}", allowed=f"{found:.2f}"
                )
        value = sum(terms.values())
        stated = sum(self.plan.terms.values())
        if abs(self.plan.value - stated) > scale:
            yield Violation(
                rule="value", where="plan", found=f"{self.plan.value:.2f}", allowed=f"{value:.2f}"
            )
        reached, is_beaten = self._is_beaten(terms, scale)
        if is_beaten:
            yield Violation(
                rule="bound",
                where="plan",
                found=f"{self.plan.bound:.2f}",
                allowed=f"{reached:.2f} or better",
            )

    def _workshop_terms(self, workshop: Workshop) -> Iterator[tuple[str, float]]:
        process = self.processes[workshop.process_id]
        place = self.facilities[workshop.facility_id]
        wage = float(process["wage_per_h"])
        given = process["value_per_t"]
        value = value_added_per_h(
            self.prices,
            wage_per_h=wage,
            labour_h_per_t=float(process["labour_h_per_t"]),
            value_per_t=float(given) if _given(given) else None,
        )
        for group in workshop.groups:
            pool = self.pools[self._town(workshop), group.skill, group.kind]
            ledger = worker_year(
                self.prices,
                kind=group.kind,
                wage_per_h=wage,
                value_added_per_h=value,
                present_wage_per_h=float(pool["present_wage_per_h"]),
                saved_km_per_day=float(pool["saved_km_per_day"]),
                saved_min_per_day=float(pool["saved_min_per_day"]),
            )
            for (party, term), amount in ledger.items():
                yield f"{party}: {term}", group.workers * amount
            if group.programme_id is not None:
                course = self.courses[group.programme_id]
                lessons = training_year(
                    self.prices,
                    cost_per_learner=float(course["cost_per_learner"]),
                    hours=float(course["hours"]),
                    present_wage_per_h=float(pool["present_wage_per_h"]),
                )
                for (party, term), amount in lessons.items():
                    yield f"{party}: {term}", group.workers * amount
        wages = workshop.workers * self.prices.hours_per_day * self.prices.days_per_year * wage
        ledger = workshop_year(
            self.prices,
            wages_per_year=wages,
            renovation_cost=float(place["renovation_cost"]),
            annual_rent=float(place["annual_rent"]) if _given(place["annual_rent"]) else 0.0,
        )
        for (party, term), amount in ledger.items():
            yield f"{party}: {term}", amount

    def _route_costs(self, route: Route) -> dict[str, float]:
        truck = self.vehicles[route.vehicle_id]
        km = hours = 0.0
        for trip in route.trips:
            places = self._places(route, trip)
            for here, there in pairwise(places):
                km += self._km(here, there)
                hours += self._minutes(here, there) / MIN_PER_H
            handling = self.params.loading_min + len(trip.stops) * self.params.stop_min
            hours += handling / MIN_PER_H
        return {
            "distance": km * float(truck["cost_per_km"]),
            "hours on duty": hours * float(truck["cost_per_h"]),
            "trucks": float(truck["fixed_per_day"]),
        }

    # Looking things up

    def _hired(self) -> Iterator[tuple[tuple[str, str, str], int]]:
        for workshop in self.plan.workshops:
            place = self.facilities.get(workshop.facility_id)
            town = workshop.town_id if place is None else str(place["town_id"])
            for group in workshop.groups:
                yield (town, group.skill, group.kind), group.workers

    def _learners(self) -> Iterator[tuple[Workshop, WorkerGroup]]:
        for workshop in self.plan.workshops:
            for group in workshop.groups:
                if group.programme_id is not None:
                    yield workshop, group

    def _skill_at_work(self, group: WorkerGroup) -> str:
        course = self.courses.get(str(group.programme_id))
        return group.skill if course is None else str(course["skill"])

    def _way_to_course(self, workshop: Workshop, course: Row) -> float:
        """Minutes to the institution; 0 where the course comes to the learner."""
        teacher = course["institution_id"]
        if course["is_distance"] or not _given(teacher):
            return 0.0
        return self._minutes(self._town(workshop), str(self.institutions[str(teacher)]["town_id"]))

    def _trips(self) -> Iterator[tuple[Route, Trip]]:
        for route in self.plan.routes:
            for trip in route.trips:
                yield route, trip

    def _stops(self) -> Iterator[Any]:
        for _, trip in self._trips():
            yield from trip.stops

    def _fewest_visits(self, workshop: Workshop) -> int | None:
        """Of the truck that holds most among those that get there and back; ``None`` if none."""
        process = self.processes[workshop.process_id]
        waiting = self._input_t(workshop) * workshop.visit_every_days
        tonnes = waiting * max(1.0, float(process["output_share"]))
        volume = tonnes / float(process["density_t_per_m3"])
        counts = [
            ceil(max(tonnes / truck["payload_t"], volume / truck["volume_m3"]) - RELATIVE)
            for truck in self._trucks_of(workshop.base_id)
            if not _exceeds(self._there_and_back(workshop), float(truck["shift_h"]) * MIN_PER_H)
        ]
        return max(min(counts), 1) if counts else None

    def _trucks_of(self, base: str) -> list[Row]:
        return [
            truck
            for truck in self.vehicles.values()
            if not _given(truck["base"]) or str(truck["base"]) == base
        ]

    def _there_and_back(self, workshop: Workshop) -> float:
        """Loading, out, one visit and back, minutes."""
        home, town = self._home(workshop.base_id), self._town(workshop)
        handling = self.params.loading_min + self.params.stop_min
        return self._minutes(home, town) + self._minutes(town, home) + handling

    def _input_t(self, workshop: Workshop) -> float:
        hours = workshop.workers * self.prices.hours_per_day
        return float(hours / self.processes[workshop.process_id]["labour_h_per_t"])

    def _on_board(self, trip: Trip) -> list[tuple[float, float]]:
        """Tonnes and cubic metres on leaving the base and each stop."""
        density = [
            float(self.processes[self.workshops[stop.facility_id].process_id]["density_t_per_m3"])
            for stop in trip.stops
        ]
        tonnes = sum(stop.delivered_t for stop in trip.stops)
        volume = sum(
            stop.delivered_t / dense for stop, dense in zip(trip.stops, density, strict=True)
        )
        states = [(tonnes, volume)]
        for stop, dense in zip(trip.stops, density, strict=True):
            change = stop.collected_t - stop.delivered_t
            tonnes, volume = tonnes + change, volume + change / dense
            states.append((tonnes, volume))
        return states

    def _clock(self, route: Route, trip: Trip, start: float) -> Iterator[tuple[float, float]]:
        """Stated and right moments of a trip; each right one follows from the stated one before."""
        yield trip.start_min, start
        here, leave = self._home(route.base_id), trip.start_min
        for stop in trip.stops:
            town = self._town(self.workshops[stop.facility_id])
            yield stop.arrive_min, leave + self._minutes(here, town)
            yield stop.leave_min, stop.arrive_min + self.params.stop_min
            here, leave = town, stop.leave_min
        yield trip.end_min, leave + self._minutes(here, self._home(route.base_id))

    def _places(self, route: Route, trip: Trip) -> list[str]:
        home = self._home(route.base_id)
        towns = [self._town(self.workshops[stop.facility_id]) for stop in trip.stops]
        return [home, *towns, home]

    def _town(self, workshop: Workshop) -> str:
        return str(self.facilities[workshop.facility_id]["town_id"])

    def _home(self, base: str) -> str:
        return str(self.enterprises[base]["town_id"])

    def _minutes(self, here: str, there: str) -> float:
        return self._travel(self.travel.time_min, here, there)

    def _km(self, here: str, there: str) -> float:
        return self._travel(self.travel.distance_km, here, there)

    def _travel(self, matrix: Any, here: str, there: str) -> float:
        if here == there:
            return 0.0
        at, to = self.travel.positions([here, there])
        return float(matrix[at, to])

    def _at(self, workshop: Workshop, rule: str, found: str, allowed: str) -> Violation:
        return Violation(rule=rule, where=workshop.facility_id, found=found, allowed=allowed)

    def _on(self, route: Route, rule: str, found: str, allowed: str) -> Violation:
        return Violation(rule=rule, where=route.route_id, found=found, allowed=allowed)
