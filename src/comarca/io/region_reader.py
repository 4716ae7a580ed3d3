"""
Read a region: a folder of CSV files, one workbook or one GeoPackage.

A folder holds ``region.toml`` and either a CSV file a table, or one workbook or GeoPackage with the
tables in it. A workbook or GeoPackage alone carries the settings in a sheet or layer ``region``. A
table that stands in two places is refused: nobody can tell which one is meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from comarca.errors import Fault, RegionError, RoadFileError
from comarca.io.csv_tables import read_csv_table
from comarca.io.gpkg_tables import layers_of, read_layer_table, settings_from_layer
from comarca.io.region_settings import RegionSettings, country_codes, read_toml, settings_from
from comarca.io.roads_file import OSM_FILE, ROADS_FILE, read_roads
from comarca.io.xlsx_tables import (
    formulas_never_computed,
    open_workbook,
    read_sheet_table,
    settings_from_sheet,
)
from comarca.model.checks import check_tables, near_table
from comarca.model.dictionary import dictionary
from comarca.model.raw import Findings, RawTable
from comarca.model.region import Region
from comarca.model.roads import RoadNetwork

_BOOKS = (".xlsx", ".xlsm", ".gpkg")
# Written by `comarca template` or by spreadsheet programs; never tables.
_NOT_TABLES = frozenset({"dictionary", "region", "readme"})
_OLD_BOOKS = {".xls": "an XLSX workbook", ".ods": "an XLSX workbook"}


def read_region(path: str | Path) -> Region:
    """
    Read and check a region.

    Parameters
    ----------
    path
        A folder with ``region.toml`` and the tables, an XLSX workbook or a GeoPackage.

    Returns
    -------
    Region
        Its ``warnings`` tell what looked suspicious and was left as it is.

    Raises
    ------
    RegionError
        With every fault found, each with its place.
    TooFewTownsError
        With fewer than two towns.
    """
    place = Path(path)
    region, findings = examine_region(place)
    if region is None:
        raise RegionError(place.resolve().name, findings.faults)
    return region


def examine_region(path: Path) -> tuple[Region | None, Findings]:
    """
    Read a region and keep what was found, faults and warnings alike.

    Returns
    -------
    region, findings
        ``None`` for the region when there is any fault.
    """
    findings = Findings()
    settings, raws = _Source(path, findings).read()
    tables: Mapping[str, Any] = {}
    if raws or not findings.faults:
        country = country_codes()[settings.country] if settings.country else None
        tables, judged = check_tables(raws, country_box=country.box if country else None)
        findings.faults.extend(judged.faults)
        findings.warnings.extend(judged.warnings)
    roads = _roads_of(path, findings)
    if findings.faults:
        findings.faults.sort(key=lambda fault: _order(fault.place, raws))
        return None, findings
    region = Region(
        name=settings.name,
        towns=tables["towns"],
        tables={name: table for name, table in tables.items() if name != "towns"},
        country=settings.country,
        currency=settings.currency,
        price_year=settings.price_year,
        usd_exchange_rate=settings.usd_exchange_rate,
        sources=_sources(settings.sources, roads),
        warnings=tuple(findings.warnings),
        roads=roads,
    )
    return region, findings


def _sources(told: tuple[str, ...], roads: RoadNetwork | None) -> tuple[str, ...]:
    """Sources as the region tells them, and that of its roads where it is not among them."""
    return told if roads is None or roads.source in told else (*told, roads.source)


def _roads_of(path: Path, findings: Findings) -> RoadNetwork | None:
    """Open the road network in a region's folder; tell of roads that were never read in."""
    if not path.is_dir():
        return None
    if (path / ROADS_FILE).exists():
        try:
            return read_roads(path / ROADS_FILE)
        except RoadFileError as error:
            findings.faults.extend(error.faults)
    elif (path / OSM_FILE).exists():
        findings.warnings.append(
            Fault(
                place=OSM_FILE,
                object="the file",
                value="not read in yet",
                expectation=f"{ROADS_FILE} beside it; comarca roads {path} writes it",
            )
        )
    return None


def _order(place: str, raws: Sequence[RawTable]) -> tuple[int, int]:
    """Settings first, then the tables in their order, each by line."""
    line = re.search(r" (?:line|row|feature) (\d+)$", place)
    file = place[: line.start()] if line else place
    places = [raw.place for raw in raws]
    table = places.index(file) + 1 if file in places else 0
    return table, int(line[1]) if line else 0


