"""Small road worlds drawn by hand: points by kilometres east and north of 0° N, 0° E."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from comarca.io.osm_tags import node_of, way_of
from comarca.io.road_ways import WayRows
from comarca.model.roads import RoadLines, RoadNetwork
from comarca.travel.roads import RoadParams, build_network
from comarca.units import EARTH_RADIUS_KM

KM_PER_DEGREE = np.pi / 180 * EARTH_RADIUS_KM

Points = Mapping[str, tuple[float, float]]

PLAIN = RoadParams(
    share_of_limit=1.0,
    give_way_min=0.0,
    signal_min=1.0,
    barrier_min=2.0,
    ferry_wait_min=15.0,
    least_piece_km=0.0,
    rough_km_per_h=10.0,
    rough_circuity=1.0,
    limit_km_per_h={"urban": 50, "rural": 200, "trunk": 200, "motorway": 200},
    car_top_speed_km_per_h=200.0,
)
"""Speeds are limits, and nothing is lost at junctions: times to be computed on paper."""


def degrees(x_km: float, y_km: float) -> tuple[float, float]:
    """Latitude and longitude of a place so far east and north of 0°, 0°."""
    return y_km / KM_PER_DEGREE, x_km / KM_PER_DEGREE


def lines(
    points: Points,
    roads: Sequence[tuple[str, Mapping[str, str]]],
    signs: Mapping[str, Mapping[str, str]] | None = None,
) -> RoadLines:
    """
    Roads through named points: ``[("a b c", {"maxspeed": "60"})]``; way 1 is the first.

    Roads are secondary unless their tags say otherwise.
    """
    names = list(points)
    rows, first, at = WayRows(), [0], []
    for number, (through, tags) in enumerate(roads, start=1):
        way = way_of({"highway": "secondary", **tags} if "route" not in tags else dict(tags))
        assert way is not None, f"{through} is no road: {tags}"
        rows.add(number, way)
        at += [names.index(name) for name in through.split()]
        first.append(len(at))
    places = np.array([degrees(*points[name]) for name in names])
    told = [node_of((signs or {}).get(name, {})) for name in names]
    return RoadLines(
        ways=rows.ways(),
        first=np.array(first),
        points=np.array(at),
        lat=np.round(places[:, 0] * 1e7).astype(np.int32),
        lon=np.round(places[:, 1] * 1e7).astype(np.int32),
        stop=np.array([stop for stop, _ in told], dtype=np.uint8),
        blocked=np.array([blocked for _, blocked in told], dtype=np.uint8),
        names=rows.names(),
        source="drawn by hand",
    )


def network(
    points: Points,
    roads: Sequence[tuple[str, Mapping[str, str]]],
    signs: Mapping[str, Mapping[str, str]] | None = None,
) -> RoadNetwork:
    """The same as a graph."""
    return build_network(lines(points, roads, signs))


def towns(places: Points) -> pd.DataFrame:
    """Towns by name at kilometres east and north."""
    at = np.array([degrees(*place) for place in places.values()])
    index = pd.Index(list(places), name="town_id", dtype="string")
    return pd.DataFrame(
        {"name": [name.title() for name in places], "lat": at[:, 0], "lon": at[:, 1]}, index=index
    )
