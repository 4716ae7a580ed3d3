"""
Rank laws: what a permutation test costs, beside a loop that fits each set by scipy; and what small
numbers of towns do to the criterion.

Medians of CPU seconds (``time.process_time``); run with OMP_NUM_THREADS=1. COMARCA_BENCH_SMOKE=1
runs once at tiny size. Towns follow Zipf's law by chance (Pareto of exponent 1), the case in which
both laws lie near each other and the nonlinear fits bend most. The floor is ``curve_fit`` of the
one nonlinear law of the space from one start, and a straight line for the other; a sample of it is
scaled up.
"""

import os
import time
from collections.abc import Callable
from statistics import median
from typing import Any

import numpy as np
import pandas as pd
from scipy.optimize import curve_fit

from comarca.commuting import RankParams, rank_profile
from comarca.commuting.ranks.laws import Space, criteria, falling_rows
from comarca.model.region import Region, typed_frame

SMOKE = os.environ.get("COMARCA_BENCH_SMOKE") == "1"
REPEATS = 1 if SMOKE else 7
DRAWS = 99 if SMOKE else 5_000
N_RADII = 10
SIZES = (40,) if SMOKE else (50, 200, 1_000)
SAMPLE = 5 if SMOKE else 200
SETS = 50 if SMOKE else 20_000
WORLDS = 3 if SMOKE else 400


def cpu_s(work: Callable[[], Any], repeats: int = REPEATS) -> float:
    """Median CPU seconds of the work."""
    spent = []
    for _ in range(repeats):
        start = time.process_time()
        work()
        spent.append(time.process_time() - start)
    return median(spent)


def pareto(random: np.random.Generator, *shape: int) -> np.ndarray:
    return 10_000 * (1 + random.pareto(1.0, shape))


def pool_of(random: np.random.Generator, n_sets: int, n_towns: int) -> np.ndarray:
    """Parts of one stick broken at random places."""
    return 1 + random.dirichlet(np.ones(n_towns), n_sets) * 20_000 * n_towns


def world(n_towns: int) -> Region:
    """A city in the middle of a disc of 200 km."""
    random = np.random.default_rng(1)
    km, turn = 200 * np.sqrt(random.uniform(0, 1, n_towns)), random.uniform(0, 2 * np.pi, n_towns)
    towns = pd.DataFrame(
        {
            "town_id": ["city", *(f"{n:05}" for n in range(n_towns))],
            "name": "",
            "lat": np.r_[0, km * np.sin(turn) / 111],
            "lon": np.r_[0, km * np.cos(turn) / 111],
            "population": np.r_[1e6, pareto(random, n_towns)].round(),
        }
    )
    return Region(name="disc", towns=typed_frame("towns", towns))


def one_by_one(persons: np.ndarray, space: Space) -> float:
    """The criterion of one set, by a line and one call of curve_fit."""
    log_rank = np.log(np.arange(1, len(persons) + 1))
    values = persons if space == "linear" else np.log(persons)
    straight = np.polyval(np.polyfit(log_rank, values, 1), log_rank)
    if space == "linear":
        found, _ = curve_fit(lambda x, a, k: a * np.exp(-k * x), log_rank, values, (values[0], 1))
        bent = found[0] * np.exp(-found[1] * log_rank)
    else:

        def curve(x: np.ndarray, a: float, fall: float) -> np.ndarray:
            return a + np.log1p(x / log_rank[-1] * np.expm1(-np.abs(fall)))

        found, _ = curve_fit(curve, log_rank, values, (values[0], values[0] - values[-1]))
        bent = curve(log_rank, *found)
    off_straight, off_bent = (((values - fitted) ** 2).sum() for fitted in (straight, bent))
    gain = (off_bent - off_straight) / ((values - values.mean()) ** 2).sum()
    return gain if space == "linear" else -gain


def naive_s(sizes: list[int], space: Space) -> float:
    """What all draws would cost one at a time, by a sample."""
    random = np.random.default_rng(3)
    sample = [falling_rows(pareto(random, 1, size))[0] for size in sizes for _ in range(SAMPLE)]
    spent = cpu_s(lambda: [one_by_one(persons, space) for persons in sample], 1)
    return spent / SAMPLE * DRAWS


def cost() -> None:
    for n_towns in SIZES:
        region = world(n_towns)
        radii = tuple(np.linspace(90, 190, N_RADII).tolist())
        for space in ("linear", "log"):
            params = RankParams(space=space, radii_km=radii, draws=DRAWS)
            spent = cpu_s(lambda region=region, params=params: rank_profile(region, "city", params))
            sizes = [point.n_towns for point in rank_profile(region, "city", params).points]
            naive = naive_s(sizes, space)
            print(
                f"{n_towns:5} towns, {DRAWS} draws x {N_RADII} radii of {sizes[0]} to {sizes[-1]} "
                f"towns, {space:6}  {spent:7.3f} s; one at a time about {naive:.0f} s: "
                f"ratio {naive / spent:.0f}"
            )


def small_numbers() -> None:
    """How often the logarithmic law wins by chance, and how often one pool is recognised."""
    random = np.random.default_rng(2)
    print("towns  log law nearer in a Zipf world  one pool among 40 others has p <= 0.05")
    for n_towns in (8,) if SMOKE else (4, 6, 8, 10, 15, 20, 30, 50):
        sets = falling_rows(pareto(random, SETS, n_towns))
        wins = [(criteria(sets, space) > 0).mean() for space in ("linear", "log")]
        found = [power(random, n_towns, space) for space in ("linear", "log")]
        print(
            f"{n_towns:5}  linear {wins[0]:4.0%}  log {wins[1]:4.0%}"
            f"            linear {found[0]:4.0%}  log {found[1]:4.0%}"
        )


def power(random: np.random.Generator, n_towns: int, space: Space) -> float:
    rare = []
    for _ in range(WORLDS):
        inside, outside = pool_of(random, 1, n_towns)[0], pareto(random, 40)
        pool = np.tile(np.concatenate((inside, outside)), (399, 1))
        drawn = falling_rows(random.permuted(pool, axis=1)[:, :n_towns])
        observed = criteria(falling_rows(inside[None, :]), space)
        rare.append((1 + (criteria(drawn, space) >= observed).sum()) / 400 <= 0.05)
    return float(np.mean(rare))


if __name__ == "__main__":
    cost()
    small_numbers()
