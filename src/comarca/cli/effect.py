"""
The command that tells the effect of an opening or a closing on a town.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from comarca.cli.console import (
    AsJson,
    Quiet,
    RegionPath,
    print_json,
    refuse_inputs_folder,
    showing_progress,
    tell_warnings,
    telling_faults,
)


class Method(StrEnum):
    """How the mixture is made."""

    SYNTHETIC = "synthetic"
    COVARIATES = "covariates"
    AUGMENTED = "augmented"


class Scale(StrEnum):
    """How outcomes are compared."""

    LOG = "log"
    LEVEL = "level"


class OutcomeName(StrEnum):
    """What is counted."""

    POPULATION = "population"
    EMPLOYMENT = "employment"


class Event(StrEnum):
    """What happened."""

    OPENING = "opening"
    CLOSING = "closing"


def effect(
    region: RegionPath,
    town: Annotated[str, typer.Option(metavar="TOWN_ID", help="Code of the town.")],
    year: Annotated[
        int | None,
        typer.Option(help="Year of the event; that of the town's institution when not given."),
    ] = None,
    method: Annotated[
        Method, typer.Option(help="How the mixture of other towns is made.")
    ] = Method.SYNTHETIC,
    scale: Annotated[
        Scale, typer.Option(help="Compare by logarithms (shares) or by numbers.")
    ] = Scale.LOG,
    event: Annotated[Event, typer.Option(help="What happened.")] = Event.OPENING,
    kind: Annotated[
        str, typer.Option(help='What opened or closed, in words, such as "paper mill".')
    ] = "",
    outcome: Annotated[OutcomeName, typer.Option(help="What is counted.")] = OutcomeName.POPULATION,
    isic: Annotated[
        str | None, typer.Option(metavar="CODE", help="Industry whose jobs are counted.")
    ] = None,
    until: Annotated[int | None, typer.Option(help="Leave later counts aside.")] = None,
    without: Annotated[
        str | None,
        typer.Option(
            metavar="TOWN_ID,...", help="Towns that had such an event which no table tells."
        ),
    ] = None,
    size_ratio: Annotated[
        float | None, typer.Option(help="Comparable towns have at most so many times the people.")
    ] = None,
    distance_km: Annotated[
        float | None, typer.Option(help="Towns nearer than this are not compared.")
    ] = None,
    min_pre_periods: Annotated[
        int | None, typer.Option(help="Counts before the event that are needed.")
    ] = None,
    min_donors: Annotated[
        int | None, typer.Option(help="Comparable towns that are needed.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="OUT", help="Folder of results.")
    ] = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Tell what an opening or a closing did to a town, or why that cannot be told."""
    from comarca.demography.effects import EffectParams, effect_of_opening
    from comarca.io import read_region
    from comarca.report.effect_writing import effect_content, write_effect_report

    with telling_faults():
        if out is not None:
            refuse_inputs_folder(out, region)
        given = read_region(region)
        tell_warnings(given.warnings, quiet=quiet or as_json)
        params = EffectParams.for_region(
            given,
            method=method.value,
            scale=scale.value,
            **_given(
                size_ratio=size_ratio,
                distance_km=distance_km,
                min_pre_periods=min_pre_periods,
                min_donors=min_donors,
            ),
        )
        others = _known_towns(given.town_ids, without)
        with showing_progress(quiet=quiet or as_json) as progress:
            found = effect_of_opening(
                given,
                town,
                year,
                params,
                outcome=outcome.value,
                event=event.value,
                kind=kind,
                isic=isic,
                until=until,
                without=others,
                progress=progress,
            )
        files = write_effect_report(found, out) if out is not None else ()
        if as_json:
            print_json({**effect_content(found), "files": [str(path) for path in files]})
        elif not quiet:
            typer.echo(found.summary())
            if files:
                typer.echo(f"Page: {files[0]}")


def _given(**options: Any) -> dict[str, Any]:
    return {name: value for name, value in options.items() if value is not None}


def _known_towns(town_ids: tuple[str, ...], told: str | None) -> tuple[str, ...]:
    from comarca.errors import UnknownTownError

    named = tuple(part.strip() for part in (told or "").split(",") if part.strip())
    for one in named:
        if one not in town_ids:
            raise UnknownTownError(one, town_ids)
    return named
