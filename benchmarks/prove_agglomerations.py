"""
The best plans of small instances of the whole freight problem, proven without the solver.

``python benchmarks/prove_agglomerations.py 8 --seeds 1``; sizes and seeds as in
``bench_agglomerations.py``. The search starts from the value in ``agglomerations.csv`` where one
is known (``--known 0`` starts from nothing), looks for better plans, and proves by
``whole_problem``.
Prints CPU seconds, value and bound, and what the evaluator says of a plan that was found;
``--keep`` keeps what is better than what is known.
"""

from __future__ import annotations

import argparse
import time
from typing import Any

from agglomeration_inputs import inputs
from kept_plans import keep
from kept_plans import known as known_of
from whole_problem.proof import Proof, Search

from comarca.freight import evaluate_plan
from comarca.freight.assembly import assemble
from comarca.freight.building import freight_problem
from comarca.freight.problem import FreightProblem
from comarca.freight.rounds import Rounds, TruckDay, Visit
from comarca.model.freight_plan import FreightPlan


def prove(n_towns: int, seed: int, known: float | None, seconds: float, *, is_kept: bool) -> None:
    """Search one instance and print what was proven."""
    given = inputs(n_towns, seed)
    problem = freight_problem(*given)
    if known is None:
        found = known_of(n_towns, seed)
        known = 0.0 if found is None else found[0] - 1.0
    begin = time.process_time()
    search = Search(
        problem, known=known, seconds=seconds, tell=lambda text: print(text, flush=True)
    )
    proof = search.done()
    verdict = "proven best" if proof.is_optimal else "not proven"
    print(
        f"{n_towns} towns, seed {seed}: value {proof.value:,.0f}, bound {proof.bound:,.0f}, "
        f"{verdict}; {time.process_time() - begin:.0f} s CPU",
        flush=True,
    )
    if proof.days:
        plan = _plan(given, problem, proof)
        judged = evaluate_plan(*given, plan)
        print(f"evaluator {judged.value:,.0f}, {len(judged.violations)} violations", flush=True)
        if is_kept and not judged.violations:
            keep(n_towns, seed, plan, judged.value, proof.bound)
    elif is_kept:
        keep(n_towns, seed, None, proof.value, proof.bound)


def _plan(given: tuple[Any, ...], problem: FreightProblem, proof: Proof) -> FreightPlan:
    """What was found as any plan."""
    return assemble(
        problem,
        given[0],
        proof.workers,
        _rounds(problem, proof),
        bound=proof.bound,
        status="optimal" if proof.is_optimal else "feasible",
        notes=(),
    )


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
    parser.add_argument("--keep", action="store_true", help="better plans and bounds")
    asked = parser.parse_args()
    for n_towns in asked.towns:
        for seed in asked.seeds:
            prove(n_towns, seed, asked.known, asked.seconds, is_kept=asked.keep)


if __name__ == "__main__":
    main()
