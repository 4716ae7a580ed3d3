"""
What deters people: parameters of a spatial interaction model from counts.

On counted flows they maximise the Poisson likelihood with both margins held, or one of them (the
multinomial likelihood has the same maximum). On margins alone they maximise the composite Poisson
likelihood of who stays in each town, who leaves it, and who comes.

References
----------
.. [1] Fally, T. (2015). Structural gravity and fixed effects. Journal of International
       Economics 97.
.. [2] Varin, C., Reid, N. and Firth, D. (2011). An overview of composite likelihood methods.
       Statistica Sinica 21.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from comarca.commuting.interaction.deterrence_fit import DeterrenceFit, fitted_parameters
from comarca.commuting.interaction.estimation import HELD_WITHIN, margin, persons_of
from comarca.commuting.interaction.goals import CountedFlows, Stays
from comarca.commuting.interaction.margins import CommutingMargins
from comarca.commuting.interaction.model import Model, free_names, model_of, with_found
from comarca.commuting.interaction.params import Constraint, InteractionParams
from comarca.commuting.interaction.reach import Times, minutes_at, trip_times
from comarca.commuting.interaction.solving import Solution, solve
from comarca.commuting.interaction.unobserved import Unobserved
from comarca.errors import ParameterError
from comarca.model.matrices import FlowMatrix, Travel

Floats = NDArray[np.float64]
Places = NDArray[np.intp]


def calibrate_deterrence(
    observed: FlowMatrix,
    travel: Travel,
    params: InteractionParams | None = None,
    *,
    unobserved: Unobserved | None = None,
    sizes: ArrayLike | None = None,
) -> DeterrenceFit:
    """
    Find the deterrence under which observed flows are likeliest.

    With both margins held, the Poisson likelihood of an exponential deterrence is greatest exactly
    where the model's mean trip equals the observed one; of a power deterrence, where the mean
    logarithm of the trip does.

    Parameters
    ----------
    observed
        Commuters, with the towns of ``travel``.
    travel
        Times between the towns.
    params
        Deterrence, constraint, limit, internal times and tolerances; what is open is calibrated.
        ``mean_time_min`` and ``beta_per_min`` are not used.
    unobserved
        Pairs that were not counted; by default every pair was, and who is absent is nobody.
    sizes
        What draws people where only one margin is held, of each town, above 0 where it draws: by
        default the observed jobs, or the observed workers where only jobs are held.

    Returns
    -------
    DeterrenceFit

    Raises
    ------
    UnknownTownError
        When a town of ``observed`` is not in ``travel``.
    ParameterError
        When nothing is open, or nobody is observed on a pair that can be travelled.
    """
    params = _open(params)
    ids = observed.town_ids
    times = trip_times(_of_towns(travel, ids), params)
    times = (unobserved or Unobserved()).left_in(times, observed)
    drawing = None if sizes is None else margin("sizes", sizes, ids)
    seen = _Counts.of(observed, times, params.constraint, drawing)
    model = _model(seen.workers, seen.jobs, times, params, mean_time_min=seen.mean_time_min)
    goal = CountedFlows(places=model.places_of(seen.homes, seen.workplaces), persons=seen.persons)
    solution = solve(model.balancer, goal)
    point = solution.point
    return _told(
        model,
        solution,
        params,
        ids,
        seen.workers,
        counts="flows",
        errors=(point.information, goal.scatter(point)),
        n_observations=model.pairs.n_pairs,
        deviance=goal.deviance(point),
        log_likelihood=goal.log_likelihood(point),
        mean_time_min=seen.mean_time_min,
        persons=float(seen.persons.sum()),
        persons_left_out=float(observed.persons.sum() - seen.persons.sum()),
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class _Counts:
    """Persons counted on pairs that can be travelled, and the margins of the model of them."""

    homes: Places
    workplaces: Places
    persons: Floats
    workers: Floats
    jobs: Floats
    mean_time_min: float

    @classmethod
    def of(
        cls, observed: FlowMatrix, times: Times, constraint: Constraint, drawing: Floats | None
    ) -> _Counts:
        """Take them from flows; where one margin is held, a size may draw in place of the other."""
        trips = observed.persons.tocoo()
        minutes = minutes_at(times, trips.row, trips.col)
        inside = np.isfinite(minutes)
        if drawing is not None and constraint != "doubly":
            inside &= drawing[trips.col if constraint == "production" else trips.row] > 0
        if not inside.any():
            raise ParameterError("nobody is observed on a pair of towns within the limit.")
        homes, workplaces = (places[inside].astype(np.intp) for places in trips.coords)
        persons = trips.data[inside].astype(np.float64)
        n_towns = len(observed.town_ids)
        workers = np.bincount(homes, persons, n_towns).astype(np.float64)
        jobs = np.bincount(workplaces, persons, n_towns).astype(np.float64)
        if drawing is not None and constraint == "production":
            jobs = drawing
        elif drawing is not None and constraint == "attraction":
            workers = drawing
        return cls(
            homes=homes,
            workplaces=workplaces,
            persons=persons,
            workers=workers,
            jobs=jobs,
            mean_time_min=float(persons @ minutes[inside] / persons.sum()),
        )


def calibrate_on_margins(
    margins: CommutingMargins, travel: Travel, params: InteractionParams | None = None
) -> DeterrenceFit:
    """
    Find the deterrence under which it is likeliest who stays, leaves and comes.

    Flows hold the workers and the jobs of every town; what is left to learn from is how many stay.
    Jobs held by people from elsewhere are scaled, market by market, to those who leave, since some
    of both cross the region's border.

    Parameters
    ----------
    margins
        Of towns of ``travel``; the others are left out.
    travel
        Times between the towns.
    params
        Deterrence, limit, internal times and tolerances; what is open is calibrated, from where
        ``mean_time_min`` lets expect it; ``beta_per_min`` is not used. A preference
        for the own town is told apart from the deterrence where towns lie unlike far from others.

    Returns
    -------
    DeterrenceFit

    Raises
    ------
    UnknownTownError
        When a town of ``margins`` is not in ``travel``.
    ParameterError
        When nothing is open, only one margin is to be held, there are no more towns than open
        parameters, or nobody stays, leaves or comes.
    """
    params = _open(params)
    if params.constraint != "doubly":
        raise ParameterError(
            f"constraint is {params.constraint}; expected doubly, since margins are all there is."
        )
    moves = {"stays": margins.staying, "leaves": margins.leaving, "comes": margins.coming}
    for name, persons in moves.items():
        if not persons.any():
            raise ParameterError(f"nobody {name} in any town; expected somebody who does.")
    ids = margins.town_ids
    times = trip_times(_of_towns(travel, ids), params)
    model = _model(
        margins.workers,
        margins.jobs,
        times,
        params,
        mean_time_min=params.mean_time_min,
        staying=margins.staying,
    )
    if model.own_places.size <= len(model.law.free):
        raise ParameterError(
            f"{model.own_places.size} towns have trips within the limit; expected more of them "
            f"than open parameters ({len(model.law.free)})."
        )
    goal = Stays(
        places=model.own_places,
        rows=model.own_rows,
        columns=model.own_columns,
        staying=margins.staying[model.market.origins[model.own_rows]],
    )
    model.balancer.learn_what_can_be_held()
    solution = solve(model.balancer, goal)
    point = solution.point
    return _told(
        model,
        solution,
        params,
        ids,
        margins.workers,
        counts="margins",
        errors=(goal.information(point), goal.scatter(point)),
        n_observations=model.own_places.size,
        deviance=goal.deviance(point),
        log_likelihood=float("nan"),
        mean_time_min=point.mean_time_min,
        persons=float(margins.workers.sum()),
        persons_left_out=0.0,
    )


def _open(params: InteractionParams | None) -> InteractionParams:
    """Settings with something to calibrate."""
    chosen = (params or InteractionParams()).model_copy(update={"beta_per_min": None})
    if not free_names(chosen):
        raise ParameterError("every parameter is given; expected one at least to calibrate.")
    return chosen


def _of_towns(travel: Travel, ids: tuple[str, ...]) -> Travel:
    return travel if travel.town_ids == ids else travel.subset(ids)


def _model(
    supply: Floats, demand: Floats, times: Times, params: InteractionParams, **how: Any
) -> Model:
    model = model_of(supply, demand, times, params, **how)
    if model is None:
        raise ParameterError("nobody can reach a job within the limit.")
    return model


def _told(
    model: Model,
    solution: Solution,
    params: InteractionParams,
    ids: tuple[str, ...],
    supply: Floats,
    *,
    errors: tuple[Floats, Floats],
    **found: Any,
) -> DeterrenceFit:
    point = solution.point
    names = tuple(parameter.name for parameter in model.law.free)
    return DeterrenceFit(
        parameters=fitted_parameters(names, point.free, *errors),
        params=with_found(params, model.law, point.free),
        flows=FlowMatrix(ids, persons_of(model, solution, supply), is_observed=False),
        status=solution.status,
        converged=point.balance.margin_error <= HELD_WITHIN * params.tolerance,
        iterations=point.iterations,
        **found,
    )
