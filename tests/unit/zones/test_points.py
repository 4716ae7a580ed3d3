"""Neighbours of towns known as points."""

import numpy as np
import pytest

from comarca.errors import ParameterError
from comarca.model.contiguity import Contiguity
from comarca.zones import ContiguityParams, contiguity_from_points


def neighbours_at(places, params=None):
    ids = tuple(f"t{n}" for n in range(len(places)))
    lat, lon = np.array(places, dtype=float).reshape(-1, 2).T
    return contiguity_from_points(ids, lat, lon, params)


def grid(side, step=0.1, lat=45.0, lon=8.0):
    return [
        (lat + step * row, lon + step * column) for row in range(side) for column in range(side)
    ]


def test_towns_of_a_grid_neighbour_across_its_sides():
    contiguity = neighbours_at(grid(5))

    assert {"t7", "t11", "t13", "t17"} <= set(contiguity.neighbours("t12"))
    assert contiguity.source == "voronoi"
    assert contiguity.border_km is None


def test_cells_that_meet_beyond_the_rim_are_no_neighbours():
    """Two rows of towns on either side of a bay: cells of the outermost touch in infinity."""
    rows = [(45.0, 8 + 0.05 * n) for n in range(8)] + [(46.0, 8 + 0.05 * n) for n in range(8)]

    contiguity = neighbours_at(rows)

    assert contiguity.components == (
        tuple(f"t{n}" for n in range(8)),
        tuple(f"t{n}" for n in range(8, 16)),
    )


def test_parts_are_joined_if_asked():
    rows = [(45.0, 8 + 0.05 * n) for n in range(8)] + [(46.0, 8 + 0.05 * n) for n in range(8)]

    contiguity = neighbours_at(rows, ContiguityParams(join="parts"))

    assert len(contiguity.components) == 1
    assert contiguity.crossings[0].distance_km == pytest.approx(111.2, abs=0.1)


def test_a_longer_reach_keeps_more_neighbours():
    random = np.random.default_rng(5)
    places = random.uniform((40, 0), (42, 3), (200, 2))

    n_pairs = [
        neighbours_at(places, ContiguityParams(reach_factor=factor)).n_pairs
        for factor in (1, 1.5, 3, 50)
    ]

    assert n_pairs == sorted(n_pairs)
    assert n_pairs[0] < n_pairs[-1] <= 3 * 200 - 6  # no planar graph has more


@pytest.mark.parametrize("n_towns", [0, 1, 2, 3])
def test_few_towns(n_towns):
    contiguity = neighbours_at([(45, 8), (45.1, 8), (45, 8.1)][:n_towns])

    assert contiguity.n_pairs == n_towns * (n_towns - 1) // 2


def test_towns_in_one_line_are_a_chain():
    contiguity = neighbours_at([(45 + 0.1 * n, 8.0) for n in (3, 0, 2, 1)])

    assert contiguity.neighbours("t2") == ("t0", "t3")
    assert contiguity.n_pairs == 3


def test_towns_in_one_place_share_their_neighbours():
    contiguity = neighbours_at([*grid(3), *[(45.1, 8.1)] * 5])

    alone = neighbours_at(grid(3)).neighbours("t4")
    for town in ("t4", "t9", "t13"):
        others = {f"t{n}" for n in (4, 9, 10, 11, 12, 13)} - {town}
        assert set(contiguity.neighbours(town)) == {*alone, *others}


def test_all_towns_in_one_place_are_neighbours():
    assert neighbours_at([(45, 8)] * 4).n_pairs == 6


def test_neighbours_across_the_date_line_and_around_the_pole():
    assert neighbours_at([(66, 179.9), (66, -179.9), (66.1, 180)]).n_pairs == 3
    ring = neighbours_at([(89, lon) for lon in range(0, 360, 60) for lon in [lon - 180]])
    assert ring.n_neighbours.min() >= 2


def test_the_order_of_towns_changes_nothing():
    random = np.random.default_rng(6)
    places = random.uniform((40, 0), (42, 3), (60, 2))
    order = random.permutation(60)

    def pairs(contiguity: Contiguity, names):
        return {
            frozenset((names[a], names[b]))
            for a, b in zip(*contiguity.adjacent.nonzero(), strict=True)
        }

    assert pairs(neighbours_at(places), np.arange(60)) == pairs(neighbours_at(places[order]), order)


@pytest.mark.parametrize("place", [(91, 0), (0, 181), (np.nan, 0)])
def test_a_place_off_the_globe_is_refused(place):
    with pytest.raises(ParameterError, match="t1 lies at"):
        neighbours_at([(45, 8), place])


def test_as_many_places_as_towns():
    with pytest.raises(ParameterError, match="2 towns"):
        contiguity_from_points(("a", "b"), np.zeros(3), np.zeros(3))
