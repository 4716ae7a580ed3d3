"""Neighbours, and the pieces that groups of towns fall into."""

import numpy as np
import pytest
import shapely
from scipy import sparse

from comarca.errors import ParameterError, UnknownTownError
from comarca.model.contiguity import Contiguity, Crossing
from comarca.model.zones import Zones

# ash - birch - elm, dale apart, fir and oak a pair of their own.
TOWNS = ("ash", "birch", "dale", "elm", "fir", "oak")
PAIRS = [(0, 1), (1, 3), (4, 5)]


def matrix(pairs, values=None):
    rows, columns = np.array([*pairs, *[pair[::-1] for pair in pairs]]).T
    values = np.ones(len(pairs)) if values is None else values
    return sparse.csr_array((np.tile(values, 2), (rows, columns)), shape=(len(TOWNS), len(TOWNS)))


def world(**given):
    return Contiguity(town_ids=TOWNS, adjacent=matrix(PAIRS), source="table", **given)


def test_neighbours_are_known_by_id():
    assert world().neighbours("birch") == ("ash", "elm")
    assert world().neighbours("dale") == ()
    with pytest.raises(UnknownTownError, match="birch"):
        world().neighbours("brich")


def test_parts_are_told_the_largest_first():
    assert world().components == (("ash", "birch", "elm"), ("fir", "oak"), ("dale",))
    assert world().islands == ("dale",)
    assert world().n_neighbours.tolist() == [1, 2, 0, 1, 1, 1]
    assert world().n_pairs == 3


def test_a_group_falls_into_the_pieces_that_hang_together_within_it():
    assert world().pieces(["elm", "ash", "oak"]) == (("elm",), ("ash",), ("oak",))
    assert world().pieces(["elm", "ash", "birch"]) == (("elm", "ash", "birch"),)
    assert world().pieces(["dale", "oak", "fir"]) == (("oak", "fir"), ("dale",))
    assert world().pieces([]) == ()


def test_a_subset_keeps_the_neighbours_within_it_in_the_order_given():
    whole = world(
        border_km=matrix(PAIRS, np.array([1.5, 2.5, 3.5])),
        crossings=(Crossing(town_id="dale", to="elm", distance_km=9.0),),
    )

    part = whole.subset(["elm", "birch", "dale"])

    assert part.town_ids == ("elm", "birch", "dale")
    assert part.adjacent.toarray().tolist() == [
        [False, True, False],
        [True, False, False],
        [False, False, False],
    ]
    assert part.border_km[0, 1] == 2.5
    assert len(part.crossings) == 1
    assert whole.subset(["ash", "elm"]).crossings == ()


def test_every_pair_stands_once_in_the_table():
    frame = world(border_km=matrix(PAIRS, np.array([1.5, 2.5, 3.5]))).to_frame()

    assert frame.to_numpy().tolist() == [
        ["ash", "birch", 1.5],
        ["birch", "elm", 2.5],
        ["fir", "oak", 3.5],
    ]
    assert world().to_frame()["border_km"].isna().all()


def test_dense_matrices_are_taken_too():
    dense = Contiguity(town_ids=("a", "b"), adjacent=np.array([[0, 1], [1, 0]]), source="table")

    assert dense.adjacent.dtype == bool
    assert dense.neighbours("a") == ("b",)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"adjacent": np.eye(2)}, "a is a neighbour of itself"),
        ({"adjacent": np.array([[0, 1], [0, 0]])}, "not the same both ways"),
        ({"adjacent": np.zeros((3, 3))}, "expected \\(2, 2\\)"),
        ({"town_ids": ("a", "a")}, "more than once"),
        ({"source": "guess"}, "guess"),
        ({"border_km": np.array([[0, -1], [-1, 0]])}, "negative"),
        (
            {"adjacent": np.zeros((2, 2)), "border_km": np.array([[0, 1], [1, 0]])},
            "that are apart",
        ),
    ],
)
def test_what_cannot_be_is_refused(given, message):
    sound = {"town_ids": ("a", "b"), "adjacent": np.array([[0, 1], [1, 0]]), "source": "table"}

    with pytest.raises(ParameterError, match=message):
        Contiguity(**(sound | given))


def test_the_summary_names_towns_without_neighbours():
    assert world().summary({"dale": "Dale"}) == (
        "6 towns (table): 3 pairs of neighbours, 1.0 a town, 3 parts\n"
        "without neighbours: Dale (dale)"
    )


def test_zones_are_one_valid_shape_a_town():
    square, bow_tie = shapely.box(0, 0, 1, 1), shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])

    zones = Zones(town_ids=("a", "b"), shapes=[square, shapely.Polygon()], crs="EPSG:3035")

    assert zones.summary() == "zones: 1 of 2 towns drawn, in EPSG:3035"
    assert zones.subset(["b", "a"]).shapes.tolist()[1] == square
    with pytest.raises(ParameterError, match="the shape of b"):
        Zones(town_ids=("a", "b"), shapes=[square, bow_tie], crs="EPSG:3035")
    with pytest.raises(ParameterError, match="2 towns"):
        Zones(town_ids=("a", "b"), shapes=[square], crs="EPSG:3035")


def test_zones_become_a_geodataframe():
    zones = Zones(
        town_ids=("01", "1"),
        shapes=[shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)],
        crs="EPSG:3035",
        names={"01": "Ash"},
    )

    frame = zones.to_geodataframe()

    assert frame.index.tolist() == ["01", "1"]
    assert frame["name"].tolist()[0] == "Ash"
    assert frame.crs.to_epsg() == 3035
    assert frame.area.tolist() == [1.0, 1.0]
