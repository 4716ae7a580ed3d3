"""The criterion around a centre: who is in a circle, what is drawn, and what p says of it."""

import dataclasses
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from comarca.commuting import RankParams, rank_profile
from comarca.commuting.ranks.permutation import drawn_criteria, significance
from comarca.errors import ParameterError, UnknownTownError
from comarca.model.matrices import TravelMatrix
from comarca.model.region import typed_frame
from rank_world import around_a_city, logarithmic, world, zipf

QUICK = RankParams(radii_km=(12, 20), draws=499)
ONE_POOL = around_a_city(logarithmic(20, 40_000), zipf(100, 200_000))
ZIPF_TOWNS = around_a_city(zipf(20, 40_000), zipf(100, 200_000))


def with_params(**given):
    return RankParams(**{"radii_km": (12, 20), "draws": 499} | given)


def test_a_town_on_the_line_lies_within_and_the_centre_is_no_satellite():
    region = world({"city": (0.0, 9e5)} | {f"t{n}": (float(n), 1000.0 * n) for n in range(1, 21)})

    profile = rank_profile(region, "city", with_params(radii_km=(9.999, 10.001, 25)))

    assert [point.n_towns for point in profile.points] == [9, 10, 20]
    assert profile.n_pool == 20
    assert max(profile.points[0].laws.persons) == 9_000


def test_a_core_that_is_kept_belongs_to_every_set():
    profile = rank_profile(ONE_POOL, "city", with_params(core="with"))

    assert [point.n_towns for point in profile.points] == [13, 21]
    assert all(max(point.laws.persons) == 1e6 for point in profile.points)
    assert all(point.null_high < 0 for point in profile.points)  # no draw escapes the city


@pytest.mark.parametrize("space", ["linear", "log"])
def test_satellites_that_share_one_pool_are_rare_among_random_towns(space):
    region = around_a_city(logarithmic(40, 40_000), zipf(100, 200_000))

    profile = rank_profile(region, "city", with_params(space=space, radii_km=(40,)))

    assert profile.points[-1].criterion > profile.points[-1].null_high
    assert profile.p_overall == profile.points[-1].p  # a single look needs no correction
    assert profile.p_overall < 0.05
    assert "no proof of an agglomeration" in profile.summary()


def test_rare_towns_that_follow_zipf_are_called_unusual_and_no_pool():
    """A third of the way from Zipf's law to the logarithmic one, in a steep world."""
    between = zipf(120, 50_000) ** 0.67 * logarithmic(120, 50_000) ** 0.33
    region = around_a_city(between, zipf(150, 200_000, 1.2))

    profile = rank_profile(region, "city", with_params(radii_km=(120,)))

    assert profile.p_overall < 0.05
    assert profile.points[0].criterion < 0
    assert "no sign of one pool" in profile.reading()


@pytest.mark.parametrize("space", ["linear", "log"])
def test_satellites_that_follow_zipf_are_not(space):
    profile = rank_profile(ZIPF_TOWNS, "city", with_params(space=space))

    assert profile.p_overall > 0.5
    assert "too often to read anything into" in profile.summary()


def test_nothing_drawn_as_large_gives_one_over_draws_plus_one():
    found = significance(np.array([0.9]), np.full((99, 1), 0.1))

    assert found.p == pytest.approx([1 / 100])
    assert found.p_overall == pytest.approx(1 / 100)


def test_what_ties_with_the_observed_counts_against_it():
    found = significance(np.array([0.5]), np.array([[0.5], [0.5 - 1e-15], [0.4], [0.6]]))

    assert found.p == pytest.approx([4 / 5])


def test_the_rarest_of_several_sets_is_less_rare_than_it_looks():
    """Each of ten draws tops one of ten sets: alone rare, together certain."""
    found = significance(np.full(10, 0.9), np.where(np.eye(10), 1.0, 0.0))

    assert found.p == pytest.approx(np.full(10, 2 / 11))
    assert found.p_adjusted == pytest.approx(np.full(10, 1.0))


def test_sets_drawn_lie_within_each_other():
    """Two sizes of one draw share their towns: a pool of one giant shows it."""
    pool = np.array([1e6] + [100.0] * 19)
    small, large = drawn_criteria(pool, [(5, None), (10, None)], "log", draws=500, seed=1).T
    has_giant = [column < 0 for column in (small, large)]  # equal towns have C = 0

    assert has_giant[0].mean() == pytest.approx(5 / 20, abs=0.06)
    assert has_giant[1].mean() == pytest.approx(10 / 20, abs=0.06)
    assert not (has_giant[0] & ~has_giant[1]).any()


def test_p_values_keep_their_order():
    profile = rank_profile(ZIPF_TOWNS, "city", with_params(radii_km=(8, 10, 12, 20)))

    for point in profile.points:
        assert 1 / 500 <= point.p <= point.p_adjusted <= 1
        assert point.null_low <= point.null_median <= point.null_high
    assert profile.p_overall == min(point.p_adjusted for point in profile.points)


def test_the_same_seed_draws_the_same_towns():
    once, again = (rank_profile(ONE_POOL, "city", QUICK).table() for _ in range(2))
    other = rank_profile(ONE_POOL, "city", with_params(seed=2)).table()

    pd.testing.assert_frame_equal(once, again)
    assert (once["criterion"] == other["criterion"]).all()
    assert not once["null_50"].equals(other["null_50"])


