"""
The best plan of the whole problem, or the closest that is proven.

1. For every set of open bases the relaxation gives a bound; cases whose bound is below a known
   value are done with. A programme of few trips looks for a better plan at once.
2. A case near to the known value is listed and solved as a mixed-integer programme.
3. Any other falls into two (``branching.py``): of the splits of what is farthest from whole, that
   which lowers the bound most by the trips there are. The case of the highest bound comes first.

The relaxations and programmes leave out the order of stops and the packing into shifts, so each
bound holds; a plan counts only after ``checking.py`` has made its trips.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations

from comarca.freight.problem import FreightProblem
from whole_problem.branching import Limits, Split, splits
from whole_problem.checking import Day, driven
from whole_problem.choices import Choices
from whole_problem.programme import Found, Programme
from whole_problem.relaxation import Relaxation
from whole_problem.tours import Tours

SAME = 1e-6  # share of the value within which bound and value are the same
FIRST_GAP = 1e-3  # share of the bound
LISTED_GAP = 2e-3  # share of the bound within which a case is listed, if trips are few
FEW_TRIPS, MOST_TRIPS = 1_500, 20_000
SPLITS_TRIED = 6


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
class Case:
    """Open bases, a bound on every plan's value, currency a year, and limits if there are any."""

    bound: float
    bases: tuple[int, ...]
    limits: Limits | None = None


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
        self.relaxations: dict[tuple[int, ...], Relaxation] = {}
        bases = sorted({int(base) for base in self.choices.base})
        self.tours = {
            base: [Tours(self.choices, base, kind) for kind in range(len(problem.fleet(base)))]
            for base in bases
        }
        self.cases = [
            Case(float("inf"), some)
            for size in range(len(bases), 0, -1)
            for some in combinations(bases, size)
        ]

    def done(self) -> Proof:
        """Search until nothing better can be."""
        while self.cases:
            self.cases.sort(key=lambda case: case.bound)
            case = self.cases.pop()
            if case.bound > self._enough:
                self.cases += self._looked_at(case)
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

    def _looked_at(self, case: Case) -> list[Case]:
        """Cases it falls into; none when it is done with."""
        tours = [each for base in case.bases for each in self.tours[base]]
        relaxed = self._relaxation(case.bases, tours)
        limits = case.limits or Limits(trucks=tuple((0.0, each.truck.number) for each in tours))
        relaxed.limit(limits)
        bound = case.bound if case.limits else relaxed.bound_without_freight()
        own = relaxed.solve(self._enough) if bound > self._enough else bound
        bound = min(bound, own)
        others = len(self.cases)
        self.tell(f"bases {case.bases}, bound {bound:,.0f}, {others} other cases; {limits.told()}")
        if bound <= self._enough:
            return []
        if not case.limits:
            self._take(self._programme(relaxed, FIRST_GAP * abs(bound), FEW_TRIPS), tours)
        may_be = splits(
            limits,
            relaxed.trucks(),
            relaxed.chosen(),
            self.choices.options.facility,
            relaxed.configurations,
        )
        is_last = not may_be
        if is_last or bound - self.value <= LISTED_GAP * abs(bound):
            # What the relaxation itself exceeds the value by: its prices know nothing of a bound
            # that an earlier programme has lowered.
            found = self._programme(relaxed, own - self.value, MOST_TRIPS if is_last else FEW_TRIPS)
            is_made = self._take(found, tours)
            if found is not None and found.bound <= self._enough and is_made:
                return []
            if is_last:
                self.given_up.append(bound if found is None else min(found.bound, bound))
                return []
            bound = bound if found is None else min(found.bound, bound)
        best = self._split(relaxed, may_be)
        return [Case(bound, case.bases, each) for each in best[1:]]

    def _relaxation(self, bases: tuple[int, ...], tours: list[Tours]) -> Relaxation:
        """That of the bases, with the trips of earlier cases."""
        if bases not in self.relaxations:
            self.relaxations[bases] = Relaxation(self.choices, bases, tours)
        return self.relaxations[bases]

    def _split(self, relaxed: Relaxation, may_be: list[Split]) -> Split:
        """The split both parts of which lose most."""

        def left(split: Split) -> tuple[float, float]:
            parts = []
            for limits in split[1:]:
                relaxed.limit(limits)
                parts.append(max(relaxed.glance(), self.value))
            return max(parts), min(parts)

        return min(may_be[:SPLITS_TRIED], key=left)

    def _programme(self, relaxed: Relaxation, gap: float, most_trips: int) -> Found | None:
        try:
            programme = Programme(relaxed, gap, most_trips=most_trips)
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
