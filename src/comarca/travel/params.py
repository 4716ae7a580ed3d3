"""What travel between towns is assumed to be like where neither roads nor a table tell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import model_validator

from comarca.model.matrices import Mode
from comarca.model.parameters import Params, assumed, contradiction
from comarca.units import MIN_PER_H


@dataclass(frozen=True, kw_only=True)
class SpeedBands:
    """
    Speed by how far into the trip: each successive kilometre at the speed of its band.

    Parameters
    ----------
    ends_km
        Where each band but the last ends, km, ascending.
    speeds_km_per_h
        Speed in each band, km/h, above 0; one more than ``ends_km``.
    access_min
        Minutes added to every trip, 0 or more.
    """

    ends_km: tuple[float, ...]
    speeds_km_per_h: tuple[float, ...]
    access_min: float = 0.0

    def time_min(self, distance_km: NDArray[np.floating]) -> NDArray[np.float64]:
        """
        Time of trips of these lengths.

        Parameters
        ----------
        distance_km
            Kilometres along the way, any shape, 0 or more; ``inf`` where there is none.

        Returns
        -------
        numpy.ndarray
            Minutes, same shape; strictly grows with distance, ``inf`` where there is no way.
        """
        time_min = np.full(np.shape(distance_km), self.access_min, dtype=np.float64)
        starts_km = (0.0, *self.ends_km)
        ends_km = (*self.ends_km, np.inf)
        for start_km, end_km, speed in zip(starts_km, ends_km, self.speeds_km_per_h, strict=True):
            inside_km = np.clip(distance_km, start_km, end_km) - start_km
            time_min += inside_km * (MIN_PER_H / speed)
        return time_min


class TravelParams(Params):
    """
    How far and how fast between towns where no roads and no table are given.

    Parameters
    ----------
    router
        ``"osrm"`` or ``"valhalla"``: who tells the ways instead of the region's roads or the
        circle; ``"none"`` for neither.
    router_at
        Where it is: the address of a server on the user's own host, such as
        ``"http://localhost:5000"``, or what its library reads: a prepared ``.osrm``, or Valhalla's
        configuration.
    band_short_km, band_middle_km
        Where the first and the second band of speed end, km, above 0, the second farther.
    open_water_km
        Longest stretch of water a straight leg may cross, km, above 0.
    coast_snap_km
        How far off the drawn coast a town may lie and still count as on land, km, 0 or more.
    car_circuity, bus_circuity, truck_circuity
        Length of the way over the great circle, 1 or more.
    car_speed_short_km_per_h, ...
        Speed by mode in the first, the second and the last band, km/h, above 0.
    car_access_min, bus_access_min, truck_access_min
        Minutes added to every trip, 0 or more.

    Raises
    ------
    ParameterError
        When a value is outside its range, or the bands are out of order.
    """

    router: Literal["none", "osrm", "valhalla"] = "none"
    router_at: str = ""
    band_short_km: float = assumed("travel.band_short_km", gt=0)
    band_middle_km: float = assumed("travel.band_middle_km", gt=0)
    open_water_km: float = assumed("travel.open_water_km", gt=0)
    coast_snap_km: float = assumed("travel.coast_snap_km", ge=0)
    car_circuity: float = assumed("travel.car.circuity", ge=1)
    car_speed_short_km_per_h: float = assumed("travel.car.speed_short_km_per_h", gt=0)
    car_speed_middle_km_per_h: float = assumed("travel.car.speed_middle_km_per_h", gt=0)
    car_speed_long_km_per_h: float = assumed("travel.car.speed_long_km_per_h", gt=0)
    car_access_min: float = assumed("travel.car.access_min", ge=0)
    bus_circuity: float = assumed("travel.bus.circuity", ge=1)
    bus_speed_short_km_per_h: float = assumed("travel.bus.speed_short_km_per_h", gt=0)
    bus_speed_middle_km_per_h: float = assumed("travel.bus.speed_middle_km_per_h", gt=0)
    bus_speed_long_km_per_h: float = assumed("travel.bus.speed_long_km_per_h", gt=0)
    bus_access_min: float = assumed("travel.bus.access_min", ge=0)
    truck_circuity: float = assumed("travel.truck.circuity", ge=1)
    truck_speed_short_km_per_h: float = assumed("travel.truck.speed_short_km_per_h", gt=0)
    truck_speed_middle_km_per_h: float = assumed("travel.truck.speed_middle_km_per_h", gt=0)
    truck_speed_long_km_per_h: float = assumed("travel.truck.speed_long_km_per_h", gt=0)
    truck_access_min: float = assumed("travel.truck.access_min", ge=0)

    @model_validator(mode="after")
    def _bands_ascend(self) -> Self:
        if self.band_middle_km <= self.band_short_km:
            raise contradiction(
                "band_middle_km",
                f"{self.band_middle_km:g}",
                f"more than band_short_km ({self.band_short_km:g})",
            )
        return self

    @model_validator(mode="after")
    def _router_is_somewhere(self) -> Self:
        if (self.router == "none") != (self.router_at == ""):
            raise contradiction(
                "router_at",
                f'"{self.router_at}"',
                "an address or a file beside a router, and none without one",
            )
        return self

    def circuity(self, mode: Mode) -> float:
        """Length of a mode's way over the great circle."""
        return float(getattr(self, f"{mode}_circuity"))

    def speeds(self, mode: Mode) -> SpeedBands:
        """A mode's speed by distance band."""
        bands = ("short", "middle", "long")
        return SpeedBands(
            ends_km=(self.band_short_km, self.band_middle_km),
            speeds_km_per_h=tuple(getattr(self, f"{mode}_speed_{b}_km_per_h") for b in bands),
            access_min=getattr(self, f"{mode}_access_min"),
        )
