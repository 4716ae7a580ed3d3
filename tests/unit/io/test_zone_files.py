"""Shapes of towns are read from one file, mended and told, or refused."""

import json
import sqlite3
import struct
import zipfile

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from comarca.errors import ParameterError, TableError
from comarca.io import read_flow_table, read_zones

pytestmark = pytest.mark.filterwarnings("ignore:'crs' was not provided")

SQUARES = {
    "001": shapely.box(8.0, 45.0, 8.1, 45.1),
    "1": shapely.box(8.1, 45.0, 8.2, 45.1),
    "2": shapely.box(8.2, 45.0, 8.3, 45.1),
}


def frame_of(shapes=SQUARES, crs="EPSG:4326", **columns):
    columns = {"id": list(shapes), "name": [f"Town {code}" for code in shapes]} | columns
    return gpd.GeoDataFrame(columns, geometry=list(shapes.values()), crs=crs)


def written(folder, frame=None, name="zones.gpkg", **options):
    path = folder / name
    (frame_of() if frame is None else frame).to_file(path, **options)
    return path


def faults(path, *args, **options):
    with pytest.raises(TableError) as refused:
        read_zones(path, *args, **options)
    return [str(fault) for fault in refused.value.faults]


def notices(zones):
    return [str(warning) for warning in zones.warnings]


@pytest.mark.parametrize("name", ["zones.gpkg", "zones.geojson", "zones.shp", "zones.fgb"])
@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:32632"])
def test_every_format_keeps_codes_shapes_and_names(tmp_path, name, crs):
    frame = frame_of().to_crs(crs)

    zones = read_zones(written(tmp_path, frame, name))

    assert sorted(zones.town_ids) == ["001", "1", "2"]
    assert zones.names["001"] == "Town 001"
    assert zones.warnings == ()
    again = zones.to_geodataframe().to_crs("EPSG:4326").loc[["001", "1", "2"]]
    drawn = gpd.GeoSeries(list(SQUARES.values()), index=again.index, crs=4326)
    assert again.normalize().geom_equals_exact(drawn.normalize(), 1e-5).all()


def test_a_zipped_shapefile(tmp_path):
    written(tmp_path, name="zones.shp")
    with zipfile.ZipFile(tmp_path / "zones.zip", "w") as archive:
        for part in tmp_path.glob("zones.[!z]*"):
            archive.write(part, part.name)

    assert len(read_zones(tmp_path / "zones.zip").town_ids) == 3


def test_columns_are_named_where_nobody_can_recognise_them(tmp_path):
    path = written(tmp_path, frame_of().rename(columns={"id": "PRO_COM", "name": "COMUNE"}))

    assert faults(path) == [
        'zones.gpkg: the header is "PRO_COM", "COMUNE"; expected columns town_id (if known, '
        "name), each once and nothing above them; name yours with the option columns, in that order"
    ]
    assert read_zones(path, ("PRO_COM",)).names == {}
    assert read_zones(path, ("PRO_COM", "COMUNE")).names["1"] == "Town 1"


def test_codes_that_are_numbers_are_told(tmp_path):
    path = written(tmp_path, frame_of(id=[9001.0, 9002.0, 9003.0]))

    zones = read_zones(path)

    assert zones.town_ids == ("9001", "9002", "9003")
    assert notices(zones) == [
        "zones.gpkg: id is numbers, such as 9001; expected text; leading zeros, if the code had "
        "any, are lost"
    ]


def test_features_of_one_code_are_joined(tmp_path):
    frame = pd.concat([frame_of(), frame_of({"1": shapely.box(9, 45, 9.1, 45.1)})])

    zones = read_zones(written(tmp_path, frame))

    assert zones.town_ids == ("001", "1", "2")
    assert zones.shapes[1].geom_type == "MultiPolygon"
    assert notices(zones) == ["zones.gpkg: 1 town of several features, joined: 1"]


def test_shapes_that_cross_themselves_are_mended(tmp_path):
    bow_tie = shapely.Polygon([(9, 45), (9.1, 45.1), (9.1, 45), (9, 45.1)])

    zones = read_zones(written(tmp_path, frame_of(SQUARES | {"x": bow_tie})))

    assert zones.shapes[3].area == pytest.approx(0.005)
    assert notices(zones) == ["zones.gpkg: 1 feature crossing themselves, mended: x"]


