"""
The command line: ``comarca init``, ``template``, ``check``, ``plan``, ``diagnose``, ``examples``.

Faults of the input end with exit code 2, one message, no traceback, and nothing written; a plan
that breaks a rule, which is a fault of Comarca, with 1. An interrupted run (exit code 130) leaves
earlier results whole.
"""

from __future__ import annotations

import io
import json
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from comarca.errors import Fault, FaultyPlanError, PlanningError

if TYPE_CHECKING:
    from comarca.model.plan import Plan
    from comarca.model.region import Region
    from comarca.study import Progress, Study

EXIT_FAULT_OF_COMARCA = 1
EXIT_FAULTY_INPUT = 2
EXIT_INTERRUPTED = 130

app = typer.Typer(
    name="comarca",
    help="Plan agglomerations of small towns: commuting areas, freight-tied workshops, and what "
    "each is worth to whom.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

RegionPath = Annotated[
    Path, typer.Argument(metavar="REGION", help="Folder of tables, one XLSX, or one GeoPackage.")
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but errors.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON, for programs.")]


@app.callback()
def _able_to_write_any_name() -> None:
    """Write letters that the terminal or the file does not know as escapes, and never fail."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _print_json(content: Any) -> None:
    """Print JSON in plain letters where the stream can hold them, else in JSON's own escapes."""
    text = json.dumps(content, ensure_ascii=False, indent=2)
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        text = json.dumps(content, indent=2)
    typer.echo(text)


@contextmanager
def _telling_faults() -> Iterator[None]:
    """Turn a refusal into one message and exit code 2, an interrupt into 130."""
    try:
        yield
    except PlanningError as error:
        typer.echo(f"{type(error).__name__}: {error}", err=True)
        is_ours = isinstance(error, FaultyPlanError)
        raise typer.Exit(EXIT_FAULT_OF_COMARCA if is_ours else EXIT_FAULTY_INPUT) from None
    except KeyboardInterrupt:
        typer.echo("Interrupted; nothing was changed.", err=True)
        raise typer.Exit(EXIT_INTERRUPTED) from None


@contextmanager
def _showing_progress(*, quiet: bool) -> Iterator[Progress]:
    """A bar on the error stream while it is a terminal; otherwise a line a stage."""
    if quiet:
        yield lambda stage, share: None
        return
    if not sys.stderr.isatty():
        yield _lines()
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)

        def show(stage: str, share: float | None) -> None:
            bar.update(task, description=stage, completed=share or 0.0, total=share and 1.0)

        yield show


def _lines() -> Callable[[str, float | None], None]:
    told: set[str] = set()

    def show(stage: str, share: float | None) -> None:
        if stage not in told:
            told.add(stage)
            typer.echo(f"{stage} ...", err=True)

    return show


def _tell_warnings(found: tuple[Fault, ...], *, quiet: bool) -> None:
    if not quiet:
        for warning in found:
            typer.echo(f"warning: {warning}", err=True)


@contextmanager
def _telling_cautions(*, quiet: bool) -> Iterator[None]:
    """Tell Python's warnings meant for a user as sentences, without a line of code."""
    with warnings.catch_warnings(record=True) as cautions:
        warnings.simplefilter("default", UserWarning)
        yield
    for caution in cautions:
        if issubclass(caution.category, UserWarning) and not quiet:
            typer.echo(f"warning: {caution.message}", err=True)


@app.command()
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

    with _telling_faults():
        _refuse_filled(directory)
        with _showing_progress(quiet=quiet) as progress, _telling_cautions(quiet=quiet):
            region = gazetteer_region(country, division, progress=progress)
        write_region(region, directory)
        _tell_warnings(region.warnings, quiet=quiet)
        if not quiet:
            typer.echo(region.summary())
            for source in region.sources:
                typer.echo(source)
            typer.echo(f"Written to {directory}; plan it with: comarca plan {directory} -o OUT")


def _refuse_filled(directory: Path) -> None:
    from comarca.errors import OutputError

    if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
        raise OutputError(f"{directory} exists already and is not an empty folder.")


def _refuse_inputs_folder(out: Path, region: Path) -> None:
    """Results among the inputs could overwrite them, or be read as tables the next time."""
    from comarca.errors import OutputError

    inputs = region if region.is_dir() else region.parent
    if out.resolve() == inputs.resolve() or (out / "region.toml").exists():
        raise OutputError(
            f"{out} is the folder of a region; expected a folder of its own for the results, "
            f"such as {out / 'plan'}."
        )


@app.command()
def template(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="Folder to make.")],
    xlsx: Annotated[bool, typer.Option("--xlsx", help="One workbook instead of CSVs.")] = False,
) -> None:
    """Write empty tables, with the data dictionary beside them."""
    from comarca.io import write_template

    with _telling_faults():
        _refuse_filled(directory)
        files = write_template(directory, format="xlsx" if xlsx else "csv")
        typer.echo(f"{len(files)} files written to {directory}; fill in towns first.")


