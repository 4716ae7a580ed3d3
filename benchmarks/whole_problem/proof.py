"""
The best plan of the whole problem, or the closest that is proven.

1. For every set of open bases the relaxation gives a bound; sets whose bound is below a known value
   are done with. A programme of few trips looks for a better plan at once.
2. Where the relaxation has part of a truck, two cases are made of it: fewer trucks, or more.
3. What is left is listed and solved as a mixed-integer programme, first with a small gap, which is
   quick and may find a better plan, then with the whole gap, which proves.

The relaxations and programmes leave out the order of stops and the packing into shifts, so each
bound holds; a plan counts only after ``checking.py`` has made its trips.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations
from math import ceil, floor

from comarca.freight.problem import FreightProblem
from whole_problem.checking import Day, driven
from whole_problem.choices import Choices
from whole_problem.programme import Found, Programme
from whole_problem.relaxation import Relaxation
from whole_problem.tours import Tours

SAME = 1e-6  # share of the value within which bound and value are the same
WHOLE = 1e-6
FIRST_GAP = 1e-3  # share of the bound
Limits = tuple[tuple[float, float], ...]


@dataclass(frozen=True, kw_only=True)
class Proof:
    """
    Value of the best plan met and least bound, currency a year, and whether they are equal.

    ``workers`` by option and ``days`` are those of the plan, empty where only the value given at
    the start is known.
    """

    value: float
    bound: float
    workers: dict[int, int]
    days: tuple[Day, ...]
    is_optimal: bool


@dataclass
class _Case:
    bound: float
    bases: tuple[int, ...]
    limits: Limits


class Search:
    """
    Searches case by case.

    Parameters
    ----------
    problem
        Of daily visits, without training.
    known
        Value of a plan, currency a year; the empty plan is worth 0.
    seconds
        For each programme.
    tell
        Told what is being done.

    Raises
    ------
    NotCoveredError
        Where the problem is of another kind.
    """

    def __init__(
        self,
        problem: FreightProblem,
        *,
        known: float = 0.0,
        seconds: float = 600.0,
        tell: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.problem, self.choices = problem, Choices(problem)
        self.value, self.seconds, self.tell = known, seconds, tell
        self.workers: dict[int, int] = {}
        self.days: tuple[Day, ...] = ()
        self.given_up: list[float] = []
        bases = sorted({int(base) for base in self.choices.base})
        self.tours = {
            base: [Tours(self.choices, base, kind) for kind in range(len(problem.fleet(base)))]
            for base in bases
        }

    def done(self) -> Proof:
        """Search until nothing better can be."""
        bases = sorted(self.tours)
        cases = [
            _Case(float("inf"), some, ())
            for size in range(len(bases), 0, -1)
            for some in combinations(bases, size)
        ]
        while cases:
            cases.sort(key=lambda case: case.bound)
            case = cases.pop()
            if case.bound > self._enough:
                cases += self._looked_at(case)
        bound = max([self.value, *self.given_up])
        return Proof(
            value=self.value,
            bound=bound,
            workers=self.workers,
            days=self.days,
            is_optimal=bound <= self._enough,
        )

    @property
    def _enough(self) -> float:
        return self.value + SAME * abs(self.value)

    def _looked_at(self, case: _Case) -> list[_Case]:
        """Cases it falls into; none when it is done with."""
        tours = [each for base in case.bases for each in self.tours[base]]
        relaxed = Relaxation(self.choices, case.bases, tours)
        limits = case.limits or tuple((0.0, each.truck.number) for each in tours)
        relaxed.limit_trucks(limits)
        bound = relaxed.bound_without_freight()
        if bound > self._enough:
            bound = min(bound, relaxed.solve(self._enough))
        self.tell(f"bases {case.bases}, trucks {limits}: bound {bound:,.0f}")
        if bound <= self._enough:
            return []
        if not case.limits:
            self._take(self._programme(relaxed, FIRST_GAP * abs(bound)), tours)
        first = relaxed.n_choice - len(tours)
        trucks = relaxed.values[first : relaxed.n_choice]
        parts = [abs(float(number) - round(float(number))) for number in trucks]
        if max(parts) > WHOLE:
            at = parts.index(max(parts))
            fewer, more = list(limits), list(limits)
            fewer[at] = (limits[at][0], float(floor(trucks[at])))
            more[at] = (float(ceil(trucks[at])), limits[at][1])
            return [_Case(bound, case.bases, tuple(each)) for each in (fewer, more)]
        self._solve(relaxed, tours, bound)
        return []

    def _solve(self, relaxed: Relaxation, tours: list[Tours], bound: float) -> None:
        """List what may be better and find the best of it."""
        for times in (1, 4):
            small = times * FIRST_GAP * abs(bound)
            if small < bound - self.value:
                self._take(self._programme(relaxed, small), tours)
        if bound <= self._enough:
            return
        found = self._programme(relaxed, bound - self.value)
        if found is None:
            self.given_up.append(bound)
            return
        is_made = self._take(found, tours)
        if found.bound > self._enough or not is_made:
            self.given_up.append(min(found.bound, bound))

    def _programme(self, relaxed: Relaxation, gap: float) -> Found | None:
        try:
            programme = Programme(relaxed, gap)
        except MemoryError as many:
            self.tell(f"  gap {gap:,.0f}: {many}")
            return None
        found = programme.solve(self.value, self.seconds)
        self.tell(
            f"  gap {gap:,.0f}: {programme.n_trips:,} trips; "
            f"value {found.value:,.0f}, bound {found.bound:,.0f}"
        )
        return found

    def _take(self, found: Found | None, tours: list[Tours]) -> bool:
        """Keep a plan that is better; whether its trips can be made as they were priced."""
        if found is None or not found.workers:
            return True
        made = driven(self.choices, tours, found)
        if made is None:
            return False
        value, days = made
        if value > self.value:
            self.value, self.workers, self.days = value, found.workers, days
        return value >= found.value - SAME * abs(found.value)
