"""
Commuter flows by a spatial interaction model.

``T_ij = a_i b_j O_i D_j f(t_ij)`` for trips within a daily limit, with the workers ``O`` of each
town and the jobs ``D`` of each town both held, or one of them. Assumptions: one kind of worker and
of job, time alone deters, nobody commutes over the region's border. Each labour market (towns
joined by trips within the limit) balances by itself; its jobs are scaled to its workers, and that
is told.

References
----------
.. [1] Wilson, A. G. (1971). A family of spatial interaction models, and associated developments.
       Environment and Planning 3.
.. [2] Hyman, G. M. (1969). The calibration of trip distribution models. Environment and
       Planning 1.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from comarca.commuting.interaction.flow_estimate import FlowEstimate
from comarca.commuting.interaction.goals import Means
from comarca.commuting.interaction.law import EVERYWHERE, Slope
from comarca.commuting.interaction.margins import listed
from comarca.commuting.interaction.model import (
    OWN_TOWN,
    Model,
    free_names,
    model_of,
    with_found,
)
from comarca.commuting.interaction.params import InteractionParams
from comarca.commuting.interaction.reach import Times, minutes_at, trip_times, without
from comarca.commuting.interaction.rounding import whole_persons
from comarca.commuting.interaction.solving import Solution, flows_at_given, solve
from comarca.errors import ParameterError
from comarca.model.matrices import FlowMatrix, Travel

Floats = NDArray[np.float64]
SHORTEST_MEAN_MIN = 1.0  # from which a search may begin
ROUNDING = 1e-9
HELD_WITHIN = 2.0  # times the tolerance: the steps' logarithms and the margins differ a little
MISSED_SHARE = 0.01  # jobs missed by less than this share are not listed town by town


def estimate_flows(
    workers: ArrayLike,
    jobs: ArrayLike,
    travel: Travel,
    params: InteractionParams | None = None,
    *,
    staying: ArrayLike | None = None,
) -> FlowEstimate:
    """
    Estimate who commutes where.

    Parameters
    ----------
    workers, jobs
        Working residents and jobs of each town in the order of ``travel.town_ids``, persons, shape
        ``(n_towns,)``, 0 or more.
    travel
        Times between the towns; a sparse matrix up to the limit at least.
    params
        Defaults to ``InteractionParams()``. Of the deterrence one parameter at most may be left
        open; the mean trip settles it.
    staying
        Persons known to work in their own town, part of both its workers and its jobs: they do, and
        only the others are estimated. A preference for the own town then has nothing to say.

    Returns
    -------
    FlowEstimate
        Not an exception when jobs cannot be held or nobody reaches one: it tells so.

    Raises
    ------
    ParameterError
        When a margin has another shape, is negative, or is missing; when more stay than work; when
        more is left open than a mean trip can settle; or when a given deterrence is too steep for
        numbers to hold.
    """
    params = params or InteractionParams()
    ids = travel.town_ids
    times = trip_times(travel, params)
    persons = _Persons.of(workers, jobs, staying, times, ids)
    if staying is not None:
        params = params.model_copy(update={OWN_TOWN: 0.0})
        times = without(times, sparse.eye_array(len(ids), dtype=bool, format="csr"))
    _refuse_more_than_a_mean_settles(params)
    target = persons.mean_of_others(params.mean_time_min)
    model = model_of(
        persons.workers, persons.jobs, times, params, mean_time_min=max(target, SHORTEST_MEAN_MIN)
    )
    if model is None:
        return _nobody_travels(persons, params, ids)
    return _told(model, _solution(model, target), persons, params, ids)


@dataclass(frozen=True, kw_only=True, eq=False)
class _Persons:
    """Workers and jobs to be brought together, and those who are known to stay."""

    workers: Floats
    jobs: Floats
    staying: Floats
    within_min: Floats

    @classmethod
    def of(
        cls,
        workers: ArrayLike,
        jobs: ArrayLike,
        staying: ArrayLike | None,
        times: Times,
        ids: tuple[str, ...],
    ) -> _Persons:
        supply, demand = margin("workers", workers, ids), margin("jobs", jobs, ids)
        towns = np.arange(len(ids))
        own = np.zeros(len(ids))
        if staying is not None:
            own = margin("staying", staying, ids)
            _refuse_more_than_work(own, supply, demand, ids)
        return cls(
            workers=np.maximum(supply - own, 0.0),
            jobs=np.maximum(demand - own, 0.0),
            staying=own,
            within_min=np.where(own > 0, minutes_at(times, towns, towns), 0.0),
        )

    def mean_of_others(self, mean_time_min: float) -> float:
        """Mean trip of those who do not stay, where all together have a mean."""
        others = float(self.workers.sum())
        if not others or not np.isfinite(self.within_min).all():
            return mean_time_min
        everybody = mean_time_min * (others + self.staying.sum())
        return float(everybody - self.staying @ self.within_min) / others

    def mean_of_all(self, mean_time_min: float) -> float:
        """Mean trip of all, where those who do not stay have a mean."""
        others, own = float(self.workers.sum()), float(self.staying.sum())
        if not own or not np.isfinite(self.within_min).all():
            return mean_time_min
        return float(others * mean_time_min + self.staying @ self.within_min) / (others + own)


def _refuse_more_than_work(
    own: Floats, supply: Floats, demand: Floats, ids: tuple[str, ...]
) -> None:
    wrong = np.flatnonzero(own > np.minimum(supply, demand) * (1 + ROUNDING))
    if wrong.size:
        named = listed(
            f"{ids[town]} ({own[town]:g} of {supply[town]:g} workers and {demand[town]:g} jobs)"
            for town in wrong.tolist()
        )
        raise ParameterError(
            f"staying is more than workers or jobs in {named}; expected a part of both."
        )


def margin(name: str, values: ArrayLike, town_ids: tuple[str, ...]) -> Floats:
    """
    One number a town, checked.

    Raises
    ------
    ParameterError
        When the shape is another, or a number is negative or missing; the towns are named.
    """
    found = np.asarray(values, dtype=np.float64)
    if found.shape != (len(town_ids),):
        raise ParameterError(f"{name} has shape {found.shape}; expected {(len(town_ids),)}.")
    wrong = np.flatnonzero(~np.isfinite(found) | (found < 0))
    if wrong.size:
        named = listed(f"{town_ids[town]} ({found[town]:g})" for town in wrong.tolist())
        raise ParameterError(
            f"{name} holds negative or missing entries: {named}; expected 0 or more."
        )
    return found


def _refuse_more_than_a_mean_settles(params: InteractionParams) -> None:
    names = free_names(params)
    if len(names) > 1 or (names and names[0] not in _names_of_deterrence(params)):
        raise ParameterError(
            f"{', '.join(names)} are open; expected one parameter of the deterrence at most, which "
            "the mean trip settles. Give the others, or calibrate them on flows."
        )


def _names_of_deterrence(params: InteractionParams) -> list[str]:
    return [parameter.name for parameter in params.function.parameters(1.0)]


def _solution(model: Model, mean_time_min: float) -> Solution:
    """Balanced flows at the deterrence given, or at the one that has the mean trip."""
    if not model.law.free:
        return flows_at_given(model.balancer)
    model.balancer.learn_what_can_be_held()
    excess = Slope(model.pairs.time_min - mean_time_min, EVERYWHERE)
    return solve(model.balancer, Means(excesses=[excess]))


def _told(
    model: Model,
    solution: Solution,
    persons: _Persons,
    params: InteractionParams,
    ids: tuple[str, ...],
) -> FlowEstimate:
    point, market = solution.point, model.market
    flows = persons_of(model, solution, persons.workers)
    if persons.staying.any():
        flows = (flows + sparse.diags_array(persons.staying)).tocsr()
    if params.whole_persons:
        flows = whole_persons(flows)
    holds = HELD_WITHIN * params.tolerance
    return FlowEstimate(
        flows=FlowMatrix(ids, flows, is_observed=False),
        deterrence=with_found(params, model.law, point.free).deterrence,
        mean_time_min=persons.mean_of_all(point.mean_time_min),
        target_time_min=params.mean_time_min if model.law.free else None,
        status=solution.status,
        converged=point.balance.margin_error <= holds,
        margin_error=point.balance.margin_error,
        iterations=point.iterations,
        markets=market.markets if point.holds_jobs else (),
        kept_at_home={ids[town]: float(persons.workers[town]) for town in model.kept_at_home},
        unreached_jobs={ids[town]: float(persons.jobs[town]) for town in model.left_empty},
        missed_jobs=_missed(model, solution, ids) if point.holds_jobs else {},
    )


def persons_of(model: Model, solution: Solution, supply: Floats) -> sparse.csr_array:
    """
    Flows of all towns; those who reach no job stay at home.

    Parameters
    ----------
    supply
        Workers of all towns, persons, shape ``(n_towns,)``.
    """
    flows, at_home = model.flows_of_towns(solution.point, len(supply)), model.kept_at_home
    if not at_home.size:
        return flows
    staying = np.zeros_like(supply)
    staying[at_home] = supply[at_home]
    return (flows + sparse.diags_array(staying)).tocsr()


def _nobody_travels(
    persons: _Persons, params: InteractionParams, ids: tuple[str, ...]
) -> FlowEstimate:
    """Everybody is counted at home, but for workers who are not held."""
    is_held = params.constraint != "attraction"
    others = persons.workers if is_held else np.zeros_like(persons.workers)
    flows = sparse.csr_array(sparse.diags_array(others + persons.staying))
    return FlowEstimate(
        flows=FlowMatrix(ids, flows, is_observed=False),
        deterrence=params.function,
        mean_time_min=float("nan"),
        target_time_min=params.mean_time_min if free_names(params) else None,
        status="out_of_reach",
        converged=True,
        margin_error=0.0,
        iterations=0,
        markets=(),
        kept_at_home={ids[town]: float(others[town]) for town in np.flatnonzero(others)},
        unreached_jobs={
            ids[town]: float(persons.jobs[town]) for town in np.flatnonzero(persons.jobs)
        },
        missed_jobs={},
    )


def _missed(model: Model, solution: Solution, town_ids: tuple[str, ...]) -> dict[str, float]:
    market = model.market
    filled = solution.point.balance.filled / market.jobs
    return {
        town_ids[town]: float(share)
        for town, share in zip(market.destinations, filled, strict=True)
        if abs(share - 1) >= MISSED_SHARE
    }
