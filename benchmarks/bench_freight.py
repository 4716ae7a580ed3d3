"""
CPU and gap of the freight design on generated regions.

Towns lie at random in a square of 250 km with populations by a power law; three bases of four
archetype processes each; roads are straight lines times 1.35 at 45 km/h. Run it alone:
``python benchmarks/bench_freight.py [premises ...]``. COMARCA_BENCH_SMOKE=1 designs ten premises.
"""

from __future__ import annotations

import os
import resource
import sys
import time

import numpy as np
import pandas as pd

from comarca.freight import FreightParams, design_freight, evaluate_plan
from comarca.freight.building import freight_problem
from comarca.freight.master import Master
from comarca.freight.routing_bound import routing_bounds
from comarca.freight.search import relax
from comarca.model.completion import CompletionParams, complete
from comarca.model.labour import LabourPools
from comarca.model.matrices import TravelMatrix
from comarca.model.prices import Prices
from comarca.model.region import Region, typed_frame

SMOKE = os.environ.get("COMARCA_BENCH_SMOKE") == "1"
SIDE_KM = 250.0


def region(n_towns: int, n_bases: int, seed: int = 0):
    """Inputs of ``design_freight`` for a generated region with premises in every town."""
    random = np.random.default_rng(seed)
    place = random.uniform(0, SIDE_KM, (n_towns, 2))
    people = (400 * (1 - random.random(n_towns)) ** (-1 / 1.1)).clip(0, 300_000).round()
    ids = [f"{number:05d}" for number in range(n_towns)]
    towns = pd.DataFrame(
        {"town_id": ids, "name": ids, "lat": 0.0, "lon": 0.0, "population": people}
    )
    bare = Region(name="generated", towns=typed_frame("towns", towns))
    prices = Prices()
    params = CompletionParams(n_bases=n_bases, facility_min_population=0)
    whole = complete(bare, params, prices).region
    km = 1.35 * np.hypot(*(place[:, None] - place[None]).transpose(2, 0, 1))
    travel = TravelMatrix(tuple(ids), "truck", km / 45 * 60, km, "circle")
    return whole, pools(whole), travel, prices


def pools(whole: Region) -> LabourPools:
    """Half of the unemployed and a tenth of the employed, as long commuters."""
    labour = whole.tables["labour"]
    frames = [
        labour.assign(kind=kind, workers=(labour[column] * share).astype(float).astype(int))
        for kind, column, share in (("unemployed", "unemployed", 0.5), ("commuter", "workers", 0.1))
    ]
    frame = pd.concat(frames).rename(columns={"wage_per_h": "present_wage_per_h"})
    commutes = frame["kind"] == "commuter"
    frame["saved_km_per_day"] = np.where(commutes, 40.0, 0.0)
    frame["saved_min_per_day"] = np.where(commutes, 80.0, 0.0)
    return LabourPools(frame[frame["workers"] > 0].reset_index(drop=True))


def measure(n_towns: int, n_bases: int = 3) -> None:
    """Print CPU, the relaxation's CPU, their ratio, value over bound, and memory."""
    given = region(n_towns, n_bases)
    params = FreightParams()
    begin = time.process_time()
    problem = freight_problem(*given, params)
    relax(Master(problem, routing_bounds(problem)))
    relaxed = time.process_time()
    plan = design_freight(*given, params)
    done = time.process_time()
    evaluation = evaluate_plan(*given, params, plan)
    memory_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{n_towns} premises, {len(problem.options)} options: plan {done - relaxed:.1f} s CPU, "
        f"relaxation {relaxed - begin:.1f} s, ratio {(done - relaxed) / (relaxed - begin):.0f}; "
        f"value/bound {plan.value / plan.bound:.3f}, gap {plan.bound - plan.value:,.0f} a year; "
        f"{plan.workers} jobs; {len(evaluation.violations)} violations; {memory_mb:.0f} MB"
    )


if __name__ == "__main__":
    for size in [int(word) for word in sys.argv[1:]] or [10 if SMOKE else 100]:
        measure(size)
