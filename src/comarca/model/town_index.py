"""Towns are known by id; where they stand in an array is told here and nowhere kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from comarca.errors import ParameterError, UnknownTownError


class TownIndex:
    """Positions of towns, for types that carry ``town_ids``."""

    town_ids: tuple[str, ...]

    @cached_property
    def _position(self) -> dict[str, int]:
        return {town_id: position for position, town_id in enumerate(self.town_ids)}

    def positions(self, town_ids: Iterable[str]) -> NDArray[np.intp]:
        """
        Array positions of towns, in the order given.

        Raises
        ------
        UnknownTownError
            When a town is not among them.
        """
        try:
            return np.array([self._position[town] for town in town_ids], dtype=np.intp)
        except KeyError as error:
            raise UnknownTownError(str(error.args[0]), self.town_ids) from None


def unique_ids(town_ids: Iterable[str]) -> tuple[str, ...]:
    """Towns as a tuple, or :class:`~comarca.errors.ParameterError` when one stands twice."""
    ids = tuple(town_ids)
    if len(set(ids)) != len(ids):
        twice = sorted(town for town, times in Counter(ids).items() if times > 1)
        raise ParameterError(f"towns stand more than once: {', '.join(twice[:5])}.")
    return ids
