"""An outcome of several places over the same years."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from comarca.demography.effects.simplex import BoolArray, FloatArray
from comarca.errors import Fault, ParameterError, UnknownTownError


@dataclass(frozen=True, eq=False, kw_only=True)
class OutcomePanel:
    """
    An outcome, place by place and year by year, without gaps.

    Parameters
    ----------
    units
        Ids of the places, each once.
    years
        When it was counted, ascending.
    outcomes
        Shape ``(n_units, n_years)``.
    outcome
        What was counted, as ``"people"``.
    names
        What people call the places; an id stands for itself where its name is not told.
    left_out
        Places that were left out, and why, by id.

    Raises
    ------
    ParameterError
        When shapes disagree, an id or a year stands twice, years do not rise, or a value is
        missing; every fault is listed.
    """

    units: tuple[str, ...]
    years: tuple[int, ...]
    outcomes: FloatArray
    outcome: str = "outcome"
    names: Mapping[str, str] = field(default_factory=dict)
    left_out: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        faults = list(self._faults())
        if faults:
            raise ParameterError("\n".join(str(fault) for fault in faults), faults)

    def _faults(self) -> list[Fault]:
        found: list[Fault] = []
        shape = (len(self.units), len(self.years))
        twice = sorted(unit for unit, times in Counter(self.units).items() if times > 1)
        found += [_fault(f"place {unit}", "there twice", "each place once") for unit in twice]
        if list(self.years) != sorted(set(self.years)):
            found.append(_fault("years", str(list(self.years)), "rising years, each once"))
        if self.outcomes.shape != shape:
            told = f"{shape[0]} places by {shape[1]} years"
            return [*found, _fault("outcomes", f"of shape {self.outcomes.shape}", told)]
        for row, column in np.argwhere(~np.isfinite(self.outcomes)).tolist():
            where = f"{self.outcome} of {self.units[row]} in {self.years[column]}"
            found.append(_fault(where, "", "a number; a place with a gap is left out"))
        return found

    @classmethod
    def from_frame(cls, frame: pd.DataFrame, outcome: str = "outcome") -> OutcomePanel:
        """Make a panel of a table with places as rows and years as columns."""
        ordered = frame[sorted(frame.columns, key=lambda year: int(str(year)))]
        return cls(
            units=tuple(str(unit) for unit in ordered.index),
            years=tuple(int(str(year)) for year in ordered.columns),
            outcomes=ordered.to_numpy(dtype=np.float64, na_value=np.nan),
            outcome=outcome,
        )

    @property
    def n_units(self) -> int:
        """How many places there are."""
        return len(self.units)

    def position(self, unit: str) -> int:
        """Row of a place; :class:`UnknownTownError` when there is none."""
        if unit not in self.units:
            raise UnknownTownError(unit, self.units)
        return self.units.index(unit)

    def name_of(self, unit: str) -> str:
        """What people call a place."""
        return self.names.get(unit, unit)

    def of(self, unit: str) -> FloatArray:
        """The outcome of one place, shape ``(n_years,)``."""
        return np.asarray(self.outcomes[self.position(unit)])

    def only(self, units: Sequence[str]) -> OutcomePanel:
        """The same years of some places, in the order given."""
        row_of = {unit: row for row, unit in enumerate(self.units)}
        for unit in units:
            if unit not in row_of:
                raise UnknownTownError(unit, self.units)
        rows = [row_of[unit] for unit in units]
        return OutcomePanel(
            units=tuple(units),
            years=self.years,
            outcomes=self.outcomes[rows],
            outcome=self.outcome,
            names=self.names,
            left_out=self.left_out,
        )

    def before(self, year: int) -> BoolArray:
        """Which years lie before one, shape ``(n_years,)``, boolean."""
        return np.array(self.years) < year


def _fault(what: str, value: str, expectation: str) -> Fault:
    return Fault(place="", object=what, value=value, expectation=expectation)