def test_towns_without_a_shape_are_told_and_kept(tmp_path):
    shapes = SQUARES | {"n": None, "e": shapely.Polygon()}

    zones = read_zones(written(tmp_path, frame_of(shapes)))

    assert zones.town_ids[3:] == ("n", "e")
    assert zones.shapes[3].is_empty
    assert zones.shapes[4].is_empty
    assert notices(zones) == ["zones.gpkg: 2 features without a shape: n, e"]


def test_heights_are_left_out(tmp_path):
    solid = shapely.force_3d(SQUARES["1"], 250.0)

    zones = read_zones(written(tmp_path, frame_of({"1": solid})))

    assert not zones.shapes[0].has_z


def test_points_and_lines_are_faults(tmp_path):
    shapes = SQUARES | {"p": shapely.Point(8, 45), "l": shapely.LineString([(8, 45), (9, 45)])}

    assert faults(written(tmp_path, frame_of(shapes), "zones.geojson")) == [
        "zones.geojson feature 3: the shape of p is a point; expected a polygon",
        "zones.geojson feature 4: the shape of l is a linestring; expected a polygon",
    ]


def test_blank_codes_are_faults(tmp_path):
    assert faults(written(tmp_path, frame_of(id=["1", None, " "]))) == [
        "zones.gpkg feature 2: id is missing; expected a code",
        "zones.gpkg feature 3: id is missing; expected a code",
    ]


def test_coordinates_of_no_known_system_are_refused_until_somebody_names_it(tmp_path):
    path = written(tmp_path, frame_of(crs=None), "zones.shp")
    projected = frame_of().to_crs(32632).set_crs(None, allow_override=True)
    other = written(tmp_path, projected, "utm.shp")

    assert faults(path) == [
        "zones.shp: the coordinate system is missing; expected a file that names it, or the "
        "option crs, such as EPSG:4326 (they look like degrees, EPSG:4326)"
    ]
    assert faults(other)[0].endswith("such as EPSG:4326")
    assert read_zones(path, crs="EPSG:4326").crs == "EPSG:4326"
    assert read_zones(other, crs="EPSG:32632").crs == "EPSG:32632"


def test_metres_that_are_called_degrees_are_refused(tmp_path):
    collection = {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"id": "001"},
                "geometry": shapely.geometry.mapping(shapely.box(5e5, 4.5e6, 5.1e5, 4.6e6)),
            }
        ],
    }
    path = tmp_path / "zones.geojson"
    path.write_text(json.dumps(collection))

    assert faults(path) == [
        "zones.geojson: a coordinate is 4,600,000; expected degrees, as EPSG:4326 has them"
    ]


def test_coordinates_from_the_middle_of_the_earth_are_refused(tmp_path):
    path = written(tmp_path, frame_of(crs=None), "zones.shp")

    assert faults(path, crs="EPSG:4978") == [
        "zones.shp: the coordinate system is EPSG:4978; expected degrees, or a plane of a place on "
        "the globe"
    ]


def test_curved_shapes_are_faults(tmp_path):
    """GeoPackages of a GIS may hold arcs, which nothing here can measure."""
    path = written(tmp_path)
    with sqlite3.connect(path) as book:
        (geometry,) = book.execute("select geom from zones where id = '1'").fetchone()
        header, wkb = geometry[:-93], geometry[-93:]
        curved = wkb[:1] + struct.pack("<I", 10) + struct.pack("<I", 1)
        curved += wkb[:1] + struct.pack("<I", 2) + wkb[9:]
        for trigger in book.execute("select name from sqlite_master where type = 'trigger'"):
            book.execute(f'drop trigger "{trigger[0]}"')
        book.execute("update zones set geom = ? where id = '1'", (header + curved,))

    assert faults(path) == [
        "zones.gpkg feature 2: the shape is of another kind, a curve perhaps; expected a polygon"
    ]


def test_an_option_that_contradicts_the_file_is_refused(tmp_path):
    path = written(tmp_path)

    assert faults(path, crs="EPSG:32632") == [
        "zones.gpkg: the coordinate system is EPSG:4326; expected EPSG:32632, or no option crs"
    ]
    assert read_zones(path, crs="OGC:CRS84").crs == "EPSG:4326"
    with pytest.raises(ParameterError, match="EPSG:999999"):
        read_zones(path, crs="EPSG:999999")


