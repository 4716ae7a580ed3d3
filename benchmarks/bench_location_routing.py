"""
Location-routing and rounds with pickup and delivery: gap to the best known value, set by set.

Sets: Prins and others (30, 60 s each), Barreto (13, 30 s), Dethloff (40, 10 s), Salhi and Nagy X
(8 with a known value, 30 s), read from the reference data beside the checkout (or where
COMARCA_SHARED points), and single-source capacitated location from a generator (30 s), whose gap is
to our own bound. Seconds are CPU seconds of one thread and include the bound, not the compiling.
Every plan is priced and checked by the evaluator. Awkward: depots of Prins's that hold exactly the
demand; Salhi and Nagy's loads that go up and down on the way.

Runs take hours in sum, so results go into a file, line by line, and what stands there is not run
again: ``python benchmarks/bench_location_routing.py --results runs.jsonl --seeds 1,2,3``. Without
arguments one small instance of each set runs, for a few seconds.
"""

import argparse
import json
import os
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from comarca.freight.routing import RoutingProblem, RoutingStop, check_routing, solve_routing
from comarca.freight.routing.location import location_problem
from comarca.freight.routing.solving import prepare_routing
from comarca.io.lkh_vrpspd import read_lkh_vrpspd
from comarca.io.prodhon import read_prodhon

SMOKE = os.environ.get("COMARCA_BENCH_SMOKE") == "1"
SHARED = Path(os.environ.get("COMARCA_SHARED", Path(__file__).resolve().parents[2] / "shared")) / (
    "reference/freight_benchmarks"
)
SETS: dict[str, tuple[str, float]] = {
    "dethloff": ("vrpspd_dethloff", 10.0),
    "salhi-nagy": ("vrpspd_salhi_nagy", 30.0),
    "barreto": ("lrp_barreto", 30.0),
    "prins": ("lrp_prins", 60.0),
}
LOCATION, LOCATION_SECONDS = "location", 30.0
LOCATION_SIZES = ((10, 50), (10, 100), (20, 100), (20, 200), (30, 100), (30, 200), (50, 100))
LOCATION_SIZES += ((50, 200),)
SMALL = {
    "dethloff": "SCA3-0",
    "salhi-nagy": "CMT1X",
    "barreto": "coordGaspelle.dat",
    "prins": "coord20-5-1.dat",
    LOCATION: "10x50-1",
}
MANY = 50


def generated_location(n_sites: int, n_towns: int, seed: int) -> RoutingProblem:
    """
    Towns of uneven demand in a square of 1,000; capacity of all sites two to four times demand.

    Openings are such that about a third of the sites pays: each costs the root of its capacity
    times a draw, as in the sets of Holmberg and others (1999).
    """
    random = np.random.default_rng([n_sites, n_towns, seed])
    place = random.uniform(0, 1_000, (n_sites + n_towns, 2))
    demand = random.integers(5, 36, n_towns).astype(float)
    share = random.uniform(0.5, 1.5, n_sites)
    capacity = np.ceil(random.uniform(2, 4) * demand.sum() * share / share.sum())
    opening = np.round(random.uniform(0, 90, n_sites) + random.uniform(100, 110) * capacity**0.5)
    way = np.hypot(*(place[:n_sites, None] - place[None, n_sites:]).transpose(2, 0, 1))
    cost = np.round(way * demand / demand.mean() * 0.3)
    return location_problem(opening, capacity, demand, cost, f"{n_sites}x{n_towns}-{seed}")


def instances(chosen: list[str]) -> Iterator[tuple[str, str, float]]:
    """Set, name and seconds of each instance, the quick sets first."""
    for name in chosen:
        if name == LOCATION:
            for n_sites, n_towns in LOCATION_SIZES:
                for seed in (1, 2):
                    yield LOCATION, f"{n_sites}x{n_towns}-{seed}", LOCATION_SECONDS
        elif (SHARED / SETS[name][0]).is_dir():
            folder, seconds = SETS[name]
            for instance in json.loads((SHARED / folder / "bks.json").read_text()):
                yield name, instance, seconds


