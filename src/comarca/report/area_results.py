"""Areas and everything a report says of them: flows, names, places, files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from comarca.commuting import AreasOverview, LabourMarketAreas, areas_overview
from comarca.errors import Fault
from comarca.model.contiguity import Contiguity
from comarca.model.matrices import FlowMatrix
from comarca.model.zones import Zones
from comarca.report.town_sheet import names_of

if TYPE_CHECKING:
    from datetime import datetime

    import pandas as pd


@dataclass(frozen=True, kw_only=True)
class Source:
    """
    A file that areas rest on.

    Parameters
    ----------
    role
        What it holds, such as ``"Commuters"``.
    name
        Its name, without the folder.
    sha256
        Of its bytes, in hexadecimal digits.
    """

    role: str
    name: str
    sha256: str


@dataclass(frozen=True, kw_only=True, eq=False)
class AreaResults:
    """
    A delineation with all that its report needs.

    Parameters
    ----------
    areas
        The areas.
    flows
        The flows they were drawn from.
    title
        Of the report.
    towns
        Index ``town_id``; ``name``, ``lat`` and ``lon`` (degrees, WGS 84) where known.
    zones
        Shapes of towns.
    contiguity, borders, centres
        As given to :func:`comarca.delineate_areas`.
    sources
        Files behind it.
    warnings
        What was noticed in them and left as it is.
    made
        When; ``None`` leaves the date out, and the same areas give the same bytes.
    """

    areas: LabourMarketAreas
    flows: FlowMatrix
    title: str = "Labour market areas"
    towns: pd.DataFrame | None = None
    zones: Zones | None = None
    contiguity: Contiguity | None = None
    borders: Mapping[str, str] = field(default_factory=dict)
    centres: Sequence[str] = ()
    sources: Sequence[Source] = ()
    warnings: Sequence[Fault] = ()
    made: datetime | None = None

    @cached_property
    def overview(self) -> AreasOverview:
        """The areas taken together."""
        return areas_overview(self.areas, self.flows)

    @cached_property
    def names(self) -> dict[str, str]:
        """Name of each town that has one, by id; the list of towns comes before the shapes."""
        named = names_of(self.towns, self.zones)
        return {town: name for town, name in named.items() if town in self._known}

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(self.areas.partition.town_ids)

    def town(self, town_id: str) -> str:
        """A town's name with its code, or its code alone."""
        return f"{self.names[town_id]} ({town_id})" if town_id in self.names else town_id

    @cached_property
    def ranking(self) -> tuple[str, ...]:
        """Ids of areas, the one with most working residents first."""
        areas = self.areas.partition.areas
        ordered = sorted(areas, key=lambda area: (-area.quality["residents"], area.area_id))
        return tuple(area.area_id for area in ordered)

    @cached_property
    def cluster_of(self) -> Mapping[str, str]:
        """Number of each area as the R package counts, under the variant that repeats it alone."""
        if self.areas.params.variant != "euro-r34":
            return {}
        number = self.areas.cluster_numbers()
        area_of = self.areas.partition.area_of
        return {
            str(area): str(number[town])
            for town, area in area_of.items()
            if town in number and area
        }
