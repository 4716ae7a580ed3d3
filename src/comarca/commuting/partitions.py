"""
From numbered areas to a partition, for whichever rule drew them.

Towns are positions in one order here. The area of a town is a number from 0, below 0 for none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from comarca.commuting.areas.quality import figures_of
from comarca.model.partition import Area, Partition


def numbered_partition(
    towns: Sequence[str],
    area: NDArray[np.integer],
    heads: NDArray[np.integer],
    status: Sequence[str],
    quality: Mapping[str, NDArray[np.float64]],
    *,
    names: Mapping[str, str],
    order: Sequence[str],
) -> Partition:
    """
    Make a partition of numbered areas.

    Parameters
    ----------
    towns
        Ids of the towns.
    area
        Area of each town, shape ``(n_towns,)``.
    heads
        Head town of each area, which lends the area its id and its name, shape ``(n_areas,)``.
    status
        How each town came where it is.
    quality
        Figures of the areas by name, each of shape ``(n_areas,)``.
    names
        Names by town id; a town without one lends its id.
    order
        The same towns in the order the partition shall have.
    """
    head_ids = [towns[head] for head in heads.tolist()]
    number_of = dict(zip(towns, area.tolist(), strict=True))
    status_of = dict(zip(towns, status, strict=True))
    return Partition(
        origin="commuting",
        area_of={
            town: head_ids[number] if (number := number_of[town]) >= 0 else None for town in order
        },
        status_of={town: status_of[town] for town in order},
        areas=tuple(
            Area(
                area_id=head,
                name=names.get(head, head),
                head_town_id=head,
                quality=figures_of(quality, number),
            )
            for number, head in enumerate(head_ids)
        ),
    )
