"""
How ``comarca areas`` publishes what it drew.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from comarca.cli.area_options import AreaInputs, source, split

if TYPE_CHECKING:
    from comarca.commuting import LabourMarketAreas
    from comarca.io import AreaTable
    from comarca.model.agreement import PartitionAgreement


def refuse_without_report(report: Path | None, **options: object) -> None:
    """Refuse options that only a report shows, where none is asked for."""
    from comarca.errors import ParameterError

    asked = [f"--{name}" for name, value in options.items() if value]
    if report is None and asked:
        raise ParameterError(f"{' and '.join(asked)}: for the report; expected --report DIR too.")


def read_official(path: Path, columns: str | None) -> tuple[Path, AreaTable]:
    """Read areas of somebody else, with the file they stand in."""
    from comarca.io import read_areas

    return path, read_areas(path, split(columns))


def publish(
    drawn: LabourMarketAreas,
    given: AreaInputs,
    directory: Path,
    *,
    title: str,
    draws: int,
    official: tuple[Path, AreaTable] | None,
) -> None:
    """Write the report of areas that were drawn from files."""
    from comarca.commuting import stability_of_areas
    from comarca.report import AreaResults, write_area_report

    rival = None if official is None else official[1]
    results = AreaResults(
        areas=drawn,
        flows=given.flows,
        title=title,
        towns=None if given.towns is None else given.towns.towns,
        zones=given.zones,
        contiguity=given.contiguity,
        borders=given.borders,
        centres=given.centres,
        sources=(
            *given.sources(),
            *(() if official is None else (source("Official areas", official[0]),)),
        ),
        warnings=(*given.warnings, *(() if rival is None else rival.warnings)),
        made=_stated_date(),
    )
    comparison = None if rival is None else _beside(drawn, given, rival)
    stability = (
        stability_of_areas(given.flows, drawn.params, draws=draws, **given.options)
        if draws
        else None
    )
    write_area_report(results, directory, stability=stability, comparison=comparison)


def _beside(drawn: LabourMarketAreas, given: AreaInputs, rival: AreaTable) -> PartitionAgreement:
    """The areas beside others; a town that one of both does not know is in no area there."""
    from comarca.io.area_tables import with_towns
    from comarca.model.agreement import compare_partitions

    own, other = drawn.partition, rival.partition
    towns = [*own.town_ids, *other.town_ids]
    workers = dict.fromkeys(towns, 0.0) | dict(
        zip(given.flows.town_ids, given.flows.workers.tolist(), strict=True)
    )
    return compare_partitions(with_towns(own, towns), with_towns(other, towns), workers)


def _stated_date() -> datetime | None:
    """``SOURCE_DATE_EPOCH`` as a date; without it none, so that a rebuild is equal byte by byte."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    return datetime.fromtimestamp(int(epoch), UTC) if epoch else None
