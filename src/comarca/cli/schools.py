"""
Commands that draw areas from commuter flows by the rules of other schools.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from comarca.cli import area_options as option
from comarca.cli.console import AsJson, Quiet, print_json, tell_warnings, telling_faults
from comarca.cli.groups import grouped

if TYPE_CHECKING:
    from comarca.commuting import CommutingZones, FunctionalUrbanAreas, IntramaxRegions

    Drawn = FunctionalUrbanAreas | IntramaxRegions | CommutingZones

areas_by = typer.Typer(
    no_args_is_help=True, help="Draw areas by another school: functional urban areas and others."
)

Out = Annotated[
    Path, typer.Option("--out", "-o", metavar="AREAS", help="CSV of town_id, area_id, status.")
]
Stats = Annotated[
    Path | None, typer.Option(metavar="STATS", help="CSV of quality figures, one row an area.")
]
Fusions = Annotated[
    Path | None, typer.Option(metavar="FUSIONS", help="CSV of every fusion, in order.")
]


@areas_by.command("functional-urban")
@grouped
def functional_urban(
    flows: option.FlowsPath,
    out: Out,
    files: option.Files,
    cores: Annotated[
        str | None,
        typer.Option(
            metavar="ID,ID",
            help="Towns that are a city each; by default those of TOWNS with people enough.",
        ),
    ] = None,
    min_commuting_share: Annotated[
        float | None,
        typer.Option(help="Share of a town's workers who commute to the core; by default 0.15."),
    ] = None,
    min_core_population: Annotated[
        float | None, typer.Option(help="Inhabitants of a city; by default 50000.")
    ] = None,
    contiguous: option.Contiguous = False,
    stats: Stats = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Draw functional urban areas (EU-OECD): a city, and the towns that commute to it."""
    from comarca.commuting import FunctionalUrbanAreaParams, delineate_functional_urban_areas

    with telling_faults():
        params = FunctionalUrbanAreaParams(
            **option.given_only(
                min_commuting_share=min_commuting_share, min_core_population=min_core_population
            )
        )
        given = option.read_area_inputs(flows, files, contiguous=contiguous)
        drawn = delineate_functional_urban_areas(
            given.flows,
            option.split(cores) or _large_towns(given, params),
            params,
            contiguity=given.contiguity,
            names=given.names,
        )
        _write(drawn, given, {"areas": out, "stats": stats}, quiet=quiet, as_json=as_json)


@areas_by.command()
@grouped
def intramax(
    flows: option.FlowsPath,
    out: Out,
    files: option.Files,
    n_areas: Annotated[int | None, typer.Option(help="Number of areas wanted.")] = None,
    intrazonal_share: Annotated[
        float | None,
        typer.Option(help="Share of all who live and work in one area that is to be reached."),
    ] = None,
    contiguous: option.Contiguous = False,
    stats: Stats = None,
    fusions: Fusions = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Fuse towns that exchange most for their size (Intramax), down to a number of areas."""
    from comarca.commuting import IntramaxParams, delineate_intramax

    with telling_faults():
        params = IntramaxParams(n_areas=n_areas, intrazonal_share=intrazonal_share)
        given = option.read_area_inputs(flows, files, contiguous=contiguous)
        drawn = delineate_intramax(
            given.flows, params, contiguity=given.contiguity, names=given.names
        )
        results = {"areas": out, "stats": stats, "fusions": fusions}
        _write(drawn, given, results, quiet=quiet, as_json=as_json)


@areas_by.command("commuting-zones")
@grouped
def commuting_zones(
    flows: option.FlowsPath,
    out: Out,
    files: option.Files,
    cut_height: Annotated[
        float | None,
        typer.Option(help="Mean distance at which the tree is cut; by default 0.98."),
    ] = None,
    stats: Stats = None,
    fusions: Fusions = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Draw commuting zones (Tolbert and Sizer): clusters by average linkage."""
    from comarca.commuting import CommutingZoneParams, delineate_commuting_zones

    with telling_faults():
        params = CommutingZoneParams(**option.given_only(cut_height=cut_height))
        given = option.read_area_inputs(flows, files)
        drawn = delineate_commuting_zones(given.flows, params, names=given.names)
        results = {"areas": out, "stats": stats, "fusions": fusions}
        _write(drawn, given, results, quiet=quiet, as_json=as_json)


def _large_towns(given: option.AreaInputs, params: Any) -> dict[str, tuple[str, ...]]:
    """Cities by the inhabitants that the list of towns tells."""
    from comarca.commuting import urban_cores
    from comarca.errors import ParameterError

    people = None if given.towns is None else given.towns.towns["population"]
    if people is None or people.isna().any():
        lacking = "" if people is None else f"; {int(people.isna().sum()):,} towns have none"
        raise ParameterError(
            f"there are no cores; expected --cores, or --towns with a column population{lacking}."
        )
    population = dict(zip(map(str, people.index), people.astype(float), strict=True))
    cores = urban_cores(population, params)
    if not cores:
        raise ParameterError(
            f"no town has {params.min_core_population:,.0f} inhabitants; expected --cores, or a "
            "lower --min-core-population."
        )
    return cores


def _write(
    drawn: Drawn,
    given: option.AreaInputs,
    wanted: dict[str, Path | None],
    *,
    quiet: bool,
    as_json: bool,
) -> None:
    from comarca.writing import written_files

    tables: dict[str, Any] = {
        "areas": drawn.partition.to_frame()[["town_id", "area_id", "status"]],
        "stats": drawn.quality().reset_index(),
        "fusions": getattr(drawn, "fusions", None),
    }
    results = {name: path for name, path in wanted.items() if path is not None}
    with written_files(list(results.values()), given.paths) as unfinished:
        for name, path in zip(results, unfinished, strict=True):
            tables[name].to_csv(path, index=False)
    tell_warnings(given.warnings, quiet=quiet or as_json)
    if as_json:
        print_json(_headline(drawn, results))
    elif not quiet:
        typer.echo(drawn.summary())
        typer.echo(f"Areas: {results['areas']}")


def _headline(drawn: Drawn, results: dict[str, Path]) -> dict[str, Any]:
    statuses = list(drawn.partition.status_of.values())
    return {
        "parameters": drawn.params.model_dump(mode="json"),
        "areas": len(drawn.partition.areas),
        "towns": {status: statuses.count(status) for status in sorted(set(statuses))},
        "files": {name: str(path) for name, path in results.items()},
    }
