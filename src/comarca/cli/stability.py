"""
The command that tells how sure labour market areas are, and what parameters do to them.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from comarca.cli import area_options as option
from comarca.cli.console import (
    AsJson,
    Quiet,
    print_json,
    showing_progress,
    tell_warnings,
    telling_faults,
)
from comarca.cli.groups import grouped

if TYPE_CHECKING:
    from comarca.commuting import AreaStability, AreaSweep, StabilityParams, SweepGrid


@grouped
def stability(
    flows: option.FlowsPath,
    out: Annotated[Path, typer.Option("--out", "-o", metavar="OUT", help="Folder of results.")],
    files: option.Files,
    rule: option.AreaRule,
    estimated: option.Estimated = False,
    draws: Annotated[int, typer.Option(help="How often areas are drawn anew.")] = 200,
    seed: Annotated[int, typer.Option(help="Seed of the draws.")] = 1,
    vary: Annotated[
        str,
        typer.Option(metavar="flows,parameters", help="What varies: one of the two, or both."),
    ] = "flows",
    counted_share: Annotated[
        float,
        typer.Option(help="Share of the commuters who were asked; 0.1 for a ten-per-cent sample."),
    ] = 1.0,
    ranges: Annotated[
        str | None,
        typer.Option(
            metavar="NAME=LOW:HIGH,...",
            help="Where parameters are drawn and swept, such as min_workers=1000:2000; others have "
            "the ranges of the assumptions.",
        ),
    ] = None,
    sweep_levels: Annotated[
        int,
        typer.Option(help="Values that each parameter takes in the sweep; 0 for no sweep."),
    ] = 4,
    pairs: Annotated[
        float | None,
        typer.Option(
            metavar="SHARE",
            help="Also write which towns share an area, in this share of the redrawings or more.",
        ),
    ] = None,
    contiguous: option.Contiguous = False,
    within_divisions: option.WithinDivisions = False,
    centres: option.Centres = None,
    threads: Annotated[
        int | None, typer.Option(help="How many draw at once; by default one for each processor.")
    ] = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Tell how sure it is which town belongs to which labour market area."""
    from comarca.commuting import StabilityParams, stability_of_areas, sweep_parameters
    from comarca.report.stability_writing import FILES, write_stability
    from comarca.writing import refuse_overwriting

    with telling_faults():
        given_ranges = _ranges(ranges)
        varied = option.split(vary) or []
        settings = StabilityParams(
            draws=draws,
            seed=seed,
            vary=tuple(varied),
            counted_share=counted_share,
            **({"ranges": given_ranges} if "parameters" in varied and given_ranges else {}),
        )
        grid = _grid(given_ranges, sweep_levels)
        _refuse_unused(ranges, pairs, settings, grid)
        params = rule.params()
        settings.refuse_outside(params)
        inputs = [path for path in (flows, files.towns, files.zones) if path is not None]
        refuse_overwriting([out / name for name in FILES], inputs)
        given = option.read_area_inputs(
            flows,
            files,
            estimated=estimated,
            contiguous=contiguous,
            within_divisions=within_divisions,
            centres=centres,
        )
        with showing_progress(quiet=quiet or as_json) as progress:
            sure = stability_of_areas(
                given.flows,
                params,
                **_as_given(settings),
                **given.options,
                threads=threads,
                progress=progress,
            )
            bounds = {name: x for name, x in given.options.items() if name != "names"}
            swept = (
                None
                if grid is None
                else sweep_parameters(
                    given.flows, params, grid=grid, **bounds, threads=threads, progress=progress
                )
            )
            written = write_stability(
                sure,
                out,
                sweep=swept,
                towns=None if given.towns is None else given.towns.towns,
                zones=given.zones,
                least_pair_share=pairs,
                notes=[str(warning) for warning in given.warnings],
                inputs={source.name: source.sha256 for source in given.sources()},
            )
        tell_warnings(given.warnings, quiet=quiet or as_json)
        if as_json:
            print_json(_headline(sure, swept, written))
        elif not quiet:
            typer.echo(sure.summary())
            if swept is not None:
                typer.echo(swept.summary())
            typer.echo(f"Page: {out / 'stability.html'}")


def _ranges(told: str | None) -> Any:
    """Ranges as typed; ``None`` where there are none."""
    from comarca.commuting import AreaRanges
    from comarca.errors import ParameterError

    if told is None:
        return None
    given = {}
    for part in option.split(told) or [""]:
        name, _, ends = part.partition("=")
        low, _, high = ends.partition(":")
        try:
            given[name.strip()] = (float(low), float(high))
        except ValueError:
            raise ParameterError(
                f'--ranges has "{part}"; expected NAME=LOW:HIGH, such as min_workers=1000:2000.'
            ) from None
    return AreaRanges(**given)


def _grid(ranges: Any, levels: int) -> SweepGrid | None:
    from comarca.commuting import SweepGrid

    return None if levels == 0 else SweepGrid.over(ranges, levels)


def _refuse_unused(
    ranges: str | None, pairs: float | None, settings: StabilityParams, grid: SweepGrid | None
) -> None:
    """Refuse options that nothing would come of, or that make no sense."""
    from comarca.errors import ParameterError

    if ranges is not None and grid is None and "parameters" not in settings.vary:
        raise ParameterError(
            "--ranges is not used; expected --vary parameters, or --sweep-levels of 2 or more."
        )
    if pairs is not None and not 0 < pairs <= 1:
        raise ParameterError(f"--pairs is {pairs:g}; expected a share above 0, 1 at most.")


def _as_given(settings: StabilityParams) -> dict[str, Any]:
    """Settings as the verb takes them, without those nobody gave."""
    names = settings.model_fields_set | {"draws", "seed", "vary"}
    return {name: getattr(settings, name) for name in names}


def _headline(
    sure: AreaStability, swept: AreaSweep | None, files: tuple[Path, ...]
) -> dict[str, Any]:
    """What a program asks first; what has no value is null."""
    settings = sure.settings.model_dump(mode="json")
    if "parameters" not in sure.settings.vary:
        del settings["ranges"]
    return {
        "variant": sure.reference.params.variant,
        "parameters": sure.reference.params.model_dump(mode="json"),
        "settings": settings,
        "stability": _known(sure.headline()),
        "sweep": None if swept is None else _swept(swept),
        "files": [str(path) for path in files],
    }


def _swept(swept: AreaSweep) -> dict[str, Any]:
    shares = swept.influence()["share_of_variance"]
    return {
        "grid": {name: list(values) for name, values in swept.grid.values().items()},
        **_known(swept.headline()),
        "share_of_variance": {str(name): float(share) for name, share in shares.items()},
        "on_frontier": len(swept.frontier()),
    }


def _known(figures: Mapping[str, float]) -> dict[str, float | None]:
    return {name: None if isnan(value) else value for name, value in figures.items()}
