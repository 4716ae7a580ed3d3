"""
The rule of thumb behind the whole idea, on the figures of the reference notes.

With 8 hours a day and 70 % fill: a truck-kilometre against a person-kilometre, both ways alike.
"""

from math import inf

import pytest

from comarca.compare import break_even_h_per_t

DAY = {"hours_per_day": 8, "load_factor": 0.7}


@pytest.mark.parametrize(
    ("truck_per_km", "car_per_km", "payload_t", "hours_per_t"),
    [
        pytest.param(1.40, 0.435, 1.2, 31, id="a US car against a heavy truck"),
        # 31.36 dollars an hour for the driver, at 60 km/h
        pytest.param(0.435 + 31.36 / 60, 0.435, 1.2, 21, id="a US car against a light van"),
        pytest.param(2 * 0.45, 0.45, 1.2, 19, id="UK: a courier costs twice the mileage rate"),
        pytest.param(25, 10, 1.25, 23, id="a GAZel against a car driven alone"),
        pytest.param(25, 3, 1.25, 76, id="a GAZel against a shared bus"),
    ],
)
def test_figures_of_the_reference_notes(truck_per_km, car_per_km, payload_t, hours_per_t):
    found = break_even_h_per_t(
        **DAY, trip_cost=truck_per_km, commuting_cost=car_per_km, capacity_t=payload_t
    )

    assert round(found) == hours_per_t


def test_time_on_the_road_makes_commuting_dearer_and_freight_cheaper_sooner():
    """A dollar an hour at 40 km/h adds 0.025 to a kilometre of 0.1: four fifths of 120 h/t."""
    without = break_even_h_per_t(**DAY, trip_cost=1.05, commuting_cost=0.1, capacity_t=1)
    with_time = break_even_h_per_t(**DAY, trip_cost=1.05, commuting_cost=0.125, capacity_t=1)

    assert without == pytest.approx(120)
    assert with_time == pytest.approx(96)


def test_overhead_beyond_the_cost_of_commuting_is_never_won_back():
    asked = DAY | {"trip_cost": 10, "capacity_t": 1}

    assert break_even_h_per_t(**asked, commuting_cost=5, overhead=5) == inf
    assert break_even_h_per_t(**asked, commuting_cost=5, overhead=4) == pytest.approx(8 * 10 / 0.7)


def test_too_few_people_cannot_carry_the_one_trip_a_day():
    """A trip of 10 against 5 a head: two break even at best, three gain."""
    asked = DAY | {"trip_cost": 10, "capacity_t": 1, "commuting_cost": 5}

    assert break_even_h_per_t(**asked, workers=2) == inf
    assert break_even_h_per_t(**asked, workers=3) == pytest.approx(8 * 10 / (0.7 * 5))


def test_where_people_cannot_come_all_work_is_better_brought():
    assert (
        break_even_h_per_t(
            **DAY, trip_cost=10, capacity_t=1, commuting_cost=inf, overhead=3, workers=1
        )
        == 0
    )
