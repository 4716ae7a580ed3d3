"""What trips cost by vehicle: so much a kilometre, and so much an hour."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from comarca.errors import ParameterError
from comarca.model.matrices import TravelMatrix
from comarca.units import MIN_PER_H

Float32 = NDArray[np.float32]


def trip_costs(travel: TravelMatrix, *, cost_per_km: float, cost_per_h: float) -> Float32:
    """
    Price every trip of a matrix.

    Parameters
    ----------
    travel
        Times and distances.
    cost_per_km, cost_per_h
        Of the vehicle, the driver included where he is paid; 0 or more.

    Returns
    -------
    numpy.ndarray
        ``cost[origin, destination]``, one way, in the currency of the rates; ``inf`` where there is
        no way, whatever the rates.

    Raises
    ------
    ParameterError
        When a rate is negative or missing.
    """
    for name, rate in (("cost_per_km", cost_per_km), ("cost_per_h", cost_per_h)):
        if not (rate >= 0 and np.isfinite(rate)):
            raise ParameterError(f"{name} is {rate}; expected 0 or more.")
    is_way = np.isfinite(travel.time_min)
    cost = np.full(travel.time_min.shape, np.inf, dtype=np.float32)
    cost[is_way] = travel.distance_km[is_way] * cost_per_km + travel.time_min[is_way] * (
        cost_per_h / MIN_PER_H
    )
    return cost


def vehicle_costs(travel: TravelMatrix, vehicles: pd.DataFrame) -> Mapping[str, Float32]:
    """
    Price every trip for each vehicle of a region.

    Parameters
    ----------
    travel
        Times and distances of light trucks.
    vehicles
        The table ``vehicles``: ``vehicle_id``, ``cost_per_km``, ``cost_per_h``.

    Returns
    -------
    Mapping[str, numpy.ndarray]
        As :func:`trip_costs`, by vehicle id.

    Raises
    ------
    ParameterError
        When a vehicle lacks a rate.
    """
    return {
        str(row["vehicle_id"]): trip_costs(
            travel,
            cost_per_km=float(row["cost_per_km"]),
            cost_per_h=float(row["cost_per_h"]),
        )
        for row in vehicles.astype({"cost_per_km": float, "cost_per_h": float}).to_dict("records")
    }
