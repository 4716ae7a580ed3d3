"""Rules that one cell cannot show: towns on the map, parts within their whole, years in a row."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from comarca.errors import Fault
from comarca.model.flow_rules import (
    flows_told_twice,
    more_workers_than_people,
    parts_above_their_total,
    rival_breakdowns,
    uncounted_homes,
)
from comarca.model.industry_rules import registered_exceed_labour_force, totals_among_industries
from comarca.model.parameters import assumptions
from comarca.model.population_rules import (
    age_faults,
    parts_that_do_not_add_up,
    suspicious_values,
)
from comarca.model.rate_rules import (
    births_a_year,
    expectancies_without_ages,
    one_value_a_row,
    persons_of_a_town,
    sexes_apart_or_together,
    sound_ages,
    whole_lives,
)
from comarca.model.raw import CheckedTable, Findings
from comarca.model.region import values_of
from comarca.model.suspicious import SuspicionParams

_MOJIBAKE_SIGNS = ("Ã", "Â", "Ð", "Ñ")  # UTF-8 read as cp1252 leaves one of these in every word


def check_rules(
    tables: Mapping[str, CheckedTable],
    findings: Findings,
    params: SuspicionParams,
    country_box: tuple[float, float, float, float] | None,
) -> None:
    """Add what the tables' rows break to the findings."""
    for name, rules in _FAULTS.items():
        for rule in rules if name in tables else ():
            findings.faults.extend(rule(tables[name]))
    if "towns" in tables:
        findings.faults.extend(_swapped_places(tables["towns"], country_box))
        findings.warnings.extend(_same_place(tables["towns"]))
    if "standing" in tables and "towns" in tables:
        findings.faults.extend(registered_exceed_labour_force(tables["standing"], tables["towns"]))
    for table in tables.values():
        findings.warnings.extend(_wrongly_decoded(table))
    if "flows" in tables:
        findings.warnings.extend(parts_above_their_total(tables["flows"]))
    if "flows" in tables and "towns" in tables:
        findings.warnings.extend(uncounted_homes(tables["flows"], tables["towns"]))
        findings.warnings.extend(more_workers_than_people(tables["flows"], tables["towns"]))
    if "population" in tables:
        findings.warnings.extend(suspicious_values(tables["population"], params))


def _town(table: CheckedTable, row: int) -> str:
    return str(table.frame["town_id"].iloc[row])


def _at_zero_zero(towns: CheckedTable) -> Iterator[Fault]:
    lat, lon = values_of(towns.frame, "lat"), values_of(towns.frame, "lon")
    for row in np.flatnonzero((lat == 0) & (lon == 0)).tolist():
        yield towns.fault(
            row,
            f"place of {_town(towns, row)}",
            "0, 0",
            "where the town lies; 0, 0 is a point in the Gulf of Guinea",
        )


def _unit_vectors(lat: NDArray[np.float64], lon: NDArray[np.float64]) -> NDArray[np.float64]:
    """Points of the unit sphere, shape ``(n, 3)``: no seam at the date line."""
    phi, lam = np.radians(lat), np.radians(lon)
    return np.column_stack([np.cos(phi) * np.cos(lam), np.cos(phi) * np.sin(lam), np.sin(phi)])


def _swapped_places(
    towns: CheckedTable, country_box: tuple[float, float, float, float] | None
) -> Iterator[Fault]:
    """Towns that would lie where they belong if lat and lon were exchanged."""
    lat, lon = values_of(towns.frame, "lat"), values_of(towns.frame, "lon")
    off_country = _off_the_country(lat, lon, country_box)
    if len(off_country) > len(lat) / 2:
        yield Fault(
            place=towns.raw.place,
            object="the pair of columns lat and lon",
            value=f"exchanged: {len(off_country):,} of {len(lat):,} towns lie off their country",
            expectation="degrees north in lat, degrees east in lon",
        )
        return
    for row in sorted(set(off_country) | set(_off_the_others(lat, lon))):
        yield towns.fault(
            row,
            f"place of {_town(towns, row)}",
            f"{lat[row]:g}, {lon[row]:g}",
            "lat, then lon; it lies far from the other towns and lat and lon look swapped",
        )


def _off_the_country(
    lat: NDArray[np.float64],
    lon: NDArray[np.float64],
    country_box: tuple[float, float, float, float] | None,
) -> list[int]:
    """Rows off the country that would lie in it with lat and lon exchanged."""
    if country_box is None:
        return []
    margin = float(assumptions()["checks.country_margin_degrees"].value)
    south, north, west, east = np.array(country_box) + margin * np.array([-1, 1, -1, 1])
    is_off = (lat < south) | (lat > north) | (lon < west) | (lon > east)
    is_off &= (lon >= south) & (lon <= north) & (lat >= west) & (lat <= east)
    return np.flatnonzero(is_off).tolist()


