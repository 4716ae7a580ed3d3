"""
The command that judges a town system by its rank laws.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from comarca.cli.console import (
    AsJson,
    Quiet,
    RegionPath,
    print_json,
    refuse_inputs_folder,
    settings,
    tell_warnings,
    telling_faults,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from comarca.commuting import AreaRanks, RankParams, RankProfile
    from comarca.commuting.ranks.profile import Measure
    from comarca.model.region import Region

_CORES = ("without", "with")


def ranks(
    region: RegionPath,
    centre: Annotated[
        str | None, typer.Option(metavar="TOWN_ID", help="Code of the town in the middle.")
    ] = None,
    areas: Annotated[
        bool, typer.Option("--areas", help="Judge each labour market area of the region.")
    ] = False,
    radii: Annotated[
        str | None,
        typer.Option(metavar="50,75,100", help="Circles around the centre, km or minutes."),
    ] = None,
    by: Annotated[
        str, typer.Option(metavar="distance|time", help="What the radii measure.")
    ] = "distance",
    space: Annotated[
        str,
        typer.Option(metavar="linear|log", help="Population in which laws are fitted and judged."),
    ] = "log",
    draws: Annotated[int, typer.Option(help="Random sets of towns for each p-value.")] = 5_000,
    seed: Annotated[int, typer.Option(help="Seed of the draws.")] = 1,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="OUT", help="Folder of results.")
    ] = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Judge by their sizes whether towns behave as one: around a centre, or area by area."""
    from comarca.errors import ParameterError
    from comarca.io import read_region
    from comarca.report import write_rank_report

    with telling_faults():
        if out is not None:
            refuse_inputs_folder(out, region)
        if centre is None and not areas:
            raise ParameterError(
                "nothing to judge; expected --centre TOWN_ID, a code from towns, or --areas."
            )
        given = read_region(region)
        tell_warnings(given.warnings, quiet=quiet or as_json)
        how = {"space": space, "draws": draws, "seed": seed, **_radii(radii, by)}
        profiles = _profiles(region, given, centre, by, how) if centre is not None else []
        judged, note = _areas(region, given, how) if areas else ([], "")
        files = write_rank_report(out, profiles, judged, note=note) if out is not None else ()
        if as_json:
            print_json(_told(profiles, judged, note, files))
        elif not quiet:
            told = [profile.summary() for profile in profiles]
            told += [every.summary() for every in judged]
            typer.echo("\n\n".join(told))
            for line in (note, *(f"Written: {path}" for path in files)):
                if line:
                    typer.echo(line)


def _radii(told: str | None, by: str) -> dict[str, tuple[float, ...]]:
    from comarca.errors import ParameterError

    if told is None:
        return {}
    try:
        radii = tuple(sorted({float(part) for part in told.split(",")}))
    except ValueError:
        raise ParameterError(
            f'--radii is "{told}"; expected numbers with commas between, such as 50,75,100.'
        ) from None
    return {"radii_km" if by == "distance" else "radii_min": radii}


def _params(given: Region, how: dict[str, Any], core: str) -> RankParams:
    from comarca.commuting import RankParams

    return RankParams.for_region(given, core=core, **how)


def _profiles(
    region: Path, given: Region, centre: str, by: str, how: dict[str, Any]
) -> list[RankProfile]:
    from comarca.commuting import rank_profile
    from comarca.travel import travel_matrix

    params = [_params(given, how, core) for core in _CORES]
    travel = None
    if by == "time":  # only then does the study matter, and what it needs to be told
        chosen = settings(region, given)
        travel = travel_matrix(given, chosen.study.commuter_mode, chosen.travel)
    return [
        rank_profile(given, centre, each, by=cast("Measure", by), travel=travel) for each in params
    ]


def _areas(region: Path, given: Region, how: dict[str, Any]) -> tuple[list[AreaRanks], str]:
    """Judge the areas that a plan of the region would show, and say what they rest on."""
    from comarca.commuting import commute, rank_areas
    from comarca.model.completion import complete
    from comarca.travel import travel_matrix

    chosen = settings(region, given)
    completed = complete(given, chosen.completion, chosen.prices).region
    travel = travel_matrix(given, chosen.study.commuter_mode, chosen.travel)
    made = commute(completed, travel, chosen.commuting)
    note = (
        ""
        if made.flows.is_observed
        else ("Commuter flows are estimated, so the areas are illustrations.")
    )
    judged = [rank_areas(given, made.areas.partition, _params(given, how, core)) for core in _CORES]
    return judged, note


def _told(
    profiles: Sequence[RankProfile],
    judged: Sequence[AreaRanks],
    note: str,
    files: Sequence[Path],
) -> dict[str, Any]:
    """Everything a program may ask for; what is missing is null."""
    return {
        "profiles": [
            {
                "region": profile.region_name,
                "centre": profile.centre_id,
                "by": profile.by,
                "way": profile.way,
                "core": profile.params.core,
                "space": profile.params.space,
                "draws": profile.params.draws,
                "seed": profile.params.seed,
                "towns_to_draw_from": profile.n_pool,
                "p_overall": profile.p_overall,
                "circles": [{"radius": point.radius, **point.row()} for point in profile.points],
            }
            for profile in profiles
        ],
        "areas": [
            {
                "region": ranks.region_name,
                "core": ranks.params.core,
                "space": ranks.params.space,
                "draws": ranks.params.draws,
                "seed": ranks.params.seed,
                "towns_to_draw_from": ranks.n_pool,
                "note": note,
                "areas": [
                    {"area_id": area.area_id, "area_name": area.area_name, **area.row()}
                    for area in ranks.areas
                ],
            }
            for ranks in judged
        ],
        "files": [str(path) for path in files],
    }
