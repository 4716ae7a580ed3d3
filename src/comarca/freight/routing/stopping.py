"""
When a search stops: by seconds, by iterations, by gap, whichever comes first.

Seconds are CPU seconds of one thread. A machine that is busy with something else takes longer than
that by the clock on the wall, so a wall limit holds as well. Stopped by iterations alone, a search
takes the same steps on every machine.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from math import inf

from comarca.errors import ParameterError

WALL_PER_CPU = 3.0
"""Wall seconds allowed for each CPU second, where nobody says otherwise."""


@dataclass(frozen=True, kw_only=True)
class RoutingStop:
    """
    When to stop; at least one of seconds and iterations.

    Parameters
    ----------
    seconds
        CPU seconds of one thread.
    iterations
        Steps of the search in all.
    gap
        Stop when cost is proven to be within this share of the optimum, 0 or more.
    wall_seconds
        Seconds by the clock; by default three times ``seconds``.
    """

    seconds: float | None = None
    iterations: int | None = None
    gap: float | None = None
    wall_seconds: float | None = None

    def __post_init__(self) -> None:
        faults = [
            f"{name} is {value}; expected more than 0."
            for name in ("seconds", "iterations", "wall_seconds")
            if (value := getattr(self, name)) is not None and not value > 0
        ]
        if self.gap is not None and not self.gap >= 0:
            faults.append(f"gap is {self.gap}; expected 0 or more.")
        if self.seconds is None and self.iterations is None:
            faults.append("neither seconds nor iterations is given; expected one of them.")
        if faults:
            raise ParameterError("\n".join(faults))


class Clock:
    """What a run has used of its stopping rule."""

    def __init__(self, stop: RoutingStop, threads: int) -> None:
        self.stop = stop
        self.threads = threads
        self.steps = 0
        self._cpu, self._wall = time.process_time(), time.monotonic()
        wall = stop.wall_seconds
        if wall is None:
            wall = inf if stop.seconds is None else WALL_PER_CPU * stop.seconds
        self._deadline = self._wall + wall
        self._wall_limit = wall

    def cpu_s(self) -> float:
        """CPU seconds used, for each thread."""
        return (time.process_time() - self._cpu) / self.threads

    def wall_s(self) -> float:
        """Seconds by the clock."""
        return time.monotonic() - self._wall

    def seconds_left(self) -> float:
        """CPU seconds left, inf where only iterations count."""
        if self.is_late():
            return 0.0
        return inf if self.stop.seconds is None else max(self.stop.seconds - self.cpu_s(), 0.0)

    def wall_left(self) -> float:
        """Seconds left by the clock on the wall."""
        return max(self._deadline - time.monotonic(), 0.0)

    def wall_for(self, cpu_seconds: float) -> float:
        """Seconds by the clock that so many CPU seconds take, as busy as the machine is."""
        if self.stop.seconds is None:
            return self.wall_left()
        pace = max(self.wall_s() / max(self.cpu_s(), 1e-3), 1.0)
        return min(self.wall_left(), pace * cpu_seconds)

    def steps_left(self) -> float:
        """Steps left, inf where only time counts."""
        return inf if self.stop.iterations is None else max(self.stop.iterations - self.steps, 0)

    def is_late(self) -> bool:
        """Whether the clock on the wall says stop."""
        return time.monotonic() >= self._deadline

    def why(self) -> str:
        """Which rule ends the run."""
        if self.steps_left() <= 0 or self.stop.seconds is None:
            return "wall" if self.is_late() else "iterations"
        return "wall" if self.is_late() else "seconds"
