"""The report on labour market areas: whole, self-contained, and true to the areas it is of."""

import html
import re
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

import numpy as np
import openpyxl
import pandas as pd
import pyogrio
import pytest
import shapely

from area_world import PERSONS, RULE, TOWNS, flows, results, squares, towns
from comarca.errors import Fault, OutputError
from comarca.model.agreement import compare_partitions
from comarca.model.contiguity import Contiguity
from comarca.model.zones import Zones
from comarca.report import AREA_FILES, write_area_report
from comarca.report.area_cautions import cautions
from comarca.report.area_map import AreaMap
from comarca.report.area_method import AreaMethod
from comarca.report.sections import Prose, Section
from comarca.report.town_sheet import town_sheet
from unit.report import test_rank_report as rank_report

SVG = "{http://www.w3.org/2000/svg}"


def page_of(folder, made=None, **given):
    write_area_report(made or results(), folder, **given)
    return (folder / "areas.html").read_text(encoding="utf-8")


def words_of(page):
    """The page as a reader sees it."""
    bare = re.sub(r"<(style|script|svg).*?</\1>", " ", page, flags=re.DOTALL)
    return re.sub(r"\s+", " ", html.unescape(re.sub("<[^>]+>", " ", bare)))


def sheet_of(folder, name):
    book = openpyxl.load_workbook(folder / "areas.xlsx")
    return [list(row) for row in book[name].iter_rows(values_only=True)]


def statement(made):
    method = AreaMethod(made)
    told = [*method.data(), *method.rule(), method.formula(), *method.steps(), method.software()]
    return " ".join(told).replace("\u00a0", " ")


def test_every_file_is_written_and_named(tmp_path):
    files = write_area_report(results(), tmp_path / "out")

    assert [path.name for path in files] == list(AREA_FILES)
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(AREA_FILES)
    assert (tmp_path / "out" / "areas.pdf").read_bytes().startswith(b"%PDF")


def test_the_same_areas_give_the_same_bytes(tmp_path):
    for folder in ("one", "two"):
        write_area_report(results(), tmp_path / folder)
    for name in AREA_FILES:
        one, two = ((tmp_path / folder / name).read_bytes() for folder in ("one", "two"))
        assert one == two, name


def test_a_date_stands_only_where_it_is_given(tmp_path):
    made = datetime(2024, 5, 6, tzinfo=UTC)

    assert "6 May 2024" in words_of(page_of(tmp_path / "dated", results(made=made)))
    assert not re.search(r"\b20(00|2[3-9])\b", words_of(page_of(tmp_path / "undated")))


def test_the_page_fetches_nothing(tmp_path):
    page = page_of(tmp_path)

    assert not re.search(r"""(?:src|href)\s*=\s*["'](?!#|data:)""", page)
    assert "@import" not in page
    assert "url(http" not in page


def test_codes_keep_their_zeros_and_names_are_only_names(tmp_path):
    page = page_of(tmp_path)

    assert "Ash (001)" in page
    assert "<Cedar>" not in page
    assert "&lt;Cedar&gt;" in page
    assert sheet_of(tmp_path, "Towns")[1][:4] == ["001", "Ash", "100", "<Cedar>"]


def test_the_answer_tells_the_whole(tmp_path):
    told = words_of(page_of(tmp_path))

    assert "2 labour market areas of 4 towns." in told
    assert "96.2 % of their working residents work in the area they live in" in told  # 1760/1830
    assert "1 town lies in no area: 1 without flows to judge by, 0 linked with none." in told


def test_areas_stand_with_their_figures_the_largest_first(tmp_path):
    page_of(tmp_path)
    head, first, second = sheet_of(tmp_path, "Areas")
    area = dict(zip(head, first, strict=True))

    assert (first[0], second[0]) == ("100", "200")
    assert area["Towns"] == 2
    assert area["Working residents"] == 1040
    assert area["Live and work there"] == 1010
    assert area["Self-containment, residents"] == pytest.approx(1010 / 1040)
    assert area["Self-containment, jobs"] == pytest.approx(1010 / 1050)
    assert (area["Out-commuters"], area["In-commuters"]) == (30, 40)
    assert area["Meets the rule"] == "yes"