def test_the_layer_with_a_code_is_taken_and_two_need_a_name(tmp_path):
    path = written(tmp_path, layer="communes")
    frame_of().drop(columns=["id", "name"]).to_file(path, layer="rim")

    assert read_zones(path).place == "zones.gpkg layer communes"

    frame_of().to_file(path, layer="districts")
    assert faults(path) == [
        'zones.gpkg: the file is of 3 layers, "communes", "rim", "districts", 2 with the columns; '
        "expected one layer with them; name it with the option layer"
    ]
    assert read_zones(path, layer="districts").place == "zones.gpkg layer districts"
    assert faults(path, layer="cities") == [
        'zones.gpkg: the layer cities is missing; expected one of "communes", "rim", "districts"'
    ]


def test_towns_asked_for_come_in_their_order_and_others_are_left_out(tmp_path):
    zones = read_zones(written(tmp_path), town_ids=("1", "001"))

    assert zones.town_ids == ("1", "001")
    assert notices(zones) == ["zones.gpkg: 1 shape of towns that are not asked for, left out: 2"]


def test_towns_without_a_shape_are_faults_with_the_nearest_code(tmp_path):
    path = written(tmp_path)

    assert faults(path, town_ids=("001", "02", "Town 1", "abroad")) == [
        "zones.gpkg: the shape of 02 is missing; expected one for every town; nearest is 2: "
        "leading zeros differ",
        "zones.gpkg: the shape of Town 1 is missing; expected one for every town; the code of "
        "Town 1 is 1",
        "zones.gpkg: the shape of abroad is missing; expected one for every town",
    ]


def test_towns_that_nobody_drew_may_be_allowed(tmp_path):
    zones = read_zones(written(tmp_path), town_ids=("001", "abroad", "1"), allow_missing=True)

    assert zones.town_ids == ("001", "abroad", "1")
    assert zones.shapes[1].is_empty
    assert notices(zones)[0] == "zones.gpkg: 1 town without a shape: abroad"


def test_shapes_drawn_over_others_are_told(tmp_path):
    shapes = SQUARES | {"district": shapely.box(8.0, 45.0, 8.3, 45.1)}

    zones = read_zones(written(tmp_path, frame_of(shapes)))

    assert notices(zones)[0].startswith("zones.gpkg: 4 shapes drawn over another: 001, 1, 2")


def test_files_that_are_none(tmp_path):
    torn = tmp_path / "torn.gpkg"
    torn.write_bytes(written(tmp_path).read_bytes()[:5_000])
    text = tmp_path / "text.geojson"
    text.write_text("{}")

    assert faults(tmp_path / "none.gpkg")[0].endswith(
        "the file is missing; expected a GeoPackage, GeoJSON or Shapefile, not damaged"
    )
    assert faults(torn)[0].startswith("torn.gpkg: the file is not readable")
    assert faults(text)[0].startswith("text.geojson: the file is not readable")


def test_a_layer_without_features_or_shapes_is_refused(tmp_path):
    empty = written(tmp_path, frame_of().iloc[:0])
    plain = tmp_path / "plain.gpkg"
    import pyogrio

    pyogrio.write_dataframe(pd.DataFrame({"id": ["1"]}), plain)

    assert faults(empty) == [
        "zones.gpkg: the layer is without features; expected a shape for every town"
    ]
    assert faults(plain) == ["plain.gpkg: the layer is without shapes; expected polygons"]


def test_the_map_of_a_census_fits_its_flows(shared_dir):
    folder = shared_dir / "reference/labour_market_areas/flows"
    for flows, zones, columns in (
        ("sardinia.csv", "sardinia_municipalities.geojson", ("PRO_COM", "NOME_COM")),
        ("belgium2011_flows.csv", "belgium_communes.gpkg", ("CODE_INS",)),
    ):
        town_ids = read_flow_table(folder / flows).flows.town_ids

        drawn = read_zones(folder / zones, columns, town_ids=town_ids)

        assert drawn.town_ids == town_ids
        assert not np.any(shapely.is_empty(drawn.shapes))
