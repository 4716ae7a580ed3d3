"""
Census values far off their neighbours in time: one rule, used by the checks and by ``diagnose``.

A count is set against the growth curve through its neighbours, the geometric interpolation in time.
Of the values off by more than the factor, the one without which the rest runs smoothest is named
first and left aside, and the rest is judged again, so that one misprint does not throw suspicion on
the years beside it. The first and last count have a neighbour
on one side only; they are suspicious when they differ from it by the same factor and by more than a
yearly change that towns do not show.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from math import exp, log
from types import MappingProxyType

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
        off = [at for at in range(len(left)) if _is_off(left, at, params)]
        if not off:
            break
        worst = min(off, key=lambda at: _roughness(left[:at] + left[at + 1 :]))
        found.append(_suspicion(left, worst))
        del left[worst]
    return sorted(found, key=lambda suspicion: suspicion.year)


def _is_off(series: Sequence[tuple[int, float]], at: int, params: SuspicionParams) -> bool:
    """Whether one count differs from what its neighbours lead to expect by more than the factor."""
    year, persons = series[at]
    expected = _expected(series, at)
    if max(persons, expected) < params.suspicious_min_persons:
        return False
    distance = abs(_log(persons) - _log(expected))
    neighbours = _neighbours(series, at)
    if len(neighbours) == 1:
        years = abs(year - neighbours[0][0])
        if distance <= years * log(1 + params.suspicious_end_annual_change):
            return False
    return distance > log(params.suspicious_factor)


def _roughness(series: Sequence[tuple[int, float]]) -> float:
    """How far the counts go up and down along the years, in logarithms."""
    return sum(abs(_log(after) - _log(before)) for (_, before), (_, after) in pairwise(series))


def _log(persons: float) -> float:
    return log(max(persons, 0.5))  # nobody counts as half a person, which no town has


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


_SLIP_TOLERANCE = 0.15  # a town may well have grown so much more than its neighbours in time


def slip_of(persons: float, expected_persons: float) -> str:
    """
    Name the slip of the pen that would turn about the expected count into this one.

    Parameters
    ----------
    persons
        The count as it stands.
    expected_persons
        What its neighbours in time lead to expect.

    Returns
    -------
    str
        ``"a digit lost"``, ``"a digit too many"``, ``"told in thousands"``, ``"two digits
        exchanged"`` or ``"one digit wrong"``; blank where no single slip comes within 15 % of the
        expected count. It is a hint only: what was meant nobody can say.
    """
    written = f"{persons:.0f}"
    for slip, meant in _SLIPS.items():
        near = (abs(_log(count) - _log(expected_persons)) for count in meant(written))
        if min(near, default=1.0) <= log(1 + _SLIP_TOLERANCE):
            return slip
    return ""


def _one_digit_more(written: str) -> Iterator[int]:
    for at in range(len(written) + 1):
        yield from (int(written[:at] + digit + written[at:]) for digit in _DIGITS)


def _one_digit_fewer(written: str) -> Iterator[int]:
    if len(written) > 1:
        yield from (int(written[:at] + written[at + 1 :]) for at in range(len(written)))


def _thousands(written: str) -> Iterator[int]:
    yield int(written) * 1_000


def _exchanged(written: str) -> Iterator[int]:
    for a, b in combinations(range(len(written)), 2):
        digits = list(written)
        digits[a], digits[b] = digits[b], digits[a]
        yield int("".join(digits))


def _one_digit_other(written: str) -> Iterator[int]:
    for at in range(len(written)):
        yield from (int(written[:at] + digit + written[at + 1 :]) for digit in _DIGITS)


_DIGITS = "0123456789"
_SLIPS: Mapping[str, Callable[[str], Iterator[int]]] = MappingProxyType(
    {
        "told in thousands": _thousands,
        "a digit lost": _one_digit_more,
        "a digit too many": _one_digit_fewer,
        "two digits exchanged": _exchanged,
        "one digit wrong": _one_digit_other,
    }
)
