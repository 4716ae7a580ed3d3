"""
The workshop location-routing problem, as the solver sees it.

Built once from a completed region (``building.py``, ``options.py``). Money is already priced by
``model/prices.py``: what an hour of a process is worth, what a worker gives up and what premises
cost are each one number a year, since the net benefit of a worker in a workshop is the sum of a
part of the process and a part of the worker (wages cancel).

Assumptions: the truck drives the given matrix; a workshop is visited every so many working days,
always the same number, and its goods of that time come in one visit where that is more than one; a
worker takes one course at most, which raises skill by one step; every workshop may be visited
within the same hours of the day.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import ceil

import numpy as np
from numpy.typing import NDArray

from comarca.model.matrices import Skill
from comarca.model.prices import Prices, WorkerKind

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
    """
    Work of one base.

    ``input_t`` and ``output_t`` are a worker's day, ``worth`` is currency a worker and year,
    ``storage_m2`` floor for the goods of one worker's day, ``longest_wait`` the most working days
    between visits, ``supervision`` what the enterprise pays for it a worker and year, within
    ``worth``.
    """

    process_id: str
    name: str
    base: int
    skill_rank: int
    input_t: float
    output_t: float
    density_t_per_m3: float
    m2_per_worker: float
    storage_m2: float
    longest_wait: int
    min_workers: int
    max_workers: int
    wage_per_h: float
    value_added_per_h: float
    worth: float
    supervision: float = 0.0

    @property
    def loads(self) -> NDArray[np.float64]:
        """Delivered t, collected t, delivered m3, collected m3 of one worker's day."""
        weights = np.array([self.input_t, self.output_t])
        return np.concatenate([weights, weights / self.density_t_per_m3])

    def floor_m2(self, every_days: int) -> float:
        """Floor a worker needs where the goods of so many days wait."""
        return self.m2_per_worker + every_days * self.storage_m2


@dataclass(frozen=True, kw_only=True)
class Facility:
    """
    Premises; ``cost_per_year`` is what they cost all parties together when they are opened.

    ``outlay_per_year`` is what the enterprise pays for them, rent to the town included.
    """

    facility_id: str
    town: int
    floor_m2: float
    renovation_cost: float
    annual_rent: float
    cost_per_year: float
    outlay_per_year: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Group:
    """
    Workers of one town, skill and present occupation; ``worth`` is what each gives up.

    Those who might be trained stand once more: ``source`` is the position of the group they belong
    to, ``programme`` that of their course, ``skill_rank`` what they have after it, ``workers`` the
    most who may take it, and ``worth`` bears its yearly share, of which ``outlay`` is the
    enterprise's.
    """

    town: int
    skill: Skill
    kind: WorkerKind
    skill_rank: int
    workers: int
    present_wage_per_h: float
    saved_km_per_day: float
    saved_min_per_day: float
    worth: float
    source: int | None = None
    programme: int | None = None
    outlay: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Programme:
    """A course that raises skill to ``skill_rank`` from the step below; ``capacity`` learners."""

    programme_id: str
    skill_rank: int
    hours: float
    cost_per_learner: float
    capacity: int


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
    Which process may go to which facility with which visits, one entry an option.

    Parameters
    ----------
    facility, process
        Positions in the problem's tuples, shape ``(n_options,)``.
    least, most
        Fewest and most workers; ``least <= most``.
    visits
        Visits on a day with any: the fewest that carry the goods of ``least`` to ``most`` workers.
    every_days
        Working days from one such day to the next; ``visits`` is 1 where it is more than 1.
    """

    facility: NDArray[np.intp]
    process: NDArray[np.intp]
    least: NDArray[np.int64]
    most: NDArray[np.int64]
    visits: NDArray[np.int64]
    every_days: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.facility)

    def some(self, at: NDArray[np.int64]) -> Options:
        """Those at some positions, in their order."""
        return Options(
            facility=self.facility[at],
            process=self.process[at],
            least=self.least[at],
            most=self.most[at],
            visits=self.visits[at],
            every_days=self.every_days[at],
        )

    @cached_property
    def visits_per_day(self) -> NDArray[np.float64]:
        """Visits of a working day, mean over days."""
        return self.visits / self.every_days


@dataclass(frozen=True)
class Demand:
    """
    What a workshop wants of the trucks.

    Parameters
    ----------
    loads
        Of one visit: delivered t, collected t, delivered m3, collected m3.
    visits
        On a day with any.
    every_days
        Working days from one such day to the next.
    """

    loads: tuple[float, float, float, float]
    visits: int = 1
    every_days: int = 1


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
    programmes
        Courses; their learners are among ``groups``.
    options
        Workshops that labour, floor, tonnes and reach allow one at a time.
    time_min, distance_km
        Truck travel among ``towns``, ``[origin, destination]``, ``inf`` = no way.
    prices
        What prices everything.
    loading_min, stop_min
        Loading before each trip, and each visit, minutes.
    start_min, open_min, close_min
        When drivers may begin, and between which moments a truck may stand at a workshop, minutes
        after midnight.
    notes
        What was left out, and why.
    """

    towns: tuple[str, ...]
    bases: tuple[Base, ...]
    processes: tuple[Process, ...]
    facilities: tuple[Facility, ...]
    groups: tuple[Group, ...]
    vehicles: tuple[Vehicle, ...]
    programmes: tuple[Programme, ...]
    options: Options
    time_min: NDArray[np.float64]
    distance_km: NDArray[np.float64]
    prices: Prices
    loading_min: float
    stop_min: float
    start_min: float
    open_min: float
    close_min: float
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

    def demand(self, option: int, workers: int) -> Demand:
        """What a workshop of an option with so many workers wants of the trucks."""
        visits, every_days = int(self.options.visits[option]), int(self.options.every_days[option])
        day = self.processes[self.options.process[option]].loads * workers
        delivered, collected, delivered_m3, collected_m3 = (day * every_days / visits).tolist()
        return Demand((delivered, collected, delivered_m3, collected_m3), visits, every_days)

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
            and self.leaves_by(base, town) <= self.close_min + ROUNDING
        )

    def starts_at(self, base: int, town: int) -> float:
        """
        When the shift of a truck that first visits a town begins, minutes after midnight.

        As early as may be, yet so late that it need not wait for the workshop to open; those it
        visits later are then open too.
        """
        out = float(self.time_min[self.bases[base].town, town])
        return max(self.start_min, self.open_min - self.loading_min - out)

    def leaves_by(self, base: int, town: int) -> float:
        """When a truck that first visits a town can leave it, minutes after midnight."""
        out = float(self.time_min[self.bases[base].town, town])
        return self.starts_at(base, town) + self.loading_min + out + self.stop_min

    def may_find_closed(self, base: int) -> bool:
        """Whether a truck of the base that keeps its shift could yet come too late."""
        latest_start = max(self.start_min, self.open_min - self.loading_min)
        return latest_start + self.longest_shift_min(base) > self.close_min


def visits_needed(share: float) -> int:
    """Visits that bring so many times what the best truck holds."""
    return max(ceil(share - ROUNDING), 1)
