"""
Commuting: what flow estimation and delineation cost, beside plain ways to the same answer.

Medians of CPU seconds (``time.process_time``); run with OMP_NUM_THREADS=1. COMARCA_BENCH_SMOKE=1
runs once at tiny size. Worlds: towns at random, 75 km² each, log-normal sizes, jobs as workers to
the power 1.15; uneven margins over thin chains of towns are the awkward case for balancing.
"""

import os
import time
from collections.abc import Callable
from statistics import median
from typing import Any

import numpy as np

from comarca.commuting import (
    InteractionParams,
    calibrate_deterrence,
    delineate_areas,
    estimate_flows,
)
from comarca.model.matrices import FlowMatrix, TravelMatrix

SMOKE = os.environ.get("COMARCA_BENCH_SMOKE") == "1"
REPEATS = 1 if SMOKE else 5
SIZES = (30,) if SMOKE else (500, 1_250, 2_000)
TRUTH = 0.1
PLAIN_STEPS = 5_000


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


def plain_furness(
    workers: np.ndarray, jobs: np.ndarray, travel: TravelMatrix, limit: float, tolerance: float
) -> tuple[int, np.ndarray]:
    """Dense kernel, plain steps, to the same tolerance."""
    times = travel.time_min.astype(float)
    np.fill_diagonal(times, 4.0)
    kernel = np.where(times <= limit, np.exp(-TRUTH * times), 0.0)
    factor = np.ones_like(jobs)
    steps = 0
    while steps < PLAIN_STEPS:
        steps += 1
        rows = workers / (kernel @ factor)
        reached = kernel.T @ rows
        if np.abs(factor * reached / jobs - 1).max() <= tolerance:
            break
        factor = jobs / reached
    return steps, kernel * rows[:, None] * factor


def interaction(n_towns: int, limit: float) -> FlowMatrix:
    workers, jobs, travel = world(n_towns)
    given = InteractionParams(beta_per_min=TRUTH, daily_limit_min=limit)
    ours, made = cpu_s(lambda: estimate_flows(workers, jobs, travel, given))
    start = time.process_time()
    steps, _ = plain_furness(workers, jobs, travel, limit, given.tolerance)
    plain = time.process_time() - start
    print(
        f"  balance at given beta   {ours:7.3f} s, {made.iterations} steps; plain dense Furness "
        f"{plain:.3f} s, {steps} steps: ratio {plain / ours:.1f}"
    )
    to_mean = InteractionParams(daily_limit_min=limit)
    matched, estimate = cpu_s(lambda: estimate_flows(workers, jobs, travel, to_mean))
    print(f"  estimate to a mean trip {matched:7.3f} s, {estimate.iterations} steps")
    noisy = made.flows.persons.copy()
    noisy.data = np.random.default_rng(7).poisson(noisy.data).astype(float)
    for name, flows in (("exact", made.flows), ("Poisson", FlowMatrix(travel.town_ids, noisy))):
        spent, fit = cpu_s(lambda flows=flows: calibrate_deterrence(flows, travel, to_mean))
        error = fit.beta_per_min / TRUTH - 1
        print(f"  recover beta, {name:<7}   {spent:7.3f} s, off by {error:+.4%}")
    return estimate.flows


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
            flows = interaction(n_towns, limit)
            spent, areas = cpu_s(lambda flows=flows: delineate_areas(flows))
            naive = naive_delineation_s(flows, areas.iterations)
            print(
                f"  delineate areas         {spent:7.3f} s, {areas.iterations} steps, "
                f"{len(areas.partition.areas)} areas; summing anew each step about {naive:.1f} s: "
                f"ratio {naive / spent:.0f}"
            )


if __name__ == "__main__":
    main()
