"""
Commands that draw areas from commuter flows.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from comarca.cli import area_options as option
from comarca.cli.area_report import publish, read_official, refuse_without_report
from comarca.cli.console import AsJson, Quiet, print_json, tell_warnings, telling_faults
from comarca.cli.groups import grouped

if TYPE_CHECKING:
    import pandas as pd

    from comarca.commuting import LabourMarketAreas


@grouped
def areas(
    flows: option.FlowsPath,
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="AREAS", help="CSV of town_id, area_id, status.")
    ],
    files: option.Files,
    rule: option.AreaRule,
    estimated: option.Estimated = False,
    contiguous: option.Contiguous = False,
    within_divisions: option.WithinDivisions = False,
    centres: option.Centres = None,
    trace: Annotated[
        Path | None, typer.Option(metavar="TRACE", help="CSV of every step that was taken.")
    ] = None,
    stats: Annotated[
        Path | None, typer.Option(metavar="STATS", help="CSV of quality figures, one row an area.")
    ] = None,
    report: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", help="Folder of results to publish: page, PDF, workbook, map layers."
        ),
    ] = None,
    title: Annotated[str, typer.Option(help="Title of the report.")] = "Labour market areas",
    draws: Annotated[
        int,
        typer.Option(
            min=0, help="Redrawings from resampled flows, to tell in the report how sure areas are."
        ),
    ] = 0,
    official: Annotated[
        Path | None,
        typer.Option(metavar="TABLE", help="Official areas that the report sets beside these."),
    ] = None,
    official_columns: Annotated[
        str | None, typer.Option(metavar="A,B", help="Headers of town and area in TABLE.")
    ] = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Draw labour market areas from a table of commuters."""
    from comarca.commuting import delineate_areas
    from comarca.report import AREA_FILES
    from comarca.writing import refuse_overwriting, written_files

    with telling_faults():
        refuse_without_report(report, official=official, draws=draws)
        params = rule.params()
        given = option.read_area_inputs(
            flows,
            files,
            estimated=estimated,
            contiguous=contiguous,
            within_divisions=within_divisions,
            centres=centres,
        )
        wanted = {"areas": out, "trace": trace, "stats": stats}
        results = {name: path for name, path in wanted.items() if path is not None}
        published = [] if report is None else [report / name for name in AREA_FILES]
        rival = None if official is None else read_official(official, official_columns)
        read = [*given.paths, *([] if official is None else [official])]
        refuse_overwriting([*results.values(), *published], read)
        with written_files(list(results.values()), given.paths) as unfinished:
            drawn = delineate_areas(given.flows, params, **given.options)
            for name, path in zip(results, unfinished, strict=True):
                _tables(drawn)[name]().to_csv(path, index=False)
            if report is not None:
                publish(drawn, given, report, title=title, draws=draws, official=rival)
        tell_warnings(given.warnings, quiet=quiet or as_json)
        if as_json:
            told = results if report is None else {**results, "report": report}
            print_json(_headline(drawn, told))
        elif not quiet:
            typer.echo(drawn.summary())
            typer.echo(f"Areas: {out}")
            if report is not None:
                typer.echo(f"Report: {report / AREA_FILES[0]}")


def _tables(drawn: LabourMarketAreas) -> dict[str, Any]:
    return {
        "areas": drawn.membership,
        "trace": drawn.trace,
        "stats": lambda: _stats(drawn),
    }


def _stats(drawn: LabourMarketAreas) -> pd.DataFrame:
    """Quality figures under the ids that the table of areas uses."""
    quality = drawn.quality().reset_index()
    id_of = drawn.membership().set_index("town_id")["area_id"]
    quality["area_id"] = quality["area_id"].map(id_of)
    return quality


def _headline(drawn: LabourMarketAreas, results: dict[str, Path]) -> dict[str, Any]:
    quality = drawn.quality()
    statuses = list(drawn.partition.status_of.values())
    return {
        "variant": drawn.params.variant,
        "parameters": drawn.params.model_dump(mode="json"),
        "areas": len(drawn.partition.areas),
        "areas_below_the_rule": int((quality["validity"] < 1).sum()) if len(quality) else 0,
        "towns": {status: statuses.count(status) for status in sorted(set(statuses))},
        "status": drawn.status,
        "iterations": drawn.iterations,
        "self_containment_supply": _overall(quality, "residents"),
        "self_containment_demand": _overall(quality, "jobs"),
        "files": {name: str(path) for name, path in results.items()},
    }


def _overall(quality: pd.DataFrame, total: str) -> float | None:
    """Share over all areas together; ``None`` when there is none."""
    return float(quality["inside"].sum() / quality[total].sum()) if len(quality) else None
