"""
Labour market areas: groups of towns most of whose people live and work within the group.

The published rule with one town moved at a time, an acceptance test and a reserve list (Eurostat's
EURO method). Towns are taken in the order of their ids where the rule needs an order: by number
when all ids are whole numbers, else by their characters' code points.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from comarca.commuting.areas.dissolution import (
    LoopStatus,
    MainLoop,
    Reserved,
    ReserveKind,
    empty_reserve,
)
from comarca.commuting.areas.grouping import EXACT_PERSONS, Grouping
from comarca.commuting.areas.params import AreaParams
from comarca.commuting.areas.quality import area_quality
from comarca.model.matrices import FlowMatrix
from comarca.model.partition import Area, Partition
from comarca.wording import counted


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
    kind: ReserveKind
    iteration: int
    validity: float


@dataclass(frozen=True, kw_only=True)
class LabourMarketAreas:
    """
    Labour market areas drawn from commuter flows.

    Parameters
    ----------
    partition
        Origin ``"commuting"``; an area's id is its head town, the one with most filled jobs. Status
        of a town: ``core`` (the head), ``member``, ``reserve-assigned`` (joined by link alone at
        the end), ``unassigned`` (set aside, and linked with no area), ``no-flow`` (nobody of it
        works, or nobody works there, or it exchanges nobody with any other town).
    params
        What counted as an area.
    status
        ``"converged"``: every group was an area before the reserve was emptied. ``"cycled"`` or
        ``"iteration_limit"``: the loop was ended, and some group may be none.
    iterations
        Steps of the main loop.
    moves
        How often each town joined another group; towns without flows are absent.
    reserve
        Towns set aside, in order.
    membership_before_reserve
        ``town_id → area_id`` when the main loop ended; ``None`` for towns set aside or without
        flows. Area ids are those of ``partition``.
    """

    partition: Partition
    params: AreaParams
    status: LoopStatus
    iterations: int
    moves: Mapping[str, int]
    reserve: tuple[ReserveEntry, ...]
    membership_before_reserve: Mapping[str, str | None]

    def __post_init__(self) -> None:
        for name in ("moves", "membership_before_reserve"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))

    def quality(self) -> pd.DataFrame:
        """
        Quality figures, one row an area.

        Returns
        -------
        DataFrame
            Indexed by ``area_id``; ``area_name``, ``n_towns`` and the figures of
            :func:`comarca.commuting.areas.quality.area_quality`; NaN where a figure has no value.
        """
        rows = [
            {
                "area_id": area.area_id,
                "area_name": area.name,
                "n_towns": len(self.partition.members(area.area_id)),
                **area.quality,
            }
            for area in self.partition.areas
        ]
        return pd.DataFrame(rows, columns=None if rows else ["area_id"]).set_index("area_id")

    def summary(self) -> str:
        """Say in a few lines how many areas there are and how closed they are."""
        count = list(self.partition.status_of.values()).count
        areas = counted(len(self.partition.areas), "labour market area")
        lines = [f"{areas} of {counted(self._n_placed(), 'town')}"]
        quality = self.quality()
        if len(quality):
            resident, job = (
                quality["inside"].sum() / quality[total].sum() for total in ("residents", "jobs")
            )
            lines.append(f"{resident:.0%} of their working residents work inside their area")
            lines.append(f"{job:.0%} of their jobs are filled from inside")
            weak = int((quality["validity"] < 1).sum())
            if weak:
                lines.append(f"{weak:,} fell below the rule when the reserve was emptied")
        lines.append(
            f"{counted(count('reserve-assigned'), 'town')} joined by link alone; without an area: "
            f"{count('unassigned'):,} linked with none, {count('no-flow'):,} without flows"
        )
        if self.status != "converged":
            reason = {"cycled": "a state returned", "iteration_limit": "too many steps"}
            lines.append(f"stopped early ({reason[self.status]}): some groups may be no areas")
        return "\n".join(lines)

    def _n_placed(self) -> int:
        return sum(area_id is not None for area_id in self.partition.area_of.values())


def delineate_areas(
    flows: FlowMatrix,
    params: AreaParams | None = None,
    *,
    names: Mapping[str, str] | None = None,
) -> LabourMarketAreas:
    """
    Draw labour market areas.

    Parameters
    ----------
    flows
        Commuters on a working day, persons. Counts stay exact; estimated flows are rounded to
        2⁻²⁰ persons, so that equal stays equal in whatever order they are added.
    params
        What counts as an area; defaults to ``AreaParams()``.
    names
        Names of towns by id, after which areas are called; a town without one lends its id.

    Returns
    -------
    LabourMarketAreas
        Each town in one area or in none. Not an exception when no area exists.

    Notes
    -----
    Areas need not be contiguous, and an area may fall below the rule when the reserve is emptied.

    References
    ----------
    .. [1] Coombes, M., Casado-Díaz, J. M., Martínez-Bernabeu, L. and Carausu, F. (2012). Study on
           comparable Labour Market Areas. Eurostat.
    """
    params = params or AreaParams()
    order = in_id_order(flows.town_ids)
    persons = _exact(flows.persons[order, :][:, order])
    kept = _with_flows(persons)
    town_ids = [flows.town_ids[order[place]] for place in kept]
    grouping = Grouping(persons[kept, :][:, kept], params)
    loop = MainLoop(grouping)
    status = loop.run()
    before = grouping.group.copy()
    placed = empty_reserve(grouping)
    heads = _heads(grouping, flows.jobs[order][kept])
    area_id = {group: town_ids[head] for group, head in heads.items()}
    return LabourMarketAreas(
        partition=_partition(flows.town_ids, town_ids, grouping, heads, placed, names or {}),
        params=params,
        status=status,
        iterations=loop.iterations,
        moves=dict(zip(town_ids, loop.moves.tolist(), strict=True)),
        reserve=tuple(_entry(reserved, town_ids) for reserved in loop.reserved),
        membership_before_reserve=dict.fromkeys(flows.town_ids)
        | {town: area_id.get(int(group)) for town, group in zip(town_ids, before, strict=True)},
    )


def in_id_order(town_ids: Sequence[str]) -> NDArray[np.intp]:
    """
    Positions of towns in the order in which the rule takes them.

    By number when every id is a whole number (``"9"`` before ``"10"``), else by code point, as the
    C locale sorts.
    """
    is_number = all(town.isascii() and town.isdigit() for town in town_ids)

    def place(position: int) -> tuple[int, str]:
        town = town_ids[position]
        return (int(town) if is_number else 0, town)

    return np.array(sorted(range(len(town_ids)), key=place), dtype=np.intp)


def _exact(persons: sparse.csr_array) -> sparse.csr_array:
    """Round fractions so far that sums of them are exact in any order."""
    exact: sparse.csr_array = persons.astype(np.float64)
    exact.data = np.round(exact.data / EXACT_PERSONS) * EXACT_PERSONS
    exact.eliminate_zeros()
    return exact


def _with_flows(persons: sparse.csr_array) -> NDArray[np.intp]:
    """
    Towns that take part: workers and jobs, and somebody who crosses the town's border.

    Leaving a town out takes its flows from the others, so the rule is repeated until it holds.
    """
    kept = np.arange(persons.shape[0])
    while True:
        residents = np.asarray(persons.sum(axis=1)).ravel()
        jobs = np.asarray(persons.sum(axis=0)).ravel()
        inside = persons.diagonal()
        takes_part = (residents > 0) & (jobs > 0) & ((inside != residents) | (inside != jobs))
        if takes_part.all():
            return kept
        keep = np.flatnonzero(takes_part)
        kept, persons = kept[keep], persons[keep, :][:, keep]


def _heads(grouping: Grouping, jobs: NDArray[np.float64]) -> dict[int, int]:
    """Town with most jobs of each area, the first among equals; areas in order of their seed."""
    heads: dict[int, int] = {}
    for group in np.unique(grouping.group[grouping.group < grouping.reserve]):
        members = grouping.members(int(group))
        heads[int(group)] = int(members[np.argmax(jobs[members])])
    return heads


def _entry(reserved: Reserved, town_ids: Sequence[str]) -> ReserveEntry:
    return ReserveEntry(
        town_id=town_ids[reserved.town],
        kind=reserved.kind,
        iteration=reserved.iteration,
        validity=reserved.validity,
    )


def _partition(
    every_town: Sequence[str],
    town_ids: Sequence[str],
    grouping: Grouping,
    heads: Mapping[int, int],
    placed: NDArray[np.bool_],
    names: Mapping[str, str],
) -> Partition:
    area_of: dict[str, str | None] = dict.fromkeys(every_town)
    status_of = dict.fromkeys(every_town, "no-flow")
    head_towns = set(heads.values())
    for town, town_id in enumerate(town_ids):
        group = int(grouping.group[town])
        area_of[town_id] = None if group == grouping.reserve else town_ids[heads[group]]
        status_of[town_id] = _status(
            is_head=town in head_towns,
            has_area=group != grouping.reserve,
            was_reserved=bool(placed[town]),
        )
    areas = tuple(
        Area(
            area_id=town_ids[head],
            name=names.get(town_ids[head], town_ids[head]),
            head_town_id=town_ids[head],
            quality=area_quality(grouping, group),
        )
        for group, head in heads.items()
    )
    return Partition(origin="commuting", area_of=area_of, status_of=status_of, areas=areas)


def _status(*, is_head: bool, has_area: bool, was_reserved: bool) -> str:
    if is_head:
        return "core"
    if not has_area:
        return "unassigned"
    return "reserve-assigned" if was_reserved else "member"
