"""
The workshop location-routing problem, as the solver sees it.

Built once from a completed region. Money is already priced by ``model/prices.py``: what an hour of
a process is worth, what a worker gives up and what premises cost are each one number a year, since
the net benefit of a worker in a workshop is the sum of a part of the process and a part of the
worker (wages cancel).

Assumptions: every workshop is visited every working day, which satisfies any ``visit_every_days``;
nobody is trained, so a pool's skill must reach the process's; the truck drives the given matrix.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from math import ceil, floor, inf, isinf
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from comarca.errors import ParameterError, UnknownTownError
from comarca.freight.params import FreightParams
from comarca.freight.refusals import Refusals
from comarca.model.labour import LabourPools
from comarca.model.matrices import Skill, TravelMatrix
from comarca.model.prices import (
    Prices,
    WorkerKind,
    net,
    value_added_per_h,
    worker_year,
    workshop_year,
)
from comarca.model.region import Region
from comarca.units import MIN_PER_H

SKILL_RANK = {"basic": 0, "secondary": 1, "higher": 2}
WHOLE = 1e-9  # so that 0.1 x 30 workers count as three, not two
ROUNDING = 1e-6  # share of a truck by which rounded loads may seem to exceed it


@dataclass(frozen=True, kw_only=True)
class Base:
    """An enterprise that may send work out; ``town`` is a position in ``FreightProblem.towns``."""

    base_id: str
    name: str
    town: int
    opening_per_year: float
    capacity_t_per_day: float


@dataclass(frozen=True, kw_only=True)
class Process:
    """Work of one base; tonnes are daily and a worker's, ``worth`` currency a worker and year."""

    process_id: str
    name: str
    base: int
    skill_rank: int
    input_t: float
    output_t: float
    density_t_per_m3: float
    floor_m2: float
    min_workers: int
    max_workers: int
    wage_per_h: float
    value_added_per_h: float
    worth: float

    @property
    def loads(self) -> NDArray[np.float64]:
        """Delivered t, collected t, delivered m3, collected m3 of one worker's day."""
        weights = np.array([self.input_t, self.output_t])
        return np.concatenate([weights, weights / self.density_t_per_m3])


@dataclass(frozen=True, kw_only=True)
class Facility:
    """Premises; ``cost_per_year`` is what they cost all parties together when they are opened."""

    facility_id: str
    town: int
    floor_m2: float
    renovation_cost: float
    annual_rent: float
    cost_per_year: float


@dataclass(frozen=True, kw_only=True)
class Group:
    """Workers of one town, skill and present occupation; ``worth`` is what each gives up."""

    town: int
    skill: Skill
    kind: WorkerKind
    skill_rank: int
    workers: int
    present_wage_per_h: float
    saved_km_per_day: float
    saved_min_per_day: float
    worth: float


@dataclass(frozen=True, kw_only=True)
class Vehicle:
    """A type of truck; ``number`` per base, infinite when unlimited; ``base`` or any."""

    vehicle_id: str
    payload_t: float
    volume_m3: float
    cost_per_km: float
    cost_per_h: float
    fixed_per_day: float
    shift_min: float
    number: float
    base: int | None

    @property
    def limits(self) -> NDArray[np.float64]:
        """Most delivered t, collected t, delivered m3, collected m3 of one trip."""
        return np.array([self.payload_t, self.payload_t, self.volume_m3, self.volume_m3])


@dataclass(frozen=True, kw_only=True)
class Options:
    """
    Which process may go to which facility with how many visits a day, one entry an option.

    Parameters
    ----------
    facility, process
        Positions in the problem's tuples, shape ``(n_options,)``.
    least, most
        Fewest and most workers; ``least <= most``.
    visits
        Visits a day: the fewest that carry the goods of ``least`` to ``most`` workers.
    """

    facility: NDArray[np.intp]
    process: NDArray[np.intp]
    least: NDArray[np.int64]
    most: NDArray[np.int64]
    visits: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.facility)


