"""
Growth, size class and suspicious counts of each town.

Growth is read from the totals of the population table, within one basis: a locality is never
compared with a municipality, and parts are never added up to a missing total. Size classes follow
``towns.population``, which is today's: a town that grew stands in the class it grew into.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType
from typing import Literal, Self

import numpy as np
import pandas as pd
from pydantic import model_validator

from comarca.errors import Fault, ParameterError
from comarca.model.parameters import assumed, contradiction
from comarca.model.region import Region, values_of
from comarca.model.suspicious import SuspicionParams, suspicious_counts
from comarca.wording import counted

_GROWTH_TYPES: Mapping[str, str] = MappingProxyType(
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


class DiagnosisParams(SuspicionParams):
    """
    What the diagnosis compares.

    Parameters
    ----------
    year_from, year_to
        Years growth is taken between; ``None`` for each town's first and last count. A town without
        a count in a year that is named has no growth between them.
    basis
        Which series to compare where a town has several; ``None`` for the one that spans the most
        years.
    excludes_suspicious
        Whether growth leaves suspicious counts aside. They are told either way.
    size_thresholds
        Where one size class ends and the next begins, persons, ascending; a town at a threshold
        belongs to the class above it.
    """

    year_from: int | None = None
    year_to: int | None = None
    basis: Literal["locality", "municipality"] | None = None
    excludes_suspicious: bool = False
    size_thresholds: tuple[float, ...] = assumed("demography.size_thresholds", min_length=1)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if (
            self.year_from is not None
            and self.year_to is not None
            and self.year_from >= self.year_to
        ):
            raise contradiction(
                "year_from", str(self.year_from), f"a year before year_to ({self.year_to})"
            )
        thresholds = self.size_thresholds
        if list(thresholds) != sorted(set(thresholds)) or thresholds[0] <= 0:
            raise contradiction(
                "size_thresholds",
                str([round(threshold, 3) for threshold in thresholds]),
                "persons in ascending order, each above 0 and once",
            )
        return self


@dataclass(frozen=True, eq=False, kw_only=True)
class Diagnosis:
    """
    What a region's counts say.

    Parameters
    ----------
    growth
        One row a town with two counts to compare: ``town_id, year_from, year_to, persons_from,
        persons_to, growth_multiple, annual_rate, basis``. ``growth_multiple`` is persons at the end
        for one at the beginning, ``annual_rate`` the yearly share that leads there; both are
        missing where nobody lived there at the beginning.
    size_class_of
        Size class of every town, by id.
    growth_by_size
        One row a size class, smallest first: ``size_class, n_towns, people, n_with_growth,
        lowest_multiple, median_multiple, highest_multiple, median_annual_rate``.
    suspicious
        One row a suspicious count: ``town_id, name, basis, year, persons, expected_persons``.
    rule
        When a count is suspicious, in one sentence.
    """

    growth: pd.DataFrame
    size_class_of: Mapping[str, str]
    growth_by_size: pd.DataFrame
    suspicious: pd.DataFrame
    rule: str

    def summary(self) -> str:
        """Say in a few lines who grows, who shrinks and which counts to doubt."""
        multiples = self.growth["growth_multiple"].dropna()
        lines = [
            f"{counted(len(self.size_class_of), 'town')}; growth known of {len(multiples):,}"
            + (
                f": {int((multiples > 1).sum()):,} grew, {int((multiples < 1).sum()):,} shrank"
                if len(multiples)
                else ""
            )
        ]
        classes = self.growth_by_size
        medians = values_of(classes, "median_multiple")
        for name, n_towns, median in zip(
            classes["size_class"], classes["n_towns"], medians, strict=True
        ):
            known = "" if np.isnan(median) else f", median ×{median:.2f}"
            lines.append(f"  {name}: {counted(n_towns, 'town')}{known}")
        lines += [
            f"suspicious: {row.name} {row.year}, {row.persons:,.0f} persons; "
            f"about {row.expected_persons:,.0f} expected"
            for row in self.suspicious.itertuples(index=False)
        ]
        return "\n".join(lines + ([f"rule: {self.rule}"] if len(self.suspicious) else []))


def diagnose(region: Region, params: DiagnosisParams | None = None) -> Diagnosis:
    """
    Tell growth, size class and suspicious counts of each town.

    Parameters
    ----------
    region
        Its ``population`` table gives growth; without one, growth is empty.
    params
        Years, thresholds and the rule of suspicion; the defaults when not given.

    Returns
    -------
    Diagnosis
    """
    params = params or DiagnosisParams()
    counts = _counts(region, params)
    growth = _growth(counts, params)
    size_class_of = _size_classes(region, params.size_thresholds)
    return Diagnosis(
        growth=growth,
        size_class_of=size_class_of,
        growth_by_size=_growth_by_size(region, growth, size_class_of, params.size_thresholds),
        suspicious=_suspicious(region, counts),
        rule=params.rule(),
    )


def _class_names(thresholds: Sequence[float]) -> list[str]:
    return [
        f"under {thresholds[0]:,.0f}",
        *(f"{low:,.0f} to {high:,.0f}" for low, high in pairwise(thresholds)),
        f"{thresholds[-1]:,.0f} and more",
    ]


def _counts(region: Region, params: DiagnosisParams) -> pd.DataFrame:
    """Totals by town, basis and year, with what the rule expects of the suspicious ones."""
    table = region.table("population")
    if table is None:
        return pd.DataFrame(columns=["town_id", "basis", "year", "persons", "expected_persons"])
    is_total = table[["sex", "age_from", "age_to"]].isna().all(axis=1)
    counts = table.loc[is_total, ["town_id", "basis", "year", "persons"]]
    counts = counts.sort_values(["town_id", "basis", "year"], kind="stable")
    expected = pd.Series(np.nan, index=counts.index)
    for _, series in counts.groupby(["town_id", "basis"], dropna=False, sort=False):
        years, persons = series["year"].astype(int).tolist(), series["persons"].tolist()
        for found in suspicious_counts(years, persons, params):
            expected[series.index[years.index(found.year)]] = found.expected_persons
    return counts.assign(expected_persons=expected)


def _growth(counts: pd.DataFrame, params: DiagnosisParams) -> pd.DataFrame:
    usable = counts[counts["expected_persons"].isna()] if params.excludes_suspicious else counts
    if params.basis is not None:
        usable = usable[usable["basis"] == params.basis]
    faults = []
    for setting in ("year_from", "year_to"):
        year = getattr(params, setting)
        if year is not None and not (usable["year"] == year).any() and len(counts):
            known = ", ".join(str(known) for known in sorted(usable["year"].unique()))
            faults.append(
                Fault(
                    place="study",
                    object=f"[diagnosis] {setting}",
                    value=str(year),
                    expectation=f"a year with a count of some town: {known}",
                )
            )
    if faults:
        raise ParameterError("\n".join(str(fault) for fault in faults), faults)
    best: dict[str, tuple[int, tuple[object, ...]]] = {}
    for (town, basis), series in usable.groupby(["town_id", "basis"], dropna=False, sort=False):
        row = _growth_of(str(town), basis, series, params)
        if row is not None and row[0] > best.get(str(town), (0, ()))[0]:
            best[str(town)] = row
    rows = [row for _, row in best.values()]
    return pd.DataFrame(rows, columns=list(_GROWTH_TYPES)).astype(dict(_GROWTH_TYPES))


def _growth_of(
    town: str, basis: object, series: pd.DataFrame, params: DiagnosisParams
) -> tuple[int, tuple[object, ...]] | None:
    """Years spanned and the row of one series; ``None`` without two counts to compare."""
    persons_in = {int(y): float(p) for y, p in zip(series["year"], series["persons"], strict=True)}
    year_from = params.year_from if params.year_from is not None else min(persons_in)
    year_to = params.year_to if params.year_to is not None else max(persons_in)
    if year_from >= year_to or not {year_from, year_to} <= persons_in.keys():
        return None
    before, after = persons_in[year_from], persons_in[year_to]
    multiple = after / before if before > 0 else None
    rate = None if multiple is None else multiple ** (1 / (year_to - year_from)) - 1
    return year_to - year_from, (town, year_from, year_to, before, after, multiple, rate, basis)


def _size_classes(region: Region, thresholds: Sequence[float]) -> Mapping[str, str]:
    names, people = _class_names(thresholds), values_of(region.towns, "population")
    positions = np.searchsorted(thresholds, people, side="right")
    return MappingProxyType(
        {town: names[at] for town, at in zip(region.town_ids, positions, strict=True)}
    )


def _growth_by_size(
    region: Region,
    growth: pd.DataFrame,
    size_class_of: Mapping[str, str],
    thresholds: Sequence[float],
) -> pd.DataFrame:
    class_of_row = growth["town_id"].map(dict(size_class_of))
    class_of_town = pd.Series([size_class_of[town] for town in region.town_ids])
    people = values_of(region.towns, "population")
    rows = []
    for name in _class_names(thresholds):
        is_in = (class_of_town == name).to_numpy()
        of_class = growth[class_of_row == name]
        multiples = of_class["growth_multiple"].dropna()
        rows.append(
            {
                "size_class": name,
                "n_towns": int(is_in.sum()),
                "people": float(people[is_in].sum()),
                "n_with_growth": len(multiples),
                "lowest_multiple": multiples.min() if len(multiples) else pd.NA,
                "median_multiple": multiples.median() if len(multiples) else pd.NA,
                "highest_multiple": multiples.max() if len(multiples) else pd.NA,
                "median_annual_rate": of_class["annual_rate"].median() if len(multiples) else pd.NA,
            }
        )
    frame = pd.DataFrame(rows).astype({"size_class": "string"})
    floats = [c for c in frame.columns if c.endswith(("_multiple", "_rate"))]
    return frame.astype(dict.fromkeys(floats, "Float64"))


def _suspicious(region: Region, counts: pd.DataFrame) -> pd.DataFrame:
    found = counts[counts["expected_persons"].notna()].reset_index(drop=True)
    names = pd.Series([region.name_of(town) for town in found["town_id"]], dtype="string")
    found.insert(1, "name", names)
    types = {
        "town_id": "string",
        "name": "string",
        "basis": "string",
        "year": "Int64",
        "persons": "Float64",
        "expected_persons": "Float64",
    }
    return found[list(types)].astype(types)
