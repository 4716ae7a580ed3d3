"""How sure areas are, as files: a page, tables, a map, map layers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from comarca.commuting import AreaStability, AreaSweep
from comarca.model.zones import Zones
from comarca.report import words
from comarca.report.certainty_map import certainty_map
from comarca.report.place_tables import ILLUSTRATION
from comarca.report.stability_charts import (
    area_certainty_chart,
    certainty_histogram,
    redrawings_chart,
)
from comarca.report.stability_tables import StabilityTables
from comarca.report.sweep_charts import effects_chart, sweep_chart
from comarca.report.templating import style_sheet, template
from comarca.report.town_sheet import TownSheet, has_places, town_sheet
from comarca.writing import written_whole

if TYPE_CHECKING:
    import pandas as pd

TABLES: Mapping[str, str] = MappingProxyType(
    {
        "towns": "towns.csv",
        "areas": "areas.csv",
        "redrawings": "redrawings.csv",
        "sweep": "sweep.csv",
        "pairs": "co_membership.csv",
    }
)
PAGE = "stability.html"
MAP = "certainty.svg"
LAYERS = "certainty.gpkg"
FILES: tuple[str, ...] = (*TABLES.values(), PAGE, MAP, LAYERS)
"""Every file that may be written; a map and layers only where places of towns are known."""
MOST_ROWS = 60
"""Rows of a table that the page shows; the CSV files have all."""


def write_stability(
    stability: AreaStability,
    directory: Path | str,
    *,
    sweep: AreaSweep | None = None,
    towns: pd.DataFrame | None = None,
    zones: Zones | None = None,
    least_pair_share: float | None = None,
    notes: Sequence[str] = (),
    inputs: Mapping[str, str] | None = None,
) -> tuple[Path, ...]:
    """
    Write how sure areas are.

    Parameters
    ----------
    stability
        How sure membership is.
    directory
        Folder that takes the files; it is made where it is missing.
    sweep
        What parameters do to the areas, where that is to be shown.
    towns
        Index ``town_id``; ``lat`` and ``lon`` (degrees, WGS 84) where known. With places of towns,
        or with ``zones``, a map is drawn.
    zones
        Shapes of towns.
    least_pair_share
        When given, pairs of towns that share an area at least so often are written too; in [0, 1].
    notes
        What a reader has to know besides, a sentence each.
    inputs
        SHA-256 of each file behind it, by name.

    Returns
    -------
    tuple of pathlib.Path
        ``towns.csv``, ``areas.csv``, ``redrawings.csv`` and ``stability.html``; with a sweep
        ``sweep.csv``; with pairs ``co_membership.csv``; with places ``certainty.svg`` and
        ``certainty.gpkg``.

    Raises
    ------
    OutputError
        When nothing can be written there.
    """
    folder = Path(directory)
    sheet = town_sheet(stability.town_ids, towns, zones=zones) if has_places(towns, zones) else None
    grounds = {} if sheet is None else sheet.grounds(stability.reference.partition)
    drawn = "" if sheet is None else certainty_map(stability, sheet, grounds=grounds)
    page = _page(StabilityTables(stability, sweep), drawn, sheet, notes, inputs or {})
    with written_whole(folder) as unfinished:
        for name, table in _tables(stability, sweep, least_pair_share).items():
            table.to_csv(unfinished / TABLES[name], index=False, lineterminator="\n")
        (unfinished / PAGE).write_text(page, encoding="utf-8", newline="\n")
        if sheet is not None:
            from comarca.report.certainty_layers import write_certainty_layers

            (unfinished / MAP).write_text(drawn, encoding="utf-8", newline="\n")
            write_certainty_layers(stability, sheet, grounds, unfinished / LAYERS)
        files = sorted(unfinished.iterdir(), key=lambda path: FILES.index(path.name))
        return tuple(folder / path.name for path in files)


def _tables(
    stability: AreaStability, sweep: AreaSweep | None, least_pair_share: float | None
) -> dict[str, pd.DataFrame]:
    tables = {
        "towns": stability.towns().reset_index(),
        "areas": stability.areas().reset_index(),
        "redrawings": stability.redrawings.reset_index(),
    }
    if sweep is not None:
        tables["sweep"] = sweep.table.assign(
            is_on_frontier=sweep.table.index.isin(sweep.frontier().index)
        )
    if least_pair_share is not None:
        tables["pairs"] = stability.pairs(least_pair_share)
    return tables


def _page(
    tables: StabilityTables,
    drawn: str,
    sheet: TownSheet | None,
    notes: Sequence[str],
    inputs: Mapping[str, str],
) -> str:
    from importlib.metadata import version

    stability = tables.stability
    told = stability.headline()
    draws = words.plural(stability.settings.draws, "redrawing")
    return str(
        template("stability.html.j2").render(
            title="How sure the labour market areas are",
            subtitle=f"{words.plural(told['areas'], 'area')} of "
            f"{words.plural(told['towns'], 'town')}, {draws}",
            tables=tables,
            map=drawn,
            has_shapes=sheet is not None and sheet.has_shapes,
            n_unplaced=0 if sheet is None else len(stability.town_ids) - len(sheet.town_ids),
            charts=_charts(tables),
            illustration="" if stability.is_observed else ILLUSTRATION,
            notes=notes,
            inputs=inputs,
            most=MOST_ROWS,
            files=TABLES,
            words=words,
            css=style_sheet(),
            version=version("comarca"),
        )
    )


def _charts(tables: StabilityTables) -> dict[str, str]:
    """Charts by name; empty where there is nothing to draw."""
    stability, sweep = tables.stability, tables.sweep
    is_swept = sweep is not None and bool(sweep.headline()["areas_most"])
    return {
        "towns": certainty_histogram(stability),
        "areas": area_certainty_chart(stability) if stability.outcome.n_areas else "",
        "redrawings": redrawings_chart(stability),
        "sweep": sweep_chart(sweep) if sweep is not None and is_swept else "",
        "effects": effects_chart(sweep) if sweep is not None and sweep.varied else "",
    }
