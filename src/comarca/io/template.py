"""Empty tables to fill in, with the data dictionary beside them; both from one source."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from comarca.io.region_writer import refuse_filled
from comarca.model.cells import expectation_of
from comarca.model.dictionary import TABLE_MEANINGS, Attribute, dictionary
from comarca.writing import written_whole

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_DICTIONARY_HEADER = (
    "table",
    "attribute",
    "required",
    "key",
    "value",
    "unit",
    "points at",
    "meaning",
)
_REGION_TOML = """\
# What people call the region.
name = "My region"

# ISO 3166-1 code of two letters; chooses the defaults. Take the # away and write yours.
# country = "MX"

# Currency and year of every amount in the tables, and units of it for one US dollar.
currency = "USD"
# price_year = 2024
# usd_exchange_rate = 1.0

# Where the tables come from, a line each.
sources = []

# Only for CSV files that are not UTF-8, or whose numbers can be read in two ways.
# encoding = "cp1252"
# decimal = ","
"""
_STUDY_TOML = """\
# Parameters of each stage. This file may be left out: every parameter has a sourced or assumed
# default, listed in the documentation with its range and source. Example:
#
# [diagnosis]
# year_from = 2000
# year_to = 2020
#
# [status]
# national_unemployment_rate = 0.05
"""
_LAST_ROW = 1_048_576  # of a sheet


def write_template(folder: str | Path, *, format: Literal["csv", "xlsx"] = "csv") -> list[Path]:  # noqa: A002  # the word a user expects, as in pandas
    """
    Write empty tables, a commented ``region.toml`` and the data dictionary.

    Parameters
    ----------
    folder
        A folder that is new or empty.
    format
        ``"csv"``: a file a table and ``dictionary.csv``. ``"xlsx"``: one workbook ``region.xlsx``
        with a sheet a table, lists to choose from and codes formatted as text.

    Returns
    -------
    list of pathlib.Path
        The files written.

    Raises
    ------
    OutputError
        When the folder holds something already; nothing is written then.
    """
    target = Path(folder)
    refuse_filled(target)
    with written_whole(target) as unfinished:
        (unfinished / "region.toml").write_text(_REGION_TOML, encoding="utf-8")
        (unfinished / "study.toml").write_text(_STUDY_TOML, encoding="utf-8")
        if format == "xlsx":
            _write_workbook(unfinished / "region.xlsx")
        else:
            _write_csvs(unfinished)
    return sorted(target.iterdir())


def dictionary_rows() -> list[tuple[str, ...]]:
    """Return the data dictionary for people: header, then one row an attribute."""
    rows = [
        (
            column.table,
            column.name,
            "yes" if column.is_required else "no",
            "yes" if column.is_key else "no",
            expectation_of(column),
            column.unit,
            column.references,
            column.meaning,
        )
        for columns in dictionary().values()
        for column in columns
    ]
    return [_DICTIONARY_HEADER, *rows]


def _write_csvs(folder: Path) -> None:
    for table, columns in dictionary().items():
        _write_csv(folder / f"{table}.csv", [[column.name for column in columns]])
    _write_csv(folder / "dictionary.csv", dictionary_rows())


def _write_csv(path: Path, rows: Iterable[Sequence[str]]) -> None:
    # With the mark Excel takes the file for UTF-8 and saves it so again.
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def _write_workbook(path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    _fill_overview(book.worksheets[0])
    for table, columns in dictionary().items():
        _fill_table(book.create_sheet(table), columns)
    _fill_dictionary(book.create_sheet("dictionary"))
    book.save(path)


def _fill_overview(sheet: Worksheet) -> None:
    """First sheet: what each table is for. Its name begins with _, so it is no table."""
    sheet.title = "_read me"
    sheet.append(["sheet", "meaning"])
    for table, meaning in TABLE_MEANINGS.items():
        sheet.append([table, meaning])
    sheet.append(["dictionary", "Every column: what it holds, its unit, whether it is needed"])
    _dress(sheet, [16, 80])


def _fill_dictionary(sheet: Worksheet) -> None:
    for row in dictionary_rows():
        sheet.append(list(row))
    _dress(sheet, [14, 22, 10, 8, 44, 22, 26, 80])
    sheet.auto_filter.ref = sheet.dimensions


def _fill_table(sheet: Worksheet, columns: Sequence[Attribute]) -> None:
    from openpyxl.comments import Comment

    sheet.append([column.name for column in columns])
    _dress(sheet, [max(12, len(column.name) + 3) for column in columns])
    for at, column in enumerate(columns, start=1):
        note = Comment(f"{column.meaning}\n{expectation_of(column)}", "Comarca")
        sheet.cell(row=1, column=at).comment = note
        _prepare_column(sheet, at, column)


def _prepare_column(sheet: Worksheet, at: int, column: Attribute) -> None:
    """Codes are text before anybody types them; choices come from a list."""
    from openpyxl.utils import get_column_letter

    letter = get_column_letter(at)
    if column.type in ("id", "text", "choice"):
        sheet.column_dimensions[letter].number_format = "@"
    choices = column.choices or (("yes", "no") if column.type == "boolean" else ())
    if choices:
        sheet.add_data_validation(_list_of(choices, f"{letter}2:{letter}{_LAST_ROW}"))


def _list_of(choices: Sequence[str], cells: str) -> Any:
    from openpyxl.worksheet.datavalidation import DataValidation

    validation = DataValidation(
        type="list", formula1=f'"{",".join(choices)}"', allow_blank=True, showErrorMessage=True
    )
    validation.error = f"One of: {', '.join(choices)}"
    validation.add(cells)
    return validation


def _dress(sheet: Worksheet, widths: Sequence[int]) -> None:
    """Make the header bold and keep it in sight; give columns their widths."""
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    for cell in sheet[1]:
        cell.font = Font(bold=True)
    sheet.freeze_panes = "A2"
    for at, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(at)].width = width
