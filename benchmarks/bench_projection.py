"""
Projection: many towns with a fan of 500 futures each, and a whole region with its result tables.

Towns are made at random: sizes log-normal around 3,000, ages of a slightly ageing population, rates
of the defaults. ``towns`` is ``project_population`` whole, tables of the result included, on two
threads; ``engine`` only the compiled futures of one town, one thread. CPU seconds
(``time.process_time``) are of all threads together; run with OMP_NUM_THREADS=1.
COMARCA_BENCH_SMOKE=1 runs once at tiny size.
"""

import os
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from comarca.demography.projection import ProjectionParams, project_population
from comarca.demography.projection.engine.fan import drawn_futures
from comarca.model.region import Region, typed_frame

SMOKE = os.environ.get("COMARCA_BENCH_SMOKE") == "1"
SIZES = (20,) if SMOKE else (1_000, 10_000)
DRAWS = 20 if SMOKE else 500


def seconds(work: Callable[[], Any]) -> tuple[float, float]:
    """CPU and wall seconds."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.process_time() - cpu, time.perf_counter() - wall


def region(n_towns: int) -> Region:
    """Towns counted three times, one in ten of them by age."""
    random = np.random.default_rng(1)
    ids = [f"{town:05}" for town in range(n_towns)]
    sizes = np.exp(random.normal(8, 1, n_towns)).round() + 50
    towns = pd.DataFrame(
        {
            "town_id": ids,
            "name": ids,
            "lat": random.uniform(45, 55, n_towns),
            "lon": random.uniform(20, 30, n_towns),
            "population": sizes,
        }
    )
    growth = np.exp(random.normal(-0.05, 0.1, (n_towns, 2)))
    counts = np.stack([sizes / growth.prod(axis=1), sizes / growth[:, 1], sizes], axis=1).round()
    totals = pd.DataFrame(
        {
            "town_id": np.repeat(ids, 3),
            "year": np.tile([2000, 2010, 2020], n_towns),
            "persons": counts.ravel(),
        }
    )
    shares = np.linspace(1.1, 0.6, 17) / np.linspace(1.1, 0.6, 17).sum()
    aged = [
        (ids[town], 2020, sex, 5 * group, 5 * group + 4 if group < 16 else None, half)
        for town in range(0, n_towns, 10)
        for sex in ("female", "male")
        for group, half in enumerate((sizes[town] * shares / 2).tolist())
    ]
    columns = ["town_id", "year", "sex", "age_from", "age_to", "persons"]
    rows = pd.concat([totals, pd.DataFrame(aged, columns=columns)])
    return Region(
        name="Bench",
        towns=typed_frame("towns", towns),
        tables={"population": typed_frame("population", rows)},
    )


def engine(n_groups: int, n_steps: int, width: int) -> Callable[[], Any]:
    """Futures of one town."""
    random = np.random.default_rng(1)
    fertility = np.zeros((n_steps, n_groups))
    fertility[:, 15 // width : 50 // width] = 0.05
    shocks = np.ones((3, n_steps, DRAWS))
    shocks[2] = random.normal(0, 0.01, (n_steps, DRAWS))
    return lambda: drawn_futures(
        random.uniform(10, 100, (2, n_groups)),
        np.full((n_steps, 2, n_groups + 1), 0.97),
        fertility,
        np.full(n_steps, 0.512),
        np.zeros((n_steps, 2, n_groups)),
        np.full((n_steps, 2, n_groups), -0.01),
        np.ones((2, n_groups)),
        shocks,
        width,
        np.zeros(n_groups),
    )


def main() -> None:
    project_population(region(20), ProjectionParams(draws=20))  # compiles
    print(f"{'what':<28}{'towns':>8}{'CPU s':>10}{'wall s':>10}")
    for n_groups, n_steps, width in ((21, 6, 5), (101, 30, 1)):
        once = engine(n_groups, n_steps, width)
        n = 2 if SMOKE else 100
        cpu, wall = seconds(lambda once=once, n=n: [once() for _ in range(n)])
        print(f"{f'engine, steps of {width}':<28}{n:>8,}{cpu:>10.2f}{wall:>10.2f}")
    for n_towns in SIZES:
        given = region(n_towns)
        for width in (5,) if n_towns > 1_000 else (5, 1):
            params = ProjectionParams(draws=DRAWS, age_width=width)
            work = lambda given=given, params=params: project_population(given, params, threads=2)  # noqa: E731
            cpu, wall = seconds(work)
            print(f"{f'towns, steps of {width}':<28}{n_towns:>8,}{cpu:>10.2f}{wall:>10.2f}")


if __name__ == "__main__":
    main()
