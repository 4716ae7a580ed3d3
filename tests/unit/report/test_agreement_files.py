"""Two partitions side by side as files, opened again as a reader would."""

import re
import sqlite3
from contextlib import closing
from html.parser import HTMLParser
from xml.etree import ElementTree

import geopandas
import pandas as pd
import pytest
import shapely

from comarca.errors import ParameterError
from comarca.model.agreement import compare_partitions
from comarca.model.zones import Zones
from comarca.report import palette
from comarca.report.agreement_writing import FILES, write_agreement
from comarca.report.difference_map import difference_map, difference_sheet
from partition_worlds import partition_of
from unit.report.sample_plans import small_plan

A = partition_of("001:01 002:01 003:02 004:02 005: 006:02")
B = partition_of("001:x 002:x 003:x 004:y 005:y 006:")
DIFFERENCES = {
    "001": "stays",
    "002": "stays",
    "003": "stays",
    "004": "moves",
    "005": "gains",
    "006": "loses",
}
PERSONS = dict.fromkeys(A.town_ids, 1_000.0)
TOWNS = pd.DataFrame(
    {
        "name": ["Ash & Oak", "Birch", "Cedar", "Dale", "Elm", "Fir"],
        "lat": [47.0, 47.1, 47.2, 47.3, 47.4, 47.5],
        "lon": [20.0, 20.1, 20.0, 20.1, 20.0, 20.1],
    },
    index=pd.Index(A.town_ids, name="town_id"),
)
SVG = "{http://www.w3.org/2000/svg}"


def squares(*, without: str = "") -> Zones:
    """Six squares in a row from west to east, each beside the next."""
    shapes = [
        shapely.Polygon()
        if town == without
        else shapely.box(20 + 0.1 * i, 47, 20.1 + 0.1 * i, 47.1)
        for i, town in enumerate(A.town_ids)
    ]
    return Zones(town_ids=A.town_ids, shapes=shapes, crs="EPSG:4326", names={"001": "First"})


@pytest.fixture(scope="module")
def agreement():
    return compare_partitions(A, B, PERSONS)


@pytest.fixture(scope="module")
def written(agreement, tmp_path_factory):
    folder = tmp_path_factory.mktemp("out")
    write_agreement(
        agreement,
        folder,
        labels=("Old <areas>", "New"),
        towns=TOWNS,
        notes=["areas.csv: something was noticed"],
        inputs={"old.csv": "ab12"},
    )
    return folder


def test_all_files_are_there_and_nothing_else(written):
    assert {path.name for path in written.iterdir()} == set(FILES)


def test_without_places_there_are_no_maps(agreement, tmp_path):
    files = write_agreement(agreement, tmp_path)

    assert [path.name for path in files] == [
        "overlap.csv",
        "areas.csv",
        "towns.csv",
        "comparison.html",
    ]
    assert "<svg" not in (tmp_path / "comparison.html").read_text(encoding="utf-8")


def test_tables_keep_codes_and_leave_none_blank(written):
    towns = pd.read_csv(written / "towns.csv", dtype=str, keep_default_na=False)

    assert towns["town_id"].tolist() == list(A.town_ids)
    assert towns["area_a"].tolist() == ["01", "01", "02", "02", "", "02"]
    assert dict(zip(towns["town_id"], towns["difference"], strict=True)) == DIFFERENCES
    overlap = pd.read_csv(written / "overlap.csv", dtype=str, keep_default_na=False)
    assert overlap[["area_a", "area_b", "n_towns"]].to_numpy().tolist() == [
        ["01", "x", "2"],
        ["02", "x", "1"],
        ["02", "y", "1"],
        ["02", "", "1"],
        ["", "y", "1"],
    ]


