"""
How far each regime reaches: towns, people and area around every enterprise that may be a base.

By commuting a base reaches the towns from which the way to it takes no longer than the daily limit;
by freight, those a truck can visit and be back from within its driver's shift: loading, out, one
stop, back. The base's own town counts under both.

The area is that of the convex hull of the towns reached, on an equal-area map around the region
(Lambert azimuthal): it never shrinks when a limit grows, and is 0 for fewer than three towns.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from comarca.compare.scene import Scene
from comarca.model.comparison import REACH_COLUMNS
from comarca.model.matrices import Mode
from comarca.model.region import Region, values_of
from comarca.units import EARTH_RADIUS_KM, MIN_PER_H

_SQUARE_METRE_KM2 = 1e-6
_COMMUTER_MODES: tuple[Mode, ...] = ("bus", "car")


@dataclass(frozen=True, eq=False, kw_only=True)
class Catchment:
    """
    Towns one base reaches under one regime.

    Parameters
    ----------
    base_id, regime
        The enterprise, and ``"freight"`` or ``"commuting by bus"`` (or by car).
    limit_min
        Longest way, one way, minutes; ``nan`` where no truck stands.
    is_reached
        By town in the region's order, shape ``(n_towns,)``.
    """

    base_id: str
    regime: str
    limit_min: float
    is_reached: NDArray[np.bool_]


def catchments(scene: Scene) -> tuple[Catchment, ...]:
    """Every base that may be one, by every mode commuters have and by truck."""
    found: list[Catchment] = []
    for base_id in scene.candidate_bases:
        found.extend(_by_commuting(scene, base_id))
        found.append(_by_freight(scene, base_id))
    return tuple(found)


def commuting_regime(mode: Mode) -> str:
    """Name of commuting by a mode in the reach table."""
    return f"commuting by {mode}"


def _by_commuting(scene: Scene, base_id: str) -> Iterable[Catchment]:
    limit_min = scene.params.daily_limit_min
    for mode in _COMMUTER_MODES:
        if mode in scene.travel:
            travel = scene.travel[mode]
            towns = travel.positions(scene.region.town_ids)
            (home,) = travel.positions((scene.town_of(base_id),))
            yield Catchment(
                base_id=base_id,
                regime=commuting_regime(mode),
                limit_min=limit_min,
                is_reached=travel.time_min[towns, home] <= limit_min,
            )


def _by_freight(scene: Scene, base_id: str) -> Catchment:
    travel = scene.travel["truck"]
    towns = travel.positions(scene.region.town_ids)
    (home,) = travel.positions((scene.town_of(base_id),))
    there_and_back = travel.time_min[home, towns].astype(np.float64) + travel.time_min[towns, home]
    there_and_back[towns == home] = 0.0
    shifts_h = [
        float(row["shift_h"])
        for row in scene.vehicles_at(base_id)
        if pd.isna(row["number"]) or row["number"] > 0
    ]
    on_road_min = (
        max(shifts_h, default=np.nan) * MIN_PER_H - scene.params.stop_min - scene.params.loading_min
    )
    return Catchment(
        base_id=base_id,
        regime="freight",
        limit_min=on_road_min / 2,
        is_reached=there_and_back <= on_road_min,
    )


def reach(scene: Scene, found: Sequence[Catchment]) -> pd.DataFrame:
    """
    Towns, people and area of each catchment.

    Returns
    -------
    pandas.DataFrame
        ``REACH_COLUMNS``; ``limit_min`` one way, ``area_km2`` of the convex hull.
    """
    people = values_of(scene.region.towns, "population")
    xy_km = equal_area_xy_km(scene.region)
    rows = [
        (
            one.base_id,
            one.regime,
            one.limit_min,
            int(one.is_reached.sum()),
            float(people[one.is_reached].sum()),
            _area_km2(hull(xy_km, one.is_reached)),
        )
        for one in found
    ]
    return pd.DataFrame(rows, columns=list(REACH_COLUMNS)).astype(
        {"limit_min": "float64", "towns": "int64", "people": "float64", "area_km2": "float64"}
    )


def reach_ratios(scene: Scene, found: Sequence[Catchment]) -> dict[str, float]:
    """
    Freight reach over commuting reach, all bases together and nothing counted twice.

    Returns
    -------
    dict[str, float]
        ``people``, ``towns`` and ``area``; ``nan`` where commuting reaches nothing.
    """
    freight = [one for one in found if one.regime == "freight"]
    commuting = [one for one in found if one.regime == commuting_regime(scene.params.commuter_mode)]
    ours, theirs = _extent(scene.region, freight), _extent(scene.region, commuting)
    return {name: ours[name] / theirs[name] if theirs[name] > 0 else float("nan") for name in ours}


def _extent(region: Region, found: Sequence[Catchment]) -> dict[str, float]:
    from shapely import unary_union

    is_reached = np.zeros(region.n_towns, dtype=bool)
    for one in found:
        is_reached |= one.is_reached
    xy_km = equal_area_xy_km(region)
    return {
        "people": float(values_of(region.towns, "population")[is_reached].sum()),
        "towns": float(is_reached.sum()),
        "area": _area_km2(unary_union([hull(xy_km, one.is_reached) for one in found])),
    }


def _area_km2(shape: Any) -> float:
    """Area of a shape; towns in a line enclose none, and what rounding makes of it is none."""
    area = float(shape.area)
    return area if area > _SQUARE_METRE_KM2 else 0.0


def hull(xy_km: NDArray[np.float64], is_member: NDArray[np.bool_]) -> Any:
    """Convex hull of some points, a shapely geometry; empty without points."""
    from shapely import MultiPoint

    return MultiPoint(xy_km[is_member]).convex_hull


def equal_area_xy_km(region: Region) -> NDArray[np.float64]:
    """
    Towns on a Lambert azimuthal equal-area map around their middle, km, shape ``(n_towns, 2)``.

    The middle is that of points on the globe, so that the date line needs no special case.

    References
    ----------
    .. [1] Snyder, J. P. (1987). Map Projections: a Working Manual. USGS Professional Paper 1395,
           equations 24-2 to 24-4 (sphere).
    """
    lat = np.radians(values_of(region.towns, "lat"))
    lon = np.radians(values_of(region.towns, "lon"))
    middle = np.array(
        [(np.cos(lat) * np.cos(lon)).sum(), (np.cos(lat) * np.sin(lon)).sum(), np.sin(lat).sum()]
    )
    lon0 = np.arctan2(middle[1], middle[0])
    lat0 = np.arctan2(middle[2], np.hypot(middle[0], middle[1]))
    east = lon - lon0
    cos_c = np.sin(lat0) * np.sin(lat) + np.cos(lat0) * np.cos(lat) * np.cos(east)
    k = np.sqrt(2 / np.maximum(1 + cos_c, 1e-12))  # the antipode lies at the map's rim
    x = k * np.cos(lat) * np.sin(east)
    y = k * (np.cos(lat0) * np.sin(lat) - np.sin(lat0) * np.cos(lat) * np.cos(east))
    return EARTH_RADIUS_KM * np.column_stack((x, y))
