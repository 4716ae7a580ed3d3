"""
The command that reads roads in, and tells what they reach.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from comarca.cli.console import (
    AsJson,
    Quiet,
    print_json,
    settings,
    showing_progress,
    telling_faults,
)

if TYPE_CHECKING:
    from comarca.model.region import Region
    from comarca.model.roads import RoadLines, RoadNetwork
    from comarca.study import Progress, Study
    from comarca.travel.roads import RoadTravel


_CSV: dict[str, Any] = {"index": False, "lineterminator": "\n", "float_format": "%.3f"}


def roads(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of the region.")],
    osm: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="OpenStreetMap extract, such as REGION.osm.pbf."),
    ] = None,
    lines: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="GeoPackage, GeoJSON or Shapefile of road lines."),
    ] = None,
    layer: Annotated[str | None, typer.Option(help="Layer of --lines.")] = None,
    classes: Annotated[
        list[str] | None,
        typer.Option(
            "--class",
            metavar="[WORD=]CLASS",
            help="What a word of --lines means, or the class of all other lines; may be repeated.",
        ),
    ] = None,
    heights: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Heights: an ESRI ASCII grid, or SRTM tiles (.hgt)."),
    ] = None,
    margin_km: Annotated[
        float, typer.Option(min=0, help="Roads farther from the towns are left out, km.")
    ] = 50.0,
    mode: Annotated[
        Literal["car", "truck", "bus"], typer.Option(help="Who drives, for what is told.")
    ] = "car",
    limit_min: Annotated[
        float | None, typer.Option(min=0, help="Longest trip told, minutes.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="TRAVEL.csv", help="Write the ways as a table."),
    ] = None,
    picture: Annotated[
        Path | None,
        typer.Option("--map", metavar="MAP.svg", help="Draw where roads and circle differ."),
    ] = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Make a region use its roads, and tell what they reach; -o writes the ways as a table."""
    from dataclasses import replace

    from comarca.io import read_region, write_roads
    from comarca.io.roads_file import ROADS_FILE

    with telling_faults():
        region = replace(read_region(_folder(directory)), roads=None)
        study = settings(directory, region)
        with showing_progress(quiet=quiet or as_json) as progress:
            network, is_new = _network(
                directory, region, osm, lines, layer, classes or (), margin_km, progress
            )
            if heights is not None:
                progress("Laying the roads over the heights", None)
                network, is_new = _with_heights(network, heights), True
            progress("Measuring the ways", None)
            travel = _measured(region, network, study, mode, limit_min)
        if is_new:
            write_roads(network, directory / ROADS_FILE)
        if out is not None:
            _write_text(travel.table().to_csv(**_CSV), out)
        if picture is not None:
            _write_text(_map(replace(region, roads=network), travel, study), picture)
        _tell(travel, network, directory, out, quiet=quiet, as_json=as_json)


def _folder(directory: Path) -> Path:
    from comarca.errors import ParameterError

    if not directory.is_dir():
        raise ParameterError(
            f"{directory} is not a folder; expected that of a region, where its roads can lie."
        )
    return directory


def _network(
    directory: Path,
    region: Region,
    osm: Path | None,
    lines: Path | None,
    layer: str | None,
    classes: tuple[str, ...] | list[str],
    margin_km: float,
    progress: Progress,
) -> tuple[RoadNetwork, bool]:
    """The roads named, or those in the region's folder; and whether they are new there."""
    from comarca.errors import ParameterError
    from comarca.io import read_osm_roads, read_road_lines, read_roads
    from comarca.io.roads_file import OSM_FILE, ROADS_FILE
    from comarca.travel.roads import build_network, near_towns

    if osm is not None and lines is not None:
        raise ParameterError("--osm and --lines exclude each other: roads come from one source.")
    if osm is None and lines is None:
        if (directory / ROADS_FILE).exists():
            return read_roads(directory / ROADS_FILE), False
        if not (directory / OSM_FILE).exists():
            raise ParameterError(
                f"{directory} holds no roads; name them with --osm FILE.osm.pbf or --lines FILE."
            )
        osm = directory / OSM_FILE
    progress("Reading the roads", None)
    found: RoadLines
    if osm is not None:
        found = read_osm_roads(osm)
    else:
        assert lines is not None  # noqa: S101  # one of the two is given here
        words, default = _words(classes)
        found = read_road_lines(lines, layer=layer, classes=words, default_class=default)
    progress("Putting them together", None)
    return build_network(near_towns(found, region.towns, margin_km)), True


def _words(classes: tuple[str, ...] | list[str]) -> tuple[dict[str, str], str | None]:
    """``["federal=primary", "tertiary"]`` as words with their classes, and one for all others."""
    words = {}
    default = None
    for told in classes:
        word, sign, name = told.rpartition("=")
        if sign:
            words[word.strip()] = name.strip()
        else:
            default = told.strip()
    return words, default


def _with_heights(network: RoadNetwork, path: Path) -> RoadNetwork:
    from comarca.io.heights import read_heights
    from comarca.travel.roads.heights import over_heights

    return over_heights(network, read_heights(path))


def _measured(
    region: Region, network: RoadNetwork, study: Study, mode: Any, limit_min: float | None
) -> RoadTravel:
    from comarca.travel.roads import RoadSource

    params = study.roads
    if limit_min is not None:
        params = params.model_copy(update={"limit_min": limit_min})
    source = RoadSource(network=network, params=params, travel=study.travel)
    return source.measure(region.towns, mode)


def _map(region: Region, travel: RoadTravel, study: Study) -> str:
    from comarca.report.travel_map import travel_difference_map
    from comarca.travel import travel_by_circle, travel_difference

    circle = travel_by_circle(region.towns, travel.matrix.mode, study.travel)
    return travel_difference_map(region, travel_difference(travel.matrix, circle))


def _write_text(text: str, out: Path) -> None:
    """Write a file aside, then rename it."""
    import os

    from comarca.errors import OutputError

    unfinished = out.with_name(f".{out.name}-unfinished")
    try:
        unfinished.write_text(text, encoding="utf-8", newline="")
        os.replace(unfinished, out)
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        raise OutputError(f"{out} cannot be written: {error.strerror}.") from error


def _tell(
    travel: RoadTravel,
    network: RoadNetwork,
    directory: Path,
    out: Path | None,
    *,
    quiet: bool,
    as_json: bool,
) -> None:
    if as_json:
        lost = travel.unreachable
        print_json(
            {
                "junctions": network.n_nodes,
                "edges": network.n_edges,
                "source": network.source,
                "mode": travel.matrix.mode,
                "limit_min": travel.limit_min,
                "towns": len(travel.matrix.town_ids),
                "unreachable": [_plain(row) for row in lost.to_dict("records")],
                "table": None if out is None else str(out),
            }
        )
    elif not quiet:
        typer.echo(network.summary())
        typer.echo(network.source)
        typer.echo(travel.summary())
        if out is not None:
            typer.echo(f"Ways: {out}")
        typer.echo(f"{directory} uses its roads from now on: comarca plan {directory} -o OUT")


def _plain(row: dict[Any, Any]) -> dict[str, Any]:
    """A town without a way; JSON knows no infinity."""
    straight_km = float(row["straight_km"])
    return {
        "town_id": row["town_id"],
        "name": row["name"],
        "reason": row["reason"],
        "straight_km": round(straight_km, 3) if straight_km < float("inf") else None,
    }
