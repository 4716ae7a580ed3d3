"""
The command that answers the first question of a consultation.
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
    refuse_among_inputs,
    tell_warnings,
    telling_faults,
    write_table,
)

if TYPE_CHECKING:
    from comarca.commuting import CommuterGroups, TownCommuters
    from comarca.model.matrices import Skill


def commuters(
    region: RegionPath,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="TABLE.csv", help="Table of the largest groups."),
    ] = None,
    destinations: Annotated[
        Path | None,
        typer.Option(metavar="TABLE.csv", help="Table of every group by destination and period."),
    ] = None,
    least_skill: Annotated[
        str,
        typer.Option(metavar="basic|secondary|higher", help="Skill that counts as mid-level."),
    ] = "secondary",
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Tell the largest group of each town's commuters with mid-level skill, and where it works."""
    from comarca.commuting import commuter_groups
    from comarca.errors import OutputError
    from comarca.io import read_region

    with telling_faults():
        if out is not None and destinations is not None and out.resolve() == destinations.resolve():
            raise OutputError(f"{out} is named for both tables; expected a file for each.")
        for path in filter(None, (out, destinations)):
            refuse_among_inputs(path, region)
        given = read_region(region)
        tell_warnings(given.warnings, quiet=quiet or as_json)
        found = commuter_groups(given, least_skill=cast("Skill", least_skill))
        if out is not None:
            write_table(found.table(), out)
        if destinations is not None:
            write_table(found.by_destination(), destinations)
        if as_json:
            print_json(_told(found))
        elif not quiet:
            typer.echo(found.summary())
            for path in filter(None, (out, destinations)):
                typer.echo(f"Written: {path}")


def _told(found: CommuterGroups) -> dict[str, Any]:
    return {
        "region": found.region_name,
        "least_skill": found.least_skill,
        "towns": [_town(found, town) for town in found.towns],
    }


def _town(found: CommuterGroups, town: TownCommuters) -> dict[str, Any]:
    """One town; of an uncounted one, whatever nobody knows is null."""
    is_counted = town.status != "not counted"
    return {
        "town_id": town.town_id,
        "town": found.names[town.town_id],
        "status": town.status,
        "answer": found.answer(town.town_id),
        "grouped_by": town.grouped_by if town.groups else None,
        "out_commuters": town.out_commuters if is_counted else None,
        "known_qualified": town.qualified if is_counted else None,
        "unknown": town.unknown if is_counted else None,
        "groups": [
            {
                "group": group.name,
                "persons": group.persons,
                "is_largest": group in town.largest,
                "share_of_out_commuters": town.share(group),
                "destinations": [
                    {
                        "town_id": place.town_id,
                        "town": found.names[place.town_id],
                        "period": place.period,
                        "persons": place.persons,
                    }
                    for place in group.destinations
                ],
            }
            for group in town.groups
        ],
    }
