"""One column's cells to values: each attribute type of the data dictionary has its reader."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from types import MappingProxyType
from typing import Any

from comarca.model.dictionary import Attribute
from comarca.model.numbers import MISSING_NUMBERS, number_from, reading_of
from comarca.model.raw import Cell, Refused

# Excel writes a truth value in the language it runs in.
_TRUE = frozenset(
    {"yes", "true", "1", "1.0", "sí", "si", "verdadero", "ja", "wahr", "да", "истина"}
)
_FALSE = frozenset({"no", "false", "0", "0.0", "falso", "nein", "falsch", "нет", "ложь"})
_DAMAGED_CODE = re.compile(r"\d[.,]?\d*E\+\d+", re.IGNORECASE)
_FORMULA_CODE = re.compile(r'="(.*)"')
_KINDS: Mapping[str, str] = MappingProxyType(
    {
        "integer": "a whole number",
        "number": "a number",
        "share": "a share",
        "year": "a year",
        "boolean": "yes or no",
    }
)


@dataclass(frozen=True, kw_only=True)
class Problem:
    """A cell that cannot be read: its row, what was written, what would have been right."""

    row: int
    value: str
    expectation: str


@dataclass(frozen=True, kw_only=True)
class DecimalMark:
    """
    How a file writes its fractions.

    Parameters
    ----------
    mark
        ``"."`` or ``","``, ``None`` when open.
    is_declared
        Whether a setting names it; then the other sign parts thousands.
    setting
        Words for where it can be said.
    """

    mark: str | None
    is_declared: bool = False
    setting: str = 'decimal = "." or "," in region.toml'


class _UnreadableError(Exception):
    """Inside this module only: the cell is not of its type; carries the expectation."""


def expectation_of(column: Attribute) -> str:
    """What a value of this column must be, in words."""
    if column.type == "choice":
        return f"one of {', '.join(column.choices)}"
    if column.type in ("id", "text"):
        return "a code" if column.type == "id" else "text"
    kind = _KINDS[column.type]
    unit = f" ({column.unit})" if column.unit not in ("", "1") else ""
    return f"{kind}{unit}{_bounds(column)}"


def _bounds(column: Attribute) -> str:
    low, high = column.minimum, column.maximum
    if low is None:
        return ""
    if column.excludes_minimum:
        return f" above {low:g}" + ("" if high is None else f", {high:g} at most")
    return f", {low:g} or more" if high is None else f" from {low:g} to {high:g}"


def read_cells(
    column: Attribute, cells: Sequence[Cell], decimal: DecimalMark
) -> tuple[list[Any], list[Problem]]:
    """
    Read a column.

    Parameters
    ----------
    column
        What the data dictionary says of it.
    cells
        As written; ``""`` is missing.
    decimal
        How the file writes its numbers.

    Returns
    -------
    values, problems
        One value a cell, ``None`` where missing or unreadable; and why it could not be read.
    """
    read = _reader(column, decimal)
    values: list[Any] = []
    problems: list[Problem] = []
    for row, cell in enumerate(cells):
        try:
            value = read(cell)
        except _UnreadableError as unreadable:
            value = None
            problems.append(Problem(row=row, value=shown(cell), expectation=str(unreadable)))
        else:
            if value is None and column.is_required and not isinstance(cell, Refused):
                problems.append(Problem(row=row, value="", expectation=expectation_of(column)))
        values.append(value)
    return values, problems


def shown(cell: Cell) -> str:
    """Show a cell as it was written; text that is no number stands in quotation marks."""
    if isinstance(cell, str):
        text = cell.strip()
        return text if reading_of(text) != "none" else f'"{text}"'
    if isinstance(cell, bool):
        return str(cell).upper()
    return f"{cell:g}" if isinstance(cell, float) and not cell.is_integer() else f"{cell:.0f}"


def _reader(column: Attribute, decimal: DecimalMark) -> Callable[[Cell], Any]:
    if column.type == "id":
        return _code
    if column.type == "text":
        return _text
    if column.type == "choice":
        return lambda cell: _choice(column, cell)
    if column.type == "boolean":
        return lambda cell: _boolean(column, cell)
    return lambda cell: _number(column, cell, decimal)


def _text(cell: Cell) -> str | None:
    text = str(cell).strip()
    if "\ufffd" in text:
        raise _UnreadableError("letters; the text was damaged before it came here, copy it anew")
    if any(ord(letter) < 32 for letter in text):
        raise _UnreadableError("text without control characters or line breaks")
    return text or None


def _code(cell: Cell) -> str | None:
    text = _text(cell)
    if text is None:
        return None
    if formula := _FORMULA_CODE.fullmatch(text):
        return _text(formula[1])
    if _DAMAGED_CODE.fullmatch(text):
        raise _UnreadableError(
            "a code; a spreadsheet has turned it into a number, format the column as text"
        )
    return text


def _choice(column: Attribute, cell: Cell) -> str | None:
    text = str(cell).strip().casefold()
    if not text:
        return None
    if text in column.choices:
        return text
    near = get_close_matches(text, column.choices, n=1)
    hint = f"; nearest is {near[0]}" if near else ""
    raise _UnreadableError(expectation_of(column) + hint)


def _boolean(column: Attribute, cell: Cell) -> bool | None:
    text = str(cell).strip().casefold()
    if not text:
        return None
    if text not in _TRUE | _FALSE:
        raise _UnreadableError(expectation_of(column))
    return text in _TRUE


def _number(column: Attribute, cell: Cell, decimal: DecimalMark) -> float | int | None:
    value = _float(column, cell, decimal)
    if value is None:
        return None
    is_whole = column.type in ("integer", "year")
    if (
        not math.isfinite(value)
        or (is_whole and not value.is_integer())
        or not _is_within(column, value)
    ):
        raise _UnreadableError(expectation_of(column))
    return int(value) if column.type == "year" else value


def _float(column: Attribute, cell: Cell, decimal: DecimalMark) -> float | None:
    if isinstance(cell, bool):
        raise _UnreadableError(expectation_of(column))
    if not isinstance(cell, str):
        return None if math.isnan(cell) else float(cell)
    if not cell.strip() or cell.strip().casefold() in MISSING_NUMBERS:
        return None
    value = number_from(cell, decimal.mark, is_declared=decimal.is_declared)
    if value is None:
        raise _UnreadableError(
            two_readings(cell, decimal.setting)
            if reading_of(cell) in ("one point", "one comma")
            else expectation_of(column)
        )
    return value


def two_readings(text: str, setting: str) -> str:
    """Explain a number like ``1.234`` that may be a thousand or a fraction."""
    digits = text.strip().replace(",", "").replace(".", "")
    return (
        f"a number with one reading: this may be {digits} or a number with three decimals; write "
        f"no separators between thousands, or say {setting}"
    )


def _is_within(column: Attribute, value: float) -> bool:
    low, high = column.minimum, column.maximum
    if low is not None and (value < low or (column.excludes_minimum and value == low)):
        return False
    return high is None or value <= high
