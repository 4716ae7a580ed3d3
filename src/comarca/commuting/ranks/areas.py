"""
Criterion *C* of every area of a partition: do its towns behave as one pool?
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.stats import false_discovery_control

from comarca.commuting.ranks.judging import RARE, RankedSet, RankTest, judge, peopled
from comarca.commuting.ranks.params import RankParams
from comarca.errors import UnknownTownError
from comarca.model.partition import Area, Partition
from comarca.model.region import Region
from comarca.wording import counted


@dataclass(frozen=True, kw_only=True)
class AreaTest(RankTest):
    """
    The criterion of one area's towns; ``p_adjusted`` is that of Benjamini and Hochberg.

    Parameters
    ----------
    area_id, area_name
        The area.
    """

    area_id: str
    area_name: str


@dataclass(frozen=True, kw_only=True)
class AreaRanks:
    """
    The criterion of every area of a partition.

    Parameters
    ----------
    region_name
        Whose areas they are.
    params
        How they were judged.
    areas
        One for each area, in the partition's order.
    n_pool
        Towns that could be drawn: all with people that head no area.
    left_out
        Ids of towns without people or without a count.
    """

    region_name: str
    params: RankParams
    areas: tuple[AreaTest, ...]
    n_pool: int
    left_out: tuple[str, ...]

    def table(self) -> pd.DataFrame:
        """
        One row an area.

        Returns
        -------
        DataFrame
            ``area_id``, ``area_name``, ``core``, ``space`` and the columns of
            :meth:`RankProfile.table` from ``n_towns`` on; missing where the note says why.
        """
        judged = {"core": self.params.core, "space": self.params.space}
        rows = [
            {"area_id": area.area_id, "area_name": area.area_name, **judged, **area.row()}
            for area in self.areas
        ]
        return pd.DataFrame(rows, columns=None if rows else ["area_id", "area_name", *judged])

    def summary(self) -> str:
        """Say in a few lines how many areas lie near the logarithmic law, chance allowed for."""
        judged = [area for area in self.areas if area.p is not None]
        lines = [
            f"{counted(len(self.areas), 'area')} of {self.region_name}, each "
            f"{self.params.core} its head town; {self.params.space} population; "
            f"{self.params.draws:,} draws from {counted(self.n_pool, 'town')} that head none",
            f"{len(judged):,} judged, {len(self.areas) - len(judged):,} not: "
            f"fewer than {self.params.min_towns} towns, or nothing to compare with",
            self.reading(),
        ]
        if self.left_out:
            lines.append(f"{counted(len(self.left_out), 'town')} without people left out")
        return "\n".join(lines)

    def reading(self) -> str:
        """What the areas say in plain words, and what they do not."""
        judged = [area for area in self.areas if area.p is not None]
        if not judged:
            return "No area could be judged."
        rare = sum(_is_rare(area.p) for area in judged)
        held = [area.area_name for area in judged if _is_rare(area.p_adjusted)]
        told = (
            f"{rare:,} of {len(judged):,} lie nearer the logarithmic law than all but {RARE:.0%} "
            f"of random sets; {RARE * len(judged):.1f} would by chance alone. After Benjamini and "
            "Hochberg "
        )
        remain = "one remains" if len(held) == 1 else f"{len(held):,} remain"
        named = f"{remain}: {', '.join(held)}" if held else "none remains"
        return f"{told}{named}. A sign at most, no proof."


def rank_areas(region: Region, partition: Partition, params: RankParams | None = None) -> AreaRanks:
    """
    Judge the towns of every area against random towns of the region.

    Parameters
    ----------
    region
        Its towns with their populations.
    partition
        Areas made by commuting, by freight, or official ones.
    params
        Space, least number of towns, draws and the rest; radii are not used. Defaults of the
        region's country when ``None``.

    Returns
    -------
    AreaRanks

    Raises
    ------
    UnknownTownError
        When the partition places a town that is not in the region.

    Notes
    -----
    Head towns are never drawn: sets without their largest town are compared with others that lack
    it too. An area whose head has no people is judged without it.

    Areas share no town, so the procedure of Benjamini and Hochberg [1]_ is used as for independent
    tests; towns drawn for one area are not withheld from another, each is tested by itself.

    References
    ----------
    .. [1] Benjamini, Y. and Hochberg, Y. (1995). Controlling the false discovery rate. Journal of
           the Royal Statistical Society B 57 (1), 289-300.
    """
    params = params or RankParams.for_region(region)
    unknown = set(partition.town_ids) - set(region.town_ids)
    if unknown:
        raise UnknownTownError(min(unknown), region.town_ids)
    persons, left_out = peopled(region)
    heads = {area.head_town_id for area in partition.areas}
    others = np.array([people for town, people in persons.items() if town not in heads])
    sets = [_set_of(area, partition, persons, params) for area in partition.areas]
    tests, _ = judge(sets, others, params)
    return AreaRanks(
        region_name=region.name,
        params=params,
        areas=tuple(
            AreaTest(area_id=area.area_id, area_name=area.name, **vars(test))
            for area, test in zip(partition.areas, _controlled(tests), strict=True)
        ),
        n_pool=len(others),
        left_out=left_out,
    )


def _set_of(
    area: Area, partition: Partition, persons: Mapping[str, float], params: RankParams
) -> RankedSet:
    members = [town for town in partition.members(area.area_id) if town in persons]
    others = np.array([persons[town] for town in members if town != area.head_town_id])
    core = persons.get(area.head_town_id) if params.core == "with" else None
    return RankedSet(persons=others, core=core)


def _is_rare(p: float | None) -> bool:
    return p is not None and p <= RARE


def _controlled(tests: Sequence[RankTest]) -> list[RankTest]:
    """Allow for the number of areas tested: the false discovery rate."""
    p = [test.p for test in tests if test.p is not None]
    adjusted = iter(false_discovery_control(p).tolist() if p else [])
    return [test if test.p is None else replace(test, p_adjusted=next(adjusted)) for test in tests]
