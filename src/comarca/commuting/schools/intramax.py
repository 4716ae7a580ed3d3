r"""
Intramax: regions within which more is exchanged than their sizes let expect.

Zones fuse two by two, always the pair whose exchange exceeds what their sizes let expect by the
largest factor. With :math:`T_{ij}` persons who live in :math:`i` and work in :math:`j`,
:math:`O_i` working residents, :math:`D_j` jobs and :math:`T` persons in all, the pair with the
largest

.. math:: T \left( \frac{T_{ij}}{O_i D_j} + \frac{T_{ji}}{O_j D_i} \right),

is taken: two quotients of an observed and an expected flow, 2 where nothing draws the zones
together. (The published objective lacks the constant :math:`T`, which changes no choice.)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import Field, model_validator
from scipy import sparse

from comarca.commuting.schools.drawing import (
    NONE,
    in_order,
    largest_workplaces,
    numbered,
    partition_of,
    told,
)
from comarca.commuting.schools.engine.fusion import Fusions, fuse
from comarca.errors import ParameterError
from comarca.model.contiguity import Contiguity
from comarca.model.matrices import FlowMatrix
from comarca.model.parameters import Params, contradiction
from comarca.model.partition import Partition

Cut = Literal["n_areas", "intrazonal_share", "largest_jump"]


class IntramaxParams(Params):
    """
    Where the sequence of fusions is cut; by its largest jump when neither is given.

    Parameters
    ----------
    n_areas
        Number of areas wanted, at least 1. Towns without any flow are in none of them.
    intrazonal_share
        Share of all persons who live and work in one area that is to be reached, in (0, 1].
    """

    n_areas: int | None = Field(default=None, ge=1)
    intrazonal_share: float | None = Field(default=None, gt=0, le=1)

    @model_validator(mode="after")
    def _one_rule(self) -> Self:
        if self.n_areas is not None and self.intrazonal_share is not None:
            raise contradiction(
                "intrazonal_share", f"{self.intrazonal_share:g}", "nothing beside n_areas"
            )
        return self


@dataclass(frozen=True, kw_only=True, eq=False)
class IntramaxRegions:
    """
    Regions by Intramax, with the whole sequence of fusions.

    Parameters
    ----------
    partition
        Origin ``"commuting"``; an area's id is its head town, the one with most filled jobs. Status
        of a town: ``core`` (the head), ``member``, ``no-flow`` (nobody lives or works there).
    params
        Where the sequence was cut.
    fusions
        One row a fusion, in order: ``kept_town_id`` and ``absorbed_town_id``, the towns that stand
        for the two zones (their first by id); ``attraction``, the objective; ``joined``, persons
        who travel between the two; ``intrazonal_share`` of all persons afterwards; ``n_areas``
        afterwards.
    n_fusions
        How many of them were made before the cut.
    intrazonal_share
        Share of all persons who live and work in one area at the cut, in [0, 1].
    cut
        What decided it.
    is_reached
        ``False`` where fusing ended before the number or the share asked for: what is left
        exchanges nobody, or has no common border.
    is_contiguous
        Whether only neighbours could fuse.
    """

    partition: Partition
    params: IntramaxParams
    fusions: pd.DataFrame
    n_fusions: int
    intrazonal_share: float
    cut: Cut
    is_reached: bool
    is_contiguous: bool

    def quality(self) -> pd.DataFrame:
        """Quality figures, one row an area; see :meth:`.Partition.quality`."""
        return self.partition.quality()

    def summary(self) -> str:
        """Say in a few lines how many areas there are, how closed, and what decided the cut."""
        lines = told(self.partition, "Intramax region")
        if not self.is_reached:
            apart = "has no common border or " if self.is_contiguous else ""
            lines.append(f"fusing ended early: what is left {apart}exchanges nobody")
        elif self.cut == "largest_jump" and self.n_fusions < len(self.fusions):
            after = float(self.fusions["intrazonal_share"].iloc[self.n_fusions])
            lines.append(
                "cut before the largest jump of the share who live and work in one area: "
                f"{self.intrazonal_share:.1%} to {after:.1%}"
            )
        if not self.is_contiguous:
            lines.append("areas need not be contiguous: no neighbours were given")
        return "\n".join(lines)


def delineate_intramax(
    flows: FlowMatrix,
    params: IntramaxParams | None = None,
    *,
    contiguity: Contiguity | None = None,
    names: Mapping[str, str] | None = None,
) -> IntramaxRegions:
    """
    Draw regions by Intramax.

    Parameters
    ----------
    flows
        Commuters on a working day, persons. Estimated flows are rounded to 2⁻²⁰ persons.
    params
        Where to cut; by the largest jump of the intrazonal share when not given.
    contiguity
        Neighbours of every town of ``flows``. When given, only zones with a common border fuse.
    names
        Names of towns by id, after which areas are called; a town without one lends its id.

    Returns
    -------
    IntramaxRegions
        Each town with flows in one area.

    Raises
    ------
    ParameterError
        When more areas are asked for than towns have flows.
    UnknownTownError
        When ``contiguity`` lacks a town of ``flows``.

    Notes
    -----
    Equal attractions are settled by the order of ids. The objective may rise from one fusion to the
    next; the intrazonal share never falls.

    References
    ----------
    .. [1] Masser, I. and Brown, P. J. B. (1975). Hierarchical aggregation procedures for
           interaction data. Environment and Planning A 7, 509-523.
    .. [2] Masser, I. and Scheurwater, J. (1980). Functional regionalisation of spatial interaction
           data: an evaluation of some suggested strategies. Environment and Planning A 12,
           1357-1382.
    """
    params = params or IntramaxParams()
    ordered = in_order(flows)
    total = float(ordered.persons.sum())
    beside = None if contiguity is None else contiguity.subset(ordered.town_ids).adjacent
    fused = fuse(ordered.persons, ordered.workers, ordered.jobs, scale=total, adjacent=beside)
    has_flow = (ordered.workers > 0) | (ordered.jobs > 0)
    shares = _shares(fused, ordered.persons, total)
    cut, n_fusions, is_reached = _cut(params, shares, int(has_flow.sum()))
    area = numbered(np.where(has_flow, fused.zones(n_fusions), NONE))
    heads = largest_workplaces(ordered, area)
    status = np.where(has_flow, "member", "no-flow")
    status[heads] = "core"
    return IntramaxRegions(
        partition=partition_of(
            ordered, area, heads, status.tolist(), names=names, town_ids=flows.town_ids
        ),
        params=params,
        fusions=_frame(fused, ordered.town_ids, shares, int(has_flow.sum())),
        n_fusions=n_fusions,
        intrazonal_share=float(shares[n_fusions]),
        cut=cut,
        is_reached=is_reached,
        is_contiguous=contiguity is not None,
    )


def _shares(fused: Fusions, persons: sparse.csr_array, total: float) -> NDArray[np.float64]:
    """Share of persons who live and work in one zone, before the first fusion and after each."""
    inside = float(persons.diagonal().sum()) + np.concatenate(([0.0], np.cumsum(fused.joined)))
    return np.asarray(inside / total if total else inside, dtype=np.float64)


def _cut(
    params: IntramaxParams, shares: NDArray[np.float64], n_zones: int
) -> tuple[Cut, int, bool]:
    """What decides, the number of fusions to make, and whether what was asked for is reached."""
    last = len(shares) - 1
    if params.n_areas is not None:
        if params.n_areas > n_zones:
            raise ParameterError(
                f"n_areas is {params.n_areas}; expected {n_zones}, the towns with flows, at most."
            )
        wanted = n_zones - params.n_areas
        return "n_areas", min(wanted, last), wanted <= last
    if params.intrazonal_share is not None:
        first = int(np.searchsorted(shares, params.intrazonal_share))
        return "intrazonal_share", min(first, last), first <= last
    return "largest_jump", int(np.argmax(np.diff(shares))) if last else 0, True


def _frame(
    fused: Fusions, town_ids: tuple[str, ...], shares: NDArray[np.float64], n_zones: int
) -> pd.DataFrame:
    ids = np.array(town_ids, dtype=object)
    return pd.DataFrame(
        {
            "kept_town_id": ids[fused.kept],
            "absorbed_town_id": ids[fused.absorbed],
            "attraction": fused.attraction,
            "joined": fused.joined,
            "intrazonal_share": shares[1:],
            "n_areas": n_zones - 1 - np.arange(len(fused)),
        }
    )
