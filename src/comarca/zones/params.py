"""When two towns count as neighbours."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import model_validator

from comarca.model.parameters import Params, assumed, contradiction


class ContiguityParams(Params):
    """
    When two towns count as neighbours.

    Parameters
    ----------
    touching
        ``"line"``: shapes with a border in common; ``"point"``: shapes that meet in a corner too.
    gap_m
        How far apart two drawn borders may run and still be one border, m, 0.1 or more. Slivers and
        overlaps of that width do not matter.
    min_border_m
        Shorter borders are corners, m, above 0 and at least twice ``gap_m``.
    reach_factor
        For towns known as points: neighbours lie no farther apart than this many times the distance
        to the third nearest town, of whichever of the two has it farther; 1 or more.
    join
        What becomes of towns across water: ``"none"``, they stay apart; ``"islands"``, a town
        without a neighbour is joined to the nearest one; ``"parts"``, so is every group of towns
        apart from the largest, until all hang together.

    Raises
    ------
    ParameterError
        When a value is outside its range.
    """

    touching: Literal["line", "point"] = "line"
    gap_m: float = assumed("zones.gap_m", ge=0.1)
    min_border_m: float = assumed("zones.min_border_m", gt=0)
    reach_factor: float = assumed("zones.reach_factor", ge=1)
    join: Literal["none", "islands", "parts"] = "none"

    @model_validator(mode="after")
    def _border_outruns_corner(self) -> Self:
        # Two edges of a corner both run within the gap of the shape across.
        if self.min_border_m < 2 * self.gap_m:
            raise contradiction(
                "min_border_m", f"{self.min_border_m:g}", f"twice gap_m ({self.gap_m:g}) at least"
            )
        return self
