"""
The command that sets two delineations side by side.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from comarca.cli.area_options import (
    Crs,
    Decimal,
    Encoding,
    Layer,
    TownColumns,
    TownsSheet,
    ZoneColumns,
    ZonesPath,
    split,
)
from comarca.cli.console import AsJson, Quiet, print_json, tell_warnings, telling_faults

if TYPE_CHECKING:
    from comarca.errors import Fault
    from comarca.io import AreaTable, TownTable
    from comarca.model.agreement import PartitionAgreement
    from comarca.model.zones import Zones


def compare_areas(
    a: Annotated[Path, typer.Argument(metavar="A", help="Table of towns and their areas.")],
    b: Annotated[Path, typer.Argument(metavar="B", help="Another one of the same towns.")],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="OUT", help="Folder of results.")],
    towns: Annotated[
        Path | None,
        typer.Option(
            "--towns", metavar="TOWNS", help="List of towns: town_id, name, lat, lon, population."
        ),
    ] = None,
    town_columns: TownColumns = None,
    towns_sheet: TownsSheet = None,
    zones: ZonesPath = None,
    zone_columns: ZoneColumns = None,
    layer: Layer = None,
    crs: Crs = None,
    columns: Annotated[
        str | None,
        typer.Option(
            metavar="A,B,...", help="Headers of town, area, and if wanted status and area name."
        ),
    ] = None,
    columns_b: Annotated[
        str | None,
        typer.Option(metavar="A,B,...", help="The same of B, where its headers are others."),
    ] = None,
    sheet: Annotated[
        str | None, typer.Option(help="Sheet of A and B, where a workbook has several.")
    ] = None,
    sheet_b: Annotated[
        str | None, typer.Option(help="The same of B, where its sheet is another.")
    ] = None,
    labels: Annotated[
        str | None,
        typer.Option(metavar="A,B", help="What the two are called; by default as their files."),
    ] = None,
    zero_is_none: Annotated[
        bool | None,
        typer.Option(
            "--zero-is-none/--zero-is-area", help="What the area 0 means, where no status tells it."
        ),
    ] = None,
    absent_is_none: Annotated[
        bool, typer.Option("--absent-is-none", help="Towns of one table alone are in no area.")
    ] = False,
    unassigned_alone: Annotated[
        bool,
        typer.Option("--unassigned-alone", help="Count each town in no area as an area by itself."),
    ] = False,
    encoding: Encoding = None,
    decimal: Decimal = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Compare two delineations: figures, overlap, what became of areas and towns, a map."""
    from comarca.io import read_towns
    from comarca.model.agreement import compare_partitions
    from comarca.report.agreement_writing import FILES, write_agreement
    from comarca.writing import refuse_overwriting

    with telling_faults():
        inputs = [path for path in (a, b, towns, zones) if path is not None]
        refuse_overwriting([out / name for name in FILES], inputs)
        listed = (
            None
            if towns is None
            else read_towns(
                towns,
                split(town_columns),
                encoding=encoding,
                decimal=decimal,
                sheet=towns_sheet,
            )
        )
        people = _population(listed)
        tables = _both(
            (a, split(columns), sheet),
            (b, split(columns_b or columns), sheet_b or sheet),
            zero_is_none=zero_is_none,
            names=listed.names if listed else None,
            population=people,
            encoding=encoding,
        )
        one, other = _same_towns(*tables, absent_is_none=absent_is_none)
        shapes = _shapes(
            zones, zone_columns, one.partition.town_ids, layer=layer, crs=crs, encoding=encoding
        )
        missing = [town for town in one.partition.town_ids if town not in people]
        agreement = compare_partitions(
            one.partition,
            other.partition,
            None if missing else people,
            unassigned="alone" if unassigned_alone else "left_out",
        )
        notes = [*one.warnings, *other.warnings, *_of(listed), *_of(shapes)]
        notes += _without_people(listed, missing)
        tell_warnings(tuple(notes), quiet=quiet or as_json)
        called = _labels(labels, a, b)
        told = [str(note) for note in notes]
        files = write_agreement(
            agreement,
            out,
            labels=called,
            towns=listed.towns if listed else None,
            zones=shapes,
            notes=told,
            inputs=_hashes(inputs),
        )
        if as_json:
            print_json({**_headline(agreement, called, files), "notes": told})
        elif not quiet:
            typer.echo(agreement.summary())
            typer.echo(f"Page: {out / 'comparison.html'}")


def _population(listed: TownTable | None) -> dict[str, float]:
    """People of each town of which the list tells them."""
    if listed is None:
        return {}
    given = listed.towns["population"].dropna()
    return {str(town): float(people) for town, people in given.items()}


