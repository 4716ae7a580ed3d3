"""A region shows itself in one short line."""

import pandas as pd

from comarca.model.region import Region, typed_frame


def region(**tables):
    towns = typed_frame(
        "towns",
        pd.DataFrame(
            {
                "town_id": [f"{number:04}" for number in range(1_250)],
                "name": "Ash",
                "lat": 0.0,
                "lon": 0.0,
                "population": 10,
            }
        ),
    )
    return Region(name="Ashland", towns=towns, tables=tables)


def test_a_region_shows_its_name_size_and_tables():
    assert repr(region()) == "<Region 'Ashland': 1,250 towns; tables towns>"


def test_further_tables_are_named_and_not_printed():
    flows = typed_frame("flows", pd.DataFrame({"origin": [], "destination": [], "persons": []}))

    assert repr(region(flows=flows)) == "<Region 'Ashland': 1,250 towns; tables towns, flows>"
