"""Neighbours of shapes: worlds drawn by hand, with all that goes wrong in drawing."""

import numpy as np
import pytest
import shapely

from comarca.errors import ParameterError
from comarca.model.zones import Zones
from comarca.zones import ContiguityParams, contiguity_from_polygons

CORNER = ContiguityParams(touching="point")


def zones_of(shapes, crs="EPSG:3035", **given):
    return Zones(
        town_ids=tuple(shapes),
        shapes=np.array(list(shapes.values()), dtype=object),
        crs=crs,
        **given,
    )


def chequerboard(side=3, step=5_000.0, x=4_000_000.0, y=3_000_000.0):
    """Squares in rows, named by row and column."""
    return {
        f"{row}{column}": shapely.box(
            x + step * column, y + step * row, x + step * (column + 1), y + step * (row + 1)
        )
        for row in range(side)
        for column in range(side)
    }


def pairs(contiguity):
    return set(map(tuple, contiguity.to_frame()[["origin", "destination"]].to_numpy().tolist()))


def test_squares_neighbour_along_edges_and_with_corners_too_if_asked():
    board = zones_of(chequerboard())

    assert contiguity_from_polygons(board).neighbours("11") == ("01", "10", "12", "21")
    assert contiguity_from_polygons(board).n_pairs == 12
    assert contiguity_from_polygons(board, CORNER).n_pairs == 20


def test_borders_have_their_length():
    contiguity = contiguity_from_polygons(zones_of(chequerboard()))

    assert contiguity.to_frame()["border_km"].to_numpy() == pytest.approx(
        np.full(12, 5.0), rel=2e-3
    )


@pytest.mark.parametrize("shift_m", [-0.9, -0.3, 0.3, 0.9])
def test_slivers_and_overlaps_within_the_gap_do_not_matter(shift_m):
    board = chequerboard()
    board["11"] = shapely.affinity.scale(
        board["11"], 1 + 2 * shift_m / 5_000, 1 + 2 * shift_m / 5_000
    )

    assert pairs(contiguity_from_polygons(zones_of(board))) == pairs(
        contiguity_from_polygons(zones_of(chequerboard()))
    )


def test_a_wider_gap_is_a_setting():
    board = chequerboard()
    board["11"] = shapely.affinity.scale(board["11"], 1 - 40 / 5_000, 1 - 40 / 5_000)

    wide = ContiguityParams(gap_m=30, min_border_m=200)

    assert contiguity_from_polygons(zones_of(board)).islands == ("11",)
    assert contiguity_from_polygons(zones_of(board), wide).neighbours("11") == (
        *("01", "10", "12", "21"),
    )


def test_short_borders_are_a_setting():
    shapes = {
        "a": shapely.box(0, 0, 1_000, 1_000),
        "b": shapely.box(1_000, 900, 2_000, 2_000),  # a hundred metres beside a
    }

    for shortest, n_pairs in ((50, 1), (200, 0)):
        params = ContiguityParams(min_border_m=shortest)
        assert contiguity_from_polygons(zones_of(shapes), params).n_pairs == n_pairs


def test_an_enclave_neighbours_what_lies_around_it():
    board = chequerboard()
    shapes = {
        "around": shapely.union_all(list(board.values())) - board["11"],
        "enclave": board["11"],
    }

    contiguity = contiguity_from_polygons(zones_of(shapes))

    assert contiguity.neighbours("enclave") == ("around",)
    assert contiguity.border_km[0, 1] == pytest.approx(20.0, rel=2e-3)


def test_a_part_of_a_town_across_the_water_counts_for_the_town():
    board = chequerboard(side=2)
    board["00"] |= shapely.box(4_010_000, 3_000_000, 4_015_000, 3_005_000)  # beside 01

    assert contiguity_from_polygons(zones_of(board)).neighbours("00") == ("01", "10")


def test_islands_stay_apart_and_are_told_by_name():
    board = chequerboard(side=2) | {"i": shapely.box(4_020_000, 3_000_000, 4_021_000, 3_001_000)}

    contiguity = contiguity_from_polygons(zones_of(board, names={"i": "Elba"}, place="map.gpkg"))

    assert contiguity.islands == ("i",)
    assert [str(warning) for warning in contiguity.warnings] == [
        "map.gpkg: 1 town without neighbours: Elba (i)"
    ]


