"""What prices of trips prove of the rounds of a base."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class TripBound:
    """
    The rounds of a base cost ``visit · x + worker · n − constant`` at least, currency a day.

    Parameters
    ----------
    visit
        Of each workshop that stands, by option: its visits are counted already.
    worker
        Of each worker, by option.
    constant
        Currency a day; 0 unless trucks are few.
    """

    base: int
    visit: Floats
    worker: Floats
    constant: float
