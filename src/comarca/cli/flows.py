"""
The command that estimates who commutes where, and tells what deters people.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from enum import StrEnum
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from comarca.cli.console import (
    AsJson,
    Quiet,
    RegionPath,
    print_json,
    settings,
    tell_warnings,
    telling_faults,
)

if TYPE_CHECKING:
    import pandas as pd

    from comarca.commuting import FlowStudy, InteractionParams
    from comarca.model.region import Region
    from comarca.study import Study

DECIMALS = 3  # of a person; what is less is left out of the file


class DeterrenceName(StrEnum):
    """Functions of travel time."""

    EXPONENTIAL = "exponential"
    POWER = "power"
    TANNER = "tanner"
    BOX_COX = "box-cox"


class ConstraintName(StrEnum):
    """Margins that flows hold."""

    DOUBLY = "doubly"
    PRODUCTION = "production"
    ATTRACTION = "attraction"


class BasisName(StrEnum):
    """What the deterrence rests on."""

    FLOWS = "flows"
    MARGINS = "margins"
    MEAN_TIME = "mean-time"


class ModeName(StrEnum):
    """How commuters travel."""

    CAR = "car"
    BUS = "bus"


def flows(
    region: RegionPath,
    out: Annotated[
        Path,
        typer.Option("--out", "-o", metavar="FLOWS", help="CSV of the estimated flows."),
    ],
    calibrate_on: Annotated[
        BasisName | None,
        typer.Option(
            help="Counted flows, who stays, leaves and comes, or a mean trip; by default the first "
            "of these that the region has."
        ),
    ] = None,
    deterrence: Annotated[
        DeterrenceName | None,
        typer.Option(help="How commuters fall with travel time; by default exponential."),
    ] = None,
    constraint: Annotated[
        ConstraintName | None,
        typer.Option(help="Hold workers and jobs, workers alone, or jobs alone."),
    ] = None,
    mean_time_min: Annotated[
        float | None, typer.Option(help="Mean trip of all workers, minutes, where it is the basis.")
    ] = None,
    limit_min: Annotated[
        float | None,
        typer.Option(
            help="Longest daily trip, minutes; by default 60, and inf on margins, which count "
            "those who go farther too."
        ),
    ] = None,
    own_town: Annotated[
        bool,
        typer.Option(
            "--own-town", help="Calibrate how much people prefer their own town; always on margins."
        ),
    ] = False,
    by_skill: Annotated[
        bool, typer.Option("--by-skill", help="Let each skill be deterred in its own way.")
    ] = False,
    weekly: Annotated[
        bool, typer.Option("--weekly", help="Tell those who leave for the week apart.")
    ] = False,
    stays_unknown: Annotated[
        bool, typer.Option("--stays-unknown", help="The flows table leaves out those who stay.")
    ] = False,
    absent_unknown: Annotated[
        bool,
        typer.Option(
            "--absent-unknown", help="Pairs that the flows table leaves out may have commuters."
        ),
    ] = False,
    mode: Annotated[
        ModeName | None, typer.Option(help="How commuters travel; by default as in the study.")
    ] = None,
    whole: Annotated[
        bool, typer.Option("--whole", help="Round to whole persons; towns keep their workers.")
    ] = False,
    fit: Annotated[
        Path | None,
        typer.Option(
            metavar="FIT", help="CSV of counted beside estimated, by length of the trip or by town."
        ),
    ] = None,
    chart: Annotated[
        Path | None, typer.Option(metavar="CHART", help="SVG of counted beside estimated trips.")
    ] = None,
    study: Annotated[
        Path | None, typer.Option(help="Study file; by default study.toml in the region.")
    ] = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Estimate who commutes where, and tell what deters people and how well that fits."""
    from comarca.commuting import study_flows
    from comarca.commuting.flow_study import best_basis, ways_within
    from comarca.io import read_region
    from comarca.writing import written_files

    with telling_faults():
        results = {"flows": out, "fit": fit, "chart": chart}
        wanted = {name: path for name, path in results.items() if path is not None}
        _refuse_region_folder(wanted.values(), region)
        given = read_region(region)
        tell_warnings(given.warnings, quiet=quiet or as_json)
        # Flows hang on no price, so a currency of unknown rate does not matter here.
        priced = replace(given, usd_exchange_rate=given.usd_exchange_rate or 1.0)
        chosen = settings(region, priced, study)
        basis = best_basis(given) if calibrate_on is None else _BASES[calibrate_on]
        _refuse_fit_of_nothing(basis, fit, chart)
        asked = {
            "deterrence": deterrence,
            "constraint": constraint,
            "mean_time_min": mean_time_min,
            "daily_limit_min": limit_min,
            "whole_persons": whole or None,
        }
        params = _params(chosen, given, basis, asked)
        if basis == "margins" or own_town:
            params = params.model_copy(update={"own_town_preference": None})
        leaving = _weekly(given) if weekly else None
        by = mode.value if mode else chosen.study.commuter_mode
        made = study_flows(
            given,
            ways_within(given, by, params, leaving, chosen.travel, chosen.roads),
            params,
            basis=basis,
            by_skill=by_skill,
            weekly=leaving,
            unobserved=_unobserved(stays_unknown, absent_unknown),
        )
        with written_files(list(wanted.values()), _inputs(region)) as unfinished:
            for name, path in zip(wanted, unfinished, strict=True):
                _WRITERS[name](made, path)
        if as_json:
            print_json(_headline(made, wanted))
        elif not quiet:
            typer.echo(made.summary())
            for name, path in wanted.items():
                typer.echo(f"{name.capitalize()}: {path}")


