"""
Packing trips into shifts.

The classes of the trips of one shift, each rounded down, never add up to more than all classes. A
pattern says how many trips of each class a shift takes; a place for a long trip may be used by a
shorter one.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def best_pattern(price_of_time: Floats) -> tuple[dict[int, int], float]:
    """
    The trips that are worth most together in one shift.

    Parameters
    ----------
    price_of_time
        Of a trip by class of duration, shape ``(classes + 1,)``, never falling; that of class 0
        must be 0, since a shift takes any number of such trips.

    Returns
    -------
    tuple[dict[int, int], float]
        Trips by class, and what they are worth.
    """
    classes = len(price_of_time) - 1
    worth, last = np.zeros(classes + 1), np.zeros(classes + 1, dtype=np.int64)
    for room in range(1, classes + 1):
        # Of equal ones the longest trip, so that few and long places are kept.
        offers = worth[room - 1 :: -1][:room] + price_of_time[1 : room + 1]
        at = room - 1 - int(np.argmax(offers[::-1]))
        worth[room], last[room] = offers[at], at + 1
    pattern: dict[int, int] = {}
    room = classes
    while room > 0 and worth[room] > 0:
        taken = int(last[room])
        pattern[taken] = pattern.get(taken, 0) + 1
        room -= taken
    return pattern, float(worth[classes])


def first_patterns(classes: int) -> list[dict[int, int]]:
    """As many trips of each class as a shift takes, alone."""
    return [{each: classes // each} for each in range(1, classes + 1)]
