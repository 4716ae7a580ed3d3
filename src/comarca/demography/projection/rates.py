"""Rates that carry a population forward, step by step."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from comarca.errors import ParameterError

Array = NDArray[np.float64]
FEMALE, MALE = 0, 1
"""Places of the sexes in every array."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Rates:
    """
    What happens to a population in each step.

    Parameters
    ----------
    width
        Years of an age group and of a step: 1 or 5 as a rule.
    survival
        Shares alive a step later, shape ``(n_steps, 2, n_groups + 1)``, in [0, 1]: of those born
        during the step, then of each age group, the open-ended one last. Women first.
    fertility
        Births a woman and year, shape ``(n_steps, n_groups)``, 0 or more.
    male_share
        Share of births that are boys, shape ``(n_steps,)``, in (0, 1).
    migrants
        Net migrants of a step whatever the population, persons, shape ``(n_steps, 2, n_groups)``,
        by age at the step's beginning for the half that moves then, at its end for the other half.
    migration
        Net migrants of a step for a person at its beginning, shape ``(n_steps, 2, n_groups)``,
        above −1.

    Raises
    ------
    ParameterError
        When shapes differ or a value is outside its range; every fault is told.
    """

    width: int
    survival: Array
    fertility: Array
    male_share: Array
    migrants: Array
    migration: Array

    def __post_init__(self) -> None:
        n_steps, n_groups = self.fertility.shape
        by_sex = (n_steps, 2, n_groups)
        wanted = {
            "survival": (n_steps, 2, n_groups + 1),
            "male_share": (n_steps,),
            "migrants": by_sex,
            "migration": by_sex,
        }
        faults = [
            f"{name} has shape {getattr(self, name).shape}; expected {shape}"
            for name, shape in wanted.items()
            if getattr(self, name).shape != shape
        ]
        faults += [
            f"{name} has a value outside its range; expected {words}"
            for name, is_sound, words in (
                ("survival", (self.survival >= 0) & (self.survival <= 1), "shares in [0, 1]"),
                ("fertility", self.fertility >= 0, "0 or more births"),
                ("male_share", (self.male_share > 0) & (self.male_share < 1), "shares in (0, 1)"),
                ("migrants", np.isfinite(self.migrants), "persons"),
                ("migration", self.migration > -1, "more than −1 for a person"),
            )
            if not is_sound.all()
        ]
        if self.width < 1:
            faults.append(f"width is {self.width}; expected 1 year or more")
        if faults:
            raise ParameterError("; ".join(faults) + ".")

    @property
    def n_steps(self) -> int:
        """How many steps there are."""
        return len(self.fertility)

    @property
    def n_groups(self) -> int:
        """How many age groups there are."""
        return int(self.fertility.shape[1])