_BASES: Mapping[BasisName, Any] = {
    BasisName.FLOWS: "flows",
    BasisName.MARGINS: "margins",
    BasisName.MEAN_TIME: "mean time",
}


def _refuse_region_folder(results: Iterable[Path], region: Path) -> None:
    """Estimated flows in the folder of a region would be read as counted the next time."""
    from comarca.errors import OutputError

    for out in results:
        folder = out.resolve().parent
        if (folder / "region.toml").exists() or (region.is_dir() and folder == region.resolve()):
            raise OutputError(
                f"{out} lies in the folder of a region, where flows are read as counted; expected "
                "another folder."
            )


def _refuse_fit_of_nothing(basis: str, fit: Path | None, chart: Path | None) -> None:
    from comarca.errors import ParameterError

    if basis == "mean time" and (fit or chart):
        raise ParameterError(
            "the region counts neither flows nor margins, so there is no fit to tell; expected "
            "neither --fit nor --chart."
        )
    if basis == "margins" and chart:
        raise ParameterError("margins do not tell how far people travel; expected no --chart.")


def _params(
    chosen: Study, given: Region, basis: str, asked: Mapping[str, Any]
) -> InteractionParams:
    """Settings of the study, those of the command before them."""
    from comarca.commuting import InteractionParams

    of_study = chosen.commuting
    fields = set(InteractionParams.model_fields) & of_study.model_fields_set
    told = {"daily_limit_min": inf} if basis == "margins" else {}
    told |= {name: getattr(of_study, name) for name in fields}
    told |= {name: value for name, value in asked.items() if value is not None}
    if asked["deterrence"] is not None:
        told.pop("beta_per_min", None)
    return InteractionParams.for_region(given, **told)


def _weekly(given: Region) -> Any:
    from comarca.commuting import WeeklyParams

    return WeeklyParams.for_region(given)


def _unobserved(stays_unknown: bool, absent_unknown: bool) -> Any:
    from comarca.commuting import Unobserved

    if not (stays_unknown or absent_unknown):
        return None
    return Unobserved(own_town=stays_unknown, absent=absent_unknown)


def _inputs(region: Path) -> list[Path]:
    return [path for path in region.iterdir() if path.is_file()] if region.is_dir() else [region]


def _write_flows(made: FlowStudy, path: Path) -> None:
    table = made.table()
    table["persons"] = table["persons"].round(DECIMALS)
    # A column that a region's tables may carry beside their own; it is not read.
    table["x_basis"] = f"estimated from {made.basis}"
    table[table["persons"] > 0].to_csv(path, index=False)


def _write_fit(made: FlowStudy, path: Path) -> None:
    fit: pd.DataFrame | None = made.fit
    if fit is not None:
        fit.round(DECIMALS).to_csv(path, index=False)


def _write_chart(made: FlowStudy, path: Path) -> None:
    from comarca.report.trip_chart import trip_chart

    agreement = made.agreement
    if agreement is not None:
        path.write_text(trip_chart(agreement.bands, agreement.staying), encoding="utf-8")


_WRITERS: Mapping[str, Any] = {"flows": _write_flows, "fit": _write_fit, "chart": _write_chart}


def _headline(made: FlowStudy, files: Mapping[str, Path]) -> dict[str, Any]:
    from comarca.model.codec import to_plain

    agreement = made.agreement
    return {
        "basis": made.basis,
        "persons": sum(float(flows.persons.sum()) for flows in made.flows),
        "parameters": [to_plain(parameter) for parameter in made.parameters],
        "notes": list(made.notes),
        "fit": None
        if agreement is None
        else {
            "all_trips": to_plain(agreement.all_trips),
            "between_towns": to_plain(agreement.between_towns),
            "persons_left_out": agreement.left_out,
        },
        "files": {name: str(path) for name, path in files.items()},
    }
