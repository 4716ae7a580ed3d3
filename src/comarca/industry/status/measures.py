"""
What a criterion looks at, measured for one town: a value, or what is missing.

Nothing is assumed here: a figure that the region's tables do not hold leaves a criterion undecided.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from types import MappingProxyType
from typing import Any

import numpy as np

from comarca.industry.counts import industry_counts
from comarca.industry.specialisation import location_quotients, shares
from comarca.industry.status.employers import TODAY, Counted, Employer, Employers
from comarca.model.isic import name_of
from comarca.model.region import Region
from comarca.model.status_rules import Criterion


@dataclass(frozen=True)
class Finding:
    """
    A value, or why there is none.

    Parameters
    ----------
    value
        ``None`` where it is not known.
    told
        Whom or what it is of, such as the employer and the year; or what is missing.
    is_least
        Whether the true value may be higher: an enterprise could not be judged.
    """

    value: float | bool | str | None
    told: str = ""
    is_least: bool = False


def _missing(what: str) -> Finding:
    return Finding(None, f"{what} missing")


class TownFigures:
    """
    What can be measured of the towns of a region.

    Parameters
    ----------
    region
        Its tables as given, without anything assumed.
    on
        The date asked for; ``None`` for the newest figures.
    national_rate
        Registered unemployment of the country, a share of the labour force; ``None`` when unknown.
    """

    def __init__(self, region: Region, on: date | None, national_rate: float | None) -> None:
        self.region = region
        self.on = on
        self.national_rate = national_rate
        self.employers = Employers(region)
        self._columns: dict[tuple[str, str], dict[str, Any]] = {}

    def measure(self, town_id: str, criterion: Criterion) -> Finding:
        """Measure what a criterion looks at."""
        return MEASURED[criterion.measure](self, town_id, criterion)

    def town(self, town_id: str, column: str) -> Any:
        """A figure of the table of towns, ``None`` where missing."""
        return self._figure("towns", column).get(town_id)

    def standing(self, town_id: str, column: str) -> Any:
        """A figure of the table ``standing``, ``None`` where missing."""
        return self._figure("standing", column).get(town_id)

    def _figure(self, table: str, column: str) -> Mapping[str, Any]:
        """One column by town, without what is missing."""
        if (table, column) not in self._columns:
            rows = self.region.towns.reset_index() if table == "towns" else self.region.table(table)
            known = None if rows is None else rows[["town_id", column]].dropna()
            self._columns[table, column] = (
                {} if known is None else dict(zip(known["town_id"], known[column], strict=True))
            )
        return self._columns[table, column]

    @cached_property
    def _counts(self) -> Any:
        return industry_counts(self.region)

    @cached_property
    def _place(self) -> Mapping[str, int]:
        return {town: at for at, town in enumerate(self.region.town_ids)}

    def jobs(self, town_id: str, year: int | None) -> float | None:
        """All jobs of a town in a year; today's from the table of towns, else the last count."""
        if year is TODAY and (given := self.town(town_id, "jobs")) is not None:
            return float(given)
        by_year = self.jobs_by_year(town_id)
        if year is TODAY:
            return by_year[max(by_year)] if by_year else None
        return by_year.get(year)

    def jobs_by_year(self, town_id: str) -> Mapping[int, float]:
        """All jobs of a town in the years its employment was counted by industry."""
        return self._by_year("persons", town_id)

    def output(self, town_id: str) -> float | None:
        """All output of a town in the last year it is known of."""
        by_year = self._by_year("output", town_id)
        return by_year[max(by_year)] if by_year else None

    def _by_year(self, name: str, town_id: str) -> dict[int, float]:
        if self._counts is None:
            return {}
        total = getattr(self._counts, name)[:, self._place[town_id]].sum(axis=1)
        years = self._counts.years
        return {year: float(sum_) for year, sum_ in zip(years, total, strict=True) if sum_ > 0}

    def industries(self, town_id: str) -> tuple[int, Any, Any] | None:
        """Year, shares and location quotients of a town's last count, ``None`` without one."""
        counts = self._counts
        by_year = self.jobs_by_year(town_id)
        begun = [y for y in by_year if self.on is None or y <= self.on.year]
        if counts is None or not begun:
            return None
        at = counts.years.index(max(begun))
        persons = counts.persons[at, self._place[town_id]]
        return max(begun), shares(persons), location_quotients(persons, counts.reference[at])

    def industry_name(self, at: int) -> str:
        """An industry in words."""
        return name_of(self._counts.industries[at])


