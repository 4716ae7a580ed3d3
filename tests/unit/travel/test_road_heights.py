"""Climbs take their time, in one direction."""

from __future__ import annotations

import numpy as np
import pytest

from comarca.errors import ParameterError, RoadFileError
from comarca.io.heights import read_heights
from comarca.travel.roads import AddRoad, change_roads, over_heights, road_graph, travel_by_roads
from road_world import KM_PER_DEGREE, PLAIN, degrees, network, towns

POINTS = {"low": (1, 1), "high": (11, 1)}
ROADS = network(POINTS, [("low high", {"maxspeed": "60"})])
PLACES = towns(POINTS)


def slope(path, metres_per_km: float):
    """A grid of 1 km whose land rises to the east."""
    side = 20
    row = " ".join(f"{metres_per_km * (column + 0.5):.3f}" for column in range(side))
    path.write_text(
        f"ncols {side}\nnrows {side}\nxllcorner 0\nyllcorner 0\ncellsize {1 / KM_PER_DEGREE}\n"
        f"NODATA_value -9999\n" + f"{row}\n" * side
    )
    return path


def test_a_climb_of_five_per_cent_takes_a_truck_longer_and_the_way_down_does_not(tmp_path):
    risen = over_heights(ROADS, read_heights(slope(tmp_path / "land.asc", 50)))

    for mode in ("truck", "car"):
        flat = travel_by_roads(PLACES, road_graph(ROADS, mode, PLAIN)).matrix.time_min
        steep = travel_by_roads(PLACES, road_graph(risen, mode, PLAIN)).matrix.time_min
        climb = PLAIN.of_mode(mode, "climb_factor")
        assert steep[0, 1] == pytest.approx(float(flat[0, 1]) * (1 + 0.05 * climb), rel=1e-3)
        assert steep[1, 0] == pytest.approx(float(flat[1, 0]), rel=1e-4)


def test_level_land_changes_nothing(tmp_path):
    level = over_heights(ROADS, read_heights(slope(tmp_path / "land.asc", 0)))
    one, other = (
        travel_by_roads(PLACES, road_graph(roads, "truck", PLAIN)).matrix.time_min
        for roads in (ROADS, level)
    )

    np.testing.assert_array_equal(one, other)


def test_a_new_road_over_known_heights_rises_evenly_between_its_ends(tmp_path):
    risen = over_heights(ROADS, read_heights(slope(tmp_path / "land.asc", 50)))
    road = AddRoad(points=(degrees(3, 1), degrees(8, 1)), limit_km_per_h=200)
    changed = change_roads(risen, [road])

    flat, steep = (
        travel_by_roads(PLACES, road_graph(roads, "truck", PLAIN)).matrix.time_min[0, 1]
        for roads in (change_roads(ROADS, [road]), changed)
    )
    assert changed.point_height_m[-1] == pytest.approx(400, rel=1e-2)
    assert steep == pytest.approx(flat * (1 + 0.05 * PLAIN.truck_climb_factor), rel=1e-2)


def test_a_tile_is_read_by_its_name(tmp_path):
    values = np.tile(np.arange(1_201, dtype=">i2")[::-1, None], (1, 1_201))
    values.tofile(tmp_path / "S01W001.hgt")
    (grid,) = read_heights(tmp_path)

    assert grid.at(np.array([-1.0, -0.5]), np.array([-0.5, -0.5])) == pytest.approx([0, 600])
    assert np.isnan(grid.at(np.array([1.0]), np.array([0.5]))).all()


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("N00E000.hgt", b"\0" * 100, "of 50 heights"),
        ("land.hgt", b"\0\0", "unknown name"),
        ("land.asc", b"nothing of the kind", "without ncols"),
        ("short.asc", b"ncols 3\nnrows 3\ncellsize 0.1\n1 2 3\n", "without 3 rows"),
        ("metres.asc", b"ncols 2\nnrows 2\nxllcorner 5e5\ncellsize 30\n1 2\n3 4\n", "degrees"),
    ],
)
def test_what_is_no_grid_of_heights_is_refused(tmp_path, name, content, told):
    (tmp_path / name).write_bytes(content)

    with pytest.raises(RoadFileError, match=told):
        read_heights(tmp_path / name)


def test_heights_of_elsewhere_and_folders_without_tiles_are_refused(tmp_path):
    grids = read_heights(slope(tmp_path / "land.asc", 1))
    far = network({"a": (500, 500), "b": (510, 500)}, [("a b", {})])

    with pytest.raises(ParameterError, match="No road lies where heights are known"):
        over_heights(far, grids)
    with pytest.raises(RoadFileError, match="without tiles"):
        read_heights(tmp_path)
