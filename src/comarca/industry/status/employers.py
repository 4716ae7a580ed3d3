"""
The employers of a town: single enterprises, and those that count as one together.

Assumption: the table of enterprises names the largest employers of each town it names. A town it
does not name has unknown employers, not none.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from comarca.model.isic import digits_of, lies_in, section_of
from comarca.model.region import Region
from comarca.model.status_rules import Criterion

TODAY = None
"""Year of figures that bear none."""


@dataclass(frozen=True, kw_only=True)
class Plant:
    """
    One enterprise.

    Parameters
    ----------
    enterprise_id, name, isic, group
        As in the table; ``group`` may be blank.
    jobs
        Jobs by year; under ``None`` those of the table of enterprises.
    output
        Goods shipped a year, ``None`` where not known.
    layoffs
        Jobs to end, ``None`` where not known.
    has_stopped, outlook
        ``None`` where not known.
    """

    enterprise_id: str
    name: str
    isic: str
    group: str
    jobs: Mapping[int | None, float]
    output: float | None
    layoffs: float | None
    has_stopped: bool | None
    outlook: str | None

    @property
    def activity(self) -> str:
        """Division of ISIC, or the code itself where it has none."""
        digits = digits_of(self.isic)
        return f"{section_of(self.isic)}{digits[:2]}" if digits else self.isic


@dataclass(frozen=True, kw_only=True)
class Employer:
    """
    What counts as one employer.

    Parameters
    ----------
    name
        Its name, or those of its enterprises.
    plants
        Its enterprises.
    """

    name: str
    plants: tuple[Plant, ...]

    def jobs(self, year: int | None = TODAY) -> float | None:
        """Jobs in a year; ``None`` where they are not known of every enterprise."""
        found = [plant.jobs.get(year) for plant in self.plants]
        known = [jobs for jobs in found if jobs is not None]
        return sum(known) if len(known) == len(found) else None

    @property
    def years(self) -> frozenset[int | None]:
        """Years in which jobs are known of every enterprise."""
        return frozenset.intersection(*(frozenset(plant.jobs) for plant in self.plants))


class Employers:
    """
    The employers of a region.

    Parameters
    ----------
    region
        Its tables ``enterprises`` and ``headcounts``.
    """

    def __init__(self, region: Region) -> None:
        self._enterprises = region.table("enterprises")
        self._headcounts = region.table("headcounts")

    @cached_property
    def of_town(self) -> Mapping[str, tuple[Plant, ...]]:
        """Enterprises by town; towns the table does not name are absent."""
        found: dict[str, list[Plant]] = {}
        if self._enterprises is not None:
            for row in self._enterprises.to_dict("records"):
                found.setdefault(str(row["town_id"]), []).append(self._plant(row))
        return {town: tuple(plants) for town, plants in found.items()}

    def _plant(self, row: Mapping[Hashable, Any]) -> Plant:
        code = str(row["enterprise_id"])
        known = {str(name): None if pd.isna(value) else value for name, value in row.items()}
        return Plant(
            enterprise_id=code,
            name=str(row["name"]),
            isic=str(row["isic"]),
            group=known["group"] or "",
            jobs={**self._jobs_by_year.get(code, {}), TODAY: float(row["jobs"])},
            output=known["output_per_year"],
            layoffs=known["planned_layoffs"],
            has_stopped=known["has_stopped"],
            outlook=known["outlook"],
        )

    @cached_property
    def _jobs_by_year(self) -> Mapping[str, Mapping[int | None, float]]:
        found: dict[str, dict[int | None, float]] = {}
        if self._headcounts is not None:
            rows = self._headcounts[["enterprise_id", "year", "jobs"]]
            for code, year, jobs in rows.itertuples(index=False):
                found.setdefault(str(code), {})[int(year)] = float(jobs)
        return found

    def counted_as(self, town_id: str, criterion: Criterion) -> Counted | None:
        """
        Employers of a town that a criterion looks at.

        Returns
        -------
        Counted or None
            ``None`` where the town's enterprises are not known.
        """
        plants = self.of_town.get(town_id)
        if plants is None:
            return None
        fitting = [(plant, _fits(plant.isic, criterion)) for plant in plants]
        sure = [plant for plant, fits in fitting if fits]
        return Counted(
            employers=tuple(_grouped(sure, criterion)),
            unsure=tuple(plant for plant, fits in fitting if fits is None),
        )


@dataclass(frozen=True, kw_only=True)
class Counted:
    """
    Employers that a criterion counts, and enterprises too coarsely coded to say.

    Parameters
    ----------
    employers
        Every way of counting enterprises as one.
    unsure
        Enterprises whose code is too coarse.
    """

    employers: tuple[Employer, ...]
    unsure: tuple[Plant, ...]

    @property
    def largest(self) -> Employer | None:
        """The one with most jobs today; of equals the one of fewest enterprises."""
        known = [(one.jobs(), -len(one.plants), one) for one in self.employers]
        ranked = [(jobs, few, one) for jobs, few, one in known if jobs is not None]
        return max(ranked, key=lambda found: found[:2])[2] if ranked else None


def _fits(isic: str, criterion: Criterion) -> bool | None:
    """Whether an industry is one that counts."""
    inside = lies_in(isic, criterion.industries) if criterion.industries else True
    outside = lies_in(isic, criterion.except_industries) if criterion.except_industries else False
    if inside is False or outside is True:
        return False
    return None if inside is None or outside is None else True


def _grouped(plants: list[Plant], criterion: Criterion) -> Iterator[Employer]:
    if "enterprise" in criterion.groupings:
        yield from (Employer(name=plant.name, plants=(plant,)) for plant in plants)
    for grouping in criterion.groupings:
        if grouping == "enterprise":
            continue
        together: dict[str, list[Plant]] = {}
        for plant in plants:
            if key := plant.group if grouping == "group" else plant.activity:
                together.setdefault(key, []).append(plant)
        for members in together.values():
            if len(members) > 1 or "enterprise" not in criterion.groupings:
                name = " and ".join(plant.name for plant in members)
                yield Employer(name=name, plants=tuple(members))
