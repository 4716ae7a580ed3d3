"""A given table of ways, alone and beside the great circle."""

import numpy as np
import pandas as pd
import pytest

from comarca.errors import ParameterError, UnknownTownError
from comarca.model.region import Region, typed_frame
from comarca.travel import travel_by_circle, travel_from_table, travel_matrix

TOWNS = ("ash", "birch", "cedar")


def ways(*rows, columns=("origin", "destination", "time_min", "distance_km")):
    return pd.DataFrame(rows, columns=list(columns))


def region(table=None):
    towns = pd.DataFrame(
        {
            "town_id": TOWNS,
            "name": ["Ash", "Birch", "Cedar"],
            "lat": [55.0, 55.1, 55.2],
            "lon": [70.0, 70.1, 70.2],
            "population": [1_000, 2_000, 3_000],
        }
    )
    tables = {} if table is None else {"travel": typed_frame("travel", table)}
    return Region(name="three", towns=typed_frame("towns", towns), tables=tables)


def test_the_table_is_told_as_it_is_and_what_it_leaves_out_is_no_way():
    matrix = travel_from_table(ways(("ash", "birch", 12.0, 9.0)), TOWNS, "car")

    assert matrix.time_min[0, 1] == 12
    assert matrix.distance_km[0, 1] == 9
    assert np.isinf(matrix.time_min[1, 0])  # one direction given: the other is not known to exist
    assert np.isinf(matrix.time_min[0, 2])
    assert (np.diag(matrix.time_min) == 0).all()
    assert matrix.source == "table"


def test_a_way_within_a_town_is_kept_where_it_is_given():
    matrix = travel_from_table(ways(("ash", "ash", 4.0, 1.5)), TOWNS, "car")

    assert np.diag(matrix.time_min).tolist() == [4, 0, 0]


def test_a_row_of_a_mode_wins_over_one_for_all_modes():
    columns = ("origin", "destination", "mode", "time_min", "distance_km")
    table = ways(
        ("ash", "birch", None, 20.0, 9.0), ("ash", "birch", "car", 12.0, 9.0), columns=columns
    )

    assert travel_from_table(table, TOWNS, "car").time_min[0, 1] == 12
    assert travel_from_table(table, TOWNS, "bus").time_min[0, 1] == 20


def test_an_unknown_town_is_refused():
    with pytest.raises(UnknownTownError, match="asch"):
        travel_from_table(ways(("asch", "birch", 12.0, 9.0)), TOWNS, "car")


def test_a_missing_distance_is_refused_and_not_zero():
    with pytest.raises(ParameterError, match="ash → birch has no distance_km"):
        travel_from_table(ways(("ash", "birch", 12.0, None)), TOWNS, "car")


def test_a_pair_that_stands_twice_is_refused():
    table = ways(("ash", "birch", 12.0, 9.0), ("ash", "birch", 13.0, 9.0))

    with pytest.raises(ParameterError, match="twice"):
        travel_from_table(table, TOWNS, "car")


def test_no_town_is_refused():
    with pytest.raises(ParameterError, match="no town"):
        travel_from_table(ways(), (), "car")


def test_a_region_without_a_table_travels_by_circle():
    matrix = travel_matrix(region(), "car")

    assert matrix.source == "circle"
    assert (matrix.time_min == travel_by_circle(region().towns, "car").time_min).all()


def test_a_table_that_names_all_towns_wins_whole():
    table = ways(("ash", "birch", 12.0, 9.0), ("birch", "cedar", 10.0, 8.0))

    matrix = travel_matrix(region(table), "car")

    assert matrix.source == "table"
    assert np.isinf(matrix.time_min[0, 2])


def test_towns_a_table_does_not_name_are_reached_by_circle():
    matrix = travel_matrix(region(ways(("ash", "birch", 12.0, 9.0))), "car")
    circle = travel_by_circle(region().towns, "car")

    assert matrix.time_min[0, 1] == 12
    assert np.isinf(matrix.time_min[1, 0])
    assert matrix.time_min[0, 2] == circle.time_min[0, 2]


def test_a_table_of_cars_says_nothing_of_buses():
    columns = ("origin", "destination", "mode", "time_min", "distance_km")
    table = ways(("ash", "birch", "car", 12.0, 9.0), columns=columns)

    assert travel_matrix(region(table), "bus").source == "circle"
    assert travel_matrix(region(table), "car").source == "table"
