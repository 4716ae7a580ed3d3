"""Worlds of towns along a meridian, for whose sizes the rank laws hold as told."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from comarca.model.region import Region, typed_frame
from comarca.units import EARTH_RADIUS_KM

KM_PER_DEGREE = np.radians(EARTH_RADIUS_KM)


def world(towns: Mapping[str, tuple[float, float]], **given: object) -> Region:
    """A region of towns by id, each ``(km north of the equator, persons)``."""
    frame = pd.DataFrame(
        {
            "town_id": list(towns),
            "name": [town.capitalize() for town in towns],
            "lat": [km / KM_PER_DEGREE for km, _ in towns.values()],
            "lon": 20.0,
            "population": [persons for _, persons in towns.values()],
        }
    )
    return Region(name="Along", towns=typed_frame("towns", frame), **given)  # type: ignore[arg-type]


def around_a_city(satellites: Sequence[float], others: Sequence[float]) -> Region:
    """A city of a million; a satellite in each kilometre from it; the others from 200 km on."""
    towns = {"city": (0.0, 1e6)}
    towns |= {f"s{n}": (n - 0.5, persons) for n, persons in enumerate(satellites, start=1)}
    towns |= {f"o{n}": (200.0 + n, persons) for n, persons in enumerate(others, start=1)}
    return world(towns)


def zipf(n_towns: int, largest: float = 100_000, exponent: float = 1.0) -> np.ndarray:
    return largest * np.arange(1, n_towns + 1) ** -exponent


def logarithmic(n_towns: int, largest: float = 100_000) -> np.ndarray:
    """Falls to a hundredth of the largest."""
    return largest * (1 - 0.99 * np.log(np.arange(1, n_towns + 1)) / np.log(n_towns))


def exponential(n_towns: int, largest: float = 100_000, rate: float = 0.2) -> np.ndarray:
    return largest * np.exp(-rate * np.arange(1, n_towns + 1))
