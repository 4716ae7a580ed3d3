"""
Trips that a truck can really drive.

The trips of ``pricing.py`` are rounded so that more seem possible than are. Here they are put right
in exact figures: no place twice, workshops that are visited on the same days, no longer than the
shift, and no more workers' goods at any stop than fit at every point of the trip.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from comarca.freight.problem import WHOLE, FreightProblem, Vehicle
from comarca.freight.rounds import Rounds
from comarca.freight.trips.pricing import PricedTrip
from comarca.units import MIN_PER_H

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
HALVINGS = 10  # of the share of workers that a trip may have more than the fewest


def driveable(
    problem: FreightProblem, truck: Vehicle, trip: PricedTrip, *, is_filled: bool = False
) -> PricedTrip | None:
    """
    Put a trip right.

    Parameters
    ----------
    problem
        Where it is driven.
    truck
        What drives it.
    trip
        Its ``workers`` are the most that are wanted of each stop.
    is_filled
        Whether it carries more than is wanted where that fits.

    Returns
    -------
    PricedTrip or None
        The same stops with as many of these workers as fit; ``None`` where even the fewest do not.
    """
    at = np.array(trip.options, dtype=np.int64)
    options = problem.options
    if len(np.unique(options.facility[at])) < len(at) or len(np.unique(options.every_days[at])) > 1:
        return None
    if trip.minutes > truck.shift_min:
        return None
    shares = _on_board(problem, truck, at)
    least = options.least[at]
    most = np.minimum(np.array(trip.workers, dtype=np.int64), options.most[at])
    if not _fits(shares, least):
        return None
    many = _as_many(shares, least, most)
    if is_filled:
        many = _topped_up(shares, many, options.most[at])
    return replace(trip, workers=tuple(many.tolist()))


def trips_of(
    problem: FreightProblem, rounds: Rounds, workers: Mapping[int, int]
) -> list[PricedTrip]:
    """
    Trips of made rounds, each with as many workers at every stop as fit.

    Parameters
    ----------
    problem, rounds
        Of one base.
    workers
        By option, of the workshops they serve.
    """
    option_at = {int(problem.options.facility[at]): at for at in workers}
    types = [truck.vehicle_id for truck in problem.fleet(rounds.base)]
    found = []
    for day in rounds.days:
        for trip in day.trips:
            options = tuple(option_at[visit.facility] for visit in trip)
            at = np.array(options, dtype=np.int64)
            given = np.array([workers[option] for option in options], dtype=np.int64)
            shares = _on_board(problem, day.vehicle, at)
            many = _topped_up(shares, given, problem.options.most[at])
            minutes, cost = _driven(problem, rounds.base, day.vehicle, at)
            kind = types.index(day.vehicle.vehicle_id)
            found.append(
                PricedTrip(
                    base=rounds.base,
                    kind=kind,
                    options=options,
                    workers=tuple(many.tolist()),
                    cost=cost,
                    minutes=minutes,
                    duration=0,
                )
            )
    return found


def _driven(
    problem: FreightProblem, base: int, truck: Vehicle, options: Ints
) -> tuple[float, float]:
    """Minutes from the start of loading to the return, and currency."""
    home = problem.bases[base].town
    way = [home, *problem.town_of_facility[problem.options.facility[options]].tolist(), home]
    legs = way[:-1], way[1:]
    minutes = float(problem.time_min[legs].sum())
    minutes += problem.loading_min + len(options) * problem.stop_min
    km = float(problem.distance_km[legs].sum())
    return minutes, minutes * truck.cost_per_h / MIN_PER_H + km * truck.cost_per_km


def _on_board(problem: FreightProblem, truck: Vehicle, options: Ints) -> Floats:
    """
    Share of the truck that a worker of each stop fills, by weight and volume, between stops.

    Shape ``(2 (n + 1), n)``.
    """
    loads = np.array([problem.processes[at].loads for at in problem.options.process[options]])
    each = loads / problem.options.visits_per_day[options][:, None] / truck.limits
    is_done = np.arange(len(options)) < np.arange(len(options) + 1)[:, None]
    weight = np.where(is_done, each[:, 1], each[:, 0])
    volume = np.where(is_done, each[:, 3], each[:, 2])
    return np.concatenate([weight, volume])


def _fits(shares: Floats, workers: Ints) -> bool:
    return bool((shares @ workers <= 1 + WHOLE).all())


def _as_many(shares: Floats, least: Ints, most: Ints) -> Ints:
    """Workers between the fewest and the most, as many as fit, all by about the same share."""
    if _fits(shares, most):
        return most
    low, high = 0.0, 1.0
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        is_fitting = _fits(shares, least + np.floor(middle * (most - least)).astype(np.int64))
        low, high = (middle, high) if is_fitting else (low, middle)
    return _topped_up(shares, least + np.floor(low * (most - least)).astype(np.int64), most)


def _topped_up(shares: Floats, workers: Ints, most: Ints) -> Ints:
    """As many more workers as fit, stop by stop."""
    many = workers.copy()
    for at in range(len(many)):
        used = shares[:, at] > 0
        room = (1 + WHOLE - shares @ many)[used] / shares[used, at]
        more = int(np.floor(room.min())) if used.any() else int(most[at] - many[at])
        many[at] = min(many[at] + max(more, 0), most[at])
    return many


def trips_by_worth(
    problem: FreightProblem,
    fleets: Sequence[Sequence[Vehicle]],
    trips: Sequence[PricedTrip],
    worth: Floats,
    most_trips: int,
    *,
    is_filled: bool = False,
) -> list[PricedTrip]:
    """
    The most promising trips that can be driven.

    Parameters
    ----------
    problem, fleets
        What drives where; types of truck of each base.
    trips, worth
        And how promising each is, the more the better.
    most_trips
        How many.
    is_filled
        Whether each carries more workers' goods than it was found for where that fits.
    """
    found: dict[tuple[int, int, tuple[tuple[int, int], ...]], PricedTrip] = {}
    for at in np.argsort(-worth, kind="stable").tolist():
        trip = driveable(
            problem, fleets[trips[at].base][trips[at].kind], trips[at], is_filled=is_filled
        )
        if trip is not None:
            stops = tuple(sorted(zip(trip.options, trip.workers, strict=True)))
            known = found.setdefault((trip.base, trip.kind, stops), trip)
            if trip.cost < known.cost:
                found[trip.base, trip.kind, stops] = trip
        if len(found) == most_trips:
            break
    return list(found.values())
