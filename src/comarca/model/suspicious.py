"""
Census values far off their neighbours in time: one rule, used by the checks and by ``diagnose``.

A count is set against the growth curve through its neighbours, the geometric interpolation in time.
The value furthest off is named first and left aside, and the rest is judged again, so that one
misprint does not throw suspicion on the years beside it. The first and last count have a neighbour
on one side only; they are suspicious when they differ from it by the same factor and by more than a
yearly change that towns do not show.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, inf, log

from comarca.model.parameters import Params, assumed


class SuspicionParams(Params):
    """
    When a census value counts as suspicious.

    Parameters
    ----------
    suspicious_factor
        How many times above or below the curve through its neighbours, above 1.
    suspicious_end_annual_change
        Yearly change, as a share, that the first or last count must exceed as well.
    suspicious_min_persons
        Smaller counts than this, on both sides, are never suspicious, persons.
    """

    suspicious_factor: float = assumed("checks.suspicious_factor", gt=1)
    suspicious_end_annual_change: float = assumed("checks.suspicious_end_annual_change", gt=0)
    suspicious_min_persons: float = assumed("checks.suspicious_min_persons", ge=0)

    def rule(self) -> str:
        """State the rule in one sentence."""
        return (
            f"a count more than {self.suspicious_factor:g} times above or below the growth curve "
            "through the counts before and after it (at either end: off its neighbour by that "
            f"factor and by more than {self.suspicious_end_annual_change:.0%} a year), from "
            f"{self.suspicious_min_persons:,.0f} persons"
        )


@dataclass(frozen=True, kw_only=True)
class Suspicion:
    """
    One count that its neighbours do not bear out.

    Parameters
    ----------
    year, persons
        The count.
    expected_persons
        What its neighbours lead to expect.
    neighbours
        The counts before and after it, or the only one, as ``(year, persons)``.
    """

    year: int
    persons: float
    expected_persons: float
    neighbours: tuple[tuple[int, float], ...]


def suspicious_counts(
    years: Sequence[int], persons: Sequence[float], params: SuspicionParams
) -> list[Suspicion]:
    """
    Name the counts of one town that are far off their neighbours in time.

    Parameters
    ----------
    years
        Years of the counts, ascending, each once.
    persons
        People counted in each year, 0 or more.
    params
        The rule.

    Returns
    -------
    list of Suspicion
        In order of year. Fewer than three counts cannot show which one is wrong: none is named.
    """
    left = list(zip(years, persons, strict=True))
    found: list[Suspicion] = []
    while len(left) > 2:
        distances = [_distance(left, at, params) for at in range(len(left))]
        worst = max(range(len(left)), key=distances.__getitem__)
        if distances[worst] <= log(params.suspicious_factor):
            break
        found.append(_suspicion(left, worst))
        del left[worst]
    return sorted(found, key=lambda suspicion: suspicion.year)


def _distance(series: Sequence[tuple[int, float]], at: int, params: SuspicionParams) -> float:
    """Logarithm of how many times a count is off its neighbours; 0 where it cannot be judged."""
    year, persons = series[at]
    expected = _expected(series, at)
    if max(persons, expected) < params.suspicious_min_persons:
        return 0.0
    if min(persons, expected) <= 0:
        return inf
    distance = abs(log(persons / expected))
    neighbours = _neighbours(series, at)
    if len(neighbours) == 1:
        yearly = exp(distance / abs(year - neighbours[0][0])) - 1
        return distance if yearly > params.suspicious_end_annual_change else 0.0
    return distance


def _neighbours(series: Sequence[tuple[int, float]], at: int) -> tuple[tuple[int, float], ...]:
    return tuple(series[i] for i in (at - 1, at + 1) if 0 <= i < len(series))


def _expected(series: Sequence[tuple[int, float]], at: int) -> float:
    """Geometric interpolation in time; at either end the neighbour itself."""
    neighbours = _neighbours(series, at)
    if len(neighbours) == 1:
        return neighbours[0][1]
    (before, low), (after, high) = neighbours
    if low <= 0 or high <= 0:
        return (low + high) / 2  # no growth curve runs through zero
    share = (series[at][0] - before) / (after - before)
    return exp((1 - share) * log(low) + share * log(high))


def _suspicion(series: Sequence[tuple[int, float]], at: int) -> Suspicion:
    year, persons = series[at]
    return Suspicion(
        year=year,
        persons=persons,
        expected_persons=_expected(series, at),
        neighbours=_neighbours(series, at),
    )
