"""
The commuting stage: flows, counted or estimated, and the areas they make.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from comarca.commuting.areas import LabourMarketAreas, delineate_areas
from comarca.commuting.interaction import FlowEstimate, estimate_flows
from comarca.commuting.params import CommutingParams
from comarca.errors import UnknownTownError
from comarca.model.completion import CompletionParams, complete
from comarca.model.flow_totals import pair_totals, skill_totals
from comarca.model.matrices import FlowMatrix, Period, Skill, TravelMatrix
from comarca.model.prices import Prices
from comarca.model.region import Region, values_of
from comarca.travel import travel_matrix
from comarca.wording import counted


@dataclass(frozen=True, kw_only=True, eq=False)
class Commuting:
    """
    What commuting has made of a region.

    Parameters
    ----------
    flows
        Daily commuters of all skills, with every town of the region.
    estimate
        How the flows were estimated; ``None`` when they were counted.
    areas
        Labour market areas.
    """

    flows: FlowMatrix
    estimate: FlowEstimate | None
    areas: LabourMarketAreas

    def notes(self) -> tuple[str, ...]:
        """Say how flows were estimated, or what counted flows leave out, a line each."""
        return self.estimate.notes() if self.estimate else tuple(_gaps(self.flows))

    def summary(self) -> str:
        """Say in a few lines how people travel and what areas that makes."""
        if self.estimate:
            flows = f"{self.estimate.summary()}\nareas drawn from estimated flows are illustrations"
        else:
            flows = "\n".join([self.flows.summary(), *_gaps(self.flows)])
        return f"{flows}\n{self.areas.summary()}"


def commute(
    region: Region, travel: TravelMatrix | None = None, params: CommutingParams | None = None
) -> Commuting:
    """
    Find who commutes where, and draw labour market areas.

    Parameters
    ----------
    region
        With a ``flows`` table, its daily flows are taken as they are; else flows are estimated from
        workers and jobs, which are assumed where the region has none.
    travel
        Times of the commuters' mode; by car as the region's defaults say when ``None``. Not used
        with counted flows.
    params
        Defaults of the region's country when ``None``.

    Returns
    -------
    Commuting
        Flows and areas of every town of the region.

    Raises
    ------
    UnknownTownError
        When ``travel`` lacks a town of the region, or flows name one it does not hold.
    """
    params = params or CommutingParams.for_region(region)
    estimate = None
    flows = observed_flows(region)
    if flows is None:
        known = with_labour(region)
        workers, jobs = workers_of(known), values_of(known.towns, "jobs")
        times = travel_matrix(region, "car") if travel is None else travel
        if times.town_ids != region.town_ids:
            times = times.subset(region.town_ids)
        estimate = estimate_flows(workers, jobs, times, params)
        flows = estimate.flows
    names = dict(zip(region.town_ids, region.towns["name"].astype(str), strict=True))
    return Commuting(
        flows=flows, estimate=estimate, areas=delineate_areas(flows, params, names=names)
    )


def observed_flows(
    region: Region, period: Period = "daily", skill: Skill | None = None
) -> FlowMatrix | None:
    """
    Flows of one period and skill as the region's table counts them; ``None`` when it counts none.

    Rows of one pair are added up over skills and occupations, unless a row without them gives the
    total: totals and parts are never added up.

    Parameters
    ----------
    region
        With or without a ``flows`` table.
    period
        Those who return daily, or weekly.
    skill
        One skill, or all together.

    Raises
    ------
    UnknownTownError
        When a flow starts or ends in a town the region does not hold.
    """
    table = region.table("flows")
    if table is None:
        return None
    totals = pair_totals(table) if skill is None else skill_totals(table)
    wanted = totals["period"] == period
    if skill is not None:
        wanted &= (totals["skill"] == skill).fillna(False).astype(bool)
    counted = totals[wanted]
    if counted.empty:
        return None
    homes, workplaces = (_places(region, counted[key]) for key in ("origin", "destination"))
    persons = sparse.csr_array(
        (values_of(counted, "persons"), (homes, workplaces)), shape=(region.n_towns,) * 2
    )
    return FlowMatrix(region.town_ids, persons, skill=skill, period=period)


def _places(region: Region, towns: pd.Series) -> NDArray[np.intp]:
    places = pd.Index(region.town_ids).get_indexer(pd.Index(towns.astype(str)))
    if (places < 0).any():
        raise UnknownTownError(str(towns.iloc[int(np.argmin(places))]), region.town_ids)
    return np.asarray(places, dtype=np.intp)


def with_labour(region: Region) -> Region:
    """Return the region with workers by skill and jobs, completed where it does not tell them."""
    needed = ["labour_force", "unemployed", "jobs"]
    if region.table("labour") is None or region.towns[needed].isna().to_numpy().any():
        # Workers and jobs hang on no price, so a currency of unknown rate does not matter here.
        region = replace(region, usd_exchange_rate=region.usd_exchange_rate or 1.0)
        completion = CompletionParams.for_region(region)
        region = complete(region, completion, Prices.for_region(region)).region
    return region


def workers_of(region: Region, skill: Skill | None = None) -> NDArray[np.float64]:
    """
    Count who has work in each town, of one skill or of all.

    Parameters
    ----------
    region
        With a ``labour`` table, as :func:`with_labour` makes sure.
    skill
        One skill, or all together.
    """
    labour = region.tables["labour"]
    if skill is not None:
        labour = labour[(labour["skill"] == skill).fillna(False).astype(bool)]
    by_town = pd.Series(values_of(labour, "workers"), index=labour["town_id"].astype(str))
    workers = by_town.groupby(level=0).sum().reindex(list(region.town_ids))
    # A skill that a town's rows leave out is one that nobody there has.
    return np.asarray(workers if skill is None else workers.fillna(0.0), dtype=np.float64)


def _gaps(flows: FlowMatrix) -> list[str]:
    """What counted flows seem to leave out."""
    lines = []
    silent = int((flows.workers == 0).sum())
    if silent:
        lines.append(f"no workers are counted in {counted(silent, 'town')}")
    if flows.persons.nnz and not flows.persons.diagonal().any():
        lines.append("nobody is counted as working in the own town; areas need those who stay")
    return lines
