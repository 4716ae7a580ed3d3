"""How much longer trips take by one measure of travel than by another, town by town."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from comarca.errors import ParameterError
from comarca.model.matrices import Mode, TravelMatrix
from comarca.wording import counted

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False, kw_only=True)
class TravelDifference:
    """
    Two measures of the same trips.

    Parameters
    ----------
    town_ids
        Towns in order.
    mode, source, other
        Who travels, and both measures by name.
    within_min
        Trips that take longer by the other measure are left out, minutes.
    ratio
        By town the median of the ratios of times, over trips that have a way by the measure:
        ``inf`` where none of a town's trips has, ``nan`` where a town has no trip to compare.
    """

    town_ids: tuple[str, ...]
    mode: Mode
    source: str
    other: str
    within_min: float
    ratio: FloatArray

    @property
    def median(self) -> float:
        """Ratio at the median town that has one; ``nan`` where none has."""
        known = self.ratio[np.isfinite(self.ratio)]
        return float(np.median(known)) if len(known) else float("nan")

    @property
    def n_lost(self) -> int:
        """How many towns have no way to any of the others that are near by the other measure."""
        return int(np.isinf(self.ratio).sum())

    def summary(self) -> str:
        """Say in a line how far the two are apart."""
        told = f"{self.median:.2f} times" if np.isfinite(self.median) else "nothing to compare with"
        return (
            f"{self.mode}, {self.source} against {self.other} on trips of up to "
            f"{self.within_min:g} min: {told} at the median town, "
            f"{counted(self.n_lost, 'town')} without a way"
        )


def travel_difference(
    measured: TravelMatrix, other: TravelMatrix, *, within_min: float = 120.0
) -> TravelDifference:
    """
    Compare two measures of the same trips.

    Parameters
    ----------
    measured, other
        The same towns, in one order.
    within_min
        Trips that take longer by ``other`` are left out, minutes.

    Returns
    -------
    TravelDifference

    Raises
    ------
    ParameterError
        When the towns are not the same.
    """
    if measured.town_ids != other.town_ids:
        raise ParameterError("Two measures of travel have other towns, or another order of them.")
    return TravelDifference(
        town_ids=other.town_ids,
        mode=measured.mode,
        source=measured.source,
        other=other.source,
        within_min=within_min,
        ratio=_ratios(measured, other, within_min),
    )


def _ratios(measured: TravelMatrix, other: TravelMatrix, within_min: float) -> FloatArray:
    ratios = np.full(len(other.town_ids), np.nan)
    for town, times in enumerate(other.time_min):
        near = np.flatnonzero((times > 0) & (times <= within_min))
        if len(near):
            told = measured.time_min[town, near] / times[near]
            told = told[np.isfinite(told)]
            ratios[town] = float(np.median(told)) if len(told) else np.inf
    return ratios