def test_too_few_towns_are_not_judged_and_the_reason_is_told():
    profile = rank_profile(ONE_POOL, "city", with_params(radii_km=(7, 20)))
    few, enough = profile.points

    assert (few.n_towns, few.laws, few.p) == (7, None, None)
    assert few.note == "too few towns to judge; expected 8 or more"
    assert enough.p is not None
    assert "7 km: 7 towns; too few towns to judge" in profile.summary()


def test_where_no_circle_has_enough_towns_there_is_no_p():
    profile = rank_profile(ONE_POOL, "city", with_params(radii_km=(3, 5)))

    assert profile.p_overall is None
    assert profile.reading() == "No circle could be judged."
    assert profile.table()["p"].isna().all()


def test_all_the_towns_there_are_cannot_be_compared_with_random_ones():
    profile = rank_profile(ONE_POOL, "city", with_params(radii_km=(20, 1_000)))
    everything = profile.points[-1]

    assert everything.n_towns == profile.n_pool == 120
    assert everything.p is None
    assert everything.criterion is not None
    assert "nothing to compare with" in everything.note


def test_towns_of_one_size_have_no_order_of_rank():
    region = around_a_city([5_000.0] * 12, zipf(30))

    (point,) = rank_profile(region, "city", with_params(radii_km=(12,))).points

    assert point.p is None
    assert "no order of rank" in point.note


def test_a_town_without_people_is_left_out_and_counted():
    region = around_a_city([*logarithmic(12, 40_000), 0.0], zipf(30))

    profile = rank_profile(region, "city", with_params(radii_km=(20,)))

    assert profile.left_out == ("s13",)
    assert profile.points[0].n_towns == 12
    assert "1 town without people left out" in profile.summary()


def times_to_city(region, time_min):
    n = region.n_towns
    there = np.full((n, n), 30.0)
    there[:, region.town_ids.index("city")] = time_min
    return TravelMatrix(region.town_ids, "bus", there, there, "table")


def test_by_time_the_way_to_the_centre_counts_and_no_way_is_never_within():
    time_min = np.r_[0, np.arange(1, 21) * 3, np.full(100, np.inf)]

    profile = rank_profile(
        ONE_POOL,
        "city",
        RankParams(radii_min=(30, 1e9), draws=99),
        by="time",
        travel=times_to_city(ONE_POOL, time_min),
    )

    assert [point.n_towns for point in profile.points] == [10, 20]
    assert profile.way == "bus (table)"
    assert "radius_min" in profile.table()
    assert "30 min: 10 towns" in profile.summary()


def test_by_time_without_a_matrix_the_region_is_asked():
    table = pd.DataFrame(
        [
            (home, "city", 2.0 * number, 1.0)
            for number, home in enumerate(ONE_POOL.town_ids[1:], start=1)
        ],
        columns=["origin", "destination", "time_min", "distance_km"],
    )
    region = dataclasses.replace(ONE_POOL, tables={"travel": typed_frame("travel", table)})

    profile = rank_profile(region, "city", RankParams(radii_min=(40,), draws=99), by="time")

    assert profile.points[0].n_towns == 20


def test_what_radii_measure_is_distance_or_time():
    with pytest.raises(ParameterError, match="expected distance or time"):
        rank_profile(ONE_POOL, "city", QUICK, by="foot")


def test_an_unknown_centre_is_refused_with_the_near_ones():
    with pytest.raises(UnknownTownError, match="near names: city"):
        rank_profile(ONE_POOL, "citty", QUICK)


def test_a_centre_told_by_name_is_answered_with_its_code():
    region = world({"t1": (0.0, 10.0), "t2": (1.0, 20.0)})
    with pytest.raises(ParameterError, match="expected a code from towns: t1"):
        rank_profile(region, "T1", QUICK)


def test_a_core_without_people_cannot_be_kept():
    region = world({"city": (0.0, 0.0)} | {f"t{n}": (float(n), 50.0 * n) for n in range(1, 30)})

    assert rank_profile(region, "city", QUICK).points[0].p is not None
    with pytest.raises(ParameterError, match="has no people"):
        rank_profile(region, "city", with_params(core="with"))


def test_the_towns_are_told_from_the_nearest_on():
    towns = rank_profile(ONE_POOL, "city", QUICK).towns

    assert len(towns) == 20
    assert towns[0].town_id == "s1"
    assert towns[0].reach == pytest.approx(0.5)
    assert all(one.reach <= next_.reach for one, next_ in pairwise(towns))


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"radii_km": (50, 25)}, "ascending"),
        ({"radii_km": (25, 25)}, "ascending"),
        ({"radii_min": (0, 30)}, "above 0"),
        ({"radii_km": ()}, "radii_km"),
        ({"min_towns": 2}, "min_towns"),
        ({"draws": 10}, "draws"),
        ({"space": "square"}, "space"),
        ({"radius": 5}, "not a setting"),
    ],
)
def test_settings_that_make_no_sense_are_refused(given, told):
    with pytest.raises(ParameterError, match=told):
        RankParams(**given)
