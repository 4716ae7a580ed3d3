"""
What is varied to see how sure areas are, and over which range.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from comarca.commuting.areas import AreaParams
from comarca.errors import Fault, ParameterError
from comarca.model.parameters import Params, assumptions, contradiction

Vary = Literal["flows", "parameters"]
RANGED = ("min_workers", "target_workers", "min_self_containment", "target_self_containment")
"""Parameters of areas that have a range, in the order of their columns."""

_NEAR = 0.02  # of a step: how far rounding may move a value that a planner is to read

Persons = Annotated[float, Field(gt=0)]
Share = Annotated[float, Field(gt=0, le=1)]


def _range(name: str) -> Any:
    """Declare a range whose default stands in ``defaults/`` under this name."""

    def ends() -> tuple[float | None, float | None]:
        entry = assumptions()[f"commuting.areas.{name}"]
        return entry.low, entry.high

    return Field(default_factory=ends)


class AreaRanges(Params):
    """
    Range of each parameter of areas, its lower end first.

    A range whose ends are equal holds its parameter there.

    Parameters
    ----------
    min_workers, target_workers
        Working residents, persons, above 0; the first range nowhere above the second.
    min_self_containment, target_self_containment
        Shares in (0, 1]; the first range nowhere above the second.
    """

    min_workers: tuple[Persons, Persons] = _range("min_workers")
    target_workers: tuple[Persons, Persons] = _range("target_workers")
    min_self_containment: tuple[Share, Share] = _range("min_self_containment")
    target_self_containment: tuple[Share, Share] = _range("target_self_containment")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        for name in RANGED:
            low, high = getattr(self, name)
            if low > high:
                raise contradiction(name, _told(low, high), "its lower end first")
        for least, target in (RANGED[:2], RANGED[2:]):
            most, start = getattr(self, least)[1], getattr(self, target)[0]
            if most > start:
                raise contradiction(
                    least,
                    _told(*getattr(self, least)),
                    f"nothing above the range of {target} ({_told(*getattr(self, target))})",
                )
        if self.min_self_containment[0] >= self.target_self_containment[0]:
            raise contradiction(
                "min_self_containment",
                _told(*self.min_self_containment),
                f"less than target_self_containment ({_told(*self.target_self_containment)})",
            )
        return self


def _steps(low: float, high: float, levels: int) -> tuple[float, ...]:
    """Even values from one end to the other, the inner ones in as few digits as come near."""
    step = (high - low) / (levels - 1)
    if step == 0:
        return (low,)
    inner = [low + n * step for n in range(1, levels - 1)]
    decimals = -math.floor(math.log10(step))
    while any(abs(round(value, decimals) - value) > _NEAR * step for value in inner):
        decimals += 1
    return (low, *(round(value, decimals) for value in inner), high)


def _told(low: float, high: float) -> str:
    return f"{low:g} to {high:g}"


class StabilityParams(Params):
    """
    What is varied, and how often areas are drawn anew.

    Parameters
    ----------
    draws
        How often; 1 or more.
    seed
        Of the draws; the same one gives the same answer, whatever does the work.
    vary
        ``"flows"``: each count, those who stay in their town included, is drawn anew from the
        Poisson distribution whose mean is the count. ``"parameters"``: each set is drawn from
        ``ranges`` by Latin hypercube. Or both at once.
    counted_share
        Share of the commuters who were asked, in (0, 1]: of a count *c*, in persons, *c* times this
        share stood on paper, and that number is drawn anew. 1 for a full count.
    ranges
        Where parameters are drawn from.
    """

    draws: int = Field(default=200, ge=1)
    seed: int = Field(default=1, ge=0)
    vary: tuple[Vary, ...] = ("flows",)
    counted_share: float = Field(default=1.0, gt=0, le=1)
    ranges: AreaRanges = Field(default_factory=AreaRanges)

    @model_validator(mode="after")
    def _all_used(self) -> Self:
        if not self.vary or len(set(self.vary)) != len(self.vary):
            told = ", ".join(self.vary) or "empty"
            raise contradiction("vary", told, "flows, parameters or both, each once")
        if self.counted_share < 1 and "flows" not in self.vary:
            raise contradiction("counted_share", f"{self.counted_share:g}", "flows among vary")
        if "ranges" in self.model_fields_set and "parameters" not in self.vary:
            raise contradiction("ranges", "given", "parameters among vary")
        return self

    def refuse_outside(self, params: AreaParams) -> None:
        """
        Refuse parameters outside the ranges they are to be drawn from.

        Raises
        ------
        ParameterError
            When parameters vary and one of ``params`` is not in its range: the areas whose
            certainty is told would never be drawn.
        """
        if "parameters" not in self.vary:
            return
        faults = []
        for name in RANGED:
            (low, high), value = getattr(self.ranges, name), getattr(params, name)
            if not low <= value <= high:
                faults.append(
                    Fault(
                        place="",
                        object=name,
                        value=f"{value:g}",
                        expectation=f"a value in the range it is drawn from, {_told(low, high)}",
                    )
                )
        if faults:
            raise ParameterError(f"AreaRanges: {'; '.join(map(str, faults))}", faults)


class SweepGrid(Params):
    """
    Values that each parameter of areas takes; every combination is tried.

    Parameters
    ----------
    min_workers, target_workers
        Working residents, persons, above 0.
    min_self_containment, target_self_containment
        Shares, in (0, 1].
    min_flow
        Persons, 0 or more.

    Notes
    -----
    A parameter that is ``None`` stays as it is. Combinations that contradict themselves (a least
    size above the target) are left out.
    """

    min_workers: tuple[Persons, ...] | None = None
    target_workers: tuple[Persons, ...] | None = None
    min_self_containment: tuple[Share, ...] | None = None
    target_self_containment: tuple[Share, ...] | None = None
    min_flow: tuple[Annotated[float, Field(ge=0)], ...] | None = None

    @classmethod
    def over(cls, ranges: AreaRanges | None = None, levels: int = 4) -> Self:
        """
        Evenly spaced values over ranges.

        Parameters
        ----------
        ranges
            By default those of ``defaults/``.
        levels
            How many values of each, both ends among them; 2 or more. A range whose ends are equal
            gives one. Values between the ends are rounded, to 0.633 rather than 0.6333333333.
        """
        if levels < 2:
            raise ParameterError(f"levels is {levels}; expected 2 or more.")
        ends = {name: getattr(ranges or AreaRanges(), name) for name in RANGED}
        return cls(**{name: _steps(low, high, levels) for name, (low, high) in ends.items()})

    @model_validator(mode="after")
    def _something_rising(self) -> Self:
        if not self.values():
            raise contradiction("the grid", "empty", "values of one parameter at least")
        for name, values in self.values().items():
            if not values or list(values) != sorted(set(values)):
                told = ", ".join(f"{value:g}" for value in values)
                raise contradiction(name, told or "empty", "rising values, each once")
        return self

    def values(self) -> Mapping[str, tuple[float, ...]]:
        """Values of the parameters that vary, by name."""
        return {
            name: values
            for name in type(self).model_fields
            if (values := getattr(self, name)) is not None
        }
