"""
How far two partitions of the same towns agree, whatever drew them.

Two partitions agree on a pair of towns that both keep together, or that both keep apart. The
figures tell this by towns, and by persons where weights are given. Towns that either partition
leaves in no area are left out of the figures, or counted as areas of their own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from comarca.errors import Fault, ParameterError
from comarca.model.area_changes import changed_areas, changed_towns, overlap_table
from comarca.model.partition import Partition
from comarca.wording import counted

Unassigned = Literal["left_out", "alone"]
Weights = NDArray[np.float64]
_MOST_TOLD = 5


@dataclass(frozen=True, kw_only=True)
class AgreementFigures:
    r"""
    Agreement of two partitions in four figures.

    Parameters
    ----------
    adjusted_rand
        Share of pairs kept together by both, above what chance would give; 1 for equal partitions,
        about 0 for unrelated ones, below 0 for worse than chance. By persons, a pair is two people
        of different towns, and chance takes the shares of such pairs kept together as independent.
    variation_of_information
        Bits of information that knowing a town's area in one partition leaves open about its area
        in the other, both ways added: :math:`H(A \mid B) + H(B \mid A)`. A distance: 0 for equal
        partitions, symmetric, and never longer by a detour.
    variation_share
        The same as a share of the joint information :math:`H(A, B)`, in [0, 1]; also a distance.
    normalised_mutual_information
        Information the two share, as a share of the mean of their own, in [0, 1]; 1 for equal ones.
    """

    adjusted_rand: float
    variation_of_information: float
    variation_share: float
    normalised_mutual_information: float


@dataclass(frozen=True, kw_only=True, eq=False)
class PartitionAgreement:
    """
    Two partitions of the same towns, set side by side.

    Parameters
    ----------
    a, b
        The partitions.
    by_town
        Agreement where every town counts alike.
    by_person
        Agreement where a town counts as its persons; ``None`` without weights.
    unassigned
        ``"left_out"``: towns in no area of either partition are no part of the figures;
        ``"alone"``: each is an area by itself.
    n_compared
        Towns the figures rest on.
    overlap
        Areas of A by areas of B; see :func:`comarca.model.area_changes.overlap_table`.
    areas
        What became of each area of either; see :func:`comarca.model.area_changes.changed_areas`.
    towns
        What became of each town; see :func:`comarca.model.area_changes.changed_towns`.
    """

    a: Partition
    b: Partition
    by_town: AgreementFigures
    by_person: AgreementFigures | None
    unassigned: Unassigned
    n_compared: int
    overlap: pd.DataFrame
    areas: pd.DataFrame
    towns: pd.DataFrame

    @property
    def changed_partners(self) -> tuple[str, ...]:
        """Towns that share their area with other towns in B than in A."""
        changed = (self.towns["partners_lost"] > 0) | (self.towns["partners_gained"] > 0)
        return tuple(self.towns.loc[changed, "town_id"])

    def figures(self) -> pd.DataFrame:
        """Make a table of the figures: one row each for towns and, with weights, for persons."""
        rows = {"towns": vars(self.by_town)}
        if self.by_person is not None:
            rows["persons"] = vars(self.by_person)
        return pd.DataFrame.from_dict(rows, orient="index").rename_axis("by")

    def summary(self) -> str:
        """Say in a few lines how far the two agree, and what changed."""
        n_a, n_b = (len(partition.areas) for partition in (self.a, self.b))
        lines = [
            f"{counted(n_a, 'area')} against {n_b:,}; "
            f"{counted(self.n_compared, 'town')} of {len(self.towns):,} compared",
            f"adjusted Rand {self.by_town.adjusted_rand:.3f}, "
            f"variation of information {self.by_town.variation_of_information:.3f} bits "
            f"({self.by_town.variation_share:.0%} of the joint information)",
        ]
        if self.by_person is not None:
            lines.append(
                f"by persons: adjusted Rand {self.by_person.adjusted_rand:.3f}, "
                f"{self.by_person.variation_of_information:.3f} bits "
                f"({self.by_person.variation_share:.0%})"
            )
        changes = self.areas.loc[self.areas["partition"] == "a", "change"].value_counts()
        lines.append(f"areas: {_listed(changes)}")
        lines.append(f"towns: {_listed(self.towns['difference'].value_counts())}")
        return "\n".join(lines)


def _listed(counts: pd.Series) -> str:
    return ", ".join(f"{number:,} {word}" for word, number in counts.items() if number) or "none"


def compare_partitions(
    a: Partition,
    b: Partition,
    weights: Mapping[str, float] | None = None,
    *,
    unassigned: Unassigned = "left_out",
) -> PartitionAgreement:
    """
    Say how far two partitions of the same towns agree, and where they differ.

    Parameters
    ----------
    a, b
        The partitions; they hold the same towns, in any order.
    weights
        Persons of each town, 0 or more; figures are then told by persons as well.
    unassigned
        Whether towns in no area are left out of the figures, or each counts as an area by itself.
        The tables tell them either way.

    Returns
    -------
    PartitionAgreement
        Figures, overlap, changed areas and changed towns.

    Raises
    ------
    ParameterError
        When the towns differ, or a weight is missing, negative or not finite.

    References
    ----------
    .. [1] Hubert, L. and Arabie, P. (1985). Comparing partitions. Journal of Classification 2.
    .. [2] Meilă, M. (2007). Comparing clusterings: an information based distance. Journal of
           Multivariate Analysis 98.
    .. [3] Vinh, N. X., Epps, J. and Bailey, J. (2010). Information theoretic measures for
           clusterings comparison. Journal of Machine Learning Research 11.
    """
    _refuse_other_towns(a, b)
    persons = None if weights is None else _checked(weights, a)
    by_town = dict.fromkeys(a.town_ids, 1.0)
    pairs = _Pairs.of(a, b, unassigned)
    return PartitionAgreement(
        a=a,
        b=b,
        by_town=_figures(pairs, by_town),
        by_person=None if persons is None else _figures(pairs, persons),
        unassigned=unassigned,
        n_compared=int(pairs.is_compared.sum()),
        overlap=overlap_table(a, b, persons),
        areas=changed_areas(a, b, persons),
        towns=changed_towns(a, b, persons),
    )


def _refuse_other_towns(a: Partition, b: Partition) -> None:
    faults = [
        Fault(
            place="",
            object=town,
            value=f"in {here} alone",
            expectation="a town of both partitions",
        )
        for here, one, other in (("A", a, b), ("B", b, a))
        for town in one.town_ids
        if town not in other.area_of
    ]
    _refuse(faults)


def _checked(weights: Mapping[str, float], partition: Partition) -> dict[str, float]:
    """Weights of the partition's towns, in its order."""
    persons = {town: float(weights.get(town, np.nan)) for town in partition.town_ids}
    _refuse(
        [
            Fault(
                place="",
                object=f"weight of {town}",
                value="" if np.isnan(weight) else f"{weight:g}",
                expectation="persons, 0 or more",
            )
            for town, weight in persons.items()
            if not 0 <= weight < np.inf
        ]
    )
    return persons


