"""Shapes of any coordinate system in one plane around them, in metres."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from comarca.model.zones import Zones
from comarca.travel.sphere import unit_vectors
from comarca.units import EARTH_RADIUS_KM, M_PER_KM

FloatArray = NDArray[np.float64]
# A straight line of one system is a curve in another; over so short a step they are 0.1 m apart.
_STEP_M = 1_000.0


def shapes_in_plane(zones: Zones) -> NDArray[np.object_]:
    """
    Draw shapes in the azimuthal equidistant plane around their middle.

    Parameters
    ----------
    zones
        In any coordinate system, across the date line too.

    Returns
    -------
    numpy.ndarray
        Shapes in metres, in the order of the towns, shape ``(n_towns,)``. Lengths are true to 0.2 %
        up to 700 km from the middle, and to 2 % up to 2,000 km.
    """
    from pyproj import CRS, Transformer

    drawn = zones.shapes[~shapely.is_empty(zones.shapes)]
    if not len(drawn):
        return zones.shapes
    crs = CRS.from_user_input(zones.crs)
    degrees = _Degrees(crs)
    lat, lon = _middle(degrees.of(shapely.get_coordinates(shapely.centroid(drawn))))
    to_plane = Transformer.from_pipeline(
        "+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad "
        f"+step +proj=aeqd +lat_0={lat:.6f} +lon_0={lon:.6f} +ellps=WGS84"
    )
    fine = shapely.segmentize(zones.shapes, _STEP_M / _metres_a_unit(crs))
    in_plane: NDArray[Any] = shapely.transform(
        fine, lambda xy: np.column_stack(to_plane.transform(*degrees.of(xy).T))
    )
    return in_plane


class _Degrees:
    """
    Longitude and latitude of coordinates, on the datum they are given in.

    Who lies beside whom does not hang on the datum, and shifting it costs a search among dozens of
    ways to do so.
    """

    def __init__(self, crs: Any) -> None:
        from pyproj import Transformer

        geographic = crs.geodetic_crs
        self.unit = np.degrees(float(geographic.axis_info[0].unit_conversion_factor))
        self.transformer = Transformer.from_crs(crs, geographic, always_xy=True)

    def of(self, xy: FloatArray) -> FloatArray:
        """Degrees, longitude first, of coordinates of shape ``(n, 2)``."""
        lon_lat: FloatArray = np.column_stack(self.transformer.transform(xy[:, 0], xy[:, 1]))
        lon_lat *= self.unit
        return lon_lat


def _middle(lon_lat: FloatArray) -> tuple[float, float]:
    """Latitude and longitude of the mean of points on the globe, degrees."""
    x, y, z = unit_vectors(lon_lat[:, 1], lon_lat[:, 0]).mean(axis=0)
    return float(np.degrees(np.arctan2(z, np.hypot(x, y)))), float(np.degrees(np.arctan2(y, x)))


def _metres_a_unit(crs: Any) -> float:
    """Metres a unit of the first axis is long: about 111,000 for degrees."""
    unit = float(crs.axis_info[0].unit_conversion_factor)  # radians of an angle, metres of a length
    return unit * EARTH_RADIUS_KM * M_PER_KM if crs.is_geographic else unit
