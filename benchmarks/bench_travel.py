"""
How long travel by great circle takes, beside the bare haversine formula in numpy.

Sizes and awkwardness: inland towns (no coast near), and towns along a coast with bays and islands
(Greece, the Aegean). COMARCA_BENCH_SMOKE=1 runs the smallest once.
"""

import os
import time

import numpy as np
import pandas as pd

from comarca.travel import TravelParams, travel_by_circle
from comarca.travel.circle import _land_distance_km

SMOKE = os.environ.get("COMARCA_BENCH_SMOKE") == "1"
WINDOWS = {"inland": (50, 56, 65, 80), "coast": (37, 40, 20, 26)}


def towns(n_towns: int, window: tuple[float, float, float, float]) -> pd.DataFrame:
    south, north, west, east = window
    random = np.random.default_rng(7)
    return pd.DataFrame(
        {"lat": random.uniform(south, north, n_towns), "lon": random.uniform(west, east, n_towns)},
        index=pd.Index([f"t{n}" for n in range(n_towns)]),
    )


def bare_haversine(places: pd.DataFrame) -> np.ndarray:
    lat, lon = np.radians(places["lat"].to_numpy()), np.radians(places["lon"].to_numpy())
    half = np.sin((lat[:, None] - lat) / 2) ** 2
    half += np.cos(lat)[:, None] * np.cos(lat) * np.sin((lon[:, None] - lon) / 2) ** 2
    return 2 * 6371 * np.arcsin(np.sqrt(half))


def cpu_s(work) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def three_modes(places: pd.DataFrame) -> None:
    _land_distance_km.cache_clear()
    for mode in ("car", "bus", "truck"):
        travel_by_circle(places, mode, TravelParams())


def main() -> None:
    sizes = (100,) if SMOKE else (100, 500, 1_250)
    three_modes(towns(3, WINDOWS["coast"]))  # opens the map base
    for name, window in WINDOWS.items():
        for n_towns in sizes:
            places = towns(n_towns, window)
            floor = min(cpu_s(lambda places=places: bare_haversine(places)) for _ in range(3))
            ours = cpu_s(lambda places=places: three_modes(places))
            print(
                f"{name:7} {n_towns:5} towns: three modes {ours:6.2f} s CPU, "
                f"{ours / max(floor, 1e-4):7.1f} × the bare formula ({floor:.4f} s)"
            )


if __name__ == "__main__":
    main()
