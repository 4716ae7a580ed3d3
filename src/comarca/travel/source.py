"""Which source tells the ways between a region's towns: its own table, or the great circle."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pandas as pd

from comarca.model.matrices import Mode, TravelMatrix
from comarca.model.region import Region
from comarca.travel.circle import travel_by_circle
from comarca.travel.params import TravelParams
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


@dataclass(frozen=True, kw_only=True)
class CircleSource:
    """The great circle with circuity and speed bands."""

    params: TravelParams

    def matrix(self, towns: pd.DataFrame, mode: Mode) -> TravelMatrix:
        """Estimate from where the towns lie."""
        return travel_by_circle(towns, mode, self.params)


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


def travel_matrix(region: Region, mode: Mode, params: TravelParams | None = None) -> TravelMatrix:
    """
    Tell times and distances between a region's towns, from the best source it has.

    Parameters
    ----------
    region
        With its table ``travel`` where somebody gave one.
    mode
        ``"car"``, ``"bus"`` or ``"truck"`` (a light truck).
    params
        For what has to be estimated; ``None`` for the defaults of the region's country.

    Returns
    -------
    TravelMatrix
        ``inf`` where there is no way; the diagonal is 0 unless a table says otherwise.

    Raises
    ------
    ParameterError
        When a coordinate or an entry of the table is missing or out of range.
    """
    return source_of(region, params).matrix(region.towns, mode)


def source_of(region: Region, params: TravelParams | None = None) -> TravelSource:
    """Choose the source: the region's table where there is one, else the great circle."""
    circle = CircleSource(params=params or TravelParams.for_region(region))
    table = region.table("travel")
    if table is None or table.empty:
        return circle
    return TableSource(table=table, otherwise=circle)
