"""
What a set of areas amounts to in a few figures, for when areas are drawn many times.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy import sparse

from comarca.commuting.areas.drawing import Drawing, Placing
from comarca.commuting.areas.engine.grouping import NOBODY
from comarca.commuting.areas.engine.steps import ASSIGNED
from comarca.commuting.areas.engine.sums import area_sums
from comarca.commuting.areas.engine.validity import Rule, validities
from comarca.commuting.areas.labour_market_areas import STATUSES, LoopStatus


class Outcome(NamedTuple):
    """
    Areas in a few figures; shares are in [0, 1], NaN where there is no area.

    Parameters
    ----------
    n_areas
        How many there are.
    self_containment_supply, self_containment_demand
        Of all areas together: share of their working residents who work inside their own area, and
        of their jobs filled from inside.
    least_self_containment
        The lesser of both shares in the area where it is least.
    alone_share
        Share of the towns in areas that are an area by themselves.
    largest_share
        Share of the working residents of all areas who live in the largest.
    reserve_assigned
        Towns that joined an area by link alone at the end.
    without_area
        Towns in no area.
    below_rule
        Areas whose validity fell below 1 at the end.
    status
        How the main loop ended.
    """

    n_areas: int
    self_containment_supply: float
    self_containment_demand: float
    least_self_containment: float
    alone_share: float
    largest_share: float
    reserve_assigned: int
    without_area: int
    below_rule: int
    status: LoopStatus


def outcome_of(
    drawing: Drawing, placing: Placing, persons: sparse.csr_array, rule: Rule
) -> Outcome:
    """
    Sum up what was drawn.

    Parameters
    ----------
    drawing, placing
        Who is in which area, and how it came to be.
    persons
        What it was drawn from, flows of all towns.
    rule
        What counts as an area.
    """
    area, n_areas = placing.area, len(placing.heads)
    counts = area != NOBODY
    counts[drawing.kept] = True
    inside, residents, jobs = area_sums(
        persons.indptr, persons.indices, persons.data, area, counts, n_areas
    )
    n_towns = np.bincount(area[area != NOBODY], minlength=n_areas)
    steps = drawing.steps.noted()
    return Outcome(
        n_areas=n_areas,
        self_containment_supply=_share(inside.sum(), residents.sum()),
        self_containment_demand=_share(inside.sum(), jobs.sum()),
        least_self_containment=float(
            np.minimum(inside / residents, inside / jobs).min() if n_areas else np.nan
        ),
        alone_share=_share(float((n_towns == 1).sum()), float(n_towns.sum())),
        largest_share=_share(residents.max(initial=0.0), residents.sum()),
        reserve_assigned=len(np.unique(steps["town"][steps["kind"] == ASSIGNED])),
        without_area=int(np.count_nonzero(area == NOBODY)),
        below_rule=int(np.count_nonzero(validities(inside, residents, jobs, rule) < 1)),
        status=STATUSES[drawing.status],
    )


def _share(part: float, whole: float) -> float:
    return float(part / whole) if whole else np.nan
