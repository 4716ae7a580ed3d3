"""
HiGHS stopped by CPU seconds: by itself it only knows the clock on the wall.
"""

from __future__ import annotations

import time
from typing import Any


def new_solver() -> Any:
    """HiGHS on one thread that prints nothing."""
    import highspy

    highs: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    for name, value in (("output_flag", False), ("threads", 1), ("parallel", "off")):
        highs.setOptionValue(name, value)
    return highs


def run_within(highs: Any, cpu_seconds: float, wall_seconds: float) -> None:
    """Run until it is done, or the thread has used so many CPU seconds, or the clock is up."""
    deadline = time.thread_time() + max(cpu_seconds, 0.05)

    def interrupt(event: Any) -> None:
        if time.thread_time() > deadline:
            event.interrupt()

    # An endless limit is one that HiGHS refuses.
    highs.setOptionValue("time_limit", min(max(wall_seconds, 0.05), 1e7))
    highs.cbMipInterrupt += interrupt
    highs.cbSimplexInterrupt += interrupt
    highs.run()
    highs.cbMipInterrupt -= interrupt
    highs.cbSimplexInterrupt -= interrupt
