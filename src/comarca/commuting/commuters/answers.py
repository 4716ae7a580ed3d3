"""
The answer for every town of a region, as tables and sentences.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import pandas as pd

from comarca.commuting.commuters.sentences import qualification_told, sentence
from comarca.commuting.commuters.town import STATUSES, CommuterGroup, TownCommuters
from comarca.errors import UnknownTownError
from comarca.model.matrices import Skill
from comarca.wording import counted

_TOLD = 10  # towns a summary tells


@dataclass(frozen=True, kw_only=True)
class CommuterGroups:
    """
    The answer for every town of a region.

    Parameters
    ----------
    region_name
        Whose towns they are.
    names
        Names of towns by id.
    least_skill
        Qualification that counts as mid-level.
    towns
        In the region's order.
    """

    region_name: str
    names: Mapping[str, str]
    least_skill: Skill
    towns: tuple[TownCommuters, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "names", MappingProxyType(dict(self.names)))

    def table(self) -> pd.DataFrame:
        """
        One row a town, or one for each of its largest groups where several are equally large.

        Returns
        -------
        DataFrame
            ``town_id``, ``town``, ``status``, ``grouped_by``, ``group``, ``persons``,
            ``share_of_out_commuters`` in [0, 1], ``daily`` and ``weekly`` persons of the group,
            ``main_destination_ids`` and ``main_destinations`` (several with ``; `` between),
            ``out_commuters``, ``known_qualified`` and ``unknown`` persons of the town. What nobody
            can say is missing.
        """
        rows = [self._row(town, group) for town in self.towns for group in town.largest or (None,)]
        return pd.DataFrame(rows, columns=None if rows else ["town_id", "town", "status"])

    def by_destination(self) -> pd.DataFrame:
        """
        Every group of every town by destination and period, the largest group first.

        Returns
        -------
        DataFrame
            ``town_id``, ``town``, ``grouped_by``, ``group``, ``is_largest``, ``destination_id``,
            ``destination``, ``period``, ``persons``.
        """
        columns = [
            "town_id", "town", "grouped_by", "group", "is_largest",
            "destination_id", "destination", "period", "persons",
        ]  # fmt: skip
        rows = [
            (
                *(town.town_id, self.names[town.town_id], town.grouped_by),
                *(group.name, group in town.largest),
                *(place.town_id, self.names[place.town_id], place.period, place.persons),
            )
            for town in self.towns
            for group in town.groups
            for place in group.destinations
        ]
        return pd.DataFrame(rows, columns=columns)

    def of(self, town_id: str) -> TownCommuters:
        """One town, or :class:`UnknownTownError`."""
        for town in self.towns:
            if town.town_id == town_id:
                return town
        raise UnknownTownError(town_id, [town.town_id for town in self.towns])

    def answer(self, town_id: str) -> str:
        """The question answered for one town in a sentence; ``UnknownTownError`` without one."""
        town = self.of(town_id)
        return f"{self.names[town_id]}: {sentence(town, self.names, self.least_skill)}"

    def summary(self) -> str:
        """Say how many towns have an answer, and the answers of those with most commuters."""
        lines = [
            f"Largest group of commuters with {qualification_told(self.least_skill)}, "
            f"{counted(len(self.towns), 'town')} of {self.region_name}"
        ]
        found = [town.status for town in self.towns]
        lines += [
            f"  {counted(found.count(status), 'town')}: {meaning}"
            for status, meaning in STATUSES.items()
            if status in found
        ]
        told = sorted(self.towns, key=lambda town: -town.out_commuters)
        lines += [self.answer(town.town_id) for town in told[:_TOLD] if town.out_commuters]
        return "\n".join(lines)

    def _row(self, town: TownCommuters, group: CommuterGroup | None) -> dict[str, Any]:
        is_counted = town.status != "not counted"
        main = group.main_destinations if group else ()
        return {
            "town_id": town.town_id,
            "town": self.names[town.town_id],
            "status": town.status,
            "grouped_by": town.grouped_by if group else None,
            "group": group.name if group else None,
            "persons": group.persons if group else None,
            "share_of_out_commuters": town.share(group) if group else None,
            "daily": group.in_period("daily") if group else None,
            "weekly": group.in_period("weekly") if group else None,
            "main_destination_ids": "; ".join(main) if group else None,
            "main_destinations": "; ".join(self.names[t] for t in main) if group else None,
            "out_commuters": town.out_commuters if is_counted else None,
            "known_qualified": town.qualified if is_counted else None,
            "unknown": town.unknown if is_counted else None,
        }
