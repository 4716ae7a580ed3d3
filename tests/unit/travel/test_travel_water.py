"""No road runs over the sea; ways go round bays, and narrow straits are bridged."""

import numpy as np
import pandas as pd
import pytest

from comarca.travel import TravelParams, great_circle_km, travel_by_circle
from comarca.travel.land import land_mask
from comarca.travel.water import legs_over_water

PLACES = {
    "suva": (-18.137, 178.425),
    "nadi": (-17.803, 177.416),
    "navua": (-18.223, 178.170),
    "labasa": (-16.433, 179.365),
    "savusavu": (-16.779, 179.336),
    "somosomo": (-16.77, -179.97),  # on Taveuni, east of the date line
    "waiyevo": (-16.80, 179.98),  # on Taveuni, at the date line
    "cagliari": (39.22, 9.12),
    "capoterra": (39.17, 8.97),
    "carloforte": (39.144, 8.306),
    "sant antioco": (39.065, 8.453),
    "iglesias": (39.31, 8.54),
    "la maddalena": (41.214, 9.407),
    "palau": (41.18, 9.383),
    "messina": (38.19, 15.55),
    "villa san giovanni": (38.22, 15.64),
    "odense": (55.40, 10.39),
    "kolding": (55.49, 9.47),
    "dover": (51.13, 1.31),
    "calais": (50.95, 1.85),
    "yekaterinburg": (56.84, 60.61),
    "chelyabinsk": (55.16, 61.40),
}


def towns(*names):
    places = np.array([PLACES[name] for name in names])
    index = pd.Index(names, name="town_id")
    return pd.DataFrame({"lat": places[:, 0], "lon": places[:, 1]}, index=index)


def distance_km(one, other, **given):
    params = TravelParams(car_circuity=1.0, **given)
    return float(travel_by_circle(towns(one, other), "car", params).distance_km[0, 1])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("suva", "labasa"),  # Viti Levu and Vanua Levu
        ("nadi", "savusavu"),
        ("carloforte", "sant antioco"),
        ("la maddalena", "palau"),
        ("messina", "villa san giovanni"),
        ("dover", "calais"),
    ],
)
@pytest.mark.parametrize("mode", ["car", "bus", "truck"])
def test_nothing_on_wheels_crosses_the_sea(one, other, mode):
    matrix = travel_by_circle(towns(one, other), mode)

    assert np.isinf(matrix.time_min[0, 1])
    assert np.isinf(matrix.distance_km[1, 0])
    assert (np.diag(matrix.time_min) == 0).all()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("suva", "nadi"),
        ("labasa", "savusavu"),
        ("sant antioco", "iglesias"),  # over an isthmus
        ("odense", "kolding"),  # over a strait that carries a bridge
        ("yekaterinburg", "chelyabinsk"),
    ],
)
def test_towns_of_one_land_reach_each_other(one, other):
    straight = great_circle_km(*towns(one, other).to_numpy().T)[0, 1]

    assert straight * 0.999 <= distance_km(one, other) <= 1.3 * straight


def test_a_way_goes_round_the_bay_and_not_across():
    """The lagoons west of Cagliari are passed along their spit, or inland."""
    straight = great_circle_km(*towns("cagliari", "capoterra").to_numpy().T)[0, 1]
    way = distance_km("cagliari", "capoterra")

    assert straight < way < 3 * straight


def test_the_date_line_runs_through_an_island_and_stops_nobody():
    straight = great_circle_km(*towns("somosomo", "waiyevo").to_numpy().T)[0, 1]

    assert straight < 10
    assert distance_km("somosomo", "waiyevo") < 2 * straight + 1


def test_a_wider_strait_may_be_called_bridged():
    assert np.isfinite(distance_km("messina", "villa san giovanni", open_water_km=4.0))


def test_legs_over_water_are_told():
    places = towns("suva", "nadi", "labasa").to_numpy().T
    crosses = legs_over_water(*places, open_water_km=1.6, coast_snap_km=2.0)

    assert crosses[0, 2]
    assert crosses[1, 2]
    assert (crosses == crosses.T).all()
    assert not np.diag(crosses).any()


def test_ways_round_water_keep_the_triangle():
    places = towns("suva", "nadi", "navua", "cagliari", "capoterra", "iglesias", "palau")
    distance = travel_by_circle(places, "car").distance_km.astype(float)
    through = (distance[:, :, None] + distance[None, :, :]).min(axis=1)

    assert (distance <= through + 0.01).all()


def test_far_out_at_sea_the_map_knows_nothing_and_legs_stay_straight():
    """A hand-made world without land on the map is a world without water."""
    lat, lon = [0.2, 0.1, -0.1], [179.9, -179.9, -179.8]
    places = pd.DataFrame({"lat": lat, "lon": lon}, index=pd.Index(["a", "b", "c"]))
    matrix = travel_by_circle(places, "car", TravelParams(car_circuity=1.0))

    assert matrix.distance_km == pytest.approx(great_circle_km(np.array(lat), np.array(lon)))


def test_antipodes_are_measured_without_a_middle_between_them():
    places = pd.DataFrame({"lat": [40.0, -40.0], "lon": [-3.7, 176.3]}, index=pd.Index(["a", "b"]))

    assert travel_by_circle(places, "car").time_min.shape == (2, 2)


@pytest.mark.parametrize(
    ("name", "lat", "lon", "is_land"),
    [
        ("Oaxaca", 17.06, -96.72, True),
        ("Gulf of Tehuantepec", 15.5, -95.0, False),
        ("Sahara", 23.0, 5.0, True),
        ("Atlantic", 30.0, -40.0, False),
        ("Chukotka, at the date line", 67.0, 180.0, True),
        ("Chukotka, east of it", 67.0, -179.95, True),
        ("South Pole", -89.5, 0.0, True),
        ("North Pole", 89.9, 0.0, False),
        ("Kansas", 38.5, -98.0, True),
        ("Mongolia", 46.0, 103.0, True),
    ],
)
def test_land_and_sea_are_where_they_are(name, lat, lon, is_land):
    mask = land_mask(np.array([lat]), np.array([lon]), 0.005, lon)

    assert bool(mask[0]) is is_land
