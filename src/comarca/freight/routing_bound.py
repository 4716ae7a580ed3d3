"""
What the rounds of a base must cost at least, whichever they are.

Notation, for one base *b* and one day. A *truck-day* of type *k* costs ``F_k + h_k T + c_k D`` for
its fixed cost, hours on duty *T* and kilometres *D*. *T* is at most the shift ``S_k`` and holds
``L`` for every trip, ``s`` for every stop and the driving. A trip carries at most ``Q_k`` of each
measure *m* (delivered t, collected t, delivered m3, collected m3) of all its stops together, since
all deliveries are on board when it leaves and all collected goods when it returns.

For an hourly rate *r*, ``D_k(i)`` is the least cost of ``r × time + c_k × distance`` from *b* to
town *i* and back over any sequence of towns (shortest-path closure, so no triangle inequality is
needed of the table). Minima run over the types that can reach *i* and return within their shift
along the quickest ways; a minimum taken for each term is never above the minimum of their sum.

Spread (rate ``r_k = h_k + F_k / S_k``)
    ``F_k ≥ (F_k / S_k) T``, hence a truck-day costs at least ``r_k T + c_k D``. A trip that visits
    *i* costs at least ``r_k L + D_k(i)`` besides its stops, for every *i* it visits, hence at least
    any weighted mean of them; with weights ``q_i / Q_k`` (which sum to at most 1 over its stops)
    and summed over trips::

        cost ≥ Σ_i q_i · min_k (r_k L + D_k(i)) / Q_k  +  Σ_stops min_k r_k s

    once for each measure *q*. The measure is chosen for the whole base, never stop by stop.
Once (rate ``h_k``)
    The same with ``r_k = h_k``, plus the least ``F_k`` once when anything is visited at all.
Farthest (rate ``h_k``)
    Whichever truck visits *i* has its ``F_k``, a loading and the way there and back, and every stop
    of every truck takes ``s``::

        cost ≥ min_k (F_k + h_k L + D_k(i))  +  Σ_stops min_k h_k s      for every visited i
Arcs (both rates)
    A visited town is entered from another place and left for another, so half its cheapest way in
    and half its cheapest way out, among the places *b* may serve and *b* itself, are its own share
    of the driving; the base is left and entered at least once::

        cost ≥ [F] + r L + ½ (in_b + out_b) + Σ_towns ½ (in_i + out_i) + Σ_stops r s

Every bound holds, so the greatest of them holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import csgraph_from_dense, dijkstra

from comarca.freight.problem import FreightProblem, Vehicle
from comarca.units import MIN_PER_H

N_MEASURES = 4


@dataclass(frozen=True, kw_only=True)
class Rate:
    """
    Bounds under one way of counting the fixed cost, currency a day.

    Parameters
    ----------
    fixed
        Least fixed cost that is due once.
    loading
        Least cost of one loading.
    stop
        Least cost of one stop.
    radial
        A unit of each measure brought to each town, shape ``(n_towns, 4)``.
    journeys
        Loading, there and back by each type of truck, infinite where it may not go, shape
        ``(n_trucks, n_towns)``.
    half_arcs
        Half the cheapest ways in and out of each town, shape ``(n_towns,)``.
    """

    fixed: float
    loading: float
    stop: float
    radial: NDArray[np.float64]
    journeys: NDArray[np.float64]
    half_arcs: NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class RoutingBound:
    """
    Lower bounds on the rounds of one base.

    Parameters
    ----------
    spread, once
        See the module.
    limits
        Of each type of truck and measure, shape ``(n_trucks, 4)``.
    farthest
        Least cost of the truck that visits each town, without stops, shape ``(n_towns,)``.
    duty_radial
        Least driving and loading, in minutes, for a unit of each measure, ``(n_towns, 4)``.
    duty_min
        Minutes all trucks of the base may be on duty together.
    """

    spread: Rate
    once: Rate
    limits: NDArray[np.float64]
    farthest: NDArray[np.float64]
    duty_radial: NDArray[np.float64]
    duty_min: float


def routing_bounds(problem: FreightProblem) -> tuple[RoutingBound | None, ...]:
    """Bounds of every base; ``None`` for one that may send nothing anywhere."""
    served = problem.base_of_process[problem.options.process]
    towns = problem.town_of_facility[problem.options.facility]
    return tuple(
        _of_base(problem, base, np.unique(towns[served == base]))
        for base in range(len(problem.bases))
    )


def _of_base(problem: FreightProblem, base: int, towns: NDArray[np.intp]) -> RoutingBound | None:
    if not len(towns):
        return None
    places = np.concatenate([[problem.bases[base].town], towns])
    block = np.ix_(places, places)
    ways = _Ways(problem, problem.time_min[block], problem.distance_km[block], towns)
    fleet = problem.fleet(base)
    hourly = [truck.cost_per_h / MIN_PER_H for truck in fleet]
    spread = [
        rate + truck.fixed_per_day / truck.shift_min
        for rate, truck in zip(hourly, fleet, strict=True)
    ]
    return RoutingBound(
        spread=ways.rate(fleet, spread, fixed=0.0),
        once=ways.rate(fleet, hourly, fixed=min(truck.fixed_per_day for truck in fleet)),
        limits=np.array([truck.limits for truck in fleet]),
        farthest=ways.farthest(fleet, hourly),
        duty_radial=ways.duty_radial(fleet),
        duty_min=sum(truck.number * truck.shift_min for truck in fleet),
    )


class _Ways:
    """Ways among a base (place 0) and the towns it may serve."""

    def __init__(
        self,
        problem: FreightProblem,
        time_min: NDArray[np.float64],
        distance_km: NDArray[np.float64],
        towns: NDArray[np.intp],
    ) -> None:
        self.time_min, self.distance_km, self.towns = time_min, distance_km, towns
        self.n_towns = len(problem.towns)
        self.loading_min, self.stop_min = problem.loading_min, problem.stop_min
        self.quickest = _there_and_back(time_min)

    def rate(self, fleet: list[Vehicle], rates: list[float], *, fixed: float) -> Rate:
        radial = np.full((len(self.towns), N_MEASURES), inf)
        arcs = np.full(self.time_min.shape, inf)
        journeys = []
        for truck, rate in zip(fleet, rates, strict=True):
            cost = self._journey(truck, rate) + rate * self.loading_min
            journeys.append(self._by_town(cost))
            radial = np.minimum(radial, cost[:, None] / truck.limits)
            arcs = np.minimum(arcs, self._arcs(truck, rate))
        np.fill_diagonal(arcs, inf)
        half = 0.5 * (arcs.min(axis=0) + arcs.min(axis=1))
        return Rate(
            fixed=fixed,
            loading=min(rates) * self.loading_min + float(half[0]),
            stop=min(rates) * self.stop_min,
            radial=self._by_town(radial),
            journeys=np.array(journeys),
            half_arcs=self._by_town(half[1:]),
        )

    def farthest(self, fleet: list[Vehicle], rates: list[float]) -> NDArray[np.float64]:
        least = np.full(len(self.towns), inf)
        for truck, rate in zip(fleet, rates, strict=True):
            due = truck.fixed_per_day + rate * self.loading_min
            least = np.minimum(least, due + self._journey(truck, rate))
        return self._by_town(least)

    def duty_radial(self, fleet: list[Vehicle]) -> NDArray[np.float64]:
        minutes = self.quickest + self.loading_min
        radial = np.full((len(self.towns), N_MEASURES), inf)
        for truck in fleet:
            able = np.where(self._is_able(truck), minutes, inf)
            radial = np.minimum(radial, able[:, None] / truck.limits)
        return self._by_town(radial)

    def _journey(self, truck: Vehicle, rate: float) -> NDArray[np.float64]:
        """Least cost there and back; infinite where the truck's shift is too short."""
        return np.where(self._is_able(truck), _there_and_back(self._arcs(truck, rate)), inf)

    def _is_able(self, truck: Vehicle) -> NDArray[np.bool_]:
        # A hair more, so that rounding never shuts out a truck that may go.
        return self.quickest + self.loading_min + self.stop_min <= truck.shift_min * (1 + 1e-9)

    def _arcs(self, truck: Vehicle, rate: float) -> NDArray[np.float64]:
        with np.errstate(invalid="ignore"):
            arcs = rate * self.time_min + truck.cost_per_km * self.distance_km
        no_way = ~np.isfinite(self.time_min) | ~np.isfinite(self.distance_km)
        return np.where(no_way, inf, arcs)

    def _by_town(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Spread to all towns of the problem; a town not served has 0."""
        wide = np.zeros((self.n_towns, *values.shape[1:]))
        wide[self.towns] = values
        return wide


def _there_and_back(arcs: NDArray[np.float64]) -> NDArray[np.float64]:
    """Shortest way from place 0 to each other place and back, over any places between."""
    out = dijkstra(_graph(arcs), indices=[0])[0]
    back = dijkstra(_graph(arcs.T), indices=[0])[0]
    return np.asarray((out + back)[1:], dtype=np.float64)


def _graph(arcs: NDArray[np.float64]) -> csr_array:
    """Zero-cost ways are ways; infinite ones are not."""
    return csr_array(csgraph_from_dense(arcs, null_value=inf))
