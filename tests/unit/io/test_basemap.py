"""The map base: whose outlines, where, and whole."""

import numpy as np
import pytest
import shapely

from comarca.io import basemap


def test_divisions_of_a_country_bear_their_names():
    divisions = basemap.admin1("mx")

    assert {"Oaxaca", "Yucatán"} <= set(divisions["name"])
    assert len(divisions) >= 32
    assert divisions.crs == "EPSG:4326"
    assert set(divisions["country_name"]) == {"Mexico"}


def test_a_town_lies_in_its_division():
    divisions = basemap.admin1("MX")
    holds = divisions[divisions.contains(shapely.Point(-96.72, 17.06))]

    assert holds["name"].tolist() == ["Oaxaca"]


def test_an_unknown_country_has_no_divisions():
    assert basemap.admin1("XX").empty


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        ((-99, 15, -93, 19), {"Mexico"}),
        ((177, -20, -178, -15), {"Fiji"}),
        ((7, 47.3, 8.5, 48), {"Switzerland", "Germany", "France"}),
    ],
)
def test_countries_of_a_window_are_whole(window, expected):
    countries = basemap.countries(window)

    assert set(countries["country_name"]) == expected
    assert countries["country_name"].is_unique


def test_every_outline_is_sound_and_neighbours_share_their_borders():
    outlines = basemap._outlines()

    assert shapely.is_valid(outlines).all()
    assert shapely.coverage_is_valid(outlines)


def test_coasts_are_a_part_of_all_edges():
    rings = basemap.rings()

    assert len(rings.lon) == len(rings.lat) == len(rings.is_coast) == rings.ends[-1]
    assert 0.2 < rings.is_coast.mean() < 0.8
    assert np.abs(rings.lon).max() == 180
