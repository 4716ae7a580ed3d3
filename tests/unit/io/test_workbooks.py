"""Regions in one workbook or one GeoPackage."""

import geopandas as gpd
import openpyxl
import pandas as pd
import pyogrio
import pytest

from comarca.errors import OutputError, RegionError
from comarca.examples import four_towns
from comarca.io import check_report, read_region, write_region
from comarca.model.region import Region

TOWNS = [
    ["town_id", "name", "lat", "lon", "population"],
    ["09001", "Ash", 47.0, 20.0, 40_000],
    ["20039", "Birch", 47.1, 20.1, 5_000],
]


def workbook(path, towns=TOWNS, settings=(("name", "Sierra"), ("country", "mx")), **formats):
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "region"
    for row in settings:
        sheet.append(row)
    sheet = book.create_sheet("towns")
    for row in towns:
        sheet.append(row)
    for cell, number_format in formats.items():
        sheet[cell].number_format = number_format
    book.save(path)
    return path


def assert_same(one: Region, other: Region) -> None:
    pd.testing.assert_frame_equal(one.towns, other.towns)
    assert set(one.tables) == set(other.tables)
    for name, table in one.tables.items():
        pd.testing.assert_frame_equal(table, other.tables[name])
    for setting in ("name", "country", "currency", "price_year", "usd_exchange_rate", "sources"):
        assert getattr(one, setting) == getattr(other, setting)


@pytest.mark.parametrize(("kind", "name"), [("csv", "r"), ("xlsx", "r.xlsx"), ("gpkg", "r.gpkg")])
def test_a_region_written_and_read_is_the_same(tmp_path, kind, name):
    region = four_towns()
    again = read_region(write_region(region, tmp_path / name, format=kind))

    assert_same(region, again)
    assert again.warnings == ()


@pytest.mark.parametrize(("kind", "name"), [("csv", "r"), ("xlsx", "r.xlsx"), ("gpkg", "r.gpkg")])
def test_writing_never_replaces_what_is_there(tmp_path, kind, name):
    write_region(four_towns(), tmp_path / name, format=kind)

    with pytest.raises(OutputError):
        write_region(four_towns(), tmp_path / name, format=kind)


def test_a_workbook_alone_carries_its_settings_in_a_sheet(tmp_path):
    settings = (
        ("key", "value"),
        ("name", "Sierra"),
        ("country", "mx"),
        ("currency", "MXN"),
        ("price_year", 2024),
        ("usd_exchange_rate", 18.5),
        ("sources", "INEGI"),
        ("sources", "own survey"),
    )
    region = read_region(workbook(tmp_path / "r.xlsx", settings=settings))

    assert (region.country, region.currency, region.price_year) == ("MX", "MXN", 2024)
    assert region.usd_exchange_rate == 18.5
    assert region.sources == ("INEGI", "own survey")
    assert region.town_ids == ("09001", "20039")


def test_a_folder_may_hold_its_tables_in_one_workbook(tmp_path):
    workbook(tmp_path / "tables.xlsx", settings=())
    (tmp_path / "region.toml").write_text('name = "Sierra"\n')

    assert read_region(tmp_path).name == "Sierra"


def test_a_workbook_without_settings_is_refused(tmp_path):
    with pytest.raises(RegionError, match="name is missing"):
        read_region(workbook(tmp_path / "r.xlsx", settings=()))


def test_a_code_shown_with_leading_zeros_keeps_them(tmp_path):
    towns = [TOWNS[0], [9001, *TOWNS[1][1:]], [20039, *TOWNS[2][1:]]]
    region = read_region(workbook(tmp_path / "r.xlsx", towns, A2="00000", A3="00000"))

    assert region.town_ids == ("09001", "20039")
    assert region.warnings == ()


def test_a_plain_number_as_a_code_is_read_and_told(tmp_path):
    towns = [TOWNS[0], [9001, *TOWNS[1][1:]], [20039, *TOWNS[2][1:]]]
    region = read_region(workbook(tmp_path / "r.xlsx", towns))

    assert region.town_ids == ("9001", "20039")
    assert [(w.place, w.value) for w in region.warnings] == [
        ("r.xlsx sheet towns row 2", "the number 9001 and 1 more")
    ]


def test_a_code_shown_in_another_way_than_it_is_held_is_refused(tmp_path):
    towns = [TOWNS[0], [9001, *TOWNS[1][1:]], TOWNS[2]]

    with pytest.raises(RegionError, match="shown as #,##0"):
        read_region(workbook(tmp_path / "r.xlsx", towns, A2="#,##0"))


def test_numbers_typed_as_text_are_read(tmp_path):
    towns = [TOWNS[0], ["a", "Ash", "47,5", "20,25", "40000"], ["b", "Birch", "47,1", "20,1", 5]]
    region = read_region(workbook(tmp_path / "r.xlsx", towns))

    assert region.towns["lat"].tolist() == [47.5, 47.1]


