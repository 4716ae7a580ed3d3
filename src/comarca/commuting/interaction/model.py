"""
A model of flows made of a market and settings: its pairs, its law, and its flows town by town.

Where jobs are held and workers draw (attraction-constrained), the same model is built with homes
and workplaces exchanged, and its flows are turned back at the end.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from comarca.commuting.interaction.balancer import SHIFT_TOLERANCE, Balancer
from comarca.commuting.interaction.deterrence import Deterrence
from comarca.commuting.interaction.law import Constant, Deterred, Law, Sized, Term
from comarca.commuting.interaction.market import Market, market_of
from comarca.commuting.interaction.pairs import Pairs
from comarca.commuting.interaction.params import InteractionParams
from comarca.commuting.interaction.point import Point
from comarca.commuting.interaction.reach import Times
from comarca.errors import ParameterError

Floats = NDArray[np.float64]
Places = NDArray[np.intp]

OWN_TOWN = "own_town_preference"
FINE_SHIFTS = 1e-9  # where stays are fitted, their changes are the score itself


@dataclass(frozen=True, kw_only=True, eq=False)
class Model:
    """
    A model of flows, ready to be balanced.

    Parameters
    ----------
    market
        Whose margins are held; homes and workplaces are exchanged where only jobs are.
    is_turned
        Whether they are.
    balancer
        Balances its flows.
    own_places, own_rows, own_columns
        Trips within towns: their places in the flat arrays, rows and columns.
    """

    market: Market
    is_turned: bool
    balancer: Balancer
    own_places: Places
    own_rows: Places
    own_columns: Places

    @property
    def pairs(self) -> Pairs:
        """Pairs that can be travelled."""
        return self.balancer.pairs

    @property
    def law(self) -> Law:
        """What draws and deters on them."""
        return self.balancer.law

    @property
    def kept_at_home(self) -> Places:
        """Positions of towns with workers who reach no job; nobody where workers are not held."""
        return self.market.stranded[:0] if self.is_turned else self.market.stranded

    @property
    def left_empty(self) -> Places:
        """Positions of towns with jobs that no worker reaches."""
        return self.market.stranded if self.is_turned else self.market.unreached

    def places_of(self, homes: Places, workplaces: Places) -> Places:
        """Places in the flat arrays of pairs of towns, -1 for one that cannot be travelled."""
        origins, destinations = (workplaces, homes) if self.is_turned else (homes, workplaces)
        rows = _index(self.market.origins, origins)
        columns = _index(self.market.destinations, destinations)
        found = (rows >= 0) & (columns >= 0)
        places = np.full(len(homes), -1, dtype=np.intp)
        places[found] = self.pairs.places_of(rows[found], columns[found])
        return places

    def flows_of_towns(self, point: Point, n_towns: int) -> sparse.csr_array:
        """Flows as persons, homes by workplaces of all towns of the region."""
        _, n_columns = self.pairs.shape
        block = point.balance.flows
        if isinstance(block, sparse.csr_array):
            columns, counts = block.indices, np.diff(block.indptr)
        else:
            columns = np.tile(np.arange(n_columns), len(block))
            counts = np.full(len(block), n_columns)
        per_town = np.zeros(n_towns + 1, dtype=np.int64)
        per_town[self.market.origins + 1] = counts
        flows = sparse.csr_array(
            (
                point.flows,
                self.market.destinations.astype(np.int32)[columns],
                np.cumsum(per_town).astype(np.int32),
            ),
            shape=(n_towns, n_towns),
        )
        return flows.T.tocsr() if self.is_turned else flows


def model_of(
    workers: Floats,
    jobs: Floats,
    times: Times,
    params: InteractionParams,
    *,
    mean_time_min: float,
    staying: Floats | None = None,
) -> Model | None:
    """
    Build the model that the settings describe.

    Parameters
    ----------
    workers, jobs
        Persons, shape ``(n_towns,)``, 0 or more.
    times
        Minutes, shape ``(n_towns, n_towns)``, without trips beyond the limit.
    params
        Deterrence and constraint.
    mean_time_min
        A guess of the mean trip.
    staying
        As :func:`~comarca.commuting.interaction.market.market_of` takes them.

    Returns
    -------
    Model or None
        ``None`` when nobody can reach a job.

    Raises
    ------
    ParameterError
        When the deterrence is not defined for a trip of no minutes and there is one.
    """
    is_turned = params.constraint == "attraction"
    if is_turned:
        times = times.T.tocsr() if isinstance(times, sparse.csr_array) else times.T
        workers, jobs = jobs, workers
    market = market_of(workers, jobs, times, staying)
    if not market.origins.size:
        return None
    pairs = Pairs(market.times)
    own, rows, columns = _own_town_pairs(market, pairs)
    refuse_undefined(params.function, pairs)
    terms: list[Term] = [Deterred(params.function, pairs.time_min, mean_time_min)]
    if params.own_town_preference != 0:
        terms.append(Constant(OWN_TOWN, params.own_town_preference, own))
    holds_jobs = params.constraint == "doubly"
    if not holds_jobs:
        terms.append(Sized(market.jobs[pairs.columns], params.size_exponent))
    balancer = Balancer(
        pairs,
        Law(terms, pairs.time_min.size),
        market.workers,
        market.jobs,
        holds_jobs=holds_jobs,
        tolerance=params.tolerance,
        max_iterations=params.max_iterations,
        shift_tolerance=SHIFT_TOLERANCE if staying is None else FINE_SHIFTS,
    )
    return Model(
        market=market,
        is_turned=is_turned,
        balancer=balancer,
        own_places=own,
        own_rows=rows,
        own_columns=columns,
    )


def refuse_undefined(deterrence: Deterrence, pairs: Pairs) -> None:
    """Refuse trips of no minutes where the function has no value for them."""
    shortest = np.array([pairs.time_min.min()])
    values = [p.start if p.value is None else p.value for p in deterrence.parameters(1.0)]
    with np.errstate(divide="ignore", invalid="ignore"):
        found = (deterrence.log(shortest, values), *deterrence.slopes(shortest, values))
    if not np.isfinite(found).all():
        raise ParameterError(
            f"two towns lie {shortest[0]:g} min apart; expected times above 0 for the "
            f"{deterrence.kind} deterrence."
        )


def free_names(params: InteractionParams) -> Sequence[str]:
    """Names of the parameters that settings leave to be calibrated."""
    names = [p.name for p in params.function.parameters(1.0) if p.value is None]
    if params.own_town_preference is None:
        names.append(OWN_TOWN)
    if params.constraint != "doubly" and params.size_exponent is None:
        names.append("size_exponent")
    return names


def with_found(params: InteractionParams, law: Law, free: Floats) -> InteractionParams:
    """Settings with the free parameters given the values that were found."""
    by_name = dict(zip((p.name for p in law.free), map(float, free), strict=True))
    known = [
        by_name.get(p.name, 0.0) if p.value is None else p.value
        for p in params.function.parameters(1.0)
    ]
    found: dict[str, object] = {
        "deterrence": params.function.holding(known),
        "beta_per_min": None,
    }
    found |= {name: by_name[name] for name in (OWN_TOWN, "size_exponent") if name in by_name}
    return params.model_copy(update=found)


def _own_town_pairs(market: Market, pairs: Pairs) -> tuple[Places, Places, Places]:
    _, rows, columns = np.intersect1d(
        market.origins, market.destinations, assume_unique=True, return_indices=True
    )
    places = pairs.places_of(rows, columns)
    there = places >= 0
    return places[there], rows[there], columns[there]


def _index(places: Places, wanted: Places) -> Places:
    """Where each wanted number stands in an ascending array, -1 where it does not."""
    at = np.minimum(np.searchsorted(places, wanted), len(places) - 1)
    return np.where(places[at] == wanted, at, -1)
