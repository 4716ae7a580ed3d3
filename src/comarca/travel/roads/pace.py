"""
How long a kilometre of each way takes a mode, in both directions.

The speed is that of the limit where one is mapped (by a figure, or as *urban* and the like), else
that of the class within the country's general limit; never above what surface and smoothness
allow, times the factor of the mode, within its top speed.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from comarca.model.matrices import Mode
from comarca.model.parameters import assumptions
from comarca.model.roads import CLASSES, SMOOTHNESSES, SURFACES, VEHICLES, ZONES, RoadWays
from comarca.travel.roads.params import RoadParams
from comarca.units import MIN_PER_H

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

HEAVY_T = 3.5
"""Gross weight above which access rules for heavy goods vehicles hold, tonnes."""

# On these a mapped limit is an upper bound that nobody drives.
_SLOW_CLASSES = ("living_street", "service", "track", "rough_track", "road")


def pace_min_per_km(ways: RoadWays, mode: Mode, params: RoadParams) -> FloatArray:
    """
    Minutes a kilometre of each way takes.

    Parameters
    ----------
    ways
        What is known of each way.
    mode
        ``"car"``, ``"bus"`` or ``"truck"``.
    params
        Speeds, and the vehicle's size.

    Returns
    -------
    numpy.ndarray
        Shape ``(2, n_ways)``: along the way, and against it; ``inf`` where it may not be driven.
        A ferry with a known crossing time is told as if it had none.
    """
    pace = np.full((2, len(ways)), np.inf)
    fits = (ways.max_weight_t >= params.of_mode(mode, "weight_t")) & (
        ways.max_height_m >= params.of_mode(mode, "height_m")
    )
    factor = params.of_mode(mode, "speed_factor")
    peak = np.where(ways.road_class == CLASSES.index("ferry"), 1.0, params.peak_factor)
    bit = vehicle_bit(mode, params)
    for row, limit, may in (
        (0, ways.limit_forward, ways.may_forward),
        (1, ways.limit_backward, ways.may_backward),
    ):
        speed = np.minimum(
            _car_speed(ways, limit, params) * factor, params.top_speed_km_per_h(mode)
        )
        drives = fits & ((may & bit) > 0) & (speed > 0)
        pace[row, drives] = MIN_PER_H / speed[drives] * peak[drives]
    return pace


def vehicle_bit(mode: Mode, params: RoadParams) -> int:
    """Which of :data:`comarca.model.roads.VEHICLES` a mode is, as a bit."""
    if mode == "truck":
        is_heavy = params.truck_weight_t > HEAVY_T
        return 1 << VEHICLES.index("hgv" if is_heavy else "goods")
    return 1 << VEHICLES.index(mode)


def _car_speed(ways: RoadWays, limit: NDArray[np.float32], params: RoadParams) -> FloatArray:
    of_class = _by(params.speed_km_per_h, CLASSES)[ways.road_class]
    told = np.where(np.isnan(limit), _zone_limits(ways, params), limit.astype(np.float64))
    within = told * params.share_of_limit
    general = _general_limits(params)[ways.road_class] * params.share_of_limit
    is_slow = np.isin(ways.road_class, [CLASSES.index(name) for name in _SLOW_CLASSES])
    speed = np.where(
        np.isnan(told),
        np.minimum(of_class, general),
        np.where(is_slow | (of_class == 0), np.minimum(of_class, within), within),
    )
    surface = _by(params.surface_km_per_h, SURFACES)[ways.surface]
    smoothness = _by(params.smoothness_km_per_h, SMOOTHNESSES)[ways.smoothness]
    return np.asarray(np.minimum(speed, np.minimum(surface, smoothness)), dtype=np.float64)


def _zone_limits(ways: RoadWays, params: RoadParams) -> FloatArray:
    """The general limit of the kind of place a way is mapped as; ``nan`` where it is not."""
    limits = np.full(len(ways), np.nan)
    countries = {int(number) for number in np.unique(ways.zone_country[ways.zone > 0])}
    for number in countries:
        table = params.limit_km_per_h if number == 0 else _limits_of(number)
        at = (ways.zone > 0) & (ways.zone_country == number)
        limits[at] = _by({"": np.nan, **table}, ZONES)[ways.zone[at]]
    return limits


def _limits_of(country: int) -> Mapping[str, float]:
    code = chr(country // 256) + chr(country % 256)
    table: Mapping[str, float] = assumptions(code)["roads.limit_km_per_h"].value
    return table


def _general_limits(params: RoadParams) -> FloatArray:
    """The limit that holds for a class wherever nothing else is told."""
    zones = {"motorway": "motorway", "trunk": "trunk"}
    return np.array(
        [params.limit_km_per_h[zones.get(name.removesuffix("_link"), "rural")] for name in CLASSES]
    )


def _by(table: Mapping[str, float], words: tuple[str, ...]) -> FloatArray:
    return np.array([table[word] for word in words], dtype=np.float64)
