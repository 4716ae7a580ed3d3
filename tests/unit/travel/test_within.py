"""Trips within a town, from its area, and where commuting finds them."""

import numpy as np
import pytest

from comarca.commuting.interaction import InteractionParams, estimate_flows
from comarca.errors import ParameterError
from comarca.travel import TravelParams, near_pairs, own_town_times, with_own_town_times
from interaction_world import scattered


def test_the_mean_way_in_a_disc_is_that_of_places_at_random():
    random = np.random.default_rng(1)
    one, other = (
        np.sqrt(random.random(200_000)) * np.exp(2j * np.pi * random.random(200_000))
        for _ in range(2)
    )
    params = TravelParams(
        car_circuity=1.2, car_speed_short_km_per_h=30, car_access_min=2, band_short_km=10
    )
    minutes = own_town_times([np.pi * 2.0**2], "car", params)  # a disc of radius 2 km
    mean_km = 2.0 * np.abs(one - other).mean()
    assert minutes[0] == pytest.approx(2 + 1.2 * mean_km / 30 * 60, rel=2e-3)


def test_four_times_the_area_is_twice_the_way():
    params = TravelParams(car_access_min=0, band_short_km=100, band_middle_km=200)
    small, large = own_town_times([3, 12], "car", params)
    assert large == pytest.approx(2 * small)


def test_commuting_takes_them_from_the_diagonal():
    _, _, travel = scattered(5, 1)
    minutes = np.array([3, 4, 5, 6, 7.5])
    params = InteractionParams(beta_per_min=0.1, daily_limit_min=90)
    for ways in (travel, near_pairs(travel, 90)):
        own = with_own_town_times(ways, minutes)
        assert own.time_min.diagonal() == pytest.approx(minutes)
        alone = np.array([0, 0, 0, 0, 50.0])
        assert estimate_flows(alone, alone, own, params).mean_time_min == 7.5
        one, other = own.positions(["town01", "town03"])
        assert own.time_min[one, other] == travel.time_min[one, other]


@pytest.mark.parametrize("wrong", [[1, 2], [1, 2, 3, 4, 0], [1, 2, 3, 4, np.nan]])
def test_wrong_times_and_areas_are_refused(wrong: list[float]):
    _, _, travel = scattered(5, 1)
    with pytest.raises(ParameterError):
        with_own_town_times(travel, wrong)
    if len(wrong) == 5:
        with pytest.raises(ParameterError):
            own_town_times(wrong, "car")
