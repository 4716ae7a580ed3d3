"""
The commuters of one town by group: what was counted, and how sure the largest group is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import takewhile
from types import MappingProxyType
from typing import Literal

from comarca.model.matrices import Period

Status = Literal[
    "certain",
    "tied",
    "uncertain",
    "skill unknown",
    "none qualified",
    "no commuters",
    "not counted",
]
STATUSES: Mapping[Status, str] = MappingProxyType(
    {
        "certain": "the largest group is known",
        "tied": "several groups are the largest",
        "uncertain": "those whose skill or occupation is not told could make another the largest",
        "skill unknown": "nobody can say: skills are not told",
        "none qualified": "no commuter has the qualification",
        "no commuters": "nobody is counted as working in another town",
        "not counted": "nobody can say: nobody who lives there is counted",
    }
)
"""What each answer means."""
SAME = 1e-9
"""Persons; whatever differs by less is equal."""


@dataclass(frozen=True, kw_only=True)
class GroupDestination:
    """
    Where members of a group work, and how often they travel.

    Parameters
    ----------
    town_id
        Town of work.
    period
        ``daily`` or ``weekly``.
    persons
        How many.
    """

    town_id: str
    period: Period
    persons: float


@dataclass(frozen=True, kw_only=True)
class CommuterGroup:
    """
    Commuters of one occupation, or of one skill, who live in one town.

    Parameters
    ----------
    name
        The occupation as the count names it, or the skill.
    persons
        How many, daily and weekly together.
    destinations
        Where they work, the most persons first.
    """

    name: str
    persons: float
    destinations: tuple[GroupDestination, ...]

    def in_period(self, period: Period) -> float:
        """How many travel so often."""
        return sum(place.persons for place in self.destinations if place.period == period)

    @property
    def main_destinations(self) -> tuple[str, ...]:
        """Towns where most of them work; several when equally many do."""
        by_town: dict[str, float] = {}
        for place in self.destinations:
            by_town[place.town_id] = by_town.get(place.town_id, 0.0) + place.persons
        most = max(by_town.values())
        return tuple(town for town, persons in by_town.items() if persons >= most - SAME)


@dataclass(frozen=True, kw_only=True)
class TownCommuters:
    """
    The commuters of one town by group.

    Parameters
    ----------
    town_id
        Where they live.
    status
        How sure the answer is; :data:`STATUSES` says what each word means.
    grouped_by
        ``"occupation"`` or ``"skill"``.
    out_commuters
        Residents who work in another town, daily and weekly, persons.
    qualified
        Those among them known to have the least skill or more.
    unknown
        Those among them who may belong to any group: their skill is not told, or they are qualified
        and their occupation is not.
    groups
        Groups of the qualified, the largest first.
    """

    town_id: str
    status: Status
    grouped_by: Literal["occupation", "skill"]
    out_commuters: float
    qualified: float
    unknown: float
    groups: tuple[CommuterGroup, ...]

    @property
    def largest(self) -> tuple[CommuterGroup, ...]:
        """The largest group; several where they are equally large, none where there is none."""
        return tuple(takewhile(lambda g: g.persons >= self.groups[0].persons - SAME, self.groups))

    def share(self, group: CommuterGroup) -> float:
        """Share of a group among all who work in another town, in [0, 1]."""
        return group.persons / self.out_commuters
