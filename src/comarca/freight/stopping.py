"""When a search stops: by time, or when the gap is small enough; counts are in the parameters."""

from __future__ import annotations

import time

from comarca.freight.params import FreightParams

LEAST_S = 0.1


class Stopping:
    """
    A clock that starts when it is made, and the gap to stop at.

    Parameters
    ----------
    params
        ``time_limit_s``, ``stop_gap`` and ``mip_gap``.
    """

    def __init__(self, params: FreightParams) -> None:
        self._limit = params.time_limit_s
        self._gap = max(params.mip_gap, params.stop_gap or 0.0)
        self._started = time.monotonic()

    def is_out_of_time(self) -> bool:
        """Whether the time set has run out."""
        left = self.seconds_left()
        return left is not None and left <= LEAST_S

    def seconds_left(self) -> float | None:
        """Seconds left, a few moments at least; ``None`` without a limit."""
        if self._limit is None:
            return None
        return max(self._limit - (time.monotonic() - self._started), LEAST_S)

    def is_near_enough(self, score: float, bound: float) -> bool:
        """Whether the gap between a plan and the bound is small enough to stop."""
        return bound - score <= self._gap * abs(bound)
