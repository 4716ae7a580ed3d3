"""How sure areas are as files, opened again as a reader would."""

import re
import sqlite3
from contextlib import closing
from dataclasses import replace
from html.parser import HTMLParser
from xml.etree import ElementTree

import geopandas
import numpy as np
import pandas as pd
import pytest
import shapely

from comarca.commuting import AreaStability, SweepGrid, stability_of_areas, sweep_parameters
from comarca.errors import ParameterError
from comarca.model.matrices import FlowMatrix
from comarca.model.zones import Zones
from comarca.report import palette
from comarca.report.certainty_map import certainty_map, class_of, class_words
from comarca.report.stability_charts import (
    area_certainty_chart,
    certainty_histogram,
    redrawings_chart,
)
from comarca.report.stability_tables import StabilityTables
from comarca.report.stability_writing import FILES, write_stability
from comarca.report.sweep_charts import effects_chart, sweep_chart
from comarca.report.town_sheet import town_sheet
from stability_world import AROUND_100, AS_GIVEN, BETWEEN, SMALL, random_flows

NAMES = {"ash": "Ash & Oak", "birch": "Birch", "city": "City"}
TOWNS = pd.DataFrame(
    {"name": list(NAMES.values()), "lat": [47.0, 47.1, 47.2], "lon": [20.0, 20.1, 20.0]},
    index=pd.Index(BETWEEN.town_ids, name="town_id"),
)
SIZES = SweepGrid(min_workers=(50, 90, 150), target_self_containment=(0.7, 0.75))
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def halved() -> AreaStability:
    """Ash and Birch are an area of their own in half of the redrawings, else City's."""
    return stability_of_areas(
        BETWEEN, AS_GIVEN, draws=10, vary=["parameters"], ranges=AROUND_100, names=NAMES
    )


@pytest.fixture(scope="module")
def swept():
    return sweep_parameters(BETWEEN, AS_GIVEN, grid=SIZES)


@pytest.fixture(scope="module")
def written(halved, swept, tmp_path_factory):
    folder = tmp_path_factory.mktemp("out")
    write_stability(
        halved,
        folder,
        sweep=swept,
        towns=TOWNS,
        least_pair_share=0.2,
        notes=["flows.csv: something was noticed"],
        inputs={"flows.csv": "ab12"},
    )
    return folder


@pytest.fixture(scope="module")
def page(written) -> str:
    return (written / "stability.html").read_text(encoding="utf-8")


def read(path) -> pd.DataFrame:
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def test_all_files_are_there_and_nothing_else(written):
    assert {path.name for path in written.iterdir()} == set(FILES)


def test_without_places_sweep_and_pairs_there_are_four_files(halved, tmp_path):
    files = write_stability(halved, tmp_path)
    assert [path.name for path in files] == [
        "towns.csv",
        "areas.csv",
        "redrawings.csv",
        "stability.html",
    ]
    text = (tmp_path / "stability.html").read_text(encoding="utf-8")
    assert 'id="map-certainty-title"' not in text
    assert "What the parameters do" not in text


def test_towns_as_a_table(written):
    towns = read(written / "towns.csv")
    assert towns["town_id"].to_list() == ["ash", "birch", "city"]
    assert towns["certainty"].to_list() == ["0.5", "0.5", "1.0"]
    assert towns["alternative"].to_list() == ["city", "city", ""]
    assert towns["alternative_name"].to_list() == ["City", "City", ""]
    assert towns["mates_kept"].to_list() == ["1.0", "1.0", ""]


def test_redrawings_and_pairs_as_tables(written):
    redrawings = read(written / "redrawings.csv")
    assert redrawings["redrawing"].to_list() == [str(number) for number in range(1, 11)]
    assert sorted(redrawings["n_areas"]) == ["1"] * 5 + ["2"] * 5
    pairs = read(written / "co_membership.csv")
    assert pairs.to_numpy().tolist() == [
        ["ash", "birch", "1.0"],
        ["ash", "city", "0.5"],
        ["birch", "city", "0.5"],
    ]


def test_the_sweep_marks_its_frontier(written, swept):
    sweep = read(written / "sweep.csv")
    assert len(sweep) == 6
    assert (sweep["is_on_frontier"] == "True").sum() == len(swept.frontier()) == 2


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


def test_the_page_fetches_nothing(page):
    parser = References()
    parser.feed(page)
    assert parser.found == []
    assert "url(" not in page


