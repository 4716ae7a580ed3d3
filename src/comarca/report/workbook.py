"""The plan as a workbook: a sheet a table, units in the heads, codes as text."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from comarca.report import words
from comarca.report.contents import Contents
from comarca.report.figures import JOBS, OUTLAY, STATUSES, bound_row, unit_of
from comarca.report.front import Front
from comarca.report.labels import text_width
from comarca.report.tables import Assumed, Column, Kind, Table, plain
from comarca.units import HOURS_PER_DAY, MIN_PER_H

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

_FORMATS: dict[Kind, str] = {
    "text": "General",
    "code": "@",
    "count": "#,##0",
    "number": "#,##0.###",
    "money": "#,##0.00",
    "share": "0.0%",
    "clock": "[hh]:mm",
    "flag": "General",
}
_WIDEST = 60.0
_LINE_HEIGHT = 15.0
_FONT = "Calibri"


def write_workbook(contents: Contents, path: Path) -> None:
    """
    Write ``plan.xlsx``.

    Parameters
    ----------
    contents
        The plan's tables.
    path
        File to write. The same plan gives the same cells; assumed numbers are tinted and bear a
        dagger in their number format, so they stay numbers.
    """
    write_book(
        (summary_table(contents), *contents.tables()),
        path,
        title=Front(contents).title,
        moment=datetime.fromisoformat(contents.plan.manifest.created),
    )


def write_book(tables: Iterable[Table], path: Path, *, title: str, moment: datetime) -> None:
    """
    Write tables as a workbook, a sheet each.

    Parameters
    ----------
    tables
        Each with a name of its own.
    path
        File to write.
    title
        Of the workbook.
    moment
        Time that the file bears, with its zone; the same tables and time give the same bytes.
    """
    from openpyxl import Workbook

    book = Workbook()
    del book[book.sheetnames[0]]
    for table in tables:
        _sheet(book, table)
    stamp = moment.astimezone(UTC).replace(tzinfo=None)
    book.properties.creator = "Comarca"
    book.properties.title = title
    book.properties.created = stamp
    book.properties.modified = stamp
    _save(book, path, stamp)


def _save(book: Workbook, path: Path, stamp: datetime) -> None:
    """Save with the plan's own time in the archive, so that a rebuild is equal byte by byte."""
    from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

    from openpyxl.writer.excel import ExcelWriter

    raw = path.with_suffix(".raw")
    try:
        with ZipFile(raw, "w", ZIP_DEFLATED) as archive:
            writer = ExcelWriter(book, archive)
            writer.write_data()
        with ZipFile(raw) as source, ZipFile(path, "w", ZIP_DEFLATED) as target:
            for name in sorted(source.namelist(), key=lambda name: name != "[Content_Types].xml"):
                info = ZipInfo(name, date_time=max(stamp, datetime(1980, 1, 1)).timetuple()[:6])
                info.compress_type = ZIP_DEFLATED
                target.writestr(info, source.read(name))
    finally:
        raw.unlink(missing_ok=True)


def summary_table(contents: Contents) -> Table:
    """First sheet: the answer and its figures."""
    front, plan = Front(contents), contents.plan
    currency = contents.currency

    def marked(value: float) -> Any:
        return Assumed(value) if front.rests_on_assumed else value

    def exactly(amount: float) -> str:
        return f"{currency} {words.whole(amount)}"

    rows: list[tuple[Any, ...]] = [("Answer", sentence, None, "") for sentence in front.sentences()]
    for figure in front.figures():
        shown = None if figure.value is None else marked(figure.value)
        unit = "persons" if figure.label == JOBS else currency
        rows.append(("Figure", figure.label, shown, f"{unit}: {figure.note}"))
    gap = plan.freight.gap
    shown_gap = None if plan.freight.misses_its_goal or math.isinf(gap) else gap
    rows += [
        ("Value", "Sought", None, plan.freight.goal.told(exactly)),
        ("Value", "Worth a year", marked(plan.freight.value), f"{currency}/year"),
        ("Value", "Cost a year", marked(plan.freight.cost_per_year), f"{currency}/year: {OUTLAY}"),
        ("Value", *bound_row(plan, marked)),
        ("Value", "Gap", shown_gap, "share of the bound; none without a plan or a bound"),
        ("Value", "Status", None, f"{plan.freight.status}: {STATUSES[plan.freight.status]}"),
    ]
    rows += [
        ("Headline", words.readable(name), marked(float(value)), unit_of(name, currency))
        for name, value in plan.comparison.headline.items()
    ]
    rows += [("Note", note, None, "") for note in (*plan.freight.notes, *plan.notes)]
    rows.append(
        ("Key", f"{words.DAGGER} and a tint: assumed, or resting on assumed numbers", None, "")
    )
    columns = (Column("Kind"), Column("What"), Column("Value", "number"), Column("Unit or meaning"))
    return Table("Summary", front.title, columns, tuple(rows), currency=currency)


