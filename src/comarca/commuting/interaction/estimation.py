"""
Commuter flows by a doubly constrained spatial interaction model.

``T_ij = A_i O_i B_j D_j exp(-beta t_ij)`` for trips within a daily limit, with the workers ``O`` of
each town and the jobs ``D`` of each town both held. Assumptions: one kind of worker and of job,
time alone deters, nobody commutes over the region's border. Each labour market (towns joined by
trips within the limit) balances by itself; its jobs are scaled to its workers, and that is told.

References
----------
.. [1] Wilson, A. G. (1971). A family of spatial interaction models, and associated developments.
       Environment and Planning 3.
.. [2] Hyman, G. M. (1969). The calibration of trip distribution models. Environment and
       Planning 1.
.. [3] Fally, T. (2015). Structural gravity and fixed effects. Journal of International
       Economics 97.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from comarca.commuting.interaction.balancing import Balance, Matrix
from comarca.commuting.interaction.deterrence import Fit, balanced_at, match_mean_time
from comarca.commuting.interaction.flow_estimate import DeterrenceFit, FlowEstimate
from comarca.commuting.interaction.market import Market, market_of, trip_times
from comarca.commuting.interaction.params import InteractionParams
from comarca.commuting.interaction.rounding import whole_persons
from comarca.errors import ParameterError
from comarca.model.matrices import FlowMatrix, TravelMatrix

Floats = NDArray[np.float64]
HELD_WITHIN = 2.0  # times the tolerance: the steps' logarithms and the margins differ a little
MISSED_SHARE = 0.01  # jobs missed by less than this share are not listed town by town


def estimate_flows(
    workers: ArrayLike,
    jobs: ArrayLike,
    travel: TravelMatrix,
    params: InteractionParams | None = None,
) -> FlowEstimate:
    """
    Estimate who commutes where.

    Parameters
    ----------
    workers, jobs
        Working residents and jobs of each town in the order of ``travel.town_ids``, persons, shape
        ``(n_towns,)``, 0 or more.
    travel
        Times between the towns.
    params
        Defaults to ``InteractionParams()``.

    Returns
    -------
    FlowEstimate
        Not an exception when jobs cannot be held or nobody reaches one: it tells so.

    Raises
    ------
    ParameterError
        When a margin has another shape, is negative, or is missing; or when a given deterrence is
        too steep for numbers to hold.
    """
    params = params or InteractionParams()
    supply = _margin("workers", workers, len(travel.town_ids))
    demand = _margin("jobs", jobs, len(travel.town_ids))
    times = trip_times(travel, params)
    market = market_of(supply, demand, times, params.daily_limit_min)
    fit = _fit(market, params)
    persons = _assembled(market, fit, supply)
    if params.whole_persons:
        persons = whole_persons(persons)
    ids = travel.town_ids
    holds = HELD_WITHIN * params.tolerance
    return FlowEstimate(
        flows=FlowMatrix(ids, persons, is_observed=False),
        beta_per_min=fit.beta_per_min if fit else float("nan"),
        mean_time_min=fit.mean_time_min if fit else float("nan"),
        target_time_min=params.mean_time_min if params.beta_per_min is None else None,
        status=fit.status if fit else "out_of_reach",
        converged=fit.balance.margin_error <= holds if fit else True,
        margin_error=fit.balance.margin_error if fit else 0.0,
        iterations=fit.iterations if fit else 0,
        markets=market.markets,
        kept_at_home={ids[town]: float(supply[town]) for town in market.stranded},
        unreached_jobs={ids[town]: float(demand[town]) for town in market.unreached},
        missed_jobs=_missed(market, fit.balance, ids) if fit else {},
    )


def calibrate_deterrence(
    observed: FlowMatrix, travel: TravelMatrix, params: InteractionParams | None = None
) -> DeterrenceFit:
    """
    Find the deterrence under which observed flows are likeliest.

    With both margins held, the Poisson likelihood (and the multinomial one) is greatest exactly
    where the model's mean trip equals the observed one, so this is what is solved.

    Parameters
    ----------
    observed
        Commuters, with the towns of ``travel``.
    travel
        Times between the towns.
    params
        Limit, internal times and tolerances; ``mean_time_min`` and ``beta_per_min`` are not used.

    Returns
    -------
    DeterrenceFit

    Raises
    ------
    UnknownTownError
        When a town of ``observed`` is not in ``travel``.
    ParameterError
        When nobody is observed on a pair that can be travelled.
    """
    params = params or InteractionParams()
    times = trip_times(travel.subset(observed.town_ids), params)
    trips = observed.persons.tocoo()
    trip_min = times[trips.coords]
    inside = trip_min <= params.daily_limit_min
    persons = trips.data.astype(np.float64)
    kept = float(persons[inside].sum())
    if kept == 0:
        raise ParameterError("nobody is observed on a pair of towns within the limit.")
    n_towns = len(observed.town_ids)
    homes, workplaces = (places[inside] for places in trips.coords)
    supply = np.bincount(homes, persons[inside], n_towns).astype(np.float64)
    demand = np.bincount(workplaces, persons[inside], n_towns).astype(np.float64)
    mean = float(persons[inside] @ trip_min[inside]) / kept
    market = market_of(supply, demand, times, params.daily_limit_min)
    fit = match_mean_time(market, mean, params.tolerance, params.max_iterations)
    return DeterrenceFit(
        beta_per_min=fit.beta_per_min,
        standard_error_per_min=fit.standard_error(),
        mean_time_min=mean,
        persons=kept,
        persons_left_out=float(persons.sum()) - kept,
        status=fit.status,
        converged=fit.balance.margin_error <= HELD_WITHIN * params.tolerance,
        iterations=fit.iterations,
    )


def _margin(name: str, values: ArrayLike, n_towns: int) -> Floats:
    margin = np.asarray(values, dtype=np.float64)
    if margin.shape != (n_towns,):
        raise ParameterError(f"{name} has shape {margin.shape}; expected {(n_towns,)}.")
    if not np.isfinite(margin).all() or (margin < 0).any():
        raise ParameterError(f"{name} holds negative or missing entries; expected 0 or more.")
    return margin


def _fit(market: Market, params: InteractionParams) -> Fit | None:
    """Balanced flows at the deterrence asked for; ``None`` when nobody can reach a job."""
    if not market.origins.size:
        return None
    if params.beta_per_min is not None:
        return balanced_at(market, params.beta_per_min, params.tolerance, params.max_iterations)
    return match_mean_time(market, params.mean_time_min, params.tolerance, params.max_iterations)


def _assembled(market: Market, fit: Fit | None, supply: Floats) -> sparse.csr_array:
    """Flows of all towns; those who reach no job stay at home."""
    n_towns = len(supply)
    rows, columns, values = [market.stranded], [market.stranded], [supply[market.stranded]]
    if fit:
        inner_rows, inner_columns, inner = _entries(fit.balance.flows)
        rows.append(market.origins[inner_rows])
        columns.append(market.destinations[inner_columns])
        values.append(inner)
    triplet = (np.concatenate(values), (np.concatenate(rows), np.concatenate(columns)))
    return sparse.csr_array(triplet, shape=(n_towns, n_towns))


def _entries(flows: Matrix) -> tuple[NDArray[np.intp], NDArray[np.intp], Floats]:
    if isinstance(flows, sparse.csr_array):
        rows = np.repeat(np.arange(flows.shape[0]), np.diff(flows.indptr))
        return rows, flows.indices.astype(np.intp), flows.data
    rows, columns = np.nonzero(flows)
    return rows, columns, flows[rows, columns]


def _missed(market: Market, balance: Balance, town_ids: tuple[str, ...]) -> dict[str, float]:
    filled = np.asarray(balance.flows.sum(axis=0)).ravel() / market.jobs
    return {
        town_ids[town]: float(share)
        for town, share in zip(market.destinations, filled, strict=True)
        if abs(share - 1) >= MISSED_SHARE
    }
