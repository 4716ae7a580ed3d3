"""
Ask a router for a matrix, block by block, and count what it could not tell.

Routers limit how much they tell at once and answer *null* for pairs they find no way between, or
gave up on. A null is asked for once more, alone; what stays null is taken from another source where
one is given, and is ``inf`` otherwise: never a guess.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from comarca.errors import ParameterError
from comarca.model.matrices import Mode, TravelMatrix
from comarca.travel.circle import Positions
from comarca.wording import counted

FloatArray = NDArray[np.float64]

Answer = tuple[FloatArray, FloatArray]
"""Minutes and kilometres from each origin to each destination; ``nan`` for null."""


class Router(Protocol):
    """Whatever tells a block of a matrix."""

    @property
    def name(self) -> str:
        """What people call it, and where it is."""
        ...

    def block(self, mode: Mode, origins: FloatArray, destinations: FloatArray) -> Answer:
        """
        Tell times and distances.

        Parameters
        ----------
        mode
            ``"car"``, ``"bus"`` or ``"truck"``.
        origins, destinations
            Latitude and longitude, degrees, shapes ``(n, 2)`` and ``(m, 2)``.

        Returns
        -------
        minutes, kilometres
            Shape ``(n, m)``; ``nan`` where the router found no way.

        Raises
        ------
        RouterError
            When it does not answer, or answers something else.
        """
        ...


@dataclass(frozen=True, eq=False, kw_only=True)
class RouterSource:
    """
    A router as the source of a region's travel times.

    Parameters
    ----------
    router
        Whom to ask.
    block_size
        Most towns on either side of one question, from 1.
    otherwise
        Tells pairs the router does not; ``None`` leaves them ``inf``.
    """

    router: Router
    block_size: int = 100
    otherwise: Callable[[pd.DataFrame, Mode], TravelMatrix] | None = None
    _notes: dict[Mode, str] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        if self.block_size < 1:
            raise ParameterError(f"block_size is {self.block_size}; expected 1 or more.")

    def matrix(self, towns: pd.DataFrame, mode: Mode) -> TravelMatrix:
        """
        Ask for times and distances between all pairs of towns.

        Raises
        ------
        RouterError
            When the router does not answer.
        ParameterError
            When a coordinate is missing or out of range.
        """
        positions = Positions.of(towns)
        at = np.stack((positions.lat, positions.lon), axis=1)
        minutes, km = self._whole(mode, at)
        is_null = np.isnan(minutes) | np.isnan(km)
        np.fill_diagonal(is_null, False)
        self._ask_again(mode, at, np.argwhere(is_null), minutes, km)
        is_null &= np.isnan(minutes) | np.isnan(km)
        n_filled = self._fill(towns, mode, is_null, minutes, km)
        self._note(mode, towns, is_null, n_filled)
        np.fill_diagonal(minutes, 0.0)
        np.fill_diagonal(km, 0.0)
        return TravelMatrix(
            positions.town_ids, mode, minutes.astype(np.float32), km.astype(np.float32), "roads"
        )

    def notes(self) -> tuple[str, ...]:
        """How many pairs the router did not tell, by mode, and what stands in for them."""
        return tuple(self._notes.values())

    def _whole(self, mode: Mode, at: FloatArray) -> Answer:
        minutes, km = np.full((2, len(at), len(at)), np.nan)
        for row in range(0, len(at), self.block_size):
            for column in range(0, len(at), self.block_size):
                rows = slice(row, row + self.block_size)
                columns = slice(column, column + self.block_size)
                minutes[rows, columns], km[rows, columns] = self.router.block(
                    mode, at[rows], at[columns]
                )
        return minutes, km

    def _ask_again(
        self,
        mode: Mode,
        at: FloatArray,
        pairs: NDArray[np.intp],
        minutes: FloatArray,
        km: FloatArray,
    ) -> None:
        """Ask for nulls alone, a row at a time: some routers give up on a whole block."""
        for origin in np.unique(pairs[:, 0]):
            columns = pairs[pairs[:, 0] == origin, 1]
            if len(columns) == len(at) - 1:
                continue  # a town without any way is not told otherwise
            told = self.router.block(mode, at[[origin]], at[columns])
            minutes[origin, columns], km[origin, columns] = told[0][0], told[1][0]

    def _fill(
        self,
        towns: pd.DataFrame,
        mode: Mode,
        is_null: NDArray[np.bool_],
        minutes: FloatArray,
        km: FloatArray,
    ) -> int:
        minutes[is_null], km[is_null] = np.inf, np.inf
        if self.otherwise is None or not is_null.any():
            return 0
        other = self.otherwise(towns, mode)
        minutes[is_null], km[is_null] = other.time_min[is_null], other.distance_km[is_null]
        return int(np.isfinite(other.time_min[is_null]).sum())

    def _note(
        self, mode: Mode, towns: pd.DataFrame, is_null: NDArray[np.bool_], n_filled: int
    ) -> None:
        n_null = int(is_null.sum())
        if not n_null:
            self._notes.pop(mode, None)
            return
        lost = np.flatnonzero(is_null.sum(axis=1) == len(is_null) - 1)
        names = towns["name"] if "name" in towns else pd.Series(towns.index)
        told = ", ".join(str(name) for name in names.iloc[lost[:12]])
        whole = f"; {told} by no way at all" if told else ""
        rest = f"{n_filled:,} of them told by another source" if n_filled else "left without a way"
        self._notes[mode] = (
            f"{self.router.name} tells no way by {mode} for {counted(n_null, 'pair')} of towns, "
            f"{rest}{whole}."
        )
