"""
What a delineation of labour market areas found.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd

from comarca.commuting.areas.engine.steps import JOINED, KINDS, SET_ASIDE, StepKind, step_table
from comarca.commuting.areas.params import AreaParams
from comarca.model.partition import Partition
from comarca.wording import counted

LoopStatus = Literal["converged", "cycled", "iteration_limit"]
STATUSES: tuple[LoopStatus, ...] = get_args(LoopStatus)
"""In the order of the loop's codes, :mod:`comarca.commuting.areas.engine.dissolution`."""


@dataclass(frozen=True, kw_only=True)
class ReserveEntry:
    """
    A town set aside while areas were drawn.

    Parameters
    ----------
    town_id
        The town.
    kind
        ``"A"`` it was a group by itself and nobody it is linked with gained by it; ``"B"`` it was
        by itself and linked with no group; ``"C"`` as A, out of a larger group; ``"D"`` as B, out
        of a larger group, which was then broken up; ``"E"`` and ``"F"`` as A and B, in that
        breaking up.
    iteration
        Step of the main loop, from 1.
    validity
        Validity of the group it left, below 1.
    """

    town_id: str
    kind: StepKind
    iteration: int
    validity: float


@dataclass(frozen=True, kw_only=True, eq=False)
class LabourMarketAreas:
    """
    Labour market areas drawn from commuter flows.

    Parameters
    ----------
    partition
        Origin ``"commuting"``; an area's id is its head town, the one with most filled jobs. Status
        of a town: ``core`` (the head), ``member``, ``reserve-assigned`` (joined by link alone at
        the end), ``neighbour-assigned`` (has no flows to judge by, and joined its neighbours),
        ``unassigned`` (set aside, and linked with no area), ``no-flow`` (nobody of it works, or
        nobody works there, or it exchanges nobody with any other town).
    params
        What counted as an area.
    status
        ``"converged"``: every group was an area before the reserve was emptied. ``"cycled"`` or
        ``"iteration_limit"``: the loop was ended, and some group may be none.
    iterations
        Steps of the main loop.
    judged
        Towns that took part, in the order in which the rule takes them.
    group_before, group
        Number of the group of each of them when the main loop ended, and in the end, shape
        ``(n_judged,)``; a group bears the place of the town that seeded it, from 0, and -1 is none.
    steps
        All steps, as records that :meth:`trace` makes a table of.
    is_contiguous
        Whether towns could join only groups in which they have a neighbour.
    detached
        Towns that do not hang together with the head of their area and could not be given to
        another without spoiling one; ``()`` where neighbours did not count.
    """

    partition: Partition
    params: AreaParams
    status: LoopStatus
    iterations: int
    judged: tuple[str, ...]
    group_before: np.ndarray[tuple[int], np.dtype[np.int64]]
    group: np.ndarray[tuple[int], np.dtype[np.int64]]
    steps: Any = field(repr=False)
    is_contiguous: bool = False
    detached: tuple[str, ...] = ()

    @cached_property
    def moves(self) -> Mapping[str, int]:
        """How often each town joined another group; towns without flows are absent."""
        joined = self.steps["town"][self.steps["kind"] == JOINED]
        times = np.bincount(joined, minlength=len(self.judged))
        return MappingProxyType(dict(zip(self.judged, times.tolist(), strict=True)))

    @cached_property
    def reserve(self) -> tuple[ReserveEntry, ...]:
        """Towns set aside, in order."""
        aside = self.steps[np.isin(self.steps["kind"], SET_ASIDE)]
        return tuple(
            ReserveEntry(
                town_id=self.judged[step["town"]],
                kind=KINDS[step["kind"]],
                iteration=int(step["iteration"]),
                validity=float(step["validity"]),
            )
            for step in aside
        )

    @cached_property
    def membership_before_reserve(self) -> Mapping[str, str | None]:
        """
        ``town_id → area_id`` when the main loop ended.

        ``None`` for towns set aside or without flows. Ids are those of ``partition``, where the
        group still exists there, else the id of the town that seeded it.
        """
        areas = self._area_of_group
        ids = [
            None if group < 0 else areas.get(group, self.judged[group])
            for group in self.group_before.tolist()
        ]
        before = dict.fromkeys(self.partition.town_ids)
        return MappingProxyType(before | dict(zip(self.judged, ids, strict=True)))

    @cached_property
    def _area_of_group(self) -> dict[int, str]:
        area_of = self.partition.area_of
        pairs = zip(self.group.tolist(), self.judged, strict=True)
        return {group: str(area_of[town]) for group, town in pairs if group >= 0}

    def cluster_numbers(self, *, before_reserve: bool = False) -> Mapping[str, int]:
        """
        Clusters as the R package LabourMarketAreas numbers them.

        Parameters
        ----------
        before_reserve
            As they were when the main loop ended.

        Returns
        -------
        Mapping[str, int]
            By ``town_id``: from 1, the place of the town that seeded it among those with flows; 0
            for a town in none. Towns without flows are absent, as the package drops them.
        """
        group = self.group_before if before_reserve else self.group
        return dict(zip(self.judged, (group + 1).tolist(), strict=True))

    def membership(self) -> pd.DataFrame:
        """
        Which town belongs where, one row a town.

        Returns
        -------
        DataFrame
            ``town_id``, ``area_id`` and ``status``, all text. ``area_id`` is blank for a town in no
            area; under ``euro-r34`` it is the number of :meth:`cluster_numbers`, ``"0"`` for a town
            not assigned and blank for one without flows.
        """
        area_of = self.partition.area_of
        ids: Mapping[str, object] = (
            self.cluster_numbers() if self.params.variant == "euro-r34" else area_of
        )
        return pd.DataFrame(
            {
                "town_id": list(area_of),
                "area_id": [None if ids.get(t) is None else str(ids[t]) for t in area_of],
                "status": list(self.partition.status_of.values()),
            },
            dtype=object,
        )

    def trace(self) -> pd.DataFrame:
        """
        Every step, one row each.

        See Also
        --------
        comarca.commuting.areas.engine.steps.step_table : the columns
        """
        return step_table(self.steps, self.judged)

    def quality(self) -> pd.DataFrame:
        """
        Quality figures, one row an area.

        Returns
        -------
        DataFrame
            Indexed by ``area_id``; ``area_name``, ``n_towns``, ``validity`` (1 or more for an area)
            and the figures of :func:`comarca.commuting.areas.quality.area_quality`; NaN where a
            figure has no value.
        """
        return self.partition.quality()

    def summary(self) -> str:
        """Say in a few lines how many areas there are and how closed they are."""
        status = list(self.partition.status_of.values())
        areas = counted(len(self.partition.areas), "labour market area")
        placed = sum(area_id is not None for area_id in self.partition.area_of.values())
        lines = [f"{areas} of {counted(placed, 'town')}", *self._closure()]
        lines.append(
            f"{counted(status.count('reserve-assigned'), 'town')} joined by link alone; without an "
            f"area: {status.count('unassigned'):,} linked with none, {status.count('no-flow'):,} "
            "without flows"
        )
        if "neighbour-assigned" in status:
            told = counted(status.count("neighbour-assigned"), "town")
            lines.append(f"{told} without flows joined the neighbours")
        if self.detached:
            told = counted(len(self.detached), "town")
            lines.append(f"{told} cut off from the rest of the area")
        if self.status != "converged":
            reason = {"cycled": "a state returned", "iteration_limit": "too many steps"}
            lines.append(f"stopped early ({reason[self.status]}): some groups may be no areas")
        return "\n".join(lines)

    def _closure(self) -> list[str]:
        quality = self.quality()
        if not len(quality):
            return []
        resident, job = (
            quality["inside"].sum() / quality[total].sum() for total in ("residents", "jobs")
        )
        lines = [
            f"{resident:.0%} of their working residents work inside their area",
            f"{job:.0%} of their jobs are filled from inside",
        ]
        weak = int((quality["validity"] < 1).sum())
        if weak:
            lines.append(f"{weak:,} fell below the rule when the reserve was emptied")
        return lines
