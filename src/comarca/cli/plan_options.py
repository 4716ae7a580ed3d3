"""Options of ``comarca plan`` that say what is sought, and when the search stops."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from comarca.errors import Fault
    from comarca.model.region import Region
    from comarca.study import Study


_OPTIONS = {
    "objective": "--objective",
    "jobs_required": "--jobs",
    "budget_per_year": "--budget",
    "time_limit_s": "--seconds",
    "stop_gap": "--gap",
    "rounds": "--rounds",
    "threads": "--threads",
}
"""How each setting of ``[freight]`` is called where it is typed."""


def with_options(study: Study, region: Region, asked: Mapping[str, Any]) -> Study:
    """
    The study with what was typed.

    Raises
    ------
    ParameterError
        With every option out of range, and every contradiction among the others.
    """
    from comarca.errors import ParameterError
    from comarca.study import with_freight

    left = dict(asked)
    faults: list[Fault] = []
    while True:
        try:
            made = with_freight(study, region, left)
            break
        except ParameterError as error:
            if not error.faults:
                raise
            known = {fault.object for fault in faults}
            faults += [fault for fault in error.faults if fault.object not in known]
            wrong = {fault.object for fault in error.faults} & left.keys()
            if not wrong:  # an option contradicts another, or its absence
                break
            left = {name: value for name, value in left.items() if name not in wrong}
    if faults:
        raise ParameterError("\n".join(str(_as_typed(fault, asked)) for fault in faults), faults)
    return made


def _as_typed(fault: Fault, asked: Mapping[str, Any]) -> Fault:
    """A fault of a setting under the name of its option."""
    option = _OPTIONS.get(fault.object, fault.object)
    return replace(
        fault, object=option, value=fault.value if fault.object in asked else "not given"
    )


class ObjectiveName(StrEnum):
    """What a plan is made for."""

    benefit = "benefit"
    cost = "cost"
    jobs = "jobs"


@dataclass(frozen=True, kw_only=True)
class PlanGoal:
    """What is sought, and what every plan must keep; each wins over the study."""

    objective: Annotated[
        ObjectiveName | None,
        typer.Option(
            help="Greatest net benefit, least cost (with --jobs) or most jobs (with --budget).",
            show_default="benefit, or as the study says",
        ),
    ] = None
    jobs: Annotated[
        int | None, typer.Option(metavar="N", help="Fewest jobs every plan must have.")
    ] = None
    budget: Annotated[
        float | None,
        typer.Option(
            metavar="AMOUNT",
            help="Most that bringing the jobs may cost a year beyond wages, in the region's "
            "currency.",
        ),
    ] = None

    def settings(self) -> dict[str, Any]:
        """Settings of ``[freight]`` by name, those given alone."""
        given = {
            "objective": None if self.objective is None else self.objective.value,
            "jobs_required": self.jobs,
            "budget_per_year": self.budget,
        }
        return {name: value for name, value in given.items() if value is not None}


@dataclass(frozen=True, kw_only=True)
class PlanSearch:
    """When the search stops, and what it starts from; each wins over the study."""

    seconds: Annotated[
        float | None,
        typer.Option(metavar="S", help="Stop the freight search after so many seconds."),
    ] = None
    gap: Annotated[
        float | None,
        typer.Option(
            metavar="SHARE", help="Stop it once the gap to the bound is so small: 0.02 = 2 %."
        ),
    ] = None
    rounds: Annotated[
        int | None,
        typer.Option(metavar="N", help="Stop it after so many choices with true truck costs."),
    ] = None
    threads: Annotated[
        int | None,
        typer.Option(metavar="N", help="Cores to use; the plan is the same with any number."),
    ] = None
    start: Annotated[
        Path | None,
        typer.Option(
            "--from", metavar="PLAN", help="Start from a plan made before: its folder or plan.json."
        ),
    ] = None

    def settings(self) -> dict[str, Any]:
        """Settings of ``[freight]`` by name, those given alone."""
        given = {
            "time_limit_s": self.seconds,
            "stop_gap": self.gap,
            "rounds": self.rounds,
            "threads": self.threads,
        }
        return {name: value for name, value in given.items() if value is not None}
