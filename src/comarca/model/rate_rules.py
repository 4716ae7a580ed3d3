"""
Rules of the tables of births, deaths and migration.

Rows of one town, year and sex tell either a total or age bands that do not overlap, and one kind of
value each; both sexes together stand alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from types import MappingProxyType

import numpy as np

from comarca.errors import Fault
from comarca.model.raw import CheckedTable
from comarca.model.region import values_of

_VALUES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "mortality": ("death_rate", "life_expectancy"),
        "migration": ("net_persons", "net_rate"),
    }
)
_MOST_BIRTHS_A_YEAR = 1.0


def one_value_a_row(table: CheckedTable) -> Iterator[Fault]:
    """Each row of deaths or migration tells one number."""
    names = _VALUES[table.raw.table]
    n_told = table.frame[list(names)].notna().sum(axis=1)
    for row in np.flatnonzero((n_told != 1).to_numpy()).tolist():
        told = "both" if n_told.iloc[row] else ""
        yield table.fault(
            row, f"{names[0]} or {names[1]} of {_row(table, row)}", told, "one of them"
        )


def expectancies_without_ages(table: CheckedTable) -> Iterator[Fault]:
    """A life expectancy is of all ages, a death rate of some."""
    has_age = table.frame["age_from"].notna()
    for row in np.flatnonzero(has_age & table.frame["life_expectancy"].notna()).tolist():
        yield table.fault(
            row,
            f"life_expectancy of {_row(table, row)}",
            f"told of ages from {table.frame['age_from'].iloc[row]:.0f}",
            "a row without ages, or a death_rate",
        )
    for row in np.flatnonzero(~has_age & table.frame["death_rate"].notna()).tolist():
        yield table.fault(row, f"age_from of {_row(table, row)}", "", "the first age it is of")


def births_a_year(table: CheckedTable) -> Iterator[Fault]:
    """A rate by age is of one year; a total of a life."""
    births = values_of(table.frame, "births_per_woman")
    has_age = table.frame["age_from"].notna().to_numpy()
    for row in np.flatnonzero(has_age & (births > _MOST_BIRTHS_A_YEAR)).tolist():
        yield table.fault(
            row,
            f"births_per_woman of {_row(table, row)}",
            f"{births[row]:g}",
            "births a woman and year at these ages, 1 at most; is it told for 1,000 women?",
        )
    ends = table.frame["age_to"].notna().to_numpy()
    for row in np.flatnonzero(has_age & ~ends).tolist():
        yield table.fault(row, f"age_to of {_row(table, row)}", "", "the last age it is of")


def sound_ages(table: CheckedTable) -> Iterator[Fault]:
    """Bands that begin, end after they begin, do not overlap, and stand without a total."""
    low, high = values_of(table.frame, "age_from"), values_of(table.frame, "age_to")
    for row in np.flatnonzero(np.isnan(low) & ~np.isnan(high)).tolist():
        yield table.fault(row, f"age_from of {_row(table, row)}", "", "the first age of the band")
    for row in np.flatnonzero(high < low).tolist():
        yield table.fault(
            row, f"age_to of {_row(table, row)}", f"{high[row]:.0f}", f"{low[row]:.0f} or more"
        )
    key = [name for name in ("town_id", "year", "sex") if name in table.frame]
    for rows in _groups(table, key):
        yield from _bands(table, rows, low, high)


def _bands(
    table: CheckedTable, rows: Sequence[int], low: np.ndarray, high: np.ndarray
) -> Iterator[Fault]:
    banded = sorted((row for row in rows if not np.isnan(low[row])), key=lambda row: low[row])
    totals = [row for row in rows if np.isnan(low[row])]
    if banded and totals:
        yield table.fault(
            totals[0], f"ages of {_row(table, totals[0])}", "", "ages, or one total without ages"
        )
    for row, after in pairwise(banded):
        if np.isnan(high[row]) or low[after] <= high[row]:
            end = "" if np.isnan(high[row]) else f"{high[row]:.0f}"
            yield table.fault(
                after,
                f"ages of {_row(table, after)}",
                f"from {low[after]:.0f}",
                f"no overlap with {low[row]:.0f}-{end} at "
                f"{table.raw.line_word} {table.raw.lines[row]}",
            )


def whole_lives(table: CheckedTable) -> Iterator[Fault]:
    """Death rates run from birth to an open end without a gap, and the last is above zero."""
    low, high = values_of(table.frame, "age_from"), values_of(table.frame, "age_to")
    rates = values_of(table.frame, "death_rate")
    for rows in _groups(table, ["town_id", "year", "sex"]):
        told = [row for row in rows if not (np.isnan(low[row]) or np.isnan(rates[row]))]
        banded = sorted(told, key=lambda row: low[row])
        if not banded:
            continue
        first, last = banded[0], banded[-1]
        if low[first] != 0:
            yield table.fault(
                first, f"age_from of {_row(table, first)}", f"{low[first]:.0f}", "0, at birth"
            )
        for row, after in pairwise(banded):
            if not np.isnan(high[row]) and low[after] > high[row] + 1:
                yield table.fault(
                    after,
                    f"age_from of {_row(table, after)}",
                    f"{low[after]:.0f}",
                    f"{high[row] + 1:.0f}, next to the band before",
                )
        if not np.isnan(high[last]):
            yield table.fault(
                last, f"age_to of {_row(table, last)}", f"{high[last]:.0f}", "blank: open-ended"
            )
        if not rates[last] > 0:
            yield table.fault(
                last, f"death_rate of {_row(table, last)}", f"{rates[last]:g}", "above 0, at last"
            )


def sexes_apart_or_together(table: CheckedTable) -> Iterator[Fault]:
    """Rows of one sex and rows of both would say the same thing twice."""
    for rows in _groups(table, ["town_id", "year"]):
        sexes = table.frame["sex"].iloc[list(rows)]
        together = [row for row in rows if table.frame["sex"].isna().iloc[row]]
        if together and sexes.notna().any():
            yield table.fault(
                together[0],
                f"sex of {_row(table, together[0])}",
                "",
                "female or male, as in other rows of that year",
            )


def persons_of_a_town(table: CheckedTable) -> Iterator[Fault]:
    """Persons of all towns together say of no town how many of them are its own."""
    counts = table.frame["net_persons"].notna() & table.frame["town_id"].isna()
    for row in np.flatnonzero(counts.to_numpy()).tolist():
        yield table.fault(
            row,
            f"town_id of {_row(table, row)}",
            "",
            "the town these persons move to, or a net_rate",
        )


def _groups(table: CheckedTable, key: list[str]) -> Iterator[list[int]]:
    """Rows that belong together, by position."""
    frame = table.frame.reset_index(drop=True)
    keys = frame[key].astype("string").fillna("")
    for _, rows in keys.groupby(key, sort=False):
        yield rows.index.tolist()


def _row(table: CheckedTable, row: int) -> str:
    names = [name for name in ("town_id", "year", "sex") if name in table.frame]
    parts = table.frame.iloc[row][names]
    return " ".join(str(part) for part in parts if str(part) != "<NA>" and part is not None)