def test_rows_count_as_the_spreadsheet_shows_them(tmp_path):
    towns = [TOWNS[0], TOWNS[1], [None] * 5, ["20039", "Birch", 47.1, 20.1, -5]]

    faults = check_report(workbook(tmp_path / "r.xlsx", towns)).faults

    assert [fault.place for fault in faults] == ["r.xlsx sheet towns row 4"]


def test_a_sheet_nobody_knows_is_told_and_notes_are_not(tmp_path):
    path = workbook(tmp_path / "r.xlsx")
    book = openpyxl.load_workbook(path)
    book.create_sheet("Charts of 2024")
    book.create_sheet("_notes")
    book.save(path)

    assert [w.value for w in read_region(path).warnings] == ['named "Charts of 2024"']


def geopackage(path, frame, crs="EPSG:4326"):
    frame.to_crs(crs).to_file(path, layer="towns", driver="GPKG")
    pd.DataFrame({"key": ["name"], "value": ["Sierra"]}).pipe(gpd.GeoDataFrame).to_file(
        path, layer="region", driver="GPKG"
    )
    return path


def points(**columns):
    places = gpd.points_from_xy([20.0, 20.1], [47.0, 47.1], crs="EPSG:4326")
    return gpd.GeoDataFrame(columns, geometry=places)


def test_towns_may_be_points_in_any_projection(tmp_path):
    frame = points(town_id=["09001", "20039"], name=["Ash", "Birch"], population=[40_000, 5_000])
    region = read_region(geopackage(tmp_path / "r.gpkg", frame, crs="EPSG:32634"))

    assert region.town_ids == ("09001", "20039")
    assert region.towns["lat"].tolist() == pytest.approx([47.0, 47.1], abs=1e-9)
    assert region.towns["lon"].tolist() == pytest.approx([20.0, 20.1], abs=1e-9)


def test_codes_held_as_numbers_in_a_layer_are_told(tmp_path):
    frame = points(town_id=[9001, 20039], name=["Ash", "Birch"], population=[40_000, None])
    report = check_report(geopackage(tmp_path / "r.gpkg", frame))

    assert [fault.object for fault in report.faults] == ["population of 20039"]
    assert [warning.object for warning in report.warnings] == ["town_id"]


def test_a_folder_that_is_not_there_is_a_fault(tmp_path):
    with pytest.raises(RegionError, match="missing"):
        read_region(tmp_path / "nowhere")


def test_a_file_of_another_kind_is_a_fault(tmp_path):
    (tmp_path / "towns.pdf").write_bytes(b"%PDF")

    with pytest.raises(RegionError, match="another kind"):
        read_region(tmp_path / "towns.pdf")


def test_a_title_above_the_header_is_one_fault(tmp_path):
    with pytest.raises(RegionError) as caught:
        read_region(workbook(tmp_path / "r.xlsx", [["Towns 2020"], *TOWNS]))

    (fault,) = caught.value.faults
    assert fault.place == "r.xlsx sheet towns row 1"
    assert fault.value == '"towns 2020"'
    assert "town_id" in fault.expectation


def test_a_workbook_with_an_empty_chart_is_refused_without_a_traceback(tmp_path):
    """openpyxl fails on a sheet of charts that names no drawing."""
    path = workbook(tmp_path / "r.xlsx")
    book = openpyxl.load_workbook(path)
    book.create_chartsheet("Chart1")
    book.save(path)

    with pytest.raises(RegionError, match="not a workbook"):
        read_region(path)


def test_a_workbook_named_without_its_folder_is_told_to_have_one(tmp_path):
    path = workbook(tmp_path / "tables.xlsx", settings=())
    book = openpyxl.load_workbook(path)
    del book["region"]
    book.save(path)
    (tmp_path / "region.toml").write_text('name = "Sierra"\n')

    with pytest.raises(RegionError, match="or name the folder"):
        read_region(path)


def test_a_long_code_stored_as_a_number_keeps_every_digit(tmp_path):
    codes = [2**53 + 1, 2**53 + 3]  # the first whole numbers that a float cannot hold
    towns = gpd.GeoDataFrame(
        {"town_id": codes, "name": ["Ash", "Birch"], "population": [900, 500]},
        geometry=gpd.points_from_xy([20.0, 20.1], [47.0, 47.1]),
        crs="EPSG:4326",
    )
    towns.to_file(tmp_path / "r.gpkg", layer="towns")
    settings = pd.DataFrame({"key": ["name", "country"], "value": ["Sierra", "mx"]})
    pyogrio.write_dataframe(settings, tmp_path / "r.gpkg", layer="region", append=True)

    assert list(read_region(tmp_path / "r.gpkg").town_ids) == [str(code) for code in codes]
