"""Results are written to a temporary place and moved at the end, so old ones stay whole."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp, mkstemp

from comarca.errors import OutputError, PlanningError

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
        When ``directory`` is a file, nothing can be written there, the disk is full, or something
        there cannot be replaced: another program holds it open, or it is a folder.
    """
    if directory.exists() and not directory.is_dir():
        raise OutputError(f"{directory} is a file; expected a folder for the results.")
    unfinished = _hidden_folder(directory)
    try:
        with _telling_what_is_not_written(directory, [unfinished]):
            yield unfinished
        _move_in(unfinished, directory)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


@contextmanager
def written_files(paths: Sequence[Path], inputs: Sequence[Path] = ()) -> Iterator[list[Path]]:
    """
    Write files under temporary names; give them their own when all are there.

    Parameters
    ----------
    paths
        Where the results belong. Their folders are made where they are missing.
    inputs
        Files that were read, none of which may be overwritten.

    Yields
    ------
    list[Path]
        Where to write each meanwhile, in the folder it belongs to. When the block raises, or is
        interrupted, these are removed and no file has changed.

    Raises
    ------
    OutputError
        When two results, or a result and an input, are one file, or a result cannot be written, as
        on a full disk.
    """
    refuse_overwriting(paths, inputs)
    unfinished: list[Path] = []
    try:
        unfinished.extend(map(_temporary_file, paths))
        with _telling_what_is_not_written(next(iter(paths), Path()), unfinished):
            yield unfinished
        for path, written in zip(paths, unfinished, strict=True):
            try:
                os.replace(written, path)
            except OSError as error:
                raise OutputError(f"{path} cannot be replaced: {error.strerror}.") from error
    finally:
        for written in unfinished:
            written.unlink(missing_ok=True)


def refuse_unwritable(path: Path) -> None:
    """
    Refuse a result that cannot be written, before hours are spent on it.

    Parameters
    ----------
    path
        Where it belongs. Its folder is made where it is missing; what is there stays.

    Raises
    ------
    OutputError
        When nothing can be written there.
    """
    _temporary_file(path).unlink()


def refuse_overwriting(paths: Sequence[Path], inputs: Sequence[Path] = ()) -> None:
    """
    Refuse results that would replace what is read, each other, or a folder.

    Parameters
    ----------
    paths
        Where the results belong.
    inputs
        Files that are read.

    Raises
    ------
    OutputError
        When two results, or a result and an input, are one file, or a result is a folder, or
        belongs into what is none.
    """
    known = {path.resolve() for path in inputs}
    for path in paths:
        if path.parent.exists() and not path.parent.is_dir():
            raise OutputError(f"{path.parent} is a file; expected a folder for the results.")
        if path.resolve() in known:
            raise OutputError(f"{path} would overwrite what is read, or another result.")
        if path.is_dir():
            raise OutputError(f"{path} is a folder; expected a file for the results.")
        known.add(path.resolve())


def _temporary_file(path: Path) -> Path:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = mkstemp(prefix=f".{path.name}-", suffix="-unfinished", dir=path.parent)
    except OSError as error:
        raise _unwritable(path, error) from error
    os.close(handle)
    written = Path(name)
    mask = os.umask(0)
    os.umask(mask)
    written.chmod(0o666 & ~mask)  # a temporary file is its maker's alone, a result everybody's
    return written


_DISK_FAULTS = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EROFS})
_DISK_WORDS = ("disk is full", "disk I/O error")  # of SQLite, by whichever library


@contextmanager
def _telling_what_is_not_written(place: Path, unfinished: Sequence[Path]) -> Iterator[None]:
    """Tell a fault of the disk met while results are written; what was read is another matter."""
    try:
        yield
    except OSError as error:
        # What is written within other results tells of a folder that nobody knows.
        met = error.__cause__ if isinstance(error, OutputError) else error
        if not isinstance(met, OSError) or isinstance(met, PlanningError):
            raise
        if not _is_met_writing(met, unfinished):
            raise
        raise _unwritable(place, met) from met
    except (RuntimeError, sqlite3.Error) as error:
        if not any(words in str(error) for words in _DISK_WORDS):
            raise
        full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        raise _unwritable(place, full) from full


def _is_met_writing(error: OSError, unfinished: Sequence[Path]) -> bool:
    """A write to an open file names none."""
    if error.filename is None:
        return error.errno in _DISK_FAULTS
    met = Path(os.fsdecode(error.filename))
    return any(met == path or path in met.parents for path in unfinished)


def _unwritable(path: Path, error: OSError) -> OutputError:
    """Name the file that stands where a folder is wanted, or else what the system says."""
    for parent in path.parents:
        if parent.exists() and not parent.is_dir():
            return OutputError(f"{parent} is a file; expected a folder for the results.")
    return OutputError(f"{path} cannot be written: {error.strerror}.")


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
        raise _unwritable(directory, error) from error


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
