"""Totals of the population table: one series a town and basis, with the counts to doubt."""

from __future__ import annotations

import numpy as np
import pandas as pd

from comarca.demography.params import DiagnosisParams
from comarca.errors import Fault, ParameterError
from comarca.model.people_totals import people_totals
from comarca.model.region import Region
from comarca.model.suspicious import slip_of, suspicious_counts

_COLUMNS = ["town_id", "basis", "year", "persons", "expected_persons"]


def totals(region: Region, params: DiagnosisParams) -> pd.DataFrame:
    """
    Counts of all residents, and what the rule expects of those it doubts.

    A year told by sex or age alone counts by its sum, where the parts leave nobody out.

    Parameters
    ----------
    region
        With or without a ``population`` table.
    params
        The rule of suspicion.

    Returns
    -------
    pandas.DataFrame
        ``town_id, basis, year, persons, expected_persons``, by town, basis and year;
        ``expected_persons`` is missing (``nan``) where nothing is to be doubted.
    """
    table = region.table("population")
    if table is None:
        return pd.DataFrame(columns=_COLUMNS)
    counts = people_totals(table)
    return counts.assign(expected_persons=_expected(counts, params))


def _expected(counts: pd.DataFrame, params: DiagnosisParams) -> pd.Series:
    years = counts["year"].to_numpy(dtype=np.int64)
    persons = counts["persons"].to_numpy(dtype=np.float64)
    expected = np.full(len(counts), np.nan)
    for start, end in zip(*spans(series_of(counts)), strict=True):
        series = years[start:end].tolist()
        for found in suspicious_counts(series, persons[start:end].tolist(), params):
            expected[start + series.index(found.year)] = found.expected_persons
    return pd.Series(expected, index=counts.index)


def series_of(counts: pd.DataFrame) -> np.ndarray:
    """Number of the series (town and basis) of each count, in order of appearance."""
    return counts.groupby(["town_id", "basis"], dropna=False, sort=False).ngroup().to_numpy()


def spans(series: np.ndarray) -> tuple[list[int], list[int]]:
    """Where each run of one number begins and ends."""
    starts = np.flatnonzero(np.diff(series, prepend=-1)).tolist()
    return starts, [*starts[1:], len(series)] if starts else []


def usable_counts(counts: pd.DataFrame, params: DiagnosisParams) -> pd.DataFrame:
    """
    Counts that growth may compare.

    Raises
    ------
    ParameterError
        When a year is named in which no town was counted.
    """
    usable = counts[counts["expected_persons"].isna()] if params.excludes_suspicious else counts
    if params.basis is not None:
        usable = usable[usable["basis"] == params.basis]
    faults = [
        _no_such_year(usable, setting, year)
        for setting in ("year_from", "year_to")
        if (year := getattr(params, setting)) is not None
        and len(counts)
        and not (usable["year"] == year).any()
    ]
    if faults:
        raise ParameterError("\n".join(str(fault) for fault in faults), faults)
    return usable


def _no_such_year(usable: pd.DataFrame, setting: str, year: int) -> Fault:
    known = ", ".join(str(known) for known in sorted(usable["year"].unique()))
    return Fault(
        place="study",
        object=f"[diagnosis] {setting}",
        value=str(year),
        expectation=f"a year with a count of some town: {known}",
    )


def doubted(region: Region, counts: pd.DataFrame) -> pd.DataFrame:
    """
    List the suspicious counts, with what a slip of the pen may explain.

    Returns
    -------
    pandas.DataFrame
        ``town_id, name, basis, year, persons, expected_persons, looks_like``.
    """
    found = counts[counts["expected_persons"].notna()].reset_index(drop=True)
    names = pd.Series([region.name_of(town) for town in found["town_id"]], dtype="string")
    found.insert(1, "name", names)
    pairs = zip(found["persons"], found["expected_persons"], strict=True)
    found["looks_like"] = [slip_of(float(persons), float(due)) for persons, due in pairs]
    types = {
        "town_id": "string",
        "name": "string",
        "basis": "string",
        "year": "Int64",
        "persons": "Float64",
        "expected_persons": "Float64",
        "looks_like": "string",
    }
    return found[list(types)].astype(types)
