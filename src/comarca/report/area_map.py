"""The map of areas: a colour each, so that neighbours differ, with their borders and heads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from comarca.model.partition import Area, Partition
from comarca.report import palette, svg, words
from comarca.report.colouring import map_colours
from comarca.report.frame import LABEL_SIZE, dot, framed, legend_text, names_beside
from comarca.report.labels import Wanted
from comarca.report.town_sheet import MOST_TITLED, TownSheet, area_borders, line_mark

_MOST_NAMES = 60
_CROWDED = 16  # areas from which names are smaller


@dataclass(frozen=True, eq=False)
class AreaMap:
    """
    Areas on a sheet.

    Parameters
    ----------
    partition
        The areas.
    sheet
        Their towns laid flat.
    names
        Names of towns by id; a town without one is called by its id.
    ranking
        Ids of areas, the most important first.
    """

    partition: Partition
    sheet: TownSheet
    names: Mapping[str, str]
    ranking: Sequence[str]

    @cached_property
    def grounds(self) -> Mapping[str, Any]:
        """Ground of each area that can be drawn."""
        return self.sheet.grounds(self.partition)

    @cached_property
    def colour_of(self) -> dict[str, int]:
        """Number of each area's colour; neighbours differ."""
        return map_colours(self.grounds, len(palette.AREAS))

    def draw(self, *, name: str = "map-areas") -> str:
        """
        Draw the map.

        Parameters
        ----------
        name
            Id of the picture in a page.

        Returns
        -------
        str
            SVG.
        """
        borders = area_borders(self.sheet, self.grounds, palette.INK)
        drawn = self._pattern(name) + self._towns(name) + borders + self._heads()
        told = words.plural(len(self.partition.areas), "area")
        return framed(
            self.sheet.view,
            self.sheet.outline,
            drawn + self._labels(),
            name=name,
            title="Map of the areas",
            description=f"{told}, each with its own ground; heads bear their names.",
            legend=self._legend(name),
        )

    @cached_property
    def _has_outsiders(self) -> bool:
        return any(self.partition.area_of[town] is None for town in self.sheet.town_ids)

    def _pattern(self, name: str) -> str:
        """Hatching for towns in no area."""
        ground = svg.element("rect", width=6, height=6, fill=palette.NO_AREA)
        line = svg.element("path", d="M0 6L6 0", stroke=palette.QUIET, stroke_width=0.7)
        pattern = svg.element(
            "pattern",
            ground + line,
            id=f"{name}-hatch",
            width=6,
            height=6,
            patternUnits="userSpaceOnUse",
        )
        return svg.element("defs", pattern) if self._has_outsiders else ""

    def _towns(self, name: str) -> str:
        """Each town's ground in the colour of its area."""
        is_titled = len(self.sheet.town_ids) <= MOST_TITLED
        areas = {area.area_id: area for area in self.partition.areas}
        by_fill: dict[str, list[str]] = {}
        for town, shape in zip(self.sheet.town_ids, self.sheet.shapes, strict=True):
            outline = svg.shape_path(self.sheet.view.shape(shape))
            if not outline:
                continue
            area = areas.get(self.partition.area_of[town] or "")
            fill = self._fill(area) if area else f"url(#{name}-hatch)"
            title = svg.titled(self._told(town, area)) if is_titled else ""
            by_fill.setdefault(fill, []).append(svg.element("path", title, d=outline))
        return "".join(
            svg.element(
                "g",
                "".join(drawn),
                fill=fill,
                stroke=palette.PAPER,
                stroke_width=0.5,
                stroke_opacity="0.9",
            )
            for fill, drawn in sorted(by_fill.items())
        )

    def _fill(self, area: Area) -> str:
        return palette.AREAS[self.colour_of.get(area.area_id, 0)]

    def _told(self, town: str, area: Area | None) -> str:
        name = self.names.get(town, town)
        return f"{name} ({town}): {f'area of {area.name}' if area else 'in no area'}"

    def _placed_heads(self) -> list[tuple[str, tuple[float, float]]]:
        """Heads of areas in drawing units, the most important first."""
        places = dict(zip(self.sheet.town_ids, self.sheet.places.tolist(), strict=True))
        heads = [self.partition.area(area_id).head_town_id for area_id in self.ranking]
        return [(head, self.sheet.view.at(*places[head])) for head in heads if head in places]

    def _heads(self) -> str:
        marks = [
            svg.element("circle", svg.titled(self.names.get(town, town)), cx=x, cy=y, r=2.6)
            for town, (x, y) in self._placed_heads()
        ]
        return svg.element(
            "g", "".join(marks), fill=palette.INK, stroke=palette.PAPER, stroke_width=0.8
        )

    def _labels(self) -> str:
        size = LABEL_SIZE if len(self.partition.areas) <= _CROWDED else LABEL_SIZE - 2
        wanted = [
            Wanted(self.names.get(town, town), x, y, 5.0, size)
            for town, (x, y) in self._placed_heads()
        ]
        return names_beside(wanted, self.sheet.view.height, _MOST_NAMES)

    def _legend(self, name: str) -> list[str]:
        ground = "".join(
            svg.element("rect", x=7 * at, y=-6, width=7, height=12, fill=palette.AREAS[at])
            for at in range(3)
        )
        told = [
            ground + legend_text("areas", 27),
            line_mark(palette.INK) + legend_text("border of an area", 27),
            dot(3.4, palette.INK, palette.PAPER) + legend_text("head of an area"),
        ]
        if self._has_outsiders:
            hatched = svg.element("rect", y=-6, width=14, height=12, fill=f"url(#{name}-hatch)")
            told.append(hatched + legend_text("in no area", 27))
        return told
