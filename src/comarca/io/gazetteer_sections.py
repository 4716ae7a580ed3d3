"""
Which places of a gazetteer are sections of a city that is listed beside them.

GeoNames lists wards, boroughs and suburbs as places of their own, each with its population, beside
the city whose population holds them already. They are left out, and told by name. A place is a
section of a larger one that lies near it in the same country when

1. GeoNames calls it one (feature code PPLX), or
2. it was entered into GeoNames after the dump whose feature codes are known, lies in the same
   second-level division as the city, and has at most ``section_max_share`` of its people, or
3. its second-level division bears a word for a city ward (*Setagaya-ku*), or
4. the first-level division bears the city's own name, and the city has at least as many people as
   all other places of the division together: the figure then is the division's, or
5. the city, alone of the two, lies in no second-level division, since it spans several
   (*New York City* and its boroughs, each a county), both lie in one first-level division, and the
   city has no wards by rule 3.

*Near* is within the disc the city's people would fill at ``city_density_per_km2``. For places
GeoNames calls sections it is the wider disc of ``suburb_density_per_km2``, at least
``section_min_radius_km``, unless a place gave its own second-level division its name: then it is a
municipality, and the smaller disc holds. For rule 5 it is the disc of ``centre_density_per_km2``.
Everything else stays: a neighbouring municipality is a town of its own however close it lies.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from comarca.model.parameters import Params, assumed
from comarca.units import EARTH_RADIUS_KM

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

_NOBODY = -1


class SectionParams(Params):
    """
    When a place counts as a section of a larger one.

    Parameters
    ----------
    centre_density_per_km2
        People to the square kilometre of a great city's centre, above 0.
    city_density_per_km2
        People to the square kilometre of a city's built-up core, above 0.
    suburb_density_per_km2
        The same with its suburbs, above 0.
    section_min_radius_km
        Reach of even a small town over places GeoNames calls sections, km, 0 or more.
    section_max_share
        Most people a recently entered section may have, as a share of the city's, in (0, 1].
    ward_words
        First or last words of second-level divisions that are wards of a city, in lower case.
    """

    centre_density_per_km2: float = assumed("gazetteer.centre_density_per_km2", gt=0)
    city_density_per_km2: float = assumed("gazetteer.city_density_per_km2", gt=0)
    suburb_density_per_km2: float = assumed("gazetteer.suburb_density_per_km2", gt=0)
    section_min_radius_km: float = assumed("gazetteer.section_min_radius_km", ge=0)
    section_max_share: float = assumed("gazetteer.section_max_share", gt=0, le=1)
    ward_words: tuple[str, ...] = assumed("gazetteer.ward_words")


@dataclass(frozen=True, eq=False, kw_only=True)
class Places:
    """
    Places with a population, arrays of one length ``n``.

    Parameters
    ----------
    geonames_id
        GeoNames' number of each.
    name
        Folded names, as :func:`comarca.io.gazetteer_names.fold` gives them.
    lat, lon
        Degrees.
    population
        Persons, 1 or more.
    first_division, second_division
        Ids of the first-level division and of the largest one below it; 0 = none.
    first_names, second_names
        Folded names of those divisions, for each place; empty where there is none.
    """

    geonames_id: IntArray
    name: Sequence[str]
    lat: FloatArray
    lon: FloatArray
    population: IntArray
    first_division: IntArray
    second_division: IntArray
    first_names: Sequence[frozenset[str]]
    second_names: Sequence[frozenset[str]]


def city_of_each_section(places: Places, params: SectionParams) -> IntArray:
    """
    Find the city each section belongs to.

    Parameters
    ----------
    places
        The places of one region.
    params
        What counts as near.

    Returns
    -------
    numpy.ndarray
        Position of the city each place is a section of, shape ``(n,)``; -1 for a town of its own.
        A section is never the city of another.
    """
    n_places = len(places.population)
    if n_places < 2:
        return np.full(n_places, _NOBODY)
    part, city, distance_km = _larger_neighbours(places, params)
    is_called, is_unknown = _feature_codes(places.geonames_id)
    centre_km = _radius_km(places.population[city], params.centre_density_per_km2)
    core_km = _radius_km(places.population[city], params.city_density_per_km2)
    suburb_km = np.maximum(
        _radius_km(places.population[city], params.suburb_density_per_km2),
        params.section_min_radius_km,
    )
    is_municipality = np.array(
        [name in own for name, own in zip(places.name, places.second_names, strict=True)]
    )
    in_core = distance_km <= core_km
    in_suburb = (distance_km <= suburb_km) & (in_core | ~is_municipality[part])
    is_ward = _is_ward(places, params)[part] & in_core
    has_wards = np.isin(city, city[is_ward])
    belongs = (
        (is_called[part] & in_suburb)
        | (is_unknown[part] & in_core & _same_second_division(places, part, city, params))
        | is_ward
        | (_is_city_state(places)[city] & in_core & _same_first_division(places, part, city))
        | (_spans_divisions(places, part, city) & (distance_km <= centre_km) & ~has_wards)
    )
    return _nearest_city(part[belongs], city[belongs], (distance_km / suburb_km)[belongs], n_places)


def _larger_neighbours(
    places: Places, params: SectionParams
) -> tuple[IntArray, IntArray, FloatArray]:
    """Pairs of a place and a larger one whose widest disc may hold it, with their distance, km."""
    lat, lon = np.radians(places.lat), np.radians(places.lon)
    points_km = EARTH_RADIUS_KM * np.column_stack(
        (np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat))
    )
    widest_km = np.maximum(
        _radius_km(places.population, params.suburb_density_per_km2), params.section_min_radius_km
    )
    part, city = _pairs_at_like_height(points_km[:, 2], widest_km)
    is_larger = places.population[city] > places.population[part]
    part, city = part[is_larger], city[is_larger]
    for axis_km in points_km.T:  # a cheap sieve before the distances
        is_near = np.abs(axis_km[part] - axis_km[city]) <= widest_km[city]
        part, city = part[is_near], city[is_near]
    distance_km = np.linalg.norm(points_km[part] - points_km[city], axis=1)
    is_near = distance_km <= widest_km[city]
    return part[is_near], city[is_near], distance_km[is_near]


def _pairs_at_like_height(height_km: FloatArray, reach_km: FloatArray) -> tuple[IntArray, IntArray]:
    """Pairs of places of which the first is no further than the second's reach by height alone."""
    # A tree of scipy would find them as fast, but to import it takes longer than all the rest.
    order = np.argsort(height_km)
    lowest = np.searchsorted(height_km[order], height_km - reach_km, "left")
    n_parts = np.searchsorted(height_km[order], height_km + reach_km, "right") - lowest
    city = np.repeat(np.arange(len(height_km)), n_parts)
    part = order[np.arange(len(city)) + np.repeat(lowest - np.cumsum(n_parts) + n_parts, n_parts)]
    return part, city


