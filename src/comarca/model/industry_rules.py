"""Rules of the tables of industry: a total among its parts, more registered than there are."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from comarca.errors import Fault
from comarca.model.isic import section_of
from comarca.model.raw import CheckedTable
from comarca.model.region import values_of


def totals_among_industries(table: CheckedTable) -> Iterator[Fault]:
    """
    Rows not of ISIC that are the sum of all others of their town and year: no industry, a total.

    Two industries of one size are no total and its part; from three rows on it is told.
    """
    frame = table.frame
    usable = frame[frame[["town_id", "year", "isic", "persons"]].notna().all(axis=1)]
    usable = usable.assign(_persons=values_of(usable, "persons"))
    groups = usable.groupby(["town_id", "year"], sort=False)["_persons"]
    total, size = groups.transform("sum"), groups.transform("size")
    is_other = usable["isic"].map(lambda code: section_of(code) is None).astype(bool)
    is_sum = is_other & (size > 2) & (2 * usable["_persons"] == total) & (total > 0)
    for row in np.array(usable.index[is_sum]).tolist():
        town, year, code = (frame[name].iloc[row] for name in ("town_id", "year", "isic"))
        yield table.fault(
            row,
            f"isic of {town} {year}",
            f'"{code}", whose persons are those of all its other industries together',
            "an industry; leave totals out",
        )


def registered_exceed_labour_force(standing: CheckedTable, towns: CheckedTable) -> Iterator[Fault]:
    """More residents registered as unemployed than work or look for work."""
    force = dict(zip(towns.frame["town_id"], values_of(towns.frame, "labour_force"), strict=True))
    registered = values_of(standing.frame, "registered_unemployed")
    for row, (town, number) in enumerate(zip(standing.frame["town_id"], registered, strict=True)):
        if number > force.get(town, np.nan):
            yield standing.fault(
                row,
                f"registered_unemployed of {town}",
                f"{number:,.0f}",
                f"{force[town]:,.0f} at most, the labour force in towns",
            )