class References(HTMLParser):
    """Everything a browser would fetch."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        for name in ("src", "href", "srcset", "action"):
            if given.get(name) and not given[name].startswith(("#", "data:")):
                self.found.append(given[name])


def test_the_page_fetches_nothing(written):
    text = (written / "comparison.html").read_text(encoding="utf-8")
    page = References()
    page.feed(text)

    assert page.found == []
    assert "@import" not in text
    assert "url(" not in text


def test_the_page_tells_figures_areas_towns_notes_and_inputs(written):
    text = (written / "comparison.html").read_text(encoding="utf-8")

    assert "<h1>Old &lt;areas&gt; and New</h1>" in text
    assert "2 areas in Old &lt;areas&gt;, 2 areas in New." in text
    assert "3 with the head of their area, 1 in another area, 1 newly in an area" in text
    assert "Adjusted Rand index, by people" in text
    assert "areas.csv: something was noticed" in text
    assert "ab12" in text
    assert "Ash &amp; Oak" in text
    assert "<td>Dale</td>" in text  # it moves
    assert "<td>Cedar</td>" not in text.partition('id="towns"')[2]  # it stays


def test_columns_of_people_are_left_out_where_nobody_counted_them(tmp_path):
    write_agreement(compare_partitions(A, B), tmp_path)
    text = (tmp_path / "comparison.html").read_text(encoding="utf-8")

    assert ">People<" not in text
    assert "by people" not in text.partition('id="method"')[0]


def test_areas_made_by_commuting_and_areas_tied_by_freight_are_compared_alike(tmp_path):
    """Whatever drew them, they are partitions of the same towns."""
    plan = small_plan()
    towns = plan.region.towns
    agreement = compare_partitions(
        plan.areas, plan.freight.partition, towns["population"].astype(float).to_dict()
    )

    write_agreement(agreement, tmp_path, labels=("Commuting", "Freight"), towns=towns)

    assert len(agreement.towns) == plan.region.n_towns
    assert "<svg" in (tmp_path / "comparison.html").read_text(encoding="utf-8")


def test_equal_partitions_say_so(tmp_path):
    write_agreement(compare_partitions(A, A), tmp_path)
    text = (tmp_path / "comparison.html").read_text(encoding="utf-8")

    assert "Every town stays with the head of its area." in text


def test_the_same_partitions_give_the_same_bytes(agreement, written, tmp_path):
    write_agreement(
        agreement,
        tmp_path,
        labels=("Old <areas>", "New"),
        towns=TOWNS,
        notes=["areas.csv: something was noticed"],
        inputs={"old.csv": "ab12"},
    )

    for name in FILES:
        assert (tmp_path / name).read_bytes() == (written / name).read_bytes(), name


def drawn_towns(drawing):
    """Title of each town by the colour of its ground."""
    tree = ElementTree.fromstring(drawing)  # noqa: S314 - our own drawing
    return {
        path.find(f"{SVG}title").text: group.get("fill")
        for group in tree.iter(f"{SVG}g")
        for path in group.findall(f"{SVG}path")
        if path.find(f"{SVG}title") is not None
    }


def test_the_map_shows_what_became_of_each_town(agreement):
    towns = drawn_towns(difference_map(difference_sheet(agreement, TOWNS)))

    assert towns == {
        f"{TOWNS['name'][town]}: {told}": palette.DIFFERENCE[DIFFERENCES[town]]
        for town, told in {
            "001": "01 → X",
            "002": "01 → X",
            "003": "02 → X",
            "004": "02 → Y",
            "005": "none → Y",
            "006": "02 → none",
        }.items()
    }


def test_the_map_draws_shapes_where_they_are_given(agreement):
    """A town without a shape is not drawn; names of the list come before those of the shapes."""
    sheet = difference_sheet(agreement, TOWNS, zones=squares(without="002"))

    assert sheet.town_ids == ("001", "003", "004", "005", "006")
    assert sheet.name("001") == "Ash & Oak"
    assert difference_sheet(agreement, None, zones=squares()).name("001") == "First"
    assert len(drawn_towns(difference_map(sheet))) == 5


def test_a_border_that_two_areas_share_is_drawn_once(agreement):
    """A's areas 01 and 02 touch between 002 and 003: two outlines and no edge twice."""
    sheet = difference_sheet(agreement, None, zones=squares())
    drawing = ElementTree.fromstring(difference_map(sheet))  # noqa: S314 - our own drawing
    (border,) = [
        path
        for path in drawing.iter(f"{SVG}path")
        if path.get("stroke") == palette.COMMUTING and path.get("fill") == "none"
    ]
    km = sheet.view.per_km
    lines = [
        shapely.LineString([tuple(map(float, at.split())) for at in re.split("L", line) if at])
        for line in re.split("[MZ]", border.get("d"))
        if "L" in line
    ]
    length = sum(line.length for line in lines) / km

    wide, tall = 0.1 * sheet.sheet.km_per_degree_lon, 0.1 * 111.195
    # 01 is two squares; 02 is 003 and 004, and 006 apart: three rectangles less one shared edge.
    assert length == pytest.approx(2 * (5 * wide + 3 * tall) - tall, rel=0.02)


def test_towns_without_a_place_are_counted_on_the_page(agreement, tmp_path):
    write_agreement(
        agreement, tmp_path, towns=TOWNS.assign(lat=[47.0, None, 47.2, 47.3, 47.4, None])
    )

    text = (tmp_path / "comparison.html").read_text(encoding="utf-8")
    assert "2 towns without a place could not be drawn." in text


def test_nothing_to_draw_is_refused(agreement):
    with pytest.raises(ParameterError, match="no town has a place"):
        difference_sheet(agreement, TOWNS[["name"]])


def test_layers_open_with_their_fields_and_styles(written):
    path = written / "differences.gpkg"
    towns = geopandas.read_file(path, layer="towns").set_index("town_id")
    areas = geopandas.read_file(path, layer="areas_b").set_index("area_id")

    assert towns["difference"].to_dict() == DIFFERENCES
    assert towns.loc["001", "name"] == "Ash & Oak"
    assert towns.crs.to_epsg() == 4326
    for town in A.town_ids:
        place = shapely.Point(TOWNS["lon"][town], TOWNS["lat"][town])
        assert towns.geometry[town].distance(place) < 1e-6
    assert areas["change"].to_dict() == {"x": "shifted", "y": "redrawn"}
    with closing(sqlite3.connect(path)) as database:
        styles = dict(database.execute("SELECT f_table_name, styleQML FROM layer_styles"))
    assert set(styles) == {"towns", "areas_a", "areas_b"}
    for style in styles.values():
        ElementTree.fromstring(style.partition("\n")[2])  # noqa: S314 - our own style


def test_towns_on_both_sides_of_the_date_line_lie_side_by_side(agreement):
    lon = [179.8, 179.9, 180.0, -179.9, -179.8, -179.7]
    sheet = difference_sheet(agreement, TOWNS.assign(lon=lon, lat=10.0))

    assert (pd.Series(sheet.places[:, 0]).diff().dropna() > 5).all()
    assert sheet.places[:, 0].max() - sheet.places[:, 0].min() < 60