@app.command()
def check(region: RegionPath, as_json: AsJson = False) -> None:
    """Tell everything wrong or suspicious in a region and its study."""
    from comarca.io import check_report

    with _telling_faults():
        report = check_report(region)
        if report.region is not None:
            report = replace(report, faults=_study_faults(region, report.region))
        if as_json:
            _print_json(report.to_json())
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
        study = _settings(path, given)
        complete(given, study.completion, study.prices)
        diagnose(given, study.diagnosis)
    except ParameterError as error:
        whole = Fault(
            place="study", object="the study", value=str(error), expectation="a sound one"
        )
        return error.faults or (whole,)
    return ()


@app.command()
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

    with _telling_faults():
        _refuse_inputs_folder(out, region)
        given = read_region(region)
        _tell_warnings(given.warnings, quiet=quiet)
        settings = _settings(region, given, study)
        with _showing_progress(quiet=quiet) as progress, written_whole(out) as unfinished:
            hashes = {**input_hashes(region), **(input_hashes(study) if study else {})}
            made = make_plan(given, settings, inputs=hashes, progress=progress)
            progress("Writing the report", None)
            write_report(made, unfinished, progress=progress)
            write_plan(made, unfinished)
        _tell_plan(made, out, quiet=quiet, as_json=as_json)


def _settings(region: Path, given: Region, study: Path | None = None) -> Study:
    """The study named, or the one in the region's folder, or all defaults."""
    from comarca.errors import ParameterError
    from comarca.study import read_study, study_for

    if study is not None and study.is_dir() and not (study / "study.toml").exists():
        raise ParameterError(f"{study} is a folder without study.toml; expected a study file.")
    if study is not None:
        return read_study(study, given)
    return read_study(region, given) if region.is_dir() else study_for(given)


def _tell_plan(made: Plan, out: Path, *, quiet: bool, as_json: bool) -> None:
    if as_json:
        _print_json(_headline(made, out))
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


@app.command()
def diagnose(region: RegionPath, as_json: AsJson = False) -> None:
    """Tell growth by size class and suspicious counts; --json tells them town by town."""
    from comarca.demography import diagnose as diagnosed
    from comarca.io import read_region
    from comarca.model.codec import to_plain

    with _telling_faults():
        given = read_region(region)
        _tell_warnings(given.warnings, quiet=as_json)
        settings = _settings(region, given)
        diagnosis = diagnosed(given, settings.diagnosis)
        if as_json:
            _print_json(to_plain(diagnosis))
        else:
            typer.echo(diagnosis.summary())


@app.command()
def examples(
    name: Annotated[str | None, typer.Argument(help="Example to copy.")] = None,
    directory: Annotated[
        Path | None, typer.Argument(metavar="DIR", help="Folder to copy it to.")
    ] = None,
) -> None:
    """List the examples, or copy one."""
    from comarca.errors import ParameterError
    from comarca.examples import copy_example, list_examples

    with _telling_faults():
        if name is None:
            for example, meaning in list_examples().items():
                typer.echo(f"{example:12} {meaning}")
            return
        if directory is None:
            raise ParameterError(f"say where to: comarca examples {name} DIR")
        _refuse_filled(directory)
        copy_example(name, directory)
        typer.echo(f"{name} copied to {directory}; plan it with: comarca plan {directory} -o OUT")
