"""Results are written to a temporary place and moved at the end, so old ones stay whole."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

from comarca.errors import OutputError

LAST = "manifest.json"
"""Moved last: it vouches for the files beside it."""


@contextmanager
def written_whole(directory: Path) -> Iterator[Path]:
    """
    Collect results in a hidden folder beside ``directory``; move them in when all are there.

    Parameters
    ----------
    directory
        Where the results belong. It is made when all is done; files in it that have no successor
        stay.

    Yields
    ------
    Path
        An empty folder to write to. When the block raises, or is interrupted, it is removed and
        nothing in ``directory`` has changed.

    Raises
    ------
    OutputError
        When ``directory`` is a file, or its parent cannot be written to.
    """
    if directory.exists() and not directory.is_dir():
        raise OutputError(f"{directory} is a file; expected a folder for the results.")
    parent = directory.resolve().parent
    try:
        parent.mkdir(parents=True, exist_ok=True)
        unfinished = Path(mkdtemp(prefix=f".{directory.name}-", suffix="-unfinished", dir=parent))
    except OSError as error:
        raise OutputError(f"{directory} cannot be written: {error.strerror}.") from error
    try:
        yield unfinished
        _move_in(unfinished, directory)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _move_in(unfinished: Path, directory: Path) -> None:
    directory.mkdir(exist_ok=True)
    for path in sorted(unfinished.iterdir(), key=lambda path: (path.name == LAST, path.name)):
        os.replace(path, directory / path.name)
