"""
Rules of the population table.

A blank sex or age stands for the total. Parts are set against the total they belong to and never
added to it; counts of another basis are never compared.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from comarca.errors import Fault
from comarca.model.raw import CheckedTable
from comarca.model.region import values_of
from comarca.model.suspicious import SuspicionParams, suspicious_counts

_GROUP = ["town_id", "year", "basis"]
_BOTH = ""  # sex of a row that counts both


@dataclass(frozen=True, kw_only=True)
class _Band:
    """A row that counts an age band, or all ages when ``low`` is ``None``."""

    row: int
    sex: str
    low: float | None
    high: float  # inf: open-ended
    persons: float

    @property
    def ages(self) -> str:
        high = "" if self.high == np.inf else f"{self.high:.0f}"
        return f"{self.low:.0f}-{high}" if high else f"{self.low:.0f}+"


def age_faults(table: CheckedTable) -> Iterator[Fault]:
    """Bands without a beginning, bands that end before they begin, bands that overlap."""
    low, high = values_of(table.frame, "age_from"), values_of(table.frame, "age_to")
    for row in np.flatnonzero(np.isnan(low) & ~np.isnan(high)).tolist():
        yield table.fault(
            row, f"age_from of {_count(table, row)}", "", "the first year of the age band"
        )
    for row in np.flatnonzero(high < low).tolist():
        yield table.fault(
            row,
            f"age_to of {_count(table, row)}",
            f"{high[row]:.0f}",
            f"{low[row]:.0f} or more",
        )
    for bands in _groups(table):
        yield from _overlaps(table, bands)


def parts_that_do_not_add_up(table: CheckedTable) -> Iterator[Fault]:
    """Sexes or age bands that miss the total they belong to."""
    for bands in _groups(table):
        values: dict[str, tuple[float, int]] = {}
        for sex in (_BOTH, "female", "male"):
            of_sex = [band for band in bands if band.sex == sex]
            total = next((band for band in of_sex if band.low is None), None)
            parts = sorted((b for b in of_sex if b.low is not None), key=lambda b: b.low or 0)
            if total is not None:
                yield from _against_total(table, parts, total)
                values[sex] = (total.persons, total.row)
            elif _is_complete(parts):
                values[sex] = (sum(band.persons for band in parts), parts[0].row)
        yield from _sexes_against_both(table, values)


def suspicious_values(table: CheckedTable, params: SuspicionParams) -> Iterator[Fault]:
    """Totals far off their neighbours in time, as warnings."""
    frame = table.frame
    is_total = frame["sex"].isna() & frame["age_from"].isna() & frame["age_to"].isna()
    is_usable = is_total & frame[["town_id", "year", "persons"]].notna().all(axis=1)
    for town, years, persons, lines in _series(frame[is_usable]):
        rows = dict(zip(years, lines, strict=True))
        for found in suspicious_counts(years, persons, params):
            beside = " and ".join(f"{count:,.0f} in {year}" for year, count in found.neighbours)
            yield table.fault(
                int(rows[found.year]),
                f"persons of {town} {found.year}",
                f"{found.persons:,.0f}",
                f"about {found.expected_persons:,.0f}, between {beside}; left as it is"
                if len(found.neighbours) == 2
                else f"about {found.expected_persons:,.0f}, as beside it ({beside}); left as it is",
            )


def _series(
    totals: pd.DataFrame,
) -> Iterator[tuple[str, list[int], list[float], list[int]]]:
    """Each town and basis: its years in order and once each, persons, and rows of the table."""
    found: dict[tuple[str, str], dict[int, tuple[float, int]]] = {}
    keys = zip(totals["town_id"], totals["basis"].fillna(""), totals["year"], strict=True)
    for key, persons, row in zip(keys, values_of(totals, "persons"), totals.index, strict=True):
        town, basis, year = key
        found.setdefault((town, basis), {}).setdefault(int(year), (float(persons), int(row)))
    for (town, _), of_year in found.items():
        years = sorted(of_year)
        counts = [of_year[year] for year in years]
        yield town, years, [persons for persons, _ in counts], [row for _, row in counts]


def _count(table: CheckedTable, row: int) -> str:
    parts = table.frame.iloc[row][["town_id", "year", "sex"]]
    return " ".join(str(part) for part in parts if pd.notna(part))


def _groups(table: CheckedTable) -> Iterator[list[_Band]]:
    """Rows of one town, year and basis that can be compared; single totals are left out."""
    frame = table.frame
    usable = frame[["town_id", "year", "persons"]].notna().all(axis=1)
    low, high = values_of(frame, "age_from"), values_of(frame, "age_to")
    usable &= ~(np.isnan(low) & ~np.isnan(high)) & ~(high < low)
    usable &= ~frame.duplicated([*_GROUP, "sex", "age_from", "age_to"])
    rows = np.flatnonzero(usable.to_numpy(dtype=bool)).tolist()
    keys = list(frame[_GROUP].astype("string").fillna("").itertuples(index=False, name=None))
    sexes = frame["sex"].fillna(_BOTH).tolist()
    persons = values_of(frame, "persons")
    groups: dict[tuple[str, ...], list[_Band]] = {}
    for row in rows:
        band = _Band(
            row=row,
            sex=str(sexes[row]),
            low=None if np.isnan(low[row]) else float(low[row]),
            high=np.inf if np.isnan(high[row]) else float(high[row]),
            persons=float(persons[row]),
        )
        groups.setdefault(keys[row], []).append(band)
    yield from (bands for bands in groups.values() if len(bands) > 1)


def _overlaps(table: CheckedTable, bands: Sequence[_Band]) -> Iterator[Fault]:
    for sex in (_BOTH, "female", "male"):
        parts = sorted(
            (b for b in bands if b.sex == sex and b.low is not None), key=lambda b: b.low or 0
        )
        for band, after in pairwise(parts):
            if after.low is not None and after.low <= band.high:
                yield table.fault(
                    after.row,
                    f"ages of {_count(table, after.row)}",
                    after.ages,
                    f"no overlap with {band.ages} at "
                    f"{table.raw.line_word} {table.raw.lines[band.row]}",
                )


def _is_complete(parts: Sequence[_Band]) -> bool:
    """Whether the bands run from birth to the open end without a gap or an overlap."""
    if not parts or parts[0].low != 0 or parts[-1].high != np.inf:
        return False
    return all(after.low == band.high + 1 for band, after in pairwise(parts))


def _against_total(table: CheckedTable, parts: Sequence[_Band], total: _Band) -> Iterator[Fault]:
    added = sum(band.persons for band in parts)
    is_complete = _is_complete(parts)
    if not parts or _has_overlap(parts) or (added == total.persons and is_complete):
        return
    if is_complete or added > total.persons:
        yield table.fault(
            total.row,
            f"persons of {_count(table, total.row)}",
            f"{total.persons:,.0f}",
            f"{added:,.0f}, its age groups together" + ("" if is_complete else ", or more"),
        )


def _has_overlap(parts: Sequence[_Band]) -> bool:
    return any((after.low or 0) <= band.high for band, after in pairwise(parts))


def _sexes_against_both(
    table: CheckedTable, values: dict[str, tuple[float, int]]
) -> Iterator[Fault]:
    if _BOTH not in values:
        return
    both, row = values[_BOTH]
    given = [values[sex][0] for sex in ("female", "male") if sex in values]
    if (len(given) == 2 and sum(given) != both) or (len(given) == 1 and given[0] > both):
        words = "female and male together" if len(given) == 2 else "or more, one sex alone"
        yield table.fault(
            row, f"persons of {_count(table, row)}", f"{both:,.0f}", f"{sum(given):,.0f}, {words}"
        )
