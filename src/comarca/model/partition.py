"""
Which town belongs where: one type for commuting areas, freight ties and official delineations.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Literal

import pandas as pd

from comarca.errors import ParameterError, UnknownTownError

Origin = Literal["commuting", "freight", "official"]


@dataclass(frozen=True, kw_only=True)
class Area:
    """
    One group of towns.

    Parameters
    ----------
    area_id
        Text, unique within its partition.
    name
        What a person calls it: usually the name of its head town.
    head_town_id
        The town it gathers around: largest workplace of a commuting area, base of a freight one.
    quality
        Named figures of the kind its origin computes, for instance ``self_containment_supply``.
        Shares are in [0, 1].
    """

    area_id: str
    name: str
    head_town_id: str
    quality: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "quality", MappingProxyType(dict(self.quality)))


@dataclass(frozen=True, kw_only=True)
class Partition:
    """
    Every town once, in one area or in none.

    Parameters
    ----------
    origin
        What drew the areas.
    area_of
        ``town_id → area_id``, or ``None`` for a town in no area. Every town of the region is a key.
    status_of
        ``town_id →`` one word that says how the town came there (``core``, ``member``, ...).
    areas
        The areas, each with at least one town.

    Raises
    ------
    ParameterError
        When a town names an unknown area, an area has no towns, or its head lies outside it.
    """

    origin: Origin
    area_of: Mapping[str, str | None]
    status_of: Mapping[str, str]
    areas: tuple[Area, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "area_of", MappingProxyType(dict(self.area_of)))
        object.__setattr__(self, "status_of", MappingProxyType(dict(self.status_of)))
        known = {area.area_id for area in self.areas}
        used = {area_id for area_id in self.area_of.values() if area_id is not None}
        if len(known) != len(self.areas):
            raise ParameterError("an area id stands more than once.")
        if known != used:
            raise ParameterError(f"areas without towns, or unknown: {sorted(known ^ used)[:5]}.")
        if set(self.area_of) != set(self.status_of):
            raise ParameterError("area_of and status_of name different towns.")
        for area in self.areas:
            if self.area_of.get(area.head_town_id) != area.area_id:
                raise ParameterError(
                    f'head town "{area.head_town_id}" lies outside area "{area.area_id}".'
                )

    @property
    def town_ids(self) -> tuple[str, ...]:
        """Every town of the partition, in its own order."""
        return tuple(self.area_of)

    @cached_property
    def _members(self) -> dict[str, tuple[str, ...]]:
        members: dict[str, list[str]] = {area.area_id: [] for area in self.areas}
        for town_id, area_id in self.area_of.items():
            if area_id is not None:
                members[area_id].append(town_id)
        return {area_id: tuple(towns) for area_id, towns in members.items()}

    def members(self, area_id: str) -> tuple[str, ...]:
        """
        Towns of one area.

        Raises
        ------
        UnknownTownError
            When there is no such area.
        """
        if area_id not in self._members:
            raise UnknownTownError(area_id, list(self._members))
        return self._members[area_id]

    def area(self, area_id: str) -> Area:
        """One area by its id, or :class:`UnknownTownError`."""
        for area in self.areas:
            if area.area_id == area_id:
                return area
        raise UnknownTownError(area_id, [area.area_id for area in self.areas])

    def quality(self) -> pd.DataFrame:
        """
        Quality figures, one row an area.

        Returns
        -------
        DataFrame
            Indexed by ``area_id``; ``area_name``, ``n_towns`` and the figures that whatever drew
            the areas computes; NaN where a figure has no value.
        """
        rows = [
            {
                "area_id": area.area_id,
                "area_name": area.name,
                "n_towns": len(self.members(area.area_id)),
                **area.quality,
            }
            for area in self.areas
        ]
        return pd.DataFrame(rows, columns=None if rows else ["area_id"]).set_index("area_id")

    def to_frame(self) -> pd.DataFrame:
        """One row a town: ``town_id, area_id, area_name, is_head, status``; text, blank = none."""
        areas = {area.area_id: area for area in self.areas}
        rows = []
        for town_id, area_id in self.area_of.items():
            area = areas[area_id] if area_id is not None else None
            rows.append(
                {
                    "town_id": town_id,
                    "area_id": area_id,
                    "area_name": area.name if area else None,
                    "is_head": area is not None and area.head_town_id == town_id,
                    "status": self.status_of[town_id],
                }
            )
        return pd.DataFrame(rows, columns=["town_id", "area_id", "area_name", "is_head", "status"])
