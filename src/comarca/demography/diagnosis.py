"""What the counts of a region say of its people: growth, ages, shrinkage, and what to doubt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from comarca.demography.age_curves import age_curves, youth_retention
from comarca.demography.ages import aged_counts
from comarca.demography.boundaries import boundary_changes
from comarca.demography.counts import doubted, totals, usable_counts
from comarca.demography.growth import growth_by_size, growth_of_towns, size_classes
from comarca.demography.params import DiagnosisParams
from comarca.demography.shrinkage import KINDS, shrinkage, shrinkage_rule
from comarca.demography.structure import structures
from comarca.model.region import Region, values_of
from comarca.wording import counted, signed

__all__ = ["Diagnosis", "DiagnosisParams", "diagnose"]

_MOST_TOLD = 8  # boundary changes that the summary names


@dataclass(frozen=True, eq=False, kw_only=True)
class Diagnosis:
    """
    What a region's counts say of its people. Every table is tidy and names towns by id.

    Parameters
    ----------
    growth
        One row a town with two counts to compare: ``town_id, year_from, year_to, persons_from,
        persons_to, growth_multiple, annual_rate, basis``. ``growth_multiple`` is persons at the end
        for one at the beginning, ``annual_rate`` the yearly share that leads there; both are
        missing where nobody lived there at the beginning.
    size_class_of
        Size class of every town, by id.
    growth_by_size
        One row a size class, smallest first: ``size_class, n_towns, people, n_with_growth,
        lowest_multiple, median_multiple, highest_multiple, pooled_multiple`` (all its towns
        together), ``shrinking_share`` (of its towns), ``median_annual_rate``.
    age_curves
        One row a count by age: ``town_id, basis, year, persons_0_19, persons_20_29_doubled,
        persons_30_49, is_split``.
    retention
        One row a town with two counts by age: ``town_id, basis, year_from, year_to,
        multiple_0_19, multiple_20_29, multiple_30_49``; ``retention`` (the middle multiple for the
        geometric mean of the others), ``retention_against_region`` (for that of all towns counted
        in the same years together), ``keeps_young`` (the middle multiple exceeds both others),
        ``cohort_retention`` (those of 20 to 29 in the last year for those of 10 to 19 ten years
        earlier, where both were counted), ``is_split``.
    structure
        One row a count by age: dependency, ageing, sex balance of the young; see
        :func:`comarca.demography.structure.structures`.
    shrinkage
        One row a town with two counts: ``town_id, basis, kind, reason, year_from, year_to,
        annual_rate, peak_year, peak_persons, share_of_peak``.
    shrinkage_rule
        How the kinds are told apart, a sentence each.
    suspicious
        One row a suspicious count: ``town_id, name, basis, year, persons, expected_persons,
        looks_like``.
    boundary_changes
        Jumps that are shared out to neighbours; see
        :func:`comarca.demography.boundaries.boundary_changes`.
    rule
        When a count is suspicious, in one sentence.
    """

    growth: pd.DataFrame
    size_class_of: Mapping[str, str]
    growth_by_size: pd.DataFrame
    age_curves: pd.DataFrame
    retention: pd.DataFrame
    structure: pd.DataFrame
    shrinkage: pd.DataFrame
    shrinkage_rule: Sequence[str]
    suspicious: pd.DataFrame
    boundary_changes: pd.DataFrame
    rule: str

    def summary(self) -> str:
        """Say in a few lines who grows, who shrinks and which counts to doubt."""
        lines = [self._growth_told(), *self._classes_told()]
        lines += [told for told in (self._kinds_told(), self._young_told()) if told]
        lines += [
            f"suspicious: {row['name']} {row['year']}, {row['persons']:,.0f} persons; "
            f"about {row['expected_persons']:,.0f} expected"
            + (f" ({row['looks_like']}?)" if row["looks_like"] else "")
            for row in self.suspicious.to_dict("records")
        ]
        lines += [f"rule: {self.rule}"] if len(self.suspicious) else []
        return "\n".join(lines + self._boundaries_told())

    def _growth_told(self) -> str:
        multiples = self.growth["growth_multiple"].dropna()
        known = f"{counted(len(self.size_class_of), 'town')}; growth known of {len(multiples):,}"
        if not len(multiples):
            return known
        return f"{known}: {(multiples > 1).sum():,} grew, {(multiples < 1).sum():,} shrank"

    def _classes_told(self) -> list[str]:
        classes = self.growth_by_size
        medians = values_of(classes, "median_multiple")
        return [
            f"  {name}: {counted(n_towns, 'town')}"
            + ("" if np.isnan(median) else f", median ×{median:.2f}")
            for name, n_towns, median in zip(
                classes["size_class"], classes["n_towns"], medians, strict=True
            )
        ]

    def _kinds_told(self) -> str:
        counts = self.shrinkage["kind"].value_counts()
        told = [f"{int(counts[kind]):,} {kind}" for kind in KINDS if kind in counts]
        return f"kinds: {', '.join(told)}" if told else ""

    def _young_told(self) -> str:
        known = self.retention["keeps_young"].dropna()
        if not len(known):
            return ""
        return f"young: {int(known.sum()):,} of {counted(len(known), 'town')} keep theirs"

    def _boundaries_told(self) -> list[str]:
        found = self.boundary_changes
        lines = [
            f"boundary: {row['name']} {row['year_from']} to {row['year_to']}, "
            f"{signed(row['jump_persons'])} persons beyond its usual change; "
            f"{signed(row['neighbours_jump_persons'])} in {row['neighbour_ids']}"
            for row in found.head(_MOST_TOLD).to_dict("records")
        ]
        more = len(found) - len(lines)
        return lines + ([f"boundary: {more:,} more"] if more else [])


def diagnose(region: Region, params: DiagnosisParams | None = None) -> Diagnosis:
    """
    Tell growth, ages, shrinkage and doubtful counts of each town.

    Parameters
    ----------
    region
        Its ``population`` table says it all; without one, the tables are empty.
    params
        Years, thresholds and rules; the defaults when not given.

    Returns
    -------
    Diagnosis

    Raises
    ------
    ParameterError
        When a year is named in which no town was counted.
    """
    params = params or DiagnosisParams()
    counts = totals(region, params)
    usable = usable_counts(counts, params)
    growth = growth_of_towns(usable, params)
    size_class_of = size_classes(region, params.size_thresholds)
    aged = aged_counts(region, params.last_age)
    structure = structures(aged)
    return Diagnosis(
        growth=growth,
        size_class_of=size_class_of,
        growth_by_size=growth_by_size(region, growth, size_class_of, params.size_thresholds),
        age_curves=age_curves(aged),
        retention=youth_retention(aged, params),
        structure=structure,
        shrinkage=shrinkage(usable, structure, params),
        shrinkage_rule=shrinkage_rule(params),
        suspicious=doubted(region, counts),
        boundary_changes=boundary_changes(region, counts, params),
        rule=params.rule(),
    )
