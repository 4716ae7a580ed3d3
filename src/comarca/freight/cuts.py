"""
What rounds were found to cost, told to the choice of workshops.

A cut says: where these workshops have so many workers or more, the rounds of their base cost at
least so much. Within one option the number of visits is fixed, so more workers mean fuller visits
and never cheaper rounds. Where the ways keep the triangle inequality, leaving out a visit never
makes rounds longer, so the cut holds whatever else the base serves; elsewhere only while it serves
nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from comarca.freight.problem import FreightProblem


@dataclass(frozen=True, kw_only=True)
class Cut:
    """
    Least cost of the rounds that serve some workshops.

    Parameters
    ----------
    base
        Whose rounds.
    at_least
        Pairs of option and workers.
    cost
        Currency a day; infinite when no trucks of the base can do it.
    holds_for_more
        Whether it holds whatever else the base serves.
    """

    base: int
    at_least: tuple[tuple[int, int], ...]
    cost: float
    holds_for_more: bool


def thresholds(problem: FreightProblem, cuts: Sequence[Cut]) -> list[tuple[int, int]]:
    """Pairs of option and workers that the choice must tell apart, in order."""
    pairs = {pair for cut in cuts for pair in cut.at_least}
    return sorted((o, workers) for o, workers in pairs if workers > problem.options.least[o])
