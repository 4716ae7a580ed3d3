"""Colours of a map: neighbours differ, few colours do, and order does not matter."""

import numpy as np
import shapely
from hypothesis import given
from hypothesis import strategies as st

from comarca.report.colouring import map_colours

N_COLOURS = 8


def cells(seed, n):
    """A map of the land nearest to each of some places."""
    places = np.random.default_rng(seed).uniform(0, 100, (n, 2))
    found = shapely.voronoi_polygons(shapely.multipoints(places)).geoms
    return {f"{at:02}": cell for at, cell in enumerate(found)}


def has_border(one, other):
    return shapely.length(shapely.intersection(one, other)) > 0


@given(st.integers(0, 10_000), st.integers(2, 40))
def test_neighbours_differ_and_six_colours_do(seed, n):
    grounds = cells(seed, n)
    colours = map_colours(grounds, N_COLOURS)

    assert set(colours) == set(grounds)
    assert max(colours.values()) < 6
    for one, shape in grounds.items():
        for other, beside in grounds.items():
            if one < other and has_border(shape, beside):
                assert colours[one] != colours[other]


def test_the_order_of_areas_changes_nothing():
    grounds = cells(3, 30)
    backwards = dict(reversed(grounds.items()))

    assert map_colours(backwards, N_COLOURS) == map_colours(grounds, N_COLOURS)


def test_areas_of_many_pieces_use_further_colours():
    """Seven areas, each of which has a piece beside a piece of every other, need seven."""
    boxes = {f"{at}": [] for at in range(7)}
    pairs = [(a, b) for a in range(7) for b in range(a)]
    for row, (a, b) in enumerate(pairs):
        boxes[str(a)].append(shapely.box(0, 10 * row, 1, 10 * row + 1))
        boxes[str(b)].append(shapely.box(1, 10 * row, 2, 10 * row + 1))
    grounds = {area: shapely.MultiPolygon(parts) for area, parts in boxes.items()}

    assert len(set(map_colours(grounds, N_COLOURS).values())) == 7


def test_when_colours_run_out_every_area_still_has_one():
    boxes = {f"{at}": shapely.box(at, 0, 20, 1) for at in range(9)}

    assert set(map_colours(boxes, 6)) == set(boxes)


def test_no_areas_have_no_colours():
    assert map_colours({}, N_COLOURS) == {}
