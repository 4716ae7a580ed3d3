"""
What a truck of one type may do at each stop, in whole steps of time and load.

Everything is rounded so that more trips seem possible than are: times and loads down, workers up.
A stop at an option with ``a`` to ``b`` workers weighs as little as with ``a`` and brings as much as
with ``b``. Whatever is proven of all these trips is proven of all real ones.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from comarca.freight.problem import ROUNDING, FreightProblem, Vehicle
from comarca.units import MIN_PER_H

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
HAIR = 1e-3  # of a step, so that rounding never makes a time or a load seem larger
FAR = 1 << 28  # steps; more than any shift


@dataclass(frozen=True, kw_only=True)
class Grid:
    """
    How finely trips are told apart.

    Parameters
    ----------
    time_steps, load_steps
        Into which a shift and a truck are divided; ``time_steps`` is a multiple of ``classes``.
    levels
        Parts of a truck by which numbers of workers are told apart.
    classes
        Into which durations of trips are divided when they are packed into shifts.
    near
        How many facilities around a stop a truck remembers having visited.
    labels
        Trips begun after which the search looks at no more.
    """

    time_steps: int
    load_steps: int
    levels: int
    classes: int
    near: int
    labels: int


GRID = Grid(time_steps=96, load_steps=32, levels=12, classes=48, near=10, labels=30_000)


@dataclass(frozen=True, kw_only=True, eq=False)
class Stops:
    """
    Places and choices of one type of truck of one base.

    Parameters
    ----------
    facilities
        By place; place 0 is the base and has -1.
    minutes, time
        Driving, loading and stop from place to place, exact and in steps, shape ``(n, n)``.
    cost
        The same in currency, shape ``(n, n)``.
    first
        Where the choices of each place start, shape ``(n + 1,)``.
    option, least, workers
        Of each choice: an option with ``least`` to ``workers`` workers.
    load
        Of each choice by undominated measure, steps of a truck, shape ``(n_choices, n_measures)``.
    near
        Places remembered at each place, -1 for none, shape ``(n, grid.near)``.
    shift
        Steps.
    """

    base: int
    truck: Vehicle
    grid: Grid
    facilities: Ints
    minutes: Floats
    time: NDArray[np.int32]
    cost: Floats
    first: Ints
    option: Ints
    least: Ints
    workers: Ints
    load: NDArray[np.int32]
    near: NDArray[np.int32]

    @property
    def shift(self) -> int:
        """Steps of a shift."""
        return self.grid.time_steps


def stops_of(
    problem: FreightProblem, base: int, truck: Vehicle, options: Ints, grid: Grid
) -> Stops:
    """
    Lay out what a truck may do.

    Parameters
    ----------
    problem, base, truck
        Whose trips.
    options
        Of the base, those that count.
    grid
        How finely.
    """
    option, least, workers, load = _choices(problem, truck, options, grid)
    place_of = problem.options.facility[option]
    order = np.lexsort((least, option, place_of))
    option, least, workers, load = option[order], least[order], workers[order], load[order]
    facilities, counts = np.unique(problem.options.facility[option], return_counts=True)
    places = np.concatenate([[-1], facilities]).astype(np.int64)
    minutes, cost = _ways(problem, base, truck, facilities)
    time = np.floor(minutes * (grid.time_steps / truck.shift_min) - HAIR)
    return Stops(
        base=base,
        truck=truck,
        grid=grid,
        facilities=places,
        minutes=minutes,
        time=np.clip(time, 0, FAR).astype(np.int32),
        cost=np.where(np.isfinite(minutes), cost, 0.0),
        first=np.concatenate([[0, 0], np.cumsum(counts)]).astype(np.int64),
        option=option,
        least=least,
        workers=workers,
        load=load,
        near=_nearest(cost, grid.near),
    )


def _choices(
    problem: FreightProblem, truck: Vehicle, options: Ints, grid: Grid
) -> tuple[Ints, Ints, Ints, NDArray[np.int32]]:
    """Option, fewest and most workers, and load of each choice that fits the truck."""
    rows: list[tuple[int, int, int]] = []
    shares = visit_shares(problem, options, truck)
    measures = _undominated(shares)
    for at, share in zip(options.tolist(), shares, strict=True):
        each = float(share.max())
        top = min(int(problem.options.most[at]), int((1 + ROUNDING) / each + HAIR))
        step = max(int(1 / (grid.levels * each)), 1)
        least = int(problem.options.least[at])
        rows += [(at, n, min(n + step - 1, top)) for n in range(least, top + 1, step)]
    table = np.array(rows, dtype=np.int64).reshape(-1, 3)
    row_of = np.searchsorted(options, table[:, 0])
    load = np.floor(shares[row_of][:, measures] * table[:, [1]] * grid.load_steps - 10 * HAIR)
    return table[:, 0], table[:, 1], table[:, 2], np.maximum(load, 0).astype(np.int32)


def visit_shares(problem: FreightProblem, options: Ints, truck: Vehicle) -> Floats:
    """Share of a truck that a worker's goods of a visit fill, by measure; ``options`` sorted."""
    loads = np.array([process.loads for process in problem.processes]).reshape(-1, 4)
    each = (
        loads[problem.options.process[options]] / problem.options.visits_per_day[options][:, None]
    )
    return np.asarray(each / truck.limits)


def _undominated(shares: Floats) -> list[int]:
    """Measures that no other measure exceeds everywhere."""
    kept: list[int] = []
    for measure in sorted(range(shares.shape[1]), key=lambda m: -float(shares[:, m].sum())):
        if not any((shares[:, other] >= shares[:, measure]).all() for other in kept):
            kept.append(measure)
    return kept


def _ways(
    problem: FreightProblem, base: int, truck: Vehicle, facilities: Ints
) -> tuple[Floats, Floats]:
    """Minutes and currency from place to place, with the loading or the stop at its end."""
    towns = problem.town_of_facility[facilities]
    at = np.concatenate([[problem.bases[base].town], towns])
    minutes = problem.time_min[np.ix_(at, at)].copy()
    minutes[:, 1:] += problem.stop_min
    minutes[0, 1:] += problem.loading_min
    km = problem.distance_km[np.ix_(at, at)]
    np.fill_diagonal(minutes, np.inf)
    minutes[~np.isfinite(km)] = np.inf
    with np.errstate(invalid="ignore"):
        cost = minutes * (truck.cost_per_h / MIN_PER_H) + km * truck.cost_per_km
    return minutes, np.where(np.isfinite(minutes), cost, np.inf)


def _nearest(cost: Floats, n_near: int) -> NDArray[np.int32]:
    """The place itself and those around it; the base remembers none."""
    n = len(cost)
    near = np.full((n, n_near), -1, dtype=np.int32)
    around = np.minimum(cost, cost.T)
    around[:, 0] = np.inf
    np.fill_diagonal(around, -np.inf)
    width = min(n_near, n - 1)
    order = np.argsort(around, axis=1, kind="stable")[:, :width]
    near[1:, :width] = order[1:]
    return near
