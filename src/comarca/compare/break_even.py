r"""
From which labour intensity on goods are cheaper to bring to people than people to goods.

A worker-day of commuting costs :math:`C`: fares and the value of the time, there and back. The same
worker-day brought by freight takes :math:`H/h` tonnes, where :math:`H` are the hours of a day and
:math:`h` the working hours a tonne needs. A truck whose round trip costs :math:`T` carries
:math:`Q\lambda` tonnes: :math:`Q` the lesser of payload and volume times density, :math:`\lambda`
the load factor. So freight is cheaper when

.. math:: h > h^* = \frac{H\,T}{Q\lambda\,C}

and at constant speeds the distance, in :math:`T` and in :math:`C`, cancels (*flat*: running costs
and the driver's time only). With second-order terms, :math:`T` also holds the stop, the loading and
the share of the truck's fixed cost for the share of its shift; :math:`n` workers need at least one
trip a day; and :math:`O`, what supervision takes beyond the base's and the yearly share of the
renovation, is charged to the workshop:

.. math::

    F(h) = T \max\left(\frac{H}{hQ\lambda}, \frac1n\right) + O < C
    \iff h > \frac{H\,T}{Q\lambda\,(C-O)} \text{ and } T < n\,(C-O)

When the second condition fails, no work is labour-intensive enough, and :math:`h^*` is infinite.
Where people have no way to the base, :math:`C` is infinite and :math:`h^*` is 0. Rent is a transfer
within the four ledgers and left out, as in the plan's objective.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import inf

import pandas as pd

from comarca.compare.scene import Row, Scene, amount
from comarca.freight.building import freight_problem
from comarca.freight.params import FreightParams
from comarca.freight.problem import FreightProblem
from comarca.model.comparison import BREAK_EVEN_COLUMNS
from comarca.units import MIN_PER_H


def break_even_h_per_t(
    *,
    hours_per_day: float,
    trip_cost: float,
    capacity_t: float,
    load_factor: float,
    commuting_cost: float,
    overhead: float = 0.0,
    workers: float = inf,
) -> float:
    """
    Labour intensity above which goods are cheaper to bring to people than people to goods.

    Parameters
    ----------
    hours_per_day
        Working hours of a worker-day, h, above 0.
    trip_cost
        Round trip of a truck, currency; or a truck-kilometre, if ``commuting_cost`` is that of a
        person-kilometre.
    capacity_t
        The lesser of payload and volume times density, t, above 0.
    load_factor
        Share of it that is used, in (0, 1].
    commuting_cost
        A worker-day of commuting, currency; ``inf`` where there is no way.
    overhead
        What a worker-day in the workshop costs more than at the base, currency.
    workers
        People who share a trip, of which there is at least one a day; ``inf`` leaves that out.

    Returns
    -------
    float
        Hours per tonne, 0 or more; ``inf`` when no work is labour-intensive enough.
    """
    left = commuting_cost - overhead
    # The first test also keeps inf * 0 out of the second.
    if left <= 0 or trip_cost / workers >= left:
        return inf
    return hours_per_day * trip_cost / (capacity_t * load_factor * left)


@dataclass(frozen=True, kw_only=True)
class _Case:
    """One process in one town: how many could work on it, in which premises, at which wage now."""

    process: Row
    town_id: str
    base_id: str
    workers: int
    renovation_cost: float
    present_wage_per_h: float


def break_even(scene: Scene) -> pd.DataFrame:
    """
    Break-even of each process and town.

    Returns
    -------
    pandas.DataFrame
        ``BREAK_EVEN_COLUMNS``, one row a process and town: those of the plan with its workers;
        further towns that could hold a workshop, with the processes of the base they are tied to
        or, tied to none, of the one nearest by truck, and the most workers these would allow.
    """
    rows = [_row(scene, case) for case in _cases(scene)]
    frame = pd.DataFrame(rows, columns=list(BREAK_EVEN_COLUMNS))
    floats = [name for name in BREAK_EVEN_COLUMNS if "per" in name]
    return frame.astype(dict.fromkeys(floats, "float64") | {"is_freight_cheaper": bool})


def _row(scene: Scene, case: _Case) -> Mapping[str, object]:
    """The truck type that is cheapest; every figure is that of the best type for it."""
    commuting = _commuting_cost(scene, case)
    overhead = _overhead(scene, case)
    labour = float(case.process["labour_h_per_t"])
    trucks = list(_trucks(scene, case))
    hours = scene.prices.hours_per_day
    freight = [
        truck.cost * max(hours / (labour * truck.carried_t), 1 / case.workers) + overhead
        for truck in trucks
    ]
    return {
        "process_id": str(case.process["process_id"]),
        "town_id": case.town_id,
        "base_id": case.base_id,
        "labour_h_per_t": labour,
        "break_even_h_per_t": min(
            _break_even(scene, truck.cost, truck.carried_t, commuting, overhead, case.workers)
            for truck in trucks
        ),
        "break_even_flat_h_per_t": min(
            _break_even(scene, truck.running_cost, truck.carried_t, commuting) for truck in trucks
        ),
        "freight_per_worker_day": min(freight),
        "commuting_per_worker_day": commuting,
        "is_freight_cheaper": min(freight) < commuting,
    }


def _break_even(
    scene: Scene,
    trip_cost: float,
    carried_t: float,
    commuting: float,
    overhead: float = 0.0,
    workers: float = inf,
) -> float:
    return break_even_h_per_t(
        hours_per_day=scene.prices.hours_per_day,
        trip_cost=trip_cost,
        capacity_t=carried_t,
        load_factor=1.0,  # already in ``carried_t``
        commuting_cost=commuting,
        overhead=overhead,
        workers=workers,
    )


@dataclass(frozen=True, kw_only=True)
class _Truck:
    """A type of truck on the round trip to one town: its costs and what it carries on average."""

    running_cost: float
    cost: float
    carried_t: float


def _trucks(scene: Scene, case: _Case) -> Iterable[_Truck]:
    """Types of the base that can make the round trip within their shift."""
    home, params = scene.town_of(case.base_id), scene.params
    out_min, out_km = scene.journey("truck", home, case.town_id)
    back_min, back_km = scene.journey("truck", case.town_id, home)
    duty_min = out_min + back_min + params.stop_min + params.loading_min
    for row in scene.vehicles_at(case.base_id):
        shift_min = float(row["shift_h"]) * MIN_PER_H
        if duty_min > shift_min:
            continue
        per_min = float(row["cost_per_h"]) / MIN_PER_H
        running = (out_km + back_km) * float(row["cost_per_km"]) + (out_min + back_min) * per_min
        handling = (params.stop_min + params.loading_min) * per_min
        fixed = float(row["fixed_per_day"]) * duty_min / shift_min
        by_volume = float(row["volume_m3"]) * float(case.process["density_t_per_m3"])
        yield _Truck(
            running_cost=running,
            cost=running + handling + fixed,
            carried_t=min(float(row["payload_t"]), by_volume) * params.load_factor,
        )


def _commuting_cost(scene: Scene, case: _Case) -> float:
    """Fares and the value of the time, there and back, currency per worker-day."""
    prices = scene.prices
    time_min, distance_km = scene.journey(
        scene.params.commuter_mode, case.town_id, scene.town_of(case.base_id)
    )
    if time_min == inf or distance_km == inf:
        return inf
    value_of_time = prices.value_of_time_share * case.present_wage_per_h
    return 2 * (distance_km * prices.commute_cost_per_km + time_min / MIN_PER_H * value_of_time)


def _overhead(scene: Scene, case: _Case) -> float:
    """Supervision beyond the base's, and renovation, currency per worker-day."""
    prices = scene.prices
    more_supervision = prices.supervision_share - scene.params.base_supervision_share
    wages_per_day = prices.hours_per_day * float(case.process["wage_per_h"])
    renovation = prices.annualised(case.renovation_cost)
    return more_supervision * wages_per_day + renovation / (case.workers * prices.days_per_year)