def _radius_km(population: IntArray, density_per_km2: float) -> FloatArray:
    """Radius of the disc that so many people fill at a density."""
    radius_km: FloatArray = np.sqrt(population / (np.pi * density_per_km2))
    return radius_km


def _same_second_division(
    places: Places, part: IntArray, city: IntArray, params: SectionParams
) -> BoolArray:
    is_same = places.second_division[part] == places.second_division[city]
    is_small = places.population[part] <= params.section_max_share * places.population[city]
    is_part: BoolArray = is_same & (places.second_division[part] != 0) & is_small
    return is_part


def _same_first_division(places: Places, part: IntArray, city: IntArray) -> BoolArray:
    is_same: BoolArray = places.first_division[part] == places.first_division[city]
    return is_same


def _is_ward(places: Places, params: SectionParams) -> BoolArray:
    words = set(params.ward_words)
    ward_names = {
        name
        for names in set(places.second_names)
        for name in names
        if words & {*name.split()[:1], *name.split()[-1:]}
    }
    return np.array([not ward_names.isdisjoint(names) for names in places.second_names])


def _is_city_state(places: Places) -> BoolArray:
    """Whether a first-level division bears the place's name and holds fewer people beside it."""
    total = np.zeros(places.first_division.max() + 1)
    np.add.at(total, places.first_division, places.population)
    outnumbers = 2 * places.population >= total[places.first_division]
    named = np.array(
        [name in names for name, names in zip(places.name, places.first_names, strict=True)]
    )
    is_state: BoolArray = named & outnumbers
    return is_state


def _spans_divisions(places: Places, part: IntArray, city: IntArray) -> BoolArray:
    """Whether only the larger of the two lies in no second-level division."""
    only_city: BoolArray = (places.second_division[city] == 0) & (places.second_division[part] != 0)
    has_first: BoolArray = places.first_division[city] != 0
    spans: BoolArray = only_city & has_first & _same_first_division(places, part, city)
    return spans


def _nearest_city(part: IntArray, city: IntArray, nearness: FloatArray, n_places: int) -> IntArray:
    """Of several cities take the one whose reach holds the place best; follow a section's city."""
    city_of = np.full(n_places, _NOBODY)
    order = np.argsort(-nearness, kind="stable")
    city_of[part[order]] = city[order]  # the last written, the nearest, stays
    # Each step leads to a larger place, so that the chain ends.
    while (is_section := (city_of >= 0) & (city_of[city_of] >= 0)).any():
        city_of[is_section] = city_of[city_of[is_section]]
    return city_of


def _feature_codes(geonames_id: IntArray) -> tuple[BoolArray, BoolArray]:
    """Whether GeoNames calls each a section, and whether the dump did not know it yet."""
    known, is_section = _known_places()
    at = np.minimum(np.searchsorted(known, geonames_id), len(known) - 1)
    is_known = known[at] == geonames_id
    is_called: BoolArray = is_known & is_section[at]
    return is_called, ~is_known


@cache
def _known_places() -> tuple[IntArray, BoolArray]:
    """Ids of the dated GeoNames dump, sorted, and which of them are sections."""
    with (files("comarca.defaults") / "geonames_sections.npz").open("rb") as file:
        packed = np.load(file)
        known = np.cumsum(packed["id_steps"].astype(np.int64))
        is_section = np.unpackbits(packed["is_section"], count=len(known)).astype(bool)
    return known, is_section
