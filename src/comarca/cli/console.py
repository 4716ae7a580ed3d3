"""
What every command shares: how faults, warnings, progress and results are told.
"""

from __future__ import annotations

import json
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from comarca.errors import Fault, FaultyPlanError, PlanningError, SolverMissingError

if TYPE_CHECKING:
    import pandas as pd

    from comarca.model.region import Region
    from comarca.study import Progress, Study

EXIT_FAULT_OF_COMARCA = 1  # or of the machine; in any case not of the input
EXIT_FAULTY_INPUT = 2
EXIT_INTERRUPTED = 130

RegionPath = Annotated[
    Path, typer.Argument(metavar="REGION", help="Folder of tables, one XLSX, or one GeoPackage.")
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but errors.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON, for programs.")]


def print_json(content: Any) -> None:
    """Print JSON in plain letters where the stream can hold them, else in JSON's own escapes."""
    text = json.dumps(content, ensure_ascii=False, indent=2)
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        text = json.dumps(content, indent=2)
    typer.echo(text)


@contextmanager
def telling_faults() -> Iterator[None]:
    """
    Turn a refusal into one message and exit code 2, an interrupt into 130.

    What is not the input's fault ends with 1: a faulty plan, a missing solver, too little memory.
    """
    try:
        yield
    except PlanningError as error:
        typer.echo(f"{type(error).__name__}: {error}", err=True)
        is_ours = isinstance(error, FaultyPlanError | SolverMissingError)
        raise typer.Exit(EXIT_FAULT_OF_COMARCA if is_ours else EXIT_FAULTY_INPUT) from None
    except MemoryError:
        typer.echo(
            "Out of memory; what was written before stands. Give fewer towns, premises or "
            "customers at once, or use a machine with more memory.",
            err=True,
        )
        raise typer.Exit(EXIT_FAULT_OF_COMARCA) from None
    except KeyboardInterrupt:
        typer.echo("Interrupted; nothing was changed.", err=True)
        raise typer.Exit(EXIT_INTERRUPTED) from None


@contextmanager
def showing_progress(*, quiet: bool) -> Iterator[Progress]:
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


def tell_warnings(found: tuple[Fault, ...], *, quiet: bool) -> None:
    """Tell warnings on the error stream, a line each."""
    if not quiet:
        for warning in found:
            typer.echo(f"warning: {warning}", err=True)


@contextmanager
def telling_cautions(*, quiet: bool) -> Iterator[None]:
    """Tell Python's warnings meant for a user as sentences, without a line of code."""
    with warnings.catch_warnings(record=True) as cautions:
        warnings.simplefilter("default", UserWarning)
        yield
    for caution in cautions:
        if issubclass(caution.category, UserWarning) and not quiet:
            typer.echo(f"warning: {caution.message}", err=True)


def refuse_filled(directory: Path) -> None:
    """Refuse a folder that holds something: what is there stays as it is."""
    from comarca.errors import OutputError

    if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
        raise OutputError(f"{directory} exists already and is not an empty folder.")


def refuse_inputs_folder(out: Path, region: Path) -> None:
    """Results among the inputs could overwrite them, or be read as tables the next time."""
    from comarca.errors import OutputError

    inputs = region if region.is_dir() else region.parent
    if out.resolve() == inputs.resolve() or (out / "region.toml").exists():
        raise OutputError(
            f"{out} is the folder of a region; expected a folder of its own for the results, "
            f"such as {out / 'plan'}."
        )


def refuse_among_inputs(out: Path, region: Path) -> None:
    """A result beside the tables of a region would be read as one of them the next time."""
    from comarca.errors import OutputError

    folder = out.resolve().parent
    if (region.is_dir() and folder == region.resolve()) or (folder / "region.toml").exists():
        raise OutputError(
            f"{out} lies in the folder of a region; expected a place of its own for the results."
        )
    if out.is_dir():
        raise OutputError(f"{out} is a folder; expected the name of a file.")


def write_table(table: pd.DataFrame, out: Path) -> None:
    """Write one table as CSV; what was there stays as it is until the new one is whole."""
    from comarca.writing import written_whole

    with written_whole(out.parent) as unfinished:
        table.to_csv(unfinished / out.name, index=False, lineterminator="\n")


def settings(region: Path, given: Region, study: Path | None = None) -> Study:
    """The study named, or the one in the region's folder, or all defaults."""
    from comarca.errors import ParameterError
    from comarca.study import read_study, study_for

    if study is not None and study.is_dir() and not (study / "study.toml").exists():
        raise ParameterError(f"{study} is a folder without study.toml; expected a study file.")
    if study is not None:
        return read_study(study, given)
    return read_study(region, given) if region.is_dir() else study_for(given)
