"""
Employment and output by year, town and industry, as arrays, with the reference beside them.

Assumption: the rows of a town and year list all its industries. What they do not list has nobody;
a town and year without rows was not counted, and stays unknown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from comarca.industry.specialisation import Floats
from comarca.model.isic import digits_of, is_mixed, section_of
from comarca.model.region import Region

_KEY = ["town_id", "year"]


@dataclass(frozen=True, eq=False, kw_only=True)
class IndustryCounts:
    """
    What is known of the industries of a region's towns.

    Parameters
    ----------
    town_ids, industries, years
        What the axes are, in order.
    persons
        Employed, shape ``(n_years, n_towns, n_industries)``; ``nan`` where a town was not counted
        in a year.
    output
        Output, currency of the year, the same shape; ``nan`` where it is not known of every
        industry the town counted.
    reference
        Employed in the economy that towns are set against, shape ``(n_years, n_industries)``;
        ``nan`` in years without.
    reference_name
        ``"benchmark"`` or ``"the towns together"``.
    notes
        What was done to the rows on the way.
    """

    town_ids: tuple[str, ...]
    industries: tuple[str, ...]
    years: tuple[int, ...]
    persons: Floats
    output: Floats
    reference: Floats
    reference_name: str
    notes: tuple[str, ...] = ()

    @property
    def n_industries(self) -> int:
        """How many industries there are."""
        return len(self.industries)


def industry_counts(region: Region) -> IndustryCounts | None:
    """
    Lay the tables ``employment`` and ``benchmark`` out as arrays.

    Parameters
    ----------
    region
        Its ``employment``; and ``benchmark``, without which towns are set against all of them
        together, in the years all of them were counted.

    Returns
    -------
    IndustryCounts or None
        ``None`` without a table ``employment`` that has rows.
    """
    own = region.table("employment")
    if own is None or own.empty:
        return None
    other = region.table("benchmark")
    codes = sorted({*own["isic"], *(other["isic"] if other is not None else ())})
    notes = []
    if is_mixed(codes):
        own = _by_section(own, _KEY)
        other = None if other is None else _by_section(other, ["year"])
        notes.append("industries of several levels are told by section of ISIC")
    return _laid_out(region, own, other, tuple(notes))


def _by_section(table: pd.DataFrame, key: Sequence[str]) -> pd.DataFrame:
    """
    Bring rows to sections; a row that lies within another of its key is left aside.

    A total and its parts are thus never added up; parts stand in where their total is absent.
    """
    frame = table.assign(
        _section=[section_of(code) or code for code in table["isic"]],
        _digits=[digits_of(code) or "" for code in table["isic"]],
    )
    kept = []
    for _, rows in frame.groupby([*key, "_section"], sort=False):
        digits = list(rows["_digits"])
        is_part = [
            any(one != whole and one.startswith(whole) for whole in digits) for one in digits
        ]
        kept.append(rows[~np.array(is_part)])
    whole = pd.concat(kept)
    sums = whole.groupby([*key, "_section"], sort=False)[["persons", "output"]].sum(min_count=1)
    lacks = whole["output"].isna().groupby([whole[name] for name in (*key, "_section")], sort=False)
    sums.loc[lacks.any().to_numpy(), "output"] = pd.NA
    return sums.reset_index().rename(columns={"_section": "isic"})


def _laid_out(
    region: Region, own: pd.DataFrame, other: pd.DataFrame | None, notes: tuple[str, ...]
) -> IndustryCounts:
    """Tables as arrays."""
    industries = tuple(
        sorted({*map(str, own["isic"]), *(map(str, other["isic"]) if other is not None else ())})
    )
    years = tuple(sorted({int(year) for year in own["year"]}))
    shape = (len(years), region.n_towns, len(industries))
    at = (
        _places(years, own["year"].astype(int)),
        _places(region.town_ids, own["town_id"].astype(str)),
        _places(industries, own["isic"].astype(str)),
    )
    persons, output = (_filled(shape, at, own[name]) for name in ("persons", "output"))
    reference = _towns_together(persons) if other is None else _benchmark(other, years, industries)
    return IndustryCounts(
        town_ids=region.town_ids,
        industries=industries,
        years=years,
        persons=persons,
        output=output,
        reference=reference,
        reference_name="the towns together" if other is None else "benchmark",
        notes=notes,
    )


def _places(known: Sequence[object], values: pd.Series[Any]) -> NDArray[np.intp]:
    """Place of each value among those known."""
    found: NDArray[np.intp] = pd.Index(list(known), dtype=object).get_indexer(
        pd.Index(values.astype(object))
    )
    return found


def _filled(shape: tuple[int, ...], at: tuple[np.ndarray, ...], values: pd.Series[float]) -> Floats:
    """Zero for industries that a counted town does not list, ``nan`` where nothing is known."""
    filled = np.full(shape, np.nan)
    filled[at[:-1]] = 0.0
    filled[at] = values.to_numpy(dtype=np.float64, na_value=np.nan)
    # One figure that is missing makes the whole of its town and year unknown.
    filled[np.isnan(filled).any(axis=-1)] = np.nan
    return filled


def _towns_together(persons: Floats) -> Floats:
    """Sum over towns, in years in which as many towns were counted as in the fullest year."""
    is_counted = ~np.isnan(persons[..., 0])
    n_counted = is_counted.sum(axis=1)
    total: Floats = np.nansum(persons, axis=1)
    total[n_counted < n_counted.max()] = np.nan
    return total


def _benchmark(other: pd.DataFrame, years: Sequence[int], industries: Sequence[str]) -> Floats:
    rows = other[other["year"].astype(int).isin(years)]
    at = (
        _places(years, rows["year"].astype(int)),
        _places(industries, rows["isic"].astype(str)),
    )
    return _filled((len(years), len(industries)), at, rows["persons"])
