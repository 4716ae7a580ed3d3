"""
The command that projects the people of a region's towns.
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
    from comarca.demography.projection import Projection, ProjectionParams
    from comarca.model.region import Region


def project(
    region: RegionPath,
    out: Annotated[Path, typer.Option("--out", "-o", metavar="OUT", help="Folder of results.")],
    years: Annotated[int | None, typer.Option(help="How many years it reaches.")] = None,
    base_year: Annotated[
        int | None,
        typer.Option(help="Where it begins; by default the last year with a count."),
    ] = None,
    age_width: Annotated[
        int | None, typer.Option(metavar="1|5", help="Years of an age group and of a step.")
    ] = None,
    draws: Annotated[int | None, typer.Option(help="Futures drawn for each town.")] = None,
    seed: Annotated[int | None, typer.Option(help="Seed of the draws.")] = None,
    migration: Annotated[
        str | None,
        typer.Option(metavar="trend|none", help="Where no table tells migration."),
    ] = None,
    total_fertility: Annotated[
        float | None, typer.Option(help="Children a woman, where no table tells births.")
    ] = None,
    region_total: Annotated[
        list[str] | None,
        typer.Option(metavar="YEAR=PERSONS", help="A total that all towns must meet; repeatable."),
    ] = None,
    study: Annotated[
        Path | None, typer.Option(help="Study file; by default study.toml in the region.")
    ] = None,
    threads: Annotated[
        int | None, typer.Option(help="How many towns at once; by default one for each processor.")
    ] = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Project the people of each town by sex and age, with a fan and the towns that may empty."""
    from comarca.demography.projection import project_population
    from comarca.io import read_region
    from comarca.report.projection_writing import write_projection

    with telling_faults():
        refuse_inputs_folder(out, region)
        given = read_region(region)
        tell_warnings(given.warnings, quiet=quiet or as_json)
        told = {
            "years": years,
            "base_year": base_year,
            "age_width": age_width,
            "draws": draws,
            "seed": seed,
            "migration": migration,
            "total_fertility": total_fertility,
            "region_totals": _totals(region_total),
        }
        chosen = settings(region, given, study).seeded().projection
        params = _changed(given, chosen, {k: v for k, v in told.items() if v is not None})
        with showing_progress(quiet=quiet or as_json) as progress:
            found = project_population(given, params, threads=threads, progress=progress)
            progress("Writing the page", None)
            files = write_projection(found, given, out)
        if as_json:
            print_json(_headline(found, files))
        elif not quiet:
            typer.echo(found.summary())
            typer.echo(f"Page: {out / 'projection.html'}")


def _totals(told: list[str] | None) -> dict[int, float] | None:
    """Totals as typed; ``None`` where there are none."""
    from comarca.errors import ParameterError

    if told is None:
        return None
    totals: dict[int, float] = {}
    for part in told:
        told_year, _, told_persons = part.partition("=")
        try:
            year, persons = int(told_year), float(told_persons)
        except ValueError:
            raise ParameterError(
                f'--region-total is "{part}"; expected YEAR=PERSONS, such as 2040=120000.'
            ) from None
        if year in totals:
            raise ParameterError(f"--region-total tells {year} twice; expected each year once.")
        totals[year] = persons
    return totals


def _changed(region: Region, params: ProjectionParams, given: dict[str, Any]) -> ProjectionParams:
    """Settings of the study with those of the command line, checked together."""
    set_before = {name: getattr(params, name) for name in params.model_fields_set}
    return type(params).for_region(region, **(set_before | given))


def _headline(found: Projection, files: tuple[Path, ...]) -> dict[str, Any]:
    """What a program asks first; the whole is in the CSV files."""
    first, last = found.region.iloc[0], found.region.iloc[-1]
    emptying = found.depopulating()
    return {
        "base_year": found.base_year,
        "end_year": int(last["year"]),
        "towns": len(found.inputs),
        "persons": round(float(first["persons"]), 3),
        "persons_at_end": round(float(last["persons"]), 3),
        "low_80": round(float(last["low_80"]), 3),
        "high_80": round(float(last["high_80"]), 3),
        "below_half_as_likely_as_not": int(emptying["half_year"].notna().sum()),
        "too_few_pupils_as_likely_as_not": int(emptying["school_year"].notna().sum()),
        "assumed_numbers": sum(used.is_assumed for used in found.assumed),
        "notes": list(found.notes),
        "files": [str(path) for path in files],
    }
