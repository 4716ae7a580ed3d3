"""
The command line: ``comarca --help`` lists the commands, one module of this package a group.

Faults of the input end with exit code 2, one message, no traceback, and nothing written; what is
not the input's fault with 1: a plan that breaks a rule, a missing solver, too little memory. An
interrupted run (exit code 130) leaves earlier results whole.
"""

from __future__ import annotations

import io
import sys

import typer

from comarca.cli import (
    agreement,
    areas,
    benchmarks,
    commuters,
    diagnosis,
    effect,
    flows,
    plans,
    project,
    ranks,
    regions,
    roads,
    schools,
    stability,
)

app = typer.Typer(
    name="comarca",
    help="Plan agglomerations of small towns: commuting areas, freight-tied workshops, and what "
    "each is worth to whom.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def _able_to_write_any_name() -> None:
    """Write letters that the terminal or the file does not know as escapes, and never fail."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


for command in (
    regions.init,
    regions.template,
    regions.check,
    roads.roads,
    plans.plan,
    project.project,
    diagnosis.diagnose,
    flows.flows,
    areas.areas,
    stability.stability,
    agreement.compare_areas,
    ranks.ranks,
    commuters.commuters,
    effect.effect,
    benchmarks.solve,
    benchmarks.evaluate,
    regions.examples,
):
    app.command()(command)
app.add_typer(schools.areas_by, name="areas-by")
