"""Comparisons of a group of towns with its controls, year by year."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from comarca.demography.effects.group_time import NoOverlapError, effect_on_treated
from comarca.demography.effects.params import StaggeredParams
from comarca.demography.effects.simplex import BoolArray, FloatArray


def standard_errors(influence: FloatArray) -> FloatArray:
    """Standard errors from influence functions, shape ``(n_columns,)``."""
    return np.asarray(np.sqrt((influence**2).mean(axis=0) / len(influence)))


def group_times(
    values: FloatArray,
    years: Sequence[int],
    group_of: FloatArray,
    design: FloatArray,
    params: StaggeredParams,
) -> tuple[pd.DataFrame, FloatArray, tuple[str, ...]]:
    """
    Effects by group and year.

    Parameters
    ----------
    values
        Outcome on the scale of the comparison, shape ``(n_towns, n_years)``.
    years
        Of its columns.
    group_of
        First count that may show the event of each town, ``inf`` for never.
    design
        Covariates, the first column 1, shape ``(n_towns, k)``.
    params
        How to compare.

    Returns
    -------
    table : pandas.DataFrame
        As of :class:`.StaggeredEffects`.
    influence : numpy.ndarray
        Shape ``(n_towns, n_rows)``.
    notes : tuple of str
        Comparisons that were left out, a sentence each.
    """
    rows, influences, notes = [], [], []
    n = len(values)
    for group in sorted(set(group_of[np.isfinite(group_of)].tolist())):
        for at in range(1, len(years)):
            base = base_count(years, group, at, params)
            if base is None:
                continue
            is_in = compared(group_of, group, years[at], params)
            is_treated = group_of == group
            change = values[is_in, at] - values[is_in, base]
            try:
                effect, influence = effect_on_treated(
                    change, is_treated[is_in].astype(float), design[is_in], params.estimator
                )
            except NoOverlapError as reason:
                notes.append(f"group {group:.0f} in {years[at]} is left out: {reason}")
                continue
            of_all = np.zeros(n)
            of_all[is_in] = influence * n / is_in.sum()
            influences.append(of_all)
            rows.append(
                {
                    "group": int(group),
                    "year": years[at],
                    "effect": effect,
                    "n_treated": int(is_treated.sum()),
                    "n_controls": int(is_in.sum() - is_treated.sum()),
                }
            )
    influence = np.array(influences).reshape(len(rows), n).T
    names = ["group", "year", "effect", "n_treated", "n_controls"]
    table = pd.DataFrame(rows, columns=names)
    is_many = np.isfinite(group_of).sum() >= params.min_treated
    table.insert(3, "se", standard_errors(influence) if is_many else np.nan)
    return table, influence, tuple(notes)


def base_count(years: Sequence[int], group: float, at: int, params: StaggeredParams) -> int | None:
    """The count compared with: the last before the event, or before it the one before."""
    last = max(
        (k for k, year in enumerate(years) if year < group - params.anticipation_years),
        default=None,
    )
    return last if last is None or at > last else at - 1


def compared(group_of: FloatArray, group: float, year: int, params: StaggeredParams) -> BoolArray:
    """Towns of the group, and those that serve as its controls in a year."""
    controls = np.isinf(group_of)
    if params.control == "not_yet":
        later = max(year, group) + params.anticipation_years
        controls = controls | (group_of > later)
    return np.asarray(controls | (group_of == group))
