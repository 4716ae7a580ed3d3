"""
The command that plans a region.
"""

from __future__ import annotations

from math import isinf
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
from comarca.cli.groups import grouped
from comarca.cli.plan_options import PlanGoal, PlanSearch, with_options

if TYPE_CHECKING:
    from comarca.model.plan import Plan


@grouped
def plan(
    region: RegionPath,
    out: Annotated[Path, typer.Option("--out", "-o", metavar="OUT", help="Folder of results.")],
    study: Annotated[
        Path | None, typer.Option(help="Study file; by default study.toml in the region.")
    ] = None,
    *,
    goal: PlanGoal,
    search: PlanSearch,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Plan a region: report, workbook, map layers and plan file."""
    from comarca.io import read_region
    from comarca.model.plan_file import read_plan, write_plan
    from comarca.report import write_report
    from comarca.study import input_hashes, make_plan
    from comarca.writing import written_whole

    with telling_faults():
        refuse_inputs_folder(out, region)
        given = read_region(region)
        tell_warnings(given.warnings, quiet=quiet)
        chosen = settings(region, given, study)
        asked = goal.settings() | search.settings()
        chosen = with_options(chosen, given, asked) if asked else chosen
        start = None if search.start is None else read_plan(search.start)
        with showing_progress(quiet=quiet) as progress, written_whole(out) as unfinished:
            hashes = {**input_hashes(region), **(input_hashes(study) if study else {})}
            if search.start is not None:
                hashes |= _hash_of_start(search.start)
            made = make_plan(given, chosen, start=start, inputs=hashes, progress=progress)
            progress("Writing the report", None)
            write_report(made, unfinished, progress=progress)
            write_plan(made, unfinished)
        _tell_plan(made, out, quiet=quiet, as_json=as_json)


def _hash_of_start(path: Path) -> dict[str, str]:
    """SHA-256 of the plan that the search starts from, for the manifest."""
    from comarca.study import input_hashes

    file = path / "plan.json" if path.is_dir() else path
    return {f"start {name}": digest for name, digest in input_hashes(file).items()}


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
    means_something = freight.has_bound and freight.status != "infeasible"
    bound = freight.bound if means_something else None
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
        "objective": freight.goal.objective,
        "jobs_required": freight.goal.jobs_required,
        "budget_per_year": freight.goal.budget_per_year,
        "cost_per_year": freight.cost_per_year,
        "reached": freight.reached,
        "bound": bound,
        "bound_per_year": None if freight.goal.objective == "jobs" else bound,
        "gap": None if bound is None or isinf(freight.gap) else freight.gap,
        "most_jobs": freight.most_jobs,
        "notes": list(freight.notes),
        "headline": {
            name: None if isinstance(value, dict) else value  # no number, or one without limit
            for name, value in to_plain(made.comparison.headline).items()
        },
        "assumed_numbers": sum(used.is_assumed for used in made.assumed),
        "report": str(out / "report.html"),
    }
