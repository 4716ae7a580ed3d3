"""Scales, ticks and notes that charts with two axes share."""

from __future__ import annotations

import math
from collections.abc import Callable

from comarca.report import palette, svg

Scale = Callable[[float], float]
"""From a value to a place on the drawing."""
NOTE_SIZE = 12.0


def scale(low: float, high: float, start: float, end: float) -> Scale:
    """Lay the range from ``low`` to ``high`` evenly between two places."""
    return lambda value: start + (value - low) / (high - low) * (end - start)


def ticks(low: float, high: float) -> list[float]:
    """Four to eight round values within a range."""
    power = 10.0 ** math.floor(math.log10((high - low) / 4))
    step = next(power * size for size in (1, 2, 5, 10) if power * size * 7 >= high - low)
    return [step * n for n in range(math.ceil(low / step), math.floor(high / step) + 1)]


def note(told: str, x: float, y: float, anchor: str, *, fill: str = palette.QUIET) -> str:
    """Small words beside an axis or a mark; ``anchor`` is ``start``, ``middle`` or ``end``."""
    return svg.text(told, x, y, font_size=NOTE_SIZE, text_anchor=anchor, fill=fill)


def signed(value: float) -> str:
    """A difference to three places at most, with its sign; zero has none."""
    told = f"{value:+.3f}".rstrip("0").rstrip(".").replace("-", "−")
    return "0" if abs(value) < 0.0005 else told
