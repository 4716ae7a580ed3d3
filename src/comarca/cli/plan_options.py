"""Options of ``comarca plan`` that say what is sought, and when the search stops."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer


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
