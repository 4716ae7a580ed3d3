"""
Diagnosis: every town of a country at once, from its folder to the pages, charts off.

The 2,469 municipalities of Mexico with seven counts each where COMARCA_SHARED names the folder of
reference data; towns at random anywhere: thirty counts, twelve years of ten industries each, and
enterprises, judged by the criteria of the newest decree. CPU seconds (``time.process_time``) of one
thread, without the start of Python and its libraries, which is told apart.
COMARCA_BENCH_SMOKE=1 runs once at tiny size.
"""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pandas as pd

from comarca.diagnosis import diagnose_towns
from comarca.io import read_region
from comarca.report import write_diagnosis

LIBRARIES = time.process_time()
SMOKE = os.environ.get("COMARCA_BENCH_SMOKE") == "1"
SIZES = (20,) if SMOKE else (500, 2_000)
SECTIONS = "ACFGHIJKMP"


def seconds(work: Callable[[], Any]) -> tuple[float, Any]:
    """CPU seconds of the work, and its answer."""
    begun = time.process_time()
    answer = work()
    return time.process_time() - begun, answer


def write_mexico(folder: Path, shared: Path) -> None:
    """Municipalities with place and counts, as a region."""
    data = shared / "data" / "oaxaca"
    code = {"cve_mun": str}
    counts = pd.read_csv(data / "mx_municipio_population_1990_2020.csv", dtype=code)
    places = pd.read_csv(data / "mx_municipio_coords_2020.csv", dtype=code).set_index("cve_mun")
    totals = counts[(counts["sex"] == "T") & counts["cve_mun"].isin(places.index)]
    last = totals[totals["year"] == 2020]
    pd.DataFrame(
        {
            "town_id": last["cve_mun"],
            "name": last["name"],
            "lat": places["lat"].reindex(last["cve_mun"]).to_numpy(),
            "lon": places["lon"].reindex(last["cve_mun"]).to_numpy(),
            "population": last["pop"],
        }
    ).to_csv(folder / "towns.csv", index=False)
    totals.rename(columns={"cve_mun": "town_id", "pop": "persons"})[
        ["town_id", "year", "persons"]
    ].assign(basis="municipality").to_csv(folder / "population.csv", index=False)
    (folder / "region.toml").write_text('name = "Mexico"\ncountry = "MX"\n', encoding="utf-8")


def write_world(folder: Path, n_towns: int) -> None:
    """Towns at random, with everything the diagnosis reads."""
    random = np.random.default_rng(1)
    towns = [f"{town:05}" for town in range(n_towns)]
    people = np.exp(random.normal(9, 1.2, n_towns)).round() + 100
    pd.DataFrame(
        {
            "town_id": towns,
            "name": towns,
            "lat": random.uniform(54, 58, n_towns),
            "lon": random.uniform(56, 62, n_towns),
            "population": people,
            "labour_force": (people * 0.5).round(),
            "internet_share": random.uniform(0.2, 0.9, n_towns).round(3),
        }
    ).to_csv(folder / "towns.csv", index=False)
    _counts(towns, people, random).to_csv(folder / "population.csv", index=False)
    _employment(towns, people, random).to_csv(folder / "employment.csv", index=False)
    pd.DataFrame(
        {
            "enterprise_id": [f"e{town}" for town in towns],
            "name": "Mill",
            "town_id": towns,
            "isic": "24",
            "jobs": (people * random.uniform(0.01, 0.2, n_towns)).round(),
        }
    ).to_csv(folder / "enterprises.csv", index=False)
    (folder / "region.toml").write_text('name = "World"\ncountry = "RU"\n', encoding="utf-8")


def _counts(towns: list[str], people: np.ndarray, random: np.random.Generator) -> pd.DataFrame:
    years = np.arange(1991, 2021)
    rates = random.normal(-0.005, 0.01, (len(towns), 1))
    persons = (people[:, None] * np.exp(rates * (years - 2020))).round()
    return pd.DataFrame(
        {
            "town_id": np.repeat(towns, len(years)),
            "year": np.tile(years, len(towns)),
            "persons": persons.ravel(),
        }
    )


def _employment(towns: list[str], people: np.ndarray, random: np.random.Generator) -> pd.DataFrame:
    years, sections = np.arange(2009, 2021), list(SECTIONS)
    shape = (len(towns), len(years), len(sections))
    persons = people[:, None, None] * random.dirichlet(np.ones(len(sections)), shape[:2]) * 0.4
    index = pd.MultiIndex.from_product([towns, years, sections], names=["town_id", "year", "isic"])
    frame = pd.DataFrame({"persons": persons.ravel().round(1)}, index=index)
    return frame.assign(output=frame["persons"] * 2).reset_index()


def worlds() -> Iterator[tuple[str, Callable[[Path], None]]]:
    """Name of each region, and what writes its folder."""
    shared = os.environ.get("COMARCA_SHARED")
    if shared and not SMOKE:
        yield "Mexico, counts alone", lambda folder: write_mexico(folder, Path(shared))
    for size in SIZES:
        yield (
            f"{size:,} towns at random, all tables",
            lambda folder, size=size: write_world(folder, size),
        )


def main() -> None:
    print(f"start of Python and libraries: {LIBRARIES:.2f} s")
    for name, write in worlds():
        with TemporaryDirectory() as place:
            folder = Path(place) / "region"
            folder.mkdir()
            write(folder)
            read_s, region = seconds(lambda folder=folder: read_region(folder))
            found_s, found = seconds(lambda region=region: diagnose_towns(region))
            out = Path(place) / "out"
            written_s, files = seconds(
                lambda found=found, out=out: write_diagnosis(found, out, has_charts=False)
            )
            size_mb = sum(path.stat().st_size for path in files) / 1e6
        whole = read_s + found_s + written_s
        print(
            f"{name}: {whole:.2f} s CPU (read {read_s:.2f}, diagnose {found_s:.2f}, "
            f"write {written_s:.2f}); {len(files)} files, {size_mb:.1f} MB"
        )


if __name__ == "__main__":
    main()