@dataclass(frozen=True, kw_only=True, eq=False)
class FreightProblem:
    """
    Everything the solver needs, and nothing else.

    Parameters
    ----------
    towns
        Ids of base towns and of towns with a facility within reach.
    bases, processes, facilities, groups, vehicles
        See their classes; positions in these tuples are used throughout ``freight``.
    options
        Workshops that labour, floor, tonnes and reach allow one at a time.
    time_min, distance_km
        Truck travel among ``towns``, ``[origin, destination]``, ``inf`` = no way.
    prices
        What prices everything.
    loading_min, stop_min
        Loading before each trip, and each visit, minutes.
    notes
        What was left out, and why.
    """

    towns: tuple[str, ...]
    bases: tuple[Base, ...]
    processes: tuple[Process, ...]
    facilities: tuple[Facility, ...]
    groups: tuple[Group, ...]
    vehicles: tuple[Vehicle, ...]
    options: Options
    time_min: NDArray[np.float64]
    distance_km: NDArray[np.float64]
    prices: Prices
    loading_min: float
    stop_min: float
    notes: tuple[str, ...]

    @cached_property
    def base_of_process(self) -> NDArray[np.intp]:
        """Position of each process's base."""
        return np.array([process.base for process in self.processes], dtype=np.intp)

    @cached_property
    def town_of_facility(self) -> NDArray[np.intp]:
        """Position of each facility's town."""
        return np.array([facility.town for facility in self.facilities], dtype=np.intp)

    @cached_property
    def groups_of_town(self) -> dict[int, list[int]]:
        """Positions of the groups of each town."""
        of_town: dict[int, list[int]] = {}
        for at, group in enumerate(self.groups):
            of_town.setdefault(group.town, []).append(at)
        return of_town

    def fleet(self, base: int) -> list[Vehicle]:
        """Types of truck a base may use."""
        return [
            vehicle
            for vehicle in self.vehicles
            if vehicle.base in (None, base) and vehicle.number > 0
        ]

    def share_of_a_truck(self, base: int, town: int, loads: NDArray[np.float64]) -> float:
        """
        Share of the best truck that may go there, filled by these ``Process.loads``.

        Goods of more than one truck come by as few equal visits as the best truck allows.
        """
        need = self.round_trip_min(base, town)
        able = [truck for truck in self.fleet(base) if truck.shift_min >= need]
        return min(float((loads / truck.limits).max()) for truck in able)

    def longest_shift_min(self, base: int) -> float:
        """Longest shift among a base's trucks, minutes; 0 without a truck."""
        return max((vehicle.shift_min for vehicle in self.fleet(base)), default=0.0)

    def round_trip_min(self, base: int, town: int) -> float:
        """Loading, out, one visit and back, minutes."""
        home = self.bases[base].town
        drive = float(self.time_min[home, town] + self.time_min[town, home])
        return self.loading_min + drive + self.stop_min

    def is_within_reach(self, base: int, town: int) -> bool:
        """Whether a truck of the base can visit the town and be back within its shift."""
        home = self.bases[base].town
        there_and_back = self.distance_km[home, town] + self.distance_km[town, home]
        return bool(
            home != town
            and np.isfinite(there_and_back)
            and self.round_trip_min(base, town) <= self.longest_shift_min(base)
        )


def freight_problem(
    region: Region,
    pools: LabourPools,
    travel: TravelMatrix,
    prices: Prices,
    params: FreightParams,
) -> FreightProblem:
    """
    Put the freight problem of a region into numbers.

    Parameters
    ----------
    region
        Completed: enterprises, processes, vehicles and facilities are there.
    pools
        Who could work at home.
    travel
        Of a light truck; every base town and facility town is in it.
    prices
        What work, journeys and capital are worth.
    params
        Loading and stop times.

    Raises
    ------
    ParameterError
        When a table is absent: the region was not completed.
    UnknownTownError
        When travel times lack a town, or a process or vehicle names an unknown enterprise.
    """
    return _Building(region, pools, travel, prices, params).done()


