"""
Delineation: what labour market areas cost, beside a plain way to the same answer.

Medians of CPU seconds (``time.process_time``); run with OMP_NUM_THREADS=1. COMARCA_BENCH_SMOKE=1
runs once at tiny size. Worlds: towns at random, 75 km² each, log-normal sizes, jobs as workers to
the power 1.15; flows estimated to a mean trip (bench_interaction.py tells what these cost).
"""

import os
import time
from collections.abc import Callable
from statistics import median
from typing import Any

import numpy as np

from comarca.commuting import InteractionParams, delineate_areas, estimate_flows
from comarca.model.matrices import FlowMatrix, TravelMatrix

SMOKE = os.environ.get("COMARCA_BENCH_SMOKE") == "1"
REPEATS = 1 if SMOKE else 5
SIZES = (30,) if SMOKE else (500, 1_250, 2_000)


def cpu_s(work: Callable[[], Any]) -> tuple[float, Any]:
    """Median CPU seconds of the work, and its last answer."""
    spent = []
    for _ in range(REPEATS):
        start = time.process_time()
        answer = work()
        spent.append(time.process_time() - start)
    return median(spent), answer


def world(n_towns: int) -> tuple[np.ndarray, np.ndarray, TravelMatrix]:
    random = np.random.default_rng(1)
    place = random.uniform(0, np.sqrt(75 * n_towns), (n_towns, 2))
    km = 1.3 * np.hypot(*(place[:, None] - place[None]).transpose(2, 0, 1))
    workers = np.exp(random.normal(6.5, 1.15, n_towns))
    jobs = workers**1.15
    ids = tuple(f"{town:05}" for town in range(n_towns))
    travel = TravelMatrix(ids, "car", km * 60 / 50, km, "circle")
    return workers, jobs * workers.sum() / jobs.sum(), travel


def naive_delineation_s(flows: FlowMatrix, iterations: int) -> float:
    """Cost of summing all groups anew at each step, the simplest correct way, by a few samples."""
    persons = flows.persons.toarray()
    group = np.arange(len(persons))
    samples = 2
    start = time.process_time()
    for _ in range(samples):
        order = np.argsort(group, kind="stable")
        bounds = np.flatnonzero(np.diff(group[order], prepend=-1))
        np.add.reduceat(np.add.reduceat(persons[order][:, order], bounds, 0), bounds, 1)
    return (time.process_time() - start) / samples * iterations


def main() -> None:
    for n_towns in SIZES:
        for limit in (60.0, np.inf):
            print(f"{n_towns} towns, limit {limit:g} min")
            params = InteractionParams(daily_limit_min=limit)
            flows = estimate_flows(*world(n_towns), params).flows
            spent, areas = cpu_s(lambda flows=flows: delineate_areas(flows))
            naive = naive_delineation_s(flows, areas.iterations)
            print(
                f"  delineate areas         {spent:7.3f} s, {areas.iterations} steps, "
                f"{len(areas.partition.areas)} areas; summing anew each step about {naive:.1f} s: "
                f"ratio {naive / spent:.0f}"
            )


if __name__ == "__main__":
    main()
