"""
Growth of each town and of each size class.

Growth is read from totals within one basis: a locality is never compared with a municipality. Size
classes follow ``towns.population``, which is today's: a town that grew stands in the class it grew
into.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from types import MappingProxyType

import numpy as np
import pandas as pd

from comarca.demography.counts import series_of, spans
from comarca.demography.params import DiagnosisParams
from comarca.model.region import Region, values_of

_TYPES: Mapping[str, str] = MappingProxyType(
    {
        "town_id": "string",
        "year_from": "Int64",
        "year_to": "Int64",
        "persons_from": "Float64",
        "persons_to": "Float64",
        "growth_multiple": "Float64",
        "annual_rate": "Float64",
        "basis": "string",
    }
)


def growth_of_towns(usable: pd.DataFrame, params: DiagnosisParams) -> pd.DataFrame:
    """
    Growth of each town between two years, by the series that spans the most.

    Parameters
    ----------
    usable
        ``town_id, basis, year, persons``, each series together and in order of year.
    params
        The years, where they are named.

    Returns
    -------
    pandas.DataFrame
        One row a town with two counts to compare, as :class:`Diagnosis` describes it.
    """
    years = usable["year"].to_numpy(dtype=np.int64)
    persons = usable["persons"].to_numpy(dtype=np.float64)
    towns, bases = usable["town_id"].to_numpy(), usable["basis"].to_numpy()
    best: dict[str, tuple[int, tuple[object, ...]]] = {}
    for start, end in zip(*spans(series_of(usable)), strict=True):
        town = str(towns[start])
        row = _between(years[start:end], persons[start:end], params)
        if row is not None and row[1] - row[0] > best.get(town, (0,))[0]:
            best[town] = row[1] - row[0], (town, *row, bases[start])
    rows = [row for _, row in best.values()]
    return pd.DataFrame(rows, columns=list(_TYPES)).astype(dict(_TYPES))


def _between(
    years: np.ndarray, persons: np.ndarray, params: DiagnosisParams
) -> tuple[int, int, float, float, float | None, float | None] | None:
    """What one series says of growth; ``None`` without two counts to compare."""
    year_from = params.year_from if params.year_from is not None else int(years[0])
    year_to = params.year_to if params.year_to is not None else int(years[-1])
    first, last = np.flatnonzero(years == year_from), np.flatnonzero(years == year_to)
    if year_from >= year_to or not len(first) or not len(last):
        return None
    before, after = float(persons[first[0]]), float(persons[last[0]])
    multiple = after / before if before > 0 else None
    rate = None if multiple is None else multiple ** (1 / (year_to - year_from)) - 1
    return year_from, year_to, before, after, multiple, rate


def class_names(thresholds: Sequence[float]) -> list[str]:
    """Names of the size classes between thresholds, smallest first."""
    return [
        f"under {thresholds[0]:,.0f}",
        *(f"{low:,.0f} to {high:,.0f}" for low, high in pairwise(thresholds)),
        f"{thresholds[-1]:,.0f} and more",
    ]


def size_classes(region: Region, thresholds: Sequence[float]) -> Mapping[str, str]:
    """Size class of every town, by id, read-only."""
    names, people = class_names(thresholds), values_of(region.towns, "population")
    positions = np.searchsorted(thresholds, people, side="right")
    return MappingProxyType(
        {town: names[at] for town, at in zip(region.town_ids, positions, strict=True)}
    )


def growth_by_size(
    region: Region,
    growth: pd.DataFrame,
    size_class_of: Mapping[str, str],
    thresholds: Sequence[float],
) -> pd.DataFrame:
    """One row a size class, smallest first, as :class:`Diagnosis` describes it."""
    class_of_row = growth["town_id"].map(dict(size_class_of))
    class_of_town = np.array([size_class_of[town] for town in region.town_ids])
    people = values_of(region.towns, "population")
    rows = [
        {
            "size_class": name,
            "n_towns": int((class_of_town == name).sum()),
            "people": float(people[class_of_town == name].sum()),
            **_spread(growth[class_of_row == name]),
        }
        for name in class_names(thresholds)
    ]
    frame = pd.DataFrame(rows).astype({"size_class": "string"})
    floats = [c for c in frame.columns if c.endswith(("_multiple", "_rate", "_share"))]
    return frame.astype(dict.fromkeys(floats, "Float64"))


def _spread(growth: pd.DataFrame) -> dict[str, object]:
    """How the towns of one class grew, each alone and all together."""
    known = growth[growth["growth_multiple"].notna()]
    multiples = known["growth_multiple"]
    n = len(known)
    return {
        "n_with_growth": n,
        "lowest_multiple": multiples.min() if n else pd.NA,
        "median_multiple": multiples.median() if n else pd.NA,
        "highest_multiple": multiples.max() if n else pd.NA,
        "pooled_multiple": known["persons_to"].sum() / known["persons_from"].sum() if n else pd.NA,
        "shrinking_share": float((multiples < 1).mean()) if n else pd.NA,
        "median_annual_rate": known["annual_rate"].median() if n else pd.NA,
    }
