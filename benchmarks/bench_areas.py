"""
Labour market areas: seconds by size, the law of growth, and a plain way to the same answer.

Medians of CPU seconds (``time.process_time``) after one run that compiles; run with
OMP_NUM_THREADS=1. COMARCA_BENCH_SMOKE=1 runs once at tiny size. Worlds: towns in clusters, uneven
sizes, a few strong centres, about eighty flows a town, whole persons; the awkward part is that many
small towns hang on several centres at once, so that groups are dissolved again and again. Where the
reference data lie beside the checkout (or COMARCA_SHARED names them) their matrices are timed too.
"""

import importlib.util
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse

from comarca.commuting import AreaParams, LabourMarketAreas, delineate_areas
from comarca.model.matrices import FlowMatrix

SMOKE = os.environ.get("COMARCA_BENCH_SMOKE") == "1"
REPEATS = 1 if SMOKE else 7
SIZES = (60,) if SMOKE else (500, 1_000, 2_000, 4_000, 8_000, 16_000)
RULE = {"min_self_containment": 0.6667, "target_self_containment": 0.75}
VARIANTS = ("euro", "euro-r34", "classic")
SHARED = Path(os.environ.get("COMARCA_SHARED", Path(__file__).resolve().parents[2] / "shared")) / (
    "reference/labour_market_areas/flows"
)
MATRICES = (
    ("sardinia.csv", 1_000, 10_000),
    ("belgium2011_flows.csv", 3_500, 25_000),
    ("us_county_flows.csv", 3_500, 25_000),
)


def cpu_s(work: Callable[[], Any]) -> tuple[float, Any]:
    """Median CPU seconds of the work, and its last answer."""
    spent = []
    for _ in range(REPEATS):
        start = time.process_time()
        answer = work()
        spent.append(time.process_time() - start)
    return median(spent), answer


def world(n_towns: int) -> FlowMatrix:
    """Towns in clusters whose workers are shared out by nearness and size."""
    random = np.random.default_rng(n_towns)
    side_km = np.sqrt(40.0 * n_towns)
    middle = random.uniform(0, side_km, (max(n_towns // 20, 2), 2))
    place = middle[random.integers(0, len(middle), n_towns)] + random.normal(0, 8.0, (n_towns, 2))
    workers = np.rint(np.exp(random.normal(6.5, 1.1, n_towns))).astype(int) + 15
    centres = np.argsort(-workers)[: max(n_towns // 60, 2)]
    workers[centres] *= random.integers(2, 12, len(centres))
    pull = workers**1.1
    rows = []
    for town in range(n_towns):
        km = np.hypot(*(place - place[town]).T) + 2.0
        weight = pull * (np.exp(-km / 6.0) + 0.01 * (1 + km / 12.0) ** -2.2)
        weight[town] *= 6.0
        rows.append(sparse.csr_array(random.multinomial(workers[town], weight / weight.sum())))
    ids = tuple(f"{town:05}" for town in range(n_towns))
    return FlowMatrix(ids, sparse.vstack([row.reshape(1, -1) for row in rows], format="csr"))


def reference_matrices() -> Iterator[tuple[str, int, int, FlowMatrix]]:
    """Matrices of the reference data, and the largest that its maker makes."""
    for name, least, target in MATRICES:
        yield name, least, target, read(SHARED / name)
    with tempfile.TemporaryDirectory() as folder:
        spec = importlib.util.spec_from_file_location("make_synth", SHARED / "make_synth.py")
        maker = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(maker)
        maker.OUT = folder
        for n_towns in (1_000, 4_000, 8_000):
            maker.make(n_towns)
            flows = read(Path(folder) / f"flows_{n_towns}.csv")
            yield f"make_synth.py {n_towns}", 1_000, 10_000, flows


def read(path: Path) -> FlowMatrix:
    rows = pd.read_csv(path)
    ids = np.union1d(rows["community_live"], rows["community_work"])
    ends = [np.searchsorted(ids, rows[end]) for end in ("community_live", "community_work")]
    persons = sparse.csr_array((rows["amount"], ends), shape=(len(ids),) * 2)
    return FlowMatrix(tuple(ids.astype(str)), persons)


def summing_anew_s(flows: FlowMatrix, iterations: int) -> float:
    """Cost of summing all groups anew at each step, the simplest correct way, by one sample."""
    persons = flows.persons.tocsr().astype(float)
    group = sparse.eye_array(persons.shape[0], format="csr")
    start = time.process_time()
    (group.T @ persons @ group).sum(axis=1)
    return (time.process_time() - start) * iterations


def drawn(flows: FlowMatrix, least: float, target: float) -> LabourMarketAreas:
    """Time each variant, print it, and return the last delineation."""
    for variant in VARIANTS:
        params = AreaParams(variant=variant, min_workers=least, target_workers=target, **RULE)
        spent, areas = cpu_s(lambda params=params: delineate_areas(flows, params))
        anew = summing_anew_s(flows, areas.iterations)
        print(
            f"  {variant:9} {spent:8.4f} s, {areas.iterations:6} steps, "
            f"{len(areas.partition.areas):5} areas; summing anew at each step about {anew:7.1f} s: "
            f"ratio {anew / spent:.0f}"
        )
    return areas


def main() -> None:
    start = time.process_time()
    for variant in VARIANTS:
        delineate_areas(world(30), AreaParams(variant=variant, repair=True))
    print(
        f"first calls, compiling or reading what was compiled: {time.process_time() - start:.1f} s"
    )
    sizes, seconds = [], []
    for n_towns in SIZES:
        flows = world(n_towns)
        print(f"{n_towns} towns, {flows.persons.nnz} flows")
        drawn(flows, 1_000, 10_000)
        params = AreaParams(min_workers=1_000, target_workers=10_000, **RULE)
        sizes.append(n_towns)
        seconds.append(cpu_s(lambda flows=flows, params=params: delineate_areas(flows, params))[0])
    if len(sizes) > 1:
        power = np.polyfit(np.log(sizes), np.log(seconds), 1)[0]
        print(f"euro grows with the number of towns to the power {power:.2f}")
    if SHARED.is_dir() and not SMOKE:
        for name, least, target, flows in reference_matrices():
            print(f"{name}: {len(flows.town_ids)} towns, {flows.persons.nnz} flows")
            drawn(flows, least, target)


if __name__ == "__main__":
    main()
