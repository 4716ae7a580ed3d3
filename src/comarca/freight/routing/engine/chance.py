"""
Chance of a search's own: the same seed gives the same draws on every machine and in every thread.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from comarca.compiled import compiled_in_place

Chance = NDArray[np.uint64]

_SHIFTS = (np.uint64(12), np.uint64(25), np.uint64(27), np.uint64(11))
_FACTOR = np.uint64(2685821657736338717)
_UNIT = 1.0 / 9007199254740992.0  # 2^-53
_MIX = 0x9E3779B97F4A7C15  # a golden section of 2^64, as splitmix64 steps


def chance(seed: int, stream: int = 0) -> Chance:
    """A state for the draws of one search, shape ``(1,)``."""
    drawn = np.random.SeedSequence([seed, stream, _MIX]).generate_state(1, np.uint64)
    return drawn.astype(np.uint64) | np.uint64(1)


@compiled_in_place
def draw(state: Any) -> Any:
    """A number in [0, 1) (xorshift64*, Vigna 2016)."""
    x = state[0]
    x ^= x >> _SHIFTS[0]
    x ^= x << _SHIFTS[1]
    x ^= x >> _SHIFTS[2]
    state[0] = x
    return np.float64((x * _FACTOR) >> _SHIFTS[3]) * _UNIT


@compiled_in_place
def draw_below(state: Any, limit: Any) -> Any:
    """A whole number in [0, limit)."""
    return np.int64(draw(state) * limit)
