"""Rows and columns of a linear programme, by name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import highspy
import numpy as np

Key = tuple[Any, ...]


@dataclass
class Rows:
    """Rows by key, each with its limits."""

    at: dict[Key, int] = field(default_factory=dict)
    lower: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)

    def add(self, key: Key, lower: float, upper: float) -> None:
        """Add one."""
        self.at[key] = len(self.lower)
        self.lower.append(lower)
        self.upper.append(upper)


@dataclass
class Column:
    """A variable: its name, cost, entries by row key, limits, and whether it is whole."""

    name: Key
    cost: float
    entries: dict[Key, float]
    lower: float
    upper: float
    is_whole: bool


def programme_of(rows: Rows, columns: Sequence[Column]) -> highspy.Highs:
    """The programme for HiGHS, relaxed."""
    highs = highspy.Highs()
    highs.silent()
    highs.setOptionValue("threads", 1)
    n = len(rows.lower)
    nothing = np.zeros(0, dtype=np.int32)
    lower, upper = np.array(rows.lower), np.array(rows.upper)
    highs.addRows(n, lower, upper, 0, np.zeros(n, dtype=np.int32), nothing, np.zeros(0))
    add_columns(highs, rows, columns)
    return highs


def add_columns(highs: highspy.Highs, rows: Rows, columns: Sequence[Column]) -> None:
    """Add variables to a programme."""
    starts, index, values = [], [], []
    for column in columns:
        starts.append(len(index))
        index += [rows.at[key] for key in column.entries]
        values += list(column.entries.values())
    if columns:
        highs.addCols(
            len(columns),
            np.array([column.cost for column in columns], dtype=np.float64),
            np.array([column.lower for column in columns], dtype=np.float64),
            np.array([column.upper for column in columns], dtype=np.float64),
            len(index),
            np.array(starts, dtype=np.int32),
            np.array(index, dtype=np.int32),
            np.array(values, dtype=np.float64),
        )
