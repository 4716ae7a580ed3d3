"""The freight-tied agglomeration as it was designed: workshops, ties, rounds, money and proof."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import inf, isfinite
from types import MappingProxyType
from typing import Literal

from comarca.model.matrices import Skill
from comarca.model.partition import Partition
from comarca.model.prices import WorkerKind
from comarca.wording import counted, whole

Status = Literal["optimal", "feasible", "empty", "infeasible", "out of time"]
Objective = Literal["benefit", "cost", "jobs"]
OUTLAYS = (
    "enterprise: freight, distance",
    "enterprise: freight, hours on duty",
    "enterprise: freight, trucks",
    "enterprise: supervision",
    "enterprise: renovation, yearly share",
    "enterprise: rent of premises",
    "enterprise: training, yearly share",
    "enterprise: opening of bases, yearly share",
)
"""Terms that are the cost of bringing jobs: what the enterprise pays a year beyond wages."""


@dataclass(frozen=True, kw_only=True)
class Goal:
    """
    What a plan was made for.

    Parameters
    ----------
    objective
        ``benefit``: greatest net benefit; ``cost``: least cost; ``jobs``: most jobs.
    jobs_required
        Fewest jobs the plan must have, persons; 0 = none required.
    budget_per_year
        Most cost of the plan, currency a year; ``None`` = no limit.
    """

    objective: Objective = "benefit"
    jobs_required: int = 0
    budget_per_year: float | None = None

    def __str__(self) -> str:
        """Say it in words; amounts without their currency."""
        return self.told(lambda amount: f"{amount:,.0f}")

    def told(self, money: Callable[[float], str]) -> str:
        """Say it in words, amounts as they are told elsewhere."""
        sought = {"benefit": "greatest net benefit", "cost": "least cost", "jobs": "most jobs"}
        told = sought[self.objective]
        if self.jobs_required:
            told += f" with {self.jobs_required:,} jobs or more"
        if self.budget_per_year is not None:
            told += f" for {money(self.budget_per_year)} a year or less"
        return told


NET_BENEFIT = Goal()
"""What is sought where nothing else is asked for."""


@dataclass(frozen=True, kw_only=True)
class WorkerGroup:
    """
    Workers of one skill who do the same today.

    Parameters
    ----------
    skill
        The skill they have today.
    kind
        What they do today.
    workers
        Whole persons, 1 or more.
    programme_id
        The programme that raises their skill before they begin; ``None`` where they need none.
    """

    skill: Skill
    kind: WorkerKind
    workers: int
    programme_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class Workshop:
    """
    Work of one process brought to one facility.

    Parameters
    ----------
    facility_id, town_id
        Where it stands; a facility holds one workshop at most.
    base_id, process_id
        The enterprise it is tied to and the work it does.
    groups
        Who works there.
    input_t_per_day, output_t_per_day
        Semi-finished goods brought and goods taken back, mean of the working days, t.
    visit_every_days
        Working days from one visit of the truck to the next, 1 or more; what is worked and made
        between them waits in the workshop.
    """

    facility_id: str
    town_id: str
    base_id: str
    process_id: str
    groups: tuple[WorkerGroup, ...]
    input_t_per_day: float
    output_t_per_day: float
    visit_every_days: int = 1

    @property
    def workers(self) -> int:
        """Workers of all groups."""
        return sum(group.workers for group in self.groups)

    @property
    def learners(self) -> int:
        """Workers who are trained before they begin."""
        return sum(group.workers for group in self.groups if group.programme_id is not None)


@dataclass(frozen=True, kw_only=True)
class Stop:
    """
    One visit to a workshop.

    Parameters
    ----------
    facility_id
        Workshop visited.
    arrive_min, leave_min
        Minutes since the truck's shift began.
    delivered_t, collected_t
        Goods set down and taken up, t.
    load_t
        Goods on board when leaving, t.
    load_m3
        Their volume, m3.
    """

    facility_id: str
    arrive_min: float
    leave_min: float
    delivered_t: float
    collected_t: float
    load_t: float
    load_m3: float


@dataclass(frozen=True, kw_only=True)
class Trip:
    """
    From a base round its workshops and back.

    Parameters
    ----------
    start_min, end_min
        Leaving and returning, minutes since the shift began; loading before ``start_min`` is part
        of the shift.
    start_load_t
        Goods on board when leaving, t.
    distance_km
        Length of the round, km.
    stops
        Visits in order.
    """

    start_min: float
    end_min: float
    start_load_t: float
    distance_km: float
    stops: tuple[Stop, ...]


@dataclass(frozen=True, kw_only=True)
class Route:
    """
    A truck's day: one or more trips from its base.

    Parameters
    ----------
    route_id
        Text, unique in the plan.
    base_id, vehicle_id
        Where the truck stands and its type.
    trips
        In order of time, not overlapping.
    duty_h
        From the start of loading to the last return, h.
    distance_km
        Of all trips, km.
    cost_per_day
        Distance, hours and the fixed cost of a day on which it is driven, currency.
    starts_min
        When the driver's shift begins, minutes after midnight.
    every_days, first_day
        It is driven on working days ``first_day``, ``first_day + every_days`` and so on, counted
        from 1; ``first_day`` is at most ``every_days``.
    """

    route_id: str
    base_id: str
    vehicle_id: str
    trips: tuple[Trip, ...]
    duty_h: float
    distance_km: float
    cost_per_day: float
    starts_min: float = 0.0
    every_days: int = 1
    first_day: int = 1

    @property
    def mean_cost_per_day(self) -> float:
        """Cost of a working day, mean of the days it is driven and of those it is not, currency."""
        return self.cost_per_day / self.every_days


@dataclass(frozen=True, kw_only=True)
class FreightPlan:
    """
    What is opened, who works where, which trucks run, what it is worth and how near the best.

    Parameters
    ----------
    partition
        ``origin="freight"``: each town tied to one base, or to none.
    bases
        Enterprises that send work out.
    workshops, routes
        One workshop a facility; each route is repeated every working day, or every few.
    terms
        Currency per year by name, gains positive; they sum to ``value``.
    value
        Net benefit of the plan, currency per year.
    bound
        No plan can do better by the goal's objective; proven: be worth more (currency per year),
        cost less (currency per year), or have more jobs (persons). 0, without meaning, where the
        plan is infeasible; infinite where the search ended before anything was proven.
    status
        ``optimal`` when the gap is closed to the tolerance asked for; ``empty`` when no workshop
        can be set up or pays (doing nothing keeps every rule and is worth 0); ``infeasible`` when
        what was required of the plan cannot be had, and ``out of time``, say so instead of raising.
    notes
        What a planner should know: causes in planning words, stopping rule reached.
    goal
        What the plan was made for.
    most_jobs
        Where the required jobs cannot be had: no plan within the budget has more; proven.
    """

    partition: Partition
    bases: tuple[str, ...]
    workshops: tuple[Workshop, ...]
    routes: tuple[Route, ...]
    terms: Mapping[str, float]
    value: float
    bound: float
    status: Status
    notes: tuple[str, ...] = field(default=())
    goal: Goal = NET_BENEFIT
    most_jobs: int | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "terms", MappingProxyType(dict(self.terms)))

    @property
    def cost_per_year(self) -> float:
        """What the enterprise pays beyond wages to bring the jobs, currency per year."""
        return 0.0 - sum(self.terms.get(term, 0.0) for term in OUTLAYS)

    @property
    def reached(self) -> float:
        """What the plan is by the goal's objective: net benefit, cost, or jobs."""
        if self.goal.objective == "cost":
            return self.cost_per_year
        return float(self.workers) if self.goal.objective == "jobs" else self.value

    @property
    def misses_its_goal(self) -> bool:
        """Whether jobs were required and none are planned, so that nothing is reached."""
        return self.goal.jobs_required > 0 and not self.workshops

    @property
    def left(self) -> float:
        """
        What a better plan could gain at most, in the unit of the objective; 0 or more.

        Infinite where the jobs required were not reached, though they might be.
        """
        if self.misses_its_goal:
            return 0.0 if self.status == "infeasible" else inf
        better = -1.0 if self.goal.objective == "cost" else 1.0
        return max(0.0, better * (self.bound - self.reached))

    @property
    def gap(self) -> float:
        """``left / |bound|``, 0 or more; 0 when nothing is left; infinite at no bound or 0."""
        if self.left == 0:
            return 0.0
        return self.left / abs(self.bound) if self.bound and self.has_bound else inf

    @property
    def has_bound(self) -> bool:
        """Whether anything is proven of what other plans could reach."""
        return isfinite(self.bound)

    @property
    def workers(self) -> int:
        """People who work in workshops."""
        return sum(workshop.workers for workshop in self.workshops)

    def summary(self) -> str:
        """Say in a few lines what is planned and how near the best it is."""
        towns = len({workshop.town_id for workshop in self.workshops})
        km = sum(route.distance_km / route.every_days for route in self.routes)
        head = (
            f"{counted(self.workers, 'job')} in {counted(len(self.workshops), 'workshop')} of "
            f"{counted(towns, 'town')}, tied to {counted(len(self.bases), 'base')} by "
            f"{counted(len(self.routes), 'truck')} and {km:,.0f} km a day"
        )
        return "\n".join((head, self._money(), *self.notes))

    def _money(self) -> str:
        if self.has_bound:
            possible = f"at most {whole(self.bound)} possible"
            if self.goal.objective == "cost":
                possible = f"no plan costs less than {whole(self.bound)}"
            proof = f"{possible} (gap {self.gap:.1%}, {whole(self.left)}); {self.status}"
        else:
            possible = "no bound proven"
            proof = f"{possible}; {self.status}"
        worth = f"net benefit {whole(self.value)} a year"
        if self.status == "infeasible":
            return f"{self.goal}: {self.status}"
        if self.misses_its_goal:
            return f"{self.goal}: {self.status}, {possible}"
        if self.goal == NET_BENEFIT:
            return f"{worth}, {proof}"
        sought = f"{self.goal}: {whole(self.reached)}"
        others = {
            "benefit": f"cost {whole(self.cost_per_year)} a year",
            "cost": worth,
            "jobs": f"cost {whole(self.cost_per_year)} a year, {worth}",
        }[self.goal.objective]
        return f"{sought}, {proof}\n{others}"
