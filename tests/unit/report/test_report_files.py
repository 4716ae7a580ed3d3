"""Workbook, document and layers, opened again as a reader would."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from xml.etree import ElementTree

import geopandas
import pytest
from openpyxl import load_workbook

from comarca.errors import ParameterError
from comarca.report import FORMATS, write_report
from comarca.report.fonts import unreadable
from unit.report.sample_plans import empty_plan, plan_for, region_of, small_plan

LAYERS = {"towns", "areas", "bases", "workshops", "ties", "routes"}


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("report")
    write_report(small_plan(), folder)
    return folder


def test_all_files_are_there_and_nothing_else(written):
    assert {path.name for path in written.iterdir()} == {
        "report.html",
        "report.pdf",
        "plan.xlsx",
        "plan.gpkg",
    }


def test_a_format_nobody_knows_is_refused_before_anything_is_written(tmp_path):
    with pytest.raises(ParameterError, match="docx"):
        write_report(small_plan(), tmp_path / "out", ["html", "docx"])
    assert not (tmp_path / "out").exists()


def test_workbook_keeps_codes_numbers_units_and_heads(written):
    book = load_workbook(written / "plan.xlsx")
    assert book.sheetnames[0] == "Summary"
    assert {"Towns", "Areas", "Workshops", "Ties", "Routes", "Ledgers"} <= set(book.sheetnames)
    assert {"Cost to serve", "Break-even", "Reach", "Assumed", "Sources"} <= set(book.sheetnames)
    towns = book["Towns"]
    assert [cell.value for cell in towns["A"][1:3]] == ["01", "04"]
    assert towns["A2"].number_format == "@"
    assert towns["C1"].value == "Population (persons)"
    assert towns["C2"].value == 52_000
    assert "†" in towns["F2"].number_format  # jobs were assumed, and stay a number
    assert isinstance(towns["F2"].value, int | float)
    for sheet in book:
        assert sheet.freeze_panes
        assert sheet.auto_filter.ref


def test_workbook_holds_the_plans_figures(written):
    plan = small_plan()
    rows = list(
        load_workbook(written / "plan.xlsx")["Ledgers"].iter_rows(min_row=2, values_only=True)
    )
    assert sum(row[-1] for row in rows) == pytest.approx(
        plan.comparison.ledgers["amount_per_year"].sum()
    )


def test_a_name_like_a_formula_stays_a_name(tmp_path):
    towns = [("1", "=1+1", 17.0, -96.7, 52_000), ("2", "@home", 17.1, -96.6, 9_000)]
    towns += [("3", "Cedar", 17.2, -96.5, 8_000)]
    write_report(plan_for(region_of(towns), bases=1, shops=1), tmp_path, ["xlsx"])
    cell = load_workbook(tmp_path / "plan.xlsx")["Towns"]["B2"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")


def test_layers_are_valid_and_in_degrees(written):
    names = set(geopandas.list_layers(written / "plan.gpkg")["name"])
    assert names >= LAYERS
    for name in LAYERS:
        layer = geopandas.read_file(written / "plan.gpkg", layer=name)
        assert layer.crs.to_epsg() == 4326
        assert len(layer)
        assert layer.geometry.is_valid.all()
    towns = geopandas.read_file(written / "plan.gpkg", layer="towns")
    assert sorted(towns["code"])[0] == "01"
    assert "jobs" in towns["assumed"].iloc[0]


def test_each_layer_has_a_default_style_of_valid_xml(written):
    with closing(sqlite3.connect(written / "plan.gpkg")) as database:
        styles = dict(
            database.execute("SELECT f_table_name, styleQML FROM layer_styles WHERE useAsDefault")
        )
    assert set(styles) == LAYERS
    for name, qml in styles.items():
        root = ElementTree.fromstring(qml)  # noqa: S314 - our own file
        renderer = root.find("renderer-v2")
        assert renderer is not None
        field = renderer.get("attr")
        if field:
            layer = geopandas.read_file(written / "plan.gpkg", layer=name)
            assert field in layer.columns


def test_every_area_has_a_category_of_its_style(written):
    with closing(sqlite3.connect(written / "plan.gpkg")) as database:
        (qml,) = database.execute(
            "SELECT styleQML FROM layer_styles WHERE f_table_name = 'areas'"
        ).fetchone()
    categories = {c.get("value") for c in ElementTree.fromstring(qml).iter("category")}  # noqa: S314
    areas = geopandas.read_file(written / "plan.gpkg", layer="areas")
    assert set(areas["tint"]) <= categories


def test_areas_across_the_date_line_stay_on_the_globe(tmp_path):
    towns = [
        ("w", "West", -16.5, 179.6, 40_000),
        ("e", "East", -16.6, -179.7, 9_000),
        ("s", "South", -16.9, 179.9, 8_000),
    ]
    write_report(plan_for(region_of(towns), heads=1, bases=1, shops=2), tmp_path, ["gpkg", "html"])
    areas = geopandas.read_file(tmp_path / "plan.gpkg", layer="areas")
    routes = geopandas.read_file(tmp_path / "plan.gpkg", layer="routes")
    for layer in (areas, routes):
        west, _, east, _ = layer.total_bounds
        assert west >= -180
        assert east <= 180
        assert layer.geometry.is_valid.all()
    assert all(part.length < 1 for line in routes.geometry for part in line.geoms)  # degrees


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_plan_gives_the_same_bytes(name, tmp_path):
    first = write_report(small_plan(), tmp_path / "one", [name])[0].read_bytes()
    assert write_report(small_plan(), tmp_path / "two", [name])[0].read_bytes() == first


@pytest.mark.parametrize("status", ["empty", "infeasible"])
def test_a_plan_without_workshops_is_still_written_whole(status, tmp_path):
    paths = write_report(empty_plan(status), tmp_path)
    assert all(path.stat().st_size > 1_000 for path in paths)
    assert len(geopandas.read_file(tmp_path / "plan.gpkg", layer="workshops")) == 0


def test_a_file_that_fails_leaves_the_old_one(tmp_path, monkeypatch):
    write_report(small_plan(), tmp_path, ["html"])
    before = (tmp_path / "report.html").read_bytes()
    monkeypatch.setattr("comarca.report.page.map_data", lambda atlas: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        write_report(small_plan(shops=2), tmp_path, ["html"])
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]
    assert (tmp_path / "report.html").read_bytes() == before


def test_names_of_many_scripts_are_written_or_told(tmp_path, monkeypatch):
    towns = [
        ("1", "Нижний Тагил", 57.9, 59.9, 340_000),
        ("2", "松江市", 57.8, 60.2, 9_000),
        ("3", "Ağrı", 57.6, 60.4, 8_000),
    ]
    assert unreadable(name for _, name, *_ in towns[::2]) == ()
    monkeypatch.setattr("comarca.report.fonts._installed_letters", lambda wanted: set())
    assert unreadable(name for _, name, *_ in towns) == ("松江市",)
    plan = plan_for(region_of(towns, name="Урал"), bases=1, shops=1)
    write_report(plan, tmp_path, ["pdf", "xlsx"])
    assert load_workbook(tmp_path / "plan.xlsx")["Towns"]["B3"].value == "松江市"
    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF")


def test_the_document_indexes_many_towns_with_and_without_a_role(tmp_path):
    towns = [(str(n), f"Town {n}", 17 + n / 9, -96.7, 40_000 - 900 * n) for n in range(14)]
    write_report(plan_for(region_of(towns), shops=2), tmp_path, ["pdf"])
    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF")


def test_times_of_the_workbook_are_times_of_day_to_reckon_with(written):
    sheet = load_workbook(written / "plan.xlsx")["Routes"]
    column = [cell.value for cell in sheet[1]].index("Arrives") + 1
    route = next(iter(small_plan().freight.routes))
    comes = timedelta(minutes=route.starts_min + route.trips[0].stops[0].arrive_min)

    cells = [cell for cell in sheet[chr(64 + column)][1:] if cell.value is not None]
    assert {cell.number_format for cell in cells} == {"[hh]:mm"}
    assert any(abs(cell.value - comes) < timedelta(seconds=1) for cell in cells)
