"""Times and distances by great circle: what a planner would expect of any two towns."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comarca.errors import ParameterError
from comarca.travel import SpeedBands, TravelParams, great_circle_km, travel_by_circle
from comarca.units import EARTH_RADIUS_KM

QUARTER_KM = EARTH_RADIUS_KM * np.pi / 2


def towns(*places):
    ids = [f"t{n}" for n in range(len(places))]
    return pd.DataFrame(
        {"lat": [p[0] for p in places], "lon": [p[1] for p in places]},
        index=pd.Index(ids, name="town_id"),
        dtype=float,
    )


# Inland places, so that no leg crosses the sea.
inland = st.lists(st.tuples(st.floats(52, 56), st.floats(70, 80)), min_size=1, max_size=8).map(
    lambda places: towns(*places)
)


@pytest.mark.parametrize(
    ("one", "other", "expected_km"),
    [
        ((0, 0), (0, 90), QUARTER_KM),
        ((0, 179.5), (0, -179.5), QUARTER_KM / 90),
        ((60, 179), (60, -179), None),
        ((90, 0), (90, 137), 0.0),
        ((90, 12), (0, 55), QUARTER_KM),
        ((-90, 0), (90, 0), 2 * QUARTER_KM),
        ((12, 34), (-12, -146), 2 * QUARTER_KM),
        ((17.06, -96.72), (17.06, -96.72), 0.0),
    ],
)
def test_great_circles_predicted_on_paper(one, other, expected_km):
    if expected_km is None:  # two degrees of longitude at 60 degrees north, by the law of cosines
        cosine = np.sin(np.pi / 3) ** 2 + np.cos(np.pi / 3) ** 2 * np.cos(np.radians(2))
        expected_km = EARTH_RADIUS_KM * np.arccos(cosine)
    lat, lon = np.array([one, other], dtype=float).T

    assert great_circle_km(lat, lon)[0, 1] == pytest.approx(expected_km, abs=1e-6)


def test_the_first_kilometres_are_the_slowest():
    """Forty kilometres: 5 at 30, 25 at 50, 10 at 60 km/h make 10 + 30 + 10 minutes."""
    bands = SpeedBands(ends_km=(5.0, 30.0), speeds_km_per_h=(30.0, 50.0, 60.0), access_min=3.0)

    assert bands.time_min(np.array([0.0, 5.0, 30.0, 40.0, np.inf])) == pytest.approx(
        [3.0, 13.0, 43.0, 53.0, np.inf]
    )


def test_the_way_is_longer_than_the_straight_line_by_the_circuity():
    places = towns((55, 70), (55.5, 71))
    straight = great_circle_km(places["lat"].to_numpy(), places["lon"].to_numpy())[0, 1]

    matrix = travel_by_circle(places, "car", TravelParams(car_circuity=1.5))

    assert matrix.distance_km[0, 1] == pytest.approx(1.5 * straight, rel=1e-6)


def test_a_bus_is_slower_than_a_truck_and_a_truck_than_a_car():
    places = towns((55, 70), (55.1, 70.2))
    car, truck, bus = (travel_by_circle(places, m).time_min[0, 1] for m in ("car", "truck", "bus"))

    assert car < truck < bus


@given(inland)
def test_there_and_back_are_alike_and_nobody_travels_at_home(places):
    matrix = travel_by_circle(places, "bus")

    assert (matrix.time_min == matrix.time_min.T).all()
    assert (matrix.distance_km == matrix.distance_km.T).all()
    assert (np.diag(matrix.time_min) == 0).all()
    assert (np.diag(matrix.distance_km) == 0).all()


@given(inland)
def test_no_way_is_longer_than_the_way_through_a_third_town(places):
    distance_km = travel_by_circle(places, "car").distance_km
    through = (distance_km[:, :, None] + distance_km[None, :, :]).min(axis=1)

    assert (distance_km <= through * (1 + 1e-5) + 1e-3).all()


@given(inland, st.randoms(use_true_random=False))
def test_renaming_and_reordering_towns_renames_and_reorders_the_matrix(places, random):
    order = list(range(len(places)))
    random.shuffle(order)
    renamed = places.iloc[order].rename(index=lambda town_id: f"new {town_id}")

    before = travel_by_circle(places, "car")
    after = travel_by_circle(renamed, "car")

    assert after.town_ids == tuple(renamed.index)
    assert after.time_min == pytest.approx(before.time_min[np.ix_(order, order)], rel=1e-5)


@given(st.lists(st.floats(0, 20_000), min_size=2, max_size=30, unique=True))
def test_time_grows_strictly_with_distance(distances):
    distance_km = np.sort(np.array(distances))
    # Nearer than a millimetre two lengths are one.
    distance_km = distance_km[np.diff(distance_km, prepend=-1) > 1e-6]

    for mode in ("car", "bus", "truck"):
        assert (np.diff(TravelParams().speeds(mode).time_min(distance_km)) > 0).all()


def test_towns_at_one_place_are_no_distance_apart():
    matrix = travel_by_circle(towns((55, 70), (55, 70)), "bus")

    assert matrix.distance_km[0, 1] == 0
    assert matrix.time_min[0, 1] == TravelParams().bus_access_min


def test_one_town_has_a_matrix_of_one():
    matrix = travel_by_circle(towns((55, 70)), "car")

    assert matrix.time_min.tolist() == [[0.0]]


def test_no_town_is_refused():
    with pytest.raises(ParameterError, match="no town"):
        travel_by_circle(towns(), "car")


@pytest.mark.parametrize(
    ("place", "fault"),
    [((91, 0), "lat"), ((0, 181), "lon"), ((np.nan, 0), "lat"), ((0, np.inf), "lon")],
)
def test_a_coordinate_off_the_earth_is_refused_with_its_town(place, fault):
    with pytest.raises(ParameterError, match=f'{fault} of town "t1"'):
        travel_by_circle(towns((0, 0), place), "car")


@pytest.mark.parametrize(
    "given_",
    [
        {"car_circuity": 0.9},
        {"bus_speed_long_km_per_h": 0},
        {"truck_access_min": -1},
        {"band_short_km": 40.0},
        {"open_water_km": 0},
        {"speed": 50},
    ],
)
def test_parameters_out_of_range_are_refused(given_):
    with pytest.raises(ParameterError):
        TravelParams(**given_)


def test_bands_out_of_order_are_refused_with_both_ends():
    with pytest.raises(
        ParameterError, match=r"band_middle_km is 10; expected more than band_short_km \(50\)"
    ):
        TravelParams(band_short_km=50, band_middle_km=10)
