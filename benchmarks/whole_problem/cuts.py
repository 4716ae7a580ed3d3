"""
Premises that cannot be shared out among trips as the relaxation shares them (subset-row cuts).

Of the premises of a set *S* that one visit a day is made to, a trip that serves ``a`` takes
``⌊a / k⌋`` of ``⌊|S| / k⌋``: each is served once, so Chvátal and Gomory's rounding of a *k*-th of
the sum of their rows holds for every plan. Premises with several visits count for nothing.

References
----------
.. [1] Jepsen, M., Petersen, B., Spoorendonk, S. and Pisinger, D. (2008). Subset-row inequalities
       applied to the vehicle-routing problem with time windows. Operations Research 56(2), 497-511.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
KINDS = ((3, 2), (5, 2), (5, 3))
"""Premises in the set, and *k*."""
VIOLATED, MOST_AT_ONCE = 0.02, 20


@dataclass(frozen=True, order=True)
class Cut:
    """Premises as a bit pattern, and *k*."""

    premises: int
    divisor: int

    @property
    def most(self) -> int:
        """What all trips take together at most."""
        return self.premises.bit_count() // self.divisor

    def taken(self, once: int) -> int:
        """What a trip takes that serves so these premises of one visit a day."""
        return (self.premises & once).bit_count() // self.divisor


def broken(
    once: NDArray[np.int64], driven: NDArray[np.float64], known: Collection[Cut]
) -> list[Cut]:
    """
    The cuts that are broken most.

    Parameters
    ----------
    once
        Premises of one visit a day that each trip serves, as bit patterns.
    driven
        How often.
    known
        Cuts that are kept already.
    """
    places = [at for at in range(int(once.max(initial=0)).bit_length()) if (once >> at & 1).any()]
    found: list[tuple[float, Cut]] = []
    for size, divisor in KINDS:
        sets = np.array(list(combinations(places, size)), dtype=np.int64).reshape(-1, size)
        if not len(sets):
            continue
        served = np.zeros((len(sets), len(once)), dtype=np.int64)
        for column in sets.T:
            served += once >> column[:, None] & 1
        over = (served // divisor) @ driven - size // divisor
        for at in np.argsort(-over, kind="stable")[: 2 * MOST_AT_ONCE]:
            cut = Cut(int((1 << sets[at]).sum()), divisor)
            if over[at] > VIOLATED and cut not in known:
                found.append((float(over[at]), cut))
    found.sort(key=lambda pair: (-pair[0], pair[1]))
    return [cut for _, cut in found[:MOST_AT_ONCE]]
