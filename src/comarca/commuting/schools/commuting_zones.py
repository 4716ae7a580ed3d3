r"""
Commuting zones as Tolbert and Sizer draw them: average linkage on proportional flows.

The *proportional flow* of two towns compares all who travel between them with the working residents
:math:`L` of the smaller one,

.. math:: P_{ij} = \frac{T_{ij} + T_{ji}}{\min(L_i, L_j)}, \qquad P_{ij} \le 0.999,

and their distance is :math:`1 - P_{ij}`, so that every two towns have one, 1 at most. Clusters
whose mean distance over all pairs of their towns is least become one, up to the cut height.

As published, but for two steps that nobody can repeat: the first zones were clustered in
overlapping parts of the country, and then changed by hand where experts thought better.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from comarca.commuting.schools.drawing import (
    NONE,
    in_order,
    largest_workplaces,
    numbered,
    partition_of,
    told,
)
from comarca.commuting.schools.engine.fusion import fuse
from comarca.model.matrices import FlowMatrix
from comarca.model.parameters import Params, assumed
from comarca.model.partition import Partition

LARGEST_PROPORTIONAL_FLOW = 0.999  # part of the published definition: a distance is above 0
_EXACT_SHARE = 2.0**-36  # so that sums of proportional flows are exact in any order


class CommutingZoneParams(Params):
    """
    How far apart the towns of a commuting zone may be.

    Parameters
    ----------
    cut_height
        Greatest mean distance of two clusters that still become one, in (0, 1).
    """

    cut_height: float = assumed("commuting.zones.cut_height", gt=0, lt=1)


@dataclass(frozen=True, kw_only=True, eq=False)
class CommutingZones:
    """
    Commuting zones by average linkage, with the whole tree.

    Parameters
    ----------
    partition
        Origin ``"commuting"``; an area's id is its head town, the one with most filled jobs. Status
        of a town: ``core`` (the head), ``member``, ``unassigned`` (jobs but no working residents,
        so that no proportional flow exists), ``no-flow`` (neither).
    params
        Where the tree was cut.
    fusions
        One row a fusion, in order, those beyond the cut included: ``kept_town_id`` and
        ``absorbed_town_id``, the towns that stand for the two clusters (their first by id);
        ``distance``, their mean distance, rising from row to row; ``n_areas`` afterwards.
        Clusters between which nobody travels are at distance 1 and never fuse.
    """

    partition: Partition
    params: CommutingZoneParams
    fusions: pd.DataFrame

    def quality(self) -> pd.DataFrame:
        """Quality figures, one row an area; see :meth:`.Partition.quality`."""
        return self.partition.quality()

    def summary(self) -> str:
        """Say in a few lines how many zones there are and how closed they are."""
        lines = told(self.partition, "commuting zone")
        alone = sum(len(self.partition.members(a.area_id)) == 1 for a in self.partition.areas)
        lines.append(
            f"cut at a mean distance of {self.params.cut_height:g}; zones of one town: {alone:,}"
        )
        return "\n".join(lines)


def delineate_commuting_zones(
    flows: FlowMatrix,
    params: CommutingZoneParams | None = None,
    *,
    names: Mapping[str, str] | None = None,
) -> CommutingZones:
    """
    Draw commuting zones by average linkage on proportional flows.

    Parameters
    ----------
    flows
        Commuters on a working day, persons. Estimated flows are rounded to 2⁻²⁰ persons.
    params
        Where to cut; defaults to ``CommutingZoneParams()``.
    names
        Names of towns by id, after which areas are called; a town without one lends its id.

    Returns
    -------
    CommutingZones
        Each town with working residents in one zone, perhaps by itself.

    Notes
    -----
    Zones need not be contiguous. Distances are used as they are. Tolbert and Sizer's were scaled to
    a mean, or a root mean square, of 1 over all pairs; both are nearly 1 already where most pairs
    exchange nobody (0.9997 for 3,220 counties). Later delineations cut plain distances at 0.977.
    Equal distances are settled by the order of ids.

    Memory grows with the number of flows: no matrix of all pairs is made.

    References
    ----------
    .. [1] Tolbert, C. M. and Sizer, M. (1996). U.S. commuting zones and labor market areas: a 1990
           update. Staff Report AGES-9614. Economic Research Service, USDA.
    .. [2] Fowler, C. S., Rhubart, D. C. and Jensen, L. (2016). Reassessing and revising commuting
           zones for 2010. Population Research and Policy Review 35, 263-286.
    .. [3] Fowler, C. S. and Jensen, L. (2020). Bridging the gap between geographic concept and the
           data we have: the case of labor markets in the USA. Environment and Planning A 52,
           1395-1414.
    """
    params = params or CommutingZoneParams()
    ordered = in_order(flows)
    ones = np.ones(len(ordered.town_ids))
    fused = fuse(_halved(proportional_flows(ordered)), ones, ones)
    distance = 1.0 - fused.attraction
    # Shares were rounded, so a distance that equals the cut may lie beyond it by so much.
    n_fusions = int(np.searchsorted(distance, params.cut_height + _EXACT_SHARE, side="right"))
    has_residents = ordered.workers > 0
    area = numbered(np.where(has_residents, fused.zones(n_fusions), NONE))
    heads = largest_workplaces(ordered, area)
    status = np.select([has_residents, ordered.jobs > 0], ["member", "unassigned"], "no-flow")
    status[heads] = "core"
    ids = np.array(ordered.town_ids, dtype=object)
    return CommutingZones(
        partition=partition_of(
            ordered, area, heads, status.tolist(), names=names, town_ids=flows.town_ids
        ),
        params=params,
        fusions=pd.DataFrame(
            {
                "kept_town_id": ids[fused.kept],
                "absorbed_town_id": ids[fused.absorbed],
                "distance": distance,
                "n_areas": int(has_residents.sum()) - 1 - np.arange(len(fused)),
            }
        ),
    )


def proportional_flows(flows: FlowMatrix) -> sparse.csr_array:
    """
    Share that all who travel between two towns are of the smaller one's working residents.

    Parameters
    ----------
    flows
        Commuters on a working day, persons.

    Returns
    -------
    sparse.csr_array
        Symmetric, shape ``(n_towns, n_towns)``, in [0, 0.999], without a diagonal; towns without
        working residents have none.
    """
    both = sparse.coo_array(flows.persons + flows.persons.T)
    smaller = np.minimum(flows.workers[both.row], flows.workers[both.col])
    keep = (both.row != both.col) & (smaller > 0)
    share = np.minimum(both.data[keep] / smaller[keep], LARGEST_PROPORTIONAL_FLOW)
    return sparse.csr_array((share, (both.row[keep], both.col[keep])), shape=both.shape)


def _halved(shares: sparse.csr_array) -> sparse.csr_array:
    """Half for each direction, so that attraction adds up to the mean proportional flow."""
    halves: NDArray[np.float64] = np.round(shares.data / _EXACT_SHARE) * (_EXACT_SHARE / 2)
    return sparse.csr_array((halves, shares.indices, shares.indptr), shape=shares.shape)
