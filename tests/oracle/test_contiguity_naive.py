"""Neighbours of real maps are those that a plain loop over all pairs finds."""

import numpy as np
import pytest
import shapely
from shapely.geometry import MultiPolygon

from comarca.io import read_zones
from comarca.model.zones import Zones
from comarca.zones import ContiguityParams, contiguity_from_points, contiguity_from_polygons

MAPS = {
    "sardinia": (
        "reference/labour_market_areas/flows/sardinia_municipalities.geojson",
        ("PRO_COM", "NOME_COM"),
    ),
    "belgium": ("reference/labour_market_areas/flows/belgium_communes.gpkg", ("CODE_INS",)),
    "grand_est": ("data/commuting/fr_grandest_urban_areas.gpkg", ("id", "name")),
}


def naive_pairs(zones):
    """Which pairs of shapes meet, and which in more than points: one by one, as drawn."""
    meeting, bordering = set(), set()
    shapes, ids = list(zones.shapes), zones.town_ids
    for shape in shapes:
        shapely.prepare(shape)
    for one in range(len(ids)):
        for other in range(one + 1, len(ids)):
            if shapes[one].intersects(shapes[other]):
                meeting.add((ids[one], ids[other]))
                common = shapes[one].intersection(shapes[other])
                if common.length > 0:
                    bordering.add((ids[one], ids[other]))
    return meeting, bordering


def pairs(contiguity):
    return set(map(tuple, contiguity.to_frame()[["origin", "destination"]].to_numpy().tolist()))


@pytest.mark.parametrize("name", ["sardinia", "grand_est"])
def test_maps_drawn_with_care(shared_dir, name):
    """Every pair of neighbours, by corner and by line, and no other."""
    file, columns = MAPS[name]
    zones = read_zones(shared_dir / file, columns)
    meeting, bordering = naive_pairs(zones)

    assert pairs(contiguity_from_polygons(zones, ContiguityParams(touching="point"))) == meeting
    assert pairs(contiguity_from_polygons(zones)) == bordering


def test_a_map_with_slivers(shared_dir):
    """
    Belgium: communes overlap and leave gaps by centimetres.

    A loop that asks whether shapes intersect misses four pairs of communes that meet at a corner
    with a gap, and takes for a border what is the overlap of two corners, a few metres long.
    """
    file, columns = MAPS["belgium"]
    zones = read_zones(shared_dir / file, columns)
    meeting, bordering = naive_pairs(zones)
    by_corner = contiguity_from_polygons(zones, ContiguityParams(touching="point"))
    by_line = pairs(contiguity_from_polygons(zones))

    assert meeting < pairs(by_corner)
    assert len(pairs(by_corner) - meeting) == 4
    assert by_line < bordering
    corners = [tuple(by_corner.positions(pair)) for pair in bordering - by_line]
    assert len(corners) == 2
    assert all(1_000 * by_corner.border_km[pair] < 5 for pair in corners)


def test_lengths_of_borders_are_those_of_the_lines_in_common(shared_dir):
    """Sardinia, measured in the zone of UTM it lies in, whose scale is true to 0.1 % there."""
    import geopandas as gpd

    file, columns = MAPS["sardinia"]
    zones = read_zones(shared_dir / file, columns)
    frame = contiguity_from_polygons(zones).to_frame()
    one, other = (
        gpd.GeoSeries(zones.shapes[zones.positions(frame[side])], crs=zones.crs).to_crs(32632)
        for side in ("origin", "destination")
    )

    lines_km = one.intersection(other, align=False).length.to_numpy() / 1_000

    # Where a border runs along edges of the one and corners of the other, UTM parts them.
    is_whole = np.abs(frame["border_km"] - lines_km) <= 0.01 + 0.003 * lines_km
    assert is_whole.mean() > 0.97
    assert frame["border_km"].sum() == pytest.approx(lines_km.sum(), rel=0.01)


def test_islands_of_sardinia_are_told_by_name(shared_dir):
    file, columns = MAPS["sardinia"]
    zones = read_zones(shared_dir / file, columns)

    apart = contiguity_from_polygons(zones)
    joined = contiguity_from_polygons(zones, ContiguityParams(join="parts"))

    assert {zones.names[town] for town in apart.islands} == {"LA MADDALENA", "CARLOFORTE"}
    # Sant'Antioco is an island too, but its dam is drawn as land.
    assert len(apart.components) == 3
    assert [(zones.names[c.town_id], zones.names[c.to]) for c in joined.crossings] == [
        ("LA MADDALENA", "PALAU"),
        ("CARLOFORTE", "CALASETTA"),
    ]
    assert len(joined.components) == 1


def test_the_coordinate_system_changes_nothing(shared_dir):
    file, columns = MAPS["sardinia"]
    zones = read_zones(shared_dir / file, columns)
    frame = zones.to_geodataframe().to_crs(3857)
    other = Zones(town_ids=zones.town_ids, shapes=frame.geometry.to_numpy(), crs="EPSG:3857")

    drawn, drawn_anew = contiguity_from_polygons(zones), contiguity_from_polygons(other)

    # Two borders of a few metres depend on where an edge bends between its corners.
    assert len(pairs(drawn) ^ pairs(drawn_anew)) <= 2
    assert drawn.border_km.sum() == pytest.approx(drawn_anew.border_km.sum(), rel=1e-3)


def largest_part(shape):
    parts = shape.geoms if isinstance(shape, MultiPolygon) else [shape]
    return max(parts, key=lambda part: part.area)


@pytest.mark.parametrize(("name", "share"), [("sardinia", 0.79), ("belgium", 0.89)])
def test_points_tell_most_of_the_neighbours(shared_dir, name, share):
    """How far neighbours of points may be relied on where nobody has the shapes."""
    file, columns = MAPS[name]
    zones = read_zones(shared_dir / file, columns)
    middles = [largest_part(shape).centroid for shape in zones.shapes]
    lat, lon = np.array([(middle.y, middle.x) for middle in middles]).T

    guessed = pairs(contiguity_from_points(zones.town_ids, lat, lon))
    true = pairs(contiguity_from_polygons(zones))

    assert len(guessed & true) / len(guessed) > share
    assert len(guessed & true) / len(true) > share
