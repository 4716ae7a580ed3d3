"""
The whole freight problem on instances of real towns: CPU, value, bound, gap, memory.

Sizes by number of towns and seeds by argument: ``python benchmarks/bench_agglomerations.py 20 100
--seeds 1 2 3``; alone it grows from 50 to 200 towns, with ``--growth`` to 2,000, and tells how time
and memory grow from size to size. Each instance runs in a process of its own, on one thread, so
that its memory is its own. The evaluator prices every plan, and ``agglomerations.csv`` beside this
file holds the best value and the least bound known of each (``--keep`` keeps better ones).
CPU seconds are of the design alone (``time.process_time``). COMARCA_BENCH_SMOKE=1 runs 8 towns.
"""

from __future__ import annotations

import argparse
import os
import re
import resource
import subprocess
import sys
import time
from itertools import pairwise

from agglomeration_inputs import inputs
from kept_plans import keep, known

from comarca.freight import design_freight, evaluate_plan

SMOKE = os.environ.get("COMARCA_BENCH_SMOKE") == "1"
SIZES = (8,) if SMOKE else (50, 100, 200)
GROWING = (8, 10) if SMOKE else (50, 100, 200, 500, 2_000)
FIGURES = re.compile(r"([\d.]+) s CPU, (\d+) MB")


def measure(n_towns: int, seed: int, *, is_kept: bool) -> None:
    """Design, judge and print one instance, and keep it if it is better than what is known."""
    region, pools, travel, prices, params = inputs(n_towns, seed)
    begin = time.process_time()
    plan = design_freight(region, pools, travel, prices, params)
    cpu_s = time.process_time() - begin
    judged = evaluate_plan(region, pools, travel, prices, params, plan)
    memory_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    gap = plan.bound - judged.value
    print(
        f"{n_towns} towns, seed {seed}: {cpu_s:.1f} s CPU, {memory_mb:.0f} MB; "
        f"value {judged.value:,.0f}, bound {plan.bound:,.0f}, "
        f"gap {gap:,.0f} a year = {gap / abs(plan.bound):.2%}; {plan.status}; "
        f"{plan.workers} jobs; {len(judged.violations)} violations{_known(n_towns, seed)}",
        flush=True,
    )
    if is_kept and not judged.violations:
        keep(n_towns, seed, plan, judged.value, plan.bound)


def _known(n_towns: int, seed: int) -> str:
    found = known(n_towns, seed)
    return "" if found is None else f"; best known {found[0]:,.0f}, bound {found[1]:,.0f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("towns", type=int, nargs="*", default=list(SIZES))
    parser.add_argument("--seeds", type=int, nargs="*", default=[1])
    parser.add_argument("--growth", action="store_true", help="from 50 to 2,000 towns")
    parser.add_argument("--alone", action="store_true", help="in this process")
    parser.add_argument("--keep", action="store_true", help="better plans and bounds")
    asked = parser.parse_args()
    sizes = list(GROWING) if asked.growth else asked.towns
    figures: dict[int, tuple[float, float]] = {}
    for n_towns in sizes:
        for seed in asked.seeds:
            if asked.alone:
                measure(n_towns, seed, is_kept=asked.keep)
            else:
                figures[n_towns] = _in_its_own_process(n_towns, seed, is_kept=asked.keep)
    if asked.growth:
        _tell_growth(figures)


def _in_its_own_process(n_towns: int, seed: int, *, is_kept: bool) -> tuple[float, float]:
    """Measure one instance; its CPU seconds and megabytes."""
    command = [sys.executable, __file__, str(n_towns), "--seeds", str(seed), "--alone"]
    command += ["--keep"] if is_kept else []
    ended = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603
    print(ended.stdout, end="", flush=True)
    found = FIGURES.search(ended.stdout)
    if found is None:
        raise RuntimeError(f"no figures in {ended.stdout!r}")
    return float(found[1]), float(found[2])


def _tell_growth(figures: dict[int, tuple[float, float]]) -> None:
    """Ratios from size to size."""
    for (fewer, before), (more, after) in pairwise(figures.items()):
        print(
            f"{fewer} to {more} towns, {more / fewer:.1f} times: "
            f"time {after[0] / before[0]:.1f} times, memory {after[1] / before[1]:.2f} times"
        )


if __name__ == "__main__":
    main()
