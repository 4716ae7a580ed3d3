"""
Reading flows from one file: what the checks cost beside pandas' bare C reader of the same file.

Medians of CPU seconds (``time.process_time``). Sizes are rows; the files are as awkward as census
files are: codes with leading zeros, all cells quoted, fractions in every row, a fault in the last
row (told with its line), repeated pairs. COMARCA_BENCH_SMOKE=1 runs once at tiny size.
"""

import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv

from comarca.errors import TableError
from comarca.io import read_flow_table

SMOKE = os.environ.get("COMARCA_BENCH_SMOKE") == "1"
REPEATS = 1 if SMOKE else 3
SIZES = (2_000,) if SMOKE else (100_000, 1_000_000, 10_000_000)


def cpu_s(work: Callable[[Path], Any], path: Path) -> float:
    """Median CPU seconds of the work."""
    spent = []
    for _ in range(REPEATS):
        start = time.process_time()
        work(path)
        spent.append(time.process_time() - start)
    return median(spent)


def flows(n_rows: int) -> pa.Table:
    """Different pairs among so many towns that a twentieth of all pairs has a flow."""
    random = np.random.default_rng(2)
    n_towns = int(np.sqrt(20 * n_rows))
    pairs = random.permutation(np.unique(random.integers(0, n_towns**2, int(1.1 * n_rows))))[
        :n_rows
    ]
    codes = np.array([f"{town:07}" for town in range(n_towns)], dtype=object)
    return pa.table(
        {
            "origin": pa.DictionaryArray.from_arrays(pairs // n_towns, codes).cast(pa.string()),
            "destination": pa.DictionaryArray.from_arrays(pairs % n_towns, codes).cast(pa.string()),
            "persons": random.geometric(0.1, len(pairs)),
        }
    )


def files(folder: Path, n_rows: int) -> dict[str, Path]:
    """Plain and awkward files of one size."""
    table = flows(n_rows)
    fractions = table.set_column(
        2,
        "persons",
        pa.array(table["persons"].to_numpy() + np.random.default_rng(3).random(n_rows)),
    )
    contents = {
        "plain": (table, "needed"),
        "quoted": (table, "all_valid"),
        "quoted fractions": (fractions, "all_valid"),
    }
    written = {}
    for name, (content, quoting) in contents.items():
        written[name] = folder / f"{name} {n_rows}.csv"
        options = pyarrow.csv.WriteOptions(quoting_style=quoting)
        pyarrow.csv.write_csv(content, written[name], options)
    written["one fault"] = folder / f"one fault {n_rows}.csv"
    written["one fault"].write_bytes(written["plain"].read_bytes() + b'"1","2",-1\n')
    return written


def ours(path: Path) -> int:
    """Rows read, or faults told."""
    try:
        return read_flow_table(path).n_rows
    except TableError as refused:
        return refused.n_faults


def bare(path: Path) -> int:
    """Rows that pandas reads, unchecked, codes as text."""
    return len(pd.read_csv(path, dtype={"origin": str, "destination": str}))


def main() -> None:
    for n_rows in SIZES:
        with tempfile.TemporaryDirectory() as folder:
            for name, path in files(Path(folder), n_rows).items():
                spent, floor = cpu_s(ours, path), cpu_s(bare, path)
                print(
                    f"{n_rows:10,} rows, {name:16}: {spent:6.2f} s CPU, "
                    f"{spent / max(floor, 1e-4):4.1f} × bare pandas ({floor:.2f} s), "
                    f"{1e9 * spent / n_rows:,.0f} ns a row"
                )
                path.unlink()


if __name__ == "__main__":
    main()
