"""
Commands that make, describe and check regions.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from comarca.cli.console import (
    EXIT_FAULTY_INPUT,
    AsJson,
    Quiet,
    RegionPath,
    print_json,
    refuse_filled,
    settings,
    showing_progress,
    tell_warnings,
    telling_cautions,
    telling_faults,
)
from comarca.errors import Fault

if TYPE_CHECKING:
    from comarca.model.region import Region


def init(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="Folder to make.")],
    country: Annotated[
        str, typer.Option(help="Country, by name in any of its languages or ISO 3166 code.")
    ],
    division: Annotated[
        str | None,
        typer.Option(help="First-level division, by name, ISO 3166-2 or GeoNames code."),
    ] = None,
    quiet: Quiet = False,
) -> None:
    """Make a region from the world gazetteer: a country, or one of its divisions."""
    from comarca.io import write_region
    from comarca.io.gazetteer import gazetteer_region

    with telling_faults():
        refuse_filled(directory)
        with showing_progress(quiet=quiet) as progress, telling_cautions(quiet=quiet):
            region = gazetteer_region(country, division, progress=progress)
        write_region(region, directory)
        tell_warnings(region.warnings, quiet=quiet)
        if not quiet:
            typer.echo(region.summary())
            for source in region.sources:
                typer.echo(source)
            typer.echo(f"Written to {directory}; plan it with: comarca plan {directory} -o OUT")


def template(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="Folder to make.")],
    xlsx: Annotated[bool, typer.Option("--xlsx", help="One workbook instead of CSVs.")] = False,
) -> None:
    """Write empty tables, with the data dictionary beside them."""
    from comarca.io import write_template

    with telling_faults():
        refuse_filled(directory)
        files = write_template(directory, format="xlsx" if xlsx else "csv")
        typer.echo(f"{len(files)} files written to {directory}; fill in towns first.")


def check(region: RegionPath, as_json: AsJson = False) -> None:
    """Tell everything wrong or suspicious in a region and its study."""
    from comarca.io import check_report

    with telling_faults():
        report = check_report(region)
        if report.region is not None:
            report = replace(report, faults=_study_faults(region, report.region))
        if as_json:
            print_json(report.to_json())
        else:
            typer.echo(report.text())
        if report.faults:
            raise typer.Exit(EXIT_FAULTY_INPUT)


def _study_faults(path: Path, given: Region) -> tuple[Fault, ...]:
    """What is wrong with the study of a sound region, or between both."""
    from comarca.demography import diagnose
    from comarca.errors import ParameterError
    from comarca.model.completion import complete

    try:
        study = settings(path, given)
        complete(given, study.completion, study.prices)
        diagnose(given, study.diagnosis)
    except ParameterError as error:
        whole = Fault(
            place="study", object="the study", value=str(error), expectation="a sound one"
        )
        return error.faults or (whole,)
    return ()


def examples(
    name: Annotated[str | None, typer.Argument(help="Example to copy.")] = None,
    directory: Annotated[
        Path | None, typer.Argument(metavar="DIR", help="Folder to copy it to.")
    ] = None,
) -> None:
    """List the examples, or copy one."""
    from comarca.errors import ParameterError
    from comarca.examples import copy_example, list_examples

    with telling_faults():
        if name is None:
            listed = list_examples()
            wide = max(map(len, listed))
            for example, meaning in listed.items():
                typer.echo(f"{example:{wide}}  {meaning}")
            return
        if directory is None:
            raise ParameterError(f"say where to: comarca examples {name} DIR")
        refuse_filled(directory)
        copy_example(name, directory)
        typer.echo(f"{name} copied to {directory}; plan it with: comarca plan {directory} -o OUT")
