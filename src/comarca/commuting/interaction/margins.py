"""
Who stays, who leaves, who comes: what statistical offices publish where they withhold pairs.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from comarca.errors import ParameterError
from comarca.model.region import Region, values_of

Floats = NDArray[np.float64]

_NAMED = 5


@dataclass(frozen=True, kw_only=True, eq=False)
class CommutingMargins:
    """
    Who stays, leaves and comes, town by town.

    Parameters
    ----------
    town_ids
        Towns whose numbers are known, each once.
    staying
        Residents who work in their own town, persons, shape ``(n_towns,)``, 0 or more.
    leaving
        Residents who work in another town.
    coming
        Persons who work in the town and live in another.

    Raises
    ------
    ParameterError
        When shapes disagree, a town stands twice, or a number is negative or missing.
    """

    town_ids: tuple[str, ...]
    staying: Floats
    leaving: Floats
    coming: Floats

    def __post_init__(self) -> None:
        ids = tuple(self.town_ids)
        object.__setattr__(self, "town_ids", ids)
        if len(set(ids)) != len(ids):
            raise ParameterError("a town stands more than once in the margins; expected it once.")
        faults = []
        for name in ("staying", "leaving", "coming"):
            values = np.asarray(getattr(self, name), dtype=np.float64)
            object.__setattr__(self, name, values)
            if values.shape != (len(ids),):
                faults.append(f"{name} has shape {values.shape}; expected {(len(ids),)}")
                continue
            wrong = np.flatnonzero(~np.isfinite(values) | (values < 0))
            if wrong.size:
                named = listed(f"{ids[town]} ({values[town]:g})" for town in wrong.tolist())
                faults.append(f"{name} is negative or missing in {named}; expected 0 or more")
        if faults:
            raise ParameterError(f"{'; '.join(faults)}.")

    @property
    def workers(self) -> Floats:
        """Working residents of each town whose place of work is known."""
        return self.staying + self.leaving

    @property
    def jobs(self) -> Floats:
        """Filled jobs of each town whose holder's home is known."""
        return self.staying + self.coming

    def summary(self) -> str:
        """Say in a line how many stay and leave."""
        workers = self.workers.sum()
        share = f"{self.staying.sum() / workers:.0%}" if workers else "none"
        return (
            f"{workers:,.0f} workers of {len(self.town_ids):,} towns, {share} in their own town; "
            f"{self.leaving.sum():,.0f} leave and {self.coming.sum():,.0f} come"
        )


def listed(found: Iterable[str]) -> str:
    """Name the first few and count the rest."""
    named = list(found)
    more = len(named) - _NAMED
    return ", ".join(named[:_NAMED]) + (f" and {more:,} more" if more > 0 else "")


def margins_of(region: Region) -> CommutingMargins | None:
    """Margins as the region's table ``margins`` tells them; ``None`` when it has none."""
    table = region.table("margins")
    if table is None or table.empty:
        return None
    return CommutingMargins(
        town_ids=tuple(table["town_id"].astype(str)),
        staying=values_of(table, "staying"),
        leaving=values_of(table, "leaving"),
        coming=values_of(table, "coming"),
    )
