"""
What all schools share: flows in the order of ids, and from numbers of areas to a partition.

Towns are positions here. The area of a town is a number from 0, below 0 for none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from comarca.commuting.areas.preparation import exact, in_id_order
from comarca.commuting.areas.quality import area_quality
from comarca.commuting.partitions import numbered_partition
from comarca.model.matrices import FlowMatrix
from comarca.model.partition import Partition
from comarca.wording import counted

Numbers = NDArray[np.int64]
NONE = -1


def in_order(flows: FlowMatrix) -> FlowMatrix:
    """
    Put towns into the order of their ids, and round fractions so far that their sums are exact.

    Ties are settled by that order, so an answer does not depend on the order of the input.
    """
    order = in_id_order(flows.town_ids)
    persons = exact(flows.persons[order, :][:, order])
    town_ids = tuple(flows.town_ids[place] for place in order)
    return FlowMatrix(town_ids, persons, flows.skill, flows.period, flows.is_observed)


def numbered(zone: Numbers) -> Numbers:
    """Number zones from 0 in the order of what they were called; those below 0 are none."""
    area = np.full(len(zone), NONE, dtype=np.int64)
    placed = zone >= 0
    area[placed] = np.unique(zone[placed], return_inverse=True)[1]
    return area


def largest_workplaces(flows: FlowMatrix, area: Numbers) -> Numbers:
    """Town with most filled jobs of each area, the first among equals."""
    by_jobs = np.lexsort((np.arange(len(area)), -flows.jobs))
    by_jobs = by_jobs[area[by_jobs] >= 0]
    _, first = np.unique(area[by_jobs], return_index=True)
    return np.asarray(by_jobs[first], dtype=np.int64)


def partition_of(
    flows: FlowMatrix,
    area: Numbers,
    heads: Numbers,
    status: Sequence[str],
    *,
    names: Mapping[str, str] | None,
    town_ids: Sequence[str],
    more: Mapping[str, NDArray[np.float64]] | None = None,
) -> Partition:
    """
    Make a partition of numbered areas.

    Parameters
    ----------
    flows
        Commuters, towns in the order of ids.
    area
        Area of each town.
    heads
        Head town of each area, which lends the area its id and its name.
    status
        How each town came where it is.
    names
        Names by town id; a town without one lends its id.
    town_ids
        The towns in the order the partition shall have.
    more
        Figures of the areas besides those of
        :func:`comarca.commuting.areas.quality.area_quality`.
    """
    quality = {**area_quality(flows.persons, area), **(more or {})}
    return numbered_partition(
        flows.town_ids, area, heads, status, quality, names=names or {}, order=town_ids
    )


def told(partition: Partition, noun: str) -> list[str]:
    """Say how many areas there are of how many towns, and how closed they are."""
    placed = sum(area is not None for area in partition.area_of.values())
    lines = [f"{counted(len(partition.areas), noun)} of {counted(placed, 'town')}"]
    quality = partition.quality()
    if len(quality):
        inside = quality["inside"].sum()
        lines.append(
            f"{inside / quality['residents'].sum():.0%} of their working residents work inside "
            f"their area; {inside / quality['jobs'].sum():.0%} of their jobs are filled from inside"
        )
    return lines
