"""Ways within a limit are the ways there are, without those beyond it, on land and round water."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from comarca.commuting.interaction import (
    InteractionParams,
    calibrate_deterrence,
    estimate_flows,
    judge_flows,
)
from comarca.errors import ParameterError, UnknownTownError
from comarca.model.matrices import SparseTravelMatrix, TravelMatrix
from comarca.model.region import Region, typed_frame
from comarca.travel import (
    circle_within,
    near_pairs,
    travel_by_circle,
    travel_matrix,
    travel_within,
)

# Towns around the Danish straits, where straight ways cross water, and a long bridge is unknown.
DANISH = {
    "esbjerg": (55.47, 8.45),
    "kolding": (55.49, 9.47),
    "vejle": (55.71, 9.54),
    "fredericia": (55.57, 9.75),
    "middelfart": (55.50, 9.73),
    "odense": (55.40, 10.39),
    "svendborg": (55.06, 10.61),
    "nyborg": (55.31, 10.79),
    "korsor": (55.33, 11.14),
    "slagelse": (55.40, 11.35),
    "aarhus": (56.16, 10.20),
    "ebeltoft": (56.19, 10.68),
    "grenaa": (56.41, 10.88),
    "randers": (56.46, 10.04),
    "kalundborg": (55.68, 11.09),
    "nykobing": (54.77, 11.87),
    "vordingborg": (55.01, 11.91),
    "skive": (56.57, 9.03),
    "thisted": (56.96, 8.69),
    "aalborg": (57.05, 9.92),
}


def table_of(places: dict[str, tuple[float, float]]) -> pd.DataFrame:
    index = pd.Index(list(places), name="town_id")
    return pd.DataFrame(list(places.values()), columns=["lat", "lon"], index=index)


def expected(travel: TravelMatrix, limit_min: float) -> np.ndarray:
    near = (travel.time_min <= np.float32(limit_min)) & ~np.eye(len(travel.town_ids), dtype=bool)
    return np.where(near, travel.time_min, 0)


@pytest.mark.parametrize("limit_min", [3.0, 45.0, 90.0, 240.0])
def test_round_water_the_ways_are_those_of_the_whole_matrix(limit_min: float):
    towns = table_of(DANISH)
    near = circle_within(towns, "car", limit_min)
    whole = travel_by_circle(towns, "car")
    np.testing.assert_array_equal(near.time_min.toarray(), expected(whole, limit_min))
    kept = near.time_min.toarray() > 0
    np.testing.assert_array_equal(near.distance_km.toarray()[kept], whole.distance_km[kept])


@given(st.integers(0, 10_000), st.integers(1, 25), st.floats(1, 300))
@settings(max_examples=30)
def test_anywhere_the_ways_are_those_of_the_whole_matrix(seed: int, n_towns: int, limit: float):
    random = np.random.default_rng(seed)
    middle_lat, middle_lon = random.uniform(-60, 70), random.uniform(-180, 180)
    lat = middle_lat + random.uniform(-1, 1, n_towns)
    lon = (middle_lon + random.uniform(-1, 1, n_towns) + 180) % 360 - 180
    towns = table_of({str(at): (lat[at], lon[at]) for at in range(n_towns)})
    near = circle_within(towns, "bus", limit)
    whole = expected(travel_by_circle(towns, "bus"), limit)
    # A way may be a millimetre off through its arc, so one at the limit itself may fall either way.
    at_limit = np.abs(travel_by_circle(towns, "bus").time_min - limit) < 1e-3
    np.testing.assert_allclose(
        np.where(at_limit, 0, near.time_min.toarray()), np.where(at_limit, 0, whole), rtol=1e-5
    )


def region_of(table: list[tuple[str, str, float, float]] | None = None) -> Region:
    towns = table_of(DANISH).reset_index()
    towns["name"], towns["population"] = towns["town_id"], 10_000
    tables = {}
    if table is not None:
        columns = ["origin", "destination", "time_min", "distance_km"]
        tables["travel"] = typed_frame("travel", pd.DataFrame(table, columns=columns))
    return Region(name="Straits", towns=typed_frame("towns", towns), tables=tables)


def test_a_region_tells_its_near_ways_from_its_table_where_it_has_one():
    region = region_of([("odense", "nyborg", 31.0, 30.0), ("nyborg", "odense", 70.0, 30.0)])
    near, whole = travel_within(region, "car", 60), travel_matrix(region, "car")
    np.testing.assert_array_equal(near.time_min.toarray(), expected(whole, 60))
    assert near.time_min[near.positions(["odense"])[0], near.positions(["nyborg"])[0]] == 31
    plain = travel_within(region_of(), "car", 60)
    assert plain.source == "circle"
    assert plain.time_min.nnz > 0
    with pytest.raises(ParameterError, match="above 0"):
        travel_within(region, "car", 0)


def test_flows_are_the_same_from_near_ways_as_from_all():
    random = np.random.default_rng(3)
    towns = table_of(
        {f"{at:03}": (random.uniform(49, 50.5), random.uniform(60, 62)) for at in range(120)}
    )
    near, whole = circle_within(towns, "car", 60), travel_by_circle(towns, "car")
    workers = np.exp(random.normal(6, 1, 120))
    jobs = workers**1.1
    sparse_made = estimate_flows(workers, jobs, near)
    dense_made = estimate_flows(workers, jobs, whole)
    assert sparse_made.beta_per_min == pytest.approx(dense_made.beta_per_min, rel=1e-6)
    assert sparse_made.flows.persons.toarray() == pytest.approx(
        dense_made.flows.persons.toarray(), rel=1e-4, abs=1e-6
    )
    seen = dense_made.flows
    assert calibrate_deterrence(seen, near).beta_per_min == pytest.approx(
        calibrate_deterrence(seen, whole).beta_per_min, rel=1e-6
    )
    assert judge_flows(seen, seen, near).bands.equals(judge_flows(seen, seen, whole).bands)


def test_a_limit_beyond_the_near_ways_is_refused():
    near = circle_within(table_of(DANISH), "car", 45)
    ones = np.ones(len(DANISH))
    with pytest.raises(ParameterError, match="end at 45 min; expected them up to the limit of 60"):
        estimate_flows(ones, ones, near, InteractionParams(daily_limit_min=60))


def test_a_part_of_the_towns():
    near = circle_within(table_of(DANISH), "car", 90)
    whole = near_pairs(travel_by_circle(table_of(DANISH), "car"), 90)
    few = ("odense", "nyborg", "aarhus")
    np.testing.assert_array_equal(
        near.subset(few).time_min.toarray(), whole.subset(few).time_min.toarray()
    )
    with pytest.raises(UnknownTownError):
        near.subset(("odense", "lund"))


@pytest.mark.parametrize(
    ("minutes", "km", "limit"),
    [
        (np.array([[0, 5.0], [5, 0]]), np.array([[0, 5.0], [0, 0]]), 60),
        (np.array([[0, 5.0], [-5, 0]]), np.array([[0, 5.0], [5, 0]]), 60),
        (np.array([[0, 70.0], [5, 0]]), np.array([[0, 5.0], [5, 0]]), 60),
        (np.array([[0, np.nan], [5, 0]]), np.array([[0, 5.0], [5, 0]]), 60),
        (np.ones((3, 3)), np.ones((3, 3)), 60),
    ],
)
def test_near_ways_that_contradict_themselves_are_refused(
    minutes: np.ndarray, km: np.ndarray, limit: float
):
    with pytest.raises(ParameterError):
        SparseTravelMatrix(
            ("a", "b"), "car", sparse.csr_array(minutes), sparse.csr_array(km), "table", limit
        )


def test_a_way_of_no_minutes_is_a_way():
    pairs = (np.array([0, 1]), np.array([1, 0]))
    none = np.zeros(2, dtype=np.float32)
    near = SparseTravelMatrix.of_pairs(
        ("a", "b"), "car", pairs, none, none, source="table", limit_min=10
    )
    assert near.time_min.nnz == 2
    made = estimate_flows(
        [1, 0], [0, 1], near, InteractionParams(beta_per_min=0.1, daily_limit_min=10)
    )
    assert made.flows.persons[0, 1] == pytest.approx(1)
