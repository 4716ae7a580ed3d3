"""
Write a region as a folder of CSV files, one workbook or one GeoPackage.

What :func:`comarca.io.read_region` reads from it is the same region: codes keep their zeros,
numbers every digit (a workbook holds sixteen), and what was missing is missing.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from comarca.errors import OutputError
from comarca.io.roads_file import ROADS_FILE, write_roads
from comarca.model.dictionary import attributes, dictionary
from comarca.model.region import Region
from comarca.writing import written_whole

Format = Literal["csv", "xlsx", "gpkg"]


def write_region(region: Region, path: str | Path, *, format: Format = "csv") -> Path:  # noqa: A002  # the word a user expects, as in pandas
    """
    Write a region.

    Parameters
    ----------
    region
        What to write.
    path
        A folder that is new or empty for ``"csv"``; a new file for ``"xlsx"`` and ``"gpkg"``.
    format
        A folder with ``region.toml`` and a CSV file a table, one workbook, or one GeoPackage.

    Returns
    -------
    pathlib.Path
        Where it was written. A run that breaks off leaves nothing there.

    Raises
    ------
    OutputError
        When something stands there already, or nothing can be written there.
    """
    target = Path(path)
    if format == "csv":
        refuse_filled(target)
        with written_whole(target) as unfinished:
            _write_folder(region, unfinished)
        return target
    if target.exists():
        raise OutputError(f"{target} exists already; nothing was written.")
    write = _write_workbook if format == "xlsx" else _write_geopackage
    with written_whole(target.parent) as unfinished:
        write(region, unfinished / target.name)
    return target


def refuse_filled(folder: Path) -> None:
    """Refuse to write into a folder that holds anything, or over a file."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise OutputError(f"{folder} exists already and is not empty; nothing was written.")


def settings_of(region: Region) -> dict[str, Any]:
    """Return the settings that ``region.toml`` holds; what is unknown is left out."""
    settings = {
        "name": region.name,
        "country": region.country,
        "currency": region.currency,
        "price_year": region.price_year,
        "usd_exchange_rate": region.usd_exchange_rate,
        "sources": list(region.sources) or None,
    }
    return {key: value for key, value in settings.items() if value is not None}


def tables_of(region: Region) -> Mapping[str, pd.DataFrame]:
    """Every table with a plain index and only the columns that hold something or are required."""
    tables = {"towns": region.towns.reset_index(), **region.tables}
    return {name: _without_empty(name, tables[name]) for name in dictionary() if name in tables}


def _without_empty(table: str, frame: pd.DataFrame) -> pd.DataFrame:
    kept = [c.name for c in attributes(table) if c.is_required or bool(frame[c.name].notna().any())]
    return frame[kept]


def plain_cell(value: Any) -> str | float | int | bool | None:
    """Turn a value of a typed table into one that files hold; whole numbers without a fraction."""
    if value is None or value is pd.NA or (isinstance(value, float) and value != value):
        return None
    if isinstance(value, str | bool | int):
        return value
    number = float(value)
    return int(number) if number.is_integer() and abs(number) < 2**53 else number


def _write_folder(region: Region, folder: Path) -> None:
    import tomli_w

    (folder / "region.toml").write_text(tomli_w.dumps(settings_of(region)), encoding="utf-8")
    for name, frame in tables_of(region).items():
        write_csv_table(frame, folder / f"{name}.csv")
    if region.roads is not None:
        write_roads(region.roads, folder / ROADS_FILE)


def write_csv_table(frame: pd.DataFrame, path: Path) -> None:
    """Write one typed table with a plain index as a CSV file in UTF-8."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(frame.columns)
        writer.writerows(
            [_csv_text(plain_cell(value)) for value in row]
            for row in frame.itertuples(index=False, name=None)
        )


def _csv_text(cell: str | float | int | bool | None) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    return cell if isinstance(cell, str) else repr(cell)


def _write_workbook(region: Region, path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "region"
    sheet.append(["key", "value"])
    for key, value in _setting_rows(region):
        sheet.append([key, value])
    _keep_text(sheet)
    for name, frame in tables_of(region).items():
        sheet = book.create_sheet(name)
        sheet.append(list(frame.columns))
        for row in frame.itertuples(index=False, name=None):
            sheet.append([plain_cell(value) for value in row])
        sheet.freeze_panes = "A2"
        _keep_text(sheet)
    book.save(path)


def _keep_text(sheet: Any) -> None:
    """Text stays text: no formula, and no zeros lost when somebody edits the cell."""
    for row in sheet.iter_rows(min_row=2):
        for cell in row:
            if isinstance(cell.value, str):
                cell.data_type = "s"
                cell.number_format = "@"


def _setting_rows(region: Region) -> list[tuple[str, Any]]:
    """Key and value rows; a list stands in as many rows."""
    return [
        (key, one)
        for key, value in settings_of(region).items()
        for one in (value if isinstance(value, list) else [value])
    ]


def _write_geopackage(region: Region, path: Path) -> None:
    import geopandas as gpd
    import pyogrio

    towns = tables_of(region)["towns"]
    points = gpd.points_from_xy(towns["lon"].astype(float), towns["lat"].astype(float))
    layer = gpd.GeoDataFrame(towns.drop(columns=["lat", "lon"]), geometry=points, crs="EPSG:4326")
    pyogrio.write_dataframe(layer, path, layer="towns", driver="GPKG")
    for name, frame in tables_of(region).items():
        if name != "towns":
            pyogrio.write_dataframe(frame, path, layer=name, driver="GPKG", append=True)
    rows = [(key, str(value)) for key, value in _setting_rows(region)]
    settings = pd.DataFrame(rows, columns=["key", "value"])
    pyogrio.write_dataframe(settings, path, layer="region", driver="GPKG", append=True)
