"""
One set of towns, or several, judged against random towns of the same region.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from comarca.commuting.ranks.laws import LAWS, RankLaws, fit_rank_laws
from comarca.commuting.ranks.least_squares import FloatArray
from comarca.commuting.ranks.params import RankParams
from comarca.commuting.ranks.permutation import drawn_criteria, significance
from comarca.model.region import Region, values_of

BAND = (0.05, 0.5, 0.95)
"""Quantiles of the draws that are told: the ends of the null band, and its middle."""
RARE = 0.05
"""A p-value up to this is called rare. A convention, not a finding."""


@dataclass(frozen=True, kw_only=True)
class RankTest:
    """
    The criterion of one set of towns beside what random towns give.

    Parameters
    ----------
    n_towns
        Towns in the set.
    laws
        The laws fitted to it; ``None`` where that was refused.
    null_low, null_median, null_high
        Quantiles 0.05, 0.5 and 0.95 of the criterion of random sets of the same size; ``None``
        where none were drawn.
    p
        Share of random sets whose criterion is as large or larger, the set itself counted with
        them; ``None`` where there is nothing to compare with.
    p_adjusted
        The same, allowing for all the sets that were looked at together.
    note
        Why something is missing; empty when nothing is.
    """

    n_towns: int
    laws: RankLaws | None
    null_low: float | None = None
    null_median: float | None = None
    null_high: float | None = None
    p: float | None = None
    p_adjusted: float | None = None
    note: str = ""

    @property
    def criterion(self) -> float | None:
        """*C*, or ``None`` where the laws were not fitted."""
        return self.laws.criterion if self.laws else None

    def row(self) -> dict[str, Any]:
        """The figures by column of a table; what is missing is ``None``."""
        fits = self.laws.fits if self.laws else {}
        return {
            "n_towns": self.n_towns,
            "criterion": self.criterion,
            **{f"r2_{law}": fits[law].r2 if fits else None for law in LAWS},
            "zipf_exponent": fits["zipf"].decline if fits else None,
            "null_05": self.null_low,
            "null_50": self.null_median,
            "null_95": self.null_high,
            "p": self.p,
            "p_adjusted": self.p_adjusted,
            "note": self.note,
        }


@dataclass(frozen=True, eq=False, kw_only=True)
class RankedSet:
    """
    A set of towns to judge.

    Parameters
    ----------
    persons
        Populations of its towns without the core, above 0, shape ``(n,)``.
    core
        Population of its core where that belongs to it, else ``None``.
    """

    persons: FloatArray
    core: float | None = None

    @property
    def every(self) -> FloatArray:
        """Populations of all its towns."""
        return self.persons if self.core is None else np.append(self.persons, self.core)


def judge(
    sets: Sequence[RankedSet], pool: FloatArray, params: RankParams
) -> tuple[tuple[RankTest, ...], float | None]:
    """
    Judge sets of towns against random towns.

    Parameters
    ----------
    sets
        Each drawn from the pool, its core aside.
    pool
        Populations of the towns that may be drawn, shape ``(n_pool,)``.
    params
        Space, least number of towns, draws and seed.

    Returns
    -------
    tests, p_overall
        In the order of ``sets``, ``p_adjusted`` allowing for all that were tested; and the p-value
        of them together, ``None`` when none was tested.
    """
    tests = [_fitted(one, len(pool), params) for one in sets]
    compared = [place for place, test in enumerate(tests) if not test.note]
    if not compared:
        return tuple(tests), None
    wanted = [(len(sets[place].persons), sets[place].core) for place in compared]
    # Sorted, so that the order of the region's table changes no draw.
    drawn = drawn_criteria(
        np.sort(pool), wanted, params.space, draws=params.draws, seed=params.seed
    )
    observed = np.array([tests[place].criterion for place in compared], dtype=np.float64)
    found = significance(observed, drawn)
    quantiles = np.quantile(drawn, BAND, axis=0)
    for column, place in enumerate(compared):
        low, median, high = (float(quantile) for quantile in quantiles[:, column])
        tests[place] = replace(
            tests[place],
            null_low=low,
            null_median=median,
            null_high=high,
            p=float(found.p[column]),
            p_adjusted=float(found.p_adjusted[column]),
        )
    return tuple(tests), found.p_overall


def peopled(region: Region) -> tuple[dict[str, float], tuple[str, ...]]:
    """
    Towns that can be ranked, and those that cannot.

    Returns
    -------
    persons, left_out
        Population by ``town_id``, above 0; ids of towns without people or without a count.
    """
    counts = dict(zip(region.town_ids, values_of(region.towns, "population").tolist(), strict=True))
    persons = {town: people for town, people in counts.items() if people > 0}
    return persons, tuple(town for town in counts if town not in persons)


def _fitted(one: RankedSet, n_pool: int, params: RankParams) -> RankTest:
    """The laws, where they can be fitted, before anything is drawn."""
    persons = one.every
    note, laws = "", None
    if len(persons) < params.min_towns:
        note = f"too few towns to judge; expected {params.min_towns} or more"
    elif np.ptp(persons) == 0:
        note = "all of one size: there is no order of rank"
    else:
        laws = fit_rank_laws(persons, params.space)
        if len(one.persons) == n_pool:
            note = "all the towns there are: nothing to compare with"
    return RankTest(n_towns=len(persons), laws=laws, note=note)
