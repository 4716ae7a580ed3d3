"""
The three age curves of the source paper, and whether a town keeps its young.

The curves are residents of 0 to 19, twice those of 20 to 29, and those of 30 to 49 [1]_: the middle
band spans ten years where the others span twenty, so it is doubled. The paper compares how the
three change between two counts: a town *keeps its young* when the middle curve does better than
both its neighbours. Since large and small cohorts pass through the bands of every town alike, the
comparison is also told against all towns counted in the same years, and, where two counts lie ten
years apart, as the share of those of 10 to 19 who are there ten years later.

References
----------
.. [1] Makagonov et al., the source paper, section 3.2 and figure 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from comarca.demography.ages import AgedCounts
from comarca.demography.params import DiagnosisParams

CURVES: Mapping[str, tuple[tuple[float, float], float]] = MappingProxyType(
    {
        "persons_0_19": ((0, 20), 1.0),
        "persons_20_29_doubled": ((20, 30), 2.0),
        "persons_30_49": ((30, 50), 1.0),
    }
)
"""Ages (from, to, the last not included) and factor of each curve, by column."""
_COHORT_YEARS = 10
_CHANGES = ("multiple_0_19", "multiple_20_29", "multiple_30_49")
_RETENTION_TYPES: Mapping[str, str] = MappingProxyType(
    {
        "town_id": "string",
        "basis": "string",
        "year_from": "Int64",
        "year_to": "Int64",
        **dict.fromkeys(_CHANGES, "Float64"),
        "retention": "Float64",
        "retention_against_region": "Float64",
        "keeps_young": "boolean",
        "cohort_retention": "Float64",
        "is_split": "boolean",
    }
)


def age_curves(counts: AgedCounts) -> pd.DataFrame:
    """
    Put the three curves of every count by age side by side.

    Returns
    -------
    pandas.DataFrame
        ``town_id, basis, year``, the columns of :data:`CURVES` (persons, the middle one doubled)
        and ``is_split``: whether any rests on a band that was split.
    """
    persons, is_split = counts.persons([band for band, _ in CURVES.values()])
    known = ~np.isnan(persons).any(axis=1)
    table = counts.keys.assign(
        **{name: persons[:, at] * factor for at, (name, (_, factor)) in enumerate(CURVES.items())},
        is_split=np.asarray(is_split.any(axis=1)),
    )
    return table.loc[np.flatnonzero(known)].reset_index(drop=True).astype({"year": "Int64"})


def youth_retention(counts: AgedCounts, params: DiagnosisParams) -> pd.DataFrame:
    """
    Compare how the middle curve changed with its neighbours, town by town.

    Parameters
    ----------
    counts
        By age.
    params
        Years and basis; the first and last count by age within the years, by the series that spans
        the most.

    Returns
    -------
    pandas.DataFrame
        As :class:`Diagnosis` describes it; one row a town with two counts by age.
    """
    curves = age_curves(counts)
    pairs = _pairs(curves, params)
    values = curves[list(CURVES)].to_numpy(dtype=np.float64)
    split = curves["is_split"].to_numpy(dtype=bool)
    before, after = pairs["at_from"].to_numpy(), pairs["at_to"].to_numpy()
    with np.errstate(divide="ignore", invalid="ignore"):
        changes = np.where(values[before] > 0, values[after] / values[before], np.nan)
    retention = _against_neighbours(changes)
    table = pairs.drop(columns=["at_from", "at_to"]).assign(
        **{name: changes[:, at] for at, name in enumerate(_CHANGES)},
        retention=retention,
        retention_against_region=retention / _of_all(pairs, values),
        keeps_young=_keeps_young(changes),
        cohort_retention=_cohort_retention(counts, pairs),
        is_split=split[before] | split[after],
    )
    return table[list(_RETENTION_TYPES)].astype(dict(_RETENTION_TYPES))


def _pairs(curves: pd.DataFrame, params: DiagnosisParams) -> pd.DataFrame:
    """First and last count by age of each town, by the series that spans the most years."""
    usable = curves.assign(at=np.arange(len(curves)))
    if params.basis is not None:
        usable = usable[usable["basis"] == params.basis]
    if params.year_from is not None:
        usable = usable[usable["year"] >= params.year_from]
    if params.year_to is not None:
        usable = usable[usable["year"] <= params.year_to]
    ends = usable.groupby(["town_id", "basis"], dropna=False, sort=False, as_index=False).agg(
        year_from=("year", "first"),
        year_to=("year", "last"),
        at_from=("at", "first"),
        at_to=("at", "last"),
    )
    ends["span"] = ends["year_to"] - ends["year_from"]
    ends = ends[ends["span"] > 0].sort_values(["town_id", "span"], kind="stable")
    return ends.drop_duplicates("town_id", keep="last").reset_index(drop=True)


def _against_neighbours(changes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Change of the middle curve for that of its neighbours, their geometric mean."""
    with np.errstate(divide="ignore", invalid="ignore"):
        neighbours = np.sqrt(changes[..., 0] * changes[..., 2])
        return np.where(neighbours > 0, changes[..., 1] / neighbours, np.nan)


def _keeps_young(changes: NDArray[np.float64]) -> pd.Series[bool]:
    """Whether the middle curve did better than both others; missing where a change is."""
    better = pd.Series(changes[:, 1] > np.maximum(changes[:, 0], changes[:, 2]), dtype="boolean")
    return better.mask(np.asarray(np.isnan(changes).any(axis=1)))


def _of_all(pairs: pd.DataFrame, values: NDArray[np.float64]) -> NDArray[np.float64]:
    """The same comparison for all towns counted in the same two years together, per town."""
    found = np.full(len(pairs), np.nan)
    for _, same in pairs.groupby(["year_from", "year_to"]):
        before = values[same["at_from"]].sum(axis=0)
        changes = np.full(3, np.nan)
        np.divide(values[same["at_to"]].sum(axis=0), before, out=changes, where=before > 0)
        found[same.index] = _against_neighbours(changes)
    return found


def _cohort_retention(counts: AgedCounts, pairs: pd.DataFrame) -> NDArray[np.float64]:
    """Those of 20 to 29 in the last year for those of 10 to 19 ten years earlier."""
    persons, _ = counts.persons([(10, 20), (20, 30)])
    keys = counts.keys.assign(younger=persons[:, 0], older=persons[:, 1])
    keys["basis"] = keys["basis"].fillna("")
    wanted = pairs[["town_id", "basis", "year_to"]].assign(basis=pairs["basis"].fillna(""))
    later = wanted.merge(
        keys,
        left_on=["town_id", "basis", "year_to"],
        right_on=["town_id", "basis", "year"],
        how="left",
    )
    earlier = wanted.assign(year=wanted["year_to"] - _COHORT_YEARS).merge(
        keys, on=["town_id", "basis", "year"], how="left"
    )
    younger = earlier["younger"].to_numpy(dtype=np.float64)
    share = np.full(len(pairs), np.nan)
    np.divide(later["older"].to_numpy(dtype=np.float64), younger, out=share, where=younger > 0)
    return share
