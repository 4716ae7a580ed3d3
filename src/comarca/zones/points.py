"""
Neighbours of towns known as points: those whose Voronoi cells touch, unless they lie far apart.

Cells of towns at the rim of a region reach to infinity and touch along the sea. So a pair counts
only within a reach that follows how thickly towns lie: ``reach_factor`` times the distance to the
third nearest town, of whichever of the two has it farther.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.spatial import Delaunay, KDTree, QhullError

from comarca.errors import ParameterError
from comarca.model.contiguity import Contiguity
from comarca.travel.sphere import Plane, unit_vectors
from comarca.units import EARTH_RADIUS_KM
from comarca.zones.joining import joined, told_islands
from comarca.zones.params import ContiguityParams

FloatArray = NDArray[np.float64]
_SAME_PLACE_DECIMALS = 3  # of a km: towns within a metre lie in one place
_NEAREST = 3  # of which the reach is a multiple: one near neighbour may be chance


def contiguity_from_points(
    town_ids: Sequence[str],
    lat: FloatArray,
    lon: FloatArray,
    params: ContiguityParams | None = None,
    *,
    names: Mapping[str, str] | None = None,
) -> Contiguity:
    """
    Tell which towns are likely to lie side by side.

    Parameters
    ----------
    town_ids
        Each once.
    lat, lon
        Degrees, WGS 84, shape ``(n_towns,)``. Towns in one place are neighbours and share theirs.
    params
        When two count as neighbours; the defaults when not given.
    names
        By town, for the warnings.

    Returns
    -------
    Contiguity
        Without lengths of borders; its warnings name the towns without neighbours.

    Raises
    ------
    ParameterError
        When a place is missing, or off the globe.

    References
    ----------
    .. [1] Okabe, A., Boots, B., Sugihara, K. and Chiu, S. N. (2000). Spatial tessellations:
           concepts and applications of Voronoi diagrams. 2nd edition, Wiley.
    """
    params = params or ContiguityParams()
    ids = tuple(town_ids)
    lat, lon = _checked_places(ids, lat, lon)
    if not ids:
        return Contiguity(town_ids=ids, adjacent=sparse.csr_array((0, 0)), source="voronoi")
    points = unit_vectors(lat, lon)
    contiguity = Contiguity(
        town_ids=ids,
        adjacent=_adjacent(np.column_stack(Plane.around(points).of(lat, lon)), params.reach_factor),
        source="voronoi",
    )
    whole = joined(
        contiguity,
        params.join,
        lambda part, rest: _nearest(points, part, rest),
        np.ones(len(ids), dtype=bool),
    )
    return replace(whole, warnings=told_islands(whole, "", dict(names or {})))


def _checked_places(
    ids: Sequence[str], lat: FloatArray, lon: FloatArray
) -> tuple[FloatArray, FloatArray]:
    lat, lon = np.asarray(lat, dtype=np.float64), np.asarray(lon, dtype=np.float64)
    if lat.shape != (len(ids),) or lon.shape != (len(ids),):
        raise ParameterError(f"{lat.shape} and {lon.shape} places for {len(ids):,} towns.")
    is_placed = (np.abs(lat) <= 90) & (np.abs(lon) <= 180)  # false for nan
    if not is_placed.all():
        at = int(is_placed.argmin())
        raise ParameterError(f"{ids[at]} lies at {lat[at]:g}, {lon[at]:g}; expected degrees.")
    return lat, lon


def _adjacent(points_km: FloatArray, reach_factor: float) -> sparse.csr_array:
    """Neighbours among points of the plane, shape ``(n_towns, n_towns)``."""
    places, place_of = np.unique(
        np.round(points_km, _SAME_PLACE_DECIMALS), axis=0, return_inverse=True
    )
    pairs = _within_reach(places, _delaunay_pairs(places), reach_factor)
    n_places, n_towns = len(places), len(points_km)
    beside = sparse.csr_array(
        (np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(n_places, n_places)
    )
    beside = beside + beside.T + sparse.eye_array(n_places)  # towns of one place are neighbours
    lies_at = sparse.csr_array(
        (np.ones(n_towns), (place_of, np.arange(n_towns))), shape=(n_places, n_towns)
    )
    towns = sparse.coo_array(lies_at.T @ beside @ lies_at)
    is_pair = towns.row != towns.col
    rows, columns = towns.row[is_pair], towns.col[is_pair]
    return sparse.csr_array(
        (np.ones(len(rows), dtype=bool), (rows, columns)), shape=(n_towns, n_towns)
    )


def _delaunay_pairs(places: FloatArray) -> NDArray[np.intp]:
    """
    Pairs of different places whose Voronoi cells touch, shape ``(n_pairs, 2)``.

    The edges of the Delaunay triangulation; a chain where all places lie in one line.
    """
    try:
        corners = Delaunay(places).simplices
    except (QhullError, ValueError):  # fewer than three places, or all in one line
        along = np.lexsort(places.T[::-1])
        return np.column_stack([along[:-1], along[1:]])
    edges = np.concatenate([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [0, 2]]])
    return np.unique(np.sort(edges, axis=1), axis=0).astype(np.intp)


def _within_reach(
    places: FloatArray, pairs: NDArray[np.intp], reach_factor: float
) -> NDArray[np.intp]:
    nearest = min(_NEAREST, len(places) - 1)
    if not len(pairs):
        return pairs
    distance_km, _ = KDTree(places).query(places, nearest + 1)
    reach_km = reach_factor * np.asarray(distance_km)[:, nearest]
    apart_km = np.linalg.norm(places[pairs[:, 0]] - places[pairs[:, 1]], axis=1)
    is_near = apart_km <= np.maximum(reach_km[pairs[:, 0]], reach_km[pairs[:, 1]])
    near: NDArray[np.intp] = pairs[is_near]
    return near


def _nearest(
    points: FloatArray, part: NDArray[np.intp], rest: NDArray[np.intp]
) -> tuple[int, int, float]:
    """Nearest pair between two groups of points of the unit sphere, and the km between them."""
    chord, other = map(np.asarray, KDTree(points[rest]).query(points[part]))
    at = int(np.argmin(chord))
    distance_km = 2 * EARTH_RADIUS_KM * float(np.arcsin(chord[at] / 2))
    return int(part[at]), int(rest[other[at]]), distance_km
