"""Who lives in a town: children, workers and the old, and the balance of young women and men."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from comarca.demography.ages import AgedCounts

_YOUNG = (20.0, 30.0)
_BANDS = ((0.0, 15.0), (15.0, 65.0), (65.0, np.inf), _YOUNG, (0.0, np.inf))
_TYPES: Mapping[str, str] = MappingProxyType(
    {
        "town_id": "string",
        "basis": "string",
        "year": "Int64",
        "children_per_adult": "Float64",
        "old_per_adult": "Float64",
        "dependants_per_adult": "Float64",
        "old_per_child": "Float64",
        "young_share": "Float64",
        "old_share": "Float64",
        "median_age": "Float64",
        "young_women_per_man": "Float64",
        "is_split": "boolean",
    }
)


def structures(counts: AgedCounts) -> pd.DataFrame:
    """
    Tell dependency, ageing and the balance of the young, count by count.

    Parameters
    ----------
    counts
        By age, and by sex where known.

    Returns
    -------
    pandas.DataFrame
        ``town_id, basis, year``; ``children_per_adult``, ``old_per_adult`` and
        ``dependants_per_adult`` (under 15, 65 and more, both, for one of 15 to 64);
        ``old_per_child`` (the ageing index as a ratio); ``young_share`` and ``old_share`` (of 20 to
        29, of 65 and more, among all); ``median_age``, years; ``young_women_per_man`` (of 20 to
        29); ``is_split`` where any of them rests on a band that was split. What cannot be divided
        is missing.
    """
    persons, is_split = counts.persons(_BANDS)
    women, women_split = counts.persons([_YOUNG], "female")
    men, men_split = counts.persons([_YOUNG], "male")
    children, adults, old, young, everybody = persons.T
    table = counts.keys.assign(
        children_per_adult=_ratio(children, adults),
        old_per_adult=_ratio(old, adults),
        dependants_per_adult=_ratio(children + old, adults),
        old_per_child=_ratio(old, children),
        young_share=_ratio(young, everybody),
        old_share=_ratio(old, everybody),
        median_age=_median_ages(counts),
        young_women_per_man=_ratio(women[:, 0], men[:, 0]),
        is_split=is_split.any(axis=1) | women_split[:, 0] | men_split[:, 0],
    )
    return table[list(_TYPES)].astype(dict(_TYPES))


def _ratio(part: NDArray[np.float64], whole: NDArray[np.float64]) -> NDArray[np.float64]:
    found = np.full(len(whole), np.nan)
    np.divide(part, whole, out=found, where=whole > 0)
    return found


def _median_ages(counts: AgedCounts) -> NDArray[np.float64]:
    """Age that half of the people are younger than, to the year of age and within it evenly."""
    n_ages = int(np.ceil(counts.last_age))
    by_year, _ = counts.persons([(age, age + 1.0) for age in range(n_ages)])
    everybody, _ = counts.persons([(0.0, np.inf)])
    below = np.cumsum(by_year, axis=1)
    half = everybody / 2
    at = np.minimum((below < half).sum(axis=1), n_ages - 1)
    rows = np.arange(len(counts))
    before = np.where(at > 0, below[rows, at - 1], 0.0)
    within = _ratio(half[:, 0] - before, by_year[rows, at])
    return np.where(everybody[:, 0] > 0, at + within, np.nan)
