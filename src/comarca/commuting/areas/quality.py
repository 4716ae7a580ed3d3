"""
How good areas are: the figures statistical offices publish with their areas.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

CENTRAL_TOWN_JOBS = 100  # part of the definition of a central town, not a number from the world

Floats = NDArray[np.float64]


def area_quality(persons: sparse.csr_array, area: NDArray[np.int64]) -> dict[str, Floats]:
    """
    Quality figures of areas, whatever drew them.

    Parameters
    ----------
    persons
        Commuters, persons, shape ``(n_towns, n_towns)``.
    area
        Area of each town as a number from 0, below 0 for none; shape ``(n_towns,)``. Flows to and
        from towns without an area count as going out of the areas and coming in.

    Returns
    -------
    dict[str, ndarray]
        Each of shape ``(n_areas,)``, NaN where a figure has no value: ``residents`` (L), ``jobs``
        (K) and ``inside`` (S), persons; ``self_containment_supply`` S/L and
        ``self_containment_demand`` S/K, in [0, 1]; ``commuter_ratio`` ((L-S)+(K-S))/2S;
        ``home_work_ratio`` ((L-S)-(K-S))/S, above 0 where more leave than come; ``link_cohesion``,
        share of ordered pairs of its towns with a flow, and ``flow_cohesion``, share of S between
        different towns, both in [0, 1] (none where nobody travels between its towns);
        ``n_central_towns``, towns with more than 100 jobs that draw more than they send.

    References
    ----------
    .. [1] Istat (2015). La nuova geografia dei sistemi locali, methodological note.
    """
    n_areas = int(area.max(initial=-1)) + 1
    sums = _Sums(persons, area, n_areas)
    residents, jobs, inside = sums.residents, sums.jobs, sums.inside
    between = inside - sums.own
    pairs = sums.n_towns * (sums.n_towns - 1.0)
    has_links = between > 0
    with np.errstate(divide="ignore", invalid="ignore"):
        return {
            "residents": residents,
            "jobs": jobs,
            "inside": inside,
            "self_containment_supply": inside / residents,
            "self_containment_demand": inside / jobs,
            "commuter_ratio": np.where(
                inside > 0, ((residents - inside) + (jobs - inside)) / (2 * inside), np.nan
            ),
            "home_work_ratio": np.where(
                inside > 0, ((residents - inside) - (jobs - inside)) / inside, np.nan
            ),
            "link_cohesion": np.where(has_links, sums.n_links / pairs, np.nan),
            "flow_cohesion": np.where(has_links, between / inside, np.nan),
            "n_central_towns": sums.n_central,
        }


class _Sums:
    """Sums over the towns of each area, shape ``(n_areas,)``."""

    def __init__(self, persons: sparse.csr_array, area: NDArray[np.int64], n_areas: int) -> None:
        homes = np.repeat(np.arange(persons.shape[0]), np.diff(persons.indptr))
        works, count = persons.indices, persons.data.astype(np.float64)
        town_residents = np.bincount(homes, count, len(area)).astype(np.float64)
        town_jobs = np.bincount(works, count, len(area)).astype(np.float64)
        own = np.asarray(persons.diagonal(), dtype=np.float64)
        placed = area >= 0
        place = area[placed]

        def over_towns(values: Floats) -> Floats:
            return np.bincount(place, values[placed], n_areas).astype(np.float64)

        stays = (area[homes] == area[works]) & placed[homes]
        self.n_towns = np.bincount(place, minlength=n_areas).astype(np.float64)
        self.residents = over_towns(town_residents)
        self.jobs = over_towns(town_jobs)
        self.own = over_towns(own)
        self.inside = np.bincount(area[homes[stays]], count[stays], n_areas)
        crosses = stays & (homes != works)
        self.n_links = np.bincount(area[homes[crosses]], minlength=n_areas).astype(np.float64)
        is_central = (town_jobs - own > town_residents - own) & (town_jobs > CENTRAL_TOWN_JOBS)
        self.n_central = over_towns(is_central.astype(np.float64))


def figures_of(quality: Mapping[str, Floats], area: int) -> dict[str, float]:
    """Figures of one area; those without a value are absent."""
    return {
        name: float(values[area]) for name, values in quality.items() if not np.isnan(values[area])
    }