def test_towns_tell_how_they_came_to_their_area(tmp_path):
    page_of(tmp_path)
    head, *rows = sheet_of(tmp_path, "Towns")
    place = head.index("Place in the area")
    share = head.index("Of its residents, work in the area")

    assert [row[place] for row in rows] == [
        "member",
        "member",
        "head",
        "head",
        "in no area: no flows to judge by",
    ]
    assert [row[share] for row in rows][:4] == pytest.approx([1, 1, 910 / 940, 700 / 740])
    assert rows[4][share] is None


def test_every_flow_between_areas_is_in_the_workbook_and_none_within_on_the_page(tmp_path):
    page = page_of(tmp_path)
    _, *rows = sheet_of(tmp_path, "Flows")

    assert sum(row[4] for row in rows) == PERSONS.sum()
    table = page[page.index("Largest flows between areas") :]
    assert re.findall(r'<data value="([\d.]+)">', table[: table.index("</table>")])[::2] == [
        "40.0",
        "30.0",
    ]


def test_without_names_codes_stand_alone(tmp_path):
    nameless = results(towns=towns().drop(columns="name"))
    page = page_of(tmp_path, nameless)
    head, *_ = sheet_of(tmp_path, "Towns")

    assert "Town" not in head
    assert "Ash" not in words_of(page)


def test_without_places_there_is_no_map_and_the_page_says_why(tmp_path):
    placeless = results(towns=None)
    files = write_area_report(placeless, tmp_path)

    assert "areas.gpkg" not in [path.name for path in files]
    told = words_of((tmp_path / "areas.html").read_text(encoding="utf-8"))
    assert "There is no map, since no places of towns were given" in told


def test_a_map_of_an_earlier_run_does_not_stay_beside_other_areas(tmp_path):
    write_area_report(results(), tmp_path)
    write_area_report(results(towns=None), tmp_path)

    assert not (tmp_path / "areas.gpkg").exists()


def map_of(made):
    sheet = town_sheet(made.areas.partition.town_ids, made.towns, zones=made.zones)
    return AreaMap(made.areas.partition, sheet, made.names, made.ranking)


def test_the_map_colours_neighbours_apart_and_hatches_towns_in_no_area():
    drawn = map_of(results(zones=squares()))
    picture = ET.fromstring(drawn.draw())  # noqa: S314 - our own
    fill_of = {
        title.text: group.get("fill")
        for group in picture.iter(f"{SVG}g")
        for path in group.findall(f"{SVG}path")
        for title in path.findall(f"{SVG}title")
    }

    assert set(fill_of) == {
        "Ash (001): area of <Cedar>",
        "<Cedar> (100): area of <Cedar>",
        "Dale (200): area of Dale",
        "Birch (002): area of Dale",
        "lone (lone): in no area",
    }
    of_cedar, of_dale = (fill_of[f"{t}: area of {a}"] for t, a in _HEADS)
    assert fill_of["Ash (001): area of <Cedar>"] == of_cedar != of_dale
    assert fill_of["lone (lone): in no area"] == "url(#map-areas-hatch)"
    assert "in no area" in [text.text for text in picture.iter(f"{SVG}text")]


_HEADS = (("<Cedar> (100)", "<Cedar>"), ("Dale (200)", "Dale"))


def test_heads_are_named_on_the_map():
    picture = ET.fromstring(map_of(results()).draw())  # noqa: S314 - our own

    assert {"<Cedar>", "Dale"} <= {text.text for text in picture.iter(f"{SVG}text")}


def test_a_town_of_many_parts_is_marked_on_the_largest():
    shapes = squares().shapes.copy()
    islets = [shapely.box(20 + at, 45, 20.01 + at, 45.01) for at in range(5)]
    shapes[TOWNS.index("100")] = shapely.MultiPolygon([*islets, shapes[TOWNS.index("100")]])
    zones = Zones(town_ids=TOWNS, shapes=shapes, crs="EPSG:4326")
    sheet = town_sheet(TOWNS, None, zones=zones)

    lon, _ = sheet.sheet.degrees(sheet.places)[TOWNS.index("100")]
    assert 10.1 < lon < 10.2


