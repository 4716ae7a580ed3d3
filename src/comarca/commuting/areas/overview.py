"""
Areas taken together: how many, how closed, how unequal, and who travels from one to another.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse

from comarca.commuting.areas.labour_market_areas import LabourMarketAreas
from comarca.model.matrices import FlowMatrix
from comarca.model.partition import Partition

SPREAD_OF = (
    "n_towns",
    "residents",
    "jobs",
    "self_containment_supply",
    "self_containment_demand",
    "validity",
)
"""Figures of areas whose spread is told."""


@dataclass(frozen=True, kw_only=True, eq=False)
class AreasOverview:
    """
    A delineation in figures.

    Parameters
    ----------
    n_areas, n_towns
        Areas; towns of the flows, in an area or not.
    n_in_areas
        Towns in an area.
    by_status
        Towns by their status, those that occur.
    n_set_aside
        Towns that ever were in the reserve.
    n_one_town
        Areas of one town.
    n_below_rule
        Areas whose validity is below 1.
    n_detached
        Towns that do not hang together with the head of their area.
    persons
        All commuters of the flows, those who work in their own town among them.
    in_own_town, in_own_area
        Of these, those who work in the town they live in; in the area they live in.
    residents, jobs
        Working residents and jobs of the areas together, as their quality figures count them.
    inside
        Persons who live and work in one area, as the quality figures count them.
    spread
        Index a figure of :data:`SPREAD_OF`; ``min``, ``lower_quartile``, ``median``, ``mean``,
        ``upper_quartile``, ``max`` over areas, each area counted once. Empty without areas.
    """

    n_areas: int
    n_towns: int
    n_in_areas: int
    by_status: dict[str, int]
    n_set_aside: int
    n_one_town: int
    n_below_rule: int
    n_detached: int
    persons: float
    in_own_town: float
    in_own_area: float
    residents: float
    jobs: float
    inside: float
    spread: pd.DataFrame


def areas_overview(areas: LabourMarketAreas, flows: FlowMatrix) -> AreasOverview:
    """
    Sum up a delineation.

    Parameters
    ----------
    areas
        The areas.
    flows
        The flows they were drawn from.

    Raises
    ------
    UnknownTownError
        When ``flows`` lacks a town of ``areas``.
    """
    partition, quality = areas.partition, areas.quality()
    statuses = list(partition.status_of.values())
    flows.positions(partition.town_ids)
    between = flows_between_areas(partition, flows)
    inside = between["origin_area"].notna() & (
        between["origin_area"] == between["destination_area"]
    )
    totals = {name: float(quality[name].sum()) if len(quality) else 0.0 for name in _TOTALS}
    return AreasOverview(
        n_areas=len(partition.areas),
        n_towns=len(statuses),
        n_in_areas=sum(area is not None for area in partition.area_of.values()),
        by_status={status: statuses.count(status) for status in sorted(set(statuses))},
        n_set_aside=len({entry.town_id for entry in areas.reserve}),
        n_one_town=int((quality["n_towns"] == 1).sum()) if len(quality) else 0,
        n_below_rule=int((quality["validity"] < 1).sum()) if len(quality) else 0,
        n_detached=len(areas.detached),
        persons=float(flows.persons.sum()),
        in_own_town=float(flows.persons.diagonal().sum()),
        in_own_area=float(between.loc[inside, "persons"].sum()),
        spread=_spread(quality),
        **totals,
    )


_TOTALS = ("residents", "jobs", "inside")


def _spread(quality: pd.DataFrame) -> pd.DataFrame:
    if not len(quality):
        return pd.DataFrame()
    figures = quality[list(SPREAD_OF)].astype(float)
    return pd.DataFrame(
        {
            "min": figures.min(),
            "lower_quartile": figures.quantile(0.25),
            "median": figures.median(),
            "mean": figures.mean(),
            "upper_quartile": figures.quantile(0.75),
            "max": figures.max(),
        }
    )


def flows_between_areas(partition: Partition, flows: FlowMatrix) -> pd.DataFrame:
    """
    Commuters from area to area.

    Parameters
    ----------
    partition
        The areas, whatever drew them.
    flows
        Commuters between their towns; towns that only one of the two knows count as in no area.

    Returns
    -------
    DataFrame
        ``origin_area``, ``destination_area`` (ids; blank for towns in none), ``persons``, and
        ``share_of_origin``, the share of all commuters of the origin; one row a pair with any,
        those within an area among them, the most persons first.
    """
    ids = [area.area_id for area in partition.areas]
    number = {area_id: at for at, area_id in enumerate(ids)}
    place = np.array(
        [number.get(partition.area_of.get(town) or "", len(ids)) for town in flows.town_ids],
        dtype=np.intp,
    )
    member = sparse.csr_array(
        (np.ones(len(place)), (np.arange(len(place)), place)), shape=(len(place), len(ids) + 1)
    )
    sums = (member.T @ flows.persons @ member).tocoo()
    origins, destinations = sums.coords
    labels = np.array([*ids, None], dtype=object)
    table = pd.DataFrame(
        {
            "origin_area": pd.Series(labels[origins], dtype=object),
            "destination_area": pd.Series(labels[destinations], dtype=object),
            "persons": sums.data.astype(float),
        }
    )
    leaving = np.bincount(origins, sums.data, len(ids) + 1)
    table["share_of_origin"] = table["persons"] / leaving[origins]
    order = np.lexsort((destinations, origins, -table["persons"].to_numpy()))
    return table.iloc[order].reset_index(drop=True)
