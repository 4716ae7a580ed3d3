"""What a fault names as an option is an option of the command, and mends the file."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pytest
from openpyxl import Workbook
from shapely.geometry import box
from typer.testing import CliRunner, Result

from comarca.cli import app

PAIRS = (("01", "01", 900), ("01", "02", 100), ("02", "02", 1500), ("02", "01", 50))
COMMANDS = (("areas",), ("areas-by", "intramax", "--n-areas", "1"))
every_command = pytest.mark.parametrize("command", COMMANDS, ids=lambda words: words[-1])


def run(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


def csv_of(pairs: object, *, separator: str = ",") -> str:
    rows = [("origin", "destination", "persons"), *pairs]
    return "".join(separator.join(map(str, row)) + "\n" for row in rows)


@pytest.fixture
def flows(tmp_path: Path) -> Path:
    file = tmp_path / "flows.csv"
    file.write_text(csv_of(PAIRS), encoding="utf-8")
    return file


def mends(tmp_path: Path, command: tuple[str, ...], files: tuple[object, ...], *option: str) -> str:
    """The command refuses the files, naming the option, and takes them with it."""
    words = [*command, *files, "-o", tmp_path / "areas.csv"]
    before = run(*words)
    assert before.exit_code == 2, before.output
    assert not (tmp_path / "areas.csv").exists()
    after = run(*words, *option)
    assert after.exit_code == 0, after.output
    return before.output


@every_command
def test_encoding(tmp_path, command):
    file = tmp_path / "flows.csv"
    pairs = [
        (origin.replace("01", "Ñuñoa"), to.replace("01", "Ñuñoa"), n) for origin, to, n in PAIRS
    ]
    file.write_bytes(csv_of(pairs).encode("cp1252"))

    assert "option encoding" in mends(tmp_path, command, (file,), "--encoding", "cp1252")
    assert "Ñuñoa" in (tmp_path / "areas.csv").read_text(encoding="utf-8")


@every_command
def test_decimal_mark(tmp_path, command):
    file = tmp_path / "flows.csv"
    pairs = [(origin, to, f"{n % 1000 or 1}.234") for origin, to, n in PAIRS]
    file.write_text(csv_of(pairs, separator=";"), encoding="utf-8")

    assert "option decimal" in mends(tmp_path, command, (file,), "--decimal", ",")


@every_command
def test_sheet(tmp_path, command):
    book = Workbook()
    for year, factor in ((2001, 1), (2011, 2)):
        sheet = book.create_sheet(str(year))
        sheet.append(["origin", "destination", "persons"])
        for origin, to, n in PAIRS:
            sheet.append([origin, to, n * factor])
    del book["Sheet"]
    book.save(tmp_path / "flows.xlsx")

    files = (tmp_path / "flows.xlsx",)
    assert "option sheet" in mends(tmp_path, command, files, "--sheet", "2011")


@every_command
def test_sheet_of_towns(tmp_path, flows, command):
    book = Workbook()
    for title in ("census", "estimate"):
        sheet = book.create_sheet(title)
        sheet.append(["town_id", "name"])
        for town in ("01", "02"):
            sheet.append([town, f"Town {town}"])
    del book["Sheet"]
    book.save(tmp_path / "towns.xlsx")

    files = (flows, "--towns", tmp_path / "towns.xlsx")
    assert "option sheet" in mends(tmp_path, command, files, "--towns-sheet", "census")


@every_command
def test_layer(tmp_path, flows, command):
    for layer, side in (("coast", 1.0), ("inland", 0.9)):
        shapes(side).to_file(tmp_path / "zones.gpkg", layer=layer)

    files = (flows, "--zones", tmp_path / "zones.gpkg")
    assert "option layer" in mends(tmp_path, command, files, "--layer", "inland")


@every_command
def test_coordinate_system(tmp_path, flows, command):
    shapes(1.0).to_file(tmp_path / "zones.shp")
    (tmp_path / "zones.prj").unlink()

    files = (flows, "--zones", tmp_path / "zones.shp")
    assert "option crs" in mends(tmp_path, command, files, "--crs", "EPSG:4326")


def shapes(side: float) -> gpd.GeoDataFrame:
    boxes = [box(x, 0, x + side, 1) for x in (0, 1)]
    return gpd.GeoDataFrame({"town_id": ["01", "02"]}, geometry=boxes, crs="EPSG:4326")


@every_command
def test_an_option_that_speaks_of_no_file_is_refused(tmp_path, flows, command):
    told = run(
        *command, flows, "-o", tmp_path / "areas.csv", "--layer", "inland", "--towns-sheet", "x"
    )

    assert told.exit_code == 2
    assert "--layer speaks of ZONES; expected --zones too" in told.output
    assert "--towns-sheet speaks of TOWNS; expected --towns too" in told.output
    assert not (tmp_path / "areas.csv").exists()


def test_compared_tables_may_stand_in_sheets_of_one_workbook(tmp_path):
    book = Workbook()
    for title, area in (("before", "A"), ("after", "B")):
        sheet = book.create_sheet(title)
        sheet.append(["town_id", "area_id"])
        sheet.append(["01", "A"])
        sheet.append(["02", area])
    del book["Sheet"]
    book.save(tmp_path / "areas.xlsx")
    both = (tmp_path / "areas.xlsx", tmp_path / "areas.xlsx", "-o", tmp_path / "out")

    assert run("compare-areas", *both).exit_code == 2
    told = run("compare-areas", *both, "--sheet", "before", "--sheet-b", "after")
    assert told.exit_code == 0, told.output
