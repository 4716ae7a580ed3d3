"""
The best plans of small instances of the whole freight problem, proven without the solver.

``python benchmarks/prove_agglomerations.py 8 --seeds 1``; sizes and seeds as in
``bench_agglomerations.py``. The search starts from the value in ``agglomerations.csv`` where one is
known (``--known 0`` starts from nothing), looks for better plans, and proves by ``whole_problem``.
Prints CPU seconds, value and bound.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import pandas as pd
from agglomeration_inputs import inputs
from whole_problem.proof import Search

from comarca.freight.building import freight_problem

KNOWN = Path(__file__).with_name("agglomerations.csv")


def prove(n_towns: int, seed: int, known: float | None, seconds: float) -> None:
    """Search one instance and print what was proven."""
    problem = freight_problem(*inputs(n_towns, seed))
    if known is None:
        table = pd.read_csv(KNOWN)
        rows = table[(table["towns"] == n_towns) & (table["seed"] == seed)]
        known = float(rows["value"].max()) - 1.0 if len(rows) else 0.0
    begin = time.process_time()
    search = Search(
        problem, known=known, seconds=seconds, tell=lambda text: print(text, flush=True)
    )
    proof = search.done()
    verdict = "proven best" if proof.is_optimal else "not proven"
    print(
        f"{n_towns} towns, seed {seed}: value {proof.value:,.0f}, bound {proof.bound:,.0f}, "
        f"{verdict}; {time.process_time() - begin:.0f} s CPU; workers by option {proof.workers}",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("towns", type=int, nargs="*", default=[8])
    parser.add_argument("--seeds", type=int, nargs="*", default=[1])
    parser.add_argument("--known", type=float, help="value of a plan, currency a year")
    parser.add_argument("--seconds", type=float, default=600.0, help="for each programme")
    asked = parser.parse_args()
    for n_towns in asked.towns:
        for seed in asked.seeds:
            prove(n_towns, seed, asked.known, asked.seconds)


if __name__ == "__main__":
    main()
