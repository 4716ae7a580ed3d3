"""
The outcome of all towns of a region, in the years in which one of them was counted.

Years without a count of that town are left out, and so are its suspicious counts (a misprint would
pass for an effect). Towns that lack a count in one of these years, or have a suspicious one, are
left out with the reason. Counts of another basis are never compared.
"""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from comarca.demography.effects.panel import OutcomePanel
from comarca.errors import ParameterError, UnknownTownError
from comarca.model.people_totals import people_totals
from comarca.model.region import Region
from comarca.model.suspicious import SuspicionParams, suspicious_counts

Series = dict[int, float]


def population_panel(
    region: Region, town_id: str, suspicion: SuspicionParams | None = None
) -> tuple[OutcomePanel | None, tuple[str, ...]]:
    """
    People of all towns in the years in which one town was counted.

    Parameters
    ----------
    region
        With a table ``population``.
    town_id
        The town.
    suspicion
        When a count is suspicious.

    Returns
    -------
    panel : OutcomePanel or None
        ``None`` where the town has no total of people in any year.
    notes : tuple of str
        What was left aside of the town's own counts.

    Raises
    ------
    ParameterError
        When the region has no such table.
    UnknownTownError
        When it has no such town.
    """
    table = _table(region, "population", town_id)
    counts = people_totals(table)
    basis = _basis(counts[counts["town_id"] == town_id])
    counts = counts[counts["basis"].fillna("") == basis]
    return _panel(region, town_id, _series(counts), "people", suspicion or SuspicionParams())


def employment_panel(
    region: Region,
    town_id: str,
    *,
    isic: str | None = None,
    suspicion: SuspicionParams | None = None,
) -> tuple[OutcomePanel | None, tuple[str, ...]]:
    """
    Jobs of all towns, in all industries or in one, in the years in which one town was counted.

    Parameters
    ----------
    region
        With a table ``employment``.
    town_id
        The town.
    isic
        Code of one industry; all together when ``None``.
    suspicion
        When a count is suspicious.

    Returns
    -------
    panel, notes
        As of :func:`population_panel`.

    Raises
    ------
    ParameterError
        When the region has no such table, none of its rows is of the industry, or industries are
        told at several levels, so that a sum would count jobs twice.
    UnknownTownError
        When it has no such town.
    """
    told = _table(region, "employment", town_id)
    table = told[told["persons"].notna()]
    codes = table["isic"].astype(str)
    if isic is not None:
        table = table[codes == isic]
        if not len(table):
            known = ", ".join(sorted(set(codes))[:12])
            raise ParameterError(f'no jobs are told of industry "{isic}"; expected one of {known}.')
    elif len({len(code) for code in codes}) > 1:
        raise ParameterError(
            "employment tells industries at several levels "
            f"({', '.join(sorted(set(codes))[:12])}); expected one level, or one "
            "industry to look at."
        )
    by_year = table.groupby(["town_id", "year"], sort=False)["persons"].sum()
    summed = by_year.reset_index()
    outcome = "jobs" if isic is None else f"jobs in {isic}"
    return _panel(region, town_id, _series(summed), outcome, suspicion or SuspicionParams())


def _table(region: Region, name: str, town_id: str) -> pd.DataFrame:
    if town_id not in region.town_ids:
        named = [f"{region.name_of(town)} ({town})" for town in region.town_ids]
        raise UnknownTownError(town_id, [*region.town_ids, *named])
    table = region.table(name)
    if table is None:
        raise ParameterError(f"the region has no table {name}; expected one with counts by year.")
    return table


def _basis(own: pd.DataFrame) -> str:
    """The basis in which the town was counted most often."""
    told = own["basis"].fillna("").astype(str)
    return str(told.value_counts().index[0]) if len(told) else ""


def _series(counts: pd.DataFrame) -> dict[str, Series]:
    series: dict[str, Series] = {}
    rows = zip(counts["town_id"], counts["year"], counts["persons"], strict=True)
    for town, year, persons in rows:
        series.setdefault(str(town), {})[int(year)] = float(persons)
    return {town: dict(sorted(of_town.items())) for town, of_town in series.items()}


def _panel(
    region: Region,
    town_id: str,
    series: dict[str, Series],
    outcome: str,
    suspicion: SuspicionParams,
) -> tuple[OutcomePanel | None, tuple[str, ...]]:
    own = series.get(town_id)
    if own is None:
        return None, ()
    doubted = _suspicious(own, suspicion)
    years = [year for year in own if year not in doubted]
    notes = tuple(
        f"{own[year]:,.0f} {outcome} of {region.name_of(town_id)} in {year} is suspicious, and the "
        "year is left out"
        for year in doubted
    )
    kept, left_out = _complete(region.town_ids, series, years, suspicion)
    panel = OutcomePanel(
        units=tuple(kept),
        years=tuple(years),
        outcomes=pd.DataFrame.from_dict(kept, orient="index").to_numpy(dtype=float),
        outcome=outcome,
        names={town: region.name_of(town) for town in region.town_ids},
        left_out=left_out,
    )
    return panel, notes


def _complete(
    town_ids: Iterable[str],
    series: dict[str, Series],
    years: list[int],
    suspicion: SuspicionParams,
) -> tuple[dict[str, list[float]], dict[str, str]]:
    """Values of the towns counted in every year, and why the others are left out."""
    kept, left_out = {}, {}
    for town in town_ids:
        own = series.get(town, {})
        missing = [year for year in years if year not in own]
        doubted = [year for year in _suspicious(own, suspicion) if year in years]
        if missing:
            left_out[town] = "not counted in every year"
        elif doubted:
            left_out[town] = "a count is suspicious"
        else:
            kept[town] = [own[year] for year in years]
    return kept, left_out


def _suspicious(own: Series, params: SuspicionParams) -> list[int]:
    return [found.year for found in suspicious_counts(list(own), list(own.values()), params)]
