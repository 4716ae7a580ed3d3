"""
The best plans of small instances of the whole freight problem, proven without the solver.

``python benchmarks/prove_agglomerations.py 8 --seeds 1``; sizes and seeds as in
``bench_agglomerations.py``. The search starts from the value in ``agglomerations.csv`` where one is
known (``--known 0`` starts from nothing), looks for better plans, and proves by ``whole_problem``.
Prints
CPU seconds, value and bound, and what the evaluator says of a plan that was found.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import Any

import pandas as pd
from agglomeration_inputs import inputs
from whole_problem.proof import Proof, Search

from comarca.freight import evaluate_plan
from comarca.freight.assembly import assemble
from comarca.freight.building import freight_problem
from comarca.freight.problem import FreightProblem
from comarca.freight.rounds import Rounds, TruckDay, Visit

KNOWN = Path(__file__).with_name("agglomerations.csv")


def prove(n_towns: int, seed: int, known: float | None, seconds: float) -> None:
    """Search one instance and print what was proven."""
    given = inputs(n_towns, seed)
    problem = freight_problem(*given)
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
        f"{verdict}; {time.process_time() - begin:.0f} s CPU{judged(given, problem, proof)}",
        flush=True,
    )


def judged(given: tuple[Any, ...], problem: FreightProblem, proof: Proof) -> str:
    """What the evaluator says of the plan; nothing where only its value is known."""
    if not proof.days:
        return ""
    plan = assemble(
        problem,
        given[0],
        proof.workers,
        _rounds(problem, proof),
        bound=proof.bound,
        status="optimal" if proof.is_optimal else "feasible",
        notes=(),
    )
    found = evaluate_plan(*given, plan)
    return f"; evaluator {found.value:,.0f}, {len(found.violations)} violations"


def _rounds(problem: FreightProblem, proof: Proof) -> tuple[Rounds, ...]:
    """The plan's days as the evaluator's input wants them."""
    options = problem.options
    rounds = []
    for base in sorted({day.base for day in proof.days}):
        days = []
        for day in proof.days:
            if day.base == base:
                trips = tuple(
                    tuple(
                        Visit(
                            int(options.facility[at]), problem.demand(at, proof.workers[at]).loads
                        )
                        for at in trip
                    )
                    for trip in day.trips
                )
                days.append(TruckDay(day.truck, trips))
        rounds.append(Rounds(base, tuple(days), frozenset()))
    return tuple(rounds)


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
