"""
What benchmark files of every format share: their letters, their numbers, and what may be missing.

Such files are numbers, so a note in an old code page does no harm: it is read as Latin-1. A byte
order mark is heeded. Coordinates and distances beyond what the search can still tell apart are
refused, since costs would lose their last whole unit.
"""

from __future__ import annotations

import re
from pathlib import Path

from comarca.errors import Fault, TableError
from comarca.io.text_files import UndecodableError, decode_lone

LARGEST = 1e10
"""Largest number that a benchmark file may hold, either sign."""

AT_MOST = f"{LARGEST:,.0f} at most"
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")


def benchmark_lines(path: Path) -> list[tuple[int, list[str]]]:
    """
    Words of each line that holds any, with the line's number from 1.

    Parameters
    ----------
    path
        The file.

    Raises
    ------
    TableError
        When it is no text.
    """
    try:
        text = decode_lone(path.read_bytes(), path.name, "latin-1")
    except UndecodableError as error:
        raise TableError(str(path), [error.fault]) from None
    # Lines of every system, and no others: a form feed ends no line here.
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return [(at, line.split()) for at, line in enumerate(lines, 1) if line.split()]


def benchmark_number(word: str) -> float | None:
    """A plain number with a decimal point, at most ``LARGEST``; ``None`` for anything else."""
    if not _NUMBER.fullmatch(word):
        return None
    value = float(word)
    return value if abs(value) <= LARGEST else None


def unreadable(path: Path, error: OSError) -> TableError:
    """A refusal of a file that is not there, is a folder, or may not be read."""
    found = "" if isinstance(error, FileNotFoundError) else str(error.strerror).lower()
    if isinstance(error, IsADirectoryError):
        found = "a folder"
    fault = Fault(place="", object=str(path), value=found, expectation="a file that can be read")
    return TableError(str(path), [fault])
