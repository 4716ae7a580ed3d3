"""
Which towns are neighbours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from comarca.model.matrices import _TownIndex, _unique_ids


@dataclass(frozen=True, eq=False)
class Contiguity(_TownIndex):
    """Neighbours of towns."""

    town_ids: tuple[str, ...]
    adjacent: sparse.csr_array

    def __post_init__(self) -> None:
        object.__setattr__(self, "town_ids", _unique_ids(self.town_ids))
        object.__setattr__(self, "adjacent", sparse.csr_array(self.adjacent).astype(np.bool_))

    def subset(self, town_ids: Sequence[str]) -> Contiguity:
        """Keep only these towns, in this order."""
        keep = self.positions(town_ids)
        return Contiguity(tuple(town_ids), self.adjacent[keep, :][:, keep])
