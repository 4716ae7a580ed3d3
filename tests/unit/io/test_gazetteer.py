"""The towns of any country or division, found by any name, offline."""

from dataclasses import replace

import pytest

from comarca.errors import GazetteerError, TooFewTownsError
from comarca.io.gazetteer import _warnings, gazetteer_region, gazetteer_towns
from comarca.io.gazetteer_names import fold

pytestmark = pytest.mark.usefixtures("gazetteer_cache")


@pytest.mark.parametrize(
    ("country", "division", "iso_code", "n_least"),
    [
        ("MX", "Oaxaca", "MX-OAX", 1_200),
        ("RU", "Sverdlovsk", "RU-SVE", 150),
        ("IT", "Sardegna", "IT-88", 400),
        ("JP", "Shimane", "JP-32", 15),
        ("FJ", None, None, 10),
    ],
)
def test_regions_of_the_examples_are_found(country, division, iso_code, n_least):
    found = gazetteer_towns(country, division)

    assert found.iso_code == iso_code
    assert len(found.towns) >= n_least
    assert found.towns["population"].min() > 0
    assert found.towns["town_id"].is_unique
    assert {type(town_id) for town_id in found.towns["town_id"]} == {str}


@pytest.mark.parametrize(
    ("country", "division"),
    [
        ("MX", "Oaxaca"),
        ("mex", "oaxaca"),
        ("México", "OAXACA"),
        ("Мексика", "MX-OAX"),
        ("Mexiko", "oax"),
        ("United Mexican States", "MX.20"),
        ("Mexico", "20"),
    ],
)
def test_names_in_any_language_and_codes_lead_to_one_division(country, division):
    assert gazetteer_towns(country, division).iso_code == "MX-OAX"


@pytest.mark.parametrize(
    ("country", "division", "iso_code"),
    [
        ("Италия", "Sardinia", "IT-88"),
        ("Italia", "Sardaigne", "IT-88"),
        ("Россия", "Свердловская область", "RU-SVE"),
        ("Russia", "sverdlovskaya oblast", "RU-SVE"),
        ("日本", "島根県", "JP-32"),
        ("Deutschland", "Bavaria", "DE-BY"),
        ("France", "ile de france", "FR-IDF"),
        ("CH", "Zurich", "CH-ZH"),
    ],
)
def test_divisions_are_found_in_their_own_and_other_languages(country, division, iso_code):
    assert gazetteer_towns(country, division).iso_code == iso_code


def test_a_second_level_division_is_found_when_no_first_level_one_bears_the_name():
    found = gazetteer_towns("FJ", "Macuata")

    assert found.iso_code == "FJ-07"


def test_an_unknown_division_gets_near_ones_with_their_codes():
    with pytest.raises(GazetteerError, match="no division called") as caught:
        gazetteer_towns("MX", "Oajaca")

    assert any("Oaxaca" in line and "MX-OAX" in line for line in caught.value.candidates)


def test_an_unknown_country_gets_near_ones():
    with pytest.raises(GazetteerError, match="No country") as caught:
        gazetteer_towns("Mexco")

    assert "Mexico (MX)" in caught.value.candidates


def test_a_name_of_two_divisions_is_refused_with_both_codes():
    with pytest.raises(GazetteerError, match="several divisions") as caught:
        gazetteer_towns("RU", "Moscow")

    assert any("RU-MOW" in line for line in caught.value.candidates)
    assert any("RU-MOS" in line for line in caught.value.candidates)


def test_an_empty_name_is_refused():
    with pytest.raises(GazetteerError):
        gazetteer_towns("")
    with pytest.raises(GazetteerError):
        gazetteer_towns("MX", " ")


def test_a_country_of_one_town_is_refused_politely():
    with pytest.raises(TooFewTownsError, match="Vatican City"):
        gazetteer_region("VA")


def test_places_without_a_population_are_counted_and_left_out():
    found = gazetteer_towns("MX", "Oaxaca")
    region = gazetteer_region("MX", "Oaxaca")

    assert found.n_without_population > 0
    assert "without a population" in found.summary()
    assert str(region.warnings[0]) == (
        f"gazetteer: {found.n_without_population} places of Oaxaca, Mexico have no population "
        "and are left out"
    )


def test_a_region_carries_country_codes_as_text_and_sources():
    region = gazetteer_region("MX", "Oaxaca")

    assert region.country == "MX"
    assert region.name == "Oaxaca, Mexico"
    assert region.n_towns == len(set(region.town_ids))
    assert region.towns.loc["3522507", "name"] == "Oaxaca"
    assert region.towns.loc["3522507", "admin_code"] == "MX.20.067"
    assert any("GeoNames" in line and "CC BY 4.0" in line for line in region.sources)


def test_a_lookup_is_the_same_twice():
    first, second = gazetteer_towns("FJ"), gazetteer_towns("FJ")

    assert first.towns.equals(second.towns)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Île-de-France", "ile de  france"),
        ("Sverdlovskaya oblast'", "SVERDLOVSKAYA OBLAST"),
        ("Łódź", "lodz"),
        ("São Tomé", "Sao Tome"),
        ("İstanbul", "istanbul"),
        ("Straße", "strasse"),
    ],
)
def test_spellings_of_one_name_fold_alike(one, other):
    assert fold(one) == fold(other)


def test_folding_keeps_what_tells_names_apart():
    assert fold("Ōita") != fold("Ōsaka")
    assert fold("ばん") != fold("はん") or fold("島根") != fold("島")


def test_sections_are_warnings_of_the_region_one_line_a_city():
    region = gazetteer_region("DE", "Berlin")

    line = next(str(fault) for fault in region.warnings if "of Berlin" in str(fault))
    assert line.endswith(" are parts of Berlin and are left out")
    assert "Neukölln" in line
    assert "Kreuzberg" in line


def test_a_single_place_left_out_is_told_in_the_singular():
    found = gazetteer_towns("FJ")
    one = replace(found, n_without_population=1, sections=(("Lami", "Suva"),))

    assert [str(warning) for warning in _warnings(one)] == [
        "gazetteer: 1 place of Fiji has no population and is left out",
        "gazetteer: Lami is part of Suva and is left out",
    ]


def test_a_name_like_no_other_gets_the_divisions_there_are(gazetteer_cache):
    with pytest.raises(GazetteerError, match="its first-level divisions") as refusal:
        gazetteer_towns("JP", "Xxx")

    assert len(refusal.value.candidates) == 47
    with pytest.raises(GazetteerError, match="expected a name or an ISO 3166-1 code"):
        gazetteer_towns("")
