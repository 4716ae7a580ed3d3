"""
Pairs of towns nobody counted: they are left out, never read as nobody.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from comarca.commuting.interaction.reach import Times, only, without
from comarca.model.matrices import FlowMatrix


@dataclass(frozen=True, kw_only=True)
class Unobserved:
    """
    Which pairs of a table of flows were not counted.

    They are taken out of the likelihood and out of the margins, and say nothing.

    Parameters
    ----------
    own_town
        Those who work in the own town, as where a table tells only those who leave.
    pairs
        These, as ``(origin, destination)``.
    absent
        Every pair with nobody in the table, as where small counts were suppressed. What is left out
        *because* it is small makes distant places look nearer than they are.
    """

    own_town: bool = False
    pairs: frozenset[tuple[str, str]] = frozenset()
    absent: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "pairs", frozenset(self.pairs))

    def left_in(self, times: Times, observed: FlowMatrix) -> Times:
        """
        Trips whose persons were counted.

        Raises
        ------
        UnknownTownError
            When a pair names a town that the flows do not hold.
        """
        if self.absent:
            times = only(times, observed.persons)
        origins, destinations = self._places(observed)
        if not origins.size:
            return times
        n_towns = len(observed.town_ids)
        marks = (np.ones(len(origins), dtype=bool), (origins, destinations))
        return without(times, sparse.csr_array(marks, shape=(n_towns, n_towns)))

    def _places(self, observed: FlowMatrix) -> tuple[np.ndarray, np.ndarray]:
        pairs: Iterable[tuple[str, str]] = sorted(self.pairs)
        origins = observed.positions(origin for origin, _ in pairs)
        destinations = observed.positions(destination for _, destination in pairs)
        if not self.own_town:
            return origins, destinations
        towns = np.arange(len(observed.town_ids))
        return np.concatenate([origins, towns]), np.concatenate([destinations, towns])
