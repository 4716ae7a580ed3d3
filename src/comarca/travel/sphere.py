"""Distances on the globe, and the plane around a region."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from comarca.units import EARTH_RADIUS_KM

FloatArray = NDArray[np.float64]

_JUST_BEFORE_ANTIPODE = 0.999


def great_circle_km(lat: FloatArray, lon: FloatArray) -> FloatArray:
    """
    Great-circle distances between all pairs of points.

    Parameters
    ----------
    lat, lon
        Degrees, shape ``(n,)``.

    Returns
    -------
    numpy.ndarray
        Kilometres, shape ``(n, n)``, symmetric, 0 on the diagonal; right across the date line, at
        the poles and between antipodes.
    """
    return great_circle_between_km(lat, lon, lat, lon)


def great_circle_between_km(
    lat: FloatArray, lon: FloatArray, to_lat: FloatArray, to_lon: FloatArray
) -> FloatArray:
    """
    Great-circle distances from some points to others.

    Parameters
    ----------
    lat, lon
        Degrees, shape ``(n,)``.
    to_lat, to_lon
        Degrees, shape ``(m,)``.

    Returns
    -------
    numpy.ndarray
        Kilometres, shape ``(n, m)``.

    References
    ----------
    .. [1] Sinnott, R. W. (1984). Virtues of the haversine. Sky and Telescope 68 (2), 159.
    """
    phi, theta = np.radians(lat)[:, None], np.radians(lon)[:, None]
    to_phi, to_theta = np.radians(to_lat)[None, :], np.radians(to_lon)[None, :]
    chord2 = np.sin((phi - to_phi) / 2) ** 2
    chord2 += np.cos(phi) * np.cos(to_phi) * np.sin((theta - to_theta) / 2) ** 2
    distance_km: FloatArray = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.minimum(chord2, 1.0)))
    return distance_km


@dataclass(frozen=True, eq=False, kw_only=True)
class Plane:
    """The plane around a middle, azimuthal equidistant: distances from the middle are true."""

    middle: FloatArray
    east: FloatArray
    north: FloatArray

    @classmethod
    def around(cls, points: FloatArray) -> Plane:
        """Centre it on the mean of unit vectors, shape ``(n, 3)``."""
        mean = points.mean(axis=0)
        length = np.linalg.norm(mean)
        # Towns all around the globe have no middle; any of them will do.
        middle = mean / length if length > 1e-6 else points[0]
        axis = np.array([0.0, 0.0, 1.0]) if abs(middle[2]) < 0.9 else np.array([1.0, 0.0, 0.0])
        east = np.cross(axis, middle)
        east /= np.linalg.norm(east)
        return cls(middle=middle, east=east, north=np.cross(middle, east))

    @property
    def middle_lon(self) -> float:
        """Longitude of the middle, degrees."""
        return float(np.degrees(np.arctan2(self.middle[1], self.middle[0])))

    def of(self, lat: FloatArray, lon: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Plane coordinates, km."""
        points = unit_vectors(lat, lon)
        along = np.clip(points @ self.middle, -1, 1)
        angle = np.arccos(along)
        # sin(angle)/angle, 1 at the middle; the antipode is a circle, of which any point will do.
        stretch = EARTH_RADIUS_KM / np.sinc(np.minimum(angle / np.pi, _JUST_BEFORE_ANTIPODE))
        return (points @ self.east) * stretch, (points @ self.north) * stretch

    def back(self, x: FloatArray, y: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Degrees of plane coordinates."""
        angle = np.hypot(x, y) / EARTH_RADIUS_KM
        shrink = np.sinc(angle / np.pi) / EARTH_RADIUS_KM
        z = np.cos(angle) * self.middle[2] + shrink * (x * self.east[2] + y * self.north[2])
        e = np.cos(angle) * self.middle[0] + shrink * (x * self.east[0] + y * self.north[0])
        n = np.cos(angle) * self.middle[1] + shrink * (x * self.east[1] + y * self.north[1])
        return np.degrees(np.arcsin(np.clip(z, -1, 1))), np.degrees(np.arctan2(n, e))


def unit_vectors(lat: FloatArray, lon: FloatArray) -> FloatArray:
    """Points on the unit sphere, shape ``(..., 3)``, of degrees of shape ``(...)``."""
    phi, theta = np.radians(lat), np.radians(lon)
    return np.stack((np.cos(phi) * np.cos(theta), np.cos(phi) * np.sin(theta), np.sin(phi)), -1)
