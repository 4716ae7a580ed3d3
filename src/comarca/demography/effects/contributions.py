"""
The six ways in which a university contributes to its town, and what the data know of each.

The source paper (section 2) takes the list from Zepeda García (2019) after Hoff and others (2017).
It is a checklist: an indicator is told where the region's tables hold it or it follows from them,
and is told as *not in the data* where they do not. Nothing here is an effect.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from comarca.model.parameters import assumptions
from comarca.model.region import Region, values_of

Known = Literal["known", "assumed", "not in the data"]

WAYS: tuple[str, ...] = (
    "Job generation and rental of premises",
    "Changes in the local infrastructure",
    "Changes in the total demand",
    "Revitalization and enrichment of the cultural environment",
    "Empowerment of the business environment",
    "Stimulation of both local and regional economy",
)
"""The six ways, in the words of the source paper."""
_DAYS = 365.0
_L_PER_M3 = 1_000.0
_KG_PER_T = 1_000.0


@dataclass(frozen=True, kw_only=True)
class Contribution:
    """
    One indicator of one way.

    Parameters
    ----------
    way
        1 to 6, a position in :data:`WAYS` counted from one.
    indicator
        What is looked for.
    value, unit
        What the data tell; ``None`` where they do not.
    known
        ``"known"``: from the region's tables; ``"assumed"``: from them and an assumed number;
        ``"not in the data"``.
    note
        Where it comes from, or what would tell it.
    """

    way: int
    indicator: str
    value: float | None
    unit: str
    known: Known
    note: str


def contributions(region: Region, town_id: str, event_year: int) -> tuple[Contribution, ...]:
    """
    Go through the six ways for one town.

    Parameters
    ----------
    region
        Its tables are looked through.
    town_id
        The town.
    event_year
        Year of the opening.

    Returns
    -------
    tuple of Contribution
        At least one for each way, in their order.
    """
    students = _students(region, town_id)
    return (
        _jobs(region, town_id, event_year, "P", "Jobs in education (ISIC P)", 1),
        _rents(region, town_id),
        _missing(2, "Land built on", "ha", "maps or satellite pictures of two dates"),
        _load(region, students, "water_l_per_person_day", "Drinking water of the students", "m³"),
        _load(region, students, "waste_kg_per_person_day", "Solid waste of the students", "t"),
        _told(3, "Students", students, "persons", "institutions, students enrolled"),
        _share(region, town_id, students),
        _missing(4, "Cultural events and places", "1 a year", "the town's own records"),
        _enterprises(region, town_id),
        _jobs(region, town_id, event_year, None, "Jobs in all industries", 6),
    )


def contribution_table(found: tuple[Contribution, ...]) -> pd.DataFrame:
    """One row an indicator: ``way, way_name, indicator, value, unit, known, note``."""
    return pd.DataFrame(
        [
            {
                "way": one.way,
                "way_name": WAYS[one.way - 1],
                "indicator": one.indicator,
                "value": one.value,
                "unit": one.unit,
                "known": one.known,
                "note": one.note,
            }
            for one in found
        ]
    )


def _missing(way: int, indicator: str, unit: str, asks: str) -> Contribution:
    return Contribution(
        way=way,
        indicator=indicator,
        value=None,
        unit=unit,
        known="not in the data",
        note=f"would be told by {asks}",
    )


def _told(way: int, indicator: str, value: float | None, unit: str, source: str) -> Contribution:
    if value is None:
        return _missing(way, indicator, unit, f"table {source}")
    return Contribution(
        way=way, indicator=indicator, value=value, unit=unit, known="known", note=f"from {source}"
    )


def _students(region: Region, town_id: str) -> float | None:
    """Students of the town's institutions, where each of them tells its own."""
    table = region.table("institutions")
    if table is None:
        return None
    own = values_of(table[table["town_id"] == town_id], "students")
    return float(own.sum()) if len(own) and not np.isnan(own).any() else None


def _share(region: Region, town_id: str, students: float | None) -> Contribution:
    people = float(values_of(region.towns.loc[[town_id]], "population")[0])
    share = None if students is None or not people > 0 else 100 * students / people
    source = "institutions (students enrolled) and towns (population)"
    return _told(3, "Students for a hundred residents", share, "%", source)


def _rents(region: Region, town_id: str) -> Contribution:
    table = region.table("facilities")
    own = pd.DataFrame() if table is None else table[table["town_id"] == town_id]
    rents = values_of(own, "annual_rent") if len(own) else np.array([])
    if len(rents) and not np.isnan(rents).any():
        floor = values_of(own, "floor_m2")
        return _told(
            1,
            "Rent of premises",
            float(rents.sum() / floor.sum()),
            f"{region.currency}/m²/year",
            "facilities, of today alone",
        )
    return _missing(1, "Rents of dwellings and premises", region.currency, "a survey of rents")


def _load(
    region: Region, students: float | None, assumption: str, indicator: str, unit: str
) -> Contribution:
    """What the students add a year at an assumed need of each a day."""
    if students is None:
        return _missing(2, indicator, f"{unit}/year", "students enrolled (table institutions)")
    each = assumptions(region.country)[f"demography.effects.{assumption}"]
    per_unit = _L_PER_M3 if unit == "m³" else _KG_PER_T
    return Contribution(
        way=2,
        indicator=indicator,
        value=students * float(each.value) * _DAYS / per_unit,
        unit=f"{unit}/year",
        known="assumed",
        note=f"students enrolled at {each.value:g} {each.unit}, all of them living in the town",
    )


def _enterprises(region: Region, town_id: str) -> Contribution:
    table = region.table("enterprises")
    n = None if table is None else float((table["town_id"] == town_id).sum())
    return _told(5, "Enterprises listed", n, "1", "enterprises, of today alone")


def _jobs(
    region: Region, town_id: str, event_year: int, section: str | None, indicator: str, way: int
) -> Contribution:
    """Change of the jobs from the last count before the opening to the last of all."""
    source = "employment, counted before and after the opening"
    table = region.table("employment")
    if table is None:
        return _told(way, indicator, None, "jobs", source)
    own = table[table["town_id"] == town_id]
    if section is not None:
        own = own[own["isic"].astype(str) == section]
    elif len({len(str(code)) for code in own["isic"]}) > 1:
        return _missing(way, indicator, "jobs", "employment at one level of industries")
    by_year = own.groupby("year")["persons"].sum()
    before = [year for year in by_year.index if year < event_year]
    after = [year for year in by_year.index if year >= event_year]
    if not before or not after:
        return _told(way, f"{indicator}, change", None, "jobs", source)
    change = float(by_year[max(after)] - by_year[max(before)])
    told = f"{indicator}, change from {max(before)} to {max(after)}"
    return _told(way, told, change, "jobs", source)
