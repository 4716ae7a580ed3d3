"""
Spatial interaction: what balancing and calibration cost, beside plain ways to the same answer.

Medians of CPU seconds (``time.process_time``); run with OMP_NUM_THREADS=1. COMARCA_BENCH_SMOKE=1
runs once at tiny size. The floor is one product of the dense kernel with a vector, measured in the
same run, so that a busy machine shows. Worlds: towns at random, 75 km² each, log-normal sizes, jobs
as workers to the power 1.15; uneven margins over thin chains of towns are the awkward case for
balancing. Counted flows are Poisson about a known deterrence.
"""

import os
import resource
import sys
import time
from collections.abc import Callable
from statistics import median
from typing import Any

import numpy as np
import pandas as pd
from glum import GeneralizedLinearRegressor

from comarca.commuting.interaction import (
    BoxCox,
    CommutingMargins,
    Exponential,
    InteractionParams,
    Power,
    Tanner,
    calibrate_deterrence,
    calibrate_on_margins,
    estimate_flows,
    judge_flows,
)
from comarca.commuting.interaction.reach import trip_times
from comarca.model.matrices import FlowMatrix, TravelMatrix
from comarca.travel import circle_within

SMOKE = os.environ.get("COMARCA_BENCH_SMOKE") == "1"
REPEATS = 1 if SMOKE else 5
SIZES = (30,) if SMOKE else (500, 1_250, 2_000)
PEER_SIZE = 30 if SMOKE else 500
LARGE = 100 if SMOKE else 8_000
TRUTH = 0.1
PLAIN_STEPS = 5_000
PRODUCTS = 20


def cpu_s(work: Callable[[], Any], repeats: int = REPEATS) -> tuple[float, Any]:
    """Median CPU seconds of the work, and its last answer."""
    spent = []
    for _ in range(repeats):
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


def drawn(flows: FlowMatrix) -> FlowMatrix:
    persons = flows.persons.astype(float)
    persons.data = np.random.default_rng(7).poisson(persons.data).astype(float)
    return FlowMatrix(flows.town_ids, persons)


def product_s(n_towns: int) -> float:
    """One dense kernel times a vector: the floor of a balancing step's half."""
    kernel, vector = np.exp(-np.random.default_rng(1).random((n_towns, n_towns))), np.ones(n_towns)
    spent, _ = cpu_s(lambda: [kernel @ vector for _ in range(PRODUCTS)])
    return spent / PRODUCTS


def plain_furness(
    workers: np.ndarray, jobs: np.ndarray, travel: TravelMatrix, limit: float, tolerance: float
) -> int:
    """Dense kernel, plain steps, to the same tolerance; how many it took."""
    times = travel.time_min.astype(float)
    np.fill_diagonal(times, 4.0)
    kernel = np.where(times <= limit, np.exp(-TRUTH * times), 0.0)
    factor = np.ones_like(jobs)
    for step in range(1, PLAIN_STEPS + 1):
        rows = workers / (kernel @ factor)
        reached = kernel.T @ rows
        if np.abs(factor * reached / jobs - 1).max() <= tolerance:
            return step
        factor = jobs / reached
    return PLAIN_STEPS


def balancing(n_towns: int, limit: float) -> None:
    workers, jobs, travel = world(n_towns)
    floor = product_s(n_towns)
    given = InteractionParams(beta_per_min=TRUTH, daily_limit_min=limit)
    ours, made = cpu_s(lambda: estimate_flows(workers, jobs, travel, given))
    plain, steps = cpu_s(lambda: plain_furness(workers, jobs, travel, limit, given.tolerance), 1)
    print(
        f"  balance at given beta   {ours:7.3f} s, {made.iterations} steps; plain dense Furness "
        f"{plain:.3f} s, {steps} steps: ratio {plain / ours:.1f}"
    )
    to_mean = InteractionParams(daily_limit_min=limit)
    matched, estimate = cpu_s(lambda: estimate_flows(workers, jobs, travel, to_mean))
    print(f"  estimate to a mean trip {matched:7.3f} s, {estimate.iterations} steps")
    seen = drawn(made.flows)
    for deterrence in (Exponential(), Power(), Tanner(), BoxCox(curvature=0.5), BoxCox()):
        params = InteractionParams(deterrence=deterrence, daily_limit_min=limit)
        spent, fit = cpu_s(
            lambda params=params: calibrate_deterrence(seen, travel, params),
            REPEATS if deterrence == Exponential() else 1,
        )
        found = ", ".join(f"{part.name} {part.value:.5f}" for part in fit.parameters)
        print(
            f"  calibrate {deterrence.kind:11} {spent:8.3f} s, {fit.iterations} steps, "
            f"{spent / floor:.0f} products ({found})"
        )


