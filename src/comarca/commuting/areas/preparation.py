"""
What the rule asks of flows before it begins: exact sums, a stated order, and towns that take part.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from comarca.commuting.areas.engine.grouping import EXACT_PERSONS


def in_id_order(town_ids: Sequence[str]) -> NDArray[np.intp]:
    """
    Positions of towns in the order in which the rule takes them.

    By number when every id is a whole number (``"9"`` before ``"10"``), else by code point, as the
    C locale sorts.
    """
    if all(town.isascii() and town.isdigit() for town in town_ids):
        keys: Sequence[tuple[int, str] | str] = [(int(town), town) for town in town_ids]
    else:
        keys = town_ids
    return np.array(sorted(range(len(keys)), key=keys.__getitem__), dtype=np.intp)


def exact(persons: sparse.csr_array) -> sparse.csr_array:
    """Round fractions so far that sums of them are exact in any order; float64, no stored zeros."""
    rounded: sparse.csr_array = persons.astype(np.float64)
    if not np.issubdtype(persons.dtype, np.integer):
        rounded.data = np.round(rounded.data / EXACT_PERSONS) * EXACT_PERSONS
        rounded.eliminate_zeros()
    return rounded


def with_flows(persons: sparse.csr_array) -> NDArray[np.intp]:
    """
    Towns that take part: workers and jobs, and somebody who crosses the town's border.

    Leaving a town out takes its flows from the others, so the rule is repeated until it holds.
    """
    kept = np.arange(persons.shape[0])
    while True:
        residents = np.asarray(persons.sum(axis=1)).ravel()
        jobs = np.asarray(persons.sum(axis=0)).ravel()
        inside = persons.diagonal()
        takes_part = (residents > 0) & (jobs > 0) & ((inside != residents) | (inside != jobs))
        if takes_part.all():
            return kept
        keep = np.flatnonzero(takes_part)
        kept, persons = kept[keep], persons[keep, :][:, keep]
