"""Two partitions side by side as files: a page, tables, a map, map layers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from comarca.model.agreement import PartitionAgreement
from comarca.model.zones import Zones
from comarca.report import words
from comarca.report.agreement_tables import AgreementTables
from comarca.report.difference_map import DifferenceSheet, difference_map, difference_sheet
from comarca.report.templating import style_sheet, template
from comarca.report.town_sheet import has_places, names_of
from comarca.writing import written_whole

if TYPE_CHECKING:
    import pandas as pd

TABLES: Mapping[str, str] = MappingProxyType(
    {"overlap": "overlap.csv", "areas": "areas.csv", "towns": "towns.csv"}
)
PAGE = "comparison.html"
MAP = "differences.svg"
LAYERS = "differences.gpkg"
FILES: tuple[str, ...] = (*TABLES.values(), PAGE, MAP, LAYERS)
"""Every file that may be written; the last two only where places of towns are known."""
MOST_ROWS = 200
"""Rows of a table that the page shows; the CSV files have all."""

METHOD: tuple[str, ...] = (
    "The adjusted Rand index (Hubert and Arabie 1985) is the share of pairs of towns that both "
    "keep together, above what chance would give with areas of the same sizes. By people, a pair "
    "is two people of different towns.",
    "The variation of information (Meilă 2007) is what a town’s area in one delineation leaves "
    "open about its area in the other, both ways added, in bits. It is a distance: 0 for equal "
    "areas, alike both ways, never longer by a detour. Its share of the joint information lies "
    "between 0 and 1.",
    "An area is unchanged where the other delineation has one of the same towns; split where it "
    "is several areas of the other and nothing else; merged where it and others are one area "
    "there; the same with another border where more than half of the towns of the two are common "
    "to both; else redrawn.",
    "A town stays with the head of its area when the other delineation has both in one area. "
    "Towns of merged areas stay with their heads, and have new partners.",
)


def write_agreement(
    agreement: PartitionAgreement,
    directory: Path | str,
    *,
    labels: tuple[str, str] = ("A", "B"),
    towns: pd.DataFrame | None = None,
    zones: Zones | None = None,
    notes: Sequence[str] = (),
    inputs: Mapping[str, str] | None = None,
) -> tuple[Path, ...]:
    """
    Write two partitions side by side.

    Parameters
    ----------
    agreement
        The partitions, set side by side.
    directory
        Folder that takes the files; it is made where it is missing.
    labels
        What the two are called.
    towns
        Index ``town_id``; ``name``, ``lat`` and ``lon`` (degrees, WGS 84) where known. With places
        of towns, or with ``zones``, maps are drawn.
    zones
        Shapes of towns.
    notes
        What a reader has to know besides, a sentence each.
    inputs
        SHA-256 of each file behind it, by name.

    Returns
    -------
    tuple of pathlib.Path
        ``overlap.csv``, ``areas.csv``, ``towns.csv``, ``comparison.html``; with places
        ``differences.svg`` and ``differences.gpkg``.

    Raises
    ------
    OutputError
        When nothing can be written there.
    """
    folder = Path(directory)
    sheet = difference_sheet(agreement, towns, zones=zones) if has_places(towns, zones) else None
    drawn = "" if sheet is None else difference_map(sheet, labels)
    tables = AgreementTables(agreement, labels, names_of(towns, zones))
    with written_whole(folder) as unfinished:
        for name, file in TABLES.items():
            table: pd.DataFrame = getattr(agreement, name)
            table.to_csv(unfinished / file, index=False, lineterminator="\n")
        page = _page(tables, drawn, sheet, notes, inputs or {})
        (unfinished / PAGE).write_text(page, encoding="utf-8", newline="\n")
        if sheet is not None:
            from comarca.report.difference_layers import write_difference_layers

            (unfinished / MAP).write_text(drawn, encoding="utf-8", newline="\n")
            write_difference_layers(sheet, unfinished / LAYERS)
        files = sorted(unfinished.iterdir(), key=lambda path: FILES.index(path.name))
        return tuple(folder / path.name for path in files)


def _page(
    tables: AgreementTables,
    drawn: str,
    sheet: DifferenceSheet | None,
    notes: Sequence[str],
    inputs: Mapping[str, str],
) -> str:
    from importlib.metadata import version

    n_towns = len(tables.agreement.towns)
    return str(
        template("agreement.html.j2").render(
            labels=tables.labels,
            tables=tables,
            map=drawn,
            has_shapes=sheet is not None and sheet.has_shapes,
            n_unplaced=0 if sheet is None else n_towns - len(sheet.town_ids),
            method=METHOD,
            notes=notes,
            inputs=inputs,
            most=MOST_ROWS,
            files={**TABLES, "a": TABLES["areas"], "b": TABLES["areas"]},
            words=words,
            css=style_sheet(),
            version=version("comarca"),
        )
    )
