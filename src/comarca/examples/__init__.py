"""
Examples that ship with the package.

``four_towns`` is a world made by hand whose answers can be computed on paper; its README works them
out. ``oaxaca`` is the Mexican state: the towns come from the gazetteer when the example is copied,
the populations of three university towns from the source paper.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from importlib.resources import as_file, files
from pathlib import Path
from shutil import copyfile
from types import MappingProxyType
from typing import TYPE_CHECKING

from comarca.errors import OutputError, ParameterError

if TYPE_CHECKING:
    from comarca.model.region import Region

__all__ = ["copy_example", "four_towns", "list_examples", "oaxaca"]

_EXAMPLES: Mapping[str, str] = MappingProxyType(
    {
        "four_towns": "a world made by hand: two bases, three processes, answers on paper",
        "oaxaca": "the Mexican state: its towns from the gazetteer, three university towns",
    }
)
# Examples whose towns come from the gazetteer: country and first-level division.
_FROM_GAZETTEER: Mapping[str, tuple[str, str]] = MappingProxyType({"oaxaca": ("MX", "MX-OAX")})


_MADE: Mapping[str, str] = MappingProxyType(
    {
        "agglomeration-TOWNS-SEED": "an instance of the freight benchmark, such as "
        "agglomeration-20-1: real towns, the rest drawn at random"
    }
)


def list_examples() -> Mapping[str, str]:
    """Every example by name, with its meaning for a planner; in capitals what the user chooses."""
    return MappingProxyType({**_EXAMPLES, **_MADE})


def copy_example(name: str, folder: str | Path) -> Path:
    """
    Copy an example to a new folder.

    Parameters
    ----------
    name
        One of :func:`list_examples`, or ``agglomeration-TOWNS-SEED``: an instance of the freight
        benchmark, made when it is copied.
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
    from comarca.examples.agglomerations import is_agglomeration, named_agglomeration
    from comarca.writing import written_whole

    if is_agglomeration(name):
        from comarca.io import write_region

        return write_region(named_agglomeration(name), folder)
    if name not in _EXAMPLES:
        known = f"{', '.join(_EXAMPLES)} and agglomeration-TOWNS-SEED"
        raise ParameterError(f'"{name}" is not an example; there are {known}.')
    target = Path(folder)
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise OutputError(f"{target} exists already and is not empty; nothing was written.")
    with (
        as_file(files("comarca.examples") / name) as source,
        written_whole(target) as unfinished,
    ):
        for file in sorted(source.iterdir()):
            copyfile(file, unfinished / file.name)
        if name in _FROM_GAZETTEER:
            _write_towns(unfinished / "towns.csv", *_FROM_GAZETTEER[name])
    return target


def four_towns() -> Region:
    """Read the world made by hand."""
    return _read("four_towns")


def oaxaca() -> Region:
    """Read the Mexican state of Oaxaca; the gazetteer is opened for its towns."""
    return _read("oaxaca")


def _read(name: str) -> Region:
    from comarca.io import read_region

    with tempfile.TemporaryDirectory() as folder:
        return read_region(copy_example(name, Path(folder) / name))


def _write_towns(path: Path, country: str, division: str) -> None:
    from comarca.io.gazetteer import gazetteer_region
    from comarca.io.region_writer import tables_of, write_csv_table

    write_csv_table(tables_of(gazetteer_region(country, division))["towns"], path)