def _both(*sources: tuple[Path, list[str] | None, str | None], **options: Any) -> list[AreaTable]:
    """Both tables; what is wrong with either is told together."""
    from dataclasses import replace

    from comarca.errors import TableError
    from comarca.io import read_areas

    tables, refused, faults = [], [], []
    for path, columns, sheet in sources:
        try:
            table = read_areas(path, columns, sheet=sheet, **options)
            tables.append(replace(table, place=str(path)))
        except TableError as error:
            refused.append(error)
            # By its path, since two tables may well have the same name in two folders.
            faults += [
                replace(fault, place=fault.place.replace(path.name, str(path), 1))
                for fault in error.faults
            ]
    if refused:
        place = " and ".join(str(path) for path, *_ in sources)
        raise TableError(place, faults, sum(error.n_faults for error in refused))
    return tables


def _same_towns(
    one: AreaTable, other: AreaTable, *, absent_is_none: bool
) -> tuple[AreaTable, AreaTable]:
    """Both tables with the same towns, or a fault for each that lacks some of the other."""
    from dataclasses import replace

    from comarca.errors import Fault, TableError
    from comarca.io.area_tables import with_towns
    from comarca.wording import counted

    if absent_is_none:
        towns = [*one.partition.town_ids, *other.partition.town_ids]
        return tuple(  # type: ignore[return-value]  # of two
            replace(table, partition=with_towns(table.partition, towns)) for table in (one, other)
        )
    faults = [
        Fault(
            place=there.place,
            object="the table",
            value=f"without {counted(len(absent), 'town')}, such as {absent[0]}",
            expectation=f"all towns of {here.place}; or --absent-is-none, where those are in no "
            "area",
        )
        for here, there in ((one, other), (other, one))
        if (absent := [t for t in here.partition.town_ids if t not in there.partition.area_of])
    ]
    if faults:
        raise TableError(f"{one.place} and {other.place}", faults)
    return one, other


def _shapes(
    path: Path | None, columns: str | None, town_ids: Sequence[str], **options: str | None
) -> Zones | None:
    from comarca.io import read_zones

    if path is None:
        return None
    return read_zones(path, split(columns), town_ids=town_ids, allow_missing=True, **options)


def _of(source: TownTable | Zones | None) -> tuple[Fault, ...]:
    return () if source is None else source.warnings


def _without_people(listed: TownTable | None, missing: Sequence[str]) -> list[Fault]:
    """Say why figures by people are left out, where a list of towns might have given them."""
    from comarca.errors import Fault
    from comarca.wording import counted

    if listed is None or not missing:
        return []
    return [
        Fault(
            place=listed.place,
            object=f"population of {counted(len(missing), 'town')}",
            value="",
            expectation=f"people of every town, such as {missing[0]}; figures by people are left "
            "out",
        )
    ]


def _labels(labels: str | None, a: Path, b: Path) -> tuple[str, str]:
    """What the two are called: as asked for, else by their files, or files and folders."""
    from comarca.errors import ParameterError

    if labels is not None:
        given = tuple(label.strip() for label in labels.split(","))
        if len(given) != 2 or not all(given) or given[0] == given[1]:
            raise ParameterError(f"labels is {labels}; expected two that differ: First,Second.")
        return given
    if a.stem != b.stem:
        return a.stem, b.stem
    return f"{a.resolve().parent.name}/{a.stem}", f"{b.resolve().parent.name}/{b.stem}"


def _hashes(inputs: Sequence[Path]) -> dict[str, str]:
    """SHA-256 of each input, by its path as it was given."""
    from hashlib import sha256

    return {str(path): sha256(path.read_bytes()).hexdigest() for path in inputs}


def _headline(
    agreement: PartitionAgreement, labels: tuple[str, str], files: Sequence[Path]
) -> dict[str, Any]:
    """Say what a program asks first; the whole is in the tables."""
    areas = agreement.areas
    return {
        "a": labels[0],
        "b": labels[1],
        "areas_a": len(agreement.a.areas),
        "areas_b": len(agreement.b.areas),
        "towns": len(agreement.towns),
        "towns_compared": agreement.n_compared,
        "unassigned": agreement.unassigned,
        "by_town": _told(agreement.by_town),
        "by_person": None if agreement.by_person is None else _told(agreement.by_person),
        "towns_by_difference": _counts(agreement.towns["difference"]),
        "towns_with_other_partners": len(agreement.changed_partners),
        "areas_a_by_change": _counts(areas.loc[areas["partition"] == "a", "change"]),
        "areas_b_by_change": _counts(areas.loc[areas["partition"] == "b", "change"]),
        "files": [str(path) for path in files],
    }


def _told(figures: Any) -> dict[str, float | None]:
    """Figures as JSON has them: what does not exist is null."""
    from math import isnan

    return {name: None if isnan(value) else value for name, value in vars(figures).items()}


def _counts(kinds: Any) -> dict[str, int]:
    return {str(kind): int(number) for kind, number in kinds.value_counts().items()}