class _Building:
    """The work of :func:`freight_problem`, one kind of object a method."""

    def __init__(
        self,
        region: Region,
        pools: LabourPools,
        travel: TravelMatrix,
        prices: Prices,
        params: FreightParams,
    ) -> None:
        self.region, self.pools, self.travel = region, pools, travel
        self.prices, self.params = prices, params
        self.notes: list[str] = []

    def done(self) -> FreightProblem:
        processes = self._table("processes")
        bases = self._base_rows(processes)
        facilities = self._table("facilities")
        home_ids = list(dict.fromkeys(bases["town_id"].astype(str)))
        towns = tuple(dict.fromkeys([*home_ids, *facilities["town_id"].astype(str)]))
        self.position = {town: at for at, town in enumerate(towns)}
        at = self.travel.positions(towns)
        time_min = self.travel.time_min[np.ix_(at, at)].astype(np.float64)
        distance_km = self.travel.distance_km[np.ix_(at, at)].astype(np.float64)
        np.fill_diagonal(time_min, 0.0)
        np.fill_diagonal(distance_km, 0.0)
        self.base_at = {str(base): n for n, base in enumerate(bases["enterprise_id"])}
        self.base_towns = [self.position[town] for town in bases["town_id"].astype(str)]
        problem = FreightProblem(
            towns=towns,
            bases=self._bases(bases),
            processes=self._processes(processes),
            facilities=self._facilities(facilities),
            groups=self._groups(),
            vehicles=self._vehicles(),
            options=_no_options(),
            time_min=time_min,
            distance_km=distance_km,
            prices=self.prices,
            loading_min=self.params.loading_min,
            stop_min=self.params.stop_min,
            notes=(),
        )
        return _with_options(problem, self.region)

    def _table(self, name: str) -> pd.DataFrame:
        table = self.region.table(name)
        if table is None:
            raise ParameterError(f"the region has no table {name}; complete it first.")
        return table

    def _base_rows(self, processes: pd.DataFrame) -> pd.DataFrame:
        """Enterprises that have processes and are not ruled out as a base."""
        enterprises = self._table("enterprises")
        known = set(enterprises["enterprise_id"].astype(str))
        for enterprise in processes["enterprise_id"].astype(str):
            if enterprise not in known:
                raise UnknownTownError(enterprise, sorted(known))
        has_work = enterprises["enterprise_id"].isin(set(processes["enterprise_id"]))
        may_be = enterprises["candidate_base"].fillna(True).astype(bool)
        return enterprises[has_work & may_be]

    def _bases(self, rows: pd.DataFrame) -> tuple[Base, ...]:
        return tuple(
            Base(
                base_id=str(row["enterprise_id"]),
                name=str(row["name"]),
                town=self.position[str(row["town_id"])],
                opening_per_year=self.prices.annualised(_or(row["opening_cost"], 0.0)),
                capacity_t_per_day=_or(row["capacity_t_per_day"], inf),
            )
            for row in _records(rows)
        )

    def _processes(self, rows: pd.DataFrame) -> tuple[Process, ...]:
        """One of a base that may open; the others never leave it."""
        return tuple(
            self._process(row)
            for row in _records(rows)
            if str(row["enterprise_id"]) in self.base_at
        )

    def _process(self, row: Mapping[str, Any]) -> Process:
        hours, wage = self.prices.hours_per_day, float(row["wage_per_h"])
        labour = float(row["labour_h_per_t"])
        value = value_added_per_h(
            self.prices,
            wage_per_h=wage,
            labour_h_per_t=labour,
            value_per_t=None if pd.isna(row["value_per_t"]) else float(row["value_per_t"]),
        )
        wages = self.prices.hours_per_year * wage
        supervision = workshop_year(
            self.prices, wages_per_year=wages, renovation_cost=0.0, annual_rent=0.0
        )
        input_t = hours / labour
        output_t = input_t * float(row["output_share"])
        stored = _or(row["storage_m2_per_t"], 0.0) * (input_t + output_t)
        return Process(
            process_id=str(row["process_id"]),
            name=str(row["name"]),
            base=self.base_at[str(row["enterprise_id"])],
            skill_rank=SKILL_RANK[str(row["skill"])],
            input_t=input_t,
            output_t=output_t,
            density_t_per_m3=float(row["density_t_per_m3"]),
            floor_m2=float(row["m2_per_worker"]) + stored,
            min_workers=max(ceil(float(row["min_workers"]) - WHOLE), 1),
            max_workers=floor(float(row["input_t_per_day"]) / input_t + WHOLE),
            wage_per_h=wage,
            value_added_per_h=value,
            worth=self.prices.hours_per_year * value + net(supervision),
        )

    def _facilities(self, rows: pd.DataFrame) -> tuple[Facility, ...]:
        facilities = []
        for row in _records(rows):
            renovation, rent = float(row["renovation_cost"]), _or(row["annual_rent"], 0.0)
            ledger = workshop_year(
                self.prices, wages_per_year=0.0, renovation_cost=renovation, annual_rent=rent
            )
            facilities.append(
                Facility(
                    facility_id=str(row["facility_id"]),
                    town=self.position[str(row["town_id"])],
                    floor_m2=float(row["floor_m2"]),
                    renovation_cost=renovation,
                    annual_rent=rent,
                    cost_per_year=-net(ledger),
                )
            )
        return tuple(facilities)

    def _groups(self) -> tuple[Group, ...]:
        """Pools of towns that have a facility; what a worker gives up does not depend on wages."""
        groups = []
        for row in _records(self.pools.frame):
            if str(row["town_id"]) not in self.position or row["workers"] < 1:
                continue
            given_up = worker_year(
                self.prices,
                kind=row["kind"],
                wage_per_h=0.0,
                value_added_per_h=0.0,
                present_wage_per_h=float(row["present_wage_per_h"]),
                saved_km_per_day=float(row["saved_km_per_day"]),
                saved_min_per_day=float(row["saved_min_per_day"]),
            )
            groups.append(
                Group(
                    town=self.position[str(row["town_id"])],
                    skill=row["skill"],
                    kind=row["kind"],
                    skill_rank=SKILL_RANK[str(row["skill"])],
                    workers=int(row["workers"]),
                    present_wage_per_h=float(row["present_wage_per_h"]),
                    saved_km_per_day=float(row["saved_km_per_day"]),
                    saved_min_per_day=float(row["saved_min_per_day"]),
                    worth=net(given_up),
                )
            )
        return tuple(groups)

    def _vehicles(self) -> tuple[Vehicle, ...]:
        """Types of truck; one that stands at an enterprise which is no base is left out."""
        vehicles = []
        for row in _records(self._table("vehicles")):
            at = None if pd.isna(row["base"]) else self.base_at.get(str(row["base"]), -1)
            if at == -1:
                continue
            vehicles.append(
                Vehicle(
                    vehicle_id=str(row["vehicle_id"]),
                    payload_t=float(row["payload_t"]),
                    volume_m3=float(row["volume_m3"]),
                    cost_per_km=float(row["cost_per_km"]),
                    cost_per_h=float(row["cost_per_h"]),
                    fixed_per_day=float(row["fixed_per_day"]),
                    shift_min=float(row["shift_h"]) * MIN_PER_H,
                    number=_or(row["number"], inf),
                    base=at,
                )
            )
        return tuple(vehicles)


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as dictionaries; a table of a region is small."""
    return [{str(key): value for key, value in row.items()} for row in frame.to_dict("records")]


def _or(value: Any, otherwise: float) -> float:
    """A number, or what stands for a missing one."""
    return otherwise if pd.isna(value) else float(value)


def _no_options() -> Options:
    nothing = np.zeros(0, dtype=np.int64)
    return Options(facility=nothing, process=nothing, least=nothing, most=nothing, visits=nothing)


def _with_options(problem: FreightProblem, region: Region) -> FreightProblem:
    """Find the workshops each facility allows, and say why the others are left out."""
    found: list[tuple[int, int, int, int, int]] = []
    refusals = Refusals(problem, region)
    workers_by_rank = _workers_by_rank(problem)
    for at, facility in enumerate(problem.facilities):
        for number, process in enumerate(problem.processes):
            if not problem.is_within_reach(process.base, facility.town):
                refusals.out_of_reach(at, number)
                continue
            hands = workers_by_rank[facility.town][process.skill_rank]
            by_floor = floor(facility.floor_m2 / process.floor_m2 + WHOLE)
            by_tonnes = _by_tonnes(problem, process)
            most = min(hands, by_floor, by_tonnes)
            if most >= process.min_workers:
                share = problem.share_of_a_truck(process.base, facility.town, process.loads)
                found += [
                    (at, number, *level) for level in _levels(share, process.min_workers, most)
                ]
            else:
                refusals.too_small(at, number, hands, by_floor, by_tonnes)
    table = np.array(found, dtype=np.int64).reshape(-1, 5)
    facilities, processes, least, most_workers, visits = table.T
    options = Options(
        facility=facilities, process=processes, least=least, most=most_workers, visits=visits
    )
    return replace(problem, options=options, notes=refusals.notes(options))


def visits_needed(share: float) -> int:
    """Visits that bring so many times what the best truck holds."""
    return max(ceil(share - ROUNDING), 1)


def _levels(share: float, least: int, most: int) -> Iterator[tuple[int, int, int]]:
    """Workers from the least to the most, by visits: fewest, most, visits of each level."""
    first = least
    while first <= most:
        visits = visits_needed(first * share)
        last = min(max(floor((visits + ROUNDING) / share), first), most)
        yield first, last, visits
        first = last + 1


def _by_tonnes(problem: FreightProblem, process: Process) -> int:
    """Most workers one workshop can have under the tonnes of its process and its base."""
    capacity = problem.bases[process.base].capacity_t_per_day / process.input_t
    return (
        process.max_workers
        if isinf(capacity)
        else min(process.max_workers, floor(capacity + WHOLE))
    )


def _workers_by_rank(problem: FreightProblem) -> NDArray[np.int64]:
    """Workers of each town with at least each skill, shape ``(n_towns, 3)``."""
    hands = np.zeros((len(problem.towns), len(SKILL_RANK)), dtype=np.int64)
    for group in problem.groups:
        hands[group.town, : group.skill_rank + 1] += group.workers
    return hands
