"""
Examples that ship with the package.

``four_towns`` is a world made by hand whose answers can be computed on paper; its README works them
out. ``oaxaca`` is the Mexican state: the towns come from the gazetteer when the example is copied,
the populations of three university towns from the source paper.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path
from shutil import copyfile
from typing import TYPE_CHECKING

from comarca.errors import OutputError, ParameterError

if TYPE_CHECKING:
    from comarca.model.region import Region

__all__ = ["Example", "copy_example", "four_towns", "list_examples"]


@dataclass(frozen=True, kw_only=True)
class Example:
    """
    An example that can be copied.

    Parameters
    ----------
    name
        What to ask for.
    meaning
        One sentence for a planner.
    """

    name: str
    meaning: str


_EXAMPLES = (
    Example(
        name="four_towns",
        meaning="A world made by hand: two bases, three processes, answers computable on paper",
    ),
)


def list_examples() -> tuple[Example, ...]:
    """Every example, in order of name."""
    return _EXAMPLES


def copy_example(name: str, folder: str | Path) -> Path:
    """
    Copy an example to a new folder.

    Parameters
    ----------
    name
        One of :func:`list_examples`.
    folder
        Where to; it must not exist yet, or be empty.

    Returns
    -------
    pathlib.Path
        The folder.

    Raises
    ------
    ParameterError
        When there is no such example.
    OutputError
        When the folder holds something already.
    """
    known = [example.name for example in _EXAMPLES]
    if name not in known:
        raise ParameterError(f'"{name}" is not an example; there are {", ".join(known)}.')
    target = Path(folder)
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise OutputError(f"{target} exists already; nothing was written.")
    target.mkdir(parents=True, exist_ok=True)
    with as_file(files("comarca.examples") / name) as source:
        for file in sorted(source.iterdir()):
            copyfile(file, target / file.name)
    return target


def four_towns() -> Region:
    """Read the world made by hand."""
    return _read("four_towns")


def _read(name: str) -> Region:
    from comarca.io import read_region

    with tempfile.TemporaryDirectory() as folder:
        return read_region(copy_example(name, Path(folder) / name))