def test_a_town_without_a_place_is_told(tmp_path):
    page = page_of(tmp_path, results(zones=squares(TOWNS[:4])))

    assert "1 town without a place could not be drawn." in words_of(page)


def test_layers_are_dissolved_from_the_shapes(tmp_path):
    write_area_report(results(zones=squares()), tmp_path)
    areas = pyogrio.read_dataframe(tmp_path / "areas.gpkg", layer="areas").set_index("area_id")
    places = pyogrio.read_dataframe(tmp_path / "areas.gpkg", layer="towns").set_index("town_id")

    assert areas.loc["100", "n_towns"] == 2
    assert areas.loc["100", "residents"] == 1040
    joined = shapely.union_all(squares(("001", "100")).shapes)
    assert shapely.equals(shapely.normalize(areas.loc["100"].geometry), joined)
    assert places.loc["001", ["area_id", "status"]].tolist() == ["100", "member"]
    assert pd.isna(places.loc["lone", "area_id"])


def test_without_shapes_towns_are_points_and_areas_their_heads(tmp_path):
    write_area_report(results(), tmp_path)
    layers = dict(pyogrio.list_layers(tmp_path / "areas.gpkg"))

    assert layers == {"towns": "Point", "heads": "Point", "layer_styles": None}
    heads = pyogrio.read_dataframe(tmp_path / "areas.gpkg", layer="heads")
    assert heads["area_id"].tolist() == ["100", "200"]
    assert heads.geometry.iloc[0].x == pytest.approx(10.2)


def test_the_statement_puts_the_numbers_in():
    told = statement(results())

    assert "1,855 daily workers by town of residence and town of work, counted" in told
    assert "With 1,000 or more working residents it needs a self-containment of 60 %" in told
    assert "with 100 one of 75 %" in told
    assert "v = min(c / 0.75, 1) × [1 − (1 − 0.6 / 0.75) × max(1,000 − L, 0) / 900]" in told
    assert "Took no part, and remained without an area: 1 town." in told
    assert "Contiguity was not required" in told
    assert f"flows.csv, SHA-256 {'ab' * 32}" in told


@pytest.mark.parametrize(
    ("residents", "share", "is_area"),
    [(1000, 0.6, True), (1000, 0.599, False), (100, 0.75, True), (100, 0.74, False)],
)
def test_the_statement_says_what_the_rule_does(residents, share, is_area):
    """The two corners that the sentence names are those of the formula."""
    from comarca.commuting.areas import AreaParams
    from comarca.commuting.areas.engine.validity import validity

    found = validity(residents * share, residents, residents, AreaParams(**RULE).rule)
    assert (found >= 1 - 1e-12) == is_area


@pytest.mark.parametrize(
    ("variant", "told", "not_told"),
    [
        ("euro", "Eurostat’s study", "R package"),
        ("euro-r34", "as the R package LabourMarketAreas, version 3.4", "broken up whole"),
        ("classic", "broken up whole", "reserve list"),
    ],
)
def test_each_variant_has_its_statement(variant, told, not_told):
    text = statement(results(rule={"variant": variant}))

    assert told in text
    assert not_told not in text
    assert f"variant “{variant}”" in text


def test_additions_to_the_packages_rule_are_owned_up():
    assert "goes beyond the package" in statement(
        results(rule={"variant": "euro-r34", "repair": True})
    )
    assert "goes beyond the package" not in statement(results(rule={"variant": "euro-r34"}))


def test_the_packages_cluster_numbers_stand_beside_codes(tmp_path):
    page_of(tmp_path, results(rule={"variant": "euro-r34"}))
    head, first, second = sheet_of(tmp_path, "Areas")

    assert head[:3] == ["Code", "Area", "Cluster"]
    assert (first[2], second[2]) == ("3", "4")


def test_one_size_for_both_is_told_as_a_step():
    told = statement(results(rule={"min_workers": 500, "target_workers": 500}))

    assert "has 500 or more working residents and a self-containment of at least 60 %" in told
    assert "L ≥ 500" in told


