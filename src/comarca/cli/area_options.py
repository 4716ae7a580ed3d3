"""
What the commands about areas share: their options, and the files these name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from comarca.errors import Fault

if TYPE_CHECKING:
    from comarca.commuting import AreaParams
    from comarca.io import TownTable
    from comarca.model.contiguity import Contiguity
    from comarca.model.matrices import FlowMatrix
    from comarca.model.zones import Zones
    from comarca.report import Source


_SPEAKS_OF = {
    "towns": ("town_columns", "towns_sheet"),
    "zones": ("zone_columns", "layer", "crs"),
}


class Variant(StrEnum):
    """Rules by which labour market areas are drawn."""

    EURO = "euro"
    EURO_R34 = "euro-r34"
    CLASSIC = "classic"


FlowsPath = Annotated[
    Path,
    typer.Argument(
        metavar="FLOWS",
        help="CSV, XLSX or Parquet of origin, destination and persons, one row a pair.",
    ),
]
Columns = Annotated[
    str | None,
    typer.Option(
        metavar="A,B,C", help="Headers of origin, destination and persons, if not recognised."
    ),
]
SumDuplicates = Annotated[
    bool, typer.Option("--sum-duplicates", help="Add up rows of one pair instead of refusing.")
]
Estimated = Annotated[
    bool,
    typer.Option("--estimated", help="A model estimated these flows; the report says so."),
]
VariantName = Annotated[
    Variant,
    typer.Option(
        help="The published rule; the R package LabourMarketAreas 3.4; or the classic "
        "travel-to-work areas."
    ),
]
MinWorkers = Annotated[
    float | None, typer.Option(help="Least working residents of an area; by default 1000.")
]
MinSelfContainment = Annotated[
    float | None,
    typer.Option(help="Self-containment an area of the target size needs; by default 0.6667."),
]
TargetWorkers = Annotated[
    float | None,
    typer.Option(help="Working residents from which that is enough; by default 10000."),
]
TargetSelfContainment = Annotated[
    float | None,
    typer.Option(help="Self-containment an area of the least size needs; by default 0.75."),
]
MinFlow = Annotated[
    float, typer.Option(help="Persons both ways together without whom a town joins no area.")
]
Repair = Annotated[
    bool, typer.Option("--repair", help="Mend areas that fell below the rule at the end.")
]
TownsPath = Annotated[
    Path | None,
    typer.Option(
        "--towns", metavar="TOWNS", help="List of all towns: town_id, name, lat, lon, admin_code."
    ),
]
ZonesPath = Annotated[
    Path | None,
    typer.Option("--zones", metavar="ZONES", help="Shapes of the towns: GeoPackage, GeoJSON."),
]
TownColumns = Annotated[
    str | None,
    typer.Option(metavar="A,B,...", help="Headers of code, name, lat, lon, ... in TOWNS."),
]
ZoneColumns = Annotated[
    str | None, typer.Option(metavar="A,B", help="Headers of code and name in ZONES.")
]
Encoding = Annotated[
    str | None, typer.Option(help="Of text files that are not UTF-8, such as cp1252.")
]
Decimal = Annotated[
    str | None,
    typer.Option(metavar=".|,", help="Decimal mark of numbers, where a file leaves it open."),
]
Sheet = Annotated[
    str | None, typer.Option(help="Sheet of FLOWS, where a workbook has several with the columns.")
]
TownsSheet = Annotated[str | None, typer.Option(help="The same of TOWNS.")]
Layer = Annotated[
    str | None, typer.Option(help="Layer of ZONES, where it has several with the columns.")
]
Crs = Annotated[
    str | None,
    typer.Option(
        "--crs", help="Coordinate system of ZONES, where it names none, such as EPSG:4326."
    ),
]
Contiguous = Annotated[
    bool,
    typer.Option(
        "--contiguous",
        help="Areas hang together: by the borders of ZONES, else by the places of TOWNS.",
    ),
]
WithinDivisions = Annotated[
    bool,
    typer.Option("--within-divisions", help="No area crosses from one admin_code to another."),
]
Centres = Annotated[
    str | None,
    typer.Option(metavar="ID,ID", help="Towns whose areas are kept, whatever their validity."),
]


@dataclass(frozen=True, kw_only=True)
class Files:
    """How the files of commuters, towns and shapes are to be read."""

    columns: Columns = None
    sum_duplicates: SumDuplicates = False
    encoding: Encoding = None
    decimal: Decimal = None
    sheet: Sheet = None
    towns: TownsPath = None
    town_columns: TownColumns = None
    towns_sheet: TownsSheet = None
    zones: ZonesPath = None
    zone_columns: ZoneColumns = None
    layer: Layer = None
    crs: Crs = None


@dataclass(frozen=True, kw_only=True)
class AreaRule:
    """What a labour market area must hold."""

    variant: VariantName = Variant.EURO
    min_workers: MinWorkers = None
    min_self_containment: MinSelfContainment = None
    target_workers: TargetWorkers = None
    target_self_containment: TargetSelfContainment = None
    min_flow: MinFlow = 0.0
    repair: Repair = False

    def params(self) -> AreaParams:
        """Parameters of areas; those that were not given have their defaults."""
        from comarca.commuting import AreaParams

        given = {each.name: getattr(self, each.name) for each in fields(self)}
        return AreaParams(**given_only(**{**given, "variant": self.variant.value}))


@dataclass(frozen=True, kw_only=True)
class AreaInputs:
    """
    Everything areas are drawn from, read.

    Parameters
    ----------
    flows
        Commuters.
    towns, zones
        Towns and their shapes, where files of them were named.
    contiguity
        Neighbours, where areas are to hang together.
    borders
        Division of each town, where areas are to keep within one.
    centres
        Towns whose areas are kept.
    warnings
        What was noticed in the files and left as it is.
    files
        What was read, by what it holds.
    """

    flows: FlowMatrix
    towns: TownTable | None
    zones: Zones | None
    contiguity: Contiguity | None
    borders: Mapping[str, str]
    centres: tuple[str, ...]
    warnings: tuple[Fault, ...]
    files: Mapping[str, Path]

    @property
    def paths(self) -> tuple[Path, ...]:
        """The files."""
        return tuple(self.files.values())

    def sources(self) -> tuple[Source, ...]:
        """The files as a report names them, with the hash of each."""
        return tuple(source(role, path) for role, path in self.files.items())

    @property
    def names(self) -> dict[str, str]:
        """Names of towns, where known: by the list of towns, else by the map."""
        return {
            **({} if self.zones is None else self.zones.names),
            **({} if self.towns is None else self.towns.names),
        }

    @property
    def options(self) -> dict[str, Any]:
        """What :func:`comarca.delineate_areas` takes beside flows and parameters."""
        return {
            "names": self.names,
            "contiguity": self.contiguity,
            "borders": self.borders,
            "centres": self.centres,
        }


def read_area_inputs(
    flows: Path,
    files: Files,
    *,
    estimated: bool = False,
    contiguous: bool = False,
    within_divisions: bool = False,
    centres: str | None = None,
) -> AreaInputs:
    """
    Read the files that the options of a command name.

    Raises
    ------
    PlanningError
        When a file is at fault, or an option asks for what no file tells or speaks of no file.
    """
    from comarca.io import read_flow_table

    _refuse_options_of_no_file(files)
    texts = {"encoding": files.encoding, "decimal": files.decimal}
    listed = _towns(files, texts)
    table = read_flow_table(
        flows,
        split(files.columns),
        towns=listed,
        sum_duplicates=files.sum_duplicates,
        sheet=files.sheet,
        **texts,
    )
    shapes = _zones(files, table.flows.town_ids)
    contiguity = _contiguity(table.flows, listed, shapes) if contiguous else None
    told = (listed, table, shapes, contiguity)
    paths = {"Commuters": flows, "List of towns": files.towns, "Shapes of towns": files.zones}
    return AreaInputs(
        flows=replace(table.flows, is_observed=not estimated),
        towns=listed,
        zones=shapes,
        contiguity=contiguity,
        borders=_divisions(listed) if within_divisions else {},
        centres=tuple(split(centres) or ()),
        warnings=tuple(warning for one in told if one for warning in one.warnings),
        files={role: path for role, path in paths.items() if path is not None},
    )


def _refuse_options_of_no_file(files: Files) -> None:
    from comarca.errors import ParameterError

    lacking = [
        f"--{name.replace('_', '-')} speaks of {path.upper()}; expected --{path} too."
        for path, names in _SPEAKS_OF.items()
        for name in names
        if getattr(files, path) is None and getattr(files, name) is not None
    ]
    if lacking:
        raise ParameterError("\n".join(lacking))


def _towns(files: Files, texts: Mapping[str, str | None]) -> TownTable | None:
    from comarca.io import read_towns

    if files.towns is None:
        return None
    return read_towns(files.towns, split(files.town_columns), sheet=files.towns_sheet, **texts)


def _zones(files: Files, town_ids: Sequence[str]) -> Zones | None:
    from comarca.io import read_zones

    if files.zones is None:
        return None
    return read_zones(
        files.zones,
        split(files.zone_columns),
        town_ids=town_ids,
        allow_missing=True,
        layer=files.layer,
        crs=files.crs,
        encoding=files.encoding,
    )


def source(role: str, path: Path) -> Source:
    """A file as a report names it, with the hash of its bytes."""
    from comarca.report import Source

    digest = sha256(path.read_bytes()).hexdigest()
    return Source(role=role, name=path.name, sha256=digest)


def given_only(**options: Any) -> dict[str, Any]:
    """Options that were given; the others have their defaults elsewhere."""
    return {name: value for name, value in options.items() if value is not None}


def split(words: str | None) -> list[str] | None:
    """Words between commas."""
    return None if words is None else [word.strip() for word in words.split(",") if word.strip()]


def _contiguity(flows: FlowMatrix, towns: TownTable | None, zones: Zones | None) -> Contiguity:
    from comarca.errors import ParameterError
    from comarca.zones import contiguity_from_points, contiguity_from_polygons

    if zones is not None:
        return contiguity_from_polygons(zones)
    if towns is not None and towns.towns[["lat", "lon"]].notna().all(axis=None):
        places = towns.towns[["lat", "lon"]].astype(float)
        return contiguity_from_points(
            flows.town_ids, places["lat"].to_numpy(), places["lon"].to_numpy(), names=towns.names
        )
    raise ParameterError(
        "--contiguous needs to know who lies beside whom; expected --zones with the shapes of the "
        "towns, or --towns with lat and lon of every town."
    )


def _divisions(towns: TownTable | None) -> dict[str, str]:
    from comarca.errors import ParameterError

    codes = None if towns is None else towns.towns["admin_code"]
    if codes is None or codes.isna().any():
        lacking = "" if codes is None else f"; {int(codes.isna().sum()):,} have none"
        raise ParameterError(
            "--within-divisions needs the division of every town; expected --towns with a column "
            f"admin_code{lacking}."
        )
    return dict(zip(map(str, codes.index), map(str, codes), strict=True))