class _Source:
    """The files of a region, each table read from the one place it stands in."""

    def __init__(self, path: Path, findings: Findings) -> None:
        self.path = path
        self.findings = findings
        self.found_in: dict[str, str] = {}

    def fault(self, place: str, what: str, value: str, expectation: str) -> None:
        self.findings.faults.append(
            Fault(place=place, object=what, value=value, expectation=expectation)
        )

    def read(self) -> tuple[RegionSettings, list[RawTable]]:
        """Settings and tables; what cannot be read is added to the findings."""
        nothing = RegionSettings(name=self.path.stem)
        if not self.path.exists():
            self.fault(str(self.path), "the folder or file", "", "a folder with region.toml")
            return nothing, []
        if self.path.is_dir():
            return self._read_folder()
        if self.path.suffix.lower() in _BOOKS:
            return self._read_book_alone()
        self.fault(
            self.path.name, "the file", "of another kind", "a folder, an XLSX or a GeoPackage"
        )
        return nothing, []

    def _read_folder(self) -> tuple[RegionSettings, list[RawTable]]:
        toml = self.path / "region.toml"
        given = None
        if toml.is_file():
            given = read_toml(toml, self.findings.faults)
        else:
            self.fault(
                "region.toml",
                "the file",
                "",
                "a file that names the region; comarca template writes one",
            )
        if given is None:
            settings = RegionSettings(name=self.path.name)
        else:
            settings = self._settings(given, "region.toml")
        tables = sorted(
            (raw for file in self._files() for raw in self._read_file(file, settings)),
            key=lambda raw: list(dictionary()).index(raw.table),
        )
        return settings, tables

    def _files(self) -> list[Path]:
        """Files of the folder in order of name; hidden ones and Excel's lock files left out."""
        return sorted(
            file
            for file in self.path.iterdir()
            if (file.is_file() or file.suffix.lower() in (".csv", *_BOOKS))  # a dead link is told
            and not file.name.startswith((".", "~$"))
        )

    def _settings(self, given: Mapping[str, Any], place: str) -> RegionSettings:
        settings = settings_from(given, place, self.findings.faults)
        self.findings.warnings.extend(settings.warnings)
        return settings

    def _read_file(self, file: Path, settings: RegionSettings) -> Iterator[RawTable]:
        kind = file.suffix.lower()
        if kind == ".csv":
            if self._is_table(file.stem, file.name, "file"):
                raw = read_csv_table(file, file.stem.casefold(), settings, self.findings)
                yield from () if raw is None else (raw,)
        elif kind in _BOOKS:
            yield from self._read_book(file)
        elif kind in _OLD_BOOKS:
            self.fault(file.name, "the file", f"of kind {kind}", _OLD_BOOKS[kind])

    def _is_table(self, title: str, place: str, what: str) -> bool:
        """Whether a file, sheet or layer is a table that nobody read yet."""
        name = title.strip().casefold()
        if name in _NOT_TABLES or name.startswith("_"):
            return False
        if name not in dictionary():
            near = near_table(name)
            note = Fault(
                place=place,
                object=f"the {what}",
                value=f'named "{title}"',
                expectation=f"a table's name; nearest is {near}"
                if near
                else "a table's name; it is not read",
            )
            (self.findings.faults if near else self.findings.warnings).append(note)
            return False
        if name in self.found_in:
            self.fault(place, f"the table {name}", f"in {self.found_in[name]} too", "one place")
            return False
        self.found_in[name] = place
        return True

    def _read_book(self, file: Path) -> Iterator[RawTable]:
        if file.suffix.lower() == ".gpkg":
            for layer in layers_of(file, self.findings.faults):
                if self._is_table(layer, f"{file.name} layer {layer}", "layer"):
                    raw = read_layer_table(file, layer, layer.casefold(), self.findings)
                    yield from () if raw is None else (raw,)
            return
        book = open_workbook(file, self.findings.faults)
        if book is None:
            return
        uncomputed = formulas_never_computed(file)
        for sheet in book.worksheets:
            name = sheet.title.strip().casefold()
            if self._is_table(sheet.title, f"{file.name} sheet {sheet.title}", "sheet"):
                raw = read_sheet_table(sheet, name, file.name, uncomputed, self.findings)
                yield from () if raw is None else (raw,)

    def _read_book_alone(self) -> tuple[RegionSettings, list[RawTable]]:
        is_gpkg = self.path.suffix.lower() == ".gpkg"
        word = "layer" if is_gpkg else "sheet"
        n_faults = len(self.findings.faults)
        given = self._gpkg_settings() if is_gpkg else self._xlsx_settings()
        nothing = RegionSettings(name=self.path.stem)
        if len(self.findings.faults) > n_faults:
            return nothing, []
        place = f"{self.path.name} {word} region"
        if given is None:
            expectation = "key and value rows, among them the region's name"
            if (self.path.parent / "region.toml").is_file():
                expectation += f"; or name the folder, whose region.toml goes with {self.path.name}"
            self.fault(place, f"the {word} region", "", expectation)
        settings = nothing if given is None else self._settings(given, place)
        return settings, list(self._read_book(self.path))

    def _gpkg_settings(self) -> Mapping[str, Any] | None:
        for layer in layers_of(self.path, self.findings.faults):
            if layer.casefold() == "region":
                return settings_from_layer(self.path, layer)
        return None

    def _xlsx_settings(self) -> Mapping[str, Any] | None:
        book = open_workbook(self.path, self.findings.faults)
        for sheet in book.worksheets if book else ():
            if sheet.title.strip().casefold() == "region":
                return settings_from_sheet(sheet)
        return None
