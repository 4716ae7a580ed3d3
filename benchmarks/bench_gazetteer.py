"""
How long a lookup in the gazetteer takes on a second start, beside its imports and a bare reading.

Each start is a process of its own, since imports count. Floors, in the same run: splitting the
lines of the data file of cities for the first start, importing pandas and pyarrow for the second.
Medians of several starts. COMARCA_BENCH_SMOKE=1 looks one region up, once.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time

SMOKE = os.environ.get("COMARCA_BENCH_SMOKE") == "1"
REGIONS = (("MX", "Oaxaca"), ("RU", "Sverdlovsk"), ("IT", "Sardegna"), ("JP", "Shimane"), ("FJ",))
READING = (
    "from comarca.io.gazetteer_files import data_directory\n"
    "path = data_directory() / 'cities' / 'cities.tsv'\n"
    "rows = [line.split('\\t') for line in path.open(encoding='utf-8')]"
)
IMPORTS = "import pandas, pyarrow, pyarrow.compute"
LOOKUP = (
    "import sys; from comarca.io.gazetteer import gazetteer_region; gazetteer_region(*sys.argv[1:])"
)


def wall_s(code: str, *arguments: str, cache: str) -> float:
    start = time.perf_counter()
    environment = os.environ | {"XDG_CACHE_HOME": cache}
    subprocess.run([sys.executable, "-c", code, *arguments], check=True, env=environment)  # noqa: S603
    return time.perf_counter() - start


def main() -> None:
    regions = REGIONS[:1] if SMOKE else REGIONS
    n_starts = 1 if SMOKE else 7
    with tempfile.TemporaryDirectory() as cache:
        reading = wall_s(READING, cache=cache)
        first = wall_s(LOOKUP, *regions[0], cache=cache)
        print(f"bare reading {reading:.2f} s; first start {first:.2f} s")
        floor = statistics.median(wall_s(IMPORTS, cache=cache) for _ in range(n_starts))
        print(f"importing pandas and pyarrow {floor:.2f} s")
        for region in regions:
            second = statistics.median(
                wall_s(LOOKUP, *region, cache=cache) for _ in range(n_starts)
            )
            print(
                f"{'/'.join(region):15} second start {second:.2f} s, {second / floor:.2f} × imports"
            )


if __name__ == "__main__":
    main()
