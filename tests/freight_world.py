"""Small freight worlds made by hand, and an exhaustive solver for them."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache, partial
from itertools import pairwise, permutations, product
from typing import Any

import numpy as np
import pandas as pd
from scipy.optimize import linear_sum_assignment

from comarca.freight import FreightParams
from comarca.model.labour import LabourPools
from comarca.model.matrices import TravelMatrix
from comarca.model.prices import Prices, net, value_added_per_h, worker_year, workshop_year
from comarca.model.region import Region, typed_frame

RANK = {"basic": 0, "secondary": 1, "higher": 2}
PARAMS = FreightParams(loading_min=10, stop_min=10, routing_iterations=60)


@dataclass(frozen=True, kw_only=True)
class World:
    """The five inputs of ``design_freight``."""

    region: Region
    pools: LabourPools
    travel: TravelMatrix
    prices: Prices
    params: FreightParams = field(default=PARAMS)

    @property
    def inputs(self) -> tuple[Region, LabourPools, TravelMatrix, Prices, FreightParams]:
        return self.region, self.pools, self.travel, self.prices, self.params


ENTERPRISES = [
    {"enterprise_id": "A", "name": "Ash Works", "town_id": "ash", "jobs": 500},
    {"enterprise_id": "D", "name": "Dale Joinery", "town_id": "dale", "jobs": 300},
]
PROCESSES = [
    {
        "process_id": "sewing",
        "enterprise_id": "A",
        "name": "Sewing",
        "labour_h_per_t": 80.0,
        "input_t_per_day": 0.6,
        "output_share": 0.9,
        "density_t_per_m3": 0.2,
        "skill": "basic",
        "wage_per_h": 3.0,
        "m2_per_worker": 10.0,
        "storage_m2_per_t": 5.0,
        "min_workers": 2,
    },
    {
        "process_id": "joinery",
        "enterprise_id": "D",
        "name": "Joinery",
        "labour_h_per_t": 40.0,
        "input_t_per_day": 1.0,
        "output_share": 1.1,
        "density_t_per_m3": 0.1,
        "skill": "secondary",
        "wage_per_h": 5.0,
        "m2_per_worker": 15.0,
        "min_workers": 1,
    },
]
VEHICLES = [
    {
        "vehicle_id": "van",
        "name": "Van",
        "payload_t": 0.5,
        "volume_m3": 4.0,
        "cost_per_km": 0.3,
        "cost_per_h": 6.0,
        "fixed_per_day": 8.0,
        "shift_h": 6.0,
    }
]
FACILITIES = [
    {"facility_id": "mill", "town_id": "birch", "floor_m2": 35.0},
    {"facility_id": "school", "town_id": "birch", "floor_m2": 25.0},
    {"facility_id": "depot", "town_id": "cedar", "floor_m2": 46.0},
]
LABOUR = [
    ("birch", "basic", "unemployed", 4),
    ("birch", "secondary", "commuter", 3),
    ("cedar", "secondary", "unemployed", 2),
    ("cedar", "basic", "inactive", 2),
]
COURSE = {
    "programme_id": "cutting",
    "name": "Cutting and sewing",
    "skill": "secondary",
    "hours": 120.0,
    "cost_per_learner": 300.0,
    "capacity": 2,
    "is_distance": True,
}
ROAD = {"ash": 0.0, "birch": 10.0, "cedar": 20.0, "dale": 30.0}


def world(**changes: Any) -> World:
    """
    Four towns on a road, two bases at its ends; any table may be replaced.

    ``enterprises, processes, vehicles, facilities`` are rows; ``labour`` is (town, skill, kind,
    workers); ``minutes`` and ``km`` are square arrays over ``towns``. There are no ``programmes``
    or ``institutions`` unless given.
    """
    towns = changes.get("towns", list(ROAD))
    frame = pd.DataFrame(
        {"town_id": towns, "name": [t.title() for t in towns], "lat": 0.0, "lon": 0.0}
    ).assign(population=1000)
    place = np.array([ROAD.get(town, 0.0) for town in towns])
    km = changes.get("km", np.abs(place[:, None] - place[None, :]))
    minutes = changes.get("minutes", km)
    facilities = [
        {"condition": "fair", "renovation_cost": 1000.0, "annual_rent": 100.0} | row
        for row in changes.get("facilities", FACILITIES)
    ]
    tables = {
        "enterprises": changes.get("enterprises", ENTERPRISES),
        "processes": changes.get("processes", PROCESSES),
        "vehicles": changes.get("vehicles", VEHICLES),
        "facilities": facilities,
    } | {name: changes[name] for name in ("programmes", "institutions") if name in changes}
    labour = pd.DataFrame(
        changes.get("labour", LABOUR), columns=["town_id", "skill", "kind", "workers"]
    )
    commutes = labour["kind"] == "commuter"
    labour["present_wage_per_h"] = labour["skill"].map(
        {"basic": 2.5, "secondary": 4.0, "higher": 8}
    )
    labour["saved_km_per_day"] = np.where(commutes, 60.0, 0.0)
    labour["saved_min_per_day"] = np.where(commutes, 90.0, 0.0)
    region = Region(
        name="hand-made",
        towns=typed_frame("towns", frame),
        tables={name: typed_frame(name, pd.DataFrame(rows)) for name, rows in tables.items()},
    )
    return World(
        region=region,
        pools=LabourPools(labour),
        travel=TravelMatrix(tuple(towns), "truck", minutes, km, "table"),
        prices=changes.get("prices", Prices()),
        params=changes.get("params", PARAMS),
    )


def change(rows: list[dict[str, Any]], key: str, **values: Any) -> list[dict[str, Any]]:
    """Rows with some values of one row changed; the row is known by its first column."""
    return [row | values if next(iter(row.values())) == key else row for row in rows]


def best_by_brute_force(given: World) -> float:
    """Greatest net benefit over every choice of process and workers and every set of rounds."""
    return _Everything(given).best()


def plans_by_brute_force(given: World) -> list[tuple[float, float, int]]:
    """Net benefit, cost and jobs of every plan there is, each with its cheapest rounds."""
    return _Everything(given).plans()


def best_for_the_goal(plans: list[tuple[float, float, int]], asked: FreightParams) -> float | None:
    """Best net benefit, cost or jobs among plans that have what is required; ``None`` if none."""
    budget = np.inf if asked.budget_per_year is None else asked.budget_per_year
    kept = [p for p in plans if p[2] >= asked.jobs_required and p[1] <= budget + 1e-6]
    if asked.objective == "cost":
        return min((cost for _, cost, _ in kept), default=None)
    if asked.objective == "jobs":
        return max((float(jobs) for *_, jobs in kept), default=None)
    return max((value for value, *_ in kept), default=None)


class _Everything:
    def __init__(self, given: World) -> None:
        self.given = given
        tables = given.region.tables
        self.bases = {row["enterprise_id"]: row for row in tables["enterprises"].to_dict("records")}
        self.processes = tables["processes"].to_dict("records")
        self.facilities = tables["facilities"].to_dict("records")
        self.trucks = tables["vehicles"].to_dict("records")
        courses = tables["programmes"].to_dict("records") if "programmes" in tables else []
        assert len(courses) < 2
        assert all(course["is_distance"] for course in courses)
        self.course = courses[0] if courses else None
        self.pool = given.pools.frame.to_dict("records")
        self.routing = cache(self._routing)
        self.hiring = cache(self._hiring)
        self.trip = cache(self._trip)

    def best(self) -> float:
        choices = [self._choices(place) for place in self.facilities]
        return max((self._value(picked) for picked in product(*choices)), default=0.0)

    def plans(self) -> list[tuple[float, float, int]]:
        """The empty plan is among them."""
        assert self.course is None
        found = []
        for picked in product(*(self._choices(place) for place in self.facilities)):
            made = [(at, *choice) for at, choice in enumerate(picked) if choice is not None]
            value = self._value(picked)
            if value > -np.inf:
                found.append((value, self._cost(made), sum(n for _, _, n, _ in made)))
        return found

    def _cost(self, made: list[tuple[int, int, int, int]]) -> float:
        """Freight, supervision, renovation, rent and opening."""
        prices = self.given.prices
        cost = 0.0
        for at, number, n, _ in made:
            wages = n * prices.hours_per_year * self.processes[number]["wage_per_h"]
            place = self.facilities[at]
            cost += prices.supervision_share * wages + place["annual_rent"]
            cost += prices.annualised(place["renovation_cost"])
        for base, row in self.bases.items():
            mine = tuple(x for x in made if self.processes[x[1]]["enterprise_id"] == base)
            if mine:
                cost += prices.days_per_year * self.routing(base, mine)
                if not pd.isna(row["opening_cost"]):
                    cost += prices.annualised(row["opening_cost"])
        return cost

    def _choices(self, place: dict[str, Any]) -> list[tuple[int, int, int] | None]:
        """Process, workers, and days between visits."""
        found: list[tuple[int, int, int] | None] = [None]
        for number, work in enumerate(self.processes):
            tonnes = self._tonnes(work)
            stored = 0.0 if pd.isna(work["storage_m2_per_t"]) else work["storage_m2_per_t"]
            longest = 1 if pd.isna(work["visit_every_days"]) else int(work["visit_every_days"])
            for wait in range(1, longest + 1):
                waiting = wait * stored * tonnes * (1 + work["output_share"])
                each = work["m2_per_worker"] + waiting
                most = int(min(place["floor_m2"] / each, work["input_t_per_day"] / tonnes) + 1e-9)
                for n in range(int(work["min_workers"]), most + 1):
                    base = work["enterprise_id"]
                    if wait == 1 or len(self._visits(base, 0, number, n, wait)) == 1:
                        found.append((number, n, wait))
        return found

    def _tonnes(self, work: dict[str, Any]) -> float:
        return float(self.given.prices.hours_per_day / work["labour_h_per_t"])

    def _value(self, picked: tuple[tuple[int, int, int] | None, ...]) -> float:
        made = [(at, *choice) for at, choice in enumerate(picked) if choice is not None]
        if not self._keeps_rules(made):
            return -np.inf
        value = self._staffed(made)
        for at, number, n, _ in made:
            wages = n * self.given.prices.hours_per_year * self.processes[number]["wage_per_h"]
            place = self.facilities[at]
            value += net(
                workshop_year(
                    self.given.prices,
                    wages_per_year=wages,
                    renovation_cost=place["renovation_cost"],
                    annual_rent=place["annual_rent"],
                )
            )
        for base, row in self.bases.items():
            mine = tuple(x for x in made if self.processes[x[1]]["enterprise_id"] == base)
            if mine:
                value -= self.given.prices.days_per_year * self.routing(base, mine)
                if not pd.isna(row["opening_cost"]):
                    value -= self.given.prices.annualised(row["opening_cost"])
        return value

    def _staffed(self, made: list[tuple[int, int, int, int]]) -> float:
        """What workers are worth at best, over every way to share out the places on the course."""
        best = {0: 0.0}
        seats = 0 if self.course is None else int(self.course["capacity"])
        for town in {self.facilities[at]["town_id"] for at, *_ in made}:
            work = tuple((p, n) for at, p, n, _ in made if self.facilities[at]["town_id"] == town)
            grown: dict[int, float] = {}
            for taken, value in best.items():
                for here in range(seats - taken + 1):
                    total = value + self.hiring(town, work, here)
                    grown[taken + here] = max(grown.get(taken + here, -np.inf), total)
            best = grown
        return max(best.values())

    def _keeps_rules(self, made: list[tuple[int, int, int, int]]) -> bool:
        base_of = {}
        homes = set()
        for at, number, _, _ in made:
            base = self.processes[number]["enterprise_id"]
            homes.add(self.bases[base]["town_id"])
            if base_of.setdefault(self.facilities[at]["town_id"], base) != base:
                return False
        if homes & set(base_of):
            return False
        for number, work in enumerate(self.processes):
            tonnes = self._tonnes(work) * sum(n for _, p, n, _ in made if p == number)
            if tonnes > work["input_t_per_day"] + 1e-9:
                return False
        for base, row in self.bases.items():
            tonnes = sum(
                self._tonnes(self.processes[p]) * n
                for _, p, n, _ in made
                if self.processes[p]["enterprise_id"] == base
            )
            if not pd.isna(row["capacity_t_per_day"]) and tonnes > row["capacity_t_per_day"] + 1e-9:
                return False
        return True

    def _hiring(self, town: str, work: tuple[tuple[int, int], ...], seats: int) -> float:
        """Every worker to a place of work, person by person; so many at most take the course."""
        groups = [row for row in self.pool if row["town_id"] == town]
        learners = [range(min(row["workers"], seats) + 1) for row in groups]
        return max(
            (
                self._assigned(groups, work, taken)
                for taken in product(*learners)
                if sum(taken) <= seats
            ),
            default=-np.inf,
        )

    def _assigned(
        self, groups: list[Any], work: tuple[tuple[int, int], ...], taken: tuple[int, ...]
    ) -> float:
        people = [
            row | {"learns": number < count}
            for row, count in zip(groups, taken, strict=True)
            for number in range(row["workers"])
        ]
        jobs = [self.processes[number] for number, n in work for _ in range(n)]
        if len(people) < len(jobs):
            return -np.inf
        worth = np.full((len(jobs), len(people)), -1e12)
        for i, job in enumerate(jobs):
            for j, person in enumerate(people):
                if self._rank(person) >= RANK[job["skill"]]:
                    worth[i, j] = self._worker_worth(job, person)
        rows, cols = linear_sum_assignment(worth, maximize=True)
        total = float(worth[rows, cols].sum())
        return total if total > -1e11 else -np.inf

    def _rank(self, person: dict[str, Any]) -> int:
        rank = RANK[person["skill"]]
        return rank + (person["learns"] and RANK[self.course["skill"]] == rank + 1)

    def _lessons(self, person: dict[str, Any]) -> float:
        if not person["learns"]:
            return 0.0
        prices = self.given.prices
        own_time = self.course["hours"] * person["present_wage_per_h"] * prices.own_time_share
        return prices.annualised_training(self.course["cost_per_learner"] + own_time)

    def _worker_worth(self, job: dict[str, Any], person: dict[str, Any]) -> float:
        given = job["value_per_t"]
        value = value_added_per_h(
            self.given.prices,
            wage_per_h=job["wage_per_h"],
            labour_h_per_t=job["labour_h_per_t"],
            value_per_t=None if pd.isna(given) else given,
        )
        return -self._lessons(person) + net(
            worker_year(
                self.given.prices,
                kind=person["kind"],
                wage_per_h=job["wage_per_h"],
                value_added_per_h=value,
                present_wage_per_h=person["present_wage_per_h"],
                saved_km_per_day=person["saved_km_per_day"],
                saved_min_per_day=person["saved_min_per_day"],
            )
        )

    def _routing(self, base: str, made: tuple[tuple[int, int, int, int], ...]) -> float:
        """Those visited as rarely as each other have trucks of their own."""
        waits = {wait for *_, wait in made}
        assert len(waits) < 2 or all(pd.isna(truck["number"]) for truck in self.trucks)
        return sum(
            self._driving(base, tuple(each for each in made if each[-1] == wait)) / wait
            for wait in waits
        )

    def _driving(self, base: str, made: tuple[tuple[int, int, int, int], ...]) -> float:
        """Cheapest trucks over every grouping into trips, order, and grouping into truck-days."""
        home = self.bases[base]["town_id"]
        best = np.inf
        for trips in _groupings([visit for each in made for visit in self._visits(base, *each)]):
            for days in _groupings(trips):
                for trucks in product(range(len(self.trucks)), repeat=len(days)):
                    most = [self._number(base, at) * made[0][-1] for at in trucks]
                    if all(trucks.count(at) <= n for at, n in zip(trucks, most, strict=True)):
                        cost = sum(map(partial(self._day, home), days, trucks))
                        best = min(best, cost)
        return best

    def _number(self, base: str, at: int) -> float:
        truck = self.trucks[at]
        if not pd.isna(truck["base"]) and truck["base"] != base:
            return 0
        return np.inf if pd.isna(truck["number"]) else float(truck["number"])

    def _visits(
        self, base: str, at: int, number: int, n: int, wait: int
    ) -> list[tuple[int, int, float]]:
        """As few equal visits as the best truck allows, with the goods of the days between."""
        work = self.processes[number]
        given = n * wait * self._tonnes(work) * max(1.0, work["output_share"])
        parts = min(
            max(given / truck["payload_t"], given / work["density_t_per_m3"] / truck["volume_m3"])
            for truck in self.trucks
            if pd.isna(truck["base"]) or truck["base"] == base
        )
        count = max(int(np.ceil(parts - 1e-6)), 1)
        return [(at, number, n * wait / count)] * count

    def _day(self, home: str, trips: list[Any], at: int) -> float:
        truck = self.trucks[at]
        km = hours = 0.0
        for trip in trips:
            distance, time = self.trip(home, tuple(trip), at)
            km, hours = km + distance, hours + time
        if hours > truck["shift_h"] + 1e-9:
            return float(np.inf)
        cost = truck["fixed_per_day"] + hours * truck["cost_per_h"]
        return float(cost + km * truck["cost_per_km"])

    def _trip(self, home: str, trip: tuple[Any, ...], at: int) -> tuple[float, float]:
        """Least weighted length among the orders in which the loads fit."""
        truck = self.trucks[at]
        best, found = np.inf, (np.inf, np.inf)
        for order in permutations(trip):
            if not self._fits(order, truck):
                continue
            places = [home, *(self.facilities[at]["town_id"] for at, _, _ in order), home]
            legs = [self.given.travel.positions(leg) for leg in pairwise(places)]
            km = sum(float(self.given.travel.distance_km[i, j]) for i, j in legs)
            minutes = sum(float(self.given.travel.time_min[i, j]) for i, j in legs)
            params = self.given.params
            hours = (minutes + params.loading_min + len(order) * params.stop_min) / 60
            cost = km * truck["cost_per_km"] + hours * truck["cost_per_h"]
            if cost < best:
                best, found = cost, (km, hours)
        return found

    def _fits(self, order: tuple[Any, ...], truck: dict[str, Any]) -> bool:
        given = [n * self._tonnes(self.processes[p]) for _, p, n in order]
        dense = [self.processes[p]["density_t_per_m3"] for _, p, _ in order]
        tonnes, volume = sum(given), sum(g / d for g, d in zip(given, dense, strict=True))
        states = [(tonnes, volume)]
        for g, d, (_, p, _) in zip(given, dense, order, strict=True):
            change = g * (self.processes[p]["output_share"] - 1)
            tonnes, volume = tonnes + change, volume + change / d
            states.append((tonnes, volume))
        return all(
            t <= truck["payload_t"] + 1e-9 and v <= truck["volume_m3"] + 1e-9 for t, v in states
        )


def _groupings(things: list[Any]) -> list[list[list[Any]]]:
    """Every way to put things into groups."""
    if not things:
        return [[]]
    first, rest = things[0], things[1:]
    found = []
    for groups in _groupings(rest):
        found.append([[first], *groups])
        found += [
            [*groups[:at], [first, *groups[at]], *groups[at + 1 :]] for at in range(len(groups))
        ]
    return found
