"""What all maps of one plan share: the sheet, the land, the patches of towns, the window on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np

from comarca.model.plan import Plan
from comarca.report import palette
from comarca.report.contents import Contents
from comarca.report.outline import Outline, outline_of
from comarca.report.plane import Points, Sheet, grounds, patches, tints

Places = list[tuple[float, float]]

WIDTH = 620.0
"""Width of a drawn map, in drawing units."""
MARGIN = 22.0


@dataclass(frozen=True, eq=False)
class Atlas:
    """
    What all maps of one plan share: the sheet, the land, the patches of its towns.

    Parameters
    ----------
    contents
        The plan's tables and names.
    outline
        Land and borders around it.
    """

    contents: Contents
    outline: Outline

    @cached_property
    def sheet(self) -> Sheet:
        """The flat sheet."""
        return self.outline.sheet

    @cached_property
    def places(self) -> Points:
        """Places of towns on the sheet, km."""
        return self.sheet.towns(self.contents.plan.region)

    @cached_property
    def place_of(self) -> Mapping[str, tuple[float, float]]:
        """Place of each town on the sheet, km."""
        towns = self.contents.plan.region.town_ids
        return {town: (x, y) for town, (x, y) in zip(towns, self.places.tolist(), strict=True)}

    @cached_property
    def patches(self) -> Sequence[Any]:
        """Land nearest to each town."""
        return patches(self.places, self.outline.ground)

    @cached_property
    def grounds(self) -> Mapping[str, Mapping[str, Any]]:
        """Ground of each area, by origin of the partition."""
        plan = self.contents.plan
        return {
            part.origin: grounds(plan.region, part, self.patches)
            for part in (plan.areas, plan.freight.partition)
        }

    @cached_property
    def tints(self) -> Mapping[str, Mapping[str, int]]:
        """Number of each area's tint, by origin."""
        return {
            origin: tints(found, len(palette.TINTS[origin]))
            for origin, found in self.grounds.items()
        }

    @cached_property
    def truck_ways(self) -> Mapping[tuple[str, str], Places]:
        """Line of each leg of the trucks along the region's roads, km; empty without roads."""
        return {
            leg: [(x, y) for x, y in self.sheet.flat(route.lon, route.lat).tolist()]
            for leg, route in self.contents.truck_ways.items()
        }

    def tint(self, origin: str, area_id: str) -> str:
        """Colour of an area's ground."""
        return palette.TINTS[origin][self.tints[origin].get(area_id, 0)]

    @cached_property
    def view(self) -> View:
        """How the sheet lies in the drawing."""
        low, high = self.places.min(axis=0), self.places.max(axis=0)
        return View.over(low.tolist(), high.tolist())


@dataclass(frozen=True)
class View:
    """A window on the sheet: its middle, the drawing's units for a kilometre, and its height."""

    middle: tuple[float, float]
    per_km: float
    height: float

    @classmethod
    def over(cls, low: Sequence[float], high: Sequence[float]) -> View:
        """The window in which all towns lie, neither too flat nor too tall."""
        wide, tall = (max(high[axis] - low[axis], 1e-6) for axis in (0, 1))
        height = WIDTH * min(max(tall / wide, 0.62), 1.15)
        room = (WIDTH - 2 * MARGIN, height - 2 * MARGIN - 16)
        per_km = min(room[0] / wide, room[1] / tall, 60.0)
        return cls(((low[0] + high[0]) / 2, (low[1] + high[1]) / 2), per_km, height)

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Kilometres to drawing units."""
        return (
            WIDTH / 2 + (x - self.middle[0]) * self.per_km,
            (self.height - 16) / 2 - (y - self.middle[1]) * self.per_km,
        )

    def shape(self, shape: Any) -> Any:
        """A geometry of the sheet in drawing units, cut at the frame and thinned to what shows."""
        import shapely

        k, (x0, y0) = self.per_km, self.middle
        moved = shapely.transform(
            shape,
            lambda xy: np.column_stack(
                (
                    WIDTH / 2 + (xy[:, 0] - x0) * k,
                    (self.height - 16) / 2 - (xy[:, 1] - y0) * k,
                )
            ),
        )
        return shapely.simplify(
            shapely.clip_by_rect(moved, -4, -4, WIDTH + 4, self.height + 4), 0.35
        )


def atlas_of(plan: Plan) -> Atlas:
    """Lay the region of a plan flat and find the land around it."""
    return Atlas(Contents(plan), outline_of(plan.region))


def truck_lines(atlas: Atlas) -> list[tuple[str, int, Places]]:
    """Route, number of the trip from 1, and its line from base to base, km."""
    return [
        (route_id, number, _line(atlas, towns))
        for route_id, number, towns in atlas.contents.truck_stops
        if len([town for town in towns if town in atlas.place_of]) > 1
    ]


def _line(atlas: Atlas, towns: Sequence[str]) -> Places:
    """Along the roads where they are known, else straight from town to town."""
    known = [town for town in towns if town in atlas.place_of]
    line = [atlas.place_of[known[0]]]
    for leg in pairwise(known):
        line += atlas.truck_ways.get(leg, [atlas.place_of[leg[1]]])
    return line
