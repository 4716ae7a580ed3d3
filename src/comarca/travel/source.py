"""Which source tells the ways between towns: a region's own table, its roads, or the circle."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pandas as pd

from comarca.model.matrices import Mode, TravelMatrix
from comarca.model.region import Region
from comarca.travel.circle import travel_by_circle
from comarca.travel.params import TravelParams
from comarca.travel.roads.params import RoadParams
from comarca.travel.roads.source import RoadSource
from comarca.travel.table import rows_of_mode, travel_from_table


class TravelSource(Protocol):
    """Whatever can tell times and distances between towns: a circle, a table, a road network."""

    def matrix(self, towns: pd.DataFrame, mode: Mode) -> TravelMatrix:
        """
        Tell times and distances between all pairs of towns.

        Parameters
        ----------
        towns
            Index ``town_id`` (text), columns ``lat`` and ``lon`` (degrees, WGS 84).
        mode
            ``"car"``, ``"bus"`` or ``"truck"``.
        """
        ...

    def notes(self) -> tuple[str, ...]:
        """Sentences a reader of the plan has to know of what was told."""
        ...


@dataclass(frozen=True, kw_only=True)
class CircleSource:
    """The great circle with circuity and speed bands."""

    params: TravelParams

    def matrix(self, towns: pd.DataFrame, mode: Mode) -> TravelMatrix:
        """Estimate from where the towns lie."""
        return travel_by_circle(towns, mode, self.params)

    def notes(self) -> tuple[str, ...]:
        """Nothing: what is assumed is listed with the parameters."""
        return ()


@dataclass(frozen=True, eq=False, kw_only=True)
class TableSource:
    """
    A given table, for the towns it names; another source for the rest.

    Parameters
    ----------
    table
        As :func:`comarca.travel.table.travel_from_table` takes it.
    otherwise
        Tells the ways from and to towns the table does not name at all for the mode. Between two
        towns the table names, a missing pair means that there is no way.
    """

    table: pd.DataFrame
    otherwise: TravelSource

    def matrix(self, towns: pd.DataFrame, mode: Mode) -> TravelMatrix:
        """Take from the table what it tells of the mode."""
        rows = rows_of_mode(self.table, mode)
        named = set(rows["origin"]) | set(rows["destination"])
        is_named = np.array([town_id in named for town_id in towns.index])
        if not is_named.any():
            return self.otherwise.matrix(towns, mode)
        town_ids = tuple(str(town_id) for town_id in towns.index)
        told = travel_from_table(rows.drop(columns="mode", errors="ignore"), town_ids, mode)
        if is_named.all():
            return told
        other = self.otherwise.matrix(towns, mode)
        is_told = is_named[:, None] & is_named[None, :]
        return TravelMatrix(
            town_ids,
            mode,
            np.where(is_told, told.time_min, other.time_min),
            np.where(is_told, told.distance_km, other.distance_km),
            "table",
        )

    def notes(self) -> tuple[str, ...]:
        """What the other source has to say."""
        return self.otherwise.notes()


def travel_matrix(
    region: Region,
    mode: Mode,
    params: TravelParams | None = None,
    roads: RoadParams | None = None,
) -> TravelMatrix:
    """
    Tell times and distances between a region's towns, from the best source it has.

    Parameters
    ----------
    region
        With its table ``travel``, or its roads, where somebody gave them.
    mode
        ``"car"``, ``"bus"`` or ``"truck"`` (a light truck).
    params
        For what has to be estimated; ``None`` for the defaults of the region's country.
    roads
        How fast its roads are driven; ``None`` for the defaults of its country.

    Returns
    -------
    TravelMatrix
        ``inf`` where there is no way; the diagonal is 0 unless a table says otherwise.

    Raises
    ------
    ParameterError
        When a coordinate or an entry of the table is missing or out of range.
    """
    return source_of(region, params, roads).matrix(region.towns, mode)


def source_of(
    region: Region, params: TravelParams | None = None, roads: RoadParams | None = None
) -> TravelSource:
    """
    Choose the source.

    The table; for towns it does not name, the router a study names, or the roads, or the circle.
    """
    otherwise = _without_table(region, params or TravelParams.for_region(region), roads)
    table = region.table("travel")
    if table is None or table.empty:
        return otherwise
    return TableSource(table=table, otherwise=otherwise)


def _without_table(region: Region, params: TravelParams, roads: RoadParams | None) -> TravelSource:
    if params.router != "none":
        return _router(params)
    if region.roads is None:
        return CircleSource(params=params)
    return RoadSource(
        network=region.roads, params=roads or RoadParams.for_region(region), travel=params
    )


def _router(params: TravelParams) -> TravelSource:
    """The router a study names: a server by its address, or a library by the file it reads."""
    from comarca.travel.backends import OsrmSource, ServerSource, ValhallaSource

    is_osrm = params.router == "osrm"
    if "://" in params.router_at:
        return ServerSource(params.router_at, "osrm" if is_osrm else "valhalla")
    return OsrmSource(params.router_at) if is_osrm else ValhallaSource(params.router_at)
