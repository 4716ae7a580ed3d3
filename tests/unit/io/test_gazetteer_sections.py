"""Wards of a city listed beside it are not counted twice; neighbouring towns stay towns."""

import numpy as np
import pytest

from comarca.io.gazetteer import gazetteer_towns
from comarca.io.gazetteer_sections import Places, SectionParams, city_of_each_section

KNOWN_TOWN = 3522507  # Oaxaca: GeoNames calls it no section
NEW_ENTRY = 99_999_999  # no dump knows it


@pytest.fixture(scope="module")
def section_id():
    from comarca.io.gazetteer_sections import _known_places

    known, is_section = _known_places()
    return int(known[is_section][0])


def world(
    geonames_id, population, km_east, *, second=(1, 1), first_names=(), name=("city", "part")
):
    """A city at the equator and one place east of it."""
    return Places(
        geonames_id=np.array(geonames_id),
        name=name,
        lat=np.zeros(2),
        lon=np.array([0.0, km_east / 111.195]),
        population=np.array(population),
        first_division=np.array([7, 7]),
        second_division=np.array(second),
        first_names=[frozenset(first_names)] * 2,
        second_names=[frozenset(["ours"]) if s == 1 else frozenset(["theirs"]) for s in second],
    )


def merged(places):
    return city_of_each_section(places, SectionParams()).tolist() == [-1, 0]


def test_a_place_geonames_calls_a_section_is_one(section_id):
    assert merged(world([KNOWN_TOWN, section_id], [200_000, 5_000], 4))


def test_a_called_section_far_from_any_city_stays(section_id):
    assert not merged(world([KNOWN_TOWN, section_id], [200_000, 5_000], 40))


def test_a_called_section_larger_than_all_around_stays(section_id):
    assert not merged(world([KNOWN_TOWN, section_id], [2_000, 5_000], 1))


def test_a_neighbouring_municipality_stays_however_close():
    assert not merged(world([KNOWN_TOWN, NEW_ENTRY], [200_000, 50_000], 1, second=(1, 2)))


def test_a_town_known_to_geonames_stays_in_the_municipality_of_its_neighbour():
    assert not merged(world([KNOWN_TOWN, KNOWN_TOWN], [200_000, 50_000], 1))


def test_a_new_entry_within_the_city_and_its_municipality_is_a_section():
    # 200,000 people at 3,000 to the km² fill a disc of 4.6 km.
    assert merged(world([KNOWN_TOWN, NEW_ENTRY], [200_000, 50_000], 4.5))
    assert not merged(world([KNOWN_TOWN, NEW_ENTRY], [200_000, 50_000], 4.7))


def test_a_new_entry_of_more_than_half_the_city_stays():
    assert not merged(world([KNOWN_TOWN, NEW_ENTRY], [200_000, 110_000], 1))


def test_boroughs_of_a_city_that_is_its_own_division_are_sections():
    places = world(
        [KNOWN_TOWN, KNOWN_TOWN], [200_000, 90_000], 2, second=(1, 2), first_names=["city"]
    )

    assert merged(places)


def test_a_division_named_after_its_capital_with_more_people_elsewhere_is_no_city():
    places = Places(
        geonames_id=np.full(3, KNOWN_TOWN),
        name=("oaxaca", "near", "far"),
        lat=np.zeros(3),
        lon=np.array([0.0, 0.02, 3.0]),
        population=np.array([200_000, 90_000, 120_000]),
        first_division=np.full(3, 7),
        second_division=np.array([1, 2, 3]),
        first_names=[frozenset(["oaxaca"])] * 3,
        second_names=[frozenset()] * 3,
    )

    assert city_of_each_section(places, SectionParams()).tolist() == [-1, -1, -1]


def test_a_section_of_a_section_belongs_to_the_city(section_id):
    places = Places(
        geonames_id=np.array([KNOWN_TOWN, section_id, section_id]),
        name=("city", "borough", "quarter"),
        lat=np.zeros(3),
        lon=np.array([0.0, 0.05, 0.06]),
        population=np.array([900_000, 100_000, 5_000]),
        first_division=np.full(3, 7),
        second_division=np.ones(3, dtype=int),
        first_names=[frozenset()] * 3,
        second_names=[frozenset()] * 3,
    )

    assert city_of_each_section(places, SectionParams()).tolist() == [-1, 0, 0]


def test_one_place_and_none_are_towns_of_their_own():
    none = Places(
        geonames_id=np.array([], dtype=int),
        name=(),
        lat=np.array([]),
        lon=np.array([]),
        population=np.array([], dtype=int),
        first_division=np.array([], dtype=int),
        second_division=np.array([], dtype=int),
        first_names=(),
        second_names=(),
    )

    assert len(city_of_each_section(none, SectionParams())) == 0


@pytest.mark.usefixtures("gazetteer_cache")
def test_neighbours_of_oaxaca_city_stay_towns():
    names = set(gazetteer_towns("MX", "Oaxaca").towns["name"])

    assert {"Oaxaca", "San Jacinto Amilpas", "Santa Cruz Xoxocotlán"} <= names
    assert "Santa María Coyotepec" in names  # GeoNames calls it a section; it is a municipality


@pytest.mark.usefixtures("gazetteer_cache")
@pytest.mark.parametrize(
    ("country", "division", "sections", "towns"),
    [
        ("MX", "CMX", {"Iztapalapa", "Coyoacán"}, {"Mexico City"}),
        ("US", "NY", {"Brooklyn", "Manhattan"}, {"New York City", "Yonkers"}),
        ("JP", "Tokyo", {"Setagaya", "Ginza"}, {"Tokyo", "Musashino"}),
        ("DE", "Berlin", {"Neukölln"}, {"Berlin"}),
        ("AU", "NSW", {"Surry Hills"}, {"Sydney", "Newcastle"}),
        ("FJ", None, set(), {"Suva", "Nasinu", "Lami"}),
        ("IT", "Sardegna", {"Monte Rosello"}, {"Sassari", "Quartu Sant'Elena"}),
    ],
)
def test_wards_are_told_by_name_and_not_counted_twice(country, division, sections, towns):
    found = gazetteer_towns(country, division)
    told = {section for section, _ in found.sections}

    assert sections <= told
    assert towns <= set(found.towns["name"])
    assert all(section in found.summary() for section in sections)
