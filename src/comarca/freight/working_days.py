"""
Which working days a truck is driven on.

A day driven every *k* days is first driven on one of the first *k*. Two such days meet exactly when
their first days agree modulo the greatest common divisor of their *k*, so a cycle as long as the
least common multiple of all *k* shows every meeting. On no day are more trucks of a type driven
than there are.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import inf, lcm

import numpy as np
from numpy.typing import NDArray


class WorkingDays:
    """
    How many trucks of each type a base has driven on each day of the cycle.

    Parameters
    ----------
    waits
        Every *k* there may be, 1 or more.
    """

    def __init__(self, waits: Iterable[int]) -> None:
        self._length = lcm(*waits)
        self._driven: dict[str, NDArray[np.int64]] = {}

    def places(self, vehicle_id: str, number: float, every_days: int) -> float:
        """How many more trucks of a type, each driven every so many days, there are."""
        if number == inf:
            return inf
        free = int(number) - self._busiest(vehicle_id, every_days)
        return float(np.maximum(free, 0).sum())

    def add(self, vehicle_id: str, every_days: int) -> int:
        """Have one more driven, first on the least busy day; tell that day, counted from 1."""
        first = int(np.argmin(self._busiest(vehicle_id, every_days)))
        self._driven[vehicle_id][first::every_days] += 1
        return first + 1

    def _busiest(self, vehicle_id: str, every_days: int) -> NDArray[np.int64]:
        """Trucks driven on the busiest day that each first day would lead to."""
        nothing = np.zeros(self._length, dtype=np.int64)
        driven = self._driven.setdefault(vehicle_id, nothing)
        return np.asarray(driven.reshape(-1, every_days).max(axis=0))
