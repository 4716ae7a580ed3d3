"""
Who commutes where in a region, from the best it tells: counted flows, margins, or a mean trip.

Counted flows and margins show what deters people; without either, a mean trip is assumed. What
comes out is always estimated flows, those that the deterrence found would make.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from comarca.commuting.interaction import (
    CommutingMargins,
    DeterrenceFit,
    FittedParameter,
    FlowFit,
    InteractionParams,
    Unobserved,
    WeeklyParams,
    WorkerGroup,
    calibrate_deterrence,
    calibrate_jointly,
    calibrate_on_margins,
    estimate_flows,
    estimate_joint_flows,
    judge_flows,
    margins_of,
)
from comarca.commuting.stage import observed_flows, with_labour, workers_of
from comarca.errors import ParameterError
from comarca.model.matrices import SKILLS, FlowMatrix, Mode, Period, Skill, Travel
from comarca.model.region import Region, values_of
from comarca.travel import RoadParams, TravelParams, travel_matrix, travel_within
from comarca.wording import counted

Basis = Literal["flows", "margins", "mean time"]

SPARSE_FROM = 3_000  # towns, from which all pairs would take hundreds of megabytes


@dataclass(frozen=True, kw_only=True, eq=False)
class FlowStudy:
    """
    Estimated flows of a region, with what they rest on.

    Parameters
    ----------
    basis
        ``"flows"`` or ``"margins"``: what the deterrence was calibrated on. ``"mean time"``: it was
        chosen for the mean trip of the settings, or given.
    flows
        Estimated flows, one matrix for each skill and period.
    parameters
        What was calibrated, with errors; empty on a mean trip.
    notes
        How the flows were estimated and what gave way, a line each.
    agreement
        How well they agree with counted ones; ``None`` where none were.
    fit
        Counted beside estimated: by length of the trip, or on margins by town, who stays under the
        fitted model. ``None`` on a mean trip.
    """

    basis: Basis
    flows: tuple[FlowMatrix, ...]
    parameters: tuple[FittedParameter, ...]
    notes: tuple[str, ...]
    agreement: FlowFit | None
    fit: pd.DataFrame | None

    def table(self) -> pd.DataFrame:
        """
        Return all flows as one table, as a region's ``flows`` table holds them.

        Returns
        -------
        pandas.DataFrame
            ``origin``, ``destination``, ``skill``, ``period`` and ``persons``, above 0.
        """
        return pd.concat([_rows(flows) for flows in self.flows], ignore_index=True)

    def summary(self) -> str:
        """Say in a few lines who travels how far, how that was found, and how well it fits."""
        lines = [f"{flows.skill or 'all skills'}: {flows.summary()}" for flows in self.flows]
        lines += [*self.notes, *map(str, self.parameters)]
        if self.agreement is not None:
            lines.append(self.agreement.summary())
        return "\n".join(lines)


def study_flows(
    region: Region,
    travel: Travel | None = None,
    params: InteractionParams | None = None,
    *,
    basis: Basis | None = None,
    by_skill: bool = False,
    weekly: WeeklyParams | None = None,
    unobserved: Unobserved | None = None,
) -> FlowStudy:
    """
    Estimate who commutes where in a region, from the best it tells.

    Parameters
    ----------
    region
        With a ``flows`` table, a ``margins`` table, or neither.
    travel
        Times of the commuters' mode, up to the limits; by car when ``None``.
    params
        Deterrence, constraint and limit; the defaults of the region's country when ``None``.
    basis
        What the deterrence rests on; ``None``: flows where they are counted, else margins, else a
        mean trip.
    by_skill
        Whether each skill is deterred in its own way; all skills fill the same jobs.
    weekly
        How workers leave for the week; ``None``: nobody does, and weekly rows are not looked at.
    unobserved
        Pairs that the flows table does not count.

    Returns
    -------
    FlowStudy

    Raises
    ------
    ParameterError
        When the region lacks what the basis asks for, or that says nothing of skills or weeks.
    """
    params = params or InteractionParams.for_region(region)
    basis = basis or best_basis(region)
    ways = ways_within(region, "car", params, weekly) if travel is None else travel
    if basis == "margins":
        if by_skill or weekly is not None or unobserved is not None:
            raise ParameterError(
                "margins tell neither skills, weeks nor pairs; expected none of these with them."
            )
        return _from_margins(region, ways, params)
    if basis == "flows":
        return _from_flows(region, ways, params, by_skill, weekly, unobserved)
    if unobserved is not None:
        raise ParameterError("nothing is counted on a mean trip; expected no unobserved pairs.")
    return _from_mean_time(region, ways, params, by_skill, weekly)


def best_basis(region: Region) -> Basis:
    """Flows where the region counts them, else margins, else a mean trip."""
    if observed_flows(region) is not None:
        return "flows"
    return "mean time" if margins_of(region) is None else "margins"


def ways_within(
    region: Region,
    mode: Mode,
    params: InteractionParams,
    weekly: WeeklyParams | None = None,
    travel_params: TravelParams | None = None,
    roads: RoadParams | None = None,
) -> Travel:
    """
    Ways up to the limits: all pairs, or for very many towns those within the limit only.

    Parameters
    ----------
    mode
        How commuters travel.
    params, weekly
        Their limits.
    travel_params, roads
        As :func:`~comarca.travel.travel_matrix` takes them.
    """
    limit = max(params.daily_limit_min, weekly.limit_min if weekly else 0.0)
    if region.n_towns < SPARSE_FROM or not np.isfinite(limit):
        return travel_matrix(region, mode, travel_params, roads)
    # The nearest town tells how long a trip within one takes, however short the limit is.
    least = params.internal_most_min / params.internal_share
    return travel_within(region, mode, max(limit, least), travel_params, roads)


def _from_flows(
    region: Region,
    travel: Travel,
    params: InteractionParams,
    by_skill: bool,
    weekly: WeeklyParams | None,
    unobserved: Unobserved | None,
) -> FlowStudy:
    if not by_skill and weekly is None:
        seen = _counted(region, "daily", None)
        fit = calibrate_deterrence(seen, travel, params, unobserved=unobserved)
        agreement = judge_flows(seen, fit.flows, travel, fit.params, unobserved=unobserved)
        return FlowStudy(
            basis="flows",
            flows=(fit.flows,),
            parameters=fit.parameters,
            notes=fit.notes(),
            agreement=agreement,
            fit=agreement.bands,
        )
    periods: list[Period] = ["daily"] if weekly is None else ["daily", "weekly"]
    skills: Sequence[Skill | None] = SKILLS if by_skill else (None,)
    observed = [_counted(region, period, skill) for period in periods for skill in skills]
    joint = calibrate_jointly(observed, travel, params, weekly, unobserved=unobserved)
    agreement = judge_flows(
        _daily(observed), _daily(joint.flows), travel, params, unobserved=unobserved
    )
    return FlowStudy(
        basis="flows",
        flows=joint.flows,
        parameters=joint.parameters,
        notes=joint.notes(),
        agreement=agreement,
        fit=agreement.bands,
    )


def _counted(region: Region, period: Period, skill: Skill | None) -> FlowMatrix:
    flows = observed_flows(region, period, skill)
    if flows is None:
        whose = f" {period} flows of skill {skill}" if skill else f" {period} flows"
        raise ParameterError(f"the region counts no{whose}; expected rows of them in flows.")
    return flows


def _daily(flows: Sequence[FlowMatrix]) -> FlowMatrix:
    """Daily commuters of all skills."""
    daily = [one for one in flows if one.period == "daily"]
    persons = daily[0].persons
    for one in daily[1:]:
        persons = persons + one.persons
    return FlowMatrix(daily[0].town_ids, persons, is_observed=daily[0].is_observed)


def _from_margins(region: Region, travel: Travel, params: InteractionParams) -> FlowStudy:
    margins = margins_of(region)
    if margins is None:
        raise ParameterError("the region has no table margins; expected who stays, leaves, comes.")
    ways = travel if travel.town_ids == margins.town_ids else travel.subset(margins.town_ids)
    fit = calibrate_on_margins(margins, ways, params)
    # Who stays is known, so only the others are estimated, under the deterrence that stays show.
    made = estimate_flows(margins.workers, margins.jobs, ways, fit.params, staying=margins.staying)
    notes = [*fit.notes(), *made.notes()[1:]]  # the first line tells the deterrence again
    missing = region.n_towns - len(margins.town_ids)
    if missing:
        notes.append(f"{counted(missing, 'town')} without margins left out")
    return FlowStudy(
        basis="margins",
        flows=(made.flows,),
        parameters=fit.parameters,
        notes=tuple(notes),
        agreement=None,
        fit=_stays(margins, fit),
    )


def _stays(margins: CommutingMargins, fit: DeterrenceFit) -> pd.DataFrame:
    """Who stays, leaves and comes, as counted and under the fitted model, town by town."""
    stays = fit.flows.persons.diagonal()
    return pd.DataFrame(
        {
            "town_id": margins.town_ids,
            "staying": margins.staying,
            "estimated_staying": stays,
            "leaving": margins.leaving,
            "estimated_leaving": fit.flows.workers - stays,
            "coming": margins.coming,
            "estimated_coming": fit.flows.jobs - stays,
        }
    )


def _from_mean_time(
    region: Region,
    travel: Travel,
    params: InteractionParams,
    by_skill: bool,
    weekly: WeeklyParams | None,
) -> FlowStudy:
    known = with_labour(region)
    jobs = values_of(known.towns, "jobs")
    ways = travel if travel.town_ids == region.town_ids else travel.subset(region.town_ids)
    if not by_skill and weekly is None:
        made = estimate_flows(workers_of(known), jobs, ways, params)
        flows: tuple[FlowMatrix, ...] = (made.flows,)
        notes = made.notes()
    else:
        skills: Sequence[Skill | None] = SKILLS if by_skill else (None,)
        groups = [
            WorkerGroup(workers=workers_of(known, skill), skill=skill, params=params)
            for skill in skills
        ]
        joint = estimate_joint_flows(groups, jobs, ways, weekly)
        flows, notes = joint.flows, joint.notes()
    return FlowStudy(
        basis="mean time", flows=flows, parameters=(), notes=notes, agreement=None, fit=None
    )


def _rows(flows: FlowMatrix) -> pd.DataFrame:
    trips = flows.persons.tocoo()
    ids = np.array(flows.town_ids, dtype=object)
    return pd.DataFrame(
        {
            "origin": ids[trips.row],
            "destination": ids[trips.col],
            "skill": flows.skill or "",
            "period": flows.period,
            "persons": trips.data,
        }
    )
