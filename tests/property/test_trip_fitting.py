"""Trips fitted into few trucks, against every way to part them."""

from itertools import product

from hypothesis import example, given
from hypothesis import strategies as st

from comarca.freight.trips.fitting import fitted

SHIFT = 10


@given(st.lists(st.integers(1, SHIFT), max_size=6), st.integers(0, 3))
@example([4, 4, 3, 3, 3, 3], 2)  # the longest first, each where it fits best, take three
def test_trips_fit_if_any_way_to_part_them_does(minutes, n_trucks):
    found = fitted(minutes, n_trucks, SHIFT)

    ways = product(range(n_trucks), repeat=len(minutes))
    can = any(
        all(
            sum(m for m, at in zip(minutes, way, strict=True) if at == truck) <= SHIFT
            for truck in range(n_trucks)
        )
        for way in ways
    )
    assert (found is not None) == can
    if found is not None:
        assert len(found) <= n_trucks
        assert sorted(trip for day in found for trip in day) == list(range(len(minutes)))
        assert all(sum(minutes[trip] for trip in day) <= SHIFT for day in found)


def test_too_many_trips_are_not_tried():
    assert fitted([1.0] * 101, 1, 1_000.0) is None
