"""What the diagnosis compares, and the thresholds of its rules."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, Self

from pydantic import model_validator

from comarca.model.parameters import assumed, contradiction
from comarca.model.suspicious import SuspicionParams


class DiagnosisParams(SuspicionParams):
    """
    What the diagnosis compares, and the thresholds of its rules.

    Parameters
    ----------
    year_from, year_to
        Years growth is taken between; ``None`` for each town's first and last count. A town without
        a count in a year that is named has no growth between them. Counts by age are compared
        between their first and last year within the two.
    basis
        Which series to compare where a town has several; ``None`` for the one that spans the most
        years.
    excludes_suspicious
        Whether growth leaves suspicious counts aside. They are told either way, and the type of
        shrinkage always leaves them aside.
    size_thresholds
        Where one size class ends and the next begins, persons, ascending; a town at a threshold
        belongs to the class above it.
    last_age
        Where an open-ended age band is taken to end when it must be split, years.
    stable_years
        Least span over which the type of growth or shrinkage is judged, years.
    stable_annual_rate
        Yearly change, as a share, up to which a town is stable.
    emptying_annual_rate
        Yearly loss, as a share, from which a town is emptying.
    emptying_share_of_peak, irreversible_share_of_peak
        Share of the greatest count below which a shrinking town is emptying, or irreversible.
    irreversible_old_per_child, irreversible_young_share
        Residents of 65 and more for each under 15, and share of residents of 20 to 29: above the
        one and below the other, shrinkage is irreversible.
    boundary_km
        How far apart towns may lie that may have exchanged people on paper, km.
    boundary_jump, boundary_persons
        Least jump off the usual change at which a boundary change is looked for, as a share and in
        persons; both must be exceeded.
    boundary_tolerance
        How far the jumps of the neighbours may be off the town's own, as a share of it.
    """

    year_from: int | None = None
    year_to: int | None = None
    basis: Literal["locality", "municipality"] | None = None
    excludes_suspicious: bool = False
    size_thresholds: tuple[float, ...] = assumed("demography.size_thresholds", min_length=1)
    last_age: float = assumed("demography.last_age", ge=90, le=130)
    stable_years: int = assumed("demography.stable_years", ge=1)
    stable_annual_rate: float = assumed("demography.stable_annual_rate", ge=0, lt=1)
    emptying_annual_rate: float = assumed("demography.emptying_annual_rate", gt=0, lt=1)
    emptying_share_of_peak: float = assumed("demography.emptying_share_of_peak", ge=0, le=1)
    irreversible_share_of_peak: float = assumed("demography.irreversible_share_of_peak", ge=0, le=1)
    irreversible_old_per_child: float = assumed("demography.irreversible_old_per_child", gt=0)
    irreversible_young_share: float = assumed("demography.irreversible_young_share", ge=0, le=1)
    boundary_km: float = assumed("demography.boundary_km", gt=0)
    boundary_jump: float = assumed("demography.boundary_jump", gt=0)
    boundary_persons: float = assumed("demography.boundary_persons", ge=0)
    boundary_tolerance: float = assumed("demography.boundary_tolerance", gt=0, lt=1)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        for fault in self._out_of_order():
            raise contradiction(*fault)
        return self

    def _out_of_order(self) -> Iterator[tuple[str, str, str]]:
        """Settings that contradict each other: setting, value, what was expected."""
        first, last = self.year_from, self.year_to
        if first is not None and last is not None and first >= last:
            yield "year_from", str(first), f"a year before year_to ({last})"
        thresholds = self.size_thresholds
        if list(thresholds) != sorted(set(thresholds)) or thresholds[0] <= 0:
            told = str([round(threshold, 3) for threshold in thresholds])
            yield "size_thresholds", told, "persons in ascending order, each above 0 and once"
        if self.emptying_annual_rate < self.stable_annual_rate:
            yield (
                "emptying_annual_rate",
                f"{self.emptying_annual_rate:g}",
                f"no less than stable_annual_rate ({self.stable_annual_rate:g})",
            )
        if self.irreversible_share_of_peak > self.emptying_share_of_peak:
            yield (
                "irreversible_share_of_peak",
                f"{self.irreversible_share_of_peak:g}",
                f"no more than emptying_share_of_peak ({self.emptying_share_of_peak:g})",
            )
