"""
Stability: what many redrawings cost, beside one delineation after the other.

Sardinia (377 towns) and the counties of the United States (3,220) where COMARCA_SHARED names the
folder of reference data; towns at random anywhere. CPU seconds (``time.process_time``) are of all
threads together; run with OMP_NUM_THREADS=1. The plain way redraws the flows, calls
``delineate_areas`` and adds up who is with whom in a dense table; it does a tenth of the draws.
COMARCA_BENCH_SMOKE=1 runs once at tiny size.
"""

import os
import time
import warnings
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from comarca.commuting import (
    SweepGrid,
    delineate_areas,
    stability_of_areas,
    sweep_parameters,
)
from comarca.io import read_flows
from comarca.model.matrices import FlowMatrix

SMOKE = os.environ.get("COMARCA_BENCH_SMOKE") == "1"
REAL = (("sardinia", 1_000), ("us_county_flows", 200))
SIZES = ((30, 10),) if SMOKE else ((1_000, 200), (4_000, 100))
LEVELS = 2 if SMOKE else 4


def seconds(work: Callable[[], Any]) -> tuple[float, float, Any]:
    """CPU and wall seconds of the work, and its answer."""
    wall, cpu = time.perf_counter(), time.process_time()
    answer = work()
    return time.process_time() - cpu, time.perf_counter() - wall, answer


def world(n_towns: int) -> FlowMatrix:
    """Towns at random, 75 km² each, of log-normal sizes: about 60 flows a town."""
    random = np.random.default_rng(1)
    place = random.uniform(0, np.sqrt(75 * n_towns), (n_towns, 2))
    km = np.hypot(*(place[:, None] - place[None]).transpose(2, 0, 1))
    size = np.exp(random.normal(6.5, 1.15, n_towns))
    pull = size[None] ** 1.15 * np.exp(-0.12 * (km + 4))
    mean = size[:, None] * pull / pull.sum(axis=1, keepdims=True)
    return FlowMatrix(tuple(f"{town:05}" for town in range(n_towns)), random.poisson(mean))


def worlds() -> Iterator[tuple[str, FlowMatrix, int]]:
    """Name, flows, and how often areas are drawn anew."""
    shared = os.environ.get("COMARCA_SHARED")
    if shared and not SMOKE:
        folder = Path(shared) / "reference" / "labour_market_areas" / "flows"
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for name, draws in REAL:
                yield name, read_flows(folder / f"{name}.csv"), draws
    for n_towns, draws in SIZES:
        yield f"{n_towns} towns at random", world(n_towns), draws


def plain(flows: FlowMatrix, draws: int) -> np.ndarray:
    """One delineation after the other, and a dense table of who is with whom."""
    random = np.random.default_rng(1)
    times = np.zeros((len(flows.town_ids),) * 2, dtype=np.int32)
    for _ in range(draws):
        persons = flows.persons.copy()
        persons.data = random.poisson(persons.data)
        areas = delineate_areas(FlowMatrix(flows.town_ids, persons)).partition
        for area in areas.areas:
            towns = flows.positions(areas.members(area.area_id))
            times[np.ix_(towns, towns)] += 1
    return times / draws


def measure(flows: FlowMatrix, draws: int) -> None:
    print(f"  {flows.persons.nnz:,} flows, {draws:,} redrawings")
    for threads in (1, 2):
        cpu, wall, sure = seconds(partial(stability_of_areas, flows, draws=draws, threads=threads))
        print(f"  redraw, {threads} at once     {cpu:7.3f} s CPU, {wall:7.3f} s wall")
    tables, _, _ = seconds(lambda: (sure.towns(), sure.areas()))
    pairs, _, together = seconds(sure.co_membership)
    print(f"  certainties           {tables:7.3f} s CPU")
    print(f"  co-membership         {pairs:7.3f} s CPU, {together.nnz:,} pairs")
    few = max(1, draws // 10)
    naive = seconds(partial(plain, flows, few))[0] * draws / few
    ratio = naive / (cpu + tables + pairs)
    print(f"  one after the other   {naive:7.3f} s CPU: ratio {ratio:.1f}")
    grid = SweepGrid.over(levels=LEVELS)
    cpu, wall, sweep = seconds(partial(sweep_parameters, flows, grid=grid))
    print(f"  sweep, {len(sweep.table):3} sets       {cpu:7.3f} s CPU, {wall:7.3f} s wall")


def main() -> None:
    stability_of_areas(world(30), draws=2)  # compiles, or loads what was compiled
    for name, flows, draws in worlds():
        print(name)
        measure(flows, draws)


if __name__ == "__main__":
    main()
