"""
Other schools of delineation: what each costs, beside a plain way to the same answer.

Medians of CPU seconds (``time.process_time``); run with OMP_NUM_THREADS=1. COMARCA_BENCH_SMOKE=1
runs once at tiny size. Worlds: towns at random, 75 km² each, log-normal sizes, jobs as workers to
the power 1.15, whole commuters within 60 minutes; log-normal sizes are the awkward case for
Intramax, whose large zones meet ever more others. Where COMARCA_SHARED names the reference data,
its 3,220 US counties (138,000 flows) come last.

Plain ways: average linkage of scipy on all pairs of towns; a sum of all flows by zone at each
fusion of Intramax, by a few samples; two partitions compared by scikit-learn.
"""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.cluster.hierarchy import linkage
from scipy.spatial.distance import squareform
from sklearn.metrics import adjusted_rand_score, mutual_info_score

from comarca.commuting import (
    InteractionParams,
    delineate_commuting_zones,
    delineate_functional_urban_areas,
    delineate_intramax,
    estimate_flows,
)
from comarca.commuting.schools import proportional_flows
from comarca.model.agreement import compare_partitions
from comarca.model.matrices import FlowMatrix, TravelMatrix

SMOKE = os.environ.get("COMARCA_BENCH_SMOKE") == "1"
REPEATS = 1 if SMOKE else 5
SIZES = (60,) if SMOKE else (1_000, 3_000, 8_000)
MOST_LINKED = 4_000  # scipy's linkage needs all pairs of towns at once
SAMPLES = 2


def cpu_s(work: Callable[[], Any]) -> tuple[float, Any]:
    """Median CPU seconds of the work, and its last answer."""
    spent = []
    for _ in range(REPEATS):
        start = time.process_time()
        answer = work()
        spent.append(time.process_time() - start)
    return median(spent), answer


def world(n_towns: int) -> FlowMatrix:
    random = np.random.default_rng(1)
    place = random.uniform(0, np.sqrt(75 * n_towns), (n_towns, 2)).astype(np.float32)
    km = 1.3 * np.hypot(*(place[:, None] - place[None]).transpose(2, 0, 1))
    workers = np.exp(random.normal(6.5, 1.15, n_towns))
    jobs = workers**1.15
    ids = tuple(f"{town:05}" for town in range(n_towns))
    travel = TravelMatrix(ids, "car", km * 60 / 50, km, "circle")
    given = InteractionParams(beta_per_min=0.1, daily_limit_min=60.0)
    flows = estimate_flows(workers, jobs * workers.sum() / jobs.sum(), travel, given).flows.persons
    flows.data = np.random.default_rng(7).poisson(flows.data).astype(float)
    return FlowMatrix(ids, flows)


def worlds() -> Iterator[tuple[str, FlowMatrix]]:
    for n_towns in SIZES:
        yield "synthetic", world(n_towns)
    shared = os.environ.get("COMARCA_SHARED")
    path = Path(shared or "") / "reference/labour_market_areas/flows/us_county_flows.csv"
    if shared and path.exists() and not SMOKE:
        rows = pd.read_csv(path)
        ids = np.union1d(rows["community_live"], rows["community_work"])
        ends = [np.searchsorted(ids, rows[end]) for end in ("community_live", "community_work")]
        persons = sparse.csr_array((rows["amount"], ends), shape=(len(ids),) * 2)
        yield "US counties", FlowMatrix(tuple(ids.astype(str)), persons)


def scipy_s(flows: FlowMatrix) -> float:
    """Average linkage of all pairs of towns, distances included."""
    start = time.process_time()
    distance = 1 - proportional_flows(flows).toarray()
    np.fill_diagonal(distance, 0)
    linkage(squareform(distance, checks=False), "average")
    return time.process_time() - start


def naive_intramax_s(flows: FlowMatrix, n_fusions: int) -> float:
    """Cost of judging all pairs of zones anew at each fusion, halved, as zones become fewer."""
    persons = flows.persons.astype(float)
    spent = []
    for _ in range(SAMPLES):
        start = time.process_time()
        pairs = persons.tocoo()
        zone = np.arange(len(flows.town_ids))
        summed = sparse.csr_array(
            (pairs.data, (zone[pairs.row], zone[pairs.col])), shape=persons.shape
        ).tocoo()
        expected = flows.workers[summed.row] * flows.jobs[summed.col]
        ratio = sparse.csr_array((summed.data / expected, (summed.row, summed.col)))
        (ratio + ratio.T).argmax()
        spent.append(time.process_time() - start)
    return median(spent) * n_fusions / 2


def main() -> None:
    first = True
    for told, flows in worlds():
        if first:  # loading compiled code is told apart
            start = time.process_time()
            delineate_intramax(flows)
            print(f"first call, compiled code loaded or made: {time.process_time() - start:.2f} s")
            first = False
        n_towns = len(flows.town_ids)
        print(f"{told}: {n_towns:,} towns, {flows.persons.nnz:,} flows")
        spent, regions = cpu_s(lambda flows=flows: delineate_intramax(flows))
        naive = naive_intramax_s(flows, len(regions.fusions))
        print(
            f"  Intramax          {spent:7.3f} s, {len(regions.fusions):,} fusions, largest jump "
            f"at {len(regions.partition.areas):,} regions; all pairs anew about {naive:.0f} s: "
            f"ratio {naive / spent:.0f}"
        )
        spent, zones = cpu_s(lambda flows=flows: delineate_commuting_zones(flows))
        line = f"  commuting zones   {spent:7.3f} s, {len(zones.partition.areas):,} at 0.98"
        if n_towns <= MOST_LINKED:
            peer = scipy_s(flows)
            line += f"; scipy on all pairs {peer:.3f} s: ratio {peer / spent:.1f}"
        print(line)
        largest = [flows.town_ids[town] for town in np.argsort(-flows.jobs)[: n_towns // 20]]
        spent, areas = cpu_s(
            lambda flows=flows, cores=largest: delineate_functional_urban_areas(flows, cores)
        )
        print(
            f"  urban areas       {spent:7.3f} s, {len(areas.partition.areas):,} of "
            f"{len(largest):,} cores"
        )
        a, b = regions.partition, zones.partition
        spent, agreement = cpu_s(
            lambda flows=flows, a=a, b=b: compare_partitions(
                a, b, dict(zip(flows.town_ids, flows.workers, strict=True))
            )
        )
        labels = [[part.area_of[town] or "" for town in flows.town_ids] for part in (a, b)]
        start = time.process_time()
        peer_rand = adjusted_rand_score(*labels)
        mutual_info_score(*labels)
        peer = time.process_time() - start
        print(
            f"  compare the two   {spent:7.3f} s with all tables, adjusted Rand "
            f"{agreement.by_town.adjusted_rand:.3f}; scikit-learn's two figures {peer:.3f} s "
            f"({peer_rand:.3f})"
        )


if __name__ == "__main__":
    main()
