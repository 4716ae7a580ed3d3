"""What must hold of neighbours whatever the map."""

from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from comarca.model.zones import Zones
from comarca.zones import ContiguityParams, contiguity_from_points, contiguity_from_polygons


def cells(seed, n_towns):
    """Voronoi cells of random points, clipped to a square of 50 km: a map without slivers."""
    places = np.random.default_rng(seed).uniform(0, 50_000, (n_towns, 2)) + np.array([4e6, 3e6])
    frame = shapely.box(4e6, 3e6, 4e6 + 50_000, 3e6 + 50_000)
    drawn = shapely.get_parts(
        shapely.voronoi_polygons(shapely.multipoints(places), extend_to=frame, ordered=True)
    )
    return shapely.intersection(drawn, frame)


def zones_of(shapes, ids=None):
    ids = [f"{n:03}" for n in range(len(shapes))] if ids is None else ids
    return Zones(town_ids=tuple(ids), shapes=shapes, crs="EPSG:3035")


def pairs(contiguity):
    frame = contiguity.to_frame()
    return {frozenset(pair) for pair in frame[["origin", "destination"]].to_numpy().tolist()}


WORLDS = st.tuples(st.integers(0, 10_000), st.integers(3, 40))


@given(WORLDS)
@settings(max_examples=25)
def test_a_map_without_gaps_hangs_together_as_a_planar_graph(world):
    contiguity = contiguity_from_polygons(zones_of(cells(*world)))

    assert len(contiguity.components) == 1
    assert contiguity.n_pairs <= max(3 * world[1] - 6, 3)


@given(WORLDS)
@settings(max_examples=25)
def test_every_border_is_counted_once_on_either_side(world):
    """Outline of a town = its borders with the others and with the rim."""
    shapes = cells(*world)
    rim = shapely.box(4e6, 3e6, 4e6 + 50_000, 3e6 + 50_000).exterior
    along_rim = shapely.length(shapely.intersection(shapely.boundary(shapes), rim.buffer(0.01)))

    border_km = contiguity_from_polygons(zones_of(shapes)).border_km.sum(axis=1)

    assert border_km == pytest.approx(
        (shapely.length(shapes) - along_rim) / 1_000, rel=0.01, abs=0.05
    )


@given(WORLDS, st.randoms(use_true_random=False))
@settings(max_examples=25)
def test_names_and_order_change_nothing(world, random):
    shapes = cells(*world)
    order = list(range(len(shapes)))
    random.shuffle(order)

    plain = contiguity_from_polygons(zones_of(shapes))
    shuffled = contiguity_from_polygons(zones_of(shapes[order], [f"{at:03}" for at in order]))

    assert pairs(plain) == pairs(shuffled)


@given(WORLDS)
@settings(max_examples=25)
def test_a_wider_gap_never_parts_neighbours(world):
    shapes = shapely.buffer(cells(*world), -10, join_style="mitre")
    found = [
        pairs(
            contiguity_from_polygons(
                zones_of(shapes), ContiguityParams(touching="point", gap_m=gap_m, min_border_m=300)
            )
        )
        for gap_m in (1, 19, 21, 40, 100)
    ]

    assert found[0] == set()
    assert all(narrow <= wide for narrow, wide in pairwise(found))


@given(WORLDS)
@settings(max_examples=25)
def test_joined_parts_hang_together_and_nothing_else_changes(world):
    shapes = shapely.buffer(cells(*world), -10, join_style="mitre")[::2]

    apart = contiguity_from_polygons(zones_of(shapes))
    joined = contiguity_from_polygons(zones_of(shapes), ContiguityParams(join="parts"))

    assert len(joined.components) == 1
    crossings = {frozenset((c.town_id, c.to)) for c in joined.crossings}
    assert pairs(joined) == pairs(apart) | crossings
    assert len(crossings) == len(apart.components) - 1


@given(WORLDS)
@settings(max_examples=25)
def test_no_town_among_points_is_alone(world):
    seed, n_towns = world
    lat, lon = np.random.default_rng(seed).uniform((40, 0), (44, 5), (n_towns, 2)).T

    contiguity = contiguity_from_points([f"{n}" for n in range(n_towns)], lat, lon)

    assert contiguity.islands == ()
    assert contiguity.n_pairs <= max(3 * n_towns - 6, 3)
