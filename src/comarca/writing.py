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
    Collect results in a hidden folder near ``directory``; move them in when all are there.

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
        When ``directory`` is a file, nothing can be written there, or something there cannot be
        replaced: another program holds it open, or it is a folder.
    """
    if directory.exists() and not directory.is_dir():
        raise OutputError(f"{directory} is a file; expected a folder for the results.")
    unfinished = _hidden_folder(directory)
    try:
        yield unfinished
        _move_in(unfinished, directory)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _hidden_folder(directory: Path) -> Path:
    """
    An empty folder that files can be renamed from into ``directory``.

    It lies inside a folder that is there already, since that may be a disk of its own, or the only
    place its user may write to; beside one that is still to be made.
    """
    place = directory if directory.is_dir() else directory.resolve().parent
    name = directory.resolve().name
    try:
        place.mkdir(parents=True, exist_ok=True)
        return Path(mkdtemp(prefix=f".{name}-", suffix="-unfinished", dir=place))
    except OSError as error:
        raise OutputError(f"{directory} cannot be written: {error.strerror}.") from error


def _move_in(unfinished: Path, directory: Path) -> None:
    directory.mkdir(exist_ok=True)
    # Looked for beforehand, so that a refusal leaves the old results whole.
    for path in unfinished.iterdir():
        if (directory / path.name).is_dir():
            raise OutputError(f"{directory / path.name} is a folder; expected a file to replace.")
    for path in sorted(unfinished.iterdir(), key=lambda path: (path.name == LAST, path.name)):
        try:
            os.replace(path, directory / path.name)
        except OSError as error:
            raise OutputError(
                f"{directory / path.name} cannot be replaced: {error.strerror}."
            ) from error