def _cases(scene: Scene) -> Iterable[_Case]:
    """Workshops of the plan; then what else each town could take up, largest premises first."""
    cases = {(case.town_id, str(case.process["process_id"])): case for case in _planned(scene)}
    tied_to = {workshop.town_id: workshop.base_id for workshop in scene.freight.workshops}
    for case in _possible(scene, tied_to):
        key = (case.town_id, str(case.process["process_id"]))
        known = cases.get(key)
        if known is None or (case.town_id not in tied_to and case.workers > known.workers):
            cases[key] = case
    rank = {town_id: position for position, town_id in enumerate(scene.region.town_ids)}
    return sorted(cases.values(), key=lambda case: rank[case.town_id])


def _planned(scene: Scene) -> Iterable[_Case]:
    for workshop in scene.freight.workshops:
        wages = [
            scene.today(workshop.town_id, group).wage_per_h * group.workers
            for group in workshop.groups
        ]
        yield _Case(
            process=scene.process(workshop),
            town_id=workshop.town_id,
            base_id=workshop.base_id,
            workers=workshop.workers,
            renovation_cost=amount(scene.facility(workshop)["renovation_cost"]),
            present_wage_per_h=sum(wages) / workshop.workers,
        )


def _possible(scene: Scene, tied_to: Mapping[str, str]) -> Iterable[_Case]:
    """Options of daily visits that the freight problem sees, each town with one base only."""
    problem = freight_problem(
        scene.region,
        scene.pools,
        scene.travel["truck"],
        scene.prices,
        FreightParams(loading_min=scene.params.loading_min, stop_min=scene.params.stop_min),
    )
    options = problem.options
    found = [
        (problem.facilities[facility].town, facility, process, int(most))
        for facility, process, most, every_days in zip(
            options.facility, options.process, options.most, options.every_days, strict=True
        )
        if every_days == 1
    ]
    base_of = _base_of_towns(problem, {(town, process) for town, _, process, _ in found}, tied_to)
    for town, facility, process, most in found:
        if problem.processes[process].base != base_of[town]:
            continue
        town_id = problem.towns[town]
        row = scene.processes[problem.processes[process].process_id]
        yield _Case(
            process=row,
            town_id=town_id,
            base_id=problem.bases[base_of[town]].base_id,
            workers=most,
            renovation_cost=amount(
                scene.facilities[problem.facilities[facility].facility_id]["renovation_cost"]
            ),
            present_wage_per_h=scene.mean_wage_per_h(town_id, str(row["skill"])),
        )


def _base_of_towns(
    problem: FreightProblem, choices: set[tuple[int, int]], tied_to: Mapping[str, str]
) -> Mapping[int, int]:
    """For each town the base it is tied to, else the nearest by truck that could send it work."""
    base_at = {base.base_id: position for position, base in enumerate(problem.bases)}
    bases: dict[int, set[int]] = {}
    for town, process in choices:
        bases.setdefault(town, set()).add(problem.processes[process].base)

    def nearest(town: int) -> int:
        homes = {base: problem.bases[base].town for base in bases[town]}
        return min(homes, key=lambda base: (float(problem.time_min[homes[base], town]), base))

    return {
        town: base_at[tied_to[town_id]]
        if (town_id := problem.towns[town]) in tied_to
        else nearest(town)
        for town in bases
    }