def test_constraints_are_told():
    near = np.diag(np.ones(4, dtype=bool), 1)
    contiguity = Contiguity(town_ids=TOWNS, adjacent=near | near.T, source="polygons")
    options = {"contiguity": contiguity, "borders": {"001": "N", "100": "N"}, "centres": ["200"]}
    told = statement(results(options=options, rule={"min_flow": 5}, **options))

    assert "Contiguity was required by the shapes of the map" in told
    assert "so did 1 town." in told  # lone; 001 and 002 border on nobody of their own division
    assert "No area crosses from one to another of 1 given divisions." in told
    assert "kept whatever their validity: Dale (200)." in told
    assert "5 or more persons travel between the two" in told


def test_estimated_flows_are_called_an_illustration(tmp_path):
    told = words_of(page_of(tmp_path, results(is_observed=False)))

    assert "An illustration" in told
    assert "estimated by a model" in told
    assert "no finding about the region" in told


def test_an_area_below_the_rule_is_named_and_marked(tmp_path):
    """Birch is kept as an area, although 20 of its 50 workers leave it."""
    made = results(options={"centres": ["002", "200"]}, centres=["002", "200"])
    assert made.overview.n_below_rule == 1
    told = words_of(page_of(tmp_path, made))

    assert "Meets the rule" in told
    assert "Birch (002)" in " ".join(cautions(made))
    assert "1 area fell below the rule in the end" in told


def test_what_was_noticed_in_the_files_is_told():
    noticed = Fault(place="flows.csv", object="1 town", value="without flows: lone", expectation="")
    assert any("without flows: lone" in told for told in cautions(results(warnings=[noticed])))


def test_nobody_travels_is_a_report_too(tmp_path):
    made = results(persons=np.diag([5, 5, 5, 5, 5]))
    files = write_area_report(made, tmp_path)

    told = words_of((tmp_path / "areas.html").read_text(encoding="utf-8"))
    assert "0 labour market areas of 0 towns." in told
    assert "No group of towns is large and closed enough" in told
    assert len(files) == len(AREA_FILES)


def test_an_empty_table_is_a_report_too(tmp_path):
    made = results(persons=np.zeros((5, 5), dtype=int))
    assert "The table of commuters holds nobody." in words_of(page_of(tmp_path, made))


def test_fractions_of_persons_are_told():
    assert "rounded to 2⁻²⁰" in statement(results(persons=PERSONS * 0.3))


def test_an_official_delineation_stands_beside(tmp_path):
    made = results()
    other = results(rule={"variant": "classic", "min_workers": 900})
    both = compare_partitions(
        made.areas.partition,
        other.areas.partition,
        dict(zip(TOWNS, flows().workers.tolist(), strict=True)),
    )
    page = page_of(tmp_path, made, comparison=both)

    assert 'id="map-differences-title"' in page
    assert "Areas of the official areas" in page
    assert "Adjusted Rand index" in words_of(page)


def test_rank_laws_of_areas_stand_in_a_section(tmp_path):
    page = page_of(tmp_path, ranks=[rank_report.halves()])

    assert page.index('id="ranks-0"') < page.index('id="method"')
    assert "Criterion C of each area" in words_of(page)


def test_further_sections_stand_before_the_method(tmp_path):
    more = Section("sure", "How sure this is", (Prose("Very sure."),))
    page = page_of(tmp_path, more=[more])

    assert page.index('id="sure"') < page.index('id="method"')
    assert "Very sure." in page


def test_results_leave_an_old_report_whole_when_they_fail(tmp_path):
    write_area_report(results(), tmp_path)
    before = (tmp_path / "areas.html").read_bytes()
    (tmp_path / "areas.xlsx").unlink()
    (tmp_path / "areas.xlsx").mkdir()

    with pytest.raises(OutputError, match="folder"):
        write_area_report(results(title="New"), tmp_path)
    assert (tmp_path / "areas.html").read_bytes() == before


def test_every_table_of_the_page_tells_figures_as_numbers(tmp_path):
    """So that sorting takes 1,040 for more than 790."""
    page = page_of(tmp_path)
    table = page[page.index("Areas, the largest first") :]
    assert '<data value="1040.0">1,040</data>' in table[: table.index("</table>")]