def beside_glum(n_towns: int) -> None:
    """The same Poisson maximum by a general regression with effects of towns."""
    workers, jobs, travel = world(n_towns)
    everywhere = InteractionParams(daily_limit_min=np.inf)
    law = InteractionParams(beta_per_min=TRUTH, daily_limit_min=np.inf)
    seen = drawn(estimate_flows(workers, jobs, travel, law).flows)
    ours, fit = cpu_s(lambda: calibrate_deterrence(seen, travel, everywhere))
    minutes = np.asarray(trip_times(travel, everywhere))
    towns = np.arange(n_towns)
    table = pd.DataFrame(
        {
            "time": minutes.ravel(),
            "origin": pd.Categorical(np.repeat(towns, n_towns)),
            "destination": pd.Categorical(np.tile(towns, n_towns)),
        }
    )
    model = GeneralizedLinearRegressor(
        family="poisson", alpha=0, drop_first=True, gradient_tol=1e-8, max_iter=300
    )
    persons = seen.persons.toarray().astype(float).ravel()
    peer, _ = cpu_s(lambda: model.fit(table, persons), 1)
    off = -fit.beta_per_min / model.coef_[0] - 1
    print(
        f"{n_towns} towns beside glum: {ours:.3f} s against {peer:.1f} s, ratio "
        f"{peer / ours:.0f}; beta differs by {off:+.1e}"
    )


def large(n_towns: int) -> None:
    """Thousands of towns within 90 minutes, from where they lie to the judged fit."""
    random = np.random.default_rng(1)
    side_km = np.sqrt(75 * n_towns)
    x, y = random.uniform(0, side_km, (2, n_towns))
    lat = 50 + y / 111.2
    towns = pd.DataFrame(
        {"lat": lat, "lon": 60 + x / (111.2 * np.cos(np.radians(lat)))},
        index=pd.Index([f"{town:05}" for town in range(n_towns)], name="town_id"),
    )
    params = InteractionParams(daily_limit_min=90)
    ways, travel = cpu_s(lambda: circle_within(towns, "car", 90), 1)
    workers = np.exp(random.normal(6.5, 1.15, n_towns))
    jobs = workers**1.15
    law = InteractionParams(daily_limit_min=90, beta_per_min=TRUTH)
    seen = drawn(estimate_flows(workers, jobs, travel, law).flows)
    spent, fit = cpu_s(lambda: calibrate_deterrence(seen, travel, params), 1)
    judged, _ = cpu_s(lambda: judge_flows(seen, fit.flows, travel, params), 1)
    stays = seen.persons.diagonal().astype(float)
    margins = CommutingMargins(
        town_ids=seen.town_ids,
        staying=stays,
        leaving=seen.workers - stays,
        coming=seen.jobs - stays,
    )
    unsure = params.model_copy(update={"own_town_preference": None})
    blind, of_margins = cpu_s(lambda: calibrate_on_margins(margins, travel, unsure), 1)
    # The peak of this process, whatever ran before: the interpreter alone takes some 200 MB of it.
    per_mb = 1024**2 if sys.platform == "darwin" else 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / per_mb
    print(
        f"{n_towns} towns, limit 90 min, {travel.time_min.nnz:,} pairs\n"
        f"  ways {ways:.2f} s, calibrate {spent:.2f} s (off by "
        f"{fit.beta_per_min / TRUTH - 1:+.4%}), judge {judged:.2f} s, on margins alone "
        f"{blind:.2f} s (off by {of_margins.beta_per_min / TRUTH - 1:+.2%}); peak {peak:,.0f} MB"
    )


def main() -> None:
    large(LARGE)  # first, since a process never forgets its peak
    beside_glum(PEER_SIZE)
    for n_towns in SIZES:
        for limit in (60.0, np.inf):
            print(f"{n_towns} towns, limit {limit:g} min")
            balancing(n_towns, limit)


if __name__ == "__main__":
    main()
