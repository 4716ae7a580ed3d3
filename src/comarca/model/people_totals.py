"""
Totals of the population table: as counted, else the sum of parts that leave nobody out.

A total that stands in the table is taken as it is, and parts are never added to it. Where none
stands, all ages of both sexes are the total when they run from birth to an open end without a gap,
of both together or of women and men. Anything less is no total.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from comarca.model.region import values_of

_COUNT = ["town_id", "basis", "year"]


def people_totals(table: pd.DataFrame) -> pd.DataFrame:
    """
    One count of all residents for each town, basis and year that has one.

    Parameters
    ----------
    table
        The ``population`` table of a region, checked.

    Returns
    -------
    pandas.DataFrame
        ``town_id, basis, year, persons``, by town, basis and year.
    """
    is_total = table[["sex", "age_from", "age_to"]].isna().all(axis=1)
    told = table.loc[is_total & table["persons"].notna(), [*_COUNT, "persons"]]
    if not is_total.all():
        number = table.groupby(_COUNT, dropna=False).ngroup()
        has_total = number.isin(number[told.index])
        told = pd.concat([told, _summed(table[~has_total])])
    return told.sort_values(_COUNT, kind="stable", ignore_index=True)


def _summed(parts: pd.DataFrame) -> pd.DataFrame:
    """Totals of counts that only their parts tell."""
    parts = parts[parts["persons"].notna()]
    if not len(parts):
        return parts[[*_COUNT, "persons"]]
    by_sex = _of_each_sex(parts)
    sexes = by_sex["sex"].fillna("both")
    is_both = sexes == "both"
    number = by_sex.groupby(_COUNT, dropna=False).ngroup()
    has_both = number.isin(number[is_both])
    halves = by_sex[~has_both]
    n_sexes = number[~has_both].map(number[~has_both].value_counts())
    chosen = pd.concat([by_sex[is_both], halves[n_sexes == len(("female", "male"))]])
    return _sums(chosen, _COUNT)


def _of_each_sex(parts: pd.DataFrame) -> pd.DataFrame:
    """One row for each count and sex that is whole: told for all ages, or at each of them."""
    keys = [*_COUNT, "sex"]
    is_all_ages = parts["age_from"].isna()
    number = parts.groupby(keys, dropna=False).ngroup()
    bands = parts[~number.isin(number[is_all_ages])]
    told = parts.loc[is_all_ages, [*keys, "persons"]]
    return pd.concat([told, _whole_sums(bands, keys)], ignore_index=True)


def _whole_sums(bands: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Sums of the bands that run from birth to an open end without a gap."""
    bands = bands.sort_values([*keys, "age_from"], kind="stable")
    number = bands.groupby(keys, dropna=False).ngroup().to_numpy()
    low, high = values_of(bands, "age_from"), values_of(bands, "age_to")
    is_first = np.diff(number, prepend=-1) != 0
    is_last = np.diff(number, append=-1) != 0
    follows = low == np.concatenate([[np.nan], high[:-1]]) + 1 if len(bands) else is_first
    fits = np.where(is_first, low == 0, follows) & (is_last == np.isnan(high))
    broken = np.unique(number[~fits])
    whole = bands[~np.isin(number, broken)]
    return _sums(whole, keys)


def _sums(rows: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    return rows.groupby(keys, dropna=False)["persons"].sum().reset_index()
