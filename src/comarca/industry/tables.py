"""Tables of an industry profile: specialisation, quotients, concentration, shifts."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from comarca.industry import concentration, specialisation
from comarca.industry.counts import IndustryCounts
from comarca.industry.frames import typed
from comarca.industry.shift_share import ShiftShare, dynamic_shift_share, shift_share
from comarca.model.isic import section_of
from comarca.model.region import Region, values_of

_INDICES = (
    "herfindahl",
    "effective_industries",
    "hoover",
    "krugman",
    "gini",
    "theil",
)
_SPECIALISATION = {
    "town_id": "string",
    "year": "Int64",
    "persons": "Float64",
    "n_industries": "Int64",
    "top_industry": "string",
    "top_share": "Float64",
    "top_quotient_industry": "string",
    "top_quotient": "Float64",
    **dict.fromkeys(_INDICES, "Float64"),
}
_QUOTIENTS = {
    "town_id": "string",
    "year": "Int64",
    "isic": "string",
    "persons": "Float64",
    "share": "Float64",
    "location_quotient": "Float64",
}
_CONCENTRATION = {
    "isic": "string",
    "year": "Int64",
    "persons": "Float64",
    "hoover": "Float64",
    "gini": "Float64",
    "plant_herfindahl": "Float64",
    "ellison_glaeser": "Float64",
}
_SHIFTS = {
    "town_id": "string",
    "method": "string",
    "year_from": "Int64",
    "year_to": "Int64",
    "change": "Float64",
    "reference": "Float64",
    "mix": "Float64",
    "local": "Float64",
}


def specialisation_frame(counts: IndustryCounts | None) -> pd.DataFrame:
    """Indices of each town and year."""
    if counts is None:
        return typed([], _SPECIALISATION)
    frames = [_specialisation_in(counts, at) for at in range(len(counts.years))]
    frame = pd.concat(frames).sort_values(["_order", "year"], kind="stable")
    return typed(frame.drop(columns="_order"), _SPECIALISATION)


def _specialisation_in(counts: IndustryCounts, at: int) -> pd.DataFrame:
    """One year, all towns counted in it with anybody employed."""
    persons, reference = counts.persons[at], counts.reference[at]
    order = np.flatnonzero(persons.sum(axis=1) > 0)
    persons = persons[order]
    own = specialisation.shares(persons)
    against = {
        name: getattr(specialisation, name)(persons, reference)
        for name in ("hoover", "krugman", "gini", "theil")
    }
    quotients = specialisation.location_quotients(persons, reference)
    has_quotient = ~np.isnan(quotients).all(axis=1)
    highest = np.where(np.isnan(quotients), -1.0, quotients).argmax(axis=1)
    industries = np.array(counts.industries, dtype=object)
    return pd.DataFrame(
        {
            "_order": order,
            "town_id": np.array(counts.town_ids, dtype=object)[order],
            "year": counts.years[at],
            "persons": persons.sum(axis=1),
            "n_industries": (persons > 0).sum(axis=1),
            "top_industry": industries[own.argmax(axis=1)],
            "top_share": own.max(axis=1),
            "top_quotient_industry": np.where(has_quotient, industries[highest], None),
            "top_quotient": np.where(has_quotient, quotients[range(len(order)), highest], np.nan),
            "herfindahl": specialisation.herfindahl(persons),
            "effective_industries": specialisation.effective_industries(persons),
            **against,
        }
    )


def quotients_frame(counts: IndustryCounts | None) -> pd.DataFrame:
    """Industries of each town in its last year, the largest first."""
    if counts is None:
        return typed([], _QUOTIENTS)
    rows = [
        row for town, at in _last_years(counts).items() for row in _industries(counts, town, at)
    ]
    return typed(rows, _QUOTIENTS)


def _industries(counts: IndustryCounts, town: int, at: int) -> Iterator[tuple[object, ...]]:
    """Industries of a town with anybody in them."""
    persons = counts.persons[at, town]
    own = specialisation.shares(persons)
    quotients = specialisation.location_quotients(persons, counts.reference[at])
    for industry in np.argsort(-persons, kind="stable").tolist():
        if persons[industry] > 0:
            yield (
                counts.town_ids[town],
                counts.years[at],
                counts.industries[industry],
                persons[industry],
                own[industry],
                quotients[industry],
            )


def _last_years(counts: IndustryCounts) -> dict[int, int]:
    """Position of the last year in which each town was counted, by position of the town."""
    is_counted = counts.persons.sum(axis=-1) > 0
    return {
        town: int(np.flatnonzero(is_counted[:, town])[-1])
        for town in np.flatnonzero(is_counted.any(axis=0)).tolist()
    }


def concentration_frame(region: Region, counts: IndustryCounts | None) -> pd.DataFrame:
    """How far each industry crowds into few towns, in the last year all were counted."""
    if counts is None:
        return typed([], _CONCENTRATION)
    n_counted = (~np.isnan(counts.persons[..., 0])).sum(axis=1)
    at = int(np.flatnonzero(n_counted == n_counted.max())[-1])
    persons = counts.persons[at]
    total = np.nansum(persons, axis=0)
    plants = _plants(region, counts, total)
    frame = pd.DataFrame(
        {
            "isic": counts.industries,
            "year": counts.years[at],
            "persons": total,
            "hoover": concentration.hoover_concentration(persons),
            "gini": concentration.gini_concentration(persons),
            "plant_herfindahl": plants,
            "ellison_glaeser": concentration.ellison_glaeser(persons, plants),
        }
    )
    return typed(frame[frame["persons"] > 0], _CONCENTRATION)


_PLANTS_COVER = 0.95
"""Share of an industry's employment that listed enterprises must hold to count as all plants."""


def _plants(
    region: Region, counts: IndustryCounts, total: specialisation.Floats
) -> specialisation.Floats:
    """Herfindahl index of plants, only of industries whose plants all seem to be listed."""
    found = np.full(len(counts.industries), np.nan)
    table = region.table("enterprises")
    if table is None:
        return found
    by_section = bool(counts.notes)
    codes = [section_of(code) or code if by_section else code for code in table["isic"]]
    jobs = pd.Series(values_of(table, "jobs"), index=codes)
    for at, code in enumerate(counts.industries):
        own = jobs[jobs.index == code].dropna()
        if total[at] > 0 and _PLANTS_COVER <= own.sum() / total[at] <= 1 / _PLANTS_COVER:
            found[at] = concentration.plant_herfindahl(own.tolist())
    return found


def shift_share_frame(counts: IndustryCounts | None) -> pd.DataFrame:
    """Parts of the change of each town from its first count to its last."""
    if counts is None:
        return typed([], _SHIFTS)
    rows = []
    is_usable = np.isfinite(counts.persons).all(axis=-1) & (
        np.isfinite(counts.reference).all(axis=-1).reshape(-1, 1)
    )
    for town in np.flatnonzero(is_usable.sum(axis=0) > 1).tolist():
        at = np.flatnonzero(is_usable[:, town])
        own, other = counts.persons[at, town], counts.reference[at]
        for method, parts in (
            ("classical", shift_share(own[0], own[-1], other[0], other[-1])),
            ("dynamic", dynamic_shift_share(own, other)),
        ):
            span = (counts.years[at[0]], counts.years[at[-1]])
            rows.append((counts.town_ids[town], method, *span, *_parts(parts)))
    return typed(rows, _SHIFTS)


def _parts(parts: ShiftShare) -> tuple[float, ...]:
    return tuple(float(one) for one in (parts.change, parts.reference, parts.mix, parts.local))
