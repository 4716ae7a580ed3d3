"""Text of a CSV file to records of cells: separator, quotes and the line each record begins on."""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Iterator

SEPARATORS = (",", ";", "\t")
SEPARATOR_NAMES = {",": "commas", ";": "semicolons", "\t": "tabs"}
_LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n)|[^\r\n]+$")


class NotCsvError(Exception):
    """Inside ``io`` only: where the quotes of a text break, and how."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line = line
        self.reason = reason


def separator_line(text: str) -> tuple[str, str, int]:
    """
    Take off Excel's own first line ``sep=;``, which names the separator.

    Returns
    -------
    text, separator, n_lines
        The rest, the separator or ``""``, and how many lines were taken off.
    """
    first, _, rest = text.partition("\n")
    named = first.strip().strip('"').lower()
    if named.startswith("sep=") and len(named) == 5:
        return rest, named[-1], 1
    if first.strip('\r\ufeff "').lower() == "sep=\t":
        return rest, "\t", 1
    return text, "", 0


def separator_of(text: str, known: Collection[str]) -> str:
    """Whichever separator makes the most known column names of the header; ``""`` when none."""
    header = header_line(text)
    hits = {}
    for separator in SEPARATORS:
        cells = next(csv.reader([header], delimiter=separator), [])
        hits[separator] = len(set(known) & {cell.strip().casefold() for cell in cells})
    best = max(SEPARATORS, key=hits.__getitem__)
    return best if hits[best] else ""


def header_line(text: str) -> str:
    """First line that holds anything, or ``""``."""
    return next((line[0].strip("\r\n") for line in _LINE.finditer(text) if line[0].strip()), "")


def records(text: str, separator: str, n_skipped: int = 0) -> Iterator[tuple[int, list[str]]]:
    """
    Records that hold anything, each with the line it begins on.

    Parameters
    ----------
    text
        Of the file.
    separator
        Between cells.
    n_skipped
        Lines of the file above the text.

    Raises
    ------
    NotCsvError
        At the first record whose quotes do not close.
    """
    lines = (line[0] for line in _LINE.finditer(text))  # a copy of a large text costs as much again
    reader = csv.reader(lines, delimiter=separator, strict=True)
    begins = 1 + n_skipped
    try:
        for record in reader:
            if any(cell.strip() for cell in record):
                yield begins, record
            begins = reader.line_num + 1 + n_skipped
    except csv.Error as error:
        raise NotCsvError(begins, f"not CSV ({error})") from None


def fits_header(record: list[str], n_columns: int) -> bool:
    """Whether a record is as long as the header; blank cells beyond it are no cells."""
    return len(record) >= n_columns and not any(record[n_columns:])