def _sheet(book: Workbook, table: Table) -> None:
    sheet: Worksheet = book.create_sheet(table.name)
    widths = [_width(table, at) for at in range(len(table.columns))]
    _head(sheet, table, widths)
    styles: dict[_Style, Any] = {}
    for line, row in enumerate(table.rows, start=2):
        _line(sheet, table, line, row, styles)
        lines = max(
            _lines(value, width)
            if isinstance(value := plain(cell), str) and len(value) > _WIDEST / 2
            else 1
            for cell, width in zip(row, widths, strict=True)
        )
        if lines > 1:
            sheet.row_dimensions[line].height = _LINE_HEIGHT * lines
    _dress(sheet, table, widths)


def _head(sheet: Worksheet, table: Table, widths: list[float]) -> None:
    """Titles with units, over as many lines as the widest needs."""
    from openpyxl.styles import Alignment, Font, PatternFill

    font, fill = Font(name=_FONT, bold=True), PatternFill("solid", fgColor="E4E7EB")
    for at, column in enumerate(table.columns, start=1):
        cell = sheet.cell(1, at)
        cell.value = _heading(column)
        cell.font, cell.fill = font, fill
        side = "right" if column.is_number else "left"
        cell.alignment = Alignment(wrap_text=True, vertical="top", horizontal=side)
    titles = zip(table.columns, widths, strict=True)
    lines = max(_lines(_heading(column), width) for column, width in titles)
    sheet.row_dimensions[1].height = _LINE_HEIGHT * lines


def _heading(column: Column) -> str:
    """Title and unit."""
    return column.heading


_Style = tuple[str, bool, bool, bool]
"""Number format, whether tinted, whether text wraps, whether it is indented."""


def _line(
    sheet: Worksheet, table: Table, line: int, row: tuple[Any, ...], styles: dict[_Style, Any]
) -> None:
    after_number = False
    for at, (value, column) in enumerate(zip(row, table.columns, strict=True), start=1):
        bare, is_text = _cell_value(plain(value), column), not column.is_number
        if bare is not None:
            cell: Any = sheet.cell(line, at)
            cell.value = bare
            if isinstance(bare, str):
                cell.data_type = "s"  # a name that begins like a formula is still a name
            is_marked = isinstance(value, Assumed)
            shown = _format(column, marked=is_marked, is_text=isinstance(bare, str))
            wrap = isinstance(bare, str) and len(bare) > _WIDEST / 2
            _dress_cell(cell, (shown, is_marked, wrap, is_text and after_number), styles)
        after_number = column.is_number


def _dress_cell(cell: Any, style: _Style, styles: dict[_Style, Any]) -> None:
    """Give a cell its style; cells of one style share it, as looking it up anew is slow."""
    from openpyxl.styles import PatternFill

    if style in styles:
        cell._style = styles[style]
        return
    shown, is_marked, wrap, indent = style
    cell.number_format = shown
    if is_marked:
        cell.fill = PatternFill("solid", fgColor="F1E6F7")
    cell.alignment = _placed(wrap=wrap, indent=indent)
    styles[style] = cell._style


@cache
def _placed(*, wrap: bool, indent: bool) -> Any:
    """At the top of its row, however tall; text after a number keeps off it."""
    from openpyxl.styles import Alignment

    if indent:
        return Alignment(wrap_text=wrap, vertical="top", horizontal="left", indent=1)
    return Alignment(wrap_text=wrap, vertical="top")


def _width(table: Table, at: int) -> float:
    """Width of a column in letters: of its longest text, within limits, never less than a word."""
    column = table.columns[at]
    told = (str(plain(row[at])) for row in table.rows[:400])
    is_text = column.kind in {"text", "code"}
    widest = max((text_width(text, 1.8) for text in told), default=0.0) if is_text else 12.0
    head = max(text_width(word, 2.1) for word in (_heading(column) or " ").split(" "))
    return round(min(max(widest, head, 9.0), _WIDEST) + 2, 1)


def _lines(text: str, width: float) -> int:
    """Lines a text takes in a column so wide."""
    return max(1, math.ceil(text_width(text, 1.9) / (width - 1)))


def _dress(sheet: Worksheet, table: Table, widths: list[float]) -> None:
    """Freeze the head, add filters, set widths and how it prints."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.properties import PageSetupProperties

    sheet.freeze_panes = "B2" if len(table.columns) > 4 else "A2"
    last = f"{get_column_letter(len(table.columns))}{len(table.rows) + 1}"
    sheet.auto_filter.ref = f"A1:{last}"
    for at, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(at)].width = width
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _cell_value(value: Any, column: Column) -> Any:
    if words.is_missing(value):
        return None
    if column.kind == "flag":
        return "yes" if value else "no"
    if isinstance(value, float) and math.isinf(value):
        return "no limit"
    if column.kind == "code":
        return str(value)
    if column.kind == "clock":
        return float(value) / MIN_PER_H / HOURS_PER_DAY  # a spreadsheet counts times of day in days
    return value


def _format(column: Column, *, marked: bool, is_text: bool) -> str:
    if is_text:
        return "@" if column.kind == "code" else "General"
    shown = _FORMATS[column.kind]
    return f'{shown}" {words.DAGGER}"' if marked else shown
