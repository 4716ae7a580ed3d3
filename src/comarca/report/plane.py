"""
From degrees to a flat sheet in kilometres, and the patches of land that belong to towns.

Assumptions: a region is small enough that one scale holds over the sheet (the cosine of its middle
latitude); towns across the date line lie side by side, not a world apart.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from comarca.model.partition import Partition
from comarca.model.region import Region, values_of
from comarca.units import EARTH_RADIUS_KM

KM_PER_DEGREE = math.pi * EARTH_RADIUS_KM / 180
Points = NDArray[np.float64]
SLIT = 0.1  # km; what is narrower between two patches of an area is closed


@dataclass(frozen=True, eq=False)
class Sheet:
    """
    A region laid flat.

    Parameters
    ----------
    lon_0, lat_0
        Middle of the sheet, degrees.
    """

    lon_0: float
    lat_0: float

    @classmethod
    def of(cls, region: Region) -> Sheet:
        """The sheet in whose middle the towns lie."""
        return cls.around(values_of(region.towns, "lon"), values_of(region.towns, "lat"))

    @classmethod
    def around(cls, lon: Points, lat: Points) -> Sheet:
        """The sheet in whose middle some places lie, degrees."""
        turns = np.exp(1j * np.radians(lon))
        middle = float(np.degrees(np.angle(turns.mean())))
        around = unwrapped(lon, middle)
        return cls(float(around.min() + around.max()) / 2, float(lat.min() + lat.max()) / 2)

    @property
    def km_per_degree_lon(self) -> float:
        """Length of a degree of longitude in the middle of the sheet."""
        return KM_PER_DEGREE * max(math.cos(math.radians(self.lat_0)), 0.01)

    def flat(self, lon: Points, lat: Points) -> Points:
        """Degrees to kilometres east and north of the middle, shape ``(n, 2)``."""
        east = (unwrapped(lon, self.lon_0) - self.lon_0) * self.km_per_degree_lon
        return np.column_stack((east, (np.asarray(lat) - self.lat_0) * KM_PER_DEGREE))

    def degrees(self, km: Points) -> Points:
        """Kilometres back to degrees, shape ``(n, 2)``; longitudes may run past 180."""
        return np.column_stack(
            (km[:, 0] / self.km_per_degree_lon + self.lon_0, km[:, 1] / KM_PER_DEGREE + self.lat_0)
        )

    def towns(self, region: Region) -> Points:
        """Places of the towns on the sheet, km, shape ``(n_towns, 2)``."""
        return self.flat(values_of(region.towns, "lon"), values_of(region.towns, "lat"))


def unwrapped(lon: Points, middle: float) -> Points:
    """Longitudes within half a turn of the middle."""
    return middle + (np.asarray(lon, dtype=np.float64) - middle + 180) % 360 - 180


def patches(places: Points, land: Any | None = None) -> Sequence[Any]:
    """
    The land nearer to each town than to any other.

    Parameters
    ----------
    places
        Places of towns, km, shape ``(n, 2)``; towns in one spot share a patch, the first has it.
    land
        Polygon on the sheet that patches must not leave, but for a speck around a town outside;
        ``None`` where no outline is known.

    Returns
    -------
    sequence of shapely geometries
        One a town, perhaps empty; none reaches farther than a few times the usual distance
        between neighbours, so that empty country stays empty.
    """
    import shapely

    spots, first = np.unique(np.round(places, 3), axis=0, return_index=True)
    radius = reach_of_patch(places)
    discs = shapely.buffer(shapely.points(spots), radius, quad_segs=6)
    if len(spots) > 1:
        around = shapely.union_all(shapely.box(*shapely.bounds(discs).T)).envelope
        cells = shapely.voronoi_polygons(
            shapely.multipoints(spots), extend_to=around, ordered=True
        ).geoms
        discs = shapely.intersection(np.array(list(cells)), discs)
    found = np.full(len(places), shapely.Polygon(), dtype=object)
    found[first] = discs
    if land is None:
        return list(found)
    # An islet that the outline does not know still has a place on the map.
    specks = shapely.buffer(shapely.points(places), radius / 8, quad_segs=6)
    # Most patches lie inland, and asking whether one does is far cheaper than cutting it.
    shapely.prepare(land)
    cut, at_edge = found.copy(), ~shapely.contains_properly(land, found)
    cut[at_edge] = shapely.intersection(found[at_edge], land)
    return [
        speck if part.is_empty and not own.is_empty else part
        for part, own, speck in zip(cut, found, specks, strict=True)
    ]


def reach_of_patch(places: Points) -> float:
    """How far a patch may reach from its town, km: four times the median way to the nearest."""
    from scipy.spatial import cKDTree

    if len(places) < 2:
        return 1.0
    nearest = np.asarray(cKDTree(places).query(places, k=2)[0])[:, 1]
    apart = nearest[nearest > 0]
    span = float(np.ptp(places, axis=0).max())
    usual = float(np.median(apart)) if len(apart) else 1.0
    return max(4 * usual, span / 40)


def grounds(region: Region, partition: Partition, towns: Sequence[Any]) -> Mapping[str, Any]:
    """Patches of each area's towns joined, by area; ``towns`` in the order of the region."""
    import shapely

    by_area: dict[str, list[Any]] = {area.area_id: [] for area in partition.areas}
    for town, patch in zip(region.town_ids, towns, strict=True):
        area_id = partition.area_of.get(town)
        if area_id is not None and not patch.is_empty:
            by_area[area_id].append(patch)
    return {
        area_id: _without_slits(shapely.union_all(parts, grid_size=0.001))
        for area_id, parts in by_area.items()
        if parts
    }


def _without_slits(ground: Any) -> Any:
    """Close what is too thin to be seen as more than a stray line: land that no patch reaches."""
    import shapely

    wider = shapely.buffer(ground, SLIT / 2, join_style="mitre")
    return shapely.buffer(wider, -SLIT / 2, join_style="mitre")


def tints(grounds_of: Mapping[str, Any], n_tints: int) -> Mapping[str, int]:
    """Number a tint for each area so that neighbours differ where the palette allows."""
    import shapely

    ids = sorted(grounds_of, key=lambda area: (-grounds_of[area].area, area))
    shapes = np.array([grounds_of[area] for area in ids], dtype=object)
    if not ids:
        return {}
    tree = shapely.STRtree(shapes)
    chosen: dict[int, int] = {}
    left, right = tree.query(shapes, predicate="dwithin", distance=0.01)
    neighbours: dict[int, set[int]] = {i: set() for i in range(len(ids))}
    for one, other in zip(left.tolist(), right.tolist(), strict=True):
        if one != other:
            neighbours[one].add(other)
    used = [0] * n_tints
    for i in range(len(ids)):
        taken = {chosen[j] for j in neighbours[i] if j in chosen}
        free = [tint for tint in range(n_tints) if tint not in taken] or list(range(n_tints))
        chosen[i] = min(free, key=lambda tint: (used[tint], tint))
        used[chosen[i]] += 1
    return {ids[i]: tint for i, tint in chosen.items()}