def test_the_page_tells_what_came_out(page):
    assert "2 labour market areas as counted; 1 to 2 in nine redrawings of ten." in page
    assert "1 of 3 towns are in the same area in 95 % of the redrawings or more, 0 in" in page
    assert "Over 6 parameter sets there are 1 to 2 areas" in page
    assert "What decides most how many areas there are: least working residents (100.0" in page
    assert "Ash &amp; Oak" in page
    assert "flows.csv: something was noticed" in page
    assert "ab12" in page


def test_the_page_says_how_it_was_found(page):
    assert "Areas were drawn 10 times anew" in page
    assert "by Latin hypercube" in page
    assert "<td>50 to 150</td>" in page
    assert "Flows were resampled" not in page


def test_a_sample_is_told_in_the_method():
    sure = stability_of_areas(BETWEEN, AS_GIVEN, draws=5, counted_share=0.1)
    told = " ".join(StabilityTables(sure).method())
    assert "Since 10.0\u00a0% of the commuters were asked" in told
    assert "Latin hypercube" not in told


def test_areas_of_estimated_flows_are_called_an_illustration(halved, page, tmp_path):
    assert 'class="illustration"' not in page
    write_stability(replace(halved, is_observed=False), tmp_path)
    text = (tmp_path / "stability.html").read_text(encoding="utf-8")
    assert 'class="illustration"' in text


def test_towns_rather_elsewhere_are_named(halved):
    """Let Ash be with City in two redrawings of three."""
    head = np.array([[0, 0, 2], [2, 2, 2], [2, 0, 2]], dtype=np.int32)
    told = " ".join(StabilityTables(replace(halved, head=head)).sentences())
    assert (
        "1 town is more often in one other area than in their own, Ash & Oak most of all: counted "
        "in the area of Ash & Oak, and in 66.7\u00a0% of the redrawings in that of City."
    ) in told


def test_the_same_answer_gives_the_same_bytes(halved, swept, written, tmp_path):
    write_stability(
        halved,
        tmp_path,
        sweep=swept,
        towns=TOWNS,
        least_pair_share=0.2,
        notes=["flows.csv: something was noticed"],
        inputs={"flows.csv": "ab12"},
    )
    for name in FILES:
        assert (tmp_path / name).read_bytes() == (written / name).read_bytes(), name


def drawn_towns(drawing: str) -> dict[str, str]:
    """Colour of each town's ground by its title."""
    tree = ElementTree.fromstring(drawing)  # noqa: S314 - our own drawing
    return {
        path.find(f"{SVG}title").text.partition(":")[0]: group.get("fill")
        for group in tree.iter(f"{SVG}g")
        for path in group.findall(f"{SVG}path")
        if path.find(f"{SVG}title") is not None
    }


def test_the_map_colours_towns_by_class(halved):
    drawing = certainty_map(halved, town_sheet(BETWEEN.town_ids, TOWNS))
    assert drawn_towns(drawing) == {
        "Ash & Oak": palette.CERTAINTY[0.5],
        "Birch": palette.CERTAINTY[0.5],
        "City": palette.CERTAINTY[0.95],
    }
    assert "Birch: area of Ash &amp; Oak in 50.0\u00a0%, of City in 50.0\u00a0%" in drawing


def test_a_town_without_a_shape_is_not_drawn_and_told(halved, tmp_path):
    shapes = [shapely.box(20, 47, 20.1, 47.1), shapely.Polygon(), shapely.box(20, 47.1, 20.1, 47.3)]
    zones = Zones(town_ids=BETWEEN.town_ids, shapes=shapes, crs="EPSG:4326")
    sheet = town_sheet(BETWEEN.town_ids, None, zones=zones)
    assert set(drawn_towns(certainty_map(halved, sheet))) == {"Ash & Oak", "City"}
    write_stability(halved, tmp_path, zones=zones)
    text = (tmp_path / "stability.html").read_text(encoding="utf-8")
    assert "1 town without a place could not be drawn." in text
    assert "drawn for the eye" not in text


def test_no_place_at_all_is_refused():
    with pytest.raises(ParameterError, match="no town has a place"):
        town_sheet(BETWEEN.town_ids, TOWNS[["name"]])


def test_layers_open_with_their_styles(written):
    towns = geopandas.read_file(written / "certainty.gpkg", layer="towns")
    areas = geopandas.read_file(written / "certainty.gpkg", layer="areas")
    assert towns.set_index("town_id")["certainty"].to_dict() == {
        "ash": 0.5,
        "birch": 0.5,
        "city": 1,
    }
    assert areas["area_id"].to_list() == ["ash", "city"]
    assert towns.crs == areas.crs == "EPSG:4326"
    with closing(sqlite3.connect(written / "certainty.gpkg")) as database:
        styles = dict(database.execute("SELECT f_table_name, styleQML FROM layer_styles"))
    assert set(styles) == {"towns", "areas"}
    style = ElementTree.fromstring(styles["towns"].partition("\n")[2])  # noqa: S314 - our own
    bounds = [(float(r.get("lower")), float(r.get("upper"))) for r in style.iter("range")]
    assert bounds == [(0.95, 1.0), (0.8, 0.95), (0.5, 0.8), (0.0, 0.5)]