def archipelago():
    """A board, an island near it, and two islands side by side far off."""
    return chequerboard(side=2) | {
        "i": shapely.box(4_013_000, 3_000_000, 4_014_000, 3_001_000),
        "p": shapely.box(4_030_000, 3_000_000, 4_031_000, 3_001_000),
        "q": shapely.box(4_031_000, 3_000_000, 4_032_000, 3_001_000),
    }


def test_islands_are_joined_to_what_lies_nearest():
    contiguity = contiguity_from_polygons(zones_of(archipelago()), ContiguityParams(join="islands"))

    assert contiguity.neighbours("i") == ("01",)
    assert len(contiguity.components) == 2
    (crossing,) = contiguity.crossings
    assert (crossing.town_id, crossing.to) == ("i", "01")
    assert crossing.distance_km == pytest.approx(3.0, rel=3e-3)
    assert contiguity.border_km[4, 1] == 0


def test_all_parts_are_joined_until_they_hang_together():
    contiguity = contiguity_from_polygons(zones_of(archipelago()), ContiguityParams(join="parts"))

    assert len(contiguity.components) == 1
    assert [(c.town_id, c.to) for c in contiguity.crossings] == [("i", "01"), ("p", "i")]
    assert "2 towns joined without a border: i, p" in str(contiguity.warnings[0])


def test_a_town_that_nobody_drew_has_no_neighbours_and_cannot_be_joined():
    board = chequerboard(side=2) | {"x": shapely.Polygon()}

    contiguity = contiguity_from_polygons(zones_of(board), ContiguityParams(join="parts"))

    assert contiguity.islands == ("x",)
    assert contiguity.crossings == ()


def test_nothing_drawn_gives_no_neighbours():
    nothing = zones_of({"a": shapely.Polygon(), "b": shapely.Polygon()})

    assert contiguity_from_polygons(nothing).islands == ("a", "b")
    assert contiguity_from_polygons(zones_of({})).n_pairs == 0


def test_coordinates_may_be_degrees():
    degrees = {
        name: shapely.box(8 + 0.1 * at, 45, 8 + 0.1 * (at + 1), 45.1)
        for at, name in enumerate("abc")
    }

    contiguity = contiguity_from_polygons(zones_of(degrees, "EPSG:4326"))

    assert contiguity.neighbours("b") == ("a", "c")
    assert contiguity.border_km[0, 1] == pytest.approx(11.12, abs=0.02)


def test_corners_along_a_straight_edge_in_degrees_meet_it():
    """An edge of 200 km and the corner of a town upon it: in a plane the edge would bend away."""
    shapes = {
        "north": shapely.box(8, 50, 11, 51),
        "west": shapely.box(8, 49, 9.4, 50),
        "east": shapely.box(9.4, 49, 11, 50),
    }

    assert contiguity_from_polygons(zones_of(shapes, "EPSG:4326")).n_pairs == 3


def test_borders_run_on_across_the_date_line():
    shapes = {
        "west": shapely.box(179, 66, 180, 67),
        "east": shapely.box(-180, 66, -179, 67),
    }

    assert contiguity_from_polygons(zones_of(shapes, "EPSG:4326")).n_pairs == 1


def test_feet_and_web_mercator_are_measured_in_metres():
    """Three metres apart are neighbours to nobody, whatever the unit of the map."""
    for crs, unit in (("EPSG:2263", 0.3048006), ("EPSG:3857", None)):
        metres = 3 / (unit or np.cos(np.radians(60)))
        x, y = (1_000_000.0, 200_000.0) if unit else (1_000_000.0, 8_399_738.0)
        shapes = {
            "a": shapely.box(x, y, x + 5_000, y + 5_000),
            "b": shapely.box(x + 5_000 + metres, y, x + 10_000, y + 5_000),
        }
        for gap_m, n_pairs in ((2.8, 0), (3.2, 1)):
            params = ContiguityParams(gap_m=gap_m, min_border_m=20)
            assert contiguity_from_polygons(zones_of(shapes, crs), params).n_pairs == n_pairs


@pytest.mark.parametrize(
    "given", [{"gap_m": 0}, {"min_border_m": 1, "gap_m": 1}, {"touching": "face"}, {"gap": 3}]
)
def test_settings_check_themselves(given):
    with pytest.raises(ParameterError):
        ContiguityParams(**given)
