"""
Why employment of a town changed: the reference's growth, its mix of industries, or the town itself.

References
----------
.. [1] Dunn, E. S. (1960). A statistical and analytical technique for regional analysis. Papers of
       the Regional Science Association 6, 97-112.
.. [2] Barff, R. A. and Knight, P. L. (1988). Dynamic shift-share analysis. Growth and Change 19(2),
       1-10.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from comarca.industry.specialisation import Floats, ratio


@dataclass(frozen=True, eq=False)
class ShiftShare:
    """
    Parts of a change of employment, persons, each of shape ``(...)``; together they are the change.

    Parameters
    ----------
    reference
        What the town would have gained had all its industries grown like the whole reference.
    mix
        What it gained more by having industries that grew faster there.
    local
        What it gained more than the same industries did there: the town itself.
    """

    reference: Floats
    mix: Floats
    local: Floats

    @property
    def change(self) -> Floats:
        """Sum of the three."""
        return self.reference + self.mix + self.local


def shift_share(
    before: ArrayLike, after: ArrayLike, reference_before: ArrayLike, reference_after: ArrayLike
) -> ShiftShare:
    """
    Part a change between two dates in three (Dunn 1960).

    Parameters
    ----------
    before, after
        Employment of towns, shape ``(..., n_industries)``.
    reference_before, reference_after
        Employment of the reference, shape ``(n_industries,)``. Where the reference had nobody in an
        industry, its growth counts as that of the whole, so that what the town gained there is
        the town's own.

    Returns
    -------
    ShiftShare
        ``nan`` where a town was not counted at either date.
    """
    own, later = np.asarray(before, dtype=np.float64), np.asarray(after, dtype=np.float64)
    then = np.asarray(reference_before, dtype=np.float64)
    now = np.asarray(reference_after, dtype=np.float64)
    whole = now.sum() / then.sum() - 1
    of_industry = np.where(then > 0, ratio(now, then) - 1, whole)
    return ShiftShare(
        reference=(own * whole).sum(axis=-1),
        mix=(own * (of_industry - whole)).sum(axis=-1),
        local=(later - own * (1 + of_industry)).sum(axis=-1),
    )


def dynamic_shift_share(persons: ArrayLike, reference: ArrayLike) -> ShiftShare:
    """
    Part a change step by step and add the parts up, so that a moving mix is followed.

    Parameters
    ----------
    persons
        Employment, shape ``(n_years, ..., n_industries)``, two years or more in order.
    reference
        Shape ``(n_years, n_industries)``.
    """
    own, other = np.asarray(persons, dtype=np.float64), np.asarray(reference, dtype=np.float64)
    steps = [
        shift_share(own[at], own[at + 1], other[at], other[at + 1]) for at in range(len(own) - 1)
    ]
    return ShiftShare(
        reference=np.sum([step.reference for step in steps], axis=0),
        mix=np.sum([step.mix for step in steps], axis=0),
        local=np.sum([step.local for step in steps], axis=0),
    )
