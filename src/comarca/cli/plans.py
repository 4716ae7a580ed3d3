"""
The command that plans a region.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from comarca.cli.console import (
    AsJson,
    Quiet,
    RegionPath,
    print_json,
    refuse_inputs_folder,
    settings,
    showing_progress,
    tell_warnings,
    telling_faults,
)

if TYPE_CHECKING:
    from comarca.model.plan import Plan


def plan(
    region: RegionPath,
    out: Annotated[Path, typer.Option("--out", "-o", metavar="OUT", help="Folder of results.")],
    study: Annotated[
        Path | None, typer.Option(help="Study file; by default study.toml in the region.")
    ] = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Plan a region: report, workbook, map layers and plan file."""
    from comarca.io import read_region
    from comarca.model.plan_file import write_plan
    from comarca.report import write_report
    from comarca.study import input_hashes, make_plan
    from comarca.writing import written_whole

    with telling_faults():
        refuse_inputs_folder(out, region)
        given = read_region(region)
        tell_warnings(given.warnings, quiet=quiet)
        chosen = settings(region, given, study)
        with showing_progress(quiet=quiet) as progress, written_whole(out) as unfinished:
            hashes = {**input_hashes(region), **(input_hashes(study) if study else {})}
            made = make_plan(given, chosen, inputs=hashes, progress=progress)
            progress("Writing the report", None)
            write_report(made, unfinished, progress=progress)
            write_plan(made, unfinished)
        _tell_plan(made, out, quiet=quiet, as_json=as_json)


def _tell_plan(made: Plan, out: Path, *, quiet: bool, as_json: bool) -> None:
    if as_json:
        print_json(_headline(made, out))
    elif not quiet:
        typer.echo(made.summary())
        typer.echo(f"Report: {out / 'report.html'}")


def _headline(made: Plan, out: Path) -> dict[str, Any]:
    """Say what a program asks first; the whole is in plan.json."""
    from comarca.model.codec import to_plain

    freight = made.freight
    return {
        "region": made.region.name,
        "towns": made.region.n_towns,
        "currency": made.region.currency,
        "commuting_areas": len(made.areas.areas),
        "flows_are_observed": made.flows.is_observed,
        "workshops": len(freight.workshops),
        "workers": freight.workers,
        "status": freight.status,
        "value_per_year": freight.value,
        "bound_per_year": freight.bound,
        "gap": freight.gap,
        "headline": {
            name: None if value == {"number": "nan"} else value
            for name, value in to_plain(made.comparison.headline).items()
        },
        "assumed_numbers": sum(used.is_assumed for used in made.assumed),
        "report": str(out / "report.html"),
    }