@pytest.mark.parametrize(
    ("share", "least", "told"),
    [
        (1.0, 0.95, "in 95 % or more"),
        (0.95, 0.95, "in 95 % or more"),
        (0.949, 0.8, "in 80 to 95 %"),
        (0.5, 0.5, "in 50 to 80 %"),
        (0.0, 0.0, "in less than 50 %"),
    ],
)
def test_every_share_has_its_class(share, least, told):
    assert class_of(share) == least
    assert class_words(least) == told


def titles(drawing: str) -> list[str]:
    tree = ElementTree.fromstring(drawing)  # noqa: S314 - our own drawing
    return [bar.find(f"{SVG}title").text for bar in tree.iter(f"{SVG}rect")]


def test_the_histogram_counts_every_town_once(halved):
    assert titles(certainty_histogram(halved)) == ["2 towns in 50 to 55 %", "1 town in 95 to 100 %"]


def test_the_histogram_puts_a_border_into_the_upper_step(halved):
    """One redrawing of twenty is 5 %; floating point must not make it less."""
    head = np.full((20, 3), 2, dtype=np.int32)
    head[:1, :2] = 0
    drawing = certainty_histogram(replace(halved, head=head))
    assert titles(drawing) == ["2 towns in 5 to 10 %", "1 town in 95 to 100 %"]


def test_the_chart_of_areas_begins_with_the_least_sure(halved):
    drawing = area_certainty_chart(halved)
    assert re.findall(r">([^<]+), [12]</text>", drawing) == ["Ash &amp; Oak", "City"]
    assert "Ash &amp; Oak: towns in it in 50.0" in drawing


def test_the_chart_of_areas_says_what_it_leaves_out():
    sure = stability_of_areas(
        random_flows(3, 120), SMALL.model_copy(update={"min_workers": 50.0}), draws=3
    )
    n_areas = sure.outcome.n_areas
    assert n_areas > 30
    assert f"30 of {n_areas} areas, the least sure" in area_certainty_chart(sure)


def test_the_chart_of_redrawings_counts_them(halved):
    drawing = redrawings_chart(halved)
    assert titles(drawing) == ["5 redrawings of 1 area", "5 redrawings of 2 areas"]
    assert "2 as counted" in drawing


def test_many_numbers_of_areas_share_bars(halved):
    table = halved.redrawings.assign(n_areas=np.arange(10) * 100)
    drawing = redrawings_chart(replace(halved, redrawings=table))
    assert len(titles(drawing)) == 10
    assert "1 redrawing of 0 to 15 areas" in drawing


def test_one_number_of_areas_is_one_bar(halved):
    table = halved.redrawings.assign(n_areas=2)
    assert titles(redrawings_chart(replace(halved, redrawings=table))) == [
        "10 redrawings of 2 areas"
    ]


def test_the_sweep_has_a_mark_for_each_set(swept):
    tree = ElementTree.fromstring(sweep_chart(swept))  # noqa: S314 - our own drawing
    told = [m.find(f"{SVG}title").text for m in tree.iter(f"{SVG}circle") if len(m)]
    assert len(told) == 6
    assert told[0] == (
        "2 areas, 99.7\u00a0% inside: least working residents 50, target self-containment 0.7"
    )


def test_effects_stand_in_the_order_of_their_influence(swept):
    drawing = effects_chart(swept)
    assert drawing.index("least working residents") < drawing.index("target self-containment")
    assert "least working residents 150: 1 areas" in drawing


def test_no_areas_at_all_still_make_a_page(tmp_path):
    nothing = FlowMatrix(("ash", "birch"), np.zeros((2, 2)))
    sure, sweep = stability_of_areas(nothing, draws=2), sweep_parameters(nothing)
    write_stability(sure, tmp_path, sweep=sweep)
    text = (tmp_path / "stability.html").read_text(encoding="utf-8")
    assert "There are no areas." in text
    assert "0 labour market areas as counted; 0 in nine redrawings of ten." in text
    assert "nan" not in text.partition("<main>")[2]


def test_nobody_without_towns(tmp_path):
    nobody = FlowMatrix((), np.zeros((0, 0)))
    write_stability(stability_of_areas(nobody, draws=2), tmp_path)
    assert read(tmp_path / "towns.csv").empty
