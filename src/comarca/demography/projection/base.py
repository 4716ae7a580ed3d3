"""
Who lives in each town when a projection begins.

A town's total is its count in the base year. Its ages are those of its last count by age up to
then, scaled to that total; of a town never counted by age, those of its division
(``admin_code``) or else of all towns that were. Where nobody was counted by age, a stationary
population of the life table stands in, and is marked as assumed. The open-ended band is shared out
as in a stationary population.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from comarca.demography.ages import AgedCounts, BandedCounts, Sex, persons_between
from comarca.demography.projection.life_tables import LAST_AGE
from comarca.demography.projection.rates import Array
from comarca.errors import Fault, ParameterError
from comarca.model.region import Region, values_of

_SEXES: tuple[Sex, ...] = ("female", "male")


@dataclass(frozen=True, eq=False, kw_only=True)
class BasePopulations:
    """
    People of each town at the beginning.

    Parameters
    ----------
    year
        The base year.
    persons
        By single age from 0 to the open-ended group of 100, shape ``(n_towns, 2, 101)``, women
        first.
    ages_from
        Where each town's ages come from: ``"counted"`` (in the base year), ``"counted 2009"``,
        ``"division"``, ``"region"`` or ``"assumed"``.
    totals_from
        Where its total comes from: ``"counted"``, or ``"towns"`` for ``towns.population``.
    """

    year: int
    persons: Array
    ages_from: tuple[str, ...]
    totals_from: tuple[str, ...]

    def grouped(self, width: int) -> Array:
        """People by age groups of some years, shape ``(n_towns, 2, n_groups)``."""
        closed = self.persons[..., :LAST_AGE]
        summed = closed.reshape(*closed.shape[:-1], -1, width).sum(axis=-1)
        return np.concatenate([summed, self.persons[..., LAST_AGE:]], axis=-1)


def base_year_of(region: Region, told: int | None) -> int:
    """
    Year a projection begins: the one told, else the last in which a town was counted.

    Raises
    ------
    ParameterError
        When none is told and nobody was ever counted, or when the one told lies before every count,
        or between counts: today's people are not those of that year.
    """
    table = region.table("population")
    years = [] if table is None else sorted({int(year) for year in table["year"]})
    if told is None and not years:
        fault = Fault(
            place="",
            object="base_year",
            value="",
            expectation="the year that towns.population is of, as no table population tells one",
        )
        raise ParameterError(f"ProjectionParams: {fault}", [fault])
    if told is not None and years and told < years[-1] and told not in years:
        known = ", ".join(map(str, years))
        fault = Fault(
            place="",
            object="base_year",
            value=str(told),
            expectation=f"a year with a count ({known}), or a later one",
        )
        raise ParameterError(f"ProjectionParams: {fault}", [fault])
    return told if told is not None else years[-1]


def base_populations(
    region: Region, totals: pd.DataFrame, aged: AgedCounts, year: int, lived: Array
) -> BasePopulations:
    """
    Put together who lives in each town.

    Parameters
    ----------
    region
        Its towns, their divisions and today's populations.
    totals
        ``town_id, year, persons``: one series a town.
    aged
        Counts by age.
    year
        The base year.
    lived
        A stationary population by single age, shape ``(2, 101)``, women summing to 1.
    """
    counted, of_year = _last_ages(region, aged, year, lived)
    shapes, ages_from = _shapes(region, counted, of_year, year, lived)
    sums, totals_from = _totals(region, totals, counted, of_year, year)
    everybody = shapes.sum(axis=(1, 2), keepdims=True)
    scaled = np.divide(shapes, everybody, out=np.zeros_like(shapes), where=everybody > 0)
    return BasePopulations(
        year=year,
        persons=scaled * sums[:, None, None],
        ages_from=tuple(ages_from),
        totals_from=tuple(totals_from),
    )


def _last_ages(
    region: Region, aged: AgedCounts, year: int, lived: Array
) -> tuple[Array, Sequence[int | None]]:
    """Last count by age of each town up to a year, shape ``(n_towns, 2, 101)``, and its year."""
    single = _single_ages(aged, lived)
    known = ~np.isnan(single).any(axis=(1, 2))
    persons = np.full((region.n_towns, 2, LAST_AGE + 1), np.nan)
    of_year: list[int | None] = [None] * region.n_towns
    rows = aged.keys.assign(at=np.arange(len(aged)))[
        known & np.asarray(aged.keys["year"] <= year, dtype=bool)
    ]
    last = rows.sort_values("year", kind="stable").drop_duplicates("town_id", keep="last")
    positions = region.towns.index.get_indexer(pd.Index(last["town_id"]))
    for position, at, counted in zip(positions, last["at"], last["year"], strict=True):
        persons[position] = single[at]
        of_year[position] = int(counted)
    return persons, of_year


def _single_ages(aged: AgedCounts, lived: Array) -> Array:
    """Counts by sex and single age, shape ``(n_counts, 2, 101)``; ``nan`` where not counted."""
    found = np.full((len(aged), 2, LAST_AGE + 1), np.nan)
    for sex, name in enumerate(_SEXES):
        for counts in aged.of_sex[name]:
            found[counts.rows, sex] = _by_year(counts, lived[sex], aged.last_age)
    together = np.full((len(aged), LAST_AGE + 1), np.nan)
    for counts in aged.of_sex["both"]:
        together[counts.rows] = _by_year(counts, lived.sum(axis=0), aged.last_age)
    women = lived[0] / lived.sum(axis=0)
    halves = np.stack([together * women, together * (1 - women)], axis=1)
    return np.where(np.isnan(found).any(axis=(1, 2), keepdims=True), halves, found)


def _by_year(counts: BandedCounts, lived: Array, last_age: float) -> Array:
    """Single ages of counts that share their bands; the open band as in a stationary population."""
    opens = int(min(counts.edges[-1], LAST_AGE))
    bands = [(float(age), age + 1.0) for age in range(opens)]
    within = persons_between(counts.edges, counts.persons, bands, last_age)
    rest = counts.persons.sum(axis=1) - within.sum(axis=1)
    weights = lived[opens:] / lived[opens:].sum()
    return np.concatenate([within, np.maximum(rest, 0)[:, None] * weights], axis=1)


def _shapes(
    region: Region, counted: Array, of_year: Sequence[int | None], year: int, lived: Array
) -> tuple[Array, list[str]]:
    """By town: its ages, in any scale, and where they come from."""
    has_ages = np.array([found is not None for found in of_year])
    divisions = region.towns["admin_code"].fillna("").astype(str).to_numpy()
    shapes, told = counted.copy(), []
    for at, found in enumerate(of_year):
        kin = has_ages & (divisions == divisions[at]) & (divisions[at] != "")
        if found is not None and counted[at].sum() > 0:
            told.append("counted" if found == year else f"counted {found}")
        elif kin.any():
            shapes[at] = counted[kin].sum(axis=0)
            told.append("division")
        elif has_ages.any():
            shapes[at] = counted[has_ages].sum(axis=0)
            told.append("region")
        else:
            shapes[at] = lived
            told.append("assumed")
    return shapes, told


def _totals(
    region: Region,
    totals: pd.DataFrame,
    counted: Array,
    of_year: Sequence[int | None],
    year: int,
) -> tuple[Array, list[str]]:
    """By town: its people in the base year, and where that number comes from."""
    of_base = totals[totals["year"] == year].drop_duplicates("town_id").set_index("town_id")
    known = of_base["persons"].astype(float).to_dict()
    today = values_of(region.towns, "population")
    sums, told = np.zeros(region.n_towns), []
    for at, town in enumerate(region.town_ids):
        if town in known:
            sums[at], source = known[town], "counted"
        elif of_year[at] == year:
            sums[at], source = counted[at].sum(), "counted"
        else:
            sums[at], source = today[at], "towns"
        told.append(source)
    return sums, told