def _off_the_others(lat: NDArray[np.float64], lon: NDArray[np.float64]) -> list[int]:
    """Rows far from the other towns that would lie among them."""
    usable = np.flatnonzero(np.isfinite(lat) & np.isfinite(lon) & ((lat != 0) | (lon != 0)))
    if len(usable) < 3:
        return []  # with two towns nobody can say which one is off
    ratio = float(assumptions()["checks.swapped_distance_ratio"].value)
    points = _unit_vectors(lat[usable], lon[usable])
    swapped = _unit_vectors(lon[usable], lat[usable])
    centre = np.median(points, axis=0)
    as_given = np.linalg.norm(points - centre, axis=1)
    exchanged = np.linalg.norm(swapped - centre, axis=1)
    spread = float(np.median(as_given))
    is_off = (as_given > ratio * exchanged) & (as_given > ratio * spread)
    is_off &= np.abs(lon[usable]) <= 90
    rows: list[int] = usable[is_off].tolist()
    return rows


def _same_place(towns: CheckedTable) -> Iterator[Fault]:
    places = towns.frame[["lat", "lon"]]
    is_given = places.notna().all(axis=1) & towns.frame["town_id"].notna()
    first: dict[tuple[float, float], int] = {}
    for row in np.flatnonzero(is_given & places.duplicated(keep=False)).tolist():
        place = (float(places["lat"].iloc[row]), float(places["lon"].iloc[row]))
        if place not in first:
            first[place] = row
            continue
        yield towns.fault(
            row,
            f"place of {_town(towns, row)}",
            f"{place[0]:g}, {place[1]:g}, the same as of {_town(towns, first[place])}",
            "every town in a place of its own",
        )


def _part_of(part: str, whole: str, words: str) -> Callable[[CheckedTable], Iterator[Fault]]:
    """Rule: one column of a table never exceeds another."""

    def rule(table: CheckedTable) -> Iterator[Fault]:
        parts, wholes = values_of(table.frame, part), values_of(table.frame, whole)
        for row in np.flatnonzero(parts > wholes).tolist():
            skill = f" {table.frame['skill'].iloc[row]}" if "skill" in table.frame else ""
            yield table.fault(
                row,
                f"{part} of {_town(table, row)}{skill}",
                f"{parts[row]:,.0f}",
                f"{wholes[row]:,.0f} at most, {words}",
            )

    return rule


def _workers_within_employed(margins: CheckedTable) -> Iterator[Fault]:
    """Who stays and who leaves are employed; often those who leave and who come are exchanged."""
    staying, leaving, coming, employed = (
        values_of(margins.frame, name) for name in ("staying", "leaving", "coming", "employed")
    )
    wrong = np.flatnonzero(staying + leaving > employed).tolist()
    hint = ""
    if wrong and not (staying + coming > employed).any():
        hint = "; exchanged, leaving and coming would fit in every town"
    for row in wrong:
        yield margins.fault(
            row,
            f"staying and leaving of {_town(margins, row)}",
            f"{staying[row] + leaving[row]:,.0f} together",
            f"{employed[row]:,.0f} at most, the employed they are part of{hint}",
        )


def _wrongly_decoded(table: CheckedTable) -> Iterator[Fault]:
    """Text that was UTF-8 and was saved after being read as cp1252: ``LeÃ³n``."""
    for name in table.frame.columns:
        if name not in ("name", "former_use"):
            continue
        texts: pd.Series[Any] = table.frame[name].fillna("")
        for row in np.flatnonzero([any(s in t for s in _MOJIBAKE_SIGNS) for t in texts]).tolist():
            meant = _decoded_anew(str(texts.iloc[row]))
            if meant is not None:
                yield table.fault(
                    row, name, f'"{texts.iloc[row]}"', f'perhaps "{meant}"; left as it is'
                )


def _decoded_anew(text: str) -> str | None:
    try:
        return text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return None


_Rule = Callable[[CheckedTable], Iterator[Fault]]
_FAULTS: Mapping[str, Sequence[_Rule]] = MappingProxyType(
    {
        "towns": (
            _at_zero_zero,
            _part_of("labour_force", "population", "the residents"),
            _part_of("unemployed", "labour_force", "the labour force they are part of"),
        ),
        "labour": (_part_of("commuting_out", "workers", "the workers they are part of"),),
        "employment": (totals_among_industries,),
        "enterprises": (_part_of("planned_layoffs", "jobs", "the jobs there are"),),
        "flows": (flows_told_twice, rival_breakdowns),
        "margins": (_workers_within_employed,),
        "population": (age_faults, parts_that_do_not_add_up),
        "fertility": (sound_ages, births_a_year),
        "mortality": (
            sound_ages,
            one_value_a_row,
            expectancies_without_ages,
            whole_lives,
            sexes_apart_or_together,
        ),
        "migration": (sound_ages, one_value_a_row, sexes_apart_or_together, persons_of_a_town),
    }
)