def _refuse(faults: Sequence[Fault]) -> None:
    if not faults:
        return
    more = len(faults) - _MOST_TOLD
    told = "; ".join(map(str, faults[:_MOST_TOLD]))
    raise ParameterError(f"{told}; and {more:,} more" if more > 0 else told, faults)


class _Pairs(NamedTuple):
    """Numbers of each town's areas in A and B, and whether the town is compared."""

    a: NDArray[np.intp]
    b: NDArray[np.intp]
    is_compared: NDArray[np.bool_]

    @classmethod
    def of(cls, a: Partition, b: Partition, unassigned: Unassigned) -> _Pairs:
        towns = a.town_ids
        has_both = [a.area_of[town] is not None and b.area_of[town] is not None for town in towns]
        is_compared = np.array(has_both, dtype=np.bool_) | (unassigned == "alone")
        return cls(_numbers(a, towns), _numbers(b, towns), is_compared)


def _numbers(partition: Partition, towns: Sequence[str]) -> NDArray[np.intp]:
    """Number of each town's area; a town in none has a number of its own."""
    number = {area.area_id: place for place, area in enumerate(partition.areas)}
    found = [partition.area_of[town] for town in towns]
    return np.array(
        [place + len(number) if area is None else number[area] for place, area in enumerate(found)],
        dtype=np.intp,
    )


def _figures(pairs: _Pairs, persons: Mapping[str, float]) -> AgreementFigures:
    """Figures with each town counted as its persons, which are in the order of the pairs."""
    weights = np.array(list(persons.values()), dtype=np.float64)
    kept = pairs.is_compared & (weights > 0)
    own, a, b = weights[kept], pairs.a[kept], pairs.b[kept]
    if not len(own):
        return AgreementFigures(
            adjusted_rand=np.nan,
            variation_of_information=np.nan,
            variation_share=np.nan,
            normalised_mutual_information=np.nan,
        )
    _, both = np.unique(a * (b.max() + 1) + b, return_inverse=True)
    joint, in_a, in_b = (_entropy(groups, own) for groups in (both, a, b))
    variation = max(2 * joint - in_a - in_b, 0.0)
    shared = max(in_a + in_b - joint, 0.0)
    return AgreementFigures(
        adjusted_rand=_adjusted_rand(both, a, b, own),
        variation_of_information=variation,
        variation_share=variation / joint if joint else 0.0,
        normalised_mutual_information=2 * shared / (in_a + in_b) if in_a + in_b else 1.0,
    )


def _entropy(groups: NDArray[np.intp], weights: Weights) -> float:
    """Bits of information in which group a person is."""
    total = np.bincount(groups, weights)
    share = np.sort(total[total > 0] / weights.sum())  # so that A and B may change places
    return max(float(-(share * np.log2(share)).sum()), 0.0)


def _adjusted_rand(
    both: NDArray[np.intp], a: NDArray[np.intp], b: NDArray[np.intp], weights: Weights
) -> float:
    r"""
    Agreement on pairs above chance.

    A pair is two towns, or two persons of different towns: of a group with weights :math:`w` there
    are :math:`((\sum w)^2 - \sum w^2) / 2`. With every weight 1 that is the usual index.
    """
    together, in_a, in_b = (_pairs_within(groups, weights) for groups in (both, a, b))
    every = _pairs_within(np.zeros_like(a), weights)
    if not every:
        return 1.0
    expected, most = in_a * in_b / every, (in_a + in_b) / 2
    # Equal only where both keep all together, or all apart: then they are the same.
    return 1.0 if most == expected else float((together - expected) / (most - expected))


def _pairs_within(groups: NDArray[np.intp], weights: Weights) -> float:
    squares = np.bincount(groups, weights) ** 2 - np.bincount(groups, weights**2)
    return float(squares.sum()) / 2
