"""Columns added to a programme of HiGHS, many at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np


def add_columns(
    highs: Any, starts: Sequence[int], index: Sequence[int], values: Sequence[float]
) -> None:
    """
    Add columns of 0 or more that cost nothing themselves.

    Parameters
    ----------
    highs
        Holds the programme.
    starts
        Where the entries of each column begin.
    index, values
        Rows of the entries, and what stands there.
    """
    n = len(starts)
    highs.addCols(
        n,
        np.zeros(n),
        np.zeros(n),
        np.full(n, np.inf),
        len(index),
        np.array(starts, dtype=np.int32),
        np.array(index, dtype=np.int32),
        np.array(values, dtype=np.float64),
    )