def _of_town(column: str, what: str) -> Callable[[TownFigures, str, Criterion], Finding]:
    def measured(figures: TownFigures, town_id: str, _: Criterion) -> Finding:
        value = figures.town(town_id, column)
        return _missing(what) if value is None else Finding(float(value))

    return measured


def _of_standing(column: str, what: str, kind: type) -> Callable[..., Finding]:
    def measured(figures: TownFigures, town_id: str, _: Criterion) -> Finding:
        value = figures.standing(town_id, column)
        return _missing(what) if value is None else Finding(kind(value))

    return measured


def _counted(
    figures: TownFigures, town_id: str, criterion: Criterion
) -> tuple[Counted | None, Finding]:
    """Employers that count; what is missing where none are known."""
    counted = figures.employers.counted_as(town_id, criterion)
    if counted is None:
        return None, _missing("enterprises of the town")
    return counted, _coarse(counted)


def _coarse(counted: Counted) -> Finding:
    if counted.unsure:
        one = counted.unsure[0]
        return Finding(None, f"industry of {one.name} is {one.isic}: too coarse to decide")
    return Finding(None, "no enterprise of the industries that count")


def _share_of_jobs(figures: TownFigures, town_id: str, criterion: Criterion) -> Finding:
    """The largest share in any year that counts."""
    counted, missing = _counted(figures, town_id, criterion)
    if counted is None:
        return missing
    found: list[tuple[float, str]] = []
    for employer in counted.employers:
        for year in sorted(employer.years, key=lambda one: (one is not TODAY, one or 0)):
            if not _is_within(year, figures, criterion):
                continue
            jobs, total = employer.jobs(year), figures.jobs(town_id, year)
            if jobs is not None and total is not None and total > 0:
                when = "" if year is TODAY else f", {year}"
                found.append((jobs / total, f"{employer.name}{when}"))
    return _largest(found, counted, "jobs of the town")


def _is_within(year: int | None, figures: TownFigures, criterion: Criterion) -> bool:
    """Whether a year lies in the span that counts; figures without a year always do."""
    if year is TODAY:
        return True
    if criterion.within_years == 0:
        return False
    last = figures.on.year if figures.on is not None else _last_year(figures)
    return last - criterion.within_years <= year <= last


def _last_year(figures: TownFigures) -> int:
    """Newest year of any headcount."""
    plants = (plant for plants in figures.employers.of_town.values() for plant in plants)
    years = [year for plant in plants for year in plant.jobs if year is not None]
    return max(years, default=0)


def _largest(found: list[tuple[float, str]], counted: Counted, what: str) -> Finding:
    """The largest share, at least; nobody of the industries that count is a share of 0."""
    if not counted.employers:
        told = _coarse(counted).told
        return Finding(None, told) if counted.unsure else Finding(0.0, told)
    if not found:
        return _missing(what)
    value, told = max(found, key=lambda one: one[0])
    return Finding(value, told, is_least=bool(counted.unsure))


def _share_of(column: str, what: str) -> Callable[[TownFigures, str, Criterion], Finding]:
    """Jobs of the largest employer for a figure of the table of towns."""

    def measured(figures: TownFigures, town_id: str, criterion: Criterion) -> Finding:
        counted, missing = _counted(figures, town_id, criterion)
        if counted is None:
            return missing
        whole = figures.town(town_id, column)
        if not whole:
            return _missing(what)
        jobs = [(one.jobs(), one.name) for one in counted.employers]
        found = [(value / float(whole), name) for value, name in jobs if value is not None]
        return _largest(found, counted, "jobs of the enterprises")

    return measured


def _share_of_output(figures: TownFigures, town_id: str, criterion: Criterion) -> Finding:
    counted, missing = _counted(figures, town_id, criterion)
    if counted is None:
        return missing
    total = figures.output(town_id)
    if total is None:
        return _missing("output of the town")
    found = []
    for employer in counted.employers:
        parts = [plant.output for plant in employer.plants]
        known = [part for part in parts if part is not None]
        if len(known) == len(parts):
            found.append((sum(known) / total, employer.name))
    return _largest(found, counted, "output of the enterprises")