def read(set_name: str, instance: str) -> tuple[RoutingProblem, float | None]:
    """The problem, and its best known value."""
    if set_name == LOCATION:
        n_sites, n_towns, seed = map(int, re.split("[x-]", instance))
        return generated_location(n_sites, n_towns, seed), None
    folder = SHARED / SETS[set_name][0]
    known = json.loads((folder / "bks.json").read_text())[instance]
    if instance.endswith(".dat"):
        return read_prodhon(folder / instance), known
    return read_lkh_vrpspd(folder / f"{instance}.vrpspd"), known


def run(set_name: str, instance: str, seconds: float, seed: int) -> dict[str, Any]:
    """Solve one instance; the evaluator prices it."""
    problem, known = read(set_name, instance)
    begin = time.process_time()
    stop = RoutingStop(seconds=seconds, wall_seconds=MANY * seconds)
    result = solve_routing(problem, stop, seed=seed)
    cpu = time.process_time() - begin
    check = check_routing(problem, result.plan)
    assert not check.violations, check.violations
    return {
        "set": set_name,
        "instance": instance,
        "seed": seed,
        "seconds": seconds,
        "cost": check.cost,
        "known": known,
        "bound": result.bound,
        "gap": 100 * (check.cost / known - 1) if known else 100 * result.gap,
        "own_gap": 100 * result.gap,
        "cpu": round(cpu, 2),
        "steps": result.steps,
    }


def table(rows: list[dict[str, Any]]) -> None:
    """Per set and seed, and per set: mean and worst gap."""
    heads = f"{'set':12} {'seed':>4} {'runs':>4} {'mean %':>8} {'worst %':>8} {'own gap %':>9}"
    print(f"{heads}  worst at")
    for name in dict.fromkeys(row["set"] for row in rows):
        of_set = [row for row in rows if row["set"] == name]
        for seed in [*sorted({row["seed"] for row in of_set}), "all"]:
            some = [row for row in of_set if seed in (row["seed"], "all")]
            gaps = [row["gap"] for row in some]
            worst = max(some, key=lambda row: row["gap"])
            own = np.mean([row["own_gap"] for row in some])
            print(
                f"{name:12} {seed!s:>4} {len(some):4} {np.mean(gaps):8.3f} {max(gaps):8.3f} "
                f"{own:9.2f}  {worst['instance']}"
            )


def arguments() -> argparse.Namespace:
    """What to run."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    parser.add_argument("--sets", default=",".join([LOCATION, *SETS]))
    parser.add_argument("--seeds", default="1")
    parser.add_argument("--only", default="", help="pattern of instance names")
    parser.add_argument("--seconds", type=float, help="for every instance")
    parser.add_argument("--results", type=Path, help="file of results, a line each; runs go on")
    parser.add_argument("--table", action="store_true", help="only show what the file holds")
    return parser.parse_args()


def main() -> None:
    """Run what is asked and not yet done, and print the table."""
    asked = arguments()
    is_whole = asked.results is not None or bool(asked.only) or asked.seconds is not None
    rows: list[dict[str, Any]] = []
    if asked.results is not None and asked.results.exists():
        rows = [json.loads(line) for line in asked.results.read_text().splitlines()]
    done = {(row["set"], row["instance"], row["seed"]) for row in rows}
    if not asked.table:
        print(f"loading the search: {prepare_routing():.1f} s by the clock, not counted")
        for seed in map(int, asked.seeds.split(",")):
            for name, instance, seconds in instances(asked.sets.split(",")):
                wanted = re.search(asked.only, instance) if is_whole else instance == SMALL[name]
                if not wanted or (name, instance, seed) in done:
                    continue
                limit = 0.5 if SMOKE else asked.seconds or (seconds if is_whole else 3.0)
                row = run(name, instance, limit, seed)
                rows.append(row)
                print(
                    f"{name} {instance} seed {seed}: {row['cost']:.2f}, gap {row['gap']:.3f} %, "
                    f"own gap {row['own_gap']:.2f} %, {row['cpu']} s",
                    flush=True,
                )
                if asked.results is not None:
                    with asked.results.open("a") as file:
                        file.write(json.dumps(row) + "\n")
    table(rows)


if __name__ == "__main__":
    main()
