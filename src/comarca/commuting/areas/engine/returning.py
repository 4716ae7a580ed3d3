"""
Tells when a state returns, which would go on for ever.

A running hash of who is where is held against that of one earlier state, which is renewed after
one, two, four, eight … steps; where they agree the states themselves are compared. So a round of
any length is found, with memory for one state. The hash follows the steps noted. Those of a group
broken up leave out that its towns wait meanwhile, which shifts the hash for good; but such a step
sets a town aside for ever, so no state from before it can return.

References
----------
.. [1] Brent, R. P. (1980). An improved Monte Carlo factorization algorithm. BIT 20.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from comarca.commuting.areas.engine.grouping import NOBODY, Grouping, Places
from comarca.commuting.areas.engine.steps import Steps
from comarca.compiled import compiled

_SPREAD = np.uint64(0x9E3779B97F4A7C15)
_FIRST_MIX = np.uint64(0xBF58476D1CE4E5B9)
_SECOND_MIX = np.uint64(0x94D049BB133111EB)


class Seen(NamedTuple):
    """
    One earlier state, and the hash of the present one.

    Parameters
    ----------
    group
        Group of each town in the earlier state.
    marks
        Hash now, hash then; shape ``(2,)``.
    counts
        Steps since then, steps after which it is renewed, steps already in the hash, and the group
        that was torn then; shape ``(4,)``.
    """

    group: Places
    marks: NDArray[np.uint64]
    counts: Places


@compiled
def watch(grouping: Grouping) -> Seen:
    """Remember the state as it is now."""
    return Seen(
        grouping.towns.group.copy(),
        np.zeros(2, dtype=np.uint64),
        np.array([0, 1, 0, NOBODY], dtype=np.int64),
    )


@compiled
def has_returned(seen: Seen, grouping: Grouping, steps: Steps, torn: int) -> bool:
    """Whether the grouping is as it was in the earlier state; call after each iteration."""
    for place in range(seen.counts[2], steps.n_noted[0]):
        step = steps.rows[place]
        seen.marks[0] ^= _mark(step.town, step.group) ^ _mark(step.town, step.destination)
    seen.counts[2] = steps.n_noted[0]
    seen.counts[0] += 1
    looks_alike = seen.marks[0] == seen.marks[1] and seen.counts[3] == torn
    if looks_alike and _are_equal(seen.group, grouping.towns.group):
        return True
    if seen.counts[0] == seen.counts[1]:
        seen.group[:] = grouping.towns.group
        seen.marks[1] = seen.marks[0]
        seen.counts[0] = 0
        seen.counts[1] *= 2
        seen.counts[3] = torn
    return False


@compiled
def _are_equal(one: Places, other: Places) -> bool:
    for place in range(len(one)):  # noqa: SIM110 - a plain loop compiles in a tenth of the time
        if one[place] != other[place]:
            return False
    return True


@compiled
def _mark(town: int, group: int) -> np.uint64:
    """Hash of one town's place: a step of the SplitMix64 generator."""
    value = np.uint64(town) * _SPREAD + np.uint64(group)
    value = (value ^ (value >> np.uint64(30))) * _FIRST_MIX
    value = (value ^ (value >> np.uint64(27))) * _SECOND_MIX
    return value ^ (value >> np.uint64(31))
