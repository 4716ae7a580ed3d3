"""A list of towns is read from one file; only the code has to be there."""

import pandas as pd
import pytest

from comarca.errors import ParameterError, TableError
from comarca.io import read_towns


def written(folder, content, name="towns.csv"):
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return path


def faults(path, *args):
    with pytest.raises(TableError) as refused:
        read_towns(path, *args)
    return [str(fault) for fault in refused.value.faults]


def test_codes_alone_are_a_list_of_towns(tmp_path):
    table = read_towns(written(tmp_path, "id\n001\n1\n"))

    assert table.town_ids == ("001", "1")
    assert "001" in table
    assert "2" not in table
    assert table.names == {}
    assert table.towns["lat"].isna().all()


def test_names_places_and_people_are_read_where_given(tmp_path):
    content = "code;name;latitude;longitude;pop\n001;Ash;41,5;8,25;100\n002;;41,25;8,5;\n"

    table = read_towns(written(tmp_path, content))

    assert table.names == {"001": "Ash"}
    assert table.towns["lat"].tolist() == [41.5, 41.25]
    assert table.towns["population"].isna().tolist() == [False, True]


def test_columns_may_be_named_and_the_last_left_out(tmp_path):
    path = written(tmp_path, "PRO_COM,COMUNE,id\n090001,Aggius,5\n")

    assert read_towns(path, ("PRO_COM", "COMUNE")).names == {"090001": "Aggius"}
    assert read_towns(path).town_ids == ("5",)
    with pytest.raises(ParameterError, match="town_id, name, lat, lon, population"):
        read_towns(path, ())


def test_a_column_of_the_data_dictionary_wins_over_one_alike(tmp_path):
    path = written(tmp_path, "id,label,name,latitude,longitude,lng\n1,x,Ash,41,8,8\n")

    assert faults(path)[0].startswith("towns.csv line 1: the header is")
    content = path.read_text(encoding="utf-8").replace(",longitude,lng", ",lon,lng")
    assert read_towns(written(tmp_path, content)).names == {"1": "Ash"}


def test_everything_wrong_is_told_together(tmp_path):
    content = "id,lat,lon\n001,41.5,8.5\n,41.5,8.6\n001,41.6,8.6\n002,95,8.6\n003,0,0\n"

    assert faults(written(tmp_path, content)) == [
        "towns.csv line 3: id is missing; expected a code",
        "towns.csv line 4: 001 is in the table already, at line 2; expected every town once",
        "towns.csv line 5: lat of 002 is 95; expected a number (degrees north (WGS 84)) from -90 "
        "to 90",
        "towns.csv line 6: place of 003 is 0, 0; expected where the town lies; 0, 0 is a point in "
        "the Gulf of Guinea",
    ]


def test_half_a_place_is_refused(tmp_path):
    assert faults(written(tmp_path, "id,lat\n001,41.5\n")) == [
        "towns.csv: column lon is missing; expected both of lat and lon, or neither"
    ]


def test_a_header_alone_is_refused(tmp_path):
    assert faults(written(tmp_path, "id,name\n")) == [
        "towns.csv: the table is a header alone; expected at least one town"
    ]


def test_two_towns_in_one_place_are_told(tmp_path):
    table = read_towns(written(tmp_path, "id,lat,lon\n001,41.5,8.5\n002,41.5,8.5\n"))

    assert [warning.place for warning in table.warnings] == ["towns.csv line 3"]


def test_the_names_of_a_census(shared_dir):
    folder = shared_dir / "reference/labour_market_areas/flows"

    assert read_towns(folder / "sardinia_names.csv").names["90003"] == "Alghero"
    assert len(read_towns(folder / "belgium2011_names.csv").town_ids) == 589


def test_towns_have_every_column_of_the_data_dictionary(tmp_path):
    towns = read_towns(written(tmp_path, "id\n001\n")).towns

    assert towns.index.name == "town_id"
    assert {"name", "lat", "lon", "population", "jobs"} <= set(towns.columns)
    assert isinstance(towns["name"].dtype, pd.StringDtype)