def _has_employer(figures: TownFigures, town_id: str, criterion: Criterion) -> Finding:
    counted, missing = _counted(figures, town_id, criterion)
    if counted is None:
        return missing
    largest = counted.largest
    if largest is not None:
        return Finding(True, largest.name)
    return _coarse(counted) if counted.unsure else Finding(False, _coarse(counted).told)


def _of_largest(
    what: str, value_of: Callable[[Employer], float | bool | str | None]
) -> Callable[[TownFigures, str, Criterion], Finding]:
    """Measure something of the employer with most jobs."""

    def measured(figures: TownFigures, town_id: str, criterion: Criterion) -> Finding:
        counted, missing = _counted(figures, town_id, criterion)
        if counted is None:
            return missing
        largest = counted.largest
        if largest is None or counted.unsure:
            return _coarse(counted)
        value = value_of(largest)
        return _missing(what) if value is None else Finding(value, largest.name)

    return measured


def _layoffs(employer: Employer) -> float | None:
    ended = [plant.layoffs for plant in employer.plants]
    known = [one for one in ended if one is not None]
    jobs = employer.jobs()
    if len(known) < len(ended) or not jobs:
        return None
    return sum(known) / jobs


def _stopped(employer: Employer) -> bool | None:
    """Whether every enterprise of it has stopped."""
    told = [plant.has_stopped for plant in employer.plants]
    if any(one is False for one in told):
        return False
    return None if any(one is None for one in told) else True


def _outlook(employer: Employer) -> str | None:
    """Prospects of its largest enterprise."""
    return max(employer.plants, key=lambda plant: plant.jobs[TODAY]).outlook


def _unemployment_ratio(figures: TownFigures, town_id: str, _: Criterion) -> Finding:
    if figures.national_rate is None:
        return _missing("national unemployment rate")
    registered = figures.standing(town_id, "registered_unemployed")
    force = figures.town(town_id, "labour_force")
    if registered is None:
        return _missing("unemployment")
    if not force:
        return _missing("labour force")
    return Finding(float(registered) / float(force) / figures.national_rate)


def _top(pick: int, what: str) -> Callable[[TownFigures, str, Criterion], Finding]:
    """Of the industry with most employment: its share, or its location quotient."""

    def measured(figures: TownFigures, town_id: str, _: Criterion) -> Finding:
        found = figures.industries(town_id)
        if found is None:
            return _missing("employment by industry")
        year, own, quotients = found
        top = int(np.argmax(own))
        value = float((own, quotients)[pick][top])
        if np.isnan(value):
            return _missing(what)
        return Finding(value, f"{figures.industry_name(top)}, {year}")

    return measured


MEASURED: Mapping[str, Callable[[TownFigures, str, Criterion], Finding]] = MappingProxyType(
    {
        "population": _of_town("population", "population"),
        "legal_form": _of_standing("legal_form", "legal form", str),
        "is_regional_capital": _of_standing(
            "is_regional_capital", "whether it is a regional capital", bool
        ),
        "is_agglomeration_core": _of_standing(
            "is_agglomeration_core", "whether it is the core of an agglomeration", bool
        ),
        "has_special_regime": _of_standing(
            "has_special_regime", "whether a special regime holds", bool
        ),
        "main_employer_share_of_jobs": _share_of_jobs,
        "main_employer_share_of_labour_force": _share_of("labour_force", "labour force"),
        "main_employer_share_of_residents": _share_of("population", "population"),
        "main_employer_share_of_output": _share_of_output,
        "has_employer_of_industry": _has_employer,
        "layoffs_share": _of_largest("planned lay-offs", _layoffs),
        "has_stopped": _of_largest("whether production has ended", _stopped),
        "outlook": _of_largest("outlook of the market", _outlook),
        "unemployment_ratio": _unemployment_ratio,
        "dissatisfied_share": _of_standing("dissatisfied_share", "what residents say", float),
        "top_industry_share": _top(0, "employment by industry"),
        "top_industry_quotient": _top(1, "employment of the economy it is set against"),
    }
)
"""How each measure of :data:`comarca.model.status_rules.MEASURES` is taken."""
